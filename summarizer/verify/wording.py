"""What two wordings share: stems of Latin words and pairs of neighbouring Han characters."""

from __future__ import annotations

import re

_LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
# Enough letters to tell stems apart, few enough to join invest and investment.
_STEM = 5
_EMPTY_STEMS = frozenset(
    {"the", "and", "for", "with", "per", "total", "from", "numbe", "compa", "annua", "year", "expec", "its", "their"}
)


def shingles(text: str) -> set[str]:
    """Return stems of Latin words and pairs of neighbouring Han characters."""
    found = {word.lower()[:_STEM] for word in _LATIN_WORD.findall(text)} - _EMPTY_STEMS
    for run in _HAN_RUN.findall(text):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
    return found
