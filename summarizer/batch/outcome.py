"""What a run tells while it goes and leaves when it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from summarizer.errors import SummarizerError
from summarizer.records import ArticleRecord, FailedInput
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

    `requests` are the answers used, wherever they came from; `paid_requests` those paid now; `possibly_paid_requests`
    attempts that brought nothing and may be charged for. Tokens are those of all answers used, as far as the provider
    states them: `articles_without_usage` have none stated. `cost_usd` is that of the articles whose price is known.
    """

    articles: int = 0
    ok: int = 0
    needs_review: int = 0
    failed: int = 0
    inputs_not_read: int = 0
    inputs_skipped: int = 0
    not_run: int = 0
    from_cache: int = 0
    requests: int = 0
    paid_requests: int = 0
    possibly_paid_requests: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    articles_without_usage: int = 0
    cost_usd: float = 0.0
    articles_without_price: int = 0

    def count(self, record: ArticleRecord) -> None:
        """Add one record."""
        self.articles += 1
        setattr(self, record.status, getattr(self, record.status) + 1)
        run = record.run
        self.from_cache += run.from_cache
        self.requests += run.requests
        self.paid_requests += run.paid_requests
        self.possibly_paid_requests += run.possibly_paid_requests
        if run.requests and (run.input_tokens is None or run.output_tokens is None):
            self.articles_without_usage += 1
        self.input_tokens += run.input_tokens or 0
        self.cached_input_tokens += run.cached_input_tokens or 0
        self.output_tokens += run.output_tokens or 0
        if run.paid_requests or run.possibly_paid_requests:
            self.cost_usd += run.cost_usd or 0.0
            self.articles_without_price += run.cost_usd is None

    def count_unfinished(self, effort: Any) -> None:
        """Add what was spent on an article that has no record, because the run was stopped while it was asked about."""
        if effort is None:
            return
        self.requests += effort.requests
        self.paid_requests += effort.paid_requests
        self.possibly_paid_requests += effort.possibly_paid_requests
        self.input_tokens += effort.input_tokens or 0
        self.cached_input_tokens += effort.cached_input_tokens or 0
        self.output_tokens += effort.output_tokens or 0
        self.articles_without_price += bool(effort.paid_requests or effort.possibly_paid_requests)

    @property
    def known_cost_usd(self) -> float | None:
        """What this run cost; None where the price of something that was paid is not known."""
        return None if self.articles_without_price else round(self.cost_usd, 6)


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
