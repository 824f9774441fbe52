"""HTML to visible text with a map. One pass over the source, no recursion, linear whatever the markup."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from summarizer.articles.visible import VisibleText

_NAME = re.compile(r"<(?P<end>/)?(?P<name>[A-Za-z][A-Za-z0-9:_-]*)(?=[\s/>])")
# The rest of a tag. Quoted values may hold ">". Possessive, so that a failure costs one pass.
_REST = re.compile(r"((?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+)>")
_NAIVE_REST = re.compile(r"([^>]*+)>")
_ATTRIBUTE = re.compile(r"([A-Za-z_:][\w:.-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_MAX_ATTRIBUTE_CHARS: Final = 4096

_BLOCK_WORDS: Final = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre section "
    "summary table tbody tfoot thead tr ul"
)
BLOCKS: Final = frozenset(_BLOCK_WORDS.split())
_INLINE_WORDS: Final = (
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr td th col colgroup head title meta link base input button iframe "
    "script style template noscript svg math video audio source object embed param area map canvas select textarea "
    "picture frame frameset marquee nobr"
)
_INLINE: Final = frozenset(_INLINE_WORDS.split())
KNOWN: Final = BLOCKS | _INLINE
_VOID_WORDS: Final = "area base br col embed frame hr img input link meta param source track wbr keygen basefont"
_VOID: Final = frozenset(_VOID_WORDS.split())
# Nothing within is looked at: the text runs to the end tag.
_RAW_WORDS: Final = "script style iframe noembed noframes xmp textarea title"
_RAW: Final = frozenset(_RAW_WORDS.split())
# Not shown, or (noscript) shown only to readers without scripts.
_HIDDEN_WORDS: Final = "template noscript svg canvas audio video object select datalist rp rt"
_HIDDEN: Final = frozenset(_HIDDEN_WORDS.split())
_HIDING_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# A new one ends an open one of the same group: end tags that HTML lets out.
_IMPLIED_END: Final = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "tr": frozenset({"tr", "td", "th"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "option": frozenset({"option"}),
}
_SCOPES_WORDS: Final = "table ul ol dl"
_SCOPES: Final = frozenset(_SCOPES_WORDS.split())
_END_OF_RAW: Final = {name: re.compile(rf"</{name}(?=[\s/>])[^>]*>", re.IGNORECASE) for name in _RAW}
# Regions by what the page's author calls them.
_REGION_ELEMENTS: Final = {"nav": "navigation", "footer": "boilerplate"}
_REGION_HOLDERS_WORDS: Final = "aside div section ul ol table p dl header menu form"
_REGION_HOLDERS: Final = frozenset(_REGION_HOLDERS_WORDS.split())
_REGION_NAME = re.compile(
    r"(?:(?:top|main|site|page|global|bottom|left|right|sub|primary|article|post|js|m|the)[-_])*"
    r"(?:(?P<navigation>nav|navbar|navigation|menu|breadcrumbs?|crumbs?|topbar|ticker|quotes?-?bar|toolbar)"
    r"|(?P<links>related|recommend(?:ed|ations?)?|hotlist|ranking|sidebar|pagination|pager|share|sharing|social|taglist)"
    r"|(?P<copyright>copyright|icp|beian)"
    r"|(?P<boilerplate>footer|foot|subscribe|subscription|newsletter|advert|advertisement|ads?|cookies?|disclaimer|comments))"
    r"(?:[-_]?(?:bar|box|list|wrap|wrapper|container|area|inner|block|section|news|articles?|links?|posts?|reading|stories|"
    r"info|content|\d+))*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A stretch of the canonical text that the page itself calls navigation, footer, related links and the like."""

    start: int
    end: int
    kind: str


@dataclass(slots=True, kw_only=True)
class PageHead:
    """What a page states about itself: `<title>`, the first `<h1>` (a range of the canonical text), `<meta>`, `<time>`."""

    title: str | None = None
    h1: tuple[int, int] | None = None
    language: str | None = None
    time: str | None = None
    meta: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Element:
    name: str
    region_start: int = -1
    region_kind: str = ""
    hides: bool = False
    # The counts of the elements round this one, where what stands in it can end none of them.
    outer_counts: dict[str, int] | None = None


class HtmlReader:
    """Feeds HTML into a `VisibleText`. `feed` may be called for several pieces of one source, as Markdown does.

    `regions`, `head` and `warnings` hold what was found; complete after `close`.
    """

    def __init__(self, source: str, out: VisibleText, *, known_only: bool) -> None:
        """Take the source and where the text goes. `known_only`: a tag of an unknown name is text."""
        self.out = out
        self.head = PageHead()
        self.regions: list[Region] = []
        self.warnings: list[str] = []
        self._source = source
        self._known_only = known_only
        self._rest = _REST
        self._last_gt = source.rfind(">")
        self._open: list[_Element] = []
        self._counts: dict[str, int] = {}
        self._hidden_depth = 0
        self._h1_start = -1
        self._without_end: set[str] = set()
        self._last_ends: dict[str, int] = {}

    def feed(self, start: int, end: int) -> None:
        """Read the source range as HTML."""
        source = self._source
        text_from = position = start
        while True:
            at = source.find("<", position, end)
            if at < 0:
                self._text(text_from, end)
                return
            following = source[at + 1 : at + 2]
            if following in {"!", "?"}:
                stop = self._declaration_end(at, end)
                name = rest = None
            elif (name := _NAME.match(source, at, end)) and (rest := self._match_rest(name, end)):
                stop = rest.end()
            else:
                # A stray "<" is text.
                position = at + 1
                continue
            self._text(text_from, at)
            if name is not None and rest is not None:
                stop = self._tag(name, rest, end)
            text_from = position = stop

    def inline(self, at: int, end: int) -> int:
        """Read one tag, comment or declaration that begins at `at`; return where it stops, `at` if it is none."""
        if self._source[at + 1 : at + 2] in {"!", "?"}:
            return self._declaration_end(at, end)
        name = _NAME.match(self._source, at, end)
        rest = self._match_rest(name, end) if name else None
        return self._tag(name, rest, end) if name and rest else at

    def close(self) -> None:
        """End all elements that are still open."""
        while self._open:
            self._pop()

    @property
    def is_hidden(self) -> bool:
        """Whether the current position lies in an element that is not shown."""
        return self._hidden_depth > 0

    def _text(self, start: int, end: int) -> None:
        if start >= end or self._hidden_depth:
            return
        if self._counts.get("pre"):
            self.out.preformatted(start, end)
        else:
            self.out.text(start, end)

    def _match_rest(self, name: re.Match[str], end: int) -> re.Match[str] | None:
        known = name["name"].lower()
        is_known = known in KNOWN or (("-" in known or ":" in known) and not known.endswith((":", "-")))
        if (self._known_only or known.endswith(":")) and not is_known:
            return None
        if name.start() > self._last_gt:
            return None
        rest = self._rest.match(self._source, name.end(), end)
        if rest is None and self._rest is _REST:
            # A quote that is never closed: from here on a tag ends at the next ">", or each would be read to the end.
            self._rest = _NAIVE_REST
            rest = _NAIVE_REST.match(self._source, name.end(), end)
        return rest

    def _declaration_end(self, at: int, end: int) -> int:
        source = self._source
        for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>")):
            if source.startswith(opening, at) and closing not in self._without_end:
                stop = source.find(closing, at + 2, end)
                if stop >= 0:
                    return stop + 3
                # An open comment is not allowed to swallow the article: it ends at the next ">".
                self._without_end.add(closing)
                self._warn("unclosed_markup")
        stop = source.find(">", at, end)
        return stop + 1 if stop >= 0 else end

    def _tag(self, name: re.Match[str], rest: re.Match[str], end: int) -> int:
        """Apply a tag; return the source offset at which reading goes on."""
        tag = name["name"].lower()
        if name["end"]:
            self._end(tag)
            return rest.end()
        if tag in _RAW:
            return self._raw(tag, rest.end(), end)
        self._start(tag, name.start(), rest)
        return rest.end()

    def _raw(self, tag: str, start: int, end: int) -> int:
        closing = None if tag in self._without_end else _END_OF_RAW[tag].search(self._source, start, end)
        if closing is None:
            self._without_end.add(tag)
            if tag not in {"script", "style"}:
                return start
            self._warn("unclosed_markup")
            return end
        if tag == "title" and self.head.title is None and not self._hidden_depth:
            self.head.title = (
                " ".join(unescape(self._source[start : min(closing.start(), start + 1000)]).split()) or None
            )
        return closing.end()

    def _start(self, tag: str, at: int, rest: re.Match[str]) -> None:
        attributes = _attributes(rest[1]) if "=" in rest[1] or "hidden" in rest[1] else {}
        self._note_head(tag, attributes)
        # A paragraph ends where another block begins, with or without its end tag.
        if tag in BLOCKS and self._counts.get("p"):
            self._pop_through("p")
        self._end_implied(tag)
        if not self._hidden_depth:
            self._break_before(tag)
        if (
            tag == "sup"
            and not self._hidden_depth
            and self.out.last.isdigit()
            and self._source[rest.end() : rest.end() + 1].isdigit()
        ):
            # 10<sup>8</sup> is not 108.
            self.out.literal("^", at, rest.end())
        if tag in _VOID or rest[1].endswith("/"):
            return
        self._push(tag, attributes, at)
        if tag == "h1" and self.head.h1 is None and self._h1_start < 0 and not self._hidden_depth:
            self._h1_start = len(self.out)

    def _push(self, tag: str, attributes: dict[str, str], at: int) -> None:
        element = _Element(name=tag)
        element.hides = (
            tag in _HIDDEN or "hidden" in attributes or bool(_HIDING_STYLE.search(attributes.get("style", "")))
        )
        # A footer within the article may hold anything, a quotation's source for one.
        is_inner = tag == "footer" and (self._counts.get("article") or self._counts.get("blockquote"))
        if not is_inner and (kind := _region_kind(tag, attributes)):
            element.region_start, element.region_kind = len(self.out), kind
        self._hidden_depth += element.hides
        self._open.append(element)
        if tag in _HIDDEN and at < self._last_end(tag):
            # What stands in it ends nothing outside: a paragraph in a template does not end the one round it, and with
            # that the template. One that is never ended may not swallow the article, so it holds nothing together.
            element.outer_counts, self._counts = self._counts, {}
        self._counts[tag] = self._counts.get(tag, 0) + 1

    def _break_before(self, tag: str) -> None:
        if tag == "tr":
            self.out.begin_row()
        elif tag in BLOCKS:
            self.out.block_break()
        elif tag in {"td", "th"}:
            self.out.begin_cell()
        elif tag == "br":
            self.out.line_break()

    def _end(self, tag: str) -> None:
        if self._counts.get(tag):
            self._pop_through(tag)
        # What is not shown breaks no line either.
        if self._hidden_depth:
            return
        if tag == "br":
            self.out.line_break()
        elif tag in BLOCKS:
            if tag == "table":
                self.out.end_table()
            elif tag == "tr":
                self.out.begin_row()
            else:
                self.out.block_break()
        elif tag in {"td", "th"}:
            self.out.end_cell()

    def _end_implied(self, tag: str) -> None:
        """Close what the new element closes without an end tag, not beyond the list or table it stands in."""
        ended = _IMPLIED_END.get(tag)
        if ended is None or not any(self._counts.get(name) for name in ended):
            return
        depth = len(self._open)
        # Nearly always one or two steps; the limit keeps deep nesting linear.
        for step in range(1, min(depth, 32) + 1):
            name = self._open[depth - step].name
            if name in _SCOPES:
                return
            if name in ended:
                while len(self._open) > depth - step:
                    self._pop()
                if tag != "tr" or name == "tr":
                    return

    def _pop_through(self, tag: str) -> None:
        while self._open:
            if self._pop().name == tag:
                return

    def _pop(self) -> _Element:
        element = self._open.pop()
        if element.outer_counts is None:
            self._counts[element.name] -= 1
        else:
            self._counts = element.outer_counts
        self._hidden_depth -= element.hides
        if element.region_kind and len(self.out) > element.region_start:
            self.regions.append(Region(start=element.region_start, end=len(self.out), kind=element.region_kind))
        if element.name == "h1" and self._h1_start >= 0:
            if len(self.out) > self._h1_start:
                self.head.h1 = (self._h1_start, len(self.out))
            self._h1_start = -1
        return element

    def _last_end(self, tag: str) -> int:
        """Return where the last end tag of this name begins, -1 if there is none; looked up once for each name."""
        if tag not in self._last_ends:
            ends = re.finditer(rf"</{tag}(?=[\s/>])", self._source, re.IGNORECASE)
            self._last_ends[tag] = max((match.start() for match in ends), default=-1)
        return self._last_ends[tag]

    def _note_head(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "meta" and len(self.head.meta) < 200:
            key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
            if key and attributes.get("content"):
                self.head.meta.setdefault(key.lower(), attributes["content"])
        elif tag == "html":
            self.head.language = attributes.get("lang") or self.head.language
        elif tag == "time" and self.head.time is None and not self._hidden_depth:
            self.head.time = attributes.get("datetime")

    def _warn(self, word: str) -> None:
        if word not in self.warnings:
            self.warnings.append(word)


def _attributes(raw: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(raw[:_MAX_ATTRIBUTE_CHARS]):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


def _region_kind(tag: str, attributes: dict[str, str]) -> str | None:
    if tag in _REGION_ELEMENTS:
        return _REGION_ELEMENTS[tag]
    if tag in _REGION_HOLDERS:
        for value in (attributes.get("class"), attributes.get("id")):
            for name in value.split()[:12] if value else ():
                if match := _REGION_NAME.fullmatch(name[:60]):
                    return match.lastgroup
    return None
