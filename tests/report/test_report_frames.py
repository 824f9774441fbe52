from __future__ import annotations

import doctest
import sys
from decimal import Decimal
from typing import Any

import pytest

from summarizer.errors import SettingsError
from summarizer.records import ArticleRecord, KeyFigure
from summarizer.report import columns, frames
from summarizer.report.columns import TYPED_TABLES, named_rows, typed_columns
from summarizer.report.frames import to_frame

pandas = pytest.importorskip("pandas", reason='data frames are behind an extra: pip install "newsproof[frames]"')


def record_of(record: ArticleRecord, *values: str, period: str | None = None) -> ArticleRecord:
    figures = (
        KeyFigure(name="n", amount="a", value=value, unit="CNY", period=period, status="actual", verdict="verified")
        for value in values
    )
    return record.model_copy(update={"key_figures": tuple(figures)})


def test_a_frame_has_the_rows_of_the_table_and_typed_columns(cases: Any) -> None:
    for name, table in TYPED_TABLES.items():
        frame = to_frame(iter(cases.records), name)
        assert list(frame.columns) == [column.name for column in typed_columns(table)]
        assert len(frame) == sum(len(list(table.rows(record))) for record in cases.records)
        assert frame.dtypes.equals(to_frame([], name).dtypes)


def test_values_are_decimals_that_add_up_exactly(cases: Any) -> None:
    frame = to_frame([record_of(cases.zh, "137000000", "0.1", "0.2", "2024-Q1", "12345678901234567890.5")])
    assert frame["value"].iloc[0] == Decimal(137_000_000)
    assert frame["value"].iloc[1:3].sum() == Decimal("0.3")
    assert frame["value"].dropna().map(type).unique().tolist() == [Decimal]
    assert frame["value"].isna().tolist() == [False, False, False, True, False]
    assert frame["value_text"].tolist()[3:] == ["2024-Q1", "12345678901234567890.5"]


def test_dates_are_dates_where_complete_and_texts_always(cases: Any) -> None:
    frame = to_frame(record_of(cases.zh, "1", period=period) for period in ("2024-02-29", "--11-18", "9999-12-31"))
    assert frame["period"].tolist() == ["2024-02-29", "--11-18", "9999-12-31"]
    assert frame["period_date"].isna().tolist() == [False, True, False]
    assert frame["period_date"].iloc[0] == pandas.Timestamp(2024, 2, 29)
    assert frame["period_date"].dt.year.tolist()[2] == 9999


def test_offsets_are_integers_also_where_some_are_missing(cases: Any) -> None:
    frame = to_frame(cases.records)
    first = frame.iloc[0]
    assert cases.zh_text[first["start"] : first["end"]] == first["quote"]
    assert str(frame["source_start"].dtype) == "Int64"
    assert frame["source_start"].isna().any()


def test_what_is_not_verified_is_one_table(cases: Any) -> None:
    review = to_frame([cases.zh], "review")
    assert review["item"].dropna().tolist() == ["figure-1", "term-1-1", "item-2", "rejected-1"]
    assert review["verdict"].tolist() == ["review", "review", "review", "review", "rejected"]


def test_terms_are_named_by_the_deal_they_belong_to(cases: Any) -> None:
    record = cases.zh.model_copy(update={"deals": cases.zh.deals * 2})
    names = [item for item, _ in named_rows(TYPED_TABLES["terms"], record)]
    assert names == ["term-1-1", "term-1-2", "term-2-1", "term-2-2"]


def test_a_part_that_was_not_asked_for_is_missing_and_one_without_finds_is_zero(cases: Any) -> None:
    frame = to_frame([cases.en, cases.bare], "articles")
    assert frame["deals"].isna().tolist() == [False, True]
    assert frame["deals"].iloc[0] == 0


def test_the_examples_run() -> None:
    for module in (frames, columns):
        found = doctest.testmod(module)
        assert (found.failed, found.attempted > 0) == (0, True)


def test_a_table_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(SettingsError, match="'rows'; available: articles, figures"):
        to_frame([], "rows")


def test_without_pandas_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(SettingsError, match=r'pip install "newsproof\[frames\]"'):
        to_frame([])
