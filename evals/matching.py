"""Which label goes with which predicted item: one optimal one-to-one assignment, never greedy, never by position."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scipy.optimize import linear_sum_assignment

# The solver computes in doubles; whole numbers are exact up to here, and so is the optimum.
_EXACT: Final = 2**53


def assign(weights: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Return the pairs (row, column) whose weights have the largest sum, in order of rows.

    A weight of 0 says that the two may not be matched; rows and columns may stay alone. Cost: cubic in the shorter side,
    a millisecond for 100 by 100.

    Raises:
        ValueError: a weight is negative, or the sums leave the range in which the solver is exact.

    Example:
        >>> assign([[9, 8], [8, 0]])  # greedy would take the 9 and leave row 1 alone
        [(0, 1), (1, 0)]
    """
    if not weights or not weights[0]:
        return []
    lowest = min(min(row) for row in weights)
    highest = max(max(row) for row in weights)
    if lowest < 0 or highest * (min(len(weights), len(weights[0])) + 1) >= _EXACT:
        raise ValueError(f"weights reach from {lowest} to {highest}; expected none below 0 and no sum above 2**53")
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if weights[row][column]]


def rank(*levels: tuple[int, int]) -> int:
    """Return one number that orders pairs by their levels, the first level first.

    Each level is (value, its largest value); what stands behind never makes up for one step of what stands before.

    Example:
        >>> rank((1, 1), (0, 3)) > rank((0, 1), (3, 3))
        True
    """
    total = 0
    for value, largest in levels:
        if not 0 <= value <= largest:
            raise ValueError(f"level {value} is not within 0 to {largest}")
        total = total * (largest + 1) + value
    return total
