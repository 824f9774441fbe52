"""Footnotes of report.md: behind each number of the prose, the words of the article that say it, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from summarizer.records import ArticleRecord, Evidence, ProseQuantity
from summarizer.report.amounts import Language
from summarizer.report.characters import markdown_line, one_line
from summarizer.report.labels import MARKS, word

# Stands in the text for a mark while the text is made harmless; it is no character of any script.
_HOLD = "\ue000"
# A number alone tells little; the shortest quotation of the record that holds it and is at least this long is shown.
_TELLING_CHARS = 12
_QUOTE_LIMIT = 300


class Footnotes:
    """The notes of one article, numbered as the marks are set; `number` is the article's number in the report.

    Two numbers that rest on one place share a note. Marks are GitHub's (`[^3-1]`, defined by a line `[^3-1]: …`); a
    reader that does not know them shows both as they stand.
    """

    def __init__(self, record: ArticleRecord, number: int, language: Language) -> None:
        self._number = number
        self._language = language
        self._prose: dict[str, list[ProseQuantity]] = {}
        for quantity in record.audit.prose if record.audit else ():
            if not quantity.is_name:
                self._prose.setdefault(quantity.where, []).append(quantity)
        self._evidence = list(_all_evidence(record))
        self._notes: dict[tuple[int, int] | None, str] = {}
        self._labels: dict[tuple[int, int] | None, str] = {}

    def marked(self, text: str, where: str) -> str:
        """Return `text`, the prose at `where` ("headline", "abstract", "key_points.0"), as one line of Markdown with marks."""
        held = text.replace(_HOLD, "\ufffd")
        quantities = sorted(self._prose.get(where, ()), key=lambda one: one.end)
        marks: list[str] = []
        parts: list[str] = []
        begin = 0
        for quantity in quantities:
            # An offset that does not fit is no reason to lose the sentence: results.jsonl may come from elsewhere.
            if not begin <= quantity.end <= len(text) or text[quantity.start : quantity.end] != quantity.text:
                continue
            parts += [held[begin : quantity.end], _HOLD]
            marks.append(self._mark(quantity))
            begin = quantity.end
        line = markdown_line("".join([*parts, held[begin:]]))
        # What looks like the target of a link behind a mark is text.
        line = line.replace(f"{_HOLD}(", f"{_HOLD}\\(")
        for mark in marks:
            line = line.replace(_HOLD, mark, 1)
        return line

    def lines(self) -> Iterator[str]:
        """Yield the definitions of the marks set so far."""
        yield from (f"[^{self._labels[place]}]: {note}" for place, note in self._notes.items())

    def _mark(self, quantity: ProseQuantity) -> str:
        support = quantity.supported_by
        place = None if support is None else (support.start, support.end)
        if place not in self._labels:
            self._labels[place] = f"{self._number}-{len(self._labels) + 1}"
            self._notes[place] = self._note(support)
        return f"[^{self._labels[place]}]"

    def _note(self, support: Evidence | None) -> str:
        if support is None:
            return f"{MARKS['review']} {word('prose_unsupported_note', self._language)}"
        shown = min(
            (one for one in self._evidence if _holds(one, support)), key=lambda one: len(one.quote), default=support
        )
        return f"“{markdown_line(shown.quote, _QUOTE_LIMIT)}” [{shown.start}:{shown.end}]"


def _holds(evidence: Evidence, support: Evidence) -> bool:
    is_around = evidence.start <= support.start and support.end <= evidence.end
    return is_around and len(one_line(evidence.quote)) >= _TELLING_CHARS


def _all_evidence(record: ArticleRecord) -> Iterator[Evidence]:
    """Give every quotation of what was admitted; a rejected item's words support nothing."""
    for figure in record.key_figures or ():
        yield from _of(figure.verdict, figure.evidence)
    for deal in record.deals or ():
        yield from _of(deal.verdict, deal.evidence)
        for term in deal.terms:
            yield from _of(term.verdict, term.evidence)
    for point in record.summary.key_points if record.summary else ():
        yield from point.evidence


def _of(verdict: str, evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    if verdict == "verified":
        yield from evidence
