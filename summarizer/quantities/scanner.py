"""The scanner: every number and date expression of a text, in order, with exact offsets.

Stages, each blind to what an earlier one claimed: codes and names, dates, ordinals, amounts that begin with a digit,
licensed Chinese numerals, English number words; then ranges are joined, qualifiers read, and the cells of tables put in
the unit of their column.
"""

from __future__ import annotations

from summarizer.quantities.amounts import Amount, read_digits
from summarizer.quantities.amounts_chinese import read_chinese_amounts
from summarizer.quantities.amounts_english import read_english_amounts, read_english_ordinals
from summarizer.quantities.change_words import read_change_words
from summarizer.quantities.codes import find_codes
from summarizer.quantities.dates import DateSpan
from summarizer.quantities.dates_chinese import find_chinese_dates
from summarizer.quantities.dates_english import find_other_dates
from summarizer.quantities.folding import fold
from summarizer.quantities.ordinals import read_ordinals
from summarizer.quantities.qualifiers import Bound, read_qualifier
from summarizer.quantities.ranges import join_ranges
from summarizer.quantities.spans import blank, valueless
from summarizer.quantities.tables import read_cells
from summarizer.records import Quantity


def scan(text: str) -> list[Quantity]:
    """Return every number and date expression of `text`, ordered by offset, none overlapping another.

    Every ASCII and full-width digit of the text lies in exactly one item. Offsets are code points of `text`, half open,
    and `text[item.start:item.end] == item.text`. Give visible text: markup must be stripped (with a map back) before.
    Linear in the length of the text.

    Args:
        text: any text, Chinese, English or mixed; may be empty.

    Example:
        >>> [(q.text, q.value, q.unit, q.qualifier) for q in scan("总投资约30亿元，接入300余家工厂")]
        [('30亿元', '3000000000', 'CNY', 'about'), ('300余家', '300', '家', 'more_than')]
    """
    folded = fold(text)
    codes = find_codes(folded)
    items = [valueless(text, start, end, kind) for start, end, kind in codes]
    masked = blank(folded, [(start, end) for start, end, _ in codes])
    dates = find_dates(masked)
    items.extend(date_quantity(text, span) for span in dates)
    masked = blank(masked, [(span.start, span.end) for span in dates])
    amounts = _read_amounts(folded, masked)
    items.extend(_finish(text, masked, amounts))
    items.sort(key=lambda item: item.start)
    return read_cells(text, items, scan)


def find_dates(masked: str) -> list[DateSpan]:
    """Return the date expressions of a folded text, Chinese, English and numeric, ordered and disjoint."""
    chinese = find_chinese_dates(masked)
    others = find_other_dates(masked)
    if not chinese or not others:
        return chinese or others
    kept: list[DateSpan] = []
    for span in sorted([*chinese, *others], key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def date_quantity(text: str, span: DateSpan) -> Quantity:
    """Turn a date into the item of the scan: partial ISO as value, both ends for a range, the symbol of a relative one."""
    relative = span.is_relative
    note = span.note
    if relative:
        note = span.low.symbol()
        if span.high is not None:
            note = f"{note}..{(span.high.symbol() or '').partition('/')[2]}"
    return Quantity(
        text=text[span.start : span.end],
        start=span.start,
        end=span.end,
        value=None if relative else span.low.iso(),
        value_max=None if relative or span.high is None else span.high.iso(),
        unit=None,
        qualifier="exact" if span.high is None else "range",
        kind="date_rel" if relative else "date",
        note=note,
    )


def _read_amounts(folded: str, masked: str) -> list[Amount]:
    ordinals = [*read_ordinals(folded, masked), *read_english_ordinals(masked)]
    ordinals.sort(key=lambda amount: amount.start)
    masked = blank(masked, [(amount.start, amount.end) for amount in ordinals])
    tokens = [*ordinals]
    worded = [
        *read_chinese_amounts(folded, masked),
        *read_english_amounts(folded, masked),
        *read_change_words(masked),
    ]
    worded.sort(key=lambda amount: amount.start)
    numbers = read_digits(folded, masked)
    tokens.extend(_merged(numbers, worded))
    tokens.sort(key=lambda amount: amount.start)
    return join_ranges(folded, tokens)


def _merged(numbers: list[Amount], worded: list[Amount]) -> list[Amount]:
    """Merge two ordered lists; where two overlap the digits stay, because no digit may be left over."""
    merged: list[Amount] = []
    index = 0
    for word in worded:
        while index < len(numbers) and numbers[index].end <= word.start:
            merged.append(numbers[index])
            index += 1
        if index < len(numbers) and numbers[index].start < word.end:
            inside = word.start <= numbers[index].start and numbers[index].end <= word.end
            if not inside:
                continue
            while index < len(numbers) and numbers[index].end <= word.end:
                index += 1
            if index < len(numbers) and numbers[index].start < word.end:
                continue
        if not merged or merged[-1].end <= word.start:
            merged.append(word)
    merged.extend(numbers[index:])
    return merged


def _finish(text: str, masked: str, amounts: list[Amount]) -> list[Quantity]:
    items: list[Quantity] = []
    last = 0
    for index, amount in enumerate(amounts):
        following = amounts[index + 1].start if index + 1 < len(amounts) else len(masked)
        if amount.kind == "ordinal":
            bound: Bound = ("exact", None, None)
        else:
            bound = read_qualifier(masked, last, amount, following)
        qualifier, at, end = bound
        items.append(
            Quantity(
                text=text[amount.start : amount.end],
                start=amount.start,
                end=amount.end,
                value=amount.low,
                value_max=amount.high,
                unit=_as_written(text, amount),
                qualifier=qualifier,
                kind=amount.kind,
                number_start=amount.number_start,
                number_end=amount.number_end,
                qualifier_start=at,
                qualifier_end=end,
                is_vague=amount.is_vague,
                note=amount.note,
            )
        )
        last = max(amount.end, end or 0)
    return items


def _as_written(text: str, amount: Amount) -> str | None:
    """A counter keeps the characters of the text: 個, not the folded 个."""
    unit = amount.unit
    if unit is None or amount.kind not in ("count", "dimension", "duration", "ordinal"):
        return unit
    written = text[amount.end - len(unit) : amount.end]
    return written if written != unit and fold(written) == unit else unit
