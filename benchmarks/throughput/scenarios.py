"""What is measured, one function a scenario; each gives the lines of its table."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.throughput.running import (
    ROOT,
    Load,
    Measured,
    Workplace,
    environment,
    measure,
    provider,
    start,
    stats_of,
)
from benchmarks.throughput.server import Plan

PEERS: Final = ("floor", "sdk", "instructor")
OURS: Final = ("asking", "batch", "stream", "spread")
_HEAD: Final = "             wall s  x ideal  x floor  CPU ms  x plain    MB  connections  in flight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How often is measured, where, and by what part of the full size (for a quick look)."""

    workplace: Workplace
    runs: int = 5
    part: float = 1.0

    def size(self, full: int) -> int:
        """Return a number of articles, at least 20."""
        return max(20, round(full * self.part))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is measured, what is aimed at, and how."""

    name: str
    goal: str
    lines: Callable[[Setting], Iterator[str]]


def _compare(setting: Setting, load: Load, clients: Sequence[str]) -> Iterator[str]:
    """Measure the loops in turn, so that what else the machine does falls on all; give their medians and ratios."""
    taken: dict[str, list[Measured]] = {client: [] for client in clients}
    for _ in range(setting.runs):
        for client in clients:
            taken[client].append(measure(client, load, setting.workplace))
    cpu = {client: median(one.cpu_s for one in found) / load.articles * 1e3 for client, found in taken.items()}
    walls = {client: median(one.wall_s for one in found) for client, found in taken.items()}
    yield f"{load.articles} articles, {load.concurrency} at once, {load.plan.latency_s:g} s an answer: ideal {load.ideal_s:.2f} s"
    yield _HEAD
    for client, found in taken.items():
        last = found[-1]
        against_floor = walls[client] / walls["floor"] if "floor" in walls else float("nan")
        against_plain = cpu[client] / cpu["instructor"] if "instructor" in cpu else float("nan")
        line = (
            f"{client:11}{walls[client]:8.2f}{walls[client] / load.ideal_s:9.2f}{against_floor:9.2f}{cpu[client]:8.2f}"
        )
        line += f"{against_plain:9.2f}{median(one.memory_mb for one in found):6.0f}"
        yield line + f"{last.stats.connections:13}{last.stats.most_in_flight:11}" + _flaws(load, found)


def _flaws(load: Load, found: Sequence[Measured]) -> str:
    lost = max(load.articles - one.completed + one.failed for one in found)
    return f"   {lost} ARTICLES WITHOUT RESULT" if lost else ""


def late(setting: Setting) -> Iterator[str]:
    """Answers that take long: what is lost between rounds."""
    load = Load(articles=setting.size(200), concurrency=64, plan=Plan(latency_s=2.0))
    yield from _compare(setting, load, ("floor", "instructor", "batch", "stream", "spread"))


def fast(setting: Setting) -> Iterator[str]:
    """Answers that come at once: what one core can do."""
    load = Load(articles=setting.size(2000), concurrency=64, plan=Plan(latency_s=0.2))
    yield from _compare(setting, load, (*PEERS, *OURS))


def wide(setting: Setting) -> Iterator[str]:
    """Many at once: connections, and what grows with their number."""
    at_once = max(20, round(500 * setting.part))
    load = Load(articles=setting.size(2000), concurrency=at_once, plan=Plan(latency_s=2.0))
    yield from _compare(setting, load, (*PEERS, "batch", "spread"))


def hang(setting: Setting) -> Iterator[str]:
    """Two requests that hang: nobody else may wait for them."""
    hang_s = 10.0 if setting.part == 1 else 2.0
    articles = setting.size(400)
    usual = Load(articles=articles, concurrency=64, plan=Plan(latency_s=0.2))
    hanging = Plan(latency_s=0.2, hanging=(articles // 20, articles // 3), hang_s=hang_s)
    load = Load(articles=articles, concurrency=64, plan=hanging)
    for client in ("batch", "stream"):
        without = median(measure(client, usual, setting.workplace).wall_s for _ in range(setting.runs))
        found = [measure(client, load, setting.workplace) for _ in range(setting.runs)]
        others = median(one.done_s[-3] for one in found)
        yield (
            f"{client:11}{articles} articles, two hang for {hang_s:g} s: the others done after {others:.2f} s "
            f"({others / without:.2f} of a run without), all after {median(one.wall_s for one in found):.2f} s"
        ) + _flaws(load, found)


def faults(setting: Setting) -> Iterator[str]:
    """A tenth of the articles is answered wrongly at first: status 429, 500, 502, hung up, unfit, empty."""
    load = Load(articles=setting.size(1000), concurrency=64, plan=Plan(latency_s=0.1, faulty_each=10))
    found = [measure("batch", load, setting.workplace) for _ in range(setting.runs)]
    last = found[-1].stats
    extra = last.requests - load.articles
    wall = median(one.wall_s for one in found)
    yield (
        f"batch      {load.articles} articles, {last.faults} faults: {found[-1].completed} completed, {found[-1].failed} "
        f"of them failed by name, {extra} requests more ({extra / max(1, last.faults):.2f} a fault), "
        f"wall {wall:.2f} s, {wall / load.ideal_s:.2f} x ideal"
    )


def kill(setting: Setting) -> Iterator[str]:
    """The process is killed at half; the same command goes on."""
    load = Load(articles=setting.size(1000), concurrency=64, plan=Plan(latency_s=0.2))
    for _ in range(setting.runs):
        out = setting.workplace.new_out()
        with provider(load.plan) as base_url:
            process = start("batch", load, base_url, setting.workplace, out)
            while stats_of(base_url).requests < load.articles // 2:
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            process = start("batch", load, base_url, setting.workplace, out)
            told = json.loads(process.communicate()[0])
            requests = stats_of(base_url).requests
        records = sum(1 for _ in (out / "results.jsonl").open("rb"))
        yield (
            f"batch      {load.articles} articles, killed at half: {requests - load.articles} paid again "
            f"({load.concurrency} in flight), {records} records, {told['failed']} failed"
        )


def again(setting: Setting) -> Iterator[str]:
    """The same command once more, every answer stored: the whole command, start included."""
    load = Load(articles=setting.size(10_000), concurrency=64)
    out = setting.workplace.new_out()
    with provider(load.plan) as base_url:
        start("batch", load, base_url, setting.workplace, out).communicate()
        before = stats_of(base_url).requests
        command = ["-m", "summarizer", "run", str(setting.workplace.articles(load.articles)), "--out", str(out)]
        command += ["--base-url", base_url, "--model", "loopback-1", "--concurrency", "64", "--format", "jsonl"]
        seconds = [_seconds(command) for _ in range(setting.runs)]
        asked = stats_of(base_url).requests - before
    yield f"command    {load.articles} articles stored: {median(seconds):.2f} s, {asked} requests"


def memory(setting: Setting) -> Iterator[str]:
    """How much a run holds, and how much more for each article more."""
    few, many = setting.size(2_000), setting.size(20_000)
    found = {
        count: measure("batch", Load(articles=count, concurrency=64), setting.workplace).memory_mb
        for count in (few, many)
    }
    growth = (found[many] - found[few]) * 1024 / (many - few)
    yield f"batch      {found[few]:.0f} MB at {few} articles, {found[many]:.0f} MB at {many}: {growth:.1f} kB an article"


def cold(setting: Setting) -> Iterator[str]:
    """Starting: nothing, help, one article by the offline engine."""
    article = setting.workplace.articles(20) / "000000.txt"
    out = setting.workplace.new_out()
    bare, shown, one = [], [], []
    for _ in range(max(5, setting.runs)):
        bare.append(_seconds(["-c", "pass"]))
        shown.append(_seconds(["-m", "summarizer", "--help"]))
        one.append(_seconds(["-m", "summarizer", "run", str(article), "--engine", "offline", "--out", str(out)]))
        shutil.rmtree(out)
    start_s, help_s, run_s = median(bare), median(shown), median(one)
    yield f"interpreter {start_s * 1e3:.0f} ms; --help {(help_s - start_s) * 1e3:.0f} ms more; one article {run_s:.2f} s"


def _seconds(arguments: Sequence[str | Path]) -> float:
    began = time.perf_counter()
    subprocess.run(  # noqa: S603
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(),
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


SCENARIOS: Final = (
    Scenario(name="late", goal="batch at most 1.03 x ideal", lines=late),
    Scenario(
        name="fast",
        goal="batch at most 1.25 x ideal, verified; CPU at most that of the plain instructor loop",
        lines=fast,
    ),
    Scenario(name="wide", goal="at most 1.25 x ideal, no more connections than in flight", lines=wide),
    Scenario(name="hang", goal="the others are not held up, nothing takes longer than the hang", lines=hang),
    Scenario(name="faults", goal="all completed, 1.03 requests a fault, at most 3 x ideal", lines=faults),
    Scenario(name="kill", goal="paid again at most what was in flight", lines=kill),
    Scenario(name="again", goal="10,000 articles in 2 s, nothing asked", lines=again),
    Scenario(name="memory", goal="150 MB at 2,000 articles, 6 kB for each one more", lines=memory),
    Scenario(name="cold", goal="--help 50 ms above a bare interpreter, one article in 0.5 s", lines=cold),
)
