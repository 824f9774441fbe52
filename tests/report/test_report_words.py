from __future__ import annotations

import math
import re
import runpy
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, strategies as st

from summarizer import records
from summarizer.proposals import PartyRole
from summarizer.report import labels
from summarizer.report.characters import markdown_line, number_cell, one_line, text_cell, visible, writable
from summarizer.report.labels import code_word, coverage_percent, word
from summarizer.report.periods import render_period
from summarizer.report.phrases import prose_place
from summarizer.report.reasons import CODES, explain


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        ("2022-03-31", "2022年3月31日", "31 March 2022"),
        ("2022-03", "2022年3月", "March 2022"),
        ("2022", "2022年", "2022"),
        ("2020-Q3", "2020年第三季度", "Q3 2020"),
        ("2024-H1", "2024年上半年", "H1 2024"),
        ("--11-18", "11月18日（未写年份）", "18 November (year not stated)"),
        ("--08", "8月（未写年份）", "August (year not stated)"),
        ("2021-10-23/2021-10-25", "2021年10月23日至10月25日", "23 October to 25 October 2021"),
        ("2024-01/2024-06", "2024年1月至6月", "January to June 2024"),
        ("2025-07/2027-06", "2025年7月至2027年6月", "July 2025 to June 2027"),
        ("2023/2026", "2023年至2026年", "2023 to 2026"),
        ("2024/2024-06", "2024年至2024年6月", "2024 to June 2024"),
        ("2024-Q1/2024-Q3", "2024年第一季度至第三季度", "Q1 to Q3 2024"),
        ("--01/--07", "1月至7月（未写年份）", "January to July (year not stated)"),
    ],
)
def test_dates_are_shown_no_more_precise_than_they_are(period: str, zh: str, en: str) -> None:
    assert render_period(period, "zh") == zh
    assert render_period(period, "en") == en


@pytest.mark.parametrize(
    "period", ["", "2022/", "-2022", "---", "2022-13", "2022-1", "a/b/c", "=1", "2022-03-31T20:00", "--Q3"]
)
def test_a_period_of_another_form_is_shown_as_it_is(period: str) -> None:
    assert render_period(period, "zh") == period
    assert render_period(period, "en") == period


def test_every_reason_is_explained_in_both_languages() -> None:
    for code in CODES:
        assert re.search("[\u4e00-\u9fff]", explain(code, "zh"))
        assert explain(code, "en").isascii() or "…" in explain(code, "en")
        assert explain(code, "en") != code


def test_an_unknown_reason_is_its_code() -> None:
    assert explain("BRAND_NEW", "zh") == "BRAND_NEW"


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("verdict", get_args(records.Verdict)),
        ("record_status", get_args(records.Status)),
        ("figure_status", get_args(records.FigureStatus)),
        ("deal_type", get_args(records.DealType)),
        ("deal_status", get_args(records.DealStatus)),
        ("party_kind", get_args(records.PartyKind)),
        ("party_role", get_args(PartyRole)),
        ("signatory_role", get_args(records.SignatoryRole)),
        ("term_kind", get_args(records.TermKind)),
    ],
)
def test_every_code_of_a_record_has_a_chinese_word(table: str, codes: tuple[str, ...]) -> None:
    for code in codes:
        assert re.fullmatch("[\u4e00-\u9fff]+", code_word(table, code, "zh")), code


def test_every_word_that_the_views_use_is_in_the_table() -> None:
    used: set[str] = set()
    for source in Path(labels.__file__).parent.glob("*.py"):
        used.update(re.findall(r"\b(?:word|label)\(\s*[\"'](\w+)[\"']", source.read_text("utf-8")))
    assert len(used) > 20
    for key in used:
        assert word(key, "zh")
        assert word(key, "en")


def test_a_place_in_the_summary_is_counted_from_one() -> None:
    assert prose_place("headline", "zh") == "标题"
    assert prose_place("key_points.0", "zh") == "要点 1"
    assert prose_place("key_points.11", "en") == "key points 12"
    assert prose_place("elsewhere.x", "en") == "elsewhere.x"


def test_every_reason_of_verification_is_explained() -> None:
    # Run by itself: the codes are wanted without the machinery around them.
    table = runpy.run_path(str(Path(records.__file__).parent / "verify" / "reasons.py"))
    assert set(CODES) >= table["HARD"] | table["SOFT"] | table["REMARKS"]


def test_coverage_is_rounded_down() -> None:
    shares = (0.0, 0.004, 0.29, 0.5, 0.996, 0.9999999999, 1.0, 7.0, -1.0)
    shown = ["0%", "<1%", "29%", "50%", "99%", "99%", "100%", "100%", "0%"]
    assert [coverage_percent(share) for share in shares] == shown
    assert coverage_percent(math.nan) == "?"


def test_characters_that_hide_or_turn_text_are_shown() -> None:
    assert (
        visible("a\x1b[31m\u202eb\u200bc\ud800\n\x85\U000e0041")
        == "a\\x1b[31m\\u202eb\\u200bc\\ud800\\n\\x85\\U000e0041"
    )
    assert visible("数字30亿元，约 5% “引”") == "数字30亿元，约 5% “引”"


def test_one_line_cuts_with_the_number_of_characters_left_out() -> None:
    assert one_line("a\n\u2028 b\u3000c ") == "a b c"
    assert one_line("abcdef", 4) == "abcd … (+2)"


def test_markdown_of_plain_text_stays_readable() -> None:
    assert markdown_line("总投资约30亿元，增长12.5%（同比）") == "总投资约30亿元，增长12.5%（同比）"
    assert markdown_line("NUMBER_NOT_FOUND in file_a.txt") == "NUMBER_NOT_FOUND in file_a.txt"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\x00", "＝", "＋", "－", "＠", "'"])
@pytest.mark.parametrize("before", ["", " ", "\ufeff", "\u200b", "\u3000", "\xa0", "\n", " \u200d\t"])
def test_what_begins_like_a_formula_gets_an_apostrophe(start: str, before: str) -> None:
    text = f"{before}{start}1+1"
    if before and start == "'":
        assert text_cell(text).lstrip("'") == text
    elif before and start in "\r\t\x00":
        # Behind a blank these start nothing by themselves; a formula sign behind them does.
        assert text_cell(before + start + "=1").startswith("'")
    else:
        assert text_cell(text).startswith("'" + before)


@given(st.text())
def test_dropping_one_leading_apostrophe_gives_the_text_back(text: str) -> None:
    cell = text_cell(text)
    assert (cell[1:] if cell.startswith("'") else cell) == writable(text)


@given(st.text(st.characters(codec=None)))
def test_writable_text_keeps_its_length_and_can_be_encoded(text: str) -> None:
    assert len(writable(text)) == len(text)
    writable(text).encode("utf-8")
    visible(text).encode("utf-8")


def test_our_numbers_stay_plain_and_nothing_else_does() -> None:
    assert number_cell("-350000000") == "-350000000"
    assert number_cell("99.995") == "99.995"
    assert number_cell(None) == ""
    assert number_cell("-1+cmd|' /C calc'!A0") == "'-1+cmd|' /C calc'!A0"
    assert number_cell("--11-18") == "'--11-18"
    assert number_cell("-1\n") == "'-1\n"
