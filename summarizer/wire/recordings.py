"""Recordings: exchanges as files that people read, review and commit."""

from __future__ import annotations

import errno
import json
import os
import secrets
from pathlib import Path
from typing import Any, Final

from summarizer.errors import ReplayMissError, SettingsError, StoreError
from summarizer.wire.exchange import KEPT_HEADERS, Exchange, document_key
from summarizer.wire.miss import describe_miss
from summarizer.wire.readable import dump_readable, load_readable

RECORDING_FORMAT: Final = "recording/1"
# Half of the key's digits are enough for a name; the whole key stands in the file.
_NAME_DIGITS: Final = 32
_MAX_FILE_BYTES: Final = 64 * 2**20
# Looking for the nearest recording reads the folder; a run that misses everything should not do so each time.
_EXPLAINED_MISSES: Final = 3


class Recordings:
    """Recorded exchanges in one folder, a file each, named by its key.

    A file holds the request body (keys sorted) and the response's status, content type and body; no other header, no
    host, no time. The same answer recorded again gives the same bytes; the fields that a provider draws anew for each
    answer (`id`, `created`) are part of the answer and stay. What is replayed is equal as JSON to what was received;
    blanks between tokens may differ.

    Args:
        folder: made on the first `write`.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self._misses = 0

    def path_of(self, key: str) -> Path:
        """Return where the recording of a key stands or would stand."""
        return self.folder / f"{key[:_NAME_DIGITS]}.json"

    def check_readable(self) -> None:
        """Fail early where there is nothing to replay from.

        Raises:
            SettingsError: the folder is missing or holds no recording.
        """
        if not self.folder.is_dir() or next(self.folder.glob("*.json"), None) is None:
            raise SettingsError(f"no recordings in {str(self.folder)!r}; name a folder that a run with --record wrote")

    def get(self, key: str) -> Exchange | None:
        """Return the recorded exchange, None where there is none.

        Raises:
            StoreError: the file cannot be read, is no recording, or is not the recording of its request.
        """
        path = self.path_of(key)
        try:
            content = _read_file(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"cannot read recording {str(path)!r}: {error.strerror}") from error
        exchange = _parse(content, path)
        return exchange if exchange.key == key else None

    def load(self, path: str | os.PathLike[str]) -> Exchange:
        """Read one recording by its path.

        Raises:
            StoreError: the file cannot be read, is no recording, or bears the name of another.
        """
        try:
            content = _read_file(Path(path))
        except OSError as error:
            raise StoreError(f"cannot read recording {os.fspath(path)!r}: {error.strerror}") from error
        return _parse(content, Path(path))

    def miss(self, key: str, request: Any) -> ReplayMissError:
        """Return the error for a request that nothing here answers.

        The first line is complete by itself. For the first misses a difference from the nearest recording follows, in
        at most some 40 clipped lines.
        """
        self._misses += 1
        first = (
            f"no recording in {str(self.folder)!r} answers this request (key {key[:12]!r}); "
            f"run once with --record {str(self.folder)!r} and a key or --base-url to record it"
        )
        if self._misses > _EXPLAINED_MISSES:
            return ReplayMissError(first)
        return ReplayMissError("\n".join([first, *describe_miss(self.folder, dump_readable(_sorted(request)))]))

    def write(self, exchange: Exchange) -> Path:
        """Record an exchange, whole or not at all; nothing is written where the file holds the same already.

        Raises:
            StoreError: the folder or the file cannot be written.
        """
        path = self.path_of(exchange.key)
        content = _render(exchange).encode("utf-8")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                if _read_file(path) == content:
                    return path
            except OSError:
                # Missing, or a link: replaced by a file of our own.
                pass
            _write_file(path, content)
        except OSError as error:
            raise StoreError(f"cannot write recording {str(path)!r}: {error.strerror}; see to the folder") from error
        return path


def _render(exchange: Exchange) -> str:
    headers = {name: exchange.headers[name] for name in KEPT_HEADERS if name in exchange.headers}
    return dump_readable(
        {
            "format": RECORDING_FORMAT,
            "key": exchange.key,
            "request": _sorted(exchange.request),
            "response": {"status": exchange.status, "headers": headers, "body": exchange.answer},
        }
    )


def _parse(content: bytes, path: Path) -> Exchange:
    try:
        recorded = load_readable(content)
        if recorded["format"] != RECORDING_FORMAT:
            raise StoreError(
                f"recording {str(path)!r} is of another format; expected {RECORDING_FORMAT!r}: record it again"
            )
        key = document_key(recorded["request"])
        response = recorded["response"]
        headers = {name: str(response["headers"][name]) for name in KEPT_HEADERS if name in response["headers"]}
        body = json.dumps(response["body"], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        exchange = Exchange(key=key, request=recorded["request"], status=response["status"], headers=headers, body=body)
        is_whole = exchange.is_answer and isinstance(recorded["request"], dict)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise StoreError(
            f"{str(path)!r} is no recording ({type(error).__name__}); restore it or record it again"
        ) from error
    if not is_whole:
        raise StoreError(f"{str(path)!r} is no recording (no answer in it); restore it or record it again")
    if recorded["key"] != key or path.stem != key[:_NAME_DIGITS]:
        raise StoreError(
            f"recording {str(path)!r} was edited: its request has another key; restore it or record it again"
        )
    return exchange


def _sorted(value: Any) -> Any:
    """Sort the keys of all objects: requests with one key have one file."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _read_file(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(_MAX_FILE_BYTES + 1)
    if len(content) > _MAX_FILE_BYTES:
        raise OSError(errno.EFBIG, f"larger than {_MAX_FILE_BYTES} bytes")
    return content


def _write_file(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
