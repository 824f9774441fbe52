"""Dates as the article states them: read from its words, never more precise than they are."""

from __future__ import annotations

import re
from bisect import bisect_left

from summarizer.quantities import Quantity, read_date
from summarizer.verify.article_text import ArticleText, years_in
from summarizer.verify.locate import in_body, nearest

# Of the dated figures that a model gave for the labelled articles 98 in 100 have their date so near, of figures given the
# date of another one 3 in 10.
_BEFORE, _AFTER = 6, 2
_THROUGHOUT = 4
_COMPARED = re.compile(
    r"(?:由|从|從|较|較|比|对应|對應|按照?|基于|基於|\b(?:from|than|against|versus|on)\b)(?:[^，。；,;]|,(?=[0-9])){0,20}\Z"
)
_SAME_DAY = re.compile(r"同日|同一天|当[日天]|當[日天]|\bthe same day\b")
# What an article calls a round or a stage once it has told when it was: Series B, B轮, phase two.
_STAGE = re.compile(
    r"\bSeries [A-H]\b|\b[Pp]hase (?:[1-9]|I{1,3}|one|two|three)\b|(?:[A-H]\+?|天使|种子)[轮輪]|[一二三四][期](?![间間限])"
)
_DAY = re.compile(r"-\d\d-\d\d$")
_HEAD = 5


def _start_of(date: tuple[Quantity, frozenset[str]]) -> int:
    return date[0].start


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


def is_near(article: ArticleText, iso: str, words: str | None, position: int) -> bool:
    """Return whether a date stands near a place, at the head of the article, or throughout it.

    Near is at most six sentences before the place or two behind it.
    It is looked for by its words where they are known, else by what the article's dates read as. What stands nowhere (taken
    from the article's own date) is near everywhere.
    """
    here = article.sentence_at(position)
    starts = [start for start, _ in in_body(article, words)] if words else []
    starts = starts or _places_of(article, iso)
    sentences = {article.sentence_at(start) for start in starts}
    return (
        not sentences
        or len(sentences) >= _THROUGHOUT
        or any(sentence <= _HEAD or -_AFTER <= here - sentence <= _BEFORE for sentence in sentences)
        or _is_same_day(article, iso, here)
        or any(_stages_in(article, here) & _stages_in(article, sentence) for sentence in sentences)
    )


def _is_same_day(article: ArticleText, iso: str, here: int) -> bool:
    """Return whether the sentence says `the same day`, and `iso` is the last day that was told before it."""
    span = article.sentence_span(here)
    if span is None or not _SAME_DAY.search(article.text, *span):
        return False
    told = [readings for quantity, readings in article.dates if quantity.end <= span[0] and _is_day(quantity.value)]
    return bool(told) and iso in told[-1]


def _is_day(iso: str | None) -> bool:
    return iso is not None and _DAY.search(iso) is not None


def _stages_in(article: ArticleText, sentence: int) -> set[str]:
    span = article.sentence_span(sentence)
    return set(_STAGE.findall(article.text, *span)) if span else set()


def _places_of(article: ArticleText, iso: str) -> list[int]:
    """Return where the body's dates stand that read as the date or more precisely."""
    found = article.known.dated.get(iso)
    if found is None:
        found = article.known.dated[iso] = [
            quantity.start for quantity, readings in article.dates if any(one.startswith(iso) for one in readings)
        ]
    return found


def is_contradicted(article: ArticleText, iso: str, low: int, high: int) -> bool:
    """Return whether text[low:high] is dated, and every date in it is another one than `iso`.

    Relative dates and what an amount started from (from €4,580 in 2023, 由2022年的1.42) say what is compared, and do not count.
    """
    dates = article.dates
    first = bisect_left(dates, low, key=_start_of)
    dated = dates[first : bisect_left(dates, high, lo=first, key=_start_of)] if low < high else []
    if any(_agrees(one, iso) for _, readings in dated for one in readings):
        return False
    return any(
        quantity.kind == "date"
        and _COMPARED.search(article.text, max(low, quantity.start - 24), quantity.start) is None
        for quantity, _ in dated
    )


def _agrees(stated: str, iso: str) -> bool:
    """Return whether one date lies within the other, a year that one of them lacks left aside."""
    if stated[:1] == "-" or iso[:1] == "-":
        stated, iso = (one[1:] if one[:1] == "-" else one[4:] for one in (stated, iso))
    return stated in iso or iso in stated


def iso_date(words: str, reference: str | None, *, is_future: bool = False) -> str | None:
    """Read date words to ISO 8601; None where they state no date, or one that only a missing reference could resolve."""
    read = read_date(words, reference=reference, future=is_future)
    return read[0] if read else None


def states_years_of(article: ArticleText, iso: str) -> bool:
    """Return whether every year in an ISO date or span is one that the article states or implies.

    Implied is a year that a relative or yearless date of the article takes from the article's own date.
    """
    years = years_in(iso)
    if not years:
        return True
    return years <= article.years
