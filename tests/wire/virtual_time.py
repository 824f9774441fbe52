"""An event loop whose clock leaps: what waits an hour is done at once, in the right order."""

from __future__ import annotations

import asyncio
import random
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from summarizer.wire.retry import Clock

Result = TypeVar("Result")


class _Leaping(selectors.SelectSelector):
    """Moves the clock on instead of waiting."""

    now = 1000.0

    def select(self, timeout: float | None = None) -> Any:
        events = super().select(0)
        if not events:
            if timeout is None:
                raise AssertionError("everybody waits and nothing will ever happen")
            self.now += timeout
        return events


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.now


def run_virtually(scenario: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run to the end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(scenario())


def now() -> float:
    return asyncio.get_running_loop().time()


def virtual_clock(seed: int = 1, late_s: Callable[[], float] | None = None) -> Clock:
    """Return a clock for the loop that runs; `late_s` says how much too late each wait ends."""

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds + (late_s() if late_s else 0.0))

    return Clock(sleep=sleep, monotonic=now, wall=lambda: 1_700_000_000.0 + now(), draw=random.Random(seed).random)
