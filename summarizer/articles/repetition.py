"""Furniture known by its repetition: what stands at the head or tail of several articles of a batch."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from summarizer.articles.article import REPEATED, Article
from summarizer.articles.sentences import split_sentences
from summarizer.records import Furniture

_EDGE_CHARS: Final = 3000
_MIN_CHARS: Final = 8
_LONG_CHARS: Final = 100
_MAX_SEGMENTS: Final = 200_000
# A text that is mostly repeated is the same story again, not a story in the same page.
_MAX_SHARE: Final = 0.5
_SPACE = re.compile(r"\s+")


class RepetitionIndex:
    """Counts in how many articles a sentence or line stands at the head or the tail, and marks what repeats.

    A segment counts as repeated from three articles on, or from two if it has 100 characters. Only an unbroken run
    of repeated segments (and furniture) at the beginning or end of an article is marked, kind `repeated`, and nothing
    at all if half of the article repeats: that is the same story printed twice, and its facts stay.

    Memory is bounded: at most 200,000 segments of 8 bytes are counted; when there are more, those seen once go.
    Marking depends on what was added before: add the whole batch first, then mark.
    """

    def __init__(self) -> None:
        self._counts: dict[bytes, int] = {}
        self._articles: set[bytes] = set()

    def add(self, article: Article) -> None:
        """Count an article's edges. The same text a second time does not count."""
        digest = bytes.fromhex(article.sha256)[:8]
        if digest in self._articles:
            return
        self._articles.add(digest)
        for key in {key for _, _, key in _edge_segments(article)}:
            self._counts[key] = self._counts.get(key, 0) + 1
        if len(self._counts) > _MAX_SEGMENTS:
            self._counts = {key: count for key, count in self._counts.items() if count > 1}

    def mark(self, article: Article) -> Article:
        """Return the article with repeated edges added to its furniture; the same object if there are none."""
        segments = list(_edge_segments(article))
        head = self._run(segments)
        tail = self._run(segments[::-1])
        if len(head) == len(segments):
            return article
        ranges = [(start, end) for start, end, _ in [*head, *tail]]
        body = sum(end - start for start, end in article.sentences)
        if not ranges or sum(end - start for start, end in ranges) > _MAX_SHARE * body:
            return article
        added = tuple(Furniture(start=start, end=end, kind=REPEATED) for start, end in sorted(ranges))
        furniture = tuple(sorted((*article.furniture, *added), key=lambda item: item.start))
        return replace(article, furniture=furniture)

    def _run(self, segments: list[tuple[int, int, bytes]]) -> list[tuple[int, int, bytes]]:
        run = []
        for start, end, key in segments:
            if self._counts.get(key, 0) < (2 if end - start >= _LONG_CHARS else 3):
                break
            run.append((start, end, key))
        return run


def _edge_segments(article: Article) -> Iterator[tuple[int, int, bytes]]:
    """The body's sentences within the first and last 3,000 characters, with a hash of each."""
    text = article.text
    for start, end in split_sentences(text, article.furniture):
        if (start < _EDGE_CHARS or end > len(text) - _EDGE_CHARS) and end - start >= _MIN_CHARS:
            folded = _SPACE.sub("", text[start:end])
            yield start, end, hashlib.blake2b(folded.encode("utf-8"), digest_size=8).digest()
