"""Ctrl-C and its kin while answers are awaited: the first ends the run in order, the second at once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Final, NoReturn, TypeVar

INTERRUPTED: Final = 130
_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")

T = TypeVar("T")


def run_interruptibly(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end, or until the first signal: then `work` is cancelled and cleans up after itself.

    An exception raised by a signal in the middle of a callback could fall between an answer and its storing; a
    cancelled task stops where it waits. A second signal ends the process with status 130: what was stored is on disk.

    Raises:
        KeyboardInterrupt: a signal came, and `work` has ended.
    """
    is_interrupted = False

    async def main() -> T:
        nonlocal is_interrupted
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()

        def interrupt() -> None:
            nonlocal is_interrupted
            is_interrupted = True
            # From a signal handler: wakes the loop, which may be waiting for the network.
            loop.call_soon_threadsafe(task.cancel)

        with _first_signal_calls(interrupt):
            return await task

    try:
        return asyncio.run(main())
    except asyncio.CancelledError:
        if is_interrupted:
            raise KeyboardInterrupt from None
        raise


@contextmanager
def _first_signal_calls(interrupt: Any) -> Iterator[None]:
    """Replace the handlers that somebody set; what is ignored (nohup, a job in the background) stays ignored."""
    seen = False

    def handle(_number: int, _frame: FrameType | None) -> None:
        nonlocal seen
        if seen:
            _leave_at_once()
        seen = True
        interrupt()

    previous = {}
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and callable(signal.getsignal(number)):
            # ValueError outside the main thread: there the caller's signals are the caller's.
            with suppress(ValueError):
                previous[number] = signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _leave_at_once() -> NoReturn:
    # The bar hides the terminal's cursor while it moves.
    with suppress(OSError, ValueError, AttributeError):
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), b"\x1b[?25h\n")
    os._exit(INTERRUPTED)
