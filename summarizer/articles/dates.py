"""The dates that say when an article was published. Amounts and dates of the body are `summarizer.quantities`' work."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Final

_MONTH_NAMES: Final = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
_MONTHS: Final = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names}
_MONTH = "(?:" + "|".join(sorted((f"{name}\\.?" for name in _MONTHS), key=len, reverse=True)) + ")"
_HAN_DIGITS: Final = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "Ｏ": "0",
}
_HAN_DIGIT = "[〇零○Ｏ一二三四五六七八九]"
_HAN_SMALL = "[一二三四五六七八九十廿卅]{1,4}"
_FULL_WIDTH = {0xFF10 + value: 0x30 + value for value in range(10)}

# One alternative each: year first with 年月日, with Han numerals, ISO, day first, month first, month and day alone.
_DATE = re.compile(
    rf"(?<!\d)(?P<zy>[12]\d{{3}})\s*年\s*(?P<zm>\d{{1,2}})\s*月(?:\s*(?P<zd>\d{{1,2}})\s*[日号號])?"
    rf"|(?P<hy>{_HAN_DIGIT}{{4}})年(?P<hm>{_HAN_SMALL})月(?:(?P<hd>{_HAN_SMALL})[日号號])?"
    r"|(?<![\d./-])(?P<iy>[12]\d{3})(?P<sep>[-/.])(?P<im>\d{1,2})(?P=sep)(?P<id>\d{1,2})(?![\d/]|[-.]\d)"
    rf"|(?<![\w.])(?P<dd>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<dm>{_MONTH}),?\s+(?P<dy>[12]\d{{3}})(?!\d)"
    rf"|(?<![A-Za-z])(?P<mm>{_MONTH})\s+(?P<md>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<my>[12]\d{{3}})(?!\d)"
    r"|(?<![\d年])(?P<bm>\d{1,2})\s*月\s*(?P<bd>\d{1,2})\s*[日号號]"
    rf"|(?<![A-Za-z])(?P<nm>{_MONTH})\s+(?P<nd>\d{{1,2}})(?![\d:,%])",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"\s*([12]\d{3})(\d{2})(\d{2})(?!\d)")
_YEAR_MONTH = re.compile(r"\s*([12]\d{3})-(\d{1,2})\s*")


def find_dates(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[str, int, int]]:
    """Yield `(partial ISO date, start, end)` of the dates in `text[start:end]`; impossible ones (2月30日) are left out.

    Partial means: `2024-07-09`, `2024-07`, or `--11-18` where the text gives no year.

    Example:
        >>> list(find_dates("二零二四年七月九日"))
        [('2024-07-09', 0, 9)]
    """
    for match in _DATE.finditer(text.translate(_FULL_WIDTH), start, len(text) if end is None else end):
        if (iso := _iso_of(match)) is not None:
            yield iso, match.start(), match.end()


def read_date(value: str) -> str | None:
    """Return the first date of a metadata field as a partial ISO date, as it is written: never shifted by its time zone.

    Example:
        >>> read_date("2022-04-01 20:16:06 +0800")
        '2022-04-01'
    """
    for iso, _, _ in find_dates(value[:200]):
        return iso
    if match := _COMPACT.match(value):
        return _iso(match[1], match[2], match[3])
    if match := _YEAR_MONTH.fullmatch(value):
        return _iso(match[1], match[2], None)
    return None


def _iso_of(match: re.Match[str]) -> str | None:
    group = match.groupdict()
    if group["zy"]:
        return _iso(group["zy"], group["zm"], group["zd"])
    if group["hy"]:
        year = "".join(_HAN_DIGITS[char] for char in group["hy"])
        return _iso(year, _small_number(group["hm"]), group["hd"] and _small_number(group["hd"]))
    if group["iy"]:
        return _iso(group["iy"], group["im"], group["id"])
    if group["dy"]:
        return _iso(group["dy"], _month_number(group["dm"]), group["dd"])
    if group["my"]:
        return _iso(group["my"], _month_number(group["mm"]), group["md"])
    if group["nm"]:
        return _iso(None, _month_number(group["nm"]), group["nd"])
    return _iso(None, group["bm"], group["bd"])


def _month_number(name: str) -> str:
    return str(_MONTHS[name.lower().rstrip(".")])


def _small_number(numeral: str) -> str | None:
    """Read 一 to 三十一, 廿一 as well."""
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    tens, ten, units = numeral.partition("十")
    if not ten:
        return _HAN_DIGITS[numeral] if len(numeral) == 1 else None
    if len(tens) > 1 or len(units) > 1 or "十" in units:
        return None
    return (_HAN_DIGITS[tens] if tens else "1") + (_HAN_DIGITS[units] if units else "0")


def _iso(year: str | None, month: str | None, day: str | None) -> str | None:
    if month is None:
        return None
    try:
        # 2000 is a leap year: 2月29日 without a year is possible.
        datetime.date(int(year or 2000), int(month), int(day or 1))
    except ValueError:
        return None
    prefix = year if year is not None else "-"
    return f"{prefix}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")
