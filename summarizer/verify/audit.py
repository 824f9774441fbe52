"""The audit: numbers of the body that nothing claims, and numbers of the prose that nothing supports."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from summarizer.records import Audit, Deal, Evidence, Item, KeyFigure, RejectedItem, Summary
from summarizer.verify.article_text import AMOUNT_KINDS, ArticleText
from summarizer.verify.figures import quantity_of
from summarizer.verify.prose import check_prose

_COUNTED = AMOUNT_KINDS - {"ordinal"}


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
    spans.sort()
    lows, highs = [low for low, _ in spans], list(accumulate((high for _, high in spans), max))
    claimed, unclaimed = 0, []
    for quantity in article.quantities:
        if quantity.kind not in _COUNTED or quantity.value is None:
            continue
        if article.is_furniture(quantity.start, quantity.end) or article.is_instruction(quantity.start, quantity.end):
            continue
        # Of the spans that begin before the amount the one that ends last.
        index = bisect_right(lows, quantity.start) - 1
        if index >= 0 and quantity.end <= highs[index]:
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
