"""A limit of money, or of tokens, for a whole run: reserved before an attempt is sent, settled when it has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Literal

from summarizer.errors import BudgetError
from summarizer.prices import ASSUMED_MAX_OUTPUT_TOKENS, Price, money
from summarizer.wire.exchange import usage_of
from summarizer.wire.layer import WireRequest
from summarizer.wire.turnstile import AttemptEnd

# What a provider's chat template may add to a request: marks round each message, words about how to call a tool.
_TEMPLATE_TOKENS: Final = 1_000
# One token costs one: a price by which a limit of money becomes a limit of tokens.
_TOKEN_PRICE: Final = 1_000_000


def most_input_tokens(body_bytes: int) -> int:
    """Return more input tokens than a request body of this many bytes can have.

    Tokenizers work on the bytes of the text, so that none makes more tokens than there are bytes; the body holds the
    text's bytes and its own besides. It is some three times what requests of this package really have.
    """
    return body_bytes + _TEMPLATE_TOKENS


def most_output_tokens(document: Mapping[str, Any], price: Price | None) -> int:
    """Return the longest answer that a request allows, else the model's own limit, else what is assumed."""
    for name in ("max_completion_tokens", "max_tokens"):
        limit = document.get(name)
        if isinstance(limit, int) and limit > 0:
            return limit
    return price.most_output_tokens if price is not None else ASSUMED_MAX_OUTPUT_TOKENS


def most_cost(document: Mapping[str, Any], body_bytes: int, price: Price) -> Decimal:
    """Return what one attempt at a request may cost at most: nothing read from the provider's cache, the longest answer."""
    cost = price.cost(input_tokens=most_input_tokens(body_bytes), output_tokens=most_output_tokens(document, price))
    return Decimal(0) if cost is None else cost


class Budget:
    """Lets an attempt be sent only where the rest covers the most it may cost.

    What it may cost is reserved until the attempt has ended; then what the raw answer states is spent in its place. An
    attempt that may be charged for without an answer, and an answer that states no usage, keep their whole reservation.
    So the sum never passes the limit, however many attempts are under way, as long as no answer is longer than
    `most_output_tokens` says. Where the rest does not cover an attempt, it waits until others have ended and given back
    what they did not need; when nothing is under way any more and the rest is still too small, the run stops.

    Serves one event loop. It counts this run alone: what earlier runs spent is not known here. `spent` is what has been
    charged or may have been, `reserved` what the attempts under way may cost at most.

    Args:
        limit: in US dollars, or in tokens with `unit="tokens"`.
        price: of the model that is asked. With `unit="tokens"` only its longest answer is used, and it may be None.
        unit: what is limited.
    """

    def __init__(self, limit: Decimal, price: Price | None, *, unit: Literal["USD", "tokens"] = "USD") -> None:
        if unit == "tokens":
            longest = price.max_output_tokens if price is not None else None
            price = Price(
                models=("token",), input=_TOKEN_PRICE, output=_TOKEN_PRICE, max_output_tokens=longest, source="one each"
            )
        if price is None:
            raise ValueError("a budget of money needs a price")
        self.limit = limit
        self.spent = Decimal(0)
        self.reserved = Decimal(0)
        self._price = price
        self._unit = unit
        self._reserved: dict[int, Decimal] = {}
        self._changed = asyncio.Event()

    async def enter(self, request: WireRequest) -> None:
        """Reserve what the attempt may cost, as soon as the rest covers it.

        Raises:
            BudgetError: the rest does not cover it, and nothing is under way that could give back.
        """
        if request.key is None or request.document is None:
            return
        most = most_cost(request.document, len(request.body), self._price)
        while self.spent + self.reserved + most > self.limit:
            # All that is under way ends first: the run stops here, and answers that are cut off are paid for in vain.
            if not self._reserved:
                raise BudgetError(self._message(most))
            await self._changed.wait()
        self._reserved[id(request)] = most
        self.reserved += most

    def leave(self, request: WireRequest, end: AttemptEnd) -> None:
        """Put what the attempt did cost in the place of its reservation."""
        most = self._reserved.pop(id(request), None)
        if most is None:
            return
        self.reserved -= most
        self.spent += self._charge(end, most)
        self._changed.set()
        self._changed = asyncio.Event()

    def _charge(self, end: AttemptEnd, most: Decimal) -> Decimal:
        if end.is_answer and end.reply is not None:
            usage = usage_of(end.reply.exchange.answer or {})
            if usage is None or usage.input_tokens is None or usage.output_tokens is None:
                return most
            cost = self._price.cost(
                input_tokens=usage.input_tokens,
                cached_input_tokens=usage.cached_input_tokens or 0,
                output_tokens=usage.output_tokens,
            )
            return most if cost is None else cost
        return most if end.is_possibly_paid else Decimal(0)

    def _message(self, most: Decimal) -> str:
        return (
            f"the budget of {self._amount(self.limit)} is used up: {self._amount(self.spent)} spent, and the next request "
            f"may cost up to {self._amount(most)}; answers are kept, and the same command with a budget that covers the "
            "rest goes on (a budget counts its own run only; --max-output-tokens makes a request's limit smaller)"
        )

    def _amount(self, value: Decimal) -> str:
        return money(value) if self._unit == "USD" else f"{value:,.0f} tokens"
