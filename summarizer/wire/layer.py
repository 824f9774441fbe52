"""What every layer of the wire is: something that takes a request and gives a reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import httpx2

from summarizer.wire.exchange import KEPT_HEADERS, Exchange, document_key, parse_object

Origin = Literal["network", "store", "recording"]


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one request has cost so far; counted where it happens, so that it is right also when the request fails.

    `attempts` were sent; `possibly_paid` of them got no usable answer and may be charged for all the same.
    """

    attempts: int = 0
    possibly_paid: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WireRequest:
    """A request on its way down the layers.

    `key` and `document` are None for what is no exchange with a model (a file upload, a GET): such requests pass
    recordings and store by.
    """

    http: httpx2.Request
    body: bytes
    document: Mapping[str, Any] | None
    key: str | None
    tally: Tally = field(default_factory=Tally)

    @classmethod
    def from_http(cls, http: httpx2.Request, body: bytes) -> WireRequest:
        """Read the request's body once, for every layer."""
        document = parse_object(body) if http.method == "POST" else None
        return cls(http=http, body=body, document=document, key=None if document is None else document_key(document))


@dataclass(frozen=True, slots=True, kw_only=True)
class WireReply:
    """A reply on its way up the layers, of any status below the retries, of status 200 above them.

    `origin` says where the bytes came from; `attempts` and `possibly_paid` are those of `Tally`, zero for what did not
    come from the network; `seconds` is the time until the caller had it. `headers` are all of the response's headers
    below the retries, the kept ones above.
    """

    exchange: Exchange
    origin: Origin
    headers: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 0
    possibly_paid: int = 0
    seconds: float = 0.0


class Layer(Protocol):
    """One layer. It knows the next inner one and nothing else of the wire."""

    async def send(self, request: WireRequest) -> WireReply:
        """Give the reply, by whatever this layer does."""

    async def aclose(self) -> None:
        """Close this layer and those below it."""


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return those headers that may be stored and recorded."""
    return {name: headers[name] for name in KEPT_HEADERS if name in headers}
