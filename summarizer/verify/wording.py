"""What two wordings share: stems of Latin words and pairs of neighbouring Han characters."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import add

_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{2,}")
_ENDING = re.compile(r"(?:(?<=[a-z]{3})(?:ing|ed)|(?<=[a-rt-z]{3})s)$")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
# Enough letters to tell stems apart, few enough to join invest and investment.
_STEM = 5
# In a longer text one search takes as long as its share of an index.
_INDEXED_CHARS = 20_000
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

    Pairs of an ordinary article are looked for when asked: few of its thousands ever are. A long text is indexed.

    Args:
        text: the text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for word in _LATIN_WORD.finditer(text):
            if (stem := _stem(word[0].lower())) not in _EMPTY_STEMS:
                self._places[stem].append(word.span())
        self._is_indexed = len(text) > _INDEXED_CHARS
        if self._is_indexed:
            for run in _HAN_RUN.finditer(text):
                chars, start = run[0], run.start()
                for at, pair in enumerate(map(add, chars, chars[1:]), start):
                    self._places[pair].append((at, at + 2))

    def of(self, shingle: str) -> Sequence[tuple[int, int]]:
        """Return the spans of a stem or pair of characters, in order."""
        found = self._places.get(shingle)
        if found is None:
            is_pair = len(shingle) == 2 and shingle >= "\u3400"
            found = [] if self._is_indexed or not is_pair else self._find(shingle)
            self._places[shingle] = found
        return found

    def __contains__(self, shingle: str) -> bool:
        return bool(self.of(shingle))

    def number_of(self, wanted: Iterable[str]) -> int:
        """Return how many of the stems and pairs stand in the text."""
        return sum(shingle in self for shingle in wanted)

    def counts_in(
        self, wanted: Iterable[str], starts: Sequence[int], ends: Sequence[int], reach: int = 1
    ) -> Counter[int]:
        """Return how many of the stems and pairs stand in each run of so many pieces of the text, by its first piece.

        The pieces are ordered and disjoint; a run that would go beyond the last one begins earlier. Those that have none
        are left out.
        """
        counts: Counter[int] = Counter()
        last = max(0, len(starts) - reach)
        for shingle in wanted:
            runs: set[int] = set()
            for at, stop in self.of(shingle):
                piece = bisect_right(starts, at) - 1
                if piece >= 0 and stop <= ends[piece]:
                    runs.update(range(max(0, piece - reach + 1), min(piece, last) + 1))
            counts.update(runs)
        return counts

    def _find(self, pair: str) -> list[tuple[int, int]]:
        found, at = [], self._text.find(pair)
        while at >= 0:
            found.append((at, at + 2))
            at = self._text.find(pair, at + 1)
        return found


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
