"""The finished work of an earlier run: which record of results.jsonl was made from what, so that it need not be made again.

`OUT/.finished.v1` holds one line of JSON an article that has a record: what its input's bytes are recognised by, what
the batch marked in it, and place and checksum of its line in results.jsonl. The file is a memory, not a source: whoever
deletes it loses time. What it says is believed only where its own checksum holds, where the same settings and the same
code made it, and where the line of results.jsonl still has the checksum that stands here.
"""

from __future__ import annotations

import hashlib
import json
import os
from array import array
from collections.abc import Iterable
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

from summarizer.articles.files import open_regular
from summarizer.batch.spill import Spill
from summarizer.batch.waiting import FinishedLine, Ranges, Waiting
from summarizer.errors import InputError, OutputError
from summarizer.files import WholeFile

# The version stands in the name: what another version wrote is neither read nor overwritten.
FILE_NAME: Final = ".finished.v1"
_KEY_DIGITS: Final = 32
_CHUNK: Final = 1 << 20


class FinishedWork:
    """What an earlier run of the same settings and code left in a folder. Close it after use.

    Memory: some 200 bytes an article; the rest is read from the file when it is asked for.
    """

    def __init__(self) -> None:
        """Know nothing; `open` gives what there is."""
        # Why there is nothing to use where there might have been, in one line.
        self.problem: str | None = None
        # Whether results.jsonl is to the byte what this work goes with, and whether it holds no other records.
        self.is_whole = self.is_all_of_results = False
        # Whether every article of that run is here: those that are not had their part in what the batch marked.
        self.is_all_of_batch = False
        self._numbers: dict[bytes, int] = {}
        self._starts = array("Q")
        self._aliases: dict[bytes, tuple[bytes, str, str, bool]] = {}
        self._stack = ExitStack()
        self._entries = self._results = -1

    @classmethod
    def open(cls, folder: Path, fingerprint: str) -> FinishedWork:
        """Return the work of an earlier run; one that knows nothing, and says why, where that cannot be used."""
        work = cls()
        if not os.path.lexists(folder / FILE_NAME):
            return work
        try:
            work._open(folder, fingerprint)
        except (InputError, ValueError, TypeError, KeyError, OSError) as error:
            reason = str(error) if isinstance(error, _UnusableError) else f"{FILE_NAME!r} is damaged"
            work.close()
            work.problem = f"records of an earlier run are made again: {reason}"
        return work

    def __len__(self) -> int:
        return len(self._numbers)

    def recall(self, key: bytes) -> tuple[int, Waiting, FinishedLine] | None:
        """Return number, article and record of the input with this key, None where there is none."""
        number = self._numbers.get(key)
        if number is None:
            return None
        try:
            return number, *self.entry(number)
        except (ValueError, TypeError, KeyError, OverflowError):
            # A checksum is no signature: what is no entry is not there.
            return None

    def alias(self, key: bytes) -> tuple[bytes, str, str, bool] | None:
        """Return hash, source, id and whether it is given of an input that was passed over as another one's double."""
        return self._aliases.get(key)

    def entry(self, number: int) -> tuple[Waiting, FinishedLine]:
        """Return what is known of an article and of its record."""
        start = self._starts[number]
        values = json.loads(os.pread(self._entries, self._starts[number + 1] - start, start))
        return Waiting.from_list(values[:7]), FinishedLine.from_list(values[7:])

    def line(self, waiting: Waiting, place: FinishedLine) -> bytes | None:
        """Return an article's line of results.jsonl, None where the one that stands there is another."""
        try:
            line = os.pread(self._results, place.length, place.offset)
        except (OSError, OverflowError, ValueError):
            return None
        article = json.dumps(waiting.id, ensure_ascii=False).encode()
        is_right = (
            hashlib.sha256(line).digest() == place.sha256
            and line.endswith(b"}\n")
            and line.startswith(b'{"schema_version":"1","article":{"id":' + article)
        )
        return line if is_right else None

    def close(self) -> None:
        """Let go of the files; nothing is known afterwards."""
        self._numbers.clear()
        self._aliases.clear()
        self.is_whole = self.is_all_of_results = self.is_all_of_batch = False
        self._stack.close()

    def _open(self, folder: Path, fingerprint: str) -> None:
        self._entries = self._stack.enter_context(open_regular(folder / FILE_NAME))
        with os.fdopen(self._entries, "rb", _CHUNK, closefd=False) as file:
            digest = hashlib.sha256()
            first = file.readline()
            head = json.loads(first)
            if head["made_by"] != fingerprint:
                raise _UnusableError("settings or version are not those they were made with")
            digest.update(first)
            self._read_entries(file, digest, head["articles"], head["aliases"])
            if file.read() != digest.hexdigest().encode():
                raise ValueError
        try:
            self._results = self._stack.enter_context(open_regular(folder / "results.jsonl"))
        except InputError as error:
            raise _UnusableError("results.jsonl cannot be read") from error
        self.is_whole = _file_sha256(self._results) == head["results"]
        self.is_all_of_results = self.is_whole and head["records"] == head["articles"]
        self.is_all_of_batch = head["batch"] == head["articles"]

    def _read_entries(self, file: BinaryIO, digest: hashlib._Hash, articles: int, aliases: int) -> None:
        start = file.tell()
        for number in range(articles):
            line = file.readline()
            digest.update(line)
            self._starts.append(start)
            start += len(line)
            self._numbers[bytes.fromhex(line[2 : 2 + _KEY_DIGITS].decode("ascii"))] = number
        self._starts.append(start)
        for _ in range(aliases):
            line = file.readline()
            digest.update(line)
            key, sha256, source, name, is_id_given = json.loads(line)
            self._aliases[bytes.fromhex(key)] = (bytes.fromhex(sha256), source, name, is_id_given)


class _UnusableError(ValueError):
    """Work that is whole and not to be used."""


def write_finished(
    folder: Path,
    fingerprint: str,
    results: ResultsLog,
    entries: Iterable[tuple[Waiting, FinishedLine]],
    aliases: Iterable[bytes],
) -> None:
    """Write the finished work of a run, whole or not at all. It is not flushed to the disk: its checksum guards it.

    Raises:
        OutputError: it cannot be written.
    """
    # The head names counts that are known at the end; the lines wait until then.
    spill = Spill(folder)
    try:
        for waiting, place in entries:
            spill.append(waiting.to_line(*place.as_list()))
        articles = len(spill)
        for alias in aliases:
            spill.append(alias)
        head = {
            "made_by": fingerprint,
            "articles": articles,
            "aliases": len(spill) - articles,
            "batch": results.articles,
            "records": results.count,
            "results": results.sha256,
        }
        digest = hashlib.sha256()
        with WholeFile(folder / FILE_NAME, is_durable=False) as file:
            for line in chain([json.dumps(head).encode() + b"\n"], spill):
                digest.update(line)
                file.write(line)
            file.write(digest.hexdigest())
    finally:
        spill.close()


class ResultsLog:
    """Where each record stands in the results.jsonl that is being written. 52 bytes an article."""

    def __init__(self, articles: int) -> None:
        self.articles = articles
        self.count = 0
        self._offsets = array("Q", bytes(8 * articles))
        self._lengths = array("L", bytes(array("L").itemsize * articles))
        self._digests = bytearray(32 * articles)
        self._end = 0
        self._whole = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The hash of the whole file so far, in hexadecimal."""
        return self._whole.hexdigest()

    def add(self, position: int, line: bytes) -> None:
        """Note the next line, which is the record of the article at a position."""
        self._offsets[position] = self._end
        self._lengths[position] = len(line)
        self._digests[32 * position : 32 * position + 32] = hashlib.sha256(line).digest()
        self._whole.update(line)
        self._end += len(line)
        self.count += 1

    def place(self, position: int, code: int, marks: Ranges) -> FinishedLine:
        """Return where the record of a position stands."""
        return FinishedLine(
            code=code,
            offset=self._offsets[position],
            length=self._lengths[position],
            sha256=bytes(self._digests[32 * position : 32 * position + 32]),
            marks=marks,
        )


def forget_finished(folder: Path) -> None:
    """Remove the finished work, as before results that no later run may take over.

    Raises:
        OutputError: it cannot be removed.
    """
    try:
        (folder / FILE_NAME).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"cannot remove {str(folder / FILE_NAME)!r}: {error.strerror}; remove it by hand") from error


def alias_line(key: bytes, sha256: bytes, source: str, name: str, is_id_given: bool) -> bytes:
    """Return the line of an input that was passed over as another one's double."""
    values = [key.hex(), sha256.hex(), source, name, is_id_given]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _file_sha256(descriptor: int) -> str:
    digest = hashlib.sha256()
    position = 0
    while chunk := os.pread(descriptor, _CHUNK, position):
        digest.update(chunk)
        position += len(chunk)
    return digest.hexdigest()
