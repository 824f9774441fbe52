"""Who else fills the slot of a name: what the draft says of one, and the articles say of another in the same words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations
from typing import Final

from summarizer.check.naming import KnownNames, Name
from summarizer.check.relevance import Statement
from summarizer.check.slots import Slot, is_joined, of_clause, shared_weight, slots_in, unnamed_slots, weight_of
from summarizer.check.sources import Source
from summarizer.verify.article_text import ArticleText

# A name that is led to otherwise, or that is no subject as the draft's is, fits less.
_OTHER_MARKER: Final = 0.6
_OTHER_PLACE: Final = 0.7
# So much of a slot's words must stand round the other's name, and of those so little round the name itself: less where
# the article's sentence names it too, for then the two may share what is said.
_FILLED: Final = 0.42
_LITTLE: Final = 0.45
_FILLED_BESIDE: Final = 0.5
_LITTLE_BESIDE: Final = 0.3
# What a slot's words must weigh to tell anything, and how many of them the other's name must share.
_LEAST_TOTAL: Final = 2.5
_LEAST_TOTAL_BESIDE: Final = 3.0
_LEAST_SHARED: Final = 3
# So many pairs of characters hold a Chinese verb and what helps it; of English words the first is the verb.
_VERB_WORDS: Final = 4
_AS_GOOD: Final = 0.9
_SENTENCES_BACK: Final = 2
# Two names fit each other's slots of one sentence so well together (2 at most), and so much better than their own.
_CROSSED: Final = 1.35
_CROSSED_MORE: Final = 0.3
_CROSSED_TOTAL: Final = 2.3
_PASSIVE = re.compile(r"被|由|获|獲|\bby\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """A name of the draft whose slot somebody else fills: in `source`, at the sentence text[start:end]."""

    slot: Slot
    source: Source
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Two names of the draft that fill each other's slots: in `source`, at the sentence text[start:end]."""

    first: Slot
    second: Slot
    source: Source
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    slot: Slot
    sentence: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """How well a slot of an article fits one of the draft, 0 to 1, and by how many words."""

    score: float
    shared: int
    placed: _Placed
    source: Source


class Fillers:
    """Looks for the slots of a draft's names in articles."""

    def __init__(self, known: KnownNames) -> None:
        self._known = known
        self._slots: dict[str, _Index] = {}

    def misfits(self, draft: ArticleText, statement: Statement) -> Iterator[Misfit]:
        """Yield the names of a sentence of the draft whose slot the articles give to others, and to them never."""
        if statement.is_foreign:
            return
        sources = [one for one in statement.about if one.article.is_chinese == draft.is_chinese]
        own = slots_in(draft, self._known, statement.start, statement.end)
        for slot in own:
            for wanted in (slot, of_clause(draft, slot)):
                found = self._filler(wanted, own, sources)
                if found is not None:
                    low, high = found.placed.sentence
                    yield Misfit(slot=slot, source=found.source, start=low, end=high)
                    break

    def exchanges(self, draft: ArticleText, statement: Statement) -> Iterator[Exchange]:
        """Yield the pairs of one clause of the draft that the articles have the other way round, and never so."""
        if statement.is_foreign:
            return
        sources = [one for one in statement.about if one.article.is_chinese == draft.is_chinese]
        for first, second in pairwise(slots_in(draft, self._known, statement.start, statement.end)):
            is_pair = first.clause == second.clause and not is_joined(draft.text, first, second)
            if not is_pair or first.is_person or second.is_person or is_same(first, second):
                continue
            is_passive = _PASSIVE.search(draft.text, *first.clause) is not None
            for pair in ((first, second), (of_clause(draft, first), of_clause(draft, second))):
                found = self._exchange(pair, is_passive, sources)
                if found is not None:
                    yield found
                    break

    def _exchange(self, pair: tuple[Slot, Slot], is_passive: bool, sources: Sequence[Source]) -> Exchange | None:
        first, second = pair
        straight = crossed = 0.0
        best: tuple[Source, tuple[int, int]] | None = None
        for source in sources:
            index = self._index(source)
            for one, other in index.pairs():
                if is_same(first, one.slot) and is_same(second, other.slot):
                    straight = max(straight, index.score(first, one.slot) + index.score(second, other.slot))
                elif is_same(first, other.slot) and is_same(second, one.slot):
                    if (_PASSIVE.search(source.text, *one.slot.clause) is not None) != is_passive:
                        continue
                    score = index.score(first, one.slot) + index.score(second, other.slot)
                    if one.slot.text and other.slot.text and score > crossed:
                        crossed, best = score, (source, one.sentence)
        if best is None or crossed < _CROSSED or crossed - straight < _CROSSED_MORE:
            return None
        source, (start, end) = best
        if min(weight_of(one, source.article.rarity) for one in pair) < _CROSSED_TOTAL:
            return None
        return Exchange(first=first, second=second, source=source, start=start, end=end)

    def _filler(self, wanted: Slot, own: Sequence[Slot], sources: Sequence[Source]) -> _Fit | None:
        """Return who fills a slot of the draft instead, None where its name does, or nobody clearly."""
        fits = [fit for source in sources for fit in self._index(source).fits(wanted, source)]
        kept = max((fit.score for fit in fits if is_same(wanted, fit.placed.slot)), default=0.0)
        others = [fit for fit in fits if fit.placed.slot.text and not is_same(wanted, fit.placed.slot)]
        top = max((fit.score for fit in others), default=0.0)
        # Of several who are joined in the article, one whom the draft does not name already.
        best, is_told = max(
            ((fit, self._is_told(fit, wanted, own)) for fit in others if fit.score >= _AS_GOOD * top),
            key=lambda pair: (not pair[1], pair[0].score),
            default=(None, False),
        )
        if best is None or best.shared < _LEAST_SHARED:
            return None
        is_beside = any(is_same(wanted, one) for one in self._index(best.source).named_in(best.placed.sentence))
        if is_beside and is_told:
            return None
        filled, little, total = (
            (_FILLED_BESIDE, _LITTLE_BESIDE, _LEAST_TOTAL_BESIDE) if is_beside else (_FILLED, _LITTLE, _LEAST_TOTAL)
        )
        if is_beside and not _does_the_same(wanted, best.placed.slot):
            return None
        little = _LITTLE_BESIDE if is_told else little
        is_clear = best.score >= filled and kept <= little * best.score
        return best if is_clear and weight_of(wanted, best.source.article.rarity) >= total else None

    def _is_told(self, fit: _Fit, wanted: Slot, own: Sequence[Slot]) -> bool:
        return any(is_same(one, fit.placed.slot) for one in own if one.start != wanted.start)

    def _index(self, source: Source) -> _Index:
        found = self._slots.get(source.id)
        if found is None:
            found = self._slots[source.id] = _Index(source, self._known)
        return found


class _Index:
    """The slots of an article, and by each word which of them have it."""

    def __init__(self, source: Source, known: KnownNames) -> None:
        self.placed = list(_placed(source.article, known))
        self._rarity = source.article.rarity
        self._by_sentence: dict[tuple[int, int], list[_Placed]] = {}
        for one in self.placed:
            self._by_sentence.setdefault(one.sentence, []).append(one)
        self._having: dict[str, list[int]] = {}
        for number, one in enumerate(self.placed):
            for word in one.slot.before.keys() | one.slot.behind.keys():
                self._having.setdefault(word, []).append(number)

    def fits(self, wanted: Slot, source: Source) -> Iterator[_Fit]:
        """Yield the slots that share words with one of the draft, of persons with persons only."""
        words = wanted.before.keys() | wanted.behind.keys()
        counts = Counter(number for word in words for number in self._having.get(word, ()))
        total = weight_of(wanted, self._rarity)
        for number, shared in counts.items():
            placed = self.placed[number]
            if placed.slot.text and placed.slot.is_person != wanted.is_person:
                continue
            score = self.score(wanted, placed.slot, total)
            if placed.slot.text and placed.slot.is_subject != wanted.is_subject and _is_led_alike(wanted, placed.slot):
                score *= _OTHER_PLACE
            yield _Fit(score=score, shared=shared, placed=placed, source=source)

    def score(self, wanted: Slot, placed: Slot, total: float | None = None) -> float:
        """Return how much of a draft's slot an article's has, 0 to 1."""
        total = total or weight_of(wanted, self._rarity)
        score = shared_weight(wanted, placed, self._rarity) / total if total else 0.0
        return score if _is_led_alike(wanted, placed) else _OTHER_MARKER * score

    def named_in(self, sentence: tuple[int, int]) -> list[Slot]:
        """Return the slots of those whom a sentence names."""
        return [one.slot for one in self._by_sentence[sentence] if one.slot.text]

    def pairs(self) -> Iterator[tuple[_Placed, _Placed]]:
        """Yield every two slots of one sentence, in both orders."""
        for placed in self._by_sentence.values():
            for one, other in permutations(placed, 2):
                if one.slot.start != other.slot.start:
                    yield one, other


def _is_led_alike(one: Slot, other: Slot) -> bool:
    return one.marker == other.marker or "either" in (one.marker, other.marker)


def _does_the_same(wanted: Slot, filler: Slot) -> bool:
    """Return whether what follows a subject of the draft first, its verb, follows the filler too."""
    words = [word for word in wanted.behind if not word.startswith("#")]
    first = words[: _VERB_WORDS if words and not words[0].isascii() else 1]
    return not wanted.is_subject or any(word in filler.behind for word in first)


def is_same(one: Slot, other: Slot) -> bool:
    """Return whether two slots may be of one bearer: by the record, or because one name is a piece of the other as written."""
    if one.numbers & other.numbers:
        return True
    if other.text:
        return one.folded in other.folded or other.folded in one.folded
    forms = (form.casefold() for name in other.names for form in name.forms)
    return any(form in one.folded or one.folded in form for form in forms)


def _placed(article: ArticleText, known: KnownNames) -> Iterator[_Placed]:
    """Yield the slots of an article's body, also of those who are meant without a name."""
    spans = [span for span in article.sentences if not (article.is_furniture(*span) or article.is_instruction(*span))]
    named = [[name for one in known.mentions(article.text, *span) for name in one.names] for span in spans]
    anybody = list({name.number: name for names in named for name in names}.values())
    before: list[Sequence[Name]] = []
    for (start, end), names in zip(spans, named, strict=True):
        for slot in slots_in(article, known, start, end):
            yield _Placed(slot=slot, sentence=(start, end))
        meant = [name for group in before[-_SENTENCES_BACK:] for name in group]
        for slot in unnamed_slots(article, known, start, end, meant, anybody):
            yield _Placed(slot=slot, sentence=(start, end))
        if names:
            before.append(names)
