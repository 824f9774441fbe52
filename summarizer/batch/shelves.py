"""Where articles wait for their turn and records for the end: on disk, so that memory does not grow with the batch."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterator
from pathlib import Path

from summarizer.articles import Article, RepetitionIndex
from summarizer.articles.repetition import Edges
from summarizer.articles.stub import article_of, stub_of
from summarizer.batch.finished import FinishedWork
from summarizer.batch.folder import OutputFolder
from summarizer.batch.spill import Spill
from summarizer.batch.waiting import CODES, Waiting, pack
from summarizer.errors import AnswerError, FormatError
from summarizer.records import ArticleRecord

_NONE = -1


class ArticleShelf:
    """The articles of a run, in the order they were put; their texts lie in `texts/`, the rest in an unnamed file.

    A text that several articles of the batch repeat at head or tail is marked as furniture in each: put all, then take.
    Memory: some 20 bytes an article, and what the repetition index holds.
    """

    def __init__(self, folder: OutputFolder, finished: FinishedWork | None = None) -> None:
        self._folder = folder
        self._finished = finished
        self._repetition = RepetitionIndex()
        self._counted = 0
        self._stubs = Spill(folder.path)
        # The number of a stub; of an article that an earlier run finished, its number there, inverted.
        self._places = array("q")

    def __len__(self) -> int:
        return len(self._places)

    def put(self, article: Article, *, key: bytes = b"", name: str | None = None, is_id_given: bool = False) -> None:
        """Write the article's text and remember the rest.

        Args:
            article: the article, under its id in this run.
            key: what its input is recognised by in the next run; empty where that is not wanted.
            name: its id before ids were made unique, where that was another one.
            is_id_given: whether the input itself states the id.

        Raises:
            OutputError: the text or the rest cannot be written.
        """
        self._folder.keep_text(article.id, article.text)
        edges = Edges.of(article)
        waiting = Waiting(
            key=key,
            name=name or article.id,
            is_id_given=is_id_given,
            sha256=bytes.fromhex(article.sha256),
            stub=stub_of(article),
            body=edges.body,
            packed=pack(edges),
        )
        self._places.append(self._stubs.append(waiting.to_line()))

    def put_finished(self, number: int) -> None:
        """Take an article that an earlier run finished, by its number there; its text stands in `texts/`."""
        self._places.append(~number)

    def finished_number(self, position: int) -> int | None:
        """Return the number of an article in the finished work, None for one that was read now."""
        place = self._places[position]
        return ~place if place < 0 else None

    def waiting(self, position: int) -> Waiting:
        """Return what is known of an article without its text."""
        place = self._places[position]
        if place >= 0:
            return Waiting.from_list(json.loads(self._stubs[place]))
        if self._finished is None:
            raise AssertionError("an article of no finished work")
        return self._finished.entry(~place)[0]

    def take(self, position: int) -> Article:
        """Return an article by its position, whole again.

        Raises:
            UnreadableInputError: its text is gone.
            FormatError: its text was changed after it was put.
        """
        waiting = self.waiting(position)
        text = self._folder.text_of(waiting.id)
        if hashlib.sha256(text.encode("utf-8")).digest() != waiting.sha256:
            path = str(self._folder.text_path(waiting.id))
            raise FormatError(f"{path!r} was changed while the run went on; run the same command again")
        self._count()
        try:
            article = article_of(waiting.stub, text)
        except (TypeError, ValueError, KeyError) as error:
            raise FormatError(
                f"what an earlier run knew of {waiting.id!r} is damaged; run again with --fresh"
            ) from error
        return self._repetition.mark(article, waiting.edges)

    def marks(self, waiting: Waiting) -> list[tuple[int, int]]:
        """Return the ranges that an article of this shelf shares with others. The first call takes some 20 µs an article."""
        self._count()
        return self._repetition.repeated(waiting.edges)

    def name(self, position: int) -> tuple[str, str]:
        """Return source and id of an article."""
        waiting = self.waiting(position)
        return waiting.source, waiting.id

    def names(self) -> Iterator[tuple[str, str]]:
        """Give source and id of each article, in order."""
        return map(self.name, range(len(self)))

    def close(self) -> None:
        """Let go of the file."""
        self._stubs.close()

    def _count(self) -> None:
        while self._counted < len(self):
            waiting = self.waiting(self._counted)
            self._repetition.count(waiting.sha256, waiting.edges)
            self._counted += 1


class RecordShelf:
    """Finished records in an unnamed file of the output folder, from which they are read back in order.

    Raises:
        OutputError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._lines = Spill(folder)
        self._numbers = array("q")
        self._codes = bytearray()

    def put(self, position: int, record: ArticleRecord) -> None:
        """Keep the record of the article at a position.

        Raises:
            OutputError: it cannot be written.
        """
        number = self._lines.append(f"{record.to_json()}\n".encode())
        missing = position + 1 - len(self._numbers)
        if missing > 0:
            self._numbers.extend([_NONE] * missing)
            self._codes.extend(bytes(missing))
        self._numbers[position] = number
        self._codes[position] = reuse_code(record)

    def __contains__(self, position: int) -> bool:
        return position < len(self._numbers) and self._numbers[position] != _NONE

    def line(self, position: int) -> bytes:
        """Return the record of a position as a line of JSON."""
        return self._lines[self._numbers[position]]

    def code(self, position: int) -> int:
        """Return `reuse_code` of the record of a position."""
        return self._codes[position]

    def lines(self) -> Iterator[bytes]:
        """Give the records as lines of JSON, in the order of their positions."""
        return (self._lines[number] for number in self._numbers if number != _NONE)

    def close(self) -> None:
        """Let go of the file."""
        self._lines.close()


def reuse_code(record: ArticleRecord) -> int:
    """Say whether a later run may take the record as it is, and with which status; 0 where it must be made again.

    What failed unpaid is asked again: only a record that failed over answers, which were paid and are kept, stands. The
    same holds for a follow-up.
    """
    answered = {one.kind for one in AnswerError.__subclasses__()}
    failures = [note.partition(":")[2] for note in record.run.notes if note.startswith("follow_up_failed:")]
    if record.error is not None:
        failures.append(record.error.kind)
    return CODES[record.status] if answered.issuperset(failures) else 0
