"""The long trials, by hand: `python -m tests.faults.soak` (`make soak`). Prints a table, ends with 1 where a target is missed.

A storm of 10,000 articles, the same with kills, and a kill at every operation of writing results and views. The command
runs as users run it, in a process of its own, with its real waits; only the time limit of an attempt is shorter.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.forks import PROJECT, Forks, Order
from tests.faults.outputs import check_store, check_whole, comparable
from tests.faults.server import FaultServer, article_text
from tests.faults.storm import Storm, Tally, most, tally, usage_difference

_CONCURRENCY = 64
# A reply that hangs is given up after this; on a slow machine no other reply must take as long.
_ATTEMPT_S = "15"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    target: str
    measured: str
    is_met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended, after how long, with how much memory at most."""

    status: int
    seconds: float
    peak_mb: float


class Trial:
    """One storm in one folder."""

    def __init__(self, folder: Path, count: int, storm: Storm) -> None:
        self.folder = folder
        self.count = count
        self.storm = storm
        self.out = folder / "out"
        news = folder / "news"
        news.mkdir()
        for number in range(count):
            (news / f"n{number:05}.txt").write_text(article_text(number), encoding="utf-8")

    def start(self, server: FaultServer) -> subprocess.Popen[bytes]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "SUMMARIZER_"))}
        order = [
            "run", "news", "--out", "out", "--base-url", server.base_url, "--concurrency", _CONCURRENCY,
            "--format", "jsonl,csv,md",
        ]  # fmt: skip
        return subprocess.Popen(
            [sys.executable, "-m", "summarizer", *map(str, order)],
            cwd=self.folder,
            env=clean | {"PYTHONPATH": str(PROJECT), "SUMMARIZER_ATTEMPT_TIMEOUT_S": _ATTEMPT_S},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def finish(self, server: FaultServer) -> Ended:
        """Run to the end."""
        began = time.monotonic()
        process = self.start(server)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return Ended(status=process.returncode, seconds=time.monotonic() - began, peak_mb=usage.ru_maxrss / 1024)


@contextmanager
def _serving(storm: Storm) -> Iterator[FaultServer]:
    server = FaultServer(storm.plan)
    try:
        yield server
    finally:
        server.close()


def _account(result: Tally) -> str:
    """Say what became of the articles; of what was named wrongly, the first few."""
    told = f"{result.completed:,} completed, {result.named} named, {len(result.lost)} lost, {len(result.doubled)} doubled, "
    told += f"{len(result.of_another)} of another, {len(result.misnamed)} misnamed"
    return told + "".join(f"; {one}" for one in result.misnamed[:5])


def storm_rows(count: int, folder: Path) -> Iterator[Row]:
    """Run a storm to its end, and once more over what it left."""
    trial = Trial(folder, count, Storm())
    with _serving(trial.storm) as server:
        ended = trial.finish(server)
        result = tally(trial.out, trial.storm, count)
        yield Row(
            target=f"T1  {count:,} articles, 20 % faulty, 2 % hopeless: all completed or named, 0 lost, 0 of another",
            measured=f"{_account(result)}; {ended.seconds:.0f} s",
            is_met=result.is_sound and ended.status == 1,
        )
        asked, paid = most(server, range(count))
        yield Row(
            target="T4  requests for one article: ≤ 8, whole answers ≤ 4 (an article asked in two parts)",
            measured=f"{asked}, {paid}",
            is_met=asked <= 8 and paid <= 4,
        )
        yield Row(
            target="T9  memory of the process ≤ 500 MB", measured=f"{ended.peak_mb:.0f} MB", is_met=ended.peak_mb <= 500
        )
        difference = usage_difference(trial.out, server)
        yield Row(
            target="T11 answers, tokens in, tokens out: counted less sent",
            measured=str(difference),
            is_met=difference == (0, 0, 0),
        )
        # What failed unpaid is asked again, as it should be; a run over what is all there is timed with a peaceful server.
        server.plan = lambda _: "ok"
        trial.finish(server)
        asked_before, told = sum(server.asked.values()), comparable(trial.out)
        again = trial.finish(server)
        asked_again = sum(server.asked.values()) - asked_before
        is_same = comparable(trial.out) == told
        yield Row(
            target="T7  second run over a finished folder: 0 calls, the same bytes, ≤ 5 s for 10,000",
            measured=f"{asked_again} calls, {'the same' if is_same else 'other'} bytes, {again.seconds:.1f} s",
            is_met=asked_again == 0 and is_same and again.seconds <= 5,
        )


def kill_rows(count: int, kills: int, folder: Path) -> Iterator[Row]:
    """Run a storm that is killed at moments of chance and resumed."""
    trial = Trial(folder, count, Storm(seed=2))
    chance = random.Random(1)
    with _serving(trial.storm) as server:
        done = 0
        for kill in range(1, kills + 1):
            process = trial.start(server)
            # Each kill comes when so much of the work is answered, somewhere within its share.
            goal = count * (kill - chance.random()) / (kills + 1)
            while process.poll() is None and len(server.sent) < goal:
                time.sleep(0.01)
            time.sleep(chance.random() * 0.2)
            process.send_signal(signal.SIGKILL)
            done += process.wait() == -signal.SIGKILL
            check_whole(trial.out)
            check_store(trial.out / ".cache")
        ended = trial.finish(server)
        result = tally(trial.out, trial.storm, count)
        extra = -usage_difference(trial.out, server)[0]
        yield Row(
            target=f"T2  the same, {kills} × kill -9: 0 lost, 0 doubled, paid again ≤ {kills * _CONCURRENCY}",
            measured=f"{done} kills; {_account(result)}; {extra} paid again; exit {ended.status}",
            is_met=result.is_sound and done == kills and 0 <= extra <= done * _CONCURRENCY,
        )


def writing_rows(folder: Path) -> Iterator[Row]:
    """Kill at every operation by which results and views are written; complete, and compare."""
    news = folder / "news"
    news.mkdir()
    for number in range(2):
        (news / f"n{number}.txt").write_text(article_text(number), encoding="utf-8")
    arguments = ("run", "news", "--engine", "offline", "--format", "jsonl,md,html,csv,xlsx,ledger", "--out")
    forks = Forks()
    try:
        forks.run(Order(arguments=(*arguments, "plain"), folder=str(folder)))
        expected = comparable(folder / "plain")
        at = kills = resumed = whole = 0
        while True:
            at += 1
            out = folder / f"out{at}"
            order = {"arguments": (*arguments, out.name), "folder": str(folder), "under": (out.name,)}
            if not forks.run(Order(**order, at=at)).has_failed:  # type: ignore[arg-type]
                break
            kills += 1
            try:
                check_whole(out)
                whole += 1
            except (AssertionError, ValueError):
                pass
            ended = forks.run(Order(**order))  # type: ignore[arg-type]
            resumed += ended.status == 0 and comparable(out) == expected
    finally:
        forks.close()
    yield Row(
        target="T3  ≥ 200 × kill -9 while results and views are written: all resume to the same bytes, outputs parse",
        measured=f"{kills} kills, {resumed} resumed, {whole} times all outputs whole",
        is_met=kills >= 200 and resumed == kills == whole,
    )


def main() -> int:
    """Run the trials that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000, help="of a storm (default: 10,000)")
    parser.add_argument("--kills", type=int, default=10, help="in the second storm (default: 10)")
    parser.add_argument("--only", choices=("storm", "kills", "writing"), help="one trial instead of all three")
    options = parser.parse_args()
    is_met = True
    trials = {
        "storm": lambda folder: storm_rows(options.articles, folder),
        "kills": lambda folder: kill_rows(options.articles, options.kills, folder),
        "writing": writing_rows,
    }
    for name, trial in trials.items():
        if options.only in (None, name):
            with tempfile.TemporaryDirectory(prefix="soak-") as folder:
                for row in trial(Path(folder)):
                    print(f"{'met   ' if row.is_met else 'MISSED'} {row.target}\n       {row.measured}", flush=True)
                    is_met = is_met and row.is_met
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
