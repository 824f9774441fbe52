"""Which deals of different articles are one: parties first, then dates, sums, type, stage, roles and numbers in the name.

The rules, in the order in which they decide:

- two deals of one article are never one;
- rounds, phases and lots that differ, or date and sum both, make two deals; so do swapped roles (who sells to whom);
- at least two parties in common and nothing that contradicts: one deal where the type is the same and of a kind that
  the same parties rarely repeat (cooperation, joint venture, acquisition, settlement), otherwise where the sum agrees, or
  the subject, or with the type the day, or where both articles state it in the very same words;
- one party in common, and no other parties that are known to differ: one deal where the sum agrees and the day too, or
  the type and a sum that is no round number;
- one party in common and another of which one name begins the other (沅峤新能源, 沅峤新能源科技): doubtful at most;
- what shares as much but contradicts in one point, or shares too little, is doubtful.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from summarizer.records import ArticleRecord, Deal, DealType, Party
from summarizer.report.ledger_names import NameForm
from summarizer.report.ledger_parties import PartyBook
from summarizer.report.ledger_types import Amount, Reason
from summarizer.report.ledger_values import (
    AmountRelation,
    DateRelation,
    PartialDate,
    is_after,
    relate_amounts,
    relate_dates,
)
from summarizer.report.ledger_wording import marks_differ, overlap

# contradicted is doubtful for a reason that no third article can take away.
Judged = Literal["same", "doubtful", "contradicted", "different"]

# Types that one article gives a deal and another gives the same deal.
_COMPATIBLE: Final = {
    frozenset(pair.split("|"))
    for pair in (
        "strategic_cooperation|research", "strategic_cooperation|settlement", "strategic_cooperation|investment",
        "strategic_cooperation|project_contract", "strategic_cooperation|joint_venture", "joint_venture|investment",
        "acquisition|investment", "acquisition|joint_venture", "investment|settlement", "investment|project_contract",
        "procurement|project_contract", "settlement|project_contract",
    )
}  # fmt: skip
_SELDOM_REPEATED: Final = frozenset({"strategic_cooperation", "joint_venture", "acquisition", "settlement", "research"})
_GIVING: Final = frozenset({"seller", "supplier", "contractor", "lender", "licensor", "investor", "host"})
_TAKING: Final = frozenset({"buyer", "customer", "borrower", "licensee", "investee", "tenant"})
_TARGETS: Final = frozenset({"target", "investee"})
# Half of the smaller deal's words in the other one; measured on tellings of one deal and on deals of one pair of parties.
_SAME_SUBJECT: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One deal of one article with what matching compares. `position` is the article's in the ordered batch."""

    position: int
    number: int
    record: ArticleRecord
    deal: Deal
    parties: dict[str, Party]
    forms: dict[str, NameForm]
    date: PartialDate | None
    published: PartialDate | None
    amount: Amount | None
    quotes: tuple[str, ...]
    marks: dict[str, frozenset[str]]
    words: frozenset[str]

    @property
    def compared(self) -> Hashable:
        """All that `judge` looks at."""
        parties = tuple((key, self.parties[key].role, self.parties[key].name) for key in sorted(self.parties))
        marks = frozenset(self.marks.items())
        said = (self.deal.type, self.deal.status, self.date, self.published, self.amount)
        return parties, said, marks, self.words, self.quotes, self.deal.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What two deals are to each other. `types`: 2 the same, 1 compatible, 0 not; `subject`: share of words in common.

    `others_differ`: each has a party that the other lacks, in one script, so that the two are known to differ. `alike`: the
    names of two such parties where one name begins the other, so that they may be one.
    `against` holds the codes of what contradicts, then of what is missing.
    """

    outcome: Judged
    shared: tuple[str, ...]
    types: int
    dates: DateRelation
    sums: AmountRelation
    subject: float | None
    others_differ: bool
    alike: tuple[str, ...]
    against: tuple[str, ...]

    @property
    def misfit(self) -> tuple[int, ...]:
        """How far the two are from each other, weightiest point first: sum, day, parties, type, subject; less is better."""
        return (
            -{"equal": 3, "rounded": 2, "compatible": 1}.get(self.sums, 0),
            -{"same_day": 3, "same_month": 2, "compatible": 1}.get(self.dates, 0),
            -len(self.shared),
            -self.types,
            -round(20 * (self.subject or 0)),
        )

    @property
    def is_sum_agreed(self) -> bool:
        """Whether both say the same sum, perhaps rounded."""
        return self.sums in ("equal", "rounded")

    @property
    def is_day_agreed(self) -> bool:
        """Whether both say the same day, perhaps one without its year."""
        return self.dates == "same_day"

    @property
    def is_subject_agreed(self) -> bool:
        """Whether the one deal's words are for the better part those of the other."""
        return self.subject is not None and self.subject >= _SAME_SUBJECT


def judge(one: Told, other: Told) -> Judgement:
    """Return what two deals of different articles are to each other."""
    shared = tuple(sorted(one.parties.keys() & other.parties.keys()))
    is_late = _is_told_before(one, other) or _is_told_before(other, one)
    dates = "contradicts" if is_late else relate_dates(one.date, other.date)
    sums = relate_amounts(one.amount, other.amount)
    alike, others_differ = _compare_others(one, other)
    facts = Judgement(
        outcome="different",
        shared=shared,
        types=_type_fit(one.deal.type, other.deal.type),
        dates=dates,
        sums=sums,
        subject=overlap(one.words, other.words),
        others_differ=others_differ,
        alike=alike,
        against=_against(one, other, shared, is_late=is_late, dates=dates, sums=sums),
    )
    outcome, lacking = _decide(one, other, facts)
    return replace(facts, outcome=outcome, against=facts.against + lacking)


def explain(one: Told, other: Told, judgement: Judgement, book: PartyBook) -> list[Reason]:
    """Return what speaks for two deals being one: each party in common with why, then date, sum, type, subject."""
    reasons: list[Reason] = []
    for key in judgement.shared:
        first, second = one.parties[key], other.parties[key]
        reasons += book.why((one.position, first.name, first.kind), (other.position, second.name, second.kind))
    days = tuple(sorted({one.deal.signed_on or "", other.deal.signed_on or ""}))
    if judgement.dates in ("same_day", "same_month", "compatible"):
        reasons.append(Reason(code=f"date_{judgement.dates}", about=days))
    sums = tuple(sorted({told.deal.consideration.amount for told in (one, other) if told.deal.consideration}))
    if judgement.sums in ("equal", "rounded", "compatible"):
        reasons.append(Reason(code=f"sum_{judgement.sums}", about=sums))
    if one.deal.type == other.deal.type:
        reasons.append(Reason(code="same_type", about=(one.deal.type,)))
    if _is_same_sentence(one, other):
        reasons.append(Reason(code="same_sentence"))
    if judgement.is_subject_agreed:
        reasons.append(Reason(code="same_subject"))
    return list(dict.fromkeys(reasons))


def objections(one: Told, other: Told, codes: Iterable[str]) -> list[Reason]:
    """Return what speaks against two deals being one, with the values that differ."""
    about: dict[str, tuple[str, ...]] = {
        "date_differs": (one.deal.signed_on or "—", other.deal.signed_on or "—"),
        "told_before": (one.deal.signed_on or "—", other.deal.signed_on or "—"),
        "sum_differs": tuple(
            told.deal.consideration.amount if told.deal.consideration else "—" for told in (one, other)
        ),
        "type_differs": (one.deal.type, other.deal.type),
        "stage_differs": (one.deal.status, other.deal.status),
        "names_alike": _compare_others(one, other)[0],
    }
    return [Reason(code=code, about=about.get(code, ())) for code in codes]


def _type_fit(one: DealType, other: DealType) -> int:
    """Return 2 for the same type, 1 for two that articles give one deal, 0 otherwise."""
    if one == other:
        return 2
    return 1 if "other" in (one, other) or frozenset((one, other)) in _COMPATIBLE else 0


def _against(
    one: Told, other: Told, shared: Sequence[str], *, is_late: bool, dates: DateRelation, sums: AmountRelation
) -> tuple[str, ...]:
    codes = []
    if dates == "contradicts":
        codes.append("told_before" if is_late else "date_differs")
    if sums == "contradicts":
        codes.append("sum_differs")
    if marks_differ(one.marks, other.marks):
        codes.append("mark_differs")
    if any(_swapped(one.parties[key], other.parties[key]) for key in shared):
        codes.append("roles_swapped")
    return tuple(codes)


def _swapped(one: Party, other: Party) -> bool:
    roles = {one.role, other.role}
    if len(roles) < 2 or roles <= _TARGETS:
        return False
    if "target" in roles:
        return bool(roles & {"buyer", "investor"})
    return bool(roles & _GIVING) and bool(roles & _TAKING)


def _is_told_before(one: Told, other: Told) -> bool:
    """Return whether `other` was signed after the article that reports `one` as done was published."""
    return one.deal.status in ("signed", "completed") and is_after(other.date, one.published)


def _decide(one: Told, other: Told, facts: Judgement) -> tuple[Judged, tuple[str, ...]]:
    """Return the outcome and the codes of what is missing. The order of the questions is the rule (see the module)."""
    agrees = facts.is_sum_agreed or facts.is_day_agreed
    if not facts.shared or "mark_differs" in facts.against or len(facts.against) > 1:
        return "different", ()
    if "roles_swapped" in facts.against:
        return ("contradicted", ()) if agrees else ("different", ())
    if facts.types == 0:
        is_close = agrees and len(facts.shared) > 1 and not facts.against
        return ("contradicted", ("type_differs",)) if is_close else ("different", ())
    if len(facts.shared) == 1:
        return _decide_on_one_party(one, facts)
    if facts.against:
        return "contradicted", ()
    if facts.is_sum_agreed or (facts.is_day_agreed and facts.types == 2) or _is_same_sentence(one, other):
        return "same", ()
    lacking: list[str] = []
    if facts.others_differ:
        lacking.append("parties_differ")
    if "intended" in (one.deal.status, other.deal.status) and one.deal.status != other.deal.status:
        lacking.append("stage_differs")
    if _is_far_apart(one, other):
        lacking.append("far_apart")
    if not facts.is_subject_agreed:
        if facts.types == 1:
            lacking.append("type_differs")
        elif one.deal.type not in _SELDOM_REPEATED:
            lacking.append("often_repeated")
    return ("doubtful", tuple(lacking)) if lacking else ("same", ())


def _is_same_sentence(one: Told, other: Told) -> bool:
    """Return whether both articles state the deal in the very same words, and it is named alike, as reprints do."""
    return bool(one.quotes) and one.quotes == other.quotes and one.deal.name == other.deal.name


def _is_far_apart(one: Told, other: Told) -> bool:
    """Return whether the years of the two deals, or else of their articles, leave room for another deal in between."""
    first, second = _year(one), _year(other)
    return first is not None and second is not None and abs(first - second) > 1


def _year(told: Told) -> int | None:
    for date in (told.date, told.published):
        if date is not None and date.year is not None:
            return date.year
    return None


def _decide_on_one_party(one: Told, facts: Judgement) -> tuple[Judged, tuple[str, ...]]:
    if facts.against:
        return "different", ()
    is_both = facts.is_sum_agreed and facts.is_day_agreed
    if facts.alike and facts.types and not facts.others_differ:
        is_close = facts.is_sum_agreed or facts.is_day_agreed or facts.is_subject_agreed
        is_close = is_close or (facts.types == 2 and one.deal.type in _SELDOM_REPEATED)
        return ("doubtful", ("names_alike",)) if is_close else ("different", ())
    if facts.others_differ:
        # A company signs with several on one day; the same day and sum with another counterpart may be a misread name.
        return ("contradicted", ("parties_differ",)) if is_both and facts.types == 2 else ("different", ())
    if is_both or (facts.is_sum_agreed and facts.types == 2 and _is_uncommon(one.amount)):
        return "same", ()
    if facts.types == 2 and (facts.is_sum_agreed or facts.is_day_agreed):
        return "doubtful", ("one_party",)
    return "different", ()


def _is_uncommon(amount: Amount | None) -> bool:
    """Return whether a sum has two digits or more that are not zero: 1.42 billion says more than 100 million."""
    return amount is not None and len(amount.value.replace(".", "").strip("0")) > 1


def _compare_others(one: Told, other: Told) -> tuple[tuple[str, ...], bool]:
    """Compare the parties that the two do not share: names of which one begins the other, and whether any others differ."""
    mine = [one.forms[key] for key in sorted(one.parties.keys() - other.parties.keys())]
    theirs = [other.forms[key] for key in sorted(other.parties.keys() - one.parties.keys())]
    alike: list[str] = []
    for form in list(mine):
        for rival in theirs:
            if form.is_like(rival):
                alike += [form.text, rival.text]
                mine.remove(form)
                theirs.remove(rival)
                break
    return tuple(alike), bool({form.script for form in mine} & {form.script for form in theirs})
