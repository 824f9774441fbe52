"""The one retry layer. Nothing above it and nothing below it asks the provider again by itself."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import httpx2
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from summarizer.errors import (
    CutReplyError,
    ReplyTimeoutError,
    ReplyTooLargeError,
    UnreachableError,
)
from summarizer.wire.faults import Fault, fault_of_exception, fault_of_reply
from summarizer.wire.layer import Layer, Tally, WireReply, WireRequest
from summarizer.wire.turnstile import AttemptEnd, Turnstile

# A connection closed after this long in waiting was probably closed while the model worked.
_WORKING_AFTER_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how long one request is tried. Times in seconds; attempts count the first one.

    The wait before attempt n + 1 is drawn evenly from 0 to `min(backoff_cap_s, backoff_base_s * 2 ** (n - 1))` ("full
    jitter"), and is at least what the server asks for in Retry-After. With the defaults seven waits take 26 s on
    average, 51 s at most. Where nothing has ever answered in this run, `first_contact_attempts` are made (2 s on
    average, 3.5 s at most, and 5 s for each connection that is not even refused): a wrong address should not take
    minutes.

    Where a turnstile holds everybody back for the time that the server named (`limits.Gate`), a refused request waits
    there and not by itself, however long that time is.
    """

    attempts: int = 8
    first_contact_attempts: int = 4
    possibly_paid_attempts: int = 2
    backoff_base_s: float = 0.5
    backoff_cap_s: float = 20.0
    retry_after_limit_s: float = 120.0
    attempt_timeout_s: float = 120.0
    deadline_s: float = 180.0

    def backoff_s(self, attempt: int, draw: float) -> float:
        """Return the wait after an attempt (counted from 1); `draw` is a random number from 0 to 1."""
        return draw * min(self.backoff_cap_s, self.backoff_base_s * 2.0 ** (attempt - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Time and chance as the retries see them; tests hand in their own and never sleep."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    draw: Callable[[], float] = random.random


class Retry:
    """Asks the inner layer until there is an answer, the fault is final, or a budget is used up.

    `send` raises the errors of `faults`, `UnreachableError` where nobody answers, each naming how often was asked. One
    object serves a whole run: it knows whether the provider has answered at all.

    Every attempt passes the turnstiles, in their order; the time it waits there prolongs the request's deadline. A run
    needs a `limits.Gate` among them: it alone stops a run whose provider was there and is no more.
    """

    def __init__(
        self,
        inner: Layer,
        policy: RetryPolicy | None = None,
        clock: Clock | None = None,
        *,
        turnstiles: Sequence[Turnstile] = (),
    ) -> None:
        self._inner = inner
        self._turnstiles = tuple(turnstiles)
        self._policy = policy or RetryPolicy()
        self._clock = clock or Clock()
        self._was_reached = False

    async def send(self, request: WireRequest) -> WireReply:
        """Give an answer (status 200, a JSON object), or raise what is wrong."""
        clock, policy = self._clock, self._policy
        course = _Course(
            policy=policy, tally=request.tally, deadline=clock.monotonic() + policy.deadline_s, clock=clock
        )
        retrying = AsyncRetrying(
            sleep=clock.sleep,
            retry=retry_if_exception(lambda error: isinstance(error, _AttemptFailed) and error.fault.again != "no"),
            wait=course.wait,
            stop=self._is_over,
            reraise=True,
        )
        try:
            return await retrying(self._attempt, request, course)
        except _AttemptFailed as failed:
            raise self._final_error(failed.fault, course) from failed.__cause__

    async def aclose(self) -> None:
        """Close the inner layers."""
        await self._inner.aclose()

    async def _attempt(self, request: WireRequest, course: _Course) -> WireReply:
        async with self._turnstiles_passed(request, course) as ending:
            reply = await self._exchange(request, course, ending)
        return reply

    @asynccontextmanager
    async def _turnstiles_passed(self, request: WireRequest, course: _Course) -> AsyncIterator[_Ending]:
        """Enter all turnstiles, and leave all that were entered with what is known of the attempt by then."""
        clock, ending = self._clock, _Ending()
        entered: list[Turnstile] = []
        began = started = clock.monotonic()
        try:
            for turnstile in self._turnstiles:
                await turnstile.enter(request)
                entered.append(turnstile)
            started = clock.monotonic()
            course.deadline += started - began
            yield ending
        finally:
            end = AttemptEnd(
                reply=ending.reply,
                fault=ending.fault,
                was_sent=ending.was_sent,
                seconds=clock.monotonic() - started,
            )
            course.is_held = False
            for turnstile in reversed(entered):
                course.is_held = bool(turnstile.leave(request, end)) or course.is_held

    async def _exchange(self, request: WireRequest, course: _Course, ending: _Ending) -> WireReply:
        clock, tally = self._clock, request.tally
        started = clock.monotonic()
        limit = max(0.0, min(self._policy.attempt_timeout_s, course.deadline - started))
        tally.attempts += 1
        course.attempts += 1
        # Until it is known otherwise: a caller that gives up in the middle may have to pay.
        tally.possibly_paid += 1
        ending.was_sent = True
        try:
            # The SDK's and httpx2's timeouts are for each read; a dripping body outlives them all.
            async with asyncio.timeout(limit):
                reply = await self._inner.send(request)
        except TimeoutError as error:
            fault = Fault(error=ReplyTimeoutError, message=f"no complete answer in {limit:.0f} s", again="paid")
            raise self._failed(fault, course, ending) from error
        except (httpx2.TransportError, CutReplyError, ReplyTimeoutError, ReplyTooLargeError) as error:
            waited_s = clock.monotonic() - started
            fault = fault_of_exception(request, error, waited_s=waited_s, patience_s=_WORKING_AFTER_S)
            raise self._failed(fault, course, ending) from error
        ending.reply = reply
        judged = fault_of_reply(request, reply, wall_time=clock.wall())
        if judged is not None:
            raise self._failed(judged, course, ending)
        self._was_reached = True
        tally.possibly_paid -= 1
        return reply

    def _failed(self, fault: Fault, course: _Course, ending: _Ending) -> _AttemptFailed:
        ending.fault = fault
        if fault.again == "paid" or fault.error.possibly_paid:
            course.possibly_paid += 1
        else:
            course.tally.possibly_paid -= 1
        self._was_reached = self._was_reached or not fault.is_unreached
        course.fault = fault
        return _AttemptFailed(fault)

    def _is_over(self, state: RetryCallState) -> bool:
        course: _Course = state.args[1]
        fault, policy = course.fault, self._policy
        if fault is None:
            return False
        attempts = policy.attempts
        if fault.is_unreached and not self._was_reached:
            attempts = min(attempts, policy.first_contact_attempts)
        return (
            course.attempts >= attempts
            or (fault.again == "paid" and course.possibly_paid >= policy.possibly_paid_attempts)
            or self._asks_too_much(fault, course)
            or self._clock.monotonic() + state.upcoming_sleep >= course.deadline
        )

    def _final_error(self, fault: Fault, course: _Course) -> Exception:
        message = fault.message
        if fault.again != "no":
            message += f"; asked {course.attempts} {'time' if course.attempts == 1 else 'times'}"
        if fault.wait_s is not None and self._asks_too_much(fault, course):
            wait = f"{fault.wait_s:.0f} s" if fault.wait_s < 1e9 else "very long"
            return fault.error(f"{message}; it asks to wait {wait}: run the same command again then")
        if fault.is_unreached and not self._was_reached:
            return UnreachableError(message)
        return fault.error(message)

    def _asks_too_much(self, fault: Fault, course: _Course) -> bool:
        return not course.is_held and fault.wait_s is not None and fault.wait_s > self._policy.retry_after_limit_s


class _AttemptFailed(Exception):  # noqa: N818  -- internal to this layer, never seen outside
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(slots=True, kw_only=True)
class _Ending:
    """What is known of an attempt so far; `turnstile.AttemptEnd` once it has ended."""

    reply: WireReply | None = None
    fault: Fault | None = None
    was_sent: bool = False


@dataclass(slots=True, kw_only=True)
class _Course:
    """The attempts of one request."""

    policy: RetryPolicy
    clock: Clock
    tally: Tally
    deadline: float
    attempts: int = 0
    possibly_paid: int = 0
    fault: Fault | None = field(default=None)
    is_held: bool = False

    def wait(self, _state: RetryCallState) -> float:
        """Seconds until the next attempt."""
        if self.is_held:
            return 0.0
        backoff = self.policy.backoff_s(self.attempts, self.clock.draw())
        asked = self.fault.wait_s if self.fault is not None else None
        if asked is None:
            return backoff
        # All workers are told the same moment; a part of a second spreads them.
        return max(backoff, asked + self.policy.backoff_base_s * self.clock.draw())
