"""Partial dates and amounts of different articles: the same, compatible, or contradicting each other."""

from __future__ import annotations

import pytest

from summarizer.quantities import scan
from summarizer.report.ledger_clusters import join_links
from summarizer.report.ledger_types import Amount
from summarizer.report.ledger_values import amount_of, finest_date, is_after, parse_date, relate_amounts, relate_dates
from summarizer.report.ledger_wording import marks_differ, marks_of, overlap, words_of


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("--11-18", "2021-11-18", "same_day"),
        ("2021-11-18", "2022-11-18", "contradicts"),
        ("2021-11", "2021-11-18", "same_month"),
        ("2021", "--11-18", "compatible"),
        ("2021-Q4", "2021-11-18", "compatible"),
        ("2021-H1", "2021-11-18", "contradicts"),
        ("--11-18", "--11-19", "contradicts"),
        ("2021-11-18/2021-11-20", "2021-11-18", "same_day"),
        ("next week", "2021-11-18", "unknown"),
        (None, "2021-11-18", "unknown"),
    ],
)
def test_dates_are_related_as_far_as_both_say(one: str | None, other: str | None, relation: str) -> None:
    assert relate_dates(parse_date(one), parse_date(other)) == relation
    assert relate_dates(parse_date(other), parse_date(one)) == relation


def test_the_finest_date_takes_the_year_from_one_and_the_day_from_the_other() -> None:
    assert finest_date(["2021-11", "--11-18"]) == "2021-11-18"
    assert finest_date(["--11-18", "2021-11-18", "2021"]) == "2021-11-18"
    assert finest_date(["2021"]) == "2021"


@pytest.mark.parametrize(
    ("day", "published", "after"),
    [
        ("2023-11-18", "2021-11-19", True),
        ("2021-11-20", "2021-11-19", False),
        ("2021-11-25", "2021-11-19", True),
        ("2021-12", "2021-11", True),
        ("--11-18", "2021-01-01", False),
    ],
)
def test_a_day_is_after_publication_only_where_both_say_so(day: str, published: str, after: bool) -> None:
    assert is_after(parse_date(day), parse_date(published)) is after


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("约30亿元", "30亿元", "equal"),
        ("30亿元", "3 billion yuan", "equal"),
        ("约30亿元", "29.8亿元", "compatible"),
        ("30亿元", "29.8亿元", "contradicts"),
        ("15.62亿元", "15.6亿元", "rounded"),
        ("超过10亿元", "12亿元", "compatible"),
        ("超过10亿元", "9亿元", "contradicts"),
        ("不低于800 MWh", "不低于900 MWh", "contradicts"),
        ("1500万美元", "1500万元", "other_unit"),
        ("一年", "12个月", "equal"),
        ("三年", "30%", "other_unit"),
        ("1.6平方公里", "160万平方米", "equal"),
        ("6—8 GWh", "7 GWh", "compatible"),
    ],
)
def test_amounts_are_related_by_value_unit_and_what_their_words_allow(one: str, other: str, relation: str) -> None:
    first, second = amount_of(scan(one)[0]), amount_of(scan(other)[0])
    assert relate_amounts(first, second) == relation
    assert relate_amounts(second, first) == relation


def test_amounts_that_are_no_numbers_contradict_and_do_not_fail() -> None:
    assert relate_amounts(Amount(value="=1+1", unit="CNY"), Amount(value="3", unit="CNY")) == "contradicts"
    assert relate_amounts(Amount(value="1E+999999", unit="CNY"), Amount(value="3", unit="CNY")) == "contradicts"
    assert relate_amounts(None, Amount(value="3")) == "unknown"


def test_rounds_phases_and_lots_are_read_in_both_languages() -> None:
    assert marks_differ(marks_of("澄衡智能A轮融资"), marks_of("澄衡智能B轮融资"))
    assert marks_differ(marks_of("Series B round"), marks_of("Series C funding"))
    assert not marks_differ(marks_of("C轮融资"), marks_of("Series C funding"))
    assert marks_differ(marks_of("二期工程"), marks_of("Phase III"))
    assert not marks_differ(marks_of("第2包"), marks_of("第二包"))
    assert not marks_differ(marks_of("战略合作"), marks_of("第二包"))


def test_wordings_are_compared_only_where_they_are_long_enough() -> None:
    assert overlap(words_of("数据中心"), words_of("数据中心")) is None
    assert overlap(words_of("建设数据中心和云平台"), words_of("数据中心与云平台的建设")) == pytest.approx(
        5 / 8, abs=0.2
    )


def test_groups_are_joined_best_link_first_and_never_across_what_must_stay_apart() -> None:
    groups, used, refused = join_links(4, [(0, 1), (1, 2), (2, 3)], lambda a, b: {a, b} != {0, 2})
    assert groups == [(0, 1), (2, 3)]
    assert (used, refused) == ([(0, 1), (2, 3)], [(1, 2)])
