"""Cases, results and runs for the tests of the harness: a small labelled article, and what a perfect record scores."""

from __future__ import annotations

from pathlib import Path

from evals.cases import Case, corpus_digest
from evals.gold import Gold
from evals.outcomes import (
    CaseResult,
    Counts,
    DealMatch,
    EvalRun,
    FactMatch,
    FigureMatch,
    Outcome,
    TermMatch,
)
from summarizer.articles import Article
from summarizer.records import ArticleRecord

TEXT = "11月18日，甲集团与乙公司签约，总投资约30亿元，占地6万平方米。甲集团优先使用乙公司的云服务。"
QUOTE = "甲集团与乙公司签约"


def make_case(name: str) -> Case:
    """Return a case with a key and a minor figure, a deal with a term, a fact and a tempting mistake."""
    figure = {"entity": "项目", "qualifier": "exact", "status": "actual"}
    money, area, term = "总投资约30亿元", "占地6万平方米", "甲集团优先使用乙公司的云服务"
    places = {quote: {"quote": quote, "start": TEXT.index(quote)} for quote in (money, area, term, QUOTE)}
    for quote, place in places.items():
        place["end"] = place["start"] + len(quote)
    gold = {
        "article_id": name,
        "language": "zh",
        "body": {"start": 0, "end": len(TEXT)},
        "summary": {
            "headline": "甲集团与乙公司签约",
            "abstract": "总投资约30亿元。",
            "must_mention": [{"fact": "签约", "accept": ["签约"], "weight": 3}],
            "must_not_claim": [{"claim": "2021年签约", "reject": ["2021"]}],
        },
        "key_figures": [
            figure | places[money] | {"name": "总投资", "value": "3000000000", "unit": "CNY", "importance": "key"}
            | {"name_accept": ["投资"], "qualifier": "about"},
            figure | places[area] | {"name": "占地面积", "value": "60000", "unit": "平方米", "importance": "minor"},
        ],
        "deals": [
            {
                "name": "甲乙合作",
                "type": "strategic_cooperation",
                "status": "signed",
                "parties": [{"name": "甲集团", "kind": "company"}, {"name": "乙公司", "kind": "company"}],
                "importance": "key",
                "terms": [places[term] | {"kind": "preference", "text": f"{term}。", "importance": "key"}],
                **places[QUOTE],
            }
        ],
    }  # fmt: skip
    article = Article.from_text(TEXT, id=name)
    return Case(id=name, path=Path(f"{name}.txt"), source=TEXT, article=article, gold=Gold.model_validate(gold))


def perfect(case: Case, record: ArticleRecord | None = None) -> CaseResult:
    """Return what a record without a mistake scores, whatever the record given."""
    return scored(case, record)


def scored(
    case: Case,
    record: ArticleRecord | None = None,
    *,
    figures: bool = True,
    terms: bool = True,
    facts: bool = True,
    claims: bool = False,
    counts: dict[str, Counts] | None = None,
) -> CaseResult:
    """Return what a record scores in which the figures, terms or facts are right or not, and a mistake made or not."""
    found: Outcome = "correct" if figures else "incorrect"
    gold = case.gold
    rows = [
        FigureMatch(
            kind="matched",
            gold=number,
            predicted=number,
            importance=one.importance,
            slots={"value": found, "unit": "correct", "metric": "correct", "qualifier": "incorrect"},
        )
        for number, one in enumerate(gold.key_figures)
    ]
    deals = [
        DealMatch(
            kind="matched",
            gold=number,
            predicted=number,
            importance=deal.importance,
            terms=tuple(
                TermMatch(kind="matched" if terms else "missing", gold=place, importance=term.importance)
                for place, term in enumerate(deal.terms)
            ),
        )
        for number, deal in enumerate(gold.deals)
    ]
    mentions = [
        FactMatch(kind="must_mention", text=one.fact, weight=1, is_hit=facts) for one in gold.summary.must_mention
    ]
    mistakes = [FactMatch(kind="must_not_claim", text=one.claim, is_hit=claims) for one in gold.summary.must_not_claim]
    keys = sum(one.importance == "key" for one in gold.key_figures)
    number = sum(len(deal.terms) for deal in gold.deals)
    counted = {
        "figures_core_f1": Counts(correct=keys) if figures else Counts(incorrect=keys),
        "figures_key_recall": Counts(correct=keys) if figures else Counts(incorrect=keys),
        "terms_f1": Counts(correct=number) if terms else Counts(missing=number),
        "must_mention": Counts(correct=len(mentions)) if facts else Counts(missing=len(mentions)),
        "must_not_claim": Counts(correct=sum(one.is_hit for one in mistakes)),
        "offsets_exact": Counts(correct=4),
        "unsupported_rate": Counts(incorrect=4),
    }
    return CaseResult(
        case=case.id,
        language=gold.language,
        counts=counted | (counts or {}),
        figures=tuple(rows),
        deals=tuple(deals),
        facts=(*mentions, *mistakes),
        record=record.model_dump(mode="json") if record is not None else None,
    )


def make_run(
    cases: list[Case], results: list[CaseResult], *, recordings: str | None = "same", model: str = "m"
) -> EvalRun:
    """Return a model run over the cases."""
    return EvalRun(
        system="llm", model=model, corpus=corpus_digest(cases), recordings=recordings, templates={"system": "1"},
        cases=tuple(results),
    )  # fmt: skip
