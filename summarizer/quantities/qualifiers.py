"""约, 超过, 以上, more than, or more: how an amount is bounded, in the guideline's words, and where that is said."""

from __future__ import annotations

import re
from typing import Final

from summarizer.quantities.amounts import Amount
from summarizer.quantities.seeking import word_start
from summarizer.records import Qualifier

_LEFT_CHINESE: Final[dict[Qualifier, str]] = {
    "more_than": "超过 超出 超 逾 突破 大于 高于 多于 高出 远超 远高于 越过 冲破 跨过 > ＞",
    "at_least": "至少 不低于 不少于 不得少于 不得低于 不小于 不下于 不下 最少 最低 起码 下限为 下限 不低过 ≥ >= ⩾ ≧",
    "nearly": "将近 接近 逼近 近 临近 趋近",
    "about": "大约 约为 约合 约相当于 相当于约 大概 大致 约占 大约占 约有 约达 约 基本 大约为 大约有 估计约 上下约 ≈ ~ 差不多",
    "at_most": "不超过 不超 不高于 不多于 不大于 不得超过 不得高于 至多 最多 最高 上限为 上限是 上限 不逾 最高达 "
    "最高可达 最多可达 封顶 ≤ <= ⩽ ≦ 控制在",
    "less_than": "不到 不足 未达 未到 未满 不满 低于 少于 小于 不及 跌破 还不到 尚不足 未达到 达不到 < ＜",
    "exact": "达到 达 高达 多达 足足",
}
_LEFT_ENGLISH: Final[dict[Qualifier, str]] = {
    "more_than": "more than|over|above|exceeding|exceeds|exceed|exceeded|in excess of|greater than|higher than"
    "|upwards of|upward of"
    "|north of|topping|topped|"
    "surpassed|surpassing|surpasses|well over|larger than|beyond",
    "at_least": "at least|no less than|not less than|no fewer than|not fewer than|no lower than|not lower than|not below"
    "|a minimum of|minimum of|"
    "minimum|cannot fall below|not fall below|starting at|starting from",
    "nearly": "nearly|almost|close to|approaching|approaches|just shy of|nearing|just under",
    "about": "approximately|about|around|roughly|some|an estimated|estimated|circa|approx\\.?|ca\\.|in the region of"
    "|in the order of|"
    "or so|more or less|somewhere near",
    "at_most": "up to|at most|no more than|not more than|no higher than|no greater than|as much as|as many as|a maximum "
    "of|maximum of|maximum|capped at|not exceeding|"
    "not to exceed|not above|no longer than|no later than",
    "less_than": "less than|fewer than|under|below|lower than|smaller than|well below|well under|not even",
    "exact": "exactly|precisely|adds up to|added up to|adding up to|amounts to|amount to|amounted to",
}
_FILLER_ENGLISH: Final = (
    "(?: the| a| an)?(?: further| another| additional| total of| combined| record| remaining)?(?: about| "
    "around| roughly| approximately| some)?"
)
_RIGHT_CHINESE: Final[dict[Qualifier, str]] = {
    "at_least": "及以上 或以上 以上 起步 封底 起(?![来草诉步动点码源始伏])",
    "about": "左右 上下(?![游班文级]) 附近 前后 许(?![可多])",
    "at_most": "以内 之内 及以下 或以下 封顶 为限 为上限",
    "less_than": "以下",
    "more_than": r"开外 有余 多(?=[，。、；：的人名个元台家万亿]|\Z)(?!个月) 余(?=[，。、；的]|\Z)",
}
_RIGHT_ENGLISH: Final[dict[Qualifier, str]] = {
    "at_least": "or more|or above|or higher|or greater|or over|and above|and up|or longer|or older|at least|minimum",
    "more_than": "-plus|\\+(?![0-9A-Za-z])| ?plus(?! [0-9a-z])|-odd| odd(?= )",
    "about": "or so|or thereabouts",
    "at_most": "or less|or fewer|or below|or under|or lower|at most|at the most|maximum|tops",
}


def _left() -> tuple[re.Pattern[str], dict[str, Qualifier]]:
    words: dict[str, Qualifier] = {}
    for qualifier, listed in _LEFT_CHINESE.items():
        for word in listed.split():
            words[word] = qualifier
    longest = "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))
    pattern = re.compile(rf"({longest})(?:了|到|至|[:：]|为|是|有|达到?|[“\"(])?[ ]?\Z")
    return pattern, words


def _english(table: dict[Qualifier, str]) -> list[tuple[str, Qualifier]]:
    return [(f"q{number}", qualifier) for number, qualifier in enumerate(table)]


_CHINESE, _CHINESE_WORDS = _left()
_LAST_CHINESE: Final = frozenset(word[-1] for word in _CHINESE_WORDS) | frozenset('了到至:：为是有达“"( ')
# 不超过合同金额的5%, 不高于市场价的六成: the bound stands before what the share is of.
_DISTANT = re.compile(
    "(约占|大约占|不超过|不高于|不多于|不得超过|不低于|不少于|不得低于|不得少于|不足|不到|超过|低于"
    r"|高于)[^，。；、：0-9\x00]{1,10}的\Z"
)
_GROUPS: Final = _english(_LEFT_ENGLISH)
_ENGLISH = re.compile(
    r"(?<![A-Za-z])(?:"
    + "|".join(f"(?P<{group}>{_LEFT_ENGLISH[qualifier]})" for group, qualifier in _GROUPS)
    + rf"){_FILLER_ENGLISH} ?\Z",
    re.IGNORECASE,
)
_LAST_ENGLISH: Final = frozenset(
    words.replace("\\.?", "").replace("\\.", "").split()[-1]
    for listed in (*_LEFT_ENGLISH.values(), "the|a|an|further|another|additional|of|combined|record|remaining|some")
    for words in listed.split("|")
)
_RIGHT_WORDS: Final = [
    (f"r{number}", *pair) for number, pair in enumerate([*_RIGHT_CHINESE.items(), *_RIGHT_ENGLISH.items()])
]
_RIGHT = re.compile(
    " ?(?:"
    + "|".join(
        f"(?P<{group}>{'|'.join(words.split()) if number < len(_RIGHT_CHINESE) else '(?:' + words + ')(?![A-Za-z])'})"
        for number, (group, _, words) in enumerate(_RIGHT_WORDS)
    )
    + ")"
)
_RIGHT_BY_GROUP: Final = {group: qualifier for group, qualifier, _ in _RIGHT_WORDS}
_FIRST_RIGHT: Final = frozenset("及或以起封左上附前之为下开有多余许 -+oampt")
_NEGATED_FLOOR = re.compile(r"(?:cannot|can't|not|never|won't)\b[^.;,]{0,24}\Z", re.IGNORECASE)
_NEGATED_CEILING = re.compile(
    r"(?:cannot|can't|not|never)\b[^.;]{0,60}\bor (?:rise|go|climb|increase|exceed)? ?\Z", re.IGNORECASE
)
# may not rise by more than 3%, will never exceed 10; "not only" adds, it does not deny
_NEGATED_MORE = re.compile(r"(?:\b(?:cannot|not|never)|n't)(?! only)(?: [a-z]+){0,4} \Z", re.IGNORECASE)
_NOT_CHINESE = re.compile(r"(?:不会|不能|不可|不得|不再|没有|从未|未曾|未|没)\Z")
_PLACES = frozenset(
    {"below", "above", "under", "over", "beyond", "well below", "well under", "well over", "higher than", "lower than"}
)
_MOVED = re.compile(r"\b(?:edged|inched|crept|ticked|moved|went|came|shot|picked|nudged) \Z", re.IGNORECASE)
_SPREAD = re.compile(r"[0-9\x00][^.;。]*\Z")
_LASTING = re.compile(
    r"(?:for|well|just|lasted|after|last|took|takes|taken|has|have|had|is|was|been|are|were|of|with) \Z", re.IGNORECASE
)
_NOT_CHINESE_NEAR = re.compile(r"(?:附|最|靠|远|亲|邻|新|相|逼|贴|晚)\Z")
_LASTED = re.compile(r"(?:历时|耗时|历经|长达|用时|历|了|已|为期|持续|过)\Z")
_WINDOW: Final = 34

Bound = tuple[Qualifier, int | None, int | None]


def read_qualifier(text: str, lowest: int, amount: Amount, highest: int) -> Bound:
    """Return how the amount is bounded: (qualifier, start, end of the words that say so, None where none do).

    `text` is folded; nothing before `lowest` and after `highest` belongs to this amount.
    """
    left = _read_left(text, lowest, amount)
    right = _read_right(text, amount.end, highest)
    if amount.high is not None:
        return "range", None, None
    if left is not None and left[0] != "exact":
        # 未达40%以上 is less than 40: what stands before the number wins.
        return left
    if right is not None:
        return right
    if amount.at_least:
        return "at_least", amount.start - 1, amount.start
    if amount.infix_at is not None:
        return "more_than", amount.infix_at, amount.infix_at + 1
    return left or ("exact", None, None)


def _read_left(text: str, lowest: int, amount: Amount) -> Bound | None:
    start = amount.start
    if start <= lowest:
        return None
    last = text[start - 1]
    window = max(lowest, start - _WINDOW)
    if last in _LAST_CHINESE:
        found = _CHINESE.search(text, max(window, start - 9), start)
        if found is not None:
            word = found[1]
            at = found.start(1)
            if word == "近" and _NOT_CHINESE_NEAR.search(text, max(lowest, at - 1), at):
                return None
            if word == "近" and amount.kind == "duration" and not _LASTED.search(text, max(lowest, at - 3), at):
                # 近三年 is the last three years; 历时近三年 is nearly three.
                return None
            if word in "超达约" and text[max(lowest, at - 1) : at] in (
                "赶",
                "表",
                "抵",
                "直",
                "条",
                "合",
                "节",
                "签",
                "制",
                "公",
                "传",
                "到达",
            ):
                return None
            if _CHINESE_WORDS[word] == "more_than" and (no := _NOT_CHINESE.search(text, max(lowest, at - 4), at)):
                return "at_most", no.start(), at + len(word)
            return _CHINESE_WORDS[word], at, at + len(word)
    if last == "的" and amount.kind in ("percent", "multiple"):
        found = _DISTANT.search(text, max(window, start - 16), start)
        if found is not None:
            return _CHINESE_WORDS[found[1]], found.start(1), found.end(1)
    if last.isascii() and (last == " " or last.isalpha()):
        return _read_english(text, window, amount)
    return None


def _read_english(text: str, window: int, amount: Amount) -> Bound | None:
    start = amount.start
    if not _can_end_bound(text[window:start]):
        return None
    found = _ENGLISH.search(text, window, start)
    if found is None:
        return None
    qualifier = next(qualifier for group, qualifier in _GROUPS if found[group] is not None)
    group = next(group for group, _ in _GROUPS if found[group] is not None)
    at, end = found.span(group)
    word = found[group].lower()
    if word in _PLACES and text[end : end + 5] == " the ":
        # "below the 14% they had forecast" is how it compares, not what it is.
        return None
    if (
        amount.kind == "duration"
        and word == "over"
        and _SPREAD.search(text, max(0, at - 60), at)
        and not _LASTING.search(text, max(0, at - 8), at)
    ):
        # "$5bn over five years" is "during"; "for over five years" is a bound.
        return None
    if word in ("below", "under") and _NEGATED_FLOOR.search(text, max(0, at - 32), at):
        qualifier = "at_least"
    elif qualifier == "more_than" and _NEGATED_MORE.search(text, max(0, at - 48), at):
        qualifier = "at_most"
    elif word == "up to" and _MOVED.search(text, max(0, at - 10), at):
        # "edged up to £23.4 million" tells where it went.
        return None
    elif word in ("above", "over") and _NEGATED_CEILING.search(text, max(0, at - 80), at):
        qualifier = "at_most"
    return qualifier, at, end


def _can_end_bound(before: str) -> bool:
    """Whether the last word is one that a bound ends in: the pattern is slow, and most words before numbers are others."""
    before = before.rstrip(" .")
    start = word_start(before, len(before))
    return before[start:].lower() in _LAST_ENGLISH or not before[start - 1 : start].isascii()


def _read_right(text: str, end: int, highest: int) -> Bound | None:
    if end >= highest or text[end] not in _FIRST_RIGHT:
        return None
    found = _RIGHT.match(text, end, min(len(text), end + 20))
    if found is None:
        return None
    group = found.lastgroup or ""
    return _RIGHT_BY_GROUP[group], found.start(group), found.end(group)
