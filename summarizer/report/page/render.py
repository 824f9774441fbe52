"""The page put together: the list as HTML, each article as JSON that the page's own script shows on demand.

Nothing of a record can act. In HTML every value passes through `_shown` and autoescape; in JSON it passes through
`_shown`, and the characters that could end a script block are escaped; the script makes text nodes of it, never markup.
The policy in the head allows the one style sheet and the one script by their hashes and nothing else, and forbids the
script every way to turn text into markup (`require-trusted-types-for`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from summarizer.records import ArticleRecord, FailedInput
from summarizer.report.amounts import Language
from summarizer.report.characters import visible
from summarizer.report.labels import MARKS, code_word, coverage_percent, engine_line, label, word
from summarizer.report.page.cards import Json, RecordCards
from summarizer.report.page.keys import article_keys
from summarizer.report.page.pieces import Piece, cut
from summarizer.report.page.rows import ListRow, list_row
from summarizer.report.page.seal import asset, page_environment, page_policy
from summarizer.report.page.words import furniture_word, page_word
from summarizer.report.periods import render_period

_HERE: Final = Path(__file__).parent
# What the policy allows and forbids beside the page's own style sheet and script.
_FURTHER: Final = (
    "img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
# What text is laid out by; `visible` would show it as escapes.
_LAYOUT: Final = re.compile("([\r\n\t]+)")
_LONE_RETURN: Final = re.compile("\r(?!\n)")
_UNSAFE_IN_SCRIPT: Final = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
_FILTERS: Final = ("all_verified", "has_review", "has_rejected", "has_failed")
_SORTS: Final = ("by_order", "by_date", "by_title", "by_open")
_HIGHLIGHTS: Final = ("figure", "deal", "term", "item", "summary", "unclaimed")
_SCRIPT_WORDS: Final = (
    "shown", "none_match", "unknown_article", "back", "previous", "next", "record", "text", "no_text", "open",
    "highlights", "back_to_item", "kind_furniture", *(f"kind_{kind}" for kind in _HIGHLIGHTS),
)  # fmt: skip


def render_page(
    records: Sequence[ArticleRecord],
    texts: Mapping[str, str],
    language: Language,
    *,
    failures: Sequence[FailedInput] = (),
) -> str:
    """Return the page of a batch as HTML, to be written as UTF-8.

    Args:
        records: the articles, in the order of the page.
        texts: canonical text by article id, each asked for once. Of an article that has none, or whose text reads
            otherwise at a quotation's place, the page says so.
        language: of labels, headings and amounts; articles and their summaries stay as they are.
        failures: the inputs without a record, named under the list.

    The same input gives the same page. Cost: some 5 ms and 40 kB an article of 3,000 characters with 20 figures; the
    page is held in memory (`page_parts` gives it piece by piece).
    """
    return "".join(page_parts(records, texts, language, failures=failures))


def page_parts(
    records: Iterable[ArticleRecord],
    texts: Mapping[str, str],
    language: Language,
    *,
    failures: Sequence[FailedInput] = (),
) -> Iterator[str]:
    """Yield the page of `render_page` in pieces, an article at a time.

    `records` are iterated twice, first for the list, then for the articles; only the list's rows are held, some 5 kB each.
    """
    rows = [list_row(record, record.article.id, language) for record in records]
    keys = article_keys([row.key for row in rows])
    rows = [row if row.key == key else replace(row, key=key) for row, key in zip(rows, keys, strict=True)]
    style, script = (asset(_HERE, name) for name in ("report.css", "report.js"))
    parts = (_article_parts(record, texts.get(record.article.id), language) for record in records)
    yield from (
        page_environment(_HERE, _shown)
        .get_template("report.html.jinja")
        .generate(
            policy=page_policy(style, script, _FURTHER),
            style=Markup(style),  # noqa: S704 - our own file, allowed by its hash
            script=Markup(script),  # noqa: S704 - as above
            language=language,
            rows=rows,
            failures=failures,
            marks=MARKS,
            counts=_counts(rows, len(failures), language),
            engines=_engines(rows, language),
            types=_types(rows, language),
            parties=_by_frequency(rows),
            filters=_FILTERS,
            sorts=_SORTS,
            frame=_embedded(_frame(rows, language)),
            parts=parts,
            word=lambda key: word(key, language),
            page_word=lambda key: page_word(key, language),
            code_word=lambda table, code: code_word(table, code, language),
        )
    )


def _article_parts(record: ArticleRecord, text: str | None, language: Language) -> tuple[Markup, Markup]:
    """Return the blocks of one article: what is known about it, and its text in pieces, which the search reads alone."""
    cards = RecordCards(record, text, language)
    # A lone carriage return breaks no line in a browser. Length stays, and with it every offset.
    shown = _LONE_RETURN.sub("\n", text or "")
    pieces = cut(shown, cards.spans, record.article.furniture)
    marks = [_mark(piece, language) for piece in pieces]
    return _embedded(_detail(record, cards, language) | {"marks": marks}), _embedded([piece.text for piece in pieces])


def _detail(record: ArticleRecord, cards: RecordCards, language: Language) -> Json:
    article, summary, audit = record.article, record.summary, record.audit
    facts: tuple[tuple[str, str | None], ...] = (
        ("publisher", article.publisher),
        ("published_on", render_period(article.published_on, language) if article.published_on else None),
        ("title", article.title),
        ("source", article.source),
        ("id", article.id if article.id != article.source else None),
        ("made_by", engine_line(record.run, language)),
        ("coverage", coverage_percent(audit.coverage) if audit and audit.coverage is not None else None),
    )
    headline = (summary.headline if summary else None) or article.title or word("no_headline", language)
    notes = [*article.warnings, *record.run.notes]
    return {
        "language": article.language,
        "status": record.status,
        "says": code_word("record_status", record.status, language),
        "headline": cards.prose("headline", headline),
        "abstract": cards.prose("abstract", summary.abstract) if summary else [word("no_summary", language)],
        "why": cards.why(summary.verdict, summary.reasons) if summary and summary.reasons else None,
        "error": f"{word('failed_record', language)}: {record.error.kind}: {record.error.message}"
        if record.error
        else "",
        "facts": [(word(key, language), fact) for key, fact in facts if fact],
        "open": cards.open_items(),
        "sections": cards.sections,
        "notes": notes if audit else [*notes, word("no_audit", language)],
        "notes_title": word("warnings", language),
    }


def _mark(piece: Piece, language: Language) -> Json | int:
    """Return how a piece is marked; 0 for plain text, which most of an article is."""
    if not piece.items and not piece.furniture:
        return 0
    mark = {"items": " ".join(piece.items)}
    if piece.core:
        mark["core"] = " ".join(piece.core)
    if piece.furniture:
        mark["furniture"] = furniture_word(piece.furniture, language)
    return mark


def _frame(rows: Sequence[ListRow], language: Language) -> Json:
    return {
        "words": {key: page_word(key, language) for key in _SCRIPT_WORDS},
        "highlights": _HIGHLIGHTS,
        "verdicts": MARKS,
        "rows": [row.as_json() for row in rows],
    }


def _counts(rows: Sequence[ListRow], inputs: int, language: Language) -> str:
    statuses = Counter(row.counts.status for row in rows)
    counts = {status: statuses[status] for status in ("ok", "needs_review", "failed")}
    return word("counts", language).format(all=len(rows), inputs=inputs, **counts)


def _engines(rows: Sequence[ListRow], language: Language) -> list[str]:
    return [
        label("made_by", language) + line for line in sorted({engine_line(row.counts.run, language) for row in rows})
    ]


def _types(rows: Sequence[ListRow], language: Language) -> list[tuple[str, str]]:
    counted = Counter(kind for row in rows for kind in row.types)
    return [(kind, f"{code_word('deal_type', kind, language)} ({count})") for kind, count in counted.most_common()]


def _by_frequency(rows: Sequence[ListRow]) -> list[str]:
    """Return the parties' names, those of most articles first."""
    return [name for name, _ in Counter(name for row in rows for name in row.parties).most_common()]


def _embedded(value: Any) -> Markup:
    """Return JSON that is inert inside a script block and reads back as the value with its texts as `_shown` gives them."""
    dumped = json.dumps(_shown_within(value), ensure_ascii=False, separators=(",", ":"))
    return Markup(dumped.translate(_UNSAFE_IN_SCRIPT))  # noqa: S704 - no character of markup is left


def _shown_within(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _shown_within(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_shown_within(one) for one in value]
    return _shown(value)


def _shown(value: Any) -> Any:
    """Return text with control, bidirectional and invisible characters as escapes; line breaks and tabs stay."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return "".join(part if at % 2 else visible(part) for at, part in enumerate(_LAYOUT.split(value)))
