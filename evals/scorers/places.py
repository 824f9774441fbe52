"""Where labels and predicted evidence stand, all in code points of the article's canonical text, half open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from evals.cases import Case
from evals.gold import GoldQuoted
from summarizer.records import Evidence, Quantity
from summarizer.verify.article_text import scan_shares
from summarizer.verify.folding import Folded, fold

Span = tuple[int, int]


# No slots: cached_property needs the instance dictionary.
@dataclass(frozen=True, kw_only=True)
class CaseText:
    """A case's canonical text, folded and scanned at most once for all scorers."""

    case: Case

    @property
    def text(self) -> str:
        """The canonical text that evidence indexes."""
        return self.case.article.text

    @cached_property
    def _folded(self) -> Folded:
        return fold(self.text)

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Every number and date expression of the text, in order."""
        return scan_shares(self.text)

    @cached_property
    def currency(self) -> str | None:
        """The currency of a sum that names none: the one that the article uses most, else the yuan in Chinese."""
        used = Counter(one.unit for one in self.quantities if one.kind == "currency")
        if used:
            return used.most_common(1)[0][0]
        return "CNY" if self.case.article.language == "zh" else None

    def label_spans(self, label: GoldQuoted) -> list[Span]:
        """Return all places of a label: of its quote and of those in `also`.

        A label's offsets index the decoded source and are led to the canonical text. A quote without offsets is looked
        for; it may stand there with other white space, and more than once, when each place counts.
        """
        spans = [] if label.start is None or label.end is None else [self._canonical(label.start, label.end)]
        quotes = label.also if spans else (label.quote, *label.also)
        return spans + [span for quote in quotes for span in self._find(quote)]

    def stands(self, evidence: Evidence) -> bool:
        """Return whether evidence stands in the text to the character; its source offsets, where given, must agree."""
        start, end = evidence.start, evidence.end
        if not (0 <= start < end <= len(self.text)) or self.text[start:end] != evidence.quote:
            return False
        source = (evidence.source_start, evidence.source_end)
        source_map = self.case.article.source_map
        if source == (None, None):
            return True
        return source_map is not None and source == source_map.to_source(start, end)

    def amount_places(self, amount: str, evidence: Iterable[Evidence]) -> frozenset[Span]:
        """Return the places of an amount, as written, within the pieces of evidence that stand in the text."""
        return frozenset(
            (one.start + at, one.start + at + len(amount))
            for one in evidence
            if amount and self.stands(one)
            for at in _occurrences(one.quote, amount)
        )

    def _canonical(self, start: int, end: int) -> Span:
        source_map = self.case.article.source_map
        return (start, end) if source_map is None else source_map.to_canonical(start, end)

    def _find(self, quote: str) -> list[Span]:
        exact = [(at, at + len(quote)) for at in _occurrences(self.text, quote)]
        wanted = fold(quote).text
        if exact or not wanted:
            return exact
        return [self._folded.span(at, at + len(wanted)) for at in _occurrences(self._folded.text, wanted)]


def spans_of(evidence: Iterable[Evidence]) -> list[Span]:
    """Return the spans of pieces of evidence as they claim them."""
    return [(one.start, one.end) for one in evidence]


def overlap(some: Sequence[Span], others: Sequence[Span]) -> float:
    """Return the largest overlap of one span of each side, as a share of the shorter of the two, 0 to 1."""
    shares = (
        (min(end, last) - max(start, first)) / max(1, min(end - start, last - first))
        for start, end in some
        for first, last in others
    )
    return max(0.0, max(shares, default=0.0))


def _occurrences(text: str, piece: str) -> Iterator[int]:
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + 1)
