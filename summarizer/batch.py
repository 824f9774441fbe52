"""Many articles: read, processed at once, written whole.

Nothing of a run's state lives outside the answer store: an answer that came is stored before it is judged, so that the
same command, run again after a kill at any moment, pays only for what was in flight. Output files appear whole or not
at all, in the order of the input.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import platform
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from summarizer.api import PathLike, Summarizer
from summarizer.articles import Article, RepetitionIndex, file_name_of, read_inputs
from summarizer.errors import FormatError, OutputError, RunStoppedError
from summarizer.files import make_private_folder, write_whole
from summarizer.records import ArticleRecord, Deal, FailedInput, KeyFigure, Term
from summarizer.verify import verify_record

CACHE_FOLDER = ".cache"
_LOCK = ".lock"
_DISTRIBUTION = "newsproof"


class Reporter(Protocol):
    """Hears how a run goes; the terminal shows it, a caller may count it."""

    def begin(self, total: int, engine: str, model: str | None) -> None:
        """All inputs are read; `total` articles will be processed."""

    def finished(self, record: ArticleRecord) -> None:
        """One article has its record."""

    def problem(self, message: str) -> None:
        """Something that the run goes on without: an input, the store."""

    def end(self) -> None:
        """No more will come."""


@dataclass(slots=True, kw_only=True)
class Totals:
    """What a run did, in articles, answers and tokens."""

    articles: int = 0
    ok: int = 0
    needs_review: int = 0
    failed: int = 0
    inputs_not_read: int = 0
    not_run: int = 0
    requests: int = 0
    paid_requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    articles_without_usage: int = 0

    def count(self, record: ArticleRecord) -> None:
        """Add one record."""
        self.articles += 1
        setattr(self, record.status, getattr(self, record.status) + 1)
        run = record.run
        self.requests += run.requests
        self.paid_requests += run.paid_requests
        if run.engine == "llm" and run.requests and run.output_tokens is None:
            self.articles_without_usage += 1
        self.input_tokens += run.input_tokens or 0
        self.output_tokens += run.output_tokens or 0


@dataclass(slots=True, kw_only=True)
class BatchResult:
    """What a run leaves: records and failures in input order, totals, and why it stopped early if it did."""

    records: list[ArticleRecord] = field(default_factory=list)
    failures: list[FailedInput] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    stopped: RunStoppedError | None = None

    @property
    def exit_code(self) -> int:
        """The command's exit status by the contract."""
        if self.stopped is not None:
            return self.stopped.exit_code
        return 1 if any(failure.status == "failed" for failure in self.failures) else 0


def run_batch(summarizer: Summarizer, paths: Sequence[PathLike], out: Path, reporter: Reporter) -> BatchResult:
    """Process all inputs into an output folder: results.jsonl, failures.jsonl, run.json, texts/.

    Articles that were read but have no usable answer stand in results.jsonl with status `failed` and in
    failures.jsonl; inputs that never became an article in failures.jsonl alone. When the run is stopped by the
    provider, what is finished is written and what is not is listed as skipped.

    Raises:
        OutputError: the folder cannot be used, or another run uses it.
        SettingsError: the engine cannot be opened.
    """
    make_private_folder(out)
    with _exclusive(out):
        return asyncio.run(_run(summarizer, paths, out, reporter))


async def _run(summarizer: Summarizer, paths: Sequence[PathLike], out: Path, reporter: Reporter) -> BatchResult:
    began = time.monotonic()
    settings = summarizer.settings
    result = BatchResult()
    cache_dir = (settings.cache_dir or out / CACHE_FOLDER) if settings.use_cache else None
    async with summarizer.pipeline(cache_dir, reporter.problem) as pipeline:
        inputs = _read(paths)
        articles = [(index, source) for index, source in enumerate(inputs) if isinstance(source, Article)]
        reporter.begin(len(articles), pipeline.engine_name, pipeline.model)
        for source in inputs:
            if isinstance(source, FailedInput) and source.status == "failed":
                reporter.problem(f"{source.source}: {source.message}")
        _write_texts(out, [article for _, article in articles])
        records: dict[int, ArticleRecord] = {}
        queue = iter(articles)

        async def work() -> None:
            for index, article in queue:
                record = await pipeline.process(article)
                records[index] = record
                reporter.finished(record)

        workers = [asyncio.ensure_future(work()) for _ in range(min(settings.concurrency, len(articles)))]
        try:
            result.stopped = await _all_or_stopped(workers)
        finally:
            reporter.end()
    for index, source in enumerate(inputs):
        _file_result(result, source, records.get(index))
    write_results(out, result)
    _write_run_info(out, summarizer, result, time.monotonic() - began)
    return result


async def _all_or_stopped(workers: list[asyncio.Task[None]]) -> RunStoppedError | None:
    """Wait for all workers; when one says that the run is over, end the others and return why."""
    if not workers:
        return None
    try:
        done, _ = await asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    for worker in done:
        error = worker.exception() if not worker.cancelled() else None
        if isinstance(error, RunStoppedError):
            return error
        if error is not None:
            raise error
    return None


def _read(paths: Sequence[PathLike]) -> list[Article | FailedInput]:
    """Read all inputs; a text that several articles of the batch repeat is marked as furniture in each."""
    inputs = list(read_inputs(paths))
    index = RepetitionIndex()
    for source in inputs:
        if isinstance(source, Article):
            index.add(source)
    return [index.mark(source) if isinstance(source, Article) else source for source in inputs]


def _file_result(result: BatchResult, source: Article | FailedInput, record: ArticleRecord | None) -> None:
    """Put one input's outcome where it belongs: no input is in neither list."""
    if isinstance(source, FailedInput):
        result.failures.append(source)
        result.totals.inputs_not_read += source.status == "failed"
        return
    if record is None:
        message = "the run was stopped before this article; the same command goes on with it"
        result.failures.append(
            FailedInput(source=source.source, id=source.id, status="skipped", kind="not_run", message=message)
        )
        result.totals.not_run += 1
        return
    result.records.append(record)
    result.totals.count(record)
    if record.error is not None:
        result.failures.append(
            FailedInput(source=source.source, id=source.id, kind=record.error.kind, message=record.error.message)
        )


def write_results(out: Path, result: BatchResult) -> None:
    """Write results.jsonl and failures.jsonl, each whole."""
    write_whole(out / "results.jsonl", "".join(f"{record.to_json()}\n" for record in result.records))
    write_whole(out / "failures.jsonl", "".join(f"{failure.model_dump_json()}\n" for failure in result.failures))


def read_results(out: Path) -> tuple[list[ArticleRecord], list[FailedInput]]:
    """Read back what a run wrote.

    Raises:
        UnreadableInputError: no results.jsonl there.
        FormatError: a line is no record.
    """
    records = ArticleRecord.load_jsonl(out / "results.jsonl")
    failures_path = out / "failures.jsonl"
    failures = []
    if failures_path.exists():
        lines = failures_path.read_bytes().split(b"\n")
        failures = [FailedInput.model_validate_json(line) for line in lines if line.strip()]
    return records, failures


def verify_folder(out: Path) -> tuple[list[str], int]:
    """Derive every verdict of a run's folder again; return one line for each item that says more, and how many records.

    Raises:
        UnreadableInputError: no results.jsonl there.
        FormatError: a line is no record.
    """
    problems: list[str] = []
    checked = 0
    for record in ArticleRecord.iter_jsonl(out / "results.jsonl"):
        checked += 1
        path = text_path(out, record.article.id)
        try:
            text = path.read_bytes().decode("utf-8", "surrogatepass")
            again = verify_record(record, text)
        except OSError as error:
            problems.append(f"{record.article.id}: its text {str(path)!r} cannot be read: {error.strerror}")
        except (UnicodeDecodeError, FormatError) as error:
            problems.append(f"{record.article.id}: {error}")
        else:
            problems += [f"{record.article.id}: {line}" for line in _overstated(record, again)]
    return problems, checked


def _overstated(stored: ArticleRecord, again: ArticleRecord) -> Iterator[str]:
    """Name the items whose stored verdict is better than the one derived again."""
    pairs: list[tuple[str, KeyFigure | Deal | Term, KeyFigure | Deal | Term]] = []
    for figure, new_figure in zip(stored.key_figures or (), again.key_figures or (), strict=True):
        pairs.append((f"figure {figure.name!r}", figure, new_figure))
    for deal, new_deal in zip(stored.deals or (), again.deals or (), strict=True):
        pairs.append((f"deal {deal.name!r}", deal, new_deal))
        pairs += [(f"term {old.text!r}", old, new) for old, new in zip(deal.terms, new_deal.terms, strict=True)]
    for name, old, new in pairs:
        if old.verdict == "verified" and new.verdict != "verified":
            yield f"{name} says verified and is {new.verdict}: {', '.join(new.reasons)}"
    if stored.status == "ok" and again.status != "ok":
        yield f"status says ok and is {again.status}"


def text_path(out: Path, article_id: str) -> Path:
    """Return where an article's canonical text is kept."""
    return out / "texts" / f"{file_name_of(article_id)}.txt"


def _write_texts(out: Path, articles: Sequence[Article]) -> None:
    make_private_folder(out / "texts")
    for article in articles:
        write_whole(text_path(out, article.id), article.text.encode("utf-8", "surrogatepass"))


def _write_run_info(out: Path, summarizer: Summarizer, result: BatchResult, seconds: float) -> None:
    totals = result.totals
    cost_note = "no price known for this model" if totals.requests else "nothing was paid"
    info: dict[str, Any] = {
        "version": version(_DISTRIBUTION),
        "python": platform.python_version(),
        "engine": summarizer.settings.resolved_engine,
        "settings": summarizer.settings.model_dump(mode="json", exclude={"api_key"}),
        "counts": {name: getattr(totals, name) for name in Totals.__slots__},
        "cost_usd": None if totals.requests else 0,
        "cost_note": cost_note,
        "seconds": round(seconds, 3),
        "stopped": None if result.stopped is None else {"kind": result.stopped.kind, "message": str(result.stopped)},
    }
    write_whole(out / "run.json", json.dumps(info, ensure_ascii=False, indent=2) + "\n")


@contextmanager
def _exclusive(out: Path) -> Iterator[None]:
    """Hold the folder for one run; the kernel lets go of it when the process ends, however it ends."""
    handle = os.open(out / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 20).decode(errors="replace").strip() or "unknown"
            raise OutputError(
                f"{str(out)!r} is in use by another run (process {holder}); wait for it or name another --out"
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)
