"""One article in, one record out: propose, verify, write down what it took."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePath
from types import TracebackType
from typing import Final, Literal

from summarizer.articles import Article
from summarizer.engines import Ask, Effort, Engine, Outcome
from summarizer.errors import EmptyInputError, RunStoppedError, SummarizerError, UsageError
from summarizer.prices import is_same_model
from summarizer.proposals import Proposals
from summarizer.records import ArticleInfo, ArticleRecord, ErrorInfo, FailedInput, RunInfo
from summarizer.verify import verify_mended
from summarizer.verifying import Verifier

# The note of a record whose answers came from another model than the one that was asked.
OTHER_MODEL: Final = "answered_by_another_model"


class Places:
    """So many articles may be asked about at once, and none any more once the run is stopped.

    A place is left as soon as the answer is there: while it is judged, the next article is asked about.
    """

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)
        self._stopped: RunStoppedError | UsageError | None = None

    async def __aenter__(self) -> None:
        """Wait for a place.

        Raises:
            RunStoppedError, UsageError: what ended the run for another article.
        """
        await self._free.acquire()
        if self._stopped is not None:
            self._free.release()
            # A copy: an exception carries what its own article had cost.
            raise type(self._stopped)(*self._stopped.args)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave the place; nobody takes it after an error that ends the run."""
        if isinstance(error, (RunStoppedError, UsageError)):
            self._stopped = self._stopped or error
        self._free.release()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What asking about an article brought: the engine's outcome, or why there is none and what that cost."""

    began: float
    result: Outcome | ErrorInfo
    effort: Effort | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Makes records; a record depends on the article, the ask and the engine's answers alone, its `run` part aside.

    `places` are those of `Places`, for as many articles as may be asked about at once; by default for any number.
    `verifier` verifies in this process alone by default.
    """

    engine: Engine
    engine_name: Literal["llm", "offline"]
    ask: Ask
    model: str | None = None
    follows_up: bool = True
    places: AbstractAsyncContextManager[None] = field(default_factory=nullcontext)
    verifier: Verifier = field(default_factory=Verifier)
    now: Callable[[], float] = time.monotonic

    async def process(self, article: Article) -> ArticleRecord:
        """Return the article's record; whatever goes wrong with this article alone becomes a failed record.

        Raises:
            RunStoppedError: no article of the run can be answered.
            UsageError: a setting, template or profile cannot be used, for no article.
        """
        async with self.places:
            asked = await self.ask_about(article)
        return await self.judge(article, asked)

    async def ask_about(self, article: Article) -> Asked:
        """Let the engine propose. To be called with a place; raises as `process`."""
        began = self.now()
        try:
            if not article.sentences:
                raise EmptyInputError("nothing but page furniture in it; name the article's own text")
            return Asked(began=began, result=await self.engine.propose(article, self.ask))
        except (RunStoppedError, UsageError):
            raise
        except SummarizerError as error:
            return Asked(began=began, result=ErrorInfo(kind=error.kind, message=str(error)), effort=error.effort)
        # One article's failure must not lose the others' results; it is named, with its place, in the record.
        except Exception as error:
            return Asked(began=began, result=_internal(error))

    async def judge(self, article: Article, asked: Asked) -> ArticleRecord:
        """Verify what was proposed, have it mended where that is worth a further request, and write the record."""
        if isinstance(asked.result, ErrorInfo):
            return self._failed(article, asked.result, asked.effort, asked.began)
        outcome = asked.result
        try:
            verified = await self.verifier.verify(article, outcome.proposals, self.ask.profile)
            if self.follows_up and verified.findings:
                async with self.places:
                    first, outcome = outcome, await self.engine.follow_up(article, self.ask, outcome, verified.findings)
                if outcome.proposals is not first.proposals:
                    verified = verify_mended(article, outcome.proposals, verified)
            record = ArticleRecord(
                article=article.info(),
                status=verified.status,
                summary=verified.summary,
                key_figures=verified.key_figures,
                deals=verified.deals,
                items=verified.items,
                audit=verified.audit,
                run=self._run_info(outcome, asked.began),
            )
            # A model may write half of a character pair; no file holds that, and it is found here, not at the end.
            record.to_json()
        except (RunStoppedError, UsageError):
            raise
        except SummarizerError as error:
            info = ErrorInfo(kind=error.kind, message=str(error))
            return self._failed(article, info, error.effort or outcome.effort, asked.began)
        # As in `ask_about`.
        except Exception as error:
            return self._failed(article, _internal(error), outcome.effort, asked.began)
        return record

    def _failed(self, article: Article, error: ErrorInfo, effort: Effort | None, began: float) -> ArticleRecord:
        run = self._run_info(Outcome(proposals=Proposals(), effort=effort or Effort()), began)
        return ArticleRecord(article=article.info(), status="failed", error=error, run=run)

    def _run_info(self, outcome: Outcome, began: float) -> RunInfo:
        effort = outcome.effort
        return RunInfo(
            engine=self.engine_name,
            model=effort.model or self.model,
            prompt_version=outcome.prompt_version,
            requests=effort.requests,
            paid_requests=effort.paid_requests,
            possibly_paid_requests=effort.possibly_paid_requests,
            input_tokens=effort.input_tokens,
            cached_input_tokens=effort.cached_input_tokens,
            output_tokens=effort.output_tokens,
            tokens_are_estimated=effort.tokens_are_estimated,
            follow_ups=effort.follow_ups,
            cost_usd=_number(effort.cost_usd if effort.paid_requests else Decimal(0)),
            answers_cost_usd=_number(effort.answers_cost_usd if effort.requests else Decimal(0)),
            possibly_paid_usd=_number(effort.possibly_paid_usd if effort.possibly_paid_requests else Decimal(0)),
            from_cache=effort.requests > 0 and effort.paid_requests == 0,
            seconds=round(self.now() - began, 3),
            profile=self.ask.profile.name if self.ask.profile else None,
            parts=() if self.ask.profile else self.ask.parts,
            notes=(*outcome.notes, *self._other_model(effort)),
        )

    def _other_model(self, effort: Effort) -> tuple[str, ...]:
        """Say that another model answered than the one asked; `RunInfo.model` says which."""
        is_other = self.model is not None and effort.model is not None and not is_same_model(self.model, effort.model)
        return (OTHER_MODEL,) if is_other else ()


def record_of_failed_input(failed: FailedInput, engine_name: Literal["llm", "offline"]) -> ArticleRecord:
    """Return a failed record for an input that never became an article, for callers who want one record an input."""
    empty_sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    info = ArticleInfo(
        id=failed.id or failed.source, source=failed.source, language="und", sha256=empty_sha256, chars=0
    )
    error = ErrorInfo(kind=failed.kind, message=failed.message)
    return ArticleRecord(article=info, status="failed", error=error, run=RunInfo(engine=engine_name))


def _number(amount: Decimal | None) -> float | None:
    """Return an amount as JSON has it; the digits stay those of the decimal."""
    return None if amount is None else float(amount)


def _internal(error: Exception) -> ErrorInfo:
    """Name a fault of our own by type and place; its text may hold the article's."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno}"
    what = f"{type(error).__name__} at {place}"
    return ErrorInfo(
        kind="internal", message=f"{what}: a fault of this program, in this article alone; please report it"
    )
