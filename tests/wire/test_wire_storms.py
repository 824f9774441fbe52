"""The gate when a provider refuses everything, is gone, or comes back."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import httpx2
import pytest

from summarizer import errors
from summarizer.wire.faults import Fault
from summarizer.wire.layer import WireRequest
from summarizer.wire.limits import Gate, Limits
from summarizer.wire.turnstile import AttemptEnd
from tests.wire.limited_provider import Provider, Run, reply_of, request_of, run_all
from tests.wire.virtual_time import now, run_virtually, virtual_clock

STORM = (1005.0, 1035.0)


def between(start: float, end: float, failure: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: failure() if start <= now() < end else None


def refused_connection() -> httpx2.ConnectError:
    error = httpx2.ConnectError("x")
    error.__cause__ = ConnectionRefusedError(111, "Connection refused")
    return error


def run(provider: Provider, count: int, concurrency: int = 16, **more: Any) -> Run:
    return run_virtually(lambda: run_all(provider, count, limits=Limits(concurrency=concurrency), **more))


def kinds(found: Run) -> Counter[type]:
    return Counter(type(outcome) for outcome in found.outcomes if isinstance(outcome, BaseException))


def first_answer_after(provider: Provider, moment: float) -> float:
    return next(at for at in provider.answered if at >= moment) - moment


@pytest.mark.parametrize("concurrency", [4, 16, 200])
@pytest.mark.parametrize("retry_after", ["2", None])
@pytest.mark.parametrize("status", [429, 503])
def test_a_storm_lets_out_one_probe_a_window_and_everybody_recovers(
    status: int, retry_after: str | None, concurrency: int
) -> None:
    provider = Provider(fails=between(*STORM, lambda: status), retry_after=retry_after)
    found = run(provider, 40 * concurrency, concurrency)
    assert found.done == 40 * concurrency
    stormy = [at for at, code in provider.arrivals if code == status]
    probes = [at for at in stormy if at > stormy[0] + 1.0]
    assert len(stormy) - len(probes) <= concurrency + 4
    assert 5 <= len(probes) <= 15
    if retry_after:
        assert all(later - earlier >= 2.0 for earlier, later in pairwise(probes))
    assert first_answer_after(provider, STORM[1]) <= 5.0
    # Not one after the other: within five seconds of the end as many go as before the storm, more or less.
    back = [at for at in provider.answered if STORM[1] + 5.0 <= at < STORM[1] + 7.0]
    before = [at for at in provider.answered if STORM[0] - 2.0 <= at < STORM[0]]
    assert len(back) >= min(0.6 * len(before), len(provider.answered) - len(before) - 10)
    assert max(request.tally.attempts for request in found.requests) <= 8


def test_two_workers_lose_no_article_to_a_storm_of_half_a_minute() -> None:
    provider = Provider(fails=between(*STORM, lambda: 429), retry_after="2")
    found = run(provider, 60, 2)
    assert found.done == 60


def test_an_answer_that_takes_a_minute_does_not_hold_up_the_others_as_a_probe() -> None:
    provider = Provider(fails=between(1000.0, 1001.0, lambda: 429), retry_after="2", latency_s=lambda: 60.0)
    found = run(provider, 16)
    assert found.done == 16
    assert provider.answered[-1] - provider.answered[0] <= 70.0
    assert provider.answered[1] - provider.answered[0] >= 2.0


def test_refusals_here_and_there_hardly_slow_a_run() -> None:
    def time_with(share: float) -> float:
        chance = random.Random(5)
        provider = Provider(fails=lambda: 429 if chance.random() < share else None, retry_after=None)
        found = run(provider, 3000, 64)
        assert found.done == 3000
        return found.ended - found.began

    assert time_with(0.02) < 2.5 * time_with(0.0)


def test_failures_of_another_sort_pause_nobody() -> None:
    chance = random.Random(5)
    provider = Provider(fails=lambda: 500 if chance.random() < 0.1 else None, retry_after=None)
    found = run(provider, 1000, 16)
    assert found.done == 1000
    assert found.ended - found.began < 1.6 * 1000 / 16 * 0.5


@pytest.mark.parametrize("retry_after", ["1", "30", "120", None, "nan", "-5", "0"])
@pytest.mark.parametrize("concurrency", [1, 16])
def test_a_provider_that_refuses_for_ever_ends_the_run_by_name(concurrency: int, retry_after: str | None) -> None:
    provider = Provider(fails=lambda: 429, retry_after=retry_after)
    found = run(provider, 500, concurrency)
    assert found.done == 0
    assert 300 <= found.ended - found.began <= 600
    assert set(kinds(found)) <= {errors.RateLimitedError, errors.ThrottledError}
    assert kinds(found)[errors.ThrottledError] > 400
    assert max(request.tally.attempts for request in found.requests) <= 8
    assert len(provider.arrivals) < 200
    stop = next(outcome for outcome in found.outcomes if isinstance(outcome, errors.ThrottledError))
    assert "nothing else has come for" in str(stop)
    assert (stop.exit_code, stop.kind) == (3, "rate_limited")


@pytest.mark.parametrize("retry_after", ["121", "1000000000", "inf", "1e400", "Tue, 14 Nov 2034 22:13:30 GMT"])
def test_one_wait_of_more_than_two_minutes_is_cut_to_two(retry_after: str) -> None:
    provider = Provider(fails=between(1000.0, 1001.0, lambda: 429), retry_after=retry_after)
    found = run(provider, 50)
    assert found.done == 50
    assert 120 <= provider.answered[0] - 1000.0 <= 121


@pytest.mark.parametrize("retry_after", ["3600", "inf"])
def test_who_asks_twice_to_wait_longer_than_a_run_waits_stops_it(retry_after: str) -> None:
    provider = Provider(fails=lambda: 429, retry_after=retry_after)
    found = run(provider, 50)
    assert set(kinds(found)) == {errors.ThrottledError}
    assert len(provider.arrivals) == 16 + 1
    assert "it asks to wait" in str(found.outcomes[0])


def test_a_single_request_that_is_always_refused_is_asked_eight_times() -> None:
    found = run(Provider(fails=lambda: 429, retry_after="2"), 1)
    assert set(kinds(found)) == {errors.RateLimitedError}
    assert len(found.provider.arrivals) == 8


def test_one_article_that_is_always_refused_takes_no_other_with_it() -> None:
    async def scenario() -> Run:
        provider = Provider(retry_after=None)
        inner = provider.send

        async def send(request: Any) -> Any:
            provider.fails = (lambda: 429) if b"cursed" in request.body else (lambda: None)
            return await inner(request)

        provider.send = send  # type: ignore[method-assign]
        return await run_all(provider, 200, text=lambda number: "cursed" if number == 7 else str(number))

    found = run_virtually(scenario)
    assert found.done == 199
    assert kinds(found) == {errors.RateLimitedError: 1}
    assert len(found.provider.refused) == 8


def test_a_line_that_is_cut_for_a_minute_is_probed_and_nothing_is_lost() -> None:
    provider = Provider(fails=between(1005.0, 1065.0, refused_connection))
    found = run(provider, 600)
    assert found.done == 600
    lost = [at for at, status in provider.arrivals if status == 0]
    assert len(lost) < 20 + 16 + 25
    assert first_answer_after(provider, 1065.0) <= 7.0


def test_a_line_that_stays_cut_stops_the_run_after_five_minutes() -> None:
    provider = Provider(fails=lambda: refused_connection() if now() > 1005.0 else None)
    found = run(provider, 600)
    assert kinds(found)[errors.UnreachableError] > 300
    assert set(kinds(found)) <= {errors.UnreachableError, errors.DisconnectedError}
    assert 300 <= found.ended - 1005.0 <= 360
    stop = next(outcome for outcome in found.outcomes if isinstance(outcome, errors.UnreachableError))
    assert "Connection refused" in str(stop)
    assert "run the same command again" in str(stop)


def test_any_answer_ends_the_silence() -> None:
    provider = Provider(
        fails=lambda: refused_connection() if now() > 1005.0 and not 1200.0 < now() < 1230.0 else None,
        latency_s=lambda: 2.0,
    )
    found = run(provider, 600)
    stopped_at = found.ended
    assert kinds(found)[errors.UnreachableError]
    assert stopped_at - 1230.0 >= 295


def test_an_address_that_was_never_there_is_given_up_in_seconds() -> None:
    found = run(Provider(fails=refused_connection), 100)
    assert errors.UnreachableError in kinds(found)
    first = next(index for index, one in enumerate(found.outcomes) if isinstance(one, errors.UnreachableError))
    assert first < 16
    assert found.provider.arrivals[4 * 16 - 1][0] - 1000.0 < 6.0


def test_an_answer_to_what_was_sent_before_the_refusal_does_not_end_the_pause() -> None:
    async def scenario() -> float:
        gate = Gate(Limits(concurrency=4), virtual_clock())
        early, refused, behind = request_of("a"), request_of("b"), request_of("c")
        await gate.enter(early)
        await gate.enter(refused)
        fault = Fault(error=errors.RateLimitedError, message="slow down", again="free", wait_s=10.0)
        gate.leave(refused, AttemptEnd(reply=reply_of(refused, 429, {}), fault=fault))
        await asyncio.sleep(1.0)
        gate.leave(early, AttemptEnd(reply=reply_of(early, 200, {})))
        await gate.enter(behind)
        return now() - 1000.0

    assert run_virtually(scenario) >= 10.0


def test_a_late_refusal_that_names_no_time_pauses_nobody_again() -> None:
    async def scenario() -> tuple[float, float]:
        gate = Gate(Limits(concurrency=4), virtual_clock())
        requests = [request_of(name) for name in "abcde"]
        fault = Fault(error=errors.RateLimitedError, message="slow down", again="free")
        await gate.enter(requests[0])
        await gate.enter(requests[1])
        gate.leave(requests[0], AttemptEnd(reply=reply_of(requests[0], 429, {}), fault=fault))
        await gate.enter(requests[2])
        gate.leave(requests[2], AttemptEnd(reply=reply_of(requests[2], 200, {})))
        opened = now()
        gate.leave(requests[1], AttemptEnd(reply=reply_of(requests[1], 429, {}), fault=fault))
        await gate.enter(requests[3])
        await gate.enter(requests[4])
        return opened, now()

    opened, both_in = run_virtually(scenario)
    assert both_in == opened


def test_a_long_pause_is_told_once_and_a_short_one_not_at_all() -> None:
    async def scenario() -> list[str]:
        told: list[str] = []
        gate = Gate(Limits(concurrency=4), virtual_clock(), on_pause=told.append)
        for wait_s in (2.0, None, 30.0, 30.0, None, 60.0):
            request = request_of()
            await gate.enter(request)
            if wait_s is None:
                gate.leave(request, AttemptEnd(reply=reply_of(request, 200, {})))
                continue
            fault = Fault(error=errors.RateLimitedError, message=f"slow, {wait_s:.0f}", again="free", wait_s=wait_s)
            gate.leave(request, AttemptEnd(reply=reply_of(request, 429, {}), fault=fault))
        return told

    first, second = run_virtually(scenario)
    assert first.startswith("slow, 30; all requests wait")
    assert second.startswith("slow, 60; all requests wait")


@pytest.mark.parametrize("end", [AttemptEnd(), AttemptEnd(was_sent=False)], ids=["cancelled", "never sent"])
def test_a_probe_that_is_given_up_makes_way_for_the_next_at_once(end: AttemptEnd) -> None:
    async def scenario() -> list[float]:
        gate, went = Gate(Limits(concurrency=4), virtual_clock()), []
        refused, probe, behind = request_of("a"), request_of("b"), request_of("c")
        await gate.enter(refused)
        fault = Fault(error=errors.RateLimitedError, message="slow down", again="free", wait_s=2.0)
        assert gate.leave(refused, AttemptEnd(reply=reply_of(refused, 429, {}), fault=fault))

        async def pass_in(request: WireRequest) -> None:
            await gate.enter(request)
            went.append(now() - 1000.0)

        waiting = [asyncio.ensure_future(pass_in(request)) for request in (probe, behind)]
        await waiting[0]
        gate.leave(probe, end)
        await waiting[1]
        return went

    first, second = run_virtually(scenario)
    assert 2.0 <= first <= 2.5
    assert second == first
