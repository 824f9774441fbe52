"""A report on a draft as one HTML page: the draft with every claim marked, the articles' words behind each mark.

Nothing is loaded from elsewhere, there is no script, and the policy in the head allows the one style sheet by its hash.
Whatever comes from the draft or an article is escaped text.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from html import escape
from typing import Final

from summarizer.check.findings import CheckReport, Finding
from summarizer.check.views import notes, shown
from summarizer.check.words import Language, explain, word

_STYLE: Final = """
:root { color-scheme: light dark; --ok: #1a7f37; --no: #c62828; --un: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ok: #57ab5a; --no: #ff7b72; --un: #d29922; } }
body { font: 1rem/1.7 system-ui, "Noto Sans CJK SC", sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; }
.draft { white-space: pre-wrap; overflow-wrap: anywhere; }
.draft a { color: inherit; text-decoration: none; border-bottom: 2px solid; border-radius: 2px; }
.supported { border-color: var(--ok) !important; }
.contradicted { border-color: var(--no) !important; background: color-mix(in srgb, var(--no) 18%, transparent); }
.unsupported { border-color: var(--un) !important; background: color-mix(in srgb, var(--un) 18%, transparent); }
li { margin: .6rem 0; padding-left: .6rem; border-left: 4px solid; overflow-wrap: anywhere; }
li:target { outline: 2px solid; }
ol { list-style: none; padding: 0; }
blockquote { margin: .2rem 0 .2rem 1rem; }
small { opacity: .75; }
@media print { .draft a { border-bottom-width: 1px; } }
"""


def render_html(report: CheckReport, language: Language = "en") -> str:
    """Return the report as a self-contained page, to be written as UTF-8; it works from the file system, offline."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    counts = ", ".join(f"{number} {word(outcome, language)}" for outcome, number in report.counts.items())
    title = f"{word('title', language)}: {shown(report.source)}"
    lang = "zh-Hans" if language == "zh" else "en"
    return "".join(
        (
            f'<!doctype html>\n<html lang="{lang}"><head><meta http-equiv="Content-Security-Policy" content="{policy}">',
            f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{_safe(title)}</title>',
            f"<style>{_STYLE}</style></head><body><h1>{_safe(title)}</h1><p>{_safe(counts)}</p>",
            *(f"<p><small>{_safe(note)}</small></p>" for note in notes(report, language)),
            f'<div class="draft">{"".join(_marked(report, language))}</div>',
            f"<h2>{_safe(word('findings', language))}</h2><ol>",
            *(_item(number, finding, language) for number, finding in enumerate(report.findings)),
            "</ol></body></html>\n",
        )
    )


def _marked(report: CheckReport, language: Language) -> Iterator[str]:
    """Yield the draft's text with each finding as a link to its entry; of two that overlap the first is marked."""
    at = 0
    for number, finding in enumerate(report.findings):
        if finding.start < at:
            continue
        yield _text(report.text[at : finding.start])
        tip = f"{word(finding.outcome, language)}: {explain(finding.reason, language)}"
        words = _text(report.text[finding.start : finding.end])
        yield f'<a class="{finding.outcome}" href="#f{number}" title="{_safe(tip)}">{words}</a>'
        at = finding.end
    yield _text(report.text[at:])


def _item(number: int, finding: Finding, language: Language) -> str:
    head = " · ".join(
        (
            word("line", language).format(line=finding.line),
            word(finding.kind, language),
            word(finding.outcome, language),
        )
    )
    quotes = "".join(
        f"<blockquote>{_safe(shown(saying.quote, 400))}<br>"
        f"<small>{_safe(shown(saying.article_id))} [{saying.start}:{saying.end}]</small></blockquote>"
        for saying in finding.says
    )
    return (
        f'<li id="f{number}" class="{finding.outcome}"><small>{_safe(head)}</small><br>'
        f"<strong>{_safe(shown(finding.text))}</strong> "
        f"{_safe(explain(finding.reason, language))} <small>{finding.reason}</small>{quotes}</li>"
    )


def _text(text: str) -> str:
    """Return text that keeps its lines, everything else that does not show as its escape."""
    return "\n".join(_safe(_visible(line)) for line in text.replace("\r\n", "\n").split("\n"))


def _visible(line: str) -> str:
    blanks = len(line) - len(line.lstrip(" "))
    kept = shown(line.strip(" "), len(line)) if line.strip() else ""
    return " " * blanks + kept + " " * (len(line) - len(line.rstrip(" "))) if kept else line


def _safe(text: str) -> str:
    return escape(text, quote=True)
