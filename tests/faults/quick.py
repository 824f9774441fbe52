"""Waits between attempts in a fraction of their time; how often is asked, and who waits for whom, stays as it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from summarizer.wire import limits
from summarizer.wire.retry import Clock, RetryPolicy


@contextmanager
def short_waits(faster: float = 100.0) -> Iterator[None]:
    """Let the gate's time pass so many times as fast, and the retries of this process wait milliseconds.

    Time limits of attempts and articles stay as they are: on a busy machine an answer may take its time.
    """

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / faster)

    def clock() -> Clock:
        return Clock(sleep=sleep, monotonic=lambda: time.monotonic() * faster)

    defaults: Any = RetryPolicy.__init__.__kwdefaults__
    with mock.patch.dict(defaults, backoff_base_s=0.002), mock.patch.object(limits, "Clock", clock):
        yield
