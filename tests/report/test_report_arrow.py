from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import OutputError, SettingsError
from summarizer.records import ArticleRecord, KeyFigure
from summarizer.report import arrow
from summarizer.report.arrow import PARQUET_TABLES, to_table, write_parquet
from summarizer.report.columns import TYPED_TABLES

pa = pytest.importorskip("pyarrow", reason='Arrow is behind an extra: pip install "newsproof[arrow]"')
pq = pytest.importorskip("pyarrow.parquet", reason='Parquet is behind an extra: pip install "newsproof[arrow]"')

NARROW, WIDE = pa.decimal128(38, 12), pa.decimal256(76, 38)


def record_of(record: ArticleRecord, *values: str | None, **more: Any) -> ArticleRecord:
    figures = [
        KeyFigure(name="n", amount="a", value=value, status="actual", verdict="verified", **more) for value in values
    ]
    return record.model_copy(update={"key_figures": tuple(figures)})


def test_columns_are_those_of_csv_with_types(cases: Any) -> None:
    for name, table in TYPED_TABLES.items():
        schema = to_table(cases.records, name).schema
        assert [column for column in schema.names if column in table.columns] == list(table.columns)
        beside = {column for column in schema.names if column not in table.columns}
        assert {column.rpartition("_")[2] for column in beside} <= {"date", "text"}
        assert all(column.rpartition("_")[0] in table.columns for column in beside)
    figures = to_table(cases.records).schema
    assert figures.field("value").type == NARROW
    assert figures.field("value_text").type == figures.field("period").type == pa.string()
    assert figures.field("period_date").type == pa.date32()
    assert figures.field("start").type == pa.int64()
    assert to_table(cases.records, "deals").schema.field("consideration_value").type == NARROW
    assert to_table(cases.records, "articles").schema.field("coverage").type == pa.float64()
    assert figures.metadata == {b"schema_version": b"1", b"table": b"figures"}


def test_no_column_of_a_value_is_a_float(cases: Any) -> None:
    floats = [
        column.name
        for name in TYPED_TABLES
        for column in to_table(cases.records, name).schema
        if pa.types.is_floating(column.type)
    ]
    assert floats == ["coverage"]


def test_the_schema_is_the_same_for_every_batch(cases: Any) -> None:
    for name in TYPED_TABLES:
        assert to_table([], name).schema == to_table(cases.records, name).schema
    both = pa.concat_tables([to_table([cases.zh]), to_table([cases.en])])
    assert both.to_pylist() == to_table([cases.zh, cases.en]).to_pylist()


def test_values_are_exact_and_what_is_no_number_keeps_its_text(cases: Any) -> None:
    values = ("137000000", "0.1", "-12.345678901234", "2024-Q1", None, "9" * 26)
    found = to_table([record_of(cases.zh, *values)])
    assert found.schema.field("value").type == NARROW
    assert found["value"].to_pylist() == [
        Decimal(137000000), Decimal("0.1"), Decimal("-12.345678901234"), None, None, Decimal("9" * 26),
    ]  # fmt: skip
    assert found["value_text"].to_pylist() == list(values)


@pytest.mark.parametrize("value", ["9" * 27, "0.1234567890123", "1" * 38 + "." + "1" * 38])
def test_a_number_of_many_digits_widens_its_column_and_no_other(cases: Any, value: str) -> None:
    found = to_table([record_of(cases.zh, "1.5", value)])
    assert (found.schema.field("value").type, found.schema.field("value_max").type) == (WIDE, NARROW)
    assert found["value"].to_pylist() == [Decimal("1.5"), Decimal(value)]


def test_a_column_that_is_widened_late_is_wide_from_its_first_row(cases: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow, "_BATCH_ROWS", 2)
    values = ["-137000000.25", "2", "9" * 30, "4", "5"]
    found = to_table(record_of(cases.zh, value) for value in values)
    assert found.schema.field("value").type == WIDE
    assert found["value"].to_pylist() == [Decimal(value) for value in values]


@pytest.mark.parametrize("value", ["9" * 39, "9" * 80, "0." + "1" * 39, "1E+9999999", "=1+1", "١٢"])
def test_a_value_that_no_decimal_holds_is_null_beside_its_text(cases: Any, value: str) -> None:
    found = to_table([record_of(cases.zh, value, "7")])
    assert found["value"].to_pylist() == [None, Decimal(7)]
    assert found["value_text"].to_pylist() == [value, "7"]


def test_complete_dates_are_dates_and_all_dates_are_texts(cases: Any) -> None:
    texts = ("2024-02-29", "2024-Q1", "--11-18", "2023-02-29", "2024-01-01/2024-01-31")
    found = to_table([record_of(cases.zh, "1", period=text) for text in texts])
    assert found["period"].to_pylist() == list(texts)
    assert found["period_date"].to_pylist() == [date(2024, 2, 29), None, None, None, None]
    assert set(found["published_on_date"].to_pylist()) == {date(2024, 4, 1)}


def test_texts_are_as_in_the_record_and_empty_ones_null(cases: Any) -> None:
    found = to_table([cases.hostile])
    assert found["name"].to_pylist()[0] == '=HYPERLINK("http://evil.example")'
    assert found["name"].to_pylist()[1].endswith("\ufffd")
    (deal,) = to_table([cases.hostile], "deals").to_pylist()
    assert (deal["areas"], deal["signed_on"], deal["party_kinds"]) == (None, None, "other; company")


def test_a_lone_surrogate_becomes_a_replacement_character(cases: Any) -> None:
    article = cases.en.article.model_copy(update={"title": "a\ud800b"})
    found = to_table([cases.en.model_copy(update={"article": article})], "articles")
    assert found["title"].to_pylist() == ["a\ufffdb"]


def test_the_files_hold_the_tables(cases: Any, tmp_path: Path) -> None:
    paths = write_parquet(iter(cases.records), tmp_path / "out")
    assert [path.name for path in paths] == [f"{name}.parquet" for name in (*PARQUET_TABLES, "items")]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {path.name for path in paths}
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    for path in paths:
        assert pq.read_table(path).equals(to_table(cases.records, path.stem), check_metadata=True)
    assert len(write_parquet([cases.en], tmp_path / "no_profile")) == len(PARQUET_TABLES)


def test_equal_records_give_equal_files(cases: Any, tmp_path: Path) -> None:
    pairs = zip(write_parquet(cases.records, tmp_path / "a"), write_parquet(cases.records, tmp_path / "b"), strict=True)
    assert all(one.read_bytes() == other.read_bytes() for one, other in pairs)


def test_a_batch_without_records_gives_files_without_rows(tmp_path: Path) -> None:
    assert [pq.read_table(path).num_rows for path in write_parquet([], tmp_path)] == [0] * len(PARQUET_TABLES)


def test_ten_thousand_rows_come_in_their_order(cases: Any) -> None:
    many = record_of(cases.zh, *[str(number) for number in range(100)])
    found = to_table((many for _ in range(100)), "figures")
    assert found["value"].to_pylist() == [Decimal(number) for number in range(100)] * 100


def test_a_file_that_cannot_be_written_is_named(cases: Any, tmp_path: Path) -> None:
    (tmp_path / "deals.parquet").mkdir()
    with pytest.raises(OutputError, match=r"deals\.parquet"):
        write_parquet([cases.en], tmp_path)


def test_a_table_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(SettingsError, match="'figure'; available: articles, figures, deals, terms, review, items"):
        to_table([], "figure")


def test_without_pyarrow_the_command_that_installs_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unread() -> Iterator[ArticleRecord]:
        raise AssertionError("records were read")
        yield

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SettingsError, match=r'pip install "newsproof\[arrow\]"'):
        write_parquet(unread(), tmp_path / "out")
    assert not (tmp_path / "out").exists()
