"""Waits between attempts in a fraction of their time; how often is asked, and who waits for whom, stays as it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from unittest import mock

from summarizer.wire import limits
from summarizer.wire.retry import Clock, RetryPolicy

_FASTER: Final = 50.0


async def _sleep(seconds: float) -> None:
    await asyncio.sleep(seconds / _FASTER)


def _monotonic() -> float:
    return time.monotonic() * _FASTER


def _clock() -> Clock:
    return Clock(sleep=_sleep, monotonic=_monotonic)


@contextmanager
def short_waits() -> Iterator[None]:
    """Let the gate's time pass fifty times as fast, and the retries of this process wait milliseconds.

    Time limits of attempts and articles stay as they are: on a busy machine an answer may take its time.
    """
    defaults: Any = RetryPolicy.__init__.__kwdefaults__
    with mock.patch.dict(defaults, backoff_base_s=0.002), mock.patch.object(limits, "Clock", _clock):
        yield
