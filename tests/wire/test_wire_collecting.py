from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import NotSentError
from summarizer.wire.answers import Answers
from summarizer.wire.collecting import Collecting
from summarizer.wire.store import AnswerStore


def send(layer: Any, request: Any) -> Any:
    return asyncio.run(layer.send(request))


def test_a_request_is_kept_once_and_never_sent(wire_request: Any) -> None:
    collecting = Collecting()
    for document in ({"n": 1}, {"n": 2}, {"n": 1}):
        with pytest.raises(NotSentError):
            send(collecting, wire_request(document))
    assert [request.document for request in collecting.take()] == [{"n": 1}, {"n": 2}]
    with pytest.raises(NotSentError):
        send(collecting, wire_request({"n": 2}))
    assert collecting.take() == []


def test_behind_the_store_it_sees_only_what_is_not_answered(tmp_path: Path, exchange: Any, wire_request: Any) -> None:
    store = AnswerStore(tmp_path)
    kept = exchange("问")
    store.put(kept)
    collecting = Collecting()
    answers = Answers(collecting, store=store)
    assert send(answers, wire_request(dict(kept.request))).origin == "store"
    with pytest.raises(NotSentError):
        send(answers, wire_request({"model": "m-1", "messages": []}))
    assert [request.document for request in collecting.requests] == [{"model": "m-1", "messages": []}]
    asyncio.run(answers.aclose())
