"""`python -m summarizer` and the console script."""

from __future__ import annotations

import sys

from summarizer.cli import main as _main
from summarizer.processes import collect_garbage_seldom
from summarizer.redaction import keep_out_of_tracebacks


def main() -> int:
    """Run the command line with this process's arguments; the console script's entry."""
    keep_out_of_tracebacks()
    collect_garbage_seldom()
    return _main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
