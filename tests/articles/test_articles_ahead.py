"""Documents parsed ahead: in the order of the inputs, none that nobody wants, none for somebody who has gone."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from summarizer.articles import Article, ahead, child, read_inputs
from summarizer.articles.ahead import read_ahead
from summarizer.articles.raw import RawInput

pytest.importorskip("pypdf", reason="pypdf is not installed")

_ECHO = "import json, os, time\ntext = sys.stdin.read()\n"
_ANSWER = "print(json.dumps(dict(text=text, title=None, warnings=[])))"


def documents(*texts: str) -> list[RawInput]:
    return [RawInput(source=f"{text}.pdf", name=text, data=text.encode(), format_hint="pdf") for text in texts]


@pytest.fixture(autouse=True)
def four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "spare_cores", lambda: 3)


def test_documents_come_in_their_order_whichever_is_parsed_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow_first = "time.sleep(0.4 if 'a' in text else 0)\n"
    monkeypatch.setattr(child, "_BOOT", _ECHO + slow_first + _ANSWER)
    for name in ("a.pdf", "b.pdf", "d.pdf", "e.pdf", "f.pdf", "g.pdf"):
        (tmp_path / name).write_text(f"{name[0]} 公司签约。")
    (tmp_path / "c.txt").write_text("丙公司签约。", encoding="utf-8")
    found = [one for one in read_inputs([tmp_path]) if isinstance(one, Article)]
    assert [one.id for one in found] == list("abcdefg")
    assert [one.text[0] for one in found] == list("ab丙defg")


def test_four_are_parsed_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each says when it began and when it ended, by the machine's clock.
    noting = "began = time.monotonic()\ntime.sleep(0.3)\ntext = json.dumps([began, time.monotonic()])\n"
    monkeypatch.setattr(child, "_BOOT", _ECHO + noting + _ANSWER)
    spans = []
    for raw in read_ahead(documents(*"abcdefgh")):
        assert isinstance(raw, RawInput)
        began, ended = json.loads(raw.read()[0].text)
        spans.append((began, ended))
    most = max(sum(began <= moment < ended for began, ended in spans) for moment, _ in spans)
    assert 1 < most <= 4


def test_what_nobody_wants_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_BOOT", _ECHO + _ANSWER)
    found = list(read_ahead(documents("a", "b", "c"), lambda raw: raw.name == "b"))
    assert [raw.parsed is not None for raw in found if isinstance(raw, RawInput)] == [False, True, False]


def test_a_failure_is_that_of_its_own_document(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(child, "_BOOT", _ECHO + "os.kill(os.getpid(), 9) if 'bad' in text else None\n" + _ANSWER)
    for name, text in {"a": "甲公司", "b": "bad", "c": "丙公司"}.items():
        (tmp_path / f"{name}.pdf").write_text(text, encoding="utf-8")
    first, second, third = read_inputs([tmp_path])
    assert (isinstance(first, Article), isinstance(third, Article)) == (True, True)
    assert not isinstance(second, Article)
    assert (second.kind, second.id) == ("parser_limit", "b")


def test_who_leaves_early_waits_for_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_BOOT", _ECHO + "time.sleep(20 if text != 'a' else 0)\n" + _ANSWER)
    inputs = read_ahead(documents(*"abcdefgh"))
    first = next(inputs)
    assert isinstance(first, RawInput)
    assert first.read()[0].text == "a"
    began = time.monotonic()
    inputs.close()
    assert time.monotonic() - began < 5
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
