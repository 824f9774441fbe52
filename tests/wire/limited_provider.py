"""A provider in virtual time that enforces its limits to the letter and remembers what came when."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

from summarizer.wire.exchange import Exchange
from summarizer.wire.layer import WireReply, WireRequest
from summarizer.wire.limits import Gate, Limits
from summarizer.wire.retry import Retry, RetryPolicy
from tests.wire.virtual_time import now, virtual_clock

# Whether a request that arrives now, with so many tokens, is within the limit.
Rule = Callable[[float, float], bool]


def bucket(per_minute: float, burst: float, *, counts_tokens: bool = False) -> Rule:
    level, filled_at = burst, 0.0

    def admit(at: float, tokens: float) -> bool:
        nonlocal level, filled_at
        level, filled_at = min(burst, level + (at - filled_at) * per_minute / 60), at
        cost = tokens if counts_tokens else 1.0
        if level < cost:
            return False
        level -= cost
        return True

    return admit


def window(limit: float, window_s: float, *, counts_tokens: bool = False) -> Rule:
    taken: deque[tuple[float, float]] = deque()

    def admit(at: float, tokens: float) -> bool:
        while taken and taken[0][0] <= at - window_s:
            taken.popleft()
        cost = tokens if counts_tokens else 1.0
        if sum(one for _, one in taken) + cost > limit:
            return False
        taken.append((at, cost))
        return True

    return admit


def always(_at: float, _tokens: float) -> bool:
    return True


@dataclass
class Provider:
    """A layer. `reply` may look at the moment and give a status of its own; `headers` go with every reply."""

    rule: Rule = always
    latency_s: Callable[[], float] = lambda: 0.5
    retry_after: str | None = "1"
    headers: Callable[[], dict[str, str]] = dict
    fails: Callable[[], int | Exception | None] = lambda: None
    tokens: Callable[[WireRequest], int] = lambda request: 100
    arrivals: list[tuple[float, int]] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0

    async def send(self, request: WireRequest) -> WireReply:
        at = now()
        tokens = self.tokens(request)
        failure = self.fails()
        status = failure if isinstance(failure, int) else 200 if self.rule(at, tokens) else 429
        self.arrivals.append((at, 0 if isinstance(failure, Exception) else status))
        headers = self.headers()
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            if isinstance(failure, Exception):
                await asyncio.sleep(0.01)
                raise failure
            await asyncio.sleep(self.latency_s() if status == 200 else 0.02)
        finally:
            self.under_way -= 1
        if status != 200 and self.retry_after is not None:
            headers["retry-after"] = self.retry_after
        return reply_of(request, status, headers, tokens)

    async def aclose(self) -> None:
        return None

    @property
    def answered(self) -> list[float]:
        return [at for at, status in self.arrivals if status == 200]

    @property
    def refused(self) -> list[float]:
        return [at for at, status in self.arrivals if status == 429]

    def share(self, per_minute: float) -> float:
        """Return which part of a limit was used between the first and the last answered request."""
        return (len(self.answered) - 1) / ((self.answered[-1] - self.answered[0]) * per_minute / 60)


def reply_of(request: WireRequest, status: int, headers: dict[str, str], tokens: int = 100) -> WireReply:
    answer: dict[str, Any] = {"error": {"message": "slow down"}}
    if status == 200:
        message = {"role": "assistant", "content": "好"}
        usage = {"prompt_tokens": tokens - tokens // 10, "completion_tokens": tokens // 10}
        answer = {"choices": [{"index": 0, "finish_reason": "stop", "message": message}], "usage": usage}
    exchange = Exchange(
        key=request.key or "",
        request=request.document or {},
        status=status,
        headers={},
        body=json.dumps(answer).encode(),
    )
    return WireReply(exchange=exchange, origin="network", headers=headers)


def request_of(text: str = "问") -> WireRequest:
    http = httpx2.Request("POST", "https://model.example/v1/chat/completions", json={"model": "m", "messages": [text]})
    return WireRequest.from_http(http, http.content)


@dataclass
class Run:
    """Requests sent side by side through one gate; what became of each, in order."""

    provider: Provider
    gate: Gate
    retry: Retry
    began: float
    ended: float = 0.0
    outcomes: list[WireReply | BaseException] = field(default_factory=list)
    requests: list[WireRequest] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(isinstance(outcome, WireReply) for outcome in self.outcomes)


async def run_all(
    provider: Provider,
    count: int,
    *,
    limits: Limits | None = None,
    workers: int | None = None,
    text: Callable[[int], str] = str,
    late_s: Callable[[], float] | None = None,
    policy: RetryPolicy | None = None,
) -> Run:
    """Let workers, as many as the gate is wide, send so many requests."""
    limits = limits or Limits(concurrency=16)
    clock = virtual_clock(late_s=late_s)
    gate = Gate(limits, clock)
    retry = Retry(provider, policy, clock, turnstiles=[gate])
    found = Run(provider, gate, retry, now())
    waiting = deque(request_of(text(number)) for number in range(count))

    async def work() -> None:
        while waiting:
            request = waiting.popleft()
            found.requests.append(request)
            try:
                found.outcomes.append(await retry.send(request))
            except Exception as error:  # an outcome like any other
                found.outcomes.append(error)

    await asyncio.gather(*(work() for _ in range(workers or limits.concurrency)))
    found.ended = now()
    return found
