"""Where a pattern can begin, so that it is tried there and nowhere else.

Nearly all patterns of the scanner begin at a run of digits or at one of some words. A look-behind or an alternation keeps
the regex engine from skipping to those: tried everywhere a pattern costs 30 to 300 ns a character of text, whatever
stands there, and there are fifty of them. To find the digits and the words of a text costs as much as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_DIGITS = re.compile("[0-9]+")
_WORDS = re.compile("[A-Za-z]+")


def matches_at(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> list[re.Match[str]]:
    """Return what `pattern.finditer(text)` yields, given every offset at which a match can begin.

    Args:
        pattern: must not match the empty string.
        text: the text.
        starts: offsets in order; more than there are matches do no harm.
    """
    found: list[re.Match[str]] = []
    last = 0
    match = pattern.match
    for start in starts:
        if start >= last and (one := match(text, start)) is not None:
            found.append(one)
            last = one.end()
    return found


def digit_runs(text: str) -> list[tuple[int, int]]:
    """Return the spans of the unbroken runs of ASCII digits, in order."""
    return [run.span() for run in _DIGITS.finditer(text)]


def is_letter(char: str) -> bool:
    """Return whether a character, or the empty string, is an ASCII letter."""
    return char.isascii() and char.isalpha()


def word_start(text: str, end: int, most: int = 40) -> int:
    """Return where the ASCII letters directly before `end` begin, at most so many characters back."""
    start, least = end, max(0, end - most)
    while start > least and is_letter(text[start - 1]):
        start -= 1
    return start


def word_starts(text: str, wanted: frozenset[str]) -> list[tuple[int, str]]:
    """Return where the wanted words stand as whole runs of ASCII letters, each with the word, in order."""
    found = []
    for word in wanted & _words_of(text):
        length, start = len(word), text.find(word)
        while start >= 0:
            end = start + length
            if not (start and is_letter(text[start - 1])) and not is_letter(text[end : end + 1]):
                found.append((start, word))
            start = text.find(word, end)
    found.sort()
    return found


# Several stages look for words of theirs in one text, one after the other.
@lru_cache(maxsize=2)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text))
