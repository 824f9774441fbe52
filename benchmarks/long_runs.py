"""What a long run costs in memory, and what a second run over finished work costs in time.

    python -m benchmarks.long_runs                        10,000 short articles, as files and as lines, offline
    python -m benchmarks.long_runs --articles 2000 --engine llm --source lines
    python -m benchmarks.long_runs --articles 100000 --source lines --format jsonl

Each run is the command in a process of its own, so that its start is part of the time. The `llm` engine asks a server
on loopback in this process. Absolute times depend on the machine; the ratios to the same process's bare start, and to
reading and hashing the same bytes, do not. Growth is the difference of two peaks, of a tenth of the articles and of all.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One process: wall and processor time in seconds, the peak of its memory in MB."""

    wall_s: float
    cpu_s: float
    peak_mb: float

    def __str__(self) -> str:
        return f"{self.wall_s:8.2f} s   {self.cpu_s:8.2f} s of processor   peak {self.peak_mb:6.1f} MB"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.long_runs", description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=10_000, metavar="N", help="how many (default: 10000)")
    parser.add_argument("--source", choices=("files", "lines", "both"), default="both", help="default: both")
    parser.add_argument("--engine", choices=("offline", "llm"), default="offline", help="default: offline")
    parser.add_argument("--format", default="jsonl,md,html,csv", help="views (default: those of the command)")
    options = parser.parse_args()
    sources = ("files", "lines") if options.source == "both" else (options.source,)
    with _provider(options.engine) as address, tempfile.TemporaryDirectory() as folder:
        asking = ("--engine", "offline") if address is None else ("--base-url", address)
        for source in sources:
            _report(Path(folder, source), source, options.articles, [*asking, "--format", options.format])
    return 0


def _report(folder: Path, source: str, articles: int, asking: list[str]) -> None:
    folder.mkdir()
    start = _run([sys.executable, "-c", "import summarizer.api"])
    few = _first_run(folder / "few", source, max(1, articles // 10), asking)
    order, first, inputs = _order_and_first_run(folder / "all", source, articles, asking)
    second = _run(order)
    again = _run(order)
    second = min(second, again, key=lambda one: one.wall_s)
    bare_s = _bare_s(inputs)
    grown_kb = (first.peak_mb - few.peak_mb) * 1000 / max(1, articles - max(1, articles // 10))
    print(f"{articles:,} articles as {source}")
    print(f"  start of the command alone  {start}")
    print(f"  first run                   {first}   {1e3 * first.cpu_s / articles:.1f} ms an article")
    print(f"  second run, nothing changed {second}")
    print(f"     {second.wall_s / start.wall_s:.1f} x the start; its rest {_rest(second, start, bare_s)}")
    print(
        f"  growth of the first run     {grown_kb:.2f} kB an article between {max(1, articles // 10):,} and {articles:,}"
    )
    _add_one(inputs)
    print(f"  third run, one article more {_run(order)}")


def _rest(second: Measured, start: Measured, bare_s: float) -> str:
    return f"{max(0.0, second.wall_s - start.wall_s) / bare_s:.1f} x reading and hashing the inputs ({bare_s:.2f} s)"


def _first_run(folder: Path, source: str, articles: int, asking: list[str]) -> Measured:
    return _order_and_first_run(folder, source, articles, asking)[1]


def _order_and_first_run(
    folder: Path, source: str, articles: int, asking: list[str]
) -> tuple[list[str], Measured, Path]:
    folder.mkdir()
    inputs = _make(folder, source, articles)
    order = [sys.executable, "-m", "summarizer", "run", str(inputs), "--out", str(folder / "out"), *asking]
    return order, _run(order), inputs


def _make(folder: Path, source: str, articles: int) -> Path:
    """Write so many articles, all different, of some fifty characters: what is measured is the number of articles."""
    if source == "lines":
        path = folder / "articles.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for number in range(articles):
                file.write(json.dumps({"id": f"a{number:06}", "text": _text(number)}, ensure_ascii=False) + "\n")
        return path
    path = folder / "articles"
    path.mkdir()
    for number in range(articles):
        (path / f"a{number:06}.txt").write_text(_text(number), encoding="utf-8")
    return path


def _add_one(inputs: Path) -> None:
    if inputs.is_dir():
        (inputs / "b.txt").write_text(_text(0).replace("甲", "丙"), encoding="utf-8")
        return
    with inputs.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": "b", "text": _text(0).replace("甲", "丙")}, ensure_ascii=False) + "\n")


def _text(number: int) -> str:
    return f"11月{number % 28 + 1}日，甲{number}集团与乙公司签署协议，项目总投资约{number + 10}亿元。"


def _bare_s(inputs: Path) -> float:
    began = time.perf_counter()
    for path in sorted(inputs.iterdir()) if inputs.is_dir() else (inputs,):
        with path.open("rb") as file:
            for line in file:
                hashlib.blake2b(line).digest()
    return time.perf_counter() - began


def _run(order: list[str]) -> Measured:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "SUMMARIZER_"))}
    environment["PYTHONPATH"] = str(ROOT)
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own command
        order, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    # wait4 gives this one child's own peak; RUSAGE_CHILDREN would give the largest of all.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"the command ended with {process.returncode}: {' '.join(order)}")
    return Measured(wall_s=wall_s, cpu_s=usage.ru_utime + usage.ru_stime, peak_mb=usage.ru_maxrss / 1024)


@contextmanager
def _provider(engine: str) -> Iterator[str | None]:
    """Give the address of a model on loopback for the time of the block, None for the offline engine."""
    if engine == "offline":
        yield None
        return
    from tests.loopback import FakeProvider, Reply

    class Forgetful(FakeProvider):
        # A child's peak includes what its parent held when it was started.
        def take(self, body: dict[str, Any], key: str) -> Reply:
            return self.answer(body)

    provider = Forgetful()
    try:
        yield provider.base_url
    finally:
        provider.close()


if __name__ == "__main__":
    sys.exit(main())
