"""What an article states about itself: title, publisher, date of publication. Never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from summarizer.articles.dates import find_dates, read_date
from summarizer.articles.markup import Marked
from summarizer.records import Furniture

_HEAD_LINES: Final = 14
_MAX_TITLE_HAN: Final = 80
_MAX_TITLE_CHARS: Final = 220
_BYLINE_CHARS: Final = 160

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LINE = re.compile(r"[^\r\n]+")
_PROSE_END = re.compile(r"[。；，、：:;,][”’\"'」』）)]*$|[^.][.][”’\"']?$")
# What a document is, not what it is about; the title follows.
_DOCUMENT_TYPE = re.compile(
    r"(?:自[願愿]性?公[佈布告]|公[佈布告]|內幕消息|内幕消息|[須须]予披露(?:的)?交易|關連交易|新聞稿|新闻稿|快讯|快訊|通知|更正|"
    r"(?:for immediate release|press release|news release|voluntary announcement|inside information|announcement|media release|"
    r"update \d*|exclusive|breaking|correct(?:ed|ion)))[：:]?",
    re.IGNORECASE,
)
_DATELINE_ZH = re.compile(
    r"(?:^|\n)[ \t　]*(?:【[^】\n]{1,20}】)?(?P<agency>[\u4e00-\u9fff]{2,12}?(?:社|网|報|报|台))?"
    r"(?P<place>[\u4e00-\u9fff、]{0,12}?)(?P<date>(?:\d{4}年)?\d{1,2}月\d{1,2}日)(?:电|電|讯|訊|消息)"
)
_ENGLISH_DAY = r"[A-Z][a-z]{2,8}\.? \d{1,2}(?:,? \d{4})?|\d{1,2} [A-Z][a-z]{2,8}\.?(?: \d{4})?"
_DATELINE_EN = re.compile(
    r"(?:^|\n)[ \t]*(?:[A-Z][\w.'’&/-]*[ \t,]+(?:(?:and|de|of) )?){1,12}?"
    rf"\(?(?P<date>{_ENGLISH_DAY})\)?[ \t]*(?:/[\w .-]+/[ \t]*)?(?:\((?P<agency>[^()\n]{{1,40}})\)[ \t]*)?(?:--|–|—|-|:)(?=[ \t])"
)
# What stands before a date that says when the text appeared; 开标日期 and 签约时间 do not.
_STATED_DATE = re.compile(
    r"(?:^|[\s　|｜(（])(?:(?:发布|發佈|發布|公告|公布|公佈|刊发|更新)?(?:时间|時間|日期)|发布于|"
    r"Published(?: on| at)?|Posted(?: on)?|Date|"
    r"First published|Released?)\s*[：:]?\s*$",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"更新|updated", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?P<before>[\u4e00-\u9fff“\"「]{0,6})(?:来源|來源|稿源|\bSource)\s*[：:]\s*"
    r"(?P<name>[^\s　|｜，,。；;）)\]】、“”\"<>：:]{2,30}(?: [A-Z][\w&.'-]*){0,5})"
)
# Of a picture, of data, of a site's own rules: not this article's publisher.
_OTHER_SOURCE = re.compile(
    r"(?:图|圖|图片|圖片|照片|数据|數據|资料|資料|视频|视觉|制图|注明|标明|资金|热|收入|利润|能量|水|电力)[“\"「]?$"
)
_NEWSPAPER_HEAD = re.compile(r"^[ \t　]*《?(?P<name>[\u4e00-\u9fff]{2,14})》?[ \t　]+(?=\d{4}年)")
# 观澜财讯 记者 汤若谷: whose reporter it is; 本报记者 says nothing.
_OWN_REPORTER = re.compile(
    r"^[ \t　]*(?P<name>(?!本[报網网台刊社])[\u4e00-\u9fff]{2,12})[ \t　]+(?:记者|記者|特约记者)"
)
_BOOK_MARKS = re.compile(r"《(?P<name>[^《》\n]{2,20})》")
_BYLINE_WORD = re.compile(r"来源|來源|作者|记者|記者|编辑|撰文|文[/／|]|通讯员|\bBy\b|Published|Updated|发布|責編|责编")
_BY_EN = re.compile(r"^[ \t]*By(?:line:)? +[A-Z]", re.IGNORECASE)
_PUBLISHED_EN = re.compile(r"^[ \t]*(?:Published|Posted|Updated|First published|Last updated)\b", re.IGNORECASE)
_CLOSING_DATE = re.compile(
    r"[ \t　]*(?:[\u4e00-\u9fff]{2,6}[，,][ \t　]*|[A-Z][A-Za-z ]{2,30}, )?(?P<date>[^，,。\n]{6,20}(?:, \d{4})?)[ \t　]*$"
)
_MEDIUM = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9·]{1,12}(?:网|報|报|社|财经|財經|新闻|新聞|周刊|週刊|观察|在线|电视台|杂志|快讯|头条|科技|客户端)"
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_PERSON_LABEL = re.compile(r"(?:作者|记者|記者|编辑|撰文|责编|文|校对)\s*[：:／/|]?\s*[^\s　|｜]+")
_ISSUER = re.compile(r".{2,70}(?:公司|Limited|Ltd\.?|Holdings|Corporation|PLC)[*＊]?")
_ANNOUNCEMENT = re.compile(r"关于|關於|有關|公告$|公佈$|公布$|报告$|通知$|书$|^(?:Re|Announcement|Notice)\b")
_SITE_PARTS = re.compile(r"\s+[-–—|｜_]+\s+|[_｜|]+|(?<=[\u4e00-\u9fff”）])-(?=[\u4e00-\u9fff])")
_META_TITLE: Final = ("og:title", "twitter:title", "headline", "dc.title")
_META_SITE: Final = ("og:site_name", "application-name", "publisher", "dc.publisher", "mediaid")
_META_SOURCE: Final = ("source", "article:source", "contentsource")
_META_DATE: Final = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish_date",
    "date",
    "dc.date",
    "dc.date.issued",
    "og:release_date",
    "weibo: article:create_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the article states; None for what it does not. `published_on` is a partial ISO date."""

    title: str | None = None
    publisher: str | None = None
    published_on: str | None = None


def read_metadata(marked: Marked, furniture: Sequence[Furniture]) -> Metadata:
    """Return title, publisher and publication date as the article states them.

    Order of trust for each: front matter, the page's `<meta>`, byline and source lines, dateline, closing date line. A
    title without any of these is a short first line without a sentence's punctuation before a line break. The date of
    an event in the text is never taken for the publication date.
    """
    reader = _Reader(marked, furniture)
    return Metadata(title=reader.title(), publisher=reader.publisher(), published_on=reader.published_on())


class _Reader:
    def __init__(self, marked: Marked, furniture: Sequence[Furniture]) -> None:
        self._marked = marked
        self._text = marked.text
        self._front = marked.front_matter
        self._head = marked.head
        self._start = self._front.end if self._front else 0
        self._skipped = [
            item for item in furniture if item.kind in {"masthead", "navigation", "boilerplate", "subscription"}
        ]
        # Lines with their offsets: those of the head for bylines, all furniture included.
        self._lines: list[tuple[int, int]] = []
        for match in _LINE.finditer(self._text, self._start):
            if match[0].strip():
                self._lines.append((match.start(), match.end()))
            if len(self._lines) >= _HEAD_LINES:
                break

    def title(self) -> str | None:
        if self._front and self._front.title:
            return self._front.title
        if self._head is not None and (title := self._page_title()):
            return title
        return self._first_line()

    def _page_title(self) -> str | None:
        head = self._head
        if head is None:
            return None
        h1 = " ".join(self._text[slice(*head.h1)].split()) if head.h1 else None
        if h1 and (head.title is None or h1 in head.title or len(h1) >= 8):
            return h1
        for key in _META_TITLE:
            if value := " ".join(head.meta.get(key, "").split()):
                return value
        if head.title:
            # The site's name stands behind the title, rarely before it.
            return _SITE_PARTS.split(head.title)[0].strip() or head.title
        return h1

    def _first_line(self) -> str | None:
        for number, (start, end) in enumerate(self._lines[:8]):
            line = self._text[start:end].strip()
            if any(item.start <= start + 1 and end - 1 <= item.end for item in self._skipped):
                continue
            following = self._lines[number + 1 : number + 2]
            if not following or not self._is_title(line):
                return None
            after = self._text[slice(*following[0])].strip()
            if self._is_title(after) and (
                _DOCUMENT_TYPE.fullmatch(line) or (_ISSUER.fullmatch(line) and _ANNOUNCEMENT.search(after))
            ):
                continue
            title = re.sub(r"^#{1,6}\s+", "", line)
            # A subtitle behind a dash belongs to it: 离千亿还有多远 / ——某某产业园2024年盘点
            return title + after if after.startswith("——") and len(after) <= _MAX_TITLE_HAN else title
        return None

    def _is_title(self, line: str) -> bool:
        if not 4 <= len(line) <= _MAX_TITLE_CHARS or len(_HAN.findall(line)) > _MAX_TITLE_HAN:
            return False
        if _PROSE_END.search(line) or _DATELINE_ZH.match(line) or _BYLINE_WORD.match(line) or "。" in line[:-1]:
            return False
        return not self._is_byline(line)

    def _is_byline(self, line: str) -> bool:
        """A short line, no sentence, with a whole date or the words of a byline."""
        if len(line) > _BYLINE_CHARS or _PROSE_END.search(line) or "。" in line:
            return False
        dates = [iso for iso, _, _ in find_dates(line) if not iso.startswith("-")]
        rest = line
        for _, first, last in sorted(find_dates(line), key=lambda found: -found[1]):
            rest = rest[:first] + rest[last:]
        # A headline may hold a date; a byline holds little else, or says what it is.
        return bool(dates) and (
            _BYLINE_WORD.search(line) is not None
            or _BOOK_MARKS.search(line) is not None
            or re.search(r"\d{1,2}:\d{2}|星期|第\s*\w{1,3}\s*版", line) is not None
            or any(_STATED_DATE.search(line[:first]) for _, first, _ in find_dates(line))
            or len(rest.strip(" 　|｜·-/")) <= 14
        )

    def publisher(self) -> str | None:
        if self._front and self._front.publisher:
            return self._front.publisher
        if name := self._named_source():
            return name
        for number, (start, end) in enumerate(self._lines):
            line = self._text[start:end]
            if number < 3 and (match := _NEWSPAPER_HEAD.match(line)):
                return match["name"]
            if number < 8 and self._is_byline(line.strip()) and (name := _medium_of(line)):
                return name
        if name := self._english_block() or self._english_byline():
            return name
        if self._head is not None:
            for key in (*_META_SOURCE, *_META_SITE):
                value = " ".join(self._head.meta.get(key, "").split())
                if 2 <= len(value) <= 60 and not value.startswith(("http", "@")):
                    return value
        return self._agency()

    def _named_source(self) -> str | None:
        """A source line about this article: in the head, or in brackets or on a short line of its own at the end."""
        zones = [(start, end) for start, end in self._lines if end - start <= _BYLINE_CHARS]
        tail = max(self._start, len(self._text) - 1500)
        for match in re.finditer(
            r"[（(\[【][^（）()\[\]【】\n]{0,60}[）)\]】]|(?:^|\n)[^\n]{1,40}(?=\r?\n|$)", self._text[tail:]
        ):
            zones.append((tail + match.start(), tail + match.end()))
        for start, end in zones:
            for match in _SOURCE.finditer(self._text, start, end):
                before = match["before"]
                rest = self._text[match.end() : end].strip(" \t\r*_）)]】")
                if match[0].strip().startswith("Source") and rest:
                    # "Source: Tarnbrook Research. Prices are averages." stands under a table.
                    continue
                if not _OTHER_SOURCE.search(before) and not before.endswith(("“", '"', "「")):
                    return match["name"].strip("《》")
        return None

    def _english_block(self) -> str | None:
        """By X / the publisher / Published …: the line between the other two."""
        texts = [self._text[start:end].strip() for start, end in self._lines[:8]]
        for by, name, published in zip(texts, texts[1:], texts[2:], strict=False):
            if (
                _BY_EN.match(by)
                and (_PUBLISHED_EN.match(published) or _is_date(published))
                and len(name) <= 60
                and not re.search(r"[\d,;:]|\.$", name)
            ):
                return name
        return None

    def _english_byline(self) -> str | None:
        """By X, the publisher, 6 March 2025: one line, the publisher between person and date."""
        for start, end in self._lines[:8]:
            parts = [part.strip(" *_") for part in self._text[start:end].split(",")]
            if len(parts) >= 3 and _BY_EN.match(parts[0]) and _is_date(", ".join(parts[2:])) and len(parts[1]) <= 60:
                return parts[1]
        return None

    def _agency(self) -> str | None:
        english = self._english_dateline()
        if english is not None and english["agency"] and re.fullmatch(r"[A-Z][\w .]{1,20}", english["agency"]):
            return english["agency"]
        match = self._chinese_dateline()
        if match is None or not match["agency"]:
            return None
        return None if match["agency"][0] in "本据據我" else match["agency"]

    def published_on(self) -> str | None:
        if self._front and self._front.published_on:
            return self._front.published_on
        if self._head is not None:
            for key in _META_DATE:
                if date := read_date(self._head.meta.get(key, "")):
                    return date
        for start, end in self._lines[:_HEAD_LINES]:
            line = self._text[start:end].strip()
            if not self._is_byline(line):
                continue
            if date := self._byline_date(line):
                return date
        if self._head is not None and self._head.time and (date := read_date(self._head.time)):
            return date
        dateline = self._english_dateline() or self._chinese_dateline()
        partial = read_date(dateline["date"]) if dateline else None
        if partial and not partial.startswith("-"):
            return partial
        return self._closing_date() or partial

    def _byline_date(self, line: str) -> str | None:
        dates = [(iso, first) for iso, first, _ in find_dates(line) if not iso.startswith("-")]
        for iso, first in dates:
            if _STATED_DATE.search(line[:first]) and not _UPDATED.search(line[max(0, first - 12) : first]):
                return iso
        for iso, first in dates:
            if not _UPDATED.search(line[max(0, first - 12) : first]):
                return iso
        return dates[0][0] if dates else None

    def _english_dateline(self) -> re.Match[str] | None:
        match = _DATELINE_EN.search(self._text, self._start, self._start + 3000)
        return match if match is not None and read_date(match["date"]) else None

    def _chinese_dateline(self) -> re.Match[str] | None:
        return _DATELINE_ZH.search(self._text, self._start, self._start + 1500)

    def _closing_date(self) -> str | None:
        """A line of its own near the end that holds a place and a date, or a date alone."""
        tail = max(self._start, len(self._text) - 1500)
        for line in reversed(self._text[tail:].splitlines()):
            match = _CLOSING_DATE.match(line)
            if match is None:
                continue
            found = list(find_dates(match["date"]))
            if len(found) == 1 and found[0][2] - found[0][1] >= len(match["date"].strip()) - 1:
                return found[0][0] if not found[0][0].startswith("-") else None
        return None


def _is_date(line: str) -> bool:
    """Return whether the line is a whole date and nothing else."""
    found = list(find_dates(line))
    return (
        len(found) == 1 and not found[0][0].startswith("-") and found[0][2] - found[0][1] >= len(line.strip(" .*_")) - 1
    )


def _medium_of(byline: str) -> str | None:
    """The medium a byline names: in book marks, or as the one word beside date, clock and persons."""
    if match := _BOOK_MARKS.search(byline):
        return match["name"]
    if match := _OWN_REPORTER.match(byline):
        return match["name"]
    rest = _PERSON_LABEL.sub(" ", _CLOCK.sub(" ", byline))
    for _, first, last in sorted(find_dates(rest), key=lambda found: -found[1]):
        rest = rest[:first] + " " + rest[last:]
    words = [word for word in re.split(r"[\s　|｜]+", rest) if word]
    return words[0] if len(words) == 1 and _MEDIUM.fullmatch(words[0]) else None
