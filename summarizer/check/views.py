"""A report on a draft for the terminal and for programs."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator

from summarizer.check.findings import OUTCOMES, CheckReport, Finding
from summarizer.check.words import Language, explain, word

_SHOWN_CHARS = 160
# Control characters, and those that turn the direction of writing or show nothing.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_SCHEMA = "1"


def render_text(report: CheckReport, language: Language = "en") -> str:
    """Return the report for a terminal: what is contradicted, what unsupported, and how many are supported.

    One finding takes a line with its place and words, a line with the reason, and one with the article's words. Control
    and bidirectional characters of draft and articles are shown as escapes.
    """
    lines = [f"{shown(report.source)}: {_counted(report, language)}"]
    for finding in (one for outcome in OUTCOMES for one in report.findings if one.outcome == outcome):
        if finding.outcome != "supported":
            lines += _lines(finding, language)
    if not report.findings:
        lines.append(word("nothing", language))
    elif report.is_clean:
        lines.append(word("clean", language))
    lines += notes(report, language)
    return "\n".join(lines) + "\n"


def render_json(report: CheckReport) -> str:
    """Return the whole report as JSON, every finding with its offsets, UTF-8 not escaped to ASCII."""
    data = {
        "schema_version": _SCHEMA,
        "source": report.source,
        "is_clean": report.is_clean,
        "counts": report.counts,
        "articles": report.articles,
        "findings": [dataclasses.asdict(finding) for finding in report.findings],
        "uncompared": report.uncompared,
        "missing": report.missing,
    }
    # A lone surrogate could not be written as UTF-8.
    text = json.dumps(data, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace").decode("utf-8")
    return text + "\n"


def notes(report: CheckReport, language: Language) -> list[str]:
    """Return what the report could not look at, one line each, and how many articles it looked at."""
    lines = [
        f"{word(key, language)}: {', '.join(shown(name) for name in names)}"
        for key, names in (("uncompared", report.uncompared), ("missing", report.missing))
        if names
    ]
    return [*lines, word("against", language).format(count=report.articles)]


def shown(text: str, limit: int = _SHOWN_CHARS) -> str:
    """Return foreign text on one line, cut at `limit`, with what does not show as its escape."""
    flat = " ".join(text.split())
    flat = flat if len(flat) <= limit else f"{flat[:limit]}…"
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", flat)


def _counted(report: CheckReport, language: Language) -> str:
    return ", ".join(f"{number} {word(outcome, language)}" for outcome, number in report.counts.items())


def _lines(finding: Finding, language: Language) -> Iterator[str]:
    line = word("line", language).format(line=finding.line)
    outcome = word(finding.outcome, language)
    yield f"{line}: {shown(finding.text)} [{outcome}, {finding.reason}]"
    yield f"    {explain(finding.reason, language)}"
    for saying in finding.says:
        yield f"    {word('says', language)} {shown(saying.article_id)} [{saying.start}:{saying.end}]: {shown(saying.quote)}"
