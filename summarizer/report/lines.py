"""Lines for the terminal that break as Chinese does: between any two characters, English only at its blanks."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

# A line neither begins with closing marks nor ends with opening ones.
_NOT_FIRST = frozenset("，。、；：！？）》」』】〕”’…％,.;:!?)]}%\"'")
_NOT_LAST = frozenset("（《「『【〔“‘([{")
_NARROWEST = 12


class Line:
    """One logical line of styled text, broken to the width at hand; its continuation stands `hang` columns further in.

    Rich alone takes a Chinese sentence for one long word and begins a new line before it.
    """

    def __init__(self, text: Text, *, indent: int = 0, hang: int = 0) -> None:
        self._text = text
        self._indent = indent
        self._hang = hang

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        first = max(1, options.max_width - self._indent)
        following = max(1, first - self._hang)
        for number, part in enumerate(self._text.divide(break_points(self._text.plain, first, following))):
            part.rstrip()
            margin = " " * (self._indent + (self._hang if number else 0))
            yield Text(margin, no_wrap=True, overflow="ignore").append_text(part)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = self._indent + cell_len(self._text.plain)
        return Measurement(min(widest, _NARROWEST), min(widest, options.max_width))


def break_points(text: str, first: int, following: int) -> list[int]:
    """Return the offsets at which lines after the first begin, for lines of so many columns; blanks may hang over."""
    points: list[int] = []
    width, used, allowed = first, 0, 0
    begin = 0
    for offset, character in enumerate(text):
        size = cell_len(character)
        if offset > begin and _may_break(text[offset - 1], character):
            allowed = offset
        if used + size > width and not character.isspace() and offset > begin:
            # A long word that began on this line is cut here where it would not fit the next one.
            fits = allowed > begin and cell_len(text[allowed:offset]) <= following
            begin = allowed if fits else offset
            points.append(begin)
            width = following
            used = cell_len(text[begin:offset])
            if used + size > width and offset > begin:
                # What was carried over fills the new line by itself: closing marks at the width of a few characters.
                begin, used = offset, 0
                points.append(begin)
        used += size
    return points


def _may_break(before: str, after: str) -> bool:
    if before.isspace():
        return not after.isspace()
    if before in _NOT_LAST or after in _NOT_FIRST:
        return False
    return cell_len(before) == 2 or cell_len(after) == 2
