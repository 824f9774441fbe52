"""Which deals of a batch are one: pairs that may be are judged, the best are joined, the rest are doubtful or apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from summarizer.records import ArticleRecord, Deal, Party
from summarizer.report.ledger_clusters import Link, join_links
from summarizer.report.ledger_copies import Copies
from summarizer.report.ledger_judging import Judgement, Told, judge
from summarizer.report.ledger_names import NameForm, parse_name
from summarizer.report.ledger_parties import PartyBook
from summarizer.report.ledger_values import amount_of, parse_date
from summarizer.report.ledger_wording import marks_of, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Groups of deals (positions in `told`), the links that joined them, and doubtful links with what is said against."""

    groups: list[tuple[int, ...]]
    links: list[Link]
    doubtful: dict[Link, tuple[str, ...]]


def collect_deals(records: Sequence[ArticleRecord], book: PartyBook) -> list[Told]:
    """Return the deals of all records with their parties resolved, in the order of the records."""
    return [
        _told(position, number, record, deal, book)
        for position, record in enumerate(records)
        for number, deal in enumerate(record.deals or (), start=1)
    ]


def match_deals(told: Sequence[Told]) -> Matches:
    """Return which deals are one, which are doubtful.

    Articles that tell the same deals in the same words, as reprints do, count as one article. Only deals that share two
    parties, or one and the sum or the day, are compared. Cost: linear in the number of deals, quadratic in the number of
    those that the same two parties have with each other, reprints left out, some 5 µs a pair.
    """
    copies = Copies.among(
        [one.position for one in told],
        [one.compared for one in told],
        lambda item: judge(told[item], told[item]).outcome == "same",
    )
    matches = _match([told[item] for item in copies.first])
    return Matches(
        groups=[copies.group(group) for group in matches.groups],
        links=copies.links(matches.links),
        doubtful={copies.link(pair): codes for pair, codes in matches.doubtful.items()},
    )


def _match(told: Sequence[Told]) -> Matches:
    # A deal that hundreds of articles tell in the same words is judged once.
    kinds: dict[Hashable, int] = {}
    kind_of = [kinds.setdefault(one.compared, len(kinds)) for one in told]
    known: dict[Link, Judgement] = {}

    def judged(low: int, high: int) -> Judgement:
        key = kind_of[low], kind_of[high]
        found = known.get(key)
        if found is None:
            found = known[key] = judge(told[low], told[high])
        return found

    pairs = {pair: judged(*pair) for pair in _candidates(told)}
    misfit = {pair: found.misfit for pair, found in pairs.items() if found.outcome == "same"}
    same = sorted(misfit, key=lambda pair: (misfit[pair], pair))
    tied = _tied(same, misfit, told)
    doubtful = {pair: found.against for pair, found in pairs.items() if found.outcome in ("doubtful", "contradicted")}
    doubtful |= dict.fromkeys(tied, ("fits_two",))

    def may_join(one: int, other: int) -> bool:
        if told[one].position == told[other].position:
            return False
        return judged(min(one, other), max(one, other)).outcome in ("same", "doubtful")

    groups, used, refused = join_links(len(told), (pair for pair in same if pair not in tied), may_join)
    for pair in refused:
        doubtful[pair] = ("fits_better",)
    group_of = {item: number for number, group in enumerate(groups) for item in group}
    apart = {pair: codes for pair, codes in doubtful.items() if group_of[pair[0]] != group_of[pair[1]]}
    return Matches(groups=groups, links=used, doubtful=apart)


def _told(position: int, number: int, record: ArticleRecord, deal: Deal, book: PartyBook) -> Told:
    parties: dict[str, Party] = {}
    forms: dict[str, NameForm] = {}
    for party in deal.parties:
        key = book.key(position, party.name, party.kind)
        parties.setdefault(key, party)
        forms.setdefault(key, parse_name(party.name, party.kind))
    names = [name for party in deal.parties for name in (party.name, *party.aliases)]
    texts = [deal.name, *deal.areas, *(term.text for term in deal.terms)]
    return Told(
        position=position,
        number=number,
        record=record,
        deal=deal,
        parties=parties,
        forms=forms,
        date=parse_date(deal.signed_on),
        published=parse_date(record.article.published_on),
        amount=amount_of(deal.consideration) if deal.consideration else None,
        quotes=tuple(piece.quote for piece in deal.evidence),
        marks=marks_of(deal.name),
        words=words_of(" ; ".join(texts)) - words_of(" ; ".join(names)),
    )


def _candidates(told: Sequence[Told]) -> Iterator[Link]:
    """Yield the pairs, low number first, that share two parties, or one and a like name, the sum or the day of the year."""
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(told):
        keys = sorted(one.parties)
        for at, key in enumerate(keys):
            for other in keys[:at]:
                blocks[("parties", other, key)].append(number)
            if one.amount is not None:
                blocks[("sum", key, one.amount.value.rstrip("0"), one.amount.unit or "")].append(number)
            if one.date is not None and one.date.months is not None and one.date.day is not None:
                blocks[("day", key, str(one.date.months[0]), str(one.date.day))].append(number)
    seen: set[Link] = set()
    pairs = ((low, high) for numbers in blocks.values() for at, high in enumerate(numbers) for low in numbers[:at])
    for low, high in (*_alike_pairs(told), *pairs):
        if told[low].position != told[high].position and (low, high) not in seen:
            seen.add((low, high))
            yield low, high


def _alike_pairs(told: Sequence[Told]) -> Iterator[Link]:
    """Yield the pairs that share a party and have another of which one name begins the other."""
    named: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, one in enumerate(told):
        for key in one.parties:
            for other, form in one.forms.items():
                if other != key:
                    named[(key, form.core)].append(number)
    for (key, core), numbers in named.items():
        for end in range(2, len(core)):
            for low in named.get((key, core[:end]), ()):
                yield from ((min(low, high), max(low, high)) for high in numbers)


def _tied(same: Sequence[Link], misfit: dict[Link, tuple[int, ...]], told: Sequence[Told]) -> set[Link]:
    """Return the pairs in which a deal fits two deals of the other article equally well: no rule says which it is."""
    best: dict[tuple[int, int], list[Link]] = defaultdict(list)
    for pair in same:
        for mine, theirs in (pair, pair[::-1]):
            rivals = best[(mine, told[theirs].position)]
            # Sorted best first: only what fits like the first is a rival.
            if not rivals or misfit[rivals[0]] == misfit[pair]:
                rivals.append(pair)
    return {pair for rivals in best.values() if len(rivals) > 1 for pair in rivals}
