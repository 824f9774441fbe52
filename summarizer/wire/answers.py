"""The outermost layer: answers that are there already, and one request out for all who ask the same at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Literal

from summarizer.errors import ReplayMissError, SettingsError
from summarizer.wire.commits import Commits
from summarizer.wire.exchange import Exchange
from summarizer.wire.layer import Layer, WireReply, WireRequest
from summarizer.wire.recordings import Recordings
from summarizer.wire.store import AnswerStore

Mode = Literal["normal", "fresh", "record", "replay"]

_is_bypassed: ContextVar[bool] = ContextVar("is_bypassed", default=False)


@contextmanager
def bypass_store() -> Iterator[None]:
    """Inside, answers are asked for anew even where the store has them; they are kept as usual.

    For asking again what was answered and paid, and cannot be used. Holds for the current task and those it starts. A
    replay is not affected: it has nobody to ask.
    """
    token = _is_bypassed.set(True)
    try:
        yield
    finally:
        _is_bypassed.reset(token)


class Answers:
    """Recordings and store before the network.

        mode        read                        written
        normal      store                       store
        fresh       what this run asked itself  store, recordings if given
        record      store                       store, recordings
        replay      recordings only             nothing

    An answer is written before anybody has judged it. Two requests with one key that are under way together go out
    once; the second has the first one's reply, with origin "store", or its error. Cancelling one of them leaves the
    others their reply; the request itself is cancelled with the last.

    Raises:
        SettingsError: replay or record without recordings, or replay from an empty folder.
    """

    def __init__(
        self,
        inner: Layer,
        *,
        store: AnswerStore | None = None,
        recordings: Recordings | None = None,
        mode: Mode = "normal",
    ) -> None:
        if mode in ("replay", "record") and recordings is None:
            raise SettingsError(f"mode {mode!r} needs a folder of recordings")
        if mode == "replay" and recordings is not None:
            recordings.check_readable()
        self._inner = inner
        self._store = store
        self._commits = Commits(store) if store is not None else None
        self._recordings = recordings
        self._mode = mode
        self._flights: dict[tuple[str, bool], _Flight] = {}
        self._asked: set[str] = set()

    async def send(self, request: WireRequest) -> WireReply:
        """Give the answer, from where the mode allows.

        Raises:
            ReplayMissError: replaying, and nothing recorded answers this request.
            StoreError: a recording is broken or cannot be written.
        """
        if self._mode == "replay":
            return self._replay(request)
        if request.key is None:
            return await self._inner.send(request)
        is_bypassed = _is_bypassed.get()
        if self._commits is not None and not is_bypassed and (self._mode != "fresh" or request.key in self._asked):
            kept = self._kept(request.key, request.document)
            if kept is not None:
                self._record(kept)
                return WireReply(exchange=kept, origin="store", headers=kept.headers)
        return await self._fly(request, (request.key, is_bypassed))

    async def aclose(self) -> None:
        """Close the inner layers and the store."""
        try:
            await self._inner.aclose()
        finally:
            if self._commits is not None:
                await self._commits.aclose()

    def _kept(self, key: str, document: Mapping[str, Any] | None) -> Exchange | None:
        """Return the answer that is stored or about to be: one that has come is not asked for again."""
        kept = self._commits.pending(key) if self._commits is not None else None
        if kept is None and self._store is not None:
            kept = self._store.get(key, document)
        return kept

    def _replay(self, request: WireRequest) -> WireReply:
        recordings = self._recordings
        if request.key is None or recordings is None:
            raise ReplayMissError(f"{request.http.method} requests are not recorded; run without --replay")
        exchange = recordings.get(request.key)
        if exchange is None:
            raise recordings.miss(request.key, request.document)
        return WireReply(exchange=exchange, origin="recording", headers=exchange.headers)

    async def _fly(self, request: WireRequest, name: tuple[str, bool]) -> WireReply:
        flight = self._flights.get(name)
        is_first = flight is None
        if flight is None:
            flight = _Flight(task=asyncio.create_task(self._fetch(request)))
            self._flights[name] = flight
            flight.task.add_done_callback(lambda task: self._land(name, task))
        flight.passengers += 1
        try:
            # Shielded: a passenger who is cancelled must not take the others along.
            reply = await asyncio.shield(flight.task)
        except asyncio.CancelledError:
            if flight.passengers == 1 and not flight.task.done():
                # Nobody may join a request that is being cancelled.
                self._flights.pop(name, None)
                flight.task.cancel()
            raise
        finally:
            flight.passengers -= 1
        return reply if is_first else replace(reply, origin="store", attempts=0, possibly_paid=0)

    def _land(self, name: tuple[str, bool], task: asyncio.Task[WireReply]) -> None:
        flight = self._flights.get(name)
        if flight is not None and flight.task is task:
            del self._flights[name]
        if not task.cancelled():
            # Looked at, so that an error whose passengers have all left is not reported as never retrieved.
            task.exception()

    async def _fetch(self, request: WireRequest) -> WireReply:
        reply = await self._inner.send(request)
        # No await until the answer is on its way to the disk: one that has come is kept, whatever is cancelled.
        kept = reply.exchange
        commit = self._commits.keep(kept) if self._commits is not None else None
        self._record(kept)
        # It is judged when it is on the disk, not before. Shielded, for the commit is no one's to cancel.
        if commit is not None and await asyncio.shield(commit):
            self._asked.add(kept.key)
        return WireReply(
            exchange=kept,
            origin="network",
            headers=kept.headers,
            attempts=request.tally.attempts,
            possibly_paid=request.tally.possibly_paid,
        )

    def _record(self, exchange: Exchange) -> None:
        if self._mode in ("record", "fresh") and self._recordings is not None and exchange.is_answer:
            self._recordings.write(exchange)


@dataclass(slots=True, kw_only=True)
class _Flight:
    """A request that is out, and how many wait for it."""

    task: asyncio.Task[WireReply]
    passengers: int = 0
