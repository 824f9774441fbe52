"""Replies that are lost, refused or nonsense while jobs are submitted: each request ends in exactly one job."""

from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.errors import BatchRefusedError, NoBatchesError, RunStoppedError, SummarizerError
from tests.batch_double import BatchDouble
from tests.provider_batch.conftest import Steps

Articles = Callable[[int], Path]


@pytest.mark.parametrize("page", [100, 2])
@pytest.mark.parametrize("fault", ["reset", "reset_after", "html", "cut", 500, 503, 429])
@pytest.mark.parametrize("path", ["/files", "/batches"])
def test_a_lost_reply_is_looked_into_before_anything_is_asked_again(
    steps: Steps, double: BatchDouble, articles: Articles, path: str, fault: str | int, page: int
) -> None:
    folder = articles(5)
    double.page = page
    double.faults = [("POST", path, fault)]
    submission = steps.submit(folder, batch_max_requests=1)
    assert len(submission.jobs) == 5
    assert double.faults == []
    assert set(double.custom_ids().values()) == {1}
    assert len(double.custom_ids()) == len(double.batches) == len(double.files) == 5
    double.finish()
    assert all(report.is_clean for report in steps.collect())


def test_a_job_is_known_by_its_file_where_the_provider_drops_the_metadata(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    double.echoes_metadata = False
    double.faults = [("POST", "/batches", "reset_after")]
    steps.submit(articles(2))
    assert len(double.batches) == 1


def test_a_job_of_which_nothing_was_heard_is_found_by_the_next_call(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    folder = articles(2)
    double.faults = [("POST", "/batches", "reset_after")]
    # Nor can it be asked for.
    steps.on_wait = lambda: double.faults.append(("GET", "/batches", 401))
    with pytest.raises(RunStoppedError):
        steps.submit(folder)
    assert [job.state for job in steps.jobs()] == ["creating"]
    double.faults.clear()
    submission = steps.submit(folder)
    assert [job.batch_id for job in submission.found] == ["batch_0001"]
    assert (submission.jobs, submission.gathered.waiting) == ([], 2)
    assert len(double.batches) == 1


def test_collect_takes_over_a_job_whose_creation_was_never_confirmed(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    double.faults = [("POST", "/batches", "reset_after")]
    steps.on_wait = lambda: double.faults.append(("GET", "/batches", 401))
    with pytest.raises(RunStoppedError):
        steps.submit(articles(2))
    double.faults.clear()
    double.finish()
    [report] = steps.collect()
    assert report.job.answered == 2


def test_a_provider_that_fails_all_the_time_is_given_up_and_the_next_call_goes_on(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    folder = articles(2)
    double.faults = [("POST", "/batches", 500)] * 5
    with pytest.raises(SummarizerError, match="failed \\(500\\)"):
        steps.submit(folder)
    assert steps.waits == [2, 4, 8, 16, 32]
    steps.submit(folder)
    assert len(double.batches) == len(double.files) == 1
    assert [job.state for job in steps.jobs()] == ["open"]


def test_looking_is_repeated_where_the_provider_fails_in_the_middle(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    steps.submit(articles(2))
    double.finish()
    double.faults = [("GET", "/batches/.*", 500), ("GET", "/files/[^/]*", 503), ("GET", "/files/.*/content", "reset")]
    [report] = steps.collect()
    assert report.is_clean
    assert double.faults == []


@pytest.mark.parametrize("fault", [404, 405, "html"])
def test_an_address_without_a_batch_interface_is_named_before_anything_is_sent(
    steps: Steps, double: BatchDouble, articles: Articles, fault: str | int
) -> None:
    double.faults = [("GET", "/batches", fault)]
    with pytest.raises(NoBatchesError, match=r"has no batch interface .nothing at http.*/v1/batches"):
        steps.submit(articles(2))
    assert double.files == {}
    assert NoBatchesError.exit_code == 3


@pytest.mark.parametrize("path", ["/files", "/batches"])
def test_a_refused_file_or_job_is_named_and_its_requests_are_free(
    steps: Steps, double: BatchDouble, articles: Articles, path: str
) -> None:
    folder = articles(2)
    double.faults = [("POST", path, 400)]
    with pytest.raises(BatchRefusedError, match=r"was not taken: .* refuses the request .400.: as the test wants it"):
        steps.submit(folder)
    assert steps.submit(folder).gathered.noted == 2
    assert len(double.batches) == 1
    assert [job.state for job in steps.jobs()] == ["open"]


def test_a_spent_account_stops_and_the_next_call_uses_the_file_that_is_there(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    folder = articles(2)
    double.faults = [("POST", "/batches", 402)]
    with pytest.raises(RunStoppedError):
        steps.submit(folder)
    steps.submit(folder)
    assert len(double.files) == len(double.batches) == 1


def test_a_plan_for_other_articles_never_became_a_job_and_is_forgotten(
    steps: Steps, double: BatchDouble, articles: Articles, tmp_path: Path
) -> None:
    double.faults = [("POST", "/batches", 402)]
    with pytest.raises(RunStoppedError):
        steps.submit(articles(2))
    other = tmp_path / "other.txt"
    other.write_text("甲集团投资30亿元。", encoding="utf-8")
    steps.submit(other)
    assert [(job.requests, job.state) for job in steps.jobs()] == [(1, "open")]
    assert len(double.custom_ids()) == 1


def test_a_key_that_is_refused_stops_with_exit_3_and_is_not_shown(
    summarizer: Callable[..., int],
    double: BatchDouble,
    articles: Articles,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-Zq7Xw2Lm9Kp4")
    double.faults = [("GET", "/batches", 401)]
    assert summarizer("batch", "submit", articles(1), "--out", "out", "--base-url", double.base_url) == 3
    said = capsys.readouterr().err
    assert "does not accept the API key (401)" in said
    assert "canary" not in said
