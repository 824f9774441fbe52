"""Who verifies the next answer: this process, in a turn of its loop, or one of those that were started beside it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from summarizer.verify import Verified, verify_proposals
from summarizer.verifying.process import VerifyingProcess

if TYPE_CHECKING:
    from summarizer.articles import Article
    from summarizer.profiles import Profile
    from summarizer.proposals import Proposals

# A process takes a third of a second to start: it is worth that when so many answers wait for each that verifies.
_WAITING_BEFORE_START: Final = 16
# While one answer is verified over there, others lie ready: the process never waits for this one.
_SEATS_A_PROCESS: Final = 4


class Verifier:
    """Verifies proposals, one at a time here and so many at a time in up to `processes` others.

    Others are started only once answers wait, end with `aclose`, and hold some 60 MB each. What they return is what this
    process would: an answer whose process is lost, or that raises an error there, is verified here. One instance an
    event loop.

    Args:
        processes: how many others there may be.
        on_problem: is told in a sentence when they can be used no longer.
    """

    def __init__(self, processes: int = 0, on_problem: Callable[[str], None] | None = None) -> None:
        self._most = processes
        self._on_problem = on_problem
        self._turn = asyncio.Lock()
        self._others: list[VerifyingProcess] = []
        # A seat is a process, None for this one; it is free, or taken by whoever waited longest.
        self._free: deque[VerifyingProcess | None] = deque([None])
        self._waiting: deque[asyncio.Future[VerifyingProcess | None]] = deque()

    async def verify(self, article: Article, proposals: Proposals, profile: Profile | None = None) -> Verified:
        """Return what `verify_proposals` returns of these arguments, and raise what it raises.

        A user's own `profile` is applied by this process alone: others may not be able to load it.
        """
        if profile is not None:
            return await self._verify_here(article, proposals, profile)
        seat = await self._take()
        if seat is None:
            try:
                return await self._verify_here(article, proposals)
            finally:
                self._give_back(None)
        verified = await seat.verify(article, proposals)
        if seat.is_lost:
            self._leave(seat)
        return verified or await self._verify_here(article, proposals)

    async def aclose(self) -> None:
        """End the other processes."""
        others, self._others, self._most = self._others, [], 0
        for process in others:
            await process.aclose()

    async def _verify_here(self, article: Article, proposals: Proposals, profile: Profile | None = None) -> Verified:
        # Answers come in bursts. One is verified in a turn of the loop, so that requests go out in between.
        async with self._turn:
            await asyncio.sleep(0)
            return verify_proposals(article, proposals, profile)

    async def _take(self) -> VerifyingProcess | None:
        if self._free:
            return self._free.popleft()
        waiter: asyncio.Future[VerifyingProcess | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        if len(self._others) < self._most and len(self._waiting) >= _WAITING_BEFORE_START * (len(self._others) + 1):
            self._start()
        try:
            return await waiter
        except asyncio.CancelledError:
            if not waiter.cancelled():
                self._give_back(waiter.result())
            raise

    def _give_back(self, seat: VerifyingProcess | None) -> None:
        if seat is not None and seat.is_lost:
            return
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(seat)
                return
        # The others' seats are taken first: this process has requests to send.
        if seat is None:
            self._free.append(seat)
        else:
            self._free.appendleft(seat)

    def _start(self) -> None:
        try:
            process = VerifyingProcess(on_free=self._give_back)
        except OSError as error:
            self._stop_starting(f"cannot start a process to verify in ({error.strerror}); this one does it all")
            return
        self._others.append(process)
        for _ in range(_SEATS_A_PROCESS):
            self._give_back(process)

    def _leave(self, process: VerifyingProcess) -> None:
        """Use a process no longer; start no other, which might be lost for the same reason."""
        self._free = deque(seat for seat in self._free if seat is not process)
        if process in self._others and self._most:
            self._stop_starting("a process that verified answers was ended; its articles are verified in this one")

    def _stop_starting(self, problem: str) -> None:
        self._most = 0
        if self._on_problem is not None:
            self._on_problem(problem)
