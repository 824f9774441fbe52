"""Article text cut into pieces, so that overlapping spans of labels and predictions can be marked in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from summarizer.records import Furniture

# How an item fared: `near` has its core right and something beside it wrong, `unsupported` is an extra that the article
# does not state.
State = Literal["right", "near", "wrong", "missing", "extra", "unsupported"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """The small label of an item: `item` is its name within the case (`figure-3`), `short` what is printed (`F3`).

    `hue` (0 to 5) is shared by the two sides of a pair and None for an item that stands alone. `says` is one line on it.
    """

    item: str
    short: str
    state: State
    is_minor: bool
    hue: int | None
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A place of an item: code-point offsets into the canonical text, half open."""

    start: int
    end: int
    tag: Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text under the same spans: `tags` of those, the innermost first; `opens` of those that begin here."""

    text: str
    tags: tuple[Tag, ...]
    opens: tuple[Tag, ...]
    is_furniture: bool

    @property
    def items(self) -> str:
        """The names of the items over this piece, innermost first, separated by blanks."""
        return " ".join(dict.fromkeys(tag.item for tag in self.tags))

    @property
    def hue(self) -> int | None:
        """The colour of the innermost pair that is not minor: what stands alone inside a pair leaves its colour."""
        return next((tag.hue for tag in self.tags if tag.hue is not None and not tag.is_minor), None)


def cut(text: str, spans: Iterable[Span], furniture: Sequence[Furniture] = ()) -> tuple[Piece, ...]:
    """Cut `text` at every border of a span, so that each piece lies wholly inside or outside each of them.

    The pieces in order are the text, to the character. What lies outside the text is left out, so are empty spans.
    """
    inside = [span for span in spans if 0 <= span.start < span.end <= len(text)]
    # Shortest first: the innermost of nested spans gives a piece its look and answers a click; of equals, a mistake.
    inside.sort(key=lambda span: (span.end - span.start, span.tag.is_minor, span.tag.state == "right", span.start))
    edges = [edge for span in inside for edge in (span.start, span.end)]
    edges += [edge for part in furniture for edge in (part.start, part.end) if edge <= len(text)]
    pieces = []
    for start, end in pairwise(sorted({0, len(text), *edges})):
        over = [span for span in inside if span.start <= start and end <= span.end]
        pieces.append(
            Piece(
                text=text[start:end],
                tags=tuple(span.tag for span in over),
                # The outermost begins first for a reader, so its label comes first.
                opens=tuple(dict.fromkeys(span.tag for span in reversed(over) if span.start == start)),
                is_furniture=any(part.start <= start and end <= part.end for part in furniture),
            )
        )
    return tuple(pieces)
