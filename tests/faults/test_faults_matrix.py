"""Each row of the fault matrix in a whole run: an article before, one that meets the fault for ever, one after."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.replies import KINDS, Asked
from tests.faults.server import Canary, FaultServer, Plan

Command = Callable[..., int]
Serve = Callable[[Plan], FaultServer]
News = Callable[[int], Path]
Lines = Callable[[Path], list[dict[str, Any]]]

# The requests that are sent for an article that never gets anything else, and how it ends.
FREE = {
    "429": "rate_limited",
    "429_after_0": "rate_limited",
    "429_after_float": "rate_limited",
    "429_after_past": "rate_limited",
    "429_after_negative": "rate_limited",
    "429_after_nan": "rate_limited",
    "429_after_words": "rate_limited",
    "408": "server",
    "409": "server",
    "425": "server",
    "500": "server",
    "502_page": "server",
    "503": "server",
    "529": "server",
    "reset_before": "connection",
    "closed_before": "connection",
}
POSSIBLY_PAID = {
    "reset_within": "cut_reply",
    "short": "cut_reply",
    "chunks_cut": "cut_reply",
    "long": "reply_not_json",
    "hang": "timeout",
    "drip": "timeout",
    "page": "reply_not_json",
    "empty": "reply_not_json",
    "cut_json": "reply_not_json",
    "array": "reply_not_json",
    "error_in_200": "server",
}
PAID = {
    "no_choices": ("no_choices", 2),
    "null_choices": ("no_choices", 2),
    "null_message": ("no_choices", 2),
    "filtered": ("filtered", 1),
    "refused": ("refused", 1),
    "length": ("truncated", 2),
    "other_tool": ("invalid_output", 3),
    "several_tools": ("invalid_output", 3),
    "prose": ("invalid_output", 3),
    "fields_missing": ("invalid_output", 3),
    "wrong_type": ("invalid_output", 3),
    "nan": ("invalid_output", 3),
    "deep": ("invalid_output", 3),
    "endless": ("invalid_output", 1),
}
WRONG = {"400": "bad_request", "404": "bad_request", "422": "bad_request", "413": "too_long", "too_long": "too_long"}
FOR_ALL = {
    "401": "auth",
    "403": "auth",
    "402": "quota",
    "429_quota": "quota",
    "404_model": "unknown_model",
    "302": "redirect",
    "307": "redirect",
    "308": "redirect",
}
NO_FAULT = ("ok", "no_usage", "other_model", "length_when_whole")
TESTED_ELSEWHERE = ("429_after_minutes", "429_after_years", "too_large", "bomb")


class Outcome:
    """What a run over three articles left, the second of which met a fault."""

    def __init__(self, status: int, server: FaultServer, folder: Path) -> None:
        self.status = status
        self.server = server
        lines = (folder / "results.jsonl").read_text(encoding="utf-8").split("\n")
        self.records = {record["article"]["id"]: record for record in map(json.loads, filter(None, lines))}
        self.counts = json.loads((folder / "run.json").read_text())["counts"]
        self.stopped = json.loads((folder / "run.json").read_text())["stopped"]

    def failure(self) -> tuple[str, int, int, int]:
        """Return kind of the failure, requests sent, answers paid, attempts possibly paid."""
        record = self.records["n00001"]
        assert record["status"] == "failed"
        run = record["run"]
        assert record["error"]["message"]
        return record["error"]["kind"], self.server.asked[1], run["paid_requests"], run["possibly_paid_requests"]

    def check_neighbours(self) -> None:
        assert self.status == 1
        for number in (0, 2):
            record = self.records[f"n0000{number}"]
            assert record["status"] == "ok"
            assert record["summary"]["headline"] == f"甲{number}集团签约"
            assert record["key_figures"][0]["value"] == f"{number + 11}00000000"
            assert self.server.asked[number] == 1

    def check_usage(self) -> None:
        """The totals are those of the bodies that came whole, to the token."""
        answers = [one for one in self.server.sent if one.is_answer]
        assert self.counts["paid_requests"] == len(answers)
        assert self.counts["input_tokens"] == sum(one.input_tokens for one in answers)
        assert self.counts["output_tokens"] == sum(one.output_tokens for one in answers)


@pytest.fixture
def meet(
    summarizer: Command,
    serve: Serve,
    news: News,
    canary: Canary,
    short_waits: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Outcome]:
    """Run over three articles, one after the other; the second gets replies of one kind only."""

    def run(kind: str) -> Outcome:
        # Short only where it is waited for; on a busy machine an answer may take its time.
        monkeypatch.setenv("SUMMARIZER_ATTEMPT_TIMEOUT_S", "1" if kind in ("hang", "drip") else "20")
        server = serve(lambda asked: kind if asked.number == 1 else "ok")
        server.canary = canary
        order = ("run", news(3), "--out", "out", "--base-url", server.base_url, "--concurrency", "1")
        outcome = Outcome(summarizer(*order, "--format", "jsonl"), server, Path("out"))
        assert canary.visits() == 0
        return outcome

    return run


def test_every_kind_of_reply_is_in_one_of_the_tables() -> None:
    tables = (FREE, POSSIBLY_PAID, PAID, WRONG, FOR_ALL, NO_FAULT, TESTED_ELSEWHERE)
    listed = [kind for table in tables for kind in table]
    assert sorted(listed) == sorted(kind for kind in KINDS if not kind.startswith("echo_"))


@pytest.mark.parametrize("kind", FREE)
def test_what_nobody_charges_for_is_tried_eight_times(meet: Callable[[str], Outcome], kind: str) -> None:
    outcome = meet(kind)
    assert outcome.failure() == (FREE[kind], 8, 0, 0)
    outcome.check_neighbours()
    outcome.check_usage()


@pytest.mark.parametrize("kind", POSSIBLY_PAID)
def test_what_may_be_charged_for_is_tried_twice_and_counted_apart(meet: Callable[[str], Outcome], kind: str) -> None:
    outcome = meet(kind)
    assert outcome.failure() == (POSSIBLY_PAID[kind], 2, 0, 2)
    outcome.check_neighbours()
    outcome.check_usage()


@pytest.mark.parametrize("kind", ["too_large", "bomb"])
def test_a_reply_without_end_is_not_read_to_its_end_nor_asked_for_again(
    meet: Callable[[str], Outcome], kind: str
) -> None:
    outcome = meet(kind)
    assert outcome.failure() == ("reply_too_large", 1, 0, 1)
    outcome.check_neighbours()


@pytest.mark.parametrize("kind", PAID)
def test_an_answer_that_cannot_be_used_costs_at_most_three(meet: Callable[[str], Outcome], kind: str) -> None:
    reason, paid = PAID[kind]
    outcome = meet(kind)
    assert outcome.failure() == (reason, paid, paid, 0)
    outcome.check_neighbours()
    outcome.check_usage()


def test_an_answer_that_was_cut_is_never_asked_for_by_the_same_request(meet: Callable[[str], Outcome]) -> None:
    outcome = meet("length_when_whole")
    assert outcome.status == 0
    record = outcome.records["n00001"]
    assert record["key_figures"][0]["value"] == "1200000000"
    assert record["run"]["notes"][:1] == ["answer_truncated_article_split"]
    # The whole, two parts, the summary.
    assert outcome.server.asked[1] == 4
    assert len(set(outcome.server.bodies)) == len(outcome.server.bodies)
    outcome.check_usage()


@pytest.mark.parametrize("kind", WRONG)
def test_a_request_that_is_wrong_for_this_article_is_sent_once(meet: Callable[[str], Outcome], kind: str) -> None:
    outcome = meet(kind)
    assert outcome.failure() == (WRONG[kind], 1, 0, 0)
    outcome.check_neighbours()
    outcome.check_usage()


@pytest.mark.parametrize("kind", FOR_ALL)
def test_what_is_wrong_for_all_articles_stops_the_run_and_keeps_what_is_done(
    meet: Callable[[str], Outcome], kind: str
) -> None:
    outcome = meet(kind)
    assert outcome.status == 3
    assert outcome.stopped["kind"] == FOR_ALL[kind]
    assert [outcome.server.asked[number] for number in range(3)] == [1, 1, 0]
    assert list(outcome.records) == ["n00000"]
    outcome.check_usage()


def test_a_wait_of_years_is_not_waited_for(meet: Callable[[str], Outcome]) -> None:
    # All wait for two minutes, of a clock that runs faster here; when the one that goes then hears the same, it is over.
    outcome = meet("429_after_years")
    assert outcome.status == 3
    assert outcome.stopped["kind"] == "rate_limited"
    assert "run the same command again" in outcome.stopped["message"]
    assert [outcome.server.asked[number] for number in range(3)] == [1, 2, 0]
    assert list(outcome.records) == ["n00000"]
    outcome.check_usage()


def test_usage_that_is_not_stated_is_never_taken_for_nothing(meet: Callable[[str], Outcome]) -> None:
    outcome = meet("no_usage")
    assert outcome.status == 0
    run = outcome.records["n00001"]["run"]
    assert run["input_tokens"] is None or run["tokens_are_estimated"]
    assert run["paid_requests"] == 1


def test_the_model_that_answered_is_the_one_on_record(meet: Callable[[str], Outcome]) -> None:
    outcome = meet("other_model")
    assert outcome.records["n00001"]["run"]["model"] == "another-model-9"
    assert outcome.status == 0


def test_a_fault_that_passes_costs_a_wait_and_nothing_else(
    summarizer: Command, serve: Serve, news: News, short_waits: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUMMARIZER_ATTEMPT_TIMEOUT_S", "3")
    kinds = [*FREE, *POSSIBLY_PAID, "no_choices", "fields_missing", "prose"]

    def plan(asked: Asked) -> str:
        return kinds[asked.number] if asked.attempt == 1 else "ok"

    server = serve(plan)
    order = ("run", news(len(kinds)), "--out", "out", "--base-url", server.base_url, "--format", "jsonl")
    assert summarizer(*order) == 0
    assert [server.asked[number] for number in range(len(kinds))] == [2] * len(kinds)
    outcome = Outcome(0, server, Path("out"))
    outcome.check_usage()
    for number in range(len(kinds)):
        record = outcome.records[f"n{number:05}"]
        assert record["summary"]["headline"] == f"甲{number}集团签约", kinds[number]
    assert outcome.counts["possibly_paid_requests"] == len(POSSIBLY_PAID)
