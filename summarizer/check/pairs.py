"""Whether two numbers of one sentence have changed places: by their words, by those of their items, by whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from summarizer.check.naming import are_related
from summarizer.check.places import Place, similarity
from summarizer.verify.fit import is_alike

if TYPE_CHECKING:
    from summarizer.check.amounts import Claim

# Two numbers have changed places where the words fit so much better the other way round, or so many words of their items.
_SWAP_MARGIN, _SWAP_WORDS = 0.05, 3


def fit_better_exchanged(claims: tuple[Claim, Claim], places: tuple[Place, Place]) -> bool:
    """Return whether each of two claims fits the other's place better: by all words, by those of its item, or by the names."""
    (one, other), (own, theirs) = claims, places
    pairs = ((one, own), (other, theirs), (one, theirs), (other, own))
    kept, kept_other, moved, moved_other = (
        similarity(claim.wording, place, with_names=True) or 0.0 for claim, place in pairs
    )
    if moved + moved_other > kept + kept_other + _SWAP_MARGIN and moved > kept and moved_other > kept_other:
        return True
    first, second, third, fourth = (len(claim.wording.item & place.wording.item) for claim, place in pairs)
    if third + fourth >= first + second + _SWAP_WORDS and third > first and fourth > second:
        return True
    named, named_other, exchanged_name, exchanged_other = (
        are_related(claim.wording.carried, place.wording.carried) for claim, place in pairs
    )
    if one.owner and other.owner and are_related(one.owner, theirs.wording.carried):
        return are_related(other.owner, own.wording.carried) and not (
            are_related(one.owner, own.wording.carried) or are_related(other.owner, theirs.wording.carried)
        )
    is_told = bool(one.wording.carried and other.wording.carried and own.wording.carried and theirs.wording.carried)
    is_exchanged = exchanged_name and exchanged_other and not named and not named_other
    return is_told and is_exchanged and is_same_measure(own, theirs)


def is_same_measure(one: Place, other: Place) -> bool:
    """Return whether the figures of two places are called alike."""
    return one.figure is not None and other.figure is not None and is_alike(one.figure.name, other.figure.name)
