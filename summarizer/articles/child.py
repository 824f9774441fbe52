"""Documents parsed in a process of their own: little memory, little time, no network, no files, no key."""

from __future__ import annotations

import importlib.util
import json
import os
import selectors
import signal
import subprocess
import time
from dataclasses import dataclass
from threading import Event
from typing import Any, Final

from summarizer.articles.confined import MAX_CPU_S, MAX_MEMORY_BYTES, MAX_OUTPUT_BYTES
from summarizer.errors import EmptyInputError, FormatError, InputError, MissingExtraError, ParserLimitError
from summarizer.processes import bare_environment, own_command

WALL_S: Final = 30.0
# Which module reads a form, what it is called where packages are listed, and the extra that brings it.
_PARSERS: Final = {"pdf": ("pypdf", "pypdf", "pdf"), "docx": ("docx", "python-docx", "docx")}
_BOOT: Final = "from summarizer.articles.confined import main; main(sys.argv[1])"
_ERRORS: Final[dict[str, type[InputError]]] = {
    one.kind: one for one in (EmptyInputError, FormatError, ParserLimitError)
}
_PIECE: Final = 1 << 16
# How often it is seen whether anybody still waits.
_LOOK_S: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """A document's visible text. `title` is the range of its title in the text, where the document names one."""

    text: str
    title: tuple[int, int] | None = None
    warnings: tuple[str, ...] = ()


def extract(data: bytes, form: str, *, wall_s: float = WALL_S, is_left: Event | None = None) -> Extract:
    """Return what a reader of the document sees, read by a child process that is limited and thrown away.

    The child has 1 GiB of memory, 30 s of CPU time and of wall time, may write no file, open no connection and start
    nothing, and knows no variable of this process's environment. Messages do not name the document; the caller does.

    Args:
        data: the document.
        form: `pdf` or `docx`.
        wall_s: seconds that the child may take.
        is_left: once it is set, by another thread, nobody waits for the child, which is ended.

    Raises:
        MissingExtraError: the module that reads this form is not installed.
        EmptyInputError: no text in it, as in a scan.
        FormatError: damaged, protected, or no such document.
        ParserLimitError: it takes more memory, time or nesting than a document may, or the child was killed.

    Cost: a new process, about 0.15 s; 20 to 50 ms a page.
    """
    module, package, extra = _PARSERS[form]
    if not _is_installed(module):
        raise MissingExtraError(f"needs {package} to be read: pip install 'newsproof[{extra}]', or convert it to .txt")
    process = subprocess.Popen(  # noqa: S603 - our own interpreter with our own code
        own_command(_BOOT, form),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=bare_environment(),
        cwd="/",
        # Ctrl-C is for the run, which ends the child itself.
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + wall_s
        line = _exchange(process, data, deadline, is_left)
        is_whole = line is not None and len(line) <= MAX_OUTPUT_BYTES
        status = process.wait(timeout=max(0.0, deadline - time.monotonic())) if is_whole else 0
    except subprocess.TimeoutExpired:
        line = None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
    if line is None:
        raise ParserLimitError(f"takes more than {wall_s:.0f} s to read; save its text as .txt")
    if len(line) > MAX_OUTPUT_BYTES:
        raise ParserLimitError(f"holds more text than {MAX_OUTPUT_BYTES // 1_000_000} MB; divide it")
    if status != 0 or not line:
        raise ParserLimitError(_why_ended(status))
    return _extract_of(line)


def _exchange(process: subprocess.Popen[bytes], data: bytes, deadline: float, is_left: Event | None) -> bytes | None:
    """Feed the child and collect its answer; None when time is up or nobody waits. One byte too many is enough to stop."""
    given, taken = process.stdin, process.stdout
    if given is None or taken is None:
        raise ValueError("the child has no pipes")
    rest = memoryview(data)
    answer = bytearray()
    with selectors.DefaultSelector() as selector:
        os.set_blocking(given.fileno(), False)
        selector.register(given, selectors.EVENT_WRITE)
        selector.register(taken, selectors.EVENT_READ)
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0 or (is_left is not None and is_left.is_set()):
                return None
            for key, _ in selector.select(left if is_left is None else min(left, _LOOK_S)):
                if key.fileobj is given:
                    try:
                        rest = rest[os.write(given.fileno(), rest[:_PIECE]) :]
                    except BlockingIOError:
                        continue
                    except BrokenPipeError:
                        rest = rest[:0]
                    if not rest:
                        selector.unregister(given)
                        _close(given)
                else:
                    piece = os.read(taken.fileno(), _PIECE)
                    answer += piece
                    if not piece or len(answer) > MAX_OUTPUT_BYTES:
                        return bytes(answer)
    return bytes(answer)


def _close(stream: Any) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        return


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _why_ended(status: int) -> str:
    advice = "save its text as .txt"
    if status == -signal.SIGXCPU:
        return f"takes more than {MAX_CPU_S} s of computing to read; {advice}"
    if status == -signal.SIGKILL:
        return f"its parser was killed, mostly for want of memory; {advice}"
    if status < 0:
        return f"its parser was ended by signal {-status}; {advice}"
    return f"its parser ended without an answer, within {MAX_MEMORY_BYTES >> 20} MiB of memory; {advice}"


def _extract_of(line: bytes) -> Extract:
    """Check the child's answer as what it is: something that a hostile file may have shaped."""
    try:
        answer = json.loads(line)
        if "error" in answer:
            raise _ERRORS.get(answer["error"], FormatError)(str(answer["message"])[:300])
        text, title = answer["text"], answer["title"]
        warnings = tuple(str(word)[:60] for word in answer["warnings"])
        if not isinstance(text, str):
            raise TypeError
        if title is not None:
            first, last = title
            title = (int(first), int(last)) if 0 <= int(first) < int(last) <= len(text) else None
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise FormatError("cannot be read: its parser's answer makes no sense") from error
    return Extract(text=text, title=title, warnings=warnings)
