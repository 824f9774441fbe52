"""When one slot of a record equals a label's: the outcome, and the comparisons that several scorers share."""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final, TypeVar

from evals.outcomes import Counts, Outcome
from summarizer import quantities
from summarizer.verify.folding import fold

Label = TypeVar("Label")
Value = TypeVar("Value")
# What a slot may be for the item to count as right: an open slot takes nothing away.
RIGHT: Final[frozenset[Outcome]] = frozenset({"correct", "unscored"})


def slot_outcome(
    accepted: Sequence[Label | None],
    predicted: Value | None,
    is_same: Callable[[Label, Value], bool] = operator.eq,
) -> Outcome:
    """Return the outcome of a slot. `accepted` begins with the label's own value; None among it lets the slot stay empty."""
    own = accepted[0]
    if predicted is None:
        if own is None:
            return "unscored"
        return "correct" if None in accepted else "missing"
    if any(one is not None and is_same(one, predicted) for one in accepted):
        return "correct"
    return "spurious" if own is None else "incorrect"


def tally(outcomes: Iterable[Outcome]) -> Counts:
    """Return how many outcomes there are of each kind; `unscored` ones count nowhere."""
    found = Counter(outcomes)
    return Counts(
        correct=found["correct"], incorrect=found["incorrect"], missing=found["missing"], spurious=found["spurious"]
    )


def folded(text: str) -> str:
    """Return a copy for comparing: width, punctuation, white space and case folded."""
    return fold(text).text.casefold()


def holds_either_way(one: str, other: str) -> bool:
    """Return whether one text contains the other once both are folded; a blank text holds in nothing."""
    first, second = folded(one), folded(other)
    return bool(first and second) and (first in second or second in first)


def same_number(one: str | None, other: str | None) -> bool:
    """Return whether two decimal strings are the same number (31.5 and 31.50); None equals None only."""
    if one is None or other is None:
        return one is other
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return one == other


def same_unit(one: str | None, other: str | None) -> bool:
    """Return whether two unit words name the same unit; a blank word is none."""
    return quantities.same_unit(one or None, other or None)


def shared_pairs(one: str, other: str) -> float:
    """Return which share of the shorter text's character pairs the other text has too, 0 to 1; both are folded first."""
    first, second = _pairs(one), _pairs(other)
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter else 0.0


def matches_any(patterns: Iterable[str], *texts: str) -> bool:
    """Return whether one of the patterns is found in one of the texts."""
    return any(_compiled(pattern).search(text) for pattern in patterns for text in texts)


@cache
def _pairs(text: str) -> frozenset[str]:
    copy = folded(text)
    return frozenset(copy[at : at + 2] for at in range(len(copy) - 1))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
