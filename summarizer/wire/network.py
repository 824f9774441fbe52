"""The innermost layer: one request out, one reply in."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import AsyncIterable
from typing import Final, Protocol

import httpx2

from summarizer.errors import CutReplyError, ReplyTimeoutError, ReplyTooLargeError
from summarizer.redaction import redact, redact_bytes
from summarizer.wire.exchange import Exchange
from summarizer.wire.layer import WireReply, WireRequest, kept_headers

MAX_REPLY_BYTES: Final = 8 * 2**20
# What is no exchange with a model may be the output file of a whole batch.
_MAX_FILE_BYTES: Final = 512 * 2**20
_CONNECT_S: Final = 5.0
_WRITE_S: Final = 30.0
# A pool looks at each of its connections for every request it sends: with 500 at once that took most of the time. So
# each connection has a pool of its own. None is refused, for a limit would have requests wait for a broken one.
# One that the server closed meanwhile is noticed before it is used; the expiry is for those that end without a word.
_ONE_CONNECTION: Final = httpx2.Limits(max_connections=None, max_keepalive_connections=1, keepalive_expiry=30.0)


class Network:
    """Sends over HTTP, once: certificates verified, no redirect followed, the body read whole and within a limit.

    A connection is opened when none is free, and kept for the next request; there are never more than there were
    requests under way at once. Where a server repeats the API key, asterisks stand in its place: what comes up from here
    is stored, recorded and told.

    Args:
        transport: sends instead of a real connection pool, for tests and doubles.
        max_reply_bytes: limit of the decompressed body.
        proxy: URL of a proxy; the environment's proxy variables are not read here.
    """

    def __init__(
        self,
        transport: httpx2.AsyncBaseTransport | None = None,
        *,
        max_reply_bytes: int = MAX_REPLY_BYTES,
        proxy: str | None = None,
    ) -> None:
        self._given = transport
        self._free: list[httpx2.AsyncBaseTransport] = []
        self._opened: list[httpx2.AsyncBaseTransport] = []
        self._certificates: ssl.SSLContext | None = None
        self._proxy = proxy
        self._max_reply_bytes = max_reply_bytes

    async def send(self, request: WireRequest) -> WireReply:
        """Give the reply of whatever status.

        Raises:
            httpx2.TransportError: no connection, or broken before the answer began.
            CutReplyError: broken within the answer.
            ReplyTimeoutError: the answer stopped coming.
            ReplyTooLargeError: the answer is over the limit.
        """
        http = request.http
        # Only what is unpacked below, within the limit.
        http.headers["accept-encoding"] = "gzip, deflate"
        # No limit on reading: it would count for each piece of a reply. The time of an attempt is the retry layer's.
        http.extensions["timeout"] = {"connect": _CONNECT_S, "read": None, "write": _WRITE_S, "pool": None}
        transport = self._take()
        try:
            response = await transport.handle_async_request(http)
            try:
                body = await self._read(response, _MAX_FILE_BYTES if request.key is None else self._max_reply_bytes)
            finally:
                await response.aclose()
        finally:
            # After a fault as well: its pool has dropped the connection and opens another.
            if transport is not self._given:
                self._free.append(transport)
        key = http.headers.get("authorization", "").rpartition(" ")[2]
        headers = {name.lower(): redact(value, key) for name, value in response.headers.items()}
        exchange = Exchange(
            key=request.key or "",
            request=request.document or {},
            status=response.status_code,
            headers=kept_headers(headers),
            body=redact_bytes(body, key),
        )
        return WireReply(exchange=exchange, origin="network", headers=headers)

    async def aclose(self) -> None:
        """Close all connections."""
        transports, self._opened, self._free = self._opened, [], []
        for transport in transports:
            await transport.aclose()
        if self._given is not None:
            await self._given.aclose()

    def _take(self) -> httpx2.AsyncBaseTransport:
        if self._given is not None:
            return self._given
        if self._free:
            # The last one that was used: the others grow old, and are not needed.
            return self._free.pop()
        # On first use: loading the certificates takes some 20 ms, which a replay need not spend.
        if self._certificates is None:
            self._certificates = httpx2.create_ssl_context()
        transport = httpx2.AsyncHTTPTransport(
            verify=self._certificates, limits=_ONE_CONNECTION, proxy=self._proxy, retries=0
        )
        self._opened.append(transport)
        return transport

    async def _read(self, response: httpx2.Response, limit: int) -> bytes:
        unpacker = _unpacker_for(response.headers.get("content-encoding", ""))
        parts: list[bytes] = []
        size = 0
        try:
            stream = response.stream
            if not isinstance(stream, AsyncIterable):
                raise CutReplyError("the reply has no body that can be read")
            async for chunk in stream:
                part = chunk if unpacker is None else unpacker.decompress(chunk, limit - size + 1)
                size += len(part)
                if size > limit:
                    raise ReplyTooLargeError(f"the reply is larger than {limit // 2**20} MiB; it was not read further")
                parts.append(part)
        except httpx2.TimeoutException as error:
            raise ReplyTimeoutError("the answer stopped coming") from error
        except (httpx2.TransportError, zlib.error) as error:
            raise CutReplyError(f"the answer broke off after {size} bytes ({type(error).__name__})") from error
        if unpacker is not None and parts and not unpacker.eof:
            raise CutReplyError(f"the compressed answer broke off after {size} bytes")
        return b"".join(parts)


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _unpacker_for(encoding: str) -> _Unpacker | None:
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return None
    if encoding in ("gzip", "x-gzip", "deflate"):
        # 32: gzip or zlib, told apart by their first bytes.
        return zlib.decompressobj(zlib.MAX_WBITS | 32)
    raise CutReplyError(f"the answer is packed as {encoding[:40]!r}, which was not asked for")
