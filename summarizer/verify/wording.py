"""What two wordings share: stems of Latin words and pairs of neighbouring Han characters."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import add

_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{2,}")
_ENDING = re.compile(r"(?:(?<=[a-z]{3})(?:ing|ed)|(?<=[a-rt-z]{3})s)$")
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


class WordPlaces:
    """Where the stems and pairs of characters of a text stand.

    Few of the thousands of pairs of an article are ever asked for: of each its last place is kept, and of each place the
    one before, so that nothing is made for a pair until then.

    Args:
        text: the text.
    """

    def __init__(self, text: str) -> None:
        self._places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        self._last: dict[str, int] = {}
        self._before: dict[int, int] = {}
        for word in _LATIN_WORD.finditer(text):
            if (stem := _stem(word[0].lower())) not in _EMPTY_STEMS:
                self._places[stem].append(word.span())
        last, before = self._last, self._before
        for run in _HAN_RUN.finditer(text):
            chars = run[0]
            for at, pair in enumerate(map(add, chars, chars[1:]), run.start()):
                if pair in last:
                    before[at] = last[pair]
                last[pair] = at

    def of(self, shingle: str) -> Sequence[tuple[int, int]]:
        """Return the spans of a stem or pair of characters, in order."""
        found = self._places.get(shingle)
        if found is None:
            found = self._places[shingle] = []
            at = self._last.get(shingle)
            while at is not None:
                found.append((at, at + 2))
                at = self._before.get(at)
            found.reverse()
        return found

    def __contains__(self, shingle: str) -> bool:
        return shingle in self._last or bool(self._places.get(shingle))

    def number_of(self, wanted: Iterable[str]) -> int:
        """Return how many of the stems and pairs stand in the text."""
        return sum(shingle in self for shingle in wanted)

    def counts_in(
        self, wanted: Iterable[str], starts: Sequence[int], ends: Sequence[int], reach: int = 1
    ) -> dict[int, int]:
        """Return how many of the stems and pairs stand in each run of so many pieces of the text, by its first piece.

        The pieces are ordered and disjoint; a run that would go beyond the last one begins earlier. Those that have none
        are left out.
        """
        counts: dict[int, int] = {}
        last = max(0, len(starts) - reach)
        for shingle in wanted:
            runs: set[int] = set()
            for at, stop in self.of(shingle):
                piece = bisect_right(starts, at) - 1
                if piece >= 0 and stop <= ends[piece]:
                    runs.update(range(max(0, piece - reach + 1), min(piece, last) + 1))
            for run in runs:
                counts[run] = counts.get(run, 0) + 1
        return counts


def is_chinese(text: str) -> bool:
    """Return whether at least a quarter of a text is Chinese characters."""
    return 4 * han_count(text) > len(text)


def han_count(text: str) -> int:
    """Return how many Chinese characters a text has."""
    return sum(map(len, _HAN_RUN.findall(text)))


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    """Return a word's beginning, so that forms of one word are one: cap, caps, capped; invest, investment."""
    bare = _ENDING.sub("", word)
    if bare != word and len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "ls":
        bare = bare[:-1]
    return bare[:_STEM]


def cuts_word(text: str, edge: int) -> bool:
    """Return whether a cut at `edge` would part letters or digits of one word."""
    return 0 < edge < len(text) and _is_word(text[edge - 1]) and _is_word(text[edge])


def _is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()
