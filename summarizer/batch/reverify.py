"""An output folder checked against itself: every verdict derived again from records and texts."""

from __future__ import annotations

from collections.abc import Iterator

from summarizer.batch.folder import OutputFolder
from summarizer.errors import InputError
from summarizer.records import ArticleRecord, Deal, Item, KeyFigure, Summary, Term
from summarizer.verify import verify_record


def verify_folder(folder: OutputFolder) -> tuple[list[str], int]:
    """Derive every verdict again; return one line for each item that says more than its article, and how many records.

    Raises:
        UnreadableInputError: results.jsonl may not be read.
        FormatError: a line is no record.
    """
    problems: list[str] = []
    checked = 0
    for record in folder.records():
        checked += 1
        try:
            again = verify_record(record, folder.text_of(record.article.id))
        except InputError as error:
            problems.append(f"{record.article.id}: {error}")
        else:
            problems += [f"{record.article.id}: {line}" for line in _overstated(record, again)]
    return problems, checked


def _overstated(stored: ArticleRecord, again: ArticleRecord) -> Iterator[str]:
    """Name the items whose stored verdict is better than the one derived again."""
    for (name, old), (_, new) in zip(_judged(stored), _judged(again), strict=True):
        if old.verdict == "verified" and new.verdict != "verified":
            yield f"{name} says verified and is {new.verdict}: {', '.join(new.reasons)}"
    if stored.status == "ok" and again.status != "ok":
        yield f"status says ok and is {again.status}"


def _judged(record: ArticleRecord) -> Iterator[tuple[str, Summary | KeyFigure | Deal | Term | Item]]:
    """Give everything in a record that carries a verdict, with a name for it."""
    if record.summary is not None:
        yield "summary", record.summary
    for figure in record.key_figures or ():
        yield f"figure {figure.name!r}", figure
    for deal in record.deals or ():
        yield f"deal {deal.name!r}", deal
        for term in deal.terms:
            yield f"term {term.text!r}", term
    for number, item in enumerate(record.items or (), start=1):
        yield f"item {number} of {item.kind!r}", item
