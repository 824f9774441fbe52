"""The labels: what a reader of the article alone found, with every answer that counts as right.

The labelling guideline is the source of these fields; `*_accept` lists hold all right answers, the label's own included.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from summarizer.records import (
    DealStatus,
    DealType,
    FigureStatus,
    PartyKind,
    Qualifier,
    SignatoryRole,
    TermKind,
)

Importance = Literal["key", "minor"]


class Label(BaseModel):
    """Base of all labels: immutable, and an unknown field is a mistake in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class GoldQuoted(Label):
    """A labelled fact with its words. Offsets index the decoded file; None where the quote crosses markup."""

    quote: str
    start: int | None = None
    end: int | None = None
    also: tuple[str, ...] = ()


class GoldFigure(GoldQuoted):
    """One labelled quantity."""

    name: str
    entity: str
    value: str
    value_max: str | None = None
    unit: str | None = None
    qualifier: Qualifier
    period: str | None = None
    status: FigureStatus
    importance: Importance
    name_accept: tuple[str, ...] = ()
    value_accept: tuple[str | None, ...] = ()
    unit_accept: tuple[str | None, ...] = ()
    qualifier_accept: tuple[Qualifier, ...] = ()
    period_accept: tuple[str | None, ...] = ()
    status_accept: tuple[FigureStatus, ...] = ()


class GoldParty(Label):
    """A party by its fullest name, with the other names that the article uses."""

    name: str
    aliases: tuple[str, ...] = ()
    kind: PartyKind
    kind_accept: tuple[PartyKind, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """All names that mean this party."""
        return frozenset({self.name, *self.aliases})


class GoldSignatory(Label):
    """A person named as signing, attending or witnessing."""

    name: str
    title: str | None = None
    organization: str | None = None
    role: SignatoryRole
    aliases: tuple[str, ...] = ()
    title_accept: tuple[str | None, ...] = ()
    role_accept: tuple[SignatoryRole, ...] = ()


class GoldConsideration(Label):
    """The deal's own sum."""

    value: str
    value_max: str | None = None
    unit: str
    qualifier: Qualifier


class GoldTerm(GoldQuoted):
    """Something the parties agreed that binds or favours somebody."""

    kind: TermKind
    text: str
    obligor: str | None = None
    beneficiary: str | None = None
    condition: str | None = None
    importance: Importance
    kind_accept: tuple[TermKind, ...] = ()
    obligor_accept: tuple[str | None, ...] = ()


class GoldDeal(GoldQuoted):
    """One labelled agreement."""

    name: str
    type: DealType
    status: DealStatus
    parties: tuple[GoldParty, ...]
    signed_on: str | None = None
    effective_on: str | None = None
    place: str | None = None
    signatories: tuple[GoldSignatory, ...] = ()
    areas: tuple[str, ...] = ()
    areas_also: tuple[str, ...] = ()
    consideration: GoldConsideration | None = None
    duration: str | None = None
    terms: tuple[GoldTerm, ...] = ()
    importance: Importance
    type_accept: tuple[DealType, ...] = ()
    status_accept: tuple[DealStatus, ...] = ()
    signed_on_accept: tuple[str | None, ...] = ()
    place_accept: tuple[str | None, ...] = ()
    duration_accept: tuple[str | None, ...] = ()
    consideration_accept: tuple[GoldConsideration | None, ...] = ()
    parties_also: tuple[GoldParty | str, ...] = ()
    entity_created: str | None = None
    consideration_note: str | None = None


class GoldFact(Label):
    """A fact that any good summary states: one of the patterns matches headline and abstract."""

    fact: str
    accept: tuple[str, ...]
    weight: int


class GoldMistake(Label):
    """A tempting mistake: no pattern may match headline and abstract."""

    claim: str
    reject: tuple[str, ...]


class GoldSummary(Label):
    """A model summary, what a summary must say, and what it must not."""

    headline: str
    abstract: str
    must_mention: tuple[GoldFact, ...]
    must_not_claim: tuple[GoldMistake, ...]


class GoldBody(Label):
    """Where the article proper begins and ends, in the decoded file."""

    start: int
    end: int
    note: str = ""


class Gold(Label):
    """All labels of one article."""

    article_id: str
    language: str
    title: str | None = None
    publisher: str | None = None
    published_on: str | None = None
    language_accept: tuple[str, ...] = ()
    publisher_accept: tuple[str | None, ...] = ()
    body: GoldBody
    summary: GoldSummary
    key_figures: tuple[GoldFigure, ...]
    deals: tuple[GoldDeal, ...]
