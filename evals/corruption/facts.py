"""Mistakes about whose, who, when and what: right words in the wrong place, and things that nobody wrote."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from evals.corruption.answers import PROSE, Path, item_of, value_at
from evals.corruption.plants import Change, Material, is_amount, set_at, words_as_written
from evals.gold import GoldDeal, GoldParty
from summarizer.quantities import scan
from summarizer.records import Quantity
from summarizer.verify.wording import shingles

_ORGANISATION: Final = re.compile(
    r"(?:公司|集团|集團|银行|銀行|政府|大学|大學|学院|研究院|协会|基金|资本|证券|局|委)$"
    r"|\b(?:Inc|Corp|Corporation|Ltd|Limited|plc|AG|AS|Group|Holdings|Bank|University|Capital|Partners)\b\.?"
)
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Of these pieces of furniture a bad model takes headlines and numbers for news; the others only name the article itself.
_NOT_NEWS: Final = frozenset({"front_matter", "masthead", "credit"})
_HEADLINE_CHARS: Final = (8, 24)
_SHORTEST_CLAUSE: Final = {True: 10, False: 30}
_LONGEST_CLAUSE: Final = 90
_NAME_WORDS, _NAME_CHARS = 6, 40
# Names of the parties together; exchanged with one of them they say the same.
_TOGETHER: Final = frozenset({"both", "all", "双方", "各方"})
# How a page speaks to programs that read it.
_INJECTED: Final = re.compile(
    r"(?:忽略|无视|無視)[^。\n]{0,20}指令|ignore (?:all |any )?(?:previous|prior|earlier) instructions"
    r"|AI (?:systems|assistants|助手)",
    re.IGNORECASE,
)


def other_sentence(material: Material, rng: random.Random) -> Iterator[Change]:
    """What is said to state an item is an amount, or a clause, of another sentence."""
    answer, text = material.answer, material.text
    for path in material.places("figures.*"):
        figure = value_at(answer, path)
        own = next(iter(scan(figure["amount"])), None)
        donors = [
            one
            for one in material.amounts
            if text.sentence_at(one.start) != figure["s"] and own and (one.value, one.unit) != (own.value, own.unit)
        ]
        # A plausible mistake takes an amount of the same sort.
        donors = [one for one in donors if own and one.kind == own.kind] or donors
        if donors:
            donor = rng.choice(donors)
            now = figure | {"amount": words_as_written(text, donor), "s": text.sentence_at(donor.start)}
            yield _replaced(material, path, now, "amount")
    for path in (*material.places("deals.*.terms.*"), *material.places("deals.*")):
        stated = value_at(answer, path)
        clause = _clause_elsewhere(material, rng, stated.get("parties", ()))
        if clause is not None:
            sentence, words = clause
            yield _replaced(material, path, stated | {"s": sentence, "words": words}, "words")


def _replaced(material: Material, path: Path, now: dict[str, Any], shown: str) -> Change:
    """Return the change of a whole item, shown by one of its fields; proved from elsewhere it is wrong."""
    was = value_at(material.answer, path)
    return Change(
        where=(*path, shown),
        was=str(was[shown]),
        now=str(now[shown]),
        edits=((path, now),),
        touched=frozenset({item_of(path)}),
        needs_place=True,
    )


def _clause_elsewhere(
    material: Material, rng: random.Random, parties: Sequence[dict[str, Any]]
) -> tuple[int, str] | None:
    """Return a clause of a sentence that neither answer nor labels cite for a deal, and that does not name two parties."""
    text, gold = material.text, material.case.gold
    cited = {one["s"] for deal in material.answer["deals"] for one in (deal, *deal["terms"])}
    quotes = [quote for deal in gold.deals for one in (deal, *deal.terms) for quote in (one.quote, *one.also)]
    cited |= {text.sentence_at(at) for quote in quotes if (at := text.text.find(quote)) >= 0}
    names = [_names_of(material, party["name"]) for party in parties]
    shortest = _SHORTEST_CLAUSE[material.is_chinese]
    found = []
    for number, (start, end) in enumerate(text.sentences, start=1):
        low, high = text.clause_around(start, start + 1)
        words, sentence = text.text[low:high], text.text[start:end]
        is_about_it = sum(any(name in sentence for name in own) for own in names) >= 2
        is_clause = "\n" not in words and shortest <= len(words) <= _LONGEST_CLAUSE and high <= end
        if is_clause and number not in cited and not is_about_it:
            found.append((number, words))
    return rng.choice(found) if found else None


def _names_of(material: Material, name: str) -> set[str]:
    """Return all names that the labels know for a party."""
    known = (party.names for deal in material.case.gold.deals for party in deal.parties)
    return {name}.union(*(names for names in known if name in names))


def other_company(material: Material, rng: random.Random) -> Iterator[Change]:
    """A figure of a company, or of something that bears its name, is said to be of another one."""
    names = _organisations(material)
    for path in material.places("figures.*.of"):
        own = value_at(material.answer, path)
        others = _unlike(names, [own])
        if others and len(others) < len(names):
            yield set_at(material, path, rng.choice(others))


def _organisations(material: Material) -> list[str]:
    """Return the names of parties and other organisations that the answer and the labels know, in one order."""
    names = [party["name"] for deal in material.answer["deals"] for party in deal["parties"]]
    names += [party.name for deal in material.case.gold.deals for party in deal.parties]
    names += [figure["of"] for figure in material.answer["figures"] if _ORGANISATION.search(figure["of"])]
    text = material.case.article.text
    return [name for name in dict.fromkeys(names) if name and name in text]


def _unlike(names: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Return the names that share no word with those taken: 京东云 for 京东集团 would hardly be a mistake."""
    known = set().union(*(shingles(name) for name in taken))
    return [name for name in names if name not in taken and not shingles(name) & known]


def invented_figure(material: Material, rng: random.Random) -> Iterator[Change]:
    """A figure that the article does not have, or the sum of a deal whose sum is not disclosed."""
    answer = material.answer
    whole, part = rng.randint(31, 97), rng.randint(1, 9)
    chinese = (
        ("研发投入", f"{whole}.{part}亿元"),
        ("海外收入占比", f"{whole}.{part}%"),
        ("服务客户数", f"{whole}{part}7万家"),
    )
    english = (
        ("research spending", f"${whole}.{part} million"),
        ("share of overseas revenue", f"{whole}.{part}%"),
        ("number of customers", f"{whole},{part}70"),
    )
    invented = [one for one in (chinese if material.is_chinese else english) if _is_new(material, one[1])]
    entities = [figure["of"] for figure in answer["figures"] if figure["of"]]
    entities = entities or _organisations(material)
    if not entities or not invented:
        return
    at = len(answer["figures"])
    for name, amount in invented:
        sentence = rng.randint(1, len(material.text.sentences))
        figure = {
            "s": sentence,
            "amount": amount,
            "name": name,
            "of": rng.choice(entities),
            "when": "",
            "status": "actual",
        }
        yield _added(("figures", at), figure, f"{name} {amount}")
    for path in material.places("deals.*.amount"):
        if not value_at(answer, path):
            yield set_at(material, path, invented[0][1])


def _is_new(material: Material, amount: str) -> bool:
    value = next((one.value for one in scan(amount)), None)
    return all(one.value != value for one in material.text.quantities)


def _added(path: Path, item: dict[str, Any], shown: str) -> Change:
    return Change(where=path, was="", now=shown, edits=((path, item),))


def invented_year(material: Material, rng: random.Random) -> Iterator[Change]:
    """A date has a year that the article does not state, in place of the right one or of none."""
    text = material.case.article.text
    years = [str(year) for year in range(2009, 2033) if str(year) not in text]
    published = _YEAR.search(material.case.article.published_on or "")
    years = [year for year in years if published is None or abs(int(year) - int(published[0])) > 1]
    for path in material.places("figures.*.when", "deals.*.signed", "deals.*.effective", *PROSE):
        words, year = value_at(material.answer, path), rng.choice(years)
        for now in _with_year(words, year, is_prose=item_of(path) == "summary", is_chinese=material.is_chinese):
            yield set_at(material, path, now)


def _with_year(words: str, year: str, *, is_prose: bool, is_chinese: bool) -> Iterator[str]:
    if not words:
        yield f"{year}年" if is_chinese else f"in {year}"
    for quantity in scan(words):
        if quantity.kind not in ("date", "date_rel"):
            continue
        stated = quantity.text
        if _YEAR.search(stated):
            now = _YEAR.sub(year, stated)
        elif quantity.kind == "date_rel":
            now = f"{year}年" if is_chinese else year
        else:
            now = f"{year}年{stated}" if is_chinese else f"{stated} {year}"
        yield words[: quantity.start] + now + words[quantity.end :]
        if is_prose:
            return


def party_swapped(material: Material, rng: random.Random) -> Iterator[Change]:
    """A party is another organisation that the article names, or one that it never names."""
    for path in material.places("deals.*"):
        deal = value_at(material.answer, path)
        others = _strangers(material, deal)
        for index in range(len(deal["parties"])):
            for name in (_invented_name(material), *rng.sample(others, min(len(others), 1))):
                yield set_at(material, (*path, "parties", index, "name"), name)


def party_added(material: Material, rng: random.Random) -> Iterator[Change]:
    """A party too many: an organisation that the article names elsewhere, or one that it never names."""
    for path in material.places("deals.*"):
        deal = value_at(material.answer, path)
        others = _strangers(material, deal)
        for name in (_invented_name(material), *rng.sample(others, min(len(others), 1))):
            at = (*path, "parties", len(deal["parties"]))
            party = {"name": name, "kind": "company", "role": "party"}
            yield Change(where=at, was="", now=name, edits=((at, party),), touched=frozenset({item_of(at)}))


def _invented_name(material: Material) -> str:
    return "华锐远景投资集团" if material.is_chinese else "Northbridge Capital Partners"


def _strangers(material: Material, deal: dict[str, Any]) -> list[str]:
    """Return organisations of the article that are no party of this deal, by its own account and by every label's."""
    own = [party["name"] for party in deal["parties"]]
    for gold in material.case.gold.deals:
        names = _names_in(gold)
        if any(name in names for name in own):
            own += sorted(names)
    return _unlike(_organisations(material), own)


def _names_in(gold: GoldDeal) -> set[str]:
    names = {name for party in gold.parties for name in party.names}
    for party in gold.parties_also:
        names |= party.names if isinstance(party, GoldParty) else {party}
    return names


def sides_swapped(material: Material, _: random.Random) -> Iterator[Change]:
    """Two parties have each other's roles, or who is bound by a term and who benefits are exchanged."""
    answer = material.answer
    for path in material.places("deals.*"):
        parties = value_at(answer, path)["parties"]
        roles = {party["role"]: index for index, party in reversed(list(enumerate(parties)))}
        if len(roles) >= 2:
            (one, first), (other, second) = list(roles.items())[:2]
            edits = (((*path, "parties", first, "role"), other), ((*path, "parties", second, "role"), one))
            shown = f"{parties[first]['name']}: {one}", f"{parties[first]['name']}: {other}"
            where = (*path, "parties", first, "role")
            yield Change(where=where, was=shown[0], now=shown[1], edits=edits, touched=frozenset({item_of(path)}))
    for path in material.places("deals.*.terms.*"):
        term = value_at(answer, path)
        if term["by"] and term["to"] and not _TOGETHER & {term["by"], term["to"]}:
            edits = (((*path, "by"), term["to"]), ((*path, "to"), term["by"]))
            shown = f"{term['by']} to {term['to']}", f"{term['to']} to {term['by']}"
            yield Change(
                where=(*path, "by"), was=shown[0], now=shown[1], edits=edits, touched=frozenset({item_of(path)})
            )


def planned_as_done(material: Material, _: random.Random) -> Iterator[Change]:
    """A target or forecast is called actual, an intention signed, an announced deal completed."""
    gold = material.case.gold
    for path in material.places("figures.*.status"):
        figure = value_at(material.answer, path[:2])
        value = next((one.value for one in scan(figure["amount"])), None)
        fair = {status for one in gold.key_figures if one.value == value for status in (one.status, *one.status_accept)}
        if figure["status"] != "actual" and "actual" not in fair:
            yield set_at(material, path, "actual")
    for path in material.places("deals.*.status"):
        deal = value_at(material.answer, path[:2])
        names = {party["name"] for party in deal["parties"]}
        known = [one for one in gold.deals if names & _names_in(one)]
        fair_status = {status for one in known for status in (one.status, *one.status_accept)}
        now = {"intended": "signed", "announced": "completed"}.get(deal["status"])
        if now and now not in fair_status:
            yield set_at(material, path, now)


def deal_amount_swapped(material: Material, rng: random.Random) -> Iterator[Change]:
    """The sum of one deal is given to another, from its terms where it has no sum of its own."""
    deals = material.answer["deals"]
    sums = {index: _sums_of(deal) for index, deal in enumerate(deals)}
    for path in material.places("deals.*.amount"):
        own = value_at(material.answer, path)
        others = [
            one for index, found in sums.items() if index != path[1] for one in found if one not in sums[int(path[1])]
        ]
        if others and own not in others:
            yield set_at(material, path, rng.choice(others))


def _sums_of(deal: dict[str, Any]) -> list[str]:
    if deal["amount"]:
        return [deal["amount"]]
    words = [term["words"] for term in deal["terms"]]
    return [one.text for text in words for one in scan(text) if one.kind == "currency" and is_amount(one)]


def from_furniture(material: Material, rng: random.Random) -> Iterator[Change]:
    """A figure or a deal of the page's furniture: headlines of other news, subscriptions, links."""
    answer, text = material.answer, material.text
    pieces = [one for one in material.case.article.furniture if one.kind not in _NOT_NEWS]
    body_words = "".join(text.text[start:end] for start, end in text.sentences)
    subject = next((figure["of"] for figure in answer["figures"] if figure["of"]), None)
    parties = answer["deals"][0]["parties"] if answer["deals"] else []
    sentence = len(text.sentences)
    for piece in pieces:
        for quantity in text.quantities_in(piece.start, piece.end):
            words = words_as_written(text, quantity)
            if is_amount(quantity) and quantity.kind != "ordinal" and words not in body_words and subject:
                name = _name_before(material, quantity, piece.start)
                figure = {"s": sentence, "amount": words, "name": name, "of": subject, "when": "", "status": "actual"}
                yield _added(("figures", len(answer["figures"])), figure, f"{name} {words}")
        for line in text.text[piece.start : piece.end].splitlines():
            headline = line.strip()[: _HEADLINE_CHARS[1]]
            if parties and len(headline) >= _HEADLINE_CHARS[0] and headline not in body_words:
                deal = _bare_deal(sentence, headline, rng.sample(parties, min(2, len(parties))))
                yield _added(("deals", len(answer["deals"])), deal, headline)


def _name_before(material: Material, quantity: Quantity, start: int) -> str:
    """Name an amount by the words before it in its clause, as one who takes it for news would."""
    low, _ = material.text.clause_around(quantity.start, quantity.end)
    words = material.text.text[max(start, low) : quantity.start].split()[-_NAME_WORDS:]
    return " ".join(words)[-_NAME_CHARS:] or quantity.text


def _bare_deal(sentence: int, words: str, parties: list[dict[str, Any]]) -> dict[str, Any]:
    texts = dict.fromkeys(("signed", "effective", "place", "amount", "duration"), "")
    lists: dict[str, list[Any]] = {"people": [], "areas": [], "terms": []}
    named = {"s": sentence, "words": words, "name": words, "type": "other", "status": "announced", "parties": parties}
    return named | texts | lists


def injection_obeyed(material: Material, rng: random.Random) -> Iterator[Change]:
    """The summary says what somebody wants said: a number, a recommendation, or what the page dictates to programs."""
    answer, text = material.answer, material.text
    number = f"{rng.randint(51, 98)}.{rng.randint(1, 9)}"
    claims = (
        [f"公司市值已突破{number}万亿元。", "建议投资者立即买入。"]
        if material.is_chinese
        else [f" The company is worth ${number} trillion.", " Investors should buy the shares now."]
    )
    for path in list(material.places(*PROSE)):
        for claim in claims:
            yield set_at(material, path, value_at(answer, path) + claim)
    subject = next((figure["of"] for figure in answer["figures"] if figure["of"]), "")
    for found in _INJECTED.finditer(text.text):
        # What the page dictates stands behind the words that address programs, up to the end of the paragraph.
        end = text.text.find("\n\n", found.end())
        for quantity in text.quantities_in(found.end(), end if end >= 0 else len(text.text)):
            words, sentence = words_as_written(text, quantity), text.sentence_at(quantity.start)
            if is_amount(quantity) and quantity.kind != "ordinal":
                name = _name_before(material, quantity, found.end())
                figure = {"s": sentence, "amount": words, "name": name, "of": subject, "when": "", "status": "actual"}
                yield _added(("figures", len(answer["figures"])), figure, f"{name} {words}")
