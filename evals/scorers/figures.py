"""Figures: which labelled quantities a record has, and what is wrong with the others.

Reported are figures whose verdict is not `rejected`; one that asks for a look counts like any other. Labels and reported
figures are put together by one optimal assignment. A pair may be matched only if

- its evidence overlaps the label's quote (or one of `also`), or value and unit both agree; and
- the value is right, or the name matches one of the label's `name_accept`. A label without patterns agrees by value only:
  else anything at its place would be taken for it.

Of the pairs allowed, as many as possible have value, unit and metric right; then value, unit, metric, overlapping
evidence, a common entity, and the other slots decide, in this order, and last that a key label goes first.

The slots: value (a decimal in `value_accept`, or the label's value together with its value_max), unit, metric (a
`name_accept` pattern in the name, or in name and entity; without patterns any name beside the label's evidence),
qualifier, period, status. Periods are equal or listed: a day where the label has a month is a mistake.

Counted after MUC, no partial credit: a pair is correct if value, unit and metric are right (`full`: and qualifier, period
and status are right or open), incorrect otherwise; a key label alone is missing. `minor` labels and what is matched to
them count nowhere.

The hard case is a reported figure that no label has. Labels are never exhaustive, so that a true figure more is no
mistake: a supported extra (verified, and the article reads so at its evidence) counts nowhere and goes to the list of
label debts. An extra that is not supported is spurious, and so is a duplicate: the same amount at the same place as one
that is reported already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from evals.gold import GoldFigure
from evals.matching import assign, rank
from evals.outcomes import Counts, FigureMatch, Outcome
from evals.scorers.places import CaseText, Span, overlap, spans_of
from evals.scorers.slots import RIGHT, matches_any, same_number, same_unit, shared_pairs, slot_outcome, tally
from evals.scorers.support import states_amount
from summarizer.quantities.currencies import CODES
from summarizer.records import KeyFigure

CORE: Final = ("value", "unit", "metric")
FULL: Final = (*CORE, "qualifier", "period", "status")
# Above the sum of all else that an assignment of a thousand pairs can weigh.
_ONE_RIGHT: Final = 2**30
_CURRENCIES: Final = frozenset(CODES.values())
# Of how much of the entity's wording is shared: 甲公司 and 乙公司 share half of theirs.
_STEPS: Final = 20


def match_figures(text: CaseText, figures: Sequence[KeyFigure]) -> tuple[FigureMatch, ...]:
    """Return a row for each label, in order, then one for each reported figure that no label has."""
    labels = text.case.gold.key_figures
    reported = [index for index, figure in enumerate(figures) if figure.verdict != "rejected"]
    pairs = [[_Pair.of(text, label, figures[index], spans) for index in reported] for label, spans in _placed(text)]
    matched = dict(assign([[pair.weight for pair in row] for row in pairs]))
    rows = []
    for gold, label in enumerate(labels):
        if gold not in matched:
            rows.append(FigureMatch(kind="missing", gold=gold, importance=label.importance))
            continue
        column = matched[gold]
        rows.append(
            FigureMatch(
                kind="matched",
                gold=gold,
                predicted=reported[column],
                importance=label.importance,
                slots=pairs[gold][column].slots,
                errors=tuple(_errors(pairs[gold][column])),
            )
        )
    taken = {reported[column] for column in matched.values()}
    return (*rows, *_extras(text, figures, taken, [index for index in reported if index not in taken]))


def figure_counts(rows: Iterable[FigureMatch]) -> dict[str, Counts]:
    """Return the counts of core F1, full F1 and key recall."""
    keys = [row for row in rows if row.importance == "key"]
    spurious: list[Outcome] = ["spurious" for row in rows if is_spurious(row)]
    core = tally([_outcome(row, CORE) for row in keys])
    return {
        "figures_core_f1": core + tally(spurious),
        "figures_full_f1": tally([_outcome(row, FULL) for row in keys] + spurious),
        "figures_key_recall": core,
    }


def is_spurious(row: FigureMatch) -> bool:
    """Return whether a row is an extra that counts against the record: unsupported, or reported already."""
    return row.kind == "extra" and (not row.is_supported or "duplicate" in row.errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A label beside a predicted figure. A weight of 0: they may not be matched."""

    label: GoldFigure
    figure: KeyFigure
    slots: dict[str, Outcome]
    weight: int

    @classmethod
    def of(cls, text: CaseText, label: GoldFigure, figure: KeyFigure, spans: Sequence[Span]) -> _Pair:
        is_near = overlap(spans_of(figure.evidence), spans) > 0
        slots: dict[str, Outcome] = {
            "value": _value_outcome(label, figure),
            "unit": slot_outcome((label.unit or None, *label.unit_accept), figure.unit or None, same_unit),
            "metric": "correct" if _is_named(label, figure, is_near=is_near) else "incorrect",
            "qualifier": slot_outcome((label.qualifier, *label.qualifier_accept), figure.qualifier),
            "period": slot_outcome((label.period, *label.period_accept), figure.period),
            "status": slot_outcome((label.status, *label.status_accept), figure.status),
        }
        return cls(label=label, figure=figure, slots=slots, weight=_weight(label, figure, slots, is_near=is_near))


def _placed(text: CaseText) -> list[tuple[GoldFigure, list[Span]]]:
    return [(label, text.label_spans(label)) for label in text.case.gold.key_figures]


def _weight(label: GoldFigure, figure: KeyFigure, slots: dict[str, Outcome], *, is_near: bool) -> int:
    value, unit, metric = (slots[name] in RIGHT for name in CORE)
    agrees = value or (metric and bool(label.name_accept))
    if not (agrees and (is_near or (value and unit))):
        return 0
    others = sum(slots[name] in RIGHT for name in FULL[len(CORE) :])
    about = round(shared_pairs(label.entity, f"{figure.entity or ''} {figure.name}") * _STEPS)
    # All three right count once more, so that of two pairs one is right throughout rather than each in part.
    rest = others + (others == len(FULL) - len(CORE))
    order = rank(
        (value, 1), (unit, 1), (metric, 1), (is_near, 1), (about, _STEPS), (rest, 4), (label.importance == "key", 1)
    )
    return order + (_ONE_RIGHT if value and unit and metric else 0)


def _value_outcome(label: GoldFigure, figure: KeyFigure) -> Outcome:
    if any(same_number(one, figure.value) for one in label.value_accept):
        return "correct"
    if figure.value is None:
        return "missing"
    is_same = same_number(label.value, figure.value) and same_number(label.value_max, figure.value_max)
    return "correct" if is_same else "incorrect"


def _is_named(label: GoldFigure, figure: KeyFigure, *, is_near: bool) -> bool:
    if not label.name_accept:
        return is_near
    return matches_any(label.name_accept, figure.name, f"{figure.name} {figure.entity or ''}")


def _outcome(row: FigureMatch, slots: Sequence[str]) -> Outcome:
    if row.kind == "missing":
        return "missing"
    return "correct" if all(row.slots[name] in RIGHT for name in slots) else "incorrect"


def _errors(pair: _Pair) -> Iterator[str]:
    """Name what is wrong with a pair: one class for each slot that is."""
    label, figure = pair.label, pair.figure
    wrong = [name for name in FULL if pair.slots[name] not in RIGHT]
    if "value" in wrong:
        yield _value_error(label, figure)
    if "unit" in wrong:
        units = {label.unit, figure.unit}
        yield "currency" if units <= _CURRENCIES else "percent_point" if units == {"%", "百分点"} else "unit"
    if "qualifier" in wrong:
        yield "qualifier_dropped" if figure.qualifier == "exact" else "qualifier"
    yield from (name for name in ("metric", "period", "status") if name in wrong)


def _value_error(label: GoldFigure, figure: KeyFigure) -> str:
    if same_number(label.value, figure.value):
        return "range_end"
    try:
        ratio = Decimal(figure.value or "") / Decimal(label.value)
    except (InvalidOperation, ZeroDivisionError):
        return "digits"
    # A power of ten has one digit, a 1, once trailing zeros are taken off.
    return "scale" if ratio.is_finite() and ratio.normalize().as_tuple()[:2] == (0, (1,)) else "digits"


def _extras(
    text: CaseText, figures: Sequence[KeyFigure], matched: Iterable[int], extras: Iterable[int]
) -> list[FigureMatch]:
    """Judge what no label has. Supported ones claim their places first: which of two is listed first must not matter."""
    places = {index: text.amount_places(figure.amount, figure.evidence) for index, figure in enumerate(figures)}
    supported = {
        index: figures[index].verdict == "verified" and states_amount(text, figures[index]) for index in extras
    }
    taken, rows = list(matched), []
    for index in sorted(supported, key=lambda one: not supported[one]):
        # The same amount may stand in a quote twice, and mean two things.
        rivals = sum(bool(places[index] & places[one]) for one in taken)
        is_duplicate = 0 < len(places[index]) <= rivals
        taken.append(index)
        rows.append(
            FigureMatch(
                kind="extra",
                predicted=index,
                errors=("duplicate",) if is_duplicate else (),
                is_supported=supported[index],
            )
        )
    return sorted(rows, key=lambda row: row.predicted or 0)
