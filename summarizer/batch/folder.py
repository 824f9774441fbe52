"""The output folder of a run: who holds it, what lies in it, how it is written and read back."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from summarizer.articles.files import OUTPUT_MARK, read_bytes
from summarizer.articles.texts import TEXTS_FOLDER, read_text, text_path
from summarizer.errors import FormatError, InputError, OutputError, SummarizerError, UsageError
from summarizer.files import WholeFile, make_private_folder, write_whole
from summarizer.records import ArticleRecord, FailedInput

CACHE_FOLDER: Final = ".cache"
_SHOWN_IDS: Final = 10
# What `files.WholeFile` leaves behind when the process is killed while it writes.
_LEFT_BEHIND: Final = re.compile(r"\.[0-9a-f]{16}\.part")


@dataclass(frozen=True, slots=True)
class OutputFolder:
    """Names and contents of one output folder. `hold_folder` gives one to write to, `open_folder` one to read."""

    path: Path

    @property
    def results_path(self) -> Path:
        """One record a line, in the order of the input."""
        return self.path / "results.jsonl"

    @property
    def failures_path(self) -> Path:
        """One line an input that failed or was skipped."""
        return self.path / "failures.jsonl"

    @property
    def texts_path(self) -> Path:
        """Folder of the canonical texts."""
        return self.path / TEXTS_FOLDER

    def text_path(self, article_id: str) -> Path:
        """Return where an article's canonical text is kept."""
        return text_path(self.path, article_id)

    def keep_text(self, article_id: str, text: str) -> None:
        """Write an article's canonical text, unless the same stands there already.

        It is not flushed to the disk, which would take most of the time of reading a large batch: a text that a power
        loss took is told by its hash and written again from the input.

        Raises:
            OutputError: it cannot be written.
        """
        path = self.text_path(article_id)
        content = text.encode("utf-8")
        with contextlib.suppress(InputError):
            if read_bytes(path) == content:
                return
        write_whole(path, content, is_durable=False)

    def has_text(self, article_id: str, sha256: bytes) -> bool:
        """Return whether the article's text stands there, with this hash."""
        try:
            return hashlib.sha256(read_bytes(self.text_path(article_id))).digest() == sha256
        except InputError:
            return False

    def text_of(self, article_id: str) -> str:
        """Return an article's canonical text, newlines as they are.

        Raises:
            UnreadableInputError: it is missing or may not be read.
            FormatError: it is no UTF-8.
        """
        return read_text(self.path, article_id)

    def write_results(self, lines: Iterable[bytes], failures: Iterable[FailedInput]) -> None:
        """Write results.jsonl and failures.jsonl, each whole or not at all.

        Raises:
            OutputError: one of them cannot be written.
        """
        with WholeFile(self.results_path) as results, WholeFile(self.failures_path) as failed:
            for line in lines:
                results.write(line)
            for failure in failures:
                failed.write(f"{failure.model_dump_json()}\n")

    def write_failures(self, failures: Iterable[FailedInput]) -> None:
        """Write failures.jsonl alone, unless it says the same already.

        Raises:
            OutputError: it cannot be written.
        """
        content = "".join(f"{failure.model_dump_json()}\n" for failure in failures).encode()
        with contextlib.suppress(InputError):
            if read_bytes(self.failures_path) == content:
                return
        write_whole(self.failures_path, content)

    def records(self) -> Iterator[ArticleRecord]:
        """Read the records one by one.

        Raises:
            UnreadableInputError: results.jsonl may not be read.
            FormatError: a line is no record.
        """
        return ArticleRecord.iter_jsonl(self.results_path)

    def record(self, name: str) -> ArticleRecord:
        """Read the one record whose article has this id, or whose id alone begins with it.

        Raises:
            UsageError: there is none, or more than one.
            FormatError: a line is no record.
        """
        found: list[ArticleRecord] = []
        known: list[str] = []
        for record in self.records():
            article_id = record.article.id
            if article_id == name:
                return record
            known.append(article_id)
            if article_id.startswith(name):
                found.append(record)
        if len(found) != 1:
            some = [record.article.id for record in found] or known
            what = "several articles have ids that begin with" if found else "no article has the id"
            listed = ", ".join(map(repr, some[:_SHOWN_IDS])) + (", …" if len(some) > _SHOWN_IDS else "")
            raise UsageError(f"{what} {name!r}; there are {listed or 'none'}")
        return found[0]

    def failures(self) -> list[FailedInput]:
        """Read what failed or was skipped; empty where the file is missing.

        Raises:
            UnreadableInputError: the file may not be read.
            FormatError: a line is none of a run's.
        """
        if not self.failures_path.exists():
            return []
        failures = []
        for number, line in enumerate(read_bytes(self.failures_path).split(b"\n"), start=1):
            if not line.strip():
                continue
            try:
                failures.append(FailedInput.model_validate_json(line))
            except ValidationError as error:
                raise FormatError(
                    f"{str(self.failures_path)!r} line {number} is none that a run wrote; run again to make it anew"
                ) from error
        return failures


def open_folder(path: str | os.PathLike[str]) -> OutputFolder:
    """Return the output folder of an earlier run, for reading.

    Raises:
        UsageError: no run wrote its results there.
    """
    folder = OutputFolder(Path(path))
    if not folder.results_path.is_file():
        raise UsageError(
            f"no results.jsonl in {os.fspath(path)!r}; name the output folder of a run that came to its end"
        )
    return folder


@contextmanager
def hold_folder(path: str | os.PathLike[str]) -> Iterator[OutputFolder]:
    """Make the folder where it is missing and hold it for one writer, until the block or the process ends.

    The kernel lets go of it when the process ends, however it ends: a lock file alone blocks nobody. Temporary files
    of a writer that was killed are cleared away.

    Raises:
        OutputError: the folder cannot be made or written, or another process holds it.
    """
    folder = OutputFolder(make_private_folder(path))
    handle = _lock(folder.path)
    try:
        if folder.texts_path.is_symlink():
            raise OutputError(f"{str(folder.texts_path)!r} is a link; remove it, or name another --out")
        make_private_folder(folder.texts_path)
        for place in (folder.path, folder.texts_path):
            _clear_away(place)
        yield folder
    finally:
        os.close(handle)


@contextmanager
def writing_after_asking() -> Iterator[None]:
    """Inside, an output that cannot be written is a failed run (exit 1), no longer an unusable argument (exit 2).

    Raises:
        SummarizerError: an output file cannot be written.
    """
    try:
        yield
    except OutputError as error:
        raise SummarizerError(f"{error}; answers that were stored are not asked for again") from error


def _lock(folder: Path) -> int:
    path = folder / OUTPUT_MARK
    handle = None
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
    except BlockingIOError:
        holder = os.pread(handle, 20, 0).decode(errors="replace").strip() if handle is not None else ""
        if handle is not None:
            os.close(handle)
        raise OutputError(
            f"{str(folder)!r} is in use by another run (process {holder or 'unknown'}); wait for it or name another --out"
        ) from None
    except OSError as error:
        if handle is not None:
            os.close(handle)
        raise OutputError(
            f"cannot use the folder {str(folder)!r}: {path.name!r} cannot be locked ({error.strerror}); "
            "make room, remove what stands there, or name another --out"
        ) from error
    return handle


def _clear_away(folder: Path) -> None:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _LEFT_BEHIND.fullmatch(entry.name):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)  # noqa: PTH108 - of a DirEntry there may be many
