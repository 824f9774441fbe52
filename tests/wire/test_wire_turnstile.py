from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from summarizer import errors
from summarizer.wire.layer import WireRequest
from summarizer.wire.network import Network
from summarizer.wire.retry import Retry, RetryPolicy
from summarizer.wire.turnstile import AttemptEnd

MakeRequest = Callable[..., WireRequest]


@dataclass
class Watch:
    """Lets everything through and remembers it; may wait, or refuse from a certain attempt on."""

    name: str = "one"
    log: list[str] = field(default_factory=list)
    ends: list[AttemptEnd] = field(default_factory=list)
    wait: Callable[[], Any] | None = None
    refuses_after: int = 99
    holds: bool | None = None

    async def enter(self, request: WireRequest) -> None:
        if len(self.ends) >= self.refuses_after:
            raise errors.QuotaError("no more")
        if self.wait is not None:
            await self.wait()
        self.log.append(f"{self.name} in")

    def leave(self, request: WireRequest, end: AttemptEnd) -> bool | None:
        self.log.append(f"{self.name} out")
        self.ends.append(end)
        return self.holds


def retrying(provider: Any, fake_time: Any, *turnstiles: Watch, **policy: Any) -> Retry:
    network = Network(httpx2.MockTransport(provider))
    return Retry(network, RetryPolicy(**policy), fake_time.clock(), turnstiles=turnstiles)


def test_every_attempt_passes_the_turnstiles_in_order_and_leaves_them_in_reverse(
    script: Any, ok: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    log: list[str] = []
    retry = retrying(script((500, {}, {}), ok()), fake_time, Watch("a", log), Watch("b", log))
    asyncio.run(retry.send(wire_request()))
    assert log == ["a in", "b in", "b out", "a out"] * 2


def test_a_turnstile_hears_how_each_attempt_ended(
    script: Any, ok: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    watch = Watch()
    provider = script(
        (429, {"error": "slow down"}, {"x-ratelimit-remaining-requests": "0"}), httpx2.ReadTimeout(""), ok()
    )
    asyncio.run(retrying(provider, fake_time, watch).send(wire_request()))
    limited, late, answered = watch.ends
    assert limited.reply is not None
    assert limited.reply.headers["x-ratelimit-remaining-requests"] == "0"
    assert limited.fault is not None
    assert limited.fault.error is errors.RateLimitedError
    assert [end.is_possibly_paid for end in watch.ends] == [False, True, False]
    assert (late.reply, late.fault is not None, answered.is_answer) == (None, True, True)


def test_waiting_at_a_turnstile_prolongs_the_deadline(
    script: Any, ok: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    watch = Watch(wait=lambda: fake_time.sleep(60.0))
    retry = retrying(script((500, {}, {}), (500, {}, {}), ok()), fake_time, watch, deadline_s=30.0)
    assert asyncio.run(retry.send(wire_request())).exchange.is_answer
    assert fake_time.now >= 1180.0


@pytest.mark.parametrize("asked", ["7", "3600"])
def test_what_a_turnstile_holds_everybody_back_for_is_not_waited_for_again(
    asked: str, script: Any, ok: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    provider = script((429, {}, {"retry-after": asked}), ok())
    asyncio.run(retrying(provider, fake_time, Watch(), Watch(holds=True), Watch()).send(wire_request()))
    assert fake_time.waits == [0.0]


def test_eight_attempts_are_all_also_where_a_turnstile_holds_everybody_back(
    script: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    provider = script((429, {}, {"retry-after": "3600"}))
    with pytest.raises(errors.RateLimitedError, match=r"asked 8 times$"):
        asyncio.run(retrying(provider, fake_time, Watch(holds=True)).send(wire_request()))
    assert len(provider.requests) == 8


def test_a_refusing_turnstile_ends_the_request_and_frees_those_before_it(
    script: Any, ok: Any, fake_time: Any, wire_request: MakeRequest
) -> None:
    provider, before, after = script(ok()), Watch(), Watch(refuses_after=0)
    with pytest.raises(errors.QuotaError):
        asyncio.run(retrying(provider, fake_time, before, after).send(wire_request()))
    (end,) = before.ends
    assert (end.was_sent, end.is_possibly_paid, after.ends, provider.requests) == (False, False, [], [])


def test_a_request_that_is_given_up_leaves_as_possibly_paid(fake_time: Any, wire_request: MakeRequest) -> None:
    watch = Watch()

    async def scenario() -> None:
        sent = asyncio.Event()

        async def hang(_: httpx2.Request) -> httpx2.Response:
            sent.set()
            await asyncio.Event().wait()
            raise AssertionError("unreachable")

        task = asyncio.ensure_future(retrying(hang, fake_time, watch).send(wire_request()))
        await sent.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(scenario())
    (end,) = watch.ends
    assert (end.was_sent, end.reply, end.fault, end.is_possibly_paid) == (True, None, None, True)
