"""The command line of the harness: parse, call, print, exit status. No logic."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evals.answers import RECORDINGS_DIR
from evals.baseline import BASELINE_FILE
from evals.cases import CASES_DIR, LabelError
from summarizer.errors import SummarizerError

if TYPE_CHECKING:
    from evals.running import Score

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

COMMANDS: Final = ("run", "record", "refresh", "live", "rekey", "bless", "diff", "debt", "judge")
USAGE: Final = 2
BROKEN_PIPE: Final = 1
INTERRUPTED: Final = 130
_EPILOG: Final = """exit status: 0 passed; 1 a case could not be run, or recordings are stale, missing or unused; 2 usage or
labels; 3 the provider refused or was unreachable; 4 the gate failed, or bless refused; 130 interrupted."""


def main(arguments: Sequence[str], score: Score | None = None) -> int:
    """Run one command and return its exit status; `score` takes the place of the harness's own scorer."""
    # Under LANG=C an unprintable character becomes its escape.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    is_command = bool(arguments) and arguments[0] in (*COMMANDS, "-h", "--help")
    options = _parser().parse_args(arguments if is_command else ["run", *arguments])
    try:
        status = _call(options, score)
        # What a reader that went away did not take shows here.
        sys.stdout.flush()
    except BrokenPipeError:
        # Let go of what cannot be written; Python would try again at exit, and say so at length.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except (SummarizerError, LabelError) as error:
        print(f"evals: {error}", file=sys.stderr)
        return error.exit_code if isinstance(error, SummarizerError) else USAGE
    except KeyboardInterrupt:
        print("evals: interrupted; what was answered is recorded", file=sys.stderr)
        return INTERRUPTED
    return status


def _call(options: argparse.Namespace, score: Score | None) -> int:
    from evals import commands

    if score is None:
        from evals.scoring import score_case

        score = score_case
    calls = {
        "run": commands.run,
        "record": commands.record,
        "refresh": commands.record,
        "live": commands.live,
        "rekey": commands.move,
        "bless": commands.accept,
        "diff": commands.diff,
        "debt": commands.debt,
        "judge": commands.advise,
    }
    return calls[options.command](commands.Bench(options=options, score=score))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals",
        description="Hold the pipeline against hand-labelled articles, from recorded answers: no network, no key.",
        epilog=_EPILOG,
    )
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)
    _add_run(commands)
    _add_recording(commands)
    _add_baseline(commands)
    _add_debt(commands)
    _add_judge(commands)
    _add_diff(commands)
    return parser


def _add_run(commands: Commands) -> None:
    run = _add(commands, "run", "replay, score and judge; the default")
    _add_system(run, "both")
    _add_outputs(run)
    _add_judgements(run)
    live = _add(commands, "live", "ask the model and score what comes; reads and writes no recording")
    _add_provider(live)
    _add_outputs(live)


def _add_recording(commands: Commands) -> None:
    record = _add(commands, "record", "ask for what is not recorded yet, and record it")
    refresh = _add(commands, "refresh", "ask again for everything, and record it", takes_case=False)
    refresh.add_argument("case", nargs="*", metavar="CASE", help="only cases whose id begins so")
    for one in (record, refresh):
        _add_provider(one)
        one.add_argument("--prune", action="store_true", help="delete recordings that answer no request any more")
    _add(commands, "rekey", "give recordings new keys where a request differs in temperature, limits or seed only")


def _add_baseline(commands: Commands) -> None:
    bless = _add(commands, "bless", "accept a run of all cases as the baseline", takes_case=False)
    bless.set_defaults(case=[])
    _add_system(bless, "both")
    bless.add_argument("--allow-drop", metavar="REASON", help="accept what is worse than before; the reason is kept")


def _add_debt(commands: Commands) -> None:
    debt = _add(commands, "debt", "print a patch that adds to the labels what they may lack")
    _add_system(debt, "llm")


def _add_judge(commands: Commands) -> None:
    judge = _add(commands, "judge", "let a model read the summaries and hold the labels against it; advisory, no gate")
    _add_judgements(judge)
    judge.add_argument("--of", metavar="NAME", help="the model whose summaries are judged (default: the recorded one)")
    judge.add_argument(
        "--record", action="store_true", help="ask the judge for what is not recorded yet, and record it"
    )
    _add_provider(judge)
    judge.add_argument("--prune", action="store_true", help="delete judgements that answer no request any more")


def _add_diff(commands: Commands) -> None:
    diff = commands.add_parser("diff", help="what differs between two runs that --json wrote", epilog=_EPILOG)
    diff.add_argument("before", type=Path, metavar="A.json", help="the earlier run")
    diff.add_argument("after", type=Path, metavar="B.json", help="the later run")
    diff.add_argument("--html", type=Path, metavar="FILE", help="write the page of B with what differs from A")
    diff.add_argument("--cases", type=Path, default=CASES_DIR, metavar="DIR", help="articles and labels")
    diff.set_defaults(case=[])


def _add(commands: Commands, name: str, says: str, *, takes_case: bool = True) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=says, description=says, epilog=_EPILOG)
    parser.add_argument("--cases", type=Path, default=CASES_DIR, metavar="DIR", help="articles and labels")
    parser.add_argument("--recordings", type=Path, default=RECORDINGS_DIR, metavar="DIR", help="recorded answers")
    parser.add_argument("--baseline", type=Path, default=BASELINE_FILE, metavar="FILE", help="the accepted run")
    parser.add_argument("--model", metavar="NAME", help="the provider's name of the model (default: the recorded one)")
    if takes_case:
        parser.add_argument("--case", nargs="+", metavar="PREFIX", help="only cases whose id begins so")
    return parser


def _add_system(parser: argparse.ArgumentParser, default: str) -> None:
    systems = ("llm", "offline", "both")
    parser.add_argument("--system", choices=systems, default=default, help=f"what is run (default: {default})")


def _add_judgements(parser: argparse.ArgumentParser) -> None:
    folder = RECORDINGS_DIR.with_name("judgements")
    parser.add_argument("--judgements", type=Path, default=folder, metavar="DIR", help="recorded answers of the judge")


def _add_provider(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--base-url", metavar="URL", help="an OpenAI-compatible address; the key comes from OPENAI_API_KEY"
    )
    parser.add_argument(
        "--timeout", type=float, default=180.0, metavar="S", help="seconds for an answer (default: 180)"
    )
    parser.add_argument("--concurrency", type=int, default=16, metavar="N", help="cases under way at once")


def _add_outputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-v", "--verbose", action="store_true", help="a table of the cases too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the scored runs, for diff")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write JUnit XML, for CI")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write one page to look at")
