"""Offsets exact: the share of all pieces of evidence in a record that stand in the text to the character.

Every piece counts, wherever it is: of figures, deals, sums, terms, key points, items of a profile, and the support that the
audit gives to numbers of the prose, also under items that ask for a look or are rejected. `text[start:end]` must be the
quote, not empty, and where source offsets are given they must be those that the article's map back to its source has.

The hard case is a quote that is right and stands elsewhere: it is wrong here. Who highlights by the offsets would show
another sentence.
"""

from __future__ import annotations

from collections.abc import Iterator

from evals.outcomes import Counts
from evals.scorers.places import CaseText
from summarizer.records import ArticleRecord, Deal, Evidence


def score_evidence(text: CaseText, record: ArticleRecord) -> Counts:
    """Return how many pieces of evidence are exact (`correct`) and how many are not."""
    verdicts = [text.stands(one) for one in _evidence_of(record)]
    return Counts(correct=verdicts.count(True), incorrect=verdicts.count(False))


def _evidence_of(record: ArticleRecord) -> Iterator[Evidence]:
    for point in record.summary.key_points if record.summary else ():
        yield from point.evidence
    for figure in record.key_figures or ():
        yield from figure.evidence
    for deal in record.deals or ():
        yield from _evidence_of_deal(deal)
    for item in record.items or ():
        yield from item.evidence
        for field in item.fields:
            yield from field.evidence
    for quantity in record.audit.prose if record.audit else ():
        if quantity.supported_by:
            yield quantity.supported_by


def _evidence_of_deal(deal: Deal) -> Iterator[Evidence]:
    yield from deal.evidence
    if deal.consideration:
        yield from deal.consideration.evidence
    for term in deal.terms:
        yield from term.evidence
