"""The command line of the corruption harness: `python -m evals.corruption`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from evals.answers import RECORDINGS_DIR
from evals.cases import LabelError, load_cases
from evals.corruption import measure, print_report
from summarizer.errors import SummarizerError


def main(arguments: Sequence[str] | None = None) -> int:
    """Plant mistakes, print the report; return 0 where the goals are met, 4 where not, the error's own status otherwise."""
    parser = argparse.ArgumentParser(prog="python -m evals.corruption", description=__doc__)
    parser.add_argument("--recordings", type=Path, default=RECORDINGS_DIR, help="folder of recorded answers")
    parser.add_argument("--case", action="append", default=[], metavar="PREFIX", help="only cases whose id begins so")
    parser.add_argument("--seed", type=int, default=0, help="chooses the places of the mistakes")
    parser.add_argument("--rounds", type=int, default=1, help="how often places are chosen anew")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="among how many cases are shared")
    parser.add_argument("-v", "--verbose", action="store_true", help="every failing plant, and a table by part")
    given = parser.parse_args(arguments)
    try:
        cases = load_cases(only=given.case)
        report = measure(given.recordings, cases, seed=given.seed, rounds=given.rounds, processes=given.processes)
    except (LabelError, SummarizerError) as error:
        print(f"evals.corruption: {error}", file=sys.stderr)
        return error.exit_code if isinstance(error, SummarizerError) else 2
    print_report(report, is_verbose=given.verbose)
    return 0 if report.is_met else 4


if __name__ == "__main__":
    sys.exit(main())
