"""JSON Lines: one article a line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from summarizer.articles.article import Article
from summarizer.articles.dates import read_date
from summarizer.articles.encoding import decode
from summarizer.articles.files import MAX_FILE_BYTES
from summarizer.articles.markup import HTML, PLAIN
from summarizer.articles.reading import Stated, article_from_text
from summarizer.errors import EncodingError, FormatError

_TEXT_KEYS: Final = ("text", "content", "body", "html")
_ID_KEYS: Final = ("id", "article_id", "_id")
_TITLE_KEYS: Final = ("title", "headline")
_PUBLISHER_KEYS: Final = ("publisher", "source", "site")
_DATE_KEYS: Final = ("date", "published_on", "published_at", "publish_date", "pubdate")
_LANGUAGE_KEYS: Final = ("language", "lang")


class _Number(str):
    """A number's digits as written: an id may be one, a text may not."""

    __slots__ = ()


def split_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of each line that is not blank; a line feed ends a line, U+2028 within a text does not.

    A UTF-8 mark at the beginning is left out. One line is held at a time.

    Raises:
        FormatError: a line is longer than a file may be.
    """
    number = 0
    while line := file.readline(MAX_FILE_BYTES + 1):
        number += 1
        if len(line) > MAX_FILE_BYTES:
            raise FormatError(
                f"line {number} has more than {MAX_FILE_BYTES} bytes; no article is that long: write one object a line"
            )
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        line = line.strip(b" \t\r\n\x0b\x0c")
        if line:
            yield number, line


def is_jsonl(data: bytes) -> bool:
    """Whether every line that is not blank is a JSON object, and there is one."""
    found = False
    for _, line in split_lines(io.BytesIO(data)):
        if not line.startswith(b"{") or not line.endswith(b"}"):
            return False
        try:
            if not isinstance(json.loads(line), dict):
                return False
        except (ValueError, RecursionError):
            return False
        found = True
    return found


def read_line(line: bytes, *, source: str, fallback_id: str) -> tuple[Article, bool]:
    """Return the article of a line, and whether the line itself gives its id.

    Fields: the text under `text`, `content`, `body` or `html`; optional `id`, `title`, `publisher` or `source`, `date` or
    `published_on`, `language`, `url`.

    Raises:
        InputError: no JSON object, or no article in it; the message names `source`.
    """
    fields = _object_of(line, source)
    text, key = _text_of(fields, source)
    given = _first(fields, _ID_KEYS)
    date = _first(fields, _DATE_KEYS)
    url = _first(fields, ("url", "link"))
    article = article_from_text(
        text,
        article_id=given or fallback_id,
        source=f"{source} ({url})" if url and len(url) <= 500 else source,
        format_hint=HTML if key == "html" else PLAIN,
        encoding=None,
        stated=Stated(
            title=_first(fields, _TITLE_KEYS),
            publisher=_first(fields, _PUBLISHER_KEYS),
            published_on=read_date(date) if date else None,
            language=_first(fields, _LANGUAGE_KEYS),
        ),
    )
    return article, given is not None


def _object_of(line: bytes, source: str) -> dict[str, Any]:
    try:
        text = decode(line)[0]
    except EncodingError as error:
        raise EncodingError(f"{source!r} {error}") from error
    try:
        # parse_int: a number of 5,000 digits is no reason to fail, and none of our business.
        fields = json.loads(text, parse_int=_Number, parse_float=_Number)
    except ValueError as error:
        raise FormatError(
            f"{source!r} is no JSON object (cut off or broken); write one object a line or remove the line"
        ) from error
    except RecursionError as error:
        raise FormatError(f"{source!r} is nested too deeply; write one flat object a line") from error
    if not isinstance(fields, dict):
        raise FormatError(f'{source!r} is JSON but no object; write one object a line: {{"id": …, "text": …}}')
    return fields


def _text_of(fields: dict[str, Any], source: str) -> tuple[str, str]:
    for key in _TEXT_KEYS:
        value = fields.get(key)
        if type(value) is str and value.strip():
            return value, key
    for key in _TEXT_KEYS:
        if type(fields.get(key)) is str:
            return fields[key], key
    raise FormatError(f"{source!r} has no article; give its text under one of {', '.join(map(repr, _TEXT_KEYS))}")


def _first(fields: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = fields.get(key)
        if isinstance(value, str) and (cleaned := " ".join(value.split())):
            _refuse_surrogates(cleaned, key)
            return cleaned
    return None


def _refuse_surrogates(value: str, key: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise FormatError(f"field {key!r} holds a lone surrogate; write whole characters") from error
