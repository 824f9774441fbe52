"""The slots of a pair of deals: type, status, dates, place, parties, areas, sum, duration, and the people.

- `type`, `status`: equal, or listed in `type_accept`, `status_accept`.
- `signed_on`: equal to the label or listed. More precise than the label is invented, less precise is lost; both are wrong.
  `effective_on` likewise, and open where the label has none.
- `place`: equal after folding to one that the label accepts, or one contains the other.
- `parties`: every labelled party matched (a name or alias in common), and nobody else but those of `parties_also` and the
  company that the deal creates. Order and choice of alias are free.
- `areas`: all found after folding, and no other but those of `areas_also`.
- `consideration`: value, value_max, unit and qualifier equal to the label's or to one of `consideration_accept`, in which
  null lets it stay empty.
- `duration`: both read by the scanner and equal in value and unit (三年, 3 years); as text where one cannot be read.

A slot that is empty on both sides is open. A person is correct if the name (or an alias) is the same, the role is accepted
and, where the label has a title, that title is contained in the predicted title and organization, or the other way round.

The hard case is the list: three parties of which one is invented. The slot is one fact, who agreed with whom; a list with
a wrong member states it wrongly, and is incorrect as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evals.gold import GoldConsideration, GoldDeal, GoldParty, GoldSignatory
from evals.matching import assign
from evals.outcomes import Outcome
from evals.scorers.slots import folded, holds_either_way, same_number, same_unit, slot_outcome
from summarizer.quantities import scan, unit_class
from summarizer.records import Consideration, Deal, Party, Signatory


def score_slots(label: GoldDeal, deal: Deal) -> dict[str, Outcome]:
    """Return the outcome of each slot of a label beside a predicted deal."""
    return {
        "type": slot_outcome((label.type, *label.type_accept), deal.type),
        "status": slot_outcome((label.status, *label.status_accept), deal.status),
        "signed_on": slot_outcome((label.signed_on, *label.signed_on_accept), deal.signed_on),
        "effective_on": slot_outcome((label.effective_on,), deal.effective_on) if label.effective_on else "unscored",
        "place": slot_outcome((label.place, *label.place_accept), deal.place or None, holds_either_way),
        "parties": _parties_outcome(label, deal.parties),
        "areas": _areas_outcome(label, deal.areas),
        "consideration": slot_outcome(
            (label.consideration, *label.consideration_accept), deal.consideration, _is_same_sum
        ),
        "duration": slot_outcome((label.duration, *label.duration_accept), deal.duration or None, _is_same_duration),
    }


def lost_slots(label: GoldDeal) -> dict[str, Outcome]:
    """Return the slots of a labelled deal of which nothing was found: all that the label fills are missing."""
    values = {
        "type": label.type,
        "status": label.status,
        "signed_on": label.signed_on,
        "effective_on": label.effective_on,
        "place": label.place,
        "parties": label.parties,
        "areas": label.areas,
        "consideration": label.consideration,
        "duration": label.duration,
    }
    return {name: "missing" if value else "unscored" for name, value in values.items()}


def parties_in_common(label: GoldDeal, parties: Sequence[Party]) -> list[tuple[int, int]]:
    """Return the pairs of labelled and predicted parties that are the same, each used once; a name beats an alias."""

    def weight(gold: GoldParty, party: Party) -> int:
        names = _folded(gold.names)
        return 2 if folded(party.name) in names else int(bool(names & _folded(party.aliases)))

    return assign([[weight(gold, party) for party in parties] for gold in label.parties])


def score_people(label: GoldDeal, people: Sequence[Signatory]) -> dict[str, Outcome]:
    """Return the outcome of each labelled person by name; a person whom the label does not have is spurious."""

    def weight(gold: GoldSignatory, person: Signatory) -> int:
        if folded(person.name) not in _folded((gold.name, *gold.aliases)):
            return 0
        return 2 if _is_person_right(gold, person) else 1

    matched = dict(assign([[weight(gold, person) for person in people] for gold in label.signatories]))
    outcomes: dict[str, Outcome] = {}
    for index, gold in enumerate(label.signatories):
        person = people[matched[index]] if index in matched else None
        outcomes[gold.name] = (
            "missing" if person is None else "correct" if _is_person_right(gold, person) else "incorrect"
        )
    for index, person in enumerate(people):
        if index not in matched.values():
            # A second entry under a labelled name must not hide the first one's outcome.
            outcomes[person.name if person.name not in outcomes else f"{person.name} ({index + 1})"] = "spurious"
    return outcomes


def _parties_outcome(label: GoldDeal, parties: Sequence[Party]) -> Outcome:
    if not parties:
        return "missing" if label.parties else "unscored"
    common = parties_in_common(label, parties)
    allowed = {folded(label.entity_created)} if label.entity_created else set()
    for also in label.parties_also:
        allowed |= _folded(also.names) if isinstance(also, GoldParty) else {folded(also)}
    matched = {index for _, index in common}
    others = [party for index, party in enumerate(parties) if index not in matched]
    is_complete = len(common) == len(label.parties)
    return (
        "correct" if is_complete and all(_folded((one.name, *one.aliases)) & allowed for one in others) else "incorrect"
    )


def _areas_outcome(label: GoldDeal, areas: Sequence[str]) -> Outcome:
    wanted, found = _folded(label.areas), _folded(areas)
    others = found - wanted - _folded(label.areas_also)
    if not wanted:
        return "spurious" if others else "unscored"
    if not found:
        return "missing"
    return "correct" if wanted <= found and not others else "incorrect"


def _is_same_sum(label: GoldConsideration, predicted: Consideration) -> bool:
    return (
        same_number(label.value, predicted.value)
        and same_number(label.value_max, predicted.value_max)
        and same_unit(label.unit, predicted.unit)
        and label.qualifier == predicted.qualifier
    )


def _is_same_duration(one: str, other: str) -> bool:
    for kind in ("duration", "date"):
        first, second = _readings(one, kind), _readings(other, kind)
        if first and second:
            return first == second
    return holds_either_way(one, other)


def _readings(text: str, kind: str) -> set[tuple[str | None, str | None, tuple[str | None, int]]]:
    return {(item.value, item.value_max, unit_class(item.unit)) for item in scan(text) if item.kind == kind}


def _is_person_right(label: GoldSignatory, person: Signatory) -> bool:
    if slot_outcome((label.role, *label.role_accept), person.role) != "correct":
        return False
    if label.title is None:
        return True
    said = f"{person.organization or ''}{person.title or ''}"
    titles = (label.title, *label.title_accept)
    if not person.title and None in titles:
        return True
    full = f"{label.organization or ''}{label.title}"
    is_within = person.title is not None and folded(person.title) in folded(full)
    return is_within or any(folded(title) in folded(said) for title in titles if title)


def _folded(names: Iterable[str]) -> set[str]:
    return {folded(name) for name in names}
