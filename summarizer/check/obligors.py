"""Who owes an amount: the terms of the record's deals bind one party for the other's good."""

from __future__ import annotations

import re
from typing import Final

from summarizer.check.naming import KnownNames, Mention, are_related
from summarizer.check.places import Place
from summarizer.records import Quantity, Term

# The one who owes, right before the verb, and nothing but the sum right behind it.
_OWES = re.compile(
    r"(?:需|须|应|将|要|would |will |must |also |had to |has to |is to |might |may ){0,2}"
    r"(?:支付|偿付|償付|缴纳|赔偿|\b(?:owes?|owed|pays?|paid|prepays?))",
    re.IGNORECASE,
)
_FARTHEST: Final = 24
_MONEY: Final = "currency"
_VERIFIED: Final = "verified"


def is_owed_by_another(clause: str, quantity: Quantity, place: Place, known: KnownNames) -> bool:
    """Return whether a clause of the draft has somebody owe a sum that a term has another owe to them.

    Args:
        clause: the clause of the draft's amount.
        quantity: the amount.
        place: where an article states the amount.
        known: the names of the records.
    """
    at = clause.find(quantity.text)
    mentions = [one for one in known.mentions(clause, 0, max(at, 0)) if not one.is_person]
    if quantity.kind != _MONEY or not mentions:
        return False
    owes = _OWES.match(clause[mentions[0].end :].lstrip())
    if owes is None or at - mentions[0].end - owes.end() > _FARTHEST:
        return False
    terms = [term for term in _terms_at(place) if term.obligor and term.beneficiary]
    return bool(terms) and all(_is_reversed(mentions[0], term, known) for term in terms)


def _is_reversed(subject: Mention, term: Term, known: KnownNames) -> bool:
    bound, favoured = (
        [name for one in known.mentions(party or "") for name in one.names]
        for party in (term.obligor, term.beneficiary)
    )
    is_bound = are_related(subject.names, bound, is_strict=True)
    return bool(bound) and not is_bound and are_related(subject.names, favoured, is_strict=True)


def _terms_at(place: Place) -> list[Term]:
    """Return the verified terms whose words hold the amount."""
    start, end = place.quantity.start, place.quantity.end
    return [
        term
        for deal in place.source.deals
        for term in deal.terms
        if term.verdict == _VERIFIED and any(one.start <= start and end <= one.end for one in term.evidence)
    ]
