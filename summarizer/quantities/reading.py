"""Reading what somebody copied from the article: one amount, one date."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final

from summarizer.quantities.codes import find_codes
from summarizer.quantities.dates import DateSpan, PartialDate
from summarizer.quantities.dates_resolution import parse_reference, resolve
from summarizer.quantities.equality import equal_quantities
from summarizer.quantities.folding import fold
from summarizer.quantities.scanner import find_dates, scan
from summarizer.quantities.spans import blank
from summarizer.quantities.wordlists import words
from summarizer.records import Quantity, QuantityKind

_NOT_AMOUNTS: Final[frozenset[QuantityKind]] = frozenset({"date", "date_rel", "name", "code", "pattern"})
# Of an outlook: 全年增长约4%.
_WHOLE_YEAR = frozenset({"全年", "年内"})
_BARE_YEAR = re.compile(r"\D*((?:19|20)[0-9]{2})\D*")
_BARE_MONTH = re.compile(
    r"\W*(?:(?:in|of|by|since|end|early|late|mid|the) ){0,3}(January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\W*",
    re.IGNORECASE,
)
_MONTHS: Final = words("january february march april may june july august september october november december")


def read_amount(words: str) -> Quantity | None:
    """Return the one amount that `words` state; None where they state none, or several of which none is the one.

    A range is one amount. Dates, codes and names do not count, an ordinal only where nothing else is there. The same
    amount twice (in capitals and in digits) is one; an amount in brackets after another (a conversion) does not count.
    Offsets of the result are relative to `words`.

    Example:
        >>> read_amount("总投资约30亿元").value, read_amount("100台和200台")
        ('3000000000', None)
    """
    found = [item for item in scan(words) if item.kind not in _NOT_AMOUNTS and item.value is not None]
    if len(found) > 1:
        found = [item for item in found if item.kind != "ordinal"] or found
    if len(found) > 1:
        outside = [item for item in found if not _is_bracketed(words, item)]
        if outside:
            found = outside
    if not found:
        return None
    first = found[0]
    return first if all(equal_quantities(first, other) for other in found[1:]) else None


def _is_bracketed(words: str, item: Quantity) -> bool:
    before = words[: item.start]
    opened = max(before.rfind("（"), before.rfind("("))
    closed = max(before.rfind("）"), before.rfind(")"))
    return opened > closed and opened > 0


def read_date(words: str, *, reference: str | None = None, future: bool = False) -> tuple[str, str | None] | None:
    """Read the one date or period that `words` state, as precisely as they state it.

    Args:
        words: copied from the article: `去年7月`, `前三季度`, `Oct. 23-25, 2021`.
        reference: when the article appeared, (partial) ISO 8601. Relative dates and dates without a year take theirs
            from it; None, or a reference without a year, leaves them partial.
        future: a date without a year lies on or after the reference (a deadline) instead of on or before it.

    Returns:
        Partial ISO 8601 (`2021-10-23/2021-10-25`, `2024-01/2024-09`, `2024-Q3`, `--01/--07`, `--11-18`) and a note:
        the symbolic form of a relative date, `fiscal`, or None. None where the words state no date, several, or one
        that only a missing reference could resolve (昨日).

    Example:
        >>> read_date("去年7月"), read_date("去年7月", reference="2022-04-01")
        (('--07', 'year-1/07'), ('2021-07', 'year-1/07'))
    """
    spans = _spans_in(words)
    if not spans:
        return None
    today = parse_reference(reference)
    read = {resolve(span, today, future=future) for span in spans}
    if len(read) != 1:
        return None
    iso = read.pop()
    if iso is None:
        return None
    span = spans[0]
    return iso, span.low.symbol() if span.is_relative else span.note


# The same date is read looking back and ahead, and stands in many articles.
@lru_cache(maxsize=4096)
def _spans_in(words: str) -> tuple[DateSpan, ...]:
    folded = fold(words)
    codes = [(start, end) for start, end, _ in find_codes(folded)]
    spans = find_dates(blank(folded, codes))
    dated = [span for span in spans if not _is_time_only(span)]
    if dated or spans:
        return tuple(dated or spans)
    bare = _bare(folded)
    return () if bare is None else (bare,)


def _is_time_only(span: DateSpan) -> bool:
    low = span.low
    return low.time is not None and low.base is None and low.day is None and low.month is None and low.year is None


def _bare(folded: str) -> DateSpan | None:
    """A year, a month or the whole year alone, which in running text need words around them."""
    if folded in _WHOLE_YEAR:
        this_year = find_dates("今年")[0]
        return replace(this_year, start=0, end=len(folded))
    if found := _BARE_YEAR.fullmatch(folded):
        return DateSpan(start=found.start(1), end=found.end(1), low=PartialDate(year=int(found[1])))
    if month := _BARE_MONTH.fullmatch(folded):
        low = PartialDate(month=_MONTHS.index(month[1].lower()) + 1)
        return DateSpan(start=month.start(1), end=month.end(1), low=low)
    return None
