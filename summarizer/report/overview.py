"""One row a record: what the tables of a batch show, in a file and in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol, TypeVar

from summarizer.records import ArticleRecord, RunInfo, Status, Verdict
from summarizer.report.labels import VERDICT_ORDER


class Judged(Protocol):
    """Whatever carries a verdict: a figure, a deal, a term, an item of a profile."""

    @property
    def verdict(self) -> Verdict:
        """The verdict of verification."""


J = TypeVar("J", bound=Judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewRow:
    """The counts of one record. `headline` falls back to the error's message, then to the article's title.

    `rejected` counts every proposal that was not admitted, of whatever kind. `run` says who made the record, no more: the
    rows of a large batch share it.
    """

    id: str
    status: Status
    headline: str | None
    figures_verified: int
    figures_review: int
    rejected: int
    deals_verified: int
    deals: int
    run: RunInfo


def overview_row(record: ArticleRecord) -> OverviewRow:
    """Return the row of one record."""
    figures, deals = record.key_figures or (), record.deals or ()
    rejected = len(record.audit.rejected) if record.audit else 0
    verdicts = (one.verdict for part in (figures, deals, record.items or ()) for one in part)
    rejected += sum(verdict == "rejected" for verdict in verdicts)
    return OverviewRow(
        id=record.article.id,
        status=record.status,
        headline=_headline(record),
        figures_verified=sum(figure.verdict == "verified" for figure in figures),
        figures_review=sum(figure.verdict == "review" for figure in figures),
        rejected=rejected,
        deals_verified=sum(deal.verdict == "verified" for deal in deals),
        deals=len(deals),
        run=_maker(record.run.engine, record.run.model),
    )


@lru_cache(maxsize=64)
def _maker(engine: Literal["llm", "offline"], model: str | None) -> RunInfo:
    return RunInfo(engine=engine, model=model)


def verified_first(items: Iterable[J]) -> list[J]:
    """Return the items, verified ones first, then those to check, then rejected ones; otherwise in their order."""
    return sorted(items, key=lambda item: VERDICT_ORDER[item.verdict])


def split_verified(items: Iterable[J]) -> tuple[Sequence[J], Sequence[J]]:
    """Return the verified items and all the others, each in their order."""
    ordered = verified_first(items)
    verified = [item for item in ordered if item.verdict == "verified"]
    return verified, ordered[len(verified) :]


def _headline(record: ArticleRecord) -> str | None:
    if record.summary is not None:
        return record.summary.headline
    if record.error is not None:
        return f"{record.error.kind}: {record.error.message}"
    return record.article.title
