"""The ledger as CSV and Markdown: complete, in both languages, and harmless."""

from __future__ import annotations

import csv
import io
import re
from typing import Literal

import pytest

from summarizer.records import ArticleRecord, Evidence
from summarizer.report.ledger import build_ledger
from summarizer.report.ledger_section import ledger_markdown
from summarizer.report.ledger_types import Ledger, Reason
from summarizer.report.ledger_views import (
    DOUBTFUL_COLUMNS,
    LEDGER_COLUMNS,
    VALUE_COLUMNS,
    ledger_csv,
    ledger_doubtful_csv,
    ledger_rows,
    ledger_values_csv,
)
from summarizer.report.ledger_words import reason_text
from tests.report.conftest import Cases
from tests.report.ledger_batches import NEAR_MISSES, SAME, deal, figure, record, term

HOSTILE = (
    '=HYPERLINK("http://evil.example") <script>alert(1)</script> | `x` \x1b[31m\u202e ![i](javascript:alert(1))\n# H'
)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    parties = ("京东集团", "company", None, "京东"), "科大讯飞"
    return build_ledger(
        [
            record(
                "a",
                deal(
                    "strategic_cooperation", *parties, name="京东与科大讯飞战略合作", signed_on="--11-18", place="南京",
                    amount="约30亿元", terms=(term("exclusivity", "京东独家供应"),),
                ),
                figures=(figure("营业收入", "京东集团", "9516亿元", period="2021"),),
                title="战略合作",
            ),
            record(
                "b",
                deal(
                    "strategic_cooperation", "京东", "科大讯飞", signed_on="2021-11-18", place="北京", amount="30亿元",
                    name="合作",
                ),
                deal("strategic_cooperation", "京东", "科大讯飞", signed_on="2016-01-05", name="旧协议"),
                figures=(figure("营收", "京东", "9600亿元", period="2021"),),
            ),
        ]
    )  # fmt: skip


@pytest.fixture(scope="module")
def hostile() -> Ledger:
    quote = (Evidence(quote=HOSTILE, start=0, end=len(HOSTILE)),)

    def article(article_id: str, day: str) -> ArticleRecord:
        told = deal(
            "other", (HOSTILE, "company", HOSTILE, "@SUM(1)"), ("+甲|乙", "company", None), name=HOSTILE, place=HOSTILE + day,
            signed_on=day, terms=(term("commitment", HOSTILE, obligor=HOSTILE),), evidence=quote, duration="-" + HOSTILE,
        )  # fmt: skip
        figures = (figure("=cmd()", HOSTILE, f"{day[-2:]}5亿元", period="{0}", evidence=quote),)
        return record(article_id, told, figures=figures, title=HOSTILE, published_on="2024-01-01")

    return build_ledger([article("=a|1", "--11-18"), article("@b`2", "--11-18"), article("c", "--12-19")])


def test_the_table_has_one_row_a_deal(ledger: Ledger) -> None:
    first, second = read(ledger_csv(ledger))
    assert tuple(first) == LEDGER_COLUMNS
    assert (first["articles"], first["tellings"], first["signed_on"]) == ("2", "a#1; b#1", "2021-11-18")
    assert first["parties"] == "京东集团; 科大讯飞"
    assert (first["consideration"], first["consideration_value"], first["consideration_unit"]) == (
        "约30亿元",
        "3000000000",
        "CNY",
    )
    assert first["contradictions"] == "place: 南京 (a) / 北京 (b)"
    assert "the same after the legal form: “京东” and “京东集团”" in first["why_one"]
    assert (first["doubtful_with"], second["doubtful_with"], second["articles"]) == ("2", "1", "1")


def test_every_value_stands_with_its_article_and_quote(ledger: Ledger) -> None:
    rows = read(ledger_values_csv(ledger))
    assert tuple(rows[0]) == VALUE_COLUMNS
    told = sum(len(value.sources) for row in ledger.deals for field in row.fields for value in field.values)
    told += sum(len(value.sources) for row in ledger.figures for value in row.values)
    assert len(rows) == told
    places = [(row["outcome"], row["text"], row["article_id"]) for row in rows if row["field"] == "place"]
    assert places == [("contradicted", "南京", "a"), ("contradicted", "北京", "b")]
    (term_row,) = [row for row in rows if row["field"] == "term"]
    assert (term_row["quote"], term_row["start"], term_row["end"]) == ("京东独家供应", "100", "106")
    assert [(row["outcome"], row["value"]) for row in rows if row["item"] == "figure"] == [
        ("contradicted", "951600000000"),
        ("contradicted", "960000000000"),
    ]


def test_doubtful_pairs_have_a_table_with_the_reasons(ledger: Ledger) -> None:
    (row,) = read(ledger_doubtful_csv(ledger))
    assert tuple(row) == DOUBTFUL_COLUMNS
    assert (row["first_deal"], row["second_deal"]) == ("1", "2")
    assert "the dates differ" in row["against"]


@pytest.mark.parametrize("write", [ledger_csv, ledger_values_csv, ledger_doubtful_csv])
def test_no_cell_is_a_formula(hostile: Ledger, write: object) -> None:
    assert callable(write)
    rows = read(write(hostile))
    assert rows
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if re.match(r"[\s\x00-\x20]*[=+\-@]", cell)]
    assert not [cell for cell in cells if "\x00" in cell]


def test_the_section_names_every_deal_and_every_footnote_once(ledger: Ledger) -> None:
    text = ledger_markdown(ledger, "en")
    assert text.startswith("## Deal ledger\n")
    assert "Deals: 2, of which 1 are told by several articles; 1 with contradictions; doubtful pairs: 1." in text
    assert "- **Place** (**contradicted**): 南京 (a) / 北京 (b)" in text
    assert "- **Signed on** (agreed): 18 November 2021" in text
    assert "- **Term, exclusivity** (one article): 京东独家供应 (a[^ledger-" in text
    assert "约30亿元 = about CNY 3.0 billion" in text
    assert "### Doubtful: perhaps one deal, not merged" in text
    assert "| contradicted | 9516亿元 = CNY 951.6 billion (a[^ledger-" in text
    defined = re.findall(r"^\[\^(ledger-\d+)\]: ", text, re.MULTILINE)
    used = set(re.findall(r"\[\^(ledger-\d+)\](?!:)", text))
    assert len(defined) == len(set(defined))
    assert set(defined) == used
    assert text.endswith("]\n")


def test_the_section_is_chinese_where_asked(ledger: Ledger) -> None:
    text = ledger_markdown(ledger, "zh")
    assert text.startswith("## 交易台账\n")
    assert "去掉公司形式后相同：“京东”、“京东集团”" in text
    assert "- **地点** (**矛盾**)：" in text
    assert "日期不同：" in text
    assert not re.search(r"\b(the|agreed|contradicted)\b", text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_in_the_section_acts_as_markup(hostile: Ledger, language: Literal["zh", "en"]) -> None:
    text = ledger_markdown(hostile, language)
    assert any(len(row.tellings) > 1 for row in hostile.deals)
    assert "<script" not in re.sub(r"\\<", "", text)
    assert not re.search(r"(?<!\\)!\[|(?<!\\)\]\(|[\x1b\u202e]|(?<!\\)`", text)
    assert not re.search(r"^# ", text, re.MULTILINE)
    for line in text.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) in (9, 8)


def test_a_batch_without_deals_says_so() -> None:
    empty = build_ledger([])
    assert "No deals." in ledger_markdown(empty, "en")
    assert read(ledger_csv(empty)) == []
    assert list(ledger_rows(empty)) == []


def test_the_handmade_batch_of_the_other_views_gives_a_ledger(cases: Cases) -> None:
    found = build_ledger(cases.records)
    assert [row.verdict for row in found.deals] == ["verified", "review"]
    assert "澜州市人民政府" in ledger_markdown(found, "zh")


def test_every_reason_that_the_rules_give_has_words_in_both_languages() -> None:
    given: set[Reason] = set()
    for pair in (*SAME, *NEAR_MISSES):
        told = build_ledger([record("a", pair.first), record("b", pair.second)])
        given.update(reason for row in told.deals for reason in row.reasons)
        given.update(reason for one in told.doubtful for reason in (*one.agrees, *one.against))
    assert len({reason.code for reason in given}) > 15
    for reason in given:
        assert not reason_text(reason, "en").startswith(f"{reason.code}:")
        assert not reason_text(reason, "zh").startswith(f"{reason.code}:")
        assert "{" not in reason_text(reason, "zh")
    assert reason_text(Reason(code="of_tomorrow", about=("{0}",))) == "of_tomorrow: {0}"
