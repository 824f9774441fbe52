"""Collecting: the answers of finished jobs go into the store, and every request without one is named."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from summarizer.batch import OutputFolder, writing_after_asking
from summarizer.errors import CutReplyError, RunStoppedError, SettingsError, StoreError, SummarizerError
from summarizer.provider_batch.answers_file import AnswerLine, failure_of, is_torn, read_answers
from summarizer.provider_batch.ledger import Entry, Job, Ledger
from summarizer.provider_batch.once import settle
from summarizer.provider_batch.places import clear_scratch, ledger_folder, open_store
from summarizer.provider_batch.provider import BatchProvider
from summarizer.wire.exchange import Exchange, usage_of
from summarizer.wire.store import AnswerStore

# Statuses after which nothing more comes.
FINAL: Final = frozenset({"completed", "failed", "expired", "cancelled"})
# So many answers are kept in one commit.
_KEPT_AT_ONCE: Final = 256
_DOWNLOADS: Final = 3
_SHOWN_PROBLEMS: Final = 20
_FIRST_PAUSE_S: Final = 30.0
_LONGEST_PAUSE_S: Final = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JobReport:
    """What has become of one job.

    `state` is the job in the ledger; `status` the provider's word for it. `failures` are article and reason of each
    request that has no answer; `problems` lines of its files that belong to no request. `error` says why a job that
    has come to its end could not be collected; it stays open.
    """

    job: Job
    status: str
    failures: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    error: SummarizerError | None = None

    @property
    def is_running(self) -> bool:
        """Whether the provider still works on it."""
        return self.job.state == "open" and self.error is None

    @property
    def is_clean(self) -> bool:
        """Whether nothing has to be named."""
        return not self.failures and not self.problems and self.error is None


@dataclass(slots=True)
class _Harvest:
    """What the files of one job gave so far."""

    answered: set[str] = field(default_factory=set)
    failures: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    hidden_problems: int = 0
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("input_tokens", "cached_input_tokens", "output_tokens", "without_usage"), 0
        )
    )

    def complain(self, problem: str) -> None:
        if len(self.problems) < _SHOWN_PROBLEMS:
            self.problems.append(problem)
        else:
            self.hidden_problems += 1

    def count(self, line: AnswerLine) -> None:
        """Add the tokens of an answer, good or bad: they were charged."""
        usage = None if line.body is None else usage_of(line.body)
        if usage is None:
            self.counts["without_usage"] += line.exchange is not None
            return
        self.counts["input_tokens"] += usage.input_tokens or 0
        self.counts["cached_input_tokens"] += usage.cached_input_tokens or 0
        self.counts["output_tokens"] += usage.output_tokens or 0
        self.counts["without_usage"] += usage.input_tokens is None or usage.output_tokens is None


async def collect_jobs(
    folder: OutputFolder, provider: BatchProvider, say: Callable[[str], None], *, waits: bool = False
) -> AsyncIterator[JobReport]:
    """Put the answers of all jobs that have ended into their stores; the caller holds the folder.

    Gives a report for each job that is open, as soon as it is known; with `waits`, one for each that
    has ended and none for those that run, asking again every 30 s to 10 min until all have ended.

    An answer that the store has already stays as it is. Killed at any moment and called again it does the rest: a job
    has ended only when all its answers are on disk. A job that cannot be collected (a file that is gone, or comes torn
    again and again), or that went to another address, stays open, and is named.

    Raises:
        RunStoppedError: the provider cannot be asked.
        OutputError: the ledger cannot be used.
        SummarizerError: a file cannot be written, or answers cannot be kept (StoreError).
    """
    scratch = clear_scratch(folder)
    pause_s = _FIRST_PAUSE_S
    with Ledger(ledger_folder(folder)) as ledger, writing_after_asking():
        await settle(ledger, provider)
        for job in ledger.jobs():
            if job.state in ("creating", "open") and job.base_url != provider.base_url:
                elsewhere = SettingsError(f"it went to {job.base_url}; name that address by --base-url")
                yield JobReport(job=job, status="not collected", error=elsewhere)
        given_up: set[int] = set()
        while True:
            running = 0
            for job in open_jobs(ledger, provider):
                if job.number in given_up:
                    continue
                try:
                    report = await _collect(job, folder, scratch, ledger, provider, say)
                except RunStoppedError:
                    raise
                except SummarizerError as error:
                    if isinstance(error, StoreError) or error.exit_code != 1:
                        raise
                    report = JobReport(job=job, status="not collected", error=error)
                    given_up.add(job.number)
                running += report.is_running
                if not (waits and report.is_running):
                    yield report
            if not (waits and running):
                return
            say(f"{running} {'job runs' if running == 1 else 'jobs run'} still; asked again in {pause_s:.0f} s")
            await provider.clock.sleep(pause_s)
            pause_s = min(_LONGEST_PAUSE_S, pause_s * 1.5)


def open_jobs(ledger: Ledger, provider: BatchProvider) -> list[Job]:
    """Return the jobs that the provider at this address has and whose answers are not collected yet."""
    return [job for job in ledger.jobs() if job.state == "open" and job.base_url == provider.base_url]


async def _collect(
    job: Job, folder: OutputFolder, scratch: Path, ledger: Ledger, provider: BatchProvider, say: Callable[[str], None]
) -> JobReport:
    batch = await provider.batch(str(job.batch_id))
    if batch is None:
        raise SummarizerError(
            f"{provider.host!r} knows no job {job.batch_id!r}; check that the key is of the account that submitted it"
        )
    status = str(batch.get("status"))
    if status not in FINAL:
        return JobReport(job=job, status=status)
    counts = batch.get("request_counts")
    completed = counts.get("completed") if isinstance(counts, dict) else None
    if completed and not batch.get("output_file_id"):
        raise SummarizerError(
            f"{provider.host!r} says that {completed} requests are answered and names no file with them; "
            "collect again later"
        )
    files = [
        await _fetch(batch.get(f"{sort}_file_id"), scratch / f"{job.token}.{sort}.jsonl", provider)
        for sort in ("output", "error")
    ]
    harvest, entries = _Harvest(), ledger.entries(job)
    store = open_store(folder, Path(job.cache_dir) if job.cache_dir else None, say)
    try:
        for path, sort in zip(files, ("output", "error"), strict=True):
            if path is not None:
                _reap(path, sort, entries, harvest, store, provider)
    finally:
        store.close()
    _name_the_rest(batch, status, entries, harvest, provider)
    job = ledger.end(job, status, harvest.failures, {"answered": len(harvest.answered), **harvest.counts})
    for path in files:
        if path is not None:
            path.unlink(missing_ok=True)
    if harvest.hidden_problems:
        harvest.problems.append(f"{harvest.hidden_problems} more lines like these")
    return JobReport(job=job, status=status, failures=tuple(ledger.failures(job)), problems=tuple(harvest.problems))


async def _fetch(file_id: object, path: Path, provider: BatchProvider) -> Path | None:
    """Download a file whole; None where the job has none."""
    if not isinstance(file_id, str) or not file_id:
        return None
    expected = await provider.file_size(file_id)
    sizes = set()
    for _ in range(_DOWNLOADS):
        size = await provider.download(file_id, path)
        if size is None:
            raise SummarizerError(f"{provider.host!r} no longer has the file {file_id!r} with the answers of this job")
        if size == expected or (expected is None and not is_torn(path)):
            return path
        sizes.add(size)
    # The same every time: a last line that is broken is so at the provider, and a whole one says that the size is wrong.
    if len(sizes) == 1 and (expected is None or not is_torn(path)):
        return path
    raise CutReplyError(
        f"the file {file_id!r} came with {size} bytes instead of {expected}, {_DOWNLOADS} times; collect again later"
    )


def _reap(
    path: Path, sort: str, entries: dict[str, Entry], harvest: _Harvest, store: AnswerStore, provider: BatchProvider
) -> None:
    """Keep the good answers of one file, and note the others."""
    waiting: list[Exchange] = []
    for line in read_answers(path, provider.authorization):
        key, place = line.key, f"line {line.number} of the {sort} file"
        if key is None or key not in entries:
            said = line.failure if key is None else f"is about {line.shown_key}, which is no request of this job"
            harvest.complain(f"{place} {said}")
            continue
        if key in harvest.answered or (key in harvest.failures and line.exchange is None):
            harvest.complain(f"{place} is about {line.shown_key} once more; the first one counts")
            continue
        harvest.count(line)
        if line.exchange is None:
            harvest.failures[key] = line.failure or "no answer"
            continue
        harvest.failures.pop(key, None)
        harvest.answered.add(key)
        # An answer that came another way meanwhile has made records already.
        if store.get(key, {}) is None:
            waiting.append(line.exchange)
        if len(waiting) >= _KEPT_AT_ONCE:
            _keep(waiting, store)
    _keep(waiting, store)


def _keep(exchanges: list[Exchange], store: AnswerStore) -> None:
    if exchanges and not store.put_all(exchanges):
        raise StoreError(
            f"answers could not be kept in {str(store.folder)!r}; see to that folder and collect again: nothing is lost"
        )
    exchanges.clear()


def _name_the_rest(
    batch: dict[str, Any], status: str, entries: dict[str, Entry], harvest: _Harvest, provider: BatchProvider
) -> None:
    """Give a reason to each request of which no line told anything."""
    errors = batch.get("errors")
    listed = errors.get("data") if isinstance(errors, dict) else None
    by_line: dict[int, str] = {}
    general: list[str] = []
    for error in listed if isinstance(listed, list) else ():
        said = failure_of(error, provider.authorization)
        line = error.get("line") if isinstance(error, dict) else None
        if isinstance(line, int) and line > 0:
            by_line[line] = said
        elif said not in general:
            general.append(said)
    # A file that was refused for one of its lines had none of them answered.
    others = "; ".join(general) or ("other requests of the job were refused" if by_line else "no line about it came")
    for key, entry in entries.items():
        if key not in harvest.answered and key not in harvest.failures:
            harvest.failures[key] = f"the job {status}: {by_line.get(entry.line, others)}"
