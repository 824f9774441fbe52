"""A summary made of the article's own sentences: chosen by what they report, cut at clause boundaries only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.engines.offline_text import han_count
from summarizer.proposals import ProposedPoint, SummaryProposal

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Names
    from summarizer.engines.offline_text import Reading, Sentence
    from summarizer.proposals import ProposedDeal

# The guideline's limits, a little below for punctuation: 40 characters or 25 words, 200 characters or 120 words.
_HEADLINE_CHARS, _HEADLINE_WORDS = 40, 25
_ABSTRACT_CHARS, _ABSTRACT_WORDS = 198, 118
_POINT_CHARS, _POINT_WORDS = 90, 45
_MAX_POINTS = 6
_SPEECH = re.compile(r"表示|认为|指出|强调|希望|期盼|坦言|直言|建议|谈到|[“\"][^”\"]{12,}[”\"]|\bsaid\b|\bsays\b|\btold\b|^[\"“]")
_WEAK_OPENING = re.compile(
    r"^(?:其中|此外|另外|同时|因此|但|而|并|且|也|还|这|那|该|其|他|她|它|以及|不仅如此|如今|例如|比如|同样|具体来看|可以预见|据悉|值得注意的是|在此之前|注[：:]|又讯)|"
    r"^(?:It|This|That|These|Those|He|She|They|However|But|And|Also|Its|Their|Both)\b"
)
_WEIGHTY = re.compile(
    r"总投资|注册资本|营业收入|净利润|生产总值|同比|中标|签订|签署|签约|合资|收购|融资|优先|独家|承诺|不低于|不少于|预计|目标|到20\d\d年|开园|开业|揭牌|有效期|期限|工期|违约|批准|免租|"
    r"首次|首个|最大|约束力|持股|出口|进口|民间投资|利润|将打造|共建|"
    r"\b(?:acquire|merger|agreement|revenue|premium|valu\w+|subject to|expected|closing|completion|raised|led by|profit|loss|forecast|minimum|price|must|option|term|lapses?|approval|proceeds|synergies)\b"
)
_DEFINITION = re.compile(r"\s*[（(](?:以下简称|下称|简称|以下称|[A-Za-z .]{2,10}[:：] ?[A-Z]{2,6}|[“\"「][^（）()]{1,30})[^（）()]{0,30}[）)]")
_LEAD_IN = re.compile(r"^(?:具体来看|据悉|此外|同时|另外|据了解|数据显示|不仅如此|同样|值得注意的是|其中|消息称|而)[，,]?\s*|^[^，。]{0,14}(?:电|讯)(?:（[^）]*）)?\s*|^\d{1,2}[.、．)）]\s*|^[（(][一二三四五六七八九十\d][）)]\s*|^[A-Z][A-Z ,.]{3,40}(?:[A-Z][a-z]+ \d+, \d{4} )?(?:--|-|—) ?")
_SOFT_CUT_EN = re.compile(r", (?=which|where|while|but|and (?:the|it|its)|with|including|provided|ending|subject|a premium|or |to be|during|based)|; | - ")
_PAIRS = (("“", "”"), ("（", "）"), ("(", ")"), ("「", "」"), ("《", "》"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage:
    """A run of clauses of one sentence, ready to stand in a summary."""

    sentence: Sentence
    text: str
    score: float
    size: int


def propose_summary(reading: Reading, names: Names, deals: Sequence[ProposedDeal]) -> SummaryProposal:
    """Return headline, abstract and key points, each made of words of the article.

    Nothing is reworded: bracketed definitions of short names and words that only lead in are left out, and long
    sentences end at one of their own clause boundaries.
    """
    passages = _passages(reading, names, deals)
    limit = _ABSTRACT_CHARS if reading.language == "zh" else _ABSTRACT_WORDS
    chosen = _choose(reading, passages, limit)
    further = [passage for passage in passages if all(passage.sentence is not other.sentence for other in chosen)]
    points = sorted(chosen, key=lambda passage: -passage.score)
    points += sorted(further, key=lambda passage: -passage.score)
    stop = "。" if reading.language == "zh" else "."
    return SummaryProposal(
        points=[ProposedPoint(text=_ended(point.text, stop), s=[point.sentence.number]) for point in points[: min(max(len(chosen), 3), _MAX_POINTS)]],
        abstract=_paragraph(chosen, stop),
        headline=_headline(reading, deals, chosen),
    )


def _headline(reading: Reading, deals: Sequence[ProposedDeal], chosen: Sequence[_Passage]) -> str:
    """Return the title if it fits, else its first part; without a title the first deal's words, else the lead's."""
    candidates: list[str] = []
    if reading.title:
        candidates += [reading.title, *_shortened(reading.title)]
    if deals and (not reading.title or len(deals) == 1):
        candidates.append(_plain(deals[0].words))
    for passage in chosen:
        candidates += [passage.text, *_shortened(passage.text)]
    for candidate in candidates:
        if candidate and _fits_headline(reading, candidate) and _is_whole(candidate):
            return candidate.rstrip("。.，,；; ")
    words = candidates[0] if candidates else reading.text[slice(reading.body[0].start, reading.body[0].end)]
    return _cut(words, reading.language)


def _fits_headline(reading: Reading, words: str) -> bool:
    if reading.language == "zh":
        return 4 <= len(words) <= _HEADLINE_CHARS
    return len(words.split()) <= _HEADLINE_WORDS


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


def _passages(reading: Reading, names: Names, deals: Sequence[ProposedDeal]) -> list[_Passage]:
    anchors = {deal.s for deal in deals}
    terms = {term.s for deal in deals for term in deal.terms}
    title = _shingles(reading.title or reading.text[reading.body[0].start : reading.body[0].end] if reading.body else "")
    found = []
    for place, sentence in enumerate(reading.body):
        words = reading.text[sentence.start : sentence.end]
        is_foreign = sentence.language != reading.language
        if sentence.is_heading or (is_foreign and reading.language == "en") or "|" in words or _is_dateline(words):
            continue
        start, end = _run(reading, sentence, next((deal for deal in deals if deal.s == sentence.number), None))
        text = _plain(reading.text[start:end])
        if not _is_whole(text) or _size(text, reading.language) < (10 if reading.language == "zh" else 5):
            continue
        score = _score(reading, names, (start, end), place, title)
        if sentence.number in anchors:
            is_background = re.search("陆续|此前", reading.folded[start:end])
            score += 2 if is_background else 8
        elif sentence.number in terms:
            score += 1.5
        if is_foreign:
            score -= 2
        found.append(_Passage(sentence=sentence, text=text, score=score, size=_size(text, reading.language)))
    return found


def _run(reading: Reading, sentence: Sentence, deal: ProposedDeal | None) -> tuple[int, int]:
    """Return the sentence, or its first clauses up to the limit of a point; always with the words of its deal."""
    limit = _POINT_CHARS if reading.language == "zh" else _POINT_WORDS
    start, end = sentence.start, sentence.end
    least = reading.text.find(deal.words, start, end) + len(deal.words) if deal else start
    if _size(_plain(reading.text[start:end]), reading.language) <= limit:
        return start, end
    if sentence.language == "zh":
        stops = [high for _, high in reading.clauses(sentence)]
    else:
        stops = [match.start() for match in _SOFT_CUT_EN.finditer(reading.text, start, end)] + [end]
    fitting = [stop for stop in stops if _size(_plain(reading.text[start:stop]), reading.language) <= limit and _is_whole(_plain(reading.text[start:stop]))]
    enough = [stop for stop in stops if stop >= least]
    if fitting and fitting[-1] >= least:
        return start, fitting[-1]
    return start, enough[0] if enough else end


def _score(reading: Reading, names: Names, span: tuple[int, int], place: int, title: set[str]) -> float:
    start, end = span
    words = reading.folded[start:end]
    amounts = [q for q in reading.quantities_in(start, end) if q.value and not q.kind.startswith("date") and q.kind not in ("ordinal", "duration")]
    own = _shingles(reading.text[start:end])
    overlap = len(own & title) / (len(own) ** 0.5 + 4) if own else 0.0
    score = 1.1 * min(len(amounts), 4) + 0.5 * min(len(names.within(start, end)), 3) + overlap
    score += 0.7 * min(len(_WEIGHTY.findall(words)), 4) + (2.5 if place < 2 else 0) + 3 / (place + 3)
    if _SPEECH.search(words):
        score -= 2.0
    if _WEAK_OPENING.search(words):
        score -= 1.2
    return score


def _choose(reading: Reading, passages: Sequence[_Passage], limit: int) -> list[_Passage]:
    """Choose passages that fit together into the limit, best for their length first, none that repeats another."""
    chosen: list[_Passage] = []
    used = 0
    for passage in sorted(passages, key=lambda one: (-one.score / (one.size + 25) ** 0.5, one.sentence.number)):
        repeats = any(_similarity(passage.text, other.text) > 0.5 for other in chosen)
        if repeats or used + passage.size + 1 > limit or passage.score <= 0:
            continue
        chosen.append(passage)
        used += passage.size + (1 if reading.language == "zh" else 0)
    if not chosen and passages:
        chosen = [min(passages, key=lambda one: one.size)]
    return sorted(chosen, key=lambda one: one.sentence.number)


def _paragraph(chosen: Iterable[_Passage], stop: str) -> str:
    return ("" if stop == "。" else " ").join(_ended(passage.text, stop) for passage in chosen)


def _ended(text: str, stop: str) -> str:
    text = text.rstrip("，,；;：:、 ")
    return text if text[-1:] in "。.！？!?”" else text + stop


def _plain(text: str) -> str:
    """Return the text in one line, without what defines short names or only leads in."""
    text = re.sub(r"(?<=[\u3400-\u9fff，。]) +(?=[\u3400-\u9fff])", "", " ".join(_DEFINITION.sub("", text).split()))
    text = _LEAD_IN.sub("", text).strip()
    return text.rstrip("，,；;：: ")


def _is_whole(text: str) -> bool:
    """Return whether all quotation marks and brackets of the text are closed."""
    return all(text.count(opening) == text.count(closing) for opening, closing in _PAIRS) and text.count('"') % 2 == 0


def _is_dateline(words: str) -> bool:
    return bool(re.match(r"(?:By |Published|Updated|文[/：]|记者|作者|来源|责任编辑|撰文|图片说明|注[：:])", words)) or len(words) < 12


def _size(text: str, language: str) -> int:
    return len(text) if language == "zh" else len(text.split())


def _similarity(one: str, other: str) -> float:
    first, second = _shingles(one), _shingles(other)
    return len(first & second) / max(min(len(first), len(second)), 1)


def _shingles(text: str) -> set[str]:
    found = {word.lower() for word in re.findall(r"[A-Za-z]{3,}|\d+", text)}
    if han_count(text):
        for run in re.findall(r"[\u3400-\u9fff]+", text):
            found.update(run[at : at + 2] for at in range(len(run) - 1))
    return found
