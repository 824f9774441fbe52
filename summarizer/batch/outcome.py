"""What a run tells while it goes and leaves when it ends."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, Protocol

from summarizer.engines import Effort
from summarizer.errors import SummarizerError
from summarizer.pipeline import OTHER_MODEL
from summarizer.prices import price_of
from summarizer.records import ArticleRecord, FailedInput, RunInfo, Status
from summarizer.settings import Settings


class Reporter(Protocol):
    """Hears how a run goes; the terminal shows it, a caller may count it."""

    def begin(self, total: int, settings: Settings) -> None:
        """All inputs are read; `total` articles will be processed as the settings say."""

    def finished(self, record: ArticleRecord) -> None:
        """One article has its record."""

    def problem(self, message: str) -> None:
        """Something that the run goes on without: an input, the store."""

    def end(self) -> None:
        """No more will come."""


@dataclass(slots=True, kw_only=True)
class Totals:
    """What a run did, in articles, answers, tokens and money.

    `reused` of the articles stand as an earlier run left them: nothing was done about them, and what they took then is
    not counted again.

    `requests` are the answers used, wherever they came from; `paid_requests` those paid now; `possibly_paid_requests`
    attempts that brought nothing and may be charged for. Tokens are those of all answers used: in
    `articles_with_estimated_tokens` some were estimated, in `articles_without_usage` some are not known. Money is in US
    dollars by list price, exact sums of what the records say: `cost_usd` paid now by the articles whose price is known,
    `answers_cost_usd` what all the answers used cost when they were paid, `possibly_paid_usd` the most that the possibly
    paid attempts may cost.
    """

    articles: int = 0
    ok: int = 0
    needs_review: int = 0
    failed: int = 0
    inputs_not_read: int = 0
    inputs_skipped: int = 0
    not_run: int = 0
    reused: int = 0
    from_cache: int = 0
    requests: int = 0
    paid_requests: int = 0
    possibly_paid_requests: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    articles_without_usage: int = 0
    articles_with_estimated_tokens: int = 0
    articles_without_price: int = 0
    articles_of_another_model: int = 0
    cost_usd: Decimal = Decimal(0)
    answers_cost_usd: Decimal | None = Decimal(0)
    possibly_paid_usd: Decimal | None = Decimal(0)

    def count(self, record: ArticleRecord) -> None:
        """Add one record."""
        self.articles += 1
        setattr(self, record.status, getattr(self, record.status) + 1)
        run = record.run
        self.from_cache += run.from_cache
        self.articles_of_another_model += OTHER_MODEL in run.notes
        self._add(run)

    def count_reused(self, status: Status, articles: int = 1) -> None:
        """Add articles whose records stand as they were."""
        self.articles += articles
        self.reused += articles
        setattr(self, status, getattr(self, status) + articles)

    def count_unfinished(self, effort: Effort | None) -> None:
        """Add what was spent on an article that has no record, because the run was stopped while it was asked about."""
        if effort is not None:
            self._add(effort)

    @property
    def known_cost_usd(self) -> float | None:
        """What this run cost; None where the price of something that was paid is not known."""
        return None if self.articles_without_price else float(self.cost_usd)

    def counts(self) -> dict[str, int]:
        """Return everything but the money, by name."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in values.items() if not name.endswith("_usd")}

    def _add(self, spent: RunInfo | Effort) -> None:
        self.requests += spent.requests
        self.paid_requests += spent.paid_requests
        self.possibly_paid_requests += spent.possibly_paid_requests
        if spent.requests and (spent.input_tokens is None or spent.output_tokens is None):
            self.articles_without_usage += 1
        self.articles_with_estimated_tokens += spent.tokens_are_estimated
        self.input_tokens += spent.input_tokens or 0
        self.cached_input_tokens += spent.cached_input_tokens or 0
        self.output_tokens += spent.output_tokens or 0
        if spent.paid_requests:
            self.articles_without_price += spent.cost_usd is None
            self.cost_usd += _exact(spent.cost_usd) or 0
        if spent.requests:
            self.answers_cost_usd = _plus(self.answers_cost_usd, spent.answers_cost_usd)
        if spent.possibly_paid_requests:
            self.possibly_paid_usd = _plus(self.possibly_paid_usd, spent.possibly_paid_usd)


@dataclass(slots=True, kw_only=True)
class BatchResult:
    """What a run leaves beside its records: failures in input order, totals, and why it stopped early if it did."""

    failures: list[FailedInput] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    stopped: SummarizerError | None = None

    @property
    def exit_code(self) -> int:
        """The command's exit status by the contract."""
        if self.stopped is not None:
            return self.stopped.exit_code
        return 1 if any(failure.status == "failed" for failure in self.failures) else 0


def cost_info(totals: Totals, settings: Settings) -> dict[str, Any]:
    """Return what run.json says of money: amounts in US dollars as JSON numbers, null where they are not known."""
    is_llm = settings.resolved_engine == "llm"
    price = price_of(settings.model, settings.prices) if is_llm else None
    if is_llm and price is None:
        note = f"no price known for model {settings.model!r}; --prices FILE may name it"
    else:
        note = "by list price" if totals.paid_requests else "nothing was paid"
    return {
        "cost_usd": totals.known_cost_usd,
        "cost_at_least_usd": float(totals.cost_usd),
        "possibly_paid_at_most_usd": _number(totals.possibly_paid_usd),
        "answers_cost_usd": _number(totals.answers_cost_usd),
        "cost_note": note,
        "price": None if price is None else price.model_dump(mode="json") | {"models": [settings.model]},
    }


def _exact(amount: Decimal | float | None) -> Decimal | None:
    """Return an amount as the decimal that it was before it became a JSON number."""
    return Decimal(str(amount)) if isinstance(amount, float) else amount


def _plus(total: Decimal | None, amount: Decimal | float | None) -> Decimal | None:
    exact = _exact(amount)
    return None if total is None or exact is None else total + exact


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
