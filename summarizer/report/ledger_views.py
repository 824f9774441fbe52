"""The ledger as rows of CSV tables: one row a deal, one row a value and article, one row a doubtful pair.

Written like the other tables (`tables`): UTF-8 with a byte order mark, RFC 4180, texts that a spreadsheet would take for
a formula made inert. Lists in one cell are joined by `; `.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from summarizer.report.ledger_types import DoubtfulPair, FieldName, Ledger, LedgerDeal, LedgerField, LedgerValue, Reason
from summarizer.report.ledger_words import reason_text
from summarizer.report.tables import Row, csv_header, csv_row

LEDGER_COLUMNS: Final = (
    "deal", "name", "type", "status", "verdict", "articles", "article_ids", "tellings",
    "parties", "signed_on", "effective_on", "place",
    "consideration", "consideration_value", "consideration_value_max", "consideration_unit", "consideration_qualifier",
    "duration", "terms", "agreed", "added", "contradicted", "contradictions", "why_one", "doubtful_with",
)  # fmt: skip
VALUE_COLUMNS: Final = (
    "item", "number", "name", "field", "label", "period", "outcome", "value_number", "text",
    "value", "value_max", "unit", "qualifier", "article_id", "item_number", "words", "verdict",
    "quote", "start", "end", "also_at", "notes",
)  # fmt: skip
DOUBTFUL_COLUMNS: Final = (
    "first_deal", "second_deal", "first_article_id", "first_number", "first_name",
    "second_article_id", "second_number", "second_name", "agrees", "against",
    "model_says", "model_first_words", "model_second_words", "model",
)  # fmt: skip
_SINGLE: Final[Sequence[FieldName]] = ("status", "signed_on", "effective_on", "place", "consideration", "duration")


def ledger_rows(ledger: Ledger) -> Iterator[Row]:
    """Yield one row a deal (LEDGER_COLUMNS).

    A field in which the articles differ holds the first article's value; `contradictions` says what each of them says.
    `tellings` are the deals of deals.csv: article id, `#`, `deal_number`.
    """
    doubtful: dict[int, list[int]] = defaultdict(list)
    for pair in ledger.doubtful:
        doubtful[pair.first_deal].append(pair.second_deal)
        doubtful[pair.second_deal].append(pair.first_deal)
    for deal in ledger.deals:
        yield _deal_row(deal, doubtful[deal.number])


def value_rows(ledger: Ledger) -> Iterator[Row]:
    """Yield one row for each article that says a value of a deal's field or of a figure (VALUE_COLUMNS)."""
    for deal in ledger.deals:
        for field in deal.fields:
            head: Row = {"item": "deal", "number": deal.number, "name": deal.name, "field": field.name}
            head |= {"label": field.label, "outcome": field.outcome, "notes": _reasons(field.notes)}
            yield from _value_rows(head, field.values)
    for figure in ledger.figures:
        head = {"item": "figure", "number": figure.number, "name": figure.entity, "field": figure.name}
        head |= {"label": figure.status, "period": figure.period, "outcome": figure.outcome}
        yield from _value_rows({**head, "notes": _reasons(figure.reasons)}, figure.values)


def doubtful_rows(ledger: Ledger) -> Iterator[Row]:
    """Yield one row a doubtful pair (DOUBTFUL_COLUMNS)."""
    for pair in ledger.doubtful:
        yield _doubtful_row(pair)


def ledger_csv(ledger: Ledger, *, raw: bool = False) -> str:
    """Return ledger.csv, one row a deal; `raw` leaves texts as they are, formulas included."""
    return _csv(LEDGER_COLUMNS, ledger_rows(ledger), raw)


def ledger_values_csv(ledger: Ledger, *, raw: bool = False) -> str:
    """Return every value of the ledger with the article that says it and its quote."""
    return _csv(VALUE_COLUMNS, value_rows(ledger), raw)


def ledger_doubtful_csv(ledger: Ledger, *, raw: bool = False) -> str:
    """Return the pairs that were not merged, with the reasons for and against."""
    return _csv(DOUBTFUL_COLUMNS, doubtful_rows(ledger), raw)


def _csv(columns: Sequence[str], rows: Iterable[Row], raw: bool) -> str:
    return csv_header(columns) + "".join(csv_row(columns, row, raw=raw) for row in rows)


def _deal_row(deal: LedgerDeal, doubtful: Sequence[int]) -> Row:
    outcomes = Counter(field.outcome for field in deal.fields)
    articles = list(dict.fromkeys(telling.article_id for telling in deal.tellings))
    row: Row = {
        "deal": deal.number,
        "name": deal.name,
        "type": deal.type,
        "verdict": deal.verdict,
        "articles": len(articles),
        "article_ids": "; ".join(articles),
        "tellings": "; ".join(f"{telling.article_id}#{telling.number}" for telling in deal.tellings),
        "parties": "; ".join(field.values[0].text for field in deal.named("party")),
        "terms": len(deal.named("term")),
        "agreed": outcomes["agreed"],
        "added": outcomes["added"],
        "contradicted": outcomes["contradicted"],
        "contradictions": "; ".join(_contradiction(field) for field in deal.contradicted),
        "why_one": _reasons(deal.reasons),
        "doubtful_with": "; ".join(str(number) for number in sorted(doubtful)),
    }
    for name in _SINGLE:
        for field in deal.named(name):
            row[name] = field.values[0].text
    for field in deal.named("consideration"):
        row |= {f"consideration_{name}": cell for name, cell in _amount_cells(field.values[0]).items()}
    return row


def _contradiction(field: LedgerField) -> str:
    said = (
        f"{value.text} ({', '.join(dict.fromkeys(source.article_id for source in value.sources))})"
        for value in field.values
    )
    return f"{field.label or field.name}: {' / '.join(said)}"


def _value_rows(head: Row, values: Sequence[LedgerValue]) -> Iterator[Row]:
    for number, value in enumerate(values, start=1):
        for source in value.sources:
            row: Row = {
                **head,
                "value_number": number,
                "text": value.text,
                **_amount_cells(value),
                "article_id": source.article_id,
                "item_number": source.number,
                "words": source.words,
                "verdict": source.verdict,
            }
            if source.quotes:
                first, *others = source.quotes
                row |= {"quote": first.quote, "start": first.start, "end": first.end}
                row["also_at"] = "; ".join(f"{one.start}:{one.end}" for one in others)
            yield row


def _amount_cells(value: LedgerValue) -> Row:
    amount = value.amount
    if amount is None:
        return {}
    return {"value": amount.value, "value_max": amount.value_max, "unit": amount.unit, "qualifier": amount.qualifier}


def _doubtful_row(pair: DoubtfulPair) -> Row:
    row: Row = {
        "first_deal": pair.first_deal,
        "second_deal": pair.second_deal,
        "first_article_id": pair.first.article_id,
        "first_number": pair.first.number,
        "first_name": pair.first.name,
        "second_article_id": pair.second.article_id,
        "second_number": pair.second.number,
        "second_name": pair.second.name,
        "agrees": _reasons(pair.agrees),
        "against": _reasons(pair.against),
    }
    if pair.opinion is not None:
        row |= {
            "model_says": pair.opinion.answer,
            "model_first_words": pair.opinion.first_words,
            "model_second_words": pair.opinion.second_words,
            "model": pair.opinion.model,
        }
    return row


def _reasons(reasons: Iterable[Reason]) -> str:
    return "; ".join(reason_text(reason) for reason in reasons)
