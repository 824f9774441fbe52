"""Everything of an article but its text, as JSON: how an article waits on disk for its turn."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from summarizer.articles.article import Article
from summarizer.articles.source_map import SourceMap
from summarizer.records import Furniture

# Their JSON is not themselves; every other field of an article is text, or None.
_BUILT: Final = frozenset({"text", "furniture", "source_map", "warnings"})
_PLAIN: Final = tuple(field.name for field in fields(Article) if field.name not in _BUILT)


def stub_of(article: Article) -> dict[str, Any]:
    """Return the article without its text as a value that JSON holds."""
    stub: dict[str, Any] = {name: value for name in _PLAIN if (value := getattr(article, name)) is not None}
    stub["furniture"] = [(one.start, one.end, one.kind) for one in article.furniture]
    if article.warnings:
        stub["warnings"] = article.warnings
    if article.source_map is not None:
        stub["source_map"] = [*article.source_map.runs, article.source_map.length]
    return stub


def article_of(stub: dict[str, Any], text: str) -> Article:
    """Return the article again, from its stub and its text.

    Raises:
        TypeError, ValueError, KeyError: no stub.
    """
    given = dict(stub)
    furniture = tuple(Furniture(start=start, end=end, kind=kind) for start, end, kind in given.pop("furniture"))
    source_map = given.pop("source_map", None)
    return Article(
        text=text,
        furniture=furniture,
        warnings=tuple(given.pop("warnings", ())),
        source_map=SourceMap.of_runs(source_map[:3], source_map[3]) if source_map else None,
        **given,
    )
