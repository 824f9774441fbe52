"""The answers that one article took, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from summarizer.engines import Effort
from summarizer.wire.exchange import usage_of
from summarizer.wire.layer import WireReply


@dataclass(slots=True)
class Session:
    """The replies of one article, collected as they come."""

    replies: list[WireReply] = field(default_factory=list)
    possibly_paid: int = 0
    follow_ups: int = 0
    notes: list[str] = field(default_factory=list)

    def effort(self) -> Effort:
        """Sum up; a count that one answer leaves out is not known for the article."""
        answers = [reply.exchange.answer or {} for reply in self.replies]
        usages = [usage_of(answer) for answer in answers]
        known = [usage for usage in usages if usage is not None]
        return Effort(
            requests=len(self.replies),
            paid_requests=sum(reply.origin == "network" for reply in self.replies),
            possibly_paid_requests=self.possibly_paid,
            input_tokens=_sum(usage.input_tokens if usage else None for usage in usages),
            cached_input_tokens=_sum(usage.cached_input_tokens or 0 for usage in known) if known else None,
            output_tokens=_sum(usage.output_tokens if usage else None for usage in usages),
            tokens_are_estimated=any(usage.is_estimated for usage in known),
            follow_ups=self.follow_ups,
            model=next((model for answer in answers if isinstance(model := answer.get("model"), str)), None),
        )


def _sum(counts: Iterable[int | None]) -> int | None:
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total
