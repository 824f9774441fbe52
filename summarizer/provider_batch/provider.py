"""The provider's batch interface over HTTP: files, jobs, lists. It knows nothing of articles or of the ledger.

Everything goes through the wire's own network and retry layers: certificates, no redirects, the fault table, no key in
a message. What may be repeated is; creating a job or sending a file is tried once for each call, because only the
caller can find out whether a lost reply meant that it was done.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx2

from summarizer.errors import BadRequestError, BatchRefusedError, NoBatchesError, NotJsonReplyError, UnknownModelError
from summarizer.provider_batch.saving import SAVE_TO, SavingTransport
from summarizer.settings import NO_KEY, Settings
from summarizer.wire.exchange import parse_object
from summarizer.wire.layer import Layer, WireReply, WireRequest
from summarizer.wire.network import Network
from summarizer.wire.retry import Clock, Retry, RetryPolicy

# Where the model client asks when no address is given.
_OPENAI_URL: Final = "https://api.openai.com/v1"
_CHAT_PATH: Final = "/chat/completions"
_VERSION: Final = re.compile(r"v\d+[a-z0-9]*")
_PAGE: Final = 100
_MAX_PAGES: Final = 10_000
# The only window that the interface knows.
_WINDOW: Final = "24h"
# What an address answers where there is no such interface, file or job.
_ABSENT: Final = frozenset({404, 405})
# "not found" in an error's words may be taken for an unknown model.
_REFUSALS: Final = (BadRequestError, UnknownModelError)

# A file may take long on its way; an answer about a job may not.
_ASKING: Final = RetryPolicy(attempt_timeout_s=60.0, deadline_s=180.0)
_LOADING: Final = RetryPolicy(attempt_timeout_s=1800.0, deadline_s=3600.0)
_SENDING: Final = RetryPolicy(
    attempts=1, first_contact_attempts=1, possibly_paid_attempts=1, attempt_timeout_s=1800.0, deadline_s=1800.0
)
_CREATING: Final = RetryPolicy(
    attempts=1, first_contact_attempts=1, possibly_paid_attempts=1, attempt_timeout_s=120.0, deadline_s=120.0
)


class BatchProvider:
    """`/files` and `/batches` of one OpenAI-compatible address. Serves one event loop; close it after use.

    Args:
        settings: address and key.
        transport: sends instead of a real connection pool, for tests and doubles.
        clock: of the waits between attempts.

    Every method raises `RunStoppedError` where nobody can be asked (key, quota, connection), `NoBatchesError` where the
    address has no batch interface, and errors of `ExchangeError` where this one request has no answer.
    """

    def __init__(
        self, settings: Settings, *, transport: httpx2.AsyncBaseTransport | None = None, clock: Clock | None = None
    ) -> None:
        self.base_url = settings.base_url or _OPENAI_URL
        self.clock = clock or Clock()
        key = settings.api_key.get_secret_value() if settings.api_key else NO_KEY
        # Shown nowhere; by it a provider's message that repeats the key is known.
        self.authorization = f"Bearer {key}"
        self._headers = {"authorization": self.authorization, "accept": "application/json", "user-agent": "newsproof"}
        self._network = Network(SavingTransport(transport or httpx2.AsyncHTTPTransport(retries=0)))
        self._last = _LastStatus(self._network)
        policies = {"asking": _ASKING, "loading": _LOADING, "sending": _SENDING, "creating": _CREATING}
        self._layers = {name: Retry(self._last, policy, self.clock) for name, policy in policies.items()}

    @property
    def host(self) -> str:
        """The address's host, for messages."""
        return urlsplit(self.base_url).netloc

    @property
    def endpoint(self) -> str:
        """The path that jobs and their lines name: the version at the end of the address, `/v1` where it has none."""
        last = urlsplit(self.base_url).path.rstrip("/").rpartition("/")[2]
        return f"/{last if _VERSION.fullmatch(last) else 'v1'}{_CHAT_PATH}"

    async def check(self) -> None:
        """Find out whether there is a batch interface, before anything is sent to it."""
        await self._list("/batches", {"limit": "1"})

    async def find_file(self, name: str, size: int) -> str | None:
        """Return the id of the file with this name and size in bytes, None where the provider has or shows none."""
        try:
            async for file in self._each("/files", {"purpose": "batch"}):
                is_whole = file.get("bytes") in (size, None) and file.get("status") != "error"
                if file.get("filename") == name and is_whole and isinstance(file.get("id"), str):
                    return str(file["id"])
        except NoBatchesError:
            # Files can be sent and not listed: one that was sent twice costs nothing.
            return None
        return None

    async def upload(self, path: Path, name: str) -> str:
        """Send a file; return its id. Memory: a part of the file at a time.

        Raises:
            BatchRefusedError: the provider does not take it.
        """
        with path.open("rb") as content:
            request = httpx2.Request(
                "POST",
                self._url("/files"),
                headers=self._headers,
                data={"purpose": "batch"},
                files={"file": (name, content, "application/jsonl")},
            )
            answer = await self._changed(request, "sending", "the file of requests")
        return _id_of(answer, "a file", self.host)

    async def find_batch(self, token: str, file_id: str | None) -> dict[str, Any] | None:
        """Return the job that bears this mark, or was made from this file, None where there is none."""
        async for batch in self._each("/batches", {}):
            metadata = batch.get("metadata")
            is_marked = isinstance(metadata, Mapping) and metadata.get("newsproof_job") == token
            if is_marked or (file_id is not None and batch.get("input_file_id") == file_id):
                return batch
        return None

    async def create_batch(self, token: str, digest: str, file_id: str) -> dict[str, Any]:
        """Create a job over a file, once; return it as the provider shows it.

        Raises:
            BatchRefusedError: the provider does not take it; there is no such job.
        """
        document = {
            "input_file_id": file_id,
            "endpoint": self.endpoint,
            "completion_window": _WINDOW,
            "metadata": {"newsproof_job": token, "newsproof_digest": digest},
        }
        # Some providers know such a request again by this header; ours is found again by its metadata all the same.
        headers = {**self._headers, "content-type": "application/json", "idempotency-key": token}
        content = json.dumps(document).encode()
        request = httpx2.Request("POST", self._url("/batches"), headers=headers, content=content)
        batch = await self._changed(request, "creating", "the job")
        _id_of(batch, "a job", self.host)
        return batch

    async def batch(self, batch_id: str) -> dict[str, Any] | None:
        """Return a job as it stands now, None where the provider does not know it."""
        return await self._get(f"/batches/{quote(batch_id, safe='')}")

    async def file_size(self, file_id: str) -> int | None:
        """Return a file's size in bytes, None where the provider does not say."""
        file = await self._get(f"/files/{quote(file_id, safe='')}")
        size = (file or {}).get("bytes")
        return size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else None

    async def download(self, file_id: str, path: Path) -> int | None:
        """Write a file's content to `path`; return its size in bytes, None where the provider has no such file."""
        url = self._url(f"/files/{quote(file_id, safe='')}/content")
        request = httpx2.Request("GET", url, headers=self._headers, extensions={SAVE_TO: path})
        try:
            reply = await self._send(request, "loading")
        except _REFUSALS:
            if self._last.status in _ABSENT:
                return None
            raise
        return int(_object(reply, self.host)["bytes"])

    async def aclose(self) -> None:
        """Close all connections."""
        await self._network.aclose()

    def _url(self, path: str) -> str:
        return f"{self.base_url}{path}"

    async def _send(self, request: httpx2.Request, layer: str) -> WireReply:
        self._last.status = None
        # Without a key: no exchange with a model, which the fault table and the size limits take note of.
        return await self._layers[layer].send(WireRequest(http=request, body=b"", document=None, key=None))

    async def _get(self, path: str) -> dict[str, Any] | None:
        try:
            reply = await self._send(httpx2.Request("GET", self._url(path), headers=self._headers), "asking")
        except _REFUSALS:
            if self._last.status == 404:
                return None
            raise
        return _object(reply, self.host)

    async def _changed(self, request: httpx2.Request, layer: str, what: str) -> dict[str, Any]:
        try:
            return _object(await self._send(request, layer), self.host)
        except _REFUSALS as error:
            if self._last.status in _ABSENT:
                raise self._no_batches() from error
            raise BatchRefusedError(f"{what} was not taken: {error}") from error

    async def _list(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        request = httpx2.Request("GET", self._url(path), headers=self._headers, params=dict(query))
        try:
            page = _object(await self._send(request, "asking"), self.host)
        except (*_REFUSALS, NotJsonReplyError) as error:
            # A page of HTML under 200 is a web server that knows no such path.
            if self._last.status in _ABSENT or isinstance(error, NotJsonReplyError):
                raise self._no_batches() from error
            raise
        if not isinstance(page.get("data"), list):
            raise self._no_batches()
        return page

    async def _each(self, path: str, query: Mapping[str, str]) -> AsyncIterator[dict[str, Any]]:
        """Give all objects of a list, page by page."""
        after: str | None = None
        for _ in range(_MAX_PAGES):
            given = {**query, "limit": str(_PAGE), **({} if after is None else {"after": after})}
            page = await self._list(path, given)
            items = [item for item in page["data"] if isinstance(item, dict)]
            for item in items:
                yield item
            last = page.get("last_id") or (items[-1].get("id") if items else None)
            # A server that does not say whether there is more is asked until a page is not full.
            has_more = page.get("has_more", len(items) >= _PAGE)
            if not has_more or not isinstance(last, str) or last == after:
                return
            after = last

    def _no_batches(self) -> NoBatchesError:
        return NoBatchesError(
            f"{self.host!r} has no batch interface (nothing at {self.base_url}/batches); "
            "check the base URL, or use `summarizer run`, which needs none"
        )


class _LastStatus:
    """Remembers the status of the last reply: the fault table's errors do not carry it. Requests go out one by one."""

    def __init__(self, inner: Layer) -> None:
        self._inner = inner
        self.status: int | None = None

    async def send(self, request: WireRequest) -> WireReply:
        """Give the inner layer's reply."""
        reply = await self._inner.send(request)
        self.status = reply.exchange.status
        return reply

    async def aclose(self) -> None:
        """Close the inner layer."""
        await self._inner.aclose()


def _object(reply: WireReply, host: str) -> dict[str, Any]:
    document = parse_object(reply.exchange.body)
    if document is None:
        raise NotJsonReplyError(f"{host!r} answered with something that is no JSON object; check the base URL")
    return document


def _id_of(answer: Mapping[str, Any], what: str, host: str) -> str:
    found = answer.get("id")
    if not isinstance(found, str) or not found:
        raise NotJsonReplyError(f"{host!r} took {what} and named no id for it")
    return found
