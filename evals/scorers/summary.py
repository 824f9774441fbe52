"""The summary: what it must mention, what it must not claim, whether its numbers are true and its limits kept.

Summary text means headline, a blank, and abstract: what a reader of the report sees first. Key points are not searched,
or a fact could hide in a list that nobody has to read.

- `must_mention`: each fact counts its weight, correct where one of its patterns is found, else missing.
- `must_not_claim`: each mistake whose pattern is found counts one, however often it is found.
- `numbers_faithful`: of the numbers and dates that the audit found in the prose, those with support in the article.
- `limits_kept`: two checks a case. A headline has at most 40 characters of Chinese or 25 words of English, an abstract 200
  or 120; a blank one keeps no limit. The language is that of the text itself, not of the article.

The hard case is the failed article: nothing was claimed and no limit broken, yet it must not look better than one that was
summarized. Its facts are missing; the other three are not scored.
"""

from __future__ import annotations

from evals.gold import GoldSummary
from evals.outcomes import Counts, FactMatch
from evals.scorers.slots import matches_any
from summarizer.records import Audit, Summary

# Characters of Chinese, words of English.
_HEADLINE = (40, 25)
_ABSTRACT = (200, 120)


def match_facts(label: GoldSummary, summary: Summary | None) -> tuple[FactMatch, ...]:
    """Return a row for each fact that must be mentioned and each mistake that must not be made."""
    text = f"{summary.headline} {summary.abstract}" if summary else ""
    facts = [
        FactMatch(
            kind="must_mention",
            text=fact.fact,
            weight=fact.weight,
            is_hit=bool(text) and matches_any(fact.accept, text),
        )
        for fact in label.must_mention
    ]
    mistakes = [
        FactMatch(kind="must_not_claim", text=mistake.claim, is_hit=bool(text) and matches_any(mistake.reject, text))
        for mistake in label.must_not_claim
    ]
    return (*facts, *mistakes)


def mention_counts(rows: tuple[FactMatch, ...]) -> Counts:
    """Return the weights of facts mentioned and missing."""
    facts = [row for row in rows if row.kind == "must_mention"]
    found = sum(row.weight for row in facts if row.is_hit)
    return Counts(correct=found, missing=sum(row.weight for row in facts) - found)


def claim_counts(rows: tuple[FactMatch, ...]) -> Counts:
    """Return how many of the tempting mistakes were made."""
    return Counts(correct=sum(row.is_hit for row in rows if row.kind == "must_not_claim"))


def score_numbers(audit: Audit) -> Counts:
    """Return how many numbers and dates of the prose have support and how many have none."""
    supported = sum(quantity.supported_by is not None for quantity in audit.prose)
    return Counts(correct=supported, incorrect=len(audit.prose) - supported)


def score_limits(summary: Summary) -> Counts:
    """Return how many of headline and abstract keep their limit."""
    kept = _keeps(summary.headline, *_HEADLINE) + _keeps(summary.abstract, *_ABSTRACT)
    return Counts(correct=kept, incorrect=2 - kept)


def _keeps(text: str, characters: int, words: int) -> bool:
    text = text.strip()
    is_chinese = sum("\u3400" <= char <= "\u9fff" for char in text) * 4 > len(text)
    return bool(text) and (len(text) <= characters if is_chinese else len(text.split()) <= words)
