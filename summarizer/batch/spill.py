"""Bytes that wait on disk, in a file that has no name: nothing of it is left when the process ends, however it ends."""

from __future__ import annotations

import os
import tempfile
import weakref
from array import array
from collections.abc import Iterator
from pathlib import Path

from summarizer.errors import OutputError


class Spill:
    """A list of byte strings in an unnamed file of a folder; eight bytes of memory for each.

    Raises:
        OutputError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._starts = array("Q", [0])
        try:
            with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
                self._descriptor = os.dup(file.fileno())
        except OSError as error:
            raise self._failure(error) from error
        # Whoever forgets to close it has it closed with the object.
        self._close = weakref.finalize(self, os.close, self._descriptor)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def append(self, data: bytes) -> int:
        """Write at the end and return under which number it stands.

        Unbuffered: a full disk is noticed with the piece that meets it, not at the end of a run.

        Raises:
            OutputError: it cannot be written; what was written before stands.
        """
        end = self._starts[-1]
        rest = memoryview(data)
        try:
            while rest:
                written = os.pwrite(self._descriptor, rest, end)
                rest, end = rest[written:], end + written
        except OSError as error:
            raise self._failure(error) from error
        self._starts.append(end)
        return len(self._starts) - 2

    def __getitem__(self, number: int) -> bytes:
        start = self._starts[number]
        return os.pread(self._descriptor, self._starts[number + 1] - start, start)

    def __iter__(self) -> Iterator[bytes]:
        return map(self.__getitem__, range(len(self)))

    def close(self) -> None:
        """Let go of the file."""
        self._close()

    def _failure(self, error: OSError) -> OutputError:
        return OutputError(
            f"cannot write to {str(self._folder)!r}: {error.strerror or error}; make room and run the same command again"
        )
