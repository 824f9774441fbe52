"""What the stages of the scanner hand to each other: spans that are claimed, and a text with the claimed parts blanked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from summarizer.records import Quantity, QuantityKind

# No pattern matches it, so that a claimed span is not read again; the length, and with it every offset, stays.
BLANK: Final = "\x00"


def valueless(text: str, start: int, end: int, kind: QuantityKind) -> Quantity:
    """Return an item of a kind that carries no value: `name`, `code`, `pattern`."""
    return Quantity(
        text=text[start:end],
        start=start,
        end=end,
        value=None,
        value_max=None,
        unit=None,
        qualifier="exact",
        kind=kind,
    )


def blank(folded: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with the spans, ordered and disjoint, overwritten by `BLANK`."""
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        pieces.append(folded[at:start])
        pieces.append(BLANK * (end - start))
        at = end
    if not pieces:
        return folded
    pieces.append(folded[at:])
    return "".join(pieces)


def disjoint(spans: Iterable[tuple[int, int, QuantityKind]]) -> list[tuple[int, int, QuantityKind]]:
    """Sort the spans and drop each that overlaps an earlier one; of two that begin together the longer stays."""
    kept: list[tuple[int, int, QuantityKind]] = []
    last = 0
    for span in sorted(spans, key=lambda item: (item[0], -item[1])):
        if span[0] >= last:
            kept.append(span)
            last = span[1]
    return kept
