"""Where the jobs of an output folder stand, without changing anything."""

from __future__ import annotations

from dataclasses import dataclass, field

from summarizer.batch import OutputFolder
from summarizer.errors import UsageError
from summarizer.provider_batch.ledger import LEDGER_NAME, Job, Ledger
from summarizer.provider_batch.places import ledger_folder
from summarizer.provider_batch.provider import BatchProvider


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """One job as the ledger has it and, where it was asked, as the provider shows it.

    `answered` and `failed` are the provider's own counts so far, those of the ledger for a job that was collected.
    Times are seconds since the epoch.
    """

    job: Job
    status: str
    answered: int | None = None
    failed: int | None = None
    created_at: int | None = None
    expires_at: int | None = None
    failures: tuple[tuple[str, str], ...] = field(default=())


def has_jobs(folder: OutputFolder) -> bool:
    """Return whether anything was ever submitted from this output folder."""
    return (ledger_folder(folder) / LEDGER_NAME).is_file()


def require_jobs(folder: OutputFolder) -> None:
    """See that there is a ledger.

    Raises:
        UsageError: nothing was ever submitted from here.
    """
    if not has_jobs(folder):
        raise UsageError(f"no batch jobs in {str(folder.path)!r}; name the --out of an earlier `batch submit`")


def waiting_requests(folder: OutputFolder) -> int:
    """Return how many requests wait in jobs of this output folder: asked elsewhere meanwhile, they are paid twice.

    Raises:
        OutputError: the ledger does not hold.
    """
    if not has_jobs(folder):
        return 0
    with Ledger(ledger_folder(folder), is_new_allowed=False) as ledger:
        return sum(job.requests for job in ledger.jobs() if job.state in ("creating", "open"))


async def job_statuses(folder: OutputFolder, provider: BatchProvider, *, shows_failures: bool) -> list[JobStatus]:
    """Return one status a job, oldest first; jobs of another address are not asked about.

    Raises:
        UsageError: nothing was ever submitted from here.
        RunStoppedError: the provider cannot be asked.
        ExchangeError: it gives no answer.
    """
    require_jobs(folder)
    with Ledger(ledger_folder(folder), is_new_allowed=False) as ledger:
        statuses = []
        for job in ledger.jobs():
            failures = tuple(ledger.failures(job)) if shows_failures else ()
            statuses.append(await _status(job, provider, failures))
    return statuses


async def _status(job: Job, provider: BatchProvider, failures: tuple[tuple[str, str], ...]) -> JobStatus:
    if job.state in ("planned", "uploaded"):
        return JobStatus(job=job, status="not submitted; `batch submit` goes on with it")
    if job.state == "ended":
        return JobStatus(
            job=job, status=f"{job.outcome}, collected", answered=job.answered, failed=job.failed, failures=failures
        )
    if job.base_url != provider.base_url:
        return JobStatus(job=job, status=f"at {job.base_url}; name it by --base-url")
    if job.state == "creating":
        batch = await provider.find_batch(job.token, job.file_id)
        if batch is None:
            return JobStatus(job=job, status="not at the provider so far; `batch submit` goes on with it")
    else:
        batch = await provider.batch(str(job.batch_id))
        if batch is None:
            return JobStatus(job=job, status=f"not known at {provider.host!r} under this key")
    counts = batch.get("request_counts")
    counts = counts if isinstance(counts, dict) else {}
    return JobStatus(
        job=job,
        status=str(batch.get("status")),
        answered=_number(counts.get("completed")),
        failed=_number(counts.get("failed")),
        created_at=_number(batch.get("created_at")),
        expires_at=_number(batch.get("expires_at")),
    )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
