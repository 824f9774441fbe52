"""The summary's prose against the article: every amount, date and name of it is led back to a place that says the same."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from summarizer.quantities import base_value, compare_quantities, same_unit
from summarizer.records import Evidence, ProseQuantity, Quantity, Summary
from summarizer.verify.article_text import AMOUNT_KINDS, ArticleText, clause_bounds, date_readings, scan_shares
from summarizer.verify.dates import is_near
from summarizer.verify.figures import amount_at
from summarizer.verify.fit import fits_words
from summarizer.verify.prose_names import names_in

_YEAR = re.compile(r"(?:19|20)\d\d")

_BOUND_WORDS: dict[str, re.Pattern[str]] = {
    "at_least": re.compile(r"最低|下限|\b(?:minimum|floor|starts?|starting)\b", re.IGNORECASE),
    "at_most": re.compile(r"最高|上限|封顶|\b(?:maximum|cap|capped|ceiling|limit)\b", re.IGNORECASE),
}
# Prose rewords: its clause need share less with the amount's place than a figure's name. Of the numbers in summaries of the
# labelled articles 1 in 100 shares less, of numbers exchanged for another of the article 7 in 10.
_ENOUGH = 0.15


# The body's amounts by their value: of hundreds one or two can equal a stated one.
_Body = dict[Decimal | None, list[Quantity]]


def check_prose(article: ArticleText, summary: Summary) -> tuple[ProseQuantity, ...]:
    """Resolve every amount, date and name of headline, abstract and key points to a place of the body that says it."""
    texts = [("headline", summary.headline), ("abstract", summary.abstract)]
    texts += [(f"key_points.{index}", point.text) for index, point in enumerate(summary.key_points)]
    body: _Body = {}
    for quantity in article.quantities:
        if (
            quantity.kind in AMOUNT_KINDS
            and not article.is_furniture(quantity.start, quantity.end)
            and not article.is_instruction(quantity.start, quantity.end)
        ):
            body.setdefault(base_value(quantity), []).append(quantity)
    found = []
    for where, text in texts:
        found += _numbers(article, body, where, text)
        found += [
            ProseQuantity(
                text=text[start:end],
                start=start,
                end=end,
                where=where,
                is_name=True,
                supported_by=article.evidence(*place) if place else None,
            )
            for start, end, place in names_in(article, text)
        ]
    return tuple(found)


def _numbers(article: ArticleText, body: _Body, where: str, text: str) -> list[ProseQuantity]:
    found = []
    quantities = [one for one in scan_shares(text) if one.kind in AMOUNT_KINDS or one.kind.startswith("date")]
    supports = [
        (_date_support(article, one), False) if one.kind.startswith("date") else _support(article, body, one, text)
        for one in quantities
    ]
    for quantity, (support, is_stranger) in zip(quantities, supports, strict=True):
        is_far = False
        if quantity.kind.startswith("date") and quantity.value is not None:
            # The date of an amount stands near it in the article too.
            low, high = clause_bounds(text, 0, quantity.start, quantity.end, len(text))
            places = [
                place.start
                for other, (place, _) in zip(quantities, supports, strict=True)
                if place is not None and other.kind in AMOUNT_KINDS and low <= other.start and other.end <= high
            ]
            is_far = any(not is_near(article, quantity.value, None, place) for place in places)
        found.append(
            ProseQuantity(
                text=quantity.text, start=quantity.start, end=quantity.end, where=where, supported_by=support,
                is_doubtful=is_stranger or is_far,
            )
        )  # fmt: skip
    return found


def _support(article: ArticleText, body: _Body, stated: Quantity, prose: str) -> tuple[Evidence | None, bool]:
    """Return the place of the body that says the same amount, and whether the words there and here are strangers."""
    candidates = body.get(base_value(stated), ())
    compared = [(quantity, compare_quantities(_bounded(article, quantity, stated), stated)) for quantity in candidates]
    equal = [(quantity, bool(outcome.notes)) for quantity, outcome in compared if outcome.is_equal]
    if not equal and _YEAR.fullmatch(stated.text):
        return _date_support(article, replace(stated, kind="date")), False
    if not equal:
        return (_ends_support(article, body, stated) if stated.value_max is not None else None), False
    low, high = clause_bounds(prose, 0, stated.start, stated.end, len(prose))
    words = f"{prose[low : stated.start]} {prose[stated.end : high]}"
    fitting = [one for one in equal if fits_words(article, words, one[0], _ENOUGH)]
    # The same number of something else (十大任务 for 10 companies) only where nothing matches without a note.
    best = min(fitting or equal, key=lambda one: (one[1], _is_other_word(one[0], stated)))[0]
    amount = amount_at(article, best)
    return article.evidence(amount.start, amount.end), not fitting and stated.kind != "ordinal"


def _bounded(article: ArticleText, quantity: Quantity, stated: Quantity) -> Quantity:
    """Return the quantity with the bound that its clause gives it in other words: a minimum that adds up to 986,000 tonnes."""
    word = _BOUND_WORDS.get(stated.qualifier)
    if word is None or quantity.qualifier != "exact" or quantity.value != stated.value:
        return quantity
    is_bound = word.search(article.text, *article.clause_around(quantity.start, quantity.end))
    return replace(quantity, qualifier=stated.qualifier) if is_bound else quantity


def _is_other_word(quantity: Quantity, stated: Quantity) -> bool:
    return quantity.unit is None or not same_unit(quantity.unit, stated.unit)


def _ends_support(article: ArticleText, body: _Body, stated: Quantity) -> Evidence | None:
    """A range of the prose is supported where one sentence states both its ends (`cannot fall below €610 or rise above €780`)."""
    found: dict[int, list[Quantity]] = {}
    for quantity in sorted((one for quantities in body.values() for one in quantities), key=lambda one: one.start):
        if quantity.value_max is None and same_unit(quantity.unit, stated.unit):
            found.setdefault(article.sentence_at(quantity.start), []).append(quantity)
    for quantities in found.values():
        low = next((one for one in quantities if one.value == stated.value), None)
        high = next((one for one in quantities if one.value == stated.value_max), None)
        if low and high:
            return article.evidence(min(low.start, high.start), max(low.end, high.end))
    return None


def _date_support(article: ArticleText, stated: Quantity) -> Evidence | None:
    """A date of the prose is supported by one of the body that reads the same or more precisely."""
    wanted = date_readings(stated, article.published_on)
    if any("/" in value for value in wanted):
        # A span is supported as a whole: 6—8月 not by 8月, nor by a half-year that ends in June.
        wanted = frozenset(value for value in wanted if "/" in value)
    for quantity, readings in article.dates:
        if quantity.text == stated.text or any(_is_as_precise(own, value) for own in readings for value in wanted):
            return article.evidence(quantity.start, quantity.end)
    return None


def _is_as_precise(own: str, stated: str) -> bool:
    """Return whether a date of the article says all that a stated one says: 2022-03-28 for 2022-03 and for --03-28."""
    return own.startswith(stated) or (stated.startswith("--") and own[4:] == stated[1:])
