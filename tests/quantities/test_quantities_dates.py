"""Date expressions: as the scanner finds them, and as read_date resolves them."""

from __future__ import annotations

import pytest

from summarizer.quantities import read_date, scan

FOUND = [
    ("2022年3月31日", "2022-03-31", None),
    ("2020年3月", "2020-03", None),
    ("二零二四年七月九日", "2024-07-09", None),
    ("2024年一季度", "2024-Q1", None),
    ("三季度", "--Q3", None),
    ("前三季度", "--01", "--09"),
    ("上半年", "--01", "--06"),
    ("2024年上半年", "2024-01", "2024-06"),
    ("1—9月", "--01", "--09"),
    ("2025年7月至2027年6月", "2025-07", "2027-06"),
    ("2026年至2028年", "2026", "2028"),
    ("6月11日至13日", "--06-11", "--06-13"),
    ("2020—2022年", "2020", "2022"),
    ("20世纪90年代", "1990", "1999"),
    ("下午3点半", "T15:30", None),
    ("2024-09-12 08:35", "2024-09-12T08:35", None),
    ("2009-2025", "2009", "2025"),
    ("2024/25", "2024", "2025"),
    ("March 3, 2024", "2024-03-03", None),
    ("30 June 2029", "2029-06-30", None),
    ("13 May", "--05-13", None),
    ("September 2024", "2024-09", None),
    ("fourth quarter of 2028", "2028-Q4", None),
    ("first half of 2024", "2024-01", "2024-06"),
    ("Q3 2024", "2024-Q3", None),
    ("fiscal 2023", "2023", None),
    ("since 1994", "1994", None),
    ("the 1990s", "1990", "1999"),
    ("at 8:30 a.m.", "T08:30", None),
    ("《白皮书(2021)》", "2021", None),
]


@pytest.mark.parametrize(("text", "value", "value_max"), FOUND)
def test_a_date_is_one_item_with_what_is_stated(text, value, value_max):
    (item,) = scan(text)
    assert (item.kind, item.value, item.value_max) == ("date", value, value_max)


@pytest.mark.parametrize(
    "text",
    [
        "30日内",
        "逾期超过60日",
        "历经19年",
        "1500余家",
        "2000名员工",
        "2,023 people",
        "2023元",
        "三个月",
        "13月",
    ],
)
def test_a_duration_or_count_is_no_date(text):
    assert [item.kind for item in scan(text) if item.kind in ("date", "date_rel")] == []


RESOLVED = [
    ("去年7月", "2022-04-01", "2021-07"),
    ("去年7月", None, "--07"),
    ("今年上半年", "2024-09-12", "2024-01/2024-06"),
    ("今年上半年", None, "--01/--06"),
    ("1-7月", "2022-08-20", "2022-01/2022-07"),
    ("前三季度", "2024-10-22", "2024-01/2024-09"),
    ("三季度", "2024-10-22", "2024-Q3"),
    ("四季度", "2025-01-20", "2024-Q4"),
    ("9月", "2024-10-22", "2024-09"),
    ("12月", "2024-01-05", "2023-12"),
    ("11月18日", "2024-11-18", "2024-11-18"),
    ("11月18日", "--11-18", "--11-18"),
    ("11月18日", None, "--11-18"),
    ("上月", "2024-01-05", "2023-12"),
    ("昨日", "2024-03-01", "2024-02-29"),
    ("明年6月底", "2023-11-18", "2024-06"),
    ("去年四季度", "2024-10-22", "2023-Q4"),
    ("10月21日", "2024-10-22", "2024-10-21"),
    ("2021年10月23-25日", None, "2021-10-23/2021-10-25"),
    ("2025年7月至2027年6月", "2025-06-14", "2025-07/2027-06"),
    ("2022年", None, "2022"),
    ("2022", None, "2022"),
    ("11月至1月", "2024-03-01", "2023-11/2024-01"),
    ("last month", "2024-07-17", "2024-06"),
    ("last August", "2025-06-14", "2024-08"),
    ("on Wednesday", "2024-07-17", "2024-07-17"),
    ("on Wednesday", "2024-07-19", "2024-07-17"),
    ("in April", "2025-05-14", "2025-04"),
    ("13 May", "2025-05-14", "2025-05-13"),
    ("March 3", "2024-03-04", "2024-03-03"),
    ("last year", "2025-05-14", "2024"),
    ("the end of June", "2024-07-17", "2024-06"),
    ("November", "2024-07-17", "2023-11"),
    ("third quarter of 2024", "2024-03-04", "2024-Q3"),
    ("2023年至2026年", None, "2023/2026"),
]


@pytest.mark.parametrize(("words", "reference", "iso"), RESOLVED)
def test_the_year_comes_from_the_reference_only(words, reference, iso):
    read = read_date(words, reference=reference)
    assert read is not None
    assert read[0] == iso


def test_a_deadline_lies_ahead_of_the_reference():
    assert read_date("9月底前", reference="2025-11-14", future=True)[0] == "2026-09"
    assert read_date("9月底前", reference="2025-06-14", future=True)[0] == "2025-09"
    assert read_date("by the end of December", reference="2024-07-17", future=True)[0] == "2024-12"


@pytest.mark.parametrize("words", ["昨日", "30亿元", "", "2021年和2023年", "on Wednesday"])
def test_words_without_one_date_are_not_read(words):
    assert read_date(words) is None


def test_the_note_keeps_the_symbol_of_a_relative_date():
    assert read_date("去年7月", reference="2022-04-01") == ("2021-07", "year-1/07")
    assert read_date("fiscal 2023") == ("2023", "fiscal")


def test_a_time_of_day_beside_a_date_does_not_hide_it():
    assert read_date("6月12日上午", reference="2025-06-14")[0] == "2025-06-12"
