"""Where articles wait for their turn and records for the end: on disk, so that memory does not grow with the batch."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from summarizer.articles import Article, RepetitionIndex
from summarizer.batch.folder import OutputFolder
from summarizer.errors import FormatError, OutputError
from summarizer.records import ArticleRecord


class ArticleShelf:
    """The articles of a run, in the order they were put; their texts lie in `texts/`, the rest in memory.

    A text that several articles of the batch repeat at head or tail is marked as furniture in each: put all, then take.
    """

    def __init__(self, folder: OutputFolder) -> None:
        self._folder = folder
        self._repetition = RepetitionIndex()
        self._stubs: list[tuple[Article, bytes]] = []

    def __len__(self) -> int:
        return len(self._stubs)

    def put(self, article: Article) -> None:
        """Write the article's text and remember the rest.

        Raises:
            OutputError: the text cannot be written.
        """
        self._folder.keep_text(article.id, article.text)
        self._repetition.add(article)
        self._stubs.append((replace(article, text=""), bytes.fromhex(article.sha256)))

    def take(self, position: int) -> Article:
        """Return an article by its position, whole again.

        Raises:
            UnreadableInputError: its text is gone.
            FormatError: its text was changed after it was put.
        """
        stub, digest = self._stubs[position]
        text = self._folder.text_of(stub.id)
        if hashlib.sha256(text.encode("utf-8")).digest() != digest:
            path = str(self._folder.text_path(stub.id))
            raise FormatError(f"{path!r} was changed while the run went on; run the same command again")
        return self._repetition.mark(replace(stub, text=text))

    def names(self) -> Iterator[tuple[str, str]]:
        """Give source and id of each article, in order."""
        return ((stub.source, stub.id) for stub, _ in self._stubs)


class RecordShelf:
    """Finished records in an unnamed file of the output folder, from which they are read back in order.

    Raises:
        OutputError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._spans: dict[int, tuple[int, int]] = {}
        self._end = 0
        try:
            # Unbuffered: a full disk is noticed with the record that meets it, not at the end of the run.
            self._file = cast(BinaryIO, tempfile.TemporaryFile(dir=folder, buffering=0))  # noqa: SIM115 - closed by `close`
        except OSError as error:
            raise self._failure(error) from error

    def put(self, position: int, record: ArticleRecord) -> None:
        """Keep the record of the article at a position.

        Raises:
            OutputError: it cannot be written.
        """
        line = f"{record.to_json()}\n".encode()
        try:
            self._file.seek(self._end)
            rest = memoryview(line)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise self._failure(error) from error
        self._spans[position] = (self._end, len(line))
        self._end += len(line)

    def __contains__(self, position: int) -> bool:
        return position in self._spans

    def lines(self) -> Iterator[bytes]:
        """Give the records as lines of JSON, in the order of their positions."""
        for position in sorted(self._spans):
            start, length = self._spans[position]
            self._file.seek(start)
            yield self._file.read(length)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _failure(self, error: OSError) -> OutputError:
        return OutputError(
            f"cannot write to {str(self._folder)!r}: {error.strerror or error}; make room and run the same command again"
        )
