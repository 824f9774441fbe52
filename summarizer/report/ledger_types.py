"""The ledger of a batch as data: deals told by one article or several, figures told twice, pairs that stay doubtful."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from summarizer.records import DealType, Evidence, FigureStatus, Qualifier, Verdict

# agreed: several articles say the same. added: one says it, the others nothing that can be compared. contradicted: they differ.
Outcome = Literal["agreed", "added", "contradicted"]
FieldName = Literal[
    "party", "type", "status", "signed_on", "effective_on", "place", "consideration", "duration", "term"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why two names, deals or figures are one, or are not: a stable code and what it is about (names, article ids).

    `ledger_words.reason_text` puts it in words of either language.
    """

    code: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A value as records hold it: decimal strings in the base unit."""

    value: str
    value_max: str | None = None
    unit: str | None = None
    qualifier: Qualifier = "exact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One article that says a value: in its own words, with the places that state it.

    `number` is the number of the deal or figure in its article, from 1, in the order of the record. `quotes` is empty
    where no piece of the item's evidence states this very value.
    """

    article_id: str
    number: int
    words: str
    verdict: Verdict
    quotes: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerValue:
    """One value of a field and who says it. `text` is the fullest form that the articles give; dates are partial ISO 8601."""

    text: str
    amount: Amount | None = None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerField:
    """One field of a deal, with as many values as the articles give; parties and terms are one field each.

    `label` tells terms apart: their kind. `notes` say what was taken on trust, such as a sum that is rounded.
    """

    name: FieldName
    outcome: Outcome
    values: tuple[LedgerValue, ...]
    label: str | None = None
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One deal of one article: what the ledger's rows are put together from."""

    article_id: str
    title: str | None
    published_on: str | None
    number: int
    name: str
    verdict: Verdict
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerDeal:
    """One deal, told by one article or by several. `reasons` say why the tellings are one; empty where there is one only."""

    number: int
    name: str
    type: DealType
    verdict: Verdict
    tellings: tuple[Telling, ...]
    fields: tuple[LedgerField, ...]
    reasons: tuple[Reason, ...] = ()

    def named(self, name: FieldName) -> tuple[LedgerField, ...]:
        """Return the fields of that name: none or one, several for `party` and `term`."""
        return tuple(field for field in self.fields if field.name == name)

    @property
    def contradicted(self) -> tuple[LedgerField, ...]:
        """The fields in which the articles differ."""
        return tuple(field for field in self.fields if field.outcome == "contradicted")


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFigure:
    """A figure that two articles or more tell: agreed where all say the same, contradicted where they do not."""

    number: int
    entity: str
    name: str
    period: str | None
    status: FigureStatus
    outcome: Outcome
    values: tuple[LedgerValue, ...]
    reasons: tuple[Reason, ...]

    @property
    def article_ids(self) -> tuple[str, ...]:
        """The articles that tell it, each once, in the order of the values."""
        return tuple(dict.fromkeys(source.article_id for value in self.values for source in value.sources))


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOpinion:
    """What a model says about a doubtful pair, with the words of either report that it points at.

    `is_unproved`: it decided, but the words it gave do not stand in the reports, so that its answer counts as `unclear`.
    """

    answer: Literal["same", "different", "unclear"]
    model: str
    first_words: str = ""
    second_words: str = ""
    is_unproved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulPair:
    """Two deals of the ledger that share much and were not merged: what speaks for one deal and what against it.

    `first_deal` and `second_deal` are the numbers of the ledger's deals, `first` and `second` the tellings compared.
    `opinion` is a model's, where one was asked; it merges nothing.
    """

    first_deal: int
    second_deal: int
    first: Telling
    second: Telling
    agrees: tuple[Reason, ...]
    against: tuple[Reason, ...]
    opinion: PairOpinion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The deals of a batch, one row each, the figures that several articles tell, and the pairs that stay doubtful."""

    deals: tuple[LedgerDeal, ...]
    figures: tuple[LedgerFigure, ...]
    doubtful: tuple[DoubtfulPair, ...]
