"""Amounts that are one word and no numeral: doubled, twice, halved, 翻倍, 减半, 同比持平."""

from __future__ import annotations

import re
from typing import Final

from summarizer.quantities.amounts import Amount
from summarizer.quantities.seeking import matches_at, word_starts
from summarizer.quantities.wordlists import words
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
    ("一半(?!天|路)|过半(?!夜)|半数(?!人)", "50", "%", "percent"),
    (
        r"[Hh]alf(?= (?:of (?!the (?:year|month)|20[0-9]{2})|its |the (?!year)|their |that |our |his |her ))",
        "50",
        "%",
        "percent",
    ),
    ("持平(?!板)", "0", "%", "percent"),
)
_WORD = re.compile(
    "(?:"
    + "|".join(
        rf"(?<![A-Za-z-])(?P<w{index}>{pattern})" if pattern[0] in "([" else f"(?P<w{index}>{pattern})"
        for index, (pattern, *_) in enumerate(_TABLE)
    )
    + ")"
)

_CHINESE_FIRST = re.compile("[翻减腰持一过半](?=[倍半斩数平])")
_ENGLISH: Final = frozenset(
    form
    for word in words(
        "doubled doubles doubling twofold twice tripled triples tripling trebled trebles trebling threefold thrice "
        "quadrupled quadruples quadrupling fourfold fivefold tenfold halved halves halving half"
    )
    for form in (word, word.capitalize())
)

_LEVEL = re.compile(r"(?:[同环]比|[与和跟较][^，。；,.;]{1,12})(?:基本|大致|总体|大体)?\Z")
_PERIOD_HALF = re.compile(r"\b(?:first|second|latter|other|one|a|an) \Z", re.IGNORECASE)


def _starts(masked: str) -> list[int]:
    chinese = (match.start() for match in _CHINESE_FIRST.finditer(masked))
    return sorted([*chinese, *(start for start, _ in word_starts(masked, _ENGLISH))])


def _counts(masked: str, word: str, start: int) -> bool:
    """Whether the word states an amount where it stands: 持平 beside what it is level with, half of a thing, not of a year."""
    if word == "持平":
        return _LEVEL.search(masked, max(0, start - 18), start) is not None
    if word in ("half", "Half"):
        return _PERIOD_HALF.search(masked, max(0, start - 8), start) is None
    return not (word == "一半" and masked[max(0, start - 1) : start] == "另")


def read_change_words(masked: str) -> list[Amount]:
    """Return the words of `masked` that state an amount without a numeral, in order."""
    found = []
    for match in matches_at(_WORD, masked, _starts(masked)):
        _, low, unit, kind = _TABLE[int((match.lastgroup or "w0")[1:])]
        start, end = match.span()
        if not _counts(masked, match[0], start):
            continue
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
