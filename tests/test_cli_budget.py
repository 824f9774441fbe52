"""What a run costs and may cost: the ledger against what a provider sent, and the run's budget."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from summarizer.prices import Price, price_of
from tests.loopback import FakeProvider, completion, good_answer, refusal

Command = Callable[..., int]
Lines = Callable[[Path], list[dict[str, Any]]]
Articles = Callable[[int], Path]


def price() -> Price:
    found = price_of("gpt-4.1-mini")
    assert found is not None
    return found


class Ledger:
    """A script that gives each answer its own usage and adds up what it sent."""

    def __init__(self, *usual: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self.usual = usual
        self.usages: list[dict[str, Any]] = []

    def __call__(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        number = len(self.usages)
        answer = self.usual[number % len(self.usual)](body)
        usage = {
            "prompt_tokens": 4_001 + 13 * number,
            "completion_tokens": 901 + 7 * number,
            "prompt_tokens_details": {"cached_tokens": 17 * number},
        }
        self.usages.append(usage)
        return 200, answer | {"usage": usage}

    @property
    def tokens(self) -> tuple[int, int, int]:
        cached = sum(usage["prompt_tokens_details"]["cached_tokens"] for usage in self.usages)
        return (
            sum(usage["prompt_tokens"] for usage in self.usages),
            cached,
            sum(usage["completion_tokens"] for usage in self.usages),
        )

    @property
    def cost(self) -> Decimal:
        input_tokens, cached, output_tokens = self.tokens
        cost = price().cost(input_tokens=input_tokens, cached_input_tokens=cached, output_tokens=output_tokens)
        assert cost is not None
        return cost


def good(body: dict[str, Any]) -> dict[str, Any]:
    answer = good_answer(body)[1]
    assert isinstance(answer, dict)
    return answer


def with_choice(**choice: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda body: completion(body, {}, **choice)


def without_choices(body: dict[str, Any]) -> dict[str, Any]:
    return good(body) | {"choices": []}


REFUSED = with_choice(message={"role": "assistant", "content": None, "refusal": "no"})
FILTERED, TRUNCATED, INVALID = (
    with_choice(finish_reason="content_filter"),
    with_choice(finish_reason="length"),
    with_choice(),
)


def info_of(out: str = "out") -> dict[str, Any]:
    info = json.loads(Path(out, "run.json").read_text())
    assert isinstance(info, dict)
    return info


@pytest.mark.parametrize("concurrency", [1, 7])
def test_the_totals_are_the_sum_of_all_bodies_that_came_whatever_was_in_them(
    summarizer: Command, provider: FakeProvider, articles: Articles, read_lines: Lines, concurrency: int
) -> None:
    ledger = Ledger(
        good, INVALID, good, REFUSED, good, TRUNCATED, good, without_choices, good, FILTERED, INVALID, INVALID
    )
    provider.answer = ledger
    order = ("run", articles(24), "--out", "out", "--base-url", provider.base_url, "--concurrency", concurrency)
    assert summarizer(*order) == 1
    info = info_of()
    counts = info["counts"]
    assert provider.count == len(ledger.usages) > 30
    assert (counts["requests"], counts["paid_requests"], counts["possibly_paid_requests"]) == (
        provider.count,
        provider.count,
        0,
    )
    assert (counts["input_tokens"], counts["cached_input_tokens"], counts["output_tokens"]) == ledger.tokens
    assert Decimal(str(info["cost_usd"])) == ledger.cost
    runs = [record["run"] for record in read_lines(Path("out/results.jsonl"))]
    assert sum(Decimal(str(run["cost_usd"])) for run in runs) == ledger.cost
    assert sum(run["output_tokens"] for run in runs) == ledger.tokens[2]
    assert all(run["possibly_paid_usd"] == 0 for run in runs)


def test_what_was_paid_before_costs_nothing_now_and_its_worth_is_still_told(
    summarizer: Command, provider: FakeProvider, articles: Articles, read_lines: Lines
) -> None:
    provider.answer = ledger = Ledger(good)
    order = ("run", articles(3), "--out", "out", "--base-url", provider.base_url)
    assert summarizer(*order) == 0
    # Records that stand are not made again; without the memory of them they are, from stored answers.
    Path("out/.finished.v1").unlink()
    assert summarizer(*order) == 0
    info = info_of()
    assert (info["cost_usd"], info["cost_note"]) == (0, "nothing was paid")
    assert Decimal(str(info["answers_cost_usd"])) == ledger.cost
    assert {record["run"]["cost_usd"] for record in read_lines(Path("out/results.jsonl"))} == {0}


def test_attempts_that_may_be_charged_for_stand_apart(
    summarizer: Command, provider: FakeProvider, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = Ledger(good)
    provider.answer = lambda body: (200, b"<html>") if provider.count == 1 else ledger(body)
    assert summarizer("run", articles(1), "--out", "out", "--base-url", provider.base_url) == 0
    info = info_of()
    assert (info["counts"]["paid_requests"], info["counts"]["possibly_paid_requests"]) == (1, 1)
    assert Decimal(str(info["cost_usd"])) == ledger.cost
    assert 0.05 < info["possibly_paid_at_most_usd"] < 0.07
    assert "1 request, 1 of them paid now, 1 more perhaps; " in (said := capsys.readouterr().err)
    assert "; cost $0.0030, perhaps up to $0.05" in said


def test_usage_that_is_not_stated_is_estimated_marked_and_priced(
    summarizer: Command, provider: FakeProvider, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    provider.answer = lambda body: (200, good(body) | {"usage": None})
    assert summarizer("run", articles(2), "--out", "out", "--base-url", provider.base_url) == 0
    info = info_of()
    assert info["counts"]["articles_with_estimated_tokens"] == 2
    assert info["counts"]["input_tokens"] > 2 * 3_000
    assert info["cost_usd"] > 0
    assert "(estimated in 2 of 2 articles); cost $0.0" in capsys.readouterr().err


def test_a_budget_stops_the_run_before_it_is_passed_and_a_larger_one_pays_only_for_the_rest(
    summarizer: Command, provider: FakeProvider, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    provider.answer = ledger = Ledger(good)
    order = ("run", articles(12), "--out", "out", "--base-url", provider.base_url, "--max-output-tokens", 2_000)
    assert summarizer(*order, "--budget", "0.03", "--concurrency", 8) == 3
    first = provider.count
    info = info_of()
    assert 4 <= first < 12
    assert ledger.cost <= Decimal("0.03")
    assert Decimal(str(info["cost_usd"])) == ledger.cost
    assert info["stopped"]["kind"] == "budget"
    assert info["counts"]["not_run"] == 12 - first
    said = capsys.readouterr().err
    assert "stopped: the budget of $0.0300 is used up: $0.02" in said
    assert len(Path("out/results.jsonl").read_text().splitlines()) == first
    paid = ledger.cost

    assert summarizer(*order, "--budget", "1") == 0
    assert provider.count == 12
    info = info_of()
    assert (info["counts"]["paid_requests"], info["counts"]["reused"]) == (12 - first, first)
    assert Decimal(str(info["cost_usd"])) == ledger.cost - paid
    assert len({json.dumps(body) for body in provider.bodies}) == 12


@pytest.mark.parametrize("answer", [INVALID, TRUNCATED, without_choices], ids=["invalid", "truncated", "empty"])
def test_a_model_that_always_fails_cannot_spend_more_than_the_budget(
    summarizer: Command, provider: FakeProvider, articles: Articles, answer: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    provider.answer = ledger = Ledger(answer)
    order = ("run", articles(12), "--out", "out", "--base-url", provider.base_url, "--max-output-tokens", 2_000)
    assert summarizer(*order, "--budget", "0.03", "--concurrency", 8) == 3
    assert 4 <= provider.count <= 10
    assert ledger.cost <= Decimal("0.03")
    assert Decimal(str(info_of()["cost_usd"])) == ledger.cost


def test_a_model_that_never_comes_to_an_end_cannot_spend_more_than_the_budget(
    summarizer: Command, provider: FakeProvider, articles: Articles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUMMARIZER_ATTEMPT_TIMEOUT_S", "0.2")
    provider.answers_at_most = 0
    order = ("run", articles(12), "--out", "out", "--base-url", provider.base_url, "--max-output-tokens", 2_000)
    # One attempt may cost up to $0.0088: the budget covers three, and each may have been charged for.
    assert summarizer(*order, "--budget", "0.03", "--concurrency", 8) == 3
    info = info_of()
    assert provider.count == info["counts"]["possibly_paid_requests"] == 3
    assert (info["cost_usd"], info["counts"]["paid_requests"]) == (0, 0)
    assert 0.02 < info["possibly_paid_at_most_usd"] <= 0.03


def test_a_budget_of_tokens_needs_no_price(summarizer: Command, provider: FakeProvider, articles: Articles) -> None:
    provider.answer = ledger = Ledger(good)
    order = ("run", articles(12), "--out", "out", "--base-url", provider.base_url, "--model", "house-1")
    assert summarizer(*order, "--max-output-tokens", 2_000, "--budget-tokens", 50_000) == 3
    assert 4 <= provider.count < 12
    assert ledger.tokens[0] + ledger.tokens[2] <= 50_000
    assert info_of()["cost_usd"] is None


def test_a_budget_without_a_price_is_refused_before_anything_is_asked(
    summarizer: Command, provider: FakeProvider, articles: Articles, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    order = ("run", articles(2), "--out", "out", "--base-url", provider.base_url, "--model", "house-1")
    assert summarizer(*order, "--budget", "1") == 2
    assert provider.count == 0
    assert (
        "no price known for model 'house-1', so --budget cannot hold; name its price by --prices"
        in capsys.readouterr().err
    )

    (tmp_path / "mine.toml").write_text(
        '[[price]]\nmodels = ["house-1"]\ninput = 1\noutput = 2\nmax_output_tokens = 4000\n'
    )
    assert summarizer(*order, "--budget", "1", "--prices", "mine.toml") == 0
    assert (provider.count, info_of()["cost_usd"]) == (2, 0.00028)

    assert summarizer(*order, "--budget", "1", "--allow-unknown-price", "--fresh") == 0
    assert provider.count == 4
    said = capsys.readouterr().err
    assert "no price known for model 'house-1': the budget does not hold" in said
    assert "cost unknown" in said


def test_a_replay_costs_nothing_and_needs_no_price_for_its_budget(
    summarizer: Command, provider: FakeProvider, articles: Articles
) -> None:
    order = ("run", articles(1), "--out", "out", "--model", "house-1")
    assert summarizer(*order, "--base-url", provider.base_url, "--record", "recorded") == 0
    assert summarizer(*order, "--replay", "recorded", "--budget", "0.000001") == 0
    assert info_of()["cost_usd"] == 0


@pytest.mark.parametrize("budget", ["0", "-1", "nan", "inf", "much"])
def test_what_is_no_sum_of_money_is_no_budget(
    summarizer: Command, articles: Articles, budget: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summarizer("run", articles(1), "--out", "out", f"--budget={budget}") == 2
    assert "setting budget_usd" in capsys.readouterr().err


def test_an_answer_of_another_model_is_told(
    summarizer: Command,
    provider: FakeProvider,
    articles: Articles,
    read_lines: Lines,
    capsys: pytest.CaptureFixture[str],
) -> None:
    order = ("run", articles(1), "--out", "out", "--base-url", provider.base_url)
    assert summarizer(*order) == 0
    assert "1 article was answered by another model than the one asked" in capsys.readouterr().err
    [record] = read_lines(Path("out/results.jsonl"))
    assert (record["run"]["model"], record["run"]["notes"]) == ("fake-1", ["answered_by_another_model"])
    provider.answer = lambda body: (200, good(body) | {"model": "gpt-4.1-mini-2025-04-14"})
    assert summarizer(*order, "--fresh") == 0
    assert "another model" not in capsys.readouterr().err


def test_what_was_spent_on_an_article_that_another_ones_stop_cut_off_is_counted(
    summarizer: Command, provider: FakeProvider, articles: Articles
) -> None:
    is_under_way, is_over = threading.Event(), threading.Event()
    ledger = Ledger(INVALID)

    def answer(body: dict[str, Any]) -> Any:
        content = body["messages"][-1]["content"]
        if "甲1集团" in content:
            is_under_way.wait(20)
            return refusal(401, "no")(body)
        if "earlier answer" in content:
            is_under_way.set()
            is_over.wait(20)
        return ledger(body)

    provider.answer = answer
    try:
        assert summarizer("run", articles(2), "--out", "out", "--base-url", provider.base_url) == 3
    finally:
        is_over.set()
    info = info_of()
    # The first answer was paid; the re-ask was under way when the key was refused.
    assert (info["counts"]["paid_requests"], info["counts"]["possibly_paid_requests"]) == (1, 1)
    assert info["counts"]["input_tokens"] == ledger.usages[0]["prompt_tokens"]
    assert Decimal(str(info["cost_usd"])) == price().cost(input_tokens=4_001, output_tokens=901)
    assert info["possibly_paid_at_most_usd"] > 0.05
