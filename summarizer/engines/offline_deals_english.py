"""Deals in English sentences: who agreed with whom, by the verb of agreeing and the names around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from summarizer.engines.offline_found import FoundDeal
from summarizer.engines.offline_names import kind_of

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Mention, Name, Names
    from summarizer.engines.offline_text import Reading, Sentence
    from summarizer.proposals import PartyRole
    from summarizer.records import DealStatus, DealType

_PAPER = (
    r"(?:agreements?|contracts?|deal|memorandum|MoU|MOU|letter of intent|heads of terms|term sheet|"
    r"pact|accord|partnership|alliance|joint venture|venture|lease|licen[cs]e)"
)
# A point between digits ends no sentence: US$1.5 million.
_ANY = r"(?:[^.;]|\.(?=\d))"
_SIGN = re.compile(
    rf"\b(?P<verb>(?:has |have |had |today |jointly |also )*(?:signed|inked|concluded|struck|entered "
    rf"into|agreed(?: to)?|announced|formed|established|sealed|reached|finali[sz]ed|set up|form|sign|"
    rf"signs|to form|to sign))"
    rf"(?P<object> (?:[^.;:,]|,(?=\d)){{0,70}}?\b{_PAPER})\b"
)
_BUY = re.compile(
    r"\b(?P<verb>(?:(?:to|will|would|has|have|had|is|are|agreed|plans|plan|intends|completed|"
    r"announced|offered|set|today|been|the|its|for|it|a|an|says|said|that|under|which|friendly|"
    r"definitive)\s)*"
    rf"(?:acquire[sd]?|buy|buys|bought|purchase[sd]?|take over|takes over|took over|merge with|"
    rf"acquisition of|purchase of|takeover of|merger with|buyout of))\b(?P<rest>{_ANY}{{0,120}})"
)
_RAISE = re.compile(
    rf"\b(?P<verb>rais(?:ed|es|ing)|secur(?:ed|es)|clos(?:ed|es)|land(?:ed|s)|bagg(?:ed|s)|"
    rf"complet(?:ed|es))\b(?P<rest>{_ANY}{{0,45}}?)(?:in|of)?\s?(?:an?|its|the)?\s?(?P<round>\b[Ss]eed|"
    rf"[Ss]eries [A-H]\d?\+?|[Pp]re-[Ss]eries [A-C])"
)
_LED = re.compile(
    r"\b(?:co-)?led by (?P<names>(?:[^.;,]|,(?= [A-Z]))+)|(?:participation|investment|backing) "
    r"(?:from|by) (?P<joined>[^.;]+)|\bwhich (?P<which>[A-Z][\w ]+?) led"
)
_BACKER = re.compile(
    r"\b(?:backers?|investors?|shareholders?)\b(?P<names>[^.;]{3,120}?)\b(?:supplied|put in|provided|"
    r"contributed|invested|also (?:took part|joined|participated)|participated|took part|joined)"
)
_WIN = re.compile(
    r"\b(?P<verb>(?:has |have |was |were |been |won|wins|secures|secured|receives|received|bagged|"
    r"landed|awarded)(?: been)?(?: awarded)?) (?P<object>an?\b[^.;]{0,80}?\b(?:contract|order|"
    r"concession|tender))\b(?P<rest>[^.;]{0,90})"
)
_AWARD = re.compile(r"\b(?:has |have |had )?awarded\b(?P<rest>[^.;]{3,110}?)\b(?:contract|order|concession)\b")
_UNSURE = re.compile(
    r"\b(?:not|never|unless|if|would|could|might|may|without|had hoped|until|denied|declined|rejected|"
    r"terminate[sd]?|talks?|hopes? to|considering|whether)\b",
    re.I,
)
_INTENDED = re.compile(
    r"\b(?:non-binding|letter of intent|memorandum|MoU|MOU|heads of terms|term sheet|indicative|preliminary)\b"
)
# The first that matches counts.
_CUES: dict[DealType, str] = {
    "strategic_cooperation": r"strategic (?:cooperation|partnership|alliance)|strategic",
    "joint_venture": r"joint[- ]venture|\bventure\b",
    "acquisition": r"merger|acqui|takeover|share purchase",
    "procurement": r"offtake|power purchase|\bPPA\b|supply|purchase agreement|procurement|sales|framework|order|heads of terms",
    "licence": r"licen[cs]",
    "investment": r"subscription|investment|financing|funding",
    "research": r"research|laboratory|R&D",
    "settlement": r"lease|tenan",
    "project_contract": r"construction|EPC|concession|build|engineering|contract",
}
_TYPES = tuple((re.compile(cue, re.I), kind) for kind, cue in _CUES.items())
_CAPITAL_RUN = re.compile(r"[A-Z][\w&\-]*(?: [A-Z][\w&\-]*){0,4}")


def find_english(reading: Reading, names: Names, sentence: Sentence) -> Iterator[FoundDeal]:
    """Yield the deals that an English sentence states, in its order."""
    for finder in (_bought, _raised, _won, _signed):
        found = finder(reading, names, sentence)
        if found is not None:
            found.parties = list(
                zip(names.adopt(name for name, _ in found.parties), (role for _, role in found.parties), strict=True)
            )
            yield found
            return


def _signed(reading: Reading, names: Names, sentence: Sentence) -> FoundDeal | None:
    text = reading.text
    for match in _SIGN.finditer(text, sentence.start, sentence.end):
        before = names.within(sentence.start, match.start())
        clause = text[max(match.start() - 40, sentence.start) : match.start()]
        if _UNSURE.search(clause) or (
            "announced" in match["verb"] and not re.search(r"definitive|agreement|venture|partnership", match["object"])
        ):
            continue
        after = _after(reading, names, match.end(), sentence.end)
        parties = _joined(reading, before, sentence)
        others = [name for name in after if name not in parties]
        if len(parties) < 2 and not others:
            continue
        parties = (parties or [])[-1:] + others if len(parties) < 2 or (_with(text, match) and others) else parties
        if len(parties) < 2:
            continue
        status: DealStatus = "intended" if _INTENDED.search(match["object"]) else "signed"
        if status == "signed" and re.search(r"announced|formed|established|set up|form\b|agreed", match["verb"]):
            status = "announced"
        return FoundDeal(
            sentence=sentence,
            start=_start(before, parties, match.start(), sentence),
            end=match.end(),
            parties=[(name, "party") for name in parties],
            type=type_of(match["object"] + text[match.end() : match.end() + 60]),
            status=status,
            object=match["object"].strip(),
            amount=_sum_in(reading, *match.span("object")),
        )
    return None


def _bought(reading: Reading, names: Names, sentence: Sentence) -> FoundDeal | None:
    text = reading.text
    for match in _BUY.finditer(text, sentence.start, sentence.end):
        before = names.within(sentence.start, match.start())
        targets = [
            mention for mention in names.beginning(*match.span("rest")) if mention.start - match.start("rest") < 70
        ]
        clause = text[max(match.start() - 25, sentence.start) : match.start()]
        if _UNSURE.search(clause):
            continue
        target = targets[0].name if targets else _unknown(reading, names, *match.span("rest"))
        if target is None:
            continue
        by = re.search(r"\bby\b", match["rest"])
        buyers = [mention.name for mention in before if mention.name is not target]
        if not buyers and by:
            buyers = [mention.name for mention in targets[1:] if mention.start > match.start("rest") + by.start()]
        if not buyers:
            continue
        is_asset = not targets or (targets[0].start - match.start("rest") > 45)
        if is_asset and not re.search(r"shares?|stake|%|business|unit|company|all of", match["rest"][:60]):
            continue
        words = match["verb"] + text[match.end() : match.end() + 40]
        status: DealStatus = (
            "completed"
            if re.search(r"\b(?:completed|has acquired|has bought|acquired|bought|took over)\b", match["verb"])
            else "announced"
        )
        if re.search(r"definitive|signed", text[sentence.start : match.end()]) or "definitive" in words:
            status = "signed"
        buyer = buyers[-1]
        parties: list[tuple[Name, PartyRole]] = [(buyer, "buyer"), (target, "target")]
        if sold := re.search(r"\bfrom\b", match["rest"]):
            sellers = [m.name for m in names.beginning(match.start("rest") + sold.end(), match.end("rest"))]
            parties += [(name, "seller") for name in sellers[:1] if name not in (buyer, target)]
        return FoundDeal(
            sentence=sentence,
            start=_start(before, [buyer], match.start(), sentence),
            end=max(targets[0].end if targets else 0, match.start("rest")),
            parties=parties,
            type="acquisition",
            status=status,
            object="acquisition",
        )
    return None


def _raised(reading: Reading, names: Names, sentence: Sentence) -> FoundDeal | None:
    text = reading.text
    for match in _RAISE.finditer(text, sentence.start, sentence.end):
        money = [quantity for quantity in reading.quantities_in(*match.span("rest")) if quantity.kind == "currency"]
        before = names.within(sentence.start, match.start())
        company = before[0].name if before else _subject_so_far(reading, names, sentence)
        if not money or company is None:
            continue
        parties: dict[Name, PartyRole] = {company: "investee"}
        for led in _LED.finditer(text, match.end(), sentence.end):
            span = next(led.span(group) for group in ("names", "joined", "which") if led[group])
            for name in _after(reading, names, span[0] - 1, span[1]):
                parties.setdefault(name, "investor")
        for other in reading.body:
            if sentence.number < other.number <= sentence.number + 8:
                for backer in _BACKER.finditer(text, other.start, other.end):
                    for mention in names.beginning(*backer.span("names")):
                        parties.setdefault(mention.name, "investor")
        return FoundDeal(
            sentence=sentence,
            start=match.start(),
            end=match.end(),
            parties=list(parties.items()),
            type="investment",
            status="announced"
            if re.search(r"said|announce|today", text[sentence.start : sentence.end])
            else "completed",
            object=match["round"],
            amount=(money[0].start, money[0].end),
        )
    return None


def _won(reading: Reading, names: Names, sentence: Sentence) -> FoundDeal | None:
    text = reading.text
    for pattern in (_WIN, _AWARD):
        for match in pattern.finditer(text, sentence.start, sentence.end):
            before = names.within(sentence.start, match.start())
            after = [mention.name for mention in names.beginning(*match.span("rest"))]
            if not before or _UNSURE.search(text[max(match.start() - 25, sentence.start) : match.start()]):
                continue
            subject = before[-1].name
            others = [name for name in after if name is not subject]
            if pattern is _WIN and not re.search(r"won|wins|secure|award|receive|bagged|landed", match["verb"]):
                continue
            if not others:
                continue
            roles: tuple[PartyRole, PartyRole] = (
                ("contractor", "customer") if pattern is _WIN else ("customer", "contractor")
            )
            return FoundDeal(
                sentence=sentence,
                start=before[-1].start,
                end=match.end() if pattern is _AWARD else match.end("object"),
                parties=[(subject, roles[0]), (others[0], roles[1])],
                type="project_contract",
                status="announced",
                object="contract",
                amount=_sum_in(reading, *match.span()),
            )
    return None


def _sum_in(reading: Reading, start: int, end: int) -> tuple[int, int] | None:
    """Return the sum that stands within the words of a deal: a £430 million contract."""
    for quantity in reading.quantities_in(start, end):
        if quantity.kind == "currency":
            return quantity.start, quantity.end
    return None


def type_of(words: str) -> DealType:
    """Return the type of deal that English words about it name."""
    for pattern, kind in _TYPES:
        if pattern.search(words):
            return kind
    return "other"


def _joined(reading: Reading, before: list[Mention], sentence: Sentence) -> list[Name]:
    """Return the subjects of a sentence: its first names as long as only `and` and descriptions join them."""
    found: list[Name] = []
    end = sentence.start
    for mention in before:
        if mention.start < end:
            continue
        gap = reading.text[end : mention.start]
        if found and not re.search(r"\band\b|,\s*$", gap):
            break
        if mention.name not in found:
            found.append(mention.name)
        end = mention.end
        short = re.match(r"\s*\([^()]*\)(?:\s*\([^()]*\))?", reading.text[end:])
        end += short.end() if short else 0
    return found


def _with(text: str, match: re.Match[str]) -> bool:
    return re.match(r"[^.;,]{0,60}\bwith\b", text[match.end() :]) is not None


def _after(reading: Reading, names: Names, low: int, high: int) -> list[Name]:
    """Return the names behind `with`, `between` or `by`."""
    opening = re.compile(r"\b(?:with|between|from|to|by)\b|^").search(reading.text, low, high)
    start = opening.end() if opening else low
    found = [mention.name for mention in names.beginning(start, min(start + 140, high))]
    if not found and opening and opening[0]:
        unknown = _unknown(reading, names, start, min(start + 60, high))
        found = [unknown] if unknown else []
    return list(dict.fromkeys(found))


def _unknown(reading: Reading, names: Names, low: int, high: int) -> Name | None:
    """Return the first run of capitalised words that is no date, role or common word."""
    from summarizer.engines.offline_names import split_english

    for match in _CAPITAL_RUN.finditer(reading.text, low, high):
        for start, end in split_english(reading.text, *match.span()):
            words = reading.text[start:end]
            if " " in words and not re.search(r"\d", words):
                return names.candidate(start, end, kind_of(words, words))
    return None


def _subject_so_far(reading: Reading, names: Names, sentence: Sentence) -> Name | None:
    # A pronoun stands for the subject of the sentence before; a title's for the name that the article uses most.
    for other in reversed(reading.sentences[: sentence.number - 1]):
        subject = names.within(other.start, other.end)
        if subject and other.paragraph == sentence.paragraph:
            return subject[0].name
    earlier = names.within(0, sentence.start)
    counts: dict[Name, int] = {}
    for mention in earlier:
        counts[mention.name] = counts.get(mention.name, 0) + 1
    return max(counts, key=lambda name: counts[name], default=None)


def _start(before: list[Mention], parties: list[Name], otherwise: int, sentence: Sentence) -> int:
    return min((mention.start for mention in before if mention.name in parties), default=max(otherwise, sentence.start))
