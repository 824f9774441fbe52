"""The command line: parse, call, print, exit status. No logic.

Heavy modules are imported by the command that needs them, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from summarizer.errors import SummarizerError, UsageError

if TYPE_CHECKING:
    from summarizer.batch import BatchResult, Reporter
    from summarizer.settings import Settings

INTERRUPTED = 130
_EPILOG = """exit status: 0 every article has a record; 1 at least one failed, all others are written; 2 usage or settings,
nothing was paid; 3 the provider refused or was unreachable, the same command goes on; 130 interrupted, likewise."""


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    _make_output_safe()
    options = _parser().parse_args(arguments)
    try:
        with _termination_as_interrupt():
            return int(options.call(options))
    except SummarizerError as error:
        _complain(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        _complain("interrupted; what was answered is kept, the same command goes on from there")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`| head`); Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="summarizer",
        description="Structured, verified summaries, key figures and deal terms from business news.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_run(commands)
    _add_show(commands)
    _add_report(commands)
    _add_verify(commands)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        print(f"summarizer {version('newsproof')}")
        parser.exit()


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = commands.add_parser("run", help="read articles and write verified records", epilog=_EPILOG)
    run.add_argument("paths", nargs="+", metavar="PATH", help="files, folders (recursive) or - for standard input")
    run.add_argument("--out", required=True, type=Path, metavar="DIR", help="output folder")
    run.add_argument("--engine", choices=("auto", "llm", "offline"), help="who proposes (default: auto)")
    run.add_argument("--model", metavar="M", help="the provider's name of the model")
    run.add_argument(
        "--base-url", metavar="URL", help="an OpenAI-compatible address; the key comes from OPENAI_API_KEY"
    )
    run.add_argument("--output-mode", choices=("tools", "json_schema", "json"), help="how structure is asked for")
    run.add_argument("--parts", metavar="LIST", help="of summary,figures,deals (default: all, in one request)")
    run.add_argument("--language", choices=("auto", "zh", "en"), help="of the summary (default: the article's)")
    run.add_argument("--profile", metavar="NAME", help="MODULE:NAME of your own profile (docs/profiles.md)")
    run.add_argument("--concurrency", type=int, metavar="N", help="articles under way at once (default: 16)")
    run.add_argument(
        "--window-tokens", type=int, metavar="N", help="what one request may hold; longer articles are split"
    )
    run.add_argument("--max-output-tokens", type=int, metavar="N", help="limit of an answer's length")
    run.add_argument("--temperature", type=float, metavar="T", help="sampling temperature (default: 0)")
    run.add_argument("--format", default="jsonl,md,csv", metavar="LIST", help="views to write (default: jsonl,md,csv)")
    run.add_argument(
        "--cache", type=Path, metavar="DIR", dest="cache_dir", help="where answers are kept (default: OUT/.cache)"
    )
    run.add_argument("--no-cache", action="store_true", help="neither keep answers nor use kept ones")
    run.add_argument("--fresh", action="store_true", default=None, help="ask again, whatever is stored")
    run.add_argument(
        "--retry-failed", action="store_true", default=None, help="ask again where paid answers were of no use"
    )
    wire = run.add_mutually_exclusive_group()
    wire.add_argument("--record", type=Path, metavar="DIR", help="write every exchange as a readable file")
    wire.add_argument("--replay", type=Path, metavar="DIR", help="take every answer from recordings; no network")
    run.set_defaults(call=_run)


def _add_show(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    show = commands.add_parser("show", help="the table of all records, or one record, in the terminal")
    show.add_argument("dir", type=Path, metavar="DIR", help="output folder of a run")
    show.add_argument("id", nargs="?", metavar="ID", help="an article's id, or its beginning")
    show.set_defaults(call=_show)


def _add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    report = commands.add_parser("report", help="the views again from results.jsonl, with no model")
    report.add_argument("dir", type=Path, metavar="DIR", help="output folder of a run")
    report.add_argument("--format", default="md,csv", metavar="LIST", help="views to write (default: md,csv)")
    report.set_defaults(call=_report)


def _add_verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verify = commands.add_parser("verify", help="every verdict derived again from results.jsonl and texts/")
    verify.add_argument("dir", type=Path, metavar="DIR", help="output folder of a run")
    verify.set_defaults(call=_verify)


def _run(options: argparse.Namespace) -> int:
    from summarizer.api import Summarizer
    from summarizer.batch import run_batch
    from summarizer.report.views import choose_formats, write_views

    formats = choose_formats(options.format.split(","))
    summarizer = Summarizer(_settings(options))
    result = run_batch(summarizer, options.paths, options.out, _reporter())
    write_views(result.records, result.failures, options.out, formats)
    _say_result(result, options.out)
    return result.exit_code


def _settings(options: argparse.Namespace) -> Settings:
    from summarizer.settings import Settings

    names = (
        "engine", "model", "base_url", "output_mode", "language", "profile", "concurrency", "window_tokens",
        "max_output_tokens", "temperature", "cache_dir", "record", "replay", "fresh", "retry_failed",
    )  # fmt: skip
    given = {name: getattr(options, name) for name in names}
    given["parts"] = tuple(part.strip() for part in options.parts.split(",")) if options.parts else None
    given["use_cache"] = False if options.no_cache else None
    return Settings.load(**given)


def _reporter() -> Reporter:
    from summarizer.report.progress import PlainProgress, TerminalProgress

    return TerminalProgress(sys.stderr) if sys.stderr.isatty() else PlainProgress(sys.stderr)


def _say_result(result: BatchResult, out: Path) -> None:
    totals = result.totals
    parts = [f"{totals.ok} ok", f"{totals.needs_review} to review", f"{totals.failed + totals.inputs_not_read} failed"]
    if totals.not_run:
        parts.append(f"{totals.not_run} not run")
    print(f"{', '.join(parts)}; results in {out}", file=sys.stderr)
    if totals.requests:
        spent = f"{totals.requests} answers, {totals.paid_requests} of them paid now"
        print(f"{spent}; {totals.input_tokens:,} tokens in, {totals.output_tokens:,} out", file=sys.stderr)
    if result.stopped is not None:
        _complain(f"stopped: {result.stopped}")


def _show(options: argparse.Namespace) -> int:
    from rich.console import Console

    from summarizer.batch import read_results, text_path
    from summarizer.report.terminal import print_batch, print_record

    records, failures = read_results(options.dir)
    console = Console(width=None if sys.stdout.isatty() else 100)
    if options.id is None:
        print_batch(records, failures, console)
        return 0
    found = [record for record in records if record.article.id == options.id]
    found = found or [record for record in records if record.article.id.startswith(options.id)]
    if len(found) != 1:
        known = ", ".join(record.article.id for record in (found or records)[:10])
        what = "several articles begin with" if found else "no article has the id"
        raise UsageError(f"{what} {options.id!r}; known: {known}")
    path = text_path(options.dir, found[0].article.id)
    text = path.read_bytes().decode("utf-8", "surrogatepass") if path.exists() else None
    print_record(found[0], console, text=text)
    return 0


def _report(options: argparse.Namespace) -> int:
    from summarizer.batch import read_results
    from summarizer.report.views import write_views

    records, failures = read_results(options.dir)
    for path in write_views(records, failures, options.dir, options.format.split(",")):
        print(path)
    return 0


def _verify(options: argparse.Namespace) -> int:
    from summarizer.batch import verify_folder

    problems, checked = verify_folder(options.dir)
    for problem in problems:
        print(problem)
    print(f"{checked} records checked, {len(problems)} items say more than the articles do", file=sys.stderr)
    return 1 if problems else 0


def _make_output_safe() -> None:
    """Never fail at printing a name: under LANG=C an unprintable character becomes its escape."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


@contextlib.contextmanager
def _termination_as_interrupt() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a run as Ctrl-C does: answers kept, outputs whole."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    try:
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), interrupt)
    except ValueError:  # not the main thread: the caller's signals are the caller's
        pass
    yield


def _complain(message: str) -> None:
    print(f"summarizer: {message}", file=sys.stderr)
