"""The process that parses documents: what it may not do, and what becomes of a file over which it ends."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.articles import Article, child, read_inputs
from summarizer.articles.child import Extract, extract
from summarizer.articles.confined import MAX_MEMORY_BYTES
from summarizer.errors import EmptyInputError, FormatError, MissingExtraError, ParserLimitError

pytest.importorskip("docx", reason="python-docx is not installed")
pytest.importorskip("pypdf", reason="pypdf is not installed")

_ANSWER = (
    "import json, os, sys\ndef answer(text): sys.stdout.write(json.dumps(dict(text=text, title=None, warnings=[])))\n"
)
_CONFINED = _ANSWER + (
    "import socket, subprocess, pathlib, urllib.request\nsys.path[:0] = sys.argv[2:]\n"
    "from summarizer.articles.confined import limit_resources, close_doors\n"
    "limit_resources()\nclose_doors([pathlib.Path(one) for one in sys.path])\n"
    "def tried(act):\n    try:\n        act()\n    except BaseException as error:\n"
    "        return type(error).__name__\n    return 'done'\n"
)


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Extract]:
    """Run this code in the child in place of a parser, as a parser that is taken over would."""

    def run(code: str, data: bytes = b"x", wall_s: float = 20.0) -> Extract:
        monkeypatch.setattr(child, "_BOOT", code)
        return extract(data, "docx", wall_s=wall_s)

    return run


def test_the_child_knows_no_variable_of_the_environment(
    instead: Callable[..., Extract], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    known = instead(
        _ANSWER + "answer(json.dumps([sorted(os.environ), os.getcwd(), open('/proc/self/environ').read()]))"
    ).text
    assert "canary" not in known
    assert "OPENAI" not in known
    assert "PYTHONPATH" not in known
    assert '"/"' in known


@pytest.mark.parametrize(
    "act",
    [
        "socket.socket()",
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.getaddrinfo('localhost', 80)",
        "urllib.request.urlopen('http://127.0.0.1:9')",
        "subprocess.run(['true'])",
        "os.system('true')",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "open('/etc/passwd')",
        "open('/proc/self/environ')",
        "open(sys.path[0] + '/../../etc/passwd')",
        "open('/tmp/summarizer-child', 'w')",
        "open(os.__file__, 'a')",
        "os.open('/tmp/summarizer-child', os.O_CREAT | os.O_WRONLY)",
        "os.remove('/tmp/summarizer-child')",
        "os.mkdir('/tmp/summarizer-child')",
        "os.symlink('/etc/passwd', '/tmp/summarizer-child')",
        "os.chdir('/tmp')",
        "os.kill(os.getppid(), 0)",
        "__import__('ctypes').CDLL(None)",
        "__import__('sqlite3').connect(':memory:')",
    ],
)
def test_the_child_may_not(instead: Callable[..., Extract], act: str) -> None:
    assert instead(f"{_CONFINED}answer(tried(lambda: {act}))").text in {"PermissionError", "URLError"}
    assert not Path("/tmp/summarizer-child").exists()


def test_the_child_may_read_modules_and_its_input(instead: Callable[..., Extract]) -> None:
    assert instead(_CONFINED + "import wave; answer(sys.stdin.read() + wave.__name__)", b"given ").text == "given wave"


def test_the_limits_are_hard(instead: Callable[..., Extract]) -> None:
    names = ("CORE", "FSIZE", "NPROC", "NOFILE", "CPU", "AS")
    code = f"import resource\nanswer(json.dumps([resource.getrlimit(getattr(resource, 'RLIMIT_' + one))[1] for one in {names}]))"
    assert instead(_CONFINED + code).text == f"[0, 0, 0, 16, 31, {MAX_MEMORY_BYTES}]"


def test_memory_ends_at_the_limit(instead: Callable[..., Extract]) -> None:
    assert instead(_CONFINED + "answer(tried(lambda: bytearray(1100 << 20)))").text == "MemoryError"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os; os.kill(os.getpid(), 9)", "was killed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "30 s of computing"),
        ("import os; os.abort()", "signal 6"),
        ("import os; os._exit(3)", "without an answer"),
        ("pass", "without an answer"),
        ("while True: pass", "more than 0 s"),
        ("import time; time.sleep(60)", "more than 0 s"),
        ("import sys; sys.stdin.close(); import time; time.sleep(60)", "more than 0 s"),
    ],
)
def test_a_child_that_ends_or_hangs_is_a_limit(instead: Callable[..., Extract], code: str, words: str) -> None:
    with pytest.raises(ParserLimitError, match=words):
        instead(code, b"x" * 300_000, wall_s=0.3 if "0 s" in words and "30 s" not in words else 20.0)


def test_a_child_that_never_stops_talking_is_cut(instead: Callable[..., Extract]) -> None:
    with pytest.raises(ParserLimitError, match="20 MB"):
        instead("import sys\nwhile True: sys.stdout.write('x' * 100000)")


@pytest.mark.parametrize(
    "said",
    [
        "nonsense",
        "[]",
        "{}",
        "null",
        '{"text": 5, "title": null, "warnings": []}',
        '{"text": "a", "title": 5, "warnings": []}',
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(instead: Callable[..., Extract], said: str) -> None:
    with pytest.raises(FormatError, match="makes no sense"):
        instead(f"print({said!r})")


def test_a_title_outside_the_text_is_none(instead: Callable[..., Extract]) -> None:
    assert instead("""print('{"text": "abc", "title": [1, 9], "warnings": []}')""").title is None


def test_a_killed_child_is_one_failure_and_the_run_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(
        child, "_BOOT", _ANSWER + "d = sys.stdin.read()\nos.kill(os.getpid(), 9) if 'kill' in d else answer(d)"
    )
    for name, content in {"a.pdf": "one", "b.docx": "kill", "c.pdf": "three"}.items():
        (tmp_path / name).write_text(content)
    first, second, third = read_inputs([tmp_path])
    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert (first.text, third.text) == ("one", "three")
    assert not isinstance(second, Article)
    assert (second.kind, second.source) == ("parser_limit", str(tmp_path / "b.docx"))


@pytest.mark.parametrize(("form", "module", "extra"), [("pdf", "pypdf", "pdf"), ("docx", "docx", "docx")])
def test_a_missing_extra_is_named_for_each_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, form: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"newsproof\[{extra}\]"):
        extract(b"x", form)
    for name in (f"a.{form}", f"b.{form}", "c.txt"):
        (tmp_path / name).write_text("甲公司签约。")
    first, second, third = read_inputs([tmp_path])
    assert not isinstance(first, Article)
    assert not isinstance(second, Article)
    assert (first.kind, second.kind) == ("missing_extra", "missing_extra")
    assert isinstance(third, Article)


def test_a_document_without_text_is_empty() -> None:
    from tests.awkward.word_writer import word

    with pytest.raises(EmptyInputError):
        extract(word("<w:p/>"), "docx")


def test_the_working_folder_is_no_place_of_modules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tests.awkward.word_writer import plain, word

    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "lxml.py").write_text("raise SystemExit(7)")
    assert extract(word(plain("甲公司签约。")), "docx").text == "甲公司签约。"
