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

# A stretch of Chinese that long without a clause mark is no prose but headlines that lost their line breaks; official
# prose reaches some 70 characters.
_RUN_ON_CHARS: Final = 100
_RUN_ON = re.compile(rf"[^，。；：！？、,;!?\n\u3000]{{{_RUN_ON_CHARS},}}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SENTENCE_END = re.compile(r"[。！？.!?…][”’\"'」』）)】]*$")
_HEAD_LINES: Final = 12
_HEAD_SHARE: Final = 0.3
_HEADING_CHARS: Final = 120
# Sections of furniture stand in the later part of a text; a heading before that is the article's own.
_SECTIONS_FROM: Final = 0.3
_TAIL_SENTENCES: Final = 400
# Link lists that lost their line breaks stay below it; keeps the patterns off a book without punctuation.
_LONGEST_SENTENCE: Final = 3000
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
    known = _merged(text, found)
    found.extend(_tail(text, known, lines))
    result = tuple(Furniture(start=item.start, end=item.end, kind=item.kind) for item in _merged(text, found))
    if not _leaves_body(text, result):
        # A text that is nothing but furniture is read wrongly rather than empty.
        return tuple(item for item in result if item.kind == "front_matter")
    return result


def _leaves_body(text: str, furniture: Sequence[Furniture]) -> bool:
    position = 0
    for item in furniture:
        if text[position : item.start].strip():
            return True
        position = item.end
    return bool(text[position:].strip())


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
        elif patterns.NAVIGATION.match(line) or (len(patterns.TICKER.findall(line)) >= 2 and "。" not in line):
            yield _Found(start=start, end=end, kind="navigation")
        elif patterns.STOCK_CODE.match(line) or patterns.LISTING_LINE.match(line):
            yield from _issuer(text, lines, number)
        elif start < len(text) * _HEAD_SHARE and (kind := _statement_kind(line)) in {"boilerplate", "subscription"}:
            yield _Found(start=start, end=end, kind=kind)
        elif len(line) <= 160 and "。" not in line:
            for match in patterns.ENGAGEMENT.finditer(text, start, end):
                yield _Found(start=match.start(), end=match.end(), kind="navigation")


def _issuer(text: str, lines: Sequence[tuple[int, int]], number: int) -> Iterator[_Found]:
    """The head of an exchange announcement: company name, place of incorporation, stock code."""
    first = number
    while first > 0 and number - first < 4:
        line = text[slice(*lines[first - 1])].strip()
        is_name = patterns.ISSUER_NAME.match(line)
        if not (is_name or patterns.REGISTERED.match(line) or not line):
            break
        first -= 1
    yield _Found(start=lines[first][0], end=lines[number][1], kind="masthead")


def _sections(text: str, lines: Sequence[tuple[int, int]], body_start: int) -> Iterator[_Found]:
    """Sections under a heading of furniture: up to the next other heading, link lists up to the next sentence."""
    earliest = body_start + (len(text) - body_start) * _SECTIONS_FROM
    kinds: dict[int, str] = {}
    for number, (start, end) in enumerate(lines):
        kind = _section_kind(text, lines, number) if end - start <= _HEADING_CHARS else None
        if kind is not None and (kind == "links" or start >= earliest):
            kinds[number] = kind
    for number, kind in kinds.items():
        last = number
        for following in range(number + 1, len(lines)):
            line = text[slice(*lines[following])].strip()
            if following in kinds or (line and _ends_section(text, lines, following, kind)):
                break
            if line:
                last = following
        if kind != "links" or last > number or lines[number][0] > len(text) * 0.8:
            yield _Found(start=lines[number][0], end=lines[last][1], kind=kind)


def _section_kind(text: str, lines: Sequence[tuple[int, int]], number: int) -> str | None:
    line = text[slice(*lines[number])].strip()
    if match := patterns.SECTION_HEADING.fullmatch(line):
        return match.lastgroup
    about = patterns.ABOUT_HEADING.fullmatch(line)
    if about is None:
        return None
    following = _next_line(text, lines, number)[:200]
    if name := about["chinese"]:
        return "boilerplate" if following.startswith(name[:4]) and patterns.SELF_DESCRIPTION.search(following) else None
    first_word = about["english"].split()[0]
    return "boilerplate" if first_word[0].isupper() and first_word in following[:80] else None


def _next_line(text: str, lines: Sequence[tuple[int, int]], number: int) -> str:
    for start, end in lines[number + 1 : number + 6]:
        if line := text[start : min(end, start + 2000)].strip():
            return line
    return ""


def _ends_section(text: str, lines: Sequence[tuple[int, int]], number: int, kind: str) -> bool:
    start, end = lines[number]
    line = text[start : min(end, start + 400)].strip()
    if kind == "links":
        return len(line) > 80 or line.endswith(("。", "！", "？", "."))
    if not _is_heading(line) or _is_furniture_line(line):
        return False
    # A name or an address on a line of its own is no heading; what stands over prose is one.
    following = _next_line(text, lines, number)
    return len(following) >= 60 and _SENTENCE_END.search(following) is not None


def _is_heading(line: str) -> bool:
    return (
        len(line) <= 80
        and not _SENTENCE_END.search(line)
        and not line.endswith((",", "，", ";", "；"))
        and (line[0].isupper() or _HAN.match(line) is not None or line[0] in "#*【（(")
        and len(_HAN.findall(line)) <= 30
    )


def _is_furniture_line(line: str) -> bool:
    return _label(line) is not None or _statement_kind(line) is not None


def _bracket_credits(text: str, start: int) -> Iterator[_Found]:
    for match in patterns.BRACKET_CREDIT.finditer(text, start):
        yield _Found(start=match.start(), end=match.end(), kind="credit")


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
            return None if patterns.OF_A_DEAL.search(sentence) and kind != "subscription" else kind
    return None


def _tail(text: str, known: list[_Found], lines: Sequence[tuple[int, int]]) -> list[_Found]:
    """Walk from the end to the first sentence that is no furniture; what is known already is passed over."""
    marked = tuple(Furniture(start=item.start, end=item.end, kind=item.kind) for item in known)
    starts = [first for first, _ in lines]
    found: list[_Found] = []
    pending: list[_Found] = []
    strong_line = bisect_right(starts, known[-1].start) - 1 if known and known[-1].end >= len(text.rstrip()) else -1
    has_strong = strong_line >= 0
    # A credit may stand in the middle of the body; the other kinds hold the tail together.
    behind = [item for item in known if item.kind != "credit"]
    for first, last in reversed(split_sentences(text, marked)[-_TAIL_SENTENCES:]):
        sentence = text[first:last]
        line = bisect_right(starts, first) - 1
        while behind and behind[-1].start >= last:
            behind.pop()
            found.extend(pending)
            pending.clear()
            has_strong = True
        cut = _cut_of(sentence)
        if cut is not None:
            found.extend(pending)
            pending.clear()
            found.append(_Found(start=first + cut[0], end=last, kind=cut[1]))
            has_strong, strong_line = True, line
            before = sentence[: cut[0]].strip(" 　(（[【")
            if before:
                # The words before a label belong to the body, unless they are a label's own: 招标人：甲 电话：…
                if not patterns.LABELLED.fullmatch(before):
                    break
                found.append(_Found(start=first, end=first + cut[0], kind=cut[1]))
        elif patterns.WEAK.match(sentence) or patterns.DATE_LINE.match(sentence):
            item = _Found(start=first, end=last, kind="boilerplate")
            if line == strong_line or (has_strong and _opens(sentence) and not pending):
                found.append(item)
            else:
                pending.append(item)
                if len(pending) > _PENDING_LIMIT:
                    break
        else:
            if has_strong and _SENTENCE_END.search(sentence):
                found.extend(_headlines(text, pending))
            break
    return found


def _opens(sentence: str) -> bool:
    """A heading that announces what follows it, in brackets: 【编者注】."""
    return sentence[0] in "【[" and sentence[-1] in "】]"


def _cut_of(sentence: str) -> tuple[int, str] | None:
    """Return where furniture begins in a sentence of the tail, and its kind; None for a sentence of the body."""
    if len(sentence) > _LONGEST_SENTENCE:
        return None
    label = _label(sentence)
    statement = _statement_kind(sentence)
    if statement is not None:
        return 0, statement
    run_on = _RUN_ON.search(sentence)
    # Prose that forgot its commas still ends like prose; words of another script need no commas.
    if run_on is not None and (
        len(_HAN.findall(run_on[0])) * 2 < len(run_on[0])
        or (run_on.end() + 1 == len(sentence) and len(run_on[0]) < 2 * _RUN_ON_CHARS)
    ):
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
    if any(patterns.LIST_ITEM.match(line) or "\t" in line or "|" in line for line in lines):
        return []
    return [_Found(start=item.start, end=item.end, kind="links") for item in pending]
