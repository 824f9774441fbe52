"""How a model is asked about an article: at once, part by part where it is long, or by a user's own profile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from summarizer.engines import Ask, Effort, Outcome
from summarizer.engines.llm import MAX_ANSWERS, ModelClient
from summarizer.engines.mending import follow_up_text, join, worth_asking
from summarizer.engines.parts import halve, merge_deals, merge_figures, merge_points, split_by_tokens
from summarizer.engines.prompting import (
    Message,
    article_message,
    estimate_tokens,
    language_line,
    number_sentences,
    prompt_version,
    system_message,
)
from summarizer.engines.session import Session
from summarizer.errors import AnswerError, NotSentError, RunStoppedError, SummarizerError, TruncatedError
from summarizer.prices import price_of
from summarizer.proposals import (
    FactsProposal,
    Findings,
    FollowUpProposal,
    PartName,
    Proposals,
    Proposed,
    ProposedDeal,
    ProposedFigure,
    ProposedPoint,
    SummaryProposal,
    proposals_of,
    response_model,
)
from summarizer.settings import Settings
from summarizer.templates import Prompts, Variable, built_in_prompts
from summarizer.wire.transport import bypass_store

if TYPE_CHECKING:
    import httpx2

    from summarizer.articles import Article
    from summarizer.profiles import Profile

# What the schema, which counts as input too, takes of the window.
_SCHEMA_TOKENS = 2_500
# What a sentence takes beside its characters: its number in brackets, the line end, and the estimate's rounding up.
_SENTENCE_TOKENS = 5


class LlmEngine:
    """Asks a model behind any OpenAI-compatible address. One instance a run and event loop; close it after use."""

    def __init__(
        self, settings: Settings, transport: httpx2.AsyncBaseTransport, prompts: Prompts | None = None
    ) -> None:
        self._settings = settings
        self._prompts = prompts or built_in_prompts()
        self._versions: dict[tuple[tuple[str, ...], type[Proposed], tuple[str, ...]], str] = {}
        self._systems: dict[tuple[tuple[PartName, ...], str], Message] = {}
        self._tokens: dict[str, int] = {}
        self._price = price_of(settings.model, settings.prices)
        self.given_up: Effort | None = None
        self._client = ModelClient(settings, transport, self._prompts)

    async def aclose(self) -> None:
        """Close the client and, with it, the transport."""
        await self._client.aclose()

    async def propose(self, article: Article, ask: Ask) -> Outcome:
        """Ask the model about one article: one request by default, parts and a summary request if it is long.

        Raises:
            AnswerError: the answers that were paid cannot be used.
            ExchangeError: no answer came.
            RunStoppedError: no answer can come for any article.
        """
        try:
            return await self._propose_counted(article, ask)
        except AnswerError as error:
            is_old = not error.effort.paid_requests
            if not (self._settings.retry_failed and is_old):
                raise
        # What failed was a stored answer, paid in an earlier run; the user asked for another try.
        with bypass_store():
            return await self._propose_counted(article, ask)

    async def follow_up(self, article: Article, ask: Ask, first: Outcome, findings: Findings) -> Outcome:
        """Ask once more for what verification would have mended, if that keeps the article within its paid answers.

        An article that was asked in parts, and a profile's items, are not followed up. A follow-up that brings no usable
        answer leaves the first outcome as it is, with a note.

        Raises:
            RunStoppedError: no article can have an answer.
        """
        room = MAX_ANSWERS - first.effort.requests
        mendable = worth_asking(findings)
        if not mendable or room < 1 or ask.profile is not None or first.is_in_parts:
            return first
        message = self._whole_message(article, ask)
        message = Message(message.role, f"{message.content}\n\n{follow_up_text(self._prompts, mendable)}")
        system = self._system(ask.parts)
        session = Session(follow_ups=1, price=self._price)
        try:
            answer = await self._client.answer(system, message, FollowUpProposal, session, answers=room)
        except asyncio.CancelledError:
            self._give_up(first.effort.plus(session.effort()))
            raise
        except RunStoppedError as error:
            error.effort = first.effort.plus(session.effort())
            raise
        except SummarizerError as error:
            notes = (*first.notes, f"follow_up_failed:{error.kind}")
            return replace(first, effort=first.effort.plus(session.effort()), notes=notes)
        return replace(
            first,
            proposals=join(first.proposals, cast(FollowUpProposal, answer)),
            effort=first.effort.plus(session.effort()),
        )

    async def _propose_counted(self, article: Article, ask: Ask) -> Outcome:
        """Propose; whatever ends it, what was spent by then is known."""
        session = Session(price=self._price)
        try:
            return await self._propose(article, ask, session)
        except asyncio.CancelledError:
            self._give_up(session.effort())
            raise
        except SummarizerError as error:
            error.effort = session.effort()
            raise

    def _give_up(self, effort: Effort) -> None:
        self.given_up = effort if self.given_up is None else self.given_up.plus(effort)

    async def _propose(self, article: Article, ask: Ask, session: Session) -> Outcome:
        if ask.profile is not None:
            return await self._propose_items(article, ask, ask.profile, session)
        response = response_model(ask.parts)
        ranges = self._split(article, self._system(ask.parts).content)
        if len(ranges) == 1:
            try:
                proposals = await self._ask_whole(article, ask, response, session)
            except TruncatedError:
                if len(article.sentences) < 2:
                    raise
                session.notes.append("answer_truncated_article_split")
                ranges = halve(ranges[0])
        if len(ranges) > 1:
            proposals = await self._ask_in_parts(article, ask, ranges, session)
        names = ("system", "article") if len(ranges) == 1 else ("system", "part", "notes")
        version = self._version(names, response, *ask.parts)
        return Outcome(
            proposals=proposals,
            effort=session.effort(),
            prompt_version=version,
            is_in_parts=len(ranges) > 1,
            notes=tuple(session.notes),
        )

    async def _ask_whole(self, article: Article, ask: Ask, response: type[Proposed], session: Session) -> Proposals:
        message = self._whole_message(article, ask)
        answer = await self._client.answer(self._system(ask.parts), message, response, session)
        return proposals_of(answer)

    def _whole_message(self, article: Article, ask: Ask) -> Message:
        body = number_sentences(article, range(1, len(article.sentences) + 1))
        values: dict[str, Variable] = {"language": language_line(article, ask.language)}
        return article_message(self._prompts, "article", article, body, values)

    async def _ask_in_parts(self, article: Article, ask: Ask, ranges: Sequence[range], session: Session) -> Proposals:
        """Ask part by part, merge, and let the summary be made from what was merged."""
        session.notes.append(f"asked_in_{len(ranges)}_parts")
        # The summary is made at the end; of a part only the points are wanted that go into it.
        response = FactsProposal if "summary" in ask.parts else response_model(ask.parts)
        system = self._system(ask.parts)
        values: dict[str, Variable] = {"language": language_line(article, ask.language), "total": len(ranges)}
        messages = [
            article_message(
                self._prompts, "part", article, number_sentences(article, sentences), {**values, "number": number}
            )
            for number, sentences in enumerate(ranges, start=1)
        ]
        answers = await self._answer_each(system, messages, response, session)
        figures = merge_figures(figure for answer in answers for figure in getattr(answer, "figures", ()))
        deals = merge_deals(deal for answer in answers for deal in getattr(answer, "deals", ()))
        summary = None
        if "summary" in ask.parts:
            points = merge_points(point for answer in answers for point in getattr(answer, "points", ()))
            message = article_message(self._prompts, "notes", article, _notes(figures, deals, points), values)
            system = self._system(("summary",))
            summary = cast(SummaryProposal, await self._client.answer(system, message, SummaryProposal, session))
        return Proposals(
            figures=tuple(figures) if "figures" in ask.parts else None,
            deals=tuple(deals) if "deals" in ask.parts else None,
            summary=summary,
        )

    async def _propose_items(self, article: Article, ask: Ask, profile: Profile, session: Session) -> Outcome:
        system = self._system((), profile.instructions)
        messages = []
        ranges = self._split(article, system.content)
        for number, sentences in enumerate(ranges, start=1):
            values: dict[str, Variable] = {"language": language_line(article, ask.language)}
            template = "article" if len(ranges) == 1 else "part"
            if len(ranges) > 1:
                values |= {"number": number, "total": len(ranges)}
            body = number_sentences(article, sentences)
            messages.append(article_message(self._prompts, template, article, body, values))
        answers = await self._answer_each(system, messages, profile.response, session)
        merged: dict[str, Any] = {
            name: _once([item for answer in answers for item in getattr(answer, name)])
            for name in profile.response.model_fields
        }
        names = ("system", "article") if len(ranges) == 1 else ("system", "part")
        version = self._version(names, profile.response, profile.instructions)
        return Outcome(
            proposals=Proposals(items=profile.response.model_construct(**merged)),
            effort=session.effort(),
            prompt_version=f"{profile.name}@{profile.version},{version}",
            notes=tuple(session.notes),
        )

    async def _answer_each(
        self, system: Message, messages: Sequence[Message], response: type[Proposed], session: Session
    ) -> list[Proposed]:
        """Ask about the parts one after the other. One that is only collected does not hold up the others: all are wanted."""
        answers: list[Proposed] = []
        unsent: NotSentError | None = None
        for message in messages:
            try:
                answers.append(await self._client.answer(system, message, response, session))
            except NotSentError as error:
                unsent = error
        if unsent is not None:
            raise unsent
        return answers

    def _split(self, article: Article, system: str) -> list[range]:
        # The answer needs room as well: a fifth of what is asked has proved ample for copied words and short keys.
        room = max(500, int((self._settings.window_tokens - self._tokens_of(system) - _SCHEMA_TOKENS) / 1.2))
        sentences = article.sentences
        if not sentences or len(article.text) + _SENTENCE_TOKENS * len(sentences) <= room:
            # A token a character is the most that an estimate comes to: nearly every article fits, and is not counted.
            return [range(1, len(sentences) + 1)]
        costs = [estimate_tokens(article.text[start:end]) + _SENTENCE_TOKENS - 1 for start, end in sentences]
        return split_by_tokens(costs, room)

    def _tokens_of(self, system: str) -> int:
        if system not in self._tokens:
            self._tokens[system] = estimate_tokens(system)
        return self._tokens[system]

    def _system(self, parts: tuple[PartName, ...], instructions: str = "") -> Message:
        key = (parts, instructions)
        if key not in self._systems:
            self._systems[key] = system_message(self._prompts, parts, instructions)
        return self._systems[key]

    def _version(self, templates: tuple[str, ...], response: type[Proposed], *further: str) -> str:
        """Name the prompt with its fingerprint; made once a run, for the schema is costly to write out."""
        key = (templates, response, further)
        if key not in self._versions:
            schema = json.dumps(response.model_json_schema(), sort_keys=True)
            mode = self._settings.output_mode
            self._versions[key] = prompt_version(self._prompts, templates, schema, mode, *further)
        return self._versions[key]


def _once(items: Sequence[Proposed]) -> list[Proposed]:
    """Drop what overlapping parts told twice."""
    return list({item.model_dump_json(): item for item in items}.values())


def _notes(figures: Sequence[ProposedFigure], deals: Sequence[ProposedDeal], points: Sequence[ProposedPoint]) -> str:
    """Return the facts found in a long article, each behind the number of its sentence."""
    lines = [
        (deal.s, f"{deal.name}: {deal.words} ({', '.join(party.name for party in deal.parties)})") for deal in deals
    ]
    lines += [(figure.s, f"{figure.of} {figure.name}: {figure.amount} {figure.when}".strip()) for figure in figures]
    lines += [(point.s[0] if point.s else 0, point.text) for point in points]
    return "\n".join(f"[{number}] {' '.join(text.split())}" for number, text in sorted(lines))
