"""The run's budget: never passed, whatever happens side by side, and never in the way without need."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings, strategies as st

from summarizer.errors import BudgetError, SummarizerError
from summarizer.prices import Price
from summarizer.wire.budget import Budget, most_cost, most_input_tokens, most_output_tokens
from summarizer.wire.exchange import Exchange
from summarizer.wire.layer import WireReply, WireRequest
from summarizer.wire.network import Network
from summarizer.wire.retry import Clock, Retry, RetryPolicy
from summarizer.wire.turnstile import AttemptEnd

PRICE = Price(
    models=("m-1",), input=Decimal("0.4"), cached_input=Decimal("0.1"), output=Decimal("1.6"), max_output_tokens=2_000
)
URL = "https://model.example/v1/chat/completions"


def request_of(number: int = 0, **more: Any) -> WireRequest:
    http = httpx2.Request("POST", URL, json={"model": "m-1", "n": number, "messages": []} | more)
    return WireRequest.from_http(http, http.content)


def answer_of(request: WireRequest, usage: dict[str, Any] | None) -> AttemptEnd:
    body = json.dumps({"choices": [{"message": {"content": "好"}}], "usage": usage}).encode()
    exchange = Exchange(key=request.key or "", request=request.document or {}, status=200, body=body)
    return AttemptEnd(reply=WireReply(exchange=exchange, origin="network"))


def most_of(request: WireRequest) -> Decimal:
    return most_cost(request.document or {}, len(request.body), PRICE)


def test_the_longest_answer_is_what_the_request_allows_else_what_the_model_can() -> None:
    assert most_output_tokens({"max_completion_tokens": 70, "max_tokens": 90}, PRICE) == 70
    assert most_output_tokens({"max_tokens": 90}, PRICE) == 90
    assert most_output_tokens({}, PRICE) == 2_000
    assert most_output_tokens({}, None) == 131_072


def test_what_is_reserved_is_given_back_for_what_the_raw_answer_states() -> None:
    budget, request = Budget(Decimal(1), PRICE), request_of()
    asyncio.run(budget.enter(request))
    assert budget.reserved == most_of(request)
    usage = {"prompt_tokens": 1_000, "completion_tokens": 10, "prompt_tokens_details": {"cached_tokens": 400}}
    budget.leave(request, answer_of(request, usage))
    assert (budget.reserved, budget.spent) == (0, Decimal("0.000296"))


@pytest.mark.parametrize("usage", [None, {"prompt_tokens": 1_000}])
def test_an_answer_that_does_not_state_its_usage_keeps_the_whole_reservation(usage: dict[str, Any] | None) -> None:
    budget, request = Budget(Decimal(1), PRICE), request_of()
    asyncio.run(budget.enter(request))
    budget.leave(request, answer_of(request, usage))
    assert budget.spent == most_of(request)


def test_an_attempt_that_was_not_sent_or_is_not_charged_costs_nothing_and_one_given_up_all_it_might() -> None:
    budget, request = Budget(Decimal(1), PRICE), request_of()
    for end, spent in ((AttemptEnd(was_sent=False), Decimal(0)), (AttemptEnd(), most_of(request))):
        asyncio.run(budget.enter(request))
        budget.leave(request, end)
        assert (budget.reserved, budget.spent) == (0, spent)


def test_a_request_waits_until_what_is_under_way_gives_back_and_then_goes() -> None:
    first, second = request_of(1), request_of(2)

    async def scenario() -> None:
        budget = Budget(most_of(first) + most_of(second) / 2, PRICE)
        await budget.enter(first)
        waiting = asyncio.ensure_future(budget.enter(second))
        await asyncio.sleep(0)
        assert not waiting.done()
        budget.leave(first, answer_of(first, {"prompt_tokens": 100, "completion_tokens": 20}))
        await waiting
        assert budget.reserved == most_of(second)

    asyncio.run(scenario())


def test_the_run_stops_only_when_nothing_is_under_way_that_could_give_back() -> None:
    first, second = request_of(1), request_of(2)

    async def scenario() -> None:
        budget = Budget(most_of(first), PRICE)
        await budget.enter(first)
        waiting = asyncio.ensure_future(budget.enter(second))
        await asyncio.sleep(0)
        assert not waiting.done()
        budget.leave(first, answer_of(first, {"prompt_tokens": 100, "completion_tokens": 20}))
        with pytest.raises(
            BudgetError, match=r"budget of \$0\.00\d+ is used up: \$0\.000072 spent.*--max-output-tokens"
        ):
            await waiting

    asyncio.run(scenario())


def test_a_budget_below_one_request_stops_before_anything_is_sent() -> None:
    with pytest.raises(BudgetError, match=r"\$0\.00 spent"):
        asyncio.run(Budget(Decimal("0.0001"), PRICE).enter(request_of()))


def test_what_is_no_exchange_with_a_model_passes() -> None:
    http = httpx2.Request("GET", "https://model.example/v1/files/1")
    budget = Budget(Decimal("0.0001"), PRICE)
    asyncio.run(budget.enter(WireRequest.from_http(http, b"")))
    assert budget.reserved == 0


def test_a_limit_of_tokens_counts_them_all_alike_and_needs_no_price() -> None:
    request = request_of(max_completion_tokens=100)
    budget = Budget(Decimal(5_000), None, unit="tokens")
    asyncio.run(budget.enter(request))
    assert budget.reserved == most_input_tokens(len(request.body)) + 100
    usage = {"prompt_tokens": 1_000, "completion_tokens": 10, "prompt_tokens_details": {"cached_tokens": 400}}
    budget.leave(request, answer_of(request, usage))
    assert budget.spent == 1_010
    with pytest.raises(BudgetError, match=r"5,000 tokens is used up: 1,010 tokens spent"):
        asyncio.run(budget.enter(request_of(max_completion_tokens=4_000)))


@dataclass
class Meter:
    """A provider that charges for real, also where the caller gets nothing, and fails in every way it can."""

    chance: random.Random
    charged: Decimal = Decimal(0)
    most_charged: Decimal = Decimal(0)
    requests: int = 0
    is_checked: Callable[[], None] = field(default=lambda: None)

    async def __call__(self, http: httpx2.Request) -> httpx2.Response:
        self.requests += 1
        for _ in range(self.chance.randrange(5)):
            await asyncio.sleep(0)
            self.is_checked()
        document = json.loads(await http.aread())
        usage = {
            "prompt_tokens": self.chance.randrange(len(await http.aread())),
            "completion_tokens": self.chance.randrange(document["max_completion_tokens"] + 1),
            "prompt_tokens_details": {"cached_tokens": self.chance.randrange(50)},
        }
        kind = self.chance.choice(
            ("answer", "answer", "answer", "silent", "500", "429", "timeout", "cut", "html", "error")
        )
        if kind not in ("500", "429"):
            cost = PRICE.cost(
                input_tokens=usage["prompt_tokens"],
                output_tokens=usage["completion_tokens"],
                cached_input_tokens=usage["prompt_tokens_details"]["cached_tokens"],
            )
            assert cost is not None
            self.charged += cost
        if kind == "timeout":
            raise httpx2.ReadTimeout("late")
        if kind == "cut":
            return httpx2.Response(200, content=b'{"choices": [')
        if kind == "html":
            return httpx2.Response(200, content=b"<html>")
        if kind == "error":
            return httpx2.Response(200, json={"error": {"message": "overloaded", "code": 503}})
        if kind in ("500", "429"):
            return httpx2.Response(int(kind), json={"error": "no"})
        answer: dict[str, Any] = {"choices": [{"message": {"content": "好"}, "finish_reason": "stop"}]}
        return httpx2.Response(200, json=answer if kind == "silent" else answer | {"usage": usage})


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    workers=st.integers(1, 40),
    limit=st.decimals("0.0005", "0.5", places=6),
    each=st.integers(1, 6),
)
def test_many_workers_never_spend_more_than_the_budget_and_none_waits_for_ever(
    seed: int, workers: int, limit: Decimal, each: int
) -> None:
    chance = random.Random(seed)
    budget, meter = Budget(limit, PRICE), Meter(chance)

    def check() -> None:
        assert meter.charged <= budget.spent + budget.reserved <= limit

    meter.is_checked = check

    async def no_wait(_: float) -> None:
        await asyncio.sleep(0)

    clock = Clock(sleep=no_wait, monotonic=lambda: 0.0, draw=chance.random)
    retry = Retry(Network(httpx2.MockTransport(meter)), RetryPolicy(), clock, turnstiles=(budget,))
    outcomes: list[str] = []

    async def work(number: int) -> None:
        for turn in range(each):
            try:
                await retry.send(request_of(number * 100 + turn, max_completion_tokens=chance.randrange(64, 4_000)))
                outcomes.append("answer")
            except BudgetError:
                outcomes.append("budget")
                return
            except SummarizerError as error:
                outcomes.append(error.kind)

    async def run() -> None:
        tasks = [asyncio.ensure_future(work(number)) for number in range(workers)]
        if chance.random() < 0.3:
            for _ in range(chance.randrange(30)):
                await asyncio.sleep(0)
            chance.choice(tasks).cancel()
        async with asyncio.timeout(20):
            await asyncio.gather(*tasks, return_exceptions=True)
        assert all(task.done() for task in tasks)

    asyncio.run(run())
    check()
    assert budget.reserved == 0
    assert (
        outcomes.count("budget") == 0 or budget.spent + most_cost({"max_completion_tokens": 4_000}, 200, PRICE) > limit
    )
