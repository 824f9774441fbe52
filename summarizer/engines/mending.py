"""The follow-up: what is said of an answer that was not wholly admitted, and how its mending is joined to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from summarizer.proposals import Findings, FollowUpProposal, Proposals, ProposedDeal, ProposedTerm, Refusal
from summarizer.templates import Prompts

# What the model is told; codes that are not here cannot be mended by asking.
MENDABLE = {
    "QUOTE_NOT_FOUND": "these words do not stand in the article so",
    "NUMBER_FRAGMENT": "these words cut a longer number of the article",
    "AMOUNT_UNREADABLE": "these words hold no amount",
    "AMOUNT_AMBIGUOUS": "these words hold more than one amount",
    "PARTY_NOT_IN_ARTICLE": "the article does not name it so",
    "PERSON_NOT_IN_ARTICLE": "the article does not name it so",
    "TOO_FEW_PARTIES": "the article does not name its parties so",
}
# Told of if there is a follow-up anyway; words without a number (减半, twice) are seldom mended and not worth one alone.
_NOT_ALONE = frozenset({"AMOUNT_UNREADABLE"})
_MOST_LINES = 40


def worth_asking(findings: Findings) -> Findings:
    """Return what of the findings a model could mend; empty findings where that does not pay for a request."""
    refusals = tuple(one for one in findings.refusals if one.reason in MENDABLE)
    mendable = replace(findings, refusals=refusals)
    alone = replace(mendable, refusals=tuple(one for one in refusals if one.reason not in _NOT_ALONE))
    return mendable if alone else Findings()


def follow_up_text(prompts: Prompts, findings: Findings) -> str:
    """Return what is added to the request; the article's and the model's words in it are data, never rendered."""
    return prompts["follow_up"].render(
        {
            "rejected": tuple(_line(refusal) for refusal in findings.refusals[:_MOST_LINES]),
            "unclaimed": tuple(f"[{number}] {amount}" for number, amount in findings.unclaimed[:_MOST_LINES]),
            "prose": ", ".join(findings.unsupported),
            "too_long": int(findings.is_too_long),
        }
    )


def join(first: Proposals, mended: FollowUpProposal) -> Proposals:
    """Return the first proposals with what the follow-up adds; verification sorts out what is told twice."""
    deals = None
    if first.deals is not None:
        kept = [deal for deal in first.deals if not any(_is_mended(deal, better) for better in mended.deals)]
        better = [_completed(one, first.deals) for one in mended.deals]
        deals = tuple(_with_terms(deal, mended) for deal in (*kept, *better))
    figures = None if first.figures is None else (*first.figures, *mended.figures)
    summary = first.summary
    if summary is not None:
        changes: dict[str, object] = {"abstract": mended.abstract} if any(map(str.strip, mended.abstract)) else {}
        if headline := mended.headline.strip():
            changes["headline"] = headline
        summary = summary.model_copy(update=changes)
    return replace(first, deals=deals, figures=figures, summary=summary)


def _is_mended(deal: ProposedDeal, better: ProposedDeal) -> bool:
    """Return whether the follow-up gives a deal again: under its name, or from its sentence with a party of it."""
    shared = {party.name for party in deal.parties} & {party.name for party in better.parties}
    return deal.name.strip() == better.name.strip() or (
        deal.s == better.s and deal.type == better.type and bool(shared)
    )


def _completed(better: ProposedDeal, deals: Iterable[ProposedDeal]) -> ProposedDeal:
    """Return a deal that was given again with the terms, people and fields of the earlier answer, which are not repeated."""
    for deal in deals:
        if _is_mended(deal, better):
            known = {(term.s, term.words) for term in better.terms}
            terms = [*better.terms, *(term for term in deal.terms if (term.s, term.words) not in known)]
            people, areas = better.people or deal.people, better.areas or deal.areas
            return better.model_copy(update={"terms": terms, "people": people, "areas": areas})
    return better


def _with_terms(deal: ProposedDeal, mended: FollowUpProposal) -> ProposedDeal:
    fields = ProposedTerm.model_fields
    added = [
        ProposedTerm.model_construct(**{name: getattr(term, name) for name in fields})
        for term in mended.terms
        if term.deal.strip() == deal.name.strip()
    ]
    return deal.model_copy(update={"terms": [*deal.terms, *added]}) if added else deal


def _line(refusal: Refusal) -> str:
    deal = f" of the deal {refusal.deal}" if refusal.deal else ""
    name = f" {refusal.name}" if refusal.name else ""
    where = f" in [{refusal.sentence}]" if refusal.sentence else ""
    return " ".join(f"{refusal.part}{deal}:{name} «{refusal.words}»{where}: {MENDABLE[refusal.reason]}".split())
