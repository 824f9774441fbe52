"""Downloads of any size: the body of a reply goes to a file as it comes, not to memory."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterable
from pathlib import Path
from typing import BinaryIO, Final

import httpx2

from summarizer.errors import CutReplyError, OutputError, ReplyTooLargeError
from summarizer.files import FILE_MODE

# Under this name a request's `extensions` say where the body of its reply is wanted.
SAVE_TO: Final = "save_to"
_MAX_BYTES: Final = 8 * 2**30


class SavingTransport(httpx2.AsyncBaseTransport):
    """Sends like the inner transport; a reply of status 200 to a request that says `SAVE_TO` is written there.

    Such a reply then has the body `{"bytes": …}`, the size of what was written. Each attempt writes the file anew.

    Raises:
        CutReplyError: the body came packed, which was not asked for.
        ReplyTooLargeError: over 8 GiB.
        OutputError: the file cannot be written.
    """

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request."""
        target = request.extensions.get(SAVE_TO)
        if target is None:
            return await self._inner.handle_async_request(request)
        # A packed body would have to be unpacked within a limit; these files are asked for as they are.
        request.headers["accept-encoding"] = "identity"
        response = await self._inner.handle_async_request(request)
        if response.status_code != 200:
            return response
        try:
            if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
                raise CutReplyError("the file came packed, which was not asked for")
            size = await _save(response, Path(target))
        finally:
            await response.aclose()
        return httpx2.Response(200, content=json.dumps({"bytes": size}).encode(), request=request)

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()


async def _save(response: httpx2.Response, path: Path) -> int:
    stream = response.stream
    if not isinstance(stream, AsyncIterable):
        raise CutReplyError("the reply has no body that can be read")
    size = 0
    with _opened(path) as file:
        async for chunk in stream:
            size += len(chunk)
            if size > _MAX_BYTES:
                raise ReplyTooLargeError(f"the file is larger than {_MAX_BYTES // 2**30} GiB; it was not read further")
            _write(file, chunk, path)
        _write(file, b"", path)
    return size


def _opened(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        # Unbuffered: a full disk shows with the piece that meets it.
        return os.fdopen(os.open(path, flags, FILE_MODE), "wb", buffering=0)
    except OSError as error:
        raise _failure(path, error) from error


def _write(file: BinaryIO, chunk: bytes, path: Path) -> None:
    rest = memoryview(chunk)
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError as error:
        raise _failure(path, error) from error


def _failure(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"cannot write {str(path)!r}: {error.strerror or error}; make room and run the same command again"
    )
