"""What an engine proposes: the shape of a model's answer.

The field descriptions below are part of the prompt: changing one makes recordings stale. Keys are short and nothing is
asked that code can derive, because a user pays for every token of the answer: the model points (a sentence's number and
words copied from it), the code reads. Every field is required and nothing else is allowed, as OpenAI's strict mode
demands; "does not say" is an empty string or an empty list, which is cheaper than a null and needs no union.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.json_schema import DEFAULT_REF_TEMPLATE, GenerateJsonSchema, JsonSchemaMode

from summarizer.records import DealStatus, DealType, FigureStatus, PartyKind, SignatoryRole, TermKind

PartName = Literal["summary", "figures", "deals"]
PARTS: tuple[PartName, ...] = ("summary", "figures", "deals")

PartyRole = Literal[
    "party",
    "buyer",
    "seller",
    "investor",
    "investee",
    "lender",
    "borrower",
    "licensor",
    "licensee",
    "supplier",
    "customer",
    "contractor",
    "tenant",
    "host",
    "target",
]


class _PlainSchema(GenerateJsonSchema):
    """Leaves out the titles of fields, which repeat their names and would be paid for with every request."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class Proposed(BaseModel):
    """Base of all proposals: strict about extra keys, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def model_json_schema(
        cls,
        by_alias: bool | None = True,
        ref_template: str = DEFAULT_REF_TEMPLATE,
        schema_generator: type[GenerateJsonSchema] = _PlainSchema,
        mode: JsonSchemaMode = "validation",
        **further: Any,
    ) -> dict[str, Any]:
        """Return the schema that is sent: as pydantic's own, without the fields' titles and the classes' docstrings."""
        schema = super().model_json_schema(bool(by_alias), ref_template, schema_generator, mode, **further)
        for definition in schema.get("$defs", {}).values():
            definition.pop("title", None)
            definition.pop("description", None)
        return schema


class ProposedFigure(Proposed):
    """A quantity, and where it stands."""

    s: int = Field(description="number of the sentence that states it")
    amount: str = Field(
        description="the amount copied from that sentence with its qualifier and unit words: 约30亿元, 5万多所, "
        "不低于800 MWh, more than $40 million. If the same amount stands there twice, copy enough around it to tell them apart"
    )
    name: str = Field(description="what is measured, short: 总投资, 服务的企业数, revenue growth")
    of: str = Field(description="whom or what it is about, named as in the article")
    when: str = Field(
        description="the words that date it, copied: 2019年, 前三季度, by 2027; empty if none or only now"
    )
    status: FigureStatus = Field(
        description="actual: happened or holds now; target: planned, promised or agreed; forecast: someone expects it"
    )


class ProposedParty(Proposed):
    """A party of a deal."""

    name: str = Field(description="copied at its fullest from anywhere in the article")
    kind: PartyKind
    role: PartyRole


class ProposedSignatory(Proposed):
    """A person at the signing."""

    name: str
    title: str = Field(description="copied, without the organization; empty if none")
    org: str = Field(description="copied; empty if none")
    role: SignatoryRole


class ProposedTerm(Proposed):
    """What binds or favours somebody."""

    s: int = Field(description="number of the sentence that states it")
    words: str = Field(
        description="the complete clause, copied; if long, only its first words, then …, then its last words"
    )
    kind: TermKind
    by: str = Field(description="who is bound, as named in the article, or both, or all; empty if nobody")
    to: str = Field(description="who benefits, as named in the article; empty if nobody in particular")
    cond: str = Field(description="the condition, copied: 同等条件下; empty if none")


class ProposedDeal(Proposed):
    """An agreement, contract, venture, investment, purchase or formal tie-up between named parties."""

    s: int = Field(description="number of the sentence that reports the deal best")
    words: str = Field(description="the shortest words of that sentence that state the deal, copied")
    name: str = Field(description="short name of the deal")
    type: DealType = Field(
        description="strategic_cooperation only if so called; settlement: companies move into a park or district; "
        "project_contract: a named project, works or systems to be built or run"
    )
    status: DealStatus = Field(
        description="signed; announced: made known, signing not reported; completed: founded, opened or closed; "
        "intended: no more than an intention, as by letter of intent, memorandum, 意向书"
    )
    parties: list[ProposedParty]
    signed: str = Field(description="the words that date the signing, copied; empty if the date is not the signing's")
    effective: str = Field(description="the words that date opening, founding or closing, copied; empty if none")
    place: str = Field(
        description="where it was signed or announced, copied; not where the project will stand; empty if none"
    )
    people: list[ProposedSignatory] = Field(description="persons named as signing, attending or witnessing the signing")
    areas: list[str] = Field(
        description="fields of cooperation listed with the agreement, copied; no wishes, no speeches"
    )
    amount: str = Field(description="the deal's own sum, copied with qualifier and currency; empty if not disclosed")
    duration: str = Field(description="how long it runs, copied; empty if not said")
    terms: list[ProposedTerm]


class ProposedPoint(Proposed):
    """One sentence of the summary."""

    text: str = Field(description="one sentence")
    s: list[int] = Field(description="numbers of the sentences that carry it, at most 3")


_POINTS: Any = Field(description="3 to 6 key points, the most important first")
# Models count badly: asked for 180 characters they wrote 201 to 210. So they write sentences, and code fills the limit.
_ABSTRACT: Any = Field(
    description="the abstract as 5 to 9 short sentences, one subject each, the most important first. A program joins as "
    "many as fit into 200 Chinese characters or 120 English words: at most 32 characters or 17 words a sentence"
)
_HEADLINE: Any = Field(description="one sentence, at most 36 Chinese characters or 22 English words")


class SummaryProposal(Proposed):
    """Summary of the article."""

    points: list[ProposedPoint] = _POINTS
    abstract: list[str] = _ABSTRACT
    headline: str = _HEADLINE


class FiguresProposal(Proposed):
    """Key figures of the article."""

    figures: list[ProposedFigure]


class DealsProposal(Proposed):
    """Deals of the article."""

    deals: list[ProposedDeal]


class FactsProposal(Proposed):
    """Deals, figures and key points of one part of a long article."""

    deals: list[ProposedDeal]
    figures: list[ProposedFigure]
    points: list[ProposedPoint] = Field(description="1 to 4 key points of this part, the most important first")


# Facts first, so that the summary is written with them in view.
class ArticleProposal(Proposed):
    """Deals, figures and summary of the article."""

    deals: list[ProposedDeal]
    figures: list[ProposedFigure]
    points: list[ProposedPoint] = _POINTS
    abstract: list[str] = _ABSTRACT
    headline: str = _HEADLINE


class MendedTerm(ProposedTerm):
    """A term, and the deal it belongs to."""

    deal: str = Field(description="name of its deal, as given above")


class FollowUpProposal(Proposed):
    """What mends or completes an earlier answer; each list empty if there is nothing to give."""

    deals: list[ProposedDeal]
    terms: list[MendedTerm]
    figures: list[ProposedFigure]
    abstract: list[str] = Field(description="all its sentences written again, as before; empty to keep it")
    headline: str = Field(
        description="written again, at most 36 Chinese characters or 22 English words; empty to keep it"
    )


class PairProposal(Proposed):
    """Whether the two reports tell of one deal, and the words that decide it."""

    answer: Literal["same", "different", "unclear"]
    first: str = Field(description="the deciding words of the first report, copied; empty if unclear")
    second: str = Field(description="the deciding words of the second report, copied; empty if unclear")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A proposal that verification did not admit: what it was, and the code that weighs most."""

    part: str
    name: str
    words: str
    sentence: int
    reason: str
    deal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What verification would have mended or completed. Empty findings need no follow-up.

    `unclaimed` are pairs of sentence number and amount as written; `unsupported` are numbers of the summary.
    """

    refusals: tuple[Refusal, ...] = ()
    unclaimed: tuple[tuple[int, str], ...] = ()
    unsupported: tuple[str, ...] = ()
    is_too_long: bool = False

    def __bool__(self) -> bool:
        return bool(self.refusals or self.unclaimed or self.unsupported or self.is_too_long)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """All that an engine proposes for one article. None is what was not asked for; empty is what was not found.

    `from_patterns` says that nobody has read the article: words and values are proved as ever, but who agreed with whom is
    a pattern's guess, so that deals ask for a look.
    """

    figures: tuple[ProposedFigure, ...] | None = None
    deals: tuple[ProposedDeal, ...] | None = None
    summary: SummaryProposal | None = None
    items: Proposed | None = None
    from_patterns: bool = False


_PART_MODELS: dict[PartName, type[Proposed]] = {
    "deals": DealsProposal,
    "figures": FiguresProposal,
    "summary": SummaryProposal,
}


def response_model(parts: tuple[PartName, ...]) -> type[Proposed]:
    """Return the schema that asks for these parts: everything at once, or one part alone.

    Two of three parts are asked with a schema composed of both, facts before the summary.
    """
    asked = tuple(part for part in ("deals", "figures", "summary") if part in parts)
    if asked == ("deals", "figures", "summary"):
        return ArticleProposal
    if len(asked) == 1:
        return _PART_MODELS[asked[0]]
    return _composed(asked)


@cache
def _composed(asked: tuple[PartName, ...]) -> type[Proposed]:
    fields: dict[str, Any] = {}
    for part in asked:
        fields |= {name: (field.annotation, field) for name, field in _PART_MODELS[part].model_fields.items()}
    name = "".join(part.capitalize() for part in asked) + "Proposal"
    return create_model(
        name, __base__=Proposed, __doc__=" and ".join(asked).capitalize() + " of the article.", **fields
    )


def proposals_of(answer: Proposed) -> Proposals:
    """Sort a parsed answer of any of the built-in schemas into its parts."""
    figures: list[ProposedFigure] | None = getattr(answer, "figures", None)
    deals: list[ProposedDeal] | None = getattr(answer, "deals", None)
    summary = None
    if "headline" in type(answer).model_fields:
        names = SummaryProposal.model_fields
        summary = SummaryProposal.model_construct(**{name: getattr(answer, name) for name in names})
    return Proposals(
        figures=None if figures is None else tuple(figures),
        deals=None if deals is None else tuple(deals),
        summary=summary,
    )
