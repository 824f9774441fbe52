"""When two partial dates, sums or figures of different articles agree, may both hold, or contradict each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, Literal

from summarizer.quantities.equality import compare_quantities, unit_class as class_of_unit
from summarizer.quantities.wordlists import words
from summarizer.records import Consideration, KeyFigure, Quantity, QuantityKind
from summarizer.report.ledger_types import Amount

DateRelation = Literal["same_day", "same_month", "compatible", "contradicts", "unknown"]
AmountRelation = Literal["equal", "rounded", "compatible", "contradicts", "other_unit", "unknown"]

_DATE = re.compile(r"(?P<year>\d{4}|-)(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?|-(?P<part>[QH][1-4]))?", re.ASCII)
_ISO_CURRENCY = re.compile(r"[A-Z]{3}")
# A batch has few units and asks for them with every pair of amounts.
unit_class = lru_cache(maxsize=4096)(class_of_unit)
_DURATIONS: Final = frozenset(words("year month week day workday tradingday businessday hour minute second quarter"))
_SPECIAL_KINDS: Final[dict[str, QuantityKind]] = {"%": "percent", "百分点": "percent_point", "倍": "multiple"}
# 约30亿元 beside 29.8亿元: what "about" is commonly taken to allow.
_ABOUT: Final = Decimal("0.05")
_LOWER: Final = frozenset({"more_than", "at_least"})
_UPPER: Final = frozenset({"less_than", "at_most", "nearly"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A date as precise as an article gives it: no year, no day, or a quarter or half as its months."""

    year: int | None
    months: tuple[int, int] | None
    day: int | None


def parse_date(text: str | None) -> PartialDate | None:
    """Return the parts of a partial ISO 8601 date, of a range its beginning; None for any other text.

    Example:
        >>> parse_date("--11-18")
        PartialDate(year=None, months=(11, 11), day=18)
    """
    found = _DATE.fullmatch((text or "").partition("/")[0])
    if found is None:
        return None
    year = None if found["year"] == "-" else int(found["year"])
    months = None
    if found["month"]:
        months = (int(found["month"]), int(found["month"]))
    elif found["part"]:
        size, index = (3 if found["part"][0] == "Q" else 6), int(found["part"][1])
        months = (size * (index - 1) + 1, size * index)
    return PartialDate(year=year, months=months, day=int(found["day"]) if found["day"] else None)


def relate_dates(one: PartialDate | None, other: PartialDate | None) -> DateRelation:
    """Return how two dates stand to each other; what one of them leaves open contradicts nothing.

    `same_day` and `same_month` hold also where one has no year: --11-18 and 2021-11-18.
    """
    if one is None or other is None:
        return "unknown"
    if one.year is not None and other.year is not None and one.year != other.year:
        return "contradicts"
    if one.months is None or other.months is None:
        return "compatible"
    if one.months[1] < other.months[0] or other.months[1] < one.months[0]:
        return "contradicts"
    if one.day is not None and other.day is not None:
        return "same_day" if one.day == other.day else "contradicts"
    return "same_month" if one.months == other.months else "compatible"


def is_after(date: PartialDate | None, published: PartialDate | None) -> bool:
    """Return whether a date lies wholly after the year or month in which an article was published, as far as both say."""
    if date is None or published is None or date.year is None or published.year is None:
        return False
    if date.year != published.year or date.months is None or published.months is None:
        return date.year > published.year
    first, last = date.months[0], published.months[1]
    if first != last or date.day is None or published.day is None:
        return first > last
    # A day apart is the same day elsewhere on the globe.
    return date.day > published.day + 1


def finest_date(dates: list[str]) -> str:
    """Return the most precise of dates that agree; year and day may come from different ones.

    Example:
        >>> finest_date(["2021-11", "--11-18"])
        '2021-11-18'
    """
    best = max(sorted(dates), key=lambda date: (not date.startswith("-"), len(date)))
    years = [date[:4] for date in sorted(dates) if not date.startswith("-")]
    days = [date for date in sorted(dates) if re.fullmatch(r"--\d\d-\d\d", date, re.ASCII)]
    if years and days and not re.fullmatch(r"\d{4}-\d\d-\d\d", best, re.ASCII) and "/" not in best:
        return f"{years[0]}-{days[0][2:]}"
    return best


def amount_of(source: Consideration | KeyFigure | Quantity) -> Amount | None:
    """Return the value of a part of a record; None where none was read."""
    if source.value is None:
        return None
    return Amount(
        value=source.value, value_max=source.value_max, unit=source.unit, qualifier=source.qualifier or "exact"
    )


@lru_cache(maxsize=65536)
def relate_amounts(one: Amount | None, other: Amount | None) -> AmountRelation:
    """Return how two amounts stand to each other.

    `equal` as `compare_quantities` has it, with a dropped 约 or 超过 on either side; `rounded` where one is the other
    with fewer digits (two at least: 1.56亿 and 1.6亿); `compatible` where a bound or 约 of one allows the other.
    """
    if one is None or other is None:
        return "unknown"
    if one == other:
        return "equal"
    if _is_other_unit(one, other):
        return "other_unit"
    one, other = _in_months(one, other), _in_months(other, one)
    left, right = _quantity(one), _quantity(other)
    for a, b in ((left, right), (right, left)):
        if compare_quantities(a, b, allow_dropped_qualifier=True).is_equal:
            return "equal"
    try:
        first, second = _number(one), _number(other)
    except InvalidOperation:
        return "contradicts"
    if one.value_max is None and other.value_max is None:
        if _is_rounded(first, second) or _is_rounded(second, first):
            return "rounded"
        # At least 800 and at least 900 are two bounds, neither of which allows the other.
        bounds = ({one.qualifier, other.qualifier} <= side for side in (_LOWER, _UPPER))
        if not any(bounds) and (_allows(one, first, second) or _allows(other, second, first)):
            return "compatible"
    elif _in_range(one, other, second) or _in_range(other, one, first):
        return "compatible"
    return "contradicts"


def _in_months(amount: Amount, beside: Amount) -> Amount:
    """Return years as months where the other amount is in months: 一年 and 12个月."""
    if (unit_class(amount.unit)[0], unit_class(beside.unit)[0]) != ("year", "month") or amount.value_max is not None:
        return amount
    try:
        months = Decimal(amount.value) * 12
    except InvalidOperation:
        return amount
    return Amount(value=format(months.normalize(), "f"), unit=beside.unit, qualifier=amount.qualifier)


def unit_key(unit: str | None) -> str:
    """Return what units of one dimension share: `m2` for 平方米 and 平方公里, a currency's code, empty for none."""
    if unit is None:
        return ""
    return unit if _ISO_CURRENCY.fullmatch(unit) else str(unit_class(unit)[0])


def _is_other_unit(one: Amount, other: Amount) -> bool:
    kinds = {_kind(one.unit), _kind(other.unit)}
    return (kinds == {"currency"} and one.unit != other.unit) or (len(kinds) > 1 and kinds != {"number", "count"})


def _kind(unit: str | None) -> QuantityKind:
    if unit is None:
        return "number"
    if _ISO_CURRENCY.fullmatch(unit):
        return "currency"
    if unit in _SPECIAL_KINDS:
        return _SPECIAL_KINDS[unit]
    return "duration" if unit_class(unit)[0] in _DURATIONS else "count"


def _quantity(amount: Amount) -> Quantity:
    return Quantity(
        text="", start=0, end=0, value=amount.value, value_max=amount.value_max, unit=amount.unit,
        qualifier=amount.qualifier, kind=_kind(amount.unit),
    )  # fmt: skip


def _number(amount: Amount) -> Decimal:
    return Decimal(amount.value).scaleb(0 if _kind(amount.unit) == "currency" else unit_class(amount.unit)[1])


def _is_rounded(fine: Decimal, coarse: Decimal) -> bool:
    digits = coarse.normalize().as_tuple()
    if not coarse or len(digits.digits) < 2 or not isinstance(digits.exponent, int) or fine == coarse:
        return False
    try:
        return fine.quantize(Decimal((0, (1,), digits.exponent))) == coarse
    except InvalidOperation:
        return False


def _allows(amount: Amount, value: Decimal, other: Decimal) -> bool:
    """Return whether the words before `amount` admit the other value: 超过10亿 admits 12亿, 约30亿 admits 29.8亿."""
    # Far from the bound, another number is meant.
    if amount.qualifier in _LOWER and value <= other <= value * 2:
        return True
    if amount.qualifier in _UPPER and value / 2 <= other <= value:
        return True
    return amount.qualifier in ("about", "nearly") and abs(value - other) <= abs(value) * _ABOUT


def _in_range(ends: Amount, single: Amount, value: Decimal) -> bool:
    if ends.value_max is None or single.value_max is not None:
        return False
    try:
        high = Decimal(ends.value_max).scaleb(0 if _kind(ends.unit) == "currency" else unit_class(ends.unit)[1])
    except InvalidOperation:
        return False
    return _number(ends) <= value <= high
