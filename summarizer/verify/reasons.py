"""The reason codes: which of them reject an item, which ask for a look, which only remark. docs/reasons.md explains each."""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.records import Verdict

# The item states something that the article does not, or that cannot be read: it is not admitted.
HARD = frozenset(
    {
        "QUOTE_NOT_FOUND",
        "NUMBER_FRAGMENT",
        "IN_FURNITURE",
        "AMOUNT_NOT_IN_QUOTE",
        "AMOUNT_UNREADABLE",
        "AMOUNT_AMBIGUOUS",
        "VALUE_MISMATCH",
        "TOO_FEW_PARTIES",
        "DUPLICATE",
    }
)
# The core stands, something beside it does not: a person should look.
SOFT = frozenset(
    {
        "IN_INSTRUCTION",
        "AMBIGUOUS_LOCATION",
        "WRONG_SENTENCE",
        "DEAL_WORDS_NOT_FOUND",
        "ENTITY_NOT_IN_ARTICLE",
        "ENTITY_FAR",
        "PARTY_NOT_IN_ARTICLE",
        "PERSON_NOT_IN_ARTICLE",
        "PLACE_NOT_IN_ARTICLE",
        "AREA_NOT_IN_ARTICLE",
        "DATE_NOT_IN_ARTICLE",
        "YEAR_NOT_IN_ARTICLE",
        "DATE_FAR",
        "PERIOD_NOT_IN_ARTICLE",
        "CONSIDERATION_NOT_IN_ARTICLE",
        "DURATION_NOT_IN_ARTICLE",
        "CONDITION_NOT_IN_ARTICLE",
        "FIELD_NOT_IN_ARTICLE",
        "STATUS_DOUBTFUL",
        "NAME_DOUBTFUL",
        "FROM_PATTERN",
        "PARTY_FAR",
        "CONSIDERATION_FAR",
        "NUMBER_NOT_IN_ARTICLE",
        "NUMBER_ELSEWHERE",
        "NAME_NOT_IN_ARTICLE",
        "SENTENCE_NOT_IN_ARTICLE",
        "TOO_LONG",
    }
)
# The value rests on a rule rather than on a word of the article; nothing is wrong.
REMARKS = frozenset({"UNIT_FROM_CONTEXT"})
# Found while placing an item, and not derivable from the stored item alone.
OF_LOCATING = frozenset({"AMBIGUOUS_LOCATION", "WRONG_SENTENCE", "DEAL_WORDS_NOT_FOUND", "FROM_PATTERN"})


def verdict_of(reasons: Iterable[str]) -> Verdict:
    """Return the verdict that the codes amount to."""
    codes = set(reasons)
    if codes & HARD:
        return "rejected"
    return "review" if codes - REMARKS else "verified"


def ordered(reasons: Iterable[str]) -> tuple[str, ...]:
    """Return each code once, hard ones first, then by name."""
    return tuple(sorted(set(reasons), key=lambda code: (code not in HARD, code in REMARKS, code)))
