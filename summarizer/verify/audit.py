"""The audit: numbers of the body that nothing claims, and numbers of the prose that nothing supports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from summarizer.proposals import SummaryProposal
from summarizer.quantities import compare_quantities, same_unit
from summarizer.records import (
    Audit,
    Deal,
    Evidence,
    Item,
    KeyFigure,
    KeyPoint,
    ProseQuantity,
    Quantity,
    RejectedItem,
    Summary,
)
from summarizer.verify.article_text import AMOUNT_KINDS, ArticleText, clause_bounds, date_readings, scan_shares
from summarizer.verify.figures import amount_at, quantity_of
from summarizer.verify.fit import fits_words
from summarizer.verify.prose_names import names_in
from summarizer.verify.reasons import ordered, verdict_of

# The guideline's limits: characters of Chinese, words of English.
_HEADLINE_LIMIT = (40, 25)
_ABSTRACT_LIMIT = (200, 120)
# Ordinals and durations order and date things as often as they measure them; the audit counts what measures.
# Prose rewords: its clause need share less with the amount's place than a figure's name. Of the numbers in summaries of the
# labelled articles 1 in 100 shares less, of numbers exchanged for another of the article 7 in 10.
_ENOUGH = 0.15
_COUNTED = AMOUNT_KINDS - {"ordinal"}


def admit_summary(article: ArticleText, proposed: SummaryProposal) -> Summary:
    """Turn a proposed summary into one whose key points carry the sentences they cite."""
    points = []
    for point in proposed.points:
        spans = [article.sentence_span(number) for number in dict.fromkeys(point.s)]
        evidence = tuple(article.evidence(*span) for span in spans if span is not None)
        points.append(KeyPoint(text=point.text.strip(), evidence=evidence))
    return Summary(
        headline=proposed.headline.strip(), abstract=abstract_of(proposed.abstract), key_points=tuple(points)
    )


def abstract_of(sentences: Iterable[str]) -> str:
    """Join as many of an abstract's sentences as its limit holds, in their order; the first one in any case."""
    abstract = ""
    for written in filter(None, (one.strip() for one in sentences)):
        is_chinese = _is_chinese(written)
        is_ended = written[-1] in '。！？.!?”"'
        sentence = written if is_ended else written.rstrip("；;，,") + ("。" if is_chinese else ".")
        longer = f"{abstract}{'' if is_chinese or not abstract else ' '}{sentence}"
        if not abstract or not _is_too_long(longer, *_ABSTRACT_LIMIT):
            abstract = longer
    return abstract


def judge_summary(summary: Summary, prose: Iterable[ProseQuantity]) -> Summary:
    """Give the summary its verdict: numbers and names resolved, limits kept."""
    reasons: set[str] = set()
    for stated in prose:
        if stated.supported_by is None:
            reasons.add("NAME_NOT_IN_ARTICLE" if stated.is_name else "NUMBER_NOT_IN_ARTICLE")
        elif stated.is_doubtful:
            reasons.add("NUMBER_ELSEWHERE")
    if _is_too_long(summary.headline, *_HEADLINE_LIMIT) or _is_too_long(summary.abstract, *_ABSTRACT_LIMIT):
        reasons.add("TOO_LONG")
    return summary.model_copy(update={"verdict": verdict_of(reasons), "reasons": ordered(reasons)})


def _is_too_long(text: str, characters: int, words: int) -> bool:
    """Return whether a text exceeds the guideline's limit for its script: characters of Chinese, words of English."""
    return len(text) > characters if _is_chinese(text) else len(text.split()) > words


def _is_chinese(text: str) -> bool:
    return sum("\u3400" <= char <= "\u9fff" for char in text) * 4 > len(text)


def check_prose(article: ArticleText, summary: Summary) -> tuple[ProseQuantity, ...]:
    """Resolve every amount, date and name of headline, abstract and key points to a place of the body that says it."""
    texts = [("headline", summary.headline), ("abstract", summary.abstract)]
    texts += [(f"key_points.{index}", point.text) for index, point in enumerate(summary.key_points)]
    body = [
        quantity
        for quantity in article.quantities
        if quantity.kind in AMOUNT_KINDS
        and not article.is_furniture(quantity.start, quantity.end)
        and not article.is_instruction(quantity.start, quantity.end)
    ]
    found = []
    for where, text in texts:
        for quantity in scan_shares(text):
            if quantity.kind.startswith("date"):
                support, is_doubtful = _date_support(article, quantity), False
            elif quantity.kind in AMOUNT_KINDS:
                support, is_doubtful = _support(article, body, quantity, text)
            else:
                continue
            found.append(
                ProseQuantity(
                    text=quantity.text, start=quantity.start, end=quantity.end, where=where, supported_by=support,
                    is_doubtful=is_doubtful,
                )
            )  # fmt: skip
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


def audit(
    article: ArticleText,
    figures: Sequence[KeyFigure],
    deals: Sequence[Deal],
    items: Sequence[Item],
    summary: Summary | None,
    rejected: Iterable[RejectedItem],
) -> Audit:
    """Return what the record says about itself: unclaimed amounts of the body, refused proposals, checked prose."""
    spans = [_claim(article, figure) for figure in figures]
    for deal in deals:
        spans += [_span(piece) for term in deal.terms for piece in term.evidence]
        spans += [_span(piece) for piece in deal.evidence]
        spans += [_span(piece) for piece in deal.consideration.evidence] if deal.consideration else []
    spans += [_span(piece) for item in items for piece in item.evidence]
    claimed, unclaimed = 0, []
    for quantity in article.quantities:
        if quantity.kind not in _COUNTED or quantity.value is None:
            continue
        if article.is_furniture(quantity.start, quantity.end):
            continue
        if any(low <= quantity.start and quantity.end <= high for low, high in spans):
            claimed += 1
        else:
            unclaimed.append(quantity)
    total = claimed + len(unclaimed)
    return Audit(
        unclaimed=tuple(unclaimed),
        rejected=tuple(rejected),
        prose=check_prose(article, summary) if summary else (),
        coverage=round(claimed / total, 4) if total else None,
    )


def _claim(article: ArticleText, figure: KeyFigure) -> tuple[int, int]:
    quantity = quantity_of(article, figure) if figure.evidence else None
    return (quantity.start, quantity.end) if quantity else (0, 0)


def _span(evidence: Evidence) -> tuple[int, int]:
    return evidence.start, evidence.end


def _support(
    article: ArticleText, body: Sequence[Quantity], stated: Quantity, prose: str
) -> tuple[Evidence | None, bool]:
    """Return the place of the body that says the same amount, and whether the words there and here are strangers."""
    compared = [(quantity, compare_quantities(quantity, stated)) for quantity in body]
    equal = [(quantity, bool(outcome.notes)) for quantity, outcome in compared if outcome.is_equal]
    if not equal:
        return (_ends_support(article, body, stated) if stated.value_max is not None else None), False
    low, high = clause_bounds(prose, 0, stated.start, stated.end, len(prose))
    words = f"{prose[low : stated.start]} {prose[stated.end : high]}"
    fitting = [one for one in equal if fits_words(article, words, one[0], _ENOUGH)]
    # The same number of something else (十大任务 for 10 companies) only where nothing matches without a note.
    best = min(fitting or equal, key=lambda one: (one[1], _is_other_word(one[0], stated)))[0]
    amount = amount_at(article, best)
    return article.evidence(amount.start, amount.end), not fitting


def _is_other_word(quantity: Quantity, stated: Quantity) -> bool:
    return quantity.unit is None or not same_unit(quantity.unit, stated.unit)


def _ends_support(article: ArticleText, body: Sequence[Quantity], stated: Quantity) -> Evidence | None:
    """A range of the prose is supported where one sentence states both its ends (`cannot fall below €610 or rise above €780`)."""
    found: dict[int, list[Quantity]] = {}
    for quantity in body:
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
