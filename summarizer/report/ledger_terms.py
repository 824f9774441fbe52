"""The terms of one deal from several tellings: which of them are one term, and whether their amounts agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from summarizer.quantities import scan
from summarizer.records import Term
from summarizer.report.ledger_clusters import Link, join_links
from summarizer.report.ledger_copies import copies_of
from summarizer.report.ledger_judging import Told
from summarizer.report.ledger_parties import PartyBook
from summarizer.report.ledger_types import Amount, LedgerField, LedgerValue, Outcome, Source
from summarizer.report.ledger_values import amount_of, relate_amounts, unit_key
from summarizer.report.ledger_wording import marks_differ, marks_of, overlap, words_of

_HAN = re.compile(r"[\u3400-\u9fff]")
_TOGETHER: Final = frozenset({"both", "all"})
# With equal amounts a fifth of the words is enough; without amounts most of them must be the same.
_WITH_AMOUNTS: Final = 0.2
_WITHOUT_AMOUNTS: Final = 0.6
# The same clause with another amount; below this it is another clause.
_SAME_CLAUSE: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    told: Told
    term: Term
    obligor: str | None
    amounts: tuple[tuple[str, Amount], ...]
    words: frozenset[str]
    marks: dict[str, frozenset[str]]
    is_han: bool


def term_fields(group: Sequence[Told], book: PartyBook) -> list[LedgerField]:
    """Return one field a term, in the order of the tellings. Terms of one telling are never taken for one another."""
    if len(group) == 1:
        return [_only(group[0], term) for term in group[0].deal.terms]
    # Tellings with the same terms in the same words, as reprints have, count as one.
    said = [tuple((term.text, term.kind, _bound(told, term, book)) for term in told.deal.terms) for told in group]
    copies = copies_of(said)
    order = {id(told): number for number, told in enumerate(group)}
    of_copies = [
        (told, at, [group[copy] for copy in copies[told]])
        for told in copies
        for at in range(len(group[told].deal.terms))
    ]
    items = [_item(group[told], group[told].deal.terms[at], book) for told, at, _ in of_copies]
    related = {
        (low, high): found
        for high in range(len(items))
        for low in range(high)
        if items[low].told is not items[high].told and (found := _relate(items[low], items[high])) is not None
    }
    # Terms that agree are put together before those that contradict: what agrees elsewhere contradicts nothing.
    links: list[Link] = sorted(related, key=lambda pair: (related[pair][0] == "apart", -related[pair][1], pair))
    groups, _, _ = join_links(len(items), links, lambda a, b: (min(a, b), max(a, b)) in related)
    fields = []
    for numbers in groups:
        whole = [items[number] for number in numbers]
        for number in numbers:
            _, at, others = of_copies[number]
            whole += [replace(items[number], told=other, term=other.deal.terms[at]) for other in others]
        fields.append(_field(sorted(whole, key=lambda item: order[id(item.told)])))
    return fields


def _bound(told: Told, term: Term, book: PartyBook) -> str | None:
    """Return the party that a term binds, None where it binds all or nobody is named."""
    obligor = term.obligor if term.obligor and term.obligor not in _TOGETHER else None
    return book.key(told.position, obligor) if obligor else None


def _item(told: Told, term: Term, book: PartyBook) -> _Item:
    amounts = tuple(
        (unit_key(found.unit), amount)
        for found in scan(term.text)
        if found.kind not in ("date", "date_rel", "ordinal") and (amount := amount_of(found)) is not None
    )
    return _Item(
        told=told,
        term=term,
        obligor=_bound(told, term, book),
        amounts=amounts,
        words=words_of(term.text),
        marks=marks_of(term.text),
        is_han=bool(_HAN.search(term.text)),
    )


def _relate(one: _Item, other: _Item) -> tuple[Literal["same", "apart"], float] | None:
    """Return whether two terms of different articles are one and agree or not, with how alike they are; None for two terms."""
    if marks_differ(one.marks, other.marks) or (one.obligor and other.obligor and one.obligor != other.obligor):
        return None
    is_kind = one.term.kind == other.term.kind
    is_language = one.is_han == other.is_han
    alike = overlap(one.words, other.words) or 0.0
    agreeing, differing = _compare_amounts(one, other)
    if agreeing and not differing and (is_kind or alike >= _SAME_CLAUSE):
        # Words of two languages have nothing in common: amounts, kind and obligor must do.
        if alike >= _WITH_AMOUNTS or one.term.kind == "duration" or not is_language:
            return "same", 1 + alike + agreeing
        return None
    if not agreeing and not differing:
        return ("same", alike) if alike >= _WITHOUT_AMOUNTS else None
    if is_kind and differing and (alike >= _SAME_CLAUSE or one.term.kind == "duration"):
        return "apart", alike
    return None


def _compare_amounts(one: _Item, other: _Item) -> tuple[int, int]:
    """Return how many units both terms have with a value in common, and how many without."""
    agreeing = differing = 0
    for unit in sorted({unit for unit, _ in one.amounts} & {unit for unit, _ in other.amounts}):
        mine = [amount for known, amount in one.amounts if known == unit]
        theirs = [amount for known, amount in other.amounts if known == unit]
        if any(relate_amounts(a, b) in ("equal", "rounded", "compatible") for a in mine for b in theirs):
            agreeing += 1
        else:
            differing += 1
    return agreeing, differing


def _field(items: Sequence[_Item]) -> LedgerField:
    values: list[list[_Item]] = []
    for item in items:
        for value in values:
            found = _relate(value[0], item)
            if value[0].term.text == item.term.text or (found is not None and found[0] == "same"):
                value.append(item)
                break
        else:
            values.append([item])
    outcome: Outcome = "contradicted" if len(values) > 1 else "agreed" if len(items) > 1 else "added"
    return LedgerField(
        name="term",
        label=items[0].term.kind,
        outcome=outcome,
        values=tuple(
            LedgerValue(
                text=max((one.term.text for one in value), key=len),
                sources=tuple(_source(one.told, one.term) for one in value),
            )
            for value in values
        ),
    )


def _only(told: Told, term: Term) -> LedgerField:
    value = LedgerValue(text=term.text, sources=(_source(told, term),))
    return LedgerField(name="term", label=term.kind, outcome="added", values=(value,))


def _source(told: Told, term: Term) -> Source:
    return Source(
        article_id=told.record.article.id,
        number=told.number,
        words=term.text,
        verdict=term.verdict,
        quotes=term.evidence,
    )
