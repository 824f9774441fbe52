"""What a follow-up should mend, and what counts as mended afterwards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.proposals import Findings, Refusal
from summarizer.records import Audit, Deal, KeyFigure, Quantity, RejectedItem, Summary
from summarizer.verify.article_text import ArticleText

# Sums, shares and multiples that nobody claims are worth a question; counts and periods abound in any text.
_ASKED_FOR = frozenset({"currency", "percent", "percent_point", "multiple"})
# A few left out are the model's judgement; as many as this look like oversight.
_MANY_UNCLAIMED = 3
_MANY_SHARE = 0.04
# Which field holds the copied words; the sum of a deal is not what was wrong with it.
_WORDS = ("amount", "words", "name", "title")


def findings_of(article: ArticleText, audit: Audit, summary: Summary | None, *, wants_figures: bool) -> Findings:
    """Return what is worth a follow-up: refused proposals, forgotten amounts, numbers of the summary without support."""
    forgotten = _forgotten(article, audit) if wants_figures else []
    unsupported = [quantity.text for quantity in audit.prose if quantity.supported_by is None]
    return Findings(
        refusals=tuple(refusal for item in audit.rejected if (refusal := _refusal(item)) is not None),
        unclaimed=tuple((article.sentence_at(quantity.start), quantity.text) for quantity in forgotten),
        unsupported=tuple(dict.fromkeys(unsupported)),
        is_too_long=summary is not None and "TOO_LONG" in summary.reasons,
    )


def _forgotten(article: ArticleText, audit: Audit) -> list[Quantity]:
    """Return the unclaimed amounts worth a question: sums, shares and multiples that nothing claims at another place."""
    unclaimed = {quantity.start for quantity in audit.unclaimed}
    claimed = {(quantity.value, quantity.unit) for quantity in article.quantities if quantity.start not in unclaimed}
    told = [one for one in audit.unclaimed if one.kind in _ASKED_FOR and (one.value, one.unit) not in claimed]
    first = {(quantity.value, quantity.unit): quantity for quantity in reversed(told)}
    # US$1 and 100 % are what others are measured by.
    found = [one for one in told if first[one.value, one.unit] is one and one.value not in ("1", "100")]
    return found if len(found) >= max(_MANY_UNCLAIMED, _MANY_SHARE * len(article.quantities)) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """What one verification admitted and what it refused."""

    figures: Sequence[KeyFigure]
    deals: Sequence[Deal]
    rejected: Sequence[RejectedItem]


def still_rejected(first: Admitted, second: Admitted) -> list[RejectedItem]:
    """Return what remains refused after a follow-up.

    A proposal of the first answer is mended when a figure or deal of its name, or a new term of its deal and kind, was
    admitted in its place. What the follow-up only told again (`DUPLICATE`) is no refusal.
    """
    known = {_identity(item) for item in first.rejected}
    told = {(deal.name, term.text) for deal in first.deals for term in deal.terms}
    mended = {("figures", figure.name) for figure in second.figures} | {("deals", deal.name) for deal in second.deals}
    mended |= {
        ("terms", f"{deal.name} {term.kind}")
        for deal in second.deals
        for term in deal.terms
        if (deal.name, term.text) not in told
    }
    return [item for item in second.rejected if not _is_settled(item, known, mended)]


def _is_settled(rejected: RejectedItem, known: set[str], mended: set[tuple[str, str]]) -> bool:
    is_repeated = "DUPLICATE" in rejected.reasons
    if _identity(rejected) not in known:
        return is_repeated
    item = rejected.item
    part = str(item.get("part"))
    name = f"{item.get('deal')} {item.get('kind')}" if part == "terms" else str(item.get("name"))
    return (part, name) in mended and not is_repeated


def _refusal(rejected: RejectedItem) -> Refusal | None:
    item = rejected.item
    if not rejected.reasons or rejected.reasons == ("DUPLICATE",):
        return None
    keys = _WORDS if item.get("part") != "deals" else _WORDS[1:]
    words = next((str(item[key]) for key in keys if item.get(key)), "")
    name = str(item.get("name") or "")
    return Refusal(
        part={"figures": "figure", "deals": "deal", "terms": "term"}.get(str(item.get("part")), str(item.get("part"))),
        name="" if name == words else name,
        words=words,
        sentence=int(item.get("s") or 0),
        reason=rejected.reasons[0],
        deal=str(item.get("deal") or ""),
    )


def _identity(rejected: RejectedItem) -> str:
    return json.dumps(rejected.item, sort_keys=True, default=repr)
