"""`python -m summarizer` and the console script."""

from __future__ import annotations

import sys

from summarizer.cli import main as _main


def main() -> int:
    """Run the command line with this process's arguments; the console script's entry."""
    return _main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
