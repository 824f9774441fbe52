"""`summarizer run`, and the options by which commands say what is asked of a model."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.cli.saying import complain, say
from summarizer.errors import OutputError

if TYPE_CHECKING:
    from summarizer.batch import BatchResult, OutputFolder, Reporter, Totals
    from summarizer.settings import Settings


def add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser], epilog: str) -> None:
    """Add `run` to the commands."""
    run = commands.add_parser("run", help="read articles and write verified records", epilog=epilog)
    run.add_argument(
        "paths", nargs="+", metavar="PATH", help="files (.txt .md .html .pdf .docx .jsonl), folders (recursive) or -"
    )
    run.add_argument("--out", required=True, type=Path, metavar="DIR", help="output folder")
    add_asking_options(run)
    run.add_argument(
        "--budget", metavar="USD", dest="budget_usd", help="what this run may spend; then it stops, resumable (exit 3)"
    )
    run.add_argument(
        "--budget-tokens", type=int, metavar="N", help="the same in tokens of any kind; needs no price of the model"
    )
    run.add_argument(
        "--allow-unknown-price",
        action="store_true",
        default=None,
        help="run although --budget cannot hold without a price",
    )
    run.add_argument("--concurrency", type=int, metavar="N", help="articles under way at once (default: 16)")
    run.add_argument(
        "--processes", type=int, metavar="N", help="others that verify while answers wait (default: by spare cores)"
    )
    run.add_argument("--rpm", type=int, metavar="N", help="requests a minute at most (default: as the provider says)")
    run.add_argument("--tpm", type=int, metavar="N", help="tokens a minute at most (default: as the provider says)")
    run.add_argument(
        "--format",
        default="jsonl,md,html,csv",
        metavar="LIST",
        help="views to write: jsonl, md, html, csv, ledger, xlsx, parquet (default: jsonl,md,html,csv)",
    )
    run.add_argument("--fresh", action="store_true", default=None, help="ask again, whatever is stored")
    run.add_argument(
        "--retry-failed", action="store_true", default=None, help="ask again where paid answers were of no use"
    )
    wire = run.add_mutually_exclusive_group()
    wire.add_argument("--record", type=Path, metavar="DIR", help="write every exchange as a readable file")
    wire.add_argument("--replay", type=Path, metavar="DIR", help="take every answer from recordings; no network")
    run.add_argument(
        "--explain", action="store_true", help="say what would be sent, and to whom; send and write nothing"
    )
    run.set_defaults(call=_run)


def add_asking_options(command: argparse.ArgumentParser) -> None:
    """Add what decides the requests: every command that makes them, or counts them, has these."""
    command.add_argument("--engine", choices=("auto", "llm", "offline"), help="who proposes (default: auto)")
    command.add_argument("--model", metavar="M", help="the provider's name of the model")
    command.add_argument(
        "--base-url", metavar="URL", help="an OpenAI-compatible address; the key comes from OPENAI_API_KEY"
    )
    command.add_argument("--output-mode", choices=("tools", "json_schema", "json"), help="how structure is asked for")
    command.add_argument("--parts", metavar="LIST", help="of summary,figures,deals (default: all, in one request)")
    command.add_argument("--language", choices=("auto", "zh", "en"), help="of the summary (default: the article's)")
    command.add_argument("--profile", metavar="NAME", help="MODULE:NAME of your own profile (docs/profiles.md)")
    command.add_argument(
        "--window-tokens", type=int, metavar="N", help="what one request may hold; longer articles are split"
    )
    command.add_argument("--max-output-tokens", type=int, metavar="N", help="limit of an answer's length")
    command.add_argument(
        "--prices", type=Path, metavar="FILE", help="prices that go before the package's own (docs/costs.md)"
    )
    command.add_argument("--temperature", metavar="T", help="sampling temperature (default: 0); none: not sent")
    command.add_argument(
        "--cache", type=Path, metavar="DIR", dest="cache_dir", help="where answers are kept (default: OUT/.cache)"
    )
    command.add_argument("--no-cache", action="store_true", help="neither keep answers nor use kept ones")
    command.add_argument("--no-follow-up", action="store_true", help="one answer an article, mended or not")


def _run(options: argparse.Namespace) -> int:
    from summarizer.api import Summarizer
    from summarizer.batch import KeptViews, hold_folder, run_batch, writing_after_asking
    from summarizer.report.views import choose_formats, write_views

    if options.explain:
        return _explain(options)
    formats = choose_formats(options.format.split(","))
    summarizer = Summarizer(settings_of(options))
    with hold_folder(options.out) as folder:
        _warn_of_waiting(folder, summarizer.settings)
        result = run_batch(summarizer, options.paths, folder, _reporter())
        with writing_after_asking():
            views = KeptViews(folder)
            missing = views.missing(formats)
            views.remember(missing, write_views(folder.records(), result.failures, folder.path, missing))
    _say_result(result, options.out)
    return result.exit_code


def _explain(options: argparse.Namespace) -> int:
    from summarizer.explaining import explain_run
    from summarizer.report.characters import one_line

    for line in explain_run(settings_of(options), options.paths):
        indent = "  " if line.startswith("  ") else ""
        print(indent + one_line(line.strip()))
    return 0


def _warn_of_waiting(folder: OutputFolder, settings: Settings) -> None:
    """Say that requests wait in batch jobs, which a run would ask and pay for once more."""
    if settings.resolved_engine != "llm" or settings.replay is not None:
        return
    from summarizer.provider_batch import waiting_requests

    try:
        waiting = waiting_requests(folder)
    except OutputError as error:
        complain(str(error))
        return
    if waiting:
        complain(
            f"{waiting} {'request waits' if waiting == 1 else 'requests wait'} in batch jobs; "
            "what of them this run needs it asks and pays for once more. "
            "Interrupt it and run `summarizer batch collect` first, unless you cannot wait"
        )


def settings_of(options: argparse.Namespace) -> Settings:
    """Return the settings that the options of a command name; what a command has no option for is left to the others."""
    from summarizer.settings import Settings

    names = (
        "engine", "model", "base_url", "output_mode", "language", "profile", "concurrency", "processes", "rpm", "tpm",
        "window_tokens", "max_output_tokens", "temperature", "cache_dir", "record", "replay", "fresh", "retry_failed",
        "prices", "budget_usd", "budget_tokens", "allow_unknown_price",
    )  # fmt: skip
    given = {name: getattr(options, name, None) for name in names}
    parts = getattr(options, "parts", None)
    given["parts"] = tuple(part.strip() for part in parts.split(",")) if parts else None
    given["use_cache"] = False if getattr(options, "no_cache", False) else None
    given["follow_up"] = False if getattr(options, "no_follow_up", False) else None
    return Settings.load(**given)


def _reporter() -> Reporter:
    from summarizer.report.progress import PlainProgress, TerminalProgress

    return TerminalProgress(sys.stderr) if sys.stderr.isatty() else PlainProgress(sys.stderr)


def _say_result(result: BatchResult, out: Path) -> None:
    from summarizer.report.progress import shown_lines

    for line in summary_lines(result):
        say(line)
    say(f"results in {shown_lines(str(out))}")
    if result.stopped is not None:
        complain(f"stopped: {result.stopped}")


def summary_lines(result: BatchResult) -> list[str]:
    """Return what a run did, for its end: articles in one line, answers, tokens and cost in another."""
    totals = result.totals
    counts = [f"{totals.ok} ok", f"{totals.needs_review} to review", f"{totals.failed + totals.inputs_not_read} failed"]
    counts += [f"{totals.inputs_skipped} skipped"] if totals.inputs_skipped else []
    counts += [f"{totals.not_run} not run"] if totals.not_run else []
    lines = [", ".join(counts)]
    if totals.reused:
        asked = "" if totals.articles > totals.reused else "; nothing was asked"
        lines.append(f"{totals.reused:,} of them as an earlier run left them{asked}")
    if totals.requests or totals.possibly_paid_requests:
        noun = "request" if totals.requests == 1 else "requests"
        spent = f"{totals.requests} {noun}, {totals.paid_requests} of them paid now"
        if totals.possibly_paid_requests:
            spent += f", {totals.possibly_paid_requests} more perhaps"
        least = "at least " if totals.articles_without_usage else ""
        tokens = f"{least}{totals.input_tokens:,} tokens in, {totals.output_tokens:,} out"
        if totals.articles_with_estimated_tokens:
            tokens += f" (estimated in {totals.articles_with_estimated_tokens} of {totals.articles} articles)"
        lines.append(f"{spent}; {tokens}; {_cost_words(totals)}")
    if totals.articles_of_another_model:
        many = totals.articles_of_another_model
        who = "1 article was" if many == 1 else f"{many} articles were"
        lines.append(f"{who} answered by another model than the one asked; `model` in the record names it")
    return lines


def _cost_words(totals: Totals) -> str:
    from summarizer.prices import money

    if totals.known_cost_usd is None:
        paid = f"cost at least {money(totals.cost_usd)}, the rest unknown" if totals.cost_usd else "cost unknown"
    elif totals.paid_requests:
        paid = f"cost {money(totals.cost_usd)}"
    else:
        paid = "nothing paid"
    if totals.possibly_paid_requests:
        most = totals.possibly_paid_usd
        paid += ", perhaps more, unknown how much" if most is None else f", perhaps up to {money(most)} more"
    return paid
