"""Mistakes in copied or written words: each function returns the wrong versions of a text, one an amount at most.

What is changed are numbers that state how much or when; digits in names and codes (5G) are none.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Final

from evals.corruption.plants import is_amount
from summarizer.quantities import scan
from summarizer.records import Quantity

_DIGITS: Final = "123456789"
_CHINESE_DIGITS: Final = "二三四五六七八九"
_CHINESE_SCALES: Final = {"万亿": "亿", "萬億": "億", "亿": "万", "億": "萬", "万": "亿", "萬": "億"}
_CHINESE_SCALE: Final = re.compile("万亿|萬億|[亿億万萬]")
_ENGLISH_SCALES: Final = {
    "billion": "million",
    "million": "billion",
    "bn": "m",
    "mn": "bn",
    "m": "bn",
    "trillion": "billion",
}
_ENGLISH_SCALE: Final = re.compile(r"(?<![A-Za-z])(?:billion|million|trillion|bn|mn|m)\b")
# The first that the amount holds is put in place of the currency it names; what comes first contains what comes later.
_CURRENCIES: Final = (
    ("新台幣", "人民幣"), ("新台币", "人民币"),
    ("美元", "欧元"), ("欧元", "美元"), ("歐元", "美元"), ("港元", "美元"), ("日元", "美元"), ("英镑", "欧元"),
    ("港幣", "美元"), ("港币", "美元"), ("人民币", "美元"), ("人民幣", "港幣"), ("元", "美元"),
    ("US$", "€"), ("HK$", "US$"), ("S$", "US$"), ("A$", "US$"), ("$", "€"), ("€", "$"), ("£", "$"), ("¥", "$"),
    ("RMB", "USD"), ("CNY", "USD"), ("USD", "EUR"), ("EUR", "USD"), ("NOK", "EUR"), ("SEK", "EUR"), ("HKD", "USD"),
    ("GBP", "USD"), ("JPY", "USD"), ("dollars", "euros"), ("euros", "dollars"), ("yuan", "dollars"), ("kroner", "euros"),
    ("pounds", "euros"), ("yen", "dollars"),
)  # fmt: skip
_PERCENT: Final = re.compile(r"\s*(?:[%％]|per\s?cent|percent)")
_PERCENT_POINT: Final = re.compile(r"\s*(?:个|個)?百分[点點]|\s*(?:percentage|basis)[ -]points?")
# Other words for the same: what stands in an article in one way is written in the other.
_SYNONYMS: Final = (
    ("签订", "签署"), ("签署", "签订"), ("簽訂", "簽署"), ("打造", "建设"), ("建设", "打造"), ("共同", "一起"), ("提供", "给予"),
    ("推动", "促进"), ("助力", "帮助"), ("成立", "设立"), ("开展", "进行"), ("将", "会"), ("优先", "首先"), ("合作", "协作"),
    ("不低于", "至少为"), ("超过", "逾"), ("超", "逾"), ("约", "大约"), ("近", "接近"), ("多", "余"), ("余", "多"),
    ("agreed to", "undertook to"), ("signed", "entered into"), ("will", "is going to"), ("shall", "must"), ("must", "has to"),
    ("acquire", "buy"), ("provide", "give"), ("more than", "over"), ("over", "more than"), ("about", "around"),
    ("approximately", "roughly"), ("nearly", "almost"), ("up to", "as much as"), ("at least", "no less than"),
    ("no less than", "at least"), ("the", "this"),
)  # fmt: skip
# Before a date the word cannot be replaced so that a sentence remains.
_AHEAD_CHINESE: Final = re.compile(
    r"(?:计划|预计|預計|力争|有望)(?![\d一二三四五六七八九十今明年到至于在])|(?:拟|擬)(?![议議])|将(?!军)|將"
)
_AHEAD_ENGLISH: Final = re.compile(
    r"\b(?:will|plans to|plan to|is to|are to|expects to|is expected to|intends to|aims to)\b"
)


def _each(
    text: str, is_wanted: Callable[[Quantity], bool], change: Callable[[str, Quantity], str | None]
) -> Iterator[str]:
    """Yield the text with one of its quantities changed, for each of them; `change` gets the quantity's own words."""
    for quantity in scan(text):
        if is_wanted(quantity):
            now = change(text[quantity.start : quantity.end], quantity)
            if now is not None:
                yield text[: quantity.start] + now + text[quantity.end :]


def _is_stated(quantity: Quantity) -> bool:
    return is_amount(quantity) or quantity.kind.startswith("date")


def _number_span(quantity: Quantity) -> tuple[int, int]:
    """Where the number stands within the quantity's own words."""
    low = quantity.start if quantity.number_start is None else quantity.number_start
    high = quantity.end if quantity.number_end is None else quantity.number_end
    return max(low, quantity.start) - quantity.start, min(high, quantity.end) - quantity.start


def digit_changed(text: str, rng: random.Random) -> Iterator[str]:
    """A digit of an amount or date is another one."""

    def change(words: str, quantity: Quantity) -> str | None:
        low, high = _number_span(quantity)
        # 前八季度 would be no mistake that anybody makes: Chinese digits are changed in amounts only.
        digits = _DIGITS + (_CHINESE_DIGITS if is_amount(quantity) else "")
        places = [at for at in range(low, high) if words[at] in digits]
        if not places:
            return None
        at = rng.choice(places)
        others = (_DIGITS if words[at] in _DIGITS else _CHINESE_DIGITS).replace(words[at], "")
        return words[:at] + rng.choice(others) + words[at + 1 :]

    return _each(text, _is_stated, change)


def chinese_scale_swapped(text: str, _: random.Random) -> Iterator[str]:
    """万 stands for 亿, or the other way round."""
    return _each(
        text,
        is_amount,
        lambda words, _: _swapped(_CHINESE_SCALE, lambda found: _CHINESE_SCALES[found[0]], words),
    )


def english_scale_swapped(text: str, _: random.Random) -> Iterator[str]:
    """Million stands for billion, or the other way round."""
    return _each(
        text,
        lambda one: is_amount(one) and one.kind in ("currency", "count", "number"),
        lambda words, _: _swapped(_ENGLISH_SCALE, lambda found: _ENGLISH_SCALES[found[0]], words),
    )


def currency_swapped(text: str, _: random.Random) -> Iterator[str]:
    """A sum is in another currency."""

    def change(words: str, _: Quantity) -> str | None:
        found = next(((old, new) for old, new in _CURRENCIES if old in words), None)
        return words.replace(*found, 1) if found else None

    return _each(text, lambda one: one.kind == "currency", change)


def percent_for_points(text: str, _: random.Random) -> Iterator[str]:
    """Percent stand for percentage points, or the other way round."""

    def change(words: str, quantity: Quantity) -> str | None:
        is_chinese = any("\u3400" <= char <= "\u9fff" for char in text)
        if quantity.kind == "percent":
            return _swapped(_PERCENT, lambda _: "个百分点" if is_chinese else " percentage points", words)
        return _swapped(_PERCENT_POINT, lambda _: "%", words)

    return _each(text, lambda one: one.kind in ("percent", "percent_point"), change)


def _swapped(pattern: re.Pattern[str], new: Callable[[re.Match[str]], str], words: str) -> str | None:
    now, count = pattern.subn(new, words, count=1)
    return now if count else None


def qualifier_dropped(text: str, _: random.Random) -> Iterator[str]:
    """约, 超过, more than and the like are left out."""
    for quantity in scan(text):
        low, high = quantity.qualifier_start, quantity.qualifier_end
        if not is_amount(quantity) or quantity.qualifier in ("exact", "range") or low is None or high is None:
            continue
        if low < (quantity.number_end or low) and high > (quantity.number_start or high):
            continue
        # The blank behind an English qualifier goes with it.
        yield text[:low] + (text[high:].lstrip() if low == 0 or text[low - 1].isspace() else text[high:])


def number_cut(text: str, rng: random.Random) -> Iterator[str]:
    """The copied words begin, or end, inside a number: 603亿元 of 2603亿元."""
    for quantity in scan(text):
        low, high = (quantity.start + at for at in _number_span(quantity))
        digits = [at for at in range(low, high) if text[at].isdigit()]
        if not is_amount(quantity) or len(digits) < 2:
            continue
        at = rng.choice(digits[1:])
        # A clause that is cut must keep enough words to be one; an amount keeps its unit.
        if len(text) - at >= len(text) // 2 or len(text) < 20:
            yield text[at:]
        else:
            yield text[:at]


def paraphrased(text: str, rng: random.Random) -> Iterator[str]:
    """The words are told in other words of the same meaning, or shortened in the middle."""
    known = [(old, new) for old, new in _SYNONYMS if re.search(rf"\b{old}\b" if old.isascii() else old, text)]
    if known:
        old, new = rng.choice(known)
        yield re.sub(rf"\b{old}\b" if old.isascii() else old, new, text, count=1)
    elif len(text) >= 16:
        middle = len(text) // 2
        if " " in text:
            low = text.find(" ", middle)
            high = text.find(" ", low + 1)
            if 0 < low < high:
                yield text[:low] + text[high:]
        else:
            yield text[: middle - 1] + text[middle + 1 :]


def converted(text: str, _: random.Random) -> Iterator[str]:
    """The amount is multiplied out, as models do that are told not to: 3000000000元 for 30亿元."""
    for quantity in scan(text):
        number = text[quantity.start : quantity.end][slice(*_number_span(quantity))]
        value = quantity.value or ""
        is_written_out = number.replace(",", "").replace(" ", "") == value
        if is_amount(quantity) and quantity.kind in ("currency", "count") and value.isdigit() and not is_written_out:
            low, high = (quantity.start + at for at in _number_span(quantity))
            yield text[:low] + value + text[high:]


def told_as_done(text: str, _: random.Random) -> Iterator[str]:
    """What is planned or expected is told as done."""
    if found := _AHEAD_CHINESE.search(text):
        yield f"{text[: found.start()]}已{text[found.end() :]}"
    if found := _AHEAD_ENGLISH.search(text):
        yield f"{text[: found.start()]}did{text[found.end() :]}"
