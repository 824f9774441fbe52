"""A second run over finished work: what stands is taken over to the byte, what does not is made again, nothing is paid twice."""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch import fingerprints, kept_views
from summarizer.cli import main
from summarizer.errors import OutputError
from tests.conftest import article_text
from tests.loopback import FakeProvider, completion, good_answer

Command = Callable[..., int]
Lines = Callable[[Path], list[dict[str, Any]]]
Articles = Callable[[int], Path]
OUT = Path("out")
RESULTS = OUT / "results.jsonl"
VIEWS = ("report.md", "report.html", "figures.csv", "deals.csv", "terms.csv", "rejected.csv")


def counts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((OUT / "run.json").read_text())["counts"]
    return found


def lines() -> list[bytes]:
    return RESULTS.read_bytes().splitlines(keepends=True)


def states(*names: str) -> dict[str, tuple[int, int]]:
    """What changes when a file is written again, even with the same content."""
    return {name: ((OUT / name).stat().st_ino, (OUT / name).stat().st_mtime_ns) for name in names}


@pytest.fixture
def order(provider: FakeProvider) -> tuple[object, ...]:
    return ("run", "articles", "--out", OUT, "--base-url", provider.base_url)


@pytest.fixture
def done(summarizer: Command, articles: Articles, order: tuple[object, ...]) -> tuple[object, ...]:
    """Make a finished run over four articles and return its command."""
    articles(4)
    assert summarizer(*order) == 0
    return order


def write(number: int) -> None:
    Path(f"articles/a{number:03}.txt").write_text(article_text(number), encoding="utf-8")


def test_a_second_run_needs_neither_provider_nor_store_and_leaves_every_output_as_it_is(
    summarizer: Command, provider: FakeProvider, done: tuple[object, ...]
) -> None:
    shutil.rmtree(OUT / ".cache")
    provider.close()
    before = states("results.jsonl", "failures.jsonl", ".finished.v1", ".views.v1", *VIEWS)
    assert summarizer(*done) == 0
    assert states(*before) == before
    assert provider.count == 4
    assert not (OUT / ".cache").exists()
    assert (counts()["articles"], counts()["reused"], counts()["requests"], counts()["ok"]) == (4, 4, 0, 4)


def test_nothing_is_decoded_or_parsed_again(
    summarizer: Command, done: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy("articles/a001.txt", "again.txt")
    twice = (*done[:2], "articles/a001.txt", *done[2:])
    assert summarizer(*twice) == 0
    assert counts()["inputs_skipped"] == 1

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr("summarizer.articles.raw.article_from_bytes", refuse)
    monkeypatch.setattr("summarizer.records.ArticleRecord.model_validate_json", refuse)
    assert summarizer(*twice) == 0
    assert (counts()["reused"], counts()["inputs_skipped"]) == (4, 1)


def test_of_a_batch_that_grew_only_what_is_new_is_made(
    summarizer: Command, provider: FakeProvider, done: tuple[object, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    before = lines()
    # Between two others, so that every line behind it moves.
    Path("articles/a001b.txt").write_text(article_text(9), encoding="utf-8")
    assert summarizer(*done) == 0
    after = lines()
    assert [*after[:2], *after[3:]] == before
    assert json.loads(after[2])["article"]["id"] == "a001b"
    assert provider.count == 5
    assert (counts()["reused"], counts()["requests"]) == (4, 1)
    said = capsys.readouterr().err
    assert "\n1 article\n" in said
    assert "4 of them as an earlier run left them" in said
    assert summarizer(*done) == 0
    assert lines() == after


def test_what_is_no_longer_given_is_no_longer_there(summarizer: Command, done: tuple[object, ...]) -> None:
    before = lines()
    Path("articles/a002.txt").unlink()
    assert summarizer(*done) == 0
    assert lines() == [*before[:2], before[3]]
    assert counts()["reused"] == 3
    assert summarizer(*done) == 0
    assert lines() == [*before[:2], before[3]]


def test_an_input_whose_content_changed_is_made_again_whatever_its_time_says(
    summarizer: Command, provider: FakeProvider, done: tuple[object, ...], results: Lines
) -> None:
    path = Path("articles/a001.txt")
    status = path.stat()
    path.write_text(article_text(1).replace("11亿元", "77亿元"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert summarizer(*done) == 0
    assert provider.count == 5
    assert results(OUT)[1]["key_figures"][0]["value"] == "7700000000"
    assert counts()["reused"] == 3


def test_a_neighbour_that_comes_or_goes_changes_what_is_marked_and_nothing_is_paid_for_it(
    summarizer: Command, provider: FakeProvider, order: tuple[object, ...], results: Lines
) -> None:
    tail = "某某晨报读者俱乐部每周六开放，欢迎各界读者前来参观交流。"
    Path("articles").mkdir()
    for number in range(3):
        Path(f"articles/a{number}.txt").write_text(f"{article_text(number)}{tail}\n", encoding="utf-8")
    Path("articles/other.txt").write_text(article_text(7), encoding="utf-8")
    assert summarizer(*order) == 0
    marked = results(OUT)
    assert [len(record["article"]["furniture"]) for record in marked] == [1, 1, 1, 0]
    Path("articles/a2.txt").unlink()
    assert summarizer(*order) == 0
    assert [len(record["article"]["furniture"]) for record in results(OUT)] == [0, 0, 0]
    assert (counts()["reused"], counts()["paid_requests"], counts()["from_cache"]) == (1, 0, 2)
    Path("articles/a2.txt").write_text(f"{article_text(2)}{tail}\n", encoding="utf-8")
    assert summarizer(*order) == 0
    assert results(OUT) == marked
    assert provider.count == 4


def test_a_neighbour_that_failed_and_went_had_its_part_in_what_is_marked(
    summarizer: Command, provider: FakeProvider, order: tuple[object, ...], results: Lines
) -> None:
    tail = "某某晨报读者俱乐部每周六开放，欢迎各界读者前来参观交流。"
    Path("articles").mkdir()
    for number in range(3):
        Path(f"articles/a{number}.txt").write_text(f"{article_text(number)}{tail}\n", encoding="utf-8")
    provider.answer = lambda body: (
        (400, {"error": {"message": "no"}}) if "甲2集团" in str(body["messages"][-1]) else good_answer(body)
    )
    assert summarizer(*order) == 1
    assert [len(record["article"]["furniture"]) for record in results(OUT)] == [1, 1, 1]
    Path("articles/a2.txt").unlink()
    assert summarizer(*order) == 0
    assert [len(record["article"]["furniture"]) for record in results(OUT)] == [0, 0]


@pytest.mark.parametrize(
    "more", [("--parts", "figures"), ("--language", "en"), ("--model", "other"), ("--no-follow-up",)]
)
def test_other_settings_make_all_records_again_and_say_so(
    summarizer: Command, done: tuple[object, ...], more: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert summarizer(*done, *more) == 0
    assert counts()["reused"] == 0
    assert "records of an earlier run are made again: settings or version are not those" in capsys.readouterr().err
    assert summarizer(*done, *more, "--concurrency", 2) == 0
    assert counts()["reused"] == 4


def test_another_version_of_the_code_makes_all_records_and_views_again(
    summarizer: Command, provider: FakeProvider, done: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = states("report.md")
    monkeypatch.setattr(fingerprints, "code_fingerprint", lambda: "another")
    monkeypatch.setattr(kept_views, "code_fingerprint", lambda: "another")
    assert summarizer(*done) == 0
    assert (counts()["reused"], counts()["from_cache"], provider.count) == (0, 4, 4)
    assert states("report.md") != before


def test_a_replay_shows_a_recording_that_is_missing(
    summarizer: Command, done: tuple[object, ...], read_lines: Lines
) -> None:
    assert summarizer(*done, "--record", "recorded") == 0
    assert counts()["reused"] == 0
    replay = ("run", "articles", "--out", OUT, "--replay", "recorded")
    assert summarizer(*replay) == 0
    assert not (OUT / ".finished.v1").exists()
    next(Path("recorded").iterdir()).unlink()
    assert summarizer(*replay) == 1
    assert [failure["kind"] for failure in read_lines(OUT / "failures.jsonl")] == ["replay_miss"]


def test_a_memory_that_is_damaged_anywhere_costs_time_and_nothing_else(
    summarizer: Command, provider: FakeProvider, done: tuple[object, ...], results: Lines
) -> None:
    path, right, whole = OUT / ".finished.v1", results(OUT), (OUT / ".finished.v1").read_bytes()
    step = max(1, len(whole) // 9)
    damaged = [whole[:end] for end in range(0, len(whole), step)]
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), step)]
    for content in [*damaged, whole + b"\n", b"[]\n", b"\xff\xfe"]:
        path.write_bytes(content)
        assert summarizer(*done, "--format", "jsonl") == 0
        assert results(OUT) == right
        assert counts()["reused"] == 0
        assert path.read_bytes() != content
    assert provider.count == 4


def test_a_memory_of_another_folder_or_of_a_version_to_come_is_no_memory_of_this_one(
    summarizer: Command, done: tuple[object, ...], results: Lines
) -> None:
    right, mine = results(OUT), (OUT / ".finished.v1").read_bytes()
    write(9)
    assert summarizer(*done) == 0
    # The memory of the smaller batch: of the lines it names, those that still stand where it says are right.
    (OUT / ".finished.v1").write_bytes(mine)
    (OUT / ".finished.v2").write_text("of a version to come")
    Path("articles/a009.txt").unlink()
    assert summarizer(*done) == 0
    assert results(OUT) == right
    assert (OUT / ".finished.v2").read_text() == "of a version to come"
    Path("other").mkdir()
    Path("other/results.jsonl").write_bytes(RESULTS.read_bytes().replace("标题".encode(), "别题".encode()))
    Path("other/.finished.v1").write_bytes((OUT / ".finished.v1").read_bytes())
    assert summarizer(*done[:3], "other", *done[4:]) == 0
    assert results(Path("other")) == right


def test_a_line_that_somebody_changed_is_made_again_and_all_others_stand(
    summarizer: Command, provider: FakeProvider, done: tuple[object, ...]
) -> None:
    before = lines()
    changed = [*before]
    changed[2] = before[2].replace("标题".encode(), "别题".encode())
    RESULTS.write_bytes(b"".join(changed))
    assert summarizer(*done) == 0
    assert [one == other for one, other in zip(lines(), before, strict=True)] == [True, True, False, True]
    assert "别题".encode() not in RESULTS.read_bytes()
    assert (counts()["reused"], provider.count) == (3, 4)


def test_results_that_are_gone_are_made_again(
    summarizer: Command, done: tuple[object, ...], results: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    right = results(OUT)
    RESULTS.unlink()
    assert summarizer(*done) == 0
    assert results(OUT) == right
    assert "results.jsonl cannot be read" in capsys.readouterr().err


def test_a_text_that_is_gone_or_changed_is_written_again_and_its_record_stands(
    summarizer: Command, done: tuple[object, ...]
) -> None:
    right = (OUT / "texts/a001.txt").read_bytes()
    (OUT / "texts/a001.txt").write_text("另一篇")
    (OUT / "texts/a002.txt").unlink()
    assert summarizer(*done) == 0
    assert (OUT / "texts/a001.txt").read_bytes() == right
    assert (OUT / "texts/a002.txt").exists()
    assert counts()["reused"] == 4


def test_what_failed_unpaid_is_asked_again_and_what_failed_paid_stands_until_a_retry(
    summarizer: Command, provider: FakeProvider, articles: Articles, order: tuple[object, ...], read_lines: Lines
) -> None:
    def answer(body: dict[str, Any]) -> Any:
        if "甲1集团" in str(body["messages"][-1]):
            return 400, {"error": {"message": "not liked"}}
        if "甲2集团" in str(body["messages"][-1]):
            return 200, completion(body, {}, message={"role": "assistant", "content": None, "refusal": "no"})
        return good_answer(body)

    provider.answer = answer
    articles(4)
    assert summarizer(*order) == 1
    asked, failures = provider.count, read_lines(OUT / "failures.jsonl")
    assert [failure["kind"] for failure in failures] == ["bad_request", "refused"]
    assert summarizer(*order) == 1
    assert (provider.count - asked, counts()["reused"], counts()["failed"]) == (1, 3, 2)
    assert read_lines(OUT / "failures.jsonl") == failures
    provider.answer = good_answer
    assert summarizer(*order, "--retry-failed") == 0
    assert (provider.count - asked, counts()["reused"]) == (3, 2)
    assert summarizer(*order) == 0
    assert counts()["reused"] == 4


def test_a_failed_article_that_is_taken_out_of_the_batch_leaves_no_record_behind(
    summarizer: Command, provider: FakeProvider, articles: Articles, order: tuple[object, ...], results: Lines
) -> None:
    provider.answer = lambda body: (
        (400, {"error": {"message": "no"}}) if "甲3集团" in str(body["messages"][-1]) else good_answer(body)
    )
    articles(4)
    assert summarizer(*order) == 1
    Path("articles/a003.txt").unlink()
    assert summarizer(*order) == 0
    assert [record["article"]["id"] for record in results(OUT)] == ["a000", "a001", "a002"]
    assert (OUT / "failures.jsonl").read_bytes() == b""


def test_a_follow_up_that_failed_unpaid_is_asked_again(
    summarizer: Command, provider: FakeProvider, articles: Articles, order: tuple[object, ...], read_lines: Lines
) -> None:
    def answer(body: dict[str, Any]) -> Any:
        if "FollowUp" in body["tools"][0]["function"]["name"]:
            return 400, {"error": {"message": "not now"}}
        wrong = {"s": 1, "amount": "约999亿元", "name": "投资", "of": "", "when": "", "status": "actual"}
        status, whole = good_answer(body)
        call = whole["choices"][0]["message"]["tool_calls"][0]["function"]  # type: ignore[index,call-overload]
        arguments = json.loads(call["arguments"])
        return status, completion(body, {**arguments, "figures": [wrong, *arguments["figures"]]})

    provider.answer = answer
    articles(1)
    assert summarizer(*order) == 0
    [record] = read_lines(RESULTS)
    assert "follow_up_failed:bad_request" in record["run"]["notes"]
    asked = provider.count
    assert summarizer(*order) == 0
    assert (provider.count - asked, counts()["reused"]) == (1, 0)


def test_a_run_that_was_stopped_goes_on_behind_what_it_finished(
    summarizer: Command, provider: FakeProvider, articles: Articles, order: tuple[object, ...], results: Lines
) -> None:
    articles(6)
    provider.answer = lambda body: (401, {"error": {"message": "no"}}) if provider.count > 3 else good_answer(body)
    assert summarizer(*order, "--concurrency", 1) == 3
    assert counts()["not_run"] == 3
    provider.answer = good_answer
    assert summarizer(*order) == 0
    assert (counts()["reused"], counts()["articles"]) == (3, 6)
    assert [record["article"]["id"] for record in results(OUT)] == [f"a{number:03}" for number in range(6)]


def test_a_view_is_written_again_where_it_is_missing_changed_or_new(
    summarizer: Command, done: tuple[object, ...]
) -> None:
    right = {name: (OUT / name).read_bytes() for name in VIEWS if (OUT / name).exists()}
    (OUT / "report.md").unlink()
    assert summarizer(*done) == 0
    with (OUT / "figures.csv").open("ab") as file:
        file.write(b"x")
    assert summarizer(*done) == 0
    assert {name: (OUT / name).read_bytes() for name in right} == right
    before = states(*right)
    assert summarizer(*done, "--format", "ledger,md") == 0
    assert states(*right) == before
    assert (OUT / "ledger.csv").exists()
    assert summarizer("report", OUT, "--format", "md") == 0
    assert summarizer(*done) == 0
    assert (OUT / "report.md").read_bytes() == right["report.md"]


def test_a_memory_that_cannot_be_written_is_said_and_costs_no_result(
    summarizer: Command, articles: Articles, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise OutputError("no room")

    monkeypatch.setattr("summarizer.batch.run.write_finished", fail)
    articles(2)
    assert summarizer("run", "articles", "--out", OUT, "--engine", "offline") == 0
    assert "the next run will make all records again: no room" in capsys.readouterr().err
    assert len(lines()) == 2


def test_a_kill_at_any_file_of_a_growing_batch_leaves_a_memory_that_points_to_nothing_wrong(
    articles: Articles, summarizer: Command, results: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    order = ("run", "articles", "--out", "out", "--engine", "offline", "--format", "jsonl,csv")
    articles(2)
    assert summarizer(*order) == 0
    replace, grown = Path.replace, 0
    for number in range(2, 30):
        left = number - 1

        def dying(self: Path, target: Path) -> Path:
            nonlocal left
            left -= 1
            if left == 0:
                raise KilledError
            return replace(self, target)

        write(number)
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", dying)
            try:
                main([str(one) for one in order])
            except KilledError:
                grown += 1
            else:
                break
        assert all(json.loads(line) for line in lines())
    assert grown > 6
    assert summarizer(*order) == 0
    again = [str(one) for one in order]
    again[3] = "anew"
    assert main(again) == 0
    assert results(Path("anew")) == results(OUT)
    cut = re.compile(rb',"run":\{.*?\}\}?$', re.MULTILINE)
    assert cut.sub(b"", Path("anew/results.jsonl").read_bytes()) == cut.sub(b"", RESULTS.read_bytes())


def test_lines_of_a_stream_that_is_prolonged_are_taken_over(
    summarizer: Command, provider: FakeProvider, results: Lines
) -> None:
    rows = [json.dumps({"text": article_text(number), "url": f"http://x/{number}"}) for number in range(5)]
    order = ("run", "many.jsonl", "--out", OUT, "--base-url", provider.base_url)
    Path("many.jsonl").write_text("\n".join(rows[:3]))
    assert summarizer(*order) == 0
    before = lines()
    Path("many.jsonl").write_text("\r\n".join(rows))
    assert summarizer(*order) == 0
    assert lines()[:3] == before
    assert provider.count == 5
    assert [record["article"]["id"] for record in results(OUT)] == [f"many-{number}" for number in range(1, 6)]


def test_every_setting_is_known_to_shape_records_or_not() -> None:
    from summarizer.settings import Settings

    assert set(Settings.model_fields) == fingerprints.SHAPING | fingerprints.NOT_SHAPING
    assert not fingerprints.SHAPING & fingerprints.NOT_SHAPING


def test_the_fingerprint_of_the_code_changes_with_any_file_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "summarizer"
    package.mkdir()
    (package / "a.py").write_text("1")
    monkeypatch.setattr(fingerprints, "_PACKAGE", package)
    whole = fingerprints.code_fingerprint.__wrapped__
    seen = {whole()}
    (package / "a.py").write_text("2")
    seen.add(whole())
    (package / "b.txt").write_text("")
    seen.add(whole())
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "p.toml").write_text("")
    seen.add(whole())
    assert len(seen) == 4
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "a.pyc").write_text("3")
    assert whole() in seen


def test_a_profile_whose_module_changes_makes_its_records_again(
    summarizer: Command, provider: FakeProvider, articles: Articles, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = """
from summarizer import Copied, Profile, ProfileItem, ProfileResponse
class Seat(ProfileItem):
    office: Copied
class Seats(ProfileResponse):
    seats: list[Seat]
SEATS = Profile(name="seats", version="1", response=Seats, instructions="Find seats.")
"""
    Path("seats_profile.py").write_text(source)
    monkeypatch.syspath_prepend(".")
    articles(1)
    order = ("run", "articles", "--out", OUT, "--base-url", provider.base_url, "--profile", "seats_profile:SEATS")
    for reused in (0, 1):
        assert summarizer(*order) == 0
        assert counts()["reused"] == reused
    Path("seats_profile.py").write_text(source + "# another rule\n")
    assert summarizer(*order) == 0
    assert counts()["reused"] == 0
