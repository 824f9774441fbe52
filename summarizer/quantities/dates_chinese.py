"""Chinese date expressions: 2021年10月23-25日, 1—9月, 去年四季度, 二零二四年七月九日, 20时00分02秒."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from summarizer.quantities.dates import DateSpan, PartialDate, spanning
from summarizer.quantities.numerals import read_chinese

_RANGE = r"[ ]?(?:-{1,2}|[–—~～至到])[ ]?"
_N = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR4 = r"(?:[12][0-9]{3}|[一二][〇零一二三四五六七八九]{3})"
_RELATIVE: Final[dict[str, tuple[str, int]]] = {
    "今年": ("year", 0),
    "本年度": ("year", 0),
    "本年": ("year", 0),
    "去年": ("year", -1),
    "上年度": ("year", -1),
    "上一年度": ("year", -1),
    "上一年": ("year", -1),
    "上年": ("year", -1),
    "前年": ("year", -2),
    "大前年": ("year", -3),
    "明年": ("year", 1),
    "来年": ("year", 1),
    "后年": ("year", 2),
    "本月": ("month", 0),
    "这个月": ("month", 0),
    "上个月": ("month", -1),
    "上月": ("month", -1),
    "下个月": ("month", 1),
    "下月": ("month", 1),
    "昨天": ("day", -1),
    "昨日": ("day", -1),
    "昨晚": ("day", -1),
    "前天": ("day", -2),
    "前日": ("day", -2),
    "今天": ("day", 0),
    "今日": ("day", 0),
    "今晚": ("day", 0),
    "今晨": ("day", 0),
    "明天": ("day", 1),
    "明日": ("day", 1),
    "后天": ("day", 2),
    "本周": ("week", 0),
    "这周": ("week", 0),
    "上周": ("week", -1),
    "下周": ("week", 1),
    "上个星期": ("week", -1),
    "下个星期": ("week", 1),
    "本季度": ("quarter", 0),
    "上季度": ("quarter", -1),
    "上一季度": ("quarter", -1),
    "下季度": ("quarter", 1),
}
_REL_YEAR = "|".join(sorted((word for word, (base, _) in _RELATIVE.items() if base == "year"), key=len, reverse=True))
# 前年, 后年, 上年 and 去年 are also the end of one word and the beginning of another (达产后年产值).
_SURE_YEAR = "|".join(word for word in _REL_YEAR.split("|") if word not in ("前年", "后年", "上年", "去年", "大前年"))
_REL_OTHER = "|".join(sorted((word for word, (base, _) in _RELATIVE.items() if base != "year"), key=len, reverse=True))
_WEEKDAYS: Final = {char: number for number, char in enumerate("一二三四五六日", start=1)} | {"天": 7}

# The first two characters that an anchor can have; found some ten times faster than the anchor.
_FIRST = re.compile(
    "[0-9一二三四五六七八九十上中下早晚凌清傍深第前去今明本昨后大来这星周礼公]"
    r"(?=[0-9〇零一二三四五六七八九十两年月日时点世季午上晚间晨中夜半个周天期拜元前 \-–—~～至到])"
)
# Where a Chinese date can begin. Numbers only where a date character or a range follows.
_ANCHOR = re.compile(
    r"(?:"
    f"(?<![0-9.,])(?:[12][0-9]{{3}}(?= ?年|{_RANGE}[12][0-9]{{3}} ?年)|[0-9]{{2}}(?=年(?:代|底|初|末"
    r"|[0-9]{1,2}月|[上下]半年|第?[一二三四1-4]季))"
    rf"|[0-9]{{1,2}}(?= ?月(?!饼|球|亮)|{_RANGE}[0-9]{{1,2}} ?月|日[^历均]|日\Z|(?:{_RANGE}[0-9]{{1,2}})日"
    r"|[时点](?:[0-9整半许左前后，。、至到钟]|\Z)|世纪))"
    r"|(?<![〇零一二三四五六七八九十百千万第])[一二][〇零一二三四五六七八九]{3}(?=年)"
    r"|(?<![一二三四五六七八九十百千万亿几数第个])[一二三四五六七八九十]{1,3}(?=月(?!饼|球|亮|子)"
    f"|{_RANGE}[一二三四五六七八九十]{{1,3}}月)"
    r"|(?<![一二三四五六七八九十百千万亿几数第个])[一二三四五六七八九十]{1,3}(?=点(?:钟|整|半))"
    r"|[上中下]午(?=[0-9一二三四五六七八九十])|(?:早上|晚上|晚间|凌晨|清晨|傍晚|中午|深夜)(?=[0-9一二三四五六七八九十])"
    "|第[一二三四1-4](?=季)"
    "|(?<![0-9一二三四五六七八九十第个每])[一二三四1-4](?=季度(?!的?[一二三四五六七八九十]))"
    "|前[一二三两23]个?(?=季度)"
    r"|(?<!大)[上下]半年|[上下]半月"
    "|(?:大前年|(?<![一-鿿])(?:前年|后年)|(?<=[到在至于从])(?:前年|后年)|(?<!以)上年|(?<!过)去年"
    f"|{_SURE_YEAR})(?!年|级|华|货|画|轻|龄)|{_REL_OTHER}"
    r"|(?:星期|周|礼拜)(?=[一二三四五六日天](?![期年边届个家次]))"
    r"|公元前?(?=[0-9一二三四五六七八九]))"
)
_YEAR = re.compile(rf"({_YEAR4}) ?年(度|代)?")
_YEAR2 = re.compile(r"([0-9]{2})年(代)?")
_YEAR_RANGE = re.compile(rf"({_YEAR4})(?: ?年)?(?:度)?{_RANGE}({_YEAR4}) ?年(?:度)?(?![0-9]{{1,2}}月)")
_CENTURY = re.compile(r"([0-9]{1,2})世纪(?:([0-9一二三四五六七八九])[0十]年代)?")
_PART = re.compile(
    "(?:的|份)?(?:第?([一二三四1-4])季度?|(?<!大)(上|下)半年|前([一二三两23])个?季度|Q([1-4])"
    "|([初底末中])(?!心|国|央|介|小|间|标|级|次|位|层|性)|年([初底末中])|全年)"
)
_MONTH_RANGE = re.compile(rf"({_N})(?: ?月份?)?{_RANGE}({_N}) ?月份?(?![0-9])(?!{_N}[日号])")
_MONTH = re.compile(rf"({_N}) ?月(份)?(?:[初底末](?!级|次)|[上中下]旬)?")
_DAY_RANGE = re.compile(rf"({_N})[日号]?(?:\([^()]{{1,6}}\))?{_RANGE}({_N})[日号](?!线|楼|院|馆|店|机|厅)")
_DAY_LIST = re.compile(rf"({_N})[日号]?[、和及与]({_N})[日号]")
_DAY = re.compile(rf"({_N}) ?[日号](?!线|楼|院|馆|店|机|厅|历|均)")
_DAYPART = re.compile(r" ?(?:上午|下午|早上|晚上|晚间|凌晨|清晨|傍晚|中午|深夜|晚|早)")
_CLOCK = re.compile(
    f" ?({_N})[时点](?!间|期|代|尚|光|刻(?!钟)|评|击|赞|亮|燃|名)钟?(?:(半|整|[一三]刻)"
    r"|([0-9]{1,2}|[〇零一二三四五六七八九十]{1,3})分?(?:([0-9]{1,2})秒)?)?"
)
_COLON = re.compile(r" ?([01]?[0-9]|2[0-4]):([0-5][0-9])(?::([0-5][0-9]))?")
_TO = re.compile(_RANGE)
_WEEKDAY = re.compile(r"(?:的)?(?:星期|周|礼拜)?([一二三四五六日天])(?![期年边届个家次])")
# 30日内 is a duration; 21日电, 21日， are days of a month that was named before.
_LONE_DAY = re.compile(r"([0-9]{1,2})日(?=[电讯晚上下凌早午在，、。；至起发召举开公]|\Z)(?!起诉)")
_DURATION_CUE = re.compile(r"[过逾满足少于低每近约达前后各第计为短长]\Z|[一-鿿][期限]\Z")
_AFTERNOON: Final = frozenset({"下午", "晚上", "晚间", "傍晚", "深夜", "晚"})


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    value = read_chinese(text)
    return int(value) if value else 0


def find_chinese_dates(text: str) -> list[DateSpan]:
    """Return the Chinese date expressions of a folded text in order.

    Offsets are code points of `text`. Relative dates (去年7月) keep what they state and `base`/`offset`.
    """
    found: list[DateSpan] = []
    position = 0
    for first in _FIRST.finditer(text):
        start = first.start()
        if start < position or (anchor := _ANCHOR.match(text, start)) is None:
            continue
        span = _read(text, start)
        if span is None:
            position = anchor.end()
            continue
        found.append(span)
        position = span.end
    return found


def _read(text: str, start: int) -> DateSpan | None:
    if found := _YEAR_RANGE.match(text, start):
        years = _number(found[1]), _number(found[2])
        if years[0] < years[1]:
            return spanning(start, found.end(), PartialDate(year=years[0]), PartialDate(year=years[1]))
    if found := _CENTURY.match(text, start):
        return _century(start, found)
    point = _point(text, start)
    if point is None:
        return None
    first, last, end = point
    if not first.is_possible or (last is not None and not last.is_possible):
        return None
    if last is None and (joint := _TO.match(text, end)):
        second = _point(text, joint.end(), after=first)
        if second is not None and second[1] is None and second[0].is_possible and _is_later(first, second[0]):
            return spanning(start, second[2], first, second[0])
    return spanning(start, end, first, last)


def _century(start: int, found: re.Match[str]) -> DateSpan:
    first = (int(found[1]) - 1) * 100
    if found[2] is None:
        return spanning(start, found.end(), PartialDate(year=first), PartialDate(year=first + 99), note="century")
    first += 10 * _number(found[2])
    return spanning(start, found.end(), PartialDate(year=first), PartialDate(year=first + 9), note="decade")


def _is_later(low: PartialDate, high: PartialDate) -> bool:
    if high.year is not None and low.year is not None:
        return high.year >= low.year
    if high.base is not None:
        return True
    if high.quarter is not None:
        return low.quarter is not None and high.quarter > low.quarter
    if high.month is not None:
        # 11月至1月 crosses the year: an interval without a year may.
        return low.month is not None or low.year is not None
    if high.day is not None:
        return low.day is not None and high.day > low.day
    return high.time is not None and low.time is not None


Point = tuple[PartialDate, PartialDate | None, int]


def _point(text: str, start: int, after: PartialDate | None = None) -> Point | None:
    """Read one date from `start`: year, part of the year, month, day, time, each if it is there."""
    date = PartialDate()
    end = start
    if found := _YEAR.match(text, end):
        year = _number(found[1])
        if not 1000 <= year <= 2999:
            return None
        date, end = PartialDate(year=year), found.end()
        if found[2] == "代":
            return date, PartialDate(year=year + 9), end
    elif after is None and (found := _YEAR2.match(text, end)) and not text.startswith("年", end):
        year = int(found[1])
        if found[2]:
            return PartialDate(year=1900 + year), PartialDate(year=1909 + year), found.end()
        date, end = PartialDate(year=(2000 if year < 70 else 1900) + year), found.end()
    else:
        for length in (4, 3, 2):
            word = text[end : end + length]
            if relative := _RELATIVE.get(word):
                date, end = PartialDate(base=relative[0], offset=relative[1]), end + len(word)
                break
    return _within(text, date, end, is_start=end == start, after=after)


def _within(text: str, date: PartialDate, end: int, *, is_start: bool, after: PartialDate | None) -> Point | None:
    """Read what may follow a year or stand without one."""
    if date.base == "week" or (is_start and text.startswith(("星期", "周", "礼拜"), end)):
        return _weekday(text, date, end)
    if date.base in (None, "year") and (found := _PART.match(text, end)):
        part = _part_of_year(date, found)
        return None if is_start and found[5] else part
    if date.base in (None, "year"):
        if found := _MONTH_RANGE.match(text, end):
            low, high = _number(found[1]), _number(found[2])
            if low != high and 1 <= low <= 12 and 1 <= high <= 12:
                return replace(date, month=low), replace(date, month=high), found.end()
        if found := _MONTH.match(text, end):
            date, end = replace(date, month=_number(found[1])), found.end()
            return _with_day(text, date, end)
    if date.base == "month" or after is not None:
        return _with_day(text, date, end, bare=after is not None)
    if is_start:
        return _lone(text, end)
    return _with_time(text, date, end) if date.base == "day" else (date, None, end)


def _lone(text: str, start: int) -> Point | None:
    """Read a day or a clock time that stands alone."""
    if found := _LONE_DAY.match(text, start):
        if not _DURATION_CUE.search(text, max(0, start - 2), start):
            return _with_time(text, PartialDate(day=int(found[1])), start + len(found[1]) + 1)
        return None
    if (found := _DAY_RANGE.match(text, start)) and _number(found[1]) < _number(found[2]) <= 31:
        return PartialDate(day=_number(found[1])), PartialDate(day=_number(found[2])), found.end()
    date, high, end = _with_time(text, PartialDate(), start)
    return None if date.time is None else (date, high, end)


def _part_of_year(date: PartialDate, found: re.Match[str]) -> Point:
    end = found.end()
    if quarter := found[1] or found[4]:
        return replace(date, quarter=_number(quarter)), None, end
    if found[2]:
        return replace(date, half=1 if found[2] == "上" else 2), None, end
    if found[3]:
        count = 2 if found[3] in "两2二" else _number(found[3])
        return replace(date, month=1), replace(date, month=3 * count), end
    return date, None, end


def _weekday(text: str, date: PartialDate, start: int) -> Point | None:
    found = _WEEKDAY.match(text, start)
    if found is None:
        return (date, None, start) if date.base == "week" else None
    day = _WEEKDAYS[found[1]]
    if date.base == "week":
        return replace(date, day=None, base="week", offset=date.offset, time=None), None, found.end()
    return PartialDate(base="weekday", offset=day), None, found.end()


def _with_day(text: str, date: PartialDate, end: int, *, bare: bool = False) -> Point | None:
    for pattern in (_DAY_RANGE, _DAY_LIST):
        found = pattern.match(text, end)
        if found and _number(found[1]) < _number(found[2]) <= 31 and pattern is _DAY_RANGE:
            return replace(date, day=_number(found[1])), replace(date, day=_number(found[2])), found.end()
    if (found := _DAY.match(text, end)) and 1 <= _number(found[1]) <= 31:
        return _with_time(text, replace(date, day=_number(found[1])), found.end())
    if bare and date.year is None and date.month is None and date.base is None:
        timed = _with_time(text, date, end)
        return None if timed[0].time is None else timed
    return date, None, end


def _with_time(text: str, date: PartialDate, end: int) -> Point:
    at = end
    part = _DAYPART.match(text, at)
    if part:
        at = part.end()
    late = part is not None and part[0].strip() in _AFTERNOON
    found = _CLOCK.match(text, at)
    if found:
        hour, minute = _number(found[1]), 0
        if found[2]:
            minute = {"半": 30, "一刻": 15, "三刻": 45}.get(found[2], 0)
        elif found[3]:
            minute = _number(found[3])
        second = found[4]
    else:
        found = _COLON.match(text, at)
        if found is None:
            return date, None, end
        hour, minute, second = int(found[1]), int(found[2]), found[3]
    if hour > 24 or minute > 59:
        return date, None, end
    if late and hour < 12:
        hour += 12
    time = f"{hour:02d}:{minute:02d}" + (f":{int(second):02d}" if second else "")
    return replace(date, time=time), None, found.end()
