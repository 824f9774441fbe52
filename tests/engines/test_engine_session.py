"""What the answers to one article cost: by raw usage and list price, paid, stored and possibly paid apart."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from summarizer.engines.session import Session, estimated_input_tokens
from summarizer.prices import Price
from summarizer.wire.budget import most_cost
from summarizer.wire.exchange import BATCH_PRICE, PRICE_HEADER, Exchange, canonical_json
from summarizer.wire.layer import Tally, WireReply
from summarizer.wire.transport import Replies, WireFailure

PRICE = Price(
    models=("m",),
    input=Decimal("0.4"),
    cached_input=Decimal("0.1"),
    output=Decimal("1.6"),
    batch_factor=Decimal("0.5"),
    max_output_tokens=1_000,
)
REQUEST = {"model": "m", "messages": [{"role": "user", "content": "甲集团总投资约30亿元。"}]}
USAGE = {"prompt_tokens": 1_000, "completion_tokens": 100}
COST = Decimal("0.00056")


def reply_of(usage: Any = USAGE, origin: Any = "network", possibly_paid: int = 0, **headers: str) -> WireReply:
    body = json.dumps({"model": "m", "choices": [{"message": {"content": "好的"}}], "usage": usage}).encode()
    exchange = Exchange(key="k", request=REQUEST, status=200, headers=headers, body=body)
    return WireReply(exchange=exchange, origin=origin, possibly_paid=possibly_paid)


def session_of(*replies: WireReply, price: Price | None = PRICE, failures: tuple[WireFailure, ...] = ()) -> Session:
    collected = Replies()
    collected.extend(replies)
    collected.failures.extend(failures)
    session = Session(price=price)
    session.take(collected)
    return session


def test_answers_paid_now_and_answers_that_were_there_are_counted_apart() -> None:
    effort = session_of(reply_of(), reply_of(origin="store"), reply_of(origin="recording")).effort()
    assert (effort.requests, effort.paid_requests) == (3, 1)
    assert (effort.cost_usd, effort.answers_cost_usd) == (COST, 3 * COST)


def test_what_the_provider_read_from_its_cache_is_priced_apart() -> None:
    usage = USAGE | {"prompt_tokens_details": {"cached_tokens": 500}}
    assert session_of(reply_of(usage)).effort().cost_usd == COST - 500 * Decimal("0.0000003")


def test_answers_of_the_batch_interface_cost_their_share() -> None:
    batch = {PRICE_HEADER: BATCH_PRICE}
    effort = session_of(reply_of(origin="store", **batch), reply_of()).effort()
    assert (effort.cost_usd, effort.answers_cost_usd) == (COST, COST + COST / 2)
    assert session_of(reply_of(**batch)).effort().cost_usd == COST / 2
    without = PRICE.model_copy(update={"batch_factor": None})
    assert session_of(reply_of(**batch), price=without).effort().cost_usd is None


def test_without_a_price_the_cost_is_unknown_and_never_0_where_something_was_paid() -> None:
    effort = session_of(reply_of(), price=None).effort()
    assert (effort.cost_usd, effort.answers_cost_usd) == (None, None)
    effort = session_of(reply_of(origin="store"), price=None).effort()
    assert (effort.cost_usd, effort.answers_cost_usd) == (0, None)


def test_usage_that_is_not_stated_is_estimated_from_the_bodies_marked_and_priced() -> None:
    effort = session_of(reply_of(None), reply_of()).effort()
    assert effort.tokens_are_estimated
    estimated = (effort.input_tokens or 0) - 1_000
    assert estimated == estimated_input_tokens(REQUEST) > 0
    assert effort.cost_usd is not None
    assert effort.cost_usd > COST
    assert not session_of(reply_of()).effort().tokens_are_estimated


def test_attempts_that_brought_nothing_are_reckoned_at_the_most_and_never_in_the_paid_sum() -> None:
    most = most_cost(REQUEST, len(canonical_json(REQUEST)), PRICE)
    failure = WireFailure(
        key="k", kind="timeout", tally=Tally(attempts=3, possibly_paid=2), seconds=1.0, document=REQUEST
    )
    effort = session_of(reply_of(possibly_paid=1), failures=(failure,)).effort()
    assert (effort.possibly_paid_requests, effort.possibly_paid_usd, effort.cost_usd) == (3, 3 * most, COST)
    unpriced = session_of(reply_of(possibly_paid=1), price=None).effort()
    assert (unpriced.possibly_paid_requests, unpriced.possibly_paid_usd) == (1, None)
