"""CSV tables of a batch: figures, deals, terms, rejected proposals and a profile's items, one row an item.

RFC 4180 (comma, quotes doubled, CRLF), UTF-8 beginning with a byte order mark: without it Excel opens Chinese text in
the wrong encoding; read with `encoding="utf-8-sig"` elsewhere. A text that a spreadsheet would take for a formula has
an apostrophe in front, and so has a text that begins with an apostrophe: to get the text back, drop one leading
apostrophe. `raw=True` leaves it out. Columns of numbers hold our own decimal strings plain, also negative ones
(`-350000000`). NUL and lone surrogates become U+FFFD, one for one.

Columns keep their order; new ones are added at the end. Offsets are code points, as in the records. Where an item has
more than one piece of evidence, the first is in `quote`, `start`, `end` (and `source_start`, `source_end`, the place in
the source file of marked-up articles), the places of the others in `also_at` as `start:end`, joined by `; `. Lists in
one cell (`reasons`, `parties`, `areas`, …) are joined by `; ` too.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from summarizer.records import ArticleRecord, Deal, Evidence, Item
from summarizer.report.characters import number_cell, text_cell, writable

BOM: Final = "\ufeff"

ARTICLE: Final = ("article_id", "title", "source", "published_on", "language", "engine")
JUDGED: Final = ("verdict", "reasons")
EVIDENCE: Final = ("quote", "start", "end", "source_start", "source_end", "also_at")

FIGURE_COLUMNS: Final = (
    *ARTICLE, *JUDGED,
    "name", "entity", "amount", "value", "value_max", "unit", "qualifier", "period", "status",
    *EVIDENCE,
)  # fmt: skip
DEAL_COLUMNS: Final = (
    *ARTICLE, *JUDGED,
    "deal_number", "name", "type", "status", "parties", "party_kinds", "party_roles", "party_aliases",
    "signed_on", "effective_on", "place", "signatories", "areas",
    "consideration", "consideration_value", "consideration_value_max", "consideration_unit", "consideration_qualifier",
    "duration", "terms_verified", "terms",
    *EVIDENCE,
)  # fmt: skip
TERM_COLUMNS: Final = (
    *ARTICLE, *JUDGED,
    "deal_number", "deal_name", "deal_verdict", "kind", "text", "obligor", "beneficiary", "condition",
    *EVIDENCE,
)  # fmt: skip
REJECTED_COLUMNS: Final = (*ARTICLE, *JUDGED, "item")
ITEM_COLUMNS: Final = (*ARTICLE, *JUDGED, *EVIDENCE)

DECIMALS: Final = frozenset({"value", "value_max", "consideration_value", "consideration_value_max"})

Cell = str | int | float | None
Row = dict[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: its name, its columns, and the rows that one record gives; the same for every format of file."""

    name: str
    columns: Sequence[str]
    rows: Callable[[ArticleRecord], Iterator[Row]]

    @property
    def file(self) -> str:
        """The name of its CSV file."""
        return f"{self.name}.csv"


def figures_csv(records: Iterable[ArticleRecord], *, raw: bool = False) -> str:
    """Return the key figures of all records (FIGURE_COLUMNS); `value` in the base unit, `amount` as written."""
    return "".join(csv_lines(FIGURES, records, raw=raw))


def deals_csv(records: Iterable[ArticleRecord], *, raw: bool = False) -> str:
    """Return the deals of all records (DEAL_COLUMNS); `deal_number` counts from 1 in each article and links the terms."""
    return "".join(csv_lines(DEALS, records, raw=raw))


def terms_csv(records: Iterable[ArticleRecord], *, raw: bool = False) -> str:
    """Return the terms of all deals (TERM_COLUMNS), with the number, name and verdict of their deal."""
    return "".join(csv_lines(TERMS, records, raw=raw))


def rejected_csv(records: Iterable[ArticleRecord], *, raw: bool = False) -> str:
    """Return the proposals that were not admitted (REJECTED_COLUMNS); `item` is the proposal as JSON."""
    return "".join(csv_lines(REJECTED, records, raw=raw))


def items_csv(records: Iterable[ArticleRecord], kind: str, *, raw: bool = False) -> str:
    """Return the items of one kind of a profile: ITEM_COLUMNS, then two columns a field, `field.<name>` and `value.<name>`.

    Fields stand in the order in which they first occur; a field that an item has twice is joined by `; `.
    """
    return items_text([row for record in records for row in item_rows(record, kind)], raw=raw)


def items_text(rows: Sequence[Row], *, raw: bool = False) -> str:
    """Return the table of rows that `item_rows` gave; the columns are known only once all rows are."""
    fields = dict.fromkeys(column for row in rows for column in row if column not in ITEM_COLUMNS)
    columns = (*ITEM_COLUMNS, *fields)
    return csv_header(columns) + "".join(csv_row(columns, row, raw=raw) for row in rows)


def csv_lines(table: Table, records: Iterable[ArticleRecord], *, raw: bool = False) -> Iterator[str]:
    """Yield a table's header, then its rows as the records come; nothing is held."""
    yield csv_header(table.columns)
    for record in records:
        for row in table.rows(record):
            yield csv_row(table.columns, row, raw=raw)


def csv_header(columns: Sequence[str]) -> str:
    """Return the first line with the byte order mark; names of a profile's fields are made harmless like texts."""
    return BOM + _line([text_cell(column) for column in columns])


def csv_row(columns: Sequence[str], row: Row, *, raw: bool = False) -> str:
    """Return one line; a column that the row lacks is empty."""
    return _line([_cell(column, row.get(column), raw) for column in columns])


def item_rows(record: ArticleRecord, kind: str) -> Iterator[Row]:
    """Yield a row for each of a record's items of that kind."""
    for item in record.items or ():
        if item.kind == kind:
            yield {**head(record, item.verdict, item.reasons), **places(item.evidence), **_item_cells(item)}


def _figure_rows(record: ArticleRecord) -> Iterator[Row]:
    for figure in record.key_figures or ():
        yield {
            **head(record, figure.verdict, figure.reasons),
            "name": figure.name,
            "entity": figure.entity,
            "amount": figure.amount,
            "value": figure.value,
            "value_max": figure.value_max,
            "unit": figure.unit,
            "qualifier": figure.qualifier,
            "period": figure.period,
            "status": figure.status,
            **places(figure.evidence),
        }


def _deal_rows(record: ArticleRecord) -> Iterator[Row]:
    for number, deal in enumerate(record.deals or (), start=1):
        yield {
            **head(record, deal.verdict, deal.reasons),
            "deal_number": number,
            "name": deal.name,
            "type": deal.type,
            "status": deal.status,
            **_party_cells(deal),
            "signed_on": deal.signed_on,
            "effective_on": deal.effective_on,
            "place": deal.place,
            "areas": joined(deal.areas),
            **_consideration_cells(deal),
            "duration": deal.duration,
            "terms_verified": sum(term.verdict == "verified" for term in deal.terms),
            "terms": len(deal.terms),
            **places(deal.evidence),
        }


def _term_rows(record: ArticleRecord) -> Iterator[Row]:
    for number, deal in enumerate(record.deals or (), start=1):
        for term in deal.terms:
            yield {
                **head(record, term.verdict, term.reasons),
                "deal_number": number,
                "deal_name": deal.name,
                "deal_verdict": deal.verdict,
                "kind": term.kind,
                "text": term.text,
                "obligor": term.obligor,
                "beneficiary": term.beneficiary,
                "condition": term.condition,
                **places(term.evidence),
            }


def _rejected_rows(record: ArticleRecord) -> Iterator[Row]:
    for rejected in record.audit.rejected if record.audit else ():
        item = json.dumps(rejected.item, ensure_ascii=False, default=str)
        yield {**head(record, "rejected", rejected.reasons), "item": item}


def head(record: ArticleRecord, verdict: str, reasons: Sequence[str]) -> Row:
    """Return the cells with which every row about an item begins: ARTICLE and JUDGED."""
    article = record.article
    return {
        "article_id": article.id,
        "title": article.title,
        "source": article.source,
        "published_on": article.published_on,
        "language": article.language,
        "engine": record.run.engine,
        "verdict": verdict,
        "reasons": joined(reasons),
    }


def places(evidence: Sequence[Evidence]) -> Row:
    """Return the cells of EVIDENCE: the first place in full, where the others stand."""
    if not evidence:
        return {}
    first, *others = evidence
    return {
        "quote": first.quote,
        "start": first.start,
        "end": first.end,
        "source_start": first.source_start,
        "source_end": first.source_end,
        "also_at": joined([f"{one.start}:{one.end}" for one in others]),
    }


def _party_cells(deal: Deal) -> Row:
    people = []
    for person in deal.signatories:
        notes = [note for note in (person.title, person.organization, person.role) if note]
        people.append(f"{person.name} ({', '.join(notes)})")
    return {
        "parties": joined([party.name for party in deal.parties]),
        "party_kinds": joined([party.kind for party in deal.parties]),
        "party_roles": joined([party.role or "" for party in deal.parties]),
        "party_aliases": joined(
            [f"{party.name}: {', '.join(party.aliases)}" for party in deal.parties if party.aliases]
        ),
        "signatories": joined(people),
    }


def _consideration_cells(deal: Deal) -> Row:
    consideration = deal.consideration
    if consideration is None:
        return {}
    return {
        "consideration": consideration.amount,
        "consideration_value": consideration.value,
        "consideration_value_max": consideration.value_max,
        "consideration_unit": consideration.unit,
        "consideration_qualifier": consideration.qualifier,
    }


def _item_cells(item: Item) -> Row:
    cells: dict[str, list[str]] = {}
    for field in item.fields:
        cells.setdefault(f"field.{field.name}", []).append(field.text)
        cells.setdefault(f"value.{field.name}", []).extend([] if field.value is None else [field.value])
    return {name: joined(values) for name, values in cells.items()}


def joined(values: Sequence[str]) -> str:
    """Return a list as one cell."""
    # Roles that are all unknown would leave only separators.
    return "; ".join(values) if any(values) else ""


def _cell(column: str, value: Cell, raw: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if raw:
        return writable(value)
    return number_cell(value) if column in DECIMALS or column.startswith("value.") else text_cell(value)


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


FIGURES: Final = Table(name="figures", columns=FIGURE_COLUMNS, rows=_figure_rows)
DEALS: Final = Table(name="deals", columns=DEAL_COLUMNS, rows=_deal_rows)
TERMS: Final = Table(name="terms", columns=TERM_COLUMNS, rows=_term_rows)
REJECTED: Final = Table(name="rejected", columns=REJECTED_COLUMNS, rows=_rejected_rows)
TABLES: Final = (FIGURES, DEALS, TERMS, REJECTED)
