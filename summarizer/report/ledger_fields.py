"""The fields of one deal put together from its tellings: what several say, what one adds, where they differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from summarizer.quantities import scan
from summarizer.records import Deal, DealStatus, Evidence, Verdict
from summarizer.report.ledger_judging import Told
from summarizer.report.ledger_names import folded, parse_name
from summarizer.report.ledger_parties import PartyBook
from summarizer.report.ledger_terms import term_fields
from summarizer.report.ledger_types import Amount, FieldName, LedgerField, LedgerValue, Outcome, Reason, Source
from summarizer.report.ledger_values import amount_of, finest_date, parse_date, relate_amounts, relate_dates

Said = Literal["same", "apart", "not_compared"]

_STAGES: Final[Sequence[DealStatus]] = ("intended", "announced", "signed", "completed")
_HAN = re.compile(r"[\u3400-\u9fff]")
_PLACE_ENDING = re.compile(r"[市省县区]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saying:
    """What one telling says in one field."""

    told: Told
    words: str
    amount: Amount | None = None
    quotes: tuple[Evidence, ...] = ()


def deal_fields(group: Sequence[Told], book: PartyBook) -> tuple[LedgerField, ...]:
    """Return the fields of a deal in reading order: parties, type, status, days, place, sum, duration, terms."""
    fields = list(_party_fields(group, book))
    for name, relate, finest in _SCALARS:
        field = _merged(name, [saying for told in group for saying in _sayings(name, told)], relate, finest)
        if field is not None:
            fields.append(field)
    return (*fields, *term_fields(group, book))


def _party_fields(group: Sequence[Told], book: PartyBook) -> Iterator[LedgerField]:
    for key in dict.fromkeys(key for told in group for key in told.parties):
        named = [(told, told.parties[key]) for told in group if key in told.parties]
        sources = tuple(
            _source(_Saying(told=told, words=party.name, quotes=_with(told.deal, (party.name, *party.aliases))))
            for told, party in named
        )
        first, party = named[0]
        notes = [
            reason
            for told, other in named[1:]
            if other.name != party.name
            for reason in book.why((first.position, party.name, party.kind), (told.position, other.name, other.kind))
        ]
        roles = [party.role for _, party in named if party.role and party.role != "party"]
        yield LedgerField(
            name="party",
            label=roles[0] if roles else None,
            outcome=_outcome(len(sources), is_contradicted=False, is_one_value=True),
            values=(LedgerValue(text=max((party.name for _, party in named), key=len), sources=sources),),
            notes=tuple(dict.fromkeys(notes)),
        )


def _sayings(name: FieldName, told: Told) -> Iterator[_Saying]:
    deal = told.deal
    if name in ("type", "status"):
        yield _Saying(told=told, words=deal.type if name == "type" else deal.status, quotes=deal.evidence[:1])
    elif name == "signed_on" and deal.signed_on:
        yield _Saying(told=told, words=deal.signed_on, quotes=_stating_day(deal))
    elif name == "effective_on" and deal.effective_on:
        yield _Saying(told=told, words=deal.effective_on)
    elif name == "place" and deal.place:
        yield _Saying(told=told, words=deal.place, quotes=_with(deal, (deal.place,)))
    elif name == "consideration" and deal.consideration:
        amount = deal.consideration.amount
        quotes = deal.consideration.evidence or _with(deal, (amount,))
        yield _Saying(told=told, words=amount, amount=amount_of(deal.consideration), quotes=quotes)
    elif name == "duration" and deal.duration:
        yield _Saying(told=told, words=deal.duration, quotes=_with(deal, (deal.duration,)))


def _merged(
    name: FieldName,
    sayings: Sequence[_Saying],
    relate: Callable[[_Saying, _Saying], Said],
    finest: Callable[[Sequence[_Saying]], _Saying],
) -> LedgerField | None:
    """Put what agrees into one value each; values that cannot be compared contradict nothing."""
    if not sayings:
        return None
    # What hundreds of articles say in the same words is compared once.
    alike: dict[tuple[str, Amount | None], list[_Saying]] = {}
    for saying in sayings:
        alike.setdefault((saying.words, saying.amount), []).append(saying)
    groups: list[list[_Saying]] = []
    for saying, *_ in alike.values():
        for group in groups:
            if all(relate(saying, other) == "same" for other in group):
                group.append(saying)
                break
        else:
            groups.append([saying])
    between = {relate(a, b) for at, one in enumerate(groups) for other in groups[:at] for a in one for b in other}
    notes: list[Reason] = []
    if "not_compared" in between and "apart" not in between:
        notes.append(Reason(code="not_compared"))
    if name == "consideration":
        notes += _sum_notes(groups)
    values = []
    for group in groups:
        best = finest(group)
        said = {(one.words, one.amount) for one in group}
        sources = tuple(_source(one) for one in sayings if (one.words, one.amount) in said)
        values.append(LedgerValue(text=best.words, amount=best.amount, sources=sources))
    return LedgerField(
        name=name,
        outcome=_outcome(len(values[0].sources), is_contradicted="apart" in between, is_one_value=len(values) == 1),
        values=tuple(values),
        notes=tuple(notes),
    )


def _sum_notes(groups: Iterable[Sequence[_Saying]]) -> Iterator[Reason]:
    found = {
        relate_amounts(one.amount, other.amount)
        for group in groups
        for at, one in enumerate(group)
        for other in group[:at]
    }
    for relation in ("rounded", "compatible"):
        if relation in found:
            yield Reason(
                code=f"sum_{relation}", about=tuple(dict.fromkeys(one.words for group in groups for one in group))
            )


def _outcome(sources: int, *, is_contradicted: bool, is_one_value: bool) -> Outcome:
    if is_contradicted:
        return "contradicted"
    return "agreed" if is_one_value and sources > 1 else "added"


def _source(saying: _Saying) -> Source:
    told = saying.told
    verdict: Verdict = told.deal.verdict
    return Source(
        article_id=told.record.article.id, number=told.number, words=saying.words, verdict=verdict, quotes=saying.quotes
    )


def _with(deal: Deal, needles: Iterable[str]) -> tuple[Evidence, ...]:
    """Return the pieces of the deal's evidence that hold one of the wordings; rather none than another quote."""
    wanted = [needle for needle in needles if needle]
    return tuple(piece for piece in deal.evidence if any(needle in piece.quote for needle in wanted))


def _stating_day(deal: Deal) -> tuple[Evidence, ...]:
    found = _with(deal, (deal.signed_text or "",))
    if found:
        return found
    day = parse_date(deal.signed_on)
    return tuple(
        piece
        for piece in deal.evidence
        if any(
            quantity.kind == "date" and relate_dates(parse_date(quantity.value), day) in ("same_day", "same_month")
            for quantity in scan(piece.quote)
        )
    )


def _relate_words(one: _Saying, other: _Saying) -> Said:
    return "same" if one.words == other.words or "other" in (one.words, other.words) else "apart"


def _relate_stages(one: _Saying, other: _Saying) -> Said:
    # What was announced may also have been signed: the one article says less than the other, not something else.
    stages = {one.words, other.words}
    return "same" if len(stages) == 1 or ("announced" in stages and "intended" not in stages) else "apart"


def _relate_days(one: _Saying, other: _Saying) -> Said:
    relation = relate_dates(parse_date(one.words), parse_date(other.words))
    return "apart" if relation == "contradicts" else "same" if relation != "unknown" else "not_compared"


def _relate_places(one: _Saying, other: _Saying) -> Said:
    first, second = _bare_place(one.words), _bare_place(other.words)
    if first in second or second in first:
        return "same"
    return "apart" if bool(_HAN.search(first)) == bool(_HAN.search(second)) else "not_compared"


def _bare_place(place: str) -> str:
    return parse_name(place, "government").core if _PLACE_ENDING.search(place) else folded(place)


def _relate_sums(one: _Saying, other: _Saying) -> Said:
    relation = relate_amounts(one.amount, other.amount)
    if relation in ("equal", "rounded", "compatible"):
        return "same"
    return "apart" if relation == "contradicts" else "not_compared"


def _relate_durations(one: _Saying, other: _Saying) -> Said:
    if folded(one.words) == folded(other.words):
        return "same"
    spans = [[amount_of(found) for found in scan(saying.words) if found.kind == "duration"] for saying in (one, other)]
    if not all(spans):
        return "not_compared"
    return "same" if any(relate_amounts(a, b) == "equal" for a in spans[0] for b in spans[1]) else "apart"


def _first(sayings: Sequence[_Saying]) -> _Saying:
    return sayings[0]


def _longest(sayings: Sequence[_Saying]) -> _Saying:
    return max(sayings, key=lambda saying: len(saying.words))


def _furthest(sayings: Sequence[_Saying]) -> _Saying:
    order: Sequence[str] = _STAGES
    return max(sayings, key=lambda saying: order.index(saying.words))


def _named_type(sayings: Sequence[_Saying]) -> _Saying:
    return next((saying for saying in sayings if saying.words != "other"), sayings[0])


def _finest_day(sayings: Sequence[_Saying]) -> _Saying:
    first = sayings[0]
    return _Saying(told=first.told, words=finest_date([saying.words for saying in sayings]), quotes=first.quotes)


def _finest_sum(sayings: Sequence[_Saying]) -> _Saying:
    return max(sayings, key=lambda saying: len(saying.amount.value.strip("0")) if saying.amount else 0)


_SCALARS: Final[
    Sequence[tuple[FieldName, Callable[[_Saying, _Saying], Said], Callable[[Sequence[_Saying]], _Saying]]]
] = (
    ("type", _relate_words, _named_type),
    ("status", _relate_stages, _furthest),
    ("signed_on", _relate_days, _finest_day),
    ("effective_on", _relate_days, _finest_day),
    ("place", _relate_places, _longest),
    ("consideration", _relate_sums, _finest_sum),
    ("duration", _relate_durations, _first),
)
