"""Who agreed: the organisations of a Chinese clause, cut at the words that join names."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from summarizer.engines.offline_names import kind_of
from summarizer.engines.offline_words import GENERIC_NAMES, NO_BREAK

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Name, Names
    from summarizer.engines.offline_text import Reading, Sentence

_JOINT = re.compile(
    rf"(?P<word>{NO_BREAK}|共和|联合体|联合实验室|联合会|联合国)|(?P<join>以及|及其|与|和|同|跟|及|、|联合|携手|联手|牵手|并与)"
)
_LEADING = re.compile(
    r"^(?:[“”「」\"]|\d{4}年|\d{1,2}月|\d{1,2}日|(?:上午|下午|晚间|凌晨)|近日|日前|当日|当天|同日|"
    r"昨日|昨天|今日|今天|此次|本次|本周|上周|会上|仪式上|活动上|现场|据悉|此外|另外|同时|随后|其中|"
    r"由|并|还|又|也|则|而|"
    r"[^，。]{0,12}(?:大会|论坛|峰会|仪式|会议|活动|期间)(?:上|期间|，)|消息|讯|电|（[^）]{0,20}）|\s|"
    r"，|：|根据|按照|签约企业|中方企业|园区运营方|运营方|全资附属公司|全资子公司|子公司|附属公司|"
    r"丹麦企业|[\u3400-\u9fff]{2,3}企业(?=[A-Z]))+"
)
_TRAILING = re.compile(
    r"(?:（[^（）]*）|\([^()]*\)|(?:在|于|就|围绕|以|针对)[^，。]{2,30}?|已陆续|陆续|已经|已|则|正式|"
    r"成功|共同|联合|联手|携手|现场|分别|双方|三方|四方|两家(?:公司|企业)?|近日|日前|当日|顺利|首次|"
    r"今日|今天|拟|将|宣布|进行|举行|再次|也|又|还|并|所|合作|"
    r"等?[\d一二三四五六七八九十]+(?:余|多)?(?:家|个|座|所)[^，。与和、]{0,12}|等(?:多家)?(?:企业|"
    r"公司|单位|城市|机构|政府|地)?|[“”\s])+$"
)
_UNLIKELY = re.compile(
    r"[的了是将已拟其此该们我他她这那也都还又要被把并而且但因]|通过|共同|正式|双方|推动|促进|加强|"
    r"进一步|未来|目前|发展|关系|深化|领域|方面|建设|开展|实现|首批|意向|入驻|签约|另有|企业$|\d"
)
_THE_COMPANY = re.compile(r"(?:该公司|该集团|该企业|公司|其|该校|该行|企业)(?=与|和|同|则|还|也|已|将)")


def clause_start(reading: Reading, sentence: Sentence, position: int) -> int:
    """Return where the clause that holds the position begins."""
    return max((low for low, _ in reading.clauses(sentence) if low <= position), default=sentence.start)


def parties_before(
    reading: Reading, names: Names, sentence: Sentence, low: int, high: int, *, subject: bool = True
) -> list[Name]:
    """Return who agreed, from the clause before the verb and, where that names one only, from before the clause."""
    folded = reading.folded
    joins = {match["join"] for match in _JOINT.finditer(folded, low, high) if match["join"]}
    found = names_in(reading, names, low, high)
    if joins and joins <= {"、"}:
        # A、B、C签约 lists who signed, not with whom.
        return []
    if not joins and len(found) != 1:
        return []
    if not subject:
        return found
    is_pronoun = _THE_COMPANY.match(_without_leading(folded, low, high))
    if is_pronoun or len(found) == 1:
        named = subjects_in(reading, names, sentence.start, low)
        named = named or subjects_in(reading, names, *_previous(reading, sentence))
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


def subjects_in(reading: Reading, names: Names, low: int, high: int) -> list[Name]:
    """Return the first organisation of the span, in a list that is empty if there is none."""
    return list(dict.fromkeys(mention.name for mention in names.within(low, high)))[:1]


def first_place(reading: Reading, parties: list[Name], low: int, high: int) -> int:
    """Return where the first of the parties stands in the span, by any of its names."""
    places = (reading.text.find(form, low, high) for name in parties for form in name.forms)
    return min((place for place in places if place >= 0), default=low)


def joined_pair(reading: Reading, names: Names, low: int, high: int) -> list[Name]:
    """Return the names of the first place in the span where names are joined by 与 or 和 alone."""
    mentions = names.within(low, high)
    for first, second in pairwise(mentions):
        if (
            re.fullmatch(r"(?:（[^）]*）)?(?:与|和|同|及|联合|携手)", reading.folded[first.end : second.start])
            and first.name is not second.name
        ):
            return [first.name, second.name]
    return []


def names_in(reading: Reading, names: Names, low: int, high: int) -> list[Name]:
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
        is_longer = first.start == start and re.fullmatch(
            r"[（()）\u3400-\u9fff]{2,16}(?:园|园区|中心|基地|广场|城|公司|集团|银行|大学|学院|院|局|政府)", tail
        )
        if is_longer and not _UNLIKELY.search(tail):
            return names.candidate(start, end, kind_of(words, folded[start:end]))
        return inside[-1].name
    is_possible = 2 <= len(words) <= 20 and re.fullmatch(r"[\u3400-\u9fffA-Za-z0-9·（）() &.\-]+", words) is not None
    is_known_to_be_none = (
        words in GENERIC_NAMES or folded[start:end] in GENERIC_NAMES or _UNLIKELY.search(folded[start:end])
    )
    if is_possible and not is_known_to_be_none:
        return names.candidate(start, end, kind_of(words, folded[start:end]))
    return None
