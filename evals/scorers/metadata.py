"""Metadata: title, publisher, date and language of the article, one slot each.

Title and publisher are compared with width, punctuation, white space and case folded, the date as it stands, the language
by what stands before the hyphen (zh-Hant is zh). `publisher_accept` and `language_accept` are read. A slot that label and
record both leave empty is open; all else that is not right is incorrect, because the metric is a share.

The hard case is the publisher in a footer or a picture credit: the label has null, and where that can be argued the accept
list has the name. What neither has is an invention and counts as wrong.
"""

from __future__ import annotations

from evals.gold import Gold
from evals.outcomes import Counts
from evals.scorers.slots import folded, slot_outcome
from summarizer.records import ArticleInfo


def score_metadata(label: Gold, article: ArticleInfo) -> Counts:
    """Return how many of the four slots are right and how many wrong."""
    outcomes = [
        slot_outcome((label.title,), article.title, _is_same_text),
        slot_outcome((label.publisher, *label.publisher_accept), article.publisher, _is_same_text),
        slot_outcome((label.published_on,), article.published_on),
        slot_outcome((label.language, *label.language_accept), article.language, _is_same_language),
    ]
    right, open_slots = outcomes.count("correct"), outcomes.count("unscored")
    return Counts(correct=right, incorrect=len(outcomes) - right - open_slots)


def _is_same_text(one: str, other: str) -> bool:
    return folded(one) == folded(other)


def _is_same_language(one: str, other: str) -> bool:
    return one.partition("-")[0] == other.partition("-")[0]
