"""Whether stored evidence still stands where it says."""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.records import Evidence
from summarizer.verify.article_text import ArticleText
from summarizer.verify.locate import cuts_number


def judge_evidence(article: ArticleText, evidence: Iterable[Evidence]) -> set[str]:
    """Return what is wrong with an item's evidence: it must stand in the body, to the character, and cut no number."""
    pieces = tuple(evidence)
    codes = set() if pieces else {"QUOTE_NOT_FOUND"}
    for piece in pieces:
        start, end = piece.start, piece.end
        if not piece.quote or article.text[start:end] != piece.quote:
            codes.add("QUOTE_NOT_FOUND")
        if article.is_furniture(start, end):
            codes.add("IN_FURNITURE")
        if article.is_instruction(start, end):
            codes.add("IN_INSTRUCTION")
        if cuts_number(article, start, end):
            codes.add("NUMBER_FRAGMENT")
    return codes
