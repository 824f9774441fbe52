"""The gate: the pace of requests and tokens, places, order, and no place lost."""

from __future__ import annotations

import asyncio
import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from summarizer.errors import RateLimitedError, ServerError, SettingsError
from summarizer.wire.faults import Fault
from summarizer.wire.limits import Gate, Limits
from summarizer.wire.retry import Retry
from summarizer.wire.turnstile import AttemptEnd
from tests.wire.limited_provider import Provider, Run, bucket, reply_of, request_of, run_all, window
from tests.wire.virtual_time import now, run_virtually, virtual_clock


def most_in(arrivals: list[float], window_s: float) -> int:
    """Return how many arrivals the fullest window holds."""
    most = first = 0
    for index, at in enumerate(arrivals):
        while arrivals[first] <= at - window_s:
            first += 1
        most = max(most, index - first + 1)
    return most


def paced(provider: Provider, count: int, rpm: int, concurrency: int = 64, **more: object) -> Run:
    limits = Limits(concurrency=concurrency, requests_per_minute=rpm)
    return run_virtually(lambda: run_all(provider, count, limits=limits, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("rpm", [3, 10, 60, 100, 300, 1200, 3000])
def test_no_minute_holds_more_than_the_limit_and_all_but_three_percent_of_it_is_used(rpm: int) -> None:
    count = min(3 * rpm, 3600)
    run = paced(Provider(), count, rpm, concurrency=min(1000, 16 + rpm // 50))
    assert run.done == count
    assert most_in(run.provider.answered, 60.0) <= rpm
    assert run.provider.share(rpm) >= 0.97


@pytest.mark.parametrize(
    "rule",
    [bucket(1200, 1), bucket(1200, 2), bucket(1200, 20), bucket(1200, 1200), window(1200, 60.0), window(20, 1.0)],
    ids=["bucket of 1", "bucket of 2", "bucket of 20", "bucket of a minute", "a minute", "a second"],
)
def test_a_strict_provider_refuses_nothing(rule: object) -> None:
    run = paced(Provider(rule=rule), 400, 1200)  # type: ignore[arg-type]
    assert (run.done, run.provider.refused) == (400, [])
    assert run.provider.share(1200) >= 0.97


@pytest.mark.parametrize(
    "rule", [bucket(1200, 10), bucket(1200, 1200), window(1200, 60.0)], ids=["bucket of 10", "minute", "sliding minute"]
)
def test_timers_that_ring_late_cost_nothing_of_the_limit(rule: object) -> None:
    chance = random.Random(3)
    provider = Provider(rule=rule)  # type: ignore[arg-type]
    run = paced(provider, 1500, 1200, late_s=lambda: chance.expovariate(1 / 0.015))
    assert (run.done, provider.refused) == (1500, [])
    assert provider.share(1200) >= 0.97


def test_a_bucket_that_forgives_nothing_is_learned_from_few_refusals() -> None:
    chance = random.Random(3)
    provider = Provider(rule=bucket(1200, 1))
    run = paced(provider, 1000, 1200, late_s=lambda: chance.expovariate(1 / 0.005))
    assert run.done == 1000
    assert len(provider.refused) < 10


def test_after_idling_no_burst_breaks_the_minute() -> None:
    async def scenario() -> list[float]:
        gate = Gate(Limits(concurrency=100, requests_per_minute=600), virtual_clock())
        went = []
        for pause_s in (0.0, 20.0, 1.0, 59.0):
            await asyncio.sleep(pause_s)
            for _ in range(100):
                request = request_of()
                await gate.enter(request)
                went.append(now())
                gate.leave(request, AttemptEnd(reply=reply_of(request, 200, {})))
        return went

    went = run_virtually(scenario)
    assert most_in(went, 60.0) <= 600
    assert most_in(went, 1.0) <= 10 + 3


def test_requests_go_in_the_order_in_which_they_came() -> None:
    async def scenario() -> list[int]:
        gate, order = Gate(Limits(concurrency=2, requests_per_minute=60), virtual_clock()), []

        async def pass_through(number: int) -> None:
            await asyncio.sleep(number * 1e-6)
            request = request_of()
            await gate.enter(request)
            order.append(number)
            await asyncio.sleep(random.Random(number).random() * 3)
            gate.leave(request, AttemptEnd(reply=reply_of(request, 200, {})))

        await asyncio.gather(*(pass_through(number) for number in range(30)))
        return order

    assert run_virtually(scenario) == list(range(30))


def test_who_comes_just_as_a_place_is_given_back_does_not_pass_those_who_wait() -> None:
    async def scenario() -> list[str]:
        gate, order = Gate(Limits(concurrency=1), virtual_clock()), []
        first = request_of("first")

        async def pass_through(name: str) -> None:
            request = request_of(name)
            await gate.enter(request)
            order.append(name)
            gate.leave(request, AttemptEnd(reply=reply_of(request, 200, {})))

        await gate.enter(first)
        waiting = asyncio.ensure_future(pass_through("waiting"))
        await asyncio.sleep(1.0)
        gate.leave(first, AttemptEnd(reply=reply_of(first, 200, {})))
        # In this very task, before the loop has woken anybody.
        await pass_through("late")
        await waiting
        return order

    assert run_virtually(scenario) == ["waiting", "late"]


def test_a_fast_pace_catches_up_no_more_than_a_part_of_a_second() -> None:
    async def scenario() -> list[float]:
        gate, went = Gate(Limits(concurrency=1000, requests_per_minute=30_000), virtual_clock()), []
        for _ in range(2):
            await asyncio.sleep(10.0)
            for _ in range(200):
                request = request_of()
                await gate.enter(request)
                went.append(now())
                gate.leave(request, AttemptEnd(reply=reply_of(request, 200, {})))
        return went

    assert most_in(run_virtually(scenario), 0.01) <= 0.2 * 500 + 10


def test_a_minute_of_tokens_is_never_overdrawn_once_the_size_of_a_token_is_known() -> None:
    def text(number: int) -> str:
        return "字" * (400 if number % 3 else 2000)

    def tokens(request: object) -> int:
        return int(len(request.body) * 0.38)  # type: ignore[attr-defined]

    provider = Provider(rule=window(30_000, 60.0, counts_tokens=True), tokens=tokens)
    limits = Limits(concurrency=16, tokens_per_minute=30_000)
    run = run_virtually(lambda: run_all(provider, 150, limits=limits, text=text))
    used = sum(tokens(request) for request in run.requests)
    assert (run.done, provider.refused) == (150, [])
    assert used / ((run.ended - run.began) * 30_000 / 60) >= 0.85


def test_what_answers_used_beyond_the_guess_is_paid_off_before_the_next_goes() -> None:
    provider = Provider(rule=window(30_000, 60.0, counts_tokens=True), tokens=lambda request: 3000)
    limits = Limits(concurrency=1, tokens_per_minute=30_000)
    run = run_virtually(lambda: run_all(provider, 30, limits=limits))
    assert (run.done, provider.refused) == (30, [])


def test_a_request_of_more_tokens_than_a_minute_has_goes_all_the_same() -> None:
    limits = Limits(concurrency=4, tokens_per_minute=1000)
    provider = Provider(tokens=lambda request: 5000)
    run = run_virtually(lambda: run_all(provider, 3, limits=limits, text=lambda _: "字" * 4000))
    assert run.done == 3
    assert run.ended - run.began < 1200


@pytest.mark.parametrize("tokens", [0, 10**12, 10**400], ids=["none", "trillion", "beyond floats"])
def test_a_usage_that_no_answer_has_does_not_hold_up_the_run(tokens: int) -> None:
    limits = Limits(concurrency=4, tokens_per_minute=100_000)
    run = run_virtually(lambda: run_all(Provider(tokens=lambda request: tokens), 10, limits=limits))
    assert run.done == 10
    # No answer costs more than a minute.
    assert run.ended - run.began < 10 * 70


def test_places_are_never_more_than_the_limit() -> None:
    run = run_virtually(lambda: run_all(Provider(), 100, limits=Limits(concurrency=7), workers=50))
    assert run.done == 100
    assert run.provider.most_under_way == 7


def test_refusals_make_it_narrower_down_to_one_and_answers_wider_again() -> None:
    async def scenario() -> list[int]:
        gate, widths = Gate(Limits(concurrency=16), virtual_clock()), []
        for status in [504] * 20 + [200] * 40:
            request = request_of()
            await gate.enter(request)
            reply = reply_of(request, status, {})
            fault = None
            if status != 200:
                fault = Fault(error=ServerError, message="late", again="free")
            gate.leave(request, AttemptEnd(reply=reply, fault=fault))
            widths.append(gate.width)
        return widths

    widths = run_virtually(scenario)
    assert widths[0] == 11
    assert widths[19] == 1
    assert widths[-1] == 16


@pytest.mark.parametrize("status", [429, 504])
def test_what_failed_together_makes_it_narrower_once(status: int) -> None:
    error = RateLimitedError if status == 429 else ServerError

    async def scenario() -> int:
        gate, requests = Gate(Limits(concurrency=16), virtual_clock()), [request_of() for _ in range(16)]
        for request in requests:
            await gate.enter(request)
        for request in requests:
            fault = Fault(error=error, message="no", again="free")
            gate.leave(request, AttemptEnd(reply=reply_of(request, status, {}), fault=fault))
        return gate.width

    assert run_virtually(scenario) == 11


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(SettingsError, match="requests_per_minute 0"):
        Limits(concurrency=1, requests_per_minute=0)


@settings(max_examples=60, deadline=None)
@given(
    concurrency=st.integers(1, 4),
    rpm=st.sampled_from([None, 600, 6000]),
    cancelled=st.lists(st.tuples(st.integers(0, 19), st.floats(0, 3)), max_size=20),
    seed=st.integers(0, 1000),
)
def test_whoever_is_cancelled_wherever_leaves_no_place_taken(
    concurrency: int, rpm: int | None, cancelled: list[tuple[int, float]], seed: int
) -> None:
    async def scenario() -> None:
        chance = random.Random(seed)
        provider = Provider(latency_s=chance.random, fails=lambda: 429 if chance.random() < 0.2 else None)
        clock = virtual_clock(seed)
        gate = Gate(Limits(concurrency=concurrency, requests_per_minute=rpm), clock)
        retry = Retry(provider, None, clock, turnstiles=[gate])
        tasks = [asyncio.ensure_future(retry.send(request_of(str(number)))) for number in range(20)]

        async def cancel(number: int, after_s: float) -> None:
            await asyncio.sleep(after_s)
            tasks[number].cancel()

        await asyncio.gather(*(cancel(*one) for one in cancelled), return_exceptions=True)
        await asyncio.gather(*tasks, return_exceptions=True)
        assert gate.under_way == 0
        # All places can still be had, by new requests too.
        await asyncio.gather(*(retry.send(request_of(f"again {number}")) for number in range(concurrency)))
        assert provider.most_under_way <= concurrency

    run_virtually(scenario)


def test_a_held_back_attempt_that_was_not_sent_frees_its_place() -> None:
    async def scenario() -> None:
        gate = Gate(Limits(concurrency=1), virtual_clock())
        for _ in range(3):
            request = request_of()
            await gate.enter(request)
            gate.leave(request, AttemptEnd(was_sent=False))
        assert gate.under_way == 0

    run_virtually(scenario)


def test_passing_costs_less_than_thirty_microseconds() -> None:
    async def scenario() -> float:
        gate = Gate(Limits(concurrency=16))
        request = request_of("字" * 1000)
        end = AttemptEnd(reply=reply_of(request, 200, {"content-type": "application/json"}))
        best = float("inf")
        for _ in range(20):
            began = time.perf_counter()
            for _ in range(200):
                await gate.enter(request)
                gate.leave(request, end)
            best = min(best, (time.perf_counter() - began) / 200)
        return best

    assert asyncio.run(scenario()) < 30e-6


def test_even_pacing_is_even() -> None:
    run = paced(Provider(), 60, 1200)
    gaps = [later - earlier for earlier, later in pairwise(run.provider.answered)]
    assert max(gaps) - min(gaps) < 1e-6
