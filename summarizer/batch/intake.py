"""Inputs taken in: each read, or known from an earlier run, and put on the shelf."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field

from summarizer.api import PathLike
from summarizer.articles.ahead import read_ahead
from summarizer.articles.inputs import failed_reading, find_inputs
from summarizer.articles.raw import IdRegister, RawInput
from summarizer.batch.finished import FinishedWork, alias_line
from summarizer.batch.folder import OutputFolder
from summarizer.batch.outcome import Reporter
from summarizer.batch.shelves import ArticleShelf
from summarizer.batch.spill import Spill
from summarizer.batch.waiting import STATUSES, FinishedLine, Waiting
from summarizer.errors import InputError
from summarizer.records import FailedInput


@dataclass(slots=True, kw_only=True)
class Intake:
    """All inputs of a run, in order.

    `failures` are those that are no articles, each with the number of articles before it; `codes` holds for each
    article the code of the record that an earlier run made of it and that still stands, 0 where it must be made.
    """

    folder: OutputFolder
    shelf: ArticleShelf
    finished: FinishedWork | None
    reporter: Reporter
    failures: list[tuple[int, FailedInput]] = field(default_factory=list)
    codes: bytearray = field(default_factory=bytearray)
    aliases: Spill
    # Whether the articles so far are those of the finished work, one by one.
    is_same: bool = True
    _ids: IdRegister = field(default_factory=IdRegister)

    def read(self, paths: Iterable[PathLike]) -> None:
        """Take in everything that the paths name. Cost: some 2 ms an article that is new, 0.05 ms one that is known."""
        with closing(read_ahead(find_inputs(paths), self._is_new)) as inputs:
            for found in inputs:
                if isinstance(found, FailedInput):
                    self._fail(found)
                else:
                    self._take(found)

    def settle(self, *, retries_failed: bool) -> None:
        """Decide which records stand. What a batch marks in an article may change with any article that comes or goes."""
        finished = self.finished
        if finished is None:
            return
        self.is_same = self.is_same and finished.is_all_of_batch and len(self.shelf) == len(finished)
        for position in range(len(self.shelf)):
            if self.shelf.finished_number(position) is None:
                continue
            if retries_failed and STATUSES[self.codes[position]] == "failed":
                self.codes[position] = 0
            elif not (self.is_same and finished.is_whole):
                waiting, place = self._known(position)
                stands = self.is_same or self.shelf.marks(waiting) == place.marks
                if not stands or finished.line(waiting, place) is None:
                    self.codes[position] = 0

    @property
    def is_unchanged(self) -> bool:
        """Whether results.jsonl is already what this run would write."""
        finished = self.finished
        return finished is not None and self.is_same and finished.is_all_of_results and all(self.codes)

    def known_line(self, position: int) -> bytes | None:
        """Return the line of a record that stands, None where it was changed meanwhile."""
        return None if self.finished is None else self.finished.line(*self._known(position))

    def _known(self, position: int) -> tuple[Waiting, FinishedLine]:
        number = self.shelf.finished_number(position)
        if self.finished is None or number is None:
            raise AssertionError("an article of no finished work")
        return self.finished.entry(number)

    def _is_new(self, raw: RawInput) -> bool:
        finished = self.finished
        return finished is None or (finished.recall(raw.key) is None and finished.alias(raw.key) is None)

    def _take(self, raw: RawInput) -> None:
        finished = self.finished
        key = raw.key if finished is not None else b""
        recalled = finished.recall(key) if finished is not None else None
        double = finished.alias(key) if finished is not None else None
        known, article = None, None
        try:
            if recalled is not None:
                number, known, place = recalled
                source, name, sha256, is_id_given = known.source, known.name, known.sha256, known.is_id_given
            elif double is not None:
                sha256, source, name, is_id_given = double
            else:
                article, is_id_given = raw.read()
                source, name, sha256 = article.source, article.id, bytes.fromhex(article.sha256)
            assigned = self._ids.assign(source, name, sha256, is_id_given=is_id_given)
            if isinstance(assigned, FailedInput):
                if key:
                    self.aliases.append(alias_line(key, sha256, source, name, is_id_given))
                self._fail(assigned)
            elif known is not None and known.id == assigned:
                if not self.folder.has_text(assigned, sha256):
                    self.folder.keep_text(assigned, raw.read()[0].text)
                self.is_same = self.is_same and number == len(self.shelf)
                self.shelf.put_finished(number)
                self.codes.append(place.code)
            else:
                article = article or raw.read()[0]
                self.is_same = False
                self.shelf.put(article.with_id(assigned), key=key, name=name, is_id_given=is_id_given)
                self.codes.append(0)
        except InputError as error:
            self._fail(failed_reading(raw, error))

    def _fail(self, failed: FailedInput) -> None:
        self.failures.append((len(self.shelf), failed))
        if failed.status == "failed":
            self.reporter.problem(failed.named_message)
