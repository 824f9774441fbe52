"""From copied words to the exact characters of the article."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from summarizer.verify.article_text import ArticleText
from summarizer.verify.folding import folded_words
from summarizer.verify.wording import shingles

# Words joined by one of these point at a longer piece: its first words … its last words.
_ELLIPSIS = re.compile(r"…+|\.{3,}|⋯+")
# A piece pointed at by its two ends is never longer than this; two sentences fit.
_MAX_STRETCH = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand, or the code that says why they could not be placed."""

    start: int
    end: int
    reason: str | None = None


def occurrences(article: ArticleText, words: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return all spans within [start, end) that read as the words; exact ones alone if there are any.

    Words may differ in width, punctuation and spaces. A place where they would cut a number is left out.
    """
    if end is None:
        end = len(article.text)
    if not words.strip():
        return []
    exact = [(at, at + len(words)) for at in _find_all(article.text, words, start, end)]
    found = [span for span in exact if not cuts_number(article, *span)]
    if found:
        return found
    copy, wanted = article.folded, folded_words(words)
    if not wanted:
        return []
    low, high = copy.position(start), copy.position(end)
    spans = (copy.span(at, at + len(wanted)) for at in _find_all(copy.text, wanted, low, high))
    return [span for span in spans if not cuts_number(article, *span)]


def everywhere(article: ArticleText, words: str) -> list[tuple[int, int]]:
    """Return the spans of `occurrences` in the whole text. Names are looked up many times: kept, so not to be changed."""
    spans = article.known.spans.get(words)
    if spans is None:
        spans = article.known.spans[words] = occurrences(article, words)
    return spans


def in_body(article: ArticleText, words: str) -> list[tuple[int, int]]:
    """Return the spans of `everywhere` that are not page furniture."""
    spans = article.known.body.get(words)
    if spans is None:
        found = everywhere(article, words)
        spans = [span for span in found if not article.is_furniture(*span)] if article.furniture else found
        article.known.body[words] = spans
    return spans


def stretch(article: ArticleText, words: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans that `first words … last words` point at; without an ellipsis as `occurrences`."""
    whole = occurrences(article, words, start, end)
    if whole:
        return whole
    pieces = [piece.strip() for piece in _ELLIPSIS.split(words) if piece.strip()]
    if len(pieces) < 2:
        return whole
    spans = []
    for first in occurrences(article, pieces[0], start, end):
        position: int | None = first[1]
        for piece in pieces[1:]:
            following = occurrences(article, piece, position or 0, min(end, first[0] + _MAX_STRETCH))
            position = following[0][1] if following else None
            if position is None:
                break
        if position is not None:
            spans.append((first[0], position))
    return spans


def cuts_number(article: ArticleText, start: int, end: int) -> bool:
    """Return whether the span begins or ends inside a number: `3%` in `12.3%`, `603亿` in `2603亿`.

    Only what states how much has a number of its own. A date may be cited without its year (11月18日 in 2021年11月18日), a
    code without its brackets; inside a run of digits neither may be cut.
    """
    text = article.text
    for edge in (start, end):
        if 0 < edge < len(text) and (
            (text[edge - 1].isdigit() and text[edge].isdigit()) or article.is_inside_number(edge)
        ):
            return True
    return False


def locate(article: ArticleText, words: str, sentence: int, context: str = "") -> Place:
    """Place words in the sentence cited, or near it, or at their only place in the body.

    Several places in the sentence are told apart by `context`, the name and entity of what the words state.
    Reasons: `QUOTE_NOT_FOUND`, `NUMBER_FRAGMENT`, `IN_FURNITURE`, `AMBIGUOUS_LOCATION`, `WRONG_SENTENCE`.
    """
    span = article.sentence_span(sentence)
    if span is not None:
        found = stretch(article, words, *span)
        if len(found) == 1:
            return Place(*found[0])
        if found:
            return choose(article, found, context)
        # One off is a slip of counting, not of reading, where the words stand only there.
        near = _around(article, sentence)
        found = stretch(article, words, *near)
        if len(found) == 1:
            return Place(*found[0])
    found = stretch(article, words, 0, len(article.text))
    body = [place for place in found if not article.is_furniture(*place)]
    if len(body) == 1:
        return Place(*body[0], reason="WRONG_SENTENCE")
    if body:
        return Place(*body[0], reason="AMBIGUOUS_LOCATION")
    if found:
        return Place(*found[0], reason="IN_FURNITURE")
    fragment = _fragment(article, words)
    return Place(0, 0, reason="NUMBER_FRAGMENT" if fragment else "QUOTE_NOT_FOUND")


def choose(article: ArticleText, spans: list[tuple[int, int]], context: str) -> Place:
    """Return the span whose clause shares most with the context; `AMBIGUOUS_LOCATION` where two share as much."""
    wanted = shingles(context)
    scored = []
    for start, end in spans:
        clause = article.clause_around(start, end)
        before = article.text[max(clause[0] - 30, 0) : clause[0]]
        own = shingles(article.text[clause[0] : clause[1]])
        scored.append((3 * len(wanted & own) + len(wanted & shingles(before)), -start, (start, end)))
    scored.sort(reverse=True)
    best = scored[0]
    is_tied = len(scored) > 1 and scored[1][0] == best[0]
    return Place(*best[2], reason="AMBIGUOUS_LOCATION" if is_tied else None)


def nearest(article: ArticleText, words: str, position: int) -> tuple[int, int] | None:
    """Return the place of the words in the body that is closest to the position, None if there is none."""
    return min(in_body(article, words), key=lambda span: abs(span[0] - position), default=None)


def quote_around(article: ArticleText, start: int, end: int, context: Iterable[str] = ()) -> tuple[int, int]:
    """Cut the evidence for a span: its clause, and the clauses before it that a reader needs.

    A clause is taken in when the one at hand says too little (`，增长21.7%`) or does not yet hold the context's words,
    as long as the whole stays under 80 characters and within the sentence.
    """
    low, high = article.clause_around(start, end)
    sentence_low, _ = article.sentence_bounds(start, end)
    wanted = [shingles(word) for word in context if word]
    for _ in range(3):
        held = shingles(article.text[low:high])
        is_thin = start - low < 4
        is_enough = not is_thin and all(not word or len(word & held) * 3 >= len(word) for word in wanted)
        if is_enough or low <= sentence_low:
            break
        before, _ = article.clause_around(max(low - 2, sentence_low), max(low - 1, sentence_low))
        if high - before > 80 or before >= low:
            break
        low = before
    return low, high


def _around(article: ArticleText, sentence: int) -> tuple[int, int]:
    first = article.sentence_span(sentence - 1) or article.sentence_span(sentence)
    last = article.sentence_span(sentence + 1) or article.sentence_span(sentence)
    assert first is not None  # noqa: S101 - the caller has found the sentence itself
    assert last is not None  # noqa: S101
    return first[0], last[1]


def _find_all(text: str, words: str, start: int, end: int) -> list[int]:
    found, at = [], text.find(words, start, end)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1, end)
    return found


def _fragment(article: ArticleText, words: str) -> bool:
    """Return whether the words stand in the text, but only inside longer numbers."""
    return any(char.isdigit() for char in words) and folded_words(words) in article.folded.text
