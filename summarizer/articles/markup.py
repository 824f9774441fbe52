"""From decoded source to canonical text: is it marked up, and what does a reader of it see?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from summarizer.articles.front_matter import FrontMatter, read_front_matter
from summarizer.articles.html_text import KNOWN, HtmlReader, PageHead, Region
from summarizer.articles.markdown_text import MarkdownReader
from summarizer.articles.source_map import SourceMap
from summarizer.articles.visible import VisibleText

HTML: Final = "html"
MARKDOWN: Final = "md"
PLAIN: Final = "txt"

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(\s[^<>]*|\s*/)?>")
_DOCUMENT = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_PAIRED: Final = KNOWN - {"br", "hr", "img", "p", "li", "input", "meta", "link", "wbr", "data", "time", "map", "main"}
_SAMPLE_TAGS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A source as its reader sees it.

    `source_map` is None where the canonical text is the source itself. `regions` are what the page's own markup calls
    navigation, footer and the like; `head` what it states about itself; both offsets are into `text`.
    """

    text: str
    source_map: SourceMap | None = None
    front_matter: FrontMatter | None = None
    regions: tuple[Region, ...] = ()
    head: PageHead | None = None
    warnings: tuple[str, ...] = ()


def has_html(text: str) -> bool:
    """Whether a plain text holds HTML markup rather than a stray `<`, a comparison or an address in angle brackets.

    It does if it is a page, or if it has a closed pair of a known element, a `<br>`, an image, or several paragraphs.

    Example:
        >>> has_html("a < b, see <http://example.com>"), has_html("约<b>5</b>亿元")
        (False, True)
    """
    if "<" not in text:
        return False
    if _DOCUMENT.search(text, 0, 2000):
        return True
    opened: set[str] = set()
    paragraphs = 0
    for number, match in enumerate(_TAG.finditer(text)):
        name = match[2].lower()
        if name == "br" or (name == "img" and "src" in (match[3] or "").lower()):
            return True
        if name == "p":
            paragraphs += 1
            if paragraphs > 1:
                return True
        elif name in _PAIRED:
            if not match[1]:
                opened.add(name)
            elif name in opened:
                return True
        if number >= _SAMPLE_TAGS:
            break
    return False


def read_markup(source: str, format_hint: str = PLAIN) -> Marked:
    """Return what a reader sees of a decoded source.

    `html` is always markup. `md` is Markdown, HTML within it included; where nothing but white space would change, the
    canonical text is the source itself. `txt` is markup only if it holds HTML tags; with front matter as well it is
    read as the Markdown post that it is. A front matter block stays in the canonical text as it is.

    Cost: linear; about 1 ms for an article of 4,000 characters with 100 tags.
    """
    front_matter = read_front_matter(source)
    warnings = front_matter.warnings if front_matter else ()
    body_start = front_matter.end if front_matter else 0
    is_html = format_hint == HTML
    is_markdown = format_hint == MARKDOWN
    if format_hint == PLAIN:
        if not has_html(source if body_start == 0 else source[body_start:]):
            return Marked(text=source, front_matter=front_matter, warnings=warnings)
        is_markdown = front_matter is not None
        is_html = not is_markdown
    out = VisibleText(source)
    reader = HtmlReader(source, out, known_only=format_hint == PLAIN or is_markdown)
    out.verbatim(0, body_start)
    if is_html:
        reader.feed(body_start, len(source))
    else:
        MarkdownReader(source, out, reader).feed(body_start, len(source))
    reader.close()
    text, source_map = out.build()
    if is_markdown and "".join(text.split()) == "".join(source.split()):
        return Marked(text=source, front_matter=front_matter, warnings=warnings)
    return Marked(
        text=text,
        source_map=source_map,
        front_matter=front_matter,
        regions=tuple(reader.regions),
        head=reader.head,
        warnings=(*warnings, *reader.warnings),
    )
