"""Deals as the offline engine proposes them: found sentence by sentence, joined, and filled with what is said of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from summarizer.engines.offline_deals_chinese import find_chinese
from summarizer.engines.offline_deals_english import find_english
from summarizer.engines.offline_found import FoundDeal
from summarizer.engines.offline_people import Person, find_people
from summarizer.engines.offline_terms import find_terms
from summarizer.proposals import ProposedDeal, ProposedParty, ProposedSignatory

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Name, Names
    from summarizer.engines.offline_text import Reading, Sentence
    from summarizer.records import DealType, Quantity

# Told in passing about another time: such a deal ends nobody's section and has none of its own.
_BACKGROUND = re.compile(
    r"陆续|此前|曾|去年|前年|早在|已与|\b(?:previously|earlier|last year|in 20\d\d|separate(?:ly)?)\b"
)
_MAX_SECTION = 24
_DURATION = re.compile(
    r"(?:有效期|期限|合作期|合同期|租期|租赁期|为期|工期|合作期限|许可期)(?:限)?(?:为|是|"
    r"[:：])?\s*(?P<zh>[\d一二三四五六七八九十两]+(?:个)?(?:年|月|日历天|天|个月))"
    r"|(?P<span>[\d一二三四五六七八九十两]+年)期(?=[^，。]{0,14}(?:协议|合同|协定))"
    r"|(?P<en>\b(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)[- "
    r"]year)(?=\b[^.]{0,40}(?:agreement|contract|deal|offtake|lease|licen[cs]e|pact|concession))"
    r"|\b(?:run|runs|last|lasts|term of|period of|for)(?: for)? (?P<run>(?:\d{1,3}|two|three|four|"
    r"five|ten|twelve|fifteen|twenty) years)\b"
)
_PLACE = (
    re.compile(r"在(?P<place>[\u3400-\u9fff]{2,10}?)(?:正式|共同|现场|举行|成功)*$"),
    re.compile(r"在[^，。；]{0,10}?(?P<place>(?:[\u3400-\u9fff]{2,3}?(?:省|市|州|县|区)){1,3})(?:召开|举行|举办|开幕)"),
)
_NO_PLACE = re.compile(r"领域|方面|基础|过程|[上下中内外前后]$|期间|背景|框架|条件|仪式|会议|原则|时$|之")
_PLACE_EN = re.compile(r"\bin (?P<place>[A-Z][\w\-]+(?: [A-Z][\w\-]+)?)(?=[ ,.]|$)")
_MONTH_EN = re.compile(
    r"^(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Series|Q[1-4]|H[12]|The|Phase)\b"
)
_AREAS = re.compile(
    r"(?:在|围绕|聚焦|就|涵盖|涉及|覆盖|"
    r"包括)(?P<list>[^，。；：在就围：]{2,16}(?:、[^，。；：、]{2,20}){1,9})(?:等)?(?:[一二三四五六七八九十\d]+(?:个|"
    r"大))?(?:重点|合作|主要|核心|多个|诸多)*(?:领域|方面|方向|板块|业务|维度)"
)
_AREAS_EN = re.compile(
    r"\b(?:areas?|fields?) (?:of|such as|including|like) (?P<list>[^.;]{5,140})|\bcooperat\w+ (?:in|on) (?P<more>[^.;]{5,140})"
)
_WISH = re.compile(r"希望|期盼|表示|认为|指出|建议|强调")
# What stands before the deal's own sum, in Chinese and in English; what is stated per share or tonne is none.
_SUMS: dict[DealType, tuple[str, str]] = {
    "acquisition": (
        r"对价|作价|交易金额|交易总额|收购价|代价|总价|价格为|以",
        r"\bfor\b|\bvalues?\b|\bworth\b|\bvalued at\b|\bpay\b|consideration",
    ),
    "joint_venture": (r"注册资本|总投资", r"registered capital|\binvest\b|\bcapital of\b"),
    "procurement": (
        r"合同总额|合同金额|总金额|总额|总价|金额|采购额|价值",
        r"\bworth\b|\bvalued at\b|\bvalue of\b|contract would bring|totall?ing",
    ),
    "project_contract": (
        r"中标金额|中标价|合同金额|合同总额|合同价|总投资|投资额",
        r"\bworth\b|\bvalued at\b|\bcontract price\b|\bvalue of\b",
    ),
    "investment": (
        r"融资|认购代价|认购价|投资|增资|代价|出资",
        r"\braised\b|\binvest\w*\b|\bsubscri\w+\b",
    ),
    "settlement": (r"投资", r"\binvest\w*\b"),
    "licence": (r"首付款|预付款|许可费|里程碑|总金额|总额", r"\bupfront\b|\bmilestones?\b|\bworth\b"),
    "research": (r"总投资|投入|经费", r"\bfund\w*\b|\bworth\b"),
    "other": (r"合同总额|合同金额|总金额|总额|协议金额", r"\bworth\b|\bvalued at\b"),
}
_NAMES_ZH: dict[DealType, str] = {
    "strategic_cooperation": "战略合作",
    "joint_venture": "合资",
    "investment": "投资",
    "acquisition": "收购",
    "procurement": "采购",
    "licence": "许可",
    "project_contract": "项目",
    "settlement": "入驻",
    "research": "联合研究",
    "other": "合作",
}
_NAMES_EN: dict[DealType, str] = {
    "strategic_cooperation": "strategic cooperation",
    "joint_venture": "joint venture",
    "procurement": "purchase agreement",
    "project_contract": "contract",
    "settlement": "lease",
    "other": "agreement",
}


def propose_deals(reading: Reading, names: Names) -> tuple[ProposedDeal, ...]:
    """Return the article's deals in its order; empty where nobody named agreed on anything."""
    groups: list[list[FoundDeal]] = []
    for sentence in reading.body:
        for deal in (find_chinese if sentence.language == "zh" else find_english)(reading, names, sentence):
            twin = next((group for group in groups if _is_same(group[0], deal)), None)
            if twin is None:
                groups.append([deal])
            else:
                twin.append(deal)
    if not groups:
        return ()
    people = find_people(reading, names)
    anchors = [_anchor(reading, group) for group in groups]
    proposed: list[ProposedDeal] = []
    for index, group in enumerate(groups):
        others = [
            deal.sentence
            for place, other in enumerate(groups)
            if place != index
            for deal in other
            if not _is_background(reading, deal)
        ]
        section = _section(reading, group, others)
        writer = _Writer(reading, names, group, anchors[index], section)
        known = people if len(groups) == 1 else _people_of(people, anchors[index])
        proposed.append(writer.write(known, proposed))
    return tuple(proposed)


def _is_same(one: FoundDeal, other: FoundDeal) -> bool:
    first, second = [name for name, _ in one.parties], [name for name, _ in other.parties]
    shared = [name for name in first if any(_is_same_party(name, party) for party in second)]
    if one.object.lower().startswith("series") or re.search("轮|融资|增发|定增", one.object):
        return one.object.lower() == other.object.lower() and bool(shared)
    is_contained = len(shared) >= min(len(first), len(second))
    is_close = abs(one.sentence.number - other.sentence.number) <= 8 or one.sentence.is_heading
    return is_contained and (
        one.type == other.type or "other" in (one.type, other.type) or (is_close and len(shared) >= 2)
    )


def _is_same_party(one: Name, other: Name) -> bool:
    """Return whether two names are of one organisation: 南阳市 is 南阳市人民政府 where they sign."""
    if one is other:
        return True
    pairs = ((one, other), (other, one))
    if any(len(form) >= 4 and form in long.full for short, long in pairs for form in short.forms):
        # 北斗制药 in a title is 日本北斗制药株式会社 in the text.
        return True
    is_government = "government" in (one.kind, other.kind)
    return is_government and (one.full.startswith(other.full) or other.full.startswith(one.full))


def _is_background(reading: Reading, deal: FoundDeal) -> bool:
    return bool(_BACKGROUND.search(reading.folded, deal.sentence.start, deal.end)) or (
        deal.status == "completed" and deal.type == "investment"
    )


def _anchor(reading: Reading, group: Sequence[FoundDeal]) -> FoundDeal:
    """Return the sentence that states the deal best: no heading, with a date, early."""

    def rank(deal: FoundDeal) -> tuple[bool, bool, bool, int]:
        dated = any(q.kind.startswith("date") for q in reading.quantities_in(deal.sentence.start, deal.sentence.end))
        caption = re.match(r"\s*(?:图片说明|图[：:]|[（(])", reading.folded[deal.sentence.start : deal.sentence.end])
        return deal.sentence.is_heading, caption is not None, not dated, deal.sentence.number

    best = min(group, key=rank)
    if best.type == "other":
        best.type = next((deal.type for deal in group if deal.type != "other"), "other")
    longest = max(group, key=lambda deal: len(deal.parties))
    if best.type == "investment" and len(longest.parties) > len(best.parties):
        best.parties = longest.parties
    return best


def _section(reading: Reading, group: Sequence[FoundDeal], others: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences that tell of a deal: from each that states it to the next that states another."""
    stops = {sentence.number for sentence in others}
    found: dict[int, Sentence] = {}
    for deal in group:
        if deal.sentence.is_heading and len(group) > 1:
            continue
        found[deal.sentence.number] = deal.sentence
        if _is_background(reading, deal):
            continue
        for sentence in reading.sentences[deal.sentence.number : deal.sentence.number + _MAX_SECTION]:
            if sentence.number in stops or not sentence.is_reporting:
                break
            found[sentence.number] = sentence
    return [found[number] for number in sorted(found)]


def _people_of(people: Sequence[Person], deal: FoundDeal) -> list[Person]:
    parties = [name for name, _ in deal.parties]
    kept = []
    for person in people:
        is_member = person.organization in parties or any(
            person.org and person.org in form for name in parties for form in name.forms
        )
        if is_member:
            kept.append(person)
    return kept


class _Writer:
    """Fills one deal with what its sentences say."""

    def __init__(
        self, reading: Reading, names: Names, group: Sequence[FoundDeal], anchor: FoundDeal, section: Sequence[Sentence]
    ) -> None:
        self._reading = reading
        self._names = names
        self._group = group
        self._deal = anchor
        self._section = section
        self._is_chinese = anchor.sentence.language == "zh"

    def write(self, people: Sequence[Person], earlier: Sequence[ProposedDeal]) -> ProposedDeal:
        deal, reading = self._deal, self._reading
        parties = [name for name, _ in deal.parties]
        date = self._date() or self._same_day(earlier)
        is_effective = deal.status == "completed" and deal.type != "investment"
        return ProposedDeal(
            s=deal.sentence.number,
            words=reading.text[deal.start : deal.end],
            name=self._name(),
            type=deal.type,
            status=deal.status,
            parties=[ProposedParty(name=name.full, kind=name.kind, role=role) for name, role in deal.parties],
            signed="" if is_effective else date,
            effective=date if is_effective else "",
            place=self._place(),
            people=[ProposedSignatory(name=p.name, title=p.title, org=p.org, role=p.role) for p in people],
            areas=self._areas(),
            amount=self._amount(),
            duration=self._duration(),
            terms=find_terms(reading, self._names, self._section, parties, (deal.start, deal.end)),
        )

    def _name(self) -> str:
        shown = [self._short(name) for name, _ in self._deal.parties[:2]]
        if self._is_chinese:
            return self._reading.in_script("与").join(shown) + self._reading.in_script(_NAMES_ZH[self._deal.type])
        return " and ".join(shown) + " " + _NAMES_EN.get(self._deal.type, self._deal.type)

    def _short(self, name: Name) -> str:
        """Return the short form that the article uses most, if it is a name and no 本公司."""
        forms = [form for form in name.forms if 2 < len(form) < len(name.full) and not re.match(r"[本该該目]", form)]
        return max(forms, key=lambda form: (self._reading.text.count(form), form), default=name.full)

    def _date(self) -> str:
        """Return the date words of the signing: before the verb in its sentence, or right behind it in English."""
        deal, reading = self._deal, self._reading
        low, high = deal.sentence.start, deal.end
        dates = [q for q in reading.quantities_in(low, min(high + 60, deal.sentence.end)) if q.kind.startswith("date")]
        if not self._is_chinese:
            signed = [
                q
                for q in dates
                if re.search(r"\b(?:signed|sign)\b[^.;]{0,60}\bon $|, signed (?:on|in) $", reading.text[low : q.start])
            ]
            # A date before the deal is the day of the news unless the sentence says that it was signed.
            opening = [q for q in dates if q.start < deal.start and deal.status == "signed"]
            chosen = (
                signed
                or [
                    q
                    for q in dates
                    if q.start > deal.end and reading.text[q.start - 4 : q.start].strip() in ("on", "in")
                ]
                or opening
            )
            return (
                reading.text[chosen[0].start : chosen[0].end]
                if (chosen and self._deal.status != "completed") or signed
                else ""
            )
        before = [q for q in dates if q.start < deal.end - 2 and self._is_day(q)]
        if before:
            return reading.text[before[-1].start : before[-1].end]
        if deal.status == "signed" and deal.sentence.number > 1:
            return self._day_before()
        return ""

    def _is_day(self, quantity: Quantity) -> bool:
        return re.search(r"[日号號天昨今]|月", quantity.text) is not None and not re.search(
            r"底|末|初|以来|之前", quantity.text
        )

    def _day_before(self) -> str:
        """Return the date that opens the sentence before, where that tells of the same signing (仪式, 签约)."""
        reading = self._reading
        previous = reading.sentences[self._deal.sentence.number - 2]
        if previous.paragraph != self._deal.sentence.paragraph or not re.search(
            r"签约|签署|签订|仪式|揭牌", reading.folded[previous.start : previous.end]
        ):
            return ""
        dates = [
            q
            for q in reading.quantities_in(previous.start, previous.start + 16)
            if q.kind.startswith("date") and "日" in q.text
        ]
        return reading.text[dates[0].start : dates[0].end] if dates else ""

    def _same_day(self, earlier: Sequence[ProposedDeal]) -> str:
        opening = self._reading.folded[self._deal.sentence.start : self._deal.sentence.start + 6]
        if earlier and re.match(r"(?:同日|当日|当天|同一天)", opening):
            return earlier[-1].signed
        return ""

    def _place(self) -> str:
        deal, reading = self._deal, self._reading
        if not self._is_chinese:
            tail = reading.text[deal.end : min(deal.end + 40, deal.sentence.end)]
            match = _PLACE_EN.match(tail.lstrip()) if tail else None
            return match["place"] if match and not _MONTH_EN.match(match["place"]) else ""
        verb = re.compile(r"签订|签署|签约|订立|达成").search(reading.folded, deal.start, deal.end)
        if verb is None:
            return ""
        for pattern, low, high in (
            (_PLACE[0], deal.start, verb.start()),
            (_PLACE[1], deal.sentence.start, verb.start()),
        ):
            match = pattern.search(reading.folded[low:high])
            if match and not _NO_PLACE.search(match["place"]):
                return reading.text[low + match.start("place") : low + match.end("place")]
        return ""

    def _areas(self) -> list[str]:
        reading = self._reading
        near = [
            self._deal.sentence,
            *(sentence for sentence in self._section if sentence.number != self._deal.sentence.number),
        ][:5]
        for sentence in near:
            if _WISH.search(reading.folded, sentence.start, sentence.end):
                continue
            if sentence.language == "zh":
                start = self._deal.start if sentence is self._deal.sentence else sentence.start
                match = _AREAS.search(reading.folded, start, sentence.end)
                if match:
                    return list(
                        _list_items(
                            reading.text,
                            *match.span("list"),
                            joiner=r"、|(?<=[\u3400-\u9fff]{3})[和及与與](?=[\u3400-\u9fff]{3})",
                        )
                    )
            elif match := _AREAS_EN.search(reading.text, sentence.start, sentence.end):
                span = match.span("list") if match["list"] else match.span("more")
                return list(_list_items(reading.text, *span, joiner=r",? and |, "))
        return []

    def _amount(self) -> str:
        """Return the words of the deal's own sum."""
        deal, reading = self._deal, self._reading
        if deal.amount is not None:
            return reading.text[slice(*deal.amount)]
        cues = _SUMS.get(deal.type)
        if cues is None:
            return ""
        chinese, english = (re.compile(cue) for cue in cues)
        first = [self._deal.sentence, *(s for s in self._section if s.number > self._deal.sentence.number)][:8]
        for sentence in first:
            cue = chinese if sentence.language == "zh" else english
            for quantity in reading.quantities_in(sentence.start, sentence.end):
                if quantity.kind != "currency" or _is_per_unit(reading, quantity):
                    continue
                low, _ = reading.clause_at(quantity.start, quantity.end)
                reach = 14 if sentence.language == "zh" else 40
                before = reading.folded[max(low, quantity.start - reach) : quantity.start]
                if cue.search(before):
                    start, end = amount_span(quantity)
                    return reading.text[start:end]
        return ""

    def _duration(self) -> str:
        told = [deal.sentence for deal in self._group]
        for sentence in (self._deal.sentence, *told, *(self._section[:8] if self._is_chinese else self._section[:4])):
            match = _DURATION.search(self._reading.folded, sentence.start, sentence.end)
            if match:
                if match["en"] and sentence is not self._deal.sentence:
                    # Another agreement beside the one that was signed.
                    continue
                start, end = next(match.span(group) for group in ("zh", "span", "en", "run") if match[group])
                return self._reading.text[start:end]
        return ""


def amount_span(quantity: Quantity) -> tuple[int, int]:
    """Return the span of an amount together with its qualifier."""
    start, end = quantity.start, quantity.end
    if quantity.qualifier_start is not None and quantity.qualifier_end is not None:
        start, end = min(start, quantity.qualifier_start), max(end, quantity.qualifier_end)
    return start, end


def _is_per_unit(reading: Reading, quantity: Quantity) -> bool:
    """Return whether a price is meant: $31.50 per share, €610 a tonne."""
    after = reading.text[quantity.end : quantity.end + 24]
    return (
        re.match(
            r"\s*(?:/|每|per\b|an? (?:share|tonne|ton|barrel|unit|month|year|MWh|kWh)|in cash and|for each)", after
        )
        is not None
    )


def _list_items(text: str, start: int, end: int, joiner: str) -> Iterator[str]:
    for item in re.split(joiner, text[start:end]):
        words = re.sub(r"等$", "", item.strip(" ，,"))
        if 2 <= len(words) <= 40 and not re.search(r"[，。；]", words):
            yield words
