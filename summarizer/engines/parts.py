"""Articles longer than the model's window: split at sentence boundaries with overlap, merged deterministically."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from summarizer.proposals import ProposedDeal, ProposedFigure, ProposedParty, ProposedPoint

# A deal told across a cut is seen whole by one of the two parts if they share this share of their length.
_OVERLAP = 0.1


def split_by_tokens(costs: Sequence[int], limit: int) -> list[range]:
    """Split sentences into parts of at most `limit` tokens, each beginning with the last tenth of the one before.

    Args:
        costs: tokens of each sentence, in order.
        limit: tokens a part may hold; a sentence that is longer than that is a part of its own.

    Returns:
        Ranges of sentence numbers counted from 1; every sentence lies in at least one.
    """
    parts: list[range] = []
    first = 0
    while first < len(costs):
        last, total = first, 0
        while last < len(costs) and (last == first or total + costs[last] <= limit):
            total += costs[last]
            last += 1
        parts.append(range(first + 1, last + 1))
        if last == len(costs):
            break
        # The overlap leaves room for the next new sentence, or the part would tell nothing new.
        allowed = min(limit * _OVERLAP, limit - costs[last])
        overlap, back = 0, last
        while back - 1 > first and overlap + costs[back - 1] <= allowed:
            back -= 1
            overlap += costs[back]
        first = back
    return parts


def halve(numbers: range) -> list[range]:
    """Split one part in two at its middle sentence; a part of one sentence cannot be split and comes back alone."""
    if len(numbers) < 2:
        return [numbers]
    middle = numbers.start + len(numbers) // 2
    return [range(numbers.start, middle), range(middle, numbers.stop)]


def merge_figures(proposed: Iterable[ProposedFigure]) -> list[ProposedFigure]:
    """Keep the first of the figures that cite the same amount in the same sentence; order of the article."""
    seen: dict[tuple[int, str, str], ProposedFigure] = {}
    for figure in proposed:
        seen.setdefault((figure.s, figure.amount, figure.name), figure)
    return sorted(seen.values(), key=lambda figure: figure.s)


def merge_deals(proposed: Iterable[ProposedDeal]) -> list[ProposedDeal]:
    """Join deals that cite the same sentence and words, or have the same type and the same parties."""
    merged: list[ProposedDeal] = []
    for deal in proposed:
        twin = next((index for index, other in enumerate(merged) if _is_same_deal(deal, other)), None)
        if twin is None:
            merged.append(deal)
        else:
            merged[twin] = _join(merged[twin], deal)
    return merged


def merge_points(proposed: Iterable[ProposedPoint]) -> list[ProposedPoint]:
    """Drop repeated points."""
    return list({point.text: point for point in proposed}.values())


def _is_same_deal(one: ProposedDeal, other: ProposedDeal) -> bool:
    if one.s == other.s and one.words == other.words:
        return True
    if any(_differ(getattr(one, name), getattr(other, name)) for name in ("amount", "signed")):
        # Two rounds of financing have the same parties and are two deals.
        return False
    names, others = {party.name for party in one.parties}, {party.name for party in other.parties}
    return one.type == other.type and len(names & others) >= 2 and names == others


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one not in other and other not in one


def _join(one: ProposedDeal, other: ProposedDeal) -> ProposedDeal:
    """Return the first deal with what only the second states; where both speak the first stands."""
    parties: dict[str, ProposedParty] = {}
    for party in (*one.parties, *other.parties):
        parties.setdefault(party.name, party)
    people = {person.name: person for person in (*other.people, *one.people)}
    terms = {(term.s, term.words): term for term in (*other.terms, *one.terms)}
    changes = {
        "parties": list(parties.values()),
        "people": sorted(people.values(), key=lambda person: person.name),
        "areas": list(dict.fromkeys([*one.areas, *other.areas])),
        "terms": sorted(terms.values(), key=lambda term: (term.s, term.words)),
    }
    for name in ("signed", "effective", "place", "amount", "duration"):
        changes[name] = getattr(one, name) or getattr(other, name)
    return one.model_copy(update=changes)
