"""Replaying recordings through the real program, with mistakes planted into the answers before the program reads them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from evals.answers import load_recordings, model_of
from evals.cases import Case
from evals.corruption.answers import Answer
from evals.corruption.plants import Plant
from evals.corruption.second_answers import facts_of_part, mending, summary_of
from evals.running import Asking, settings_of
from summarizer.articles import Article
from summarizer.engines import Ask, Outcome
from summarizer.engines.asking import LlmEngine
from summarizer.engines.mending import worth_asking
from summarizer.errors import ReplayMissError, SettingsError
from summarizer.pipeline import Pipeline
from summarizer.proposals import Findings
from summarizer.records import ArticleRecord
from summarizer.settings import Settings
from summarizer.wire.exchange import Exchange
from summarizer.wire.layer import WireReply, WireRequest
from summarizer.wire.recordings import Recordings
from summarizer.wire.transport import WireTransport

_WHOLE: Final = "ArticleProposal"
_FOLLOW_UP: Final = "FollowUpProposal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A case as it was recorded: the model's answer, its follow-up if one was recorded, and the record of each way to run."""

    case: Case
    answer: Answer
    follow_up: Answer | None
    exchange: Exchange
    followed: ArticleRecord
    unfollowed: ArticleRecord

    def record(self, *, follows_up: bool) -> ArticleRecord:
        """Return the record of a run with or without follow-up."""
        return self.followed if follows_up else self.unfollowed

    @property
    def whole(self) -> Answer:
        """The answer with what the follow-up added."""
        if self.follow_up is None:
            return self.answer
        added = {name: [*self.answer[name], *self.follow_up[name]] for name in ("deals", "figures")}
        texts = {name: self.follow_up[name] or self.answer[name] for name in ("abstract", "headline")}
        return {**self.answer, **added, **texts}


@dataclass(slots=True, kw_only=True)
class CorruptedWire:
    """The outermost layer of the wire: gives recorded answers, or in their place corrupted and made ones.

    With `plant` set, the first answer is the corrupted one and every later one is made from `sound` (see
    `second_answers`); without it, recordings are replayed and what they answered stands in `seen`, by schema.
    """

    recordings: Recordings
    recorded: Mapping[str, Exchange]
    sound: Sound | None = None
    plant: Plant | None = None
    findings: Findings = field(default_factory=Findings)
    seen: dict[str, Exchange] = field(default_factory=dict)
    answered: int = 0

    async def send(self, request: WireRequest) -> WireReply:
        """Give the answer.

        Raises:
            ReplayMissError: no recording answers this request, and no mistake is planted that would explain it.
        """
        document = request.document or {}
        key = request.key or ""
        schema = _schema_of(document)
        if self.sound is None or self.plant is None:
            if key not in self.recorded:
                raise self.recordings.miss(key, document)
            exchange = self.recorded[key]
            self.seen[schema] = exchange
        else:
            exchange = self._made(self.sound, self.plant, schema, document, key)
        self.answered += 1
        return WireReply(exchange=exchange, origin="recording", headers=exchange.headers)

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _made(self, sound: Sound, plant: Plant, schema: str, document: Mapping[str, Any], key: str) -> Exchange:
        if self.answered == 0:
            text = _dumped(plant.answer)
            text = plant.change.spoil(text) if plant.change.spoil else text
            return _answering(sound.exchange, key, document, text, is_cut=plant.change.is_cut)
        if schema == _FOLLOW_UP:
            answer = mending(sound.answer, plant, self.findings, sound.follow_up)
        elif schema == _WHOLE:
            answer = sound.answer
        elif schema == "SummaryProposal":
            answer = summary_of(sound.whole)
        else:
            answer = facts_of_part(sound.whole, str(document["messages"][-1]["content"]))
        return _answering(sound.exchange, key, document, _dumped(answer))


class ListeningEngine(LlmEngine):
    """The program's engine, which tells the wire what a follow-up is asked for before it asks."""

    def __init__(self, settings: Settings, wire: CorruptedWire) -> None:
        super().__init__(settings, WireTransport(wire))
        self._wire = wire

    async def follow_up(self, article: Article, ask: Ask, first: Outcome, findings: Findings) -> Outcome:
        """Ask as the program does."""
        self._wire.findings = worth_asking(findings)
        return await super().follow_up(article, ask, first, findings)


class Bench:
    """Runs cases through the real program, sound or corrupted; opened by `open_bench`."""

    def __init__(self, wire: CorruptedWire, engine: LlmEngine, model: str) -> None:
        self._wire = wire
        self._pipelines = {
            follows_up: Pipeline(engine=engine, engine_name="llm", ask=Ask(), model=model, follows_up=follows_up)
            for follows_up in (True, False)
        }

    async def sound(self, case: Case) -> Sound:
        """Replay a case as it was recorded.

        Raises:
            ReplayMissError: the recordings do not answer it.
            SettingsError: it was recorded in parts, of which no mistake would be a mistake of the whole.
        """
        self._wire.sound, self._wire.plant, self._wire.seen = None, None, {}
        records = {follows_up: await run.process(case.article) for follows_up, run in self._pipelines.items()}
        failed = next((record.error for record in records.values() if record.error), None)
        if failed is not None:
            raise ReplayMissError(f"case {case.id!r} cannot be replayed: {failed.message}")
        seen = self._wire.seen
        if _WHOLE not in seen:
            raise SettingsError(f"case {case.id!r} was recorded in parts ({', '.join(sorted(seen))}); leave it out")
        return Sound(
            case=case,
            answer=_content(seen[_WHOLE]),
            follow_up=_content(seen[_FOLLOW_UP]) if _FOLLOW_UP in seen else None,
            exchange=seen[_WHOLE],
            followed=records[True],
            unfollowed=records[False],
        )

    async def corrupted(self, sound: Sound, plant: Plant, *, follows_up: bool) -> ArticleRecord:
        """Run a case with a mistake planted into its first answer."""
        wire = self._wire
        wire.sound, wire.plant, wire.findings, wire.answered = sound, plant, Findings(), 0
        return await self._pipelines[follows_up].process(sound.case.article)


@asynccontextmanager
async def open_bench(folder: Path) -> AsyncIterator[Bench]:
    """Open the program over a folder of recordings, asking as they were asked.

    Raises:
        SettingsError: no recordings there, or such as were not made with the output mode `tools`.
    """
    recordings = Recordings(folder)
    recordings.check_readable()
    exchanges = load_recordings(folder)
    settings = settings_of(Asking(folder=folder, model=model_of(exchanges)))
    wire = CorruptedWire(recordings=recordings, recorded={one.key: one for one in exchanges.values()})
    engine = ListeningEngine(settings, wire)
    try:
        yield Bench(wire, engine, settings.model)
    finally:
        await engine.aclose()


def _schema_of(document: Mapping[str, Any]) -> str:
    """Return the name of the schema that a request asks for."""
    try:
        return str(document["tools"][0]["function"]["name"])
    except (KeyError, IndexError, TypeError):
        raise SettingsError("a request without a tool; record with the output mode 'tools'") from None


def _content(exchange: Exchange) -> Answer:
    answer: Answer = json.loads(_call_in(exchange.answer or {})["arguments"])
    return answer


def _call_in(completion: Mapping[str, Any]) -> dict[str, Any]:
    call: dict[str, Any] = completion["choices"][0]["message"]["tool_calls"][0]["function"]
    return call


def _answering(
    recorded: Exchange, key: str, document: Mapping[str, Any], text: str, *, is_cut: bool = False
) -> Exchange:
    """Return a completion like the recorded one that says something else, as the answer to this request."""
    completion: dict[str, Any] = json.loads(recorded.body)
    _call_in(completion).update(name=_schema_of(document), arguments=text)
    if is_cut:
        completion["choices"][0]["finish_reason"] = "length"
    body = json.dumps(completion, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return Exchange(key=key, request=document, status=200, headers=recorded.headers, body=body)


def _dumped(answer: Answer) -> str:
    return json.dumps(answer, ensure_ascii=False)
