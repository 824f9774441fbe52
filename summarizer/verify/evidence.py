"""Whether stored evidence still stands where it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from summarizer.records import Evidence
from summarizer.verify.article_text import ArticleText
from summarizer.verify.locate import cuts_number


def judge_evidence(article: ArticleText, evidence: Iterable[Evidence]) -> set[str]:
    """Return what is wrong with an item's evidence: it must stand in the body, to the character, and cut no number."""
    checks: dict[str, Callable[[Evidence], bool]] = {
        "QUOTE_NOT_FOUND": lambda one: not one.quote or article.text[one.start : one.end] != one.quote,
        "IN_FURNITURE": lambda one: article.is_furniture(one.start, one.end),
        "IN_INSTRUCTION": lambda one: article.is_instruction(one.start, one.end),
        "NUMBER_FRAGMENT": lambda one: cuts_number(article, one.start, one.end),
    }
    pieces = tuple(evidence)
    if not pieces:
        return {"QUOTE_NOT_FOUND"}
    return {code for code, is_wrong in checks.items() if any(is_wrong(piece) for piece in pieces)}
