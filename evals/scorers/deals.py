"""Deals: which labelled deals a record has, and how many of their slots are right.

Bottom-up: for every label and every predicted deal (verdict not `rejected`) the nested lists are matched first, parties,
terms and people each by an assignment of their own; then one assignment puts the deals together. A pair may be matched only
if the two have a party in common, or are of the same type and their evidence overlaps. The number of parties in common
decides, then slots right, terms matched, overlapping evidence, and last that a key label goes first.

Detection: a key label matched is correct, unmatched missing; a predicted deal without a label is spurious. `minor` labels
and what is matched to them count nowhere. Slots and people (deal_slots.py) are counted over matched key deals only: a lost
deal is a mistake of detection, not of nine slots. Only where the article failed as a whole are they missing too.

The hard case is one party in many deals (a park that eight companies move into): each predicted deal may go with each
label. Two parties in common weigh as much as four pairs with one, so that a whole deal is never torn into two halves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.gold import GoldDeal
from evals.matching import assign, rank
from evals.outcomes import Counts, DealMatch, Outcome, TermMatch
from evals.scorers.deal_slots import lost_slots, parties_in_common, score_people, score_slots
from evals.scorers.places import CaseText, overlap, spans_of
from evals.scorers.slots import RIGHT, tally
from evals.scorers.support import states_deal
from evals.scorers.terms import match_terms, unmatched_terms
from summarizer.records import Deal

_MOST = 60


def match_deals(text: CaseText, deals: Sequence[Deal]) -> tuple[DealMatch, ...]:
    """Return a row for each labelled deal, in order, then one for each predicted deal without a label."""
    labels = text.case.gold.deals
    reported = [index for index, deal in enumerate(deals) if deal.verdict != "rejected"]
    pairs = [[_Pair.of(text, label, deals[index]) for index in reported] for label in labels]
    matched = dict(assign([[pair.weight for pair in row] for row in pairs]))
    rows = []
    for gold, label in enumerate(labels):
        if gold in matched:
            pair = pairs[gold][matched[gold]]
            rows.append(
                DealMatch(
                    kind="matched",
                    gold=gold,
                    predicted=reported[matched[gold]],
                    importance=label.importance,
                    slots=pair.slots,
                    terms=pair.terms,
                    people=pair.people,
                )
            )
        else:
            rows.append(
                DealMatch(
                    kind="missing",
                    gold=gold,
                    importance=label.importance,
                    slots=lost_slots(label),
                    terms=match_terms(text, label, ()),
                    people=score_people(label, ()),
                )
            )
    rows += [
        DealMatch(
            kind="extra",
            predicted=index,
            terms=unmatched_terms(deals[index].terms),
            is_supported=deals[index].verdict == "verified" and states_deal(text, deals[index]),
        )
        for column, index in enumerate(reported)
        if column not in matched.values()
    ]
    return tuple(rows)


def deal_counts(rows: Sequence[DealMatch], *, is_failed: bool = False) -> dict[str, Counts]:
    """Return the counts of detection, slots and people. `is_failed` has slots and people of unmatched deals missing."""
    keys = [row for row in rows if row.importance == "key"]
    scored = [row for row in keys if row.kind == "matched" or is_failed]
    found: list[Outcome] = ["correct" if row.kind == "matched" else "missing" for row in keys]
    extra: list[Outcome] = ["spurious" for row in rows if row.kind == "extra"]
    return {
        "deals_f1": tally(found + extra),
        "deal_slots_f1": tally(outcome for row in scored for outcome in row.slots.values()),
        "signatories_f1": tally(outcome for row in scored for outcome in row.people.values()),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A label beside a predicted deal, their lists matched. A weight of 0: they may not be matched."""

    slots: dict[str, Outcome]
    terms: tuple[TermMatch, ...]
    people: dict[str, Outcome]
    weight: int

    @classmethod
    def of(cls, text: CaseText, label: GoldDeal, deal: Deal) -> _Pair:
        slots = score_slots(label, deal)
        terms = match_terms(text, label, deal.terms)
        common = len(parties_in_common(label, deal.parties))
        is_near = overlap(spans_of(deal.evidence), text.label_spans(label)) > 0
        weight = 0
        if common or (is_near and slots["type"] == "correct"):
            parties = min(common, _MOST)
            weight = rank(
                (parties * parties, _MOST * _MOST),
                (sum(outcome in RIGHT for outcome in slots.values()), len(slots)),
                (min(_MOST, sum(row.kind == "matched" for row in terms)), _MOST),
                (is_near, 1),
                (label.importance == "key", 1),
            )
        return cls(slots=slots, terms=terms, people=score_people(label, deal.signatories), weight=weight)
