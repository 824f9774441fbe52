"""Many articles, a fifth of them with faults, some hopeless; the same with kills. `make soak` runs 10,000."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.forks import Forks, Order
from tests.faults.outputs import check_store, check_whole
from tests.faults.quick import short_waits
from tests.faults.server import FaultServer, Plan
from tests.faults.storm import QUICK, STAYING, Storm, most, tally, usage_difference

Command = Callable[..., int]
Serve = Callable[[Plan], FaultServer]
News = Callable[[int], Path]


def test_every_article_of_a_storm_is_answered_with_its_own_or_named(
    summarizer: Command,
    serve: Serve,
    news: News,
    tmp_path: Path,
    short_waits: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Long enough that only what hangs takes so long, also on a busy machine.
    monkeypatch.setenv("SUMMARIZER_ATTEMPT_TIMEOUT_S", "3")
    count, storm, out = 150, Storm(seed=3, hopeless=0.05), tmp_path / "out"
    server = serve(storm.plan)
    order = (
        "run",
        news(count),
        "--out",
        out,
        "--base-url",
        server.base_url,
        "--concurrency",
        32,
        "--format",
        "jsonl,csv",
    )
    assert summarizer(*order) == 1
    result = tally(out, storm, count)
    assert result.is_sound, result
    assert result.named == sum(storm.staying(number) is not None for number in range(count)) >= 5
    assert len({one.kind for one in server.sent}) > 15
    assert usage_difference(out, server) == (0, 0, 0)
    asked, paid = most(server, range(count))
    assert asked <= 8
    assert paid <= 4  # the whole, two parts and the summary, of an article whose answer was cut

    # The same command again: what failed unpaid is asked again, and nothing else is.
    before, told = len(server.sent), (out / "figures.csv").read_bytes()
    unpaid = [
        number
        for number in range(count)
        if (kind := storm.staying(number)) is not None
        and STAYING[kind] not in ("refused", "filtered", "invalid_output")
    ]
    assert summarizer(*order) == 1
    assert {one.number for one in server.sent[before:]} == set(unpaid)
    assert (out / "figures.csv").read_bytes() == told
    assert tally(out, storm, count).is_sound


def test_kills_in_a_storm_lose_nothing_double_nothing_and_cost_what_was_in_flight(
    forks: Forks, serve: Serve, news: News, tmp_path: Path
) -> None:
    count, concurrency, storm, out = 60, 8, Storm(seed=5, passing=QUICK), tmp_path / "out"
    server = serve(storm.plan)
    order = (
        "run", news(count), "--out", "out", "--base-url", server.base_url, "--concurrency", concurrency, "--format", "jsonl",
    )  # fmt: skip
    arguments = tuple(map(str, order))
    environment = (("SUMMARIZER_ATTEMPT_TIMEOUT_S", "3"),)
    kills = 0
    for at in range(90, 10_000, 25):
        ended = forks.run(
            Order(arguments=arguments, folder=str(tmp_path), of=("statement",), at=at, environment=environment)
        )
        check_whole(out)
        check_store(out / ".cache")
        if not ended.has_failed:
            break
        kills += 1
    assert kills >= 3
    result = tally(out, storm, count)
    assert result.is_sound, result
    used = json.loads((out / "run.json").read_text())["counts"]["requests"]
    paid_again = sum(one.is_answer for one in server.sent) - used
    assert paid_again <= kills * concurrency


def test_a_dripping_provider_takes_no_longer_than_the_deadline_and_a_second(
    summarizer: Command, serve: Serve, news: News, short_waits: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUMMARIZER_DEADLINE_S", "1")
    server = serve(lambda _: "drip")
    began = time.monotonic()
    order = ("run", news(3), "--out", "out", "--base-url", server.base_url, "--format", "jsonl")
    assert summarizer(*order) == 1
    records = [json.loads(line) for line in Path("out/results.jsonl").read_text().splitlines()]
    assert {record["error"]["kind"] for record in records} == {"timeout"}
    assert all(record["run"]["seconds"] <= 2 for record in records)
    assert time.monotonic() - began < 10


def test_a_slow_answer_to_a_first_attempt_is_not_taken_for_the_second(
    summarizer: Command, serve: Serve, news: News, short_waits: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first attempt is given up; what it would have brought is of another connection and never read.
    monkeypatch.setenv("SUMMARIZER_ATTEMPT_TIMEOUT_S", "0.5")
    server = serve(lambda asked: "drip" if asked.attempt == 1 else "ok")
    order = ("run", news(4), "--out", "out", "--base-url", server.base_url, "--format", "jsonl")
    assert summarizer(*order) == 0
    records = [json.loads(line) for line in Path("out/results.jsonl").read_text().splitlines()]
    assert [record["run"]["output_tokens"] for record in records] == [22] * 4
    assert [record["run"]["possibly_paid_requests"] for record in records] == [1] * 4


@pytest.mark.parametrize(("kind", "named"), [("429", "rate_limited"), ("closed_before", "connection")])
def test_a_provider_that_is_gone_for_minutes_stops_the_run_and_the_next_one_goes_on(
    summarizer: Command, serve: Serve, news: News, kind: str, named: str
) -> None:
    server = serve(lambda asked: "ok" if asked.number < 4 else kind)
    order = ("run", news(24), "--out", "out", "--base-url", server.base_url, "--format", "jsonl", "--concurrency", 12)
    with short_waits(faster=150):
        assert summarizer(*order) == 3
    told = json.loads(Path("out/run.json").read_text())
    assert told["stopped"]["kind"] == named
    assert max(server.asked[number] for number in range(24)) <= 8
    assert told["counts"]["ok"] == 4
    server.plan = lambda _: "ok"
    assert summarizer(*order) == 0
    assert [server.kinds(number) for number in range(4)] == [["ok"]] * 4
    assert [server.kinds(number)[-1] for number in range(24)] == ["ok"] * 24
