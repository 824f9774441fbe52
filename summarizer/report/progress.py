"""How a run shows itself: a moving bar in a terminal, plain lines elsewhere. All of it goes to standard error."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from summarizer.records import ArticleRecord
from summarizer.report.characters import visible

# Without a terminal a line at most every so often; the last one always comes.
_PLAIN_EVERY_S = 5.0


def engine_line(engine: str, model: str | None) -> str:
    """Say in one line who answers."""
    if engine == "offline":
        return (
            "offline engine: no key and no --base-url, so no model is asked; "
            "figures and deals come from patterns, the summary is extractive"
        )
    return f"model {model}"


class Counts:
    """What has been done so far, as one short text."""

    def __init__(self) -> None:
        self.done = self.failed = self.cached = self.tokens = 0

    def add(self, record: ArticleRecord) -> None:
        """Count one record."""
        self.done += 1
        self.failed += record.status == "failed"
        self.cached += record.run.from_cache
        self.tokens += (record.run.input_tokens or 0) + (record.run.output_tokens or 0)

    def __str__(self) -> str:
        parts = [f"{self.failed} failed"] if self.failed else []
        parts += [f"{self.cached} cached"] if self.cached else []
        parts += [f"{self.tokens:,} tokens"] if self.tokens else []
        return ", ".join(parts)


class TerminalProgress:
    """A bar with counts and the time left."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[counts]}", markup=False),
            TimeRemainingColumn(),
            console=self._console,
        )
        self._counts = Counts()
        self._task: TaskID | None = None

    def begin(self, total: int, engine: str, model: str | None) -> None:
        """Show who answers, and the bar."""
        self._console.print(engine_line(engine, model), markup=False, highlight=False)
        self._task = self._progress.add_task("articles", total=total, counts="")
        self._progress.start()

    def finished(self, record: ArticleRecord) -> None:
        """Move the bar; name a failure at once."""
        self._counts.add(record)
        if record.error is not None:
            self.problem(f"{record.article.source}: {record.error.message}")
        if self._task is not None:
            self._progress.update(self._task, advance=1, counts=str(self._counts))

    def problem(self, message: str) -> None:
        """Print one line above the bar."""
        self._progress.console.print(visible(message), markup=False, highlight=False, soft_wrap=True)

    def end(self) -> None:
        """Leave the bar as it stands."""
        self._progress.stop()


class PlainProgress:
    """Lines for logs and pipes."""

    def __init__(self, stream: TextIO, now: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._now = now
        self._counts = Counts()
        self._total = 0
        self._began = self._spoke = 0.0

    def begin(self, total: int, engine: str, model: str | None) -> None:
        """Say who answers and how many articles there are."""
        self._total = total
        self._began = self._spoke = self._now()
        self._say(engine_line(engine, model))
        self._say(f"{total} articles")

    def finished(self, record: ArticleRecord) -> None:
        """Speak when it is time, or when something failed."""
        self._counts.add(record)
        if record.error is not None:
            self.problem(f"{record.article.source}: {record.error.message}")
        now = self._now()
        if self._counts.done == self._total or now - self._spoke >= _PLAIN_EVERY_S:
            self._spoke = now
            left = (now - self._began) / self._counts.done * (self._total - self._counts.done)
            text = f"{self._counts.done}/{self._total} done"
            counts = str(self._counts)
            text += f", {counts}" if counts else ""
            self._say(f"{text}, about {left:.0f} s left" if left >= 1 else text)

    def problem(self, message: str) -> None:
        """Print one line."""
        self._say(message)

    def end(self) -> None:
        """Nothing to tidy up."""

    def _say(self, text: str) -> None:
        print(visible(text), file=self._stream, flush=True)
