"""Dates as the article states them: read from its words, never more precise than they are."""

from __future__ import annotations

import re

from summarizer.quantities import read_date
from summarizer.verify.article_text import ArticleText
from summarizer.verify.locate import nearest

# The year before one that the article speaks of is implied by these.
_YEAR_BEFORE = re.compile(
    r"上一年|上年|去年|前一年|(?:previous|prior|preceding) year|a year (?:earlier|ago|before)|last year"
)
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")


def stated_date(
    article: ArticleText, words: str, position: int, *, is_future: bool = False
) -> tuple[str | None, str | None]:
    """Read copied date words; return the ISO value, and a reason code where the article does not have the words.

    The place nearest to `position` counts. A year that the words leave out is taken from the article's own date if that
    is known, and from nowhere else. Words that stand there and are no date (目前, upon completion) have no value, and
    nothing is wrong with them.
    """
    if not words.strip():
        return None, None
    if nearest(article, words, position) is None:
        return None, "DATE_NOT_IN_ARTICLE"
    return iso_date(words, article.published_on, is_future=is_future), None


def iso_date(words: str, reference: str | None, *, is_future: bool = False) -> str | None:
    """Read date words to ISO 8601; None where they state no date, or one that only a missing reference could resolve."""
    read = read_date(words, reference=reference, future=is_future)
    return read[0] if read else None


def states_years_of(article: ArticleText, iso: str) -> bool:
    """Return whether every year in an ISO date or span is one that the article states or implies.

    Implied is a year that a relative or yearless date of the article takes from the article's own date.
    """
    years = set(_YEAR.findall(iso))
    if not years:
        return True
    known = set(_YEAR.findall(article.published_on or ""))
    for _, readings in article.dates:
        known.update(year for reading in readings for year in _YEAR.findall(reading))
    if _YEAR_BEFORE.search(article.text):
        known |= {str(int(year) - 1) for year in known}
    return years <= known
