"""Unsupported rate: of the items that a record calls verified, the share that nothing bears out. Lower is better.

Counted are figures, deals and terms whose verdict is `verified`. One is supported if it matches a label (a figure with
value, unit and metric right; a deal with no party and no sum wrong; a term at all), or if reading it again confirms it:

- a figure: its evidence stands at its offsets, its amount is in the quote, and the article, scanned as a whole, reads
  there the value, value_max and unit that the figure states. Scanned as a whole, because a piece such as 3% of 12.3% reads
  well when scanned alone. A unit that the text leaves out may be the one its context implies.
- a deal: its evidence stands, each party stands in the article under its name or an alias, and its sum reads as said.
- a term: its evidence stands, and every amount in its text has an equal in the evidence.

The hard case is a true statement that no label has, and the reverse, a label matched with a wrong value: neither may be
decided by the labels alone (they are never exhaustive) nor by the record's own verdict. In `counts`, `correct` are the
unsupported items and `incorrect` the supported ones, so that the share is the rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evals.outcomes import Counts, DealMatch, FigureMatch, Outcome, TermMatch
from evals.scorers.places import CaseText
from evals.scorers.slots import RIGHT, folded, same_number, same_unit
from summarizer.quantities import equal_quantities, implied_unit, parallel_unit, scan
from summarizer.records import Consideration, Deal, Evidence, KeyFigure, Quantity, Term


def score_support(
    text: CaseText,
    figures: Sequence[KeyFigure],
    figure_rows: Iterable[FigureMatch],
    deals: Sequence[Deal],
    deal_rows: Iterable[DealMatch],
) -> Counts:
    """Return how many verified items are unsupported (`correct`) and how many supported (`incorrect`)."""
    verdicts = [
        _is_right(row.slots, "value", "unit", "metric") or states_amount(text, figures[row.predicted])
        for row in figure_rows
        if row.predicted is not None and figures[row.predicted].verdict == "verified"
    ]
    for deal_row in deal_rows:
        if deal_row.predicted is None:
            continue
        deal = deals[deal_row.predicted]
        if deal.verdict == "verified":
            verdicts.append(_is_right(deal_row.slots, "parties", "consideration") or states_deal(text, deal))
        verdicts += _term_verdicts(text, deal, deal_row.terms)
    return Counts(correct=verdicts.count(False), incorrect=verdicts.count(True))


def states_amount(text: CaseText, figure: KeyFigure | Consideration) -> bool:
    """Return whether the article states the amount at the evidence, and reads there what the item says it is."""
    places = text.amount_places(figure.amount, figure.evidence)
    inside = (
        quantity
        for quantity in text.quantities
        if any(start <= quantity.start and quantity.end <= end for start, end in places)
    )
    return any(_reads_as(text, quantity, figure) for quantity in inside)


def states_deal(text: CaseText, deal: Deal) -> bool:
    """Return whether the evidence stands, the article names every party, and the sum reads as the deal says."""
    article = folded(text.text)
    is_named = all(any(folded(name) in article for name in (one.name, *one.aliases)) for one in deal.parties)
    is_sum_right = deal.consideration is None or states_amount(text, deal.consideration)
    return bool(deal.parties) and is_named and is_sum_right and _all_stand(text, deal.evidence)


def states_term(text: CaseText, term: Term) -> bool:
    """Return whether the evidence stands and holds every amount of the term's text; dates are not compared."""
    stated = [quantity for one in term.evidence for quantity in scan(one.quote)]
    said = [one for one in scan(term.text) if one.value is not None and not one.kind.startswith("date")]
    return _all_stand(text, term.evidence) and all(any(equal_quantities(own, one) for own in stated) for one in said)


def _term_verdicts(text: CaseText, deal: Deal, rows: Iterable[TermMatch]) -> list[bool]:
    return [
        row.kind == "matched" or states_term(text, deal.terms[row.predicted])
        for row in rows
        if row.predicted is not None and deal.terms[row.predicted].verdict == "verified"
    ]


def _is_right(slots: Mapping[str, Outcome], *names: str) -> bool:
    return bool(slots) and all(slots[name] in RIGHT for name in names)


def _reads_as(text: CaseText, quantity: Quantity, stated: KeyFigure | Consideration) -> bool:
    if not (same_number(quantity.value, stated.value) and same_number(quantity.value_max, stated.value_max)):
        return False
    implied = implied_unit(quantity, text.text, currency=text.currency)
    shared = parallel_unit(quantity, text.text, [one for one in text.quantities if one.end <= quantity.start])
    return any(same_unit(unit, stated.unit) for unit in (quantity.unit, implied, shared or implied))


def _all_stand(text: CaseText, evidence: Sequence[Evidence]) -> bool:
    return bool(evidence) and all(text.stands(one) for one in evidence)
