"""Whole runs over awkward inputs: every input in one of the two files, evidence exact, nothing else opened."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.articles import Article, read_inputs
from tests.awkward.case import Case, Read, lay_out
from tests.awkward.lines import line_cases
from tests.awkward.marked import marked_cases
from tests.awkward.pdfs import pdf_cases
from tests.awkward.places import place_cases
from tests.awkward.plain import plain_cases
from tests.awkward.test_awkward_inputs import make_outside, state_of
from tests.awkward.words import word_cases

pytest.importorskip("pypdf", reason="pypdf is not installed")
pytest.importorskip("docx", reason="python-docx is not installed")

Command = Callable[..., int]
Lines = Callable[[Path], list[dict[str, Any]]]
NOWHERE = "http://127.0.0.1:9"
# A few of each: every document costs a process.
_DOCUMENTS = re.compile(
    r"(?:pdf/(?:chinese-0|title|scan|locked|raised-digit)|word/(?:title|table-between|raised|macros|ratio))\."
)


def chosen(outside: Path) -> list[Case]:
    documents = [one for one in (*pdf_cases(NOWHERE), *word_cases(NOWHERE)) if _DOCUMENTS.match(one.name)]
    others = [*plain_cases(), *marked_cases(NOWHERE), *line_cases(NOWHERE), *place_cases(outside)]
    # An engine reads every character many times; length alone is no matter of this test.
    others = [one for one in others if not one.is_large and len(one.content or b"") < 100_000]
    return [*documents, *others]


def test_every_input_of_a_run_ends_in_one_of_the_two_files_and_evidence_is_exact(
    summarizer: Command, read_lines: Lines, tmp_path: Path
) -> None:
    outside = make_outside(tmp_path)
    before = state_of(outside)
    expected = lay_out(chosen(outside), tmp_path / "in")
    assert summarizer("run", tmp_path / "in", "--out", "out", "--engine", "offline", "--format", "jsonl,csv") == 1
    records, failures = read_lines(Path("out/results.jsonl")), read_lines(Path("out/failures.jsonl"))
    whole = [record for record in records if record["status"] != "failed"]
    named = Counter(record["article"]["source"] for record in whole) + Counter(one["source"] for one in failures)
    assert set(named) == set(expected)
    assert set(named.values()) == {1}
    assert sum(isinstance(outcome, Read) for _, outcome in expected.values()) == len(records)
    assert state_of(outside) == before
    texts = {one.source: one.text for one in read_inputs([tmp_path / "in"]) if isinstance(one, Article)}
    count = 0
    for record in whole:
        text = texts[record["article"]["source"]]
        for evidence in evidences(record):
            assert text[evidence["start"] : evidence["end"]] == evidence["quote"]
            count += 1
    assert count > 500


def evidences(part: object) -> list[dict[str, Any]]:
    """Return every piece of evidence of a record, wherever it stands."""
    if isinstance(part, dict):
        own = [part] if {"quote", "start", "end"} <= set(part) else []
        return own + [found for value in part.values() for found in evidences(value)]
    return [found for value in part for found in evidences(value)] if isinstance(part, list) else []


def test_what_failed_is_said_in_words_that_help(summarizer: Command, read_lines: Lines, tmp_path: Path) -> None:
    lay_out([one for one in (*pdf_cases(NOWHERE), *word_cases(NOWHERE)) if _DOCUMENTS.match(one.name)], tmp_path / "in")
    assert summarizer("run", "in", "--out", "out", "--engine", "offline", "--format", "jsonl") == 1
    said = {one["source"]: one["message"] for one in read_lines(Path("out/failures.jsonl"))}
    assert said == {
        "in/pdf/locked.pdf": "'in/pdf/locked.pdf' is protected by a password; save it without one",
        "in/pdf/scan.pdf": "'in/pdf/scan.pdf' shows no text, as a scan does; have its text recognised (OCR), or save it as .txt",
        "in/word/macros.docx": "'in/word/macros.docx' holds macros; save it as a .docx without macros",
        "in/word/ratio.docx": "'in/word/ratio.docx' holds a part that unpacks to over 100 times its size, as a bomb does; "
        "save its text as .txt",
    }


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_no_process_of_a_run_connects_or_opens_what_is_outside(
    command: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    outside = make_outside(tmp_path)
    wanted = re.compile(
        r"links/|things/|pdf/(?:chinese-0|opens-address)\.|word/(?:title|outward-image|entity-of-a-file)\."
    )
    cases = [*place_cases(outside), *pdf_cases(NOWHERE), *word_cases(NOWHERE)]
    lay_out([one for one in cases if wanted.match(one.name)], tmp_path / "in")
    log = tmp_path / "log"
    trace = ("strace", "-f", "-qq", "-s", "400", "-o", log, "-e", "trace=open,openat,openat2,connect,socket,execve")
    run = command(
        "run", "in", "--out", "out", "--engine", "offline", "--format", "jsonl", prefix=tuple(map(str, trace))
    )
    _, errors = run.communicate(timeout=120)
    calls = log.read_text(errors="replace") if log.exists() else ""
    if run.returncode != 1 or "execve" not in calls:
        pytest.skip(f"strace may not trace here: {errors[-200:]}")
    assert len((tmp_path / "out" / "results.jsonl").read_text().splitlines()) >= 10
    assert calls.count("execve(") == 1 + 5
    assert "connect(" not in calls
    opened = re.findall(r'open(?:at2?)?\([^"]*"([^"]*)"', calls)
    assert [
        name for name in opened if "/outside/" in name or name in {"/proc/self/environ", "/etc/passwd", "/dev/zero"}
    ] == []
    assert [name for name in opened if re.search(r"pipe\.txt|socket\.txt", name)] == []
    assert any(name.endswith("target.txt") for name in opened)


def test_failures_are_whole_json_without_control_characters(
    summarizer: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_out(list(place_cases(make_outside(tmp_path))), tmp_path / "in")
    assert summarizer("run", "in", "--out", "out", "--engine", "offline", "--format", "jsonl") == 0
    lines = Path("out/failures.jsonl").read_text(encoding="utf-8").split("\n")
    assert all(json.loads(line) for line in lines if line)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", capsys.readouterr().err)
