"""One date of the draft against the dates of the articles: by its day, and by what is dated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summarizer.check.naming import KnownNames, Name, are_related
from summarizer.check.relevance import Statement
from summarizer.check.sources import Source
from summarizer.check.wording import words_of
from summarizer.records import Deal, Quantity
from summarizer.verify.article_text import ArticleText, date_readings
from summarizer.verify.wording import shingles

_SIGNS = re.compile(
    r"签署|签订|签约|签下|簽署|簽訂|簽約|訂立|订立|签定|\bsign(?:ed|s|ing)?\b|\binked\b|\bstruck\b", re.IGNORECASE
)
_COMPARED = re.compile(r"(?:由|从|從|较|較|比|\b(?:from|than|against|versus)\b)[^，。；,;]{0,20}\Z")
_SINCE = re.compile(r"(?:自从?|\b(?:since|before)) ?\Z", re.IGNORECASE)
_YEAR_BEFORE = re.compile(
    r"上一年|上年|去年|前一年|(?:previous|prior|preceding) year|a year (?:earlier|ago|before)|last year"
)
_REPORTED = re.compile(r"报道|報道|消息|讯|訊|电")
_MEANT = 0.34
_TOLD_ALIKE = 0.6
_FEW = 3
# A clause with fewer characters beside its date only dates the next one.
_BARE = 4
_DAY = re.compile(r"-\d\d-\d\d$")
_YEAR = re.compile(r"^\d{4}")
_ANY_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateAnswer:
    """What the articles say to a date: reason, and the place that says it (article and span)."""

    reason: str
    source: Source | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedAmount:
    """An amount of the date's own clause that an article carries, with the place where it does."""

    source: Source
    start: int
    end: int


def resolve_date(
    draft: ArticleText,
    date: Quantity,
    statement: Statement,
    amounts: Sequence[Sequence[DatedAmount]],
    known: KnownNames,
) -> DateAnswer:
    """Resolve one date of the draft; `amounts` are the places of the amounts beside it, the likeliest of each first."""
    for places in amounts:
        answers = [answer for one in places if (answer := _by_amount(date, one, draft)) is not None]
        if answers:
            return next((one for one in answers if one.reason == "SAME"), answers[0])
    signing = _by_signing(draft, date, statement, known)
    if signing is not None:
        return signing
    if (told := _by_wording(draft, date, statement)) is not None:
        return told
    for source in statement.about:
        found = _stated(date, source)
        if found is not None:
            return DateAnswer(reason="SAME", source=source, start=found[0], end=found[1])
        if _is_implied_year(date, source):
            return DateAnswer(reason="YEAR_IMPLIED", source=source)
    return _counterpart(draft, date, statement)


def _readings(date: Quantity, source: Source) -> frozenset[str]:
    return date_readings(date, source.record.article.published_on)


def _wanted(date: Quantity, source: Source) -> frozenset[str]:
    """Return what a date of the draft may mean, a span as a whole."""
    readings = _readings(date, source)
    spans = frozenset(value for value in readings if "/" in value)
    if date.value_max is not None and not spans:
        # 2028年至2028年: a span that is none.
        return frozenset({f"{date.value}/{date.value_max}"})
    return spans or readings


def _stated(date: Quantity, source: Source) -> tuple[int, int] | None:
    """Return the place where the article states the date, as precisely or more so."""
    wanted = _wanted(date, source)
    own = " ".join(date.text.split()).casefold()
    for quantity, readings in source.article.dates:
        if quantity.text.casefold() == own or any(_covers(one, value) for one in readings for value in wanted):
            return quantity.start, quantity.end
    published = source.record.article.published_on
    if published and any(_covers(published, value) for value in wanted):
        sentence = source.article.sentence_span(1)
        return sentence or (0, 0)
    return None


def _covers(stated: str, value: str) -> bool:
    """Return whether a stated date says all that another one says: 2022-03-28 of 2022-03 and of --03-28."""
    return (
        stated == value
        or ("/" not in value and stated.startswith(f"{value}-"))
        or (value.startswith("--") and stated[4:] == value[1:])
        or (value.startswith("--") and stated[4:].startswith(f"{value[1:]}-"))
    )


def _agrees(stated: Iterable[str], wanted: Iterable[str]) -> bool:
    """Return whether two dates can be the same, what one of them leaves out left aside."""
    pairs = [(one, other) for one in stated for other in wanted]
    return any(_is_within(one, other) or _is_within(other, one) for one, other in pairs)


def _is_within(one: str, other: str) -> bool:
    if one[:1] == "-" or other[:1] == "-":
        one, other = (value[1:] if value[:1] == "-" else value[4:] for value in (one, other))
    return bool(other) and (one == other or one.startswith(other) or other in one)


def _by_amount(date: Quantity, amount: DatedAmount, draft: ArticleText) -> DateAnswer | None:
    """Compare the date with that of an amount beside it; None where the article dates the amount nowhere near."""
    if date.kind != "date" or _COMPARED.search(draft.text, max(0, date.start - 14), date.start):
        return None
    source = amount.source
    article = source.article
    wanted = _wanted(date, source)
    figure = source.figures.get(amount.start)
    low, high = article.sentence_bounds(amount.start, amount.end)
    dated = [(quantity, readings) for quantity, readings in article.dates if low <= quantity.start < high]
    is_since = _SINCE.search(draft.text, max(0, date.start - 8), date.start)
    if not is_since and (other := _dated_otherwise(date, amount, dated, wanted)) is not None:
        return DateAnswer(reason="OTHER_DATE", source=source, start=other.start, end=max(other.end, amount.end))
    for quantity, readings in dated:
        if any(_covers(one, value) for one in readings for value in wanted):
            return DateAnswer(reason="SAME", source=source, start=quantity.start, end=quantity.end)
    if figure is not None and figure.period:
        if _agrees({figure.period, *figure.period.split("/")}, wanted):
            return None
        if _is_as_fine_text(figure.period, date):
            return DateAnswer(reason="OTHER_DATE", source=source, start=low, end=high)
    clause = article.clause_around(amount.start, amount.end)
    own = [
        one for one, _ in dated if one.kind == "date" and _is_as_fine(one, date) and clause[0] <= one.start < clause[1]
    ]
    if own and not any(_agrees(_readings(one, source), wanted) for one in own):
        return DateAnswer(reason="OTHER_DATE", source=source, start=low, end=high)
    return None


def _dated_otherwise(
    date: Quantity, amount: DatedAmount, dated: Sequence[tuple[Quantity, frozenset[str]]], wanted: frozenset[str]
) -> Quantity | None:
    """Return the date right before an amount where it is another than the draft's, and the figure says so too.

    到2025年突破150亿元，到2027年达到300亿元: the sentence has both years, each for its own amount.
    """
    figure = amount.source.figures.get(amount.start)
    before = [(one, readings) for one, readings in dated if one.end <= amount.start and _is_as_fine(one, date)]
    if not before or figure is None or not figure.period or not _is_as_fine_text(figure.period, date):
        return None
    nearest, readings = before[-1]
    if _agrees(readings, wanted) or _agrees({figure.period, *figure.period.split("/")}, wanted):
        return None
    return nearest


def _by_wording(draft: ArticleText, date: Quantity, statement: Statement) -> DateAnswer | None:
    """Compare the date with that of the articles' clause that says the same; None where none does, or none is dated.

    Where a clause that shares half as much has the draft's date, the two may be told of together.
    """
    low, high = clause_of(draft, date)
    own = draft.text[low : date.start] + "，" + draft.text[date.end : high]
    wanted_words = shingles(own)
    if len(wanted_words) < _FEW or date.kind != "date":
        return None
    best: tuple[float, DateAnswer] | None = None
    agreeing = 0.0
    for source in statement.about:
        article = source.article
        wanted = _wanted(date, source)
        for quantity, readings in article.dates:
            if quantity.kind != "date" or not _is_as_fine(quantity, date):
                continue
            start, end = clause_of(article, quantity)
            score = len(wanted_words & shingles(article.text[start:end])) / len(wanted_words)
            if _agrees(readings, wanted):
                agreeing = max(agreeing, score)
            elif best is None or score > best[0]:
                best = score, DateAnswer(reason="OTHER_DATE", source=source, start=start, end=end)
    return best[1] if best and best[0] >= _TOLD_ALIKE and agreeing < best[0] / 2 else None


def clause_of(text: ArticleText, date: Quantity) -> tuple[int, int]:
    """Return the clause of a date, with the next one where it holds little else than the date (到2027年，…)."""
    low, high = text.clause_around(date.start, date.end)
    stop = text.sentence_bounds(date.start, date.end)[1]
    if high - low - (date.end - date.start) < _BARE and high + 2 < stop:
        high = text.clause_around(high + 1, high + 2)[1]
    return low, high


def _is_as_fine(quantity: Quantity, date: Quantity) -> bool:
    return quantity.value is not None and _is_as_fine_text(quantity.value, date)


def _is_as_fine_text(iso: str, date: Quantity) -> bool:
    """Return whether both name a day, or both a year or a part of one: a year says nothing against a day of another one."""
    value = date.value or ""
    if _DAY.search(iso) or _DAY.search(value):
        return bool(_DAY.search(iso) and _DAY.search(value))
    return bool(_YEAR.match(iso) and _YEAR.match(value))


def _by_signing(draft: ArticleText, date: Quantity, statement: Statement, known: KnownNames) -> DateAnswer | None:
    """Compare the day of a signing with that of the deals between those whom the sentence names."""
    low, high = clause_of(draft, date)
    if _REPORTED.search(draft.text, date.end, date.end + 4):
        return None
    if date.kind != "date" or not _DAY.search(date.value or "") or not _SIGNS.search(draft.text, low, high):
        return None
    names = [name for mention in known.mentions(draft.text, low, high) if mention.is_party for name in mention.names]
    for source in statement.about:
        dated = [(deal, _parties_named(deal, names, known)) for deal in source.deals if deal.signed_on]
        dated = [pair for pair in dated if pair[1] >= min(2, len(names))]
        wanted = _readings(date, source)
        for deal, _ in dated:
            if any(_covers(deal.signed_on or "", value) for value in wanted):
                return DateAnswer(reason="SAME", source=source, start=deal.evidence[0].start, end=deal.evidence[0].end)
        if dated and not _is_signing_day(date, source):
            deal = dated[0][0]
            reason = _difference(deal.signed_on or "", wanted)
            # The whole sentence, for the day often stands in a clause before the deal's own words.
            start, end = source.article.sentence_bounds(deal.evidence[0].start, deal.evidence[0].end)
            return DateAnswer(reason=reason, source=source, start=start, end=end)
    return None


def _parties_named(deal: Deal, names: Sequence[Name], known: KnownNames) -> int:
    parties = [[name for mention in known.mentions(party.name) for name in mention.names] for party in deal.parties]
    return sum(1 for party in parties if are_related(party, names))


def _is_signing_day(date: Quantity, source: Source) -> bool:
    """Return whether the article has the date in a sentence that speaks of signing."""
    article = source.article
    wanted = _readings(date, source)
    return any(
        any(_covers(one, value) for one in readings for value in wanted)
        and _SIGNS.search(article.text, *article.sentence_bounds(quantity.start, quantity.end))
        for quantity, readings in article.dates
    )


def _is_implied_year(date: Quantity, source: Source) -> bool:
    """Return whether a bare year is the one before another that a sentence states (2024 … a year earlier)."""
    value = date.value or ""
    if not re.fullmatch(r"\d{4}", value):
        return False
    article = source.article
    following = str(int(value) + 1)
    years = [
        quantity.start for quantity, readings in article.dates if any(one.startswith(following) for one in readings)
    ]
    sentences = {article.sentence_at(start) for start in years}
    if (source.record.article.published_on or "").startswith(following):
        sentences |= set(range(1, len(article.sentences) + 1))
    spans = (article.sentence_span(number) for number in sentences)
    return any(span is not None and _YEAR_BEFORE.search(article.text, *span) for span in spans)


def _difference(stated: str, wanted: Iterable[str]) -> str:
    """Name what differs: the year alone, a year that the article leaves out, or the date."""
    for value in wanted:
        if len(value) > 5 and _YEAR.match(value) and _ANY_YEAR.sub("", stated) == _ANY_YEAR.sub("", value):
            return "OTHER_YEAR"
        if stated.startswith("--") and _YEAR.match(value) and stated[1:] == value[4:]:
            return "YEAR_NOT_STATED"
    return "OTHER_DATE"


def _counterpart(draft: ArticleText, date: Quantity, statement: Statement) -> DateAnswer:
    """Return what the articles say instead of a date that they do not state."""
    low, high = draft.sentence_bounds(date.start, date.end)
    wanted_words = words_of(draft.text[low:high])
    best: tuple[float, DateAnswer] | None = None
    for source in statement.about:
        article = source.article
        wanted = _wanted(date, source)
        for quantity, readings in article.dates:
            reasons = {_difference(one, wanted) for one in readings}
            start, end = article.sentence_bounds(quantity.start, quantity.end)
            words = words_of(article.text[start:end])
            score = len(words & wanted_words) / (len(wanted_words) or 1)
            if date.kind == "date" and reasons & {"OTHER_YEAR", "YEAR_NOT_STATED"}:
                reason = "OTHER_YEAR" if "OTHER_YEAR" in reasons else "YEAR_NOT_STATED"
                score += 1
            elif quantity.kind == "date" and score >= _MEANT and _is_as_fine(quantity, date):
                reason = "OTHER_DATE"
            else:
                continue
            if best is None or score > best[0]:
                best = score, DateAnswer(reason=reason, source=source, start=start, end=end)
    return best[1] if best else DateAnswer(reason="NOT_STATED")
