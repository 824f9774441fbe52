"""The tables that a program reads with types (Arrow, Parquet, data frames, the workbook): rows as in CSV, columns with a kind.

Beside the tables of `tables` there are `articles` (one row a record), `review` (one row for everything that is not
verified) and `items` (those of a profile, all kinds in one). A column of decimals has its text beside it, and a column
of dates its date, so that a type never loses what it cannot hold: see `typed_columns`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from summarizer.errors import SettingsError
from summarizer.records import ArticleRecord
from summarizer.report.characters import writable
from summarizer.report.overview import overview_row
from summarizer.report.phrases import item_fields, plain_value
from summarizer.report.tables import (
    ARTICLE,
    DEALS,
    DECIMALS,
    EVIDENCE,
    FIGURES,
    JUDGED,
    TERMS,
    Cell,
    Row,
    Table,
    head,
    joined,
    places,
)

Kind = Literal["text", "integer", "decimal", "date", "share"]
TypedCell = str | int | float | Decimal | date | None

ARTICLE_COLUMNS: Final = (
    "article_id", "title", "publisher", "published_on", "status", "error_kind", "error",
    "headline", "abstract", "key_points", "summary_verdict", "reasons",
    "figures", "figures_verified", "figures_review", "deals", "deals_verified", "rejected", "unclaimed", "coverage",
    "warnings", "source", "language", "chars", "sha256", "engine", "model", "prompt_version",
)  # fmt: skip
REVIEW_COLUMNS: Final = (*ARTICLE, *JUDGED, "kind", "item", "name", "text", *EVIDENCE)
ITEM_COLUMNS: Final = (*ARTICLE, *JUDGED, "kind", "text", *EVIDENCE)

_KINDS: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(DECIMALS, "decimal"),
    **dict.fromkeys(("published_on", "signed_on", "effective_on", "period"), "date"),
    **dict.fromkeys(("start", "end", "source_start", "source_end"), "integer"),
    **dict.fromkeys(("deal_number", "terms", "terms_verified"), "integer"),
    **dict.fromkeys(("figures", "figures_verified", "figures_review", "deals", "deals_verified"), "integer"),
    **dict.fromkeys(("rejected", "unclaimed", "chars"), "integer"),
    "coverage": "share",
}
# What says most about an item that a reader is to check: its name, and what stands beside it.
_SAID: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "figures": ("name", ("entity", "amount", "period")),
    "deals": ("name", ("parties", "consideration", "signed_on")),
    "terms": ("deal_name", ("text",)),
    "items": ("kind", ("text",)),
}
# An item's name in the page begins with this word: `figure-3`.
_ITEM_WORDS: Final[Mapping[str, str]] = {"figures": "figure", "deals": "deal", "terms": "term", "items": "item"}

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# As long as the widest decimal of Arrow; a longer one is no quantity of a news article.
_DECIMAL = re.compile(r"-?[0-9]{1,76}(\.[0-9]{1,76})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedColumn:
    """One column: its name, the cell of a row it is made from, and its kind.

    Kinds: `text`; `integer`; `share` (0 to 1); `decimal` (exact); `date` (a complete one).
    """

    name: str
    source: str
    kind: Kind

    def value(self, row: Row) -> TypedCell:
        """Return the cell with its type; None where it is empty or the type cannot hold it."""
        cell = row.get(self.source)
        if self.kind == "decimal":
            return decimal_of(cell)
        if self.kind == "date":
            return date_of(cell)
        # Lone surrogates fit into no file.
        return (writable(cell) or None) if isinstance(cell, str) else cell


def typed_columns(table: Table) -> tuple[TypedColumn, ...]:
    """Return a table's columns in their order, with what stands beside some of them.

    A column of dates keeps the text (`2024-Q1`, `--11-18`) under its name, and `<name>_date` has the complete ones as
    dates. A column of decimals has the numbers under its name, and `<name>_text` what the record says, number or not.
    """
    columns: list[TypedColumn] = []
    for name in table.columns:
        kind = kind_of(name)
        columns.append(TypedColumn(name=name, source=name, kind="text" if kind == "date" else kind))
        if kind == "date":
            columns.append(TypedColumn(name=f"{name}_date", source=name, kind="date"))
        elif kind == "decimal":
            columns.append(TypedColumn(name=f"{name}_text", source=name, kind="text"))
    return tuple(columns)


def kind_of(column: str) -> Kind:
    """Return what a column of any table holds."""
    return _KINDS.get(column, "text")


def table_named(name: str) -> Table:
    """Return one of `TYPED_TABLES`.

    Raises:
        SettingsError: there is no table of that name.
    """
    table = TYPED_TABLES.get(name)
    if table is None:
        raise SettingsError(f"unknown table {name!r}; available: {', '.join(TYPED_TABLES)}")
    return table


def named_rows(table: Table, record: ArticleRecord) -> Iterator[tuple[str | None, Row]]:
    """Yield a table's rows of a record, each with the name that its item has in the page; None for the article itself.

    Items are counted from 1 in the order of the record: `figure-1`, `deal-2`, `term-2-1` (the first of the second deal).
    """
    counts: Counter[Cell] = Counter()
    word = _ITEM_WORDS.get(table.name)
    for row in table.rows(record):
        if word is None:
            item = row.get("item")
            yield (item if isinstance(item, str) else None), row
            continue
        deal = row["deal_number"] if table is TERMS else None
        counts[deal] += 1
        yield "-".join([word, *([] if deal is None else [str(deal)]), str(counts[deal])]), row


def decimal_of(cell: Cell) -> Decimal | None:
    """Return a decimal string as the number it is, to the last digit; None for anything else.

    Example:
        >>> decimal_of("137000000"), decimal_of("1E+9999999"), decimal_of("2024-Q1")
        (Decimal('137000000'), None, None)
    """
    return Decimal(cell) if isinstance(cell, str) and _DECIMAL.fullmatch(cell) else None


def date_of(cell: Cell) -> date | None:
    """Return a complete ISO date (`2024-04-01`); None for a partial one, a range or a day that no calendar has."""
    if not isinstance(cell, str) or not _DATE.fullmatch(cell):
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None


def _article_rows(record: ArticleRecord) -> Iterator[Row]:
    article, summary, error, counts = record.article, record.summary, record.error, overview_row(record)
    yield {
        **head(record, "", summary.reasons if summary else ()),
        "publisher": article.publisher,
        "status": record.status,
        "error_kind": error.kind if error else None,
        "error": error.message if error else None,
        "headline": summary.headline if summary else None,
        "abstract": summary.abstract if summary else None,
        "key_points": "\n".join(point.text for point in summary.key_points) if summary else None,
        "summary_verdict": summary.verdict if summary else None,
        # A part that was not asked for is empty, one where nothing was found is 0.
        "figures": None if record.key_figures is None else len(record.key_figures),
        "figures_verified": None if record.key_figures is None else counts.figures_verified,
        "figures_review": None if record.key_figures is None else counts.figures_review,
        "deals": None if record.deals is None else counts.deals,
        "deals_verified": None if record.deals is None else counts.deals_verified,
        "rejected": counts.rejected,
        "unclaimed": len(record.audit.unclaimed) if record.audit else None,
        "coverage": record.audit.coverage if record.audit else None,
        "warnings": joined((*article.warnings, *record.run.notes)),
        "chars": article.chars,
        "sha256": article.sha256,
        "model": record.run.model,
        "prompt_version": record.run.prompt_version,
    }


def _review_rows(record: ArticleRecord) -> Iterator[Row]:
    yield from _summary_to_check(record)
    for table in (FIGURES, DEALS, TERMS, ITEMS):
        name, said = _SAID[table.name]
        for item, row in named_rows(table, record):
            if row["verdict"] != "verified":
                text = " · ".join(str(row[column]) for column in said if row.get(column))
                shown: Row = {"kind": _ITEM_WORDS[table.name], "item": item, "name": row[name], "text": text}
                yield {column: cell for column, cell in (row | shown).items() if column in REVIEW_COLUMNS}
    for number, rejected in enumerate(record.audit.rejected if record.audit else (), start=1):
        yield {
            **head(record, "rejected", rejected.reasons),
            "kind": "rejected",
            "item": f"rejected-{number}",
            **_proposal(rejected.item),
        }


def _proposal(item: Mapping[str, Any]) -> Row:
    fields = {key: plain_value(value) for key, value in item.items() if value not in (None, "", [], {})}
    name = fields.pop("name", None)
    return {"name": name, "text": " · ".join(f"{key}: {value}" for key, value in fields.items())}


def _summary_to_check(record: ArticleRecord) -> Iterator[Row]:
    summary = record.summary
    if summary is None or summary.verdict == "verified":
        return
    prose = record.audit.prose if record.audit else ()
    doubtful = dict.fromkeys(one.text for one in prose if one.supported_by is None or one.is_doubtful)
    yield {
        **head(record, summary.verdict, summary.reasons),
        "kind": "summary",
        "name": summary.headline,
        "text": joined(tuple(doubtful)),
    }


def _item_rows(record: ArticleRecord) -> Iterator[Row]:
    for item in record.items or ():
        yield {
            **head(record, item.verdict, item.reasons),
            "kind": item.kind,
            "text": " · ".join(item_fields(item)),
            **places(item.evidence),
        }


ARTICLES: Final = Table(name="articles", columns=ARTICLE_COLUMNS, rows=_article_rows)
REVIEW: Final = Table(name="review", columns=REVIEW_COLUMNS, rows=_review_rows)
ITEMS: Final = Table(name="items", columns=ITEM_COLUMNS, rows=_item_rows)
TYPED_TABLES: Final[Mapping[str, Table]] = {
    table.name: table for table in (ARTICLES, FIGURES, DEALS, TERMS, REVIEW, ITEMS)
}
