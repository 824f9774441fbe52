"""One run: inputs read, articles processed side by side, results written in the order of the input."""

from __future__ import annotations

import asyncio
import json
import platform
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from summarizer.api import PathLike, Summarizer
from summarizer.articles import Article, read_inputs
from summarizer.batch.folder import CACHE_FOLDER, OutputFolder, writing_after_asking
from summarizer.batch.interruption import run_interruptibly
from summarizer.batch.outcome import BatchResult, Reporter, Totals, cost_info
from summarizer.batch.shelves import ArticleShelf, RecordShelf
from summarizer.errors import BadRequestError, InputError, OutputError, RunStoppedError, SummarizerError, UsageError
from summarizer.files import write_whole
from summarizer.pipeline import Pipeline
from summarizer.records import ArticleRecord, FailedInput

DISTRIBUTION: Final = "newsproof"
# So many requests refused as wrong, and none answered: the address or a setting is wrong, not the articles.
_REFUSALS_BEFORE_STOP: Final = 3
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
    shelf = ArticleShelf(folder)
    inputs = _read(paths, shelf, reporter)
    records = RecordShelf(folder.path)
    try:
        processing = _Processing(shelf=shelf, records=records, reporter=reporter)
        reporter.begin(len(shelf), summarizer.settings)
        try:
            with writing_after_asking():
                stopped = run_interruptibly(_process(processing, summarizer, folder))
        finally:
            reporter.end()
        result = BatchResult(totals=processing.totals, stopped=stopped)
        result.failures.extend(_failures(inputs, processing))
        with writing_after_asking():
            folder.write_results(records.lines(), result.failures)
            _write_run_info(folder, summarizer, result, time.monotonic() - began)
    finally:
        records.close()
    return result


def _read(paths: Sequence[PathLike], shelf: ArticleShelf, reporter: Reporter) -> list[FailedInput | int]:
    """Put all articles on the shelf; return for each input its position there, or why it has none."""
    inputs: list[FailedInput | int] = []
    for source in read_inputs(paths):
        if isinstance(source, Article):
            inputs.append(len(shelf))
            shelf.put(source)
            continue
        inputs.append(source)
        if source.status == "failed":
            is_named = repr(source.source) in source.message
            reporter.problem(source.message if is_named else f"{source.source}: {source.message}")
    return inputs


@dataclass(slots=True, kw_only=True)
class _Processing:
    """The articles under way and what has become of those that are done."""

    shelf: ArticleShelf
    records: RecordShelf
    reporter: Reporter
    totals: Totals = field(default_factory=Totals)
    failed: dict[int, FailedInput] = field(default_factory=dict)
    next_position: int = 0
    refusals: int = 0
    has_answers: bool = False

    async def work(self, pipeline: Pipeline) -> None:
        """Process articles until none is left."""
        while self.next_position < len(self.shelf):
            position = self.next_position
            self.next_position += 1
            # An article that is answered from here waits for nothing, and signals want their turn.
            await asyncio.sleep(0)
            try:
                article = self.shelf.take(position)
            except InputError as error:
                self._lose(position, error)
            else:
                self._finish(position, await pipeline.process(article))

    def _lose(self, position: int, error: InputError) -> None:
        source, article_id = next(name for index, name in enumerate(self.shelf.names()) if index == position)
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
    async with summarizer.pipeline(cache_dir, reporter.problem, must_keep=True) as pipeline:
        count = min(_affordable(settings.concurrency, reporter), len(processing.shelf))
        workers = [asyncio.ensure_future(processing.work(pipeline)) for _ in range(count)]
        if not workers:
            return None
        try:
            await asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION)
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


def _failures(inputs: Sequence[FailedInput | int], processing: _Processing) -> Iterator[FailedInput]:
    """Give a line for every input without a record that did not fail, in input order: none is left out."""
    totals = processing.totals
    names = processing.shelf.names()
    for source in inputs:
        if isinstance(source, FailedInput):
            totals.inputs_not_read += source.status == "failed"
            totals.inputs_skipped += source.status == "skipped"
            yield source
            continue
        name, article_id = next(names)
        if source in processing.failed:
            yield processing.failed[source]
        elif source not in processing.records:
            totals.not_run += 1
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
