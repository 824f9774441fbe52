"""Verification: from what an engine proposes to what a record states, with the proof of each item.

Locate the words in the article, read numbers and dates from them there, admit, ask for a look, or reject.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from summarizer.errors import FormatError
from summarizer.proposals import Findings
from summarizer.records import ArticleRecord, Audit, Deal, Item, KeyFigure, RejectedItem, Status, Summary
from summarizer.verify.article_text import ArticleText
from summarizer.verify.audit import audit
from summarizer.verify.deals import admit_deal, judge_deals, settle_deals
from summarizer.verify.figures import admit_figure, judge_figures, refused_figure, settle_figures
from summarizer.verify.items import admit_items, judge_item
from summarizer.verify.mending import Admitted, findings_of, still_rejected
from summarizer.verify.summary import admit_summary, judge_summary

if TYPE_CHECKING:
    from summarizer.articles import Article
    from summarizer.profiles import Profile
    from summarizer.proposals import Proposals, ProposedFigure

__all__ = ["ArticleText", "Verified", "verify_mended", "verify_proposals", "verify_record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The parts of a record that come from proposals. None is what was not asked for.

    `findings` are what a follow-up could mend; they are no part of the record.
    """

    summary: Summary | None
    key_figures: tuple[KeyFigure, ...] | None
    deals: tuple[Deal, ...] | None
    items: tuple[Item, ...] | None
    audit: Audit
    status: Status
    findings: Findings


def verify_proposals(article: Article, proposals: Proposals, profile: Profile | None = None) -> Verified:
    """Place, read and judge everything an engine proposes about an article.

    A pure function of its arguments; a few milliseconds for an ordinary article.
    """
    text = ArticleText.of(article)
    rejected: list[RejectedItem] = []
    figures = None if proposals.figures is None else _admit_figures(text, proposals, rejected)
    deals: list[Deal] | None = None if proposals.deals is None else []
    marks = ("FROM_PATTERN",) if proposals.from_patterns else ()
    for proposed in proposals.deals or ():
        deal, refused = admit_deal(text, proposed, marks=marks)
        rejected += refused
        if deal is not None and deals is not None:
            deals.append(deal)
    deals = None if deals is None else settle_deals(text, deals)
    items: tuple[Item, ...] | None = None
    if profile is not None and proposals.items is not None:
        items, refused = admit_items(text, profile, proposals.items)
        rejected += refused
    summary = None if proposals.summary is None else admit_summary(text, proposals.summary)
    found = audit(text, figures or (), deals or (), items or (), summary, rejected)
    summary = None if summary is None else judge_summary(text, summary, found.prose)
    return Verified(
        summary=summary,
        key_figures=None if figures is None else tuple(figures),
        deals=None if deals is None else tuple(deals),
        items=items,
        audit=found,
        status=_status(figures or (), deals or (), items or (), summary, found),
        findings=findings_of(text, found, summary, wants_figures=figures is not None),
    )


def verify_mended(article: Article, proposals: Proposals, earlier: Verified) -> Verified:
    """Verify proposals that a follow-up has mended; what it put right is no longer listed as refused."""
    verified = verify_proposals(article, proposals)
    first, second = (
        Admitted(figures=one.key_figures or (), deals=one.deals or (), rejected=one.audit.rejected)
        for one in (earlier, verified)
    )
    found = verified.audit.model_copy(update={"rejected": tuple(still_rejected(first, second))})
    status = _status(second.figures, second.deals, verified.items or (), verified.summary, found)
    return replace(verified, audit=found, status=status)


def verify_record(record: ArticleRecord, text: str) -> ArticleRecord:
    """Derive every verdict of a stored record again, from its items and the article's canonical text.

    Nothing that the record says about its own verdicts is believed: an item that was changed after the run, or whose
    evidence does not stand in the text, comes back `review` or `rejected` with the codes that say why.

    Args:
        record: a record as a run wrote it; a failed one comes back unchanged.
        text: the content of `texts/<id>.txt`, newlines as they are.

    Raises:
        FormatError: the text is not the one the record was made from.
    """
    if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != record.article.sha256:
        raise FormatError(f"the text of {record.article.id!r} is not the one its record was made from; run it again")
    if record.status == "failed":
        return record
    from summarizer.articles.article import own_furniture
    from summarizer.articles.sentences import split_sentences

    article = ArticleText(
        text=text,
        furniture=record.article.furniture,
        sentences=split_sentences(text, own_furniture(record.article.furniture)),
        published_on=record.article.published_on,
        language=record.article.language,
        to_source=_stored_sources(record),
    )
    figures = None
    if record.key_figures is not None:
        figures = tuple(judge_figures(article, record.key_figures))
    deals = None if record.deals is None else tuple(judge_deals(article, record.deals))
    items = None if record.items is None else tuple(judge_item(article, item) for item in record.items)
    rejected = record.audit.rejected if record.audit else ()
    found = audit(article, figures or (), deals or (), items or (), record.summary, rejected)
    summary = None if record.summary is None else judge_summary(article, record.summary, found.prose)
    status = _status(figures or (), deals or (), items or (), summary, found)
    parts = {"summary": summary, "key_figures": figures, "deals": deals, "items": items}
    return record.model_copy(update={**parts, "audit": found, "status": status})


def _stored_sources(record: ArticleRecord) -> Callable[[int, int], tuple[int | None, int | None]]:
    """Lead spans back to the source by what the record itself says; the text alone does not know its source."""
    supports = [quantity.supported_by for quantity in (record.audit.prose if record.audit else ())]
    known = {(one.start, one.end): (one.source_start, one.source_end) for one in supports if one is not None}
    return lambda start, end: known.get((start, end), (None, None))


def _admit_figures(article: ArticleText, proposals: Proposals, rejected: list[RejectedItem]) -> list[KeyFigure]:
    admitted: list[tuple[ProposedFigure, KeyFigure]] = []
    for proposed in proposals.figures or ():
        figure = admit_figure(article, proposed)
        if isinstance(figure, RejectedItem):
            rejected.append(figure)
        else:
            admitted.append((proposed, figure))
    figures = []
    for (proposed, _), figure in zip(admitted, settle_figures(article, [one for _, one in admitted]), strict=True):
        if figure.verdict == "rejected":
            rejected.append(refused_figure(proposed, *figure.reasons))
        else:
            figures.append(figure)
    return figures


def _status(
    figures: Iterable[KeyFigure], deals: Sequence[Deal], items: Iterable[Item], summary: Summary | None, found: Audit
) -> Status:
    """Return `ok` only where every item is verified, nothing was refused and the summary stands."""
    verdicts = [figure.verdict for figure in figures] + [item.verdict for item in items]
    verdicts += [deal.verdict for deal in deals] + [term.verdict for deal in deals for term in deal.terms]
    verdicts += [summary.verdict] if summary else []
    is_clean = all(verdict == "verified" for verdict in verdicts) and not found.rejected
    return "ok" if is_clean else "needs_review"
