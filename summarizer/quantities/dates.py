"""Dates as the text states them: partial, with what is not stated left out, and their ISO 8601 spelling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

# Days in a month where the year is not known; 29 February is possible.
_LONGEST_MONTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A point or period of time with only what was said; None is "not stated".

    `base` is the unit a relative date counts in (`year`, `month`, `week`, `day`, `quarter`, or `weekday`, `last` for
    "last August", `next`) and `offset` how many of it away from the day of writing; for `weekday` 1 (Monday) to 7.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    half: int | None = None
    time: str | None = None
    base: str | None = None
    offset: int = 0
    is_fiscal: bool = False

    def iso(self) -> str | None:
        """Return the partial ISO 8601 form (`2021-10-23`, `--11-18`, `2020-Q3`, `T08:35`); None if nothing absolute is stated."""
        year = "-" if self.year is None else f"{self.year:04d}"
        text: str | None = None
        if self.quarter is not None:
            text = f"{year}-Q{self.quarter}"
        elif self.month is not None and self.day is not None:
            text = f"{year}-{self.month:02d}-{self.day:02d}"
        elif self.month is not None:
            text = f"{year}-{self.month:02d}"
        elif self.day is not None:
            text = f"---{self.day:02d}"
        elif self.year is not None:
            text = year
        if self.time is None:
            return text
        return f"{text or ''}T{self.time}"

    def symbol(self) -> str | None:
        """Return the symbolic form of a relative date, `year-1/07`, None for any other."""
        if self.base is None:
            return None
        head = f"{self.base}{self.offset:+d}" if self.base in ("year", "month", "week", "day", "quarter") else self.base
        if self.base == "weekday":
            head = f"weekday/{self.offset}"
        tail = ""
        if self.half is not None:
            tail = "/H" + str(self.half)
        elif self.quarter is not None:
            tail = f"/Q{self.quarter}"
        elif self.month is not None:
            tail = f"/{self.month:02d}" + (f"-{self.day:02d}" if self.day else "")
        elif self.day is not None:
            tail = f"/{self.day:02d}"
        return head + tail + (f"T{self.time}" if self.time else "")

    @property
    def is_possible(self) -> bool:
        """Whether month, day and quarter are such as a calendar has."""
        if self.month is not None and not 1 <= self.month <= 12:
            return False
        if self.day is not None and not 1 <= self.day <= (_LONGEST_MONTH[self.month - 1] if self.month else 31):
            return False
        return self.quarter is None or 1 <= self.quarter <= 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """A date expression of a text: where it stands, its first and (for a range) its last point."""

    start: int
    end: int
    low: PartialDate
    high: PartialDate | None = None
    note: str | None = None

    @property
    def is_relative(self) -> bool:
        """Whether it can only be resolved from the day of writing."""
        return self.low.base is not None


def spread(date: PartialDate) -> tuple[PartialDate, PartialDate | None]:
    """Turn a half year into its first and last month; every other date stays.

    The labelling guideline knows no half years: 上半年 is `--01` to `--06`.
    """
    if date.half is None:
        return date, None
    first = 1 if date.half == 1 else 7
    return replace(date, half=None, month=first), replace(date, half=None, month=first + 5)


def spanning(
    start: int, end: int, low: PartialDate, high: PartialDate | None = None, note: str | None = None
) -> DateSpan:
    """Make a span of two points, the second taking from the first what only the first states (`2022年1月至7月`)."""
    if high is None:
        low, high = spread(low)
        if high is not None:
            note = note or ("H1" if low.month == 1 else "H2")
    else:
        high = inherit(low, high)
        if low.year is None and low.base is None and high.year is not None:
            # Oct. 23-25, 2021: the year after the range belongs to both ends.
            low = replace(low, year=high.year)
        if low.half is not None:
            low, _ = spread(low)
        if high.half is not None:
            high = spread(high)[1]
    if low.is_fiscal or (high is not None and high.is_fiscal):
        note = "fiscal"
    return DateSpan(start=start, end=end, low=low, high=high, note=note)


def inherit(low: PartialDate, high: PartialDate) -> PartialDate:
    """Give the second end of a range the year, and where it states only a day the month, of the first."""
    if high.year is None and high.base is None:
        high = replace(high, year=low.year, base=low.base, offset=low.offset)
    if high.month is None and high.quarter is None and high.half is None and high.day is not None:
        high = replace(high, month=low.month)
    return high
