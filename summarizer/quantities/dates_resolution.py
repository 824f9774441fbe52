"""From a date as stated to a date on the calendar, by the day on which it was written."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

from summarizer.quantities.dates import DateSpan, PartialDate

_REFERENCE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def parse_reference(reference: str | None) -> PartialDate:
    """Read an article's own date, (partial) ISO 8601; nothing is stated by None, a date without year or anything else."""
    found = _REFERENCE.match(reference or "")
    if found is None:
        return PartialDate()
    return PartialDate(
        year=int(found[1]), month=int(found[2]) if found[2] else None, day=int(found[3]) if found[3] else None
    )


def resolve(span: DateSpan, today: PartialDate, *, future: bool = False) -> str | None:
    """Return the ISO form of a date expression, its missing year taken from `today`; None where nothing absolute is left.

    A date without a year lies in the last such period that began on or before `today`, with `future` in the first that
    ends on or after it.
    """
    low, high = span.low, span.high
    if low.base is not None:
        low, high = _from_base(low, high, today)
    elif low.year is None and today.year is not None and (low.month or low.quarter):
        year = _year_near(low, high, today, future=future)
        crosses = high is not None and high.year is None and (high.month or 0) < (low.month or 0)
        low = replace(low, year=year)
        if high is not None and high.year is None:
            high = replace(high, year=year + crosses)
    elif low.year is None and low.month is None and low.day is not None and today.year is not None and today.month:
        low = replace(low, year=today.year, month=today.month)
        if high is not None and high.month is None:
            high = replace(high, year=today.year, month=today.month)
    first = low.iso()
    if first is None:
        return None
    last = high.iso() if high is not None else None
    return first if last is None or last == first else f"{first}/{last}"


def _year_near(low: PartialDate, high: PartialDate | None, today: PartialDate, *, future: bool) -> int:
    year = today.year or 0
    if today.month is None:
        return year
    here = (today.month, today.day or 31)
    if future:
        last = high or low
        end = (last.month or 3 * (last.quarter or 4), last.day or 31)
        return year + (end < (today.month, today.day or 1))
    begin = (low.month or 3 * (low.quarter or 1) - 2, low.day or 1)
    return year - (begin > here)


def _from_base(
    low: PartialDate, high: PartialDate | None, today: PartialDate
) -> tuple[PartialDate, PartialDate | None]:
    absolute = replace(low, base=None, offset=0)
    end = replace(high, base=None, offset=0) if high is not None else None
    if today.year is None:
        return absolute, end
    if low.base == "year":
        year = today.year + low.offset
        return replace(absolute, year=year), _ending(high, year, low, today)
    if low.base in ("last", "next") and low.month is not None:
        return replace(absolute, year=_named_month_year(low, today)), end
    if low.base == "month" and today.month is not None:
        months = today.year * 12 + today.month - 1 + low.offset
        return replace(absolute, year=months // 12, month=months % 12 + 1), end
    if low.base == "quarter" and today.month is not None:
        quarters = today.year * 4 + (today.month - 1) // 3 + low.offset
        return replace(absolute, year=quarters // 4, quarter=quarters % 4 + 1), end
    return _by_day(low, absolute, today), end if low.base not in ("week", "weekday") else _week_end(low, today)


def _ending(high: PartialDate | None, year: int, low: PartialDate, today: PartialDate) -> PartialDate | None:
    if high is None:
        return None
    if high.year is not None:
        return high
    if high.base == "year" and high.offset != low.offset:
        return replace(high, base=None, offset=0, year=(today.year or 0) + high.offset)
    return replace(high, base=None, offset=0, year=year)


def _named_month_year(low: PartialDate, today: PartialDate) -> int:
    """Last August is the latest August that is over, next August the first that has not begun."""
    year = today.year or 0
    month = today.month or 1
    if low.base == "last":
        return year if (low.month or 0) < month else year - 1
    return year if (low.month or 0) > month else year + 1


def _day(today: PartialDate) -> datetime.date | None:
    if today.year is None or today.month is None or today.day is None:
        return None
    try:
        return datetime.date(today.year, today.month, today.day)
    except ValueError:
        return None


def _by_day(low: PartialDate, absolute: PartialDate, today: PartialDate) -> PartialDate:
    day = _day(today)
    if day is None:
        return absolute
    if low.base == "day":
        day += datetime.timedelta(days=low.offset)
    elif low.base == "week":
        day += datetime.timedelta(days=7 * low.offset - day.weekday())
    else:
        # The latest such weekday that is not in the future; papers write "on Wednesday" of the week that ends.
        day -= datetime.timedelta(days=(day.isoweekday() - low.offset) % 7)
    return replace(absolute, year=day.year, month=day.month, day=day.day)


def _week_end(low: PartialDate, today: PartialDate) -> PartialDate | None:
    day = _day(today)
    if day is None or low.base == "weekday":
        return None
    day += datetime.timedelta(days=7 * low.offset - day.weekday() + 6)
    return PartialDate(year=day.year, month=day.month, day=day.day)
