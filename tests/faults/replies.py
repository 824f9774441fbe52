"""What the fault server can answer: one entry for each row of the fault matrix and each of its variants."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from tests.loopback import completion, good_answer

Delivery = Literal[
    "whole", "short", "long", "chunks_cut", "reset_before", "closed_before", "reset_within", "hang", "drip"
]
_JSON = (("content-type", "application/json"),)
_PAGE = b"<!doctype html><html><body><h1>Bad gateway</h1></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: its body, the article's number, how often that article was asked about, the key that came with it."""

    document: dict[str, Any]
    number: int
    attempt: int
    key: str
    canary_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is sent, and how: whole, or broken in one of the ways of `Delivery`."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = _JSON
    delivery: Delivery = "whole"
    pause_s: float = 0.0


Maker = Callable[[Asked], Reply]


def answer(asked: Asked) -> dict[str, Any]:
    """Return the right answer about the article, with a usage of its own."""
    _, reply = good_answer(asked.document)
    assert isinstance(reply, dict)
    call = reply["choices"][0]["message"]["tool_calls"][0]["function"]
    arguments = json.loads(call["arguments"])
    for figure in arguments.get("figures", ()):
        figure["of"] = f"甲{asked.number}集团"
    if "headline" in arguments:
        arguments |= {"headline": f"甲{asked.number}集团签约", "abstract": [f"甲{asked.number}集团签订战略合作协议。"]}
    call["arguments"] = json.dumps(arguments, ensure_ascii=False)
    return reply | {"usage": usage(asked)}


def usage(asked: Asked) -> dict[str, int]:
    prompt, output = 100 + asked.number % 89, 20 + asked.attempt
    return {"prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output}


def whole(document: object, status: int = 200, *headers: tuple[str, str]) -> Reply:
    return Reply(status=status, body=json.dumps(document, ensure_ascii=False).encode(), headers=(*_JSON, *headers))


def failure(status: int, message: str = "", code: str = "", *headers: tuple[str, str]) -> Maker:
    return lambda _: whole({"error": {"message": message, "code": code, "type": "error"}}, status, *headers)


def limited(retry_after: str) -> Maker:
    return failure(429, "slow down", "rate_limit_exceeded", ("retry-after", retry_after))


def page(status: int, body: bytes = _PAGE) -> Maker:
    return lambda _: Reply(status=status, body=body, headers=(("content-type", "text/html"),))


def broken(delivery: Delivery) -> Maker:
    return lambda asked: Reply(body=json.dumps(answer(asked)).encode(), delivery=delivery)


def redirect(status: int) -> Maker:
    return lambda asked: Reply(status=status, headers=(("location", asked.canary_url),))


def cut_json(asked: Asked) -> Reply:
    return Reply(body=json.dumps(answer(asked)).encode()[:-40])


def too_large(_: Asked) -> Reply:
    return Reply(body=b'{"choices": "' + b"x" * (9 * 2**20) + b'"}')


def bomb(_: Asked) -> Reply:
    # 64 MiB of blanks in 64 kB.
    body = gzip.compress(b" " * 2**26, 1)
    return Reply(body=body, headers=(*_JSON, ("content-encoding", "gzip")))


def with_choice(**choice: Any) -> Maker:
    """The right answer with something else in its choice: a finish reason, a message."""

    def make(asked: Asked) -> Reply:
        reply = answer(asked)
        reply["choices"][0] |= choice
        return whole(reply)

    return make


def with_fields(**fields: Any) -> Maker:
    """The right answer with other fields beside its choice; None takes one away."""

    def make(asked: Asked) -> Reply:
        reply = answer(asked) | fields
        return whole({name: value for name, value in reply.items() if value is not None})

    return make


def truncated(asked: Asked) -> Reply:
    reply = answer(asked)
    reply["choices"][0]["finish_reason"] = "length"
    call = reply["choices"][0]["message"]["tool_calls"][0]["function"]
    call["arguments"] = call["arguments"][: len(call["arguments"]) // 2]
    return whole(reply)


def truncated_when_whole(asked: Asked) -> Reply:
    """Cut only what was asked about the whole article; its parts are answered."""
    shown = asked.document["messages"][-1]["content"]
    is_whole = "[1]" in shown and "[2]" in shown
    return truncated(asked) if is_whole else whole(answer(asked))


def arguments(text: str) -> Maker:
    """An answer of the right form whose arguments are this text."""
    return lambda asked: whole(completion(asked.document, text) | {"usage": usage(asked)})


def stray(field: str, value: str) -> Maker:
    """The right answer with one field of the wrong type or with a number that JSON does not know."""

    def make(asked: Asked) -> Reply:
        reply = answer(asked)
        call = reply["choices"][0]["message"]["tool_calls"][0]["function"]
        known = json.loads(call["arguments"])
        known[field] = "\0"
        call["arguments"] = json.dumps(known).replace('"\\u0000"', value)
        return whole(reply)

    return make


def other_tool(asked: Asked) -> Reply:
    reply = answer(asked)
    leak = json.dumps({"url": asked.canary_url})
    reply["choices"][0]["message"]["tool_calls"][0]["function"] = {"name": "fetch_url", "arguments": leak}
    return whole(reply)


def several_tools(asked: Asked) -> Reply:
    reply = answer(asked)
    reply["choices"][0]["message"]["tool_calls"] *= 2
    return whole(reply)


def prose(asked: Asked) -> Reply:
    reply = answer(asked)
    reply["choices"][0]["message"] = {"role": "assistant", "content": f"Here you are: {asked.canary_url}"}
    return whole(reply)


def echo(status: int) -> Maker:
    """Repeat the key wherever a server can: headers, reason, body, whole and in pieces."""

    def make(asked: Asked) -> Reply:
        key = asked.key
        half = len(key) // 2
        headers = [
            ("x-echo", f"Bearer {key}"),
            ("set-cookie", f"session={key}"),
            ("x-half", key[:half]),
            ("x-rest", key[half:]),
        ]
        if status == 200:
            reply = answer(asked)
            reply |= {"id": f"echo-{key}", "system_fingerprint": key[half:], "note": f"{key[:half]} and {key}"}
            return whole(reply, 200, *headers)
        message = f"Incorrect API key provided: {key}; was {key[:half]}...{key[half:]}"
        return whole({"error": {"message": message, "code": key, "type": "invalid"}}, status, *headers)

    return make


def echo_page(asked: Asked) -> Reply:
    return Reply(body=f"<html>{asked.key}</html>".encode(), headers=(("content-type", f"text/html; k={asked.key}"),))


def echo_redirect(asked: Asked) -> Reply:
    return Reply(status=307, headers=(("location", f"{asked.canary_url}?key={asked.key}"),))


KINDS: dict[str, Maker] = {
    "ok": lambda asked: whole(answer(asked)),
    # Not billed, asked again up to eight times.
    "429": failure(429, "slow down", "rate_limit_exceeded"),
    "429_after_0": limited("0"),
    "429_after_float": limited("0.01"),
    "429_after_past": limited("Wed, 21 Oct 2015 07:28:00 GMT"),
    "429_after_negative": limited("-5"),
    "429_after_nan": limited("nan"),
    "429_after_words": limited("soon"),
    "429_after_minutes": limited("100"),
    "429_after_years": limited("1e9"),
    "408": failure(408),
    "409": failure(409),
    "425": failure(425),
    "500": failure(500, "internal"),
    "502_page": page(502),
    "503": failure(503, "overloaded"),
    "529": failure(529, "overloaded"),
    "reset_before": broken("reset_before"),
    "closed_before": broken("closed_before"),
    # Possibly billed, asked again once.
    "reset_within": broken("reset_within"),
    "short": broken("short"),
    "long": broken("long"),
    "chunks_cut": broken("chunks_cut"),
    "hang": broken("hang"),
    "drip": broken("drip"),
    "page": page(200),
    "empty": page(200, b""),
    "cut_json": cut_json,
    "array": lambda _: whole([1, 2]),
    "error_in_200": lambda _: whole({"error": {"message": "overloaded", "code": 529}}),
    "too_large": too_large,
    "bomb": bomb,
    # Billed.
    "no_choices": with_fields(choices=[]),
    "null_choices": lambda asked: whole(answer(asked) | {"choices": None}),
    "null_message": with_choice(message=None),
    "length": truncated,
    "length_when_whole": truncated_when_whole,
    "filtered": with_choice(finish_reason="content_filter"),
    "refused": with_choice(message={"role": "assistant", "content": None, "refusal": "I cannot help with that."}),
    "other_tool": other_tool,
    "several_tools": several_tools,
    "prose": prose,
    "fields_missing": arguments("{}"),
    "nan": stray("figures", "NaN"),
    "wrong_type": stray("deals", '"none"'),
    "deep": arguments("[" * 20_000 + "]" * 20_000),
    "endless": arguments('{"headline": "' + "长" * 210_000 + '"}'),
    "no_usage": with_fields(usage=None),
    "other_model": with_fields(model="another-model-9"),
    # Wrong for this article.
    "400": failure(400, "invalid request"),
    "404": failure(404, "no such path"),
    "413": failure(413),
    "422": failure(422, "unprocessable"),
    "too_long": failure(400, "maximum context length is 8192 tokens", "context_length_exceeded"),
    # Wrong for all.
    "401": failure(401, "no"),
    "402": failure(402, "pay first"),
    "403": failure(403, "forbidden"),
    "404_model": failure(404, "The model does not exist", "model_not_found"),
    "429_quota": failure(429, "You exceeded your current quota", "insufficient_quota"),
    "302": redirect(302),
    "307": redirect(307),
    "308": redirect(308),
    # The key, sent back.
    "echo_200": echo(200),
    "echo_400": echo(400),
    "echo_401": echo(401),
    "echo_429": echo(429),
    "echo_500": echo(500),
    "echo_page": echo_page,
    "echo_redirect": echo_redirect,
}
