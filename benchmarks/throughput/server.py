"""A model provider on loopback that is never the bottleneck: bare asyncio, HTTP/1.1, answers made before they are wanted.

    python -m benchmarks.throughput.server --core 1 --plan '{"latency_s": 0.2}'

Prints its port, then answers chat completions until its standard input is closed. `GET /stats` tells what it saw.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final, cast

from benchmarks.throughput.material import arguments_of, number_in, originals

# One article in `faulty_each` has its first answer spoiled, in turn by these.
_FAULTS: Final = ("429", "500", "502", "drop", "invalid", "no_choices")
_MODEL: Final = "loopback-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How requests are answered.

    Args:
        latency_s: time from the whole request to the answer.
        hanging: numbers of articles whose first answer takes `hang_s` in place of `latency_s`.
        hang_s: see `hanging`.
        faulty_each: every so-many-th article is answered wrongly at first; 0 for none.
    """

    latency_s: float = 0.0
    hanging: tuple[int, ...] = ()
    hang_s: float = 0.0
    faulty_each: int = 0


@dataclass(slots=True, kw_only=True)
class Stats:
    """What the provider saw. Moments are of the monotonic clock, which all processes of a machine share."""

    connections: int = 0
    requests: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    faults: int = 0
    first_request: float = 0.0
    last_reply: float = 0.0


class _Provider:
    """Makes the replies; what is the same for many requests is made once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.stats = Stats()
        self._asked: Counter[int] = Counter()
        count = len(originals())
        self._as_tool = [_answer(_tool_message(arguments_of(number))) for number in range(count)]
        self._as_text = [_answer({"role": "assistant", "content": arguments_of(number)}) for number in range(count)]

    def reply(self, body: bytes) -> tuple[bytes | None, float]:
        """Return the reply to a request, None to hang up, and the time it takes in seconds."""
        number = number_in(body)
        if number is None:
            return _http(400, b'{"error": {"message": "no article of the benchmark"}}'), 0.0
        plan = self.plan
        self._asked[number] += 1
        is_first = self._asked[number] == 1
        good = (self._as_tool if b'"tools"' in body else self._as_text)[number % len(self._as_tool)]
        if is_first and number in plan.hanging:
            return good, plan.hang_s
        if is_first and plan.faulty_each and number % plan.faulty_each == 0:
            self.stats.faults += 1
            return _spoiled(_FAULTS[number // plan.faulty_each % len(_FAULTS)]), plan.latency_s
        return good, plan.latency_s


class _Connection(asyncio.Protocol):
    def __init__(self, provider: _Provider) -> None:
        self._provider = provider
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._was_asked = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (request := self._take()) is not None:
            head, body = request
            if head.startswith(b"GET /stats"):
                self._write(_http(200, json.dumps(asdict(self._provider.stats)).encode()))
            else:
                self._answer(body)

    def _take(self) -> tuple[bytes, bytes] | None:
        """Cut the first whole request out of what has come."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self._buffer[:end])
        at = head.lower().find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._buffer) < end + 4 + length:
            return None
        body = bytes(self._buffer[end + 4 : end + 4 + length])
        del self._buffer[: end + 4 + length]
        return head, body

    def _answer(self, body: bytes) -> None:
        stats, now = self._provider.stats, time.monotonic()
        if not stats.requests:
            stats.first_request = now
        stats.requests += 1
        # The one that asks for statistics is none of the run's.
        stats.connections += not self._was_asked
        self._was_asked = True
        stats.in_flight += 1
        stats.most_in_flight = max(stats.most_in_flight, stats.in_flight)
        reply, after_s = self._provider.reply(body)
        asyncio.get_running_loop().call_later(after_s, self._finish, reply)

    def _finish(self, reply: bytes | None) -> None:
        self._provider.stats.in_flight -= 1
        self._provider.stats.last_reply = time.monotonic()
        if reply is None:
            if self._transport is not None:
                self._transport.abort()
        else:
            self._write(reply)

    def _write(self, reply: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(reply)


def _http(status: int, body: bytes, content_type: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode("ascii") + body


def good_answer(number: int) -> bytes:
    """Return the body of the right answer to an article."""
    return _answer_body(_tool_message(arguments_of(number)))


def _tool_message(arguments: str) -> dict[str, Any]:
    call = {"id": "1", "type": "function", "function": {"name": "ArticleProposal", "arguments": arguments}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def _answer(message: dict[str, Any] | None) -> bytes:
    return _http(200, _answer_body(message))


def _answer_body(message: dict[str, Any] | None) -> bytes:
    choices = [] if message is None else [{"index": 0, "finish_reason": "stop", "message": message}]
    body = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": _MODEL,
        "choices": choices,
        "usage": {"prompt_tokens": 4000, "completion_tokens": 800, "total_tokens": 4800},
    }
    return json.dumps(body, ensure_ascii=False).encode()


def _spoiled(kind: str) -> bytes | None:
    if kind == "drop":
        return None
    if kind == "invalid":
        return _answer(_tool_message('{"deals": "none"}'))
    if kind == "no_choices":
        return _answer(None)
    if kind == "502":
        return _http(502, b"<html>bad gateway</html>", "text/html")
    return _http(int(kind), b'{"error": {"message": "later", "type": "server_error"}}')


async def serve(plan: Plan) -> None:
    """Serve until standard input is closed."""
    loop = asyncio.get_running_loop()
    provider = _Provider(plan)
    server = await loop.create_server(lambda: _Connection(provider), "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def main(arguments: Iterable[str]) -> int:
    """Read the options, take the core, serve."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput.server")
    parser.add_argument("--core", type=int, required=True)
    parser.add_argument("--plan", type=json.loads, default={})
    options = parser.parse_args(list(arguments))
    os.sched_setaffinity(0, {options.core})
    asyncio.run(serve(Plan(**options.plan | {"hanging": tuple(options.plan.get("hanging", ()))})))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
