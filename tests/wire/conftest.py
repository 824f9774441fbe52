"""Doubles for the wire: a provider that answers from a script, and a clock that does not wait."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from summarizer.wire.exchange import Exchange, document_key
from summarizer.wire.layer import WireRequest
from summarizer.wire.retry import Clock

CANARY = "sk-canary-Zq7Xw2Lm9Kp4"


@dataclass
class FakeTime:
    """Time that passes only when somebody waits."""

    now: float = 1000.0
    wall: float = 1_700_000_000.0
    draws: Iterator[float] | None = None
    waits: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def clock(self) -> Clock:
        return Clock(
            sleep=self.sleep,
            monotonic=lambda: self.now,
            wall=lambda: self.wall,
            draw=lambda: 1.0 if self.draws is None else next(self.draws),
        )


@dataclass
class Script:
    """A provider: each request gets the next step, the last step for ever. A step is a response or an exception."""

    steps: Sequence[Any]
    requests: list[httpx2.Request] = field(default_factory=list)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        step = self.steps[min(len(self.requests), len(self.steps) - 1)]
        self.requests.append(request)
        if isinstance(step, Exception):
            raise step
        if callable(step):
            return step(request)
        status, body, headers = step
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return httpx2.Response(status, content=content, headers=headers)


def chat_answer(text: str = "好", **more: Any) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "m-1",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
        **more,
    }


def chat_request(text: str = "第一句。\n第二句。", **more: Any) -> dict[str, Any]:
    return {"model": "m-1", "messages": [{"role": "user", "content": text}], "temperature": 0, **more}


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def script() -> Callable[..., Script]:
    return lambda *steps: Script(steps)


@pytest.fixture
def ok() -> Callable[..., tuple[int, dict[str, Any], dict[str, str]]]:
    return lambda text="好", **more: (200, chat_answer(text, **more), {"content-type": "application/json"})


@pytest.fixture
def http_request() -> Callable[..., httpx2.Request]:
    def make(document: Any = None, url: str = "https://model.example/v1/chat/completions") -> httpx2.Request:
        headers = {"authorization": f"Bearer {CANARY}"}
        return httpx2.Request("POST", url, json=chat_request() if document is None else document, headers=headers)

    return make


@pytest.fixture
def wire_request(http_request: Callable[..., httpx2.Request]) -> Callable[..., WireRequest]:
    def make(document: Any = None) -> WireRequest:
        http = http_request(document)
        return WireRequest.from_http(http, http.content)

    return make


@pytest.fixture
def exchange() -> Callable[..., Exchange]:
    def make(question: str = "问", answer: str = "答", **more: Any) -> Exchange:
        document = chat_request(question, **more)
        body = json.dumps(chat_answer(answer), ensure_ascii=False).encode()
        headers = {"content-type": "application/json"}
        return Exchange(key=document_key(document), request=document, status=200, headers=headers, body=body)

    return make


@pytest.fixture
def canary() -> str:
    return CANARY
