"""The page's tables over all cases: scores with intervals and charts, cases by metrics, slots and classes of mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evals.outcomes import METRICS, CaseResult, Counts, EvalRun, Metric, Outcome

Intervals = Mapping[tuple[str, str], tuple[float, float]]
OUTCOMES: Final[tuple[Outcome, ...]] = ("correct", "incorrect", "missing", "spurious", "unscored")
# Costs have no scale of good and bad, and a case's tokens say nothing about its quality.
_COSTS: Final = frozenset({"requests", "follow_ups", "output_tokens", "input_tokens", "answer_chars"})
_HEAT_FROM: Final = (0.5, 0.7, 0.85, 0.95, 1.0)
CHART_WIDTH: Final = 220
_MARGIN: Final = 8
_LANE: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One metric of one system, over all cases or one. `low` and `high` are None where no interval was given."""

    system: str
    value: float | None
    text: str
    low: float | None = None
    high: float | None = None
    interval: str = ""
    n: str = ""
    heat: int | None = None
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A value in a chart, all in pixels; `left` and `right` are the ends of its interval. Shape 0 is round, 1 square."""

    x: float
    y: float
    left: float | None
    right: float | None
    shape: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Dots with intervals on one axis that begins at 0; `ticks` are positions with their labels.

    `link` joins two dots that stand in one lane, None where each has its own.
    """

    height: int
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]
    says: str
    link: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """One metric with the scores of all systems, in the order of the runs."""

    metric: Metric
    scores: tuple[Score, ...]
    chart: Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case of one system: its scores in the order of the table's columns."""

    case: str
    language: str
    error: str | None
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRow:
    """How one slot fared over all pairs, by outcome in the order of `OUTCOMES`; `share` of the scored that is right."""

    name: str
    counts: tuple[int, ...]
    share: str


def score_rows(runs: Sequence[EvalRun], intervals: Intervals) -> tuple[ScoreRow, ...]:
    """Return a row for each metric that at least one run scored."""
    rows = []
    for metric in METRICS:
        scores = tuple(_overall(run, metric, intervals) for run in runs)
        if any(score.value is not None for score in scores):
            rows.append(ScoreRow(metric=metric, scores=scores, chart=chart_of(metric, scores)))
    return tuple(rows)


def _overall(run: EvalRun, metric: Metric, intervals: Intervals) -> Score:
    counts = run.counts_of(metric.name)
    bounds = intervals.get((run.system, metric.name))
    value = metric.value(counts)
    return Score(
        system=run.system,
        value=value,
        text=value_text(metric, value),
        low=bounds[0] if bounds else None,
        high=bounds[1] if bounds else None,
        interval=f"{value_text(metric, bounds[0])} to {value_text(metric, bounds[1])}" if bounds else "",
        n=_n_text(metric, counts),
    )


def value_text(metric: Metric, value: float | None) -> str:
    """Return a value for reading: three decimals for shares, two for means, none for large ones, a word for None."""
    if value is None:
        return "not scored"
    if metric.form != "mean":
        return f"{value:.3f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _n_text(metric: Metric, counts: Sequence[Counts]) -> str:
    total = sum(counts, Counts())
    cases = f"{len(counts)} case{'' if len(counts) == 1 else 's'}"
    if metric.form == "mean":
        return cases
    items = total.correct + total.incorrect if metric.form == "share" else total.possible
    return f"{items} in {cases}"


def chart_of(metric: Metric, scores: Sequence[Score], *, in_one_lane: bool = False) -> Chart:
    """Place the scores of one metric on an axis: 0 to 1 for shares, 0 to the largest value shown for means."""
    top = 1.0
    if metric.form == "mean":
        top = max((edge for score in scores for edge in (score.value, score.high) if edge), default=1.0)

    def x_of(value: float) -> float:
        return round(_MARGIN + (CHART_WIDTH - 2 * _MARGIN) * min(max(value / top, 0.0), 1.0), 1)

    dots = tuple(
        Dot(
            x=x_of(score.value),
            y=_LANE * ((0 if in_one_lane else lane) + 0.5),
            left=None if score.low is None else x_of(score.low),
            right=None if score.high is None else x_of(score.high),
            shape=lane % 2,
        )
        for lane, score in enumerate(scores)
        if score.value is not None
    )
    said = [f"{score.system} {score.text}{f' ({score.interval})' if score.interval else ''}" for score in scores]
    return Chart(
        height=_LANE * (1 if in_one_lane else len(scores)) + 12,
        dots=dots,
        ticks=tuple((x_of(at), f"{at:.2g}" if at < 10 else f"{at:,.0f}") for at in (0.0, top / 2, top)),
        says="; ".join(said),
        link=(dots[0].x, dots[-1].x) if in_one_lane and len(dots) > 1 else None,
    )


def case_metrics(runs: Sequence[EvalRun]) -> tuple[Metric, ...]:
    """Return the metrics of quality that at least one case of the runs scored."""
    scored = {name for run in runs for case in run.cases for name in case.counts}
    return tuple(metric for metric in METRICS if metric.name in scored and metric.name not in _COSTS)


def case_rows(run: EvalRun, metrics: Sequence[Metric]) -> tuple[CaseRow, ...]:
    """Return one run's cases with their scores in the order of `metrics`."""
    return tuple(
        CaseRow(
            case=case.case,
            language=case.language,
            error=case.error,
            scores=tuple(case_score(run.system, case, metric) for metric in metrics),
        )
        for case in run.cases
    )


def case_score(system: str, case: CaseResult, metric: Metric) -> Score:
    """Return one metric of one case, with its counts and the scorer's reason as `says`."""
    counts = case.counts.get(metric.name)
    reason = case.reasons.get(metric.name, "")
    value = metric.value([counts]) if counts else None
    if counts is None or value is None:
        return Score(system=system, value=None, text="–", says=reason or "not scored")
    said = _counts_text(metric, counts)
    return Score(
        system=system,
        value=value,
        text=f"{value:.2f}" if metric.form != "mean" else f"{value:,g}",
        heat=None if metric.name in _COSTS else _heat(metric, value),
        says="; ".join(part for part in (said, reason) if part),
    )


def _counts_text(metric: Metric, counts: Counts) -> str:
    if metric.form == "f1":
        return ", ".join(f"{name} {count}" for name, count in counts.model_dump().items() if count)
    if metric.form == "mean":
        return ""
    return f"{counts.correct} of {counts.possible if metric.form == 'recall' else counts.correct + counts.incorrect}"


def _heat(metric: Metric, value: float) -> int:
    goodness = 1 - min(value, 1.0) if metric.is_lower_better else value
    return sum(goodness >= edge for edge in _HEAT_FROM)


def slot_rows(slots: Iterable[Mapping[str, Outcome]]) -> tuple[SlotRow, ...]:
    """Count the outcomes of each slot, in the order in which slots are first met."""
    tallies: dict[str, Counter[Outcome]] = {}
    for one in slots:
        for name, outcome in one.items():
            tallies.setdefault(name, Counter())[outcome] += 1
    return tuple(
        SlotRow(name=name, counts=tuple(tally[outcome] for outcome in OUTCOMES), share=_share(tally))
        for name, tally in tallies.items()
    )


def _share(tally: Counter[Outcome]) -> str:
    scored = tally.total() - tally["unscored"]
    return f"{tally['correct'] / scored:.3f}" if scored else "not scored"


def figure_slots(run: EvalRun) -> Iterator[Mapping[str, Outcome]]:
    """Yield the slots of every row of figures."""
    return (match.slots for case in run.cases for match in case.figures)


def deal_slots(run: EvalRun) -> Iterator[Mapping[str, Outcome]]:
    """Yield the slots of every row of deals."""
    return (match.slots for case in run.cases for match in case.deals)


def term_slots(run: EvalRun) -> Iterator[Mapping[str, Outcome]]:
    """Yield the slots of every row of terms."""
    return (term.slots for case in run.cases for match in case.deals for term in match.terms)


def mistakes_by_class(run: EvalRun) -> tuple[tuple[str, int, dict[str, list[int]]], ...]:
    """Return each class of mistakes with how often it was made and where, the commonest first.

    Where: the rows of figures, numbered from 1, by case.
    """
    found: dict[str, dict[str, list[int]]] = {}
    for case in run.cases:
        for number, match in enumerate(case.figures, start=1):
            for error in match.errors:
                found.setdefault(error, {}).setdefault(case.case, []).append(number)
    counted = [(name, sum(map(len, places.values())), places) for name, places in found.items()]
    return tuple(sorted(counted, key=lambda one: (-one[1], one[0])))
