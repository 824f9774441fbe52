"""One article prepared for verification: folded for searching, scanned for quantities, each done once."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from summarizer.articles.cautions import find_instructions
from summarizer.quantities import read_date, scan
from summarizer.quantities.tables import head_of
from summarizer.records import Evidence, Furniture, Quantity
from summarizer.verify.folding import Folded, fold
from summarizer.verify.wording import shingle_spans, shingles

if TYPE_CHECKING:
    from summarizer.articles import Article

_FRACTION = re.compile(r"[0-9]+/([1-9][0-9]*)")
# What ends a clause; a comma between digits belongs to a number.
_CLAUSE_END = re.compile(r"[，。；！？!?;\n]|,(?!\d)|(?<!\d)\.(?=\s|$)|\.(?=\s|$)|：")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-&][A-Za-z0-9]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_CLOSERS = "”’」』)）】》\"'"
# Kinds that state how much; the others are dates, names and codes.
AMOUNT_KINDS = frozenset(
    {
        "number",
        "count",
        "currency",
        "percent",
        "percent_point",
        "multiple",
        "dimension",
        "temperature",
        "duration",
        "ordinal",
    }
)


# What a word round an amount counts for the amount: one of its own clause in full, less for each other amount between
# the two, less where a clause mark stands between, little in the sentence before. Fitted on the labelled articles.
_PAST_AMOUNT = 0.5
_OTHER_CLAUSE = 0.5
_OTHER_CLAUSE_PAST_AMOUNT = 0.6
_SENTENCE_BEFORE = 0.15
_COUNTED_REACH = 1


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The wording round an amount: how near it each stem or pair of characters stands, 0 to 1, and its clause's text."""

    quantity: Quantity
    nearness: dict[str, float]
    text: str
    is_chinese: bool


def scan_shares(text: str) -> list[Quantity]:
    """Return `scan(text)` with fractions in words that come out even read as shares: a fifth is 20 %."""
    return [_as_share(quantity) for quantity in scan(text)]


def _as_share(quantity: Quantity) -> Quantity:
    fraction = _FRACTION.fullmatch(quantity.note or "")
    is_share = fraction is not None and quantity.kind == "number" and "/" not in quantity.text
    if (
        fraction is None
        or not is_share
        or 10**6 % int(fraction[1])
        or quantity.value is None
        or Decimal(quantity.value) >= 1
    ):
        return quantity
    value = format((Decimal(quantity.value) * 100).normalize(), "f")
    return replace(quantity, value=value, unit="%", kind="percent", note=None)


def is_chinese(text: str) -> bool:
    """Return whether at least a quarter of a text is Chinese characters."""
    return 4 * len(_HAN.findall(text)) > len(text)


def states_amount(quantity: Quantity) -> bool:
    """Return whether a quantity says exactly how much, so that its value can be printed.

    A fraction without an end (two-thirds, 三分之二) is a rounded decimal in the scanner; printed, it would be a wrong number.
    """
    if quantity.kind not in AMOUNT_KINDS or quantity.value is None:
        return False
    fraction = _FRACTION.fullmatch(quantity.note or "")
    return fraction is None or 10**6 % int(fraction[1]) == 0


def date_readings(quantity: Quantity, reference: str | None) -> frozenset[str]:
    """Return the ISO values that a date expression can be read as; the ends of a span count by themselves too."""
    readings = {value for value in (quantity.value, quantity.value_max) if value}
    for future in (False, True):
        read = read_date(quantity.text, reference=reference, future=future)
        if read:
            readings.update((read[0], *read[0].split("/")))
    return frozenset(readings)


def clause_bounds(text: str, low: int, start: int, end: int, high: int) -> tuple[int, int]:
    """Return the clause of text[low:high] that holds text[start:end], without the punctuation that ends it."""
    for match in _CLAUSE_END.finditer(text, low, start):
        low = match.end()
    closing = _CLAUSE_END.search(text, end, high)
    high = closing.start() if closing else high
    while low < start and (text[low].isspace() or text[low] in _CLOSERS):
        low += 1
    while high > end and text[high - 1].isspace():
        high -= 1
    return low, high


@dataclass(frozen=True, kw_only=True)
class ArticleText:
    """An article's text with everything that verification looks up in it. Offsets are code points, half open."""

    text: str
    furniture: tuple[Furniture, ...] = ()
    sentences: Sequence[tuple[int, int]] = ()
    published_on: str | None = None
    language: str = "zh"
    to_source: Callable[[int, int], tuple[int | None, int | None]] | None = None

    @classmethod
    def of(cls, article: Article) -> ArticleText:
        """Prepare an article that was read from its source."""
        return cls(
            text=article.text,
            furniture=article.furniture,
            sentences=article.sentences,
            published_on=article.published_on,
            language=article.language,
            to_source=None if article.source_map is None else article.source_map.to_source,
        )

    @cached_property
    def folded(self) -> Folded:
        """The comparison copy, with an index back."""
        return fold(self.text)

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Every number and date expression of the text, in order; shares in words as percentages."""
        return scan_shares(self.text)

    @cached_property
    def shingles(self) -> frozenset[str]:
        """The stems and character pairs of the whole text."""
        return frozenset(self.rarity)

    @cached_property
    def currency(self) -> str | None:
        """The article's own currency, for sums without a currency word: the one used most, else the yuan in Chinese."""
        used = Counter(quantity.unit for quantity in self.quantities if quantity.kind == "currency")
        if used:
            return used.most_common(1)[0][0]
        return "CNY" if self.language == "zh" else None

    @cached_property
    def is_chinese(self) -> bool:
        """Whether at least a quarter of the text is Chinese characters; prose is compared with text of its own script only."""
        return is_chinese(self.text)

    @cached_property
    def is_mixed(self) -> bool:
        """Whether the text is written in both languages, so that prose in one may tell what stands in the other."""
        han = sum("\u3400" <= char <= "\u9fff" for char in self.text)
        latin = sum(len(word) for word in self.latin_words)
        return han > 200 and latin > 0.4 * han

    @cached_property
    def latin_words(self) -> dict[str, tuple[int, int]]:
        """The words of the body in Latin script, lower case, each with its first place."""
        found: dict[str, tuple[int, int]] = {}
        for word in _LATIN.finditer(self.text):
            if not self.is_furniture(*word.span()):
                found.setdefault(word[0].lower(), word.span())
        return found

    @cached_property
    def best_shares(self) -> dict[str, float]:
        """Names looked up so far, each with the most that it shares with the surroundings of any amount."""
        return {}

    @cached_property
    def mentions(self) -> dict[str, set[int]]:
        """Names looked up so far, with the numbers of the sentences that mention them."""
        return {}

    @cached_property
    def _quantity_starts(self) -> list[int]:
        return [quantity.start for quantity in self.quantities]

    @cached_property
    def _numbers(self) -> tuple[list[int], list[int]]:
        """Starts and ends of the numbers that quantities state, without their units and qualifiers."""
        spans = [
            (one.number_start, one.number_end)
            for one in self.quantities
            if one.number_start is not None and one.number_end is not None
        ]
        return [start for start, _ in spans], [end for _, end in spans]

    def is_inside_number(self, edge: int) -> bool:
        """Return whether a cut before the character at `edge` would part a number."""
        starts, ends = self._numbers
        index = bisect_left(starts, edge) - 1
        return index >= 0 and ends[index] > edge

    @cached_property
    def _furniture_starts(self) -> list[int]:
        return [piece.start for piece in self.furniture]

    @cached_property
    def dates(self) -> list[tuple[Quantity, frozenset[str]]]:
        """The body's date expressions, each with every ISO reading it allows.

        A reading is the date as it stands, or with its year taken from the article's own date, looking back or ahead.
        """
        return [
            (quantity, date_readings(quantity, self.published_on))
            for quantity in self.quantities
            if quantity.kind.startswith("date") and not self.is_furniture(quantity.start, quantity.end)
        ]

    def quantities_in(self, start: int, end: int) -> list[Quantity]:
        """Return the quantities that share a character with the span, in order."""
        first = bisect_left(self._quantity_starts, start)
        if first and self.quantities[first - 1].end > start:
            first -= 1
        return self.quantities[first : bisect_left(self._quantity_starts, end)]

    def is_furniture(self, start: int, end: int) -> bool:
        """Return whether any character of the span is page furniture."""
        index = bisect_right(self._furniture_starts, start) - 1
        if index >= 0 and self.furniture[index].end > start:
            return True
        return index + 1 < len(self.furniture) and self.furniture[index + 1].start < end

    @cached_property
    def _instructions(self) -> tuple[tuple[int, int], ...]:
        return find_instructions(self.text)

    def is_instruction(self, start: int, end: int) -> bool:
        """Return whether the span lies in a line that addresses a language model instead of the reader."""
        return any(start < high and end > low for low, high in self._instructions)

    def sentence_at(self, position: int) -> int:
        """Return the number (from 1) of the sentence that holds or last precedes the position; 0 before the first."""
        return bisect_right(self.sentences, (position, len(self.text) + 1))

    def sentence_span(self, number: int) -> tuple[int, int] | None:
        """Return the span of a sentence by its number, None if there is no such sentence."""
        return self.sentences[number - 1] if 1 <= number <= len(self.sentences) else None

    def sentence_bounds(self, start: int, end: int) -> tuple[int, int]:
        """Return the span from the start of the sentence that holds `start` to the end of the one that holds `end`."""
        span = self.sentence_span(self.sentence_at(start))
        if span is None or span[1] < end:
            last = self.sentence_span(self.sentence_at(max(end - 1, start)))
            return (span[0] if span else start, max(last[1], end) if last else end)
        return span if span[0] <= start else (start, span[1])

    def clause_around(self, start: int, end: int) -> tuple[int, int]:
        """Return the clause that holds the span, within its sentence, without the punctuation that ends it."""
        low, high = self.sentence_bounds(start, end)
        return clause_bounds(self.text, low, start, end, high)

    @cached_property
    def rarity(self) -> dict[str, float]:
        """What a stem or pair of characters of this text tells: 1 where it stands once, less the oftener it does."""
        counts = Counter(shingle for shingle, _, _ in shingle_spans(self.text))
        return {shingle: 1 / (1 + math.log(number)) for shingle, number in counts.items()}

    @cached_property
    def passages(self) -> list[frozenset[str]]:
        """The stems and character pairs of each three sentences in a row; one empty set for a text without any."""
        sets = [shingles(self.text[start:end]) for start, end in self.sentences]
        return [frozenset().union(*sets[at : at + 3]) for at in range(max(1, len(sets) - 2))]

    @cached_property
    def surroundings(self) -> dict[int, Surroundings]:
        """What stands round each amount of the body, by the amount's start; for telling which amount a name fits best."""
        amounts = [one for one in self.quantities if states_amount(one) and not self.is_furniture(one.start, one.end)]
        starts, ends = [one.start for one in amounts], [one.end for one in amounts]

        def between(low: int, high: int, *, is_after: bool = False) -> int:
            number = max(0, bisect_right(ends, high) - bisect_left(starts, low))
            if is_after:
                return number
            index = bisect_right(ends, low)
            # 300余家工厂的3万台设备: 工厂 is what the amount before it counts, as good as beyond that amount.
            is_counted = index > 0 and amounts[index - 1].kind == "count" and low - ends[index - 1] <= _COUNTED_REACH
            return number + is_counted

        return {one.start: self._surroundings(one, between) for one in amounts}

    def _surroundings(self, quantity: Quantity, between: Callable[..., int]) -> Surroundings:
        text, start, end = self.text, quantity.start, quantity.end
        sentence, _ = self.sentence_bounds(start, end)
        low, high = self.clause_around(start, end)
        reach = high
        if high - end < 2:
            # 过去五年，在80多个城市: where the clause ends with the amount, the next one tells what it is of.
            reach = self.clause_around(min(high + 1, len(text)), min(high + 2, len(text)))[1]
        semicolon = max(text.rfind("；", sentence, start), text.rfind(";", sentence, start))
        part = max(sentence, semicolon + 1)
        previous = self.sentence_span(self.sentence_at(start) - 1)
        before = sentence if semicolon >= 0 or previous is None else previous[0]
        nearness: dict[str, float] = {}
        for shingle, at, stop in shingle_spans(text, before, max(reach, end)):
            if at < end and stop > start:
                weight = 1.0
            elif at >= end:
                weight = _PAST_AMOUNT ** between(end, at, is_after=True) * (_OTHER_CLAUSE if stop > high else 1.0)
            elif at >= low:
                weight = _PAST_AMOUNT ** between(at, start)
            elif at >= part:
                weight = _OTHER_CLAUSE * _OTHER_CLAUSE_PAST_AMOUNT ** between(at, start)
            else:
                weight = _SENTENCE_BEFORE
            nearness[shingle] = max(weight, nearness.get(shingle, 0.0))
        if (head := head_of(text, start)) is not None:
            # In a table the column's head and the row's own line name the amount.
            nearness |= dict.fromkeys(shingles(text[slice(*head)]), 1.0)
        around = text[low : max(reach, end)]
        return Surroundings(quantity, nearness, around, is_chinese(around))

    def evidence(self, start: int, end: int) -> Evidence:
        """Return the span as evidence, with its place in the source where that differs from the text."""
        source = self.to_source(start, end) if self.to_source else (None, None)
        return Evidence(quote=self.text[start:end], start=start, end=end, source_start=source[0], source_end=source[1])
