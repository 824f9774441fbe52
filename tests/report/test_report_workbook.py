from __future__ import annotations

import io
import os
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import OutputError, SettingsError
from summarizer.records import ArticleRecord, Evidence, KeyFigure
from summarizer.report import workbook
from summarizer.report.columns import TYPED_TABLES
from summarizer.report.workbook import MAX_CELL, WorkbookReport, render_workbook

openpyxl = pytest.importorskip("openpyxl", reason="reads the workbook back: pip install openpyxl")
pytest.importorskip("xlsxwriter", reason='writes the workbook: pip install "newsproof[xlsx]"')

Rows = list[dict[str, Any]]


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def rows(book: Any, sheet: str) -> Rows:
    """Read a sheet as cells by the head of their column."""
    head, *body = book[sheet].iter_rows()
    return [dict(zip([cell.value for cell in head], row, strict=True)) for row in body]


def figure(**more: Any) -> KeyFigure:
    facts: dict[str, Any] = {"name": "n", "amount": "1", "status": "actual", "verdict": "verified"}
    return KeyFigure.model_validate(facts | more)


def with_figures(record: ArticleRecord, *figures: KeyFigure) -> ArticleRecord:
    return record.model_copy(update={"key_figures": figures})


def first_figure(record: ArticleRecord, **more: Any) -> dict[str, Any]:
    return rows(opened(render_workbook([with_figures(record, figure(**more))], language="en")), "Figures")[0]


def parts_of(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def test_there_is_a_sheet_for_each_table_with_its_rows(cases: Any) -> None:
    book = opened(render_workbook(cases.records, language="en"))
    assert book.sheetnames == ["Articles", "Figures", "Deals", "Terms", "To check", "Profile items"]
    counts = {
        name: sum(len(list(table.rows(record))) for record in cases.records) for name, table in TYPED_TABLES.items()
    }
    assert [book[name].max_row - 1 for name in book.sheetnames] == list(counts.values())
    assert opened(render_workbook([cases.en])).sheetnames == ["Articles", "Figures", "Deals", "Terms", "To check"]


def test_numbers_are_numbers_beside_their_unit_and_their_words(cases: Any) -> None:
    row = first_figure(cases.zh, amount="约1.37亿元", value="137000000", unit="CNY", qualifier="about")
    assert row["Value"].data_type == "n"
    assert row["Value"].value == 137_000_000
    assert isinstance(row["Value"].value, int)
    assert (row["Unit"].value, row["Read as"].value, row["Qualifier"].value) == (
        "CNY",
        "about CNY 137.0 million",
        "about",
    )
    assert first_figure(cases.zh, value="-12.5", unit="%")["Value"].value == -12.5


@pytest.mark.parametrize(
    ("value", "words"),
    [("1234567890123456789", "1,234,567,890,123,456,789"), ("0.1234567890123456", "0.1234567890123456")],
)
def test_a_number_that_would_be_rounded_is_a_text_beside_an_empty_cell(cases: Any, value: str, words: str) -> None:
    row = first_figure(cases.zh, value=value)
    assert row["Value"].value is None
    assert (row["Read as"].value, row["Read as"].data_type) == (words, "s")


def test_a_value_that_is_no_number_is_a_text(cases: Any) -> None:
    row = first_figure(cases.zh, value="2024-Q1")
    assert (row["Value"].value, row["Read as"].value) == (None, "2024-Q1")


def test_complete_dates_are_dates_and_partial_ones_texts(cases: Any) -> None:
    def period(text: str) -> Any:
        return first_figure(cases.zh, period=text)["Period"]

    assert (period("2024-02-29").value, period("2024-02-29").is_date) == (datetime(2024, 2, 29), True)
    assert period("2024-02-29").number_format == "yyyy-mm-dd"
    for partial, words in (
        ("2024-Q1", "Q1 2024"),
        ("--11-18", "18 November (year not stated)"),
        ("2023-02-29", "29 February 2023"),
        ("1850-01-02", "2 January 1850"),
    ):
        assert (period(partial).value, period(partial).data_type) == (words, "s")
    (deal,) = rows(opened(render_workbook([cases.zh])), "交易")
    assert deal["在场人员"].value == "周临 (副市长, 出席); 何屿 (总裁, 青禾集团, 出席)"
    assert (deal["发布日期"].value, deal["签署日期"].value) == (datetime(2024, 4, 1), "3月31日（未写年份）")


def test_each_row_has_its_quote_and_links_to_its_item_in_the_page(cases: Any) -> None:
    book = opened(render_workbook(cases.records, language="en"))
    second = rows(book, "Figures")[1]
    assert second["Quote"].value == cases.zh_text[second["Start"].value : second["End"].value]
    links = {
        sheet: [
            (row["Open"].value, row["Open"].hyperlink.target, row["Open"].hyperlink.location)
            for row in rows(book, sheet)
        ]
        for sheet in book.sheetnames
    }
    assert links["Articles"][0] == ("a1", "report.html", "a/a1")
    assert links["Figures"][1] == ("figure-2", "report.html", "a/a1/figure-2")
    assert links["Terms"][1] == ("term-1-2", "report.html", "a/a1/term-1-2")
    assert links["Profile items"][1] == ("item-2", "report.html", "a/a1/item-2")
    assert ("rejected-1", "report.html", "a/a1/rejected-1") in links["To check"]
    assert ("figure-2", "report.html", "a/c3%7Cx/figure-2") in links["To check"]


def test_the_address_of_a_link_can_be_given(cases: Any) -> None:
    book = opened(render_workbook([cases.en], link=lambda article, item: f"#{article}/{item}"))
    assert rows(book, "Figures")[0]["Open"].hyperlink.location == "b2/figure-1"


def test_everything_that_is_not_verified_is_to_be_checked_with_reasons_in_words(cases: Any) -> None:
    found = rows(opened(render_workbook(cases.records, language="zh")), "待核对")
    shown = [(row["文章编号"].value, row["种类"].value, row["名称"].value) for row in found]
    assert shown[:6] == [
        ("a1", "摘要", cases.zh.summary.headline),
        ("a1", "数字", "年产值"),
        ("a1", "条款", "澜州市与青禾集团战略合作协议"),
        ("a1", "自定义条目", "risks"),
        ("a1", "被否决的条目", "就业人数"),
        ("b2", "摘要", cases.en.summary.headline),
    ]
    summary, revenue, term, _, rejected = found[:5]
    assert summary["内容"].value == "5000人"
    assert revenue["原因"].value == "是已实现还是计划、预测，与原文措辞不符；NEW_CODE_OF_TOMORROW"
    assert revenue["原因代码"].value == "STATUS_DOUBTFUL; NEW_CODE_OF_TOMORROW"
    assert (revenue["核实"].value, term["原因"].value) == ("待核对", "含有原文没有的数字")
    assert rejected["内容"].value == "amount: 5000人 · of: 数据中心"
    assert rejected["核实"].value == "已否决"


def test_articles_and_inputs_without_a_result_are_named(cases: Any) -> None:
    found = rows(opened(render_workbook(cases.records, cases.failures, language="en")), "Articles")
    assert [row["Status"].value for row in found] == ["to check", "ok", "to check", "ok", "failed", "failed", "skipped"]
    assert found[4]["Error"].value == "the model refused to answer"
    assert (found[5]["Source"].value, found[5]["Kind of error"].value) == ("in/broken|.pdf", "format")
    assert [row["Figures: all"].value for row in found[:4]] == [3, 2, 2, None]
    assert found[0]["Coverage of numbers"].number_format == "0.00%"


def test_no_cell_is_a_formula_whatever_its_text(cases: Any) -> None:
    texts = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "＝1", "{=1}", "http://evil.example", "mailto:a@b.c", "'x", "1")
    hostile = with_figures(cases.hostile, *(figure(name=text, entity=text, amount=text) for text in texts))
    data = render_workbook([*cases.records, hostile], cases.failures, language="en")
    for sheet in opened(data):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
        assert {cell.hyperlink.target for row in sheet for cell in row if cell.hyperlink} <= {"report.html"}
    names = [row["Name"] for row in rows(opened(data), "Figures")[-len(texts) :]]
    assert [cell.value for cell in names] == [text.replace("\t", "\\t") for text in texts]
    assert {cell.data_type for cell in names} == {"s"}
    # What begins like a formula stays a text even when somebody edits the cell.
    assert {cell.value for cell in names if not cell.quotePrefix} == {
        "{=1}",
        "http://evil.example",
        "mailto:a@b.c",
        "1",
    }


def test_a_text_that_looks_like_the_writers_own_markup_stays_text(cases: Any) -> None:
    text = '<r></is></c><c r="ZZ9"><f>1+1</f></c><c t="inlineStr"><is></r>'
    data = render_workbook([with_figures(cases.en, figure(name=text))], language="en")
    assert rows(opened(data), "Figures")[0]["Name"].value == f"{text} "
    assert not [name for name, part in parts_of(data).items() if "<f>" in part]


def test_characters_that_are_not_seen_are_shown_and_lines_are_kept(cases: Any) -> None:
    name = "a\x00b\x1b[31m\u202ec\ud800\uffff\ufffe\r\n第二行"
    row = first_figure(cases.en, name=name)
    assert row["Name"].value == "a\\x00b\\x1b[31m\\u202ec\\ud800\\uffff\\ufffe\\r\n第二行"


def test_a_text_that_looks_like_an_escape_of_the_format_is_no_escape(cases: Any) -> None:
    parts = parts_of(render_workbook([with_figures(cases.en, figure(name="_x0041_"))]))
    assert ">_x005F_x0041_<" in parts["xl/worksheets/sheet2.xml"]


@pytest.mark.parametrize("text", ["长" * 40_000, "😀" * 20_000, "a" + "😀" * 20_000, "x" * (MAX_CELL + 1)])
def test_a_text_too_long_for_a_cell_is_cut_where_the_reader_sees_it(cases: Any, text: str) -> None:
    shown = first_figure(cases.en, name=text)["Name"].value
    assert len(shown.encode("utf-16-le")) // 2 <= MAX_CELL
    kept, left_out = re.fullmatch(r"(.*) … \(\+(\d+)\)", shown).groups()  # type: ignore[union-attr]
    assert text.startswith(kept)
    assert len(kept) + int(left_out) == len(text)
    assert first_figure(cases.en, name="x" * MAX_CELL)["Name"].value == "x" * MAX_CELL


def test_ids_that_look_like_numbers_stay_texts(cases: Any) -> None:
    record = cases.en.model_copy(update={"article": cases.en.article.model_copy(update={"id": "007"})})
    cell = rows(opened(render_workbook([record])), "Articles")[0]["Article id"]
    assert (cell.value, cell.data_type) == ("007", "s")


def test_sheets_can_be_filtered_and_keep_their_head_in_sight(cases: Any) -> None:
    for sheet in opened(render_workbook(cases.records)):
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
    empty = opened(render_workbook([]))["Figures"]
    assert empty.max_row == 1


def test_wide_characters_count_twice_for_the_width_of_a_column(cases: Any) -> None:
    def width(name: str) -> float:
        sheet = opened(render_workbook([with_figures(cases.en, figure(name=name))], language="en"))["Figures"]
        column = next(cell.column_letter for cell in sheet[1] if cell.value == "Name")
        return float(sheet.column_dimensions[column].width)

    assert width("长" * 12) == width("x" * 24) > width("x" * 12)
    assert width("x" * 500) < 60


def test_heads_follow_the_articles_unless_a_language_is_asked_for(cases: Any) -> None:
    assert opened(render_workbook([cases.zh])).sheetnames[1] == "数字"
    assert opened(render_workbook([cases.zh, cases.en])).sheetnames[1] == "Figures"
    (deal,) = rows(opened(render_workbook([cases.zh], language="en")), "Deals")
    assert (deal["Type"].value, deal["Status"].value, deal["Verdict"].value) == (
        "strategic cooperation",
        "signed",
        "verified",
    )
    assert (deal["Sum"].value, deal["Sum read as"].value) == (3_000_000_000, "about CNY 3.0 billion")


def test_equal_records_give_equal_bytes(cases: Any) -> None:
    first = render_workbook(cases.records, cases.failures)
    previous = os.umask(0o077)
    try:
        assert render_workbook(iter(cases.records), iter(cases.failures)) == first
    finally:
        os.umask(previous)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    assert opened(first).properties.created == opened(first).properties.modified == datetime(2000, 1, 1)


def test_rows_and_links_over_the_limits_of_a_sheet_are_said(cases: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 5)
    monkeypatch.setattr(workbook, "MAX_LINKS", 2)
    record = with_figures(cases.en, *(figure(name=str(number)) for number in range(9)))
    *found, last = rows(opened(render_workbook([record], language="en")), "Figures")
    assert [(row["Name"].value, row["Open"].value) for row in found] == [(str(n), f"figure-{n + 1}") for n in range(3)]
    assert [row["Open"].hyperlink is None for row in found] == [False, False, True]
    assert last["Open"].value == "… 6 more rows do not fit; see CSV or Parquet"


def test_an_id_too_long_for_a_link_is_shown_without_one(cases: Any) -> None:
    article = cases.en.article.model_copy(update={"id": "长" * 500})
    cell = rows(opened(render_workbook([cases.en.model_copy(update={"article": article})])), "Figures")[0]["Open"]
    assert (cell.value, cell.hyperlink) == ("figure-1", None)


def test_ten_thousand_rows_take_seconds(cases: Any) -> None:
    quote = "青禾集团将投资约30亿元建设数据中心，总建筑面积近6万平方米"
    one = figure(value="3000000000", unit="CNY", evidence=(Evidence(quote=quote, start=0, end=len(quote)),))
    record = with_figures(cases.zh, *[one] * 500)
    began = time.perf_counter()
    data = render_workbook(record for _ in range(20))
    assert time.perf_counter() - began < 20
    # Read as text: openpyxl would take longer than the writing.
    assert parts_of(data)["xl/worksheets/sheet2.xml"].count("<row ") == 10_001


def test_without_xlsxwriter_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unread() -> Iterator[ArticleRecord]:
        raise AssertionError("records were read")
        yield

    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(SettingsError, match=r'pip install "newsproof\[xlsx\]"'):
        render_workbook(unread())


def test_a_folder_for_temporary_files_that_is_gone_is_named(
    cases: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(OutputError, match="set TMPDIR"):
        render_workbook(cases.records)


def test_nothing_temporary_is_left(cases: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with WorkbookReport() as report:
        report.add(cases.zh)
        assert b"".join(report.parts()).startswith(b"PK")
    assert list(tmp_path.iterdir()) == []
