"""Perfect records, made from the labels: what a system that agrees with every label would have written."""

from __future__ import annotations

import time
from functools import cache

import pytest

from evals.cases import Case, load_cases
from evals.gold import GoldDeal, GoldFigure, GoldQuoted
from evals.outcomes import METRICS, CaseResult, EvalRun
from evals.scorers.places import CaseText
from evals.scoring import score_case
from summarizer.records import (
    ArticleRecord,
    Audit,
    Consideration,
    Deal,
    Evidence,
    KeyFigure,
    Party,
    ProseQuantity,
    RunInfo,
    Signatory,
    Summary,
    Term,
)

COSTS = {"requests", "follow_ups", "input_tokens", "output_tokens", "answer_chars"}


@cache
def case_of(prefix: str) -> Case:
    return load_cases(only=[prefix])[0]


def span_evidence(case: Case, start: int, end: int) -> Evidence:
    return Evidence(quote=case.article.text[start:end], start=start, end=end)


def evidence_at(case: Case, words: str) -> Evidence:
    start = case.article.text.index(words)
    return span_evidence(case, start, start + len(words))


def evidence_of(text: CaseText, label: GoldQuoted) -> tuple[Evidence, ...]:
    return (span_evidence(text.case, *text.label_spans(label)[0]),)


def perfect_figure(text: CaseText, label: GoldFigure) -> KeyFigure:
    evidence = evidence_of(text, label)
    start, end = evidence[0].start, evidence[0].end
    read = [one.text for one in text.quantities if start <= one.start and one.end <= end and one.value == label.value]
    return KeyFigure(
        name=f"{label.name}",
        entity=label.entity,
        amount=read[0] if read else evidence[0].quote,
        value=label.value,
        value_max=label.value_max,
        unit=label.unit,
        qualifier=label.qualifier,
        period=label.period,
        status=label.status,
        evidence=evidence,
        verdict="verified",
    )


def perfect_deal(text: CaseText, label: GoldDeal) -> Deal:
    own = label.consideration
    return Deal(
        name=label.name,
        type=label.type,
        status=label.status,
        parties=tuple(Party(name=one.name, aliases=one.aliases, kind=one.kind) for one in label.parties),
        signed_on=label.signed_on,
        effective_on=label.effective_on,
        place=label.place,
        signatories=tuple(
            Signatory(name=one.name, title=one.title, organization=one.organization, role=one.role)
            for one in label.signatories
        ),
        areas=label.areas,
        consideration=own and Consideration(**own.model_dump(), amount=own.value, evidence=evidence_of(text, label)),
        duration=label.duration,
        terms=tuple(
            Term(
                **one.model_dump(include={"kind", "text", "obligor", "beneficiary", "condition"}),
                evidence=evidence_of(text, one),
                verdict="verified",
            )
            for one in label.terms
        ),
        evidence=evidence_of(text, label),
        verdict="verified",
    )


def perfect_record(case: Case) -> ArticleRecord:
    """Return what a system that agrees with every label would have written."""
    gold, text = case.gold, CaseText(case=case)
    known = {"title": gold.title, "publisher": gold.publisher, "published_on": gold.published_on}
    supports = span_evidence(case, gold.body.start, gold.body.start + 10)
    prose = ProseQuantity(text="1", start=0, end=1, where="abstract", supported_by=supports)
    return ArticleRecord(
        article=case.article.info().model_copy(update={**known, "language": gold.language}),
        status="ok",
        summary=Summary(headline=gold.summary.headline, abstract=gold.summary.abstract, verdict="verified"),
        key_figures=tuple(perfect_figure(text, label) for label in gold.key_figures),
        deals=tuple(perfect_deal(text, label) for label in gold.deals),
        audit=Audit(prose=(prose,)),
        run=RunInfo(engine="llm", requests=1, input_tokens=1000, output_tokens=500),
    )


def values_of(result: CaseResult) -> dict[str, float | None]:
    return {one.name: one.value([result.counts[one.name]]) for one in METRICS if one.name in result.counts}


@pytest.mark.parametrize("case", load_cases(), ids=lambda case: case.id)
def test_a_perfect_record_scores_perfectly(case: Case) -> None:
    result = score_case(case, perfect_record(case))
    wanted = {one.name: 0.0 if one.is_lower_better else 1.0 for one in METRICS if one.name not in COSTS}
    scored = {name: value for name, value in values_of(result).items() if name not in COSTS}
    assert scored == {name: wanted[name] for name in scored}
    assert wanted.keys() - scored.keys() <= result.reasons.keys()
    assert not [error for row in result.figures for error in row.errors]
    assert result.counts["must_mention"].correct == sum(fact.weight for fact in case.gold.summary.must_mention)


def test_all_cases_are_scored_in_seconds() -> None:
    records = [(case, perfect_record(case)) for case in load_cases()]
    started = time.process_time()
    results = tuple(score_case(case, record) for case, record in records)
    # Half a second on an idle machine; what this guards against is a matching that grows with the square of the articles.
    assert time.process_time() - started < 10
    run = EvalRun(system="llm", corpus="0" * 64, cases=results)
    assert EvalRun.model_validate_json(run.model_dump_json()) == run
