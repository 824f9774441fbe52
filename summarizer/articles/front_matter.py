"""The YAML block at the head of a post (Jekyll, Hugo): title, date, publisher, language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import yaml

from summarizer.articles.dates import read_date

MAX_BLOCK_CHARS: Final = 65_536
_MAX_DEPTH: Final = 20
_MAX_EVENTS: Final = 20_000

_OPENING = re.compile(r"\ufeff?---[ \t]*(?:\r\n|\n|\r)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE)
_KEY_LINE = re.compile(r"(?:\s*(?:#[^\n]*)?\r?\n)*[\"']?[A-Za-z_][\w .-]{0,60}[\"']?[ \t]*:(?:[ \t]|\r?\n)")
_PLAIN_LINE = re.compile(r"^([A-Za-z_][\w-]{0,40})[ \t]*:[ \t]+([^\r\n]{1,500})", re.MULTILINE)
_TITLE_KEYS = ("title",)
_DATE_KEYS = ("date", "published", "published_on", "published_at", "publish_date", "pubdate", "datepublished", "time")
_PUBLISHER_KEYS = ("publisher", "source", "site", "site_name", "publication", "media", "来源", "媒体")
_LANGUAGE_KEYS = ("lang", "language", "locale")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """A front matter block: `text[start:end]` with both fences, and what it states about the article.

    `warnings` says why a block could not be read; what it states is then whatever single lines state plainly.
    """

    start: int
    end: int
    title: str | None = None
    published_on: str | None = None
    publisher: str | None = None
    language: str | None = None
    warnings: tuple[str, ...] = ()


def read_front_matter(text: str) -> FrontMatter | None:
    """Return the front matter at the head of `text`, None if there is none.

    Only the scalars of the top level are used; they are read as strings, so no YAML type is ever built. Aliases,
    anchors, tags, depth over 20 and blocks over 64 kB are refused. A refused or broken block is still front matter:
    the article stays readable, and a warning (`front_matter_broken`, `front_matter_refused`) says so. A dashed line
    without a closing one is ordinary text.
    """
    opening = _OPENING.match(text)
    if opening is None or not _KEY_LINE.match(text, opening.end()):
        return None
    # Every character takes at least one byte, so this bounds the search and the check below bounds the bytes.
    closing = _CLOSING.search(text, opening.end(), opening.end() + MAX_BLOCK_CHARS)
    if closing is None:
        return None
    block = text[opening.end() : closing.start()]
    end = closing.end()
    if len(block.encode("utf-8", "surrogatepass")) > MAX_BLOCK_CHARS:
        return FrontMatter(start=0, end=end, warnings=("front_matter_refused",))
    warnings: tuple[str, ...] = ()
    try:
        fields = _top_level(block)
    except _RefusedBlockError:
        return FrontMatter(start=0, end=end, warnings=("front_matter_refused",))
    except yaml.YAMLError:
        # Mostly a title with an unquoted colon.
        fields = {key.lower(): _unquoted(value) for key, value in _PLAIN_LINE.findall(block)}
        warnings = ("front_matter_broken",)
    date = _first(fields, _DATE_KEYS)
    return FrontMatter(
        start=0,
        end=end,
        title=_first(fields, _TITLE_KEYS),
        published_on=read_date(date) if date else None,
        publisher=_first(fields, _PUBLISHER_KEYS),
        language=_first(fields, _LANGUAGE_KEYS),
        warnings=warnings,
    )


class _RefusedBlockError(Exception):
    """An alias, an anchor, a tag, or more structure than an article's head has."""


def _top_level(block: str) -> dict[str, str]:
    """Return the top mapping's scalar entries, read from the parser's events: nothing is constructed, nothing recurses."""
    fields: dict[str, str] = {}
    depth = 0
    key: str | None = None
    is_key = True
    for count, event in enumerate(_events(block)):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or count > _MAX_EVENTS:
            raise _RefusedBlockError
        if getattr(event, "tag", None):
            raise _RefusedBlockError
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > _MAX_DEPTH:
                raise _RefusedBlockError
            if depth == 1 and isinstance(event, yaml.SequenceStartEvent):
                return {}
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
            if depth == 1:
                is_key = not is_key
        elif isinstance(event, yaml.ScalarEvent) and depth == 1:
            if is_key:
                key = event.value.lower()
            elif key is not None:
                fields.setdefault(key, event.value)
            is_key = not is_key
    return fields


def _events(block: str) -> Any:
    return yaml.parse(block, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    # A block scalar, an alias, a tag or a collection is not what this line states plainly.
    return "" if value[:1] in set("&*!|>[{%@`\"'") else value


def _first(fields: dict[str, str], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = " ".join(fields.get(key, "").split())
        if value and value not in {"~", "null", "Null", "NULL"}:
            return value
    return None
