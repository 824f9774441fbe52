"""The same article under several names: a record each, one request for all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import article_text
from tests.loopback import FakeProvider

Command = Callable[..., int]
Lines = Callable[[Path], list[dict[str, Any]]]


@pytest.fixture
def same(tmp_path: Path) -> Path:
    """Make one text under five names, in three forms and two encodings, and another text."""
    folder = tmp_path / "same"
    (folder / "deep").mkdir(parents=True)
    text = article_text(1)
    (folder / "a.txt").write_bytes(text.encode())
    (folder / "b.md").write_bytes(text.encode())
    (folder / "deep" / "c.txt").write_bytes(text.encode("gb18030"))
    lines = [{"id": "d", "text": text}, {"text": text, "url": "http://example.invalid/e"}]
    (folder / "lines.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    (folder / "other.txt").write_bytes(article_text(2).encode())
    return folder


def asking(provider: FakeProvider) -> tuple[object, ...]:
    return ("--base-url", provider.base_url, "--engine", "llm", "--model", "m", "--no-follow-up")


@pytest.mark.parametrize("concurrency", [1, 8])
def test_it_is_paid_once(
    summarizer: Command, same: Path, provider: FakeProvider, read_lines: Lines, concurrency: int
) -> None:
    assert summarizer("run", same, "--out", "out", *asking(provider), "--concurrency", concurrency) == 0
    assert provider.count == 2
    records = read_lines(Path("out/results.jsonl"))
    assert len(records) == 6
    first, *others = [record for record in records if record["article"]["id"] != "other"]
    for record in others:
        assert record["article"]["sha256"] == first["article"]["sha256"]
        assert record["key_figures"] == first["key_figures"]
        assert record["key_figures"]
    assert sum(record["run"]["paid_requests"] for record in records) == 2
    assert sum(record["run"]["from_cache"] for record in records) == 4


def test_it_is_paid_once_without_a_store_while_it_is_under_way(
    summarizer: Command, same: Path, provider: FakeProvider, read_lines: Lines
) -> None:
    order = ("run", same, "--out", "out", *asking(provider), "--concurrency", 8, "--no-cache")
    provider.answers_at_most = 0
    import threading

    release = threading.Thread(target=lambda: (provider.wait_for(2), provider.release()))
    release.start()
    assert summarizer(*order) == 0
    release.join()
    assert len(read_lines(Path("out/results.jsonl"))) == 6
    assert provider.count == 2


def test_neither_name_nor_place_is_sent(summarizer: Command, same: Path, provider: FakeProvider) -> None:
    assert summarizer("run", same, "--out", "out", *asking(provider)) == 0
    sent = json.dumps(provider.bodies, ensure_ascii=False)
    assert "lines.jsonl" not in sent
    assert "example.invalid" not in sent
    assert str(same) not in sent
