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

from summarizer.errors import InputError, SummarizerError

if TYPE_CHECKING:
    from summarizer.batch import BatchResult, Reporter
    from summarizer.settings import Settings

INTERRUPTED = 130
_EPILOG = """exit status: 0 every article has a record; 1 at least one failed, all others are written; 2 usage or settings,
nothing was paid; 3 the provider refused or was unreachable, the same command goes on; 130 interrupted, likewise."""


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    _make_streams_safe()
    options = _parser().parse_args(arguments)
    try:
        with _signals_end_in_order():
            status = int(options.call(options))
        # What a full disk or a gone reader did not take shows here, not after the status was given.
        sys.stdout.flush()
    except SummarizerError as error:
        _complain(str(error))
        status = error.exit_code
    except KeyboardInterrupt:
        _complain("interrupted; what was answered is kept, the same command goes on from there")
        status = INTERRUPTED
    except BrokenPipeError:
        # The reader went away, as `| head` does.
        _drop_output()
        status = 1
    except OSError as error:
        _drop_output()
        _complain(f"cannot write {repr(error.filename) if error.filename else 'standard output'}: {error.strerror}")
        status = 1
    return status


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
    _add_check(commands)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("newsproof")
        except PackageNotFoundError:
            number = "unknown (not installed)"
        print(f"summarizer {number}")
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
    run.add_argument("--temperature", metavar="T", help="sampling temperature (default: 0); none: not sent")
    run.add_argument(
        "--format",
        default="jsonl,md,html,csv",
        metavar="LIST",
        help="views to write: jsonl, md, html, csv, ledger, xlsx, parquet (default: jsonl,md,html,csv)",
    )
    run.add_argument(
        "--cache", type=Path, metavar="DIR", dest="cache_dir", help="where answers are kept (default: OUT/.cache)"
    )
    run.add_argument("--no-cache", action="store_true", help="neither keep answers nor use kept ones")
    run.add_argument("--no-follow-up", action="store_true", help="one answer an article, mended or not")
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
    report.add_argument(
        "--format",
        default="md,html,csv",
        metavar="LIST",
        help="views to write: md, html, csv, ledger, xlsx, parquet (default: md,html,csv)",
    )
    report.set_defaults(call=_report)


def _add_verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verify = commands.add_parser("verify", help="every verdict derived again from results.jsonl and texts/")
    verify.add_argument("dir", type=Path, metavar="DIR", help="output folder of a run")
    verify.set_defaults(call=_verify)


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="every number, date and party of a draft, held against a batch")
    check.add_argument("draft", type=Path, metavar="DRAFT", help=".md, .txt or .docx")
    check.add_argument("--against", type=Path, required=True, metavar="DIR", help="output folder of a run")
    check.add_argument(
        "--format", choices=("text", "json", "html"), default="text", help="of the report (default: text)"
    )
    check.add_argument("--language", choices=("zh", "en"), default="en", help="of the report's own words (default: en)")
    check.add_argument("--out", type=Path, metavar="FILE", help="write the report there instead of printing it")
    check.set_defaults(call=_check)


def _run(options: argparse.Namespace) -> int:
    from summarizer.api import Summarizer
    from summarizer.batch import hold_folder, run_batch, writing_after_asking
    from summarizer.report.views import choose_formats, write_views

    formats = choose_formats(options.format.split(","))
    summarizer = Summarizer(_settings(options))
    with hold_folder(options.out) as folder:
        result = run_batch(summarizer, options.paths, folder, _reporter())
        with writing_after_asking():
            write_views(folder.records(), result.failures, folder.path, formats)
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
    given["follow_up"] = False if options.no_follow_up else None
    return Settings.load(**given)


def _reporter() -> Reporter:
    from summarizer.report.progress import PlainProgress, TerminalProgress

    return TerminalProgress(sys.stderr) if sys.stderr.isatty() else PlainProgress(sys.stderr)


def _say_result(result: BatchResult, out: Path) -> None:
    from summarizer.report.progress import shown_lines

    for line in summary_lines(result):
        _say(line)
    _say(f"results in {shown_lines(str(out))}")
    if result.stopped is not None:
        _complain(f"stopped: {result.stopped}")


def summary_lines(result: BatchResult) -> list[str]:
    """Return what a run did, for its end: articles in one line, answers, tokens and cost in another."""
    totals = result.totals
    counts = [f"{totals.ok} ok", f"{totals.needs_review} to review", f"{totals.failed + totals.inputs_not_read} failed"]
    counts += [f"{totals.inputs_skipped} skipped"] if totals.inputs_skipped else []
    counts += [f"{totals.not_run} not run"] if totals.not_run else []
    lines = [", ".join(counts)]
    paid = totals.paid_requests + totals.possibly_paid_requests
    if totals.requests or paid:
        noun = "request" if totals.requests == 1 else "requests"
        spent = f"{totals.requests} {noun}, {totals.paid_requests} of them paid now"
        if totals.possibly_paid_requests:
            spent += f", {totals.possibly_paid_requests} more perhaps"
        least = "at least " if totals.articles_without_usage else ""
        cost = totals.known_cost_usd
        price = "cost unknown" if cost is None else f"cost ${cost:.4f}" if paid else "nothing paid"
        lines.append(f"{spent}; {least}{totals.input_tokens:,} tokens in, {totals.output_tokens:,} out; {price}")
    return lines


def _show(options: argparse.Namespace) -> int:
    from summarizer.batch import open_folder
    from summarizer.report.terminal import make_console, print_batch, print_record

    folder = open_folder(options.dir)
    console = make_console()
    if options.id is None:
        print_batch(folder.records(), folder.failures(), console)
        return 0
    record = folder.record(options.id)
    try:
        text = folder.text_of(record.article.id)
    except InputError:
        text = None
    print_record(record, console, text=text)
    return 0


def _report(options: argparse.Namespace) -> int:
    from summarizer.batch import hold_folder, open_folder
    from summarizer.report.views import choose_formats, write_views

    formats = choose_formats(options.format.split(","))
    open_folder(options.dir)
    with hold_folder(options.dir) as folder:
        for path in write_views(folder.records(), folder.failures(), folder.path, formats):
            print(path)
    return 0


def _check(options: argparse.Namespace) -> int:
    from summarizer.check import check_draft, read_draft, read_sources, render_html, render_json, render_text
    from summarizer.files import write_whole

    report = check_draft(read_draft(options.draft), read_sources(options.against))
    if options.format == "json":
        shown = render_json(report)
    else:
        shown = (render_html if options.format == "html" else render_text)(report, options.language)
    if options.out is None:
        print(shown.rstrip("\n"))
    else:
        write_whole(options.out, shown)
    return 0 if report.is_clean else 1


def _verify(options: argparse.Namespace) -> int:
    from summarizer.batch import open_folder, verify_folder
    from summarizer.report.characters import one_line

    problems, checked = verify_folder(open_folder(options.dir))
    for problem in problems:
        print(one_line(problem))
    _say(f"{checked} records checked, {len(problems)} items say more than the articles do")
    return 1 if problems else 0


def _make_streams_safe() -> None:
    """Never fail at printing: a closed stream swallows, and under LANG=C an unprintable character becomes its escape."""
    # A closed descriptor would be given to the next file that is opened, and what is printed would land there.
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the process ends
        else:
            with contextlib.suppress(AttributeError, ValueError):
                stream.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """Let go of what cannot be written; Python would try again at exit, and say so at length."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def _signals_end_in_order() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a command as Ctrl-C does: answers kept, outputs whole. What is ignored stays so."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    previous = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # ValueError outside the main thread: there the caller's signals are the caller's.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with contextlib.suppress(ValueError):
                previous[number] = signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _say(line: str) -> None:
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr, flush=True)


def _complain(message: str) -> None:
    _say(f"summarizer: {message}")
