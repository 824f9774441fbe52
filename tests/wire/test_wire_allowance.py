"""What the headers of a reply say is left, in every spelling, and a run that goes by it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from summarizer.wire.allowance import Allowance, allowance_of, seconds_until
from summarizer.wire.limits import Limits
from tests.wire.limited_provider import Provider, Run, run_all
from tests.wire.virtual_time import now, run_virtually

WALL = 1_700_000_000.0


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("6m0s", 360.0),
        ("1s", 1.0),
        ("120ms", 0.12),
        ("1h2m3.5s", 3723.5),
        ("17.5µs", 17.5e-6),
        ("2d", 172800.0),
        ("0s", 0.0),
        ("59.7", 59.7),
        (" 30 ", 30.0),
        ("0", 0.0),
        ("-5", -5.0),
        ("1700000012", 12.0),
        ("1700000012500", 12.5),
        ("2023-11-14T22:13:30Z", 10.0),
        ("2023-11-14T23:13:30+01:00", 10.0),
        ("2023-11-14T22:13:30", 10.0),
        ("Tue, 14 Nov 2023 22:13:30 GMT", 10.0),
        ("2023-11-14T22:13:10Z", -10.0),
    ],
)
def test_every_spelling_of_a_reset_is_read(written: str, seconds: float) -> None:
    read = seconds_until(written, wall_time=WALL)
    assert read is not None
    assert math.isclose(read, seconds, abs_tol=1e-9)


@pytest.mark.parametrize(
    "written",
    ["", "soon", "nan", "inf", "1e999", "6m0", "m", "s6", "１m", "9" * 5000, "0000-99-99", "1s" * 100, "\x00"],
)
def test_a_reset_that_cannot_be_read_is_nothing(written: str) -> None:
    assert seconds_until(written, wall_time=WALL) is None


def headers(remaining: str, reset: str, limit: str | None = None, sort: str = "-requests") -> dict[str, str]:
    found = {f"x-ratelimit-remaining{sort}": remaining, f"x-ratelimit-reset{sort}": reset}
    return found if limit is None else found | {f"x-ratelimit-limit{sort}": limit}


def test_requests_and_tokens_are_told_apart() -> None:
    both = headers("59", "1s", "60") | headers("149984", "6s", "150000", "-tokens")
    assert allowance_of(both, "requests", wall_time=WALL) == Allowance(remaining=59.0, reset_s=1.0)
    assert allowance_of(both, "tokens", wall_time=WALL) == Allowance(remaining=149984.0, reset_s=6.0)
    assert allowance_of(headers("7", "30", sort=""), "requests", wall_time=WALL) == Allowance(remaining=7, reset_s=30)
    assert allowance_of(headers("7", "30", sort=""), "tokens", wall_time=WALL) is None


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"x-ratelimit-remaining-requests": "5"},
        {"x-ratelimit-reset-requests": "5s"},
        headers("-1", "5s"),
        headers("nan", "5s"),
        headers("many", "5s"),
        headers("5", "0s"),
        headers("5", "-3"),
        headers("5", "1e12s"),
        headers("5", "121"),
        headers("5", "24h"),
        headers("0", "60", "0"),
        headers("0", "60", "-1"),
        headers("9" * 1000, "60"),
    ],
)
def test_what_is_of_no_use_is_nothing(said: dict[str, str]) -> None:
    assert allowance_of(said, "requests", wall_time=WALL) is None


@given(st.text(), st.text(), st.text())
def test_no_header_whatever_is_an_error(remaining: str, reset: str, limit: str) -> None:
    found = allowance_of(headers(remaining, reset, limit), "requests", wall_time=WALL)
    assert found is None or (found.remaining >= 0 and 0 < found.reset_s <= 120)


class FixedMinute:
    """A provider whose count starts anew every minute, and which says how much is left of it."""

    def __init__(self, limit: int, spell: Callable[[float], str]) -> None:
        self.limit, self.spell, self.used, self.ends = limit, spell, 0, 0.0

    def admit(self, at: float, _tokens: float) -> bool:
        if at >= self.ends:
            self.used, self.ends = 0, at + 60.0
        self.used += self.used < self.limit + 1
        return self.used <= self.limit

    def headers(self) -> dict[str, str]:
        left = max(0, self.limit - self.used)
        return headers(str(left), self.spell(self.ends - now()), str(self.limit))


class Refilling:
    """A provider with a bucket, which says when the bucket will be full again."""

    def __init__(self, limit: int) -> None:
        self.limit, self.level, self.at = limit, float(limit), 0.0

    def admit(self, at: float, _tokens: float) -> bool:
        self.level, self.at = min(self.limit, self.level + (at - self.at) * self.limit / 60), at
        if self.level < 1:
            return False
        self.level -= 1
        return True

    def headers(self) -> dict[str, str]:
        full_in = (self.limit - self.level) * 60 / self.limit
        return headers(str(int(self.level)), f"{int(full_in // 60)}m{full_in % 60:.3f}s", str(self.limit))


def go(provider: Provider, count: int, **limits: Any) -> Run:
    return run_virtually(lambda: run_all(provider, count, limits=Limits(**({"concurrency": 16} | limits))))


@pytest.mark.parametrize(
    "spell",
    [
        lambda left: f"{left:.3f}",
        lambda left: f"{int(left * 1000)}ms",
        lambda left: str(WALL + now() + left),
        lambda left: f"{int(left // 60)}m{left % 60:.2f}s",
    ],
    ids=["seconds", "milliseconds", "epoch", "duration"],
)
def test_what_is_left_of_a_minute_is_spread_over_it(spell: Callable[[float], str]) -> None:
    server = FixedMinute(120, spell)
    provider = Provider(rule=server.admit, headers=server.headers)
    found = go(provider, 400)
    assert (found.done, provider.refused) == (400, [])
    assert provider.share(120) >= 0.9


def test_a_bucket_that_refills_is_used_as_fast_as_it_does() -> None:
    server = Refilling(120)
    provider = Provider(rule=server.admit, headers=server.headers)
    found = go(provider, 600)
    assert (found.done, provider.refused) == (600, [])
    assert provider.share(120) >= 0.97


def test_tokens_that_are_left_are_spread_too() -> None:
    server = FixedMinute(20, str)
    provider = Provider(
        rule=server.admit,
        headers=lambda: headers(str(max(0, 20 - server.used) * 100), f"{server.ends - now()}", sort="-tokens"),
    )
    found = go(provider, 60, concurrency=4)
    assert found.done == 60
    assert len(provider.refused) <= 3


def test_a_refusal_that_names_only_its_reset_is_waited_for() -> None:
    provider = Provider(
        fails=lambda: 429 if now() < 1019.0 else None, retry_after=None, headers=lambda: headers("0", "20s", "60")
    )
    found = go(provider, 1)
    assert found.done == 1
    assert len(provider.refused) == 1
    assert provider.answered[0] - 1000.0 <= 22.0


@pytest.mark.parametrize("remaining", ["0", "-1", "0.0001", "1", "1e12", "1e-300", "nan", "x"])
@pytest.mark.parametrize("reset", ["0", "-60", "0.000001", "120", "1e12", "9999999999", "24h", "nan", "2099-01-01"])
def test_no_header_stalls_a_run(remaining: str, reset: str) -> None:
    said = headers(remaining, reset, "60") | headers(remaining, reset, "60", "-tokens")
    found = go(Provider(headers=lambda: said), 20, concurrency=4)
    assert found.done == 20
    assert found.ended - found.began <= 20 * 11


def test_a_limit_that_the_user_gives_is_not_changed_by_headers() -> None:
    provider = Provider(headers=lambda: headers("1", "60s", "60"))
    found = go(provider, 100, requests_per_minute=600)
    assert found.done == 100
    assert provider.share(600) >= 0.97
