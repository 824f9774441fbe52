"""A summary made of the article's own sentences: chosen by what they report, cut at clause boundaries only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.engines.offline_text import han_count
from summarizer.proposals import ProposedPoint, SummaryProposal

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Names
    from summarizer.engines.offline_text import Reading, Sentence
    from summarizer.proposals import ProposedDeal

# The guideline's limits are 40 characters or 25 words, 200 characters or 120 words; full stops need some of that.
_HEADLINE_CHARS, _HEADLINE_WORDS = 40, 25
_ABSTRACT_CHARS, _ABSTRACT_WORDS = 198, 118
# How long a passage may be before a shorter part of it is preferred.
_POINT_CHARS, _POINT_WORDS = 80, 40
_MIN_CHARS, _MIN_WORDS = 10, 6
_LEAST_CLAUSE, _LEAST_WORTH = 6, 1.2
_LEAST_POINTS, _MOST_POINTS = 4, 6
_SPEECH = re.compile(r"表示|认为|指出|强调|希望|期盼|坦言|直言|建议|谈到|[“\"][^”\"]{16,}[”\"]|\bsaid\b|\bsays\b|\btold\b|^[\"“]")
_WEAK_OPENING = re.compile(
    r"^(?:其中|此外|另外|同时|因此|但|而|并|且|也|还|这|那|该|其|他|她|它|以及|不仅如此|如今|例如|比如|同样|可以预见|在此之前|注[：:]|又讯|据此|作为|随着|基于|为)|"
    r"^(?:It|This|That|These|Those|He|She|They|However|But|And|Also|Its|Their|Both)\b"
)
_WEIGHTY = re.compile(
    r"总投资|注册资本|营业收入|净利润|生产总值|中标|签订|签署|签约|订立|合资|收购|融资|优先|独家|承诺|不低于|不少于|预计|目标|到20\d\d年|开园|开业|揭牌|有效期|期限|工期|违约|批准|免租|"
    r"首次|首个|最大|约束力|持股|出口|进口|民间投资|利润|将打造|共建|总额|共同打造|已为|覆盖|累计|接入|"
    r"\b(?:acquire|merger|agreement|revenue|premium|valu\w+|subject to|expected|closing|completion|raised|led by|profit|loss|forecast|minimum|price|must|option|term|lapses?|approval|proceeds|synergies|fall below)\b"
)
# About somebody rather than about the news.
_PORTRAIT = re.compile(r"总部位于|成立于|创立于|是一家|知名|旗下拥有|\b(?:founded in|headquartered|is a (?:leading|maker|provider)|makes? )\b|责任|概不负责")
_DEFINITION = re.compile(
    r"\s*[（(](?:以下简称|下称|简称|以下称|以下简稱|暫定名|暂定名|[A-Za-z .]{2,10}[:：] ?[A-Z]{2,6}|[“\"「][^（）()]{1,30}|交易時段後|交易时段后)[^（）()]{0,30}[）)]"
)
_LEAD_IN = re.compile(
    r"^(?:具体来看|据悉|此外|同时|另外|据了解|数据显示|不仅如此|同样|值得注意的是|其中|消息称|据此|據此|董事會欣然宣佈|董事会欣然宣布)[，,]?\s*|"
    r"^[^，。]{0,18}?(?:日电|日讯|报讯|日消息)(?:（[^）]*）)?[，,\s]*|^\d{1,2}[.、．)）]\s*|^[（(][一二三四五六七八九十\d]+[）)]\s*|^[A-Z][A-Z ,.]{3,60}?(?:[A-Z][a-z]+\.? \d+, \d{4} )?(?:--|-|—) ?|"
    r"^[A-Z][A-Z]+ and [A-Z ,.]+[A-Z][a-z]+ \d+, \d{4} -- ?"
)
_SOFT_CUT_EN = re.compile(
    r", (?=while\b|but\b|and (?:the|it|its)\b|with\b|including\b|provided\b|ending\b|subject to\b|a premium\b|or\b|against\b|during\b)|, (?=(?:which|who|where|to be)\b[^,]*$)|; "
)
# A Chinese clause that waits for the next one: 在…领域, 通过…平台, …预计.
_WAITING = re.compile(
    r"(?:^|，|；)(?:而|并|且|未来|近年来|其中|此外|同时)?(?:在|通过|以|为(?!期)|随着|基于|依托|围绕|根据|按照|对于|作为|从|当|若|如|如果|倘|一旦|凭借|面对|就|除|自|因|针对|经)[^，；]*$|"
    r"(?:通过|依托|结合|围绕|借助)[^，；将已]*$|(?:预计|表示|显示|介绍|公布|约定|认为|指出|称|提出|明确|承诺|强调|建议|公告|获悉|说|最大的是|数据显示|报告)$|以[^，；]*为[^，；]{2,4}$|[\d年月日季度前]+$|作为[^，；将已]*$|"
    r"(?:联手|携手|联合)[\u3400-\u9fff、]{2,16}(?:局|公司|集团|政府|院|大学|中心|会)$"
)
# What an amount adds to a sentence's weight, by its kind.
_WORTH = {"currency": 1.2, "percent": 1.0, "percent_point": 0.6, "multiple": 0.9, "dimension": 0.8, "number": 0.6, "count": 0.6, "date": 0.3}
_PAIRS = (("“", "”"), ("（", "）"), ("(", ")"), ("「", "」"), ("《", "》"), ("‘", "’"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage:
    """A run of clauses of one sentence, ready to stand in a summary."""

    sentence: Sentence
    text: str
    score: float
    size: int
    shingles: frozenset[str]
    is_deal: bool = False


def propose_summary(reading: Reading, names: Names, deals: Sequence[ProposedDeal]) -> SummaryProposal:
    """Return headline, abstract and key points, each made of words of the article.

    Nothing is reworded: bracketed definitions of short names and words that only lead in are left out, and long
    sentences end at one of their own clause boundaries.
    """
    passages = list(_passages(reading, names, deals))
    limit = _ABSTRACT_CHARS if reading.language == "zh" else _ABSTRACT_WORDS
    chosen = _choose(reading, passages, limit)
    stop = "。" if reading.language == "zh" else "."
    return SummaryProposal(
        points=[ProposedPoint(text=_ended(point.text, stop), s=[point.sentence.number]) for point in _points(passages, chosen)],
        abstract=("" if stop == "。" else " ").join(_ended(passage.text, stop) for passage in chosen),
        headline=_headline(reading, deals, chosen),
    )


def _points(passages: Sequence[_Passage], chosen: Sequence[_Passage]) -> list[_Passage]:
    """Return the abstract's passages, most important first, filled up with the next best of other sentences."""
    points = sorted(chosen, key=lambda passage: -passage.score)
    for passage in sorted(passages, key=lambda one: -one.score / (one.size + 20) ** 0.5):
        if len(points) >= _LEAST_POINTS:
            break
        if all(passage.sentence is not point.sentence and _similarity(passage, point) < 0.5 for point in points):
            points.append(passage)
    return points[:_MOST_POINTS]


def _headline(reading: Reading, deals: Sequence[ProposedDeal], chosen: Sequence[_Passage]) -> str:
    """Return the title if it fits, else its first part; without a title the first deal's words, else the lead's."""
    candidates: list[str] = []
    if reading.title:
        candidates += [reading.title, *_shortened(reading.title)]
    elif deals and deals[0].s <= 3:
        candidates.append(_plain(deals[0].words))
    lead = chosen[:1] if chosen and not reading.title else []
    for passage in (*lead, *sorted(chosen, key=lambda one: -one.score)):
        candidates += [passage.text, *_shortened(passage.text)]
    for candidate in candidates:
        is_said = candidate in reading.title or _says_something(candidate)
        if is_said and _fits_headline(reading, candidate) and _is_whole(candidate):
            return candidate.rstrip("。.，,；;：: ")
    words = candidates[0] if candidates else reading.text[reading.body[0].start : reading.body[0].end] if reading.body else ""
    return _cut(words, reading.language)


def _fits_headline(reading: Reading, words: str) -> bool:
    if reading.language == "zh":
        return 6 <= len(words) <= _HEADLINE_CHARS
    return 3 <= len(words.split()) <= _HEADLINE_WORDS


def _says_something(words: str) -> bool:
    """Return whether more than a date, a number or a place is left of a headline."""
    bare = re.sub(r"[\d年月日时分秒点：:，,.\s-]", "", words)
    return len(bare) >= 6 and _WAITING.search(words) is None


def _shortened(words: str) -> Iterator[str]:
    """Yield the words up to each of their clause boundaries, longest first."""
    for match in reversed(list(re.finditer(r"[，；。：！？]|[,;:](?= )| [-–—|]+ | (?=[\u3400-\u9fff])", words))):
        if match.start() >= 6:
            yield words[: match.start()].strip()


def _cut(words: str, language: str) -> str:
    """Cut words that have no clause boundary in time: English at a word, Chinese before what would split a number."""
    if language == "en":
        return " ".join(words.split()[:_HEADLINE_WORDS])
    short = words[:_HEADLINE_CHARS]
    return re.sub(r"[\d.,%％]+[万亿]?$", "", short) if len(words) > _HEADLINE_CHARS else short


def _passages(reading: Reading, names: Names, deals: Sequence[ProposedDeal]) -> Iterator[_Passage]:
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
        bonus = (0.6 if opens else 0.0) + (1.5 if sentence.number in terms else 0.0) + (1.5 if place < 3 else 0.0) + 3 / (place + 3)
        bonus -= 2.0 if sentence.language != reading.language else 0.0
        for start, end in _runs(reading, sentence, deal):
            text = _spell(_plain(reading.text[start:end]), spelled)
            if deal is not None:
                text = _dated(reading, sentence, deal, start) + re.sub("^(?:该公司|該公司)", deal.parties[0].name, text)
            size = _size(text, reading.language)
            if not _is_whole(text) or size < least:
                continue
            worth = _score(reading, names, (start, end), title, weights)
            if worth < _LEAST_WORTH and deal is None:
                continue
            score = bonus + worth - (3.0 if deal is None and _restates(reading, names, deals, start, end) else 0.0)
            score += 2.0 if any(amount in text for amount in sums) else 0.0
            is_news = deal is not None and start <= reading.text.find(deal.words, sentence.start) and _is_news(deal, deals)
            yield _Passage(sentence=sentence, text=text, score=score + (6.0 if is_news else 0.0), size=size, shingles=frozenset(_shingles(text)), is_deal=is_news)


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
    is_row = is_title or sentence.is_heading and not (is_label and (is_deal or reading.quantities_in(sentence.start, sentence.end)))
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
        reachable = [stop for stop in stops if first < stop <= following and _is_statement(reading, sentence, first, stop)]
        if deal and first == start:
            enough = [stop for stop in reachable if stop >= stated][:2]
            # Where a long opening leads to the deal, the clause that states it stands alone.
            clause = max((low for low, _ in reading.clauses(sentence) if low <= stated - len(deal.words)), default=start)
            if enough and sentence.language == "zh" and clause - start > limit // 2:
                yield clause, enough[0]
            yield from ((first, stop) for stop in enough)
            continue
        fitting = [stop for stop in reachable if _size(_plain(text[first:stop]), reading.language) <= limit]
        yield from ((first, stop) for stop in fitting or reachable[:1])


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
    return end - last - dates >= _LEAST_CLAUSE and _WAITING.search(reading.folded[start:end]) is None


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
    root = len(own) ** 0.5 + 2
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


def _choose(reading: Reading, passages: Sequence[_Passage], limit: int) -> list[_Passage]:
    """Choose passages that fit together into the limit: the deals' first, then the best for their length."""
    chosen: list[_Passage] = []
    used = 0
    stop = 1 if reading.language == "zh" else 0
    deals = [passage for passage in passages if passage.is_deal]
    best = sorted(passages, key=lambda one: (-one.score / (one.size + 40) ** 0.6, one.sentence.number))
    for candidates, share in ((deals, 0.7), (best, 1.0)):
        for passage in candidates:
            is_taken = any(passage.sentence is other.sentence or _similarity(passage, other) > 0.6 for other in chosen)
            if is_taken or passage.score <= 0:
                continue
            if used + passage.size + stop <= limit * (share if chosen else 1.0):
                chosen.append(passage)
                used += passage.size + stop
    if not chosen and passages:
        chosen = [min(passages, key=lambda one: one.size)]
    return sorted(chosen, key=lambda one: one.sentence.number)


def _ended(text: str, stop: str) -> str:
    text = text.rstrip("，,；;：:、 ")
    return text if text[-1:] in "。.！？!?" else text + stop


def _plain(text: str) -> str:
    """Return the text in one line, without what defines short names or only leads in."""
    text = re.sub(r"(?<=[\u3400-\u9fff，。]) +(?=[\u3400-\u9fff])", "", " ".join(_DEFINITION.sub("", text).split()))
    text = _LEAD_IN.sub("", text).strip()
    return text.rstrip("，,；;：: ")


def _is_whole(text: str) -> bool:
    """Return whether all quotation marks and brackets of the text are closed."""
    return all(text.count(opening) == text.count(closing) or closing == "’" for opening, closing in _PAIRS) and text.count('"') % 2 == 0


def _is_dateline(words: str) -> bool:
    return bool(re.match(r"(?:By |Published|Updated|CORRECTION|Correction|文[/：]|记者|作者|来源|责任编辑|撰文|图片说明|注[：:])", words)) or len(words) < 9


def _size(text: str, language: str) -> int:
    return len(text) if language == "zh" else len(text.split())


def _similarity(one: _Passage, other: _Passage) -> float:
    shared = len(one.shingles & other.shingles)
    return shared / max(min(len(one.shingles), len(other.shingles)), 1)


def _shingles(text: str) -> set[str]:
    found = {word.lower() for word in re.findall(r"[A-Za-z]{3,}|\d+", text)}
    if han_count(text):
        for run in re.findall(r"[\u3400-\u9fff]+", text):
            found.update(run[at : at + 2] for at in range(len(run) - 1))
    return found
