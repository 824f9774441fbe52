"""One input as bytes, before it is read as an article: what it is recognised by, and the register that keeps ids unique."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from summarizer.articles.article import Article
from summarizer.articles.jsonl import read_line
from summarizer.articles.reading import article_from_bytes, article_from_document
from summarizer.records import FailedInput

if TYPE_CHECKING:
    from threading import Event

    from summarizer.articles.child import Extract

# The format hint of a line of JSON Lines, and those of documents; the others are those of `articles.markup`.
LINE: Final = "jsonl"
DOCUMENTS: Final = frozenset({"pdf", "docx"})
_KEY_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class RawInput:
    """A file's bytes, or those of a line of JSON Lines.

    `source` is shown to the reader; `name` becomes the article's id where the content states none.
    """

    source: str
    name: str
    data: bytes
    format_hint: str
    # Waits for what a document is found to hold, where it is being parsed already.
    parsed: Callable[[], Extract] | None = None

    @property
    def is_document(self) -> bool:
        """Whether a process of its own reads it."""
        return self.format_hint in DOCUMENTS

    def parse(self, is_left: Event | None = None) -> Extract:
        """Return what a document holds, as `child.extract` does; for nobody any more once `is_left` is set."""
        # Few runs hold a document, and what starts a process takes its time to load.
        from summarizer.articles.child import extract

        return extract(self.data, self.format_hint, is_left=is_left)

    @property
    def key(self) -> bytes:
        """16 bytes that stand for everything the article is read from: content, source, name and format."""
        digest = hashlib.blake2b(digest_size=_KEY_BYTES)
        for part in (self.source, self.name, self.format_hint):
            encoded = part.encode("utf-8", "surrogatepass")
            digest.update(len(encoded).to_bytes(4, "big") + encoded)
        digest.update(self.data)
        return digest.digest()

    def read(self) -> tuple[Article, bool]:
        """Return the article, and whether the input itself states its id.

        Raises:
            InputError: there is no article in it; the message names `source`.

        Cost: about 2 ms for 4,000 characters; a process of its own for a document.
        """
        if self.format_hint == LINE:
            return read_line(self.data, source=self.source, fallback_id=self.name)
        if self.is_document:
            parse = self.parsed or self.parse
            return article_from_document(self.data, parse, article_id=self.name, source=self.source), False
        article = article_from_bytes(self.data, article_id=self.name, source=self.source, format_hint=self.format_hint)
        return article, False


class IdRegister:
    """Keeps ids unique: the same article again is skipped, another one under its id is renamed or refused.

    Some 200 bytes an article.
    """

    def __init__(self) -> None:
        self._seen: dict[bytes, bytes] = {}

    def assign(self, source: str, article_id: str, sha256: bytes, *, is_id_given: bool) -> str | FailedInput:
        """Return the id under which the article goes on, or why it does not."""
        seen = self._seen.get(_short(article_id))
        if seen is not None and seen != sha256[:_KEY_BYTES]:
            if is_id_given:
                return FailedInput(
                    source=source,
                    id=article_id,
                    kind="duplicate_id",
                    message=f"{source!r}: another text of this run bears the id {article_id!r}; give each its own",
                )
            article_id = f"{article_id}~{sha256.hex()[:8]}"
            seen = self._seen.get(_short(article_id))
        if seen is not None:
            return FailedInput(
                source=source,
                id=article_id,
                status="skipped",
                kind="duplicate",
                message=f"{source!r}: the same text as {article_id!r}, which was read before",
            )
        self._seen[_short(article_id)] = sha256[:_KEY_BYTES]
        return article_id

    def admit(self, article: Article, *, is_id_given: bool) -> Article | FailedInput:
        """Return the article under its id in this run, or why it does not go on."""
        sha256 = bytes.fromhex(article.sha256)
        assigned = self.assign(article.source, article.id, sha256, is_id_given=is_id_given)
        if isinstance(assigned, FailedInput):
            return assigned
        return article.with_id(assigned)


def _short(article_id: str) -> bytes:
    return hashlib.blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()
