"""Files written whole: a reader sees the old content or the new one, never a part, and nobody else sees it at all.

Every file is built under a temporary name in its own folder, flushed to the disk and moved into place. Files are
readable by their owner only (0600), folders that are made here too (0700), whatever the umask says.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from summarizer.errors import OutputError

FILE_MODE = 0o600
FOLDER_MODE = 0o700

# O_EXCL and O_NOFOLLOW: a file or link that somebody put at the temporary name is refused, not written through.
_CREATE = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class WholeFile:
    r"""A file that appears under its name when the `with` block ends well, and not at all when it does not.

    Text is written as UTF-8, newlines as they are; a lone surrogate, which UTF-8 cannot hold, is written as its
    escape (`\ud800`). A symbolic link at `path` is replaced, not followed. Leaving the block costs one flush of the
    file and one of its folder to the disk; with `is_durable=False` neither, for what can be made again and is checked
    when it is read: a power loss may then leave an older, an empty or no file.

    Raises:
        OutputError: the file cannot be created, written or moved into place; the message names it.

    Example:
        with WholeFile("out/report.md") as report:
            report.write("# Title\n")
    """

    def __init__(self, path: str | os.PathLike[str], *, is_durable: bool = True) -> None:
        self.path = Path(path)
        self._is_durable = is_durable
        # Short and independent of the name: a name of 255 bytes leaves no room for a suffix.
        self._temporary = self.path.with_name(f".{secrets.token_hex(8)}.part")
        self._stream: BinaryIO | None = None

    def __enter__(self) -> Self:
        try:
            descriptor = os.open(self._temporary, _CREATE, FILE_MODE)
        except OSError as error:
            raise self._failure(error) from error
        self._stream = os.fdopen(descriptor, "wb")
        return self

    def write(self, data: bytes | str) -> None:
        """Append `data` to the file to come."""
        if self._stream is None:
            raise ValueError(f"{str(self.path)!r} is not open: write inside the with block")
        raw = data.encode("utf-8", "backslashreplace") if isinstance(data, str) else data
        try:
            self._stream.write(raw)
        except OSError as error:
            raise self._failure(error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        stream, self._stream = self._stream, None
        if stream is None:
            return
        if kind is not None:
            self._discard(stream)
            return
        try:
            stream.flush()
            if self._is_durable:
                os.fsync(stream.fileno())
            stream.close()
            self._temporary.replace(self.path)
        except OSError as failure:
            self._discard(stream)
            raise self._failure(failure) from failure
        if self._is_durable:
            _flush_folder(self.path.parent)

    def _discard(self, stream: BinaryIO) -> None:
        # Closing tries the lost bytes once more and fails again on a full disk; the first failure is the one to tell.
        with contextlib.suppress(OSError):
            stream.close()
        with contextlib.suppress(OSError):
            self._temporary.unlink()

    def _failure(self, error: OSError) -> OutputError:
        return OutputError(
            f"cannot write {str(self.path)!r}: {error.strerror or error}; "
            "make room or choose a folder that may be written, and run again"
        )


def write_whole(path: str | os.PathLike[str], data: bytes | str, *, is_durable: bool = True) -> None:
    """Write `data` to `path`, whole or not at all, readable by its owner only; `is_durable` as for `WholeFile`.

    Raises:
        OutputError: the file cannot be written; what stood there before still stands, and no temporary file is left.
    """
    with WholeFile(path, is_durable=is_durable) as file:
        file.write(data)


def make_private_folder(path: str | os.PathLike[str]) -> Path:
    """Make `path` and the parents it lacks, each open to its owner only, and return it. A folder that exists is left as it is.

    Raises:
        OutputError: it cannot be made, or something that is no folder bears the name.
    """
    folder = Path(path)
    try:
        missing = [one for one in (folder, *folder.parents) if not one.exists()]
        for one in reversed(missing):
            one.mkdir(mode=FOLDER_MODE, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot make the folder {str(folder)!r}: {error.strerror or error}; choose another folder"
        ) from error
    if not folder.is_dir():
        raise OutputError(f"{str(folder)!r} is no folder; choose another name, or move that file away")
    return folder


def _flush_folder(folder: Path) -> None:
    """Make the new name durable. Some systems and network file systems cannot flush a folder; the file itself is safe by then."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
