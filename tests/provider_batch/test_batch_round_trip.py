"""Requests go by batch, answers come back by the store, and the run asks nothing online."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch import hold_folder
from summarizer.records import ArticleRecord
from summarizer.wire.layer import kept_headers
from summarizer.wire.store import AnswerStore
from tests.batch_double import BatchDouble, recorded
from tests.loopback import completion, good_answer
from tests.provider_batch.conftest import CANARY, Steps

ROOT = Path(__file__).parent.parent.parent
RECORDINGS = ROOT / "evals" / "recordings"
Command = Callable[..., int]
Articles = Callable[[int], Path]


def without_run(out: Path) -> list[dict[str, Any]]:
    return [record.model_dump(exclude={"run"}) for record in ArticleRecord.load_jsonl(out / "results.jsonl")]


def answer_to_mend(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Answer well, and at first with a figure that the article does not hold, which a follow-up asks for."""
    status, reply = good_answer(body)
    call = reply["choices"][0]["message"]["tool_calls"][0]["function"]
    answer = json.loads(call["arguments"])
    if "terms" not in answer:
        lost = {"s": 1, "amount": "999亿元", "name": "投资", "of": "", "when": "", "status": "actual"}
        call["arguments"] = json.dumps(answer | {"figures": [*answer["figures"], lost]}, ensure_ascii=False)
    return status, reply


def test_seeds_by_batch_have_the_records_of_a_replay_and_nothing_is_asked_online(
    summarizer: Command, double: BatchDouble, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    double.answer = recorded(RECORDINGS)
    address = ("--base-url", double.base_url)
    asking = (ROOT / "seeds", "--out", "out", "--model", "queue-model")
    assert summarizer("batch", "submit", *asking, *address) == 0
    assert summarizer("batch", "status", "--out", "out", *address) == 0
    assert "in_progress  0 of 5 requests answered  submitted 2 h ago  expires in 22 h" in capsys.readouterr().out
    assert summarizer("batch", "collect", "--out", "out", *address) == 0
    assert "in_progress" in capsys.readouterr().out
    double.finish()
    assert summarizer("batch", "collect", "--out", "out", *address) == 0
    shown = capsys.readouterr()
    assert shown.out == "job 1  completed  5 of 5 answers stored, 0 failed; 31,679 tokens in, 9,675 out\n"
    assert summarizer("batch", "submit", *asking, *address) == 0
    assert "0 requests submitted in 0 jobs" in capsys.readouterr().err
    assert summarizer("run", *asking, *address) == 0
    assert double.online == []

    assert summarizer("run", ROOT / "seeds", "--out", "replayed", "--replay", RECORDINGS, "--model", "queue-model") == 0
    assert without_run(Path("out")) == without_run(Path("replayed"))
    assert double.keys == {f"Bearer {CANARY}"}
    everything = b"".join(path.read_bytes() for path in Path().rglob("*") if path.is_file())
    assert CANARY.encode() not in everything
    assert CANARY not in shown.out + shown.err


def test_a_line_names_the_request_by_its_key_and_the_path_of_the_address(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    steps.submit(articles(2))
    [batch] = double.batches.values()
    lines = double.requests_of(batch)
    assert [line["method"] for line in lines] == ["POST", "POST"]
    assert {line["url"] for line in lines} == {batch["endpoint"]} == {"/v1/chat/completions"}
    assert [sorted(line) for line in lines] == [["body", "custom_id", "method", "url"]] * 2
    assert all(len(line["custom_id"]) == 64 for line in lines)


def test_follow_ups_go_in_a_second_round_and_the_run_has_both(
    summarizer: Command, steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    folder = articles(3)
    steps.settings = {}
    double.answer = answer_to_mend
    first = steps.submit(folder)
    assert (first.gathered.noted, first.gathered.answered) == (3, 0)
    double.finish()
    steps.collect()
    second = steps.submit(folder)
    assert (second.gathered.noted, second.gathered.waiting, second.gathered.answered) == (3, 0, 0)
    double.finish()
    steps.collect()
    third = steps.submit(folder)
    assert (third.gathered.noted, third.gathered.answered, third.jobs) == (0, 3, [])
    assert summarizer("run", folder, "--out", steps.out, "--base-url", double.base_url) in (0, 1)
    assert double.online == []
    records = ArticleRecord.load_jsonl(steps.out / "results.jsonl")
    assert [(record.run.requests, record.run.follow_ups) for record in records] == [(2, 1)] * 3


def test_an_invalid_answer_is_asked_again_in_the_next_round(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    folder = articles(1)
    steps.submit(folder)
    double.answer = lambda body: (200, completion(body, "no JSON"))
    double.finish()
    steps.collect()
    again = steps.submit(folder)
    assert again.gathered.noted == 1
    first, second = (double.requests_of(batch)[0] for batch in double.batches.values())
    assert second["body"]["messages"][-1]["content"].startswith(first["body"]["messages"][-1]["content"])


def test_the_run_asks_only_for_what_the_batch_did_not_answer(
    summarizer: Command, steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    folder = articles(4)
    steps.submit(folder)
    refused = double.requests_of(next(iter(double.batches.values())))[2]["body"]
    double.answer = lambda body: {"code": "batch_expired"} if body == refused else good_answer(body)
    double.finish()
    [report] = steps.collect()
    assert [article for article, _ in report.failures] == ["a002"]
    double.answer = good_answer
    assert summarizer("run", folder, "--out", steps.out, "--base-url", double.base_url, "--no-follow-up") == 0
    assert double.online == [refused]


def test_the_same_text_twice_is_one_request(steps: Steps, double: BatchDouble, articles: Articles) -> None:
    folder = articles(2)
    shutil.copy(folder / "a000.txt", folder / "again.txt")
    lines = folder / "more.jsonl"
    text = (folder / "a000.txt").read_text(encoding="utf-8")
    lines.write_text(json.dumps({"id": "other", "text": text}) + "\n", encoding="utf-8")
    found = steps.submit(folder).gathered
    assert (found.articles, found.noted) == (4, 2)
    assert set(double.custom_ids().values()) == {1}


def test_files_are_cut_at_the_limits_and_each_is_a_job(steps: Steps, double: BatchDouble, articles: Articles) -> None:
    folder = articles(5)
    steps.submit(folder, batch_max_requests=2)
    assert [job.requests for job in steps.jobs()] == [2, 2, 1]
    line = max(len(one) for content in double.contents.values() for one in content.split(b"\n")) + 1
    double.clear()
    shutil.rmtree(steps.out)
    steps.submit(folder, batch_max_bytes=3 * line)
    assert [job.requests for job in steps.jobs()] == [3, 2]
    sizes = [len(content) for content in double.contents.values()]
    assert [job.bytes for job in steps.jobs()] == sizes
    assert max(sizes) <= 3 * line
    assert len(double.custom_ids()) == 5


def test_a_request_over_the_limit_is_named_and_the_others_go(
    steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    folder = articles(2)
    (folder / "long.txt").write_text("第一句话说得很长。" * 3000, encoding="utf-8")
    submission = steps.submit(folder, batch_max_bytes=40_000)
    assert [(one.id, one.kind) for one in submission.failures] == [("long", "too_long")]
    assert submission.exit_code == 1
    assert len(double.custom_ids()) == 2


def test_all_parts_of_a_long_article_are_asked_in_one_round(steps: Steps, double: BatchDouble, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(
        "\n".join(f"第{number}句话讲到一个项目，投资{number}亿元。" for number in range(600)), encoding="utf-8"
    )
    found = steps.submit(path, window_tokens=8000).gathered
    assert found.noted > 2
    assert len(double.custom_ids()) == found.noted
    double.finish()
    steps.collect()
    # What was found in the parts goes into the request for the summary.
    assert steps.submit(path, window_tokens=8000).gathered.noted == 1


def test_what_waits_in_a_job_is_not_submitted_again(steps: Steps, double: BatchDouble, articles: Articles) -> None:
    folder = articles(2)
    steps.submit(folder)
    again = steps.submit(articles(3))
    assert (again.gathered.noted, again.gathered.waiting) == (1, 2)
    assert [job.requests for job in steps.jobs()] == [2, 1]
    assert set(double.custom_ids().values()) == {1}


def test_stored_answers_bear_the_mark_of_their_price_and_recordings_do_not(
    summarizer: Command, steps: Steps, double: BatchDouble, articles: Articles
) -> None:
    folder = articles(1)
    steps.submit(folder)
    double.finish()
    steps.collect()
    [key] = double.custom_ids()
    store = AnswerStore(steps.out / ".cache")
    kept = store.get(key, {})
    store.close()
    assert kept is not None
    assert kept.headers == {"content-type": "application/json", "x-newsproof-price": "batch"}
    order = ("run", folder, "--out", steps.out, "--base-url", double.base_url, "--no-follow-up", "--record", "tape")
    assert summarizer(*order) == 0
    [tape] = Path("tape").glob("*.json")
    assert "newsproof" not in tape.read_text(encoding="utf-8")
    assert double.online == []


def test_a_provider_cannot_set_the_mark_of_the_price() -> None:
    assert kept_headers({"content-type": "a", "x-newsproof-price": "batch"}) == {"content-type": "a"}


def test_inputs_that_cannot_be_read_are_named_and_the_others_go(
    summarizer: Command, double: BatchDouble, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ("batch", "submit", articles(1), "missing.txt", "--out", "out", "--base-url", double.base_url)
    assert summarizer(*order) == 1
    assert "missing.txt" in capsys.readouterr().err
    assert len(double.batches) == 1


@pytest.mark.parametrize("more", [("--engine", "offline"), ("--no-cache",), ()])
def test_settings_by_which_nothing_can_go_by_batch_are_refused_before_anything_is_read(
    summarizer: Command, double: BatchDouble, articles: Articles, more: tuple[str, ...]
) -> None:
    address = ("--base-url", double.base_url) if more else ()
    assert summarizer("batch", "submit", articles(1), "--out", "out", *address, *more) == 2
    assert double.calls == []


def test_steps_before_submit_say_what_is_missing(summarizer: Command, capsys: pytest.CaptureFixture[str]) -> None:
    for step in ("status", "collect"):
        assert summarizer("batch", step, "--out", "out", "--base-url", "http://127.0.0.1:9/v1") == 2
        assert "no batch jobs in 'out'" in capsys.readouterr().err
    assert not Path("out").exists()


def test_another_process_with_the_same_folder_is_refused(
    summarizer: Command, steps: Steps, double: BatchDouble, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    steps.submit(articles(1))
    with hold_folder(steps.out):
        assert summarizer("batch", "submit", articles(2), "--out", steps.out, "--base-url", double.base_url) == 2
        assert "in use by another run" in capsys.readouterr().err
        assert summarizer("batch", "collect", "--out", steps.out, "--base-url", double.base_url) == 2
        # Looking changes nothing and is free to all.
        assert summarizer("batch", "status", "--out", steps.out, "--base-url", double.base_url) == 0


def test_a_run_says_that_requests_wait_in_jobs_before_it_pays_for_them_again(
    summarizer: Command, steps: Steps, double: BatchDouble, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = articles(2)
    steps.submit(folder)
    order = ("run", folder, "--out", steps.out, "--base-url", double.base_url, "--no-follow-up")
    assert summarizer(*order) == 0
    assert "2 requests wait in batch jobs" in capsys.readouterr().err
    assert len(double.online) == 2
    double.finish()
    steps.collect()
    assert summarizer(*order) == 0
    assert "wait in batch jobs" not in capsys.readouterr().err


def test_a_damaged_ledger_is_named_and_stops_no_run(
    summarizer: Command, steps: Steps, double: BatchDouble, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = articles(1)
    steps.submit(folder)
    ledger = steps.out / ".cache" / "batches.sqlite"
    ledger.write_bytes(b"damaged" * 100)
    address = ("--base-url", double.base_url)
    assert summarizer("run", folder, "--out", steps.out, *address, "--no-follow-up") == 0
    assert "does not hold" in capsys.readouterr().err
    for step in (("submit", folder), ("status",), ("collect",)):
        assert summarizer("batch", *step, "--out", steps.out, *address) == 2
        assert "nothing was changed" in capsys.readouterr().err
    assert ledger.read_bytes() == b"damaged" * 100
