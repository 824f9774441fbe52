"""Lines to the person at the terminal, on standard error."""

from __future__ import annotations

import contextlib
import sys


def say(line: str) -> None:
    """Print a line; a closed standard error loses it, nothing else."""
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr, flush=True)


def complain(message: str) -> None:
    """Say what is wrong, in the program's name."""
    say(f"summarizer: {message}")
