"""Terms of deals: which labelled terms a record has, and what stands there besides.

Within a pair of deals, labels and predicted terms (verdict not `rejected`) are put together by one optimal assignment. A
pair may be matched only if evidence and label's quote overlap by at least half of the shorter one. Where one of the two
cannot be placed, the texts must share half of the shorter one's pairs of characters. Of several terms in one place, the
more alike text goes first, then kind, obligor and condition, then the larger overlap, then a key label.

A key term is correct once it is matched, missing if not; terms of labelled deals that the record lacks are missing too.
A predicted term without a label is spurious, and so are all terms of a deal that no label has. `minor` terms, all terms of
minor deals, and what is matched to either count nowhere. The slots kind, obligor and condition are found for the reader of
the report and count in no metric: one clause is a commitment to one reader and a condition to the next.

The hard case is a term told in two pieces, or two labels that one predicted term covers: it is matched once, and the other
piece counts as it stands, spurious or missing. Only where the label is minor are further pieces of it let pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from evals.gold import GoldDeal, GoldTerm
from evals.matching import assign, rank
from evals.outcomes import Counts, DealMatch, Outcome, TermMatch
from evals.scorers.places import CaseText, overlap, spans_of
from evals.scorers.slots import RIGHT, folded, holds_either_way, shared_pairs, slot_outcome, tally
from summarizer.records import Term

_HALF: Final = 0.5
_STEPS: Final = 100
# Words for the parties together, in either language: for the two of a deal they mean the same.
_TOGETHER: Final = frozenset({"both", "all", "双方", "雙方", "各方", "三方"})


def match_terms(text: CaseText, deal: GoldDeal, terms: Sequence[Term]) -> tuple[TermMatch, ...]:
    """Return a row for each of the deal's labelled terms, in order, then one for each predicted term without a label."""
    reported = [index for index, term in enumerate(terms) if term.verdict != "rejected"]
    slots = [[_slots(deal, label, terms[index]) for index in reported] for label in deal.terms]
    weights = [
        [_weight(text, label, terms[index], own) for index, own in zip(reported, row, strict=True)]
        for label, row in zip(deal.terms, slots, strict=True)
    ]
    matched = dict(assign(weights))
    rows = []
    for gold, label in enumerate(deal.terms):
        if gold in matched:
            found = {"predicted": reported[matched[gold]], "slots": slots[gold][matched[gold]]}
            rows.append(TermMatch(kind="matched", gold=gold, importance=label.importance, **found))
        else:
            rows.append(TermMatch(kind="missing", gold=gold, importance=label.importance))
    for column, index in enumerate(reported):
        if column not in matched.values():
            minor = (gold for gold, label in enumerate(deal.terms) if label.importance == "minor")
            piece = next((gold for gold in minor if weights[gold][column]), None)
            importance = None if piece is None else "minor"
            rows.append(TermMatch(kind="extra", gold=piece, predicted=index, importance=importance))
    return tuple(rows)


def unmatched_terms(terms: Sequence[Term]) -> tuple[TermMatch, ...]:
    """Return the rows of a deal that no label has."""
    reported = (index for index, term in enumerate(terms) if term.verdict != "rejected")
    return tuple(TermMatch(kind="extra", predicted=index) for index in reported)


def term_counts(deals: Iterable[DealMatch]) -> dict[str, Counts]:
    """Return the counts of the terms' F1 and of the recall of key terms."""
    rows = [row for deal in deals if deal.importance != "minor" for row in deal.terms]
    found: list[Outcome] = [
        "correct" if row.kind == "matched" else "missing" for row in rows if row.importance == "key"
    ]
    spurious: list[Outcome] = ["spurious" for row in rows if row.kind == "extra" and row.importance is None]
    return {"terms_f1": tally(found + spurious), "terms_recall": tally(found)}


def _weight(text: CaseText, label: GoldTerm, term: Term, slots: dict[str, Outcome]) -> int:
    likeness = shared_pairs(label.text, term.text)
    places, evidence = text.label_spans(label), spans_of(term.evidence)
    covered = overlap(places, evidence)
    if (covered if places and evidence else likeness) < _HALF:
        return 0
    right = sum(outcome in RIGHT for outcome in slots.values())
    steps = (round(likeness * _STEPS), _STEPS), (right, 3), (round(covered * _STEPS), _STEPS)
    # 1 so that an allowed pair without any likeness still weighs.
    return 1 + rank(*steps, (label.importance == "key", 1))


def _slots(deal: GoldDeal, label: GoldTerm, term: Term) -> dict[str, Outcome]:
    names = [frozenset(map(folded, party.names)) for party in deal.parties]

    def is_same_party(one: str, other: str) -> bool:
        both = {folded(one), folded(other)}
        return len(both) == 1 or both <= _TOGETHER or any(both <= own for own in names)

    return {
        "kind": slot_outcome((label.kind, *label.kind_accept), term.kind),
        "obligor": slot_outcome((label.obligor, *label.obligor_accept), term.obligor, is_same_party),
        "condition": slot_outcome((label.condition,), term.condition, _is_same_condition),
    }


def _is_same_condition(one: str, other: str) -> bool:
    return holds_either_way(one, other) or shared_pairs(one, other) >= _HALF
