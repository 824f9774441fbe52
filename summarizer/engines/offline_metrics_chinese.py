"""What a Chinese amount measures: a short name, from the words before and after it in its clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.engines.offline_metric_words import (
    ACTIONS,
    ADVERBS,
    CHANGES,
    COMPARED,
    COPULAS,
    DATES,
    EMPTY_HEADS,
    GENERIC_NOUNS,
    HEADS,
    LEADING,
    NO_NOUN,
    NOUN_END,
    PER_UNIT,
    QUANTITY_NOUNS,
    REACHES,
    TAKES_NOUN,
    TRANSITIVE,
    WEAK_HEADS,
)

if TYPE_CHECKING:
    from summarizer.engines.offline_names import Names
    from summarizer.engines.offline_text import Reading
    from summarizer.records import Quantity

_MAX_NAME_CHARS = 24
_EDGES = " “”\"'（()）+-·/、，"
_NOUN = re.compile(r"(?:的|作为)?(?P<noun>[\u3400-\u9fffA-Za-z0-9“”+/（()）·\- ]{1,30})")
_DERIVED = re.compile(r"^(?:增速|降幅|涨幅|增幅|跌幅|比重|占比|比例)$")
_STEM = re.compile(
    r"(?:同比|环比)?(?:增速|降幅|涨幅|增幅)?(?:增长|下降|增加|减少|上涨|上升|提高|回落|收窄|扩大|下滑|提升|降低|低|高)?(?:数)?$"
)


@dataclass(frozen=True, slots=True)
class Metric:
    """What an amount measures. `owner` is set where the words before the name tell of what it is: 京东云华东数据中心."""

    name: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The name and unit of an amount before, to which 增长21.7% and 首期3亿元 refer."""

    name: str
    unit: str | None
    start: int


def name_chinese(reading: Reading, names: Names, quantity: Quantity, earlier: Sequence[Earlier]) -> Metric:
    """Return what the amount measures; an empty name if its clause does not say.

    The characters are the article's own. Cue words are compared in simplified characters.

    Args:
        reading: the article.
        names: its organisations, which are no part of the name.
        quantity: the amount.
        earlier: the amounts named before it in its paragraph, in order.
    """
    low, high = reading.clause_at(quantity.start, quantity.end)
    start, adjacent = _start(reading, names, quantity, low)
    end = quantity.start if quantity.qualifier_start is None else min(quantity.start, quantity.qualifier_start)
    before = _Words.of(reading, start, end)
    noun = _noun_after(reading, quantity.end, high)
    name = _compose(quantity, before, noun, earlier)
    owner = _owner_in(name, adjacent) if name.startswith(reading.text[start : start + 2]) else ""
    if owner:
        name = name[len(owner) - len(adjacent) :]
    # What was added to the words (数, 比例) is written as the article writes.
    return Metric(name if name in reading.text else reading.in_script(name), owner)


def _owner_in(name: str, adjacent: str) -> str:
    """Return the thing's own name where a name begins with it: 京东 云华东数据中心 in 京东云华东数据中心总投资."""
    head = HEADS.search(name)
    if not adjacent or head is None or not 2 <= head.start() <= 14 or re.search("[年月日的在为]", name[: head.start()]):
        return ""
    return adjacent + name[: head.start()]


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of the article and their simplified copy, cut alike."""

    text: str
    folded: str

    @classmethod
    def of(cls, reading: Reading, start: int, end: int) -> _Words:
        text, folded = reading.text[start:end], reading.folded[start:end]
        for match in reversed(list(DATES.finditer(folded))):
            text = text[: match.start()] + text[match.end() :]
            folded = folded[: match.start()] + folded[match.end() :]
        return cls(text, folded)

    def part(self, start: int, end: int | None = None) -> _Words:
        return _Words(self.text[start:end], self.folded[start:end])

    def without(self, *patterns: re.Pattern[str]) -> _Words:
        words = self
        for pattern in patterns:
            for match in reversed(list(pattern.finditer(words.folded))):
                words = _Words(
                    words.text[: match.start()] + words.text[match.end() :],
                    words.folded[: match.start()] + words.folded[match.end() :],
                )
        return words


def _start(reading: Reading, names: Names, quantity: Quantity, low: int) -> tuple[int, str]:
    """Return where the words begin that belong to the amount alone, and the organisation that stands right before them."""
    folded, start, adjacent = reading.folded, low, ""
    amounts = [other for other in reading.quantities_in(low, quantity.start) if not other.kind.startswith("date")]
    if amounts:
        start = amounts[-1].end
        # The noun of the amount before: 1.2亿元现金和作价1.35亿元.
        listed = re.compile(r"[\u3400-\u9fffA-Za-z]{0,10}?(?:和|与|及|、)").match(folded, start, quantity.start)
        start = listed.end() if listed else start
    elif low > 1 and folded[low - 1] in "：:" and not folded[low : quantity.start].strip("人民币￥¥$（( "):
        # 工期：420日历天
        start = max(folded.rfind(mark, 0, low - 1) for mark in "。；\n　，. ") + 1
    for mention in names.within(start, quantity.start):
        # Only the last owner goes: in 甲向乙采购 both are context, and the words behind the last one name the thing.
        start, adjacent = mention.end, reading.text[mention.start : mention.end]
    return start, adjacent


@dataclass(frozen=True, slots=True)
class _Noun:
    """The noun behind an amount, the words after it, and whether 的 or a verb binds it to the amount."""

    words: str = ""
    rest: str = ""
    is_bound: bool = False
    # 以12.6亿元收购: what the sum is for.
    purpose: str = ""


def _compose(quantity: Quantity, before: _Words, noun: _Noun, earlier: Sequence[Earlier]) -> str:
    is_share = quantity.kind in ("percent", "percent_point", "multiple")
    is_counted = quantity.kind in ("count", "number") and not is_share
    if is_share or not noun.words:
        changed = _change(before, earlier)
        if changed:
            return _fit(changed)
    if is_counted and noun.words:
        return _fit(_counted(before, noun))
    phrase = _phrase(before)
    name, level = phrase.text, phrase.folded
    if (
        quantity.kind == "currency"
        and noun.purpose
        and (not level or re.match("现金|自有|拟|以", level) or EMPTY_HEADS.match(level))
    ):
        return noun.purpose + "金额"
    if quantity.kind == "duration" and noun.is_bound and noun.words:
        return _fit(noun.words + "期限")
    is_waiting = not level or EMPTY_HEADS.match(level) or TRANSITIVE.search(level) or PER_UNIT.match(level)
    is_base = quantity.kind == "percent" and noun.is_bound and not re.search(r"率$|比重|占比|占.+比", level)
    if noun.words and (is_waiting or is_base or (is_share and not HEADS.search(level))):
        return _with_noun(quantity, before, level, noun)
    if PER_UNIT.match(level) and quantity.kind == "currency":
        return name + "价格"
    if not level or EMPTY_HEADS.match(level):
        return _fit(_by_unit(quantity, noun, earlier))
    if WEAK_HEADS.match(level):
        stem = noun.words or _same_unit(earlier, quantity)
        if stem.endswith(name):
            return _fit(stem)
        return _fit(name + stem if re.match("首|一期|二期|三期|其中", level) else stem + name)
    if is_counted and quantity.unit and not QUANTITY_NOUNS.search(level):
        return _fit(name + "数")
    if quantity.kind == "percent" and re.search("[额价款金本]$", level):
        return _fit(name + "比例")
    return _fit(name)


def _by_unit(quantity: Quantity, noun: _Noun, earlier: Sequence[Earlier]) -> str:
    """Name an amount that has neither name nor noun by its unit (8.6万个板位, 6800人参会), else by the amount before."""
    unit = quantity.unit or ""
    if unit[:1] in ("人", "名") and re.match(r"[\u3400-\u9fff]{2}", noun.rest):
        return noun.rest[:2] + "人数"
    if unit[:1] in ("个", "個") and len(unit) > 2:
        return unit[1:] + "数"
    name = _same_unit(earlier, quantity)
    if quantity.kind == "currency" and name.endswith("比例"):
        return name.removesuffix("比例") + "金额"
    return name


def _with_noun(quantity: Quantity, before: _Words, level: str, noun: _Noun) -> str:
    """Name an amount by what follows it: 20%的预付款, 46.5%的企业反映订单不足, 采购800 MWh的电芯."""
    words = noun.words
    if quantity.kind == "percent":
        suffix = (
            ""
            if re.search("[率比额量提升降]$|份额|成本|时间", words)
            else ("占比" if GENERIC_NOUNS.match(words) else "比例")
        )
        return _fit(words + suffix) + (f"（{noun.rest}）" if noun.rest and GENERIC_NOUNS.match(words) else "")
    verb = TAKES_NOUN.search(level) or TAKES_NOUN.search(before.folded)
    return _fit((verb[0] if verb else "") + words)


def _same_unit(earlier: Sequence[Earlier], quantity: Quantity) -> str:
    return next(
        (one.name for one in reversed(earlier) if one.unit == quantity.unit), earlier[-1].name if earlier else ""
    )


def _change(before: _Words, earlier: Sequence[Earlier]) -> str:
    """Name a change (同比增长) or the level it leads to (降至), by its subject or by what the sentence measured before."""
    previous = earlier[-1].name if earlier else ""
    reached = REACHES.search(before.folded)
    if reached:
        subject = _phrase(before.part(0, reached.start()).without(COMPARED, ADVERBS))
        return subject.text if len(subject.text) > 1 and not EMPTY_HEADS.match(subject.folded) else previous
    change = CHANGES.search(before.folded)
    if change is None:
        return ""
    compared = (
        "同比" if re.search("同比|按年|上年|去年", before.folded) else ("环比" if "环比" in before.folded else "")
    )
    subject = _phrase(before.part(0, change.start()).without(COMPARED, ADVERBS))
    verb = before.text[change.start("verb") : change.end("verb")]
    stem = _STEM.sub("", previous)
    if _DERIVED.match(subject.folded):
        return stem + subject.text + verb
    is_told_before = len(subject.text) < 2 or EMPTY_HEADS.match(subject.folded) is not None
    name = stem if is_told_before else subject.text
    if len(verb) == 1 and name and name[-1] in "降下提上":
        return ""
    return name + compared + verb if name else ""


def _phrase(words: _Words) -> _Words:
    """Return the noun phrase at the end of the words, without the owner before 的 where the rest speaks for itself."""
    end = COPULAS.search(words.folded)
    words = words.part(0, end.start() if end else None)
    cut = 0
    if not re.search(r"占.{2,14}比", words.folded):
        cut = max((match.end() for match in re.finditer(r"[，。；：:（(](?![^（(]*[）)])", words.folded)), default=0)
    words = words.part(cut)
    owner, particle, rest = words.folded.rpartition("的")
    if particle and len(rest) >= 2 and not WEAK_HEADS.match(rest):
        words = words.part(len(owner) + 1)
    head = HEADS.search(words.folded)
    if head and len(words.folded) > 20 and len(head[0]) >= 3:
        words = words.part(head.start())
    while lead := LEADING.match(words.folded):
        words = words.part(lead.end())
    text = words.text.strip(_EDGES)
    start = words.text.find(text)
    return words.part(start, start + len(text))


def _counted(before: _Words, noun: _Noun) -> str:
    actions = ACTIONS.findall(before.folded[-24:])
    if QUANTITY_NOUNS.search(noun.words):
        return noun.words
    words = (actions[-1] if actions else "") + noun.words + "数"
    return f"{words}（{noun.rest}）" if noun.rest and GENERIC_NOUNS.match(noun.words) else words


def _noun_after(reading: Reading, position: int, high: int) -> _Noun:
    """Return the noun that follows an amount, and the words after it up to the clause's end."""
    following = next((q for q in reading.quantities_in(position, high)), None)
    if position < high and reading.folded[position] in "（(，。；、":
        return _Noun()
    match = _NOUN.match(reading.text, position, following.start if following else high)
    if match is None:
        return _Noun()
    at = match.start("noun")
    if bought := re.match("收购|并购|认购|受让|购买|竞得|增资|入股", reading.folded[at : at + 2]):
        return _Noun(purpose=reading.text[at : at + bought.end()])
    is_bound = at > position
    words = reading.folded[at : match.end("noun")]
    if taken := re.match(r"(?:支付|收取|计收|缴纳|赔偿|给予|作为|用于)(?=[\u3400-\u9fff]{2})", words):
        at, words, is_bound = at + taken.end(), words[taken.end() :], True
    end = NOUN_END.search(words)
    length = end.start() if end else len(words)
    bracket = re.search(r"[（(](?![^（(]*[）)])", words[:length])
    length = bracket.start() if bracket else length
    if following is not None and at + length == following.start:
        # 5个项目总额21亿元: the last words measure the next amount.
        head = re.search(r"(?:总额|金额|总投资|投资|产值|面积|总值)$", words[:length])
        length = head.start() if head else length
    noun = reading.text[at : at + length].strip(" “”（(）)")
    rest = reading.text[at + length : min(high, at + length + 14)].strip(" “”，的、。")
    if re.match(r"[、，（(]", reading.text[at + length : at + length + 1]):
        rest = ""
    if len(noun) < 2 or NO_NOUN.match(words):
        return _Noun(rest=rest)
    return _Noun(noun[:16], rest, is_bound)


def _fit(name: str) -> str:
    name = re.sub(r"[“”\"\s]+", "", name) if re.search(r"[\u3400-\u9fff]", name) else name.strip()
    name = re.sub(
        r"^(?:的|在|和|与|及|等|、|，|为|向|对|内|前|后|起)+(?=[\u3400-\u9fffA-Z]{2})(?!期|年|台|部|端|勤|续|装)",
        "",
        name,
    )
    if len(name) > _MAX_NAME_CHARS:
        name = name[:_MAX_NAME_CHARS] if "（" in name else name[-_MAX_NAME_CHARS:]
    return name.strip("、，的（")
