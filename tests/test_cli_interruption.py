"""Runs that are killed, interrupted or started twice: what was answered is kept, no output is half written."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.loopback import FakeProvider

Command = Callable[..., int]
Start = Callable[..., subprocess.Popen[str]]
Finished = Callable[..., subprocess.CompletedProcess[str]]
Lines = Callable[[Path], list[dict[str, Any]]]
Articles = Callable[[int], Path]


def test_a_run_that_is_killed_pays_again_only_for_what_was_in_flight(
    command: Start, summarizer: Command, provider: FakeProvider, articles: Articles, results: Lines
) -> None:
    count, concurrency, half = 24, 4, 10
    order = ("run", articles(count), "--out", "out", "--base-url", provider.base_url, "--concurrency", concurrency)
    provider.answers_at_most = half
    process = command(*order)
    # A worker asks again only when its last answer is stored.
    provider.wait_for(half + concurrency)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not Path("out/results.jsonl").exists()
    provider.release()

    assert summarizer(*order) == 0
    assert provider.count == count + concurrency
    assert [record["article"]["id"] for record in results(Path("out"))] == [f"a{n:03}" for n in range(count)]
    assert summarizer(*order) == 0
    assert provider.count == count + concurrency


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_with_130_keeps_its_answers_and_goes_on(
    command: Start, summarizer: Command, provider: FakeProvider, articles: Articles, number: int
) -> None:
    order = ("run", articles(6), "--out", "out", "--base-url", provider.base_url, "--concurrency", 2)
    provider.answers_at_most = 3
    process = command(*order)
    provider.wait_for(5)
    began = time.monotonic()
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert time.monotonic() - began < 5
    assert said.splitlines()[-1] == (
        "summarizer: interrupted; what was answered is kept, the same command goes on from there"
    )
    assert "Traceback" not in said
    assert sorted(path.name for path in Path("out").iterdir()) == [".cache", ".summarizer.lock", "texts"]
    provider.release()
    assert summarizer(*order) == 0
    assert provider.count == 8


def test_an_interruption_leaves_the_outputs_of_an_earlier_run_as_they_are(
    command: Start, summarizer: Command, provider: FakeProvider, articles: Articles
) -> None:
    order = ("run", articles(3), "--out", "out", "--base-url", provider.base_url)
    assert summarizer(*order) == 0
    before = {path.name: path.read_bytes() for path in Path("out").glob("[!.]*.*")}
    provider.answers_at_most = 3
    process = command(*order, "--fresh")
    provider.wait_for(6)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert {path.name: path.read_bytes() for path in Path("out").glob("[!.]*.*")} == before


def test_a_second_interruption_ends_the_run_at_once(provider: FakeProvider, articles: Articles, tmp_path: Path) -> None:
    # The first interruption is made to hang in its cleaning up; the script says when it has got there.
    script = f"""
import asyncio, sys
from summarizer import api
from summarizer.cli import main
class Stuck(api.Pipeline):
    async def ask_about(self, article):
        try:
            print("asked", flush=True)
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            print("cancelled", flush=True)
            await asyncio.sleep(60)
api.Pipeline = Stuck
sys.exit(main(["run", {str(articles(1))!r}, "--out", "out", "--base-url", {provider.base_url!r}]))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "asked\n"
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "cancelled\n"
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 130
    assert time.monotonic() - began < 1
    process.stdout.close()


def test_what_the_caller_ignores_stays_ignored(
    command: Start, provider: FakeProvider, articles: Articles, tmp_path: Path
) -> None:
    provider.answers_at_most = 0
    order = ("run", articles(1), "--out", "out", "--base-url", provider.base_url)
    process = command(*order, prefix=["nohup"])
    provider.wait_for(1)
    process.send_signal(signal.SIGHUP)
    provider.release()
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_two_runs_on_one_folder_do_not_meet(
    command: Start,
    summarizer: Command,
    provider: FakeProvider,
    articles: Articles,
    capsys: pytest.CaptureFixture[str],
) -> None:
    order = ("run", articles(2), "--out", "out", "--base-url", provider.base_url)
    provider.answers_at_most = 0
    first = command(*order)
    provider.wait_for(2)
    assert summarizer(*order) == 2
    assert f"'out' is in use by another run (process {first.pid})" in capsys.readouterr().err
    provider.release()
    first.communicate(timeout=30)
    assert first.returncode == 0
    assert provider.count == 2


def test_two_runs_may_share_a_cache(command: Start, provider: FakeProvider, articles: Articles) -> None:
    folder = articles(12)
    runs = [
        command("run", folder, "--out", out, "--cache", "shared", "--base-url", provider.base_url)
        for out in ("one", "two")
    ]
    said = [run.communicate(timeout=60)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert not any("answer store" in text for text in said)


def test_a_lock_file_that_nobody_holds_blocks_nobody_and_leftovers_are_cleared_away(
    summarizer: Command, articles: Articles, tmp_path: Path
) -> None:
    (tmp_path / "out" / "texts").mkdir(parents=True)
    (tmp_path / "out" / ".summarizer.lock").write_text("1")
    leftovers = [tmp_path / "out" / ".0123456789abcdef.part", tmp_path / "out" / "texts" / ".fedcba9876543210.part"]
    for path in leftovers:
        path.write_text("half")
    kept = tmp_path / "out" / "mine.part"
    kept.write_text("whole")
    assert summarizer("run", articles(1), "--out", "out", "--engine", "offline") == 0
    assert not any(path.exists() for path in leftovers)
    assert kept.exists()


KILLED_WHILE_WRITING = """
import os, sys
from pathlib import Path
from summarizer.cli import main
left = int(sys.argv.pop(1))
replace = Path.replace
def dying(self, target):
    global left
    left -= 1
    if left == 0:
        os._exit(9)
    return replace(self, target)
Path.replace = dying
sys.exit(main(sys.argv[1:]))
"""


def test_a_kill_at_any_file_leaves_only_whole_files_and_the_next_run_completes(
    articles: Articles, tmp_path: Path, read_lines: Lines
) -> None:
    order = ["run", str(articles(2)), "--out", "out", "--engine", "offline"]
    out = tmp_path / "out"

    def run(files: int) -> int:
        script = [sys.executable, "-c", KILLED_WHILE_WRITING, str(files), *order]
        return subprocess.run(script, check=False, cwd=tmp_path, capture_output=True, timeout=60).returncode

    statuses = []
    # Each run comes one file further than the one before: two texts, then results, failures, run.json and the views.
    for files in range(1, 20):
        statuses.append(run(files))
        for path in out.glob("*.jsonl"):
            read_lines(path)
        if (out / "run.json").exists():
            json.loads((out / "run.json").read_text())
        if statuses[-1] == 0:
            break
    assert statuses[-1] == 0
    assert set(statuses[:-1]) == {9}
    assert len(statuses) > 6
    assert len(read_lines(out / "results.jsonl")) == 2
    assert not list(out.rglob("*.part"))


def test_a_text_that_is_changed_while_the_run_goes_on_fails_that_article_alone(
    command: Start, provider: FakeProvider, articles: Articles, tmp_path: Path, read_lines: Lines
) -> None:
    folder = articles(3)
    provider.answers_at_most = 0
    process = command("run", folder, "--out", "out", "--base-url", provider.base_url, "--concurrency", 1)
    provider.wait_for(1)
    (tmp_path / "out" / "texts" / "a001.txt").write_text("另一篇文章。")
    provider.release()
    process.communicate(timeout=30)
    assert process.returncode == 1
    [failure] = read_lines(tmp_path / "out" / "failures.jsonl")
    assert failure["id"] == "a001"
    assert "was changed while the run went on" in failure["message"]
    assert [record["article"]["id"] for record in read_lines(tmp_path / "out" / "results.jsonl")] == ["a000", "a002"]


def test_an_input_that_is_changed_between_two_runs_is_asked_about_anew(
    summarizer: Command, provider: FakeProvider, articles: Articles, results: Lines
) -> None:
    folder = articles(2)
    order = ("run", folder, "--out", "out", "--base-url", provider.base_url)
    assert summarizer(*order) == 0
    (folder / "a001.txt").write_text("丙集团项目总投资约99亿元。")
    assert summarizer(*order) == 0
    assert provider.count == 3
    assert results(Path("out"))[1]["key_figures"][0]["value"] == "9900000000"
    assert Path("out/texts/a001.txt").read_text() == "丙集团项目总投资约99亿元。"


def limited(what: str) -> list[str]:
    """Return what goes before a command to run it under a limit of the shell's `ulimit`."""
    return ["sh", "-c", f'ulimit {what} && exec "$@"', "sh"]


def test_a_disk_that_fills_up_ends_the_run_with_1_and_the_next_one_completes(
    finished: Finished, summarizer: Command, provider: FakeProvider, tmp_path: Path, results: Lines
) -> None:
    folder = tmp_path / "long"
    folder.mkdir()
    for number in range(8):
        text = "\n".join(
            f"第{line}期工程由甲{number}集团建设，总投资约{number * 1000 + line}亿元。" for line in range(1, 200)
        )
        (folder / f"a{number}.txt").write_text(text)
    order = ("run", folder, "--out", "out", "--base-url", provider.base_url, "--concurrency", 1)
    done = finished(*order, prefix=limited("-f 600"))
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "cannot write to 'out': File too large; make room" in done.stderr.splitlines()[-1]
    assert not Path("out/results.jsonl").exists()
    assert 0 < provider.count < 8
    assert summarizer(*order) == 0
    assert len(results(Path("out"))) == 8


def test_answers_that_could_not_be_kept_are_not_paid_for(
    finished: Finished, provider: FakeProvider, articles: Articles, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    order = ("run", articles(2), "--out", "out", "--cache", "cache", "--base-url", provider.base_url)
    done = finished(*order)
    assert done.returncode == 2
    assert provider.count == 0
    said = done.stderr.splitlines()
    assert len([line for line in said if line.startswith("answer store")]) == 1
    assert said[-1].startswith("summarizer: nothing was asked, because answers could not be kept in 'cache'")


def test_few_files_may_be_open_and_the_run_says_what_it_does(
    finished: Finished, provider: FakeProvider, articles: Articles
) -> None:
    order = ("run", articles(30), "--out", "out", "--base-url", provider.base_url, "--concurrency", 500)
    done = finished(*order, prefix=limited("-n 64"))
    assert done.returncode == 0, done.stderr
    assert "24 articles at once instead of 500: only 64 files may be open" in done.stderr
