"""Passages: runs of clauses that can stand alone in a summary, each with what speaks for it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.engines.offline_text import han_count

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Names
    from summarizer.engines.offline_text import Reading, Sentence
    from summarizer.proposals import ProposedDeal

# How long a passage may be before a shorter part of it is preferred.
_POINT_CHARS, _POINT_WORDS = 80, 40
_MIN_CHARS, _MIN_WORDS = 10, 6
_LEAST_CLAUSE, _LEAST_WORTH = 6, 1.2
_SPEECH = re.compile(
    r"表示|认为|指出|强调|希望|期盼|坦言|直言|建议|谈到|[“\"][^”\"]{16,}[”\"]|\bsaid\b|\bsays\b|\btold\b|^[\"“]"
)
_WEAK_OPENING = re.compile(
    r"^(?:其中|此外|另外|同时|因此|但|而|并|且|也|还|这|那|该|其|他|她|它|以及|不仅如此|如今|例如|"
    r"比如|同样|可以预见|在此之前|注[：:]|又讯|据此|作为|随着|基于|为)|"
    r"^(?:It|This|That|These|Those|He|She|They|However|But|And|Also|Its|Their|Both)\b"
)
_WEIGHTY = re.compile(
    r"总投资|注册资本|营业收入|净利润|生产总值|中标|签订|签署|签约|订立|合资|收购|融资|优先|独家|承诺|"
    r"不低于|不少于|预计|目标|到20\d\d年|开园|开业|揭牌|有效期|期限|工期|违约|批准|免租|"
    r"首次|首个|最大|约束力|持股|出口|进口|民间投资|利润|将打造|共建|总额|共同打造|已为|覆盖|累计|接入|"
    r"\b(?:acquire|merger|agreement|revenue|premium|valu\w+|subject to|expected|closing|completion|"
    r"raised|led by|profit|loss|forecast|minimum|price|must|option|term|lapses?|approval|proceeds|"
    r"synergies|fall below)\b"
)
# About somebody rather than about the news.
_PORTRAIT = re.compile(
    r"总部位于|成立于|创立于|是一家|知名|旗下拥有|\b(?:founded in|headquartered|is a (?:leading|maker|"
    r"provider)|makes? )\b|责任|概不负责"
)
_DEFINITION = re.compile(
    r"\s*[（(](?:以下简称|下称|简称|以下称|以下簡稱|下稱|暫定名|暂定名|[A-Za-z .]{2,10}[:：] "
    r"?[A-Z]{2,6}|[“\"「][^（）()]{1,30}|交易時段後|交易时段后)[^（）()]{0,30}[）)]"
)
_LEAD_IN = re.compile(
    r"^【[^】]{2,30}】|^(?:具体来看|据悉|此外|同时|另外|据了解|数据显示|不仅如此|同样|值得注意的是|"
    r"其中|消息称|据此|據此|董事會欣然宣佈|董事会欣然宣布)[，,]?\s*|"
    r"^[^，。]{0,18}?(?:日电|日讯|报讯|日消息)(?:（[^）]*）)?[，,\s]*|^\d{1,2}[.、．)）]\s*|"
    r"^[（(][一二三四五六七八九十\d]+[）)]\s*|^[A-Z][A-Z ,.]{3,60}?(?:[A-Z][a-z]+\.? \d+, \d{4} "
    r")?(?:--|-|—) ?|"
    r"^[A-Z]{3,}(?: \([^)]*\))? ?(?:--|-|—) ?|^[A-Z][A-Z]+ and [A-Z ,.]+[A-Z][a-z]+ \d+, \d{4} -- ?"
)
_SOFT_CUT_EN = re.compile(
    r", (?=while\b|but\b|and (?:the|it|its)\b|with\b|including\b|provided\b|ending\b|subject to\b|a "
    r"premium\b|or\b|against\b|during\b)|, (?=(?:which|who|where|to be)\b[^,]*$)|; "
)
# A Chinese clause that waits for the next one: 在…领域, 通过…平台, …预计.
_WAITING = re.compile(
    r"(?:^|，|；)(?:而|并|且|未来|近年来|其中|此外|同时)?(?:在|通过|以|为(?!期)|随着|基于|依托|围绕|"
    r"根据|按照|对于|作为|从|当|若|如|如果|倘|一旦|凭借|面对|就|除|自|因|针对|经)[^，；]*$|"
    r"(?:通过|依托|结合|围绕|借助)[^，；将已]*$|(?:预计|表示|显示|介绍|公布|约定|认为|指出|称|提出|"
    r"明确|承诺|强调|建议|公告|获悉|说|最大的是|数据显示|报告)$|以[^，；]*为[^，；]{2,4}$|"
    r"[\d年月日季度前]+$|作为[^，；将已]*$|"
    r"(?:联手|携手|联合)[\u3400-\u9fff、]{2,16}(?:局|公司|集团|政府|院|大学|中心|会)$"
)
# What an amount adds to a sentence's weight, by its kind.
_WORTH = {
    "currency": 1.2,
    "percent": 1.0,
    "percent_point": 0.6,
    "multiple": 0.9,
    "dimension": 0.8,
    "number": 0.6,
    "count": 0.6,
    "date": 0.3,
}
_PAIRS = (("“", "”"), ("（", "）"), ("(", ")"), ("「", "」"), ("《", "》"), ("‘", "’"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of clauses of one sentence, ready to stand in a summary."""

    sentence: Sentence
    text: str
    score: float
    size: int
    shingles: frozenset[str]
    is_deal: bool = False


def find_passages(reading: Reading, names: Names, deals: Sequence[ProposedDeal]) -> Iterator[Passage]:
    """Yield what may stand in the summary: of each sentence the whole and its first clauses, each scored."""
    anchors = {deal.s: deal for deal in reversed(deals)}
    terms = {term.s for deal in deals for term in deal.terms}
    sums = [deal.amount for deal in deals if deal.amount]
    weights = _weights(reading)
    title = _shingles(reading.title) if reading.title else set()
    spelled = _definitions(reading, names)
    least = _MIN_CHARS if reading.language == "zh" else _MIN_WORDS
    paragraph = -1
    for place, sentence in enumerate(reading.body):
        opens = sentence.paragraph != paragraph
        paragraph = sentence.paragraph
        deal = anchors.get(sentence.number)
        words = reading.text[sentence.start : sentence.end]
        if _is_no_prose(reading, sentence, words, is_deal=deal is not None):
            continue
        bonus = (
            (0.6 if opens else 0.0)
            + (1.5 if sentence.number in terms else 0.0)
            + (1.5 if place < 3 else 0.0)
            + 3 / (place + 3)
        )
        bonus -= 2.0 if sentence.language != reading.language else 0.0
        for start, end in _runs(reading, sentence, deal):
            text = _spell(plain(reading.text[start:end]), spelled)
            if deal is not None:
                text = _dated(reading, sentence, deal, start) + re.sub("^(?:该公司|該公司)", deal.parties[0].name, text)
            size = size_of(text, reading.language)
            if not is_whole(text) or size < least:
                continue
            worth = _score(reading, names, (start, end), title, weights)
            if worth < _LEAST_WORTH and deal is None:
                continue
            score = bonus + worth - (3.0 if deal is None and _restates(reading, names, deals, start, end) else 0.0)
            score += 2.0 if any(amount in text for amount in sums) else 0.0
            is_news = (
                deal is not None and start <= reading.text.find(deal.words, sentence.start) and _is_news(deal, deals)
            )
            yield Passage(
                sentence=sentence,
                text=text,
                score=score + (6.0 if is_news else 0.0),
                size=size,
                shingles=frozenset(_shingles(text)),
                is_deal=is_news,
            )


def _restates(reading: Reading, names: Names, deals: Sequence[ProposedDeal], start: int, end: int) -> bool:
    """Return whether a passage says again that a deal was made which another sentence reports."""
    if not re.search("签订|签署|签约|订立|signed", reading.folded[start:end]):
        return False
    named = {mention.name.full for mention in names.within(start, end)}
    return any(len(named & {party.name for party in deal.parties}) >= 2 for deal in deals)


def _is_no_prose(reading: Reading, sentence: Sentence, words: str, *, is_deal: bool) -> bool:
    """Return whether a sentence is a heading, a table row, a byline, or foreign to an English article."""
    # 中标金额：8763万元 is a line of its own and a statement all the same.
    is_label = re.search(r"^[^，。]{2,14}[：:]\s*\S", words) is not None
    is_title = sentence.is_heading and sentence.number <= 3 and words.strip() in reading.title
    is_row = is_title or (
        sentence.is_heading and not (is_label and (is_deal or reading.quantities_in(sentence.start, sentence.end)))
    )
    is_foreign = sentence.language != reading.language and reading.language == "en"
    return is_row or is_foreign or "|" in words or _is_dateline(words)


def _is_news(deal: ProposedDeal, deals: Sequence[ProposedDeal]) -> bool:
    """Return whether a deal is what an article reports, and not told beside it."""
    if len(deals) == 1:
        return True
    if deal.status == "completed" and deal.type == "investment":
        return False
    return deal.status in ("signed", "intended") or deal.type in ("acquisition", "joint_venture", "investment")


def _definitions(reading: Reading, names: Names) -> dict[str, str]:
    """Return the full names of 本公司 and 目标公司, which say nothing outside the article."""
    found = {}
    for words in ("本公司", "目标公司", "目標公司"):
        name = names.get(words)
        if name is not None and words in reading.text:
            found[words] = name.full
    return found


def _spell(text: str, spelled: dict[str, str]) -> str:
    for words, full in spelled.items():
        if full not in text:
            text = text.replace(words, full, 1)
    return text


def _runs(reading: Reading, sentence: Sentence, deal: ProposedDeal | None) -> Iterator[tuple[int, int]]:
    """Yield the parts of a sentence that can stand alone: up to a clause's end, from its start or from a semicolon."""
    limit = _POINT_CHARS if reading.language == "zh" else _POINT_WORDS
    text, start, end = reading.text, sentence.start, sentence.end
    stated = text.find(deal.words, start, end) + len(deal.words) if deal else 0
    if sentence.language == "zh":
        stops = [high for _, high in reading.clauses(sentence)]
        starts = [start, *(match.end() for match in re.compile("[；;]").finditer(text, start, end))]
    else:
        stops = [*(match.start() for match in _SOFT_CUT_EN.finditer(text, start, end)), end]
        starts = [start]
    for first in starts:
        following = next((later for later in starts if later > first), end)
        reachable = [
            stop for stop in stops if first < stop <= following and _is_statement(reading, sentence, first, stop)
        ]
        if deal and first == start:
            enough = [stop for stop in reachable if stop >= stated][:2]
            # Where a long opening leads to the deal, the clause that states it stands alone.
            clause = max(
                (low for low, _ in reading.clauses(sentence) if low <= stated - len(deal.words)), default=start
            )
            if enough and clause - start > limit // 2 and _names_both(reading, deal, clause, enough[0]):
                yield clause, enough[0]
            yield from ((first, stop) for stop in enough)
            continue
        fitting = [stop for stop in reachable if size_of(plain(text[first:stop]), reading.language) <= limit]
        yield from ((first, stop) for stop in fitting or reachable[:1])


def _names_both(reading: Reading, deal: ProposedDeal, start: int, end: int) -> bool:
    """Return whether a Chinese clause tells by itself who agreed: two parties, and none left out before 与."""
    words = reading.folded[start:end]
    named = sum(any(form in words for form in (party.name[:2], party.name)) for party in deal.parties)
    return named >= 2 and re.match("[与和同拟并由A-Za-z]", words) is None


def _dated(reading: Reading, sentence: Sentence, deal: ProposedDeal, start: int) -> str:
    """Return the date that opens a deal's sentence, for a passage that begins behind it."""
    words = deal.signed or deal.effective
    is_cut = words and start > sentence.start and reading.text.startswith(words, sentence.start)
    return words + "，" if is_cut else ""


def _is_statement(reading: Reading, sentence: Sentence, start: int, end: int) -> bool:
    """Return whether clauses up to `end` say something without the rest of their sentence."""
    if sentence.language == "en" or end >= sentence.end - 1:
        return True
    last = max((low for low, _ in reading.clauses(sentence) if start <= low < end), default=start)
    dates = sum(q.end - q.start for q in reading.quantities_in(last, end) if q.kind.startswith("date"))
    return end - last - dates >= _LEAST_CLAUSE and says_all(reading.folded[start:end])


def says_all(words: str) -> bool:
    """Return whether the last clause of folded words does not wait for another one."""
    return _WAITING.search(words) is None


def _weights(reading: Reading) -> Counter[str]:
    """Return in how many sentences each pair of characters or word occurs: what an article is about recurs in it."""
    counts: Counter[str] = Counter()
    for sentence in reading.body:
        counts.update(_shingles(reading.text[sentence.start : sentence.end]))
    return counts


def _score(reading: Reading, names: Names, span: tuple[int, int], title: set[str], weights: Counter[str]) -> float:
    start, end = span
    words = reading.folded[start:end]
    worth = sum(_WORTH.get(q.kind, 0.0) for q in reading.quantities_in(start, end) if q.value and not q.is_vague)
    own = _shingles(reading.text[start:end])
    root = math.sqrt(len(own)) + 2
    score = min(worth, 3.6) + 0.4 * min(len(names.within(start, end)), 3)
    score += 1.2 * len(own & title) / root + 1.5 * sum(weights[shingle] > 2 for shingle in own) / root / 2
    score += 0.7 * min(len(_WEIGHTY.findall(words)), 4)
    if _SPEECH.search(words):
        score -= 1.8
    if _WEAK_OPENING.search(_LEAD_IN.sub("", words)):
        score -= 0.9
    if re.search("出席|见证|致辞", words):
        score -= 1.2
    if _PORTRAIT.search(words):
        score -= 2.0
    return score


def plain(text: str) -> str:
    """Return the text in one line, without what defines short names or only leads in."""
    text = re.sub(r"(?<=[\u3400-\u9fff，。]) +(?=[\u3400-\u9fff])", "", " ".join(_DEFINITION.sub("", text).split()))
    text = _LEAD_IN.sub("", text).strip()
    return text.rstrip("，,；;：: ")


def is_whole(text: str) -> bool:
    """Return whether all quotation marks and brackets of the text are closed."""
    return (
        all(text.count(opening) == text.count(closing) or closing == "’" for opening, closing in _PAIRS)
        and text.count('"') % 2 == 0
    )


def _is_dateline(words: str) -> bool:
    return (
        bool(
            re.match(
                r"(?:By |Published|Updated|CORRECTION|Correction|文[/：]|记者|作者|来源|责任编辑|撰文|图片说明|注[：:])",
                words,
            )
        )
        or len(words) < 9
    )


def size_of(text: str, language: str) -> int:
    """Return the length that the guideline limits: characters of Chinese, words of English."""
    return len(text) if language == "zh" else len(text.split())


def similarity(one: Passage, other: Passage) -> float:
    """Return which share of the shorter passage's words or character pairs the other one has, 0 to 1."""
    shared = len(one.shingles & other.shingles)
    return shared / max(min(len(one.shingles), len(other.shingles)), 1)


def _shingles(text: str) -> set[str]:
    found = {word.lower() for word in re.findall(r"[A-Za-z]{3,}|\d+", text)}
    if han_count(text):
        for run in re.findall(r"[\u3400-\u9fff]+", text):
            found.update(run[at : at + 2] for at in range(len(run) - 1))
    return found
