"""Records in the terminal: the table of a batch, and one record with its evidence.

Everything is printed as `rich.text.Text`, never as markup, with control and bidirectional characters shown as escapes.
The marks are ASCII, so that they survive any encoding; what stdout's encoding cannot hold is the command's concern.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from summarizer.records import ArticleRecord, Deal, Evidence, FailedInput, Item, KeyFigure, Term, Verdict
from summarizer.report.amounts import Language
from summarizer.report.characters import one_line
from summarizer.report.labels import (
    ASCII_MARKS,
    code_word,
    coverage_percent,
    engine_line,
    frame_language,
    label,
    record_language,
    word,
)
from summarizer.report.lines import Line
from summarizer.report.overview import OverviewRow, overview_row, verified_first
from summarizer.report.periods import render_period
from summarizer.report.phrases import (
    consideration_text,
    figure_value,
    item_fields,
    party_text,
    person_text,
    plain_value,
    prose_place,
)
from summarizer.report.reasons import explain

# Width where the output is no terminal: a pipe, a file, a log.
PLAIN_WIDTH = 100

_STYLES: dict[Verdict, str] = {"verified": "green", "review": "yellow", "rejected": "red"}
_STATUS_STYLES = {"ok": "green", "needs_review": "yellow", "failed": "red", "skipped": "yellow"}
_SHOWN_UNCLAIMED = 20
_CONTEXT_CHARS = 20
# What hangs under an item stands under its words, behind the mark.
_MARK_WIDTH = 5


def print_batch(records: Iterable[ArticleRecord], failures: Iterable[FailedInput], console: Console) -> None:
    """Print one row a record, then the inputs without a record, then who made the records.

    The records are read once; `make_console` gives a fit console.
    """
    rows: list[OverviewRow] = []
    languages: set[Language] = set()
    for record in records:
        rows.append(overview_row(record))
        languages.add(record_language(record))
    language = frame_language(languages)
    if rows:
        _print(console, _batch_table(rows, language))
        _print(console, Line(Text(word("legend", language), style="dim")))
    else:
        _print(console, Text(word("no_records", language)))
    for line in dict.fromkeys(engine_line(row.run, language) for row in rows):
        _print(console, Line(Text(one_line(line), style="dim")))
    for failure in failures:
        named = Text(f"{code_word('record_status', failure.status, language)}: ", style=_STATUS_STYLES[failure.status])
        named.append(
            f"{one_line(failure.source)}: {one_line(failure.kind)}: {one_line(failure.message)}", style="default"
        )
        _print(console, Line(named, hang=4))


def print_record(record: ArticleRecord, console: Console, *, text: str | None = None) -> None:
    """Print one record with its evidence, verified items first, what is open under a heading of its own.

    With `text`, the article's canonical text, each quotation is shown with some characters around it, and one that
    does not stand where it says is named.
    """
    for line in _RecordPrinter(record, text).parts():
        _print(console, line)


def make_console(stream: TextIO | None = None) -> Console:
    """Return a console for `stream` (standard output): plain and 100 columns wide where that is no terminal.

    Markup, emoji codes and highlighting are off: what is printed comes from articles.
    """
    console = Console(file=stream, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    return console


def _print(console: Console, what: RenderableType) -> None:
    console.print(what, markup=False, highlight=False, emoji=False, end="" if isinstance(what, Line) else "\n")


def _batch_table(rows: Sequence[OverviewRow], language: Language) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    table.add_column(Text(word("article", language)), overflow="fold", max_width=24)
    table.add_column(Text(word("status", language)), no_wrap=True)
    table.add_column(Text(word("headline", language)), ratio=1)
    for title in (*ASCII_MARKS.values(), word("deals_short", language)):
        table.add_column(Text(title), justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            Text(one_line(row.id)),
            Text(code_word("record_status", row.status, language), style=_STATUS_STYLES[row.status]),
            Line(Text(one_line(row.headline or word("no_headline", language)))),
            Text(str(row.figures_verified)),
            Text(str(row.figures_review), style="yellow" if row.figures_review else ""),
            Text(str(row.rejected), style="red" if row.rejected else ""),
            Text(f"{row.deals_verified}/{row.deals}"),
        )
    return table


class _RecordPrinter:
    """The parts of one record's view, in the order of reading."""

    def __init__(self, record: ArticleRecord, text: str | None) -> None:
        self._record = record
        self._text = text
        self._language = record_language(record)

    def parts(self) -> Iterator[Line]:
        record, language = self._record, self._language
        article = record.article
        headline = (record.summary.headline if record.summary else None) or article.title
        yield Line(Text(one_line(headline or word("no_headline", language)), style="bold"))
        facts = (article.publisher, article.published_on, article.source, article.id)
        yield Line(Text(" | ".join(one_line(fact) for fact in facts if fact), style="dim"))
        status = Text(code_word("record_status", record.status, language), style=_STATUS_STYLES[record.status])
        yield Line(status.append(f" | {one_line(engine_line(record.run, language))}", style="dim"))
        if record.error is not None:
            yield Line(Text(f"{one_line(record.error.kind)}: {one_line(record.error.message)}", style="red"))
        yield from self._summary()
        if record.key_figures:
            yield from self._heading("key_figures")
            for figure in verified_first(record.key_figures):
                yield from self._figure(figure)
        if record.deals:
            yield from self._heading("deals")
            for deal in verified_first(record.deals):
                yield from self._deal(deal)
        if record.items:
            yield from self._heading("items")
            for item in verified_first(record.items):
                yield from self._item(item)
        yield from self._audit()

    def _heading(self, key: str) -> Iterator[Line]:
        yield Line(Text())
        yield Line(Text(word(key, self._language), style="bold"))

    def _summary(self) -> Iterator[Line]:
        summary = self._record.summary
        if summary is None:
            return
        yield Line(Text())
        yield Line(Text(one_line(summary.abstract)))
        if summary.reasons:
            why = "; ".join(self._reason(code) for code in summary.reasons)
            yield Line(Text(f"{ASCII_MARKS['review']} {label('summary_review', self._language)}{why}", style="yellow"))
        if summary.key_points:
            yield from self._heading("key_points")
        for number, point in enumerate(summary.key_points, start=1):
            yield Line(Text(f"{number}. {one_line(point.text)}"))
            yield from self._quotes(point.evidence, 3)

    def _figure(self, figure: KeyFigure) -> Iterator[Line]:
        language = self._language
        facts = (
            figure.entity,
            render_period(figure.period, language) if figure.period else None,
            code_word("figure_status", figure.status, language),
        )
        value = figure_value(figure, language)
        amount = figure.amount if value in (None, figure.amount) else f"{figure.amount} = {value}"
        words = f"{figure.name}: {amount} ({', '.join(fact for fact in facts if fact)})"
        yield from self._judged(figure.verdict, words, figure.reasons, figure.evidence)

    def _deal(self, deal: Deal) -> Iterator[Line]:
        language = self._language
        kinds = f"{code_word('deal_type', deal.type, language)}, {code_word('deal_status', deal.status, language)}"
        yield from self._judged(deal.verdict, f"{deal.name} ({kinds})", deal.reasons, deal.evidence)
        joint = "；" if language == "zh" else "; "
        facts = (
            ("parties", joint.join(party_text(party, language) for party in deal.parties)),
            ("signed_on", render_period(deal.signed_on, language) if deal.signed_on else None),
            ("effective_on", render_period(deal.effective_on, language) if deal.effective_on else None),
            ("place", deal.place),
            ("signatories", joint.join(person_text(person, language) for person in deal.signatories)),
            ("areas", ("、" if language == "zh" else ", ").join(deal.areas)),
            ("consideration", consideration_text(deal.consideration, language) if deal.consideration else None),
            ("duration", deal.duration),
        )
        for key, fact in facts:
            if fact:
                yield Line(Text(label(key, language) + one_line(fact)), indent=5, hang=4)
        for term in verified_first(deal.terms):
            yield from self._term(term)

    def _term(self, term: Term) -> Iterator[Line]:
        language = self._language
        sides = [
            label(key, language) + code_word("bound", side, language)
            for key, side in (
                ("obligor", term.obligor),
                ("beneficiary", term.beneficiary),
                ("condition", term.condition),
            )
            if side
        ]
        words = f"{code_word('term_kind', term.kind, language)}: {term.text}" + (
            f" ({'; '.join(sides)})" if sides else ""
        )
        yield from self._judged(term.verdict, words, term.reasons, term.evidence, indent=5)

    def _item(self, item: Item) -> Iterator[Line]:
        words = f"{item.kind}: {'; '.join(item_fields(item))}"
        yield from self._judged(item.verdict, words, item.reasons, item.evidence)

    def _judged(
        self, verdict: Verdict, words: str, reasons: Sequence[str], evidence: Sequence[Evidence], *, indent: int = 0
    ) -> Iterator[Line]:
        mark = f"{ASCII_MARKS[verdict]} "
        if verdict != "verified":
            mark += f"{code_word('verdict', verdict, self._language)}: "
        line = Text(mark, style=_STYLES[verdict]).append(one_line(words), style="default")
        yield Line(line, indent=indent, hang=_MARK_WIDTH)
        for code in reasons:
            yield Line(Text(f"! {self._reason(code)}", style=_STYLES[verdict]), indent=indent + _MARK_WIDTH, hang=2)
        yield from self._quotes(evidence, indent + _MARK_WIDTH)

    def _reason(self, code: str) -> str:
        sentence = explain(code, self._language)
        return one_line(code) if sentence == code else f"{sentence} ({one_line(code)})"

    def _quotes(self, evidence: Sequence[Evidence], indent: int) -> Iterator[Line]:
        for one in evidence:
            place = f"[{one.start}:{one.end}] "
            line = Text(place, style="dim").append_text(self._quote(one))
            yield Line(line, indent=indent, hang=len(place))

    def _quote(self, evidence: Evidence) -> Text:
        text, quote = self._text, one_line(evidence.quote)
        if text is None:
            return Text(f'"{quote}"')
        if not 0 <= evidence.start <= evidence.end or text[evidence.start : evidence.end] != evidence.quote:
            return Text(f"{word('quote_elsewhere', self._language)} ", style="bold red").append(
                f'"{quote}"', style="default"
            )
        before = _flat_keeping_ends(text[max(0, evidence.start - _CONTEXT_CHARS) : evidence.start])
        after = _flat_keeping_ends(text[evidence.end : evidence.end + _CONTEXT_CHARS])
        return Text(before, style="dim").append(f">>{quote}<<", style="default").append(after, style="dim")

    def _audit(self) -> Iterator[Line]:
        record, language = self._record, self._language
        audit = record.audit
        if audit is None:
            yield Line(Text())
            yield Line(Text(word("no_audit", language), style="dim"))
            return
        unsupported = [quantity for quantity in audit.prose if quantity.supported_by is None]
        if unsupported:
            yield from self._heading("prose")
            for quantity in unsupported:
                where = one_line(prose_place(quantity.where, language))
                yield Line(
                    Text(f"! {one_line(quantity.text)} ({where} [{quantity.start}:{quantity.end}])", style="yellow")
                )
        if audit.rejected:
            yield from self._heading("rejected")
            for rejected in audit.rejected:
                words = "; ".join(f"{key}: {plain_value(value)}" for key, value in rejected.item.items() if value)
                yield from self._judged("rejected", words, rejected.reasons, ())
        if audit.unclaimed:
            yield from self._heading("unclaimed")
            shown = [f"{one_line(one.text)} [{one.start}:{one.end}]" for one in audit.unclaimed[:_SHOWN_UNCLAIMED]]
            if len(audit.unclaimed) > len(shown):
                shown.append(word("and_more", language).format(count=len(audit.unclaimed) - len(shown)))
            yield Line(Text("; ".join(shown)))
        for warning in (*record.article.warnings, *record.run.notes):
            yield Line(Text(f"! {one_line(warning)}", style="yellow"))
        if audit.coverage is not None:
            yield Line(Text())
            yield Line(Text(f"{label('coverage', language)}{coverage_percent(audit.coverage)}", style="dim"))


def _flat_keeping_ends(text: str) -> str:
    """Put on one line; a blank at either end stays, lest words be glued to the quotation."""
    flat = one_line(text)
    if not flat:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + flat + (" " if text[-1].isspace() else "")
