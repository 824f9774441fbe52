"""How jobs end: completed, expired, cancelled, failed, with files in every state; each request is answered or named."""

import json
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.batch_double import BatchDouble
from tests.loopback import good_answer
from tests.provider_batch.conftest import CANARY, Steps

Articles = Callable[[int], Path]
EXPIRED = {"code": "batch_expired", "message": "This request could not be executed before the completion window."}


def some_unanswered(double: BatchDouble, what: dict[str, Any] | None) -> None:
    """Leave every second article without an answer."""

    def answer(body: dict[str, Any]) -> Any:
        number = next(n for n in range(10) if f"甲{n}集团" in str(body["messages"][-1]["content"]))
        return good_answer(body) if number % 2 == 0 else what

    double.answer = answer


@pytest.mark.parametrize("ending", ["expired", "cancelled", "completed"])
def test_requests_without_an_answer_are_named_and_free_to_be_submitted_again(
    steps: Steps, double: BatchDouble, articles: Articles, ending: str
) -> None:
    folder = articles(4)
    steps.submit(folder)
    some_unanswered(double, EXPIRED)
    double.ending = ending
    double.finish()
    [report] = steps.collect()
    assert (report.job.state, report.status, report.job.answered, report.job.failed) == ("ended", ending, 2, 2)
    assert [article for article, _ in report.failures] == ["a001", "a003"]
    assert report.failures[0][1] == f"batch_expired: {EXPIRED['message']}"
    assert len(steps.stored(list(double.custom_ids()))) == 2
    assert steps.submit(folder).gathered.noted == 2
    double.answer, double.ending = good_answer, "completed"
    double.finish()
    [report] = steps.collect()
    assert report.is_clean
    assert steps.submit(folder).gathered.answered == 4


def test_a_request_that_no_file_tells_of_is_named_too(steps: Steps, double: BatchDouble, articles: Articles) -> None:
    steps.submit(articles(2))
    some_unanswered(double, None)
    double.ending = "expired"
    double.finish()
    [report] = steps.collect()
    assert report.failures == (("a001", "the job expired: no line about it came"),)


def test_a_failed_job_is_named_with_the_provider_s_reasons(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    folder = articles(2)
    steps.submit(folder)
    double.ending = "failed"
    double.errors = [{"code": "invalid_json_line", "message": "not parseable", "line": 2}]
    double.finish()
    [report] = steps.collect()
    assert report.failures == (
        ("a000", "the job failed: other requests of the job were refused"),
        ("a001", "the job failed: invalid_json_line: not parseable"),
    )
    steps.submit(folder)
    double.errors = [{"code": "token_limit_exceeded", "message": "Enqueued token limit reached", "line": None}]
    double.finish()
    [report] = steps.collect()
    assert {reason for _, reason in report.failures} == {
        "the job failed: token_limit_exceeded: Enqueued token limit reached"
    }
    assert [job.state for job in steps.jobs()] == ["ended", "ended"]


def test_lines_that_are_wrong_are_named_and_the_good_ones_kept(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    steps.submit(articles(4))

    def mangle(sort: str, lines: list[bytes]) -> bytes:
        if sort == "error":
            return b""
        first, second, third, fourth = lines
        stranger = json.dumps(json.loads(first) | {"custom_id": "0" * 64}).encode() + b"\n"
        nameless = b'{"response": {"status_code": 200, "body": {}}}\n'
        broken = second[: len(second) // 2] + b"\n"
        error = json.loads(third)
        error["response"]["body"] = {"error": {"message": f"overloaded, key {CANARY[:14]}"}}
        return b"".join(
            [first, b"\n", first, stranger, nameless, b"[1]\n", broken, json.dumps(error).encode(), b"\n", fourth]
        )

    double.mangle = mangle
    double.finish()
    [report] = steps.collect()
    # The double answers in reverse order.
    assert [article for article, _ in report.failures] == ["a001", "a002"]
    assert report.failures[0][1].startswith("an error under status 200: overloaded, key ***")
    assert report.failures[1][1] == "the job completed: no line about it came"
    assert [
        problem.replace(problem.split("'")[1], "…") if "'" in problem else problem for problem in report.problems
    ] == [
        "line 3 of the output file is about '…' once more; the first one counts",
        "line 4 of the output file is about '…', which is no request of this job",
        "line 5 of the output file has no custom_id",
        "line 6 of the output file is no JSON object",
        "line 7 of the output file is no JSON object",
    ]
    assert "000000000000" in report.problems[1]
    assert len(steps.stored(list(double.custom_ids()))) == 2
    assert steps.stored(["0" * 64]) == set()


def test_a_good_answer_counts_also_behind_an_error_for_the_same_request(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    steps.submit(articles(1))

    def mangle(_sort: str, lines: list[bytes]) -> bytes:
        if not lines:
            return b""
        line = json.loads(lines[0])
        bad = {"custom_id": line["custom_id"], "response": None, "error": {"code": "server_error"}}
        return json.dumps(bad).encode() + b"\n" + lines[0]

    double.mangle = mangle
    double.finish()
    [report] = steps.collect()
    assert (report.failures, report.problems, report.job.answered) == ((), (), 1)


def test_tokens_are_summed_exactly_bad_answers_included(steps: Steps, double: BatchDouble, articles: Articles) -> None:
    steps.submit(articles(3))
    usages: list[Any] = [
        {"prompt_tokens": 1000, "completion_tokens": 30, "prompt_tokens_details": {"cached_tokens": 600}},
        {"prompt_tokens": 20, "completion_tokens": 7},
        None,
    ]

    def answer(body: dict[str, Any]) -> Any:
        usage = usages.pop(0)
        reply = good_answer(body)[1] | {"usage": usage}
        return (200, reply) if usage is None or usage["prompt_tokens"] == 1000 else (500, reply)

    double.answer = answer
    double.finish()
    [report] = steps.collect()
    job = report.job
    assert (job.input_tokens, job.cached_input_tokens, job.output_tokens, job.without_usage) == (1020, 600, 37, 1)
    assert job.answered == 2


def test_collecting_again_changes_nothing(steps: Steps, double: BatchDouble, articles: Articles) -> None:
    steps.submit(articles(2))
    [report] = steps.collect()
    assert (report.is_running, report.status) == (True, "in_progress")
    double.finish()
    assert steps.collect()[0].job.answered == 2
    before = steps.jobs()
    assert steps.collect() == []
    assert steps.jobs() == before


def test_an_answer_that_the_store_has_already_stays_as_it_is(
    summarizer: Callable[..., int], steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    folder = articles(1)
    steps.submit(folder)
    order = ("run", folder, "--out", steps.out, "--base-url", double.base_url, "--no-follow-up")
    assert summarizer(*order) == 0
    before = (steps.out / "results.jsonl").read_bytes()
    double.answer = lambda body: (200, good_answer(body)[1] | {"model": "another"})
    double.finish()
    assert steps.collect()[0].job.answered == 1
    assert summarizer(*order) == 0
    # Made again, from what the store holds.
    (steps.out / ".finished.v1").unlink()
    assert summarizer(*order) == 0
    assert b'"model":"another"' not in (steps.out / "results.jsonl").read_bytes()
    assert len(before) > 0
    assert len(double.online) == 1


def test_waiting_looks_again_with_growing_pauses_until_all_have_ended(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    steps.submit(articles(2), batch_max_requests=1)
    double.finishes_when_seen = 8
    reports = steps.collect(waits=True)
    assert [report.status for report in reports] == ["completed", "completed"]
    assert steps.waits[:3] == [30.0, 45.0, 67.5]
    assert len(steps.waits) == 7
    assert max(steps.waits) <= 600


@pytest.mark.parametrize("states_bytes", [True, False])
def test_a_torn_download_is_noticed_and_fetched_again(
    steps: Steps, double: BatchDouble, articles: Articles, states_bytes: bool
) -> None:
    double.states_bytes = states_bytes
    steps.submit(articles(3))
    double.finish()
    double.faults = [("GET", "/files/.*/content", "cut"), ("GET", "/files/.*/content", 500)]
    [report] = steps.collect()
    assert report.is_clean
    assert report.job.answered == 3
    assert double.faults == []


def test_a_file_that_always_comes_short_leaves_the_job_open(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    steps.submit(articles(2))
    double.finish()
    [name] = [batch["output_file_id"] for batch in double.batches.values()]
    whole = double.contents[name]
    double.contents[name] = whole[:-100]
    [report] = steps.collect()
    assert report.error is not None
    assert (report.error.kind, report.job.state) == ("cut_reply", "open")
    assert steps.stored(list(double.custom_ids())) == set()
    double.contents[name] = whole
    assert steps.collect()[0].job.answered == 2


def test_a_job_whose_files_are_gone_or_not_there_yet_stays_open(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    steps.submit(articles(1))
    double.finish()
    [batch] = double.batches.values()
    name = batch.pop("output_file_id")
    [report] = steps.collect()
    assert "names no file with them" in str(report.error)
    batch["output_file_id"] = "file-gone"
    [report] = steps.collect(waits=True)
    assert "no longer has the file 'file-gone'" in str(report.error)
    batch["output_file_id"] = name
    assert steps.collect()[0].is_clean


def test_a_job_that_the_provider_does_not_know_is_named_and_stays(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    steps.submit(articles(1))
    kept = dict(double.batches)
    double.batches.clear()
    [report] = steps.collect()
    assert "check that the key is of the account that submitted it" in str(report.error)
    assert steps.submit(articles(1)).gathered.waiting == 1
    double.batches.update(kept)
    double.finish()
    assert steps.collect()[0].is_clean


def test_jobs_at_another_address_are_named_and_not_asked_about(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    steps.submit(articles(1))
    double.calls.clear()
    other = double.base_url.replace("/v1", "/v2")
    [report] = steps.collect(base_url=other)
    assert str(report.error) == f"it went to {double.base_url}; name that address by --base-url"
    assert double.calls == []


def test_a_disk_that_is_full_stops_with_exit_1_and_the_next_collect_has_everything(
    summarizer: Callable[..., int],
    steps: Steps,
    double: BatchDouble,
    articles: Articles,
    capsys: pytest.CaptureFixture[str],
) -> None:
    steps.submit(articles(3))
    double.finish()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, limits[1]))
        status = summarizer("batch", "collect", "--out", steps.out, "--base-url", double.base_url)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert status == 1
    assert "make room and run the same command again" in capsys.readouterr().err
    assert [job.state for job in steps.jobs()] == ["open"]
    assert steps.collect()[0].job.answered == 3
