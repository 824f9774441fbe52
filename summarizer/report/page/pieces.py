"""Text cut at the borders of overlapping spans, so that each piece can be marked as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from summarizer.records import Furniture

# The summary leans on nearly every sentence: a click is meant for the facts first.
_SUMMARY_KINDS: Final = frozenset({"point", "prose", "doubtful"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A place of an item: code-point offsets, half open. `is_core`: the very words, inside a longer quotation."""

    start: int
    end: int
    item: str
    is_core: bool = False

    @property
    def kind(self) -> str:
        """What the item is: the word before the number in its name."""
        return self.item.partition("-")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text under the same spans.

    `items` are those over it, the innermost first, the summary's last; `core` those whose very words it holds;
    `furniture` the kind of page furniture it lies in.
    """

    text: str
    items: tuple[str, ...] = ()
    core: tuple[str, ...] = ()
    furniture: str = ""


def cut(text: str, spans: Iterable[Span], furniture: Sequence[Furniture] = ()) -> list[Piece]:
    """Cut `text` at every border, so that each piece lies wholly inside or outside each span and range of furniture.

    The pieces in order are the text, to the character. A span that is empty or reaches beyond the text is left out.
    Cost: linear in the borders, times the spans that lie over one place.
    """
    opening: defaultdict[int, list[Span]] = defaultdict(list)
    edges = {0, len(text)}
    for span in spans:
        if 0 <= span.start < span.end <= len(text):
            opening[span.start].append(span)
            edges |= {span.start, span.end}
    edges.update(edge for part in furniture for edge in (part.start, part.end) if 0 <= edge <= len(text))
    pieces = []
    over: list[Span] = []
    for start, end in pairwise(sorted(edges)):
        over = sorted([*(span for span in over if span.end > start), *opening[start]], key=_closeness)
        pieces.append(
            Piece(
                text=text[start:end],
                items=tuple(dict.fromkeys(span.item for span in over)),
                core=tuple(dict.fromkeys(span.item for span in over if span.is_core)),
                furniture=next((part.kind for part in furniture if part.start <= start and end <= part.end), ""),
            )
        )
    return pieces


def _closeness(span: Span) -> tuple[bool, int, int, str]:
    return span.kind in _SUMMARY_KINDS, span.end - span.start, span.start, span.item
