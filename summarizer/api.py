"""The Python interface: `Summarizer`."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.articles import Article, read_inputs
from summarizer.engines import Ask, Engine
from summarizer.errors import EmptyInputError, FormatError, InputError, SettingsError
from summarizer.pipeline import Pipeline, Places, record_of_failed_input
from summarizer.prices import price_of
from summarizer.processes import spare_cores
from summarizer.profiles import BUILT_IN, load_profile
from summarizer.records import ArticleRecord, FailedInput
from summarizer.redaction import keep_out_of_logs
from summarizer.settings import Settings
from summarizer.verifying import Verifier

if TYPE_CHECKING:
    from summarizer.wire.transport import WireTransport
    from summarizer.wire.turnstile import Turnstile

PathLike = str | os.PathLike[str]
_LOOKAHEAD = 4
# Each holds some 60 MB.
_MOST_PROCESSES = 8


class Summarizer:
    """Reads articles and returns verified records.

    Without a key and without `base_url` the embedded offline engine answers: no network, no model, no cost.

    Args:
        settings: everything at once; the other arguments override it.
        model: the provider's name of the model.
        base_url: address of an OpenAI-compatible provider.
        engine: `auto`, `llm` or `offline`.
        concurrency: articles under way at once in `stream`.
        cache_dir: folder of stored answers; by default that of the user, none with `use_cache=False`.

    Raises:
        SettingsError: a setting cannot be used, or the `llm` engine has neither key nor address.
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
        check_engine(self.settings)
        self.ask = ask_of(self.settings)

    def summarize(self, source: PathLike | Article) -> ArticleRecord:
        """Return the record of one article: a path, or an `Article`.

        An answer that cannot be used gives a record with status `failed`, not an exception.

        Raises:
            InputError: the path cannot become an article, or holds several; `stream` reads those.
            RunStoppedError: key, quota or connection; nothing can be asked.
        """
        return _run_in_a_loop(lambda: self._summarize(source))

    async def stream(self, paths: Iterable[PathLike | Article]) -> AsyncIterator[ArticleRecord]:
        """Yield one record an article, in the order of the input, while up to `concurrency` articles are under way.

        A path that cannot become an article yields a failed record with its reason. What a folder holds beside articles
        is passed over. Each path is read by itself: ids are unique within one path, and what several articles repeat at
        head or tail, which a run of the command line marks as furniture, is not looked for.

        Raises:
            RunStoppedError: key, quota or connection; nothing more can be asked.
        """
        async with self.pipeline(self._cache_dir(), _warn) as pipeline:
            pending: deque[asyncio.Task[ArticleRecord]] = deque()
            try:
                for source in _articles(paths):
                    pending.append(asyncio.ensure_future(_record_of(source, pipeline)))
                    # Some room beyond the places, so that one slow article at the head does not idle the others.
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
        self,
        cache_dir: Path | None,
        on_problem: Callable[[str], None] | None = None,
        *,
        must_keep: bool = False,
        concurrency: int | None = None,
    ) -> AsyncIterator[Pipeline]:
        """Open engine and store for the time of a run; arguments and errors as `open_engine`.

        `concurrency` is how many articles are asked about at once, where that is not what the settings say.
        """
        engine = open_engine(self.settings, cache_dir, on_problem, must_keep=must_keep)
        name = self.settings.resolved_engine
        model = self.settings.model if name == "llm" else None
        processes = self.settings.processes
        if processes is None:
            processes = min(spare_cores(), _MOST_PROCESSES)
        verifier = Verifier(0 if self.ask.profile else processes, on_problem)
        try:
            yield Pipeline(
                engine=engine,
                engine_name=name,
                ask=self.ask,
                model=model,
                follows_up=self.settings.follow_up,
                places=Places(concurrency or self.settings.concurrency),
                verifier=verifier,
            )
        finally:
            await verifier.aclose()
            await engine.aclose()

    async def _summarize(self, source: PathLike | Article) -> ArticleRecord:
        articles = _articles([source])
        article = next(articles, None)
        if article is None:
            raise EmptyInputError(f"no article in {_name(source)!r}; name a file with an article")
        if isinstance(article, FailedInput):
            raise _input_error(article)
        if next(articles, None) is not None:
            raise FormatError(f"{_name(source)!r} holds several articles; give it to `stream`, which yields them all")
        async with self.pipeline(self._cache_dir(), _warn) as pipeline:
            return await pipeline.process(article)

    def _cache_dir(self) -> Path | None:
        if not self.settings.use_cache:
            return None
        return self.settings.cache_dir or user_cache_dir()


def check_engine(settings: Settings) -> None:
    """Find out whether the engine can be opened, before anything is read.

    Raises:
        SettingsError: the llm engine without key and address, a replay folder without recordings, prices that cannot be
            read, or a budget for a model whose price is not known.
    """
    if settings.resolved_engine == "offline":
        return
    _check_prices(settings)
    if settings.replay is not None:
        from summarizer.wire.recordings import Recordings

        Recordings(settings.replay).check_readable()
    elif settings.api_key is None and settings.base_url is None:
        raise SettingsError("the llm engine needs OPENAI_API_KEY or --base-url; or use --engine offline")


def _check_prices(settings: Settings) -> None:
    """Refuse a budget of money for a model whose price is not known: it could not hold."""
    is_priced = price_of(settings.model, settings.prices) is not None
    is_paid = settings.budget_usd is not None and settings.replay is None
    if is_paid and not is_priced and not settings.allow_unknown_price:
        raise SettingsError(
            f"no price known for model {settings.model!r}, so --budget cannot hold; name its price by --prices FILE "
            "(docs/costs.md), limit tokens by --budget-tokens, or run without a limit by --allow-unknown-price"
        )


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


def open_engine(
    settings: Settings,
    cache_dir: Path | None,
    on_problem: Callable[[str], None] | None = None,
    *,
    must_keep: bool = False,
) -> Engine:
    """Return the engine that the settings ask for; the model client is imported only for the `llm` engine.

    Args:
        settings: which engine, and how it asks.
        cache_dir: folder of stored answers; None keeps nothing.
        on_problem: hears, once each, what the store cannot do and the run goes on without, and why everything waits
            where the provider refuses for long.
        must_keep: refuse to ask where answers cannot be kept from the beginning.

    Raises:
        SettingsError: the llm engine without key and address, a replay folder without recordings, or a store that must
            be used and cannot.
    """
    if settings.resolved_engine == "offline":
        from summarizer.engines.offline import OfflineEngine

        return OfflineEngine()
    check_engine(settings)
    from summarizer.engines.asking import LlmEngine

    if settings.api_key is not None:
        keep_out_of_logs(settings.api_key.get_secret_value())
    return LlmEngine(settings, open_wire(settings, cache_dir, on_problem, must_keep=must_keep))


def open_wire(
    settings: Settings,
    cache_dir: Path | None,
    on_problem: Callable[[str], None] | None = None,
    *,
    must_keep: bool = False,
) -> WireTransport:
    """Compose the wire as the settings say; arguments and errors as `open_engine`."""
    from summarizer.wire.answers import Mode
    from summarizer.wire.limits import Gate, Limits
    from summarizer.wire.recordings import Recordings
    from summarizer.wire.retry import RetryPolicy
    from summarizer.wire.store import AnswerStore
    from summarizer.wire.transport import build_transport

    mode: Mode = "normal"
    recordings = None
    if settings.replay is not None:
        mode, recordings = "replay", Recordings(settings.replay)
    elif settings.record is not None:
        mode, recordings = "record", Recordings(_writable(settings.record))
    if settings.fresh and mode != "replay":
        mode = "fresh"
    store = None
    if cache_dir is not None and settings.replay is None:
        store = AnswerStore(cache_dir, on_problem=on_problem)
        if must_keep and not store.is_usable:
            raise SettingsError(
                f"nothing was asked, because answers could not be kept in {str(cache_dir)!r}; "
                "make that folder usable, name another by --cache, or pay without keeping by --no-cache"
            )
    policy = RetryPolicy(attempt_timeout_s=settings.attempt_timeout_s, deadline_s=settings.deadline_s)
    limits = Limits(concurrency=settings.concurrency, requests_per_minute=settings.rpm, tokens_per_minute=settings.tpm)
    turnstiles = [*_budgets(settings, on_problem), Gate(limits, on_pause=on_problem)]
    return build_transport(store=store, recordings=recordings, mode=mode, retry=policy, turnstiles=turnstiles)


def _budgets(settings: Settings, on_problem: Callable[[str], None] | None) -> list[Turnstile]:
    """Return the limits of what a run may spend; one of money that cannot hold is said and left out."""
    from summarizer.wire.budget import Budget

    budgets: list[Turnstile] = []
    if settings.replay is not None:
        return budgets
    price = price_of(settings.model, settings.prices)
    if settings.budget_usd is not None:
        if price is not None:
            budgets.append(Budget(settings.budget_usd, price))
        elif on_problem is not None:
            on_problem(f"no price known for model {settings.model!r}: the budget does not hold")
    if settings.budget_tokens is not None:
        budgets.append(Budget(Decimal(settings.budget_tokens), price, unit="tokens"))
    return budgets


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"cannot record into {str(folder)!r}: {error.strerror}; name a folder that may be written"
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingsError(f"cannot record into {str(folder)!r}: not permitted; name a folder that may be written")
    return folder


def user_cache_dir() -> Path | None:
    """Return the user's own cache folder for this package, None where the user has no home."""
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "summarizer"
    except RuntimeError:
        return None


async def _record_of(source: Article | FailedInput, pipeline: Pipeline) -> ArticleRecord:
    if isinstance(source, FailedInput):
        return record_of_failed_input(source, pipeline.engine_name)
    return await pipeline.process(source)


def _articles(sources: Iterable[PathLike | Article]) -> Iterator[Article | FailedInput]:
    for source in sources:
        if isinstance(source, Article):
            yield source
            continue
        for found in read_inputs([source]):
            if isinstance(found, Article) or found.status == "failed":
                yield found


def _name(source: PathLike | Article) -> str:
    return source.source if isinstance(source, Article) else os.fsdecode(source)


def _input_error(failed: FailedInput) -> InputError:
    kind = next((one for one in InputError.__subclasses__() if one.kind == failed.kind), InputError)
    return kind(failed.message)


def _warn(problem: str) -> None:
    logging.getLogger("summarizer").warning(problem)


def _run_in_a_loop(start: Callable[[], Coroutine[Any, Any, ArticleRecord]]) -> ArticleRecord:
    """Run to the end, also where an event loop runs already, as in a notebook: there in a thread of its own."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(start())
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(lambda: asyncio.run(start())).result()
