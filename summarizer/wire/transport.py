"""The wire as the model client sees it: one `httpx2` transport.

    client = AsyncOpenAI(max_retries=0, http_client=httpx2.AsyncClient(transport=build_transport(), follow_redirects=False))

The layers, in their one order: recordings and store, retry, network. A further layer is an object with `send` and
`aclose` (`layer.Layer`) that is given its inner one; `build_transport` is the only place that knows the order. Limits
of money and of rate hold for each attempt, not for each request: they are turnstiles (`turnstile`) of the retry layer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

import httpx2

from summarizer.errors import SummarizerError
from summarizer.wire.answers import Answers, Mode, bypass_store
from summarizer.wire.layer import Layer, Tally, WireReply, WireRequest
from summarizer.wire.network import Network
from summarizer.wire.recordings import Recordings
from summarizer.wire.retry import Retry, RetryPolicy
from summarizer.wire.store import AnswerStore
from summarizer.wire.turnstile import Turnstile

__all__ = ["Replies", "WireFailure", "WireTransport", "build_transport", "bypass_store", "collect_replies"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WireFailure:
    """A request that got no answer. `kind` is the error's stable word, "cancelled" where the caller gave up.

    `tally` counts what it cost; after a cancellation it is right once the request has come to its end. `document` is the
    request's body.
    """

    key: str | None
    kind: str
    tally: Tally
    seconds: float
    document: Mapping[str, Any] | None = None


class Replies(list[WireReply]):
    """The replies that passed, in the order in which they came; `failures` are the requests that got none."""

    def __init__(self) -> None:
        super().__init__()
        self.failures: list[WireFailure] = []

    @property
    def possibly_paid(self) -> int:
        """Attempts that brought nothing and may be charged for."""
        return sum(reply.possibly_paid for reply in self) + sum(
            failure.tally.possibly_paid for failure in self.failures
        )


_collectors: ContextVar[tuple[Replies, ...]] = ContextVar("collectors", default=())


@contextmanager
def collect_replies() -> Iterator[Replies]:
    """Collect every reply that passes the wire inside the block, by this task or one that it starts.

    Tasks beside it are not seen. Blocks may be nested: the outer one collects what the inner one does.

    Example:
        >>> with collect_replies() as replies:
        ...     pass  # await client.chat.completions.create(...)
        >>> [reply.origin for reply in replies]
        []
    """
    replies = Replies()
    token = _collectors.set((*_collectors.get(), replies))
    try:
        yield replies
    finally:
        _collectors.reset(token)


class WireTransport(httpx2.AsyncBaseTransport):
    """Turns the client's HTTP requests into wire requests for the outermost layer, and replies into responses.

    Errors of `summarizer.errors` that a layer raises reach the caller of the model client as `__cause__` of its
    connection error. Serves one event loop.
    """

    def __init__(self, outermost: Layer) -> None:
        self._outermost = outermost

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request of the client."""
        started = time.monotonic()
        wire_request = WireRequest.from_http(request, await request.aread())
        try:
            reply = await self._outermost.send(wire_request)
        except (SummarizerError, asyncio.CancelledError) as error:
            kind = error.kind if isinstance(error, SummarizerError) else "cancelled"
            seconds = time.monotonic() - started
            failure = WireFailure(
                key=wire_request.key,
                kind=kind,
                tally=wire_request.tally,
                seconds=seconds,
                document=wire_request.document,
            )
            for replies in _collectors.get():
                replies.failures.append(failure)
            raise
        if wire_request.key is not None:
            timed = replace(reply, seconds=time.monotonic() - started)
            for replies in _collectors.get():
                replies.append(timed)
        headers = {"content-type": "application/json", **reply.exchange.headers}
        return httpx2.Response(200, headers=headers, content=reply.exchange.body, request=request)

    async def aclose(self) -> None:
        """Close all layers; the client does this when it is closed."""
        await self._outermost.aclose()


def build_transport(
    *,
    store: AnswerStore | None = None,
    recordings: Recordings | None = None,
    mode: Mode = "normal",
    retry: RetryPolicy | None = None,
    turnstiles: Sequence[Turnstile] = (),
    network: Layer | httpx2.AsyncBaseTransport | None = None,
) -> WireTransport:
    """Compose the wire.

    Args:
        store: keeps and gives answers; None keeps nothing.
        recordings: the folder of `--record` or `--replay`.
        mode: see `Answers`.
        retry: the policy; the default one where None.
        turnstiles: what each attempt passes before it is sent, in this order: limits of money, of rate.
        network: what sends: None for real connections, an `httpx2` transport in their place, or a layer of one's own
            (a `Network` with other limits, or one inside a gate).

    Raises:
        SettingsError: the mode needs recordings and has none.
    """
    innermost = network if network is not None and hasattr(network, "send") else Network(network)
    asking = Retry(innermost, retry, turnstiles=turnstiles)
    return WireTransport(Answers(asking, store=store, recordings=recordings, mode=mode))
