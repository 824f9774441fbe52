"""Hard cases of figures, places and slots, each on an article of a line or two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evals.cases import Case, load_cases
from evals.gold import (
    Gold,
    GoldBody,
    GoldDeal,
    GoldFigure,
    GoldSummary,
)
from evals.outcomes import Counts
from evals.scorers.evidence import score_evidence
from evals.scorers.figures import figure_counts, match_figures
from evals.scorers.places import CaseText, overlap
from evals.scorers.slots import holds_either_way, same_number, slot_outcome
from evals.scorers.support import states_amount
from summarizer.articles import Article
from summarizer.records import (
    ArticleRecord,
    Evidence,
    KeyFigure,
    RunInfo,
)

TEXT = (
    "甲公司与乙公司在南京签约。甲公司去年营收30亿元，同比增长12.3%，乙公司营收30亿元。"
    "乙公司将投资3至5亿元，在同等条件下优先采购甲公司产品。"
)


def case_with(figures: tuple[GoldFigure, ...] = (), deals: tuple[GoldDeal, ...] = (), text: str = TEXT) -> Case:
    gold = Gold(
        article_id="a",
        language="zh",
        body=GoldBody(start=0, end=len(text)),
        summary=GoldSummary(headline="", abstract="", must_mention=(), must_not_claim=()),
        key_figures=figures,
        deals=deals,
    )
    return Case(id="a", path=Path("a.txt"), source=text, article=Article.from_text(text, id="a"), gold=gold)


def label(quote: str, **fields: Any) -> GoldFigure:
    start = TEXT.index(quote)
    given = {"name": "营收", "entity": "甲公司", "value": "3000000000", "unit": "CNY", "qualifier": "exact"}
    given |= {"status": "actual", "importance": "key", "name_accept": ("营收",)}
    return GoldFigure(**{"quote": quote, "start": start, "end": start + len(quote)} | given | fields)


def evidence(quote: str, text: str = TEXT) -> Evidence:
    start = text.index(quote)
    return Evidence(quote=quote, start=start, end=start + len(quote))


def figure(quote: str, **fields: Any) -> KeyFigure:
    given = {"name": "营收", "entity": "甲公司", "amount": "30亿元", "value": "3000000000", "unit": "CNY"}
    given |= {"qualifier": "exact", "status": "actual", "verdict": "verified"}
    return KeyFigure(**{"evidence": (evidence(quote),)} | given | fields)


def matched(case: Case, *figures: KeyFigure) -> list[tuple[int | None, int | None]]:
    return [(row.gold, row.predicted) for row in match_figures(CaseText(case=case), figures)]


def counted(case: Case, *figures: KeyFigure) -> Counts:
    return figure_counts(match_figures(CaseText(case=case), figures))["figures_core_f1"]


OWN, OTHER = "甲公司去年营收30亿元", "乙公司营收30亿元"


def test_two_figures_of_one_value_go_to_the_places_they_come_from() -> None:
    case = case_with((label(OWN), label(OTHER, entity="乙公司")))
    assert matched(case, figure(OTHER), figure(OWN)) == [(0, 1), (1, 0)]


def test_a_figure_that_fits_two_labels_leaves_the_one_that_another_needs() -> None:
    # Greedy gives the first figure the nearer label, the only one whose name fits the second.
    case = case_with((label(OWN, name_accept=("营收|收入",)), label(OTHER, name_accept=("营收",))))
    assert counted(case, figure(OWN), figure(OWN, name="收入")) == Counts(correct=2)


def test_a_right_pair_is_not_given_up_for_two_half_right_ones() -> None:
    wide = label(OWN, value_accept=("3000000000", "12.3"))
    case = case_with((wide, label(OWN, name_accept=("利润",))))
    figures = figure(OWN), figure(OWN, name="增速", value="12.3")
    assert matched(case, *figures) == [(0, 0), (1, None), (None, 1)]


@pytest.mark.parametrize("field", ["entity", "period"])
def test_where_all_else_is_equal_the_other_slots_tell_figures_apart(field: str) -> None:
    values = {"entity": ("甲公司", "乙公司"), "period": ("2022", "2023")}[field]
    case = case_with(tuple(label(OWN, **{field: value}) for value in values))
    assert matched(case, *(figure(OWN, **{field: value}) for value in values[::-1])) == [(0, 1), (1, 0)]


def test_a_label_without_patterns_does_not_swallow_whatever_stands_beside_it() -> None:
    minor = label(OWN, importance="minor", name_accept=())
    assert counted(case_with((minor,)), figure(OWN, value="77", amount="77")) == Counts(spurious=1)
    assert counted(case_with((minor,)), figure(OWN, name="收入")) == Counts()


def test_a_name_alone_far_from_the_label_is_no_match() -> None:
    assert counted(case_with((label(OWN),)), figure("乙公司营收30亿元", value="9")) == Counts(missing=1, spurious=1)


def test_a_minor_label_yields_to_a_key_one_that_fits_as_well() -> None:
    case = case_with((label(OWN, importance="minor"), label(OWN)))
    assert counted(case, figure(OWN)) == Counts(correct=1)


@pytest.mark.parametrize("turn", [1, -1])
def test_which_of_two_equal_extras_is_the_duplicate_does_not_depend_on_order(turn: int) -> None:
    extras = (figure(OWN), figure(OWN, name="收入", verdict="review"))[::turn]
    rows = match_figures(CaseText(case=case_with()), extras)
    assert [(row.is_supported, row.errors) for row in rows][::turn] == [(True, ()), (False, ("duplicate",))]


def test_an_amount_that_stands_twice_in_a_quote_may_be_reported_twice() -> None:
    both = f"{OWN}，同比增长12.3%，{OTHER}"
    case = case_with((label(OWN),))
    assert counted(case, figure(both), figure(both, name="乙公司营收")) == Counts(correct=1)
    assert counted(case, figure(both), figure(both), figure(both)) == Counts(correct=1, spurious=1)


ERRORS: list[tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]] = [
    ({}, {"value": "300000"}, ("scale",)),
    ({}, {"value": "3100000000"}, ("digits",)),
    ({}, {"value": None}, ("digits",)),
    ({"value": "0"}, {}, ("digits",)),
    ({}, {"value": "-3000000000"}, ("digits",)),
    ({}, {"value_max": "5000000000"}, ("range_end",)),
    ({}, {"unit": "USD"}, ("currency",)),
    ({"unit": "SKU"}, {}, ("unit",)),
    ({}, {"unit": None}, ("unit",)),
    ({"unit": "%"}, {"unit": "百分点"}, ("percent_point",)),
    ({}, {"name": "利润"}, ("metric",)),
    ({"period": "2023"}, {"period": "2023-01"}, ("period",)),
    ({"period": "2023"}, {}, ("period",)),
    ({}, {"period": "2023"}, ("period",)),
    ({}, {"status": "target"}, ("status",)),
    ({"qualifier": "about"}, {}, ("qualifier_dropped",)),
    ({}, {"qualifier": "about"}, ("qualifier",)),
    ({}, {"unit": "USD", "status": "forecast"}, ("currency", "status")),
    ({"period": "2023", "period_accept": ("2023", None)}, {}, ()),
    ({"qualifier": "about", "qualifier_accept": ("about", "exact")}, {}, ()),
    ({"unit": "", "unit_accept": ("", None)}, {"unit": None}, ()),
]


@pytest.mark.parametrize(("gold", "given", "errors"), ERRORS)
def test_each_mistake_has_its_class(gold: dict[str, Any], given: dict[str, Any], errors: tuple[str, ...]) -> None:
    (row,) = match_figures(CaseText(case=case_with((label(OWN, **gold),))), (figure(OWN, **given),))
    assert row.kind == "matched"
    assert row.errors == errors


def test_a_piece_of_a_number_supports_nothing() -> None:
    text = CaseText(case=case_with())
    whole = figure("同比增长12.3%", amount="12.3%", value="12.3", unit="%")
    assert states_amount(text, whole)
    assert not states_amount(text, whole.model_copy(update={"amount": "2.3%", "value": "2.3"}))
    assert not states_amount(text, whole.model_copy(update={"evidence": (evidence("甲公司去年营收"),)}))


def test_a_value_that_the_article_states_elsewhere_supports_nothing() -> None:
    text = CaseText(case=case_with())
    assert states_amount(text, figure(OWN))
    assert not states_amount(text, figure(OWN, value="12.3", unit="%"))


def test_a_sum_without_a_currency_word_may_take_the_one_of_the_article() -> None:
    words = "甲公司总投资5亿，乙公司出资2亿美元。"
    text = CaseText(case=case_with(text=words))
    bare = figure(OWN, amount="5亿", value="500000000", unit="USD", evidence=(evidence("甲公司总投资5亿", words),))
    assert states_amount(text, bare)
    assert not states_amount(text, bare.model_copy(update={"unit": "CNY"}))


def test_a_label_without_offsets_is_found_over_other_white_space() -> None:
    text = "本项目年产3\u00a0万吨，年产3 万吨。"
    gold = label(OWN).model_copy(update={"quote": "年产3  万吨", "start": None, "end": None})
    spans = CaseText(case=case_with(text=text)).label_spans(gold)
    assert [text[start:end] for start, end in spans] == ["年产3\u00a0万吨", "年产3 万吨"]


def test_labels_of_a_marked_up_source_are_led_to_the_canonical_text() -> None:
    (case,) = load_cases(only=["d05"])
    text = CaseText(case=case)
    assert case.article.source_map is not None
    placed = [one for one in case.gold.key_figures if one.start is not None]
    assert placed
    for one in placed:
        start, end = text.label_spans(one)[0]
        assert text.text[start:end] == one.quote


def test_source_offsets_that_contradict_the_map_are_not_exact() -> None:
    (case,) = load_cases(only=["d05"])
    text = CaseText(case=case)
    assert case.article.source_map is not None
    span = text.label_spans(case.gold.deals[0])[0]
    low, high = case.article.source_map.to_source(*span)
    right = Evidence(quote=text.text[slice(*span)], start=span[0], end=span[1], source_start=low, source_end=high)
    wrong = right.model_copy(update={"source_start": low + 1})
    figures = tuple(figure(OWN, evidence=(one,)) for one in (right, wrong))
    record = ArticleRecord(article=case.article.info(), status="ok", key_figures=figures, run=RunInfo(engine="llm"))
    assert score_evidence(text, record) == Counts(correct=1, incorrect=1)


@pytest.mark.parametrize(
    ("some", "others", "share"),
    [([(0, 10)], [(5, 25)], 0.5), ([(0, 10)], [(10, 20)], 0.0), ([], [(0, 5)], 0.0), ([(0, 9), (2, 4)], [(1, 5)], 1.0)],
)
def test_overlap_is_a_share_of_the_shorter_span(
    some: list[tuple[int, int]], others: list[tuple[int, int]], share: float
) -> None:
    assert overlap(some, others) == share


def test_an_open_slot_is_not_a_right_one() -> None:
    assert slot_outcome((None,), None) == "unscored"
    assert slot_outcome(("x", None), None) == "correct"
    assert slot_outcome(("x",), None) == "missing"
    assert slot_outcome((None,), "x") == "spurious"
    assert slot_outcome((None, "x"), "x") == "correct"
    assert slot_outcome(("y", None), "x") == "incorrect"


def test_numbers_are_compared_as_numbers_and_blank_texts_hold_in_nothing() -> None:
    assert same_number("31.50", "31.5")
    assert not same_number("31.5", None)
    assert same_number("--11-18", "--11-18")
    assert not holds_either_way(" ", "南京")
    assert holds_either_way("（南京）", "(南京)市")
