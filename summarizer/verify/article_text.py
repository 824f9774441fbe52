"""One article prepared for verification: folded for searching, scanned for quantities, each done once."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from summarizer.articles.cautions import find_instructions
from summarizer.quantities import read_date, scan
from summarizer.records import Evidence, Furniture, Quantity
from summarizer.verify.folding import Folded, fold
from summarizer.verify.surroundings import Amounts, Surroundings, telling_of
from summarizer.verify.wording import WordPlaces, han_count, is_chinese, shingle_spans

if TYPE_CHECKING:
    from summarizer.articles import Article

_FRACTION = re.compile(r"[0-9]+/([1-9][0-9]*)")
# What ends a clause; a comma between digits belongs to a number.
_CLAUSE_MARK = re.compile(r"[，。；！？!?;\n：,.]")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-&][A-Za-z0-9]+)*")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
# The year before one that the article speaks of is implied by these.
_YEAR_BEFORE = re.compile(
    r"上一年|上年|去年|前一年|(?:previous|prior|preceding) year|a year (?:earlier|ago|before)|last year"
)
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
    return _readings(quantity.text, reference) | {value for value in (quantity.value, quantity.value_max) if value}


@lru_cache(maxsize=4096)
def _readings(words: str, reference: str | None) -> frozenset[str]:
    readings: set[str] = set()
    for future in (False, True):
        read = read_date(words, reference=reference, future=future)
        if read:
            readings.update((read[0], *read[0].split("/")))
    return frozenset(readings)


@lru_cache(maxsize=4096)
def years_in(iso: str) -> frozenset[str]:
    """Return the years of a date or span in ISO 8601."""
    return frozenset(_YEAR.findall(iso))


def clause_marks(text: str) -> list[int]:
    """Return the places of the characters that end a clause; a comma or point between digits does not."""
    marks = []
    for mark in _CLAUSE_MARK.finditer(text):
        char, after = mark[0], text[mark.end() : mark.end() + 1]
        if not (char == "," and after.isdecimal()) and not (char == "." and after and not after.isspace()):
            marks.append(mark.start())
    return marks


def clause_bounds(
    text: str, low: int, start: int, end: int, high: int, marks: Sequence[int] | None = None
) -> tuple[int, int]:
    """Return the clause of text[low:high] that holds text[start:end], without the punctuation that ends it.

    `marks` are the `clause_marks` of the text, where they are known already.
    """
    marks = clause_marks(text) if marks is None else marks
    # A comma or point directly before the span, or at the end of it all, ends a clause whatever follows.
    index = bisect_left(marks, start) - 1
    if start > low and text[start - 1] in ",.":
        low = start
    elif index >= 0 and marks[index] >= low:
        low = marks[index] + 1
    index = bisect_left(marks, end)
    if index < len(marks) and marks[index] < high:
        high = marks[index]
    elif high > end and text[high - 1] in ",.":
        high -= 1
    while low < start and (text[low].isspace() or text[low] in _CLOSERS):
        low += 1
    while high > end and text[high - 1].isspace():
        high -= 1
    return low, high


@dataclass(slots=True)
class Known:
    """What was looked up in an article before.

    Args:
        spans: words, with the places in the whole text that read so.
        body: words, with those of these places that are no page furniture.
        dated: dates in ISO 8601, with the places of the body's dates that read so or more precisely.
        aliases: names of parties, with the other names that the article gives them.
        roles: names of parties, with the roles that the article gives them.
        mentions: names, with the numbers of the sentences that mention them.
        shares: names, with what they share with the surroundings of each amount, by its start; and with that of one.
    """

    spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    body: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    dated: dict[str, list[int]] = field(default_factory=dict)
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    mentions: dict[str, set[int]] = field(default_factory=dict)
    shares: dict[str, dict[int, float]] = field(default_factory=dict)
    share_at: dict[tuple[str, int], float] = field(default_factory=dict)


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
    def shingles(self) -> Set[str]:
        """The stems and character pairs of the whole text."""
        return self.rarity.keys()

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
        han = han_count(self.text)
        return han > 200 and sum(map(len, self.latin_words)) > 0.4 * han

    @cached_property
    def latin_words(self) -> dict[str, tuple[int, int]]:
        """The words of the body in Latin script, lower case, each with its first place."""
        found: dict[str, tuple[int, int]] = {}
        for word in _LATIN.finditer(self.text):
            lower = word[0].lower()
            if lower not in found and not self.is_furniture(*word.span()):
                found[lower] = word.span()
        return found

    @cached_property
    def known(self) -> Known:
        """What was looked up so far: names come back many times."""
        return Known()

    @cached_property
    def _clause_marks(self) -> list[int]:
        return clause_marks(self.text)

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

    @cached_property
    def years(self) -> Set[str]:
        """Every year that the article states, and that a relative or yearless date takes from the article's own date."""
        known = set(years_in(self.published_on or ""))
        for _, readings in self.dates:
            for reading in readings:
                known |= years_in(reading)
        if _YEAR_BEFORE.search(self.text):
            known |= {str(int(year) - 1) for year in known}
        return known

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
        return bisect_right(self.sentence_edges[0], position)

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
        return clause_bounds(self.text, low, start, end, high, self._clause_marks)

    @cached_property
    def words(self) -> WordPlaces:
        """Where the stems and character pairs of the text stand."""
        return WordPlaces(self.text)

    @cached_property
    def rarity(self) -> dict[str, float]:
        """What a stem or pair of characters of this text tells: 1 where it stands once, less the oftener it does."""
        counts = Counter(shingle for shingle, _, _ in shingle_spans(self.text))
        return {shingle: telling_of(number) for shingle, number in counts.items()}

    @cached_property
    def sentence_edges(self) -> tuple[Sequence[int], Sequence[int]]:
        """Starts and ends of the sentences."""
        return [start for start, _ in self.sentences], [end for _, end in self.sentences]

    @cached_property
    def amounts(self) -> Amounts:
        """The body's amounts with what stands round them; for telling which amount a name fits best."""
        stated = (one for one in self.quantities if states_amount(one))
        return Amounts(self, [one for one in stated if not self.is_furniture(one.start, one.end)])

    @property
    def surroundings(self) -> Mapping[int, Surroundings]:
        """What stands round each amount of the body, by the amount's start."""
        return self.amounts.places

    def evidence(self, start: int, end: int) -> Evidence:
        """Return the span as evidence, with its place in the source where that differs from the text."""
        source = self.to_source(start, end) if self.to_source else (None, None)
        return Evidence(quote=self.text[start:end], start=start, end=end, source_start=source[0], source_end=source[1])
