"""Running a system over the cases, as the public program runs: settings, engine, pipeline."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Final, Literal

import httpx2
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from evals.answers import answer_chars, digest_of
from evals.cases import Case, corpus_digest
from evals.fingerprints import fingerprints
from evals.items import was_run
from evals.outcomes import CaseResult, Counts, EvalRun
from summarizer.api import ask_of, open_engine, open_wire
from summarizer.engines import Engine
from summarizer.errors import AnswerError, ReplayMissError, RunStoppedError, SettingsError, UsageError
from summarizer.pipeline import Pipeline
from summarizer.records import ArticleRecord
from summarizer.settings import NO_KEY, Settings
from summarizer.wire.exchange import Exchange, document_key, parse_object
from summarizer.wire.recordings import Recordings
from summarizer.wire.transport import Replies, build_transport, collect_replies

Score = Callable[[Case, ArticleRecord], CaseResult]
# replay: recordings only, no network; record: the network for what is not recorded yet; refresh: the network, recorded
# anew; live: the network, nothing read and nothing written.
Source = Literal["replay", "record", "refresh", "live"]
# A model that answered badly is scored as such; everything else that fails is no finding about the system.
_MODELS_OWN: Final = frozenset({AnswerError.kind, *(error.kind for error in AnswerError.__subclasses__())})
# Never contacted: a replay ends before the network.
_NOWHERE: Final = "http://127.0.0.1:9/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How the model is asked. `folder` is None only for `live`; key and address are not wanted for `replay`."""

    source: Source = "replay"
    folder: Path | None = None
    model: str
    base_url: str | None = None
    api_key: str | None = None
    timeout_s: float = 180.0
    concurrency: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRun:
    """A scored run, with the exchanges that each case used and the requests of each case that nothing answered."""

    run: EvalRun
    used: Mapping[str, tuple[Exchange, ...]]
    missed: Mapping[str, tuple[Mapping[str, Any], ...]]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges of all cases."""
        return tuple(exchange for exchanges in self.used.values() for exchange in exchanges)


class _FixedSettings(Settings):
    """Settings that neither the environment nor a file changes: a result depends on what is committed alone."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def _fixed(**given: Any) -> Settings:
    # Not `load`, which looks into the environment for the name of a settings file.
    try:
        return _FixedSettings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(map(str, first["loc"]))
        raise SettingsError(f"setting {name}: {first['msg'].removeprefix('Value error, ')}") from error


def settings_of(asking: Asking) -> Settings:
    """Return the settings of a model run: the program's defaults, and what `asking` says.

    Raises:
        SettingsError: a value cannot be used.
    """
    is_replay = asking.source == "replay"
    return _fixed(
        engine="llm",
        model=asking.model,
        base_url=_NOWHERE if is_replay else asking.base_url,
        api_key=SecretStr(NO_KEY if is_replay or not asking.api_key else asking.api_key),
        replay=asking.folder if is_replay else None,
        record=asking.folder if asking.source in ("record", "refresh") else None,
        fresh=asking.source == "refresh",
        use_cache=False,
        concurrency=asking.concurrency,
        attempt_timeout_s=asking.timeout_s,
        deadline_s=asking.timeout_s,
    )


def run_offline(cases: Sequence[Case], score: Score) -> SystemRun:
    """Run the offline engine over the cases: no model, no network; some 40 ms a case."""
    return asyncio.run(_run_offline(cases, score))


def run_model(cases: Sequence[Case], score: Score, asking: Asking) -> SystemRun:
    """Run the model engine over the cases. A replay takes some 20 ms a case, after a second for the model client.

    Raises:
        SettingsError: a setting cannot be used, or there is nothing to replay from.
        RunStoppedError: the provider refuses or is unreachable; what was answered before is recorded.
    """
    return asyncio.run(_run_model(cases, score, asking))


async def _run_offline(cases: Sequence[Case], score: Score) -> SystemRun:
    settings = _fixed(engine="offline")
    return await _run(cases, score, settings, open_engine(settings, None), None)


async def _run_model(cases: Sequence[Case], score: Score, asking: Asking) -> SystemRun:
    # The model client takes a second to import, which the offline engine need not wait for.
    from summarizer.engines.asking import LlmEngine

    settings = settings_of(asking)
    known = None
    if asking.source == "record" and asking.folder is not None:
        known = Recordings(asking.folder)
    wire = _WatchedWire(open_wire(settings, None), known)
    return await _run(cases, score, settings, LlmEngine(settings, wire), wire)


class _WatchedWire(httpx2.AsyncBaseTransport):
    """A wire that remembers what was asked, and gives what was recorded before the run without asking.

    Args:
        wire: the wire as the settings compose it.
        known: recordings that need not be asked for; None asks the wire for everything.
    """

    def __init__(self, wire: httpx2.AsyncBaseTransport, known: Recordings | None) -> None:
        self.requests: dict[str, Mapping[str, Any]] = {}
        self._wire = wire
        self._names = frozenset(known.folder.glob("*.json")) if known is not None else frozenset[Path]()
        self._known = known
        self._replaying = (
            build_transport(recordings=known, mode="replay") if known is not None and self._names else wire
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        document = parse_object(await request.aread())
        wire = self._wire
        if document is not None:
            key = document_key(document)
            self.requests[key] = document
            # What this run recorded is not among the names: a second try at an answer must not meet the first one.
            if self._known is not None and self._known.path_of(key) in self._names:
                wire = self._replaying
        return await wire.handle_async_request(request)

    async def aclose(self) -> None:
        await self._wire.aclose()
        if self._replaying is not self._wire:
            await self._replaying.aclose()


async def _run(
    cases: Sequence[Case], score: Score, settings: Settings, engine: Engine, wire: _WatchedWire | None
) -> SystemRun:
    system = settings.resolved_engine
    model = settings.model if system == "llm" else None
    pipeline = Pipeline(
        engine=engine, engine_name=system, ask=ask_of(settings), model=model, follows_up=settings.follow_up
    )
    places = asyncio.Semaphore(settings.concurrency)

    async def process(case: Case) -> tuple[CaseResult, Replies]:
        async with places:
            return await _process(case, pipeline, score)

    async with AsyncExitStack() as stack:
        stack.push_async_callback(engine.aclose)
        tasks = [asyncio.ensure_future(process(case)) for case in cases]
        try:
            done = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    used = {case.id: tuple(reply.exchange for reply in replies) for case, (_, replies) in zip(cases, done, strict=True)}
    missed = {case.id: _missed(replies, wire) for case, (_, replies) in zip(cases, done, strict=True)}
    all_used = [exchange for exchanges in used.values() for exchange in exchanges]
    run = EvalRun(
        system=system,
        model=model,
        corpus=corpus_digest(cases),
        recordings=digest_of(all_used) if settings.replay or settings.record else None,
        templates=fingerprints() if system == "llm" else {},
        cases=tuple(
            _finish(case, result, used[case.id], missed[case.id], system)
            for case, (result, _) in zip(cases, done, strict=True)
        ),
    )
    return SystemRun(run=run, used=used, missed={case: requests for case, requests in missed.items() if requests})


async def _process(case: Case, pipeline: Pipeline, score: Score) -> tuple[CaseResult, Replies]:
    with collect_replies() as replies:
        try:
            record = await pipeline.process(case.article)
            if record.error is not None and record.error.kind not in _MODELS_OWN:
                return _failed(case, f"{record.error.kind}: {record.error.message.splitlines()[0]}"), replies
            return score(case, record), replies
        except (RunStoppedError, UsageError):
            raise
        # One case that trips the program or its scorer must not lose the others; it is named, with its place.
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno}"
            return _failed(case, f"{type(error).__name__} at {place}"), replies


def _failed(case: Case, error: str) -> CaseResult:
    return CaseResult(case=case.id, language=case.gold.language, error=error)


def _missed(replies: Replies, wire: _WatchedWire | None) -> tuple[Mapping[str, Any], ...]:
    if wire is None:
        return ()
    keys = {failure.key: None for failure in replies.failures if failure.kind == ReplayMissError.kind}
    return tuple(wire.requests[key] for key in keys if key is not None)


def _finish(
    case: Case, result: CaseResult, used: Sequence[Exchange], missed: Sequence[Mapping[str, Any]], system: str
) -> CaseResult:
    """Add what only the run knows: the length of the answers, and that a request had none to read."""
    if missed:
        # The record may look whole: a follow-up that got no answer leaves the first one standing.
        return _failed(case, f"{len(missed)} of its requests {'has' if len(missed) == 1 else 'have'} no recording")
    if system != "llm" or not was_run(result):
        return result
    counts = {**result.counts, "answer_chars": Counts(correct=answer_chars(used))}
    return result.model_copy(update={"counts": counts})
