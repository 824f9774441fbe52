"""The section of one article in report.md: verified facts first, then, apart, what a reader has to check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from summarizer.records import ArticleRecord, Deal, Evidence, Item, KeyFigure, ProseQuantity, RejectedItem, Term
from summarizer.report.amounts import Language
from summarizer.report.characters import markdown_line
from summarizer.report.footnotes import Footnotes
from summarizer.report.labels import MARKS, code_word, coverage_percent, engine_line, label, word
from summarizer.report.overview import split_verified, verified_first
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

# A quotation is a sentence or two; what is longer is cut with the number of characters left out.
_QUOTE_LIMIT = 600
_REJECTED_LIMIT = 300
_UNCLAIMED_SHOWN = 20
_NOTHING = "—"


def article_section(record: ArticleRecord, number: int, language: Language) -> Iterator[str]:
    """Yield the lines of one article's section; `number` is its number in the overview."""
    summary = record.summary
    notes = Footnotes(record, number, language)
    if summary and summary.headline:
        headline = notes.marked(summary.headline, "headline")
    else:
        headline = markdown_line(record.article.title or word("no_headline", language))
    yield f"## {number}. {headline}"
    yield ""
    yield from _origin(record, language)
    if record.error is not None:
        yield f"**{MARKS['rejected']} {word('failed_record', language)}**: {_error(record)}"
        yield ""
    if record.status == "failed" and summary is None and not (record.key_figures or record.deals or record.items):
        return
    yield from _summary(record, notes, language)
    yield from _figures(record, language)
    yield from _deals(record, language)
    if record.items is not None:
        yield from _items(record.items, language)
    yield from _to_check(record, language)


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, numeric: Sequence[str] = ()) -> Iterator[str]:
    """Yield the lines of a table; cells are Markdown already, without line ends. Columns named in `numeric` stand right."""
    yield f"| {' | '.join(header)} |"
    yield f"| {' | '.join('---:' if name in numeric else '---' for name in header)} |"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _error(record: ArticleRecord) -> str:
    return f"{markdown_line(record.error.kind)}: {markdown_line(record.error.message)}" if record.error else ""


def _origin(record: ArticleRecord, language: Language) -> Iterator[str]:
    article = record.article
    facts: tuple[tuple[str, str | None], ...] = (
        ("publisher", article.publisher),
        ("published_on", render_period(article.published_on, language) if article.published_on else None),
        ("source", article.source),
        ("id", article.id if article.id != article.source else None),
        ("title", article.title),
    )
    yield " · ".join(f"{label(key, language)}{markdown_line(fact)}" for key, fact in facts if fact)
    yield ""
    status = code_word("record_status", record.status, language)
    yield f"{label('status', language)}{status} · {label('made_by', language)}{markdown_line(engine_line(record.run, language))}"
    yield ""


def _summary(record: ArticleRecord, notes: Footnotes, language: Language) -> Iterator[str]:
    summary = record.summary
    if summary is None:
        yield word("no_summary", language)
        yield ""
        return
    yield notes.marked(summary.abstract, "abstract")
    yield ""
    if summary.reasons:
        yield f"**{MARKS['review']} {label('summary_review', language)}{_reasons(summary.reasons, language)}**"
        yield ""
    if summary.key_points:
        yield f"### {word('key_points', language)}"
        yield ""
        for number, point in enumerate(summary.key_points, start=1):
            yield f"{number}. {notes.marked(point.text, f'key_points.{number - 1}')}"
            for evidence in point.evidence:
                yield f"    - {_quote(evidence)}"
            if not point.evidence:
                yield f"    - {word('no_quote', language)}"
        yield ""
    yield from _prose_counts(record.audit.prose if record.audit else (), language)
    definitions = list(notes.lines())
    if definitions:
        yield from definitions
        yield ""


def _prose_counts(prose: Sequence[ProseQuantity], language: Language) -> Iterator[str]:
    if not prose:
        return
    unsupported = [quantity.text for quantity in prose if quantity.supported_by is None]
    counts = word("prose_counts", language).format(all=len(prose), supported=len(prose) - len(unsupported))
    if unsupported:
        listed = ("、" if language == "zh" else ", ").join(unsupported)
        counts += f" **{word('prose_unsupported', language)}{markdown_line(listed)}**"
    yield counts
    yield ""


def _figures(record: ArticleRecord, language: Language) -> Iterator[str]:
    yield f"### {word('key_figures', language)}"
    yield ""
    if not record.key_figures:
        yield word("not_asked" if record.key_figures is None else "none_found", language)
        yield ""
        return
    verified, others = split_verified(record.key_figures)
    if verified:
        yield from table(_figure_header(language), (_figure_row(figure, language) for figure in verified))
    else:
        yield word("none_verified", language)
        yield ""
    if others:
        yield f"**{word('not_verified_below', language).format(count=len(others))}**"
        yield ""


def _figure_header(language: Language) -> list[str]:
    keys = ("figure", "entity", "as_written", "value", "period", "figure_status", "quote")
    return ["", *(word(key, language) for key in keys)]


def _figure_row(figure: KeyFigure, language: Language) -> list[str]:
    return [
        _mark(figure.verdict, language),
        markdown_line(figure.name),
        markdown_line(figure.entity or _NOTHING),
        markdown_line(figure.amount),
        markdown_line(figure_value(figure, language) or _NOTHING),
        markdown_line(render_period(figure.period, language) if figure.period else _NOTHING),
        code_word("figure_status", figure.status, language),
        _quotes(figure.evidence, language) + _inline_remark(figure, language),
    ]


def _deals(record: ArticleRecord, language: Language) -> Iterator[str]:
    yield f"### {word('deals', language)}"
    yield ""
    if not record.deals:
        yield word("not_asked" if record.deals is None else "none_found", language)
        yield ""
        return
    for deal in verified_first(record.deals):
        yield from _deal(deal, language)


def _deal(deal: Deal, language: Language) -> Iterator[str]:
    yield f"#### {_mark(deal.verdict, language)} · {markdown_line(deal.name)}"
    yield ""
    yield from _why(deal, language, "")
    kinds = f"{code_word('deal_type', deal.type, language)} · {code_word('deal_status', deal.status, language)}"
    yield f"- {label('type', language)}{kinds}"
    yield f"- {label('parties', language)}{'' if deal.parties else _NOTHING}".rstrip()
    for party in deal.parties:
        yield f"    - {markdown_line(party_text(party, language))}"
    for key, date in (("signed_on", deal.signed_on), ("effective_on", deal.effective_on)):
        if date or key == "signed_on":
            yield f"- {label(key, language)}{markdown_line(render_period(date, language)) if date else _NOTHING}"
    yield f"- {label('place', language)}{markdown_line(deal.place or _NOTHING)}"
    if deal.signatories:
        joint = "；" if language == "zh" else "; "
        people = joint.join(person_text(person, language) for person in deal.signatories)
        yield f"- {label('signatories', language)}{markdown_line(people)}"
    if deal.areas:
        yield f"- {label('areas', language)}{markdown_line(('、' if language == 'zh' else ', ').join(deal.areas))}"
    yield f"- {label('consideration', language)}{_consideration(deal, language)}"
    if deal.duration:
        yield f"- {label('duration', language)}{markdown_line(deal.duration)}"
    yield f"- {label('stated', language)}{_quotes(deal.evidence, language)}"
    yield ""
    yield from _terms(deal.terms, language)


def _consideration(deal: Deal, language: Language) -> str:
    sum_ = deal.consideration
    if sum_ is None:
        return _NOTHING
    text = markdown_line(consideration_text(sum_, language))
    return f"{text} — {_quotes(sum_.evidence, language)}" if sum_.evidence else text


def _terms(terms: Sequence[Term], language: Language) -> Iterator[str]:
    if not terms:
        return
    yield f"**{word('terms', language)}**"
    yield ""
    colon = "：" if language == "zh" else ": "
    for number, term in enumerate(verified_first(terms), start=1):
        kind = code_word("term_kind", term.kind, language)
        yield f"{number}. {_mark(term.verdict, language)} · {kind}{colon}{markdown_line(term.text)}"
        sides = [
            f"{label(key, language)}{markdown_line(code_word('bound', side, language))}"
            for key, side in (
                ("obligor", term.obligor),
                ("beneficiary", term.beneficiary),
                ("condition", term.condition),
            )
            if side
        ]
        if sides:
            yield f"    - {' · '.join(sides)}"
        yield f"    - {_quotes(term.evidence, language)}"
        yield from _why(term, language, "    - ")
    yield ""


def _items(items: Sequence[Item], language: Language) -> Iterator[str]:
    yield f"### {word('items', language)}"
    yield ""
    verified, others = split_verified(items)
    for item in verified:
        yield from _item(item, language)
    if not items:
        yield word("none_found", language)
    elif not verified:
        yield word("none_verified", language)
    yield ""
    if others:
        yield f"**{word('not_verified_below', language).format(count=len(others))}**"
        yield ""


def _item(item: Item, language: Language) -> Iterator[str]:
    fields = " · ".join(markdown_line(field) for field in item_fields(item))
    yield f"- {_mark(item.verdict, language)} · {markdown_line(item.kind)}: {fields}"
    yield f"    - {_quotes(item.evidence, language)}"
    yield from _why(item, language, "    - ")


def _to_check(record: ArticleRecord, language: Language) -> Iterator[str]:
    lines = [
        *_open_figures(record.key_figures or (), language),
        *_open_deals(record.deals or (), language),
        *_open_items(record.items or (), language),
        *_audit(record, language),
        *_warnings((*record.article.warnings, *record.run.notes), language),
    ]
    if lines:
        yield f"### {word('to_check', language)}"
        yield ""
        yield from lines
    elif record.audit is not None:
        yield word("nothing_to_check", language)
        yield ""
    if record.audit is None:
        yield word("no_audit", language)
        yield ""
    elif record.audit.coverage is not None:
        yield f"{label('coverage', language)}{coverage_percent(record.audit.coverage)}"
        yield ""


def _open_figures(figures: Sequence[KeyFigure], language: Language) -> Iterator[str]:
    _, others = split_verified(figures)
    if others:
        header = [*_figure_header(language), word("why", language)]
        rows = ([*_figure_row(figure, language), _reasons(figure.reasons, language)] for figure in others)
        yield from _titled("figures_to_check", len(others), language)
        yield from table(header, rows)


def _open_deals(deals: Sequence[Deal], language: Language) -> Iterator[str]:
    lines = []
    for deal in verified_first(deals):
        why = [] if deal.verdict == "verified" else [_reasons(deal.reasons, language)]
        _, terms = split_verified(deal.terms)
        why += [word("n_terms", language).format(count=len(terms))] if terms else []
        if why:
            # A verified deal that is listed for its terms bears no mark here, where nothing is verified.
            mark = "" if deal.verdict == "verified" else f"{_mark(deal.verdict, language)} · "
            lines.append(f"- {mark}{markdown_line(deal.name)}: {'; '.join(why)}")
    if lines:
        yield from _titled("deals_to_check", len(lines), language)
        yield from lines
        yield ""


def _open_items(items: Sequence[Item], language: Language) -> Iterator[str]:
    _, others = split_verified(items)
    if others:
        yield from _titled("items_to_check", len(others), language)
        for item in others:
            yield from _item(item, language)
        yield ""


def _audit(record: ArticleRecord, language: Language) -> Iterator[str]:
    audit = record.audit
    if audit is None:
        return
    unsupported = [quantity for quantity in audit.prose if quantity.supported_by is None]
    if unsupported:
        yield from _titled("prose", len(unsupported), language)
        yield from (f"- {_prose(quantity, language)}" for quantity in unsupported)
        yield ""
    if audit.unclaimed:
        yield from _titled("unclaimed", len(audit.unclaimed), language)
        shown = [f"{markdown_line(one.text)} [{one.start}:{one.end}]" for one in audit.unclaimed[:_UNCLAIMED_SHOWN]]
        more = len(audit.unclaimed) - len(shown)
        if more:
            shown.append(word("and_more", language).format(count=more))
        yield ("；" if language == "zh" else "; ").join(shown)
        yield ""
    if audit.rejected:
        yield from _titled("rejected", len(audit.rejected), language)
        yield from (f"- {_rejected(item, language)}" for item in audit.rejected)
        yield ""


def _warnings(warnings: Sequence[str], language: Language) -> Iterator[str]:
    if warnings:
        yield from _titled("warnings", len(warnings), language)
        yield from (f"- {markdown_line(warning)}" for warning in warnings)
        yield ""


def _titled(key: str, count: int, language: Language) -> Iterator[str]:
    brackets = f"（{count}）" if language == "zh" else f" ({count})"
    yield f"**{word(key, language)}{brackets}**"
    yield ""


def _prose(quantity: ProseQuantity, language: Language) -> str:
    where = markdown_line(prose_place(quantity.where, language))
    return f"{markdown_line(quantity.text)} — {where} [{quantity.start}:{quantity.end}]"


def _rejected(rejected: RejectedItem, language: Language) -> str:
    words = " · ".join(f"{key}: {value}" for key, value in _flat(rejected.item))
    return f"{MARKS['rejected']} {markdown_line(words, _REJECTED_LIMIT)} — {_reasons(rejected.reasons, language)}"


def _flat(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in item.items():
        if value not in (None, "", [], {}):
            yield key, plain_value(value)


def _mark(verdict: Any, language: Language) -> str:
    return f"{MARKS[verdict]} {code_word('verdict', verdict, language)}"


def _why(item: Deal | Term | Item, language: Language, bullet: str) -> Iterator[str]:
    """Say what speaks against an item, or, where it is verified all the same, what there is to know about it."""
    if item.verdict != "verified":
        yield f"{bullet}**{label('why', language)}{_reasons(item.reasons, language)}**"
    elif item.reasons:
        yield f"{bullet}{label('remark', language)}{_reasons(item.reasons, language)}"
    if not bullet and (item.reasons or item.verdict != "verified"):
        yield ""


def _inline_remark(figure: KeyFigure, language: Language) -> str:
    if figure.verdict != "verified" or not figure.reasons:
        return ""
    return f" — {label('remark', language)}{_reasons(figure.reasons, language)}"


def _reasons(reasons: Sequence[str], language: Language) -> str:
    joint = "；" if language == "zh" else "; "
    return joint.join(_reason(code, language) for code in reasons) or word("no_reason", language)


def _reason(code: str, language: Language) -> str:
    sentence = explain(code, language)
    if sentence == code:
        return markdown_line(code)
    return f"{sentence}（{markdown_line(code)}）" if language == "zh" else f"{sentence} ({markdown_line(code)})"


def _quotes(evidence: Sequence[Evidence], language: Language) -> str:
    return " / ".join(_quote(one) for one in evidence) or word("no_quote", language)


def _quote(evidence: Evidence) -> str:
    return f"“{markdown_line(evidence.quote, _QUOTE_LIMIT)}” [{evidence.start}:{evidence.end}]"
