"""Whatever is answered first: records stand in the order of the input, the same to the byte, and what is paid is counted once."""

import json
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import article_text
from tests.loopback import FakeProvider, Reply, good_answer

Command = Callable[..., int]
Lines = Callable[[Path], list[dict[str, Any]]]
ARTICLES = 60
SAME = "丁集团项目总投资约30亿元。"


@pytest.fixture
def stream(plain_environment: None) -> str:
    """Make a stream of articles, some of them twice under two ids, some lines of no use."""
    rows = [json.dumps({"id": f"a{number}", "text": article_text(number)}) for number in range(ARTICLES)]
    for at in (5, 20, 21, 50):
        rows.insert(at, json.dumps({"id": f"same{at}", "text": SAME}))
    rows.insert(30, '{"id": "cut", "text": ')
    rows.insert(40, json.dumps({"id": "a0", "text": article_text(0)}))
    Path("many.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return "many.jsonl"


def without_run(path: Path) -> bytes:
    return re.sub(rb',"run":\{.*?\}\}?$', b"", path.read_bytes(), flags=re.MULTILINE)


def test_order_and_bytes_are_the_same_at_any_concurrency_and_any_delay(
    summarizer: Command, provider: FakeProvider, stream: str, read_lines: Lines
) -> None:
    chance = random.Random(4711)

    def answer(body: dict[str, Any]) -> Reply:
        # The provider's own time, in its own thread: the later it was asked, the sooner it may answer.
        time.sleep(chance.random() * 0.02)
        return good_answer(body)

    provider.answer = answer
    outs = []
    for concurrency in (1, 7, 64):
        out = Path(f"out{concurrency}")
        order = ("run", stream, "--out", out, "--base-url", provider.base_url, "--concurrency", concurrency)
        assert summarizer(*order, "--format", "jsonl,csv") == 1
        outs.append(out)
    expected = [f"a{number}" for number in range(ARTICLES)]
    for at in (5, 20, 21, 50):
        expected.insert(at, f"same{at}")
    assert [record["article"]["id"] for record in read_lines(outs[0] / "results.jsonl")] == expected
    for out in outs[1:]:
        assert without_run(out / "results.jsonl") == without_run(outs[0] / "results.jsonl")
        for name in ("failures.jsonl", "figures.csv", "deals.csv"):
            assert (out / name).read_bytes() == (outs[0] / name).read_bytes()


@pytest.mark.parametrize("concurrency", [1, 64])
def test_what_two_articles_ask_together_is_paid_once_in_every_count(
    summarizer: Command, provider: FakeProvider, stream: str, read_lines: Lines, concurrency: int
) -> None:
    def answer(body: dict[str, Any]) -> Reply:
        time.sleep(0.005)
        return good_answer(body)

    provider.answer = answer
    order = ("run", stream, "--out", "out", "--base-url", provider.base_url, "--concurrency", concurrency)
    assert summarizer(*order) == 1
    assert provider.count == ARTICLES + 1
    records = read_lines(Path("out/results.jsonl"))
    assert sum(record["run"]["paid_requests"] for record in records) == ARTICLES + 1
    assert sum(record["run"]["requests"] for record in records) == ARTICLES + 4
    assert sum(record["run"]["from_cache"] for record in records) == 3
    counts = json.loads(Path("out/run.json").read_text())["counts"]
    assert (counts["paid_requests"], counts["requests"]) == (ARTICLES + 1, ARTICLES + 4)
