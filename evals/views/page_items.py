"""Rows of one case: figures, deals and terms, label and record side by side, with their places in the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evals.gold import Gold, GoldConsideration, GoldDeal, GoldFigure, GoldParty, GoldSignatory, GoldTerm
from evals.outcomes import DealMatch, FigureMatch, Outcome, TermMatch
from evals.scorers.figures import CORE
from evals.scorers.places import CaseText, spans_of
from evals.scorers.slots import RIGHT
from evals.views.page_text import Span, State, Tag
from summarizer.records import ArticleRecord, Consideration, Deal, KeyFigure, Party, Signatory, Term
from summarizer.report.amounts import Language, render_amount, render_number

# What makes a figure the figure that it is; the other slots say more about it.
CORE_SLOTS: Final = ("value", "unit", "metric")
FIGURE_SLOTS: Final = ("metric", "value", "unit", "qualifier", "period", "status")
DEAL_SLOTS: Final = (
    "type",
    "status",
    "parties",
    "signed_on",
    "effective_on",
    "place",
    "areas",
    "consideration",
    "duration",
)
TERM_SLOTS: Final = ("kind", "text", "obligor", "beneficiary", "condition")
_HUES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A case's text and labels, and the record that was scored against them."""

    text: CaseText
    record: ArticleRecord

    @property
    def gold(self) -> Gold:
        """The labels."""
        return self.text.case.gold

    @property
    def language(self) -> Language:
        """The language in which amounts are written."""
        return "zh" if self.text.case.article.language == "zh" else "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One slot with what label and record say; `outcome` is None where the scorer gave none."""

    name: str
    outcome: Outcome | None
    label: str
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One figure, deal or term; `people` and `terms` belong to deals. `in_label` and `in_record` are its places."""

    tag: Tag
    title: str
    cells: tuple[Cell, ...]
    has_label: bool
    verdict: str = ""
    errors: tuple[str, ...] = ()
    in_label: tuple[Span, ...] = ()
    in_record: tuple[Span, ...] = ()
    people: tuple[Cell, ...] = ()
    terms: tuple[ItemRow, ...] = ()

    @property
    def is_unplaced(self) -> bool:
        """Whether the label's words could not be found in the text."""
        return self.has_label and not self.in_label


def figure_rows(compared: Compared, matches: Sequence[FigureMatch]) -> Iterator[ItemRow]:
    """Yield a row for each figure of label or record, in the scorer's order, numbered from 1."""
    for number, match in enumerate(matches, start=1):
        label = None if match.gold is None else compared.gold.key_figures[match.gold]
        predicted = None if match.predicted is None else (compared.record.key_figures or ())[match.predicted]
        item = _Item(compared=compared, match=match, label=label, predicted=predicted, hue=number)
        yield item.row(name=f"figure-{number}", short=f"F{number}", fields=FIGURE_SLOTS)


def deal_rows(compared: Compared, matches: Sequence[DealMatch]) -> Iterator[ItemRow]:
    """Yield a row for each deal of label or record with its people and terms, numbered from 1."""
    for number, match in enumerate(matches, start=1):
        label = None if match.gold is None else compared.gold.deals[match.gold]
        predicted = None if match.predicted is None else (compared.record.deals or ())[match.predicted]
        item = _Item(compared=compared, match=match, label=label, predicted=predicted, hue=number + 2)
        yield item.row(
            name=f"deal-{number}",
            short=f"D{number}",
            fields=DEAL_SLOTS,
            people=tuple(_people(match, label, predicted)),
            terms=tuple(_term_rows(compared, match, number)),
        )


def _term_rows(compared: Compared, deal: DealMatch, deal_number: int) -> Iterator[ItemRow]:
    labels = () if deal.gold is None else compared.gold.deals[deal.gold].terms
    found = () if deal.predicted is None else (compared.record.deals or ())[deal.predicted].terms
    for number, match in enumerate(deal.terms, start=1):
        label = None if match.gold is None else labels[match.gold]
        predicted = None if match.predicted is None else found[match.predicted]
        item = _Item(compared=compared, match=match, label=label, predicted=predicted, hue=deal_number + number + 2)
        yield item.row(name=f"term-{deal_number}-{number}", short=f"T{deal_number}.{number}", fields=TERM_SLOTS)


def _people(match: DealMatch, label: GoldDeal | None, found: Deal | None) -> Iterator[Cell]:
    """Yield the people whom label or record name; a person whom only the record names may have no outcome."""
    labelled = {person.name: person for person in label.signatories} if label else {}
    predicted = {person.name: person for person in found.signatories} if found else {}
    for name in dict.fromkeys((*labelled, *match.people)):
        person = labelled.get(name)
        names = (name, *(person.aliases if person else ()))
        other = next((predicted.pop(one) for one in names if one in predicted), None)
        yield Cell(name=name, outcome=match.people.get(name), label=_person(person), record=_person(other))
    for name, other in predicted.items():
        yield Cell(name=name, outcome=None, label="", record=_person(other))


def _person(person: GoldSignatory | Signatory | None) -> str:
    if person is None:
        return ""
    return ", ".join(part for part in (person.name, person.title, person.organization, person.role) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A match with the two things it joins; at least one of them is there."""

    compared: Compared
    match: FigureMatch | DealMatch | TermMatch
    label: GoldFigure | GoldDeal | GoldTerm | None
    predicted: KeyFigure | Deal | Term | None
    hue: int

    def row(
        self,
        *,
        name: str,
        short: str,
        fields: Sequence[str],
        people: tuple[Cell, ...] = (),
        terms: tuple[ItemRow, ...] = (),
    ) -> ItemRow:
        """Return the row of the page."""
        language = self.compared.language
        title = _title(self.label) or _title(self.predicted)
        state = state_of(self.match)
        tag = Tag(
            item=name,
            short=short,
            state=state,
            is_minor=self.match.importance == "minor",
            hue=self.hue % _HUES if self.match.kind == "matched" else None,
            says=f"{name.replace('-', ' ')}, {state}: {title}",
        )
        label, predicted = (_texts(self.label, fields, language), _texts(self.predicted, fields, language))
        places = self.compared.text.label_spans(self.label) if self.label else []
        evidence = spans_of(self.predicted.evidence) if self.predicted else []
        return ItemRow(
            tag=tag,
            title=title,
            cells=tuple(_cells(self.match.slots, label, predicted)),
            has_label=self.label is not None,
            verdict=_verdict(self.predicted),
            errors=self.match.errors if isinstance(self.match, FigureMatch) else (),
            in_label=tuple(Span(start=start, end=end, tag=tag) for start, end in places if start < end),
            in_record=tuple(Span(start=start, end=end, tag=tag) for start, end in evidence),
            people=people,
            terms=terms,
        )


def state_of(match: FigureMatch | DealMatch | TermMatch) -> State:
    """Return how an item fared; a figure is `wrong` where a core slot is, anything else at most `near`."""
    if match.kind == "missing":
        return "missing"
    if match.kind == "extra":
        is_supported = match.is_supported if isinstance(match, FigureMatch | DealMatch) else None
        return "unsupported" if is_supported is False else "extra"
    mistaken = {slot for slot, outcome in match.slots.items() if outcome not in RIGHT}
    if isinstance(match, FigureMatch) and mistaken.intersection(CORE):
        return "wrong"
    return "near" if mistaken else "right"


def _cells(slots: Mapping[str, Outcome], label: Mapping[str, str], predicted: Mapping[str, str]) -> Iterator[Cell]:
    for name in dict.fromkeys((*label, *predicted, *slots)):
        cell = Cell(name=name, outcome=slots.get(name), label=label.get(name, ""), record=predicted.get(name, ""))
        if cell.label or cell.record or (cell.outcome or "unscored") not in RIGHT:
            yield cell


def _title(item: GoldFigure | GoldDeal | GoldTerm | KeyFigure | Deal | Term | None) -> str:
    if isinstance(item, GoldTerm | Term):
        return item.text
    if isinstance(item, GoldFigure | KeyFigure):
        return " · ".join(part for part in (item.name, item.entity) if part)
    return item.name if item else ""


def _verdict(item: KeyFigure | Deal | Term | None) -> str:
    return ": ".join(part for part in (item.verdict, ", ".join(item.reasons)) if part) if item else ""


def _texts(
    item: GoldFigure | GoldDeal | GoldTerm | KeyFigure | Deal | Term | None, fields: Sequence[str], language: Language
) -> dict[str, str]:
    """Return each field as a reader sees it; all fields, so that rows of one table have the same columns."""
    texts = {field: _text(getattr(item, field, None), language) for field in fields}
    if isinstance(item, GoldFigure | KeyFigure):
        texts["metric"] = _title(item)
        ends = [render_number(end, language) for end in (item.value, item.value_max) if end is not None]
        texts["value"] = " – ".join(ends)
    return texts


def _text(value: object, language: Language) -> str:
    if isinstance(value, tuple):
        return "; ".join(_text(one, language) for one in value)
    if isinstance(value, GoldParty | Party):
        return f"{value.name} ({', '.join(value.aliases)})" if value.aliases else value.name
    if isinstance(value, GoldConsideration | Consideration):
        amount = render_amount(value.value, value.unit, language, value_max=value.value_max, qualifier=value.qualifier)
        return amount or ""
    return "" if value is None else str(value)
