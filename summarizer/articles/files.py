"""Reading files without being led astray: no links out of the given folder, no pipes, no devices."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from summarizer.errors import FormatError, UnreadableInputError

MAX_FILE_BYTES: Final = 128 * 1024 * 1024
# Stands in every output folder: what a run wrote is no input of the next one.
OUTPUT_MARK: Final = ".summarizer.lock"
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
    part of the path may not be a link: resolve it first where links are allowed.

    Raises:
        UnreadableInputError: missing, not permitted, not a regular file.
        FormatError: larger than 128 MiB.
    """
    name = shown(path)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        mode = os.lstat(path).st_mode
        if not stat.S_ISREG(mode):
            raise UnreadableInputError(
                f"{name!r} is {kind_of(mode)}, expected a regular file; give a file with an article"
            )
        descriptor = os.open(path, flags)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableInputError(f"{name!r} is no regular file any more; try again")
            if status.st_size > MAX_FILE_BYTES:
                raise FormatError(
                    f"{name!r} has {status.st_size} bytes, expected at most {MAX_FILE_BYTES}; divide it into articles"
                )
            return file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UnreadableInputError(
            f"cannot read {name!r}: {reason_of(error)}; check the path and its permissions"
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
