"""The files that a job leaves: one line an answer, one line an error, in any order, perhaps torn."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2

from summarizer.wire.exchange import BATCH_PRICE, PRICE_HEADER, Exchange, canonical_json, parse_object
from summarizer.wire.faults import provider_message
from summarizer.wire.layer import WireRequest

# An answer has at most 8 MiB on the wire; a line holds little besides.
_MAX_LINE_BYTES: Final = 9 * 2**20
_SHOWN_ID_CHARS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One line: the request it is about, and its answer or what is wrong.

    `key` is None where the line does not say what it is about. `body` is the response's object, of whatever status;
    its tokens were charged. `exchange` is there for an answer that may be kept; `failure` says why there is none.
    """

    number: int
    key: str | None = None
    body: Mapping[str, Any] | None = None
    exchange: Exchange | None = None
    failure: str | None = None

    @property
    def shown_key(self) -> str:
        """The beginning of the `custom_id`, for messages."""
        return repr((self.key or "")[:_SHOWN_ID_CHARS])


def is_torn(path: Path) -> bool:
    """Return whether the last line of a file looks cut: it has no end, and is no JSON."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if size == 0:
            return False
        file.seek(max(0, size - _MAX_LINE_BYTES))
        tail = file.read()
    return not tail.endswith(b"\n") and parse_object(tail[tail.rfind(b"\n") + 1 :]) is None


def read_answers(path: Path, secret: str) -> Iterator[AnswerLine]:
    """Give each line of an output or error file that is not blank; memory: one line.

    Args:
        path: the downloaded file.
        secret: the `authorization` header, of which no part is shown in a failure.
    """
    with path.open("rb") as file:
        number = 0
        while line := file.readline(_MAX_LINE_BYTES):
            number += 1
            if len(line) == _MAX_LINE_BYTES and not line.endswith(b"\n"):
                while rest := file.readline(_MAX_LINE_BYTES):
                    if rest.endswith(b"\n"):
                        break
                yield AnswerLine(number=number, failure=f"is longer than {_MAX_LINE_BYTES // 2**20} MiB")
            elif line.strip():
                yield _read(number, line, secret)


def failure_of(error: object, secret: str) -> str:
    """Return what an error object of the provider says: its code and its words, at most 300 characters, no secrets."""
    if not isinstance(error, Mapping):
        return provider_words({"error": str(error)}, secret) or "no reason given"
    code = str(error.get("code") or error.get("type") or "")
    words = provider_words({"error": dict(error)}, secret)
    return ": ".join(part for part in (provider_words({"error": code}, secret), words) if part) or "no reason given"


def provider_words(document: Mapping[str, Any], secret: str) -> str:
    """Return the message of an error body, made safe as those of the wire are."""
    http = httpx2.Request("GET", "https://provider.invalid", headers={"authorization": secret})
    request = WireRequest(http=http, body=b"", document=None, key=None)
    return provider_message(request, json.dumps(document).encode())


def _read(number: int, line: bytes, secret: str) -> AnswerLine:
    document = parse_object(line)
    if document is None:
        return AnswerLine(number=number, failure="is no JSON object")
    key = document.get("custom_id")
    if not isinstance(key, str):
        return AnswerLine(number=number, failure="has no custom_id")
    response = document.get("response")
    response = response if isinstance(response, dict) else {}
    status, body = response.get("status_code"), response.get("body")
    if not isinstance(body, dict):
        error = document.get("error")
        said = failure_of(error, secret) if error else "a response without a body"
        return AnswerLine(number=number, key=key, failure=said)
    if not isinstance(status, int) or status != 200 or document.get("error"):
        error = document.get("error") or body.get("error") or body
        return AnswerLine(number=number, key=key, body=body, failure=f"{status}: {failure_of(error, secret)}")
    try:
        content = canonical_json(body)
    except (ValueError, RecursionError):
        return AnswerLine(number=number, key=key, failure="a response that cannot be kept")
    headers = {"content-type": "application/json", PRICE_HEADER: BATCH_PRICE}
    exchange = Exchange(key=key, request={}, status=status, headers=headers, body=content)
    if not exchange.is_answer:
        said = failure_of(body.get("error"), secret)
        return AnswerLine(number=number, key=key, body=body, failure=f"an error under status 200: {said}")
    return AnswerLine(number=number, key=key, body=body, exchange=exchange)
