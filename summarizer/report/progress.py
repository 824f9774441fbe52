"""How a run shows itself: a moving bar in a terminal, plain lines elsewhere. All of it goes to standard error.

Showing never ends a run: where the terminal is gone or the log's disk is full, the run goes on unseen.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO
from urllib.parse import urlsplit

from summarizer.records import ArticleRecord
from summarizer.report.characters import visible
from summarizer.settings import Settings

if TYPE_CHECKING:
    from rich.progress import TaskID

# Without a terminal a line at most every so often; the last one always comes.
_PLAIN_EVERY_S = 5.0
_DEFAULT_HOST = "api.openai.com"


def engine_line(settings: Settings) -> str:
    """Say in one line who answers, and where the articles' text goes."""
    if settings.resolved_engine == "offline":
        why = "as asked for" if settings.engine == "offline" else "no key and no --base-url"
        return (
            f"offline engine ({why}): no model, no network; "
            "figures and deals come from patterns, the summary is extractive"
        )
    if settings.replay is not None:
        return f"model {settings.model}, answers from the recordings in {str(settings.replay)!r}, no network"
    address = urlsplit(settings.base_url) if settings.base_url else None
    return f"model {settings.model} at {address.netloc if address else _DEFAULT_HOST}"


class Counts:
    """What has been done so far, as one short text."""

    def __init__(self) -> None:
        self.done = self.failed = self.cached = self.tokens = 0
        self.cost_usd = 0.0

    def add(self, record: ArticleRecord) -> None:
        """Count one record."""
        run = record.run
        self.done += 1
        self.failed += record.status == "failed"
        self.cached += run.from_cache
        self.tokens += (run.input_tokens or 0) + (run.output_tokens or 0)
        self.cost_usd += (run.cost_usd or 0.0) if run.paid_requests else 0.0

    def __str__(self) -> str:
        parts = [f"{self.failed} failed"] if self.failed else []
        parts += [f"{self.cached} cached"] if self.cached else []
        parts += [f"{self.tokens:,} tokens"] if self.tokens else []
        parts += [f"${self.cost_usd:.4f}"] if self.cost_usd else []
        return ", ".join(parts)


class TerminalProgress:
    """A bar with counts and the time left."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[counts]}", markup=False),
            TimeRemainingColumn(),
            console=Console(file=stream, markup=False, emoji=False, highlight=False),
        )
        self._counts = Counts()
        self._task: TaskID | None = None

    def begin(self, total: int, settings: Settings) -> None:
        """Show who answers, and the bar."""
        self.problem(engine_line(settings))
        with contextlib.suppress(OSError):
            self._task = self._progress.add_task("articles", total=total, counts="")
            self._progress.start()

    def finished(self, record: ArticleRecord) -> None:
        """Move the bar; name a failure at once."""
        self._counts.add(record)
        if record.error is not None:
            self.problem(failure_lines(record.article.source, record.error.message))
        if self._task is not None:
            with contextlib.suppress(OSError):
                self._progress.update(self._task, advance=1, counts=str(self._counts))

    def problem(self, message: str) -> None:
        """Print above the bar."""
        with contextlib.suppress(OSError):
            self._progress.console.print(shown_lines(message), soft_wrap=True)

    def end(self) -> None:
        """Leave the bar as it stands."""
        with contextlib.suppress(OSError):
            self._progress.stop()


class PlainProgress:
    """Lines for logs and pipes."""

    def __init__(self, stream: TextIO, now: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._now = now
        self._counts = Counts()
        self._total = 0
        self._began = self._spoke = 0.0

    def begin(self, total: int, settings: Settings) -> None:
        """Say who answers and how many articles there are."""
        self._total = total
        self._began = self._spoke = self._now()
        self.problem(engine_line(settings))
        self.problem(f"{total} {'article' if total == 1 else 'articles'}")

    def finished(self, record: ArticleRecord) -> None:
        """Speak when it is time, or when something failed."""
        self._counts.add(record)
        if record.error is not None:
            self.problem(failure_lines(record.article.source, record.error.message))
        now = self._now()
        if self._counts.done == self._total or now - self._spoke >= _PLAIN_EVERY_S:
            self._spoke = now
            left = (now - self._began) / self._counts.done * (self._total - self._counts.done)
            text = f"{self._counts.done}/{self._total} done"
            counts = str(self._counts)
            text += f", {counts}" if counts else ""
            self.problem(f"{text}, about {_duration(left)} left" if left >= 1 else text)

    def problem(self, message: str) -> None:
        """Print at once."""
        # ValueError: the stream was closed by somebody else.
        with contextlib.suppress(OSError, ValueError):
            print(shown_lines(message), file=self._stream, flush=True)

    def end(self) -> None:
        """Nothing to tidy up."""


def failure_lines(source: str, message: str) -> str:
    """Return the failure of one article with its source before it, as one text."""
    return f"{visible(source)}: {message}"


def shown_lines(message: str) -> str:
    """Return a message fit for the terminal; lines after the first, as a replay's difference has them, are indented."""
    return "\n    ".join(visible(line) for line in message.split("\n"))


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
