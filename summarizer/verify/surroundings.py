"""The wording round each amount of an article: how near every stem or pair of characters stands to it.

A name is compared with the words round every amount, an article has hundreds of names and amounts. So each stem is
looked up by itself, once: the amounts near which it stands are few.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from summarizer.quantities.tables import head_of
from summarizer.records import Quantity
from summarizer.verify.wording import cuts_word, is_chinese, shingle_spans, shingles

if TYPE_CHECKING:
    from summarizer.verify.article_text import ArticleText

# What a word round an amount counts for the amount: one of its own clause in full, less for each other amount between
# the two, less where a clause mark stands between, little in the sentence before. Fitted on the labelled articles.
_PAST_AMOUNT = 0.5
_OTHER_CLAUSE = 0.5
_OTHER_CLAUSE_PAST_AMOUNT = 0.6
_SENTENCE_BEFORE = 0.15
_COUNTED_REACH = 1
# How a clause begins that has no subject of its own: it goes on about what the clause before it speaks of.
_GOES_ON = re.compile(
    r"(?:但|并|也|仍|又|则|而|還|还|已)*(?:同比|环比|環比|[较較]|比(?![重例率赛])|按[年月季]|[占佔](?![地用领])|上升|上涨|上漲|下降|下跌|提高|回落"
    r"|收窄|[增降升跌涨漲](?![值资資级級学學势勢])|达到|達到)"
    r"|(?:and )?(?:up|down|compared|versus|against|growth of|an? (?:increase|rise|drop|fall|gain|decline|growth))\b"
)


# No slots: cached_property needs the instance dictionary.
@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The wording round an amount: its words stand in text[first:last], those of its clause in text[low:last].

    `part` is where its part of the sentence begins, after the last semicolon; `own` where the clause begins that says of
    what its own clause goes on to tell (`low`, where that is this one); `high` where its clause ends.
    """

    amounts: Amounts
    quantity: Quantity
    first: int
    part: int
    own: int
    low: int
    high: int
    last: int

    @cached_property
    def is_chinese(self) -> bool:
        """Whether at least a quarter of the clause is Chinese characters."""
        return is_chinese(self.amounts.text[self.low : self.last])

    @cached_property
    def nearness(self) -> dict[str, float]:
        """How near each stem or pair of characters stands to the amount, 0 to 1."""
        return self.amounts.nearness_at(self)

    def weight(self, at: int, stop: int) -> float:
        """Return what text[at:stop], a word of the surroundings, counts for the amount."""
        start, end = self.quantity.start, self.quantity.end
        if at < end and stop > start:
            return 1.0
        if at >= end:
            return _PAST_AMOUNT ** self.amounts.number_between(end, at) * (_OTHER_CLAUSE if stop > self.high else 1.0)
        if at >= self.own:
            return _PAST_AMOUNT ** self.amounts.number_beyond(at, start)
        if at >= self.part:
            return _OTHER_CLAUSE * _OTHER_CLAUSE_PAST_AMOUNT ** self.amounts.number_beyond(at, start)
        return _SENTENCE_BEFORE


class Amounts:
    """The amounts of an article's body with what stands round them, and the places of every stem of its text.

    Args:
        article: the article.
        amounts: its amounts, in order.
    """

    def __init__(self, article: ArticleText, amounts: Sequence[Quantity]) -> None:
        self.text = article.text
        self._amounts = amounts
        self._starts = [one.start for one in amounts]
        self._ends = [one.end for one in amounts]
        self._words = article.words
        self._is_table = "\t" in self.text or " | " in self.text
        self.places = {one.start: self._surroundings(article, one) for one in amounts}
        rows = list(self.places.values())
        self._rows = rows
        # Nearly always in order themselves; these are in any case, so that few rows are looked at for a word.
        self._lasts = list(accumulate((row.last for row in rows), max))
        self._firsts = list(accumulate((row.first for row in reversed(rows)), min))[::-1]
        self._weights: dict[str, Mapping[int, float]] = {}

    def weights_of(self, shingle: str) -> Mapping[int, float]:
        """Return how near a stem or pair of characters stands to each amount that it stands round, by the amount's start."""
        found = self._weights.get(shingle)
        if found is None:
            found = self._weights[shingle] = self._weigh(shingle)
        return found

    def shares_of(self, wanted: Iterable[str]) -> dict[int, float]:
        """Return how much of a wording stands round each amount, by its start; an amount that shares nothing is left out."""
        shares: dict[int, float] = {}
        for shingle in wanted:
            if number := len(self._words.of(shingle)):
                telling = telling_of(number)
                for start, weight in self.weights_of(shingle).items():
                    shares[start] = shares.get(start, 0.0) + weight * telling
        return shares

    def share_at(self, start: int, wanted: Iterable[str]) -> float:
        """Return how much of a wording stands round one amount: the same as `shares_of`, without looking at the others."""
        row = self.places[start]
        if start in self._odd:
            return self.shares_of(wanted).get(start, 0.0)
        share = 0.0
        for shingle in wanted:
            if spans := self._words.of(shingle):
                weight = 0.0
                for at, stop in spans[bisect_left(spans, (row.first, 0)) : bisect_left(spans, (row.last, 0))]:
                    if stop <= row.last:
                        weight = max(row.weight(at, stop), weight)
                if weight:
                    share += weight * telling_of(len(spans))
        return share

    def most_of(self, wanted: Iterable[str]) -> float:
        """Return the most that a wording can share with any amount: all of it that the text has."""
        return sum(telling_of(len(spans)) for shingle in wanted if (spans := self._words.of(shingle)))

    def nearness_at(self, row: Surroundings) -> dict[str, float]:
        """Return how near each stem or pair of characters stands to an amount."""
        nearness: dict[str, float] = {}
        for shingle, at, stop in shingle_spans(self.text, row.first, row.last):
            nearness[shingle] = max(row.weight(at, stop), nearness.get(shingle, 0.0))
        return nearness | dict.fromkeys(self._head_words(row), 1.0)

    def number_between(self, low: int, high: int) -> int:
        """Return how many amounts stand in the span."""
        return max(0, bisect_right(self._ends, high) - bisect_left(self._starts, low))

    def number_beyond(self, low: int, high: int) -> int:
        """Return how many amounts part the word at `low` from the amount at `high`.

        300余家工厂的3万台设备: 工厂 is what the amount before it counts, as good as beyond that amount.
        """
        index = bisect_right(self._ends, low)
        is_counted = (
            index > 0 and self._amounts[index - 1].kind == "count" and low - self._ends[index - 1] <= _COUNTED_REACH
        )
        return self.number_between(low, high) + is_counted

    def _weigh(self, shingle: str) -> dict[int, float]:
        weights: dict[int, float] = {}
        for at, stop in self._words.of(shingle):
            for number in range(bisect_left(self._lasts, stop), bisect_right(self._firsts, at)):
                row = self._rows[number]
                if row.first <= at and stop <= row.last:
                    start = row.quantity.start
                    weights[start] = max(row.weight(at, stop), weights.get(start, 0.0))
        for start, own in self._special:
            if shingle in own:
                weights[start] = max(own[shingle], weights.get(start, 0.0))
        return weights

    @cached_property
    def _odd(self) -> frozenset[int]:
        return frozenset(start for start, _ in self._special)

    @cached_property
    def _special(self) -> list[tuple[int, Mapping[str, float]]]:
        """Words that stand round an amount otherwise than by their place in the text: heads of columns, cut words."""
        found: list[tuple[int, Mapping[str, float]]] = []
        for row in self._rows:
            if head := self._head_words(row):
                found.append((row.quantity.start, dict.fromkeys(head, 1.0)))
            if cuts_word(self.text, row.first) or cuts_word(self.text, row.last):
                found.append((row.quantity.start, row.nearness))
        return found

    def _head_words(self, row: Surroundings) -> frozenset[str]:
        """In a table the column's head and the row's own line name the amount."""
        head = head_of(self.text, row.quantity.start) if self._is_table else None
        return shingles(self.text[slice(*head)]) if head is not None else frozenset()

    def _surroundings(self, article: ArticleText, quantity: Quantity) -> Surroundings:
        text, start, end = self.text, quantity.start, quantity.end
        sentence, full_stop = article.sentence_bounds(start, end)
        low, high = article.clause_around(start, end)
        reach = high
        if high - end < 2 and high + 1 < full_stop:
            # 过去五年，在80多个城市: where the clause ends with the amount, the next one tells what it is of.
            reach = article.clause_around(min(high + 1, len(text)), min(high + 2, len(text)))[1]
        semicolon = max(text.rfind("；", sentence, start), text.rfind(";", sentence, start))
        previous = article.sentence_span(article.sentence_at(start) - 1)
        part = max(sentence, semicolon + 1)
        own = low
        while own - 2 >= part and _GOES_ON.match(text, own, start):
            own = article.clause_around(own - 2, own - 1)[0]
        return Surroundings(
            amounts=self,
            quantity=quantity,
            first=sentence if semicolon >= 0 or previous is None else previous[0],
            part=part,
            own=max(part, own),
            low=low,
            high=high,
            last=max(reach, end),
        )


def telling_of(number: int) -> float:
    """Return what a word tells that stands so many times in a text: 1 where it stands once, less the oftener it does."""
    return 1 / (1 + math.log(number))
