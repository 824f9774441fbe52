"""Stage three: number tokens with their scale, currency and unit. Ranges and qualifiers come after (ranges.py, qualifiers.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from summarizer.quantities.currencies import CODES, currency_before
from summarizer.quantities.nouns import noun_after
from summarizer.quantities.numerals import DIGITS, EXACT, plain, ratio, read_chinese, shifted
from summarizer.quantities.seeking import digit_runs, matches_at
from summarizer.quantities.units import Unit, match_unit
from summarizer.records import QuantityKind


@dataclass(slots=True, kw_only=True)
class Amount:
    """A number token on its way to a Quantity. Offsets as there; `low` and `high` are decimal strings.

    `places` is the power of ten of the token's own scale word, 0 without one; `unit_places` that of its unit (成).
    `is_pending` marks a Chinese numeral that counts only as the left end of a range. `is_prefixed`: the currency stands
    before the number. `infix_at` is where 多, 余, 来 or 几 stands inside the expression.
    """

    start: int
    end: int
    number_start: int
    number_end: int
    low: str
    high: str | None = None
    kind: QuantityKind = "number"
    unit: str | None = None
    places: int = 0
    unit_places: int = 0
    has_unit: bool = False
    is_prefixed: bool = False
    is_pending: bool = False
    is_vague: bool = False
    infix_at: int | None = None
    at_least: bool = False
    note: str | None = None


_NUMBER: Final = re.compile(
    r"(?:(?:(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
    r"|(?<![0-9A-Za-z.一-鿿])\.[0-9]+(?![0-9.]))"
)
_SCALE_CHARS: Final[dict[str, int]] = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8, "兆": 12}
_MORE = re.compile(
    r"零?(?:[0-9]{1,4}(?:\.[0-9]+)?"
    "|[一二两三四五六七八九])[百千万亿]+(?:[0-9]{1,4}[百千万])*(?:[0-9]{1,4}(?=[元人个家户台]))?"
)
_INFIX = re.compile(
    " ?(?:多(?![样媒功晶层边]|元[化性素文宇的])|余(?![额下款热震]|[一-鿿]?[额])|来(?=[个万家人名亿年天岁种座所项次台])"
    "|几(?=[个万家人名亿年天岁种座所项次台]))"
)
_BIG_EN: Final[dict[str, int]] = {
    "hundred": 2,
    "thousand": 3,
    "million": 6,
    "billion": 9,
    "trillion": 12,
    "lakh": 5,
    "crore": 7,
    "mn": 6,
    "mln": 6,
    "mm": 6,
    "bn": 9,
    "bln": 9,
    "tn": 12,
    "trn": 12,
}
_SCALE_EN = re.compile(
    r"[ -]?(hundred|thousand|million|billion|trillion|lakh|crore|mln|bln|trn|mn|bn|tn)(?![A-Za-z])", re.IGNORECASE
)
_LETTER = re.compile(r" ?([mMbBkKtT]|MM)(?![A-Za-z0-9/²³^])")
_LETTER_PLACES: Final = {"m": 6, "b": 9, "k": 3, "t": 12, "mm": 6}
_AFTER_LETTER = re.compile(r"[ -][a-z]|[一-鿿]")
_SIGN_BEFORE: Final = frozenset("+-±")
_CLOSING: Final = frozenset("0123456789%)元年月日个点倍万亿千百")
_CENTS = re.compile(
    "(?:零)?(?:([0-9]|[一二三四五六七八九壹贰叁肆伍陆柒捌玖])角)?(?:零?([0-9]{1,2}"
    "|[一二三四五六七八九壹贰叁肆伍陆柒捌玖])分)?(?!之)"
)
_LOOSE_CENTS = re.compile(
    r"([1-9一二三四五六七八九])(?:毛|角)?(?![0-9一二三四五六七八九十百千万亿.%年月日个元块米]|,[0-9])"
)
_SCORE = re.compile(r"(?:得|评|总|扣|加|减|满|记|高|低|均|数|比)[为了到至：: ]?\Z")
_INTEREST = re.compile(r"(?:(?<!月)息|利率|拆借|HIBOR|SHIBOR|LIBOR)[^，。；,;]{0,14}\Z")
_ENERGY = re.compile(r"(?:电|千瓦|供热)[^。；]{0,8}\Z")
_HOT = re.compile(r"(?:温|冷|热|冰|暖|烧|高达|低至|零下|零上|摄氏|华氏|摄|华)[^。；]{0,6}\Z")
_ABOVE_ZERO = re.compile(r"(?:(零下|负)|(零上)|(?:摄氏)|(华氏))+\Z")
_AND_A_HALF = re.compile("半(?![以年载数])")
_PRICE = re.compile(r"[花卖价付赚拿要收给值钱费罚欠借省挣][了到过]?[^，。；]{0,2}\Z")
_FRACTION = re.compile(r"/([1-9][0-9]{0,2})(?![0-9/.,])")
_MIXED = re.compile(r" ([1-9])/([2-9]|1[0-6])(?![0-9/.,])")
_MINUS_WORD = re.compile(r"(?<![A-Za-z0-9%])(?:[Mm]inus|[Nn]egative) \Z")
_COMPUTE = re.compile(r"的?(?:[一-鿿]{0,4})算力")
_ONLY_SCALED: Final = frozenset({"won", "real", "rand", "dong", "sterling", "peso", "lira", "francs", "stone"})
# 五大领域, 10大集群: 大 makes the number a count of what follows, and is no counter.
BIG_NOUN: Final = re.compile(r"大(?![学约多概家小致型规量幅力会连众厦陆洋战奖额批部体人股于师使桥气王道夫赛庆宗])")
_COMPOUND = re.compile(r"个(?:多|半)(月|小时|星期|季度|世纪|钟头)")


def read_digits(text: str, masked: str, lowest: int = 0) -> list[Amount]:
    """Return every number of `masked` that begins with an ASCII digit, with scale, currency and unit, in order.

    `text` is the folded text, `masked` the same with claimed spans blanked.
    """
    found: list[Amount] = []
    last = lowest
    for match in matches_at(_NUMBER, masked, _number_starts(masked)):
        start, end = match.span()
        if start < last:
            # The digits belong to the composite number before (1亿2千万).
            continue
        amount = _read_number(text, masked, last, start, end)
        found.append(amount)
        last = amount.end
    return found


def _number_starts(masked: str) -> Iterator[int]:
    """Yield where a number can begin: at its digits, or at a point before them (.5)."""
    for start, _ in digit_runs(masked):
        if start and masked[start - 1] == ".":
            yield start - 1
        yield start


def _read_number(text: str, masked: str, lowest: int, start: int, end: int) -> Amount:
    digits = text[start:end]
    if digits[0] == ".":
        digits = "0" + digits
    money, begin, negative = _before(text, masked, lowest, start)
    bracket = masked[start - 1 : start] == "(" and masked[end : end + 1] == ")" and begin < start - 1
    number_end = end
    if bracket:
        negative, end = True, end + 1
    places, at = _scale(text, masked, end, money is not None)
    value = shifted(digits, places)
    if places and at < len(text) and text[at - 1] in _SCALE_CHARS and (more := _MORE.match(masked, at)):
        whole = read_chinese(text[start : more.end()].replace(" ", ""))
        if whole is not None:
            value, at = whole, more.end()
    if not bracket:
        number_end = at
    amount = Amount(start=begin, end=at, number_start=start, number_end=number_end, low=value, places=places)
    if infix := _INFIX.match(masked, at):
        after, at_infix = infix.end(), at
        more_places, at = _scale(text, masked, after, money is not None)
        amount.low = shifted(amount.low, more_places)
        amount.places += more_places
        amount.infix_at = after - 1
        amount.end = at
        if at > after:
            amount.number_end = at
        elif text[at_infix] == " ":
            at = after
    if at == end and digits.isdigit() and (mixed := _MIXED.match(masked, at)) and int(mixed[1]) < int(mixed[2]):
        # 5 1/2 is one number.
        amount.low = ratio(int(digits) * int(mixed[2]) + int(mixed[1]), int(mixed[2]))
        amount.note = f"{digits} {mixed[1]}/{mixed[2]}"
        amount.end = amount.number_end = mixed.end()
    elif money is None and at == end and digits.isdigit() and (bottom := _FRACTION.match(masked, at)):
        top, whole_part = int(digits[:4]), int(bottom[1])
        if 0 < top < whole_part and len(digits) <= 3:
            amount.low, amount.note = ratio(top, whole_part), f"{top}/{whole_part}"
            amount.end = amount.number_end = bottom.end()
    if negative:
        amount.low = "-" + amount.low if amount.low != "0" else "0"
    attach_unit(text, masked, amount, money)
    return amount


def _before(text: str, masked: str, lowest: int, start: int) -> tuple[str | None, int, bool]:
    """Read sign, bracket and currency before a number: (currency, where they begin, whether it is negative)."""
    begin, negative = start, False
    if begin > lowest and masked[begin - 1] in "(" and begin - 1 > lowest:
        money = currency_before(masked, lowest, begin - 1)
        if money is not None:
            return money[0], money[1], False
    if begin > lowest and masked[begin - 1] in _SIGN_BEFORE and _is_sign(masked, lowest, begin - 1):
        negative, begin = masked[begin - 1] == "-", begin - 1
    elif minus := minus_before(masked, lowest, begin):
        negative, begin = True, minus.start()
    money = currency_before(masked, lowest, begin)
    if money is None:
        is_zero_near = begin == start > lowest and masked[start - 1] in "下负上氏"
        if is_zero_near and (zero := _ABOVE_ZERO.search(masked, max(lowest, start - 4), start)):
            return None, zero.start(), zero[1] is not None
        return None, begin, negative
    code, begin = money
    if begin > lowest and masked[begin - 1] in _SIGN_BEFORE and _is_sign(masked, lowest, begin - 1):
        negative, begin = negative or masked[begin - 1] == "-", begin - 1
    return code, begin, negative


def minus_before(masked: str, lowest: int, at: int) -> re.Match[str] | None:
    """Return the word that makes the number at `at` negative (minus 5), None where none does."""
    low = max(lowest, at - 9)
    return _MINUS_WORD.search(masked, low, at) if masked.endswith(("inus ", "egative "), low, at) else None


def _is_sign(masked: str, lowest: int, at: int) -> bool:
    """A dash is a minus only where no number, letter or claimed span stands before it."""
    if at == 0:
        return True
    before = masked[at - 1]
    if at - 1 < lowest or before in _CLOSING or before == "\x00":
        return False
    return not (before.isascii() and before.isalnum()) and before not in "-–—~/"


def _scale(text: str, masked: str, at: int, is_money: bool) -> tuple[int, int]:
    """Read the scale words at `at`: (power of ten, where they end)."""
    size = len(masked)
    cursor = at + 1 if masked[at : at + 1] == " " else at
    if cursor < size and masked[cursor] == "个" and masked[cursor + 1 : cursor + 2] == "亿":
        cursor += 1
    places = 0
    first = cursor
    while cursor < size and masked[cursor] in _SCALE_CHARS:
        unit = match_unit(masked, cursor)
        if unit is not None and (len(unit.word) > 1 or not _is_trillion(masked, cursor)):
            break
        places += _SCALE_CHARS[masked[cursor]]
        cursor += 1
    if cursor > first:
        return places, cursor
    if at >= size or masked[at] not in " -mMbBkKtThHlLcC":
        return 0, at
    if word := _SCALE_EN.match(masked, at):
        places = _BIG_EN[word[1].lower()]
        end = word.end()
        if again := _SCALE_EN.match(masked, end):
            places, end = places + _BIG_EN[again[1].lower()], again.end()
        return places, end
    if letter := _LETTER.match(masked, at):
        name = letter[1]
        if is_money or _letter_is_scale(masked, letter):
            return _LETTER_PLACES[name.lower()], letter.end()
    return 0, at


def _is_trillion(masked: str, at: int) -> bool:
    """兆 before money is 10^12 (Taiwan, Japan); elsewhere it is a unit."""
    after = masked[at + 1 : at + 3]
    return after[:1] in ("元", "圆") or after in ("美元", "日元", "日圆", "韩元", "台币", "新台", "人民")


def _letter_is_scale(masked: str, letter: re.Match[str]) -> bool:
    if letter[0][0] == " ":
        return False
    name, end = letter[1], letter.end()
    if name == "k":
        return True
    if name in "tT":
        return False
    after = _AFTER_LETTER.match(masked, end)
    if name == "b":
        return True
    if after is None:
        return False
    unit = match_unit(masked, end + (masked[end] in " -"))
    if unit is not None and unit.kind in ("dimension", "currency", "count"):
        return True
    return noun_after(masked, end) is not None


def attach_unit(text: str, masked: str, amount: Amount, money: str | None) -> None:
    """Read the unit after a number into `amount`: kind, unit, value, end."""
    at = amount.end
    if money is not None:
        amount.kind, amount.unit, amount.is_prefixed, amount.has_unit = "currency", money, True, True
        unit = unit_at(masked, at)
        if unit is not None and unit[0].kind == "currency" and unit[0].shift == 0 and unit[0].word not in CODES:
            amount.end = unit[1]
            if unit[0].word[0] in "元圆":
                _add_cents(masked, amount)
        return
    if masked.startswith("个", at) and (compound := _COMPOUND.match(masked, at)):
        amount.kind, amount.unit, amount.has_unit = "duration", "个" + compound[1], True
        amount.end = compound.end()
        if masked[at + 1] == "多":
            amount.infix_at = at + 1
        else:
            amount.low = half_more(amount.low)
        return
    found = unit_at(masked, at)
    if found is not None and _set_unit(text, masked, amount, *found):
        return
    if BIG_NOUN.match(masked, at):
        amount.kind = "count"
        return
    noun = noun_after(masked, at)
    if noun is not None:
        amount.kind, amount.unit = "count", noun[0]
        if noun[0] is not None:
            amount.end, amount.has_unit = noun[1], True


def unit_at(masked: str, at: int) -> tuple[Unit, int, int] | None:
    """Return the unit at `at` or after one blank or hyphen: (unit, its end, its start)."""
    unit = match_unit(masked, at)
    if unit is not None:
        return unit, at + len(unit.word), at
    joint = masked[at : at + 1]
    if joint and joint in " -":
        unit = match_unit(masked, at + 1)
        if unit is not None and (joint == " " or (unit.word[0].isascii() and unit.word[0].isalpha())):
            end = at + 1 + len(unit.word)
            # "5 x 3" and a lone capital after a blank are no units.
            if len(unit.word) == 1 and unit.word.isascii() and unit.word not in "%$mgtlLhWVx":
                return None
            return unit, end, at + 1
    return None


def _set_unit(text: str, masked: str, amount: Amount, unit: Unit, end: int, begin: int) -> bool:
    sense = _sense(text, masked, amount, unit, end)
    if sense is None:
        return False
    kind, name = sense
    word = unit.word
    if word == "折":
        amount.unit_places = 1 if len(amount.low) == 1 else 0
        amount.low, amount.note = _discount(amount.low), "折"
    elif word == "成半":
        amount.low = half_more(amount.low)
    if unit.shift:
        amount.unit_places = unit.shift
        amount.low = shifted(amount.low, unit.shift)
        if amount.high is not None:
            amount.high = shifted(amount.high, unit.shift)
    amount.kind, amount.end, amount.has_unit = kind, end, True
    amount.unit = name if name is not None else text[begin:end]
    if kind == "currency" and word[0] in "元圆块" and name == "CNY":
        _add_cents(masked, amount)
    elif kind in ("duration", "dimension", "temperature") and _AND_A_HALF.match(masked, end):
        amount.low = half_more(amount.low)
        amount.end += 1
    return True


def _sense(text: str, masked: str, amount: Amount, unit: Unit, end: int) -> tuple[QuantityKind, str | None] | None:
    """Return what an ambiguous unit word means here: (kind, canonical unit), None where it is no unit."""
    word = unit.word
    before = masked[max(0, amount.start - 8) : amount.start]
    if word == "厘":
        # 利率2.5厘, 同业拆息加1.35厘: per cent, as Hong Kong writes it; a share of money or length elsewhere.
        return ("percent", "%") if _INTEREST.search(masked, max(0, amount.start - 24), amount.start) else None
    if word in ("度", "°"):
        return _degrees(text[amount.start : amount.number_start], before, amount.low, word)
    if word in ("pounds", "pound") and masked.startswith(" of ", end):
        return "dimension", None
    if word == "块" and (_PRICE.search(before) or (not amount.places and _LOOSE_CENTS.match(masked, end))):
        return "currency", "CNY"
    is_other_word = (
        (word in _ONLY_SCALED and not amount.places)
        or (word == "P" and not _COMPUTE.match(masked, end))
        or (word == "x" and masked[end : end + 2].strip(" ")[:1].isdigit())
    )
    return None if is_other_word else (unit.kind, unit.unit)


def _degrees(prefix: str, before: str, low: str, word: str) -> tuple[QuantityKind, str | None]:
    """度 is a kilowatt-hour where electricity is meant, an angle in 360度, else a temperature."""
    if prefix.startswith(("华氏", "摄氏")):
        return "temperature", prefix[:2] + "度"
    if not _HOT.search(before) and (word == "°" or low in ("360", "180", "90", "720") or _ENERGY.search(before)):
        return "dimension", None
    return "temperature", None


def half_more(low: str) -> str:
    """Return the value half a unit higher: 两年半, 三个半小时."""
    return plain(EXACT.add(EXACT.create_decimal(low), EXACT.create_decimal("0.5")))


def _discount(low: str) -> str:
    """八折 and 八五折 as the percentage that is paid: 80, 85."""
    if "." in low or len(low) == 1:
        return shifted(low, 1)
    return low


def _add_cents(masked: str, amount: Amount) -> None:
    """Add 角 and 分 that follow the yuan: 3元5角2分, 12块5."""
    at = amount.end
    if masked[at - 1 : at] in ("整", "正") or amount.places or "." in amount.low:
        return
    found = _CENTS.match(masked, at)
    tenths = hundredths = "0"
    end = at
    if found and (found[1] or found[2]):
        tenths, hundredths, end = found[1] or "0", found[2] or "0", found.end()
    elif masked[at - 1 : at] == "块" and (loose := _LOOSE_CENTS.match(masked, at)):
        tenths, end = loose[1], loose.end()
    else:
        return
    cents = int(DIGITS.get(tenths, tenths)) * 10 + int(DIGITS.get(hundredths, hundredths))
    amount.low = plain(EXACT.add(EXACT.create_decimal(amount.low), EXACT.create_decimal(shifted(str(cents), -2))))
    amount.end = amount.number_end = end
