"""`summarizer batch`: the provider's half-price batch interface."""

from __future__ import annotations

import argparse
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from summarizer.cli.running import add_asking_options, settings_of
from summarizer.cli.saying import say

if TYPE_CHECKING:
    from summarizer.provider_batch import BatchProvider, Job, JobReport, JobStatus, Submission
    from summarizer.settings import Settings

T = TypeVar("T")

_EPILOG = """submit, wait (a day at most), collect, and submit again for the follow-ups, until nothing is submitted; then
`summarizer run PATH... --out DIR` with the same options takes the answers from the store. exit status: as for run; jobs
that still run are no failure."""


def add_batch(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `batch submit`, `batch status` and `batch collect` to the commands."""
    batch = commands.add_parser("batch", help="the provider's half-price batch interface", epilog=_EPILOG)
    steps = batch.add_subparsers(metavar="STEP", required=True)
    submit = steps.add_parser(
        "submit", help="send the requests that a run would make and the store misses", epilog=_EPILOG
    )
    submit.add_argument("paths", nargs="+", metavar="PATH", help="files, folders (recursive) or - for standard input")
    _add_place(submit, "output folder of the later run")
    add_asking_options(submit)
    submit.set_defaults(call=_submit)
    status = steps.add_parser("status", help="where the jobs stand")
    _add_place(status, "the --out of submit")
    _add_address(status)
    status.add_argument("--failed", action="store_true", help="name each request of a collected job without an answer")
    status.set_defaults(call=_status)
    collect = steps.add_parser("collect", help="put the answers of finished jobs into the store")
    _add_place(collect, "the --out of submit")
    _add_address(collect)
    collect.add_argument("--wait", action="store_true", help="until all jobs have ended, a day at most")
    collect.set_defaults(call=_collect)


def _add_place(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument("--out", required=True, type=Path, metavar="DIR", help=what)


def _add_address(command: argparse.ArgumentParser) -> None:
    command.add_argument("--base-url", metavar="URL", help="the address that submit was given, if any")


def _submit(options: argparse.Namespace) -> int:
    from summarizer.api import Summarizer
    from summarizer.batch import hold_folder
    from summarizer.provider_batch import check_settings, submit_requests

    summarizer = Summarizer(settings_of(options))
    check_settings(summarizer)
    with hold_folder(options.out) as folder:
        submission = _with_provider(
            summarizer.settings,
            lambda provider: submit_requests(summarizer, options.paths, folder, provider, _say_safely),
        )
    _say_submission(submission)
    return submission.exit_code


def _status(options: argparse.Namespace) -> int:
    from summarizer.batch import OutputFolder
    from summarizer.provider_batch import job_statuses, require_jobs

    folder = OutputFolder(options.out)
    require_jobs(folder)
    statuses = _with_provider(
        _settings(options), lambda provider: job_statuses(folder, provider, shows_failures=options.failed)
    )
    for status in statuses:
        _print_safely(_status_line(status, time.time()))
        for article, reason in status.failures:
            _print_safely(f"  {article}: {reason}")
    return 0


def _collect(options: argparse.Namespace) -> int:
    from summarizer.batch import OutputFolder, hold_folder
    from summarizer.provider_batch import collect_jobs, require_jobs

    require_jobs(OutputFolder(options.out))
    reports: list[JobReport] = []

    async def collect(provider: BatchProvider) -> None:
        async for report in collect_jobs(folder, provider, _say_safely, waits=options.wait):
            _print_report(report)
            reports.append(report)

    with hold_folder(options.out) as folder:
        _with_provider(_settings(options), collect)
    if not reports:
        say("no job is open; `summarizer batch status` lists those that were collected")
    return 0 if all(report.is_clean for report in reports) else 1


def _settings(options: argparse.Namespace) -> Settings:
    from summarizer.settings import Settings

    return Settings.load(base_url=options.base_url)


def _with_provider(settings: Settings, work: Callable[[BatchProvider], Awaitable[T]]) -> T:
    """Do something with the provider's batch interface, until the first signal."""
    from summarizer.batch.interruption import run_interruptibly
    from summarizer.provider_batch import BatchProvider

    async def main() -> T:
        provider = BatchProvider(settings)
        try:
            return await work(provider)
        finally:
            await provider.aclose()

    return run_interruptibly(main())


def _say_submission(submission: Submission) -> None:
    for job in submission.found:
        say(f"job {job.number}: the provider had taken it already, {job.batch_id}")
    for failure in submission.failures:
        if failure.status == "failed":
            is_named = repr(failure.source) in failure.message
            _say_safely(failure.message if is_named else f"{failure.source}: {failure.message}")
    found = submission.gathered
    say(
        f"{_count(found.noted, 'request')} submitted in {_count(len(submission.jobs), 'job')}, "
        f"{found.waiting} wait in earlier ones; {found.answered} of {_count(found.articles, 'article')} need nothing more"
    )


def _print_report(report: JobReport) -> None:
    job = report.job
    if report.error is not None:
        _say_safely(f"job {job.number} was not collected and stays open: {report.error}")
        return
    if report.is_running:
        _print_safely(f"job {job.number}  {report.status}  {job.batch_id}")
        return
    _print_safely(
        f"job {job.number}  {report.status}  {job.answered} of {_count(job.requests, 'answer')} stored, "
        f"{job.failed} failed; {_tokens(job)}"
    )
    for article, reason in report.failures:
        _print_safely(f"  {article}: {reason}")
    for problem in report.problems:
        _print_safely(f"  {problem}")


def _status_line(status: JobStatus, now: float) -> str:
    job = status.job
    parts = [f"job {job.number}", status.status]
    if status.answered is not None:
        counted = f"{status.answered} of {_count(job.requests, 'request')} answered"
        parts.append(counted + (f", {status.failed} failed" if status.failed else ""))
    else:
        parts.append(_count(job.requests, "request"))
    if job.state == "ended":
        parts.append(_tokens(job))
    if status.created_at is not None:
        parts.append(f"submitted {_span(now - status.created_at)} ago")
    if status.expires_at is not None and job.state != "ended":
        rest = status.expires_at - now
        parts.append(f"expires in {_span(rest)}" if rest > 0 else f"expired {_span(-rest)} ago")
    return "  ".join([*parts, *([job.batch_id] if job.batch_id else [])])


def _tokens(job: Job) -> str:
    least = f" at least ({job.without_usage} answers state none)" if job.without_usage else ""
    cached = f" ({job.cached_input_tokens:,} cached)" if job.cached_input_tokens else ""
    return f"{job.input_tokens:,} tokens in{cached}, {job.output_tokens:,} out{least}"


def _span(seconds: float) -> str:
    minutes = max(0, round(seconds / 60))
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.0f} h"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _print_safely(line: str) -> None:
    """Print what may hold an article's id or a provider's words."""
    from summarizer.report.characters import visible

    print(visible(line), flush=True)


def _say_safely(line: str) -> None:
    from summarizer.report.characters import one_line

    say(one_line(line))
