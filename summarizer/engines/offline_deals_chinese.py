"""Deals in Chinese sentences: who agreed with whom, by the verb of agreeing and the names around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from summarizer.engines.offline_found import FoundDeal
from summarizer.engines.offline_parties import (
    clause_start,
    first_place,
    joined_pair,
    names_in,
    parties_before,
    subjects_in,
)

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Name, Names
    from summarizer.engines.offline_text import Reading, Sentence
    from summarizer.proposals import PartyRole
    from summarizer.records import DealStatus, DealType


_SIGN = re.compile(
    r"(?P<verb>签订|签署|签定|签下|订立|缔结|续签|达成)(?:了|"
    r"的)?(?P<object>[^，。；：]{0,36}?(?:协议书|协议|合同|备忘录|意向书|意向|合约|协定|订单|"
    r"战略合作(?:框架)?(?:协议书|协议|合同)?|合作共识))"
    r"|(?P<contract>签约)(?!仪式|服务|后|以来|前|方|金额|项目|额|企业|现场|率|量|成功率|主体|作者|歌手|家庭|医生)"
)
# Signing as a condition or a plan is no signing.
_NOT_SIGNED = re.compile(
    r"未能|未|尚未|没有|倘|若|如果|一旦|应当|应|须|必须|拒绝|否认|有权|期盼|希望|有望|期待|之前|争取"
)
# 代表双方签约, 见证签约 tells of people at a signing that was reported before.
_ATTENDED = re.compile(r"代表|见证|出席|共同签约")
_FOUND = re.compile(
    r"(?P<verb>合资成立|合资设立|合资组建|合资建设|合资共建|共同出资设立|共同出资成立|共同出资|"
    r"共同发起设立|共同设立|共同成立|共同组建|共同打造|共同建设|"
    r"联合成立|联合设立|联合组建|联合打造|联合建设|联合共建|联手打造|携手打造|携手共建|合作共建|"
    r"合作建设|合作成立|共建)(?:了|的)?(?P<object>[^，。；：]{2,40})"
)
# A founded thing that is worth a deal bears a name: in quotes, or a legal form, or a place's kind.
_NAMED_OBJECT = re.compile(
    r"^(?:[^，。；]{0,8}[“「《\"][^”」》\"]{2,24}[”」》\"]|[^，。；、]{2,24}?(?:有限公司|合资公司|"
    r"产业园|科技园|工业园|创新园|实验室|研究院|产业基金|创新中心|研发中心|示范区|创新基地|产业基地|"
    r"生产基地|示范基地|合资企业))"
)
_ACQUIRE = re.compile(
    r"(?P<verb>全资收购|要约收购|战略入股|战略投资|收购|并购|认购|受让|入股|增资)(?:了)?(?P<object>[^，。；]{2,40}?)(?:的)?"
    r"(?:(?:约|全部|合计|剩余|部分)*[\d.]*[%％]?(?:全部|的|已发行)*(?:股权|股份|新股|股本|业务|资产|"
    r"权益|控股权)|百分之|[，。；]|$)"
)
_NOT_ACQUIRED = re.compile(r"有权|要求|不得|若|如果|倘|优先|收益|未|终止|否认|放弃|承诺|可能")
_FUND = re.compile(
    r"(?:完成|获得|获|斩获|拿下|宣布)(?:了)?(?P<amount>[^，。；]{0,30}?)(?P<round>天使\+?轮|种子轮|"
    r"[Pp]re-?[A-D]\+?轮|[A-H]\d?\+{0,3}轮|战略|新一轮|首轮|首次|"
    r"本轮)?(?:系列)?(?:股权)?(?P<kind>融资|定向增发|定增)(?!租赁|成本|渠道|难|余额|额|规模|环境|能力|"
    r"需求|平台|工具)"
)
_LEAD = re.compile(r"(?:由|，)(?P<names>[^，。；由]{2,60}?)(?:联合|共同|独家)?(?P<role>领投|投资|跟投)")
_AWARD = re.compile(
    r"(?:中标人|中选人|中标单位|成交供应商|中标供应商|第一中标候选人)(?:为|是|"
    r"[:：])\s*(?P<names>[^。；\n]{4,90})|(?P<verb>中标|中选)(?!人|候选|公告|结果|公示|通知|金额|价|"
    r"率|额|后|单位|供应商)(?P<object>[^，。；]{4,50})"
)
_OWNER = re.compile(r"(?:招标人|采购人|建设单位|业主单位|业主|采购单位|发包人)")
_SETTLE = re.compile(
    r"(?P<verb>签约落户|签约入驻|正式入驻|正式落户|入驻|"
    r"落户)(?P<object>[\u3400-\u9fff（）()]{2,20}?(?:产业园|科技园|工业园|园区|开发区|高新区|新区|"
    r"经开区|自贸区|软件园|创业园|产业基地|新城))"
)


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


# The first that matches counts.
_CUES: dict[DealType, str] = {
    "strategic_cooperation": r"战略(?:性)?合作|战略伙伴|全面战略",
    "joint_venture": r"合资",
    "acquisition": r"收购|并购|股权转让|要约|合并协议",
    "settlement": r"入驻|入园|落户|租赁",
    "investment": r"认购|增资|投资|融资|入股",
    "procurement": r"采购|购销|供货|购电|订单|包销|供应|销售|买卖|承购|供气|供热",
    "licence": r"许可|授权|专利",
    "research": r"联合实验室|联合研发|产学研|技术开发|科研|研发合作|研究院",
    "project_contract": r"施工|总承包|承包|EPC|项目合同|建设合同|工程|中标|特许经营|项目协议|建设协议",
}
_TYPES = tuple((re.compile(cue), kind) for kind, cue in _CUES.items())


def _signed(reading: Reading, names: Names, sentence: Sentence) -> Iterator[FoundDeal]:
    folded, last = reading.folded, sentence.start
    earlier: list[Name] = []
    for match in _SIGN.finditer(folded, sentence.start, sentence.end):
        low = clause_start(reading, sentence, match.start())
        verb = match["verb"] or match["contract"]
        wording = match["object"] or ""
        before = folded[low : match.start()]
        if match["contract"] and _ATTENDED.search(before):
            continue
        if _NOT_SIGNED.search(before) or re.match(r"(?:之日|后|前|以来)", folded[match.end() :]):
            continue
        if verb == "达成" and re.search(r"伙伴|共识$", wording) and "协议" not in wording:
            continue
        is_attributive = folded[match.end("verb") if match["verb"] else match.end()] == "的"
        parties = parties_before(reading, names, sentence, max(low, last), match.start())
        if earlier and re.match(r"(?:，|并|还|又|且|同时|随后|另)*(?:与|同|和)", folded[low : match.start()]):
            parties = [earlier[0], *(name for name in parties if name is not earlier[0])]
        if len(parties) == 1 and is_attributive:
            parties += [name for name in subjects_in(reading, names, match.end(), sentence.end) if name not in parties][
                :1
            ]
        if len(parties) < 2:
            continue
        is_intended = re.search(r"意向|备忘录|谅解|拟签", wording + before[-2:])
        status: DealStatus = (
            "intended" if is_intended else ("announced" if verb == "达成" and "协议" not in wording else "signed")
        )
        context = before[-12:] + wording + folded[match.end() : min(match.end() + 14, sentence.end)]
        start = first_place(reading, parties, low, match.start())
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
        if not _NAMED_OBJECT.match(match["object"]) or _NOT_SIGNED.search(
            folded[max(match.start() - 6, sentence.start) : match.start()]
        ):
            continue
        low = clause_start(reading, sentence, match.start())
        parties = parties_before(reading, names, sentence, low, match.start(), subject=False)
        if len(parties) < 2:
            parties = joined_pair(reading, names, sentence.start, match.start())
        if len(parties) < 2:
            continue
        is_venture = "合资" in match["verb"] or "出资" in match["verb"] or re.search(r"公司|合资", match["object"])
        is_done = re.search(
            r"开业|揭牌|挂牌|投运|投产|正式成立|已成立|启用|开园|落成", folded[match.start() : sentence.end]
        )
        kind: DealType = "joint_venture" if is_venture else type_of(match["object"], "project_contract")
        low = first_place(reading, parties, sentence.start, match.start())
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
        low = clause_start(reading, sentence, match.start())
        if _NOT_ACQUIRED.search(folded[low : match.start()]):
            continue
        buyers = names.within(low, match.start()) or names.within(sentence.start, match.start())[:1]
        targets = names.within(match.end("verb"), match.end("object") + 2)
        if not buyers or not targets or buyers[-1].name is targets[0].name:
            continue
        is_stake = match["verb"] in ("认购", "增资", "战略投资", "入股", "战略入股")
        is_done = re.search(r"已?完成|已(?:经)?收购", folded[low : match.end()]) or re.match(
            r"完成", folded[match.end() :]
        )
        words = folded[low : match.start()]
        status: DealStatus = (
            "completed" if is_done else ("intended" if re.search(r"有意|拟|意向|考虑|洽谈", words) else "announced")
        )
        yield FoundDeal(
            sentence=sentence,
            start=buyers[-1].start if buyers[-1].start >= low else low,
            end=max(targets[0].end, match.end("verb")),
            parties=[
                (buyers[-1].name, "investor" if is_stake else "buyer"),
                (targets[0].name, "investee" if is_stake else "target"),
            ],
            type="investment" if is_stake else "acquisition",
            status=status,
            object=match["verb"],
        )
        return


def _funded(reading: Reading, names: Names, sentence: Sentence) -> Iterator[FoundDeal]:
    folded = reading.folded
    for match in _FUND.finditer(folded, sentence.start, sentence.end):
        before = names.within(sentence.start, match.start())
        earlier = names.within(max(sentence.start - 400, 0), sentence.start)[-1:]
        company = (before[:1] or earlier)[:1]
        if not company:
            continue
        parties: list[tuple[Name, PartyRole]] = [(company[0].name, "investee")]
        tail = min(sentence.end + 120, len(folded))
        for lead in _LEAD.finditer(folded, match.end(), tail):
            if lead["role"] == "投资" and not lead[0].startswith("由"):
                continue
            parties += [
                (name, "investor")
                for name in names_in(reading, names, *lead.span("names"))
                if name is not company[0].name
            ]
        amounts = [
            q for q in reading.quantities_in(match.start(), match.end()) if q.kind in ("currency", "number", "count")
        ]
        if not amounts and not match["round"]:
            continue
        yield FoundDeal(
            sentence=sentence,
            start=before[0].start if before and match.end() - before[0].start < 60 else match.start(),
            end=match.end(),
            parties=list(dict(parties).items()),
            type="investment",
            status="completed",
            object=(match["round"] or "") + match["kind"],
            amount=(amounts[0].start, amounts[0].end) if amounts else None,
        )
        return


def _awarded(reading: Reading, names: Names, sentence: Sentence) -> Iterator[FoundDeal]:
    folded = reading.folded
    for match in _AWARD.finditer(folded, sentence.start, sentence.end):
        if match["verb"]:
            low = clause_start(reading, sentence, match.start())
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
            start=match.start() if not match["verb"] else clause_start(reading, sentence, match.start()),
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
        before = [
            m
            for m in names.within(sentence.start, match.start())
            if m.end >= match.start() - 3 and m.name.kind == "company"
        ]
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
