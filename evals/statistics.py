"""What the numbers can carry: intervals, a test of two runs against each other, the smallest difference that shows.

An article is the unit everywhere: its figures and terms are right or wrong together, so that resampling single items
would promise more than is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from evals.items import was_run
from evals.outcomes import CaseResult, Counts, Form, Metric

RESAMPLES: Final = 2_000
# All ways to exchange two runs are tried where there are at most so many, otherwise so many are drawn.
EXACT_AT_MOST: Final = 2**14
DRAWS: Final = 10_000
# 1.96 + 0.84: found at the 5 % level, two-sided, four times in five.
DETECTABLE_IN_ERRORS: Final = 2.8
# With fewer articles that differ, even all of them on one side, the test's p-value is 2 / 2^5 or more: not under .05.
LEAST_ARTICLES: Final = 6
_SEED: Final = 20_240
_ROUNDING: Final = 1e-12

Numbers = NDArray[np.float64]
Totals = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A metric over a run: its micro average with the 95 % interval, None where nothing was scored.

    `items` is what the average divides by: labelled items, checked items, or cases; `articles` how many were scored.
    The interval is None with a single article. `detectable` is the smallest difference to another run over these
    articles that would be found four times in five: 2.8 standard errors, supposing that the two runs' articles correlate
    by one half, and not less than one item in each of six articles; None with fewer articles, which show nothing.
    """

    metric: Metric
    value: float | None
    low: float | None = None
    high: float | None = None
    items: int = 0
    articles: int = 0
    detectable: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A metric in two runs over the articles that both have.

    `p` is the two-sided p-value of the paired permutation test, `detectable` the smallest difference that this pair of
    runs would show four times in five: 2.8 standard errors of the paired differences, with the limits of `Estimate`.
    """

    metric: Metric
    before: float | None
    after: float | None
    p: float | None
    articles: int
    detectable: float | None

    @property
    def difference(self) -> float | None:
        """`after` minus `before`."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def is_worse(self) -> bool:
        """Whether the metric went to the bad side, by however little."""
        difference = self.difference or 0.0
        return (difference > _ROUNDING) if self.metric.is_lower_better else (difference < -_ROUNDING)


def estimate(metric: Metric, cases: Sequence[CaseResult]) -> Estimate:
    """Return value and percentile bootstrap interval: 2,000 resamples of the articles, seeded."""
    counts = [case.counts[metric.name] for case in cases if metric.name in case.counts]
    value = metric.value(counts)
    if value is None:
        return Estimate(metric=metric, value=None, articles=len(counts))
    table = _table(counts)
    items = len(counts) if metric.form == "mean" else int(_bottom(metric.form, table.sum(axis=0)))
    if len(counts) < 2:
        return Estimate(metric=metric, value=value, items=items, articles=len(counts))
    values = _values(metric.form, table[_resamples(len(counts))].sum(axis=1), len(counts))
    low, high = np.nanpercentile(values, (2.5, 97.5))
    return Estimate(
        metric=metric,
        value=value,
        low=float(low),
        high=float(high),
        items=items,
        articles=len(counts),
        # Of two independent runs the difference has √2 standard errors; a correlation of one half takes the √2 away.
        detectable=_detectable(values, items, len(counts)),
    )


def compare(metric: Metric, before: Sequence[CaseResult], after: Sequence[CaseResult]) -> Comparison:
    """Hold two runs against each other on the articles that both have.

    The test asks how often a difference as large comes about when each article's counts are given to the two runs by
    the toss of a coin: all ways where they are at most 2^14, else 10,000 seeded draws.
    """
    first, second = _paired(metric.name, before, after)
    if not len(first):
        return Comparison(metric=metric, before=None, after=None, p=None, articles=0, detectable=None)
    values = [_value(metric.form, table) for table in (first, second)]
    p = None if None in values else _permutation_p(metric.form, first, second)
    return Comparison(
        metric=metric,
        before=values[0],
        after=values[1],
        p=p,
        articles=len(first),
        detectable=_paired_detectable(metric.form, first, second),
    )


def _paired(name: str, before: Sequence[CaseResult], after: Sequence[CaseResult]) -> tuple[Totals, Totals]:
    """Return the counts of the articles that both runs have; a metric scored in one of them only counts nothing there."""
    others = {case.case: case for case in after if was_run(case)}
    pairs = [(case.counts, others[case.case].counts) for case in before if was_run(case) and case.case in others]
    scored = [(one.get(name, Counts()), two.get(name, Counts())) for one, two in pairs if name in one or name in two]
    return _table([one for one, _ in scored]), _table([two for _, two in scored])


def _permutation_p(form: Form, first: Totals, second: Totals) -> float:
    articles = len(first)
    # Exchanging equal articles changes nothing, so that only those that differ are tossed for.
    change = (second - first)[(first != second).any(axis=1)]
    if not len(change):
        return 1.0
    is_exact = 2 ** len(change) <= EXACT_AT_MOST
    if is_exact:
        swaps = (np.arange(2 ** len(change))[:, None] >> np.arange(len(change))) & 1
    else:
        swaps = np.random.default_rng(_SEED).integers(0, 2, (DRAWS, len(change)))
    moved = swaps @ change
    tossed = _values(form, second.sum(axis=0) - moved, articles) - _values(form, first.sum(axis=0) + moved, articles)
    observed = _values(form, second.sum(axis=0)[None], articles) - _values(form, first.sum(axis=0)[None], articles)
    as_large = int((np.abs(np.nan_to_num(tossed)) >= abs(observed[0]) - _ROUNDING).sum())
    return as_large / len(swaps) if is_exact else (as_large + 1) / (len(swaps) + 1)


def _paired_detectable(form: Form, first: Totals, second: Totals) -> float | None:
    draws = _resamples(len(first))
    values = [_values(form, table[draws].sum(axis=1), len(first)) for table in (first, second)]
    items = len(first) if form == "mean" else int(_bottom(form, first.sum(axis=0)))
    return _detectable(values[1] - values[0], items, len(first))


def _detectable(resampled: Numbers, items: int, articles: int) -> float | None:
    if articles < LEAST_ARTICLES or not items or np.isnan(resampled).all():
        return None
    return max(DETECTABLE_IN_ERRORS * float(np.nanstd(resampled)), LEAST_ARTICLES / items)


def _resamples(articles: int) -> NDArray[np.int64]:
    return np.random.default_rng(_SEED).integers(0, articles, (RESAMPLES, articles))


def _table(counts: Sequence[Counts]) -> Totals:
    rows = [(one.correct, one.incorrect, one.missing, one.spurious) for one in counts]
    return np.array(rows, dtype=np.int64).reshape(-1, 4)


def _value(form: Form, table: Totals) -> float | None:
    value = float(_values(form, table.sum(axis=0)[None], len(table))[0])
    return None if np.isnan(value) else value


def _values(form: Form, totals: Totals, articles: int) -> Numbers:
    """Return `Metric.value` for many sums of counts at once, NaN where nothing was scored."""
    if form == "mean":
        return totals[..., 0] / articles
    top = totals[..., 0].astype(np.float64)
    bottom = _bottom(form, totals).astype(np.float64)
    if form == "f1":
        # Twice the correct ones by the sum of what is possible and what is actual.
        top, bottom = 2 * top, bottom + totals[..., 0] + totals[..., 1] + totals[..., 3]
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)


def _bottom(form: Form, totals: Totals) -> NDArray[np.int64]:
    """Return how many items the labels hold, for a share how many were checked."""
    known = totals[..., 0] + totals[..., 1]
    return np.asarray(known if form == "share" else known + totals[..., 2])
