"""The visible text of a marked-up source while it is being collected: white space, line breaks, cells, entities."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from typing import Final

from summarizer.articles.source_map import SourceMap, SourceMapBuilder

_LONGEST_ENTITY: Final = 33
ENTITY = re.compile(rf"&(?:#[0-9]{{1,7}};?|#[xX][0-9a-fA-F]{{1,6}};?|[A-Za-z][A-Za-z0-9]{{1,{_LONGEST_ENTITY}}};?)")
# What is not copied as it stands: white space runs other than one plain space, and entities. A no-break space reads
# as a plain one: quotes are found, and numbers read, without every later stage knowing about it.
# A single space needs care only where a tag or an entity is next to it.
_SPECIAL = re.compile(
    rf"(?P<space>[ \t\n\r\f\xa0]{{2,}}|[\t\n\r\f\xa0]| (?=&|\Z)|(?<=[;>]) )|(?P<entity>{ENTITY.pattern})"
)
_CJK = re.compile(r"[\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")


def entity_value(raw: str) -> tuple[str, int]:
    """Return what an entity stands for and how many characters of `raw` it takes: `&copy2020` is © and takes 5.

    Text that is no entity (`&T` of AT&T) stands for itself.
    """
    if raw[1] == "#":
        return unescape(raw), len(raw)
    name = raw[1:]
    if name in html5:
        return html5[name], len(raw)
    if raw.endswith(";"):
        name = name[:-1]
    for length in range(min(len(name), 6), 1, -1):
        # Only the few old names are valid without a semicolon; the longest has six letters.
        if name[:length] in html5:
            return html5[name[:length]], length + 1
    return raw, len(raw)


class VisibleText:
    """Collects visible text with its map: white space runs become one space, blocks are parted by one line break.

    Spaces at line ends are dropped. A run with a line break between two Chinese characters of one text chunk is
    dropped as well, as browsers do for wrapped lines.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._map = SourceMapBuilder(source)
        # What is due before the next visible character: line breaks win over cells, cells over a space.
        self._breaks = 0
        self._cells = 0
        self._space: tuple[int, int] | None = None
        self._row_has_cell = False
        self._cell_is_fresh = False
        self._row_is_due = False
        self._last = ""

    def __len__(self) -> int:
        return len(self._map)

    @property
    def last(self) -> str:
        """The last visible character, empty at the beginning."""
        return self._last

    def verbatim(self, start: int, end: int) -> None:
        """Append a source range as it is, line breaks and all; what follows begins on a line of its own."""
        if start >= end:
            return
        self._flush(start)
        self._map.copy(start, end)
        self._last = self._source[end - 1]
        if self._last not in "\n\r":
            self._breaks = 1

    def text(self, start: int, end: int, *, decode_entities: bool = True) -> None:
        """Append a chunk of source text, white space collapsed, entities decoded."""
        position = start
        if self._source[start] == " " and start < end:
            position += 1
            self._remember_space(start, position)
        for match in _SPECIAL.finditer(self._source, start, end):
            at = match.start()
            if at < position:
                continue
            self._copy(position, at)
            position = match.end()
            if match["space"]:
                self._add_space(at, position, start, end)
            elif decode_entities:
                value, taken = entity_value(match[0])
                position = at + taken
                self._put_entity(value, at, position)
            else:
                self._copy(at, position)
        self._copy(position, end)

    def literal(self, text: str, start: int, end: int) -> None:
        """Append characters that stand for a source range."""
        self._flush(start)
        self._map.put(text, start, end)
        self._last = text[-1]
        self._cell_is_fresh = False

    def preformatted(self, start: int, end: int) -> None:
        """Append source text with its line breaks and spaces kept, entities decoded."""
        position = start
        for match in ENTITY.finditer(self._source, start, end):
            if match.start() < position:
                continue
            self._keep(position, match.start())
            value, taken = entity_value(match[0])
            position = match.start() + taken
            self._put_entity(value, match.start(), position)
        self._keep(position, end)

    def separator(self, text: str, start: int, end: int) -> None:
        """Append a mark between two cells, which stands for the source range between them."""
        self._flush(start)
        self._space = None
        self._map.put(text, start, max(start, end))
        self._last = text[-1]

    def code_line(self, start: int, end: int) -> None:
        """Append a line of code as it stands, on a line of its own."""
        if start < end:
            self._copy(start, end)
        self._breaks = 1

    def wrap(self, start: int, end: int) -> None:
        """A line end within a paragraph: a space, or nothing between two Chinese characters."""
        if not (_CJK.match(self._last) and end < len(self._source) and _CJK.match(self._source[end])):
            self._remember_space(start, end)

    def block_break(self) -> None:
        """Begin a new block: the next visible character stands on a new line."""
        if not self._cell_is_fresh:
            self._breaks = max(self._breaks, 1)
            self._space = None

    def line_break(self) -> None:
        """A forced line break, `<br>`; two of them leave one blank line."""
        self._breaks = min(self._breaks + 1, 2)
        self._space = None

    def begin_row(self) -> None:
        """Begin a table row."""
        self._cell_is_fresh = False
        self.block_break()
        self._row_is_due = True
        self._row_has_cell = False

    def begin_cell(self) -> None:
        """Begin a table cell; cells of a row are parted by tabs."""
        if self._row_has_cell:
            self._cells += 1
            # Blocks within the cell before do not break the row; the row's own beginning stays.
            self._breaks = min(self._breaks, 1) if self._row_is_due else 0
        self._space = None
        self._row_has_cell = True
        self._cell_is_fresh = True

    def end_cell(self) -> None:
        """Leave a cell; white space up to the next one is none of its text."""
        self._cell_is_fresh = False
        self._space = None

    def end_table(self) -> None:
        """Leave the table: what follows is no cell."""
        self._cell_is_fresh = False
        self._row_has_cell = False
        self._cells = 0
        self.block_break()

    def build(self) -> tuple[str, SourceMap]:
        """Return the visible text and its map."""
        return self._map.build()

    def _copy(self, start: int, end: int) -> None:
        if start < end:
            self._flush(start)
            self._map.copy(start, end)
            self._last = self._source[end - 1]
            self._cell_is_fresh = False

    def _keep(self, start: int, end: int) -> None:
        if start < end and (len(self._map) or not self._source[start:end].isspace()):
            self._copy(start, end)

    def _put_entity(self, value: str, start: int, end: int) -> None:
        if value in {"\xa0", "\u2002", "\u2003", "\u2009", "\u202f", "\u3000"} or value.isspace():
            if value == "\u3000":
                self.literal(value, start, end)
            else:
                self._remember_space(start, end)
        elif value:
            self.literal(value, start, end)

    def _add_space(self, start: int, end: int, chunk_start: int, chunk_end: int) -> None:
        run = self._source[start:end]
        if ("\n" in run or "\r" in run) and "\xa0" not in run and chunk_start < start and end < chunk_end:
            before, after = self._source[start - 1], self._source[end]
            if _CJK.match(before) and _CJK.match(after):
                return
        self._remember_space(start, end)

    def _remember_space(self, start: int, end: int) -> None:
        self._space = (self._space[0] if self._space else start, end)

    def _flush(self, at: int) -> None:
        space, self._space = self._space, None
        breaks, self._breaks = self._breaks, 0
        cells, self._cells = self._cells, 0
        self._row_is_due = False
        if not len(self._map) or self._last == "\n":
            return
        if breaks or cells:
            self._map.put("\n" * breaks + "\t" * cells, self._map.source_end, at)
        elif space is not None:
            self._map.put(" ", *space)
        else:
            return
        self._last = "\n" if breaks and not cells else " "
