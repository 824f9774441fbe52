"""The API key kept out of what is shown and written: cut out by value, whatever form or place it turns up in.

Nothing of ours writes the key. What could are others' words: a provider that repeats it in an answer or a header, a
library that logs such a header, the traceback of a fault. All of these pass here.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

# The command sets up its hooks at every start, `--help` included: what they need is loaded when they are called.
if TYPE_CHECKING:
    import logging
    from types import TracebackType

# Shorter ones are placeholders of local servers, and may be ordinary words of an article.
_MIN_CHARS: Final = 12
_KEY_VARIABLES: Final = ("OPENAI_API_KEY", "SUMMARIZER_API_KEY")
# Loggers through which a reply's headers or an exception's text can come.
_LOGGERS: Final = ("summarizer", "openai", "instructor", "httpx2", "httpcore2", "h11", "asyncio")

_kept_out: set[str] = set()


@lru_cache(maxsize=16)
def _forms(secret: str) -> tuple[str, ...]:
    """Return what gives the secret away, longest first: itself, its halves, its forms in a URL and in base64."""
    from urllib.parse import quote

    if len(secret) < _MIN_CHARS:
        return ()
    half = len(secret) // 2
    forms = {secret, quote(secret, safe=""), *_in_base64(secret)}
    forms.update(part for part in (secret[:half], secret[half:]) if len(part) >= _MIN_CHARS)
    return tuple(sorted(forms, key=len, reverse=True))


def _in_base64(secret: str) -> list[str]:
    """Return the characters that base64 gives the secret for certain, at each of the three places it can begin."""
    import base64

    data = secret.encode()
    found = []
    for before in range(3):
        text = base64.b64encode(b"\0" * before + data).decode().rstrip("=")
        # The characters at the ends depend on the neighbours too.
        found.append(text[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6])
    return found


def redact(text: str, *secrets: str) -> str:
    """Return the text with every form of the secrets replaced by as many asterisks.

    Example:
        >>> redact("Bearer sk-1234567890", "sk-1234567890")
        'Bearer *************'
    """
    for secret in secrets:
        for form in _forms(secret):
            if form in text:
                text = text.replace(form, "*" * len(form))
    return text


def redact_bytes(data: bytes, secret: str) -> bytes:
    """Return the bytes with every form of the secret replaced by as many asterisks. Without one, some 50 µs for 10 kB."""
    for form in _forms(secret):
        wanted = form.encode("utf-8", "surrogatepass")
        if wanted in data:
            data = data.replace(wanted, b"*" * len(wanted))
    return data


def keep_out_of_logs(secret: str) -> None:
    """Cut the secret out of what the wire's libraries log from now on, whoever has set up logging and at any level.

    Installed once a process, round the record factory that is there: filters would miss loggers that are made later.
    Records of other loggers pass untouched.
    """
    import logging

    _kept_out.add(secret)
    factory = logging.getLogRecordFactory()
    if not isinstance(factory, _RedactingFactory):
        logging.setLogRecordFactory(_RedactingFactory(factory))


def keep_out_of_tracebacks() -> None:
    """Cut the key out of tracebacks that end the process, a thread or a destructor: for the command, not for a library."""
    import threading

    sys.excepthook = _print_redacted
    threading.excepthook = lambda told: _print_redacted(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: _print_redacted(told.exc_type, told.exc_value, told.exc_traceback)


class _RedactingFactory:
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __call__(self, *arguments: Any, **named: Any) -> logging.LogRecord:
        import traceback

        record: logging.LogRecord = self._inner(*arguments, **named)
        if record.name.partition(".")[0] not in _LOGGERS:
            return record
        try:
            text = record.getMessage()
        except Exception:  # a record that cannot be rendered is reported by its handler, as ever
            return record
        shown = redact(text, *_kept_out)
        if shown != text:
            record.msg, record.args = shown, None
        if record.exc_info and record.exc_info[0] is not None:
            trace = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
            record.exc_text = redact(trace, *_kept_out)
            if record.exc_text != trace:
                # Handlers that render tracebacks themselves must not get at the exception.
                record.exc_info = None
        return record


def _print_redacted(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if sys.stderr is None:
        return
    import traceback

    secrets = {*_kept_out, *(os.environ.get(name, "").strip() for name in _KEY_VARIABLES)}
    lines = "".join(traceback.format_exception(kind, error, trace))
    sys.stderr.write(redact(lines, *secrets))
