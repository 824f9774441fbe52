"""What a check says: one finding for each number, date and party of a draft."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["supported", "contradicted", "unsupported"]
ClaimKind = Literal["number", "date", "party"]

OUTCOMES: tuple[Outcome, ...] = ("contradicted", "unsupported", "supported")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """Words of an article that bear on a finding: `start` and `end` are code points into texts/<id>.txt, half open."""

    article_id: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One number, date or party of the draft and what the articles say of it.

    `start` and `end` are code points into the draft's text, half open: `draft.text[start:end] == text`. `line` counts
    from 1, in the draft's file (of a Word document its paragraphs and rows). `reason` is a stable upper-case code
    (`words.REASONS` has the sentences). `says` are the places of the articles that carry, or contradict, the claim; the
    first is the one to look at.
    """

    kind: ClaimKind
    text: str
    start: int
    end: int
    line: int
    outcome: Outcome
    reason: str
    says: tuple[Saying, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """All findings in the order of the draft, and what could not be looked at.

    `text` is the draft's text that the findings index. `uncompared` are names of the draft that no article could be
    searched for, because the articles are written in the other language. `missing` are articles whose text is not in
    the folder, or is not the one their record was made from: nothing was checked against them.
    """

    source: str
    text: str
    findings: tuple[Finding, ...]
    articles: int
    uncompared: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing is contradicted and nothing unsupported."""
        return all(finding.outcome == "supported" for finding in self.findings)

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many findings have each outcome."""
        counted = Counter(finding.outcome for finding in self.findings)
        return {outcome: counted[outcome] for outcome in OUTCOMES}
