"""One run: inputs read, articles processed side by side, results written in the order of the input."""

from __future__ import annotations

import asyncio
import json
import platform
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from summarizer.api import PathLike, Summarizer
from summarizer.articles import Article
from summarizer.batch.fingerprints import work_fingerprint
from summarizer.batch.finished import FinishedWork, ResultsLog, forget_finished, write_finished
from summarizer.batch.folder import CACHE_FOLDER, OutputFolder, writing_after_asking
from summarizer.batch.intake import Intake
from summarizer.batch.interruption import run_interruptibly
from summarizer.batch.outcome import BatchResult, Reporter, Totals, cost_info
from summarizer.batch.shelves import ArticleShelf, RecordShelf
from summarizer.batch.spill import Spill
from summarizer.batch.waiting import CODES, STATUSES, FinishedLine, Waiting
from summarizer.errors import (
    BadRequestError,
    BudgetError,
    InputError,
    OutputError,
    RunStoppedError,
    SummarizerError,
    UsageError,
)
from summarizer.files import write_whole
from summarizer.pipeline import Pipeline
from summarizer.records import ArticleRecord, FailedInput

DISTRIBUTION: Final = "newsproof"
# So many requests refused as wrong, and none answered: the address or a setting is wrong, not the articles.
_REFUSALS_BEFORE_STOP: Final = 3
# While one worker judges its answer, another asks from its place.
_WORKERS_A_PLACE: Final = 2
# Files that are open whatever the concurrency: modules, store, outputs, standard streams.
_FILES_BESIDE_CONNECTIONS: Final = 40


def run_batch(
    summarizer: Summarizer, paths: Sequence[PathLike], folder: OutputFolder, reporter: Reporter
) -> BatchResult:
    """Process all inputs into an output folder that the caller holds: results.jsonl, failures.jsonl, run.json, texts/.

    Articles that were read but have no usable answer stand in results.jsonl with status `failed` and in
    failures.jsonl; inputs that never became an article in failures.jsonl alone. When the run is stopped by the
    provider, what is finished is written and what is not is listed as skipped. When it is interrupted, the outputs of
    an earlier run stand as they stood.

    Raises:
        OutputError: the folder cannot be used; found before anything is asked.
        SettingsError: the engine cannot be opened.
        SummarizerError: results cannot be written.
        KeyboardInterrupt: the run was interrupted; answers that came are stored.
    """
    began = time.monotonic()
    with closing(_Desk(summarizer, folder, reporter)) as desk:
        desk.intake.read(paths)
        desk.intake.settle(retries_failed=summarizer.settings.retry_failed)
        processing = _Processing(intake=desk.intake, records=desk.records, reporter=reporter)
        stopped = _process_what_is_left(processing, summarizer, folder)
        result = BatchResult(totals=processing.totals, stopped=stopped)
        result.failures.extend(_failures(processing))
        with writing_after_asking():
            desk.write(result)
            _write_run_info(folder, summarizer, result, time.monotonic() - began)
    return result


class _Desk:
    """What a run works on: inputs taken in, records made, the finished work of the last run and of this one."""

    def __init__(self, summarizer: Summarizer, folder: OutputFolder, reporter: Reporter) -> None:
        settings = summarizer.settings
        self._folder = folder
        self._reporter = reporter
        self._fingerprint = _fingerprint(summarizer)
        self._finished = FinishedWork()
        if self._fingerprint is not None and not (settings.fresh or settings.record):
            self._finished = FinishedWork.open(folder.path, self._fingerprint)
        if self._finished.problem is not None:
            reporter.problem(self._finished.problem)
        self.records = RecordShelf(folder.path)
        self.intake = Intake(
            folder=folder,
            shelf=ArticleShelf(folder, self._finished),
            finished=self._finished if self._fingerprint is not None else None,
            reporter=reporter,
            aliases=Spill(folder.path),
        )

    def write(self, result: BatchResult) -> None:
        """Write results.jsonl, failures.jsonl and the finished work, as far as they are not what stands there already.

        Raises:
            OutputError: one of them cannot be written, or an earlier record was changed while the run went on.
        """
        if self.intake.is_unchanged:
            self._folder.write_failures(result.failures)
            return
        log = ResultsLog(len(self.intake.shelf))
        self._folder.write_results(self._lines(log), result.failures)
        if self._fingerprint is None:
            forget_finished(self._folder.path)
            return
        try:
            write_finished(self._folder.path, self._fingerprint, log, self._entries(log), self.intake.aliases)
        except OutputError as error:
            # The results are written, and nothing but time depends on this.
            self._reporter.problem(f"the next run will make all records again: {error}")

    def close(self) -> None:
        self.records.close()
        self.intake.shelf.close()
        self.intake.aliases.close()
        self._finished.close()

    def _lines(self, log: ResultsLog) -> Iterator[bytes]:
        for position, code in enumerate(self.intake.codes):
            line: bytes | None
            if code:
                line = self.intake.known_line(position)
                if line is None:
                    raise OutputError(
                        f"{str(self._folder.results_path)!r} was changed while the run went on; run the same command again"
                    )
            elif position in self.records:
                line = self.records.line(position)
            else:
                continue
            log.add(position, line)
            yield line

    def _entries(self, log: ResultsLog) -> Iterator[tuple[Waiting, FinishedLine]]:
        shelf = self.intake.shelf
        for position, kept in enumerate(self.intake.codes):
            code = kept or (self.records.code(position) if position in self.records else 0)
            if code:
                waiting = shelf.waiting(position)
                yield waiting, log.place(position, code, shelf.marks(waiting))


def _fingerprint(summarizer: Summarizer) -> str | None:
    """Return what the records of this run depend on; None where they may neither be kept for a later run nor taken over.

    A replay shows that recordings answer everything, which a record that is taken over would hide.
    """
    settings = summarizer.settings
    if settings.replay is not None or not settings.use_cache:
        return None
    try:
        return work_fingerprint(settings, summarizer.ask)
    except OSError:
        return None


def _process_what_is_left(
    processing: _Processing, summarizer: Summarizer, folder: OutputFolder
) -> SummarizerError | None:
    """Process the articles that have no record yet; return why no further one could be, None when all were."""
    left = processing.take_over()
    if not left and processing.totals.reused:
        # Nobody is asked: the engine, which takes a second to load, is not opened.
        return None
    processing.reporter.begin(left, summarizer.settings)
    try:
        with writing_after_asking():
            return run_interruptibly(_process(processing, summarizer, folder))
    finally:
        processing.reporter.end()


@dataclass(slots=True, kw_only=True)
class _Processing:
    """The articles under way and what has become of those that are done."""

    intake: Intake
    records: RecordShelf
    reporter: Reporter
    totals: Totals = field(default_factory=Totals)
    failed: dict[int, FailedInput] = field(default_factory=dict)
    next_position: int = 0
    refusals: int = 0
    has_answers: bool = False

    @property
    def shelf(self) -> ArticleShelf:
        """The articles of the run."""
        return self.intake.shelf

    def take_over(self) -> int:
        """Count the records that stand as an earlier run left them; return how many are to be made."""
        codes = self.intake.codes
        for code, status in STATUSES.items():
            self.totals.count_reused(status, codes.count(code))
        self.has_answers = self.totals.reused > self.totals.failed
        position = codes.find(CODES["failed"])
        while position >= 0:
            record = json.loads(self.intake.known_line(position) or b"{}")
            self.failed[position] = FailedInput(
                source=record["article"]["source"], id=record["article"]["id"], **record["error"]
            )
            position = codes.find(CODES["failed"], position + 1)
        return codes.count(0)

    async def work(self, pipeline: Pipeline) -> None:
        """Process articles until none is left."""
        while True:
            async with pipeline.places:
                taken = await self._take()
                if taken is None:
                    return
                position, article = taken
                asked = await pipeline.ask_about(article)
            self._finish(position, await pipeline.judge(article, asked))

    async def _take(self) -> tuple[int, Article] | None:
        """Return the next article that can be read, with its position; None where none is left."""
        while self.next_position < len(self.shelf):
            position = self.next_position
            self.next_position += 1
            if self.intake.codes[position]:
                continue
            # An article that is answered from here waits for nothing, and signals want their turn.
            await asyncio.sleep(0)
            try:
                return position, self.shelf.take(position)
            except InputError as error:
                self._lose(position, error)
        return None

    def _lose(self, position: int, error: InputError) -> None:
        source, article_id = self.shelf.name(position)
        self.failed[position] = FailedInput(source=source, id=article_id, kind=error.kind, message=str(error))
        self.totals.inputs_not_read += 1
        self.reporter.problem(str(error))

    def _finish(self, position: int, record: ArticleRecord) -> None:
        self.records.put(position, record)
        self.totals.count(record)
        self.reporter.finished(record)
        self.has_answers = self.has_answers or record.run.requests > 0 or record.error is None
        if record.error is None:
            return
        self.failed[position] = FailedInput(
            source=record.article.source, id=record.article.id, kind=record.error.kind, message=record.error.message
        )
        self.refusals += record.error.kind == BadRequestError.kind
        is_hopeless = not self.has_answers and self.refusals >= _REFUSALS_BEFORE_STOP
        if is_hopeless and self.next_position < len(self.shelf):
            raise RunStoppedError(
                f"the first {self.refusals} articles were all refused in the same way and none was answered; "
                f"see to address, model and settings and run the same command again; last: {record.error.message}"
            )


async def _process(processing: _Processing, summarizer: Summarizer, folder: OutputFolder) -> SummarizerError | None:
    """Process all articles; return why no further one could be, None when all were."""
    settings, reporter = summarizer.settings, processing.reporter
    cache_dir = (settings.cache_dir or folder.path / CACHE_FOLDER) if settings.use_cache else None
    places = _affordable(settings.concurrency, reporter)
    async with summarizer.pipeline(cache_dir, reporter.problem, must_keep=True, concurrency=places) as pipeline:
        count = min(_WORKERS_A_PLACE * places, processing.intake.codes.count(0))
        workers = [asyncio.ensure_future(processing.work(pipeline)) for _ in range(count)]
        if not workers:
            return None
        try:
            ended, others = await asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION)
            if others and any(isinstance(worker.exception(), BudgetError) for worker in ended):
                # Nothing is under way any more: the others have their answers, or are about to hear the same.
                await asyncio.wait(others)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            processing.totals.count_unfinished(pipeline.engine.given_up)
    return _why_stopped(workers, processing.totals)


def _why_stopped(workers: Sequence[asyncio.Task[None]], totals: Totals) -> SummarizerError | None:
    """Return the error that ended the run for every article; raise any that ought not to happen."""
    stopped: SummarizerError | None = None
    for worker in workers:
        error = None if worker.cancelled() else worker.exception()
        if isinstance(error, RunStoppedError) or (isinstance(error, UsageError) and not isinstance(error, OutputError)):
            totals.count_unfinished(error.effort)
            stopped = stopped or error
        elif error is not None:
            raise error
    return stopped


def _affordable(concurrency: int, reporter: Reporter) -> int:
    """Return how many articles may be under way at once, each with a connection, within the limit of open files."""
    wanted = concurrency + _FILES_BESIDE_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return concurrency
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    except (OSError, ValueError):
        allowed = soft
    lowered = max(1, min(concurrency, allowed - _FILES_BESIDE_CONNECTIONS))
    if lowered < concurrency:
        reporter.problem(
            f"{lowered} articles at once instead of {concurrency}: only {allowed} files may be open (ulimit -n)"
        )
    return lowered


def _failures(processing: _Processing) -> Iterator[FailedInput]:
    """Give a line for every input without a record that did not fail, in input order: none is left out."""
    totals, intake = processing.totals, processing.intake
    unread = iter([*intake.failures, (len(intake.shelf) + 1, None)])
    before, failed = next(unread)
    for position in range(len(intake.shelf) + 1):
        while failed is not None and before == position:
            totals.inputs_not_read += failed.status == "failed"
            totals.inputs_skipped += failed.status == "skipped"
            yield failed
            before, failed = next(unread)
        if position in processing.failed:
            yield processing.failed[position]
        elif position < len(intake.shelf) and not intake.codes[position] and position not in processing.records:
            totals.not_run += 1
            name, article_id = intake.shelf.name(position)
            message = "the run was stopped before this article; the same command goes on with it"
            yield FailedInput(source=name, id=article_id, status="skipped", kind="not_run", message=message)


def _write_run_info(folder: OutputFolder, summarizer: Summarizer, result: BatchResult, seconds: float) -> None:
    settings, totals = summarizer.settings, result.totals
    model = settings.model if settings.resolved_engine == "llm" else None
    info: dict[str, Any] = {
        "version": distribution_version(),
        "python": platform.python_version(),
        "engine": settings.resolved_engine,
        "model": model,
        "settings": settings.model_dump(mode="json", exclude={"api_key"}),
        "counts": totals.counts(),
        **cost_info(totals, settings),
        "seconds": round(seconds, 3),
        "stopped": None if result.stopped is None else {"kind": result.stopped.kind, "message": str(result.stopped)},
    }
    write_whole(folder.path / "run.json", json.dumps(info, ensure_ascii=False, indent=2) + "\n")


def distribution_version() -> str:
    """Return the installed version, `unknown` in a checkout that was never installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "unknown"
