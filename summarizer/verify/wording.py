"""What two wordings share: stems of Latin words and pairs of neighbouring Han characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{2,}")
_ENDING = re.compile(r"(?:(?<=[a-z]{3})(?:ing|ed)|(?<=[a-rt-z]{3})s)$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
# Enough letters to tell stems apart, few enough to join invest and investment.
_STEM = 5
_EMPTY_STEMS = frozenset(
    {"the", "and", "for", "with", "per", "total", "from", "numbe", "compa", "annua", "year", "expec", "its", "their"}
)


@lru_cache(maxsize=4096)
def shingles(text: str) -> frozenset[str]:
    """Return stems of Latin words and pairs of neighbouring Han characters; names are asked for again and again."""
    return frozenset(shingle for shingle, _, _ in shingle_spans(text))


def shingle_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[str, int, int]]:
    """Yield what `shingles` returns for text[start:end], each with its place in `text`, Latin stems first."""
    end = len(text) if end is None else end
    for word in _LATIN_WORD.finditer(text, start, end):
        stem = _stem(word[0].lower())
        if stem not in _EMPTY_STEMS:
            yield stem, word.start(), word.end()
    for run in _HAN_RUN.finditer(text, start, end):
        for at in range(run.start(), run.end() - 1):
            yield text[at : at + 2], at, at + 2


def shingle_places(text: str) -> Mapping[str, Sequence[tuple[int, int]]]:
    """Return every stem and pair of characters of a text with the spans where it stands, in order.

    Cost: linear, about 0.1 ms for 1,000 characters.
    """
    places: dict[str, list[tuple[int, int]]] = {}
    for shingle, start, end in shingle_spans(text):
        if (known := places.get(shingle)) is None:
            places[shingle] = [(start, end)]
        else:
            known.append((start, end))
    return places


def is_chinese(text: str) -> bool:
    """Return whether at least a quarter of a text is Chinese characters."""
    return 4 * len(_HAN.findall(text)) > len(text)


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    """Return a word's beginning, so that forms of one word are one: cap, caps, capped; invest, investment."""
    bare = _ENDING.sub("", word)
    if bare != word and len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "ls":
        bare = bare[:-1]
    return bare[:_STEM]
