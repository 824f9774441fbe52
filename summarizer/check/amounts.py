"""One number of the draft against the amounts of the articles: what carries it, or what they say instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import combinations

from summarizer.check.agreement import AGREEMENTS, agreement, defect, is_comparable
from summarizer.check.measures import Measures, Wanted
from summarizer.check.naming import KnownNames, Name, are_related
from summarizer.check.obligors import is_owed_by_another
from summarizer.check.pairs import fit_better_exchanged, is_same_measure
from summarizer.check.places import (
    Place,
    Wording,
    is_of_others,
    places_in,
    shared_words,
    similarity,
    wording_of,
)
from summarizer.check.relevance import Statement
from summarizer.check.respective import owner_of
from summarizer.check.slots import amount_slot
from summarizer.check.sources import Source
from summarizer.check.wording import ideas, number_token
from summarizer.quantities import same_unit
from summarizer.records import Quantity
from summarizer.verify.article_text import ArticleText
from summarizer.verify.wording import shingles

# A claim's clause that shares so much with a place's, names aside, tells of the same thing.
_TOLD_ALIKE = 0.55
# What another place must share to be what the claim meant; and how little its own may share beside it.
_MEANT = 0.42
_CLEARLY, _NEARLY = 1.25, 0.9
_STRANGER = 0.4
_AS_GOOD = 0.7
_FEW = 3
# A clause names a figure with so much of its telling words, at least so many, and does not with so little of them; of an
# amount that no figure states, words from so near on are telling.
_TELLING, _NAMED, _UNNAMED, _NEAR = 2, 0.6, 0.25, 0.5
# The article's own number, not one that was made of it.
_PLAIN = frozenset({"SAME", "UNIT_IMPLIED"})
_UP = re.compile(
    r"增长|增長|增加|上升|提高|提升|上涨|[增涨升]|\b(?:rose|rise\w*|up|grew|grow\w*|increas\w*|gain\w*|climb\w*|higher)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"下降|减少|減少|降低|下滑|下跌|[降跌减]|\b(?:fell|fall\w*|down|declin\w*|drop\w*|decreas\w*|lower\w*)\b",
    re.IGNORECASE,
)
_RIGHT_BEFORE = re.compile(r"^.*(增加|增长|上升|减少|下降|减|增|降|\b(?:up|down|rose|fell)(?: by)?) ?了?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A number of the draft with its words, its sentence and the clause that it stands in.

    `owner` is whose it is by its place in a list (A与B分别持股60%和40%), empty where no list says so.
    """

    quantity: Quantity
    wording: Wording
    wanted: Wanted
    clause: str
    before: str
    owner: Sequence[Name]
    beside: Sequence[Quantity]
    statement: Statement

    def is_told_beside(self, place: Place) -> bool:
        """Return whether the draft's sentence states the place's amount too, so that it is not what this claim meant."""
        return any(one.value == place.quantity.value and is_comparable(place.quantity, one) for one in self.beside)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the articles say to a claim: the reason code, the place that says it, and others that say the same."""

    reason: str
    place: Place | None = None
    also: Sequence[Place] = ()

    @property
    def is_support(self) -> bool:
        """Whether the articles carry the claim."""
        return self.reason in AGREEMENTS


class Amounts:
    """All amounts of the articles, prepared when they are first asked for."""

    def __init__(self, sources: Sequence[Source], known: KnownNames) -> None:
        self._sources = sources
        self._known = known
        self._places: dict[str, list[Place]] = {}
        self._measures = Measures()

    def claim(self, draft: ArticleText, quantity: Quantity, statement: Statement) -> Claim:
        """Prepare a number of the draft."""
        low, high = draft.clause_around(quantity.start, quantity.end)
        return Claim(
            quantity=quantity,
            wording=wording_of(draft, quantity, self._known),
            wanted=Wanted.of(draft, amount_slot(draft, quantity, statement.start, statement.end)),
            clause=draft.text[low:high],
            before=draft.text[low : quantity.start],
            owner=owner_of(draft, quantity, statement.mentions, statement.end),
            beside=[one for one in draft.quantities_in(statement.start, statement.end) if one is not quantity],
            statement=statement,
        )

    def answer(self, claim: Claim) -> Answer:
        """Resolve one number of the draft."""
        near = [place for source in claim.statement.about for place in self.of(source)]
        equal = _equal(claim, near)
        if not equal and (ends := _both_ends(claim, near)) is not None:
            return Answer(reason="SAME", place=ends)
        rivals = [place for place in near if is_comparable(place.quantity, claim.quantity)]
        own = [(place, how) for place, how in equal if not self._is_anothers(claim, place, rivals, equal)]
        if own:
            answer, places = _judged(claim, own, rivals), [place for place, _ in own]
            if (
                answer.reason == "OF_ANOTHER"
                and answer.place
                and self._measures.is_kept(claim.wanted, places, answer.place)
            ):
                return Answer(reason=own[0][1], place=places[0])
            if not answer.is_support or claim.quantity.kind == "ordinal":
                return answer
            if all(is_owed_by_another(claim.clause, claim.quantity, place, self._known) for place in places):
                return Answer(reason="OF_ANOTHER", place=places[0])
            others = _others(claim, own, rivals, {place.source.id for place in places})
            meant = self._measures.meant(claim.wanted, claim.wording, places, others)
            return answer if meant is None else Answer(reason="OF_ANOTHER", place=meant)
        if equal:
            instead = _best(
                claim,
                [one for one in rivals if are_related(claim.wording.own, one.wording.own) and not _is_in(one, equal)],
            )
            return Answer(reason="OF_ANOTHER", place=instead or equal[0][0])
        return self._without_equal(claim, near, rivals)

    def exchanged(self, told: Sequence[tuple[Claim, Answer]]) -> set[int]:
        """Return the indexes of claims of one sentence whose numbers have changed places.

        Two that the articles carry, where each would fit the other's place much better than its own.
        """
        found: set[int] = set()
        for first, second in combinations(range(len(told)), 2):
            (one, own), (other, theirs) = told[first], told[second]
            if own.place is None or theirs.place is None or own.place.quantity.value == theirs.place.quantity.value:
                continue
            if not is_comparable(own.place.quantity, theirs.place.quantity):
                continue
            wanted, stated = (one.wanted, other.wanted), ((own.place, *own.also), (theirs.place, *theirs.also))
            is_better = fit_better_exchanged((one, other), (own.place, theirs.place))
            if self._measures.are_crossed(wanted, stated) or (
                is_better and not self._measures.are_kept(wanted, stated)
            ):
                found |= {first, second}
        return found

    def of(self, source: Source) -> list[Place]:
        """Return the amounts of an article."""
        found = self._places.get(source.id)
        if found is None:
            found = self._places[source.id] = places_in(source, self._known)
        return found

    def _is_bound_to_others(self, claim: Claim, place: Place) -> bool:
        """Return whether the record gives the amount to a party, and claim and place name nobody in common."""
        if place.figure is None or not is_of_others(claim.wording, place):
            return False
        bearers = [one for one in self._known.mentions(place.figure.entity or "") if one.is_party]
        return bool(bearers) and _is_distinctive(claim.quantity)

    def _without_equal(self, claim: Claim, near: Sequence[Place], rivals: Sequence[Place]) -> Answer:
        token = number_token(claim.quantity)
        others = [one for one in self._sources if token in one.tokens and one not in claim.statement.about]
        far = [place for source in others for place in self.of(source)]
        elsewhere = [pair for pair in _equal(claim, far) if not is_of_others(claim.wording, pair[0])]
        told = [pair for pair in elsewhere if (similarity(claim.wording, pair[0]) or 0) >= _TOLD_ALIKE]
        told = [pair for pair in told if shared_words(claim.wording, pair[0]) >= 2]
        if told:
            return Answer(reason=told[0][1], place=told[0][0])
        flawed = [(place, code) for place in near if (code := defect(place.quantity, claim.quantity)) is not None]
        flawed = [pair for pair in flawed if _is_told_of(claim, pair[0], pair[1])]
        if flawed:
            flawed.sort(key=lambda pair: _rank(claim, pair[0]))
            return Answer(reason=flawed[0][1], place=flawed[0][0])
        meant = _best(claim, [one for one in rivals if not is_of_others(claim.wording, one)])
        if meant is not None and (similarity(claim.wording, meant) or 0) >= _MEANT:
            return Answer(reason="OTHER_VALUE", place=meant)
        strange = _equal(claim, far)
        if strange and _is_distinctive(claim.quantity):
            return Answer(reason="OF_ANOTHER", place=strange[0][0])
        return Answer(reason="NOT_STATED")

    def _is_anothers(
        self, claim: Claim, place: Place, rivals: Iterable[Place], equal: Sequence[tuple[Place, str]]
    ) -> bool:
        """Return whether the place states the number of somebody whom the claim does not name.

        Articles change between the names of both sides, so that other names alone prove little: either the draft's clause
        is the article's with the name exchanged, or the articles give the draft's name another number of the same measure.
        """
        names = claim.wording.own
        if names and not any(form in place.source.folded for name in names for form in name.forms):
            return not claim.statement.is_foreign
        own = similarity(claim.wording, place) or 0.0
        if is_of_others(claim.wording, place) and own >= _TOLD_ALIKE and shared_words(claim.wording, place) >= 2:
            return True
        if not names or not place.wording.own or are_related(names, place.wording.own):
            return False
        if self._is_bound_to_others(claim, place):
            return True
        return any(
            are_related(names, rival.wording.own)
            and rival.source.id == place.source.id
            and not _is_in(rival, equal)
            and not claim.is_told_beside(rival)
            and _is_meant(claim, place, rival, own)
            for rival in rivals
        )


def _equal(claim: Claim, places: Iterable[Place]) -> list[tuple[Place, str]]:
    """Return the places that carry the number as such, the likeliest first."""
    found = [
        (place, how)
        for place in places
        if (how := agreement(place.source.article, place.quantity, claim.quantity, claim.clause)) is not None
    ]
    return sorted(
        found,
        key=lambda pair: (
            is_of_others(claim.wording, pair[0]),
            AGREEMENTS.index(pair[1]),
            not same_unit(pair[0].quantity.unit, claim.quantity.unit),
            _rank(claim, pair[0]),
        ),
    )


def _both_ends(claim: Claim, places: Iterable[Place]) -> Place | None:
    """Return the lower end of a range that the article states as two amounts of one sentence (not below, or above)."""
    found: dict[tuple[str, int], dict[str | None, Place]] = {}
    for place in places:
        if claim.quantity.value_max is not None and is_comparable(place.quantity, claim.quantity):
            sentence = place.source.article.sentence_at(place.quantity.start)
            found.setdefault((place.source.id, sentence), {})[place.quantity.value] = place
    ends = (claim.quantity.value, claim.quantity.value_max)
    return next((stated[ends[0]] for stated in found.values() if ends[0] in stated and ends[1] in stated), None)


def _rank(claim: Claim, place: Place) -> tuple[float, bool, int]:
    return -(similarity(claim.wording, place) or 0.0), place.figure is None, place.quantity.start


def _best(claim: Claim, places: Iterable[Place]) -> Place | None:
    return min(places, key=lambda place: _rank(claim, place), default=None)


def _is_in(place: Place, equal: Iterable[tuple[Place, str]]) -> bool:
    return any(place is one for one, _ in equal)


def _judged(claim: Claim, own: Sequence[tuple[Place, str]], rivals: Sequence[Place]) -> Answer:
    """Choose the place that carries the claim; its direction, and its words beside another amount's, may speak against it."""
    place, how = max(own, key=lambda pair: (pair[1] in _PLAIN, similarity(claim.wording, pair[0]) or 0.0))
    if all(_is_opposite(claim, one) for one, _ in own):
        return Answer(reason="OTHER_DIRECTION", place=place)
    if claim.quantity.kind == "ordinal" or claim.wording.is_chinese != place.wording.is_chinese:
        return Answer(reason=how, place=place)
    score = max(similarity(claim.wording, one) or 0.0 for one, _ in own)
    others = _others(claim, own, rivals, {place.source.id})
    meant = _best(claim, others)
    best = 0.0 if meant is None else similarity(claim.wording, meant) or 0.0
    is_stranger = meant is not None and best >= _TOLD_ALIKE and score < _STRANGER * best
    if (
        is_stranger
        and meant is not None
        and not _is_named_so(claim, own)
        and shared_words(claim.wording, meant) >= _FEW
    ):
        return Answer(reason="OF_ANOTHER", place=meant)
    named = _named_better(claim, [one for one, _ in own], others)
    if named is not None:
        return Answer(reason="OF_ANOTHER", place=named)
    also = [one for one, _ in own if (similarity(claim.wording, one) or 0.0) >= _AS_GOOD * score]
    return Answer(reason=how, place=place, also=also)


def _others(claim: Claim, own: Sequence[tuple[Place, str]], rivals: Iterable[Place], articles: Set[str]) -> list[Place]:
    """Return the amounts of some articles that are other numbers than the claim's, and not told beside it in the draft."""
    return [
        one
        for one in rivals
        if one.source.id in articles
        and not _is_in(one, own)
        # The same number with another qualifier (约12亿元, where the article also has 12亿元) is no other.
        and (one.quantity.value, one.quantity.value_max) != (claim.quantity.value, claim.quantity.value_max)
        and not claim.is_told_beside(one)
    ]


def _is_named_so(claim: Claim, own: Iterable[tuple[Place, str]]) -> bool:
    """Return whether a place states what the claim's clause names: the same idea of business, or a word of its figure."""
    near = {word for word, weight in claim.wording.unnamed.items() if weight >= 0.5}
    for place, _ in own:
        named = shingles(place.figure.name) if place.figure is not None else frozenset()
        stated = {word for word in place.wording.unnamed if word.startswith("@") or word in named}
        if near & stated:
            return True
    return False


def _named_better(claim: Claim, own: Sequence[Place], others: Iterable[Place]) -> Place | None:
    """Return the verified figure of another amount that the claim's clause names, where it names none of its own amount.

    Only words that tell the two apart count: those of one figure's name that do not stand round the other's amount.
    """
    said = shingles(claim.clause) | ideas(claim.clause)
    score = max(similarity(claim.wording, place) or 0.0 for place in own)
    stated = {word for place in own for word in place.wording.near}
    for rival in others:
        if rival.figure is None or (similarity(claim.wording, rival) or 0.0) < score:
            continue
        telling = (shingles(rival.figure.name) | ideas(rival.figure.name)) - stated
        if len(telling) < _TELLING or len(telling & said) < _NAMED * len(telling):
            continue
        own_words = [_telling(place, rival) for place in own]
        if all(words and len(words & said) <= _UNNAMED * len(words) for words in own_words):
            return rival
    return None


def _telling(place: Place, rival: Place) -> frozenset[str]:
    """Return the words of a place's figure, or of its clause where no figure states it, that do not stand round the rival's."""
    words = (
        shingles(place.figure.name)
        if place.figure is not None
        else frozenset(word for word, weight in place.wording.unnamed.items() if weight >= _NEAR)
    )
    return frozenset(words) - set(rival.wording.near)


def _is_opposite(claim: Claim, place: Place) -> bool:
    """Return whether the draft says that it rose by so much and the article that it fell, or the other way round."""
    article = place.source.article
    low, _ = article.clause_around(place.quantity.start, place.quantity.end)
    before, stated_before = claim.before, article.text[low : place.quantity.start]
    if claim.quantity.kind not in ("percent", "percent_point"):
        # A sum may stand beside a change of something else; only the word right before it is its own.
        before, stated_before = (
            _RIGHT_BEFORE.sub(r"\1", one) if _RIGHT_BEFORE.search(one) else "" for one in (before, stated_before)
        )
    told, stated = _direction(before), _direction(stated_before)
    is_signed = (place.quantity.value or "").startswith("-") or (claim.quantity.value or "").startswith("-")
    return bool(told and stated and told != stated and not is_signed)


def _direction(before: str) -> str | None:
    """Return the way of change that the words before an amount name last."""
    up = max((match.end() for match in _UP.finditer(before)), default=-1)
    down = max((match.end() for match in _DOWN.finditer(before)), default=-1)
    # 降幅收窄2个百分点, 增速下降: where both are named the reader must say which is meant.
    return None if (up >= 0) == (down >= 0) else "up" if up >= 0 else "down"


def _is_meant(claim: Claim, place: Place, rival: Place, own: float) -> bool:
    """Return whether a rival fits the claim better than the place, or as well where it states the same measure."""
    score = similarity(claim.wording, rival) or 0.0
    return score >= max(_TOLD_ALIKE, _CLEARLY * own) or (is_same_measure(place, rival) and score >= _NEARLY * own)


def _is_told_of(claim: Claim, place: Place, code: str) -> bool:
    """Return whether a number like the claim's, but wrong, is what the claim meant."""
    score = similarity(claim.wording, place)
    least = 0.12 if code == "OTHER_SCALE" else 0.05
    if score is None or claim.wording.is_chinese != place.wording.is_chinese:
        # Nothing but the digits joins the two languages.
        return _is_distinctive(place.quantity)
    return score >= least and not (is_of_others(claim.wording, place) and score < _TOLD_ALIKE)


def _is_distinctive(quantity: Quantity) -> bool:
    """Return whether a number is such that two articles hardly have it by chance."""
    digits = [char for char in quantity.value or "" if char.isdigit()]
    return len("".join(digits).strip("0")) >= 2 or quantity.kind in ("currency", "dimension") or len(digits) > 3
