"""The list of articles: what a row shows, and what it is filtered and sorted by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from summarizer.records import ArticleRecord
from summarizer.report.amounts import Language
from summarizer.report.labels import code_word
from summarizer.report.overview import Judged, OverviewRow, overview_row
from summarizer.report.page.cards import is_in_doubt
from summarizer.report.page.keys import page_link
from summarizer.report.periods import render_period


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One article of the list.

    `key` names it within the page; `open` counts the items to check, terms and a summary in doubt included; `date` is
    as in the record, `day` the same in words; `types` are the codes of its deals, `parties` their names, aliases included.
    """

    key: str
    counts: OverviewRow
    open: int
    date: str | None
    day: str
    publisher: str | None
    title: str | None
    deals: tuple[tuple[str, str], ...]
    types: tuple[str, ...]
    parties: tuple[str, ...]
    search: str

    @property
    def link(self) -> str:
        """The address of the article within the page."""
        return page_link(self.key)

    @property
    def verdicts(self) -> tuple[str, ...]:
        """What the filter by verification finds it under."""
        if self.counts.status == "failed":
            return ("has_failed",)
        rejected = ("has_rejected",) if self.counts.rejected else ()
        return (("has_review",) if self.open else ("all_verified",)) + rejected

    def as_json(self) -> dict[str, Any]:
        """Return what the page's script filters and sorts by."""
        return {
            "link": self.link,
            "headline": self.counts.headline or self.counts.id,
            "date": self.date or "",
            "open": self.open,
            "types": self.types,
            "parties": " | ".join(self.parties).casefold(),
            "verdicts": self.verdicts,
            "search": self.search.casefold(),
        }


def list_row(record: ArticleRecord, key: str, language: Language) -> ListRow:
    """Return the row of one record."""
    article, deals = record.article, record.deals or ()
    names = [name for deal in deals for party in deal.parties for name in (party.name, *party.aliases)]
    counts = overview_row(record)
    figures = [part for figure in record.key_figures or () for part in (figure.name, figure.entity)]
    points = [point.text for point in record.summary.key_points] if record.summary else []
    searched = (
        article.id, article.title, article.publisher, article.source, counts.headline,
        record.summary.abstract if record.summary else None, *points, *figures, *(deal.name for deal in deals), *names,
    )  # fmt: skip
    return ListRow(
        key=key,
        counts=counts,
        open=_open_count(record),
        date=article.published_on,
        day=render_period(article.published_on, language) if article.published_on else "",
        publisher=article.publisher,
        title=article.title if article.title != counts.headline else None,
        deals=tuple((code_word("deal_type", deal.type, language), _joined(deal.parties, language)) for deal in deals),
        types=tuple(dict.fromkeys(deal.type for deal in deals)),
        parties=tuple(dict.fromkeys(names)),
        search="\n".join(dict.fromkeys(part for part in searched if part)),
    )


def _joined(parties: Iterable[Any], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(party.name for party in parties)


def _open_count(record: ArticleRecord) -> int:
    deals = record.deals or ()
    terms = (term for deal in deals for term in deal.terms)
    judged: tuple[Judged, ...] = (*(record.key_figures or ()), *deals, *terms, *(record.items or ()))
    return sum(one.verdict == "review" for one in judged) + is_in_doubt(record.summary)
