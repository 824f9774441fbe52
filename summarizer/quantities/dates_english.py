"""English and numeric date expressions: Oct. 23-25, 2021; 13 May; Q3 FY2025; last August; 2024-09-12 08:35; 8:30 a.m."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from summarizer.quantities.dates import DateSpan, PartialDate, spanning
from summarizer.quantities.seeking import digit_runs, matches_at, word_start
from summarizer.quantities.wordlists import words

_MONTH_NAMES: Final = words("january february march april may june july august september october november december")
_MONTHS: Final = (
    {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
    | {name[:3]: number for number, name in enumerate(_MONTH_NAMES, start=1)}
    | {"sept": 9}
)
_DAYS: Final = {
    name: number
    for number, name in enumerate(words("monday tuesday wednesday thursday friday saturday sunday"), start=1)
}
_ORDINALS: Final = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "final": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}
_M = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|"
    r"Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?![A-Za-z])"
)
_D = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?!,?[0-9]|[A-Za-z]|\.[0-9])"
_Y = r"(?:(?:19|20)[0-9]{2}(?![0-9]|[.,][0-9]))"
_TO = r"[ ]?(?:[-–—~]| to | and | through | until | or )[ ]?"
_YEAR_TAIL = rf"(?:,? of|,)? ?({_Y})"

_MDY = re.compile(rf"({_M}) ({_D})(?:(?:{_TO})(?:({_M}) )?({_D}))?(?:{_YEAR_TAIL})?")
_DMY = re.compile(rf"({_D})(?:(?:{_TO})({_D}))? (?:of )?({_M})(?:(?:{_TO})({_D}) (?:of )?({_M}))?(?:{_YEAR_TAIL})?")
_DMY_MONTHS = re.compile(rf"({_D}) ({_M})(?: ({_Y}))?{_TO}({_D}) ({_M})(?:{_YEAR_TAIL})?")
_MY = re.compile(rf"({_M})(?:(?: of|,)? ({_Y}))?{_TO}({_M})(?: of|,)? ({_Y})|({_M})(?: of|,)? ?({_Y})")
_QUARTER = re.compile(
    "(first|second|third|fourth|final|1st|2nd|3rd|4th)[- ](quarter|half)(?:(?: of| in|,)? (fiscal |financial "
    f")?(?:year )?(?:FY ?)?({_Y}|[0-9]{{2}}(?![0-9A-Za-z,.%])))?",
    re.IGNORECASE,
)
_Q = re.compile(
    "(?<![A-Za-z0-9])(?:(Q|H)([1-4])(?!0[0-9]|1[0-4]|[4-9][0-9])|([1-4])(Q|H))(?![0-9]{5})(?:(?:-|,)? ?(?:of "
    ")?(FY|fiscal |fiscal year "
    f")?[ ']?({_Y}|[0-9]{{2}}(?![0-9A-Za-z%])))?(?![0-9A-Za-z])"
)
_FISCAL = re.compile(
    f"(?<![A-Za-z])(?:FY|CY|[Ff]iscal(?: [Yy]ear)?|[Ff]inancial [Yy]ear)[ ']?({_Y}"
    r"|[0-9]{2}(?![0-9]))(?:[/-]([0-9]{4}|[0-9]{2})(?![0-9]))?E?(?![A-Za-z0-9%])"
)
_ISO = re.compile(
    r"(?<![0-9.,/-])([12][0-9]{3})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])"
    r"(?:(?:T| {1,2})([0-2]?[0-9]):([0-5][0-9])(?::([0-5][0-9]))?(?:\.[0-9]{1,6})?(?:Z(?![a-z])| "
    "?[+-][0-9]{2}:?[0-9]{2}(?![0-9]))?)?"
)
_ISO_MONTH = re.compile(r"(?<![0-9.,/-])((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])(?![0-9-])")
_SLASHED = re.compile(r"(?<![0-9.,/-])([0-9]{1,2})/([0-9]{1,2})/((?:19|20)[0-9]{2})(?![0-9/])")
_YEARS = re.compile(
    r"(?<![0-9.,$€£¥/-])((?:19|20)[0-9]{2}) ?[-–—~/] ?((?:19|20)[0-9]{2}|[0-9]{2})(?![0-9%/-]|[.,][0-9]"
    "|[ ]?[万亿元个家台人%])"
)
_TIME = re.compile(
    r"(?:(?<![0-9:.])([01]?[0-9]|2[0-4]):([0-5][0-9])(?::([0-5][0-9]))?(?: ?(a\.m\.|p\.m\.|am|pm|AM"
    "|PM))?(?: ?(?:EST|EDT|ET|PST|PT|GMT|UTC|SGT|HKT|CET|CST|BST)(?![A-Za-z]))?(?![0-9:])"
    r"(?:-([0-2]?[0-9]):([0-5][0-9])(?![0-9:]))?"
    r"|(?<![0-9:.,$])(1[0-2]|[1-9])(?:\.([0-5][0-9]))? ?(a\.m\.|p\.m\.|am|pm|AM|PM|o'clock)(?![A-Za-z]))"
)
_DECADE = re.compile(r"(?<![0-9A-Za-z.,$])((?:1[5-9]|20)[0-9]0)s(?![A-Za-z])|'([2-9]0)s(?![A-Za-z])")
# A bare year needs a word that makes it one, before or after.
_YEAR_IN = re.compile(
    rf"[ ©-]({_Y})(?=[^0-9A-Za-z%]|\Z)(?! (?:million|billion|thousand|percent|per cent|people|employees|units"
    "|shares|times|yuan|dollars|euros"
    "|tonnes|tons|miles|metres|km|kg|workers|jobs|customers|students|homes|stores|vehicles|patients|members"
    r"|megawatts|MW)\b)"
)
_YEAR_WORD = re.compile(
    "(?:(?<![A-Za-z])(?:[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Tt]ill|[Dd]uring|[Bb]efore|[Aa]fter|[Ee]arly|[Ll]ate"
    "|[Mm]id|[Pp]re|[Pp]ost|[Ff]rom|[Tt]hrough|[Tt]hroughout"
    r"|[Oo]f|[Ff]or|[Tt]o|[Yy]ear|[Ii]nto|[Vv]ersus|[Tt]han|[Bb]eyond|\(c\)|Copyright|[Ff]ull-year)|©|'s|s')[ -]?\Z"
)
_BETWEEN_YEARS = re.compile(rf"([Bb]etween|[Ff]rom) ({_Y}) (?:and|to|through|until) ({_Y})(?![0-9A-Za-z,])")
_YEAR_ALONE = re.compile(
    rf"\(({_Y})\)|(?<=[A-Za-z], )({_Y})(?=[.,;)]|\Z| (?:and|to|for|with|the)\b)"
    "|(?<![0-9A-Za-z.,$€£¥一-鿿%+/:–—~-])(?<![0-9] "
    f")({_Y})(?=[一-鿿])(?![万亿元余多家个台人名项条件吨套所座米斤亩位户分种批美欧日港英块辆张平公年至到])"
    r"|(?<=[a-z] )(?<=[A-Za-z]{3} )(?:(?<= [A-Z][a-z]{5} )|(?<=[a-z]{3}nce )|(?<=Expo )|(?<=Summit )"
    f"|(?<=Forum )|(?<=Fair )|(?<=Congress ))({_Y})(?![0-9A-Za-z,%])"
    f"|(?<![0-9.,$€£¥])({_Y})(?= (?:annual|fiscal|revenue|sales|earnings|results|budget|season|edition|World"
    r"|Olympic|election|report|guidance|outlook|target|forecast|EBITDA|profit|capex|and 20[0-9]{2}))"
)
_BARE_MONTH = re.compile(
    "[ -](January|February|March|April|May|June|July|August|September|October|November|December|Sept|Oct|Nov"
    r"|Dec|Jan|Feb|Aug)(?![A-Za-z])\.?(?! [A-Z][a-z]| [0-9])"
)
_MONTH_WORD = re.compile(
    "(?<![A-Za-z])([Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Ff]rom|[Dd]uring|[Ll]ate|[Ee]arly|[Mm]id|[Ll]ast|[Nn]ext"
    r"|[Tt]his|[Oo]f|[Bb]efore|[Aa]fter|[Tt]o|[Tt]hrough|[Ff]or)\Z"
)
_RELATIVE = re.compile(
    "(?<![A-Za-z-])(?:(last|this|next|previous|Last|This|Next|current) (year|month|week|quarter|Monday"
    "|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)(?![A-Za-z-])"
    "|(yesterday|tomorrow|today|Yesterday|Tomorrow|Today)(?![A-Za-z'])|(Monday|Tuesday|Wednesday|Thursday"
    "|Friday|Saturday|Sunday)(?![A-Za-z]))"
)
_MONTH_STEM = re.compile("[JFMASOND](?:an|eb|ar|pr|ay|un|ul|ug|ep|ct|ov|ec)")
_QUARTER_WORD = re.compile("[QqHh](?:[Uu][Aa][Rr][Tt][Ee][Rr]|[Aa][Ll][Ff])")
_Q_PAIR = re.compile("[QH1-4](?=[QH1-4])")
_FISCAL_WORD = re.compile("[FCf](?=Y|iscal|inancial)")
_OFFSETS: Final = {"last": -1, "previous": -1, "this": 0, "current": 0, "next": 1}


def _month(name: str) -> int:
    return (
        _MONTHS[name.rstrip(".").lower()[:4].rstrip(".")]
        if name.lower().startswith("sept")
        else _MONTHS[name[:3].lower()]
    )


def _day(text: str) -> int:
    return int(text.rstrip("stndrh"))


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def _clock(hour: str, minute: str | None, second: str | None = None, half: str | None = None) -> str | None:
    value = int(hour)
    if half:
        value = value if half[0] == "o" else value % 12 + (12 if half[0] in "pP" else 0)
    if value > 24:
        return None
    return f"{value:02d}:{int(minute or 0):02d}" + (f":{second}" if second else "")


def _read_mdy(found: re.Match[str]) -> DateSpan | None:
    year = _year(found[5])
    low = PartialDate(year=year, month=_month(found[1]), day=_day(found[2]))
    high = None
    if found[4]:
        high = PartialDate(year=year, month=_month(found[3] or found[1]), day=_day(found[4]))
    return spanning(found.start(), found.end(), low, high)


def _read_dmy(found: re.Match[str]) -> DateSpan | None:
    year = _year(found[6])
    low = PartialDate(year=year, month=_month(found[3]), day=_day(found[1]))
    high = None
    if found[2]:
        high = replace(low, day=_day(found[2]))
    elif found[4]:
        high = PartialDate(year=year, month=_month(found[5]), day=_day(found[4]))
    return spanning(found.start(), found.end(), low, high)


def _read_dmy_months(found: re.Match[str]) -> DateSpan | None:
    low = PartialDate(year=_year(found[3]), month=_month(found[2]), day=_day(found[1]))
    high = PartialDate(year=_year(found[6]), month=_month(found[5]), day=_day(found[4]))
    return spanning(found.start(), found.end(), low, high)


def _read_my(found: re.Match[str]) -> DateSpan | None:
    if found[5]:
        return spanning(found.start(), found.end(), PartialDate(year=_year(found[6]), month=_month(found[5])))
    high = PartialDate(year=_year(found[4]), month=_month(found[3]))
    low = PartialDate(year=_year(found[2]) or high.year, month=_month(found[1]))
    return spanning(found.start(), found.end(), low, high)


def _read_quarter(found: re.Match[str]) -> DateSpan | None:
    number = _ORDINALS[found[1].lower()]
    fiscal = found[3] is not None
    date = PartialDate(year=_year(found[4]), is_fiscal=fiscal)
    if found[2].lower() == "half":
        return spanning(found.start(), found.end(), replace(date, half=number)) if number <= 2 and found[4] else None
    return spanning(found.start(), found.end(), replace(date, quarter=number))


def _read_q(found: re.Match[str]) -> DateSpan | None:
    letter, number = found[1] or found[4], int(found[2] or found[3])
    date = PartialDate(year=_year(found[6]), is_fiscal=found[5] is not None)
    if letter == "H":
        return spanning(found.start(), found.end(), replace(date, half=number)) if number <= 2 and found[6] else None
    return spanning(found.start(), found.end(), replace(date, quarter=number))


def _read_fiscal(found: re.Match[str]) -> DateSpan | None:
    low = PartialDate(year=_year(found[1]), is_fiscal=True)
    high = PartialDate(year=_year(found[2]), is_fiscal=True) if found[2] else None
    return spanning(found.start(), found.end(), low, high, note="fiscal")


def _read_iso(found: re.Match[str]) -> DateSpan | None:
    time = _clock(found[5], found[6], found[7]) if found[5] else None
    date = PartialDate(year=int(found[1]), month=int(found[3]), day=int(found[4]), time=time)
    return spanning(found.start(), found.end(), date)


def _read_iso_month(found: re.Match[str]) -> DateSpan | None:
    return spanning(found.start(), found.end(), PartialDate(year=int(found[1]), month=int(found[2])))


def _read_slashed(found: re.Match[str]) -> DateSpan | None:
    first, second = int(found[1]), int(found[2])
    # American order unless it cannot be; 03/04/2024 keeps a note that it may be read both ways.
    month, day = (second, first) if first > 12 else (first, second)
    note = "day and month may be exchanged" if first <= 12 and second <= 12 and first != second else None
    return spanning(found.start(), found.end(), PartialDate(year=int(found[3]), month=month, day=day), note=note)


def _read_years(found: re.Match[str]) -> DateSpan | None:
    low = int(found[1])
    short = len(found[2]) == 2
    high = low // 100 * 100 + int(found[2]) if short else int(found[2])
    if not low < high < low + 200:
        return None
    note = "fiscal" if short and high == low + 1 else None
    return spanning(found.start(), found.end(), PartialDate(year=low), PartialDate(year=high), note=note)


def _read_time(found: re.Match[str]) -> DateSpan | None:
    if found[7]:
        time = _clock(found[7], found[8], None, found[9])
        return spanning(found.start(), found.end(), PartialDate(time=time))
    time = _clock(found[1], found[2], found[3], found[4])
    high = PartialDate(time=_clock(found[5], found[6])) if found[5] else None
    return spanning(found.start(), found.end(), PartialDate(time=time), high)


def _read_decade(found: re.Match[str]) -> DateSpan | None:
    year = int(found[1]) if found[1] else 1900 + int(found[2])
    return spanning(found.start(), found.end(), PartialDate(year=year), PartialDate(year=year + 9), note="decade")


def _read_year_in(found: re.Match[str]) -> DateSpan | None:
    if _YEAR_WORD.search(found.string, max(0, found.start() - 12), found.start(1)) is None:
        return None
    return spanning(found.start(1), found.end(1), PartialDate(year=int(found[1])))


def _read_between(found: re.Match[str]) -> DateSpan | None:
    low, high = int(found[2]), int(found[3])
    return spanning(found.start(2), found.end(), PartialDate(year=low), PartialDate(year=high)) if low < high else None


def _read_year_alone(found: re.Match[str]) -> DateSpan | None:
    group = next(number for number in (1, 2, 3, 4, 5) if found[number])
    return spanning(found.start(group), found.end(group), PartialDate(year=int(found[group])))


def _read_bare_month(found: re.Match[str]) -> DateSpan | None:
    before = _MONTH_WORD.search(found.string, max(0, found.start() - 12), found.start())
    if before is None:
        return None
    month = PartialDate(month=_month(found[1]))
    word = before[1].lower()
    if word in ("last", "next"):
        return spanning(before.start(), found.end(1), replace(month, base=word))
    return spanning(found.start(1), found.end(1), month)


def _read_relative(found: re.Match[str]) -> DateSpan | None:
    start, end = found.span()
    if found[3]:
        offset = {"yesterday": -1, "today": 0, "tomorrow": 1}[found[3].lower()]
        return spanning(start, end, PartialDate(base="day", offset=offset))
    if found[4]:
        return spanning(start, end, PartialDate(base="weekday", offset=_DAYS[found[4].lower()]))
    word, unit = found[1].lower(), found[2]
    if unit.lower() in _DAYS:
        return spanning(start, end, PartialDate(base="weekday", offset=_DAYS[unit.lower()]))
    return spanning(start, end, PartialDate(base=unit, offset=_OFFSETS[word]))


@dataclass(frozen=True, slots=True)
class _Seeds:
    """Where in a text dates can begin: runs of digits, years among them, names of months."""

    text: str
    runs: list[tuple[int, int]]
    years: list[int]
    months: list[int]


def _seeds_of(text: str) -> _Seeds:
    runs = digit_runs(text)
    years = [start for start, end in runs if end - start == 4 and text.startswith(("19", "20"), start)]
    return _Seeds(text, runs, years, [match.start() for match in _MONTH_STEM.finditer(text)])


def _after(text: str, starts: Sequence[int], chars: str) -> Sequence[int]:
    """Return where one of the characters stands directly before one of the starts."""
    return [start - 1 for start in starts if start and text[start - 1] in chars]


def _iso_starts(seeds: _Seeds) -> Sequence[int]:
    return [start for start, end in seeds.runs if end - start == 4 and seeds.text[end : end + 1] in ("-", ".", "/")]


def _slashed_starts(seeds: _Seeds) -> Sequence[int]:
    return [start for start, end in seeds.runs if end - start <= 2 and seeds.text.startswith("/", end)]


def _time_starts(seeds: _Seeds) -> Sequence[int]:
    text = seeds.text
    if not any(cue in text for cue in (":", "am", "pm", ".m.", "AM", "PM", "o'clock")):
        return ()
    return [start for start, end in seeds.runs if end - start <= 2]


def _day_starts(seeds: _Seeds) -> Sequence[int]:
    """Days stand at the end of a run of digits, one or two of them."""
    if not seeds.months:
        return ()
    return [at for start, end in seeds.runs for at in (end - 2, end - 1) if at >= start]


def _quarter_starts(seeds: _Seeds) -> Sequence[int]:
    text = seeds.text
    if not any(cue in text for cue in ("uarter", "half", "Half", "QUARTER")):
        return ()
    # The ordinals before it have three, five or six letters.
    ends = [match.start() - 1 for match in _QUARTER_WORD.finditer(text)]
    return [end - length for end in ends for length in (6, 5, 3) if end >= length]


def _q_starts(seeds: _Seeds) -> Sequence[int]:
    return [match.start() for match in _Q_PAIR.finditer(seeds.text)] if seeds.runs else ()


def _fiscal_starts(seeds: _Seeds) -> Sequence[int]:
    return [match.start() for match in _FISCAL_WORD.finditer(seeds.text)] if seeds.runs else ()


def _between_starts(seeds: _Seeds) -> Sequence[int]:
    text = seeds.text
    return [
        start - len(word)
        for start in seeds.years
        for word in ("Between ", "between ", "From ", "from ")
        if text.endswith(word, 0, start)
    ]


def _decade_starts(seeds: _Seeds) -> Sequence[int]:
    decades = [start for start, end in seeds.runs if seeds.text.startswith("s", end)]
    return [at for start in decades for at in (start - 1, start) if at >= 0]


def _year_alone_starts(seeds: _Seeds) -> Sequence[int]:
    return [at for start in seeds.years for at in (start - 1, start) if at >= 0]


def _relative_starts(seeds: _Seeds) -> Sequence[int]:
    """Return the starts of the words that end in day, year and so on, and of the words before those."""
    text = seeds.text
    starts = set()
    for cue in ("day", "year", "month", "week", "quarter", "omorrow"):
        at = text.find(cue)
        while at >= 0:
            start = word_start(text, at)
            starts.add(start)
            if start and text[start - 1] == " ":
                starts.add(word_start(text, start - 1))
            at = text.find(cue, at + 1)
    return sorted(starts)


_Reader = tuple[re.Pattern[str], Callable[[re.Match[str]], DateSpan | None], Callable[[_Seeds], Sequence[int]]]
_READERS: Final[tuple[_Reader, ...]] = (
    (_ISO, _read_iso, _iso_starts),
    (_SLASHED, _read_slashed, _slashed_starts),
    (_DMY_MONTHS, _read_dmy_months, _day_starts),
    (_MDY, _read_mdy, lambda seeds: seeds.months),
    (_DMY, _read_dmy, _day_starts),
    (_MY, _read_my, lambda seeds: seeds.months),
    (_QUARTER, _read_quarter, _quarter_starts),
    (_Q, _read_q, _q_starts),
    (_FISCAL, _read_fiscal, _fiscal_starts),
    (_ISO_MONTH, _read_iso_month, lambda seeds: seeds.years),
    (_YEARS, _read_years, lambda seeds: seeds.years),
    (_BETWEEN_YEARS, _read_between, _between_starts),
    (_TIME, _read_time, _time_starts),
    (_DECADE, _read_decade, _decade_starts),
    (_YEAR_IN, _read_year_in, lambda seeds: _after(seeds.text, seeds.years, " -©")),
    (_YEAR_ALONE, _read_year_alone, _year_alone_starts),
    (_BARE_MONTH, _read_bare_month, lambda seeds: _after(seeds.text, seeds.months, " -")),
    (_RELATIVE, _read_relative, _relative_starts),
)


def find_other_dates(text: str) -> list[DateSpan]:
    """Return the English and numeric date expressions of a folded text, ordered and disjoint."""
    found: list[tuple[int, int, DateSpan]] = []
    seeds = _seeds_of(text)
    for order, (pattern, read, starts_in) in enumerate(_READERS):
        if not (starts := starts_in(seeds)):
            continue
        for match in matches_at(pattern, text, starts):
            span = read(match)
            if span is not None and span.low.is_possible and (span.high is None or span.high.is_possible):
                found.append((order, -span.end, span))
    return first_claims(found)


def first_claims(found: list[tuple[int, int, DateSpan]]) -> list[DateSpan]:
    """Keep the spans that overlap none of an earlier reader, ordered by start."""
    kept: list[DateSpan] = []
    for _, _, span in sorted(found, key=lambda item: (item[2].start, item[0], item[1])):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
        elif span.start == kept[-1].start and span.end > kept[-1].end:
            kept[-1] = span
    return kept
