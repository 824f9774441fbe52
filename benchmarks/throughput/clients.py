"""The loops that are compared, each a process of its own: `python -m benchmarks.throughput.clients NAME …`.

floor        bare asyncio: posts bodies made before, reads the answers, parses nothing
sdk          the client's own `chat.completions.parse`, a semaphore, a line of JSON an article
instructor   `instructor.from_openai(…).chat.completions.create`, likewise
asking       our engine and store alone: the articles are read before, the answers are not verified
batch        what `summarizer run` does: reading, asking, store, verification, records in an output folder
stream       `Summarizer.stream`, a line of JSON a record
spread       `batch` on all cores, the provider's too: answers that wait are verified by a further process

Imports and what the loops are given ready (bodies, messages) do not count. `batch` and `stream` are given files, and
reading those counts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from summarizer.processes import collect_garbage_seldom
from summarizer.records import ArticleRecord
from summarizer.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a loop is to do. `bodies` holds request bodies, one a line, in the order of the articles."""

    base_url: str
    articles: Path
    bodies: Path | None
    out: Path
    concurrency: int


@dataclass(slots=True, kw_only=True)
class Marks:
    """When each article was done (monotonic clock, seconds) and what the process had used when it began."""

    done: list[float] = field(default_factory=list)
    cpu_began_s: float = 0.0
    failed: int = 0

    def begin(self) -> None:
        """Note that all is ready."""
        self.cpu_began_s = _cpu_s()

    def finish(self) -> None:
        """Note that an article is done."""
        self.done.append(time.monotonic())


def run_floor(task: Task, marks: Marks) -> None:
    """Post and read, nothing else."""
    bodies = _bodies(task)
    parts = urlsplit(task.base_url)
    head = f"POST {parts.path}/chat/completions HTTP/1.1\r\nhost: {parts.netloc}\r\ncontent-type: application/json\r\n"
    requests = [f"{head}content-length: {len(body)}\r\n\r\n".encode() + body for body in bodies]

    async def work(queue: list[bytes]) -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        while queue:
            writer.write(queue.pop())
            answer_head = await reader.readuntil(b"\r\n\r\n")
            length = answer_head.lower().rpartition(b"content-length:")[2].split(b"\r\n", 1)[0]
            await reader.readexactly(int(length))
            marks.finish()
        writer.close()

    async def run() -> None:
        queue = requests[::-1]
        await asyncio.gather(*(work(queue) for _ in range(min(task.concurrency, len(queue)))))

    marks.begin()
    asyncio.run(run())


def run_sdk(task: Task, marks: Marks) -> None:
    """Let the client parse the answers."""
    import openai

    from summarizer.proposals import ArticleProposal

    async def run() -> None:
        async with openai.AsyncOpenAI(api_key="none", base_url=task.base_url) as client:

            async def ask(messages: list[Any]) -> str:
                answer = await client.chat.completions.parse(
                    model="loopback-1", temperature=0, messages=messages, response_format=ArticleProposal
                )
                return cast(ArticleProposal, answer.choices[0].message.parsed).model_dump_json()

            await _ask_all(task, marks, ask)

    asyncio.run(run())


def run_instructor(task: Task, marks: Marks) -> None:
    """Do what instructor's first example does, many at once."""
    import instructor
    import openai

    from summarizer.proposals import ArticleProposal

    async def run() -> None:
        async with openai.AsyncOpenAI(api_key="none", base_url=task.base_url) as plain:
            client = instructor.from_openai(plain)

            async def ask(messages: list[Any]) -> str:
                answer = await client.chat.completions.create(
                    model="loopback-1", temperature=0, messages=messages, response_model=ArticleProposal
                )
                return answer.model_dump_json()

            await _ask_all(task, marks, ask)

    asyncio.run(run())


def run_asking(task: Task, marks: Marks) -> None:
    """Ask through our own wire and keep the answers; verify nothing."""
    from summarizer.api import open_engine
    from summarizer.articles import Article, read_inputs
    from summarizer.engines import Ask

    articles = [found for found in read_inputs([task.articles]) if isinstance(found, Article)]

    async def run() -> None:
        engine = open_engine(_settings(task), task.out / ".cache")
        gate = asyncio.Semaphore(task.concurrency)

        async def one(article: Article) -> None:
            async with gate:
                await engine.propose(article, Ask())
            marks.finish()

        marks.begin()
        await asyncio.gather(*(one(article) for article in articles))
        await engine.aclose()

    asyncio.run(run())


def run_batch_loop(task: Task, marks: Marks) -> None:
    """Do what the command does, without the views."""
    from summarizer import Summarizer
    from summarizer.batch import hold_folder, run_batch

    _import_the_client()
    collect_garbage_seldom()
    marks.begin()
    with hold_folder(task.out) as folder:
        run_batch(Summarizer(_settings(task)), [task.articles], folder, _Listener(marks))


def run_stream(task: Task, marks: Marks) -> None:
    """Take records from `Summarizer.stream`."""
    from summarizer import Summarizer

    _import_the_client()

    async def run() -> None:
        paths = sorted(task.articles.iterdir())
        settings = Settings.load(**_settings(task).model_dump(exclude_unset=True) | {"cache_dir": task.out / ".cache"})
        with (task.out / "results.jsonl").open("w", encoding="utf-8") as file:
            async for record in Summarizer(settings).stream(paths):
                file.write(f"{record.to_json()}\n")
                marks.finish()
                marks.failed += record.error is not None

    marks.begin()
    asyncio.run(run())


class _Listener:
    """Counts what the batch reports."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

    def begin(self, total: int, settings: Settings) -> None:
        """Nothing to do: the articles are counted as they come."""

    def finished(self, record: ArticleRecord) -> None:
        """Note the moment."""
        self._marks.finish()
        self._marks.failed += record.error is not None

    def problem(self, message: str) -> None:
        """Say it: a benchmark that falls back on something else measures that."""
        print(message, file=sys.stderr)

    def end(self) -> None:
        """Nothing to do."""


async def _ask_all(task: Task, marks: Marks, ask: Callable[[list[Any]], Awaitable[str]]) -> None:
    """Ask about all articles, so many at once, and write what comes."""
    asked = [json.loads(body)["messages"] for body in _bodies(task)]
    gate = asyncio.Semaphore(task.concurrency)
    with (task.out / "results.jsonl").open("w", encoding="utf-8") as file:

        async def one(messages: list[Any]) -> None:
            async with gate:
                line = await ask(messages)
            file.write(f"{line}\n")
            marks.finish()

        marks.begin()
        await asyncio.gather(*(one(messages) for messages in asked))


def _bodies(task: Task) -> list[bytes]:
    return task.bodies.read_bytes().splitlines() if task.bodies else []


def _import_the_client() -> None:
    """Take the second that importing the model client costs before the clock runs."""
    import_module("summarizer.engines.asking")


def _settings(task: Task) -> Settings:
    return Settings.load(engine="llm", base_url=task.base_url, model="loopback-1", concurrency=task.concurrency)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


CLIENTS: dict[str, Callable[[Task, Marks], None]] = {
    "floor": run_floor,
    "sdk": run_sdk,
    "instructor": run_instructor,
    "asking": run_asking,
    "batch": run_batch_loop,
    "stream": run_stream,
    "spread": run_batch_loop,
}


def main(arguments: Iterable[str]) -> int:
    """Run one loop and print what it took, as one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput.clients")
    parser.add_argument("name", choices=CLIENTS)
    parser.add_argument("--cores", type=int, nargs="+", required=True)
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--bodies", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--concurrency", type=int, required=True)
    options = parser.parse_args(list(arguments))
    os.sched_setaffinity(0, options.cores)
    marks = Marks()
    with tempfile.TemporaryDirectory() as spare:
        task = Task(
            base_url=options.base_url,
            articles=options.articles,
            bodies=options.bodies,
            out=options.out or Path(spare),
            concurrency=options.concurrency,
        )
        CLIENTS[options.name](task, marks)
    used = resource.getrusage(resource.RUSAGE_SELF)
    measured = {
        "done": marks.done,
        "failed": marks.failed,
        "ended": time.monotonic(),
        "cpu_s": _cpu_s() - marks.cpu_began_s,
        "memory_mb": used.ru_maxrss / 1024,
    }
    print(json.dumps(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
