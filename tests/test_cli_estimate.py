"""`summarizer estimate`: the very requests of a run, counted and priced, and nothing sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from summarizer.estimate import ANSWERS_PER_ARTICLE, expected_output_tokens
from summarizer.wire.exchange import usage_of
from summarizer.wire.recordings import Recordings
from tests.conftest import PROJECT
from tests.loopback import FakeProvider, completion

Command = Callable[..., int]
Articles = Callable[[int], Path]


@pytest.fixture
def estimated(summarizer: Command, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Estimate and return what the command prints as JSON."""

    def estimate(*arguments: object) -> dict[str, Any]:
        capsys.readouterr()
        assert summarizer("estimate", *arguments, "--format", "json") == 0
        found = json.loads(capsys.readouterr().out)
        assert isinstance(found, dict)
        return found

    return estimate


def test_without_a_key_and_without_a_run_it_tells_requests_tokens_and_cost(
    summarizer: Command, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summarizer("estimate", articles(3)) == 0
    said = capsys.readouterr()
    lines = dict(line.split(maxsplit=1) for line in said.out.splitlines() if not line.startswith(" "))
    assert lines["articles"] == "3: 3 to ask about"
    assert lines["requests"] == "3 to send, 3.1 expected with follow-ups and summaries, 9 at most"
    assert "gpt-4.1-mini: $0.40 in, $0.10 of it cached, $1.60 out, for a million tokens" in lines["price"]
    assert lines["expected"].startswith("$0.01")
    assert lines["pessimistic"].startswith("$0.5")
    assert lines["limits"].startswith("8 attempts a request at most, 3 paid answers an article")
    assert ": $0.19" in lines["limits"]
    assert said.err == ""
    assert [path.name for path in Path().iterdir()] == ["articles"]


def test_it_counts_the_requests_that_a_run_then_sends_and_a_run_stays_below_the_pessimistic_sum(
    summarizer: Command, provider: FakeProvider, articles: Articles, estimated: Callable[..., dict[str, Any]]
) -> None:
    before = estimated(articles(5), "--base-url", provider.base_url, "--out", "out")
    assert (before["requests"], before["stored_answers"], provider.count) == (5, 0, 0)
    # The worst that may come: every answer invalid, three for each article, as long as the model allows.
    long = {"prompt_tokens": 6_000, "completion_tokens": 32_768}
    provider.answer = lambda body: (200, completion(body, {}) | {"usage": long})
    assert summarizer("run", "articles", "--out", "out", "--base-url", provider.base_url) == 1
    assert provider.count == before["requests_at_most"] == 15
    cost = json.loads(Path("out/run.json").read_text())["cost_usd"]
    assert before["expected_usd"] < cost <= before["pessimistic_usd"]
    assert cost / 5 <= before["most_usd_an_article"]


def test_what_the_store_has_is_not_counted_again(
    summarizer: Command, provider: FakeProvider, articles: Articles, estimated: Callable[..., dict[str, Any]]
) -> None:
    assert summarizer("run", articles(2), "--out", "out", "--base-url", provider.base_url) == 0
    articles(5)
    rest = estimated("articles", "--base-url", provider.base_url, "--out", "out")
    assert (rest["articles"], rest["articles_answered"], rest["stored_answers"], rest["requests"]) == (5, 2, 2, 3)
    assert estimated("articles", "--base-url", provider.base_url, "--cache", "out/.cache")["requests"] == 3
    for more in ((), ("--out", "out", "--no-cache"), ("--out", "elsewhere")):
        assert estimated("articles", "--base-url", provider.base_url, *more)["requests"] == 5
    assert provider.count == 2
    assert not Path("elsewhere").exists()


def test_a_follow_up_that_a_stored_answer_calls_for_is_counted(
    summarizer: Command, provider: FakeProvider, articles: Articles, estimated: Callable[..., dict[str, Any]]
) -> None:
    figure = {"s": 1, "amount": "约99亿元", "name": "投资", "of": "", "when": "", "status": "actual"}
    answer = {"figures": [figure], "deals": [], "points": [], "headline": "标题", "abstract": ["摘要"]}
    provider.answer = lambda body: (200, completion(body, answer))
    order = (articles(1), "--out", "out", "--base-url", provider.base_url)
    assert summarizer("run", *order, "--no-follow-up") == 0
    found = estimated(*order)
    assert (found["requests"], found["requests_expected"], found["requests_at_most"]) == (1, 1, 2)
    assert estimated(*order, "--no-follow-up")["articles_answered"] == 1
    assert estimated(*order, "--no-follow-up", "--no-cache")["requests_expected"] == 1


def test_all_parts_of_a_long_article_are_counted_and_the_summary_that_follows_them(
    tmp_path: Path, estimated: Callable[..., dict[str, Any]], plain_environment: None
) -> None:
    text = "".join(f"第{n}个项目总投资约30亿元，位于某市某区的产业园内，由甲集团建设运营。" for n in range(120))
    (tmp_path / "long.txt").write_text(text, encoding="utf-8")
    found = estimated("long.txt", "--window-tokens", 5_500)
    parts = found["requests"]
    assert parts >= 3
    assert found["articles_in_parts"] == 1
    assert (found["requests_expected"], found["requests_at_most"]) == (parts + 1, 3 * (parts + 1))
    alone = estimated("long.txt", "--window-tokens", 5_500, "--parts", "figures")
    assert alone["requests_expected"] == alone["requests"]


def test_without_a_price_it_tells_tokens_only_and_says_so(
    summarizer: Command, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summarizer("estimate", articles(2), "--model", "house-1") == 0
    said = capsys.readouterr().out
    assert "no price known for model 'house-1', so the cost is unknown" in said
    assert "$" not in said
    assert "131,072 an answer at most" in said


def test_an_own_price_and_a_limit_of_the_answers_length_decide_the_sums(
    articles: Articles, tmp_path: Path, estimated: Callable[..., dict[str, Any]]
) -> None:
    (tmp_path / "mine.toml").write_text('[[price]]\nmodels = ["house-1"]\ninput = 0\noutput = 1000\n')
    order = (articles(1), "--model", "house-1", "--prices", "mine.toml", "--max-output-tokens", 500)
    found = estimated(*order)
    assert found["most_output_tokens_an_answer"] == 500
    assert (found["expected_usd"], found["pessimistic_usd"]) == (0.52, 1.5)


def test_the_same_text_twice_is_asked_once_and_what_cannot_be_read_is_named(
    summarizer: Command, tmp_path: Path, estimated: Callable[..., dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [json.dumps({"id": name, "text": "甲集团项目总投资约30亿元。"}) for name in ("one", "two")]
    (tmp_path / "twice.jsonl").write_text("\n".join([*lines, "{broken"]), encoding="utf-8")
    found = estimated("twice.jsonl", "missing.txt")
    assert (found["articles"], found["requests"], found["articles_answered"], found["inputs_not_read"]) == (2, 1, 1, 2)
    assert summarizer("estimate", "missing.txt") == 0
    assert "missing.txt" in capsys.readouterr().err


def test_the_offline_engine_costs_nothing(
    summarizer: Command, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summarizer("estimate", articles(1), "--engine", "offline") == 0
    assert "costs nothing" in capsys.readouterr().err


def test_the_measured_shares_are_those_of_the_recorded_answers() -> None:
    recordings = Recordings(PROJECT / "evals" / "recordings")
    exchanges = [recordings.load(path) for path in recordings.folder.glob("*.json")]
    whole = [exchange for exchange in exchanges if "answered this request before" not in json.dumps(exchange.request)]
    assert len(exchanges) > len(whole) > 20
    written = [usage_of(exchange.answer or {}) for exchange in whole]
    stated = [usage.output_tokens or 0 for usage in written if usage is not None]
    expected = [expected_output_tokens(exchange.request) for exchange in whole]
    assert len(stated) == len(whole)
    assert abs(sum(expected) / sum(stated) - 1) < 0.02
    mean = sum(stated) / len(stated)
    missed = sum((is_so - thought) ** 2 for is_so, thought in zip(stated, expected, strict=True))
    assert missed < 0.2 * sum((is_so - mean) ** 2 for is_so in stated)
    assert abs(Decimal(len(exchanges)) / len(whole) - ANSWERS_PER_ARTICLE) < Decimal("0.01")
