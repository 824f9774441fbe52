"""The slot that a name or an amount fills: which words stand before and behind it in its sentence, and how near."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from summarizer.check.naming import KnownNames, Mention, Name
from summarizer.check.wording import number_token
from summarizer.quantities.folding import fold
from summarizer.records import Quantity
from summarizer.verify.article_text import AMOUNT_KINDS, ArticleText, clause_bounds
from summarizer.verify.wording import shingle_spans

# What joins names that do the same thing; their words are those round all of them.
_JOINT = re.compile(
    r"\s*(?:与|和|同|及|以及|跟|携手|联手|联合|牵手|與|夥|、|[,，]|,? ?\b(?:and|with)\b|&)?\s*(?:the )?", re.IGNORECASE
)
_WITH = re.compile(r"(?:与|和|同|及|跟|與|夥|联合|携手|联手|\band|\bwith) ?\Z", re.IGNORECASE)
# A name behind one of these takes part in what another does: as its source or partner, its goal, its place.
_MARKER = re.compile(
    r"(?P<source>[从從由被与與跟]|\b(?:from|by|with|between|against))|(?P<either>[向对對])|"
    r"(?P<goal>[给給为為替至将將把]|\b(?:to|for|into))|(?P<place>[在于於]|\b(?:in|at|on|under|near))|(?P<of>\bof)",
    re.IGNORECASE,
)
_LED = re.compile(r" ?(?:the |an? )?(?:[\w’'-]+ ){0,2}\Z", re.IGNORECASE)
# Somebody who was named before, in this sentence or one just before it; or whoever the whole article is about.
_PRONOUN = re.compile(
    r"[该該](?:公司|集团|集團|行|机构|機構|项目|園區|园区|企业|课题组)|其(?!中|他|余|餘|次|后)"
    r"|(?P<anybody>[本我](?:公司|集团|集團|行|市|省)|(?<![\u3400-\u9fff])公司|[双雙三]方|两家|我们)"
    r"|\b(?:it|they|he|she|its|their|his|her)\b"
    r"|\b(?P<anyone>both|we|the (?:company|group|two|firm|pair|companies|sides|parties))\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[，；：;:—（(]|,(?!\d)")
_CLAUSES_END = re.compile(r"[，；：;:]|,(?!\d)")
# Which end of a change an amount is.
_LEADS = re.compile(
    r"(?:(?P<source>[由从從较較比自]|\b(?:from|than|against))|(?P<goal>[至到为為]|\b(?:to|at)))"
    r"(?:[^，。；,;0-9]{0,6}的|上年同期的?|去年同期的?|目前的?|此前的?| an?| the| about| some)? ?\Z",
    re.IGNORECASE,
)
_LED_WEIGHT: Final = 1.0
# How many words away the weight of a word has halved, and what it keeps behind another clause's beginning or a name.
_HALF: Final = 8.0
_NEXT_CLAUSE: Final = 0.6
_NEXT_NAME: Final = 0.6
_NUMBER: Final = 2.0
# A word on the other side counts little; one somewhat farther off than in the draft, in full.
_OTHER_SIDE: Final = 0.4
_NEAR: Final = 2.0


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A mention with the words of its sentence before and behind it, each with how near it stands.

    `text` is empty for somebody who is meant without a name: `names` then are all that the sentences before name. `marker`
    tells how a preposition leads to the name (`source`, `goal`, `place`, `of`, `either`), empty where none does.
    `is_subject` says that the clause begins with it.
    """

    text: str
    start: int
    end: int
    names: Sequence[Name]
    before: Mapping[str, float]
    behind: Mapping[str, float]
    marker: str
    is_subject: bool
    clause: tuple[int, int]

    def having(self, is_kept: Callable[[str], bool]) -> Slot:
        """Return the slot with some of its words."""
        before, behind = (
            {word: weight for word, weight in side.items() if is_kept(word)} for side in (self.before, self.behind)
        )
        return replace(self, before=before, behind=behind)

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The bearers of the name."""
        return frozenset(name.number for name in self.names)

    @cached_property
    def is_person(self) -> bool:
        """Whether only persons bear the name."""
        return all(name.kind == "person" for name in self.names)

    @cached_property
    def folded(self) -> str:
        """The name as written, folded for comparing."""
        return fold(self.text).casefold()


def of_clause(text: ArticleText, slot: Slot) -> Slot:
    """Return a slot with the words of its own clause only."""
    low, high = slot.clause
    kept = {word for word, _, _ in shingle_spans(text.text, low, high)}
    kept |= {token for one in text.quantities_in(low, high) if (token := number_token(one)) is not None}
    kept |= {word for word in slot.before if word.startswith("~")}
    return slot.having(kept.__contains__)


def without_numbers(slot: Slot) -> Slot:
    """Return a slot with its words alone."""
    return slot.having(lambda word: not word.startswith("#"))


def weight_of(slot: Slot, rarity: Mapping[str, float]) -> float:
    """Return what all words of a slot weigh together; `rarity` says what a word of the article tells."""
    return sum(weight * rarity.get(word, 1.0) for side in (slot.before, slot.behind) for word, weight in side.items())


def near_weight(wanted: Slot, placed: Slot, rarity: Mapping[str, float]) -> float:
    """Return what the words of one slot weigh that another has as near, on whichever side: profit of 3, 3 of profit."""
    return sum(
        weight * rarity.get(word, 1.0) * max(placed.before.get(word, 0.0), placed.behind.get(word, 0.0))
        for side in (wanted.before, wanted.behind)
        for word, weight in side.items()
    )


def shared_weight(wanted: Slot, placed: Slot, rarity: Mapping[str, float]) -> float:
    """Return what the words of one slot weigh that another has too, on the same side or, for less, on the other."""
    shared = 0.0
    for side, same, other in (
        (wanted.before, placed.before, placed.behind),
        (wanted.behind, placed.behind, placed.before),
    ):
        for word, weight in side.items():
            near = max(min(1.0, _NEAR * same.get(word, 0.0)), min(_OTHER_SIDE, other.get(word, 0.0)))
            shared += weight * rarity.get(word, 1.0) * near
    return shared


def is_joined(text: str, one: Slot, other: Slot) -> bool:
    """Return whether two names of a text stand together as equals (A与B, A and B), so that either order says the same."""
    return one.end <= other.start and _JOINT.fullmatch(text, one.end, other.start) is not None


def slots_in(article: ArticleText, known: KnownNames, start: int, end: int) -> list[Slot]:
    """Return the slots of the names in one sentence."""
    mentions = known.mentions(article.text, start, end)
    words = _words(article, start, end, mentions)
    return [_slot(article.text, words, mentions, index, (start, end)) for index in range(len(mentions))]


def unnamed_slots(
    article: ArticleText, known: KnownNames, start: int, end: int, before: Sequence[Name], anybody: Sequence[Name]
) -> list[Slot]:
    """Return the slots of one sentence that somebody fills without being named: it, 该公司, or nobody (a dropped subject).

    Args:
        article: the text.
        known: the names.
        start: where the sentence begins.
        end: where it ends.
        before: who is named shortly before the sentence.
        anybody: who is named in the text at all.
    """
    text = article.text
    mentions = known.mentions(text, start, end)
    words = _words(article, start, end, mentions)
    spans = [(*match.span(), match.lastgroup is not None) for match in _PRONOUN.finditer(text, start, end)]
    first = mentions[0].start if mentions else end
    if not mentions or _CLAUSES_END.search(text, start, first) or _WITH.search(text, start, first):
        spans.append((start, start, False))
    found = []
    for low, high, is_anybody in spans:
        if any(one.start < high and low < one.end for one in mentions):
            continue
        nearer = [one for one in mentions if one.end <= low]
        meant = nearer[0].names if nearer else before
        pronoun = Mention(start=low, end=high, names=tuple(anybody) if is_anybody else tuple(meant))
        ordered = sorted([*mentions, pronoun], key=lambda one: (one.start, one.end))
        slot = _slot(text, words, ordered, ordered.index(pronoun), (start, end), is_named=False)
        # Where nobody else is named before it in the sentence, a pronoun is as good as the name.
        is_sure = len({name.number for one in nearer for name in one.names}) == 1 and not is_anybody
        found.append(replace(slot, text=text[nearer[0].start : nearer[0].end]) if is_sure else slot)
    return found


def amount_slot(article: ArticleText, quantity: Quantity, start: int, end: int) -> Slot:
    """Return the slot of an amount of a sentence: the words round it, its unit's and those of names too, and other numbers."""
    low, high = quantity.start, quantity.end
    if quantity.qualifier_start is not None and quantity.qualifier_end is not None:
        low, high = min(low, quantity.qualifier_start), max(high, quantity.qualifier_end)
    text = article.text
    found = [(at, stop, word) for word, at, stop in shingle_spans(text, start, end)]
    for one in article.quantities_in(start, end):
        if one.start != quantity.start and (token := number_token(one)) is not None:
            found.append((one.start, one.end, token))
    words = sorted(found)
    unit = high if quantity.number_end is None else min(quantity.number_end, high)
    # Beyond another amount the words are rather that one's.
    amounts = [
        Mention(start=one.start, end=one.end, names=())
        for one in article.quantities_in(start, end)
        if one.kind in AMOUNT_KINDS and (one.end <= low or one.start >= high)
    ]
    before = _side(text, words, amounts, (start, low), is_before=True)
    # From 3 to 2: what is too short to be a word tells the two apart.
    led = _LEADS.search(text, start, low)
    if led is not None and led.lastgroup is not None:
        before[f"~{led.lastgroup}"] = _LED_WEIGHT
    return Slot(
        text=text[low:high],
        start=low,
        end=high,
        names=(),
        before=before,
        behind=_side(text, words, amounts, (unit, end), is_before=False),
        marker="",
        is_subject=False,
        clause=clause_bounds(text, start, low, high, end),
    )


def _slot(
    text: str,
    words: Sequence[tuple[int, int, str]],
    mentions: Sequence[Mention],
    index: int,
    sentence: tuple[int, int],
    *,
    is_named: bool = True,
) -> Slot:
    mention = mentions[index]
    low, high = _group(text, mentions, index)
    clause = clause_bounds(text, sentence[0], mention.start, mention.end, sentence[1])
    marker = _marker(text, clause[0], low)
    # What follows in later clauses is said of the one that the clause begins with, not of whom it names later.
    is_subject = (
        not marker
        and not any(clause[0] <= one.start < low for one in mentions)
        and not (is_named and _PRONOUN.search(text, clause[0], low))
    )
    return Slot(
        text=text[mention.start : mention.end] if is_named else "",
        start=mention.start,
        end=mention.end,
        names=mention.names,
        before=_side(text, words, mentions, (sentence[0], low), is_before=True),
        behind=_side(
            text, words, mentions, (high, sentence[1] if is_subject else max(clause[1], high)), is_before=False
        ),
        marker=marker,
        is_subject=is_subject,
        clause=clause,
    )


def _marker(text: str, start: int, end: int) -> str:
    """Return how a preposition leads to the name that begins at `end`; up to two words may stand between (with trader X)."""
    last = None
    for match in _MARKER.finditer(text, max(start, end - 30), end):
        if _LED.fullmatch(text, match.end(), end):
            last = match
    return (last.lastgroup or "") if last else ""


def _group(text: str, mentions: Sequence[Mention], index: int) -> tuple[int, int]:
    """Return the span of the names that are joined with one: A、B和C."""
    first = last = index
    while first and _JOINT.fullmatch(text, mentions[first - 1].end, mentions[first].start):
        first -= 1
    while last + 1 < len(mentions) and _JOINT.fullmatch(text, mentions[last].end, mentions[last + 1].start):
        last += 1
    return mentions[first].start, mentions[last].end


def _words(article: ArticleText, start: int, end: int, mentions: Sequence[Mention]) -> list[tuple[int, int, str]]:
    """Return the words and numbers of a sentence in order, names left out."""
    found = [(low, high, word) for word, low, high in shingle_spans(article.text, start, end)]
    for one in article.quantities_in(start, end):
        if (token := number_token(one)) is not None:
            found.append((one.start, one.end, token))
    starts = [one.start for one in mentions]
    kept = []
    for low, high, word in sorted(found):
        at = bisect_left(starts, high) - 1
        if at < 0 or mentions[at].end <= low:
            kept.append((low, high, word))
    return kept


def _side(
    text: str,
    words: Iterable[tuple[int, int, str]],
    mentions: Sequence[Mention],
    span: tuple[int, int],
    *,
    is_before: bool,
) -> dict[str, float]:
    """Return the words on one side of a name, each with its weight: less the farther, behind a clause's end or a name."""
    found: dict[str, float] = {}
    ordered = [one for one in words if span[0] <= one[0] and one[1] <= span[1]]
    if is_before:
        ordered.reverse()
    for count, (low, high, word) in enumerate(ordered):
        gap = (high, span[1]) if is_before else (span[0], low)
        marks = sum(1 for _ in _MARKS.finditer(text, *gap))
        names = sum(1 for one in mentions if gap[0] <= one.start and one.end <= gap[1] and one.end > one.start)
        weight = _HALF / (_HALF + count) * _NEXT_CLAUSE ** min(marks, 3) * _NEXT_NAME ** min(names, 3)
        if word.startswith("#"):
            weight *= _NUMBER
        found[word] = max(found.get(word, 0.0), weight)
    return found
