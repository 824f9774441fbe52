"""Documents read ahead: each is parsed by a process of its own, and several cores parse several at once."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

from summarizer.articles.raw import RawInput
from summarizer.processes import spare_cores
from summarizer.records import FailedInput

# Each parser may take a gigabyte.
_MOST_AT_ONCE: Final = 4


def read_ahead(
    inputs: Iterable[RawInput | FailedInput], is_wanted: Callable[[RawInput], bool] = lambda raw: True
) -> Generator[RawInput | FailedInput]:
    """Give the same inputs in the same order; of documents up to four that follow are being parsed meanwhile.

    To be closed when it is left before its end: what is being parsed for nobody is ended then.

    Args:
        inputs: what `find_inputs` gives.
        is_wanted: whether a document will be read; asked before it is parsed.
    """
    at_once = min(spare_cores() + 1, _MOST_AT_ONCE)
    waiting: deque[RawInput | FailedInput] = deque()
    pool: ThreadPoolExecutor | None = None
    is_left = threading.Event()
    try:
        for found in inputs:
            begun = found
            if isinstance(found, RawInput) and found.is_document and is_wanted(found):
                pool = pool or ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="parsers")
                begun = replace(found, parsed=pool.submit(found.parse, is_left).result)
            waiting.append(begun)
            while waiting and (len(waiting) > at_once or not _is_under_way(waiting[0])):
                yield waiting.popleft()
        yield from waiting
    finally:
        is_left.set()
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def _is_under_way(found: RawInput | FailedInput) -> bool:
    return isinstance(found, RawInput) and found.parsed is not None
