"""Amounts that are one word and no numeral: doubled, twice, halved, 翻倍, 减半, 同比持平."""

from __future__ import annotations

import re
from typing import Final

from summarizer.quantities.amounts import Amount
from summarizer.records import QuantityKind

# word pattern: value, unit, kind. A multiple is what a thing becomes of what it was: doubled is 2, halved is 50 %.
_TABLE: Final[tuple[tuple[str, str, str, QuantityKind], ...]] = (
    (r"(?:[Dd]oubl(?:ed|es|ing)|[Tt]wofold|[Tt]wice)(?![A-Za-z-])", "2", "倍", "multiple"),
    (r"(?:[Tt]ripl(?:ed|es|ing)|[Tt]rebl(?:ed|es|ing)|[Tt]hreefold|[Tt]hrice)(?![A-Za-z-])", "3", "倍", "multiple"),
    (r"(?:[Qq]uadrupl(?:ed|es|ing)|[Ff]ourfold)(?![A-Za-z-])", "4", "倍", "multiple"),
    (r"[Ff]ivefold(?![A-Za-z-])", "5", "倍", "multiple"),
    (r"[Tt]enfold(?![A-Za-z-])", "10", "倍", "multiple"),
    (r"[Hh]alv(?:ed|es|ing)(?![A-Za-z-])", "50", "%", "percent"),
    ("翻倍", "2", "倍", "multiple"),
    ("减半|腰斩", "50", "%", "percent"),
    ("(?<=[同环]比)(?:基本|大致|总体)?持平", "0", "%", "percent"),
)
_WORD = re.compile(
    "(?=[DdTtQqFfHh翻减腰基大总持])(?:"
    + "|".join(
        rf"(?<![A-Za-z-])(?P<w{index}>{pattern})" if pattern[0] in "([" else f"(?P<w{index}>{pattern})"
        for index, (pattern, *_) in enumerate(_TABLE)
    )
    + ")"
)


def read_change_words(masked: str) -> list[Amount]:
    """Return the words of `masked` that state an amount without a numeral, in order."""
    found = []
    for match in _WORD.finditer(masked):
        _, low, unit, kind = _TABLE[int((match.lastgroup or "w0")[1:])]
        start, end = match.span()
        found.append(
            Amount(
                start=start,
                end=end,
                number_start=start,
                number_end=end,
                low=low,
                kind=kind,
                unit=unit,
                has_unit=True,
                note=match[0],
            )
        )
    return found
