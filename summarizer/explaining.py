"""What a run would send, to whom: made from the very requests that it would make, and nothing of it sent."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from summarizer.api import PathLike, ask_of, check_engine
from summarizer.articles import Article
from summarizer.articles.whole_batch import read_marked
from summarizer.engines import Ask
from summarizer.errors import EmptyInputError, SummarizerError, UsageError
from summarizer.records import FailedInput
from summarizer.settings import NO_KEY, Settings

if TYPE_CHECKING:
    from summarizer.wire.layer import WireRequest

_NUMBERED = re.compile(r"^\[(\d+)\] ", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRequest:
    """The first request about one article, as it would go out. `body_bytes` is its size without headers."""

    url: str
    document: Mapping[str, Any]
    body_bytes: int

    @property
    def sentences(self) -> int:
        """How many of the article's sentences it shows."""
        return len(_NUMBERED.findall(self.document["messages"][-1]["content"]))


def explain_run(settings: Settings, paths: Sequence[PathLike]) -> Iterator[str]:
    """Give the lines that say what a run over these inputs would send; nothing is sent and nothing is written.

    All articles are read and held, because what several of them repeat is not sent.

    Raises:
        UsageError: a setting or a profile cannot be used.
    """
    check_engine(settings)
    ask = ask_of(settings)
    if settings.resolved_engine == "offline" or settings.replay is not None:
        why = "the offline engine asks nobody" if settings.replay is None else "every answer comes from the recordings"
        yield f"nothing leaves this machine: {why}"
        return
    unread: list[FailedInput] = []
    articles = list(read_marked(paths, unread.append))
    is_first = True
    for article, request in asyncio.run(_first_requests(settings, ask, articles)):
        if is_first and isinstance(request, FirstRequest):
            yield from _common_lines(settings, request)
            is_first = False
        yield f"article {article.id!r} ({article.source})"
        yield f"  {_told(article, request)}"
    for failed in unread:
        is_named = repr(failed.source) in failed.message
        yield f"nothing of {failed.message}" if is_named else f"nothing of {failed.source!r}: {failed.message}"


async def _first_requests(
    settings: Settings, ask: Ask, articles: Sequence[Article]
) -> list[tuple[Article, FirstRequest | SummarizerError]]:
    return [pair async for pair in _asked(settings, ask, articles)]


async def _asked(
    settings: Settings, ask: Ask, articles: Sequence[Article]
) -> AsyncIterator[tuple[Article, FirstRequest | SummarizerError]]:
    """Let the engine ask about each article, and keep what it would have sent."""
    from summarizer.engines.asking import LlmEngine
    from summarizer.wire.collecting import Collecting
    from summarizer.wire.transport import build_transport

    collecting = Collecting()
    engine = LlmEngine(settings, build_transport(network=collecting))
    try:
        for article in articles:
            failure: SummarizerError = EmptyInputError("nothing but page furniture in it")
            try:
                if article.sentences:
                    await engine.propose(article, ask)
            except UsageError:
                raise
            except SummarizerError as error:
                failure = error
            # An article may be there twice.
            requests = collecting.take(forget=True)
            yield article, _as_sent(requests[0]) if requests else failure
    finally:
        await engine.aclose()


def _as_sent(request: WireRequest) -> FirstRequest:
    return FirstRequest(url=str(request.http.url), document=request.document or {}, body_bytes=len(request.body))


def _common_lines(settings: Settings, request: FirstRequest) -> Iterator[str]:
    document = request.document
    rest = {name: value for name, value in document.items() if name not in ("messages", "model")}
    form = {name: rest.pop(name) for name in ("tools", "tool_choice", "response_format") if name in rest}
    sampling = "".join(f", {name} {value}" for name, value in sorted(rest.items()))
    key = "the API key" if settings.api_key else f"no API key but {NO_KEY!r}"
    yield f"nothing was sent; without --explain this run sends to {request.url}"
    yield "with every request:"
    yield f"  {key}, in the header Authorization"
    yield f"  model {document['model']!r}{sampling}"
    yield f"  the instructions, {sum(len(one['content']) for one in document['messages'][:-1])} characters"
    if form:
        yield f"  the form of the answer, {len(json.dumps(form, ensure_ascii=False))} characters"
    yield "of each article:"
    yield "  its sentences, numbered, with the date of publication it states"
    yield "  never: its id, the name or path of its file, page furniture, or anything of another article"
    yield "after an answer that is invalid or not borne out by the article, at most twice more:"
    yield "  the article again, with the names of the fields that were wrong or the words that were not found"
    yield "answers that are kept already are not asked for again"


def _told(article: Article, request: FirstRequest | SummarizerError) -> str:
    if isinstance(request, SummarizerError):
        return f"nothing: {request}"
    spans = article.sentences
    shown = sum(end - start for start, end in spans)
    sentences = "1 sentence" if len(spans) == 1 else f"{len(spans)} sentences"
    dated = f", published {article.published_on}" if article.published_on else ""
    left_out = f"; {len(article.text) - shown} of its {len(article.text)} characters are not sent"
    size = f"one request of {request.body_bytes} bytes"
    if request.sentences < len(spans):
        size = f"several requests, the first of {request.body_bytes} bytes with sentences 1 to {request.sentences}"
    return f"{size}: {sentences}, {shown} characters{dated}{left_out}"
