"""What the parties of a deal agreed: the clauses that bind or favour somebody, as the article words them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from summarizer.engines.offline_text import trim
from summarizer.engines.offline_words import CONDITIONS
from summarizer.proposals import ProposedTerm

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Name, Names
    from summarizer.engines.offline_text import Reading, Sentence
    from summarizer.records import TermKind

_MAX_TERMS = 16
_MAX_TERM_CHARS = 320
_BINDS = re.compile(
    r"承诺|不得|须(?!知)|应(?=于|当|在|向|按|由)|负责|提供|优先|有权|授予|委派|提名|推荐|出资|持股|"
    r"缴付|缴足|支付|给予|免收|免租|补贴|贴息|派出|投入|采购|认购|收购|"
    r"跟投|独家|独占|排他|约定|共建|整合|协助|实施|推动|建设|打造|布局|拓展|扩大|深化|覆盖|保障|"
    r"不收取|尚需|尚待|有效期|期限|为期|工期|质保期|约束力|争取|"
    r"(?<!即)将(?=在|从|于|为|由|以|向|共同|联合|通过|充分|利用|优先|继续|围绕|按|把|其|全|与|在|对|"
    r"扩|提|派|投|建|协|推|跟|达|加|结|分|整|依|持|采|不)"
)
_BINDS_EN = re.compile(
    r"\b(?:will|shall|must|may(?! \d)|agreed to|agrees to|has agreed|have agreed|is to|are to|cannot|"
    r"can not|pays? for|owes?|guarantees?|subject to|lapses|holds an option|"
    r"gets one|carry a|committed|undertakes?|is fixed|are fixed|provided that|gives|entitled|obliged|exclusive|clearance)\b"
)
_PARTY_WORDS = re.compile(
    r"双方|三方|各方|协议|合同|备忘录|合资公司|合资企业|项目|中标人|招标人|采购人|联合体|任何一方|"
    r"公司|管委会|实验室|产业园|园区|董事会|董事长|目标公司|买方|卖方|价款|货款|工期|质保|"
    r"认购|许可|政府"
)
_PARTY_WORDS_EN = re.compile(
    r"\b(?:agreement|contract|deal|transaction|parties|both|either|each side|venture|completion|"
    r"closing|price|merger|shares|deliver\w+|shareholders|it|round)\b",
    re.I,
)
# Told, wished, advised or past: no clause of an agreement.
_NOT_AGREED = re.compile(
    r"表示|认为|指出|强调|介绍(?!人)|希望|期盼|建议|透露|分析|据悉|近年来|去年|此前|截至|目前(?!将)|"
    r"迄今|已经|(?:专家|机构|分析师|业内|市场|证券)[^，]{0,8}预计|记者|据了解|例如|可以预见|日前，|"
    r"第[二三]名|评估|风险提示|审慎行事"
)
_NOT_AGREED_EN = re.compile(
    r"\b(?:said|says|told|according to|analysts?|expects?|believe|last year|since 20\d\d|conference "
    r"call|forward-looking)\b|^[\"“]",
    re.I,
)
_SPEECH = re.compile(r"^[“\"「]")
# The first that matches counts.
_CUES: dict[TermKind, str] = {
    "exclusivity": r"独家|独占|排他|第三方洽商|不得.{0,20}(?:同类|另行|竞争)|exclusiv|go-shop",
    "preference": r"优先|option|right of first|may (?:add|hold back|invest)",
    "governance": r"董事|委派|提名|财务总监|一致同意|股东会|主任由|board|director",
    "commitment": r"违约金|终止|termination fee|owes?\b",
    "condition": r"尚需|尚待|须经|生效|前提|批准|约束力|^若|^如|^倘|逾期|不得|subject to|lapses|unless|clearance|"
    r"provided that|cannot|refused|fixed|condition",
    "incentive": r"免租|免收|不收取|补贴|优惠|扶持|贴息|奖励|减半|免息|incentive|grant|subsid",
    "purchase": r"采购(?!成本|效率)|购买|包销|承购|take-or-pay|must take|pays? for|purchase|take at least",
    "investment": r"出资|认购|持股|投资|跟投|缴付|增资|贷款|invest|put in|contribut|prepayment|loan",
    "resource": r"提供|派出|整合|授权|授予|开放|供电|预留|resource|supply|licen[cs]e|guarantee",
    "duration": r"有效期|期限|为期|工期|质保期|extend the term|run for|-year",
    "target": r"目标|到20\d\d年|力争|争取|打造成|达到|覆盖|计划|缩短|target|aims",
}
_KINDS = tuple((re.compile(cue), kind) for kind, cue in _CUES.items())
_BOTH = re.compile(r"双方|各方|两家公司|\bboth\b|\beither (?:side|party)\b|\bthe two (?:companies|sides)\b")
_RECEIVES = re.compile(r"(?:向|给予|给|为|对|协助|提供给|授予|支付)\s*$|\b(?:to|pay|pays|owe|owes|gives|give)\s*$")
_PREAMBLE = re.compile(
    r"^(?:根据(?:协议|合同|约定|规划)?|按照(?:协议|约定|合同)|协议(?:还|同时|亦)?(?:约定|规定|明确|"
    r"设有[^，：]{0,12})|合同(?:还)?约定|据此|其中|此外|同时|具体来看|未来|通过本次合作|本次合作|"
    r"治理方面|（[一二三四五六七八九十]）[^：，]{0,8}：|\d+[.、．]\s*)[，：:]?\s*"
)


def find_terms(
    reading: Reading, names: Names, sentences: Sequence[Sentence], parties: Sequence[Name], skip: tuple[int, int]
) -> list[ProposedTerm]:
    """Return the terms that these sentences state.

    Args:
        reading: the article.
        names: its organisations.
        sentences: those that tell of the deal.
        parties: the deal's parties.
        skip: the span that states the deal itself.
    """
    found: list[ProposedTerm] = []
    for sentence in sentences:
        for low, high in _pieces(reading, sentence):
            start, end = low, high
            if low <= skip[0] < high:
                # What the sentence adds behind the words that state the deal.
                start, end = _clipped(reading, max(skip[1], low), high)
            if len(found) >= _MAX_TERMS:
                break
            if _is_term(reading, names, sentence, parties, start, end):
                found.append(_term(reading, names, sentence, start, end))
    return found


def _pieces(reading: Reading, sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield the parts of a sentence between semicolons, without the words that only lead in."""
    text, first = reading.folded, sentence.start
    for match in re.compile("[；;]").finditer(text, sentence.start, sentence.end):
        yield _clipped(reading, first, match.start())
        first = match.end()
    yield _clipped(reading, first, sentence.end)


def _clipped(reading: Reading, start: int, end: int) -> tuple[int, int]:
    start, end = trim(reading.text, start, end)
    while start < end and reading.text[start] in "，,；;。》」』”） ":
        start += 1
    while end > start and reading.text[end - 1] in "。.；;！!":
        end -= 1
    if lead := _PREAMBLE.match(reading.folded[start:end]):
        start += lead.end()
    return start, end


def _is_term(reading: Reading, names: Names, sentence: Sentence, parties: Sequence[Name], start: int, end: int) -> bool:
    words = reading.folded[start:end]
    if not 8 <= len(words) <= _MAX_TERM_CHARS or _SPEECH.match(words):
        return False
    is_chinese = sentence.language == "zh"
    binds, party_words, against = (
        (_BINDS, _PARTY_WORDS, _NOT_AGREED) if is_chinese else (_BINDS_EN, _PARTY_WORDS_EN, _NOT_AGREED_EN)
    )
    if not binds.search(words) or against.search(words):
        return False
    if sentence.is_heading and not re.search(r"[，：:]", words):
        return False
    named = [mention.name for mention in names.within(start, end)]
    if any(name in parties for name in named):
        return True
    return party_words.search(words) is not None and not (named and not _BOTH.search(words))


def _term(reading: Reading, names: Names, sentence: Sentence, start: int, end: int) -> ProposedTerm:
    words = reading.folded[start:end]
    by, to = "", ""
    if _BOTH.search(words[:24]):
        by = "both"
    for mention in names.within(start, end):
        form = reading.text[mention.start : mention.end]
        if not by and not _RECEIVES.search(words[: mention.start - start]):
            by = form
        elif not to and form != by and _RECEIVES.search(words[: mention.start - start]):
            to = form
    condition = next((cue for cue in CONDITIONS if cue in words), "")
    at = words.find(condition) if condition else -1
    return ProposedTerm(
        s=sentence.number,
        words=reading.text[start:end],
        kind=next((kind for pattern, kind in _KINDS if pattern.search(words)), "commitment"),
        by=by,
        to=to,
        cond=reading.text[start + at : start + at + len(condition)] if at >= 0 else "",
    )
