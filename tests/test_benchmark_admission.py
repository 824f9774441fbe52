"""The admission benchmark as a floor: what it has reached must not be lost unseen."""

import pytest

from benchmarks.admission import Tally, judge_all

# Reached 98.8 % and 0.5 %; the goals are 99 % and 1 %. A change that moves these on purpose moves them here.
LEAST_TRUE = 0.985
MOST_FALSE = 0.0055


@pytest.fixture(scope="module")
def tally() -> Tally:
    return judge_all()


def test_thousands_of_claims_are_judged(tally: Tally) -> None:
    assert sum(tally.claims.values()) > 7_000


def test_no_changed_digit_scale_currency_or_year_is_admitted(tally: Tally) -> None:
    assert tally.never == 0


def test_true_claims_are_admitted_and_false_ones_are_not(tally: Tally) -> None:
    assert tally.share(of_true=True) >= LEAST_TRUE
    assert tally.share(of_true=False) <= MOST_FALSE
