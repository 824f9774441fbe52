"""A human's draft against the records and texts of a batch: the last look before printing.

`check_draft(read_draft(path), read_sources(folder))` finds every number, date and party of the draft and says of each
what the articles say; `render_text`, `render_json` and `render_html` show the report. No model, no network.
"""

from __future__ import annotations

from summarizer.check.draft import Draft, draft_of, read_draft
from summarizer.check.findings import CheckReport, Finding, Saying
from summarizer.check.page import render_html
from summarizer.check.resolve import check_draft
from summarizer.check.sources import Source, Sources, read_sources
from summarizer.check.views import render_json, render_text

__all__ = [
    "CheckReport",
    "Draft",
    "Finding",
    "Saying",
    "Source",
    "Sources",
    "check_draft",
    "draft_of",
    "read_draft",
    "read_sources",
    "render_html",
    "render_json",
    "render_text",
]
