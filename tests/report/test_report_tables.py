from __future__ import annotations

import csv
import io
from typing import Any

from hypothesis import given, strategies as st

from summarizer.records import Evidence, Item, ItemField
from summarizer.report.characters import writable
from summarizer.report.tables import (
    BOM,
    DEAL_COLUMNS,
    FIGURE_COLUMNS,
    ITEM_COLUMNS,
    REJECTED_COLUMNS,
    TABLES,
    TERM_COLUMNS,
    csv_row,
    deals_csv,
    figures_csv,
    items_csv,
    rejected_csv,
    terms_csv,
)

DANGEROUS = tuple("=+-@\t\r\x00＝＋－＠")


def read(text: str) -> list[dict[str, str]]:
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def test_figures_have_a_row_each_with_value_verdict_and_place(cases: Any) -> None:
    rows = read(figures_csv(cases.records))
    assert [(row["article_id"], row["name"], row["verdict"]) for row in rows[:3]] == [
        ("a1", "年产值", "review"),
        ("a1", "总投资", "verified"),
        ("a1", "入驻企业数", "verified"),
    ]
    assert rows[0]["reasons"] == "STATUS_DOUBTFUL; NEW_CODE_OF_TOMORROW"
    total = rows[1]
    assert (total["amount"], total["value"], total["unit"], total["qualifier"]) == (
        "约30亿元",
        "3000000000",
        "CNY",
        "about",
    )
    assert cases.zh_text[int(total["start"]) : int(total["end"])] == total["quote"]
    assert total["engine"] == "llm"


def test_columns_are_those_that_are_documented(cases: Any) -> None:
    for text, columns in (
        (figures_csv(cases.records), FIGURE_COLUMNS),
        (deals_csv(cases.records), DEAL_COLUMNS),
        (terms_csv(cases.records), TERM_COLUMNS),
        (rejected_csv(cases.records), REJECTED_COLUMNS),
    ):
        assert tuple(read(text)[0]) == columns
        assert len(set(columns)) == len(columns)


def test_every_cell_that_a_record_gives_has_a_column(cases: Any) -> None:
    for table in TABLES:
        for record in cases.records:
            for row in table.rows(record):
                assert set(row) <= set(table.columns)


def test_a_deal_is_one_row_and_its_terms_are_linked_to_it(cases: Any) -> None:
    (deal,) = read(deals_csv([cases.zh]))
    assert deal["parties"] == "澜州市人民政府; 青禾集团"
    assert deal["party_kinds"] == "government; company"
    assert deal["party_roles"] == "; investor"
    assert deal["party_aliases"] == "澜州市人民政府: 澜州市"
    assert deal["signatories"] == "周临 (副市长, attended); 何屿 (总裁, 青禾集团, attended)"
    assert deal["areas"] == "数字政务; 智慧交通"
    assert (deal["consideration_value"], deal["consideration_unit"]) == ("3000000000", "CNY")
    assert (deal["terms_verified"], deal["terms"]) == ("1", "2")
    terms = read(terms_csv([cases.zh]))
    assert {(term["article_id"], term["deal_number"]) for term in terms} == {(deal["article_id"], deal["deal_number"])}
    assert [(term["kind"], term["verdict"]) for term in terms] == [("investment", "review"), ("preference", "verified")]


def test_no_cell_begins_a_formula_except_our_own_numbers(cases: Any) -> None:
    for text in (
        figures_csv(cases.records),
        deals_csv(cases.records),
        terms_csv(cases.records),
        rejected_csv(cases.records),
    ):
        for row in read(text):
            for column, cell in row.items():
                if cell.lstrip().startswith(DANGEROUS):
                    assert (column, cell) == ("value", "-350000000")


def test_a_negative_value_stays_a_number_and_a_date_without_year_a_text(cases: Any) -> None:
    first, second = read(figures_csv([cases.hostile]))
    assert first["value"] == "-350000000"
    assert first["amount"] == "'-350000000"
    assert second["value"] == "'=1+1"
    assert second["period"] == "'--11-18"
    assert (first["source_start"], first["source_end"]) == ("3", "9")


def test_raw_tables_leave_the_apostrophe_out(cases: Any) -> None:
    first, second = read(figures_csv([cases.hostile], raw=True))
    assert first["amount"] == "-350000000"
    assert second["value"] == "=1+1"


def test_further_places_of_an_item_are_kept(cases: Any) -> None:
    figure = cases.en.key_figures[0]
    more = (*figure.evidence, Evidence(quote="x", start=7, end=8), Evidence(quote="y", start=9, end=10))
    record = cases.en.model_copy(update={"key_figures": (figure.model_copy(update={"evidence": more}),)})
    (row,) = read(figures_csv([record]))
    assert row["also_at"] == "7:8; 9:10"


def test_items_of_a_profile_have_a_column_for_each_field(cases: Any) -> None:
    first, second = read(items_csv(cases.records, "risks"))
    assert tuple(first) == (
        *ITEM_COLUMNS,
        "field.risk",
        "value.risk",
        "field.year",
        "value.year",
        "field.owner",
        "value.owner",
    )
    assert (first["field.risk"], first["field.year"], first["value.year"]) == ("投产时间", "2027年", "2027")
    assert (second["field.owner"], second["field.year"], second["verdict"]) == ("财政局", "", "review")
    assert read(items_csv(cases.records, "nothing of the kind")) == []


def test_a_field_with_a_hostile_name_is_harmless(cases: Any) -> None:
    item = Item(kind="k", fields=(ItemField(name='"\r\n=1', text="=2", value="=3"),), verdict="verified")
    (row,) = read(items_csv([cases.bare.model_copy(update={"items": (item,)})], "k"))
    assert list(row.values())[-2:] == ["'=2", "'=3"]


def test_rejected_proposals_are_kept_as_they_were_proposed(cases: Any) -> None:
    first, _ = read(rejected_csv(cases.records))
    assert first["item"] == '{"name": "就业人数", "amount": "5000人", "of": "数据中心", "when": ""}'
    assert (first["verdict"], first["reasons"]) == ("rejected", "AMOUNT_NOT_IN_QUOTE")


def test_lines_end_as_the_standard_says_and_the_text_has_a_byte_order_mark(cases: Any) -> None:
    data = figures_csv([cases.zh]).encode("utf-8")
    assert data.startswith(b"\xef\xbb\xbfarticle_id,")
    assert data.count(b"\r\n") == 4
    assert data.count(b"\n") == 4


def test_a_batch_without_items_is_a_header(cases: Any) -> None:
    assert figures_csv([]) == BOM + ",".join(FIGURE_COLUMNS) + "\r\n"
    assert read(deals_csv([cases.failed])) == []


@given(st.lists(st.text(st.characters(codec=None)), min_size=2, max_size=4))
def test_any_text_reads_back_as_written(texts: list[str]) -> None:
    columns = [str(number) for number in range(len(texts))]
    line = csv_row(columns, dict(zip(columns, texts, strict=True)))
    (cells,) = csv.reader(io.StringIO(line, newline=""))
    assert [cell[1:] if cell.startswith("'") else cell for cell in cells] == [writable(text) for text in texts]
    line.encode("utf-8")
