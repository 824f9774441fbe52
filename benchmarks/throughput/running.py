"""One measurement: a provider on one core, a loop on the other, and what both saw."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from math import ceil
from pathlib import Path
from typing import IO, Any, cast

import httpx2

from benchmarks.throughput.material import article_text, write_articles
from benchmarks.throughput.server import Plan, Stats
from summarizer.articles import Article
from summarizer.settings import Settings

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is asked of a loop: so many articles, so many at once, of a provider that behaves by the plan."""

    articles: int
    concurrency: int
    plan: Plan = field(default_factory=Plan)

    @property
    def ideal_s(self) -> float:
        """Rounds times latency."""
        return ceil(self.articles / self.concurrency) * self.plan.latency_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one loop took. `wall_s` runs from the first request to the last record; CPU is that of the loop's process."""

    wall_s: float
    cpu_s: float
    memory_mb: float
    completed: int
    failed: int
    done_s: Sequence[float]
    stats: Stats


class Workplace:
    """Where articles and request bodies lie; each is made once for all measurements."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._outs = 0

    def articles(self, count: int) -> Path:
        """Return a folder of so many articles."""
        folder = self.folder / f"articles-{count}"
        if not folder.exists():
            write_articles(folder, count)
        return folder

    def bodies(self, count: int) -> Path:
        """Return a file of the bodies by which these articles are asked about."""
        path = self.folder / f"bodies-{count}.jsonl"
        if not path.exists():
            path.write_bytes(b"\n".join(asyncio.run(_bodies(count))))
        return path

    def new_out(self) -> Path:
        """Return a new empty folder."""
        self._outs += 1
        out = self.folder / f"out-{self._outs}"
        out.mkdir()
        return out


def cores() -> tuple[int, int]:
    """Return the core of the loop and that of the provider; the same one twice where there is no other."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


@contextmanager
def provider(plan: Plan) -> Iterator[str]:
    """Serve while the block runs; gives the base URL."""
    command = [sys.executable, "-m", "benchmarks.throughput.server"]
    command += ["--core", str(cores()[1]), "--plan", json.dumps(asdict(plan))]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
    with process:
        inlet, outlet = cast(IO[str], process.stdin), cast(IO[str], process.stdout)
        try:
            yield f"http://127.0.0.1:{int(outlet.readline())}/v1"
        finally:
            inlet.close()


def stats_of(base_url: str) -> Stats:
    """Ask the provider what it has seen."""
    with urllib.request.urlopen(f"{base_url.removesuffix('/v1')}/stats") as reply:  # noqa: S310 - loopback
        return Stats(**json.load(reply))


def start(client: str, load: Load, base_url: str, workplace: Workplace, out: Path) -> subprocess.Popen[str]:
    """Start a loop in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.throughput.clients", client]
    command += ["--base-url", base_url, "--out", str(out)]
    command += ["--articles", str(workplace.articles(load.articles)), "--concurrency", str(load.concurrency)]
    command += ["--cores", *map(str, os.sched_getaffinity(0) if client == "spread" else cores()[:1])]
    if client not in ("asking", "batch", "stream", "spread"):
        command += ["--bodies", str(workplace.bodies(load.articles))]
    return subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)  # noqa: S603


def environment() -> dict[str, str]:
    """Return the environment without what would change the settings of a loop."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "SUMMARIZER_"))}


def measure(client: str, load: Load, workplace: Workplace) -> Measured:
    """Let one loop do its work once.

    Raises:
        RuntimeError: the loop failed; its own message is on standard error.
    """
    with provider(load.plan) as base_url:
        process = start(client, load, base_url, workplace, workplace.new_out())
        output, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"the loop {client!r} failed")
        stats = stats_of(base_url)
    return _measured(json.loads(output), stats)


def _measured(told: dict[str, Any], stats: Stats) -> Measured:
    done = [moment - stats.first_request for moment in told["done"]]
    return Measured(
        wall_s=max(done),
        cpu_s=told["cpu_s"],
        memory_mb=told["memory_mb"],
        completed=len(done),
        failed=told["failed"],
        done_s=sorted(done),
        stats=stats,
    )


async def _bodies(count: int) -> list[bytes]:
    """Return what our own engine sends for each article, so that all loops post the same."""
    from benchmarks.throughput.server import good_answer
    from summarizer.engines import Ask
    from summarizer.engines.asking import LlmEngine
    from summarizer.wire.transport import build_transport

    sent: list[bytes] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.content)
        return httpx2.Response(200, content=good_answer(len(sent) - 1))

    settings = Settings(base_url="http://127.0.0.1:9/v1", model="loopback-1")
    engine = LlmEngine(settings, build_transport(network=httpx2.MockTransport(answer)))
    for number in range(count):
        await engine.propose(Article.from_text(article_text(number), id=str(number)), Ask())
    await engine.aclose()
    return sent
