"""Page furniture: what of a text is no part of the article. Marked, never cut."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from summarizer.articles import furniture_patterns as patterns
from summarizer.articles.sentences import split_sentences
from summarizer.records import Furniture

# A stretch of Chinese that long without a clause mark is no prose but headlines that lost their line breaks.
_RUN_ON_CHARS: Final = 70
_RUN_ON = re.compile(r"[^，。；：！？、,;!?\n\u3000]{%d,}" % _RUN_ON_CHARS)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SENTENCE_END = re.compile(r"[。！？.!?…][”’\"'」』）)】]*$")
_HEAD_LINES: Final = 12
_TAIL_SENTENCES: Final = 400
_PENDING_LIMIT: Final = 40
# Furniture that markup calls so may not make up more of the text than this: the names are then used otherwise.
_REGION_SHARE: Final = 0.6
_LINE = re.compile(r"[^\r\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    start: int
    end: int
    kind: str


def find_furniture(
    text: str, *, front_matter_end: int = 0, regions: Iterable[tuple[int, int, str]] = ()
) -> tuple[Furniture, ...]:
    """Return the ranges of a text that are page furniture, ordered and disjoint, outer white space trimmed.

    Found from the text alone: mastheads, navigation, tickers and counters at the head; from the end backwards link
    lists, also without line breaks, self-descriptions of a site, copyright, telephone numbers, subscription lines; sections
    under headings such as `About …`, `Contacts`, `相关阅读`; credits in brackets anywhere. The walk from the end stops at
    the first sentence that is no furniture, so that a sentence of the body is not lost to a word it contains.

    Args:
        text: the canonical text.
        front_matter_end: where the front matter block at its head ends, 0 if there is none.
        regions: `(start, end, kind)` that the page's own markup names.

    Kinds: `front_matter`, `navigation`, `masthead`, `links`, `copyright`, `contact`, `credit`, `boilerplate`,
    `subscription`. Cost: linear, about 0.5 ms for 4,000 characters.
    """
    found: list[_Found] = []
    if front_matter_end:
        found.append(_Found(start=0, end=front_matter_end, kind="front_matter"))
    found.extend(_usable_regions(text, front_matter_end, regions))
    lines = [(match.start(), match.end()) for match in _LINE.finditer(text, front_matter_end)]
    found.extend(_head(text, lines[:_HEAD_LINES]))
    found.extend(_sections(text, lines, front_matter_end))
    found.extend(_bracket_credits(text, front_matter_end))
    ends_at = min((item.start for item in _merged(text, found) if item.end >= len(text.rstrip())), default=len(text))
    found.extend(_tail(text, front_matter_end, ends_at, lines))
    return tuple(Furniture(start=item.start, end=item.end, kind=item.kind) for item in _merged(text, found))


def _usable_regions(text: str, start: int, regions: Iterable[tuple[int, int, str]]) -> list[_Found]:
    found = [_Found(start=first, end=last, kind=kind) for first, last, kind in regions if last > first >= start]
    covered = sum(item.end - item.start for item in _merged(text, found))
    return found if covered <= _REGION_SHARE * max(1, len(text) - start) else []


def _merged(text: str, found: list[_Found]) -> list[_Found]:
    """Ordered, disjoint, trimmed; neighbours of one kind with nothing but white space between become one."""
    result: list[_Found] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        start, end = item.start, item.end
        if result:
            start = max(start, result[-1].end)
        piece = text[start:end]
        if not piece.strip():
            continue
        start += len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        if result and result[-1].kind == item.kind and not text[result[-1].end : start].strip():
            result[-1] = _Found(start=result[-1].start, end=end, kind=item.kind)
        else:
            result.append(_Found(start=start, end=end, kind=item.kind))
    return result


def _head(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[_Found]:
    """Mastheads, navigation, tickers, counters and disclaimers in the first lines."""
    for number, (start, end) in enumerate(lines):
        line = text[start : min(end, start + 600)].strip()
        if not line or end - start > 600:
            continue
        if patterns.MASTHEAD.match(line):
            yield _Found(start=start, end=end, kind="masthead")
        elif patterns.NAVIGATION.match(line):
            yield _Found(start=start, end=end, kind="navigation")
        elif len(patterns.TICKER.findall(line)) >= 2 and "。" not in line:
            yield _Found(start=start, end=end, kind="navigation")
        elif patterns.STOCK_CODE.match(line) or patterns.LISTING_LINE.match(line):
            yield from _issuer(text, lines, number)
        elif number < 4 and _statement_kind(line) == "boilerplate":
            yield _Found(start=start, end=end, kind="boilerplate")
        elif len(line) <= 160 and "。" not in line:
            for match in patterns.ENGAGEMENT.finditer(text, start, end):
                yield _Found(start=match.start(), end=match.end(), kind="navigation")


def _issuer(text: str, lines: Sequence[tuple[int, int]], number: int) -> Iterator[_Found]:
    """The head of an exchange announcement: company name, place of incorporation, stock code."""
    first = number
    while first > 0 and number - first < 4:
        line = text[slice(*lines[first - 1])].strip()
        is_name = len(line) <= 80 and re.search(
            r"(?:公司|Limited|Ltd\.?|Inc\.?|Holdings|Corporation|PLC|plc)[*＊]?$", line
        )
        if not (is_name or patterns.REGISTERED.match(line) or not line):
            break
        first -= 1
    yield _Found(start=lines[first][0], end=lines[number][1], kind="masthead")


def _sections(text: str, lines: Sequence[tuple[int, int]], body_start: int) -> Iterator[_Found]:
    """Sections under a heading of furniture: up to the next other heading, link lists up to the next sentence."""
    starts = [start for start, _ in lines]
    earliest = body_start + (len(text) - body_start) * 0.3
    headings = [
        (match.start(), match.end(), match.lastgroup or "boilerplate")
        for match in patterns.SECTION_HEADING.finditer(text, body_start)
    ]
    headings.extend(
        (match.start(), match.end(), "boilerplate") for match in patterns.CHINESE_ABOUT.finditer(text, body_start)
    )
    known = {bisect_right(starts, text_start(text, start)) - 1 for start, _, _ in headings}
    for start, _, kind in sorted(headings):
        if start < earliest and kind != "links":
            continue
        number = bisect_right(starts, text_start(text, start)) - 1
        last = number
        for following in range(number + 1, len(lines)):
            line = text[slice(*lines[following])].strip()
            if not line:
                continue
            if following in known:
                break
            if kind == "links":
                if len(line) > 80 or line.endswith(("。", "！", "？", ".")):
                    break
            elif _is_heading(line) and not _is_furniture_line(line):
                break
            last = following
        if kind != "links" or last > number or start > len(text) * 0.8:
            yield _Found(start=lines[number][0], end=lines[last][1], kind=kind)


def text_start(text: str, position: int) -> int:
    """Return the position of the first character at or behind `position` that is no line break."""
    while position < len(text) and text[position] in "\r\n":
        position += 1
    return position


def _is_heading(line: str) -> bool:
    return (
        len(line) <= 80
        and not _SENTENCE_END.search(line)
        and not line.endswith((",", "，", ";", "；"))
        and (line[0].isupper() or bool(_HAN.match(line)) or line[0] in "#*【（(一二三四五六七八九")
        and len(_HAN.findall(line)) <= 30
        and not any(char.isdigit() for char in line)
    )


def _is_furniture_line(line: str) -> bool:
    return _label(line) is not None or _statement_kind(line) is not None


def _bracket_credits(text: str, start: int) -> Iterator[_Found]:
    for match in _BRACKET_CREDIT.finditer(text, start):
        yield _Found(start=match.start(), end=match.end(), kind="credit")


_BRACKET_CREDIT = re.compile(
    r"[（(](?:注[：:]\s*)?(?:(?:责任编辑|責任編輯|责编|責編|本版编辑|编辑|校对|审核)\s*[：:][^（）()\n]{1,80}"
    r"|(?:本文|文章|稿件|图片|圖片|图文|信息|新闻)?(?:来源|來源|图源|供图|供圖)\s*[：:][^（）()\n]{1,40}"
    r"|(?:文内|文中|本文)(?:图片|配图)[^（）()\n]{1,40}|(?:图片|照片|图)由[^（）()\n]{1,40}提供|[^（）()\n]{1,12}(?:供图|供圖|摄|攝))[）)]"
)


def _label(sentence: str) -> tuple[int, str] | None:
    """Return where in a sentence its first label of furniture begins, and its kind."""
    best: tuple[int, str] | None = None
    for kind, pattern in patterns.LABELS:
        match = pattern.search(sentence)
        if match is not None and (best is None or match.start() < best[0]):
            best = match.start(), kind
    return best


def _statement_kind(sentence: str) -> str | None:
    for kind, pattern in patterns.STATEMENTS:
        if pattern.search(sentence):
            return kind
    return None


def _tail(text: str, start: int, end: int, lines: Sequence[tuple[int, int]]) -> list[_Found]:
    """Walk from the end to the first sentence that is no furniture."""
    tail_from = max(start, end - 60_000)
    sentences = split_sentences(text[tail_from:end])[-_TAIL_SENTENCES:]
    starts = [first for first, _ in lines]
    found: list[_Found] = []
    pending: list[_Found] = []
    strong_line = -1
    for first, last in reversed(sentences):
        first, last = first + tail_from, last + tail_from
        sentence = text[first:last]
        line = bisect_right(starts, first) - 1
        cut = _cut_of(sentence)
        if cut is not None:
            found.extend(pending)
            pending.clear()
            found.append(_Found(start=first + cut[0], end=last, kind=cut[1]))
            strong_line = line
            # Words before the label belong to the body, unless they are a label's own: 招标人：甲　电话：…
            if sentence[: cut[0]].strip(" 　(（[【") and not patterns.WEAK.match(sentence[: cut[0]].strip()):
                break
            if cut[0]:
                found.append(_Found(start=first, end=first + cut[0], kind=cut[1]))
        elif patterns.WEAK.match(sentence) or patterns.DATE_LINE.match(sentence):
            item = _Found(start=first, end=last, kind="boilerplate")
            if line == strong_line or (found and _opens(sentence) and not pending):
                found.append(item)
            else:
                pending.append(item)
                if len(pending) > _PENDING_LIMIT:
                    break
        else:
            if found and _SENTENCE_END.search(sentence):
                found.extend(_headlines(text, pending))
            break
    return found


def _opens(sentence: str) -> bool:
    """A heading that announces what follows it, in brackets: 【编者注】."""
    return sentence[0] in "【[" and sentence[-1] in "】]"


def _cut_of(sentence: str) -> tuple[int, str] | None:
    """Return where furniture begins in a sentence of the tail, and its kind; None for a sentence of the body."""
    label = _label(sentence)
    statement = _statement_kind(sentence)
    if statement is not None:
        return 0, statement
    run_on = _RUN_ON.search(sentence)
    if run_on is not None and len(_HAN.findall(run_on[0])) * 2 < len(run_on[0]):
        run_on = None
    if label is not None and run_on is not None:
        return min(label[0], run_on.start()), label[1]
    if label is not None:
        return label
    return (run_on.start(), "links") if run_on is not None else None


def _headlines(text: str, pending: list[_Found]) -> list[_Found]:
    """Three or more lines between the body's last sentence and furniture that read like headlines of other articles."""
    lines = [text[item.start : item.end] for item in pending]
    if len(lines) < 3 or not all(10 <= len(line) <= 60 and len(_HAN.findall(line)) >= 8 for line in lines):
        return []
    if any(
        re.match(r"[（(]?[\d一二三四五六七八九十]{1,3}[.、．）)]|[-*•]", line) or "\t" in line or "|" in line
        for line in lines
    ):
        return []
    return [_Found(start=item.start, end=item.end, kind="links") for item in pending]
