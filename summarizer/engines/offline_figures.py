"""Key figures as the offline engine proposes them: which amounts count, what they measure, when, and in what sense."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from summarizer.engines.offline_deals import amount_span
from summarizer.engines.offline_metrics_chinese import Earlier, name_chinese
from summarizer.engines.offline_metrics_english import name_english
from summarizer.proposals import ProposedFigure
from summarizer.quantities import read_date

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Names
    from summarizer.engines.offline_text import Reading, Sentence
    from summarizer.records import FigureStatus, Quantity

_AMOUNTS = frozenset(
    {"number", "count", "currency", "percent", "percent_point", "multiple", "dimension", "temperature", "duration"}
)
# A small count before one of these only announces the list that follows.
_LISTS = re.compile(
    r"\s*大?(?:重点|合作|核心|主要|关键|前沿|功能|治理|战略|特色|方面的?)*(?:领域|方面|维度|方向|板块|"
    r"环节|问题|阶段|属性|特点|层面|步骤|格局|抓手|任务|理念|关键词|举措|原因|因素|主题|话题|亮点|"
    r"趋势|挑战|优势|"
    r"场景|功能|中心|底盘|网融合|项合作|类数据|病种|重属性)"
)
# How long something runs is a figure where the contract or the process says so, not in passing.
_DURATIONS = re.compile(
    r"有效期|期限|工期|质保期|租期|合同期|独家期|时间|时长|周期|为期|(?:日历天)|免租|\b(?:run|runs|"
    r"last|term|agreement|contract|offtake|period|extend|lease|licen[cs]e|payback)\b|自.{2,20}起计"
)
_TARGET = re.compile(
    r"计划|拟|目标|到20\d\d年|力争|争取|须|应(?=在|于|当)|承诺|规划(?!面积)|不得|约定|优先|要求|负责|"
    r"将(?!近|军)|采购不|设计(?=容量|产能|功率)|分期|提供不|免租|给予|打造|"
    r"\b(?:will|shall|must|to be|plans?|planned|aims?|target|agreed to|intends?|undertakes|commit\w*|"
    r"cannot|may|is to|are to|due|at least \d+ tonnes|pays? for|owes)\b"
)
_FORECAST = re.compile(
    r"预计|预测|有望|预期|估计(?=将)|大概率|或将|料将|\b(?:expects?|expected|forecasts?|estimates? "
    r"that|projected|would|could|should)\b"
)
_ASIDES = frozenset({"期", "句", "次", "步", "类", "重"})
_DAY = re.compile(r"底前|之前|年内|以前")
_QUOTED = re.compile(r"[“「](?P<name>[^”」，。]{2,12})[”」]")
_PLACE = re.compile(r"[\u3400-\u9fff]{2,4}?(?:省|市|自治区|新区|县)(?![场长委值级])")
_NO_PLACE = re.compile(r"[全本该各两的是在和与年月日上城超门股]")
# Before somebody who receives, stands beside or is compared: no subject.
_OBJECT = re.compile(
    r"(?:向|对|给|为|与|和|、|及|比|较|在|以及|从|至|同|\b(?:to|with|by|from|for|of|at|in|and|than|against))\s*$"
)
# Behind somebody who only tells: 统计局数据显示, 分析师童望之预计.
_SOURCE = re.compile(
    r"[\u3400-\u9fff]{0,10}?(?:数据显示|统计显示|公布|发布|显示|表示|介绍|预计|预测|测算|认为|问卷|称|"
    r"透露)|(?:的)?[\u3400-\u9fff]{0,6}(?:分析师|研究员|经济学家)|"
    r"[\w ,']{0,30}\b(?:said|says|estimates?|expects? \w+ demand|according)"
)


def propose_figures(reading: Reading, names: Names) -> tuple[ProposedFigure, ...]:
    """Return a figure for each amount of the body that measures something, in the order of the article."""
    figures: list[ProposedFigure] = []
    seen: set[tuple[str, str | None, str | None, str | None]] = set()
    area = _reported_area(names)
    owner, told_in, paragraph = area, 0, -1
    earlier: list[Earlier] = []
    for sentence in reading.body:
        if sentence.paragraph != paragraph:
            owner, told_in, paragraph, earlier = area, sentence.number, sentence.paragraph, []
        for quantity in reading.quantities_in(sentence.start, sentence.end):
            if not _is_figure(reading, sentence, quantity) or _is_retold(reading, sentence, quantity):
                continue
            if _is_repeated(reading, quantity):
                continue
            amount = _copied_amount(reading, sentence, quantity)
            if amount is None:
                continue
            # What is said after a semicolon refers to nothing before it, unless it names nothing at all.
            part = max(reading.text.rfind("；", sentence.start, quantity.start), sentence.start)
            near = [one for one in earlier if one.start >= part] or earlier[-1:]
            metric = (name_chinese if sentence.language == "zh" else name_english)(reading, names, quantity, near)
            if told := metric.owner or _owner(reading, names, sentence, quantity):
                owner, told_in = told, sentence.number
            elif sentence.number > told_in + 1:
                # Further on nobody can tell by patterns whom it is about: better no entity than a wrong one.
                owner = area
            key = (metric.name, quantity.value, quantity.value_max, quantity.unit)
            if len(metric.name) < 2 or key in seen:
                continue
            seen.add(key)
            earlier.append(Earlier(metric.name, quantity.unit, quantity.start))
            status = _status(reading, sentence, quantity)
            when = _when(reading, sentence, quantity, is_future=status != "actual")
            figures.append(
                ProposedFigure(s=sentence.number, amount=amount, name=metric.name, of=owner, when=when, status=status)
            )
    return tuple(figures)


def _is_retold(reading: Reading, sentence: Sentence, quantity: Quantity) -> bool:
    """Return whether a headline's amount stands in the text as well, where more is said of it."""
    if not sentence.is_heading or sentence.number > 2:
        return False
    reads = (quantity.value, quantity.value_max, quantity.unit)
    return any(
        other.start > sentence.end and (other.value, other.value_max, other.unit) == reads
        for other in reading.quantities
    )


def _is_figure(reading: Reading, sentence: Sentence, quantity: Quantity) -> bool:
    text = reading.folded
    if quantity.value is None or quantity.is_vague:
        return False
    fraction = re.fullmatch(r"\d+/(?P<parts>\d+)", quantity.note or "")
    if fraction and 10**6 % int(fraction["parts"]):
        # A third has no exact decimal value; verification does not admit it.
        return False
    before, after = (
        text[max(sentence.start, quantity.start - 12) : quantity.start],
        text[quantity.end : quantity.end + 14],
    )
    if quantity.kind == "ordinal":
        # 第13座城市 says how many there are; 第三届 and 第一名 number a list.
        return (
            quantity.unit in ("座", "家")
            and "第" in quantity.text
            and not quantity.text.startswith(("第一", "第1座", "第1家"))
        )
    if quantity.kind not in _AMOUNTS:
        return False
    if quantity.start == sentence.start and re.match(r"\s*[.、．)）]", after):
        return False
    if quantity.kind == "count" and quantity.text.startswith("一") and len(quantity.text) <= 2:
        # 一家企业, 一座城市: an article, no count.
        return False
    is_small = re.fullmatch(r"\d{1,2}", quantity.value) is not None and int(quantity.value) <= 12
    if quantity.kind == "duration":
        low, high = reading.clause_at(quantity.start, quantity.end)
        low = low - 8 if low > 1 and text[low - 1] in "：:" else low
        return _DURATIONS.search(text, low, high) is not None
    if (
        quantity.kind in ("count", "number")
        and is_small
        and (_LISTS.match(after) or _LISTS.match(quantity.text[1:] + after))
    ):
        return False
    if (
        quantity.kind in ("count", "number")
        and is_small
        and (quantity.unit in _ASIDES or re.match("[A-Za-z]", quantity.text))
    ):
        # 分两期, 两句话; two companies, one of the largest.
        return False
    if quantity.kind == "number" and quantity.unit is None:
        if re.search(r"[（(]$", before) and (
            re.match(r"[）)]日", after) or (re.match(r"[）)]", after) and re.fullmatch(r"\d{4,6}", quantity.text))
        ):
            # 今（12）日, 泰隆地产（02345）
            return False
        return not re.search(r"(?:第|《|\bNo\.?|#)\s*$", before) and not re.match(r"\s*[)）]?\s*(?:号文|版|期)", after)
    return True


def _is_repeated(reading: Reading, quantity: Quantity) -> bool:
    """Return whether the same amount stands so close before that its evidence could not tell the two apart."""
    low, _ = reading.clause_at(quantity.start, quantity.end)
    # Verification quotes the clause before a thin one as well.
    low = low if quantity.start - low >= 4 else low - 60
    return any(other.text == quantity.text for other in reading.quantities_in(low, quantity.start))


def _copied_amount(reading: Reading, sentence: Sentence, quantity: Quantity) -> str | None:
    """Return the amount with its qualifier, and with as much of its neighbours as makes it unique in its sentence."""
    start, end = amount_span(quantity)
    start, end = max(start, sentence.start), min(end, sentence.end)
    text = reading.text
    around = [q for q in reading.quantities_in(sentence.start, sentence.end) if q is not quantity]
    low = max((amount_span(q)[1] for q in around if q.end <= quantity.start), default=sentence.start)
    high = min((amount_span(q)[0] for q in around if q.start >= quantity.end), default=sentence.end)
    start, end = max(start, low), min(end, high)
    body = text[sentence.start : sentence.end]
    while body.count(text[start:end]) > 1:
        if start > low:
            start -= 1
        elif end < high:
            end += 1
        else:
            return None
    return text[start:end]


def _owner(reading: Reading, names: Names, sentence: Sentence, quantity: Quantity) -> str:
    """Return whom the figure is about: the nearest subject before it in its sentence, or a quoted name or place."""
    low, _ = reading.clause_at(quantity.start, quantity.end)
    mentions = names.within(sentence.start, quantity.start)
    subjects = [mention for mention in mentions if not _OBJECT.search(reading.folded[sentence.start : mention.start])]
    speakers = [mention for mention in subjects if _SOURCE.match(reading.folded[mention.end : mention.end + 24])]
    subjects = [mention for mention in subjects if mention not in speakers]
    near = [mention for mention in subjects if mention.start >= low]
    beside = [mention for mention in mentions if not reading.text[mention.end : quantity.start].strip()]
    if beside:
        # Ashgrove will own 55% and Kestrel 45%.
        return reading.text[beside[-1].start : beside[-1].end]
    if near:
        return reading.text[near[-1].start : near[-1].end]
    quoted = list(_QUOTED.finditer(reading.text, low, quantity.start))
    if quoted:
        return quoted[-1]["name"]
    if subjects:
        return reading.text[subjects[-1].start : subjects[-1].end]
    if sentence.language == "zh":
        for place in reversed(list(_PLACE.finditer(reading.folded, sentence.start, quantity.start))):
            if not _NO_PLACE.search(place[0]):
                return reading.text[place.start() : place.end()]
    return _area_of(reading.text[speakers[-1].start : speakers[-1].end]) if speakers else ""


def _reported_area(names: Names) -> str:
    """Return the area whose statistical office is named most in the article; empty where none reports."""
    counts: dict[str, int] = {}
    for mention in names.mentions:
        counts[mention.name.full] = counts.get(mention.name.full, 0) + 1
    return _area_of(max(counts, key=lambda full: counts[full], default=""))


def _area_of(office: str) -> str:
    """Return the area of an office that publishes figures: 澜州市 of 澜州市统计局."""
    area = re.match(r"(?P<area>[\u3400-\u9fff]{2,6}?[省市州县区])[\u3400-\u9fff]{2,6}[局厅委]$", office)
    return area["area"] if area else ""


def _status(reading: Reading, sentence: Sentence, quantity: Quantity) -> FigureStatus:
    low, high = reading.clause_at(quantity.start, quantity.end)
    before = reading.folded[low : quantity.start]
    after = reading.folded[quantity.end : min(high, quantity.end + 20)]
    if _FORECAST.search(before):
        return "forecast"
    if _TARGET.search(before) or re.search(r"须|will\b|must\b|投产|将", after):
        return "target"
    opening = reading.folded[sentence.start : low]
    if _FORECAST.search(opening) and not re.search(r"已|目前|去年|20\d\d年(?:实现|为)", before):
        return "forecast"
    is_planned = re.search(
        r"计划|到20\d\d年|承诺|目标|规划|拟|根据协议|将(?=在|建|于|新|投|打)|(?:^|，)将|\bwill\b|\bmust\b", opening
    )
    return "target" if is_planned and not re.search(r"已|目前|现有|达到了", before) else "actual"


def _when(reading: Reading, sentence: Sentence, quantity: Quantity, *, is_future: bool) -> str:
    """Return the words that date an amount: of its clause, else of the opening of its sentence; empty if there are none."""
    low, high = reading.clause_at(quantity.start, quantity.end)
    dates = [q for q in reading.quantities_in(sentence.start, sentence.end) if q.kind.startswith("date")]
    before = [q for q in dates if low <= q.start and q.end <= quantity.start and not _is_compared(reading, q, quantity)]
    after = [q for q in dates if quantity.end <= q.start < high and q.start - quantity.end < 30]
    candidates = before[::-1] + (after if sentence.language == "en" else [])
    part = max(reading.text.rfind("；", sentence.start, quantity.start), sentence.start)
    candidates += [q for q in dates if part <= q.start and q.end <= low and _dates_what_follows(reading, part, q, low)][
        ::-1
    ]
    for date in candidates:
        words = reading.text[date.start : date.end]
        if _DAY.match(reading.text[date.end :]) and not is_future:
            continue
        if read_date(words, reference=reading.published_on, future=is_future):
            return words
    return ""


def _is_compared(reading: Reading, date: Quantity, quantity: Quantity) -> bool:
    """Return whether a date is the one that the amount is measured against: 比上年同期提高, 由2022年的1.42降至1.31."""
    lead = reading.folded[: date.start][-1:]
    if lead in ("比", "较"):
        return True
    return lead in ("由", "从", "自") and reading.text[date.end : quantity.start].strip("的") != ""


def _dates_what_follows(reading: Reading, part: int, date: Quantity, low: int) -> bool:
    """Return whether a date in an earlier clause holds for the clause at `low` too.

    It does where it opens the sentence, or dates an amount of its own clause (2023年实现营业收入8.4亿元，净利润1.36亿元); the
    day of a signing dates the signing alone.
    """
    opening, between = reading.folded[part : date.start], reading.folded[date.end : low]
    if re.search(r"自$|从$|成立于$|始于$|创立于$|[比较]$|Founded in\s*$|since\s*$|[Bb]ased on", opening):
        return False
    if re.search("签订|签署|签约|订立|\bsigned\b", between) and re.search(r"日|号|號", date.text):
        return False
    _, high = reading.clause_at(date.start, date.end)
    dates_amount = (
        any(not q.kind.startswith("date") for q in reading.quantities_in(date.end, high))
        and _DAY.match(between) is None
    )
    return len(opening) <= 14 or dates_amount
