"""Tables of a batch as pandas data frames, without any file between."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from summarizer.records import ArticleRecord
from summarizer.report.columns import Kind, table_named, typed_columns
from summarizer.report.extras import import_extra

# Decimals stay Python's own Decimal: no dtype of pandas proper holds them exactly. Seconds reach every year from 1 to 9999.
_DTYPES: Final[dict[Kind, str]] = {
    "text": "string",
    "integer": "Int64",
    "share": "Float64",
    "decimal": "object",
    "date": "datetime64[s]",
}


def to_frame(records: Iterable[ArticleRecord], table: str = "figures") -> Any:
    """Return one table of a batch as a `pandas.DataFrame`: `articles`, `figures`, `deals`, `terms`, `review` or `items`.

    Columns and rows are those of CSV, with types (`columns.typed_columns`): `value` holds `Decimal` objects, exact to the
    last digit; `period` and `signed_on` the text as precise as the article, `period_date` and `signed_on_date` the
    complete dates. An empty text is missing. Behind the extra `frames` (pandas); pyarrow is not needed.

    Raises:
        SettingsError: no such table, or pandas is not installed.

    Example:
        >>> from summarizer.records import ArticleInfo, ArticleRecord, KeyFigure, RunInfo
        >>> figure = KeyFigure(
        ...     name="营收", amount="1.37亿元", value="137000000", unit="CNY", status="actual", verdict="verified"
        ... )
        >>> article = ArticleInfo(id="a1", source="a1.txt", language="zh", sha256="0" * 64, chars=9)
        >>> record = ArticleRecord(article=article, status="ok", key_figures=(figure,), run=RunInfo(engine="offline"))
        >>> frame = to_frame([record], "figures")
        >>> verified = frame[frame["verdict"] == "verified"]
        >>> verified.groupby("unit")["value"].sum().to_dict()
        {'CNY': Decimal('137000000')}
    """
    pandas = import_extra("pandas")
    wanted = table_named(table)
    rows = [row for record in records for row in wanted.rows(record)]
    return pandas.DataFrame(
        {
            column.name: pandas.Series([column.value(row) for row in rows], dtype=_DTYPES[column.kind])
            for column in typed_columns(wanted)
        }
    )
