"""The scorer tested by faults: perfect records spoilt one way at a time, and exactly the right metrics move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from evals.cases import Case
from evals.outcomes import CaseResult
from evals.scoring import score_case
from summarizer.records import (
    ArticleRecord,
    Audit,
    Deal,
    ErrorInfo,
    Party,
    ProseQuantity,
    Signatory,
)
from tests.harness.test_evals_scoring_perfect import case_of, evidence_at, perfect_record, values_of


def movements(before: CaseResult, after: CaseResult) -> set[str]:
    """Return the metrics whose value moved: `+name` up, `-name` down, `?name` scored in one of the two only."""
    old, new = values_of(before), values_of(after)
    moved = {f"?{name}" for name in old.keys() ^ new.keys()}
    for name in old.keys() & new.keys():
        first, second = old[name], new[name]
        if first != second:
            moved.add("?" + name if first is None or second is None else ("+" if second > first else "-") + name)
    return moved


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A record in the making of a mutation, with its case beside it."""

    case: Case
    record: ArticleRecord

    def change(self, **parts: Any) -> ArticleRecord:
        return self.record.model_copy(update=parts)

    def figure(self, index: int, **fields: Any) -> ArticleRecord:
        return self.change(key_figures=replaced(self.record.key_figures or (), index, **fields))

    def without_figure(self, index: int) -> ArticleRecord:
        return self.change(key_figures=without(self.record.key_figures or (), index))

    def and_figure(self, index: int, **fields: Any) -> ArticleRecord:
        """Add a copy of one figure with other fields."""
        figures = self.record.key_figures or ()
        return self.change(key_figures=(*figures, figures[index].model_copy(update=fields)))

    def deal(self, index: int, **fields: Any) -> ArticleRecord:
        return self.change(deals=replaced(self.deals, index, **fields))

    def and_deal(self, **fields: Any) -> ArticleRecord:
        """Add a deal that the article does not report, between two companies that it does not name."""
        parties = (Party(name="无中公司", kind="company"), Party(name="生有集团", kind="company"))
        given: dict[str, Any] = {"verdict": "review", "evidence": (evidence_at(self.case, "总部位于"),)} | fields
        return self.change(
            deals=(*self.deals, Deal(name="虚构", type="licence", status="signed", parties=parties, **given))
        )

    def summary(self, **fields: str) -> ArticleRecord:
        assert self.record.summary
        return self.change(summary=self.record.summary.model_copy(update=fields))

    def article(self, **fields: str | None) -> ArticleRecord:
        return self.change(article=self.record.article.model_copy(update=fields))

    def run(self, **fields: int | None) -> ArticleRecord:
        return self.change(run=self.record.run.model_copy(update=fields))

    @property
    def deals(self) -> tuple[Deal, ...]:
        return self.record.deals or ()


def replaced(items: tuple[Any, ...], index: int, **fields: Any) -> tuple[Any, ...]:
    return tuple(one.model_copy(update=fields) if at == index else one for at, one in enumerate(items))


def without(items: tuple[Any, ...], index: int) -> tuple[Any, ...]:
    return items[:index] + items[index + 1 :]


def with_countries(edit: Edit) -> ArticleRecord:
    evidence = evidence_at(edit.case, "more than 9,400 people in 27 countries")
    plain = {"value": "27", "unit": "countries", "qualifier": "exact", "status": "actual", "period": None}
    return edit.and_figure(
        0, name="countries", entity="Halvorsen", amount="27 countries", evidence=(evidence,), **plain
    )


def turned_round(edit: Edit) -> ArticleRecord:
    deals = tuple(
        deal.model_copy(update={"terms": deal.terms[::-1], "parties": deal.parties[::-1], "areas": deal.areas[::-1]})
        for deal in edit.deals[::-1]
    )
    return edit.change(key_figures=(edit.record.key_figures or ())[::-1], deals=deals)


def with_sum(edit: Edit, value: str, words: str) -> ArticleRecord:
    own = edit.deals[0].consideration
    assert own
    given = {"value": value, "amount": words, "evidence": (evidence_at(edit.case, words),), "qualifier": "exact"}
    return edit.deal(0, consideration=own.model_copy(update=given))


def with_shifted_evidence(edit: Edit) -> ArticleRecord:
    own = (edit.record.key_figures or ())[5].evidence[0]
    return edit.figure(5, evidence=(own.model_copy(update={"start": own.start + 1, "end": own.end + 1}),))


def with_term(edit: Edit, **fields: Any) -> ArticleRecord:
    given = {"text": "杏笺", "evidence": (evidence_at(edit.case, "此前双方已在岭济第一医院试点三个月"),)} | fields
    terms = edit.deals[0].terms
    return edit.deal(0, terms=(*terms, terms[0].model_copy(update=given)))


def with_people(edit: Edit, index: int, **fields: Any) -> ArticleRecord:
    return edit.deal(0, signatories=replaced(edit.deals[0].signatories, index, **fields))


def failed(edit: Edit) -> ArticleRecord:
    error = ErrorInfo(kind="refused", message="the provider declined")
    parts = {"status": "failed", "error": error, "summary": None, "key_figures": None, "deals": None, "audit": None}
    return edit.change(**parts)


FULL = {"-figures_full_f1"}
SPURIOUS = {"-figures_core_f1", *FULL}
FIGURE = {*SPURIOUS, "-figures_key_recall"}
UNSUPPORTED = {"+unsupported_rate"}
SLOT = {"-deal_slots_f1"}
PEOPLE = {"-signatories_f1"}
TERM = {"-terms_f1", "-terms_recall"}
NOTHING: set[str] = set()
MUTATIONS: list[tuple[str, str, Callable[[Edit], ArticleRecord], set[str]]] = [
    ("a key figure dropped", "d02", lambda e: e.without_figure(5), FIGURE),
    ("a minor figure dropped", "d02", lambda e: e.without_figure(3), NOTHING),
    ("a key figure rejected", "d02", lambda e: e.figure(5, verdict="rejected"), FIGURE),
    ("a key figure to review", "d02", lambda e: e.figure(5, verdict="review"), NOTHING),
    ("万 for 百", "d02", lambda e: e.figure(5, value="40000000000"), FIGURE | UNSUPPORTED),
    ("a digit changed", "d02", lambda e: e.figure(5, value="4100000"), FIGURE | UNSUPPORTED),
    ("no value", "d02", lambda e: e.figure(5, value=None), FIGURE | UNSUPPORTED),
    ("an end of the range lost", "d04", lambda e: e.figure(47, value_max=None), NOTHING),
    ("currency swapped", "d01", lambda e: e.figure(0, unit="CNY"), FIGURE | UNSUPPORTED),
    ("百分点 for %", "d02", lambda e: e.figure(17, unit="百分点"), FIGURE | UNSUPPORTED),
    ("another unit", "d02", lambda e: e.figure(5, unit="人"), FIGURE | UNSUPPORTED),
    ("no unit", "d02", lambda e: e.figure(5, unit=None), FIGURE | UNSUPPORTED),
    ("an accepted unit", "d02", lambda e: e.figure(4, unit="所"), NOTHING),
    ("an accepted value", "d01", lambda e: e.figure(3, value="31.5"), NOTHING),
    ("another metric", "d02", lambda e: e.figure(5, name="员工人数"), FIGURE),
    ("the metric in the entity", "d02", lambda e: e.figure(5, name="数量", entity="年质控病历"), NOTHING),
    ("a qualifier dropped", "d02", lambda e: e.figure(5, qualifier="exact"), FULL),
    ("a qualifier changed", "d02", lambda e: e.figure(5, qualifier="at_most"), FULL),
    ("another period", "d02", lambda e: e.figure(5, period="2026"), FULL),
    ("a period lost", "d02", lambda e: e.figure(5, period=None), FULL),
    ("a period invented", "d02", lambda e: e.figure(6, period="2024"), FULL),
    ("a period too precise", "d02", lambda e: e.figure(5, period="2027-12"), FULL),
    ("an accepted period", "d02", lambda e: e.figure(5, period="2027-01/2027-12"), NOTHING),
    ("planned told as done", "d02", lambda e: e.figure(5, status="actual"), FULL),
    ("an accepted status", "d02", lambda e: e.figure(9, status="actual"), NOTHING),
    ("a figure twice", "d02", lambda e: e.and_figure(5), SPURIOUS),
    ("an invented figure", "d02", lambda e: e.and_figure(5, amount="77亿元", value="77"), SPURIOUS | UNSUPPORTED),
    ("an invented figure to review", "d02", lambda e: e.and_figure(5, value="77", verdict="review"), SPURIOUS),
    ("a true figure that no label has", "d01", with_countries, NOTHING),
    ("all lists turned round", "d02", turned_round, NOTHING),
    ("all lists turned round in a park of eight", "d06", turned_round, NOTHING),
    ("a deal dropped", "004", lambda e: e.change(deals=e.deals[1:]), {"-deals_f1", *TERM}),
    ("a minor deal dropped", "d02", lambda e: e.change(deals=e.deals[:-1]), NOTHING),
    ("a deal rejected", "004", lambda e: e.deal(0, verdict="rejected"), {"-deals_f1", *TERM}),
    ("a deal invented", "d02", lambda e: e.and_deal(), {"-deals_f1"}),
    ("a deal invented and verified", "d02", lambda e: e.and_deal(verdict="verified"), {"-deals_f1", *UNSUPPORTED}),
    (
        "a deal invented with a term",
        "d02",
        lambda e: e.and_deal(terms=e.deals[0].terms[:1]),
        {"-deals_f1", "-terms_f1"},
    ),
    (
        "a party invented",
        "d02",
        lambda e: e.deal(0, parties=(*e.deals[0].parties, Party(name="无中公司", kind="company"))),
        SLOT | UNSUPPORTED,
    ),
    (
        "a party taken from another deal",
        "d02",
        lambda e: e.deal(0, parties=(e.deals[0].parties[0], Party(name="芷岸资本", kind="company"))),
        SLOT,
    ),
    ("a party lost", "d02", lambda e: e.deal(0, parties=e.deals[0].parties[:1]), SLOT),
    (
        "a party by its alias",
        "d02",
        lambda e: e.deal(0, parties=replaced(e.deals[0].parties, 0, name="澄衡 智能", aliases=())),
        NOTHING,
    ),
    (
        "a party that may be there",
        "d02",
        lambda e: e.deal(0, parties=(*e.deals[0].parties, Party(name="岭济第一医院", kind="institution"))),
        NOTHING,
    ),
    ("another type", "d02", lambda e: e.deal(0, type="research"), SLOT),
    ("intended told as signed", "d02", lambda e: e.deal(0, status="intended"), SLOT),
    ("another day", "d02", lambda e: e.deal(0, signed_on="--11-19"), SLOT),
    ("a year invented", "d02", lambda e: e.deal(0, signed_on="2022-11-18"), SLOT),
    ("a day less precise", "d02", lambda e: e.deal(0, signed_on="--11"), SLOT),
    ("a day lost", "d02", lambda e: e.deal(0, signed_on=None), SLOT),
    ("a day of effect where none is asked", "d02", lambda e: e.deal(0, effective_on="--11-18"), NOTHING),
    ("another place", "d02", lambda e: e.deal(0, place="杭州"), SLOT),
    ("a longer place", "d02", lambda e: e.deal(0, place="江西南昌"), NOTHING),
    ("an area lost", "d02", lambda e: e.deal(0, areas=e.deals[0].areas[1:]), SLOT),
    ("an area invented", "d02", lambda e: e.deal(0, areas=(*e.deals[0].areas, "量子计算")), SLOT),
    ("an area that may be there", "d02", lambda e: e.deal(0, areas=(*e.deals[0].areas, "慢阻肺")), NOTHING),
    ("the sum of another deal", "d01", lambda e: with_sum(e, "700000000", "$700 million"), SLOT),
    ("a sum misread", "d01", lambda e: with_sum(e, "1420000", "$1.42 billion"), SLOT | UNSUPPORTED),
    ("a sum lost", "d01", lambda e: e.deal(0, consideration=None), SLOT),
    ("an accepted lack of a sum", "d05", lambda e: e.deal(0, consideration=None), NOTHING),
    ("another duration", "d02", lambda e: e.deal(0, duration="五年"), SLOT),
    ("the same duration", "d02", lambda e: e.deal(0, duration="3 years"), NOTHING),
    ("a key term dropped", "d02", lambda e: e.deal(0, terms=e.deals[0].terms[1:]), TERM),
    ("a minor term dropped", "d02", lambda e: e.deal(0, terms=e.deals[0].terms[:-1]), NOTHING),
    ("a term of another kind", "d02", lambda e: e.deal(0, terms=replaced(e.deals[0].terms, 0, kind="target")), NOTHING),
    ("a term added", "d02", with_term, {"-terms_f1"}),
    ("a term with a number of its own", "d02", lambda e: with_term(e, text="每年400台"), {"-terms_f1", *UNSUPPORTED}),
    ("a signatory dropped", "d02", lambda e: e.deal(0, signatories=e.deals[0].signatories[1:]), PEOPLE),
    ("a witness told as signing", "d02", lambda e: with_people(e, 2, role="signed"), PEOPLE),
    ("another title", "d02", lambda e: with_people(e, 1, title="首席财务官"), PEOPLE),
    ("a title lost", "d02", lambda e: with_people(e, 1, title=None), PEOPLE),
    (
        "title and organization in one",
        "d02",
        lambda e: with_people(e, 0, title="岭济医疗集团副总裁", organization=None),
        NOTHING,
    ),
    (
        "a person who did not sign",
        "d02",
        lambda e: e.deal(0, signatories=(*e.deals[0].signatories, Signatory(name="邬以桐", role="attended"))),
        PEOPLE,
    ),
    (
        "a summary that says nothing",
        "d02",
        lambda e: e.summary(headline="一则消息", abstract="详见正文。"),
        {"-must_mention"},
    ),
    ("a guessed year", "d02", lambda e: e.summary(headline="2022年11月，澄衡与岭济签约"), {"+must_not_claim"}),
    ("a long headline", "d02", lambda e: e.summary(headline="澄衡智能与岭济医疗集团签约" * 4), {"-limits_kept"}),
    ("no headline", "d02", lambda e: e.summary(headline=" "), {"-limits_kept"}),
    ("offsets one too far", "d02", with_shifted_evidence, {"-offsets_exact"}),
    (
        "a number of the prose without support",
        "d02",
        lambda e: e.change(
            audit=Audit(prose=(*e.record.audit.prose, ProseQuantity(text="9", start=0, end=1, where="headline")))
        ),
        {"-numbers_faithful"},
    ),
    ("another title of the article", "d02", lambda e: e.article(title="页面标题"), {"-metadata"}),
    ("an invented publisher", "d02", lambda e: e.article(publisher="本网"), {"-metadata"}),
    ("the other form of the language", "d02", lambda e: e.article(language="zh-Hans"), NOTHING),
    ("a follow-up", "d02", lambda e: e.run(requests=2, follow_ups=1), {"+requests", "+follow_ups"}),
    ("a longer answer", "d02", lambda e: e.run(output_tokens=900), {"+output_tokens"}),
    (
        "no token figures",
        "d02",
        lambda e: e.run(input_tokens=None, output_tokens=None),
        {"?input_tokens", "?output_tokens"},
    ),
    (
        "an article that failed",
        "d02",
        failed,
        {
            *FIGURE,
            *TERM,
            *SLOT,
            *PEOPLE,
            "-deals_f1",
            "-must_mention",
            "?must_not_claim",
            "?limits_kept",
            "?numbers_faithful",
            "?offsets_exact",
            "?unsupported_rate",
        },
    ),
]


@pytest.mark.parametrize(
    ("prefix", "mutate", "moved"), [one[1:] for one in MUTATIONS], ids=[one[0] for one in MUTATIONS]
)
def test_exactly_the_right_metrics_move(prefix: str, mutate: Callable[[Edit], ArticleRecord], moved: set[str]) -> None:
    case = case_of(prefix)
    perfect = perfect_record(case)
    spoilt = mutate(Edit(case=case, record=perfect))
    assert spoilt != perfect, "the mutation changed nothing"
    assert movements(score_case(case, perfect), score_case(case, spoilt)) == moved


def test_a_failed_record_keeps_its_reason_and_its_cost() -> None:
    case = case_of("d02")
    result = score_case(case, failed(Edit(case=case, record=perfect_record(case))))
    assert result.error == "refused: the provider declined"
    assert result.counts["requests"].correct == 1
    assert result.counts["figures_core_f1"].missing == 13
    assert result.counts["signatories_f1"].missing == 4
    assert result.reasons["limits_kept"] == "the article failed"


def test_a_part_that_was_not_asked_for_is_not_scored() -> None:
    case = case_of("d02")
    result = score_case(case, perfect_record(case).model_copy(update={"key_figures": None, "summary": None}))
    assert not result.counts.keys() & {"figures_core_f1", "figures_key_recall", "must_mention", "limits_kept"}
    assert result.reasons["figures_core_f1"] == "the record was made without figures"
    assert result.counts["deals_f1"].correct == 1
