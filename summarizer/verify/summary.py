"""The summary: sentences joined up to the limit, and the verdict that its prose deserves."""

from __future__ import annotations

import re
from collections.abc import Iterable

from summarizer.proposals import SummaryProposal
from summarizer.records import KeyPoint, ProseQuantity, Summary
from summarizer.verify.article_text import ArticleText
from summarizer.verify.reasons import ordered, verdict_of
from summarizer.verify.tense import tells_plans_as_done
from summarizer.verify.wording import is_chinese, shingles

# The guideline's limits: characters of Chinese, words of English.
_HEADLINE_LIMIT = (40, 25)
_ABSTRACT_LIMIT = (200, 120)
# Ordinals and durations order and date things as often as they measure them; the audit counts what measures.
_SENTENCE_END = re.compile(r"(?<=[。！？；])|(?<=[.!?;]) ")
# Of 393 sentences of summaries of the labelled articles none shares less than half of its stems and pairs of characters
# with its article; sentences about nothing in the article share a fifth.
_GROUNDED = 0.45
_MIN_WORDS = 4
# So many sentences in a row are read together.
_PASSAGE = 3
# 建议投资者立即买入: in the summaries of the labelled articles no row of strange pairs is as long.
_STRANGE_RUN = 6
_NUMBER = re.compile(r"[0-9]")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")


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
        is_han = is_chinese(written)
        is_ended = written[-1] in '。！？.!?”"'
        sentence = written if is_ended else written.rstrip("；;，,") + ("。" if is_han else ".")
        longer = f"{abstract}{'' if is_han or not abstract else ' '}{sentence}"
        if not abstract or not _is_too_long(longer, *_ABSTRACT_LIMIT):
            abstract = longer
    return abstract


def judge_summary(article: ArticleText, summary: Summary, prose: Iterable[ProseQuantity]) -> Summary:
    """Give the summary its verdict: numbers and names resolved, limits kept."""
    reasons: set[str] = set() if is_grounded(article, summary) else {"SENTENCE_NOT_IN_ARTICLE"}
    if tells_plans_as_done(article, (summary.headline, summary.abstract, *(one.text for one in summary.key_points))):
        reasons.add("STATUS_DOUBTFUL")
    for stated in prose:
        if stated.supported_by is None:
            reasons.add("NAME_NOT_IN_ARTICLE" if stated.is_name else "NUMBER_NOT_IN_ARTICLE")
        elif stated.is_doubtful:
            reasons.add("NUMBER_ELSEWHERE")
    if _is_too_long(summary.headline, *_HEADLINE_LIMIT) or _is_too_long(summary.abstract, *_ABSTRACT_LIMIT):
        reasons.add("TOO_LONG")
    return summary.model_copy(update={"verdict": verdict_of(reasons), "reasons": ordered(reasons)})


def is_grounded(article: ArticleText, summary: Summary) -> bool:
    """Return whether each sentence of the prose is made of the article's words; one in another language cannot be told.

    A sentence with a number is led back by that. One without must have near half of its words from neighbouring sentences:
    the words of `Investors should buy the shares now` stand somewhere in any business news.
    """
    if article.is_mixed:
        return True
    texts = (summary.headline, summary.abstract, *(point.text for point in summary.key_points))
    for sentence in (one for text in texts for one in _SENTENCE_END.split(text)):
        wanted = shingles(sentence)
        if is_chinese(sentence) != article.is_chinese or len(wanted) < _MIN_WORDS:
            continue
        if _NUMBER.search(sentence):
            told = article.words.number_of(wanted)
        else:
            counts = article.words.counts_in(wanted, *article.sentence_edges, reach=_PASSAGE)
            told = max(counts.values(), default=0)
        if told < _GROUNDED * len(wanted) or _longest_run(article, sentence) >= _STRANGE_RUN:
            return False
    return True


def _longest_run(article: ArticleText, sentence: str) -> int:
    """Return how many pairs of neighbouring Chinese characters in a row the article does not have."""
    longest = 0
    for run in _HAN_RUN.findall(sentence):
        length = 0
        for at in range(len(run) - 1):
            length = 0 if run[at : at + 2] in article.words else length + 1
            longest = max(longest, length)
    return longest


def _is_too_long(text: str, characters: int, words: int) -> bool:
    """Return whether a text exceeds the guideline's limit for its script: characters of Chinese, words of English."""
    return len(text) > characters if is_chinese(text) else len(text.split()) > words
