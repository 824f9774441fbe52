"""The Python interface: `Summarizer`."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.articles import Article, read_inputs
from summarizer.engines import Ask, Engine
from summarizer.errors import EmptyInputError, InputError, SettingsError
from summarizer.pipeline import Pipeline, record_of_failed_input
from summarizer.profiles import BUILT_IN, load_profile
from summarizer.records import ArticleRecord, FailedInput
from summarizer.settings import Settings

if TYPE_CHECKING:
    from summarizer.wire.transport import WireTransport

PathLike = str | os.PathLike[str]
_LOOKAHEAD = 4


class Summarizer:
    """Reads articles and returns verified records.

    Without a key and without `base_url` the embedded offline engine answers: no network, no model, no cost.

    Args:
        settings: everything at once; the other arguments override it.
        model: the provider's name of the model.
        base_url: address of an OpenAI-compatible provider.
        engine: `auto`, `llm` or `offline`.
        concurrency: articles under way at once in `stream`.
        cache_dir: folder of stored answers; by default that of the user.

    Raises:
        SettingsError: a setting cannot be used.
        ProfileError: the profile cannot be loaded.

    Example:
        >>> from summarizer import Article, Summarizer
        >>> article = Article.from_text("11月18日，甲集团与乙公司签订战略合作协议，总投资约30亿元。", id="a")
        >>> Summarizer(engine="offline").summarize(article).key_figures[0].value
        '3000000000'
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        model: str | None = None,
        base_url: str | None = None,
        engine: str | None = None,
        concurrency: int | None = None,
        cache_dir: PathLike | None = None,
    ) -> None:
        given = {
            "model": model,
            "base_url": base_url,
            "engine": engine,
            "concurrency": concurrency,
            "cache_dir": cache_dir,
        }
        if settings is None:
            self.settings = Settings.load(**given)
        else:
            # Only what was set is passed on, so that defaults do not shadow environment and file.
            kept = {name: getattr(settings, name) for name in settings.model_fields_set}
            self.settings = Settings.load(
                **(kept | {name: value for name, value in given.items() if value is not None})
            )
        self.ask = ask_of(self.settings)

    def summarize(self, source: PathLike | Article) -> ArticleRecord:
        """Return the record of one article: a path, or an `Article`.

        An answer that cannot be used gives a record with status `failed`, not an exception.

        Raises:
            InputError: the file cannot become an article.
            RunStoppedError: key, quota or connection; nothing can be asked.
        """
        return _run_in_a_loop(lambda: self._summarize(source))

    async def stream(self, paths: Iterable[PathLike | Article]) -> AsyncIterator[ArticleRecord]:
        """Yield one record an input, in the order of the input, while up to `concurrency` articles are under way.

        An input that cannot become an article yields a failed record with its reason.

        Raises:
            RunStoppedError: key, quota or connection; nothing more can be asked.
        """
        async with self.pipeline(self.settings.cache_dir or user_cache_dir()) as pipeline:
            gate = asyncio.Semaphore(self.settings.concurrency)
            pending: deque[asyncio.Task[ArticleRecord]] = deque()
            try:
                for source in _articles(paths):
                    pending.append(asyncio.ensure_future(_record(pipeline, source, gate)))
                    # Some room beyond the gate, so that one slow article at the head does not idle the others.
                    if len(pending) >= _LOOKAHEAD * self.settings.concurrency:
                        yield await pending.popleft()
                while pending:
                    yield await pending.popleft()
            finally:
                for task in pending:
                    task.cancel()
                await asyncio.gather(*pending, return_exceptions=True)

    @asynccontextmanager
    async def pipeline(
        self, cache_dir: Path | None, on_problem: Callable[[str], None] | None = None
    ) -> AsyncIterator[Pipeline]:
        """Open engine and store for the time of a run; arguments and errors as `open_engine`."""
        engine = open_engine(self.settings, cache_dir, on_problem)
        name = self.settings.resolved_engine
        model = self.settings.model if name == "llm" else None
        try:
            yield Pipeline(engine=engine, engine_name=name, ask=self.ask, model=model)
        finally:
            await engine.aclose()

    async def _summarize(self, source: PathLike | Article) -> ArticleRecord:
        article = next(iter(_articles([source])), None)
        if article is None:
            raise EmptyInputError(f"no article in {source!r}")
        if isinstance(article, FailedInput):
            raise InputError(article.message)
        async with self.pipeline(self.settings.cache_dir or user_cache_dir()) as pipeline:
            return await pipeline.process(article)


def ask_of(settings: Settings) -> Ask:
    """Return what the settings want of an engine.

    Raises:
        ProfileError: the profile cannot be loaded.
        SettingsError: a profile together with the offline engine, which has no model to ask.
    """
    if settings.profile is None or settings.profile == BUILT_IN:
        return Ask(parts=settings.parts, language=settings.language)
    profile = load_profile(settings.profile)
    if settings.resolved_engine == "offline":
        raise SettingsError(f"profile {settings.profile!r} needs a model; give a key or --base-url, or drop --profile")
    return Ask(language=settings.language, profile=profile)


def open_engine(settings: Settings, cache_dir: Path | None, on_problem: Callable[[str], None] | None = None) -> Engine:
    """Return the engine that the settings ask for; the model client is imported only for the `llm` engine.

    Args:
        settings: which engine, and how it asks.
        cache_dir: folder of stored answers; None keeps nothing.
        on_problem: hears, once each, what the store cannot do and the run goes on without.

    Raises:
        SettingsError: the llm engine without key and address, or a replay folder without recordings.
        StoreError: the store cannot be used.
    """
    if settings.resolved_engine == "offline":
        from summarizer.engines.offline import OfflineEngine

        return OfflineEngine()
    if settings.api_key is None and settings.base_url is None and settings.replay is None:
        raise SettingsError("the llm engine needs OPENAI_API_KEY or --base-url; or use --engine offline")
    from summarizer.engines.asking import LlmEngine

    return LlmEngine(settings, open_wire(settings, cache_dir, on_problem))


def open_wire(
    settings: Settings, cache_dir: Path | None, on_problem: Callable[[str], None] | None = None
) -> WireTransport:
    """Compose the wire as the settings say; arguments and errors as `open_engine`."""
    from summarizer.wire.answers import Mode
    from summarizer.wire.recordings import Recordings
    from summarizer.wire.retry import RetryPolicy
    from summarizer.wire.store import AnswerStore
    from summarizer.wire.transport import build_transport

    mode: Mode = "normal"
    recordings = None
    if settings.replay is not None:
        mode, recordings = "replay", Recordings(settings.replay)
    elif settings.record is not None:
        mode, recordings = "record", Recordings(settings.record)
    store = None
    if cache_dir is not None and settings.replay is None:
        store = AnswerStore(cache_dir, on_problem=on_problem)
    policy = RetryPolicy(attempt_timeout_s=settings.attempt_timeout_s, deadline_s=settings.deadline_s)
    return build_transport(store=store, recordings=recordings, mode=mode, retry=policy)


def user_cache_dir() -> Path:
    """Return the user's own cache folder for this package."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "summarizer"


def _articles(paths: Iterable[PathLike | Article]) -> Iterable[Article | FailedInput]:
    for source in paths:
        if isinstance(source, Article):
            yield source
        else:
            yield from read_inputs([source])


async def _record(pipeline: Pipeline, source: Article | FailedInput, gate: asyncio.Semaphore) -> ArticleRecord:
    if isinstance(source, FailedInput):
        return record_of_failed_input(source, pipeline.engine_name)
    async with gate:
        return await pipeline.process(source)


def _run_in_a_loop(start: Callable[[], Coroutine[Any, Any, ArticleRecord]]) -> ArticleRecord:
    """Run to the end, also where an event loop runs already, as in a notebook: there in a thread of its own."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(start())
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(lambda: asyncio.run(start())).result()
