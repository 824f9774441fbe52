"""The articles of a batch as a run asks about them: what several of them repeat at head or tail is marked in each."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence

from summarizer.articles.article import Article
from summarizer.articles.inputs import read_inputs
from summarizer.articles.repetition import RepetitionIndex
from summarizer.records import FailedInput


def read_marked(
    paths: Sequence[str | os.PathLike[str]], on_failure: Callable[[FailedInput], None]
) -> Iterator[Article]:
    """Give the articles one by one; `on_failure` hears, before the first, of each input that is none.

    Every input is read twice, so that no more than one article is held; standard input is read once and held.
    """
    # Standard input cannot be read twice. Where it cannot be read at all, the reading of inputs says so.
    try:
        given = sys.stdin.buffer.read() if any(os.fspath(path) == "-" for path in paths) else b""
    except (OSError, ValueError):
        given = None
    repetition = RepetitionIndex()
    for found in read_inputs(paths, stdin=None if given is None else io.BytesIO(given)):
        if isinstance(found, Article):
            repetition.add(found)
        else:
            on_failure(found)
    for found in read_inputs(paths, stdin=None if given is None else io.BytesIO(given)):
        if isinstance(found, Article):
            yield repetition.mark(found)
