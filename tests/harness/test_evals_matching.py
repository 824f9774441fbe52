"""The assignment: optimal where greedy fails, and an order of pairs in which a higher level always wins."""

from __future__ import annotations

import time
from itertools import permutations, product

import pytest
from hypothesis import given, settings, strategies as st

from evals.matching import assign, rank


def weigh(weights: list[list[int]], pairs: list[tuple[int, int]]) -> int:
    return sum(weights[row][column] for row, column in pairs)


def greedy(weights: list[list[int]]) -> int:
    total, rows, columns = 0, set(), set()
    cells = product(range(len(weights)), range(len(weights[0])))
    for row, column in sorted(cells, key=lambda cell: -weights[cell[0]][cell[1]]):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            total += weights[row][column]
    return total


def test_the_assignment_is_optimal_where_greedy_fails() -> None:
    weights = [[9, 8, 0], [8, 0, 0], [7, 0, 6]]
    assert assign(weights) == [(0, 1), (1, 0), (2, 2)]
    assert weigh(weights, assign(weights)) == 22 > greedy(weights) == 15


def test_a_weight_of_nothing_leaves_both_alone() -> None:
    assert assign([[0, 0], [0, 3]]) == [(1, 1)]


@pytest.mark.parametrize("nothing", [[], [[]], [[], []]])
def test_an_empty_side_has_no_pairs(nothing: list[list[int]]) -> None:
    assert assign(nothing) == []


@pytest.mark.parametrize("weights", [[[-1]], [[2**53]], [[2**52, 2**52], [1, 1]]])
def test_weights_that_the_solver_cannot_hold_exactly_are_refused(weights: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="weights reach from"):
        assign(weights)


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_no_other_pairing_weighs_more(weights: list[list[int]]) -> None:
    best = max(
        sum(weights[row][column] for row, column in enumerate(columns))
        for columns in permutations(range(3), len(weights))
    )
    pairs = assign(weights)
    assert weigh(weights, pairs) == best
    assert len({column for _, column in pairs}) == len(pairs)


def test_a_higher_level_outweighs_all_lower_ones_together() -> None:
    levels = (1, 4, 2)
    order = [rank(*zip(values, levels, strict=True)) for values in product(*(range(largest + 1) for largest in levels))]
    assert order == sorted(set(order))


def test_a_level_beyond_its_largest_value_is_refused() -> None:
    with pytest.raises(ValueError, match="level 5 is not within 0 to 4"):
        rank((5, 4))


def test_a_hundred_by_a_hundred_takes_no_time() -> None:
    weights = [[(row * 37 + column * 91) % 997 for column in range(100)] for row in range(100)]
    started = time.perf_counter()
    assert len(assign(weights)) == 100
    assert time.perf_counter() - started < 1
