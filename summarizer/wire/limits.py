"""The gate that all requests of a run pass: how many at once, how fast, and not at all while the provider refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from summarizer.errors import RateLimitedError, ReplyTimeoutError, SettingsError
from summarizer.wire.allowance import Allowance, allowance_of
from summarizer.wire.exchange import usage_of
from summarizer.wire.faults import Fault
from summarizer.wire.layer import WireReply, WireRequest
from summarizer.wire.pace import Pace
from summarizer.wire.retry import Clock
from summarizer.wire.storm import Storm
from summarizer.wire.turnstile import AttemptEnd

# After a refusal so many of those under way may go on at once; each answer makes room for half a request more.
_NARROWER: Final = 0.7
_WIDER: Final = 0.5
# Too many requests or too much load, whatever else the body says; and a gateway that lost its patience.
_REFUSING: Final = {429, 503, 529}
_OVERLOADED: Final = {408, 504}
# Tokens of a request and its answer by the request's bytes, until the first usage is known: English has some 4 bytes a
# token, Chinese some 3, and an answer comes on top.
_TOKENS_A_BYTE: Final = 0.4
_TRUST_IN_LATEST: Final = 0.2
# A pause this long is told.
_LONG_PAUSE_S: Final = 10.0
# No answer has more; a count beyond it is an error of the server.
_MOST_TOKENS: Final = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of a run: requests at once, and what the account may do in a minute (None: read from headers).

    Raises:
        SettingsError: a limit below 1.
    """

    concurrency: int
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None

    def __post_init__(self) -> None:
        for name in ("concurrency", "requests_per_minute", "tokens_per_minute"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise SettingsError(f"{name} {value!r}: expected 1 or more")


@dataclass(slots=True, kw_only=True)
class _Pass:
    """An attempt that was let out: its place in the order, its tokens as guessed, and those of all up to and with it."""

    number: int
    tokens: float
    tokens_so_far: float


class Gate:
    """A `Turnstile`, one for a whole run.

    In the order in which they came, attempts wait for

    - a place among those under way: as many as `Limits.concurrency`, fewer after refusals (429, 503) and timeouts, at
      least one; answers widen it again;
    - the pace of requests and of tokens (`pace.Pace`), by the limits given or by the provider's `x-ratelimit-` headers;
    - the end of a pause (`storm.Storm`): a refusal, or a line that is dead, holds everybody back; then one goes ahead.

    `leave` returns True where the provider named a time to wait: that wait is everybody's, in here.

    Serves one event loop. Cost without contention: some 7 µs for both calls, 20 where a reply has all headers.

    Args:
        limits: of the run.
        clock: time and chance.
        on_pause: hears, once, why everything waits when that takes ten seconds or more; again after the next answer.
    """

    def __init__(
        self, limits: Limits, clock: Clock | None = None, *, on_pause: Callable[[str], None] | None = None
    ) -> None:
        self._on_pause = on_pause
        self._has_said = False
        self._clock = clock or Clock()
        self._limits = limits
        self._width = float(limits.concurrency)
        self._requests = Pace(limits.requests_per_minute)
        self._tokens = Pace(limits.tokens_per_minute)
        self._storm = Storm()
        self._passes: dict[int, _Pass] = {}
        self._latest = 0
        self._narrowed_at = 0
        self._tokens_so_far = 0.0
        self._tokens_a_byte = _TOKENS_A_BYTE
        # Whoever holds the door is first in line and waits for the rest; the others wait for the door, in order.
        self._door = asyncio.Lock()
        self._in_line = 0
        self._change: asyncio.Future[None] | None = None

    @property
    def width(self) -> int:
        """How many attempts may be under way at once by now."""
        return int(self._width)

    @property
    def under_way(self) -> int:
        """How many attempts are."""
        return len(self._passes)

    async def enter(self, request: WireRequest) -> None:
        """Return when the attempt may be sent.

        Raises:
            RunStoppedError: the provider has refused everything, or was gone, for minutes.
        """
        if self._in_line == 0 and self._wait_s() == 0:
            self._let_out(request)
            return
        self._in_line += 1
        try:
            async with self._door:
                while (wait_s := self._wait_s()) != 0:
                    await self._changed(wait_s)
                self._let_out(request)
        finally:
            self._in_line -= 1

    def leave(self, request: WireRequest, end: AttemptEnd) -> bool:
        """Give the place back, and learn from how the attempt ended."""
        ticket = self._passes.pop(id(request))
        is_held = end.was_sent and self._learn(request, ticket, end)
        if not end.was_sent:
            self._storm.given_up(ticket.number)
        self._tell_change()
        return is_held

    def _wait_s(self) -> float | None:
        """Return the seconds until the next may go, None where that depends on one under way, 0 for now."""
        storm = self._storm
        if storm.stopped is not None:
            # A copy for each: an exception carries the way it took.
            raise type(storm.stopped)(*storm.stopped.args)
        if len(self._passes) >= int(self._width):
            return None
        now = self._clock.monotonic()
        return max(storm.wait_s(now), self._requests.wait_s(now), self._tokens.wait_s(now))

    def _let_out(self, request: WireRequest) -> None:
        now = self._clock.monotonic()
        tokens = 0.0 if request.key is None else len(request.body) * self._tokens_a_byte
        self._latest += 1
        self._tokens_so_far += tokens
        self._passes[id(request)] = _Pass(number=self._latest, tokens=tokens, tokens_so_far=self._tokens_so_far)
        self._storm.let_out(self._latest, now)
        self._requests.take(1.0, now)
        self._tokens.take(tokens, now)

    async def _changed(self, wait_s: float | None) -> None:
        """Wait until an attempt has left, or so many seconds."""
        self._change = asyncio.get_running_loop().create_future()
        try:
            if wait_s is None:
                await self._change
                return
            sleeping = asyncio.ensure_future(self._clock.sleep(wait_s))
            try:
                await asyncio.wait((sleeping, self._change), return_when=asyncio.FIRST_COMPLETED)
            finally:
                sleeping.cancel()
        finally:
            self._change = None

    def _tell_change(self) -> None:
        if self._change is not None and not self._change.done():
            self._change.set_result(None)

    def _learn(self, request: WireRequest, ticket: _Pass, end: AttemptEnd) -> bool:
        now = self._clock.monotonic()
        reply, fault = end.reply, end.fault
        left = None
        if reply is not None:
            left = self._learn_allowances(ticket, reply, now)
        if fault is None:
            if reply is None:
                self._storm.given_up(ticket.number)
            else:
                self._learn_answer(request, ticket, reply, now)
            return False
        if fault.is_connection:
            self._storm.disconnected(ticket.number, fault, latest=self._latest, draw=self._clock.draw(), now=now)
            self._say(fault)
            return False
        if reply is not None and _is_refusal(reply, fault):
            if fault.wait_s is None and left is not None and left.remaining < 1:
                fault = replace(fault, wait_s=left.reset_s)
            self._learn_refusal(ticket, fault, now)
            self._say(fault)
            return bool(fault.wait_s)
        if _is_overload(reply, fault):
            self._narrow(ticket)
        self._storm.heard(ticket.number)
        return False

    def _learn_allowances(self, ticket: _Pass, reply: WireReply, now: float) -> Allowance | None:
        """Learn what is left; return what is left of the requests."""
        wall = self._clock.wall()
        requests = allowance_of(reply.headers, "requests", wall_time=wall)
        if requests is not None:
            self._requests.learn(requests, self._latest - ticket.number, now)
        tokens = allowance_of(reply.headers, "tokens", wall_time=wall)
        if tokens is not None:
            self._tokens.learn(tokens, self._tokens_so_far - ticket.tokens_so_far, now)
        return requests

    def _learn_answer(self, request: WireRequest, ticket: _Pass, reply: WireReply, now: float) -> None:
        self._storm.heard(ticket.number)
        self._has_said = False
        self._requests.answered()
        self._width = min(float(self._limits.concurrency), self._width + _WIDER)
        usage = usage_of(reply.exchange.answer or {})
        if usage is None or not ticket.tokens:
            return
        used = float(min(_MOST_TOKENS, (usage.input_tokens or 0) + (usage.output_tokens or 0)))
        self._tokens.correct(used - ticket.tokens, now)
        self._tokens_a_byte += _TRUST_IN_LATEST * (used / len(request.body) - self._tokens_a_byte)

    def _learn_refusal(self, ticket: _Pass, fault: Fault, now: float) -> None:
        is_too_fast = self._storm.refused(ticket.number, fault, latest=self._latest, draw=self._clock.draw(), now=now)
        if is_too_fast:
            self._requests.refused()
            self._narrow(ticket)

    def _say(self, fault: Fault) -> None:
        """Tell why nothing goes on: a run that stands still without a word looks as if it hung."""
        if self._on_pause is None or self._has_said or self._storm.lasts_s() < _LONG_PAUSE_S:
            return
        self._has_said = True
        self._on_pause(f"{fault.message}; all requests wait, and go on by themselves when it answers")

    def _narrow(self, ticket: _Pass) -> None:
        """Let fewer go at once; several refusals of what was under way together count as one."""
        if ticket.number > self._narrowed_at:
            self._narrowed_at = self._latest
            self._width = max(1.0, self._width * _NARROWER)


def _is_refusal(reply: WireReply, fault: Fault) -> bool:
    if fault.again == "no":
        return False
    return fault.error is RateLimitedError or reply.exchange.status in _REFUSING


def _is_overload(reply: WireReply | None, fault: Fault) -> bool:
    return fault.error is ReplyTimeoutError or (reply is not None and reply.exchange.status in _OVERLOADED)
