"""An article as every later stage sees it: canonical text, where it came from, what of it is furniture."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from summarizer.records import ArticleInfo, Furniture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarizer.articles.source_map import SourceMap


# The kind of furniture that is known by its repetition over several articles of a batch.
REPEATED: Final = "repeated"


# No slots: cached_property needs the instance dictionary.
@dataclass(frozen=True, kw_only=True)
class Article:
    """One article, read.

    `text` is the canonical text: the decoded file itself for plain text, the visible text for marked-up sources.
    All offsets of the toolkit are code points into it, half open. `source_map` leads back into the decoded file and is
    None where the text is that file. `furniture` are the ranges that evidence must not come from, ordered and disjoint.
    """

    id: str
    source: str
    text: str
    language: str
    title: str | None = None
    publisher: str | None = None
    published_on: str | None = None
    encoding: str | None = None
    furniture: tuple[Furniture, ...] = ()
    source_map: SourceMap | None = None
    warnings: tuple[str, ...] = field(default=())

    @cached_property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the canonical text in UTF-8."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def sentences(self) -> Sequence[tuple[int, int]]:
        """Spans of the body's sentences in order, the text's own furniture left out, outer white space trimmed.

        The position in this list, counted from 1, is the number by which a prompt and a proposal cite the sentence.
        """
        from summarizer.articles.sentences import split_sentences

        return split_sentences(self.text, own_furniture(self.furniture))

    def info(self) -> ArticleInfo:
        """Return the record's `article` part."""
        return ArticleInfo(
            id=self.id,
            source=self.source,
            title=self.title,
            publisher=self.publisher,
            published_on=self.published_on,
            language=self.language,
            sha256=self.sha256,
            chars=len(self.text),
            encoding=self.encoding,
            furniture=self.furniture,
            warnings=self.warnings,
        )

    def with_id(self, article_id: str) -> Article:
        """Return the same article under another id; the article itself where it bears that one already."""
        return self if article_id == self.id else replace(self, id=article_id)

    @classmethod
    def from_text(cls, text: str, *, id: str, source: str | None = None) -> Article:
        """Make an article of a text that is in memory already.

        The text is read like the content of a .txt file: front matter and HTML in it are recognised.

        Args:
            text: the article; must not be blank.
            id: a name for it, unique in the run.
            source: where it came from, for the reader's eyes; the id by default.

        Raises:
            EmptyInputError: nothing to read in it.

        Example:
            >>> Article.from_text("11月18日，甲公司与乙公司签约。", id="a1").language
            'zh'
        """
        from summarizer.articles.reading import article_from_text

        return article_from_text(text, article_id=id, source=source or id)


def own_furniture(furniture: Sequence[Furniture]) -> tuple[Furniture, ...]:
    """Return the furniture that the text itself shows, without what only other articles of a batch show.

    Sentences, and with them the request to a model, depend on the article alone: were they to depend on the batch, one
    more article in it would have all others asked, and paid for, again.
    """
    return tuple(piece for piece in furniture if piece.kind != REPEATED)
