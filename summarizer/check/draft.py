"""A human's draft as text: Markdown as its reader sees it, plain text, Word."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from summarizer.articles.child import extract
from summarizer.articles.encoding import decode
from summarizer.articles.files import read_bytes
from summarizer.articles.language import detect_language
from summarizer.articles.markup import MARKDOWN, PLAIN, read_markup
from summarizer.articles.sentences import split_sentences
from summarizer.errors import (
    EmptyInputError,
    EncodingError,
    InputError,
    MissingExtraError,
    UnreadableInputError,
    UsageError,
)
from summarizer.verify import ArticleText

if TYPE_CHECKING:
    from summarizer.articles.source_map import SourceMap

_MAX_BYTES: Final = 20_000_000
_FORMATS: Final = {".md": MARKDOWN, ".markdown": MARKDOWN, ".txt": PLAIN, ".docx": "docx"}
# A line break inside a paragraph of wrapped Latin text; a list's item, a table's row or a heading begins a new one.
_WRAPPED = re.compile(r"(?<=[A-Za-z0-9,;%)’'-])(\r?\n)(?=[A-Za-z0-9($€£“‘\"'])(?![-*+#>|]|\d{1,3}[.)、]\s)")
_WRAP_CHARS: Final = 50


# No slots: cached_property needs the instance dictionary.
@dataclass(frozen=True, kw_only=True)
class Draft:
    """A draft ready to be checked. `text` is what its reader sees; all offsets are code points into it, half open.

    `original` is the file as decoded, with the map that leads there, where the text is not the file itself.
    """

    source: str
    text: str
    skipped: int = 0
    original: str | None = None
    source_map: SourceMap | None = None

    @cached_property
    def article(self) -> ArticleText:
        """The draft scanned and cut into sentences, as verification does it with an article."""
        joined = _joined(self.text)
        sentences = tuple(span for span in split_sentences(joined) if span[0] >= self.skipped)
        return ArticleText(text=joined, sentences=sentences, language=detect_language(joined))

    @cached_property
    def paragraphs(self) -> tuple[tuple[int, int], ...]:
        """The spans of the lines that are not blank; a wrapped paragraph is one."""
        text = self.article.text
        spans = []
        start = self.skipped
        while start < len(text):
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            if text[start:end].strip():
                spans.append((start, end))
            start = end + 1
        return tuple(spans)

    def line_at(self, offset: int) -> int:
        """Return the number, from 1, of the line of the file that holds the character at `offset`."""
        if self.source_map is not None:
            offset = self.source_map.to_source(offset, min(offset + 1, len(self.text)))[0]
        return bisect_right(self._line_starts, offset)

    @cached_property
    def _line_starts(self) -> list[int]:
        text = self.text if self.original is None else self.original
        return [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]


def _joined(text: str) -> str:
    """Return the text, of the same length, with the line breaks inside wrapped paragraphs as blanks."""
    # Where the line begins that was joined with the one before it; none yet.
    joined = -1

    def join(match: re.Match[str]) -> str:
        nonlocal joined
        begin = text.rfind("\n", 0, match.start()) + 1
        # A short line goes on where the one before it did.
        if match.start() - begin < _WRAP_CHARS and joined != begin:
            return match[0]
        joined = match.end()
        return " " * len(match[0])

    return _WRAPPED.sub(join, text)


def draft_of(text: str, *, source: str = "draft", markup: str = PLAIN) -> Draft:
    """Make a draft of a text in memory; `markup` is `md` or `txt`. Front matter is not checked."""
    marked = read_markup(text, markup)
    skipped = marked.front_matter.end if marked.front_matter else 0
    original = None if marked.source_map is None else text
    return Draft(source=source, text=marked.text, skipped=skipped, original=original, source_map=marked.source_map)


def read_draft(path: str | os.PathLike[str]) -> Draft:
    """Read a draft: .md, .txt or .docx, by its suffix.

    Raises:
        UsageError: another suffix, or .docx without the extra `docx`.
        UnreadableInputError: the file is missing, may not be read, or is over 20 MB.
        EmptyInputError: nothing to read in it.
        EncodingError: it is no text.
        FormatError: a .docx that is none, or is damaged or protected.
        ParserLimitError: a .docx that takes more memory or time than a document may.
    """
    name = os.fspath(path)
    form = _FORMATS.get(Path(path).suffix.lower())
    if form is None:
        raise UsageError(f"cannot check {name!r}: expected a .md, .txt or .docx file; save the draft as one of them")
    try:
        # A link that the caller names is followed: naming it is consent. What it leads to is opened if it is a file.
        target = Path(path).resolve(strict=True)
        if target.stat().st_size > _MAX_BYTES:
            raise UnreadableInputError(f"{name!r} is larger than 20 MB; give the draft without its pictures")
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "a loop of links"
        raise UnreadableInputError(f"cannot read {name!r}: {reason}; name the file of a draft") from error
    data = read_bytes(target)
    if form == "docx":
        draft = Draft(source=name, text=_word_text(data, name))
    else:
        try:
            text, _ = decode(data)
        except EncodingError as error:
            raise EncodingError(f"{name!r} {error}") from error
        draft = draft_of(text, source=name, markup=form)
    if not draft.text[draft.skipped :].strip():
        raise EmptyInputError(f"nothing to read in {name!r}; name the file of a draft")
    return draft


def _word_text(data: bytes, name: str) -> str:
    """Return the paragraphs and table rows of a Word document, one a line, as an article in Word is read."""
    try:
        return extract(data, "docx").text
    except MissingExtraError as error:
        raise UsageError(f"{name!r} {error}") from error
    except InputError as error:
        raise type(error)(f"{name!r} {error}") from error
