"""Markdown to visible text with a map: the usual blocks and inline marks, HTML within it, one pass, no recursion."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from summarizer.articles.html_text import BLOCKS, HtmlReader
from summarizer.articles.visible import VisibleText

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_FENCE = re.compile(r"[ \t]{0,3}(`{3,}|~{3,})[^`\n]*$")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}(?:[ \t]+|$)")
_HEADING_END = re.compile(r"[ \t]+#+[ \t]*$")
_RULE = re.compile(r"[ \t]{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_SETEXT = re.compile(r"[ \t]{0,3}(?:=+|-+)[ \t]*$")
_BULLET = re.compile(r"[ \t]*[-*+•](?:[ \t]+(?:\[[ xX]\][ \t]+)?|$)")
_NUMBERED = re.compile(r"[ \t]*\d{1,9}[.)](?:[ \t]+|$)")
_QUOTE = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+")
_DEFINITION = re.compile(r"[ \t]{0,3}\[(?!\^)([^\[\]\n]{1,200})\]:[ \t]*\S+[^\n]*$")
_FOOTNOTE = re.compile(r"[ \t]{0,3}\[\^[^\[\]\n]{1,60}\]:[ \t]*")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_PIPE = re.compile(r"(?<!\\)\|")
_HTML_BLOCK = re.compile(
    rf"[ \t]{{0,3}}<(?:!--|!|\?|/?(?:{'|'.join(sorted(BLOCKS))}|script|style|iframe)(?=[\s/>]|$))", re.IGNORECASE
)
_HTML_UNTIL: Final = (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"), ("<pre", "</pre"))

_INLINE = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<code>`+)"
    r"|(?P<autolink><(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w.-]+\.\w+)>)"
    r"|(?P<tag><)"
    r"|(?P<image>!\[)"
    r"|(?P<footnote>\[\^[^\[\]\s]{1,60}\])"
    r"|(?P<link>\[)"
    r"|(?P<mark>\*+|_+|~~+)"
)
# Possessive and with one level of nesting, so that a failure stops at the next unclosed bracket.
_LINK_TEXT = re.compile(r"!?\[(?P<text>(?:[^\[\]\\\n]++|\\.|\[[^\[\]\n]*+\])*+)\]")
_LINK_TARGET = re.compile(r"\((?:[^()\n]++|\([^()\n]*+\))*+\)|\[[^\[\]\n]*+\]")


@dataclass(slots=True)
class _Mark:
    """A delimiter run that may open or close emphasis."""

    start: int
    end: int
    opens: bool
    closes: bool
    is_removed: bool = False


class MarkdownReader:
    """Feeds Markdown into a `VisibleText`: marks removed, link texts kept, images dropped, blocks on their own lines.

    Table cells are parted by ` | `. Numbers of numbered lists stay. A `*` between two digits (7*24) is no emphasis.
    """

    def __init__(self, source: str, out: VisibleText, html: HtmlReader) -> None:
        self._source = source
        self._out = out
        self._html = html
        self._definitions: set[str] = set()
        self._unmatched_ticks: set[int] = set()
        self._closings: dict[str, int | None] = {}

    def feed(self, start: int, end: int) -> None:
        """Read the source range as Markdown."""
        source = self._source
        lines = [
            (match.start(), match.start() + len(match[0].rstrip("\r\n")))
            for match in _LINE.finditer(source, start, end)
        ]
        for first, last in lines:
            if definition := _DEFINITION.match(source, first, last):
                self._definitions.add(definition[1].casefold())
        number = 0
        while number < len(lines):
            number = self._block(lines, number)
        self._out.block_break()

    def _block(self, lines: list[tuple[int, int]], number: int) -> int:
        """Read the block that begins at a line; return the number of the line behind it."""
        source, out = self._source, self._out
        first, last = lines[number]
        if not source[first:last].strip():
            out.block_break()
            return number + 1
        if fence := _FENCE.match(source, first, last):
            return self._fenced(lines, number, fence[1])
        if _HTML_BLOCK.match(source, first, last):
            return self._html_block(lines, number)
        if _DEFINITION.match(source, first, last) or _RULE.match(source, first, last):
            out.block_break()
            return number + 1
        if heading := _HEADING.match(source, first, last):
            closing = _HEADING_END.search(source, heading.end(), last)
            out.block_break()
            self._inline([(heading.end(), closing.start() if closing else last)])
            out.block_break()
            return number + 1
        if "|" in source[first:last] and number + 1 < len(lines) and _is_table_rule(source, lines[number + 1]):
            return self._table(lines, number)
        return self._paragraph(lines, number)

    def _fenced(self, lines: list[tuple[int, int]], number: int, fence: str) -> int:
        self._out.block_break()
        number += 1
        while number < len(lines):
            first, last = lines[number]
            number += 1
            stripped = self._source[first:last].strip()
            if stripped.startswith(fence) and not stripped.strip(fence[0]):
                break
            if not self._html.is_hidden:
                self._out.code_line(first, last)
        self._out.block_break()
        return number

    def _html_block(self, lines: list[tuple[int, int]], number: int) -> int:
        """HTML runs to the next blank line; comments, scripts, styles and `<pre>` to their own end."""
        source = self._source
        first, last = lines[number]
        start = first
        until = None
        opening = source[first:last].lstrip().lower()
        for mark, closing in _HTML_UNTIL:
            if opening.startswith(mark):
                until = self._next_closing(closing, first)
        while number < len(lines):
            first, last = lines[number]
            if not source[first:last].strip() and (until is None or first > until):
                break
            number += 1
        self._html.feed(start, last if number == len(lines) else lines[number][0])
        self._out.block_break()
        return number

    def _next_closing(self, closing: str, first: int) -> int | None:
        """Return where the next end of a comment or element begins; one found far ahead is not looked for again."""
        known = self._closings.get(closing, -1)
        if known is not None and known < first:
            found = re.compile(re.escape(closing), re.IGNORECASE).search(self._source, first)
            known = found.start() if found else None
            self._closings[closing] = known
        return known

    def _table(self, lines: list[tuple[int, int]], number: int) -> int:
        self._row(*lines[number])
        number += 2
        while number < len(lines):
            first, last = lines[number]
            if not self._source[first:last].strip() or "|" not in self._source[first:last]:
                break
            self._row(first, last)
            number += 1
        self._out.block_break()
        return number

    def _row(self, first: int, last: int) -> None:
        source, out = self._source, self._out
        out.block_break()
        while first < last and source[first] in " \t":
            first += 1
        while last > first and source[last - 1] in " \t":
            last -= 1
        pipes = [match.start() for match in _PIPE.finditer(source, first, last)]
        if pipes and pipes[0] == first:
            first += 1
            del pipes[0]
        if pipes and pipes[-1] == last - 1:
            last -= 1
            del pipes[-1]
        previous_end = -1
        for start, end in zip([first, *(pipe + 1 for pipe in pipes)], [*pipes, last], strict=True):
            text = source[start:end]
            begin = start + len(text) - len(text.lstrip())
            stop = max(begin, start + len(text.rstrip()))
            if previous_end >= 0 and not self._html.is_hidden:
                out.separator(" | ", previous_end, begin)
            self._inline([(begin, stop)])
            previous_end = stop

    def _paragraph(self, lines: list[tuple[int, int]], number: int) -> int:
        """A paragraph, list item or quotation: its lines up to the next blank line or other block."""
        source, out = self._source, self._out
        out.block_break()
        ranges: list[tuple[int, int]] = []
        while number < len(lines):
            first, last = lines[number]
            if not source[first:last].strip():
                break
            if ranges and _SETEXT.match(source, first, last):
                number += 1
                break
            if ranges and self._interrupts(first, last):
                break
            ranges.append((self._behind_prefix(first, last, is_first=not ranges), last))
            number += 1
        self._inline(ranges)
        out.block_break()
        return number

    def _interrupts(self, first: int, last: int) -> bool:
        return any(
            pattern.match(self._source, first, last)
            for pattern in (_BULLET, _NUMBERED, _HEADING, _FENCE, _RULE, _HTML_BLOCK, _FOOTNOTE)
        )

    def _behind_prefix(self, first: int, last: int, *, is_first: bool) -> int:
        if quote := _QUOTE.match(self._source, first, last):
            first = quote.end()
        if is_first:
            if mark := _FOOTNOTE.match(self._source, first, last) or _BULLET.match(self._source, first, last):
                return mark.end()
            if heading := _HEADING.match(self._source, first, last):
                return heading.end()
        while first < last and self._source[first] in " \t":
            first += 1
        return first

    def _inline(self, ranges: list[tuple[int, int]]) -> None:
        marks = self._pair_marks(ranges)
        out, html = self._out, self._html
        for number, (first, last) in enumerate(ranges):
            if number and not html.is_hidden:
                before = ranges[number - 1][1]
                if self._source[before - 2 : before] == "  ":
                    out.line_break()
                else:
                    out.wrap(before, first)
            self._inline_line(first, last, marks)

    def _inline_line(self, first: int, last: int, marks: dict[int, _Mark]) -> None:
        source = self._source
        closings: dict[int, int] = {}
        text_from = position = first
        while match := _INLINE.search(source, position, last):
            at = match.start()
            # A closing bracket of a link lies before the next mark.
            text_from = self._text_with_closings(text_from, at, closings)
            if text_from > at:
                position = text_from
                continue
            stop = self._inline_token(match, last, marks, closings)
            if stop == at:
                position = at + len(match[0])
                continue
            text_from = position = stop
        text_from = self._text_with_closings(text_from, last, closings)

    def _text_with_closings(self, start: int, end: int, closings: dict[int, int]) -> int:
        """Emit text up to `end`, leaving out the closing halves of links; return where it stopped."""
        while closings:
            closing = next(iter(closings))
            if closing >= end:
                break
            self._text(start, closing)
            start = closings.pop(closing)
        self._text(start, end)
        return max(start, end)

    def _text(self, start: int, end: int) -> None:
        if start < end and not self._html.is_hidden:
            self._out.text(start, end)

    def _inline_token(self, match: re.Match[str], last: int, marks: dict[int, _Mark], closings: dict[int, int]) -> int:
        """Handle a mark; return where reading goes on, the mark's own position if it is text."""
        at, kind = match.start(), match.lastgroup
        if kind == "escape":
            self._text(at + 1, at + 2)
            return at + 2
        if kind == "code":
            return self._code(at, match.end(), last)
        if kind == "autolink":
            self._text(at + 1, match.end() - 1)
            return match.end()
        if kind == "tag":
            return self._html.inline(at, last)
        if kind == "footnote":
            return match.end()
        if kind == "mark":
            mark = marks.get(at)
            return match.end() if mark is not None and mark.is_removed else at
        return self._link(at, last, closings, is_image=kind == "image")

    def _code(self, at: int, behind: int, last: int) -> int:
        ticks = self._source[at:behind]
        if len(ticks) not in self._unmatched_ticks:
            closing = self._source.find(ticks, behind, last)
            if closing >= 0:
                if not self._html.is_hidden:
                    self._out.text(behind, closing, decode_entities=False)
                return closing + len(ticks)
            self._unmatched_ticks.add(len(ticks))
        return at

    def _link(self, at: int, last: int, closings: dict[int, int], *, is_image: bool) -> int:
        text = _LINK_TEXT.match(self._source, at, last)
        if text is None:
            return at
        target = _LINK_TARGET.match(self._source, text.end(), last)
        if target is None:
            if text["text"].casefold() not in self._definitions:
                return at
            behind = text.end()
        elif target[0].startswith("["):
            name = target[0][1:-1] or text["text"]
            if name.casefold() not in self._definitions:
                return at
            behind = target.end()
        else:
            behind = target.end()
        if is_image:
            return behind
        closings[text.end() - 1] = behind
        return at + 1

    def _pair_marks(self, ranges: list[tuple[int, int]]) -> dict[int, _Mark]:
        """Find which delimiter runs are emphasis: an opening one and a closing one of the same kind and length."""
        source = self._source
        found: dict[int, _Mark] = {}
        waiting: list[_Mark] = []
        counts: dict[str, int] = {}
        for first, last in ranges:
            for match in _INLINE.finditer(source, first, last):
                if match.lastgroup != "mark":
                    continue
                mark = _mark_of(source, match.start(), match.end(), first, last)
                found[mark.start] = mark
                run = match[0]
                if mark.closes and counts.get(run):
                    while waiting:
                        opener = waiting.pop()
                        kind = source[opener.start : opener.end]
                        counts[kind] -= 1
                        if kind == run:
                            opener.is_removed = mark.is_removed = True
                            break
                elif mark.opens:
                    waiting.append(mark)
                    counts[run] = counts.get(run, 0) + 1
        return found


def _mark_of(source: str, start: int, end: int, first: int, last: int) -> _Mark:
    before = source[start - 1] if start > first else " "
    after = source[end] if end < last else " "
    opens, closes = not after.isspace(), not before.isspace()
    if source[start] == "_":
        opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
    elif end - start == 1 and source[start] == "*" and before.isdigit() and after.isdigit():
        opens = closes = False
    return _Mark(start, end, opens, closes)


def _is_table_rule(source: str, line: tuple[int, int]) -> bool:
    return "|" in source[line[0] : line[1]] and _TABLE_RULE.match(source, *line) is not None
