from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest

from evals.outcomes import METRICS, CaseResult, Counts, Form, Metric
from evals.statistics import EXACT_AT_MOST, compare, estimate

RECALL = Metric(name="recall", form="recall", says="")
COST = Metric(name="cost", form="mean", says="", is_lower_better=True)


def results(rights: Sequence[tuple[int, int]], name: str = "recall") -> list[CaseResult]:
    """Return a case for each pair of right and missing items."""
    return [
        CaseResult(case=f"c{number}", language="zh", counts={name: Counts(correct=right, missing=missing)})
        for number, (right, missing) in enumerate(rights)
    ]


@pytest.mark.parametrize("form", ["f1", "recall", "share", "mean"])
def test_an_estimate_is_the_micro_average_of_the_metric_itself(form: Form) -> None:
    draw = random.Random(form)
    metric = Metric(name="m", form=form, says="")
    counts = [Counts(**{name: draw.randint(0, 5) for name in Counts.model_fields}) for _ in range(9)]
    cases = [CaseResult(case=str(number), language="zh", counts={"m": one}) for number, one in enumerate(counts)]
    found = estimate(metric, cases)
    assert found.value == metric.value(counts)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high
    compared = compare(metric, cases, cases)
    assert compared.before == compared.after == pytest.approx(found.value)
    assert compared.p == 1.0


def test_an_interval_is_the_same_each_time_and_narrows_with_more_articles() -> None:
    rights = [(8, 2), (9, 1), (10, 0), (5, 5), (9, 1), (10, 0), (7, 3), (10, 0)]
    few, again, many = (estimate(RECALL, results(rights * times)) for times in (1, 1, 8))
    assert few == again
    assert few.low is not None
    assert few.high is not None
    assert many.low is not None
    assert many.high is not None
    assert many.high - many.low < (few.high - few.low) / 2
    assert (few.items, few.articles) == (80, 8)


def test_one_article_alone_has_a_value_and_no_interval() -> None:
    found = estimate(RECALL, results([(3, 1)]))
    assert (found.value, found.low, found.high, found.detectable) == (0.75, None, None, None)


def test_what_was_not_scored_is_none_and_not_zero() -> None:
    found = estimate(RECALL, results([(1, 0)], "another"))
    assert (found.value, found.articles) == (None, 0)
    assert compare(RECALL, results([(1, 0)], "another"), results([(1, 0)])).before is None


def test_the_exact_test_counts_every_way_to_exchange_the_articles() -> None:
    before = [(10, 0), (9, 1), (10, 0), (8, 2), (10, 0)]
    after = [(8, 2), (8, 2), (9, 1), (9, 1), (7, 3)]
    difference = abs(sum(a for a, _ in after) - sum(b for b, _ in before))
    ways = [
        abs(sum((a - b) * sign for (b, _), (a, _), sign in zip(before, after, signs, strict=True)))
        for signs in itertools.product((1, -1), repeat=5)
    ]
    expected = sum(way >= difference for way in ways) / len(ways)
    compared = compare(RECALL, results(before), results(after))
    assert compared.p == pytest.approx(expected)
    assert compared.difference == pytest.approx(-difference / 50)
    assert compared.is_worse


def test_six_articles_on_one_side_are_the_least_that_is_significant() -> None:
    for number, p in ((5, 2 / 32), (6, 2 / 64)):
        compared = compare(RECALL, results([(10, 0)] * number), results([(9, 1)] * number))
        assert compared.p == pytest.approx(p)
    assert estimate(RECALL, results([(9, 1), (8, 2)] * 2)).detectable is None
    assert estimate(RECALL, results([(10, 0)] * 6)).detectable == pytest.approx(6 / 60)


def test_articles_that_are_equal_leave_the_test_exact_however_many() -> None:
    same = [(5, 5)] * 40
    compared = compare(RECALL, results([*same, *[(10, 0)] * 3]), results([*same, *[(9, 1)] * 3]))
    assert compared.p == pytest.approx(2 / 8)
    assert compared.articles == 43


def test_many_articles_are_tested_by_seeded_draws() -> None:
    number = EXACT_AT_MOST.bit_length() + 5
    before, after = [(10, 0)] * number, [(9, 1)] * (number - 2) + [(10, 0)] * 2
    worse = compare(RECALL, results(before), results(after))
    assert worse == compare(RECALL, results(before), results(after))
    assert worse.p is not None
    assert 0 < worse.p < 0.01
    noise = compare(RECALL, results([(10, 0), (9, 1)] * 10), results([(9, 1), (10, 0)] * 10))
    assert noise.p == 1.0


def test_only_articles_of_both_runs_are_compared() -> None:
    compared = compare(RECALL, results([(1, 0), (1, 0), (0, 9)]), results([(1, 0), (0, 1)]))
    assert (compared.before, compared.after, compared.articles) == (1.0, 0.5, 2)


def test_a_case_that_could_not_be_run_is_not_compared() -> None:
    broken = CaseResult(case="c1", language="zh", error="KeyError at a.py:1")
    compared = compare(RECALL, results([(1, 0), (0, 1)]), [results([(1, 0)])[0], broken])
    assert (compared.before, compared.articles) == (1.0, 1)


def test_a_cost_that_rises_is_worse() -> None:
    compared = compare(COST, results([(1, 0)], "cost"), results([(2, 0)], "cost"))
    assert compared.is_worse
    assert not compare(COST, results([(2, 0)], "cost"), results([(1, 0)], "cost")).is_worse


def test_every_metric_of_the_report_can_be_estimated() -> None:
    counts = {metric.name: Counts(correct=2, incorrect=1) for metric in METRICS}
    cases = [CaseResult(case=str(number), language="zh", counts=counts) for number in range(3)]
    assert all(estimate(metric, cases).value is not None for metric in METRICS)
