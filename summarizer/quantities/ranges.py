"""Two number tokens with a range mark between them are one amount: 3-5万元, 5千至1万元, $10-15 million."""

from __future__ import annotations

import re

from summarizer.quantities.amounts import Amount
from summarizer.quantities.numerals import EXACT, shifted

_MARK = re.compile(r" ?(?:-{1,2}|[–—~～]|至|到|to) ?")
_BETWEEN_MARK = re.compile(r" ?(?:and|和|与|至|到|-|–|—|to) ?")
_BETWEEN = re.compile(r"(?:\b[Bb]etween(?: about| around| roughly| approximately| some)? |介于|在)\Z")
_CHANGE = re.compile(
    r"\b(?:rise|rises|rose|risen|rising|rais\w+|increas\w+|gr[eo]w\w*|jump\w*|climb\w*|fell|falls?|falling"
    r"|fallen|drop\w*|declin\w+|"
    r"decreas\w+|cut\w*|narrow\w*|widen\w*|improv\w+|up|down|lower\w*|slip\w*|edg\w+|expand\w*|went|chang\w+"
    r"|reduc\w+|doubl\w+|"
    r"slow\w*|accelerat\w+|shr[iau]nk\w*|boost\w*|lift\w*|mov\w+|surg\w+|soar\w*|advanc\w*|eas\w+"
    r"|trim\w*)\b[^.;。；]*\Z"
)
_FROM = re.compile(r"(?:\b[Ff]rom |由|从|自)\Z")
_UNEQUAL = re.compile(r"不等|之间")


def join_ranges(text: str, amounts: list[Amount]) -> list[Amount]:
    """Join neighbouring amounts that are the two ends of a range, and drop numerals that were licensed only as such."""
    joined: list[Amount] = []
    index = 0
    while index < len(amounts):
        low = amounts[index]
        whole = None
        if index + 1 < len(amounts):
            whole = _joined(text, low, amounts[index + 1])
        if whole is not None:
            joined.append(whole)
            index += 2
            continue
        if not low.is_pending:
            joined.append(low)
        index += 1
    return joined


def _joined(text: str, low: Amount, high: Amount) -> Amount | None:
    gap = high.start - low.end
    if not 0 < gap <= 6 or low.high is not None or high.high is not None or low.kind == "ordinal" or high.is_pending:
        return None
    between = text[low.end : high.start]
    window = text[max(0, low.start - 24) : low.start]
    if _MARK.fullmatch(between) is None and not (
        _BETWEEN_MARK.fullmatch(between) and _BETWEEN.search(window) and low.start > 0
    ):
        return None
    if not _same_kind(low, high):
        return None
    if _FROM.search(window):
        change = _CHANGE.search(text, max(0, low.start - 60), low.start)
        if (change or window[-1] in "由从自") and not _UNEQUAL.match(text, high.end):
            return None
    return _merge(low, high)


def _same_kind(low: Amount, high: Amount) -> bool:
    if low.has_unit and high.has_unit:
        return low.kind == high.kind and low.unit == high.unit
    if low.has_unit:
        # The unit stands on the left only where it is a currency before the number: $10-15 million.
        return low.is_prefixed and high.kind in ("number", "count")
    return True


def _merge(low: Amount, high: Amount) -> Amount | None:
    first = low.low
    if not low.has_unit:
        first = shifted(first, high.unit_places)
    if high.places and not low.places and (low.is_prefixed or not low.has_unit):
        # The scale moves left only if the result still increases: 3-5万 is 30000 to 50000, 1000至1万 stays.
        moved = shifted(first, high.places)
        first = moved if _less(moved, high.low) else first
    if not _less(first, high.low):
        return None
    return Amount(
        start=low.start,
        end=high.end,
        number_start=low.number_start,
        number_end=high.number_end,
        low=first,
        high=high.low,
        kind=low.kind if low.is_prefixed else high.kind,
        unit=low.unit if low.is_prefixed else high.unit,
        places=high.places,
        has_unit=low.has_unit or high.has_unit,
        is_prefixed=low.is_prefixed,
        note=high.note,
    )


def _less(low: str, high: str) -> bool:
    return EXACT.create_decimal(low) < EXACT.create_decimal(high)
