"""Deals in Chinese sentences: who agreed with whom, by the verb of agreeing and the names around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from summarizer.engines.offline_names import kind_of
from summarizer.engines.offline_words import GENERIC_NAMES, NO_BREAK

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Name, Names
    from summarizer.engines.offline_text import Reading, Sentence
    from summarizer.proposals import PartyRole
    from summarizer.records import DealStatus, DealType


@dataclass(slots=True, kw_only=True)
class FoundDeal:
    """A deal as one sentence states it. Spans are offsets into the article's text."""

    sentence: Sentence
    start: int
    end: int
    parties: list[tuple[Name, PartyRole]]
    type: DealType
    status: DealStatus
    object: str = ""
    # Sentences up to this one, exclusive, tell of this deal.
    until: int = 0
    # Spans found with the deal itself: its date, sum, place.
    date: tuple[int, int] | None = None
    amount: tuple[int, int] | None = None
    further: list[int] = field(default_factory=list)


_SIGN = re.compile(
    r"(?P<verb>签订|签署|签定|签下|订立|缔结|续签|达成)(?:了|的)?(?P<object>[^，。；：]{0,36}?(?:协议书|协议|合同|备忘录|意向书|意向|合约|协定|订单|战略合作(?:框架)?(?:协议书|协议|合同)?|合作共识))"
    r"|(?P<contract>签约)(?!仪式|服务|后|以来|前|方|金额|项目|额|企业|现场|率|量|成功率|主体|作者|歌手|家庭|医生)"
)
# Signing as a condition or a plan is no signing.
_NOT_SIGNED = re.compile(r"未能|未|尚未|没有|倘|若|如果|一旦|应当|应|须|必须|拒绝|否认|有权|期盼|希望|有望|期待|之前|争取")
_FOUND = re.compile(
    r"(?P<verb>合资成立|合资设立|合资组建|合资建设|合资共建|共同出资设立|共同出资成立|共同出资|共同发起设立|共同设立|共同成立|共同组建|共同打造|共同建设|"
    r"联合成立|联合设立|联合组建|联合打造|联合建设|联合共建|联手打造|携手打造|携手共建|合作共建|合作建设|合作成立|共建)(?:了|的)?(?P<object>[^，。；：]{2,40})"
)
# A founded thing that is worth a deal bears a name: in quotes, or a legal form, or a place's kind.
_NAMED_OBJECT = re.compile(
    r"^(?:[^，。；]{0,8}[“「《\"][^”」》\"]{2,24}[”」》\"]|[^，。；、]{2,24}?(?:有限公司|合资公司|产业园|科技园|工业园|创新园|实验室|研究院|产业基金|创新中心|研发中心|示范区|创新基地|产业基地|生产基地|示范基地|合资企业))"
)
_ACQUIRE = re.compile(
    r"(?P<verb>全资收购|要约收购|战略入股|战略投资|收购|并购|认购|受让|入股|增资)(?:了)?(?P<object>[^，。；]{2,40}?)(?:的)?"
    r"(?:(?:约|全部|合计|剩余|部分)*[\d.]*[%％]?(?:全部|的|已发行)*(?:股权|股份|新股|股本|业务|资产|权益|控股权)|百分之|[，。；]|$)"
)
_NOT_ACQUIRED = re.compile(r"有权|要求|不得|若|如果|倘|优先|收益|未|终止|否认|放弃|承诺|可能")
_FUND = re.compile(
    r"(?:完成|获得|获|斩获|拿下|宣布)(?:了)?(?P<amount>[^，。；]{0,30}?)(?P<round>天使\+?轮|种子轮|[Pp]re-?[A-D]\+?轮|[A-H]\d?\+{0,3}轮|战略|新一轮|首轮|首次|本轮)(?:系列)?(?:股权)?融资"
)
_LEAD = re.compile(r"(?:由|，)(?P<names>[^，。；由]{2,60}?)(?:联合|共同|独家)?(?P<role>领投|投资|跟投)")
_AWARD = re.compile(r"(?:中标人|中选人|中标单位|成交供应商|中标供应商|第一中标候选人)(?:为|是|[:：])\s*(?P<names>[^。；\n]{4,90})|(?P<verb>中标|中选)(?!人|候选|公告|结果|公示|通知|金额|价|率|额|后|单位|供应商)(?P<object>[^，。；]{4,50})")
_OWNER = re.compile(r"(?:招标人|采购人|建设单位|业主单位|业主|采购单位|发包人)")
_SETTLE = re.compile(r"(?P<verb>签约落户|签约入驻|正式入驻|正式落户|入驻|落户)(?P<object>[\u3400-\u9fff（）()]{2,20}?(?:产业园|科技园|工业园|园区|开发区|高新区|新区|经开区|自贸区|软件园|创业园|产业基地|新城))")
_JOINT = re.compile(rf"(?P<word>{NO_BREAK}|共和|联合体|联合实验室|联合会|联合国)|(?P<join>以及|及其|与|和|同|跟|及|、|联合|携手|联手|牵手|并与)")
_LEADING = re.compile(
    r"^(?:[“”「」\"]|\d{4}年|\d{1,2}月|\d{1,2}日|(?:上午|下午|晚间|凌晨)|近日|日前|当日|当天|同日|昨日|昨天|今日|今天|此次|本次|本周|上周|会上|仪式上|活动上|现场|据悉|此外|另外|同时|随后|其中|由|并|还|又|也|则|而|"
    r"[^，。]{0,12}(?:大会|论坛|峰会|仪式|会议|活动|期间)(?:上|期间|，)|消息|讯|电|（[^）]{0,20}）|\s|，|：|根据|按照|签约企业|中方企业|园区运营方|运营方|全资附属公司|全资子公司|子公司|附属公司|丹麦企业|[\u3400-\u9fff]{2,3}企业(?=[A-Z]))+"
)
_TRAILING = re.compile(
    r"(?:（[^（）]*）|\([^()]*\)|(?:在|于|就|围绕|以|针对)[^，。]{2,30}?|已陆续|陆续|已经|已|则|正式|成功|共同|联合|联手|携手|现场|分别|双方|三方|四方|两家(?:公司|企业)?|近日|日前|当日|顺利|首次|今日|今天|拟|将|宣布|进行|举行|再次|也|又|还|并|所|合作|"
    r"等?[\d一二三四五六七八九十]+(?:余|多)?(?:家|个|座|所)[^，。与和、]{0,12}|等(?:多家)?(?:企业|公司|单位|城市|机构|政府|地)?|[“”\s])+$"
)
_UNLIKELY = re.compile(r"[的了是将已拟其此该们我他她这那也都还又要被把并而且但因]|通过|共同|正式|双方|推动|促进|加强|进一步|未来|目前|发展|关系|深化|领域|方面|建设|开展|实现|首批|意向|入驻|签约|另有|企业$|\d")
_THE_COMPANY = re.compile(r"(?:该公司|该集团|该企业|公司|其|该校|该行|企业)(?=与|和|同|则|还|也|已|将)")


def find_chinese(reading: Reading, names: Names, sentence: Sentence) -> Iterator[FoundDeal]:
    """Yield the deals that a Chinese sentence states, in its order."""
    finders = [_signed, _awarded, _funded, _founded, _acquired, _settled]
    for index, finder in enumerate(finders):
        found = list(finder(reading, names, sentence))
        for deal in found:
            adopted = names.adopt(name for name, _ in deal.parties)
            deal.parties = [(name, role) for name, (_, role) in zip(adopted, deal.parties, strict=True)]
            yield deal
        if found and index == 0:
            # What is founded or bought in a sentence about a signing is what was signed.
            return


def type_of(words: str, otherwise: DealType = "other") -> DealType:
    """Return the type of deal that folded words about it name."""
    for pattern, kind in _TYPES:
        if pattern.search(words):
            return kind
    return otherwise


_TYPES: tuple[tuple[re.Pattern[str], DealType], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"战略(?:性)?合作|战略伙伴|全面战略", "strategic_cooperation"),
        (r"合资", "joint_venture"),
        (r"收购|并购|股权转让|要约|合并协议", "acquisition"),
        (r"入驻|入园|落户|租赁", "settlement"),
        (r"认购|增资|投资|融资|入股", "investment"),
        (r"采购|购销|供货|购电|订单|包销|供应|销售|买卖|承购|供气|供热", "procurement"),
        (r"许可|授权|专利", "licence"),
        (r"联合实验室|联合研发|产学研|技术开发|科研|研发合作|研究院", "research"),
        (r"施工|总承包|承包|EPC|项目合同|建设合同|工程|中标|特许经营|项目协议|建设协议", "project_contract"),
    )
)


def _signed(reading: Reading, names: Names, sentence: Sentence) -> Iterator[FoundDeal]:
    folded, last = reading.folded, sentence.start
    earlier: list[Name] = []
    for match in _SIGN.finditer(folded, sentence.start, sentence.end):
        low = _clause_start(reading, sentence, match.start())
        verb = match["verb"] or match["contract"]
        wording = match["object"] or ""
        before = folded[low : match.start()]
        if _NOT_SIGNED.search(before) or re.match(r"(?:之日|后|前|以来)", folded[match.end() :]):
            continue
        if verb == "达成" and re.search(r"伙伴|共识$", wording) and "协议" not in wording:
            continue
        is_attributive = folded[match.end("verb") if match["verb"] else match.end()] == "的"
        parties = _parties_before(reading, names, sentence, low, match.start(), last)
        if earlier and re.match(r"(?:，|并|还|又|且|同时|随后|另)*(?:与|同|和)", folded[low : match.start()]):
            parties = [earlier[0], *(name for name in parties if name is not earlier[0])]
        if len(parties) == 1 and is_attributive:
            parties += [name for name in _subjects(reading, names, match.end(), sentence.end) if name not in parties][:1]
        if len(parties) < 2:
            continue
        is_intended = re.search(r"意向|备忘录|谅解|拟签", wording + before[-2:])
        status: DealStatus = "intended" if is_intended else ("announced" if verb == "达成" and "协议" not in wording else "signed")
        context = before[-12:] + wording + folded[match.end() : min(match.end() + 14, sentence.end)]
        start = _first_place(reading, parties, low, match.start())
        yield FoundDeal(
            sentence=sentence,
            start=start,
            end=match.end(),
            parties=[(name, "party") for name in parties],
            type=type_of(wording, type_of(context)),
            status=status,
            object=wording,
        )
        last, earlier = match.end(), parties


def _founded(reading: Reading, names: Names, sentence: Sentence) -> Iterator[FoundDeal]:
    folded = reading.folded
    for match in _FOUND.finditer(folded, sentence.start, sentence.end):
        if not _NAMED_OBJECT.match(match["object"]) or _NOT_SIGNED.search(folded[max(match.start() - 6, sentence.start) : match.start()]):
            continue
        low = _clause_start(reading, sentence, match.start())
        parties = _parties_before(reading, names, sentence, low, match.start(), sentence.start, subject=False)
        if len(parties) < 2:
            parties = _pair(reading, names, sentence.start, match.start())
        if len(parties) < 2:
            continue
        is_venture = "合资" in match["verb"] or "出资" in match["verb"] or re.search(r"公司|合资", match["object"])
        is_done = re.search(r"开业|揭牌|挂牌|投运|投产|正式成立|已成立|启用|开园|落成", folded[match.start() : sentence.end])
        kind: DealType = "joint_venture" if is_venture else type_of(match["object"], "project_contract")
        low = _first_place(reading, parties, sentence.start, match.start())
        yield FoundDeal(
            sentence=sentence,
            start=low,
            end=match.end(),
            parties=[(name, "party") for name in parties],
            type=kind,
            status="completed" if is_done else "announced",
            object=match["object"],
        )
        return


def _acquired(reading: Reading, names: Names, sentence: Sentence) -> Iterator[FoundDeal]:
    folded = reading.folded
    for match in _ACQUIRE.finditer(folded, sentence.start, sentence.end):
        low = _clause_start(reading, sentence, match.start())
        if _NOT_ACQUIRED.search(folded[low : match.start()]):
            continue
        buyers = names.within(low, match.start()) or names.within(sentence.start, match.start())[:1]
        targets = names.within(match.end("verb"), match.end("object") + 2)
        if not buyers or not targets or buyers[-1].name is targets[0].name:
            continue
        is_stake = match["verb"] in ("认购", "增资", "战略投资", "入股", "战略入股")
        is_done = re.search(r"已?完成|已(?:经)?收购", folded[low : match.end()]) or re.match(r"完成", folded[match.end() :])
        words = folded[low : match.start()]
        status: DealStatus = "completed" if is_done else ("intended" if re.search(r"有意|拟|意向|考虑|洽谈", words) else "announced")
        yield FoundDeal(
            sentence=sentence,
            start=buyers[-1].start if buyers[-1].start >= low else low,
            end=max(targets[0].end, match.end("verb")),
            parties=[(buyers[-1].name, "investor" if is_stake else "buyer"), (targets[0].name, "investee" if is_stake else "target")],
            type="investment" if is_stake else "acquisition",
            status=status,
            object=match["verb"],
        )
        return


def _funded(reading: Reading, names: Names, sentence: Sentence) -> Iterator[FoundDeal]:
    folded = reading.folded
    for match in _FUND.finditer(folded, sentence.start, sentence.end):
        before = names.within(sentence.start, match.start())
        earlier = [m for m in names.within(max(sentence.start - 400, 0), sentence.start)][-1:]
        company = (before[:1] or earlier)[:1]
        if not company:
            continue
        parties: list[tuple[Name, PartyRole]] = [(company[0].name, "investee")]
        tail = min(sentence.end + 120, len(folded))
        for lead in _LEAD.finditer(folded, match.end(), tail):
            if lead["role"] == "投资" and not lead[0].startswith("由"):
                continue
            parties += [(name, "investor") for name in _names_in(reading, names, *lead.span("names")) if name is not company[0].name]
        amounts = [q for q in reading.quantities_in(match.start(), match.end()) if q.kind in ("currency", "number", "count")]
        yield FoundDeal(
            sentence=sentence,
            start=before[0].start if before and match.end() - before[0].start < 60 else match.start(),
            end=match.end(),
            parties=list(dict(parties).items()),
            type="investment",
            status="completed",
            object=match["round"] + "融资",
            amount=(amounts[0].start, amounts[0].end) if amounts else None,
        )
        return


def _awarded(reading: Reading, names: Names, sentence: Sentence) -> Iterator[FoundDeal]:
    folded = reading.folded
    for match in _AWARD.finditer(folded, sentence.start, sentence.end):
        if match["verb"]:
            low = _clause_start(reading, sentence, match.start())
            winners = [m.name for m in names.within(low, match.start())][:3]
        else:
            winners = [m.name for m in names.within(*match.span("names"))]
        winners = list(dict.fromkeys(winners))
        if not winners:
            continue
        owner = _owner(reading, names)
        parties: list[tuple[Name, PartyRole]] = [(name, "contractor") for name in winners]
        if owner is not None and owner not in winners:
            parties.insert(0, (owner, "customer"))
        yield FoundDeal(
            sentence=sentence,
            start=match.start() if not match["verb"] else _clause_start(reading, sentence, match.start()),
            end=match.end(),
            parties=parties,
            type="project_contract",
            status="announced",
            object="中标",
        )
        return


def _settled(reading: Reading, names: Names, sentence: Sentence) -> Iterator[FoundDeal]:
    folded = reading.folded
    for match in _SETTLE.finditer(folded, sentence.start, sentence.end):
        before = [m for m in names.within(sentence.start, match.start()) if m.end >= match.start() - 3 and m.name.kind == "company"]
        if not before:
            continue
        host = names.candidate(*match.span("object"), kind="other")
        yield FoundDeal(
            sentence=sentence,
            start=before[-1].start,
            end=match.end(),
            parties=[(before[-1].name, "tenant"), (host, "host")],
            type="settlement",
            status="signed" if "签约" in match["verb"] else "completed",
            object="入驻",
        )
        return


def _owner(reading: Reading, names: Names) -> Name | None:
    """Return the organisation that the article calls the one who invites tenders."""
    for match in _OWNER.finditer(reading.folded):
        after = names.within(match.end(), match.end() + 30)
        if reading.folded[match.end() : match.end() + 1] in "：:" and after:
            return after[0].name
        before = [m for m in names.within(max(match.start() - 40, 0), match.start()) if match.start() - m.end <= 2]
        if before:
            return before[-1].name
    return None


def _clause_start(reading: Reading, sentence: Sentence, position: int) -> int:
    return max((low for low, _ in reading.clauses(sentence) if low <= position), default=sentence.start)


def _parties_before(
    reading: Reading, names: Names, sentence: Sentence, low: int, high: int, last: int, *, subject: bool = True
) -> list[Name]:
    """Return who agreed, from the clause before the verb and, where that names one only, from before the clause."""
    folded = reading.folded
    low = max(low, last if last < high else low)
    joins = {match["join"] for match in _JOINT.finditer(folded, low, high) if match["join"]}
    found = _names_in(reading, names, low, high)
    if joins and joins <= {"、"}:
        # A、B、C签约 lists who signed, not with whom.
        return []
    if not joins and len(found) != 1:
        return []
    if not subject:
        return found
    is_pronoun = _THE_COMPANY.match(_without_leading(folded, low, high))
    if is_pronoun or len(found) == 1:
        named = [] if is_pronoun else _subjects(reading, names, sentence.start, low)
        named = named or _subjects(reading, names, *_previous(reading, sentence))
        found = [name for name in named if name not in found][:1] + found
    return found


def _without_leading(folded: str, start: int, end: int) -> str:
    leading = _LEADING.match(folded[start:end])
    return folded[start + (leading.end() if leading else 0) : end]


def _previous(reading: Reading, sentence: Sentence) -> tuple[int, int]:
    for other in reversed(reading.sentences[: sentence.number - 1]):
        if other.paragraph < sentence.paragraph:
            break
        return other.start, other.end
    return sentence.start, sentence.start


def _subjects(reading: Reading, names: Names, low: int, high: int) -> list[Name]:
    return list(dict.fromkeys(mention.name for mention in names.within(low, high)))[:1]


def _first_place(reading: Reading, parties: list[Name], low: int, high: int) -> int:
    """Return where the first of the parties stands in the span, by any of its names."""
    places = (reading.text.find(form, low, high) for name in parties for form in name.forms)
    return min((place for place in places if place >= 0), default=low)


def _pair(reading: Reading, names: Names, low: int, high: int) -> list[Name]:
    """Return the names of the first place in the span where names are joined by 与 or 和 alone."""
    mentions = names.within(low, high)
    for first, second in zip(mentions, mentions[1:], strict=False):
        if re.fullmatch(r"(?:（[^）]*）)?(?:与|和|同|及|联合|携手)", reading.folded[first.end : second.start]) and first.name is not second.name:
            return [first.name, second.name]
    return []


def _names_in(reading: Reading, names: Names, low: int, high: int) -> list[Name]:
    """Return the organisations of a clause, cut at the words that join names."""
    folded = reading.folded
    cuts = [match.span() for match in _JOINT.finditer(folded, low, high) if match["join"]]
    edges = [low, *(edge for cut in cuts for edge in cut), high]
    found: list[Name] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        name = _name_of(reading, names, start, end)
        if name is not None and name not in found:
            found.append(name)
    return found


def _name_of(reading: Reading, names: Names, start: int, end: int) -> Name | None:
    folded = reading.folded
    start = end - len(_without_leading(folded, start, end))
    while (trailing := _TRAILING.search(folded[start:end])) and trailing.start() > 0:
        end = start + trailing.start()
    words = reading.text[start:end]
    known = names.get(words)
    if known is not None:
        return known
    inside = names.within(start, end)
    if inside:
        first = inside[0]
        tail = folded[first.end : end]
        is_longer = first.start == start and re.fullmatch(r"[（()）\u3400-\u9fff]{2,16}(?:园|园区|中心|基地|广场|城|公司|集团|银行|大学|学院|院|局|政府)", tail)
        if is_longer and not _UNLIKELY.search(tail):
            return names.candidate(start, end, kind_of(words, folded[start:end]))
        return inside[-1].name
    if 2 <= len(words) <= 20 and re.fullmatch(r"[\u3400-\u9fffA-Za-z0-9·（）() &.\-]+", words):
        if words not in GENERIC_NAMES and folded[start:end] not in GENERIC_NAMES and not _UNLIKELY.search(folded[start:end]):
            return names.candidate(start, end, kind_of(words, folded[start:end]))
    return None
