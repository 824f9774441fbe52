"""One exchange with a model provider: the request body, the response, and the key that joins them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

# All that is kept of a response's headers. Others name the account, the machine or the moment.
KEPT_HEADERS: Final = ("content-type",)

# Not a provider's header but our own mark on a stored answer: what it was charged at, where that is not the list price.
# The network drops it, and recordings do not hold it.
PRICE_HEADER: Final = "x-newsproof-price"
BATCH_PRICE: Final = "batch"

# What a server writes as `system_fingerprint` when it did not count tokens but guessed them.
ESTIMATED_FINGERPRINT: Final = "usage-estimated"


def canonical_json(document: Any) -> bytes:
    """Return the one spelling of a JSON value: keys sorted, no blanks, UTF-8 not escaped to ASCII.

    Example:
        >>> canonical_json({"b": [1, 2], "a": "公司"}).decode()
        '{"a":"公司","b":[1,2]}'
    """
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # A lone surrogate is legal in JSON as an escape; it must have a key too.
    return text.encode("utf-8", "surrogatepass")


def document_key(document: Any) -> str:
    """Return the key of a request body that is parsed already; see `exchange_key`."""
    return hashlib.sha256(canonical_json(document)).hexdigest()


def exchange_key(body: bytes) -> str:
    """Return the key of a request: 64 hexadecimal digits, the SHA-256 of its canonical body.

    Spelling does not matter (order of keys, blanks, escapes), content does: model, messages, schema, sampling. Host,
    headers and with them the API key are no part of it, so that an answer stays valid when the address changes.

    Raises:
        ValueError: the body is no JSON.

    Example:
        >>> exchange_key(b'{"model": "m", "n": 1}') == exchange_key(b'{"n":1,"model":"m"}')
        True
    """
    return document_key(json.loads(body))


def parse_object(body: bytes) -> dict[str, Any] | None:
    """Return the JSON object that the bytes hold, None where they hold anything else or are cut."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


# No slots: cached_property needs the instance dictionary.
@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A request body and the response to it, as they were on the wire.

    `key` is the request's `exchange_key`; `headers` hold only names of `KEPT_HEADERS`, and `PRICE_HEADER` where the
    answer came by the batch interface; `body` are the response's bytes, decompressed, unread. Treat `request` as frozen too.
    """

    key: str
    request: Mapping[str, Any]
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes

    @cached_property
    def answer(self) -> dict[str, Any] | None:
        """The response's JSON object, parsed once; None where the body holds anything else."""
        return parse_object(self.body)

    @property
    def is_answer(self) -> bool:
        """Whether this is worth keeping: a status of success, a JSON object, and no `error` in place of choices.

        It says nothing about the quality of the answer, which is judged later, from what was kept.
        """
        answer = self.answer
        is_success = isinstance(self.status, int) and 200 <= self.status < 300
        return is_success and answer is not None and (not answer.get("error") or bool(answer.get("choices")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one answer as its body states them; None for a count that is not stated.

    `cached_input_tokens` are part of `input_tokens`. `is_estimated` says that the server marked the counts as a guess.
    """

    input_tokens: int | None
    cached_input_tokens: int | None
    output_tokens: int | None
    is_estimated: bool = False


def usage_of(body: bytes | Mapping[str, Any]) -> Usage | None:
    """Return the tokens a response body states, None where it states none (never a zero in its place).

    Args:
        body: the raw body, or the object it holds (`Exchange.answer`), which saves parsing it again.

    Example:
        >>> usage_of(b'{"usage": {"prompt_tokens": 900, "completion_tokens": 80}}').output_tokens
        80
    """
    answer = parse_object(body) if isinstance(body, bytes) else body
    usage = answer.get("usage") if answer else None
    if answer is None or not isinstance(usage, Mapping):
        return None
    details = usage.get("prompt_tokens_details")
    cached = _count(details.get("cached_tokens")) if isinstance(details, Mapping) else None
    if cached is None:
        # DeepSeek's own name for the same count.
        cached = _count(usage.get("prompt_cache_hit_tokens"))
    input_tokens = _count(usage.get("prompt_tokens"))
    output_tokens = _count(usage.get("completion_tokens"))
    if input_tokens is None and output_tokens is None:
        return None
    return Usage(
        input_tokens=input_tokens,
        cached_input_tokens=cached,
        output_tokens=output_tokens,
        is_estimated=answer.get("system_fingerprint") == ESTIMATED_FINGERPRINT,
    )


def _count(value: object) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if is_count and isinstance(value, int) else None
