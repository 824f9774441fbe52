"""The ledger as a section of Markdown: a table of all deals, then each with its fields, every quote a footnote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from summarizer.records import Evidence
from summarizer.report.amounts import Language, render_amount
from summarizer.report.characters import markdown_line
from summarizer.report.labels import MARKS, code_word, word
from summarizer.report.ledger_types import (
    DoubtfulPair,
    Ledger,
    LedgerDeal,
    LedgerField,
    LedgerFigure,
    LedgerValue,
    Reason,
    Source,
)
from summarizer.report.ledger_words import field_word, ledger_word, opinion_text, outcome_word, reason_text
from summarizer.report.markdown_article import table
from summarizer.report.periods import render_period

# A quotation is a sentence or two; what is longer is cut with the number of characters left out.
_QUOTE_LIMIT = 600
_NOTHING = "—"


def ledger_markdown(ledger: Ledger, language: Language) -> str:
    """Return the ledger's section, beginning with a heading of the second level and ended by a newline.

    Footnotes are named `ledger-1`, `ledger-2`, … so that they meet no others; their text stands at the section's end.
    Nothing that comes from an article or a model acts as markup.
    """
    return "\n".join(_Section(language).lines(ledger)) + "\n"


class _Section:
    def __init__(self, language: Language) -> None:
        self._language: Language = language
        # A quote of an article is one footnote, however often it is referred to.
        self._notes: dict[tuple[str, Evidence], int] = {}

    def lines(self, ledger: Ledger) -> Iterator[str]:
        language = self._language
        yield f"## {ledger_word('ledger', language)}"
        yield ""
        yield ledger_word("counts", language).format(
            deals=len(ledger.deals),
            merged=sum(len(deal.tellings) > 1 for deal in ledger.deals),
            contradicted=sum(bool(deal.contradicted) for deal in ledger.deals),
            doubtful=len(ledger.doubtful),
            figures=len(ledger.figures),
            differing=sum(figure.outcome == "contradicted" for figure in ledger.figures),
        )
        yield ""
        if ledger.deals:
            yield from self._overview(ledger.deals)
        else:
            yield ledger_word("no_deals", language)
            yield ""
        for deal in ledger.deals:
            yield from self._deal(deal)
        yield from self._doubtful(ledger.doubtful)
        yield from self._figures(ledger.figures)
        for (article_id, piece), number in self._notes.items():
            quote = markdown_line(piece.quote, _QUOTE_LIMIT)
            yield f"[^ledger-{number}]: {markdown_line(article_id)}: “{quote}” \\[{piece.start}:{piece.end}\\]"

    def _overview(self, deals: Sequence[LedgerDeal]) -> Iterator[str]:
        language = self._language
        heads = [
            ledger_word("deal", language),
            *(word(key, language) for key in ("type", "parties", "signed_on", "consideration")),
        ]
        heads += [ledger_word("articles", language), ledger_word("contradicted", language)]
        rows = (
            [
                str(deal.number),
                f"{MARKS[deal.verdict]} {markdown_line(deal.name)}",
                code_word("deal_type", deal.type, language),
                markdown_line(", ".join(field.values[0].text for field in deal.named("party")) or _NOTHING),
                self._only_values(deal, "signed_on"),
                self._only_values(deal, "consideration"),
                str(len(deal.tellings)),
                ", ".join(self._heading(field) for field in deal.contradicted) or _NOTHING,
            ]
            for deal in deals
        )
        yield from table(["", *heads], rows, numeric=["", heads[5]])

    def _only_values(self, deal: LedgerDeal, name: str) -> str:
        said = [self._value(field, value) for field in deal.fields if field.name == name for value in field.values]
        return " / ".join(said) or _NOTHING

    def _deal(self, deal: LedgerDeal) -> Iterator[str]:
        language = self._language
        yield f"### {deal.number}. {markdown_line(deal.name)}"
        yield ""
        told = [self._referred(one.article_id, one.evidence, one.title) for one in deal.tellings]
        yield f"{ledger_word('told_by', language)}{_colon(language)}{', '.join(told)}"
        yield ""
        if deal.reasons:
            yield f"{ledger_word('why_one', language)}{_colon(language)}{self._reasons(deal.reasons)}"
            yield ""
        for field in deal.fields:
            yield f"- {self._field(field, is_merged=len(deal.tellings) > 1)}"
        yield ""

    def _field(self, field: LedgerField, *, is_merged: bool) -> str:
        outcome = ""
        if is_merged:
            said = outcome_word(field.outcome, self._language)
            # A contradiction is what the reader looks for.
            outcome = f" (**{said}**)" if field.outcome == "contradicted" else f" ({said})"
        values = " / ".join(
            f"{self._value(field, value)} {self._sources(value.sources, is_named=is_merged)}".rstrip()
            for value in field.values
        )
        notes = f" — {self._reasons(field.notes)}" if field.notes else ""
        return f"**{self._heading(field)}**{outcome}{_colon(self._language)}{values}{notes}"

    def _heading(self, field: LedgerField) -> str:
        heading = field_word(field.name, self._language)
        if not field.label:
            return heading
        tables = {"term": "term_kind", "party": "party_role"}
        return f"{heading}, {markdown_line(code_word(tables[field.name], field.label, self._language))}"

    def _value(self, field: LedgerField, value: LedgerValue) -> str:
        if field.name in ("signed_on", "effective_on"):
            return markdown_line(render_period(value.text, self._language))
        if field.name in ("type", "status"):
            return markdown_line(code_word(f"deal_{field.name}", value.text, self._language))
        return self._amount(value)

    def _amount(self, value: LedgerValue) -> str:
        amount = value.amount
        if amount is None:
            return markdown_line(value.text)
        read = render_amount(
            amount.value, amount.unit, self._language, value_max=amount.value_max, qualifier=amount.qualifier
        )
        is_new = read is not None and read.replace(" ", "") != value.text.replace(" ", "")
        return markdown_line(f"{value.text} = {read}" if is_new else value.text)

    def _sources(self, sources: Sequence[Source], *, is_named: bool) -> str:
        if not is_named:
            return "".join(self._footnotes(source.article_id, source.quotes) for source in sources)
        return "(" + ", ".join(self._referred(source.article_id, source.quotes) for source in sources) + ")"

    def _referred(self, article_id: str, quotes: Iterable[Evidence], title: str | None = None) -> str:
        titled = f" {markdown_line(title)}" if title else ""
        return f"{markdown_line(article_id)}{titled}{self._footnotes(article_id, quotes)}"

    def _footnotes(self, article_id: str, quotes: Iterable[Evidence]) -> str:
        return "".join(
            f"[^ledger-{self._notes.setdefault((article_id, piece), len(self._notes) + 1)}]" for piece in quotes
        )

    def _doubtful(self, pairs: Sequence[DoubtfulPair]) -> Iterator[str]:
        if not pairs:
            return
        language = self._language
        yield f"### {ledger_word('doubtful', language)}"
        yield ""
        for pair in pairs:
            sides = ((pair.first_deal, pair.first), (pair.second_deal, pair.second))
            named = " ↔ ".join(
                f"{number}. {markdown_line(one.name)} ({self._referred(one.article_id, one.evidence)})"
                for number, one in sides
            )
            yield f"- {named}"
            yield f"  - {ledger_word('agrees', language)}{_colon(language)}{self._reasons(pair.agrees)}"
            yield f"  - {ledger_word('against', language)}{_colon(language)}{self._reasons(pair.against)}"
            if pair.opinion is not None:
                yield f"  - {markdown_line(opinion_text(pair.opinion, language))}"
        yield ""

    def _figures(self, figures: Sequence[LedgerFigure]) -> Iterator[str]:
        if not figures:
            return
        language = self._language
        yield f"### {ledger_word('figures', language)}"
        yield ""
        rows = (
            [
                str(figure.number),
                markdown_line(figure.entity),
                markdown_line(figure.name),
                markdown_line(render_period(figure.period, language)) if figure.period else _NOTHING,
                outcome_word(figure.outcome, language),
                " / ".join(f"{self._amount(one)} {self._sources(one.sources, is_named=True)}" for one in figure.values),
                self._reasons(figure.reasons),
            ]
            for figure in figures
        )
        heads = [word("entity", language), ledger_word("figure", language), word("period", language)]
        heads += [ledger_word(key, language) for key in ("outcome", "values", "why")]
        yield from table(["", *heads], rows, numeric=[""])

    def _reasons(self, reasons: Iterable[Reason]) -> str:
        joint = "；" if self._language == "zh" else "; "
        return joint.join(markdown_line(reason_text(reason, self._language)) for reason in reasons)


def _colon(language: Language) -> str:
    return "：" if language == "zh" else ": "
