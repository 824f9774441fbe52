"""From the lines that a PDF draws to paragraphs: where a line goes on, where it ends, what stands on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u303f\U00020000-\U0003ffff]")
# As broad as a Han character in Chinese text, narrow in English.
_EITHER: Final = frozenset("“”‘’…—·")
_CLOSING: Final = frozenset(",.;:!?%)]}")
_SENTENCE_END = re.compile(r"[。！？!?.;；:：][”’\"'」』）)]*$")
_ITEM = re.compile(
    r"[•●■◆▪◦·○□◇★※►▶✓-]\s*\S|[–—*]\s|[(（]?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.、)）]\s*\D|[一二三四五六七八九十]{1,3}、"
    r"|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十百0-9]{1,4}[章节条部]"
)
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*\d{1,4}[-–—\s]*|\d{1,4}\s*/\s*\d{1,4}|第\s*\d{1,4}\s*页(?:[\s,，/]*共\s*\d{1,4}\s*页)?"
    r"|page\s+\d{1,4}(?:\s+of\s+\d{1,4})?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
# Lines at head and foot of a page among which running ones are looked for.
_EDGE: Final = 3
_FULL_SHARE: Final = 0.8
_GAP_RATIO: Final = 1.35
_CELL_GAP_EMS: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Text drawn in one go. `x`, `y` is where it begins, in points from the lower left; `size` its height in points."""

    text: str
    x: float
    y: float
    size: float

    @property
    def end(self) -> float:
        """Where the piece ends, about: a wide character is as broad as high, any other half of that."""
        wide = len(_HAN.findall(self.text))
        return self.x + self.size * (wide + (len(self.text) - wide) * 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One drawn line. `is_row`: parts of it stand well apart, as a table's cells do."""

    text: str
    x: float
    end: float
    y: float
    size: float
    is_row: bool = False


def pieced(pieces: Sequence[Piece]) -> Line | None:
    """Return the line that pieces make together, None if nothing of it is visible."""
    shown = [piece for piece in pieces if piece.text.strip()]
    if not shown:
        return None
    size = max(piece.size for piece in shown)
    text = ""
    is_row = False
    before: Piece | None = None
    for piece in pieces:
        if before is not None and piece.text.strip():
            gap = piece.x - before.end
            if gap > max(_CELL_GAP_EMS * size, 0.2 * (before.end - before.x)):
                text = text.rstrip() + "\t"
                is_row = True
            elif _is_raised(piece, before) and text[-1:].isdigit() and piece.text[:1].isdigit():
                # 10 with a raised 8 is not 108.
                text += "^"
        text += piece.text.lstrip() if text.endswith("\t") else piece.text
        if piece.text.strip():
            before = piece
    return Line(text=text.strip(), x=shown[0].x, end=shown[-1].end, y=shown[0].y, size=size, is_row=is_row)


def _is_raised(piece: Piece, before: Piece) -> bool:
    return piece.size < 0.95 * before.size and piece.y - before.y > 0.15 * before.size


def join_pages(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[str, ...]]:
    """Return the text of all pages, a paragraph a line, and warnings.

    `number_over_line_end`: digits at both sides of a line end in Chinese text, which may be one number or two.
    """
    running = _running(pages)
    lines = [line for page in pages for line in _without(page, running)]
    hyphens = sum(line.text.endswith("-") and line.text[-2:-1].isalpha() for line in lines)
    paragraphs: list[str] = []
    warnings: set[str] = set()
    gap = _usual_gap(lines)
    columns = _columns(lines)
    for number, line in enumerate(lines):
        if number and _goes_on(lines[number - 1], line, gap, columns):
            joint = _joint(paragraphs[-1], line.text, hyphenates=hyphens >= 3)
            if joint is not None:
                paragraphs[-1] = joint
                continue
            warnings.add("number_over_line_end")
        paragraphs.append(line.text)
    return "\n".join(paragraph.replace("\xad", "") for paragraph in paragraphs), tuple(warnings)


def _mask(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("0", line.text), round(line.y / 4)


def _edges(page: Sequence[Line]) -> Iterable[Line]:
    return page if len(page) <= 2 * _EDGE else (*page[:_EDGE], *page[-_EDGE:])


def _running(pages: Sequence[Sequence[Line]]) -> frozenset[tuple[str, int]]:
    """What stands at one place of three pages or more: titles, names, dates at head and foot."""
    counts = Counter(mask for page in pages for mask in {_mask(line) for line in _edges(page)})
    return frozenset(mask for mask, count in counts.items() if count >= 3 and count * 3 >= len(pages))


def _without(page: Sequence[Line], running: frozenset[tuple[str, int]]) -> list[Line]:
    edges = {id(line) for line in _edges(page)}
    ends = {id(line) for line in (*page[:1], *page[-1:])}
    return [
        line
        for line in page
        if not (id(line) in edges and _mask(line) in running)
        # A page that is nothing but a number says it.
        and not (id(line) in ends and len(page) > 1 and _PAGE_NUMBER.fullmatch(line.text))
    ]


def _usual_gap(lines: Sequence[Line]) -> float:
    gaps = [one.y - two.y for one, two in pairwise(lines)]
    near = [gap for one, gap in zip(lines, gaps, strict=False) if 0 < gap < 4 * one.size]
    # Where paragraphs are short, half of the gaps are those between them.
    return sorted(near)[len(near) // 4] if near else 0.0


def _columns(lines: Sequence[Line]) -> dict[int, tuple[float, float]]:
    """Left and right edge of the text that begins about where a line does, by that place in steps of 36 points."""
    found: dict[int, tuple[float, float]] = {}
    for line in lines:
        key = round(line.x / 36)
        left, right = found.get(key, (line.x, line.end))
        found[key] = min(left, line.x), max(right, line.end)
    return found


def _goes_on(line: Line, following: Line, gap: float, columns: dict[int, tuple[float, float]]) -> bool:
    """Whether a paragraph goes on from a line to the one behind it."""
    if line.is_row or following.is_row or _ITEM.match(following.text):
        return False
    if abs(line.size - following.size) > 0.1 * line.size:
        return False
    key = round(line.x / 36)
    near = [columns[one] for one in (key - 1, key, key + 1) if one in columns]
    left, right = min(edge for edge, _ in near), max(edge for _, edge in near)
    is_full = line.end >= left + _FULL_SHARE * (right - left)
    # Two paragraphs of one line each stand in line with one another.
    is_indented = following.x > left + 0.8 * following.size and (
        following.x > line.x + 0.5 * following.size or _SENTENCE_END.search(line.text) is not None
    )
    step = line.y - following.y
    is_next = 0 < step <= max(_GAP_RATIO * gap, 1.05 * line.size)
    if is_next:
        return is_full and not is_indented
    # Over the end of a page or column.
    is_over = step < 0 or step > 8 * line.size
    return is_over and is_full and not is_indented and not _SENTENCE_END.search(line.text)


def _joint(before: str, after: str, *, hyphenates: bool) -> str | None:
    """Join two lines of a paragraph; None where a number may or may not go on."""
    last, first = before[-1], after[0]
    if last == "\xad":
        return before[:-1] + after
    if last == "-" and before[-2:-1].isalnum() and first.isalnum():
        return (before[:-1] if hyphenates and before[-2].islower() and first.islower() else before) + after
    is_chinese = len(_HAN.findall(before[-20:] + after[:20])) > 6
    if last.isdigit() and first.isdigit() and is_chinese:
        return None
    # A number's own comma or point, and what closes a clause, follow without a blank in any language.
    is_tight = (
        first in _CLOSING
        or _HAN.match(last)
        or _HAN.match(first)
        or (is_chinese and (last in _EITHER or first in _EITHER))
    )
    return before + ("" if is_tight else " ") + after
