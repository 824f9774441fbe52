"""A provider that fails by plan, waits that take milliseconds, and commands that run in forked processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import quick
from tests.faults.forks import Forks
from tests.faults.server import Canary, FaultServer, Plan, article_text


@pytest.fixture
def serve() -> Iterator[Callable[[Plan], FaultServer]]:
    """Start a provider that answers by a plan."""
    servers: list[FaultServer] = []

    def start(plan: Plan) -> FaultServer:
        servers.append(FaultServer(plan))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    listener = Canary()
    yield listener
    listener.close()


@pytest.fixture
def news(tmp_path: Path) -> Callable[[int], Path]:
    """Make a folder of so many numbered articles."""

    def make(count: int) -> Path:
        folder = tmp_path / "news"
        folder.mkdir(exist_ok=True)
        for number in range(count):
            (folder / f"n{number:05}.txt").write_text(article_text(number), encoding="utf-8")
        return folder

    return make


@pytest.fixture
def short_waits() -> Iterator[None]:
    """Let the waits of this process take milliseconds; how often it asks stays as it is."""
    with quick.short_waits():
        yield


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """Give a process that has loaded the program and forks for each command."""
    forks = Forks()
    yield forks
    forks.close()
