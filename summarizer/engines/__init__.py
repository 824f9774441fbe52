"""Who proposes: a language model behind the wire, or the embedded offline engine. Verification treats both alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol, TypeVar

from summarizer.proposals import PARTS, Findings, PartName, Proposals

if TYPE_CHECKING:
    from summarizer.articles import Article
    from summarizer.profiles import Profile

_Amount = TypeVar("_Amount", int, Decimal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is wanted of an engine: the built-in parts, or a user's profile in their place."""

    parts: tuple[PartName, ...] = PARTS
    language: str = "auto"
    profile: Profile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What the proposals cost. Tokens are None where that is not known.

    `possibly_paid_requests` are attempts that brought no usable answer and may be charged for all the same.
    `tokens_are_estimated`: an answer did not state its usage, or said that it guessed. Money is in US dollars, by list
    price, None where no price is known: `cost_usd` of the answers paid now, `answers_cost_usd` of all answers used,
    whenever they were paid, `possibly_paid_usd` what the possibly paid attempts may cost at most.
    """

    requests: int = 0
    paid_requests: int = 0
    possibly_paid_requests: int = 0
    input_tokens: int | None = None
    cached_input_tokens: int | None = None
    output_tokens: int | None = None
    tokens_are_estimated: bool = False
    cost_usd: Decimal | None = None
    answers_cost_usd: Decimal | None = None
    possibly_paid_usd: Decimal | None = None
    model: str | None = None
    follow_ups: int = 0

    def plus(self, other: Effort) -> Effort:
        """Return the sum; tokens that one side does not know are not known."""
        return Effort(
            requests=self.requests + other.requests,
            paid_requests=self.paid_requests + other.paid_requests,
            possibly_paid_requests=self.possibly_paid_requests + other.possibly_paid_requests,
            input_tokens=_sum(self.input_tokens, other.input_tokens),
            cached_input_tokens=_sum(self.cached_input_tokens, other.cached_input_tokens),
            output_tokens=_sum(self.output_tokens, other.output_tokens),
            tokens_are_estimated=self.tokens_are_estimated or other.tokens_are_estimated,
            cost_usd=_sum(self.cost_usd, other.cost_usd),
            answers_cost_usd=_sum(self.answers_cost_usd, other.answers_cost_usd),
            possibly_paid_usd=_sum(self.possibly_paid_usd, other.possibly_paid_usd),
            model=self.model or other.model,
            follow_ups=self.follow_ups + other.follow_ups,
        )


def _sum(one: _Amount | None, other: _Amount | None) -> _Amount | None:
    return None if one is None or other is None else one + other


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An engine's answer for one article: what it proposes, what that cost, remarks for the record.

    `is_in_parts` says that the article was too long to be asked about at once.
    """

    proposals: Proposals
    effort: Effort = field(default_factory=Effort)
    prompt_version: str | None = None
    is_in_parts: bool = False
    notes: tuple[str, ...] = ()


class Engine(Protocol):
    """Proposes facts about one article; a pure function of the article, the settings and the exchanges.

    `given_up` is what was spent on articles whose processing was cancelled, None where there are none.
    """

    given_up: Effort | None

    async def propose(self, article: Article, ask: Ask) -> Outcome:
        """Return what the engine finds.

        Raises:
            AnswerError, ExchangeError: this article has no usable answer; others may.
            RunStoppedError: no article can have one.
        """
        ...

    async def follow_up(self, article: Article, ask: Ask, first: Outcome, findings: Findings) -> Outcome:
        """Have the first outcome mended where verification found fault; the first outcome itself where that is not possible.

        Raises:
            RunStoppedError: no article can have an answer.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections and stores."""
        ...
