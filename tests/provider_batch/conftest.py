"""What the tests of the batch interface share: a provider of it on loopback, and its three steps without waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from summarizer import Settings, Summarizer
from summarizer.batch import hold_folder
from summarizer.provider_batch import BatchProvider, Job, JobReport, Ledger, Submission, collect_jobs, submit_requests
from summarizer.wire.retry import Clock
from summarizer.wire.store import AnswerStore
from tests.batch_double import BatchDouble

CANARY = "sk-canary-Zq7Xw2Lm9Kp4"


@dataclass
class Steps:
    """Submit and collect into one output folder; waits are noted and not waited."""

    double: BatchDouble
    out: Path
    settings: dict[str, Any] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    on_wait: Callable[[], None] = lambda: None

    def submit(self, *paths: Path, **more: Any) -> Submission:
        settings = Settings.load(base_url=self.double.base_url, api_key=CANARY, **self.settings | more)

        async def main() -> Submission:
            provider = BatchProvider(settings, clock=self._clock())
            try:
                return await submit_requests(Summarizer(settings), paths, folder, provider, self.said.append)
            finally:
                await provider.aclose()

        with hold_folder(self.out) as folder:
            return asyncio.run(main())

    def collect(self, *, waits: bool = False, **more: Any) -> list[JobReport]:
        settings = Settings.load(**{"base_url": self.double.base_url, "api_key": CANARY} | more)

        async def main() -> list[JobReport]:
            provider = BatchProvider(settings, clock=self._clock())
            try:
                return [one async for one in collect_jobs(folder, provider, self.said.append, waits=waits)]
            finally:
                await provider.aclose()

        with hold_folder(self.out) as folder:
            return asyncio.run(main())

    def jobs(self) -> list[Job]:
        with Ledger(self.out / ".cache", is_new_allowed=False) as ledger:
            return ledger.jobs()

    def stored(self, keys: list[str]) -> set[str]:
        store = AnswerStore(self.out / ".cache")
        try:
            return {key for key in keys if store.get(key, {}) is not None}
        finally:
            store.close()

    def _clock(self) -> Clock:
        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)
            self.on_wait()

        return Clock(sleep=sleep)


@pytest.fixture
def double() -> Iterator[BatchDouble]:
    fake = BatchDouble()
    yield fake
    fake.close()


@pytest.fixture
def steps(double: BatchDouble, tmp_path: Path, plain_environment: None) -> Steps:
    return Steps(double=double, out=tmp_path / "out", settings={"follow_up": False})
