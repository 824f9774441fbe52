"""A provider that refuses everybody: the run stops, says why, keeps what it has, and goes on later."""

import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.loopback import FakeProvider, Script, good_answer, refusal

Command = Callable[..., int]
Lines = Callable[[Path], list[dict[str, Any]]]
Articles = Callable[[int], Path]


def test_a_key_refused_in_the_middle_keeps_what_is_finished_and_lists_the_rest(
    summarizer: Command,
    provider: FakeProvider,
    articles: Articles,
    results: Lines,
    read_lines: Lines,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def answer(body: dict[str, Any]) -> Any:
        return good_answer(body) if provider.count <= 3 else refusal(401, "bad key sk-1234567890")(body)

    provider.answer = answer
    order = ("run", articles(8), "--out", "out", "--base-url", provider.base_url, "--concurrency", "1")
    assert summarizer(*order) == 3
    assert provider.count == 4
    assert [record["article"]["id"] for record in results(Path("out"))] == ["a000", "a001", "a002"]
    left = read_lines(Path("out/failures.jsonl"))
    assert [line["id"] for line in left] == ["a003", "a004", "a005", "a006", "a007"]
    assert {(line["status"], line["kind"]) for line in left} == {("skipped", "not_run")}
    said = capsys.readouterr().err
    assert "does not accept the API key (401)" in said
    assert "3 ok, 0 to review, 0 failed, 5 not run" in said
    assert "sk-1234567890" not in said
    assert '"kind": "auth"' in Path("out/run.json").read_text()

    provider.answer = good_answer
    assert summarizer(*order) == 0
    assert provider.count == 9
    assert len(results(Path("out"))) == 8
    assert read_lines(Path("out/failures.jsonl")) == []


def test_a_wrong_key_costs_at_most_as_many_requests_as_are_under_way(
    summarizer: Command, provider: FakeProvider, articles: Articles, read_lines: Lines
) -> None:
    provider.answer = refusal(401, "no")
    assert summarizer("run", articles(30), "--out", "out", "--base-url", provider.base_url, "--concurrency", "4") == 3
    assert 1 <= provider.count <= 4
    assert len(read_lines(Path("out/failures.jsonl"))) == 30


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (refusal(404, "The model does not exist", "model_not_found"), "does not know the model 'gpt-x'"),
        (refusal(429, "You exceeded your current quota", "insufficient_quota"), "has nothing left"),
        (refusal(402, "payment required"), "has nothing left"),
        (refusal(403, "country not supported"), "forbids the request (403)"),
        (refusal(302, ""), "redirect (302), which is never followed"),
    ],
    ids=["model", "quota", "payment", "forbidden", "redirect"],
)
def test_what_no_article_can_get_past_stops_the_run_with_3_and_one_line(
    summarizer: Command,
    provider: FakeProvider,
    articles: Articles,
    capsys: pytest.CaptureFixture[str],
    reply: Script,
    words: str,
) -> None:
    provider.answer = reply
    order = ("run", articles(3), "--out", "out", "--base-url", provider.base_url, "--model", "gpt-x")
    assert summarizer(*order, "--concurrency", "1") == 3
    assert provider.count == 1
    [line] = [line for line in capsys.readouterr().err.splitlines() if line.startswith("summarizer: ")]
    assert words in line


def test_an_address_where_nobody_answers_is_named(
    summarizer: Command, articles: Articles, read_lines: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    order = ("run", articles(2), "--out", "out", "--base-url", f"http://127.0.0.1:{port}/v1", "--concurrency", "1")
    assert summarizer(*order) == 3
    said = capsys.readouterr().err
    assert f"no connection to '127.0.0.1:{port}'" in said
    assert "check the base URL" in said
    assert [line["kind"] for line in read_lines(Path("out/failures.jsonl"))] == ["not_run", "not_run"]


def test_an_address_that_refuses_every_request_is_not_asked_for_each_article(
    summarizer: Command,
    provider: FakeProvider,
    articles: Articles,
    read_lines: Lines,
    capsys: pytest.CaptureFixture[str],
) -> None:
    provider.answer = refusal(404, "no such path")
    order = ("run", articles(20), "--out", "out", "--base-url", provider.base_url, "--concurrency", "2")
    assert summarizer(*order) == 3
    assert provider.count <= 5
    # Two were under way together, so that the third refusal may be counted with the fourth.
    assert re.search("the first [34] articles were all refused", capsys.readouterr().err)
    kinds = [line["kind"] for line in read_lines(Path("out/failures.jsonl"))]
    assert len(kinds) == 20
    assert 3 <= kinds.count("bad_request") <= 4


def test_articles_that_are_refused_for_themselves_do_not_stop_the_others(
    summarizer: Command, provider: FakeProvider, articles: Articles, results: Lines
) -> None:
    def answer(body: dict[str, Any]) -> Any:
        return good_answer(body) if provider.count == 2 else refusal(400, "not this one")(body)

    provider.answer = answer
    order = ("run", articles(8), "--out", "out", "--base-url", provider.base_url, "--concurrency", "1")
    assert summarizer(*order) == 1
    assert [record["status"] == "failed" for record in results(Path("out"))] == [n != 1 for n in range(8)]


def test_fewer_articles_than_make_a_rule_fail_one_by_one(
    summarizer: Command, provider: FakeProvider, articles: Articles, results: Lines
) -> None:
    provider.answer = refusal(400, "not this one")
    assert summarizer("run", articles(3), "--out", "out", "--base-url", provider.base_url, "--concurrency", "1") == 1
    assert len(results(Path("out"))) == 3


def test_what_was_paid_for_an_article_that_the_stop_cut_off_is_counted(
    summarizer: Command, provider: FakeProvider, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(body: dict[str, Any]) -> Any:
        if provider.count == 1:
            status, reply = good_answer(body)
            assert isinstance(reply, dict)
            reply["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"] = "{}"
            return status, reply
        return refusal(401, "no")(body)

    provider.answer = answer
    assert summarizer("run", articles(1), "--out", "out", "--base-url", provider.base_url) == 3
    assert "1 request, 1 of them paid now; 100 tokens in, 20 out; cost $0.000072" in capsys.readouterr().err
