"""The commands that read an output folder: show, report, verify, check."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.cli.saying import complain, say
from summarizer.errors import InputError, SettingsError

if TYPE_CHECKING:
    from summarizer.report.views import RefineLedger


def add_show(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `show` to the commands."""
    show = commands.add_parser("show", help="the table of all records, or one record, in the terminal")
    show.add_argument("dir", type=Path, metavar="DIR", help="output folder of a run")
    show.add_argument("id", nargs="?", metavar="ID", help="an article's id, or its beginning")
    show.set_defaults(call=_show)


def add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `report` to the commands."""
    report = commands.add_parser("report", help="the views again from results.jsonl, with no model")
    report.add_argument("dir", type=Path, metavar="DIR", help="output folder of a run")
    report.add_argument(
        "--format",
        default="md,html,csv",
        metavar="LIST",
        help="views to write: md, html, csv, ledger, xlsx, parquet (default: md,html,csv)",
    )
    report.add_argument(
        "--language",
        choices=("auto", "zh", "en"),
        default="auto",
        dest="view_language",
        help="of headings, labels and amounts (default: each article's own); the articles' words stay as they are",
    )
    asking = report.add_argument_group(
        "asking a model whether doubtful pairs of the ledger are one deal; deals are merged by rule alone"
    )
    asking.add_argument("--ask-doubtful", action="store_true", help="ask; the answers stand beside the pairs")
    asking.add_argument("--model", metavar="M", help="the provider's name of the model")
    asking.add_argument("--base-url", metavar="URL", help="an OpenAI-compatible address")
    asking.add_argument("--output-mode", choices=("tools", "json_schema", "json"), help="how structure is asked for")
    asking.add_argument(
        "--cache", type=Path, metavar="DIR", dest="cache_dir", help="kept answers (default: DIR/.cache)"
    )
    wire = asking.add_mutually_exclusive_group()
    wire.add_argument("--record", type=Path, metavar="FOLDER", help="write every exchange as a readable file")
    wire.add_argument("--replay", type=Path, metavar="FOLDER", help="take every answer from recordings; no network")
    report.set_defaults(call=_report)


def add_verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `verify` to the commands."""
    verify = commands.add_parser("verify", help="every verdict derived again from results.jsonl and texts/")
    verify.add_argument("dir", type=Path, metavar="DIR", help="output folder of a run")
    verify.set_defaults(call=_verify)


def add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `check` to the commands."""
    check = commands.add_parser("check", help="every number, date and party of a draft, held against a batch")
    check.add_argument("draft", type=Path, metavar="DRAFT", help=".md, .txt or .docx")
    check.add_argument("--against", type=Path, required=True, metavar="DIR", help="output folder of a run")
    check.add_argument(
        "--format", choices=("text", "json", "html"), default="text", help="of the report (default: text)"
    )
    check.add_argument("--language", choices=("zh", "en"), default="en", help="of the report's own words (default: en)")
    check.add_argument("--out", type=Path, metavar="FILE", help="write the report there instead of printing it")
    check.set_defaults(call=_check)


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
    refine = _asking(options) if options.ask_doubtful else None
    if refine is not None and "ledger" not in formats:
        raise SettingsError("--ask-doubtful asks about the ledger; add ledger to --format")
    open_folder(options.dir)
    with hold_folder(options.dir) as folder:
        views = write_views(
            folder.records(),
            folder.failures(),
            folder.path,
            formats,
            language=options.view_language,
            refine_ledger=refine,
        )
        for path in views:
            print(path)
    return 0


def _asking(options: argparse.Namespace) -> RefineLedger:
    from summarizer.batch.folder import CACHE_FOLDER
    from summarizer.cli.running import settings_of
    from summarizer.report.ledger_asking import ask_about_doubtful

    settings = settings_of(options)
    cache_dir = settings.cache_dir or options.dir / CACHE_FOLDER
    return partial(ask_about_doubtful, settings=settings, cache_dir=cache_dir, on_problem=complain)


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
    say(f"{checked} records checked, {len(problems)} items say more than the articles do")
    return 1 if problems else 0
