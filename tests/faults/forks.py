"""Commands in processes of their own that are made to fail or die at a chosen operation, at a few hundredths of a second each.

`Forks` starts this file as a script. The script loads the program once and then forks for each order it reads: the
child arms its faults, runs the command line and ends. Orders and outcomes are lines of JSON.
"""

from __future__ import annotations

import errno
import io
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
# Loaded once, not by each child.
_LOADED = (
    "batch.reverify", "batch.run", "engines.asking", "engines.offline", "report.progress", "report.views",
    "report.workbook", "wire.store",
)  # fmt: skip
# What can be made to fail: operations of the file system below `Order.under`, and SQL statements of the answer store.
OPERATIONS = ("open", "write", "fsync", "replace", "statement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One command, and what goes wrong in it.

    `at` counts the operations of `of`, from 1; 0 lets all go well. There `what` happens: `kill`, or the error of that
    name; an error comes again at each later operation too, as on a disk that stays full, unless `is_once`.
    `file_bytes` is the size that no file may exceed: the write that would fails or, with `dies_at_limit`, kills.
    """

    arguments: Sequence[str]
    folder: str
    under: Sequence[str] = ("out",)
    of: Sequence[str] = OPERATIONS
    at: int = 0
    what: str = "kill"
    is_once: bool = False
    file_bytes: int = 0
    dies_at_limit: bool = False
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a forked command ended: exit status, negative for a signal; whether its fault came; what it printed."""

    status: int
    has_failed: bool
    output: str


class Forks:
    """The process that forks. Serves one test module after the other; end it with `close`."""

    def __init__(self) -> None:
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "SUMMARIZER_", "XDG_"))
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forks"],
            cwd=PROJECT,
            env=clean,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, order: Order) -> Ended:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate("", timeout=10)


class _Fault:
    """Counts operations and strikes at the chosen one."""

    def __init__(self, order: dict[str, Any], signal_to: int) -> None:
        self._order = order
        self._signal_to = signal_to
        self._count = 0
        self._under = tuple(f"{Path(order['folder'], name)}{os.sep}" for name in order["under"])

    def is_watched(self, path: object) -> bool:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return False
        return f"{Path(os.fsdecode(path)).absolute()}{os.sep}".startswith(self._under)

    def strike(self, operation: str) -> None:
        order = self._order
        if operation not in order["of"] or not order["at"]:
            return
        self._count += 1
        if self._count < order["at"] or (order["is_once"] and self._count > order["at"]):
            return
        os.pwrite(self._signal_to, b"1", 0)
        if order["what"] == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        number = getattr(errno, order["what"])
        if operation == "statement":
            raise sqlite3.OperationalError("database or disk is full")
        raise OSError(number, os.strerror(number))


class _Stream(io.RawIOBase):
    """A file whose writes count; what the fault cuts off is half written."""

    def __init__(self, file: Any, fault: _Fault) -> None:
        self._file = file
        self._fault = fault

    def write(self, data: Any) -> int:
        view = memoryview(data)
        try:
            self._fault.strike("write")
        except OSError:
            self._file.write(view[: len(view) // 2])
            raise
        return int(self._file.write(view))

    def flush(self) -> None:
        if not self._file.closed:
            self._file.flush()

    def close(self) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def fileno(self) -> int:
        return int(self._file.fileno())

    def seek(self, *place: int) -> int:
        return int(self._file.seek(*place))

    def read(self, size: int = -1) -> Any:
        return self._file.read(size)


def _arm(fault: _Fault) -> None:
    """Put the fault into the operations by which the program writes."""
    plain_open, plain_fsync, plain_replace, plain_fdopen = os.open, os.fsync, os.replace, os.fdopen
    plain_temporary, plain_connect = tempfile.TemporaryFile, sqlite3.connect

    def is_ours(descriptor: int) -> bool:
        return fault.is_watched(Path(f"/proc/self/fd/{descriptor}").readlink())

    def open_(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if fault.is_watched(path) and flags & (os.O_WRONLY | os.O_RDWR):
            fault.strike("open")
        return plain_open(path, flags, *more, **named)

    def fsync(descriptor: int) -> None:
        if is_ours(descriptor):
            fault.strike("fsync")
        plain_fsync(descriptor)

    def replace(source: Any, target: Any) -> None:
        if fault.is_watched(target):
            fault.strike("replace")
        plain_replace(source, target)

    def fdopen(descriptor: int, mode: str = "r", *more: Any, **named: Any) -> Any:
        file = plain_fdopen(descriptor, mode, *more, **named)
        return _Stream(file, fault) if "w" in mode and is_ours(descriptor) else file

    def temporary(*more: Any, **named: Any) -> Any:
        if fault.is_watched(named.get("dir")):
            fault.strike("open")
            return _Stream(plain_temporary(*more, **named), fault)
        return plain_temporary(*more, **named)

    class Connection(sqlite3.Connection):
        def execute(self, *statement: Any) -> Any:
            fault.strike("statement")
            return super().execute(*statement)

    def connect(*more: Any, **named: Any) -> sqlite3.Connection:
        return plain_connect(*more, factory=Connection, **named)

    places: list[tuple[Any, str, Callable[..., Any]]] = [
        (os, "open", open_),
        (os, "fsync", fsync),
        (os, "replace", replace),
        (os, "fdopen", fdopen),
        (tempfile, "TemporaryFile", temporary),
        (sqlite3, "connect", connect),
    ]
    for place, name, armed in places:
        setattr(place, name, armed)


def _child(order: dict[str, Any], output: int, signal_to: int) -> int:
    from summarizer.cli import main

    os.chdir(order["folder"])
    os.environ.update(order["environment"])
    os.environ["HOME"] = str(Path(order["folder"], "home"))
    null = os.open(os.devnull, os.O_RDONLY)
    for number, target in ((0, null), (1, output), (2, output)):
        os.dup2(target, number)
    if order["file_bytes"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_bytes"], resource.RLIM_INFINITY))
        # Python ignores this signal, so that the write fails; by default it kills.
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL if order["dies_at_limit"] else signal.SIG_IGN)
    _arm(_Fault(order, signal_to))
    return main(order["arguments"])


def _run(order: dict[str, Any]) -> Ended:
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as signal_to:
        child = os.fork()
        if child == 0:
            status = 70
            try:
                status = _child(order, output.fileno(), signal_to.fileno())
                sys.stdout.flush()
                sys.stderr.flush()
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(status)
        _, ended = os.waitpid(child, 0)
        output.seek(0)
        signal_to.seek(0)
        status = os.waitstatus_to_exitcode(ended)
        has_failed = bool(signal_to.read())
        return Ended(status=status, has_failed=has_failed, output=output.read().decode("utf-8", "replace"))


def main() -> None:
    """Serve orders until the input ends."""
    for name in _LOADED:
        import_module(f"summarizer.{name}")
    from tests.faults.quick import short_waits

    with short_waits():
        for line in sys.stdin:
            print(json.dumps(asdict(_run(json.loads(line)))), flush=True)


if __name__ == "__main__":
    main()
