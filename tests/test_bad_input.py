"""Bad input: one clear line that names the thing and says what to do, and every other article gets its record."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.awkward.places import make_socket

Command = Callable[..., int]
Lines = Callable[[Path], list[dict[str, Any]]]
Articles = Callable[[int], Path]

OFFLINE = ("--engine", "offline")


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


MAKERS: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "empty.txt": (lambda path: path.write_bytes(b""), "empty", "nothing to read in it"),
    "blank.txt": (lambda path: path.write_text(" \n\t\n"), "empty", "nothing to read in it"),
    "nul.txt": (lambda path: path.write_bytes(b"\0" * 64), "empty", "nothing to read in it"),
    "binary.txt": (lambda path: path.write_bytes(bytes(range(256)) * 40), "encoding", "binary"),
    "picture.txt": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(99)), "encoding", ""),
    "broken.txt": (
        lambda path: path.write_bytes("甲集团总投资约".encode() + b"\xff\xfe\x80\xc3\x28" * 40),
        "encoding",
        "",
    ),
    "markup.html": (lambda path: path.write_text("<html><script>x()</script></html>"), "empty", "no visible text"),
    "lines.jsonl": (lambda path: path.write_text(""), "empty", "no line in it"),
    "pipe.txt": (make_pipe, "unreadable", "named pipe"),
    "socket.txt": (make_socket, "unreadable", "socket"),
    "table.xyz": (lambda path: path.write_text("x"), "unsupported_format", "no suffix that is read here"),
    "paper.pdf": (lambda path: path.write_bytes(b"%PDF-1.4"), "format", "damaged PDF"),
}


@pytest.mark.parametrize("name", MAKERS)
def test_a_file_that_is_no_article_is_named_once_and_the_others_get_their_records(
    summarizer: Command,
    articles: Articles,
    read_lines: Lines,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
) -> None:
    make, kind, words = MAKERS[name]
    folder = articles(2)
    path = tmp_path / name
    make(path)
    order = ("run", folder / "a000.txt", path, folder / "a001.txt", "--out", "out", *OFFLINE)
    assert summarizer(*order) == 1
    records = read_lines(Path("out/results.jsonl"))
    assert [record["article"]["id"] for record in records] == ["a000", "a001"]
    assert all(record["status"] != "failed" for record in records)
    [failure] = read_lines(Path("out/failures.jsonl"))
    assert (failure["source"], failure["status"], failure["kind"]) == (str(path), "failed", kind)
    assert words in failure["message"]
    said = [line for line in capsys.readouterr().err.splitlines() if name in line]
    assert len(said) == 1
    assert said[0].count(name) == 1


def test_a_missing_path_is_named(
    summarizer: Command, articles: Articles, read_lines: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summarizer("run", "nowhere.txt", articles(1), "--out", "out", *OFFLINE) == 1
    assert "cannot read 'nowhere.txt': No such file or directory; check the path" in capsys.readouterr().err
    assert len(read_lines(Path("out/results.jsonl"))) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_a_folder_that_may_not_be_read_is_named(
    summarizer: Command, articles: Articles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    try:
        assert summarizer("run", articles(1), closed, "--out", "out", *OFFLINE) == 1
    finally:
        closed.chmod(0o700)
    assert "cannot read folder" in capsys.readouterr().err


def test_a_folder_with_nothing_in_it_is_named(
    summarizer: Command, tmp_path: Path, read_lines: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "hollow" / "deep").mkdir(parents=True)
    assert summarizer("run", "hollow", "--out", "out", *OFFLINE) == 1
    assert "'hollow'" in capsys.readouterr().err
    assert [line["kind"] for line in read_lines(Path("out/failures.jsonl"))] == ["empty"]


def test_every_entry_of_a_folder_ends_in_one_of_the_two_files(
    summarizer: Command, articles: Articles, read_lines: Lines
) -> None:
    folder = articles(2)
    for name, (make, _, _) in MAKERS.items():
        make(folder / name)
    (folder / ".hidden.txt").write_text("hidden")
    (folder / "loop").symlink_to(folder)
    (folder / "outside.txt").symlink_to("/etc/hostname")
    (folder / "nowhere.txt").symlink_to("nothing")
    assert summarizer("run", folder, "--out", "out", *OFFLINE) == 1
    named = [record["article"]["source"] for record in read_lines(Path("out/results.jsonl"))]
    named += [failure["source"] for failure in read_lines(Path("out/failures.jsonl"))]
    assert sorted(named) == sorted(str(path) for path in folder.iterdir())


def test_broken_lines_and_repeated_ids_fail_by_themselves(
    summarizer: Command, tmp_path: Path, read_lines: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    first, other = "甲集团总投资约30亿元。", "乙公司总投资约20亿元。"
    lines = [
        json.dumps({"id": "one", "text": first}, ensure_ascii=False),
        '{"id": "two", "text": "cut',
        json.dumps({"id": "one", "text": other}),
        json.dumps({"id": "one", "text": first}),
        json.dumps({"id": "../../etc/passwd", "text": other}),
        json.dumps(["no object"]),
        json.dumps({"id": "six"}),
        json.dumps({"id": "\ud800", "text": first}),
    ]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert summarizer("run", "many.jsonl", "--out", "out", *OFFLINE) == 1
    records = read_lines(Path("out/results.jsonl"))
    assert [record["article"]["id"] for record in records] == ["one", "../../etc/passwd"]
    failures = read_lines(Path("out/failures.jsonl"))
    assert [(line["source"], line["status"], line["kind"]) for line in failures] == [
        ("many.jsonl:2", "failed", "format"),
        ("many.jsonl:3", "failed", "duplicate_id"),
        ("many.jsonl:4", "skipped", "duplicate"),
        ("many.jsonl:6", "failed", "format"),
        ("many.jsonl:7", "failed", "format"),
        ("many.jsonl:8", "failed", "format"),
    ]
    said = capsys.readouterr().err.splitlines()
    for number in (2, 3, 6, 7, 8):
        assert len([line for line in said if f"many.jsonl:{number}" in line]) == 1
    assert "2 ok" in said[-2] or "to review" in said[-2]
    assert "5 failed, 1 skipped" in said[-2]
    assert {path.parent for path in Path().rglob("*passwd*")} == {Path("out/texts")}


@pytest.mark.parametrize(
    "order", ["", "nonsense", "run a.txt", "run --out out", "run a.txt --out out --record one --replay two"]
)
def test_a_wrong_use_ends_with_2_and_shows_the_right_one(
    summarizer: Command, capsys: pytest.CaptureFixture[str], order: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        summarizer(*order.split())
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: summarizer")


def test_a_settings_file_with_a_mistake_is_named(
    summarizer: Command, articles: Articles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "summarizer.toml").write_text('modle = "gpt"\n')
    assert summarizer("run", articles(1), "--out", "out") == 2
    assert "modle" in capsys.readouterr().err


@pytest.mark.parametrize("key", ["sk-可乐", "sk-1 2", "sk-1\n2"])
def test_a_key_that_cannot_be_one_is_refused_and_not_shown(
    summarizer: Command,
    articles: Articles,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    key: str,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    assert summarizer("run", articles(1), "--out", "out") == 2
    said = capsys.readouterr().err
    assert "api_key" in said
    assert key not in said
