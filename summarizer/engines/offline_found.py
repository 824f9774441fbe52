"""A deal as one sentence states it, before the rest of the article fills it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Name
    from summarizer.engines.offline_text import Sentence
    from summarizer.proposals import PartyRole
    from summarizer.records import DealStatus, DealType


@dataclass(slots=True, kw_only=True)
class FoundDeal:
    """A deal as one sentence states it. Spans are offsets into the article's text."""

    sentence: Sentence
    start: int
    end: int
    parties: list[tuple[Name, PartyRole]]
    type: DealType
    status: DealStatus
    object: str = ""
    # The sum that stands within the words of the deal.
    amount: tuple[int, int] | None = None
