"""Answers on their way into the store: one thread writes them, and those that come while it writes share a commit.

A commit costs a flush of the disk, from a fraction of a millisecond to ten and more. In the event loop it would hold up
every request that is under way; one for each answer would make the disk the limit of a run.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from summarizer.wire.exchange import Exchange
from summarizer.wire.store import AnswerStore


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    exchange: Exchange
    is_kept: asyncio.Future[bool]


class Commits:
    """Keeps answers in a store. Serves one event loop.

    What was given to `keep` is written, whoever waits for it and whatever is cancelled; `aclose` returns after it.
    """

    def __init__(self, store: AnswerStore) -> None:
        self._store = store
        self._waiting: list[_Waiting] = []
        self._pending: dict[str, Exchange] = {}
        self._thread: ThreadPoolExecutor | None = None
        self._writing: asyncio.Task[None] | None = None

    def keep(self, exchange: Exchange) -> asyncio.Future[bool]:
        """Have an answer written; the future says, when it is on disk, whether it is. It raises nothing."""
        is_kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if not (self._store.is_usable and exchange.is_answer):
            is_kept.set_result(False)
            return is_kept
        self._waiting.append(_Waiting(exchange=exchange, is_kept=is_kept))
        self._pending[exchange.key] = exchange
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return is_kept

    def pending(self, key: str) -> Exchange | None:
        """Return an answer that is being written."""
        return self._pending.get(key)

    async def aclose(self) -> None:
        """Return when everything is written; then close the store."""
        while self._writing is not None:
            await asyncio.shield(self._writing)
        if self._thread is not None:
            # The database's connection belongs to the thread that opened it.
            await asyncio.get_running_loop().run_in_executor(self._thread, self._store.disconnect)
            self._thread.shutdown()
            self._thread = None
        self._store.close()

    async def _write(self) -> None:
        """Write until nothing waits."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answers")
        batch: list[_Waiting] = []
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                self._settle(batch, await self._commit([one.exchange for one in batch]))
        finally:
            self._writing = None
            self._settle(batch, False)

    async def _commit(self, exchanges: list[Exchange]) -> bool:
        """Write until it is done or the store has lost its patience: a commit of many is not lost to a short lock."""
        loop = asyncio.get_running_loop()
        while self._store.is_usable:
            if self._store.note(await loop.run_in_executor(self._thread, self._store.write, exchanges)):
                return True
        return False

    def _settle(self, batch: list[_Waiting], is_kept: bool) -> None:
        for one in batch:
            if self._pending.get(one.exchange.key) is one.exchange:
                del self._pending[one.exchange.key]
            if not one.is_kept.done():
                one.is_kept.set_result(is_kept)
