"""The files of requests that a batch interface takes: JSON Lines, cut where the provider's limits say."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from summarizer.errors import OutputError, TooLongError
from summarizer.files import FILE_MODE
from summarizer.provider_batch.ledger import Entry

# Legal within a JSON string, and the end of a line for readers that cut lines by Unicode's rules.
_LINE_ENDS: Final = str.maketrans({char: f"\\u{ord(char):04x}" for char in "\u0085\u2028\u2029"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFile:
    """One finished file: on disk, never changed again. `entries` are its requests by key."""

    path: Path
    digest: str
    size: int
    entries: Mapping[str, Entry]


def request_line(key: str, url: str, body: Mapping[str, Any]) -> bytes:
    """Return the line of one request: `custom_id` is the exchange key, by which its answer is known."""
    line = {"custom_id": key, "method": "POST", "url": url, "body": body}
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":")).translate(_LINE_ENDS)
    try:
        return text.encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        # A lone surrogate, which only an escape can hold.
        return json.dumps(line, separators=(",", ":")).encode("ascii") + b"\n"


class RequestWriter:
    """Writes requests into files of at most so many requests and bytes; finished ones lie in `sealed`, oldest first.

    Memory: the keys of one file.

    Args:
        folder: exists; the files are open to their owner only.
        url: the path that each line names.
        max_requests: of one file.
        max_bytes: of one file.
    """

    def __init__(self, folder: Path, url: str, *, max_requests: int, max_bytes: int) -> None:
        self.sealed: deque[RequestFile] = deque()
        self._folder = folder
        self._url = url
        self._max_requests = max_requests
        self._max_bytes = max_bytes
        self._current: _Growing | None = None

    def add(self, key: str, body: Mapping[str, Any], article: str) -> None:
        """Append one request, to a new file if this one is full.

        Raises:
            TooLongError: the request alone is over the limit.
            OutputError: it cannot be written.
        """
        line = request_line(key, self._url, body)
        if len(line) > self._max_bytes:
            raise TooLongError(
                f"the request has {len(line)} bytes, a batch file at most {self._max_bytes}; "
                "raise batch_max_bytes if the provider takes more, or let `run` ask it"
            )
        current = self._current
        if current is not None and (
            len(current.entries) >= self._max_requests or current.size + len(line) > self._max_bytes
        ):
            self.finish()
        try:
            if self._current is None:
                self._current = _Growing.begin(self._folder)
            self._current.add(line, key, article)
        except OSError as error:
            raise self._failure(error) from error

    def finish(self) -> None:
        """Seal the file that is being written, if there is one."""
        current, self._current = self._current, None
        if current is None:
            return
        try:
            self.sealed.append(current.seal())
        except OSError as error:
            raise self._failure(error) from error

    def abandon(self) -> None:
        """Let go of the file that is being written."""
        current, self._current = self._current, None
        if current is not None:
            current.stream.close()

    def _failure(self, error: OSError) -> OutputError:
        return OutputError(
            f"cannot write to {str(self._folder)!r}: {error.strerror or error}; make room and run the same command again"
        )


@dataclass(slots=True, kw_only=True)
class _Growing:
    path: Path
    stream: BinaryIO
    size: int = 0
    entries: dict[str, Entry] = field(default_factory=dict)
    digest: Any = field(default_factory=hashlib.sha256)

    @classmethod
    def begin(cls, folder: Path) -> _Growing:
        path = folder / f"{secrets.token_hex(8)}.requests.jsonl"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        return cls(path=path, stream=os.fdopen(os.open(path, flags, FILE_MODE), "wb"))

    def add(self, line: bytes, key: str, article: str) -> None:
        self.stream.write(line)
        self.digest.update(line)
        self.size += len(line)
        self.entries[key] = Entry(line=len(self.entries) + 1, article=article)

    def seal(self) -> RequestFile:
        self.stream.close()
        return RequestFile(path=self.path, digest=self.digest.hexdigest(), size=self.size, entries=self.entries)
