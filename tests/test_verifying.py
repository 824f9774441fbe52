"""Answers verified in several processes: what comes of them is what one process makes, whatever happens to the others."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from summarizer.articles import Article, read_inputs
from summarizer.cli import main
from summarizer.engines import Ask
from summarizer.engines.offline import OfflineEngine
from summarizer.processes import spare_cores
from summarizer.proposals import Proposals, ProposedFigure
from summarizer.verify import verify_proposals
from summarizer.verifying import Verifier, process, seats

ROOT = Path(__file__).parent.parent
Job = tuple[Article, Proposals]


@pytest.fixture(scope="module")
def jobs() -> list[Job]:
    """The labelled articles, an HTML page among them, with what the offline engine proposes."""
    found = [one for one in read_inputs([ROOT / "evals" / "cases" / "articles"]) if isinstance(one, Article)]
    page = Article.from_text("<html><body><p>甲公司投资3亿元，与乙公司&amp;丙公司签约。</p></body></html>", id="page")
    assert page.source_map is not None
    engine = OfflineEngine()

    async def propose() -> list[Job]:
        return [(article, (await engine.propose(article, Ask())).proposals) for article in [page, *found]]

    return asyncio.run(propose())


@pytest.fixture(autouse=True)
def starts_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few waiting answers be enough."""
    monkeypatch.setattr(seats, "_WAITING_BEFORE_START", 2)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[process.VerifyingProcess]]:
    """The processes that a test starts; all have ended when it ends."""
    found: list[process.VerifyingProcess] = []

    class Noted(process.VerifyingProcess):
        def __init__(self, on_free: Any) -> None:
            super().__init__(on_free)
            found.append(self)

    monkeypatch.setattr(seats, "VerifyingProcess", Noted)
    yield found
    assert all(one._process.returncode is not None for one in found)


def verify_all(verifier: Verifier, jobs: Sequence[Job]) -> list[Any]:
    async def run() -> list[Any]:
        try:
            return await asyncio.gather(*(verifier.verify(*job) for job in jobs), return_exceptions=True)
        finally:
            await verifier.aclose()

    return asyncio.run(run())


def test_two_other_processes_find_what_this_one_finds(jobs: list[Job], started: list[process.VerifyingProcess]) -> None:
    here = [verify_proposals(*job) for job in jobs]
    assert verify_all(Verifier(2), jobs) == here
    assert len(started) == 2


def test_no_process_is_started_where_no_answer_waits(jobs: list[Job], started: list[process.VerifyingProcess]) -> None:
    async def one_by_one() -> None:
        verifier = Verifier(2)
        for job in jobs[:4]:
            await verifier.verify(*job)
        await verifier.aclose()

    asyncio.run(one_by_one())
    assert not started


def test_none_is_started_where_there_may_be_none(jobs: list[Job], started: list[process.VerifyingProcess]) -> None:
    assert verify_all(Verifier(0), jobs[:6]) == [verify_proposals(*job) for job in jobs[:6]]
    assert not started


def test_what_a_killed_process_had_is_verified_here(
    jobs: list[Job], started: list[process.VerifyingProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import os, sys\nsys.stdin.buffer.read(5000)\nos.kill(os.getpid(), 9)"
    monkeypatch.setattr(process, "_BOOT", code)
    problems: list[str] = []
    assert verify_all(Verifier(2, problems.append), jobs) == [verify_proposals(*job) for job in jobs]
    assert problems == ["a process that verified answers was ended; its articles are verified in this one"]
    assert len(started) <= 2


def test_where_no_process_can_be_started_all_is_verified_here(jobs: list[Job], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    problems: list[str] = []
    assert verify_all(Verifier(3, problems.append), jobs) == [verify_proposals(*job) for job in jobs]
    assert len(problems) == 1
    assert "Resource temporarily unavailable" in problems[0]


def test_an_error_over_there_is_raised_here(jobs: list[Job], started: list[process.VerifyingProcess]) -> None:
    broken = (jobs[0][0], Proposals(figures=(None,)))  # type: ignore[arg-type]
    found = verify_all(Verifier(1), [*jobs[:5], broken, *jobs[5:]])
    assert isinstance(found.pop(5), AttributeError)
    assert found == [verify_proposals(*job) for job in jobs]
    assert len(started) == 1


def test_a_cancelled_wait_costs_no_seat(jobs: list[Job], started: list[process.VerifyingProcess]) -> None:
    async def run() -> list[Any]:
        verifier = Verifier(1)
        tasks = [asyncio.ensure_future(verifier.verify(*job)) for job in jobs]
        await asyncio.sleep(0.01)
        for task in tasks[::2]:
            task.cancel()
        kept = await asyncio.gather(*tasks[1::2])
        # Every seat is free again: as many as there are answer at once.
        again = await asyncio.wait_for(asyncio.gather(*(verifier.verify(*job) for job in jobs)), 30)
        assert len(verifier._free) == 1 + seats._SEATS_A_PROCESS
        await verifier.aclose()
        assert again[1::2] == kept
        return again

    assert asyncio.run(run()) == [verify_proposals(*job) for job in jobs]
    assert len(started) == 1


def test_the_other_process_knows_no_variable_of_the_environment(
    jobs: list[Job], started: list[process.VerifyingProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    seen: list[bytes] = []

    async def run() -> None:
        verifier = Verifier(1)
        waiting = asyncio.gather(*(verifier.verify(*job) for job in jobs))
        await asyncio.sleep(0)
        await asyncio.sleep(0.2)
        seen.append(environment_and_command(started[0]._process.pid))
        await waiting
        await verifier.aclose()

    asyncio.run(run())
    assert b"canary" not in seen[0]
    assert b"verifying.child" in seen[0]


def environment_and_command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes() + Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_process_ends_when_the_run_is_killed() -> None:
    code = (
        "import asyncio, os, signal\n"
        "from summarizer.verifying.process import VerifyingProcess\n"
        "async def main():\n"
        "    process = VerifyingProcess(print)\n"
        "    print(process._process.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert run.returncode == -signal.SIGKILL
    pid = int(run.stdout)
    deadline = time.monotonic() + 20
    while is_running(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        # A process that has ended may stand there until somebody asks after it.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_batch_writes_the_same_records_whatever_the_processes(
    tmp_path: Path, started: list[process.VerifyingProcess]
) -> None:
    lines = []
    for processes in (0, 2):
        out = tmp_path / str(processes)
        articles = str(ROOT / "evals" / "cases" / "articles")
        options = ["--engine", "offline", "--format", "jsonl", "--processes", str(processes), "--out", str(out)]
        main(["run", articles, *options])
        written = (out / "results.jsonl").read_text(encoding="utf-8").splitlines()
        lines.append([without_seconds(line) for line in written])
    assert lines[0] == lines[1]
    assert len(started) == 2


def without_seconds(line: str) -> str:
    head, _, rest = line.partition('"seconds":')
    return head + rest.partition(",")[2]


def test_spare_cores_are_those_beside_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, spare in ((1, 0), (2, 1), (64, 63)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: set(range(cores)), raising=False)
        assert spare_cores() == spare


def test_half_a_pair_of_characters_is_met_where_it_is_named(
    jobs: list[Job], started: list[process.VerifyingProcess]
) -> None:
    figure = ProposedFigure(s=1, amount="3亿元", name="\ud83d", of="甲公司", when="", status="actual")
    odd = (jobs[0][0], Proposals(figures=(figure,)))
    whole = [*jobs[:6], odd, *jobs[6:]]
    assert verify_all(Verifier(1), whole) == [verify_proposals(*job) for job in whole]
    assert len(started) == 1
