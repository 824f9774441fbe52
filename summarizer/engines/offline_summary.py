"""A summary made of the article's own sentences: chosen by what they report, cut at clause boundaries only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from summarizer.engines.offline_passages import Passage, find_passages, is_whole, plain, says_all, similarity, size_of
from summarizer.proposals import ProposedPoint, SummaryProposal

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Names
    from summarizer.engines.offline_text import Reading
    from summarizer.proposals import ProposedDeal

# The guideline's limits are 40 characters or 25 words, 200 characters or 120 words; full stops need some of that.
_HEADLINE_CHARS, _HEADLINE_WORDS = 40, 25
_ABSTRACT_CHARS, _ABSTRACT_WORDS = 198, 118
_LEAST_POINTS, _MOST_POINTS = 4, 6


def propose_summary(reading: Reading, names: Names, deals: Sequence[ProposedDeal]) -> SummaryProposal:
    """Return headline, abstract and key points, each made of words of the article.

    Nothing is reworded: bracketed definitions of short names and words that only lead in are left out, and long
    sentences end at one of their own clause boundaries.
    """
    passages = list(find_passages(reading, names, deals))
    limit = _ABSTRACT_CHARS if reading.language == "zh" else _ABSTRACT_WORDS
    chosen = _choose(reading, passages, limit)
    stop = "。" if reading.language == "zh" else "."
    return SummaryProposal(
        points=[
            ProposedPoint(text=_ended(point.text, stop), s=[point.sentence.number])
            for point in _points(passages, chosen)
        ],
        abstract=[_ended(passage.text, stop) for passage in chosen],
        headline=_headline(reading, deals, chosen),
    )


def _points(passages: Sequence[Passage], chosen: Sequence[Passage]) -> list[Passage]:
    """Return the abstract's passages, most important first, filled up with the next best of other sentences."""
    points = sorted(chosen, key=lambda passage: -passage.score)
    for passage in sorted(passages, key=lambda one: -one.score / (one.size + 20) ** 0.5):
        if len(points) >= _LEAST_POINTS:
            break
        if all(passage.sentence is not point.sentence and similarity(passage, point) < 0.5 for point in points):
            points.append(passage)
    return points[:_MOST_POINTS]


def _headline(reading: Reading, deals: Sequence[ProposedDeal], chosen: Sequence[Passage]) -> str:
    """Return the title if it fits, else its first part; without a title the first deal's words, else the lead's."""
    candidates: list[str] = []
    if reading.title:
        candidates += [reading.title, *_shortened(reading.title)]
    elif deals and deals[0].s <= 3:
        candidates.append(plain(deals[0].words))
    if not reading.title and reading.body and not reading.body[0].is_heading:
        lead = plain(reading.text[reading.body[0].start : reading.body[0].end])
        candidates += [lead, *_shortened(lead)]
    for passage in sorted(chosen, key=lambda one: -one.score):
        candidates += [passage.text, *_shortened(passage.text)]
    for candidate in candidates:
        is_said = candidate in reading.title or _says_something(candidate)
        if is_said and _fits_headline(reading, candidate) and is_whole(candidate):
            return candidate.rstrip("。.，,；;：: ")
    words = (
        candidates[0]
        if candidates
        else reading.text[reading.body[0].start : reading.body[0].end]
        if reading.body
        else ""
    )
    return _cut(words, reading.language)


def _fits_headline(reading: Reading, words: str) -> bool:
    if reading.language == "zh":
        return 6 <= len(words) <= _HEADLINE_CHARS
    return 3 <= len(words.split()) <= _HEADLINE_WORDS


def _says_something(words: str) -> bool:
    """Return whether more than a date, a number or a place is left of a headline."""
    bare = re.sub(r"[\d年月日时分秒点：:，,.\s-]", "", words)
    return len(bare) >= 6 and says_all(words)


def _shortened(words: str) -> Iterator[str]:
    """Yield the words up to each of their clause boundaries, longest first."""
    for match in reversed(list(re.finditer(r"[，；。：！？]|[,;:](?= )| [-–—|]+ | (?=[\u3400-\u9fff])", words))):
        if match.start() >= 6:
            yield words[: match.start()].strip()


def _cut(words: str, language: str) -> str:
    """Cut words that have no clause boundary in time: English at a word, Chinese before what would split a number."""
    if language == "en":
        return " ".join(words.split()[:_HEADLINE_WORDS])
    short = words[:_HEADLINE_CHARS]
    return re.sub(r"[\d.,%％]+[万亿]?$", "", short) if len(words) > _HEADLINE_CHARS else short


def _choose(reading: Reading, passages: Sequence[Passage], limit: int) -> list[Passage]:
    """Choose passages that fit together into the limit: the deals' first, then the best for their length."""
    chosen: list[Passage] = []
    used = 0
    stop = 1 if reading.language == "zh" else 0
    deals = [passage for passage in passages if passage.is_deal]
    best = sorted(passages, key=lambda one: (-one.score / (one.size + 40) ** 0.6, one.sentence.number))
    for candidates, share in ((deals, 0.7), (best, 1.0)):
        for passage in candidates:
            is_taken = any(passage.sentence is other.sentence or similarity(passage, other) > 0.6 for other in chosen)
            if is_taken or passage.score <= 0:
                continue
            if used + passage.size + stop <= limit * (share if chosen else 1.0):
                chosen.append(passage)
                used += passage.size + stop
    if not chosen:
        chosen = _first_words(reading, passages, limit)
    return sorted(chosen, key=lambda one: one.sentence.number)


def _first_words(reading: Reading, passages: Sequence[Passage], limit: int) -> list[Passage]:
    """Return as much as fits of the best passage, else of the first sentence, where nothing fits as a whole."""
    if not reading.body:
        return []
    best = max(passages, key=lambda one: one.score, default=None)
    sentence = best.sentence if best else reading.body[0]
    words = best.text if best else plain(reading.text[sentence.start : sentence.end])
    fitting = next((cut for cut in _shortened(words) if size_of(cut, reading.language) < limit), None)
    text = words if size_of(words, reading.language) < limit else fitting or _cut(words, reading.language)
    size = size_of(text, reading.language)
    return [Passage(sentence=sentence, text=text, score=0.0, size=size, shingles=frozenset())]


def _ended(text: str, stop: str) -> str:
    text = text.rstrip("，,；;：:、 ")
    return text if text[-1:] in "。.！？!?" else text + stop
