"""Other processes: our own Python as one, the cores there are for them, and what only a process of ours may do."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Final

# A Python that is built as a shared library is found by it.
_KEPT_VARIABLES: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

# Python's own number is 700.
_OBJECTS_BETWEEN: Final = 10_000


def own_command(code: str, *arguments: str) -> list[str]:
    """Return the command that runs `code` in an interpreter without site packages; `sys.argv[1:]` begins with `arguments`.

    What this process could import can be imported there, modules of the working folder excepted; `sys` is.
    """
    finding = f"import sys; sys.path[:0] = sys.argv[{len(arguments) + 1}:]\n"
    return [sys.executable, "-I", "-S", "-B", "-c", finding + code, *arguments, *_import_path()]


def bare_environment() -> dict[str, str]:
    """Return the variables that such a process needs: no key is among them."""
    return {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}


def spare_cores() -> int:
    """Return how many cores this process may use beside its own."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not every system tells
        cores = os.cpu_count() or 1
    return cores - 1


def collect_garbage_seldom() -> None:
    """Let a process that is ours alone search its objects for garbage less often than Python does by itself.

    An article makes tens of thousands that go by themselves when they are let go of; searching for circles among them
    takes a fifteenth of the time, and there are next to none.
    """
    gc.set_threshold(_OBJECTS_BETWEEN)


def _import_path() -> list[str]:
    """Where this process finds modules, the package's own place first.

    The working folder is none of them, even where this process looks there: what lies in it may be the input.
    """
    ours = Path(__file__).resolve().parents[1]
    others = [Path(entry) for entry in sys.path if Path(entry).is_absolute()]
    try:
        here = Path.cwd()
    except OSError:
        here = ours
    kept = [entry for entry in others if entry not in (here, entry.parent)]
    return list(dict.fromkeys(str(entry) for entry in (ours, *kept)))
