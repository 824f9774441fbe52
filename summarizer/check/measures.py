"""Which of an article's amounts stands where the draft's does: another one, in the words that the draft's own never has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from summarizer.check.places import Place, Wording, similarity
from summarizer.check.slots import Slot, amount_slot, near_weight, of_clause, shared_weight, weight_of, without_numbers
from summarizer.verify.article_text import ArticleText

# Another amount fits the draft's slot so well, and the amount itself so much less, in the sentence and in the clause.
_FITS: Final = 0.2
_LESS: Final = 0.4
# What the slot's words must weigh, and how many of them the other must share.
_LEAST_WEIGHT: Final = 1.5
_LEAST_SHARED: Final = 2
# Or it fits the clause wholly, where the amount itself has none of it; or both well, where the amount has little.
_WHOLLY: Final = 0.9
_NOTHING: Final = 0.05
_WELL: Final = 0.5
_LITTLE: Final = 0.25
# Two amounts fit each other's slots, taken together, so much better than their own (2 at most), and by so much with the
# sides left aside; or, by so much, their own better.
_CROSSED: Final = 0.25
_CROSSED_NEAR: Final = 1.05
_KEPT: Final = 1.2
# The wording that counts names and figures, sides left aside, must say so too.
_AGREES: Final = 0.5
# What is only compared with: its words are those of what is told.
_COMPARED = re.compile(r"(?:[比较較从從由]|\b(?:than|from|against|versus|to)\b)[^，。；,;]{0,4}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An amount of the draft: its slot in the sentence, the same of its clause alone, and the words before it."""

    whole: Slot
    clause: Slot
    before: str

    @classmethod
    def of(cls, draft: ArticleText, slot: Slot) -> Wanted:
        """Prepare the slot of an amount of the draft."""
        return cls(whole=slot, clause=of_clause(draft, slot), before=draft.text[slot.clause[0] : slot.start])

    def without_numbers(self) -> Wanted:
        """Return the slots with their words alone."""
        return replace(self, whole=without_numbers(self.whole), clause=without_numbers(self.clause))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """How well a place fits, 0 to 1: in the whole sentence, in the clause, and in the sentence with the sides left aside."""

    whole: float
    clause: float
    near: float


class Measures:
    """The slots of the amounts of articles, made when they are first asked for."""

    def __init__(self) -> None:
        self._slots: dict[tuple[str, int], Slot] = {}

    def meant(self, wanted: Wanted, wording: Wording, own: Sequence[Place], rivals: Iterable[Place]) -> Place | None:
        """Return the amount that the draft's words are those of, where `own`, the places of the draft's own, have not.

        Args:
            wanted: the slots of the draft's amount.
            wording: its wording.
            own: where articles state the draft's amount.
            rivals: the other amounts that it may have been meant for.
        """
        if (
            not own
            or any(one.wording.is_chinese != wording.is_chinese for one in own)
            or _COMPARED.search(wanted.before)
        ):
            return None
        values = {one.quantity.value for one in own}
        others = [(self._fit(wanted, one), one) for one in rivals if one.quantity.value not in values]
        if not others:
            return None
        best, rival = max(others, key=lambda pair: pair[0].whole + pair[0].clause)
        kept = self._best(wanted, own)
        if not self._is_clear(wanted, rival, best, kept):
            return None
        told = max(similarity(wording, one) or 0.0 for one in own)
        return rival if told <= _AGREES * (similarity(wording, rival) or 0.0) else None

    def are_kept(self, pair: tuple[Wanted, Wanted], stated: tuple[Sequence[Place], Sequence[Place]]) -> bool:
        """Return whether two amounts of one sentence fit the slots of their own places clearly better than the other's."""
        pair = pair[0].without_numbers(), pair[1].without_numbers()
        straight = sum(self._best(one, places).near for one, places in zip(pair, stated, strict=True))
        crossed = sum(self._best(one, places).near for one, places in zip(pair, stated[::-1], strict=True))
        return straight > _KEPT * crossed

    def is_kept(self, wanted: Wanted, own: Sequence[Place], rival: Place) -> bool:
        """Return whether an amount's own place has the words beside the draft's far more than a rival, sides left aside."""
        near = self._best(wanted, own).near
        return near >= _WELL and near >= 2 * self._fit(wanted, rival).near

    def are_crossed(self, pair: tuple[Wanted, Wanted], stated: tuple[Sequence[Place], Sequence[Place]]) -> bool:
        """Return whether two amounts of one sentence fit the slots of each other's places clearly better than their own."""
        source = stated[0][0].source
        own, theirs = ([one for one in places if one.source is source] for places in stated)
        if not theirs or not own:
            return False
        # Which numbers stand beside is the same for both.
        pair = pair[0].without_numbers(), pair[1].without_numbers()
        straight = [self._best(one, places) for one, places in zip(pair, (own, theirs), strict=True)]
        crossed = [self._best(one, places) for one, places in zip(pair, (theirs, own), strict=True)]
        if sum(one.near for one in crossed) <= _CROSSED_NEAR * sum(one.near for one in straight):
            return False
        return any(
            sum(moved) >= sum(kept) + _CROSSED and all(one >= other for one, other in zip(moved, kept, strict=True))
            for kept, moved in (
                ([one.whole for one in straight], [one.whole for one in crossed]),
                ([one.clause for one in straight], [one.clause for one in crossed]),
            )
        )

    def _best(self, wanted: Wanted, places: Sequence[Place]) -> _Fit:
        fits = [self._fit(wanted, one) for one in places]
        return _Fit(
            whole=max(one.whole for one in fits),
            clause=max(one.clause for one in fits),
            near=max(one.near for one in fits),
        )

    def _is_clear(self, wanted: Wanted, rival: Place, best: _Fit, kept: _Fit) -> bool:
        slot = self._slot(rival)
        sides = ((wanted.whole.before, slot.before), (wanted.whole.behind, slot.behind))
        shared = sum(len(told.keys() & stated.keys()) for told, stated in sides)
        is_weighty = weight_of(wanted.whole, rival.source.article.rarity) >= _LEAST_WEIGHT and shared >= _LEAST_SHARED
        if (
            is_weighty
            and best.whole >= _FITS
            and kept.whole <= _LESS * best.whole
            and kept.clause <= _LESS * best.clause
        ):
            return True
        if best.clause >= _WHOLLY and kept.clause <= _NOTHING and best.whole >= _FITS:
            return kept.whole <= _WELL * best.whole
        is_little = kept.whole <= _WELL * best.whole and kept.clause <= _LITTLE * best.clause
        return shared > _LEAST_SHARED and min(best.whole, best.clause) >= _WELL and is_little

    def _fit(self, wanted: Wanted, place: Place) -> _Fit:
        rarity = place.source.article.rarity
        slot = self._slot(place)
        whole, clause = (
            shared_weight(one, slot, rarity) / (weight_of(one, rarity) or 1.0) for one in (wanted.whole, wanted.clause)
        )
        near = near_weight(wanted.whole, slot, rarity) / (weight_of(wanted.whole, rarity) or 1.0)
        return _Fit(whole=whole, clause=clause, near=near)

    def _slot(self, place: Place) -> Slot:
        key = (place.source.id, place.quantity.start)
        found = self._slots.get(key)
        if found is None:
            article = place.source.article
            bounds = article.sentence_bounds(place.quantity.start, place.quantity.end)
            found = self._slots[key] = amount_slot(article, place.quantity, *bounds)
        return found
