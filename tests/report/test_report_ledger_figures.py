"""Figures told twice: the same entity, metric and period, agreeing or not."""

from __future__ import annotations

from typing import Any

import pytest

from summarizer.records import KeyFigure
from summarizer.report.ledger import build_ledger
from summarizer.report.ledger_figures import metric_key
from summarizer.report.ledger_types import LedgerFigure
from tests.report.ledger_batches import deal, figure, record


def told(first: KeyFigure, second: KeyFigure, **articles: Any) -> tuple[LedgerFigure, ...]:
    days = articles.get("days", (None, None))
    return build_ledger(
        [record("a", figures=(first,), published_on=days[0]), record("b", figures=(second,), published_on=days[1])]
    ).figures


def test_a_figure_told_twice_is_one_row_with_both_articles() -> None:
    (row,) = told(
        figure("总投资", "京东云华东数据中心", "约30亿元"),
        figure("总投资额", "京东云华东数据中心", "30亿元", period="2022"),
    )
    assert (row.outcome, row.entity, row.period, row.article_ids) == (
        "agreed",
        "京东云华东数据中心",
        "2022",
        ("a", "b"),
    )
    assert [source.words for source in row.values[0].sources] == ["约30亿元", "30亿元"]
    assert all(source.quotes for source in row.values[0].sources)
    assert {reason.code for reason in row.reasons} >= {"same_name", "same_metric", "period_open"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (figure("revenue", "Trellis Optics, Inc.", "$386 million"), figure("annual revenue", "Trellis Optics", "$386m")),
        (figure("营业收入", "京东集团", "9516亿元"), figure("revenue", "JD.com", "951.6 billion yuan")),
        (figure("2023年净利润", "云阙股份", "3.2亿元", period="2023"), figure("净利润", "云阙股份", "3.2亿元", period="2023")),
        (figure("覆盖的城市数", "京东云", "83个"), figure("业务覆盖的城市数", "京东云", "83个")),
        (figure("员工人数", "澄衡智能", "1250人"), figure("employees", "澄衡智能", "1,250 employees")),
    ],
)  # fmt: skip
def test_wordings_and_languages_of_one_metric_agree(first: KeyFigure, second: KeyFigure) -> None:
    (row,) = told(first, second)
    assert row.outcome == "agreed"
    assert len(row.values) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (figure("出口额", "澜州市", "1203亿元", period="2024"), figure("进口额", "澜州市", "1203亿元", period="2024")),
        (figure("增加值同比增速", "澜州市", "5.2%", period="2024"), figure("增加值环比增速", "澜州市", "5.2%", period="2024")),
        (figure("营业收入", "启泰新材", "14.7亿元", period="2023"), figure("营业收入", "启泰新材", "15.2亿元", period="2024")),
        (figure("营业收入", "启泰新材", "14.7亿元"), figure("营业收入", "东屿电力", "14.7亿元")),
        (figure("营业收入", "启泰新材", "14.7亿元", status="target"), figure("营业收入", "启泰新材", "12亿元")),
        (figure("营业收入", "启泰新材", "14.7亿元"), figure("营业收入", "启泰新材", "2亿美元")),
        (figure("一期投资额", "启屿钠电", "7.6亿元"), figure("二期投资额", "启屿钠电", "7.6亿元")),
        (figure("营业收入", None, "14.7亿元"), figure("营业收入", None, "14.7亿元")),
        (figure("营业收入", "公司", "14.7亿元"), figure("营业收入", "公司", "14.7亿元")),
        (figure("员工人数", "启泰新材", "900人"), figure("员工人数", "启泰新材", "1100人")),
    ],
)  # fmt: skip
def test_figures_that_only_look_alike_are_no_row(first: KeyFigure, second: KeyFigure) -> None:
    assert told(first, second) == ()


def test_other_values_of_one_metric_and_period_contradict() -> None:
    (row,) = told(
        figure("营业收入", "禾稔食品", "约12亿元", period="2024"),
        figure("营业收入", "禾稔食品", "9.8亿元", period="2024"),
    )
    assert row.outcome == "contradicted"
    assert [value.text for value in row.values] == ["约12亿元", "9.8亿元"]


def test_without_a_period_values_contradict_only_in_articles_of_one_year() -> None:
    pair = figure("员工人数", "启泰新材", "900人"), figure("员工人数", "启泰新材", "1100人")
    assert [row.outcome for row in told(*pair, days=("2024-02-01", "2024-05-01"))] == ["contradicted"]
    assert told(*pair, days=("2022-02-01", "2024-05-01")) == ()


def test_an_entity_is_found_by_the_alias_of_its_own_article() -> None:
    parties = ("岚汀市公共交通集团有限公司", "company", "buyer", "采购人"), "珂原电气"
    ledger = build_ledger(
        [
            record("a", deal("procurement", *parties), figures=(figure("公交车数量", "采购人", "约1850辆"),)),
            record("b", figures=(figure("公交车数量", "岚汀市公共交通集团", "1850辆"),)),
            record("c", figures=(figure("公交车数量", "采购人", "1850辆"),)),
        ]
    )
    assert [row.article_ids for row in ledger.figures] == [("a", "b")]
    reason = ledger.figures[0].reasons[0]
    assert (reason.code, reason.about) == ("alias", ("采购人", parties[0][0], "a"))


def test_a_name_with_two_values_in_one_article_contradicts_no_other_article() -> None:
    ledger = build_ledger(
        [
            record("a", figures=(figure("单价", "珂原电气", "11.2万元"), figure("单价", "珂原电气", "12.9万元"))),
            record("b", figures=(figure("单价", "珂原电气", "10.5万元"),)),
        ]
    )
    assert ledger.figures == ()


def test_a_metric_is_known_without_entity_year_and_weak_words() -> None:
    assert metric_key("启泰新材2024年营业收入", "启泰新材料股份有限公司") != "revenue"
    assert metric_key("启泰新材2024年营业收入", "启泰新材") == "revenue"
    assert metric_key("number of hospitals") == metric_key("hospitals")
    assert metric_key("医院数量") == metric_key("医院数")
