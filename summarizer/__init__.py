"""Structured, verified summaries, key figures and deal terms from Chinese and English business news.

    from summarizer import Summarizer, ArticleRecord
    record = Summarizer().summarize("article.txt")
    records = ArticleRecord.load_jsonl("out/results.jsonl")

Names are loaded on first use: `import summarizer` itself loads neither pydantic nor a model client.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.api import Summarizer as Summarizer
    from summarizer.articles import Article as Article
    from summarizer.errors import SummarizerError as SummarizerError
    from summarizer.profiles import (
        AmountWords as AmountWords,
        Copied as Copied,
        DateWords as DateWords,
        Profile as Profile,
        ProfileItem as ProfileItem,
        ProfileResponse as ProfileResponse,
    )
    from summarizer.records import (
        ArticleRecord as ArticleRecord,
        Deal as Deal,
        Evidence as Evidence,
        KeyFigure as KeyFigure,
        Quantity as Quantity,
        Term as Term,
    )
    from summarizer.report.amounts import render_amount as render_amount
    from summarizer.report.arrow import to_table as to_table
    from summarizer.report.frames import to_frame as to_frame
    from summarizer.report.periods import render_period as render_period
    from summarizer.settings import Settings as Settings

_HOME = {
    "AmountWords": "summarizer.profiles",
    "Article": "summarizer.articles",
    "ArticleRecord": "summarizer.records",
    "Copied": "summarizer.profiles",
    "DateWords": "summarizer.profiles",
    "Deal": "summarizer.records",
    "Evidence": "summarizer.records",
    "KeyFigure": "summarizer.records",
    "Profile": "summarizer.profiles",
    "ProfileItem": "summarizer.profiles",
    "ProfileResponse": "summarizer.profiles",
    "Quantity": "summarizer.records",
    "Settings": "summarizer.settings",
    "Summarizer": "summarizer.api",
    "SummarizerError": "summarizer.errors",
    "Term": "summarizer.records",
    "render_amount": "summarizer.report.amounts",
    "render_period": "summarizer.report.periods",
    "to_frame": "summarizer.report.frames",
    "to_table": "summarizer.report.arrow",
}

__all__ = [  # noqa: PLE0604 - exactly the names above
    *_HOME
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'summarizer' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
