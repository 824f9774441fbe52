"""The summary: sentences joined up to the limit, and the verdict that its prose deserves."""

from __future__ import annotations

import re
from collections.abc import Iterable

from summarizer.proposals import SummaryProposal
from summarizer.records import KeyPoint, ProseQuantity, Summary
from summarizer.verify.article_text import ArticleText
from summarizer.verify.reasons import ordered, verdict_of
from summarizer.verify.wording import shingles

# The guideline's limits: characters of Chinese, words of English.
_HEADLINE_LIMIT = (40, 25)
_ABSTRACT_LIMIT = (200, 120)
# Ordinals and durations order and date things as often as they measure them; the audit counts what measures.
_SENTENCE_END = re.compile(r"(?<=[。！？；])|(?<=[.!?;]) ")
# Of 393 sentences of summaries of the labelled articles none shares less than half of its stems and pairs of characters
# with its article; sentences about nothing in the article share a fifth.
_GROUNDED = 0.45
_MIN_WORDS = 4


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


def judge_summary(article: ArticleText, summary: Summary, prose: Iterable[ProseQuantity]) -> Summary:
    """Give the summary its verdict: numbers and names resolved, limits kept."""
    reasons: set[str] = set() if is_grounded(article, summary) else {"SENTENCE_NOT_IN_ARTICLE"}
    for stated in prose:
        if stated.supported_by is None:
            reasons.add("NAME_NOT_IN_ARTICLE" if stated.is_name else "NUMBER_NOT_IN_ARTICLE")
        elif stated.is_doubtful:
            reasons.add("NUMBER_ELSEWHERE")
    if _is_too_long(summary.headline, *_HEADLINE_LIMIT) or _is_too_long(summary.abstract, *_ABSTRACT_LIMIT):
        reasons.add("TOO_LONG")
    return summary.model_copy(update={"verdict": verdict_of(reasons), "reasons": ordered(reasons)})


def is_grounded(article: ArticleText, summary: Summary) -> bool:
    """Return whether each sentence of the prose is made of the article's words; one in another language cannot be told."""
    texts = (summary.headline, summary.abstract, *(point.text for point in summary.key_points))
    for sentence in (one for text in texts for one in _SENTENCE_END.split(text)):
        wanted = shingles(sentence)
        is_comparable = _is_chinese(sentence) == (article.language == "zh")
        if is_comparable and len(wanted) >= _MIN_WORDS and len(wanted & article.shingles) < _GROUNDED * len(wanted):
            return False
    return True


def _is_too_long(text: str, characters: int, words: int) -> bool:
    """Return whether a text exceeds the guideline's limit for its script: characters of Chinese, words of English."""
    return len(text) > characters if _is_chinese(text) else len(text.split()) > words


def _is_chinese(text: str) -> bool:
    return sum("\u3400" <= char <= "\u9fff" for char in text) * 4 > len(text)
