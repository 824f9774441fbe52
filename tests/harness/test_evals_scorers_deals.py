"""Hard cases of deals, terms, people and summaries, each on an article of a line or two."""

from __future__ import annotations

from typing import Any

import pytest

from evals.gold import (
    GoldConsideration,
    GoldDeal,
    GoldParty,
    GoldSignatory,
    GoldTerm,
)
from evals.outcomes import CaseResult, Counts
from evals.scorers.deal_slots import score_people, score_slots
from evals.scorers.deals import match_deals
from evals.scorers.places import CaseText
from evals.scorers.summary import score_limits
from evals.scorers.support import states_term
from evals.scorers.terms import match_terms, term_counts
from evals.scoring import score_case
from summarizer.quantities import scan
from summarizer.records import (
    ArticleRecord,
    Consideration,
    Deal,
    Party,
    RunInfo,
    Signatory,
    Summary,
    Term,
)
from tests.harness.test_evals_scorers_figures import TEXT, case_with, evidence


def deal_label(*parties: str, **fields: Any) -> GoldDeal:
    quote = "甲公司与乙公司在南京签约"
    given = {"name": "签约", "type": "other", "status": "signed", "importance": "key", "quote": quote, "start": 0}
    own = tuple(GoldParty(name=name, kind="company") for name in parties or ("甲公司", "乙公司"))
    return GoldDeal(**{"end": len(quote), "parties": own} | given | fields)


def deal(*parties: str, **fields: Any) -> Deal:
    own = tuple(Party(name=name, kind="company") for name in parties or ("甲公司", "乙公司"))
    given = {"name": "签约", "type": "other", "status": "signed", "verdict": "verified", "parties": own}
    return Deal(**{"evidence": (evidence("甲公司与乙公司在南京签约"),)} | given | fields)


def test_a_whole_deal_is_not_torn_into_two_halves() -> None:
    case = case_with(deals=(deal_label("园区", "甲公司"), deal_label("园区", "乙公司")))
    rows = match_deals(CaseText(case=case), (deal("园区", "甲公司"), deal("甲公司", "丙公司", type="licence")))
    assert [(row.kind, row.gold, row.predicted) for row in rows] == [
        ("matched", 0, 0),
        ("missing", 1, None),
        ("extra", None, 1),
    ]


def test_a_deal_between_others_matches_only_where_place_and_type_agree() -> None:
    text = CaseText(case=case_with(deals=(deal_label(),)))
    far = (evidence("乙公司将投资3至5亿元"),)
    for predicted, kind in (
        (deal("丙", "丁"), "matched"),
        (deal("丙", "丁", type="licence"), "missing"),
        (deal("丙", "丁", evidence=far), "missing"),
        (deal("丙", "甲公司", evidence=far, type="licence"), "matched"),
    ):
        assert match_deals(text, (predicted,))[0].kind == kind


SUM = {"value": "300000000", "value_max": "500000000", "unit": "CNY", "qualifier": "range"}


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "correct"),
        ({"value": "300000000.0"}, "correct"),
        ({"value": "30000000"}, "incorrect"),
        ({"value_max": None}, "incorrect"),
        ({"unit": "USD"}, "incorrect"),
        ({"qualifier": "about"}, "incorrect"),
    ],
)
def test_a_sum_is_right_as_a_whole(changed: dict[str, Any], outcome: str) -> None:
    own = Consideration(amount="3至5亿元", **SUM | changed)
    label_of_sum = deal_label(consideration=GoldConsideration(**SUM))
    assert score_slots(label_of_sum, deal(consideration=own))["consideration"] == outcome


def test_full_width_case_and_blanks_make_no_other_party() -> None:
    slots = score_slots(deal_label("JD Cloud（上海）", "乙公司"), deal("乙公司", "ＪＤ  cloud (上海)"))
    assert slots["parties"] == "correct"


@pytest.mark.parametrize(
    ("gold", "given", "outcome"),
    [
        ("三年", "3年", "correct"),
        ("三年", "有效期三年，自2024年1月1日起", "correct"),
        ("12 years", "12-year", "correct"),
        ("三年", "36个月", "incorrect"),
        ("2025年7月至2027年6月", "2025年7月至2027年5月", "incorrect"),
        ("长期", "长期有效", "correct"),
        (None, "三年", "spurious"),
    ],
)
def test_durations_are_read_before_they_are_compared(gold: str | None, given: str, outcome: str) -> None:
    assert score_slots(deal_label(duration=gold), deal(duration=given))["duration"] == outcome


@pytest.mark.parametrize(
    ("title", "organization", "outcome"),
    [
        ("副总裁", "甲公司", "correct"),
        ("甲公司副总裁", None, "correct"),
        ("总裁", None, "correct"),
        ("首席执行官", "甲公司", "incorrect"),
        (None, "甲公司", "incorrect"),
    ],
)
def test_a_title_may_hold_its_organization(title: str | None, organization: str | None, outcome: str) -> None:
    own = deal_label(signatories=(GoldSignatory(name="李 明", title="副总裁", organization="甲公司", role="signed"),))
    person = Signatory(name="李明", title=title, organization=organization, role="signed")
    assert score_people(own, (person,)) == {"李 明": outcome}


def test_a_second_entry_of_a_person_does_not_hide_the_first() -> None:
    own = deal_label(signatories=(GoldSignatory(name="李明", role="signed"),))
    people = (Signatory(name="李明", role="attended"), Signatory(name="李明", role="signed"))
    assert score_people(own, people) == {"李明": "correct", "李明 (1)": "spurious"}


CLAUSE = "在同等条件下优先采购甲公司产品"


def term_label(quote: str, **fields: Any) -> GoldTerm:
    start = TEXT.index(quote)
    given = {"kind": "preference", "text": quote, "importance": "key", "obligor": "both"}
    return GoldTerm(**{"quote": quote, "start": start, "end": start + len(quote)} | given | fields)


def term(quote: str, **fields: Any) -> Term:
    given = {"kind": "preference", "text": quote, "verdict": "verified", "evidence": (evidence(quote),)}
    return Term(**given | fields)


def terms_of(labels: tuple[GoldTerm, ...], *terms: Term) -> tuple[Counts, list[tuple[int | None, int | None]]]:
    case = case_with(deals=(deal_label(terms=labels),))
    rows = match_deals(CaseText(case=case), (deal(terms=terms),))
    return term_counts(rows)["terms_f1"], [(row.gold, row.predicted) for row in rows[0].terms]


def test_terms_of_one_sentence_are_told_apart_by_their_text() -> None:
    sentence = "乙公司将投资3至5亿元，在同等条件下优先采购甲公司产品"
    labels = (term_label("乙公司将投资3至5亿元"), term_label(CLAUSE))
    terms = (term(sentence, text=CLAUSE), term(sentence, text="乙公司将投资3至5亿元"))
    assert terms_of(labels, *terms) == (Counts(correct=2), [(0, 1), (1, 0)])


def test_a_term_that_overlaps_less_than_half_is_another() -> None:
    assert terms_of((term_label(CLAUSE),), term("乙公司将投资3至5亿元，在同等"))[0] == Counts(missing=1, spurious=1)


def test_a_term_without_evidence_is_matched_by_its_text() -> None:
    assert terms_of((term_label(CLAUSE),), term(CLAUSE, evidence=()))[0] == Counts(correct=1)
    assert terms_of((term_label(CLAUSE),), term(CLAUSE, evidence=(), text="免收租金"))[0] == Counts(
        missing=1, spurious=1
    )


def test_pieces_of_a_minor_term_are_let_pass_and_pieces_of_a_key_one_are_not() -> None:
    pieces = (term("在同等条件下"), term("优先采购甲公司产品"))
    assert terms_of((term_label(CLAUSE, importance="minor"),), *pieces)[0] == Counts()
    assert terms_of((term_label(CLAUSE),), *pieces)[0] == Counts(correct=1, spurious=1)


def test_terms_of_a_minor_deal_count_nowhere() -> None:
    case = case_with(deals=(deal_label(importance="minor", terms=(term_label(CLAUSE),)),))
    for deals in ((), (deal(terms=(term("乙公司将投资3至5亿元"),)),)):
        assert term_counts(match_deals(CaseText(case=case), deals))["terms_f1"] == Counts()


def test_all_and_both_bind_the_same_two_parties() -> None:
    case = case_with(deals=(own := deal_label(terms=(term_label(CLAUSE, condition="同等条件下"),)),))
    (row,) = match_terms(CaseText(case=case), own, (term(CLAUSE, obligor="双方", condition="在同等条件下"),))
    assert row.slots == {"kind": "correct", "obligor": "correct", "condition": "correct"}


def test_a_term_with_a_number_of_its_own_is_not_supported() -> None:
    text = CaseText(case=case_with())
    assert states_term(text, term(CLAUSE))
    assert not states_term(text, term(CLAUSE, text="优先采购20台"))
    assert not states_term(text, term(CLAUSE, evidence=()))


@pytest.mark.parametrize(
    ("headline", "abstract", "kept"),
    [
        ("签" * 40, "约" * 200, 2),
        ("签" * 41, "约" * 201, 0),
        ("word " * 25, "word " * 120, 2),
        ("word " * 26, "word " * 121, 0),
        # A Chinese sentence with English names is measured in characters.
        ("甲公司与 Alderwick Renewables 就绿色氢能长期供应达成战略合作并在南京签约", "约", 1),
        ("", "约", 1),
    ],
)
def test_the_language_of_the_text_decides_its_limit(headline: str, abstract: str, kept: int) -> None:
    assert score_limits(Summary(headline=headline, abstract=abstract)) == Counts(correct=kept, incorrect=2 - kept)


def test_a_case_without_labels_and_finds_is_not_scored_but_an_invention_is() -> None:
    def scored(**parts: Any) -> CaseResult:
        case = case_with()
        record = ArticleRecord(article=case.article.info(), status="ok", run=RunInfo(engine="offline"), **parts)
        return score_case(case, record)

    nothing = scored(key_figures=(), deals=())
    assert not nothing.counts.keys() & {"figures_core_f1", "deals_f1", "terms_f1", "output_tokens"}
    assert nothing.reasons["output_tokens"] == "the run gave no token figures"
    assert scored(key_figures=(), deals=(deal("丙", "丁"),)).counts["deals_f1"] == Counts(spurious=1)


def test_the_text_of_these_tests_reads_as_they_say() -> None:
    read = [one.value for one in scan(TEXT)]
    assert {"3000000000", "12.3"} <= set(read)
