"""Partial ISO 8601 dates and periods as a reader writes them, never more precise than they are."""

from __future__ import annotations

import re
from typing import Final

from summarizer.report.amounts import Language

_DATE = re.compile(
    r"(?P<year>\d{4})?(?P<none>-)?(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>[0-2]\d|3[01]))?|-(?P<part>[QH][1-4]))?",
    re.ASCII,
)
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_QUARTERS_ZH: Final = {
    "Q1": "第一季度",
    "Q2": "第二季度",
    "Q3": "第三季度",
    "Q4": "第四季度",
    "H1": "上半年",
    "H2": "下半年",
}
_NO_YEAR: Final = {"zh": "（未写年份）", "en": " (year not stated)"}


def render_period(period: str, language: Language) -> str:
    """Return a date or period of a record in words; one of another form as it is.

    Example:
        >>> render_period("--11-18", "zh"), render_period("2022-01/2022-07", "en")
        ('11月18日（未写年份）', 'January to July 2022')
    """
    ends = period.split("/")
    words = [_render_date(end, language) for end in ends]
    if len(ends) > 2 or any(word is None for word in words):
        return period
    first, last = words[0] or "", words[-1] or ""
    note = _NO_YEAR[language] if period.startswith("--") else ""
    if len(ends) == 1:
        return first + note
    if _is_within_a_year(*ends):
        # The year is said once: in Chinese with the first date, in English with the last.
        year = ends[0][:4]
        first, last = (
            (first, last.removeprefix(f"{year}年")) if language == "zh" else (first.removesuffix(f" {year}"), last)
        )
    return first + ("至" if language == "zh" else " to ") + last + note


def _is_within_a_year(first: str, last: str) -> bool:
    return first[:4].isdigit() and first[:4] == last[:4] and len(first) > 4 and len(last) > 4


def _render_date(date: str, language: Language) -> str | None:
    match = _DATE.fullmatch(date)
    if match is None or (match["year"] is None) == (match["none"] is None):
        return None
    year, month, day, part = match["year"], match["month"], match["day"], match["part"]
    if year is None and month is None:
        return None
    if language == "zh":
        return "".join(
            (
                f"{year}年" if year else "",
                f"{int(month)}月" if month else "",
                f"{int(day)}日" if day else "",
                _QUARTERS_ZH.get(part, part) if part else "",
            )
        )
    words = (str(int(day)) if day else "", _MONTHS[int(month) - 1] if month else "", part or "", year or "")
    return " ".join(word for word in words if word)
