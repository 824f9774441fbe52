"""What a run would ask and cost, before it is paid: the requests are built by the engine itself and not sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from summarizer.api import PathLike, ask_of
from summarizer.articles.whole_batch import read_marked
from summarizer.errors import NotSentError
from summarizer.pipeline import Pipeline
from summarizer.prices import Price, price_of
from summarizer.quantities import scan
from summarizer.records import FailedInput
from summarizer.settings import Settings

if TYPE_CHECKING:
    from summarizer.wire.answers import Answers
    from summarizer.wire.collecting import Collecting

# Measured on the recorded answers in evals/recordings, whose usage their server estimated: 28 answers to 27 articles. How
# much a model writes follows from how many amounts the article states (R² 0.83) far more than from its length (0.29). A
# test holds the figures against the recordings.
OUTPUT_TOKENS: Final = 1_620
OUTPUT_TOKENS_PER_AMOUNT: Final = 26
ANSWERS_PER_ARTICLE: Final = Decimal("1.04")
_NO_AMOUNTS: Final = frozenset({"ordinal", "date", "date_rel"})
# What the text of a re-ask or of a follow-up adds at most: 80 lines and the words round them.
_ADDED_BYTES: Final = 16_000


@dataclass(slots=True, kw_only=True)
class Estimate:
    """The requests of a run that are not answered yet, and what they cost. Money in US dollars, None without a price.

    `articles` were read; `articles_answered` of them need nothing more, `articles_unfit` cannot be asked about, as a run
    will say. `requests` are those that can be built now; `requests_expected` includes re-asks, follow-ups and the
    summaries of long articles, `requests_at_most` is the limit on paid answers. `stored_answers` are there already.
    `input_tokens` are estimated from the requests' text. `expected_usd` and `pessimistic_usd` are the sums for
    `requests_expected` answers of usual length and for `requests_at_most` answers as long as the model allows, neither
    with anything from the provider's own cache; `most_usd_an_article` is the largest share of one article in the latter.
    """

    model: str
    price: Price | None
    attempts_at_most: int
    answers_at_most: int
    articles: int = 0
    articles_answered: int = 0
    articles_unfit: int = 0
    articles_in_parts: int = 0
    inputs_not_read: int = 0
    stored_answers: int = 0
    requests: int = 0
    requests_expected: Decimal = Decimal(0)
    requests_at_most: int = 0
    input_tokens: int = 0
    expected_input_tokens: Decimal = Decimal(0)
    expected_output_tokens: Decimal = Decimal(0)
    most_output_tokens_an_answer: int = 0
    expected_usd: Decimal | None = None
    pessimistic_usd: Decimal | None = None
    most_usd_an_article: Decimal | None = None


async def estimate_run(
    settings: Settings,
    paths: Sequence[PathLike],
    cache_dir: Path | None,
    on_problem: Callable[[str], None] | None = None,
) -> Estimate:
    """Return what a run over the inputs would cost with a model. Nothing is sent; no key is needed.

    Reads every input twice, once for what the batch repeats. Answers of an earlier run are taken from `cache_dir`, which
    is not made where it is missing.

    Raises:
        UsageError: a setting, profile or price file cannot be used.
    """
    from summarizer.engines.asking import LlmEngine
    from summarizer.engines.llm import MAX_ANSWERS
    from summarizer.wire.collecting import Collecting
    from summarizer.wire.retry import RetryPolicy
    from summarizer.wire.transport import WireTransport, collect_replies

    # A run without a key would not cost anything; what is wanted here is what one with a key would.
    settings = settings.model_copy(update={"engine": "llm"})
    collecting = Collecting()
    engine = LlmEngine(settings, WireTransport(_answers(settings, cache_dir, collecting, on_problem)))
    ask = ask_of(settings)
    pipeline = Pipeline(engine=engine, engine_name="llm", ask=ask, model=settings.model, follows_up=settings.follow_up)
    price = price_of(settings.model, settings.prices)
    estimate = Estimate(
        model=settings.model, price=price, attempts_at_most=RetryPolicy().attempts, answers_at_most=MAX_ANSWERS
    )
    is_mended = settings.follow_up and ask.profile is None
    reckoning = _Reckoning(
        estimate=estimate,
        has_summary="summary" in ask.parts and ask.profile is None,
        answers_an_article=ANSWERS_PER_ARTICLE if is_mended else Decimal(1),
    )

    def note(failed: FailedInput) -> None:
        if failed.status == "failed":
            estimate.inputs_not_read += 1
            if on_problem is not None:
                on_problem(failed.named_message)

    try:
        for article in read_marked(paths, note):
            with collect_replies() as replies:
                record = await pipeline.process(article)
            is_open = record.error is not None and record.error.kind == NotSentError.kind
            is_unfit = record.error is not None and not is_open and not replies
            reckoning.add(
                [_Question.of(request.document or {}, len(request.body), price) for request in collecting.take()],
                answered=len(replies),
                is_unfit=is_unfit,
                is_open=is_open,
            )
    finally:
        await engine.aclose()
    return reckoning.result()


def expected_output_tokens(document: Mapping[str, Any]) -> int:
    """Return how long an answer to this request is to be expected, from the amounts in its last message."""
    messages = document.get("messages")
    content = messages[-1].get("content") if isinstance(messages, list) and messages else None
    amounts = [one for one in scan(content) if one.value is not None and one.kind not in _NO_AMOUNTS] if content else []
    return OUTPUT_TOKENS + OUTPUT_TOKENS_PER_AMOUNT * len(amounts)


def _answers(
    settings: Settings, cache_dir: Path | None, collecting: Collecting, on_problem: Callable[[str], None] | None
) -> Answers:
    from summarizer.wire.answers import Answers
    from summarizer.wire.store import STORE_VERSION, AnswerStore

    # Looking must not make a store where there is none.
    is_there = cache_dir is not None and (cache_dir / f"v{STORE_VERSION}").is_dir()
    store = AnswerStore(cache_dir, on_problem=on_problem) if cache_dir is not None and is_there else None
    return Answers(collecting, store=store)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A request that is not answered yet: tokens of its text, of the answer, and the most that one answer may cost.

    `most_usd` says nothing where there is no price.
    """

    input_tokens: int
    output_tokens: int
    most_output_tokens: int
    most_usd: Decimal

    @classmethod
    def of(cls, document: Mapping[str, Any], body_bytes: int, price: Price | None) -> _Question:
        from summarizer.engines.session import estimated_input_tokens
        from summarizer.wire.budget import most_cost, most_output_tokens

        most = most_output_tokens(document, price)
        return cls(
            input_tokens=estimated_input_tokens(document),
            output_tokens=min(expected_output_tokens(document), most),
            most_output_tokens=most,
            most_usd=Decimal(0) if price is None else most_cost(document, body_bytes + _ADDED_BYTES, price),
        )


@dataclass(slots=True, kw_only=True)
class _Reckoning:
    """Adds up the articles of a run."""

    estimate: Estimate
    has_summary: bool
    answers_an_article: Decimal
    pessimistic_usd: Decimal = Decimal(0)
    most_usd_an_article: Decimal = Decimal(0)

    def add(self, questions: Sequence[_Question], *, answered: int, is_unfit: bool, is_open: bool) -> None:
        """Add one article.

        Args:
            questions: its requests that are not answered.
            answered: how many answers the store gave.
            is_unfit: nothing can be asked about it.
            is_open: it failed for want of an answer; else only a follow-up is wanting.
        """
        total = self.estimate
        total.articles += 1
        total.stored_answers += answered
        total.articles_unfit += is_unfit
        if not questions:
            total.articles_answered += not is_unfit
            return
        before = self.pessimistic_usd
        total.requests += len(questions)
        total.input_tokens += sum(question.input_tokens for question in questions)
        # One request is the article whole; a stored answer that is to be asked for again is taken for a part, and is rare.
        if is_open and len(questions) + answered > 1:
            total.articles_in_parts += 1
            # Built from the answers to the parts, and about as long as one of them.
            summary = [max(questions, key=lambda question: question.input_tokens)] if self.has_summary else []
            for question in [*questions, *summary]:
                self._expect(question, Decimal(1), total.answers_at_most)
        else:
            share = self.answers_an_article if is_open else Decimal(1)
            self._expect(questions[0], share, max(1, total.answers_at_most - answered))
        self.most_usd_an_article = max(self.most_usd_an_article, self.pessimistic_usd - before)

    def result(self) -> Estimate:
        """Return the estimate with its sums."""
        total = self.estimate
        if total.price is not None:
            total.expected_usd = total.price.cost(
                input_tokens=int(total.expected_input_tokens), output_tokens=int(total.expected_output_tokens)
            )
            total.pessimistic_usd = self.pessimistic_usd
            total.most_usd_an_article = self.most_usd_an_article
        return total

    def _expect(self, question: _Question, answers: Decimal, answers_at_most: int) -> None:
        total = self.estimate
        total.requests_expected += answers
        total.requests_at_most += answers_at_most
        total.expected_input_tokens += answers * question.input_tokens
        total.expected_output_tokens += answers * question.output_tokens
        total.most_output_tokens_an_answer = max(total.most_output_tokens_an_answer, question.most_output_tokens)
        self.pessimistic_usd += answers_at_most * question.most_usd
