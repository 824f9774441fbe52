"""Where the command speaks and writes: odd output folders, closed and full streams, a terminal that knows ASCII only."""

import os
import pty
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.loopback import FakeProvider

Command = Callable[..., int]
Finished = Callable[..., subprocess.CompletedProcess[str]]
Lines = Callable[[Path], list[dict[str, Any]]]
Articles = Callable[[int], Path]

OFFLINE = ("--engine", "offline")


def test_without_key_and_address_the_offline_engine_says_so_in_one_line(
    finished: Finished, articles: Articles, tmp_path: Path, results: Lines
) -> None:
    done = finished("run", articles(2), "--out", "out")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    said = done.stderr.splitlines()
    assert len([line for line in said if line.startswith("offline engine (no key and no --base-url)")]) == 1
    assert said[1] == "2 articles"
    assert said[-1] == "results in out"
    assert not any("paid" in line for line in said)
    assert [record["article"]["id"] for record in results(tmp_path / "out")] == ["a000", "a001"]


def test_the_offline_engine_that_was_asked_for_says_that(
    summarizer: Command, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summarizer("run", articles(1), "--out", "out", *OFFLINE) == 0
    assert "offline engine (as asked for)" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["a file", "below a file", "/dev/full", "/proc/nothing"])
def test_an_output_folder_that_cannot_be_one_is_refused(
    summarizer: Command, articles: Articles, tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    (tmp_path / "a file").write_text("mine")
    out = {"below a file": "a file/out"}.get(place, place)
    assert summarizer("run", articles(1), "--out", out, *OFFLINE) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert f"{out!r}" in said[0]
    assert (tmp_path / "a file").read_text() == "mine"


def test_links_planted_in_the_output_folder_are_not_written_through(
    summarizer: Command, articles: Articles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    out = tmp_path / "out"
    (out / "texts").mkdir(parents=True)
    names = ("results.jsonl", "failures.jsonl", "run.json", "report.md", "figures.csv", "texts/a000.txt")
    for name in names:
        (out / name).symlink_to(precious)
    assert summarizer("run", articles(1), "--out", "out", *OFFLINE) == 0
    assert precious.read_text() == "mine"
    assert not any((out / name).is_symlink() for name in names)

    (out / ".summarizer.lock").unlink()
    (out / ".summarizer.lock").symlink_to(precious)
    assert summarizer("run", "articles", "--out", "out", *OFFLINE) == 2
    assert "'.summarizer.lock' cannot be locked" in capsys.readouterr().err
    assert precious.read_text() == "mine"


def test_a_folder_of_texts_that_leads_elsewhere_is_refused(
    summarizer: Command, articles: Articles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "texts").symlink_to(elsewhere)
    assert summarizer("run", articles(1), "--out", "out", *OFFLINE) == 2
    assert "'out/texts' is a link" in capsys.readouterr().err
    assert list(elsewhere.iterdir()) == []


def test_an_output_folder_may_be_a_link_that_the_caller_names(
    summarizer: Command, articles: Articles, tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")
    assert summarizer("run", articles(1), "--out", "out", *OFFLINE) == 0
    assert (tmp_path / "real" / "results.jsonl").exists()


def test_closed_streams_lose_no_result(finished: Finished, articles: Articles, tmp_path: Path, results: Lines) -> None:
    folder = articles(2)
    closed = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"]
    done = finished("run", folder, "--out", "out", *OFFLINE, prefix=closed)
    assert done.returncode == 0
    assert len(results(tmp_path / "out")) == 2
    for path in (tmp_path / "out").rglob("*"):
        assert not path.is_file() or b"2 articles" not in path.read_bytes()


def test_a_log_on_a_full_disk_loses_no_result(
    finished: Finished, articles: Articles, tmp_path: Path, results: Lines
) -> None:
    with Path("/dev/full").open("w") as full:
        done = finished("run", articles(2), "--out", "out", *OFFLINE, stderr=full)
    assert done.returncode == 0
    assert len(results(tmp_path / "out")) == 2


def test_what_was_printed_and_not_written_is_noticed(
    finished: Finished, summarizer: Command, articles: Articles
) -> None:
    assert summarizer("run", articles(1), "--out", "out", *OFFLINE) == 0
    for order in (("show", "out"), ("report", "out")):
        with Path("/dev/full").open("w") as full:
            done = finished(*order, stdout=full)
        assert done.returncode == 1
        assert done.stderr == "summarizer: cannot write standard output: No space left on device\n"


def test_a_reader_that_goes_away_is_no_error_worth_words(
    command: Callable[..., subprocess.Popen[str]], summarizer: Command, articles: Articles
) -> None:
    assert summarizer("run", articles(1), "--out", "out", *OFFLINE) == 0
    reading, writing = os.pipe()
    os.close(reading)
    process = command("report", "out", stdout=writing)
    os.close(writing)
    _, said = process.communicate(timeout=30)
    assert said == ""


@pytest.mark.parametrize("order", [("show", "out"), ("run", "文章", "--out", "输出", *OFFLINE)])
def test_a_terminal_that_knows_ascii_only_gets_escapes(
    finished: Finished, summarizer: Command, articles: Articles, tmp_path: Path, order: tuple[str, ...]
) -> None:
    assert summarizer("run", articles(1), "--out", "out", *OFFLINE) == 0
    (tmp_path / "文章").mkdir()
    (tmp_path / "文章" / "甲.txt").write_text("甲集团总投资约30亿元。")
    (tmp_path / "文章" / "空.txt").write_text("")
    ascii_only = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = finished(*order, environment=ascii_only)
    assert done.returncode == (1 if order[0] == "run" else 0)
    assert "Traceback" not in done.stderr
    assert (done.stdout + done.stderr).isascii()
    assert "\\u" in done.stdout + done.stderr or "\\x" in done.stdout + done.stderr


def test_a_file_name_cannot_write_to_the_terminal(
    summarizer: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "names"
    folder.mkdir()
    (folder / "a\n2 ok\x1b[31m.txt").write_text("")
    assert summarizer("run", folder, "--out", "out", *OFFLINE) == 1
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "2 ok" not in [line.strip()[:4] for line in said.splitlines()]


def test_a_terminal_shows_a_bar_with_counts(
    command: Callable[..., subprocess.Popen[str]], provider: FakeProvider, articles: Articles
) -> None:
    folder = articles(3)
    (folder / "empty.txt").write_text("")
    control, terminal = pty.openpty()
    process = command("run", folder, "--out", "out", "--base-url", provider.base_url, stderr=terminal)
    os.close(terminal)
    shown = b""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            piece = os.read(control, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(control)
    assert process.wait(timeout=30) == 1
    if process.stdout is not None:
        process.stdout.close()
    text = shown.decode("utf-8", "replace")
    assert "3/3" in text
    assert "360 tokens" in text
    assert "nothing to read in it" in text
    # The cursor that the bar hides is shown again.
    assert text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l")
