"""A model provider on loopback: OpenAI's chat completions, answered by a script, from a thread of the test."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, Any] | bytes]
Script = Callable[[dict[str, Any]], Reply]

_SENTENCE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_AMOUNT = re.compile(r"约?\d+(?:\.\d+)?(?:亿元|万元|%)")


def article_in(body: dict[str, Any]) -> str:
    """Return the message that shows the article."""
    return str(body["messages"][-1]["content"])


def read_sentences(body: dict[str, Any]) -> list[tuple[int, str]]:
    return [(int(number), text) for number, text in _SENTENCE.findall(article_in(body))]


def good_answer(body: dict[str, Any]) -> Reply:
    """Answer whatever schema is asked for: every plain amount a figure, the first sentence the summary."""
    schema = body["tools"][0]["function"]["parameters"]
    sentences = read_sentences(body)
    figures = [
        {"s": number, "amount": amount, "name": "投资", "of": "", "when": "", "status": "actual"}
        for number, text in sentences
        for amount in _AMOUNT.findall(text)
    ]
    known: dict[str, Any] = {"figures": figures, "headline": "标题", "abstract": ["摘要"]}
    empty: dict[str, Any] = {"array": [], "string": ""}
    answer = {name: known.get(name, empty[part["type"]]) for name, part in schema["properties"].items()}
    return 200, completion(body, answer)


def completion(body: dict[str, Any], answer: object, **choice: Any) -> dict[str, Any]:
    """Return the provider's whole answer with `answer` as the arguments of the tool that was asked for."""
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    call = {"name": body["tools"][0]["function"]["name"], "arguments": text}
    tool_call = {"id": "1", "type": "function", "function": call}
    message = {"role": "assistant", "content": None, "tool_calls": [tool_call]}
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "fake-1",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message} | choice],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }


def refusal(status: int, message: str, code: str = "") -> Script:
    return lambda _body: (status, {"error": {"message": message, "code": code, "type": "error"}})


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: callers that are killed reset their connections."""


@dataclass
class FakeProvider:
    """Counts what it is asked; `answer` may be replaced. Requests beyond `answers_at_most` wait until `release`."""

    answer: Script = good_answer
    answers_at_most: int | None = None
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    answered: int = 0

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._released = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def count(self) -> int:
        return len(self.bodies)

    def wait_for(self, requests: int, timeout_s: float = 30.0) -> None:
        """Return as soon as so many requests have come."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.count >= requests, timeout_s), f"{self.count} of {requests} came"

    def release(self) -> None:
        """Answer everything from now on, what waits included."""
        self._released.set()

    def close(self) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, body: dict[str, Any], key: str) -> Reply:
        with self._changed:
            self.bodies.append(body)
            self.keys.append(key)
            number = self.count
            self._changed.notify_all()
        if self.answers_at_most is not None and number > self.answers_at_most:
            self._released.wait(60)
        return self.answer(body)

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler's
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                size = int(self.headers["content-length"])
                body = json.loads(self.rfile.read(size))
                provider.sizes.append(size)
                status, reply = provider.take(body, self.headers.get("authorization", ""))
                content = reply if isinstance(reply, bytes) else json.dumps(reply, ensure_ascii=False).encode()
                try:
                    self.send_response(status)
                    self.send_header("content-type", "application/json")
                    self.send_header("content-length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    # The caller was killed or gave up.
                    self.close_connection = True
                else:
                    provider.answered += 1

            def log_message(self, format: str, *args: object) -> None:
                """Stay silent."""

        return Handler
