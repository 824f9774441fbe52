"""The fault table: what a reply or an exception of the network means, and whether asking again helps.

again       attempts       which
"free"      up to 8        no connection, reset before the answer, 408, 409, 425, 429, 5xx: nobody charges for these
"paid"      up to 2        the provider may have made the whole answer: read timeout, cut body, no JSON under 200
"no"        1              400, 401, 402, 403, 404, 413, 422, 3xx, quota, certificate, reply too large
"""

from __future__ import annotations

import math
import os
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal

import httpx2

from summarizer.errors import (
    AuthError,
    BadRequestError,
    CutReplyError,
    DisconnectedError,
    NotJsonReplyError,
    QuotaError,
    RateLimitedError,
    RedirectError,
    ReplyTimeoutError,
    ReplyTooLargeError,
    ServerError,
    SettingsError,
    SummarizerError,
    TlsError,
    TooLongError,
    UnknownModelError,
)
from summarizer.wire.exchange import parse_object
from summarizer.wire.layer import WireReply, WireRequest

Again = Literal["free", "paid", "no"]

_RETRIED_4XX: Final = {408, 409, 425}
_MESSAGE_CHARS: Final = 300
# A part of the key this long in a provider's message is cut out, wherever it stands.
_KEY_PART_CHARS: Final = 6

_QUOTA: Final = re.compile(
    r"insufficient[ _](?:quota|balance|funds|credit)|current quota|billing|arrear|out of credit|credit balance|余额不足|欠费",
    re.I,
)
_TOO_LONG: Final = re.compile(
    r"context[ _]length|context window|string_above_max_length|maximum context"
    r"|(?:prompt|input|request) (?:is )?too (?:long|large)|too many (?:input )?tokens",
    re.I,
)
_UNKNOWN_MODEL: Final = re.compile(
    r"model_?not_?found|invalid[ _]model|unknown model|no such model|not a valid model|模型不存在"
    r"|model\b.{0,200}?\b(?:not found|not exist|is not available)",
    re.I | re.S,
)
_SECRETS: Final = re.compile(
    r"\b(?:sk|pk|rk|org|proj|sess|key|xai|gsk|hf|AIza)[-_][\w.*-]{4,}"
    r"|\bbearer\s+\S+"
    r"|\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{28,}",
    re.I | re.ASCII,
)
# Words by which an error under status 200 names the status it would have had, first match wins.
_INNER_STATUS: Final = (
    (re.compile(r"auth|api[ _]?key|permission", re.I), 401),
    (re.compile(r"rate|too_many|throttl|concurren", re.I), 429),
    (re.compile(r"overload|unavailable|server|timeout|internal|upstream|capacity", re.I), 503),
    (re.compile(r"not_?found", re.I), 404),
    (re.compile(r"invalid|bad_?request|context_length|unprocessable", re.I), 400),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One failed attempt: the error it will be if no further attempt helps, and what may be done about it.

    `wait_s` is what the server asked to wait. `is_connection` marks faults before any answer; of these `is_unreached`
    marks those where not even a connection came about.
    """

    error: type[SummarizerError]
    message: str
    again: Again
    wait_s: float | None = None
    is_connection: bool = False
    is_unreached: bool = False


def fault_of_reply(request: WireRequest, reply: WireReply, *, wall_time: float) -> Fault | None:
    """Return what is wrong with a reply, None for one that is an answer.

    Args:
        request: what was asked; its API key is cut out of every message.
        reply: any status, headers with lower-case names.
        wall_time: seconds since the epoch, for a Retry-After that names a date.
    """
    status = reply.exchange.status
    if request.key is None and 200 <= status < 300:
        return None
    if 200 <= status < 300:
        answer = reply.exchange.answer
        if answer is None:
            return Fault(
                error=NotJsonReplyError,
                message=f"{_host(request)!r} answered {status} with {_sort_of(reply)}; expected a chat completion in JSON",
                again="paid",
            )
        if not answer.get("error") or answer.get("choices"):
            return None
        inner = _status_within(answer)
        fault = _fault_of_status(request, reply, inner, wall_time)
        # The provider worked before it failed: no more than the budget of possibly paid attempts.
        return Fault(
            error=fault.error, message=fault.message, again="no" if fault.again == "no" else "paid", wait_s=fault.wait_s
        )
    return _fault_of_status(request, reply, status, wall_time)


def fault_of_exception(request: WireRequest, error: Exception, *, waited_s: float, patience_s: float) -> Fault:
    """Return what an exception of the network layer means.

    Exceptions' own texts are not repeated: they may hold a header's value.

    Args:
        request: what was asked.
        error: from `httpx2`, or one of our own that the network layer raised while the body came.
        waited_s: how long the attempt took.
        patience_s: a connection closed after this much waiting may have been paid for.
    """
    host = _host(request)
    if isinstance(error, ReplyTooLargeError):
        return Fault(error=ReplyTooLargeError, message=str(error), again="no")
    if isinstance(error, (CutReplyError, ReplyTimeoutError)):
        return Fault(error=type(error), message=str(error), again="paid")
    if isinstance(error, httpx2.ReadTimeout):
        return Fault(error=ReplyTimeoutError, message=f"{host!r} gave no answer in {waited_s:.0f} s", again="paid")
    certificate = next((one for one in _chain(error) if isinstance(one, ssl.SSLCertVerificationError)), None)
    if certificate is not None:
        reason = getattr(certificate, "verify_message", None) or "not valid"
        return Fault(
            error=TlsError,
            message=f"the certificate of {host!r} does not hold ({reason}); "
            "check the base URL, or set SSL_CERT_FILE for a private authority",
            again="no",
        )
    if isinstance(error, (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError)):
        return Fault(
            error=SettingsError,
            message=f"the request to {host!r} cannot be sent ({type(error).__name__}); "
            "check base URL and API key for stray characters",
            again="no",
        )
    reason = _system_reason(error)
    if isinstance(error, (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError)):
        message = f"no connection to {host!r} ({reason}); check the base URL and the network"
        return Fault(error=DisconnectedError, message=message, again="free", is_connection=True, is_unreached=True)
    if isinstance(error, (httpx2.ReadError, httpx2.RemoteProtocolError)) and waited_s >= patience_s:
        message = f"{host!r} closed the connection after {waited_s:.0f} s without an answer"
        return Fault(error=CutReplyError, message=message, again="paid", is_connection=True)
    message = f"the connection to {host!r} broke before the answer ({reason})"
    return Fault(error=DisconnectedError, message=message, again="free", is_connection=True)


def retry_after_s(headers: Mapping[str, str], *, wall_time: float) -> float | None:
    """Return the seconds a server asks to wait, at least 0, None where it asks nothing readable.

    Reads `retry-after-ms`, and `retry-after` as seconds or as an HTTP date. The caller clamps.

    Example:
        >>> retry_after_s({"retry-after": "1.5"}, wall_time=0.0)
        1.5
    """
    for name, scale in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        value = headers.get(name, "").strip()
        if not value:
            continue
        try:
            seconds = float(value) / scale
        except ValueError:
            try:
                seconds = parsedate_to_datetime(value).timestamp() - wall_time
            except (ValueError, OverflowError, OSError):
                continue
        if not math.isnan(seconds):
            return max(0.0, seconds)
    return None


def provider_message(request: WireRequest, body: bytes) -> str:
    """Return the provider's own words from an error body: one line, at most 300 characters, secrets cut out."""
    error = _error_part(parse_object(body))
    text = error.get("message") or error.get("msg") or error.get("detail") or ""
    line = " ".join("".join(char if char.isprintable() else " " for char in str(text)).split())
    line = _SECRETS.sub("[redacted]", _without_key(line, request.http.headers.get("authorization", "")))
    return line if len(line) <= _MESSAGE_CHARS else line[: _MESSAGE_CHARS - 1] + "…"


def _fault_of_status(request: WireRequest, reply: WireReply, status: int, wall_time: float) -> Fault:
    host, body = _host(request), reply.exchange.body
    said = provider_message(request, body)
    words = f": {said}" if said else ""
    error = _error_part(reply.exchange.answer)
    codes = " ".join(str(error.get(name) or "") for name in ("code", "type"))
    meaning = f"{codes} {error.get('message') or ''}"
    wait_s = retry_after_s(reply.headers, wall_time=wall_time)

    if 300 <= status < 400:
        message = (
            f"{host!r} answered with a redirect ({status}), which is never followed; give the final address as base URL"
        )
        return Fault(error=RedirectError, message=message, again="no")
    if status == 402 or (status == 429 and _QUOTA.search(meaning)) or (400 <= status < 500 and _QUOTA.search(codes)):
        message = (
            f"the account at {host!r} has nothing left ({status}){words}; top it up and run the same command again"
        )
        return Fault(error=QuotaError, message=message, again="no")
    if status == 429:
        return Fault(
            error=RateLimitedError,
            message=f"{host!r} limits the rate of requests (429){words}",
            again="free",
            wait_s=wait_s,
        )
    if status == 401:
        # What the provider says here often repeats part of the key.
        return Fault(error=AuthError, message=f"{host!r} does not accept the API key (401); check it", again="no")
    if status in (400, 403, 404) and _UNKNOWN_MODEL.search(codes if status == 403 else meaning):
        model = (request.document or {}).get("model")
        message = f"{host!r} does not know the model {model!r} ({status}){words}; name one that it offers"
        return Fault(error=UnknownModelError, message=message, again="no")
    if status == 403:
        return Fault(
            error=AuthError, message=f"{host!r} forbids the request (403){words}; check key and base URL", again="no"
        )
    if status in _RETRIED_4XX or status >= 500:
        return Fault(error=ServerError, message=f"{host!r} failed ({status}){words}", again="free", wait_s=wait_s)
    if status == 413 or _TOO_LONG.search(meaning):
        return Fault(error=TooLongError, message=f"the request is too long for {host!r} ({status}){words}", again="no")
    hint = words or "; check the base URL, which usually ends in /v1"
    return Fault(error=BadRequestError, message=f"{host!r} refuses the request ({status}){hint}", again="no")


def _status_within(answer: Mapping[str, Any]) -> int:
    error = _error_part(answer)
    for name in ("status", "code", "status_code"):
        value = str(error.get(name) or "")
        if value.isdecimal() and 400 <= int(value) <= 599:
            return int(value)
    codes = " ".join(str(error.get(name) or "") for name in ("code", "type"))
    if _QUOTA.search(f"{codes} {error.get('message') or ''}"):
        return 402
    for words in (codes, str(error.get("message") or "")):
        for pattern, status in _INNER_STATUS:
            if pattern.search(words):
                return status
    return 500


def _error_part(answer: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Find the object that says what went wrong: `{"error": {…}}`, `{"error": "…"}`, or the body itself."""
    if answer is None:
        return {}
    error = answer.get("error")
    if isinstance(error, Mapping):
        return error
    return {"message": error} if isinstance(error, str) else answer


def _without_key(text: str, authorization: str) -> str:
    """Cut out every piece of the API key that is long enough to be one, in whatever form the server repeats it."""
    key = authorization.rpartition(" ")[2]
    marks = [False] * len(text)
    for start in range(len(text) - _KEY_PART_CHARS + 1):
        if text[start : start + _KEY_PART_CHARS] in key:
            marks[start : start + _KEY_PART_CHARS] = [True] * _KEY_PART_CHARS
    return "".join("*" if is_key else char for char, is_key in zip(text, marks, strict=True))


def _sort_of(reply: WireReply) -> str:
    body = reply.exchange.body.lstrip()
    if not body:
        return "an empty body"
    if body[:1] == b"<":
        return "an HTML page"
    return "a cut or broken JSON body" if body[:1] in (b"{", b"[") else "something else"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Walk from an exception to what caused it. Chains are short; the bound guards against a circle."""
    seen: BaseException | None = error
    for _ in range(20):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _system_reason(error: Exception) -> str:
    """Return the operating system's words for a failed connection: they hold no data of ours."""
    for cause in _chain(error):
        if isinstance(cause, OSError) and cause.errno is not None:
            # asyncio replaces the text of a refused connection; resolver and TLS have numbers of their own.
            has_own_text = isinstance(cause, (socket.gaierror, ssl.SSLError))
            return (cause.strerror if has_own_text else None) or os.strerror(cause.errno)
    return type(error).__name__


def _host(request: WireRequest) -> str:
    url = request.http.url
    return url.host if url.port is None else f"{url.host}:{url.port}"
