"""Some 550 awkward inputs: each is named once, the readable ones are read to the character, none is silently wrong."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from summarizer.articles import Article, read_inputs
from summarizer.records import FailedInput
from tests.awkward.case import Case, Outcome, Read, Refused, lay_out
from tests.awkward.lines import line_cases
from tests.awkward.marked import marked_cases
from tests.awkward.pdfs import pdf_cases
from tests.awkward.places import place_cases
from tests.awkward.plain import plain_cases
from tests.awkward.words import word_cases

pytest.importorskip("pypdf", reason="pypdf is not installed")
pytest.importorskip("docx", reason="python-docx is not installed")


@dataclass
class Canary:
    """An address that nobody is to call."""

    hits: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        hits = self.hits

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hits.append(self.path)
                self.send_error(404)

            do_POST = do_HEAD = do_GET  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:
                """Stay silent."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"


@dataclass(frozen=True)
class Reading:
    folder: Path
    expected: dict[str, tuple[Case, Outcome]]
    found: list[Article | FailedInput]
    address: str
    hits: list[str]
    outside_before: str
    outside_after: str

    def pairs(self) -> Iterator[tuple[str, Case, Outcome, Article | FailedInput]]:
        """Yield what was expected and what was found, of everything that was found."""
        for one in self.found:
            if one.source in self.expected:
                case, outcome = self.expected[one.source]
                yield one.source.removeprefix(f"{self.folder}/"), case, outcome, one


def all_cases(canary: str, outside: Path) -> Iterator[Case]:
    yield from plain_cases()
    yield from marked_cases(canary)
    yield from line_cases(canary)
    yield from place_cases(outside)
    yield from pdf_cases(canary)
    yield from word_cases(canary)


def make_outside(folder: Path) -> Path:
    outside = folder / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("秘密：总投资900亿元。", encoding="utf-8")
    (outside / "secret.pdf").write_bytes(b"%PDF-1.4 secret")
    return outside


def state_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        digest.update(f"{path} {status.st_mode} {status.st_mtime_ns} {status.st_ino}".encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    folder = tmp_path_factory.mktemp("awkward")
    outside = make_outside(folder)
    canary = Canary()
    inside = folder / "in"
    expected = lay_out(list(all_cases(canary.address, outside)), inside)
    before = state_of(outside)
    try:
        found = list(read_inputs([inside]))
        yield Reading(inside, expected, found, canary.address, canary.hits, before, state_of(outside))
    finally:
        canary.server.shutdown()
        canary.server.server_close()


def test_every_input_is_named_exactly_once(reading: Reading) -> None:
    counts = Counter(one.source for one in reading.found)
    assert [source for source, count in counts.items() if count != 1] == []
    assert sorted(set(reading.expected) ^ set(counts)) == []
    assert len(reading.expected) > 500


def test_what_is_readable_is_read_to_the_character(reading: Reading) -> None:
    refused = {
        name: one.message
        for name, _, outcome, one in reading.pairs()
        if isinstance(outcome, Read) and isinstance(one, FailedInput)
    }
    assert refused == {}
    wrong = {
        name: one.text[:200]
        for name, _, outcome, one in reading.pairs()
        if isinstance(outcome, Read) and isinstance(one, Article) and one.text != outcome.text
    }
    assert wrong == {}


def test_nothing_is_silently_wrong(reading: Reading) -> None:
    accepted = [
        name for name, _, outcome, one in reading.pairs() if isinstance(outcome, Refused) and isinstance(one, Article)
    ]
    assert accepted == []
    unmarked = {
        name: one.warnings
        for name, _, outcome, one in reading.pairs()
        if isinstance(outcome, Read) and isinstance(one, Article) and not set(outcome.warnings) <= set(one.warnings)
    }
    assert unmarked == {}


def test_what_is_refused_is_refused_for_its_reason(reading: Reading) -> None:
    other = {}
    for name, _, outcome, one in reading.pairs():
        if isinstance(outcome, Refused) and isinstance(one, FailedInput):
            status = "skipped" if outcome.is_skipped else "failed"
            if (one.kind, one.status) != (outcome.kind, status) or outcome.words not in one.message:
                other[name] = (one.status, one.kind, one.message)
    assert other == {}


def test_a_refusal_is_one_line_that_names_the_input_and_says_what_to_do(reading: Reading) -> None:
    unclear = [
        one.message
        for one in reading.found
        if isinstance(one, FailedInput)
        and (
            not one.message.startswith(("cannot read ", repr(one.source)))
            or "\n" in one.message
            or len(one.message) > 1000
        )
    ]
    assert unclear == []


def test_every_plain_control_file_is_right(reading: Reading) -> None:
    controls = [
        (outcome, one) for _, case, outcome, one in reading.pairs() if case.is_control and isinstance(outcome, Read)
    ]
    assert len(controls) > 30
    assert all(isinstance(one, Article) and one.text == outcome.text for outcome, one in controls)


def test_nobody_calls_the_canary_and_nothing_outside_changes(reading: Reading) -> None:
    assert reading.hits == []
    assert reading.outside_before == reading.outside_after
    assert not any(isinstance(one, Article) and "秘密" in one.text for one in reading.found)


def test_the_same_inputs_are_made_in_every_run(reading: Reading) -> None:
    before = {case.name: case.content for case, _ in reading.expected.values()}
    # The library that writes some of the Word files puts the time of day into them.
    others = [
        case.name
        for case in all_cases(reading.address, reading.folder.parent / "outside")
        if case.outcomes and "by-library" not in case.name and case.content != before[case.name]
    ]
    assert others == []
