"""The inside of the child process that parses documents: limits first, then the parser, then the bytes.

Runs as `python -I -S` with an empty environment; `child` starts it. What comes in on standard input is one document,
what goes out on standard output is one JSON object: text, title, warnings, or an error's kind and words.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from summarizer.errors import FormatError, InputError, ParserLimitError

MAX_MEMORY_BYTES: Final = 1 << 30
MAX_CPU_S: Final = 30
MAX_OUTPUT_BYTES: Final = 20_000_000
_MAX_OPEN_FILES: Final = 16
_LIMITS: Final = (
    ("RLIMIT_CORE", 0),
    ("RLIMIT_FSIZE", 0),
    ("RLIMIT_NPROC", 0),
    ("RLIMIT_NOFILE", _MAX_OPEN_FILES),
    ("RLIMIT_CPU", MAX_CPU_S),
    ("RLIMIT_AS", MAX_MEMORY_BYTES),
)
# Audit events that no parser of a text needs: the network, other programs, the file system.
_FORBIDDEN: Final = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile", "os.kill",
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.ch", "os.utime",
    "pty.", "ctypes.", "shutil.", "tempfile.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.", "sqlite3.",
)  # fmt: skip
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC


def main(form: str) -> None:
    """Parse the document on standard input as `pdf` or `docx` and write what it says."""
    _offer_to_be_killed_first()
    limit_resources()
    parse = _parser(form)
    close_doors([Path(entry) for entry in sys.path if entry])
    data = sys.stdin.buffer.read()
    try:
        answer = parse(data)
    except InputError as error:
        answer = {"error": error.kind, "message": str(error)}
    except (MemoryError, RecursionError) as error:
        what = "memory" if isinstance(error, MemoryError) else "nesting"
        answer = {
            "error": ParserLimitError.kind,
            "message": f"takes more {what} to read than a document may; save its text as .txt",
        }
    # What a parser raises over a hostile file may be anything; the file is named by the caller, its text by nobody.
    except Exception as error:
        answer = {
            "error": FormatError.kind,
            "message": f"cannot be read ({type(error).__name__}): it is damaged; save it again",
        }
    line = json.dumps(answer, ensure_ascii=True).encode()
    if len(line) > MAX_OUTPUT_BYTES:
        message = f"holds more text than {MAX_OUTPUT_BYTES // 1_000_000} MB"
        line = json.dumps({"error": ParserLimitError.kind, "message": message}).encode()
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
    # No clean-up of what a hostile file has built.
    os._exit(0)


def limit_resources() -> None:
    """Set the limits of this process for good, hard ones included."""
    for name, value in _LIMITS:
        number = getattr(resource, name, None)
        if number is None:
            continue
        hard = resource.getrlimit(number)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # One second more to the hard limit of CPU time: the soft one ends the process by a signal that says why.
        spare = 1 if name == "RLIMIT_CPU" and most == value else 0
        try:
            resource.setrlimit(number, (most, most + spare))
        except (OSError, ValueError):
            # Some systems know a limit and do not let it be set; CPU time and the caller's clock remain.
            continue


def close_doors(roots: list[Path]) -> None:
    """Let this process open nothing from now on but modules below `roots`, for reading. Cannot be undone."""
    folders = tuple(f"{root}{os.sep}" for root in {*roots, *(root.resolve() for root in roots)})

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, int) and not isinstance(path, bool):
                return
            name = os.path.normpath(os.fsdecode(path))
            if flags & _WRITING or not name.startswith(folders):
                raise PermissionError("a parser may open nothing")
        elif event.startswith(_FORBIDDEN):
            raise PermissionError("a parser may do nothing but read its input")

    sys.addaudithook(refuse)


def _offer_to_be_killed_first() -> None:
    """Where memory runs out, this process is the one to end, not the run that waits for it."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        return


def _parser(form: str) -> Callable[[bytes], dict[str, Any]]:
    if form == "pdf":
        from summarizer.articles.pdf_text import read_pdf

        return read_pdf
    if form == "docx":
        from summarizer.articles.word_text import read_word

        return read_word
    raise ValueError(f"no parser for {form!r}: expected 'pdf' or 'docx'")
