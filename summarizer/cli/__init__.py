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
from typing import NoReturn

from summarizer.cli import batching, estimating, reading, running
from summarizer.cli.saying import complain
from summarizer.errors import SummarizerError

INTERRUPTED = 130
_EPILOG = """exit status: 0 every article has a record; 1 at least one failed, all others are written; 2 usage or settings,
nothing was paid; 3 the provider refused or was unreachable, or the budget is used up: the same command goes on;
130 interrupted, likewise."""


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
        complain(str(error))
        status = error.exit_code
    except KeyboardInterrupt:
        complain("interrupted; what was answered is kept, the same command goes on from there")
        status = INTERRUPTED
    except BrokenPipeError:
        # The reader went away, as `| head` does.
        _drop_output()
        status = 1
    except OSError as error:
        _drop_output()
        complain(f"cannot write {repr(error.filename) if error.filename else 'standard output'}: {error.strerror}")
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
    running.add_run(commands, _EPILOG)
    estimating.add_estimate(commands)
    batching.add_batch(commands)
    reading.add_show(commands)
    reading.add_report(commands)
    reading.add_verify(commands)
    reading.add_check(commands)
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
