"""Reading inputs: formats, encodings, canonical text with a map back to the source, page furniture, sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.articles.article import Article
    from summarizer.articles.ids import file_name_of
    from summarizer.articles.inputs import read_inputs
    from summarizer.articles.repetition import RepetitionIndex

__all__ = ["Article", "RepetitionIndex", "file_name_of", "read_inputs"]

_HOMES = {
    "Article": "summarizer.articles.article",
    "RepetitionIndex": "summarizer.articles.repetition",
    "file_name_of": "summarizer.articles.ids",
    "read_inputs": "summarizer.articles.inputs",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
