"""The public result types: one `ArticleRecord` an article, one JSON object a line of results.jsonl.

Offsets are code points into the article's canonical text, half open. Numbers are decimal strings in the base unit
(万, 亿, million multiplied out; percent stays percent). Dates are ISO 8601, only as precise as the article:
`2022-03-31`, `2022-03`, `2022`, `--11-18`, `--08`, `2020-Q3`, `2021-10-23/2021-10-25`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer.errors import FormatError, UnreadableInputError

SCHEMA_VERSION: Final = "1"

Verdict = Literal["verified", "review", "rejected"]
Status = Literal["ok", "needs_review", "failed"]
Qualifier = Literal["exact", "about", "nearly", "more_than", "at_least", "less_than", "at_most", "range"]
QuantityKind = Literal[
    "number",
    "count",
    "currency",
    "percent",
    "percent_point",
    "multiple",
    "dimension",
    "temperature",
    "duration",
    "ordinal",
    "date",
    "date_rel",
    "name",
    "code",
    "pattern",
]
FigureStatus = Literal["actual", "target", "forecast"]
DealType = Literal[
    "strategic_cooperation",
    "joint_venture",
    "investment",
    "acquisition",
    "procurement",
    "licence",
    "project_contract",
    "settlement",
    "research",
    "other",
]
DealStatus = Literal["signed", "announced", "completed", "intended"]
PartyKind = Literal["company", "government", "institution", "person", "other"]
SignatoryRole = Literal["signed", "attended", "witnessed"]
TermKind = Literal[
    "commitment",
    "preference",
    "exclusivity",
    "investment",
    "purchase",
    "resource",
    "incentive",
    "target",
    "governance",
    "condition",
    "duration",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One number, amount or date expression of a text, as `summarizer.quantities.scan` reads it.

    `text` is the expression with its counter or unit, without outer qualifiers (约, 超过, more than), which have a span
    of their own; `start` and `end` are code-point offsets, half open, so that `source[start:end] == text`.
    `value` and `value_max` are decimal strings (both ends of a range), or partial ISO 8601 for dates; None for
    kinds that carry no value (`name`, `code`, `pattern`) and for unresolved `date_rel`.
    """

    text: str
    start: int
    end: int
    value: str | None
    value_max: str | None
    unit: str | None
    qualifier: Qualifier
    kind: QuantityKind
    # Where the bare number (digits and scale words) and the outer qualifier stand; None where there is none.
    number_start: int | None = None
    number_end: int | None = None
    qualifier_start: int | None = None
    qualifier_end: int | None = None
    # 几十万, 数百: the two ends are the order of magnitude only.
    is_vague: bool = False
    # Dates: symbolic value of a relative date (`year-1/07`), or a fiscal period's own calendar.
    note: str | None = None


class Part(BaseModel):
    """Base of the record's parts: immutable; unknown fields of newer writers are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Evidence(Part):
    """A verbatim piece of the article: `text[start:end] == quote`, always.

    `source_start`/`source_end` index the decoded source file where the canonical text is not that file itself
    (HTML, Markdown with markup); None otherwise.
    """

    quote: str
    start: int
    end: int
    source_start: int | None = None
    source_end: int | None = None


class Furniture(Part):
    """A range of the canonical text that is no source of facts: link lists, copyright, telephone numbers, front matter."""

    start: int
    end: int
    kind: str


class ArticleInfo(Part):
    """Which article the record is about. `sha256` is that of the canonical text in UTF-8; `chars` its code points."""

    id: str
    source: str
    title: str | None = None
    publisher: str | None = None
    published_on: str | None = None
    language: str
    sha256: str
    chars: int
    encoding: str | None = None
    furniture: tuple[Furniture, ...] = ()
    warnings: tuple[str, ...] = ()


class ErrorInfo(Part):
    """Why an article has no result: `kind` is a stable word (errors.py), `message` one line."""

    kind: str
    message: str


class KeyPoint(Part):
    """One sentence of the summary with the places of the article that carry it."""

    text: str
    evidence: tuple[Evidence, ...] = ()


class Summary(Part):
    """Headline, abstract and key points, in the language of the article unless asked otherwise.

    `verdict` is `review` with `NUMBER_NOT_IN_ARTICLE` where a number or date of the prose has no support (the audit's
    `prose` says which), with `TOO_LONG` where headline or abstract exceed their limit.
    """

    headline: str
    abstract: str
    key_points: tuple[KeyPoint, ...] = ()
    verdict: Verdict = "review"
    reasons: tuple[str, ...] = ()


class KeyFigure(Part):
    """A quantity about something in the article.

    `amount` is the expression as written (`约30亿元`); value, unit and qualifier are read from it by the scanner.
    `period_text` are the article's own words for when it holds, also where they are no date (`目前`).
    """

    name: str
    entity: str | None = None
    amount: str
    value: str | None = None
    value_max: str | None = None
    unit: str | None = None
    qualifier: Qualifier | None = None
    period: str | None = None
    period_text: str | None = None
    status: FigureStatus
    evidence: tuple[Evidence, ...] = ()
    verdict: Verdict
    reasons: tuple[str, ...] = ()


class Party(Part):
    """A party of a deal, named as the article names it at its fullest, with the other names it uses."""

    name: str
    aliases: tuple[str, ...] = ()
    kind: PartyKind
    role: str | None = None


class Signatory(Part):
    """A person named as signing, attending or witnessing."""

    name: str
    title: str | None = None
    organization: str | None = None
    role: SignatoryRole


class Consideration(Part):
    """The deal's own sum, read from `amount`, the words of the article."""

    value: str
    unit: str | None = None
    qualifier: Qualifier = "exact"
    value_max: str | None = None
    amount: str
    evidence: tuple[Evidence, ...] = ()


class Term(Part):
    """What the parties agreed beyond naming an area: something that binds or favours somebody."""

    kind: TermKind
    text: str
    obligor: str | None = None
    beneficiary: str | None = None
    condition: str | None = None
    evidence: tuple[Evidence, ...] = ()
    verdict: Verdict
    reasons: tuple[str, ...] = ()


class Deal(Part):
    """An agreement, contract, joint venture, investment or purchase between named parties.

    `signed_text` are the article's own words for the day of signing, also where they cannot be resolved (`on the closing day`).
    """

    name: str
    type: DealType
    status: DealStatus
    parties: tuple[Party, ...] = ()
    signed_on: str | None = None
    signed_text: str | None = None
    effective_on: str | None = None
    place: str | None = None
    signatories: tuple[Signatory, ...] = ()
    areas: tuple[str, ...] = ()
    consideration: Consideration | None = None
    duration: str | None = None
    terms: tuple[Term, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    verdict: Verdict
    reasons: tuple[str, ...] = ()


class ItemField(Part):
    """One field of a profile's item: the words or class the model gave and, where code reads them, the value."""

    name: str
    text: str
    value: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Item(Part):
    """One item of a user's own profile, verified like the built-in ones. `kind` is the field of the response it came from."""

    kind: str
    fields: tuple[ItemField, ...]
    evidence: tuple[Evidence, ...] = ()
    verdict: Verdict
    reasons: tuple[str, ...] = ()


class RejectedItem(Part):
    """A proposal that was not admitted, as it was proposed, with the codes that say why."""

    item: dict[str, Any]
    reasons: tuple[str, ...]


class ProseQuantity(Part):
    """A number, a date or a name in headline, abstract or key points. `start`/`end` index `where`'s text.

    `supported_by` is the place of the article that says the same, None where nothing does. `is_doubtful`: the number stands
    there, but among words that share little with those round it here, so that it may be the number of something else.
    """

    text: str
    start: int
    end: int
    where: str
    is_name: bool = False
    is_doubtful: bool = False
    supported_by: Evidence | None = None


class Audit(Part):
    """What verification found beside the items: numbers nobody claimed, proposals refused, prose checked.

    `coverage` is the share of the body's value-carrying quantities (dates aside) that an item claims, 0 to 1; None
    where there are none.
    """

    unclaimed: tuple[Quantity, ...] = ()
    rejected: tuple[RejectedItem, ...] = ()
    prose: tuple[ProseQuantity, ...] = ()
    coverage: float | None = None


class RunInfo(Part):
    """How the record was made. The only part that may differ between two runs over the same article.

    `requests` counts answers used for this article, from wherever they came; `from_cache` says that none was paid now.
    Tokens are the provider's own figures for those answers, estimated from the bodies where it states none
    (`tokens_are_estimated`). Money is in US dollars by list price, None where a price is not known: `cost_usd` is what this
    run paid for the article, 0 where all answers were there already; `answers_cost_usd` what all its answers cost when they
    were paid; `possibly_paid_usd` the most that the attempts may cost that brought no answer and may be charged for.
    """

    engine: Literal["llm", "offline"]
    model: str | None = None
    prompt_version: str | None = None
    requests: int = 0
    paid_requests: int = 0
    possibly_paid_requests: int = 0
    input_tokens: int | None = None
    cached_input_tokens: int | None = None
    output_tokens: int | None = None
    tokens_are_estimated: bool = False
    follow_ups: int = 0
    cost_usd: float | None = None
    answers_cost_usd: float | None = None
    possibly_paid_usd: float | None = None
    from_cache: bool = False
    seconds: float = 0.0
    profile: str | None = None
    parts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class ArticleRecord(Part):
    """Everything the toolkit says about one article."""

    schema_version: Literal["1"] = SCHEMA_VERSION
    article: ArticleInfo
    status: Status
    error: ErrorInfo | None = None
    summary: Summary | None = None
    key_figures: tuple[KeyFigure, ...] | None = None
    deals: tuple[Deal, ...] | None = None
    items: tuple[Item, ...] | None = None
    audit: Audit | None = None
    run: RunInfo

    def to_json(self) -> str:
        """Return the record as one line of JSON, UTF-8 not escaped to ASCII."""
        return self.model_dump_json()

    @classmethod
    def load_jsonl(cls, path: str | os.PathLike[str]) -> list[Self]:
        """Read all records of a results.jsonl. Needs no key, no network and no model client.

        Raises:
            UnreadableInputError: the file is missing or may not be read.
            FormatError: a line is no record of this schema version; the message names the line.
        """
        return list(cls.iter_jsonl(path))

    @classmethod
    def iter_jsonl(cls, path: str | os.PathLike[str]) -> Iterator[Self]:
        """Read the records of a results.jsonl one by one. Raises as `load_jsonl` does."""
        try:
            # Binary, split at \n only: str.splitlines would cut at U+2028 inside an article's quote.
            with Path(path).open("rb") as lines:
                for number, line in enumerate(lines, start=1):
                    if line.strip():
                        yield cls._from_line(line, f"{os.fspath(path)!r} line {number}")
        except OSError as error:
            raise UnreadableInputError(
                f"cannot read {os.fspath(path)!r}: {error.strerror}; name a results.jsonl that a run wrote"
            ) from error

    @classmethod
    def _from_line(cls, line: bytes, where: str) -> Self:
        try:
            return cls.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            at = ".".join(str(part) for part in first["loc"]) or "the line"
            if first["loc"] == ("schema_version",):
                raise FormatError(
                    f"{where}: a record of another schema version; expected {SCHEMA_VERSION!r}: run again to make it anew"
                ) from error
            raise FormatError(
                f"{where}: no article record ({at}: {first['msg']}): "
                "it was cut or edited; run the command that wrote it once more, stored answers are not paid again"
            ) from error


def dump_jsonl(records: Iterable[ArticleRecord]) -> str:
    """Return the records as JSON lines, each ended by a newline."""
    return "".join(record.to_json() + "\n" for record in records)


class FailedInput(Part):
    """One line of failures.jsonl: an input that failed or was skipped, and why."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    source: str
    id: str | None = None
    status: Literal["failed", "skipped"] = "failed"
    kind: str
    message: str = Field(description="one line: what is wrong and what to do")

    @property
    def named_message(self) -> str:
        """The message with the input's name, put before it where the message itself does not bear it."""
        return self.message if repr(self.source) in self.message else f"{self.source}: {self.message}"
