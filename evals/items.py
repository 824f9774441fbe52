"""The items of a case that a run got right, under names that stay the same from run to run."""

from __future__ import annotations

from typing import Final

from evals.gold import Gold
from evals.outcomes import CaseResult, FigureMatch

_CORE: Final = ("value", "unit", "metric")
_WRONG: Final = frozenset({"incorrect", "missing", "spurious"})


def was_run(result: CaseResult) -> bool:
    """Return whether there is something to score; a record that failed is a finding about the system, and scored."""
    return result.error is None or result.record is not None


def right_items(result: CaseResult) -> frozenset[str]:
    """Return the `key` figures, deals and terms and the must-mention facts that are right in this case.

    A figure is right with value, unit and metric; a deal and a term where they are found. `minor` items are left out:
    finding them is neither rewarded nor punished. The names point into the label's lists (`deal 0 term 2`), so that
    they hold only as long as the corpus is the same.
    """
    items = {f"figure {match.gold}" for match in result.figures if match.importance == "key" and _is_right(match)}
    for deal in result.deals:
        if deal.kind == "matched" and deal.importance == "key":
            items.add(f"deal {deal.gold}")
        items |= {
            f"deal {deal.gold} term {term.gold}"
            for term in deal.terms
            if term.kind == "matched" and term.importance == "key"
        }
    return frozenset(
        items | {f"fact {fact.text}" for fact in result.facts if fact.kind == "must_mention" and fact.is_hit}
    )


def claims_made(result: CaseResult) -> tuple[str, ...]:
    """Return the tempting mistakes that the summary makes."""
    return tuple(fact.text for fact in result.facts if fact.kind == "must_not_claim" and fact.is_hit)


def describe_item(item: str, gold: Gold) -> str:
    """Name an item of `right_items` by the words of its label.

    Example: `key figure '总投资' of '京东云华东数据中心'`
    """
    kind, _, rest = item.partition(" ")
    if kind == "fact":
        return f"must-mention {rest!r}"
    if kind == "figure":
        figure = gold.key_figures[int(rest)]
        return f"key figure {figure.name!r} of {figure.entity!r}"
    number, _, term = rest.partition(" term ")
    deal = gold.deals[int(number)]
    return f"key term {deal.terms[int(term)].text!r} of deal {deal.name!r}" if term else f"deal {deal.name!r}"


def _is_right(match: FigureMatch) -> bool:
    return match.kind == "matched" and not any(match.slots.get(slot) in _WRONG for slot in _CORE)
