"""What the tests of whole runs share: a provider on loopback, articles, the command in this process and outside it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from summarizer.cli import main
from tests.loopback import FakeProvider

PROJECT = Path(__file__).parent.parent
_LOOPBACK = ("127.", "::1", "localhost")


def _stay_on_this_machine(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse every connection that would leave the machine; a test that needs one is not a test of this project."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            raise PermissionError(f"a test would connect to another machine: {address!r}")


sys.addaudithook(_stay_on_this_machine)
# A shell has what it runs in the background ignore interrupts, and so all that the tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
_OURS = ("OPENAI_", "SUMMARIZER_", "XDG_")


def article_text(number: int) -> str:
    return (
        f"11月{number % 28 + 1}日，甲{number}集团与乙{number}公司在南京签订战略合作协议。"
        f"项目总投资约{number + 10}亿元，占地{number + 3}万平方米。\n"
    )


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    fake = FakeProvider()
    yield fake
    fake.close()


@pytest.fixture
def articles(tmp_path: Path) -> Callable[[int], Path]:
    """Make a folder of so many articles, all different."""

    def make(count: int) -> Path:
        folder = tmp_path / "articles"
        folder.mkdir(exist_ok=True)
        for number in range(count):
            (folder / f"a{number:03}.txt").write_text(article_text(number), encoding="utf-8")
        return folder

    return make


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away every setting of the machine; the working folder is the test's own."""
    for name in list(os.environ):
        if name.startswith(_OURS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def summarizer(plain_environment: None) -> Callable[..., int]:
    """Run the command in this process; return its exit status."""

    def call(*arguments: object) -> int:
        return main([str(argument) for argument in arguments])

    return call


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start the command in a process of its own, with its output caught and no setting of the machine."""

    def start(
        *arguments: object, environment: Mapping[str, str] | None = None, prefix: Sequence[str] = (), **more: Any
    ) -> subprocess.Popen[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        clean |= {"HOME": str(tmp_path / "home"), "PYTHONPATH": str(PROJECT)}
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(
            [*prefix, sys.executable, "-m", "summarizer", *map(str, arguments)],
            env=clean | dict(environment or {}),
            cwd=tmp_path,
            **streams | {"text": True, "encoding": "utf-8", "errors": "backslashreplace"} | more,
        )

    return start


@pytest.fixture
def finished(command: Callable[..., subprocess.Popen[str]]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command in a process of its own to its end."""

    def run(*arguments: object, given: str | None = None, **more: Any) -> subprocess.CompletedProcess[str]:
        if given is not None:
            more["stdin"] = subprocess.PIPE
        process = command(*arguments, **more)
        output, errors = process.communicate(given, timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, output or "", errors or "")

    return run


@pytest.fixture
def read_lines() -> Callable[[Path], list[dict[str, Any]]]:
    """Read a file of JSON lines."""
    return lambda path: [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


@pytest.fixture
def results(read_lines: Callable[[Path], list[dict[str, Any]]]) -> Callable[[Path], list[dict[str, Any]]]:
    """Read the records of an output folder without their `run` parts, the only ones that may differ."""

    def read(out: Path) -> list[dict[str, Any]]:
        records = read_lines(out / "results.jsonl")
        for record in records:
            assert record.pop("run")["engine"]
        return records

    return read
