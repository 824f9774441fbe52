"""Numbers in the cells of a table take the unit that stands in their column's head, or in the line above the table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from summarizer.quantities.numerals import EXACT, plain
from summarizer.records import Quantity, QuantityKind

# Cells are parted as the reading of HTML and Markdown leaves them; a line with one mark alone is mostly no table.
_MARKS = ("\t", " | ")
_HEAD_UNIT = re.compile(r"[（(\[]([^（()）\[\]]{1,16})[）)\]]\s*\Z|[，,/／](\s*[^\s，,/／]{1,8})\s*\Z")
_LABEL = re.compile(r"\A\s*单位\s*[：:]|\A\s*[Ii]n (?=[A-Z€£¥$])")
# Units 2023, Employees: the head is the noun itself.
_HEAD_NOUN = re.compile(r"(Units|Employees|Customers|Stores|Shops|Vehicles|Homes)(?:,? (?:in )?(?:19|20)[0-9]{2})?\Z")
_CAPTION = re.compile(r"单位\s*[：:为]\s*(?:人民币|RMB)?\s*([^\s，。；;,)）]{1,8})")
_CURRENCY_FIRST = re.compile(r"\A([^\w\s]{1,3}|[A-Z]{2,3}\$?|US\$|HK\$)\s*(.*)\Z", re.DOTALL)
_RATE = re.compile(r"率|比|幅|增长|变动|[Gg]rowth|[Cc]hange|[Ss]hare|[Mm]argin")
# The head of a longer table is not climbed to from each of its cells.
_MAX_ROWS = 300
_BARE: frozenset[QuantityKind] = frozenset({"number", "count"})


@dataclass(frozen=True, slots=True)
class _Unit:
    """What one of a column stands for: its unit and kind, and the power of ten that is written in the head only.

    `is_common`: it stands above the table and holds for sums, not for the shares and rates among them.
    """

    factor: Decimal
    unit: str | None
    kind: QuantityKind
    is_common: bool = False


def read_cells(text: str, items: list[Quantity], scan: Callable[[str], list[Quantity]]) -> list[Quantity]:
    """Return the items with those of bare table cells read in their column's unit: 312.6 under 收入（亿元）.

    Only a cell that holds a number and nothing else is touched; its text and offsets stay, and `note` says `table`.

    Args:
        text: the text that the items come from.
        items: in order.
        scan: reads the head's unit, as the text would be read.
    """
    mark = next((mark for mark in _MARKS if mark in text), None)
    if mark is None:
        return items
    found = list(items)
    by_start = {item.start: index for index, item in enumerate(items)}
    units: list[_Unit | None] = []
    previous, at = "", 0
    for line in text.split("\n"):
        cells = line.split(mark)
        if len(cells) < 2:
            units = []
            previous = line
        elif not units:
            units = _column_units(cells, previous, scan)
        else:
            _read_row(found, by_start, (at, cells, len(mark)), units)
        at += len(line) + 1
    return found


def _column_units(cells: list[str], caption: str, scan: Callable[[str], list[Quantity]]) -> list[_Unit | None]:
    above = _CAPTION.search(caption) or _CAPTION.search(cells[0])
    common = _unit_of(above[1], scan) if above else None
    units: list[_Unit | None] = []
    for cell in cells:
        own = _HEAD_UNIT.search(cell.strip())
        unit = _unit_of(_LABEL.sub("", own[1] or own[2]).strip(), scan) if own else None
        if unit is None and (noun := _HEAD_NOUN.match(cell.strip())):
            unit = _Unit(Decimal(1), noun[1].lower(), "count")
        # A column of shares or growth rates is not in the money of the caption.
        units.append(unit or (None if _RATE.search(cell) or common is None else replace(common, is_common=True)))
    return units


def _unit_of(words: str, scan: Callable[[str], list[Quantity]]) -> _Unit | None:
    """Read `亿元`, `t`, `US$ million` by reading one of it."""
    shapes = [f"1{words}", f"1 {words}"]
    if first := _CURRENCY_FIRST.match(words):
        shapes.append(f"{first[1]}1{first[2]}" if len(first[2]) < 3 else f"{first[1]}1 {first[2]}")
    for shape in shapes:
        read = scan(shape)
        if len(read) == 1 and read[0].text == shape and read[0].value and read[0].unit:
            return _Unit(Decimal(read[0].value), read[0].unit, read[0].kind)
    return None


def _read_row(
    items: list[Quantity], by_start: dict[int, int], row: tuple[int, list[str], int], units: list[_Unit | None]
) -> None:
    at, cells, gap = row
    is_rate = _RATE.search(cells[0]) is not None
    for number, cell in enumerate(cells):
        unit = units[number] if number < len(units) else None
        if unit is not None and unit.is_common and is_rate:
            unit = None
        start = at + len(cell) - len(cell.lstrip())
        index = by_start.get(start)
        if unit is not None and index is not None:
            item = items[index]
            if item.text == cell.strip() and item.kind in _BARE and item.unit is None and item.value is not None:
                items[index] = replace(
                    item,
                    value=_times(item.value, unit.factor),
                    value_max=None if item.value_max is None else _times(item.value_max, unit.factor),
                    unit=unit.unit,
                    kind=unit.kind,
                    note="table",
                )
        at += len(cell) + gap


def _times(value: str, factor: Decimal) -> str:
    return plain(EXACT.multiply(EXACT.create_decimal(value), factor))


def head_of(text: str, start: int) -> tuple[int, int] | None:
    """Return the span of the column's head for a cell that holds the character at `start`, None outside a table."""
    line_start = text.rfind("\n", 0, start) + 1
    mark = next((mark for mark in _MARKS if mark in text[line_start : _line_end(text, start)]), None)
    if mark is None:
        return None
    column = text.count(mark, line_start, start)
    head, rows = line_start, 0
    while head and rows < _MAX_ROWS and mark in text[(above := text.rfind("\n", 0, head - 1) + 1) : head]:
        head, rows = above, rows + 1
    if head == line_start:
        return None
    begin = head
    for cell in text[head : _line_end(text, head)].split(mark):
        if column == 0:
            return begin, begin + len(cell)
        column -= 1
        begin += len(cell) + len(mark)
    return None


def labels_of(text: str, start: int) -> tuple[str, list[str]] | None:
    """Return the first cell of the row that holds the character at `start`, and those of the other rows of its table.

    None outside a table. Rows without a label, and the head, are left out; so is what is far off in a longer table.
    """
    low, high = text.rfind("\n", 0, start) + 1, _line_end(text, start)
    mark = next((mark for mark in _MARKS if mark in text[low:high]), None)
    if mark is None:
        return None
    others: list[str] = []
    at = high + 1
    while at < len(text) and len(others) < _MAX_ROWS and mark in text[at : (end := _line_end(text, at))]:
        others.append(text[at:end].split(mark, 1)[0].strip())
        at = end + 1
    above: list[str] = []
    at = low
    while at and len(above) < _MAX_ROWS and mark in text[(begin := text.rfind("\n", 0, at - 1) + 1) : at]:
        above.append(text[begin:at].split(mark, 1)[0].strip())
        at = begin
    return text[low:high].split(mark, 1)[0].strip(), [label for label in (*above[:-1], *others) if label]


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
