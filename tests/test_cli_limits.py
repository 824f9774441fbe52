"""`summarizer run` under limits a minute: they reach the wire, and bind nothing that asks nobody."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.loopback import FakeProvider, good_answer, refusal

Command = Callable[..., int]
Articles = Callable[[int], Path]
Lines = Callable[[Path], list[dict[str, Any]]]


def timed(provider: FakeProvider) -> list[float]:
    """Note when each request comes."""
    moments: list[float] = []

    def answer(body: dict[str, Any]) -> Any:
        moments.append(time.monotonic())
        return good_answer(body)

    provider.answer = answer
    return moments


@pytest.mark.parametrize("option", [("--rpm", 300), ("--tpm", 300 * 120)])
def test_requests_are_spaced_by_the_limit(
    summarizer: Command, provider: FakeProvider, articles: Articles, option: tuple[str, int]
) -> None:
    moments = timed(provider)
    assert summarizer("run", articles(5), "--out", "out", "--base-url", provider.base_url, *option) == 0
    assert len(moments) == 5
    # Four gaps of a fifth of a second: each answer states 120 tokens, which corrects the guess before it. On a busy machine
    # the first is seen late.
    assert moments[-1] - moments[0] >= 0.6
    assert json.loads(Path("out/run.json").read_text())["settings"][option[0].removeprefix("--")] == option[1]


def test_a_limit_below_one_is_refused_before_anything_is_asked(
    summarizer: Command, provider: FakeProvider, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summarizer("run", articles(1), "--out", "out", "--base-url", provider.base_url, "--rpm", "0") == 2
    assert "setting rpm" in capsys.readouterr().err
    assert provider.count == 0


def test_kept_answers_recordings_and_the_offline_engine_wait_for_no_limit(
    summarizer: Command, provider: FakeProvider, articles: Articles
) -> None:
    order = ("run", articles(4), "--out", "out", "--base-url", provider.base_url)
    assert summarizer(*order, "--record", "recorded") == 0
    began = time.monotonic()
    assert summarizer(*order, "--rpm", "1") == 0
    assert summarizer("run", articles(4), "--out", "replayed", "--replay", "recorded", "--rpm", "1", "--tpm", "1") == 0
    assert summarizer("run", articles(4), "--out", "offline", "--engine", "offline", "--rpm", "1") == 0
    assert time.monotonic() - began < 30
    assert provider.count == 4


def test_a_few_refusals_for_the_rate_lose_no_article(
    summarizer: Command, provider: FakeProvider, articles: Articles, results: Lines
) -> None:
    def answer(body: dict[str, Any]) -> Any:
        return refusal(429, "slow down")(body) if provider.count in (2, 3, 9) else good_answer(body)

    provider.answer = answer
    assert summarizer("run", articles(8), "--out", "out", "--base-url", provider.base_url) == 0
    assert provider.count == 8 + 3
    assert len(results(Path("out"))) == 8
