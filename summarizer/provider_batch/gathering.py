"""Which requests a run would make and the store does not answer: found by running the ordinary pipeline over it.

No request is built here. Below the store stands, in place of the network, a layer that takes the request down and tells
the pipeline that it is deferred.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from summarizer.api import Summarizer
from summarizer.articles import Article
from summarizer.engines.asking import LlmEngine
from summarizer.errors import NotSentError
from summarizer.pipeline import Pipeline
from summarizer.provider_batch.request_file import RequestFile, RequestWriter
from summarizer.records import ErrorInfo
from summarizer.wire.answers import Answers
from summarizer.wire.layer import WireReply, WireRequest
from summarizer.wire.store import AnswerStore
from summarizer.wire.transport import WireTransport

_DEFERRED: Final = "the request is left to the provider's batch interface"


@dataclass(slots=True, kw_only=True)
class Gathered:
    """What was found so far, in articles and requests.

    `answered` articles have all their answers in the store; `failed` ones (id, error) can have no record as things
    stand, whatever is asked; the others have requests that are `noted` now or `waiting` in a job already.
    """

    articles: int = 0
    answered: int = 0
    noted: int = 0
    waiting: int = 0
    failed: list[tuple[str, ErrorInfo]] = field(default_factory=list)


class Gatherer:
    """Finds the requests of articles, one article after the other, and writes them down.

    A request that several articles make is written once. A request that the store answers and the engine would ask
    anew past it (an answer without a message, `--retry-failed`) is left to `run`. What comes after an answer, a
    follow-up or a re-ask, can be found when that answer is there: gather again after collecting.

    Args:
        summarizer: what is asked, and how; its engine is the `llm` one.
        store: the answers that a run would use. Closed by `aclose`.
        writer: where the requests go.
        is_taken: whether a request waits in a job already, by its key.
    """

    def __init__(
        self, summarizer: Summarizer, store: AnswerStore, writer: RequestWriter, is_taken: Callable[[str], bool]
    ) -> None:
        self.found = Gathered()
        self._writer = writer
        settings = summarizer.settings
        self._taker = _Taker(store, writer, is_taken, self.found)
        # The article is asked about once; a failed one is not asked again here.
        engine = LlmEngine(settings, WireTransport(Answers(self._taker, store=store)))
        self._pipeline = Pipeline(
            engine=engine, engine_name="llm", ask=summarizer.ask, model=settings.model, follows_up=settings.follow_up
        )

    async def files(self, articles: Iterable[Article]) -> AsyncIterator[RequestFile]:
        """Go through the articles; give each file of requests as soon as it is full, the last at the end.

        Raises:
            UsageError: a setting, template or profile cannot be used; a file cannot be written.
        """
        for article in articles:
            # Nothing here waits for anything, and signals want their turn.
            await asyncio.sleep(0)
            await self._gather(article)
            while self._writer.sealed:
                yield self._writer.sealed.popleft()
        self._writer.finish()
        while self._writer.sealed:
            yield self._writer.sealed.popleft()

    async def aclose(self) -> None:
        """Close engine and store, and let go of a file that is not finished."""
        self._writer.abandon()
        await self._pipeline.engine.aclose()

    async def _gather(self, article: Article) -> None:
        found, taker = self.found, self._taker
        taker.article, taker.deferred = article.id, 0
        record = await self._pipeline.process(article)
        found.articles += 1
        if record.error is not None and record.error.kind != NotSentError.kind:
            found.failed.append((article.id, record.error))
        elif not taker.deferred:
            found.answered += 1


class _Taker:
    """In place of the network: takes down what would be sent."""

    def __init__(
        self, store: AnswerStore, writer: RequestWriter, is_taken: Callable[[str], bool], found: Gathered
    ) -> None:
        self.article = ""
        self.deferred = 0
        self._store = store
        self._writer = writer
        self._is_taken = is_taken
        self._found = found
        self._seen: set[bytes] = set()

    async def send(self, request: WireRequest) -> WireReply:
        """Take a request down.

        Raises:
            NotSentError: always, save for a request that cannot be written down: TooLongError, OutputError.
        """
        key = request.key
        if key is None or request.document is None:
            raise NotSentError(f"{_DEFERRED}: {request.http.method} requests have no place there")
        self.deferred += 1
        if bytes.fromhex(key) in self._seen:
            raise NotSentError(_DEFERRED)
        self._seen.add(bytes.fromhex(key))
        # The engine asks past the store only for what it paid for and cannot use.
        if self._store.get(key, request.document) is not None:
            raise NotSentError(_DEFERRED)
        if self._is_taken(key):
            self._found.waiting += 1
        else:
            self._writer.add(key, request.document, self.article)
            self._found.noted += 1
        raise NotSentError(_DEFERRED)

    async def aclose(self) -> None:
        """Nothing is open."""
