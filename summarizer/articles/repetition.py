"""Furniture known by its repetition: what stands at the head or tail of several articles of a batch."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """What of an article may turn out to be repeated: the sentences near its head and tail, in order.

    Each is `(start, end, hash)`; `body` is the length of all its sentences together.
    """

    segments: tuple[tuple[int, int, int], ...]
    body: int

    @classmethod
    def of(cls, article: Article) -> Edges:
        """Return those of an article. Cost: that of dividing it into sentences."""
        spans = split_sentences(article.text, article.furniture)
        return cls(segments=tuple(_edge_segments(article.text, spans)), body=sum(end - start for start, end in spans))


class RepetitionIndex:
    """Counts in how many articles a sentence or line stands at the head or the tail, and marks what repeats.

    A segment counts as repeated from three articles on, or from two if it has 100 characters. Only an unbroken run
    of repeated segments (and furniture) at the beginning or end of an article is marked, kind `repeated`, and nothing
    at all if half of the article repeats: that is the same story printed twice, and its facts stay.

    Memory is bounded: at most 200,000 segments of 8 bytes are counted; when there are more, those seen once go.
    Marking depends on what was added before: add the whole batch first, then mark.
    """

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._articles: set[int] = set()

    def add(self, article: Article) -> None:
        """Count an article's edges. The same text a second time does not count."""
        self.count(bytes.fromhex(article.sha256), Edges.of(article))

    def count(self, sha256: bytes, edges: Edges) -> None:
        """Count the edges of the article whose text has this hash, as `add` does."""
        digest = int.from_bytes(sha256[:8], "big")
        if digest in self._articles:
            return
        self._articles.add(digest)
        for key in {key for _, _, key in edges.segments}:
            self._counts[key] = self._counts.get(key, 0) + 1
        if len(self._counts) > _MAX_SEGMENTS:
            self._counts = {key: count for key, count in self._counts.items() if count > 1}

    def mark(self, article: Article, edges: Edges | None = None) -> Article:
        """Return the article with repeated edges added to its furniture; the same object if there are none."""
        ranges = self.repeated(edges or Edges.of(article))
        if not ranges:
            return article
        added = tuple(Furniture(start=start, end=end, kind=REPEATED) for start, end in ranges)
        furniture = tuple(sorted((*article.furniture, *added), key=lambda item: item.start))
        return replace(article, furniture=furniture)

    def repeated(self, edges: Edges) -> list[tuple[int, int]]:
        """Return the ranges of an article that repeat what others have, ordered."""
        segments = edges.segments
        head = self._run(segments)
        if len(head) == len(segments):
            return []
        ranges = sorted((start, end) for start, end, _ in [*head, *self._run(segments[::-1])])
        return ranges if sum(end - start for start, end in ranges) <= _MAX_SHARE * edges.body else []

    def _run(self, segments: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
        run = []
        for start, end, key in segments:
            if self._counts.get(key, 0) < (2 if end - start >= _LONG_CHARS else 3):
                break
            run.append((start, end, key))
        return run


def _edge_segments(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """The body's sentences within the first and last 3,000 characters, with a hash of each."""
    for start, end in spans:
        if (start < _EDGE_CHARS or end > len(text) - _EDGE_CHARS) and end - start >= _MIN_CHARS:
            folded = _SPACE.sub("", text[start:end])
            digest = hashlib.blake2b(folded.encode("utf-8"), digest_size=8).digest()
            yield start, end, int.from_bytes(digest, "big")
