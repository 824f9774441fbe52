"""An article prepared for the offline engine: sentences with their language, a folded copy for cue words, its amounts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from summarizer.engines.offline_words import SIMPLIFIED
from summarizer.quantities import scan

if TYPE_CHECKING:
    from summarizer.articles import Article
    from summarizer.records import Quantity

# Only what the engine itself adds to names: 数, 比例, 战略合作.
_TO_TRADITIONAL = str.maketrans("数额价战资购采许项驻联与环长减时", "數額價戰資購採許項駐聯與環長減時")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
_PARAGRAPH = re.compile(r"[\n\r\x85\u2028\u2029]|\u3000\u3000")
# What ends a clause; a comma or point between digits belongs to a number, a comma in a list of names to a sentence.
_CLAUSE_ENDS = {
    "zh": re.compile(r"[，。；：！？!?;\n\r]|,(?!\d)|(?<!\d):|——|\s{2,}"),
    "en": re.compile(
        r"[。；;!?\n\r]|,(?=\s)(?! (?:Inc|Ltd|LLC|L\.P|N\.A|N\.V|S\.A|PLC|plc)\b)|(?<=\w)\.(?=\s|$)|:\s|\s[-–—]{1,2}\s|—"
    ),
}
# A paragraph that gives orders to programs is no reporting; nothing in it is a fact about the world.
_ADDRESSES_PROGRAMS = re.compile(
    r"(?i)\b(?:ignore|disregard|forget)\b[^.\n]{0,40}\b(?:instructions?|prompts?)\b"
    r"|\b(?:AI|language|automated)[ -]?(?:assistants?|systems?|models?|"
    r"summari[sz]ers?)\b[^.\n]{0,60}\b(?:must|should|please|report|reply|summari[sz]e)\b"
    r"|(?:忽略|无视|忘记|不要理会)[^。\n]{0,20}(?:指令|提示词|要求|规则|说明)"
    r"|致[^。\n]{0,12}(?:AI|人工智能|大模型|模型|程序|机器人)[^。\n]{0,16}[:：]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One numbered sentence. `start` and `end` are code-point offsets into the article's text, half open."""

    number: int
    start: int
    end: int
    paragraph: int
    language: str
    # Headings and table rows: no full stop ends them.
    is_heading: bool
    is_reporting: bool = True


@dataclass(frozen=True, kw_only=True)
class Reading:
    """An article as the offline engine reads it. `folded` has the text's length and offsets, its characters simplified."""

    text: str
    folded: str
    language: str
    title: str
    published_on: str | None
    sentences: tuple[Sentence, ...]
    quantities: tuple[Quantity, ...]

    @classmethod
    def of(cls, article: Article) -> Reading:
        """Prepare an article."""
        sentences = _sentences(article)
        spans = [(sentence.start, sentence.end) for sentence in sentences if sentence.is_reporting]
        starts = [start for start, _ in spans]
        kept = []
        for quantity in scan(article.text):
            index = bisect_right(starts, quantity.start) - 1
            if index >= 0 and quantity.end <= spans[index][1]:
                kept.append(quantity)
        return cls(
            text=article.text,
            folded=article.text.translate(SIMPLIFIED),
            language="zh" if article.language.startswith("zh") else "en",
            title=" ".join((article.title or "").split()),
            published_on=article.published_on,
            sentences=sentences,
            quantities=tuple(kept),
        )

    @cached_property
    def is_traditional(self) -> bool:
        """Whether the article is written in traditional characters; what is added to its words is too."""
        changed = sum(one != other for one, other in zip(self.text, self.folded, strict=True))
        return changed * 12 > han_count(self.text) > 0

    def in_script(self, words: str) -> str:
        """Return simplified words in the article's script."""
        return words.translate(_TO_TRADITIONAL) if self.is_traditional else words

    @cached_property
    def body(self) -> tuple[Sentence, ...]:
        """The sentences that report something, in order."""
        return tuple(sentence for sentence in self.sentences if sentence.is_reporting)

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    @cached_property
    def _quantity_starts(self) -> list[int]:
        return [quantity.start for quantity in self.quantities]

    def sentence_at(self, position: int) -> Sentence:
        """Return the sentence that holds, or last precedes, the position."""
        return self.sentences[max(bisect_right(self._starts, position) - 1, 0)]

    def quantities_in(self, start: int, end: int) -> tuple[Quantity, ...]:
        """Return the quantities that begin in the span, in order."""
        return self.quantities[bisect_left(self._quantity_starts, start) : bisect_left(self._quantity_starts, end)]

    @cached_property
    def _clauses(self) -> dict[int, list[tuple[int, int]]]:
        return {}

    def clauses(self, sentence: Sentence) -> list[tuple[int, int]]:
        """Return the spans of a sentence's clauses, without the marks that end them and outer white space."""
        known = self._clauses.get(sentence.number)
        if known is None:
            known = self._clauses[sentence.number] = self._split(sentence)
        return known

    def _split(self, sentence: Sentence) -> list[tuple[int, int]]:
        spans, first = [], sentence.start
        for match in _CLAUSE_ENDS[sentence.language].finditer(self.text, sentence.start, sentence.end):
            # Brackets hold names' short forms and remarks; a mark inside them ends no clause.
            if match[0] != "." and _is_bracketed(self.text, first, match.start()):
                continue
            if any(
                quantity.start < match.start() < quantity.end for quantity in self.quantities_in(first, match.end())
            ):
                continue
            spans.append((first, match.start()))
            first = match.end()
        spans.append((first, sentence.end))
        trimmed = (trim(self.text, *span) for span in spans)
        return [span for span in trimmed if span[0] < span[1]]

    def clause_at(self, start: int, end: int) -> tuple[int, int]:
        """Return the clause that holds the span."""
        for low, high in self.clauses(self.sentence_at(start)):
            if low <= start < high:
                return low, max(high, end)
        return start, end


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without white space and stray quotation marks at its ends."""
    while start < end and (text[start].isspace() or text[start] in "”’」』)）、"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "、"):
        end -= 1
    return start, end


def han_count(text: str) -> int:
    """Return the number of Han characters."""
    return len(_HAN.findall(text))


def _is_bracketed(text: str, start: int, position: int) -> bool:
    opened = max(text.rfind("（", start, position), text.rfind("(", start, position))
    closed = max(text.rfind("）", start, position), text.rfind(")", start, position))
    return opened > closed and position - opened < 40


def _sentences(article: Article) -> tuple[Sentence, ...]:
    text, paragraph, previous = article.text, 0, 0
    found: list[Sentence] = []
    for number, (start, end) in enumerate(article.sentences, 1):
        if found and _PARAGRAPH.search(text, previous, start):
            paragraph += 1
        previous = end
        piece = text[start:end]
        words = len(_LATIN_WORD.findall(piece))
        language = "zh" if han_count(piece) > words else "en"
        found.append(
            Sentence(
                number=number,
                start=start,
                end=end,
                paragraph=paragraph,
                language=language,
                is_heading=piece.rstrip("”’\"')） ")[-1:] not in "。！？.!?；;…",
            )
        )
    orders = {
        sentence.paragraph for sentence in found if _ADDRESSES_PROGRAMS.search(text, sentence.start, sentence.end)
    }
    if not orders:
        return tuple(found)
    return tuple(
        Sentence(
            number=sentence.number,
            start=sentence.start,
            end=sentence.end,
            paragraph=sentence.paragraph,
            language=sentence.language,
            is_heading=sentence.is_heading,
            is_reporting=sentence.paragraph not in orders,
        )
        for sentence in found
    )
