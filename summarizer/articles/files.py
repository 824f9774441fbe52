"""Reading files without being led astray: no links out of the given folder, no pipes, no devices."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from summarizer.errors import FormatError, UnreadableInputError

MAX_FILE_BYTES: Final = 128 * 1024 * 1024
# Stands in every output folder: what a run wrote is no input of the next one.
OUTPUT_MARK: Final = ".summarizer.lock"
_READ: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def shown(path: str | os.PathLike[str]) -> str:
    """Return a path as text that any file can hold: undecodable bytes become escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Return the content of a regular file.

    What is no regular file is never opened for reading; a pipe put in its place meanwhile does not block. The last
    part of the path may not be a link: resolve it first where links are allowed. Cost: some 20 µs beside the reading.

    Raises:
        UnreadableInputError: missing, not permitted, not a regular file.
        FormatError: larger than 128 MiB.
    """
    with open_regular(path) as descriptor:
        size = os.fstat(descriptor).st_size
        if size > MAX_FILE_BYTES:
            raise FormatError(
                f"{shown(path)!r} has {size} bytes, expected at most {MAX_FILE_BYTES}; divide it into articles"
            )
        # One byte more than the file has: what comes is the whole of it, but for a file that grows meanwhile.
        data = os.read(descriptor, size + 1)
        if len(data) == size:
            return data
        os.lseek(descriptor, 0, os.SEEK_SET)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(MAX_FILE_BYTES + 1)


@contextmanager
def open_regular(path: str | os.PathLike[str]) -> Iterator[int]:
    """Open a regular file for reading, as `read_bytes` does, and give its descriptor for the time of the block.

    Raises:
        UnreadableInputError: missing, not permitted, not a regular file; also where reading inside the block fails.
    """
    try:
        mode = os.lstat(path).st_mode
        if not stat.S_ISREG(mode):
            raise UnreadableInputError(
                f"{shown(path)!r} is {kind_of(mode)}, expected a regular file; give a file with an article"
            )
        descriptor = os.open(path, _READ)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UnreadableInputError(f"{shown(path)!r} is no regular file any more; try again")
            yield descriptor
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise UnreadableInputError(
            f"cannot read {shown(path)!r}: {reason_of(error)}; check the path and its permissions"
        ) from error


def kind_of(mode: int) -> str:
    """Return in words what a file mode is."""
    return next((words for is_kind, words in _KINDS if is_kind(mode)), "a link" if stat.S_ISLNK(mode) else "no file")


def reason_of(error: OSError | ValueError) -> str:
    """Return the system's words for a failure, without the path, which may hold anything."""
    return (error.strerror or "unknown reason") if isinstance(error, OSError) else "the path is not valid"


def is_within(path: Path, root: Path) -> bool:
    """Whether a path, all links followed, lies in a folder that is resolved already."""
    try:
        return path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError, ValueError):
        return False
