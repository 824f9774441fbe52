"""The answers that one article took, and what they cost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from summarizer.engines import Effort
from summarizer.engines.prompting import estimate_tokens
from summarizer.prices import Price
from summarizer.wire.budget import most_cost
from summarizer.wire.exchange import BATCH_PRICE, PRICE_HEADER, Usage, canonical_json, usage_of
from summarizer.wire.layer import WireReply

if TYPE_CHECKING:
    from summarizer.wire.transport import Replies


@dataclass(slots=True)
class Session:
    """The replies of one article, collected as they come. `price` is that of the model asked, None where not known."""

    replies: list[WireReply] = field(default_factory=list)
    possibly_paid: int = 0
    follow_ups: int = 0
    notes: list[str] = field(default_factory=list)
    price: Price | None = None
    _possibly_paid_usd: Decimal | None = Decimal(0)

    def take(self, replies: Replies) -> None:
        """Add what passed the wire for one request."""
        self.replies.extend(replies)
        self.possibly_paid += replies.possibly_paid
        for reply in replies:
            self._reckon(reply.exchange.request, reply.possibly_paid)
        for failure in replies.failures:
            self._reckon(failure.document or {}, failure.tally.possibly_paid)

    def effort(self) -> Effort:
        """Sum up: tokens as the raw answers state them, estimated from the bodies where they state none; money by price."""
        answers = [reply.exchange.answer or {} for reply in self.replies]
        usages = [_usage(reply.exchange.request, answer) for reply, answer in zip(self.replies, answers, strict=True)]
        costs = [self._cost(reply, usage) for reply, usage in zip(self.replies, usages, strict=True)]
        is_paid = [reply.origin == "network" for reply in self.replies]
        return Effort(
            requests=len(self.replies),
            paid_requests=sum(is_paid),
            possibly_paid_requests=self.possibly_paid,
            input_tokens=sum(usage.input_tokens or 0 for usage in usages),
            cached_input_tokens=sum(usage.cached_input_tokens or 0 for usage in usages),
            output_tokens=sum(usage.output_tokens or 0 for usage in usages),
            tokens_are_estimated=any(usage.is_estimated for usage in usages),
            cost_usd=_sum(cost for cost, paid in zip(costs, is_paid, strict=True) if paid),
            answers_cost_usd=_sum(costs),
            possibly_paid_usd=self._possibly_paid_usd,
            follow_ups=self.follow_ups,
            model=next((model for answer in answers if isinstance(model := answer.get("model"), str)), None),
        )

    def _cost(self, reply: WireReply, usage: Usage) -> Decimal | None:
        if self.price is None:
            return None
        return self.price.cost(
            input_tokens=usage.input_tokens or 0,
            cached_input_tokens=usage.cached_input_tokens or 0,
            output_tokens=usage.output_tokens or 0,
            is_batch=reply.exchange.headers.get(PRICE_HEADER) == BATCH_PRICE,
        )

    def _reckon(self, document: Mapping[str, Any], attempts: int) -> None:
        """Add the most that attempts may cost which brought nothing."""
        if not attempts:
            return
        if self.price is None or self._possibly_paid_usd is None:
            self._possibly_paid_usd = None
            return
        self._possibly_paid_usd += attempts * most_cost(document, len(canonical_json(document)), self.price)


def estimated_input_tokens(document: Mapping[str, Any]) -> int:
    """Estimate a request's tokens from its body: the messages' words and the schema."""
    messages = document.get("messages")
    words = [message.get("content") for message in messages] if isinstance(messages, list) else []
    schema = [document[name] for name in ("tools", "response_format") if name in document]
    texts = [word for word in words if isinstance(word, str)]
    return sum(map(estimate_tokens, [*texts, *(json.dumps(part, ensure_ascii=False) for part in schema)]))


def _usage(document: Mapping[str, Any], answer: Mapping[str, Any]) -> Usage:
    """Return an answer's tokens; what it does not state is estimated from the two bodies, and marked so."""
    stated = usage_of(answer)
    if stated is not None and stated.input_tokens is not None and stated.output_tokens is not None:
        return stated
    input_tokens = stated.input_tokens if stated is not None else None
    output_tokens = stated.output_tokens if stated is not None else None
    if output_tokens is None:
        # The answer's JSON and not its text alone: whatever it holds beside the text was written by the model as well.
        output_tokens = estimate_tokens(json.dumps(answer.get("choices"), ensure_ascii=False))
    return Usage(
        input_tokens=estimated_input_tokens(document) if input_tokens is None else input_tokens,
        cached_input_tokens=stated.cached_input_tokens if stated is not None else None,
        output_tokens=output_tokens,
        is_estimated=True,
    )


def _sum(costs: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for cost in costs:
        if cost is None:
            return None
        total += cost
    return total
