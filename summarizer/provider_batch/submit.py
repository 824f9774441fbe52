"""Submitting: what the store misses goes to the provider in jobs, each request in one of them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from summarizer.api import PathLike, Summarizer
from summarizer.articles import Article, read_inputs
from summarizer.batch import OutputFolder, writing_after_asking
from summarizer.batch.shelves import ArticleShelf
from summarizer.errors import BatchRefusedError, InputError, SettingsError
from summarizer.provider_batch.gathering import Gathered, Gatherer
from summarizer.provider_batch.ledger import Job, Ledger
from summarizer.provider_batch.once import OutrightRefusalError, do_once, settle
from summarizer.provider_batch.places import clear_scratch, open_store, scratch_folder
from summarizer.provider_batch.provider import BatchProvider
from summarizer.provider_batch.request_file import RequestFile, RequestWriter
from summarizer.records import FailedInput


@dataclass(slots=True, kw_only=True)
class Submission:
    """What `submit_requests` did.

    `jobs` are those that the provider took now, `found` those of an earlier call that it turned out to have taken.
    `failures` are inputs that never became an article, or that cannot have a record as things stand.
    """

    jobs: list[Job] = field(default_factory=list)
    found: list[Job] = field(default_factory=list)
    gathered: Gathered = field(default_factory=Gathered)
    failures: list[FailedInput] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """The command's exit status by the contract."""
        return 1 if any(failure.status == "failed" for failure in self.failures) else 0


def check_settings(summarizer: Summarizer) -> None:
    """Find out whether requests can go by the batch interface at all, before anything is read.

    Raises:
        SettingsError: they cannot.
    """
    settings = summarizer.settings
    if settings.resolved_engine != "llm":
        raise SettingsError("the batch interface is a model provider's; give OPENAI_API_KEY or --base-url")
    if settings.replay is not None or settings.fresh:
        raise SettingsError("batch submit asks for what the store misses; drop the settings replay and fresh")
    if not settings.use_cache:
        raise SettingsError("answers of a batch come by way of the store; drop --no-cache")


async def submit_requests(
    summarizer: Summarizer,
    paths: Sequence[PathLike],
    folder: OutputFolder,
    provider: BatchProvider,
    say: Callable[[str], None],
) -> Submission:
    """Put all requests that the store misses into jobs of the provider; the caller holds the folder.

    Killed at any moment and called again it goes on: a request that may be in a job is not submitted again before the
    provider has said that it is not. Nothing is charged for what never became a job, so that is simply found again.

    Args:
        summarizer: what is asked, as `run` would ask it; see `check_settings`.
        paths: as for `run`. All of them at once: what articles repeat at head or tail is seen over the whole batch.
        folder: the output folder of the later run.
        provider: the provider at the address of the settings.
        say: hears one line for what takes long or goes wrong without ending the call.

    Raises:
        RunStoppedError: the provider cannot be asked or refuses; the same call goes on where this one stopped.
        UsageError: ledger, store or folder cannot be used.
        SummarizerError: a file cannot be written once the provider was asked.
    """
    submission = Submission()
    scratch = clear_scratch(folder)
    with Ledger(scratch.parent) as ledger:
        await provider.check()
        submission.found = await settle(ledger, provider)
        shelf, submission.failures = _read(paths, folder)
        gatherer = _gatherer(summarizer, folder, provider, ledger, say)
        submission.gathered = gatherer.found
        try:
            with writing_after_asking():
                async for file in gatherer.files(_articles(shelf, submission.failures)):
                    job = await _submit(file, _stated(summarizer.settings.cache_dir), ledger, provider)
                    submission.jobs.append(job)
                    noun = "request" if job.requests == 1 else "requests"
                    say(f"job {job.number}: {job.requests} {noun}, {job.bytes:,} bytes, {job.batch_id}")
        finally:
            await gatherer.aclose()
        # What was planned for other inputs or options, and never became a job.
        ledger.drop(job for job in ledger.jobs() if job.state in ("planned", "uploaded"))
    names = {article_id: source for source, article_id in shelf.names()}
    for article_id, error in submission.gathered.failed:
        failed = FailedInput(source=names[article_id], id=article_id, kind=error.kind, message=error.message)
        submission.failures.append(failed)
    return submission


def _gatherer(
    summarizer: Summarizer,
    folder: OutputFolder,
    provider: BatchProvider,
    ledger: Ledger,
    say: Callable[[str], None],
) -> Gatherer:
    settings = summarizer.settings
    writer = RequestWriter(
        scratch_folder(folder),
        provider.endpoint,
        max_requests=settings.batch_max_requests,
        max_bytes=settings.batch_max_bytes,
    )
    return Gatherer(summarizer, open_store(folder, settings.cache_dir, say), writer, ledger.is_taken)


def _stated(cache_dir: Path | None) -> str:
    return "" if cache_dir is None else str(cache_dir.absolute())


def _read(paths: Sequence[PathLike], folder: OutputFolder) -> tuple[ArticleShelf, list[FailedInput]]:
    """Put all articles on the shelf, as a run does: only then is it known what they repeat."""
    shelf = ArticleShelf(folder)
    failures = []
    for source in read_inputs(paths):
        if isinstance(source, Article):
            shelf.put(source)
        else:
            failures.append(source)
    return shelf, failures


def _articles(shelf: ArticleShelf, failures: list[FailedInput]) -> Iterator[Article]:
    for position, (source, article_id) in enumerate(shelf.names()):
        try:
            yield shelf.take(position)
        except InputError as error:
            failures.append(FailedInput(source=source, id=article_id, kind=error.kind, message=str(error)))


async def _submit(file: RequestFile, cache_dir: str, ledger: Ledger, provider: BatchProvider) -> Job:
    """Bring one file to the provider and make a job of it; each step is on disk before the next is taken."""
    wanted = _new_job(file, cache_dir, provider)
    job = ledger.plan(wanted, file.entries)
    if job.file_id is None:
        job = ledger.advance(
            job, "uploaded", file_id=await _upload(file, job, provider, is_new=job.token == wanted.token)
        )
    file_id = str(job.file_id)
    job = ledger.advance(job, "creating")
    try:
        batch = await do_once(
            provider,
            lambda: provider.create_batch(job.token, job.digest, file_id),
            lambda: provider.find_batch(job.token, file_id),
        )
    except OutrightRefusalError as error:
        # There is no such job. The file may be at fault, or gone: then it is sent anew next time.
        job = ledger.advance(job, "uploaded")
        if isinstance(error.reason, BatchRefusedError):
            ledger.drop([job])
        raise error.reason from error
    job = ledger.advance(job, "open", batch_id=str(batch["id"]))
    file.path.unlink(missing_ok=True)
    return job


async def _upload(file: RequestFile, job: Job, provider: BatchProvider, *, is_new: bool) -> str:
    # Of a file that an earlier call planned nobody knows whether it arrived.
    known = None if is_new else await provider.find_file(job.file_name, job.bytes)
    if known is not None:
        return known
    try:
        return await do_once(
            provider,
            lambda: provider.upload(file.path, job.file_name),
            lambda: provider.find_file(job.file_name, job.bytes),
        )
    except OutrightRefusalError as error:
        raise error.reason from error


def _new_job(file: RequestFile, cache_dir: str, provider: BatchProvider) -> Job:
    return Job(
        number=0,
        token=secrets.token_hex(16),
        digest=file.digest,
        base_url=provider.base_url,
        cache_dir=cache_dir,
        requests=len(file.entries),
        bytes=file.size,
        state="planned",
    )
