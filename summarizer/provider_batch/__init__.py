"""The provider's half-price batch interface: requests go in a file, answers come back within a day.

    submit    the requests that a run would make and the store misses go to the provider
    status    where the jobs stand
    collect   answers go into the store; `run` uses them and asks for what is still missing

Each request is in one job at a time, and a job's answers are on disk before it counts as ended; what was under way when
the process was killed is found again at the provider (see `ledger`). Names are loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.provider_batch.collect import JobReport, collect_jobs
    from summarizer.provider_batch.ledger import Job, Ledger
    from summarizer.provider_batch.provider import BatchProvider
    from summarizer.provider_batch.status import JobStatus, has_jobs, job_statuses, require_jobs, waiting_requests
    from summarizer.provider_batch.submit import Submission, check_settings, submit_requests

_HOMES = {
    "BatchProvider": "provider",
    "Job": "ledger",
    "JobReport": "collect",
    "JobStatus": "status",
    "Ledger": "ledger",
    "Submission": "submit",
    "check_settings": "submit",
    "collect_jobs": "collect",
    "has_jobs": "status",
    "job_statuses": "status",
    "require_jobs": "status",
    "submit_requests": "submit",
    "waiting_requests": "status",
}

__all__ = [
    "BatchProvider",
    "Job",
    "JobReport",
    "JobStatus",
    "Ledger",
    "Submission",
    "check_settings",
    "collect_jobs",
    "has_jobs",
    "job_statuses",
    "require_jobs",
    "submit_requests",
    "waiting_requests",
]


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
