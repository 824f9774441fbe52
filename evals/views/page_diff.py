"""What changed between two runs: each metric before and now, and the items won and lost, case by case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.cases import Case, corpus_digest
from evals.items import claims_made, describe_item, right_items
from evals.outcomes import METRICS, CaseResult, EvalRun, Metric
from evals.statistics import Comparison, compare
from evals.views.page_scores import Chart, Score, chart_of, value_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One metric over the cases of both runs. `verdict` is `better`, `worse`, `same`, or empty where it cannot be said.

    `p` and `detectable` (the smallest difference that these cases would show) are those of `statistics.compare`.
    """

    metric: Metric
    before: str
    now: str
    difference: str
    verdict: str
    p: str
    detectable: str
    chart: Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An item won or lost; `item` is its row in the present run, empty where it has none."""

    says: str
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """What one case won and lost; `extras` is the number of figures and deals without a label, before and now."""

    case: str
    won: tuple[Turn, ...]
    lost: tuple[Turn, ...]
    extras: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An earlier run and the present one; `cautions` say what keeps them from being compared fully.

    `cases` is None where single items are not compared, and else holds the cases in which something changed.
    """

    before: EvalRun
    now: EvalRun
    cautions: tuple[str, ...]
    changes: tuple[Change, ...]
    cases: tuple[CaseChange, ...] | None


def difference_of(before: EvalRun, now: EvalRun, cases: Sequence[Case]) -> Difference:
    """Compare two runs by metric and, where all is over the same articles and labels, item by item (items as the gate's)."""
    return Difference(
        before=before,
        now=now,
        cautions=tuple(_cautions(before, now)),
        changes=tuple(_changes(before, now)),
        cases=_case_changes(before, now, cases) if before.corpus == now.corpus and is_over(now, cases) else None,
    )


def is_over(run: EvalRun, cases: Sequence[Case]) -> bool:
    """Return whether a run's cases are among `cases` and have not changed since, so that its items can be named."""
    ids = {result.case for result in run.cases}
    return corpus_digest([case for case in cases if case.id in ids]) == run.corpus


def _case_changes(before: EvalRun, now: EvalRun, cases: Sequence[Case]) -> tuple[CaseChange, ...]:
    earlier = {result.case: result for result in before.cases}
    results = {result.case: result for result in now.cases}
    both = (case for case in cases if case.id in earlier and case.id in results)
    changes = (_case_change(earlier[case.id], results[case.id], case) for case in both)
    return tuple(one for one in changes if one.won or one.lost or one.extras[0] != one.extras[1])


def _cautions(before: EvalRun, now: EvalRun) -> Iterator[str]:
    if before.corpus != now.corpus:
        yield "Articles or labels changed between the runs, so single items are not compared."
    if (before.system, before.model) != (now.system, now.model):
        models = [f"{run.system} ({run.model or 'no model'})" for run in (before, now)]
        yield f"Before it was {models[0]}, now it is {models[1]}."
    old, new = ({result.case for result in run.cases} for run in (before, now))
    for name, only in (("before", old - new), ("now", new - old)):
        if only:
            yield f"Only in the run {name}: {', '.join(sorted(only))}."


def _changes(before: EvalRun, now: EvalRun) -> Iterator[Change]:
    for metric in METRICS:
        compared = compare(metric, before.cases, now.cases)
        if compared.before is None and compared.after is None:
            continue
        scores = [
            Score(system=name, value=value, text=value_text(metric, value))
            for name, value in (("before", compared.before), ("now", compared.after))
        ]
        yield Change(
            metric=metric,
            before=scores[0].text,
            now=scores[1].text,
            difference=_difference(compared),
            verdict=_verdict(compared),
            p=_three(compared.p),
            detectable=_three(compared.detectable),
            chart=chart_of(metric, scores, in_one_lane=True),
        )


def _three(value: float | None) -> str:
    return "" if value is None else f"{value:,.3f}"


def _difference(compared: Comparison) -> str:
    verdict = _verdict(compared)
    return verdict if verdict in ("", "same") else f"{compared.difference:+,.3f} {verdict}"


def _verdict(compared: Comparison) -> str:
    if compared.difference is None:
        return ""
    if compared.is_worse:
        return "worse"
    return "better" if compared.difference else "same"


def _case_change(before: CaseResult, now: CaseResult, case: Case) -> CaseChange:
    had, has = right_items(before), right_items(now)
    made, makes = set(claims_made(before)), set(claims_made(now))
    rows = _rows(now)

    def turns(items: frozenset[str], claims: set[str], words: str) -> tuple[Turn, ...]:
        found = [Turn(says=describe_item(item, case.gold), item=rows.get(item, "")) for item in sorted(items)]
        return (*found, *(Turn(says=f"{words} {claim!r}") for claim in sorted(claims)))

    return CaseChange(
        case=now.case,
        won=turns(has - had, made - makes, "no longer claims"),
        lost=turns(had - has, makes - made, "claims"),
        extras=(_extras(before), _extras(now)),
    )


def _rows(result: CaseResult) -> dict[str, str]:
    """Return the row of the page of each item, by the item's name."""
    rows = {f"figure {match.gold}": f"figure-{number}" for number, match in enumerate(result.figures, start=1)}
    for number, deal in enumerate(result.deals, start=1):
        rows[f"deal {deal.gold}"] = f"deal-{number}"
        for place, term in enumerate(deal.terms, start=1):
            rows[f"deal {deal.gold} term {term.gold}"] = f"term-{number}-{place}"
    return rows


def _extras(result: CaseResult) -> int:
    kinds = [match.kind for match in result.figures] + [match.kind for match in result.deals]
    return kinds.count("extra")
