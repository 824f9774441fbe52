"""Numerals to decimal strings: digits with a scale, Chinese numerals, English number words. No float anywhere."""

from __future__ import annotations

import re
from decimal import Context, Decimal, Inexact
from typing import Final

from summarizer.quantities.wordlists import words

# Wide enough for the longest numeral the scanner reads (44 digits times 10^16); anything that would round raises.
EXACT: Final = Context(prec=200, traps=[Inexact])

DIGITS: Final[dict[str, int]] = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    **{char: value for value, char in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
    "贰": 2,
}
SMALL: Final[dict[str, int]] = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
BIG: Final[dict[str, int]] = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_TOKEN = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|.")
_NEIGHBOURS = re.compile("([一二三四五六七八两])([二三四五六七八九])(?=[十百千万亿]|$)")


def plain(number: Decimal) -> str:
    """Return the decimal without exponent and without zeros that carry nothing: `12.50` becomes `12.5`."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def shifted(digits: str, places: int) -> str:
    """Multiply a plain decimal numeral by 10^places, exactly, by moving its point.

    Args:
        digits: ASCII digits with at most one point, commas allowed, an optional minus in front.
        places: how far the point moves to the right; negative moves it to the left.

    Example:
        >>> shifted("1.37", 8)
        '137000000'
    """
    sign = ""
    if digits[0] == "-":
        sign, digits = "-", digits[1:]
    if "," in digits:
        digits = digits.replace(",", "")
    whole, _, fraction = digits.partition(".")
    if places > 0:
        fraction = fraction.ljust(places, "0")
        whole, fraction = whole + fraction[:places], fraction[places:]
    elif places < 0:
        whole = whole.rjust(1 - places, "0")
        whole, fraction = whole[:places], whole[places:] + fraction
    fraction = fraction.rstrip("0")
    whole = whole.lstrip("0") or "0"
    if fraction:
        return f"{sign}{whole}.{fraction}"
    return "0" if whole == "0" else sign + whole


def ratio(top: int, bottom: int) -> str:
    """Return top/bottom as a decimal string, exact where it ends within six places, else rounded to six."""
    scaled, rest = divmod(top * 10**6, bottom)
    if 2 * rest >= bottom:
        scaled += 1
    return shifted(str(scaled), -6)


def read_chinese(numeral: str) -> str | None:
    """Read a Chinese numeral, formal capitals and mixed digits included; None where it is none.

    `三万五` is 35000 and `两千六` 2600 (the digit after a scale counts in the next lower scale); digits alone are
    read by position (`二〇二四`).

    Example:
        >>> read_chinese("一亿二千万"), read_chinese("三万五"), read_chinese("1亿2千万")
        ('120000000', '35000', '120000000')
    """
    whole, point, fraction = numeral.partition("点")
    if point:
        tail = fraction.rstrip("万亿千百十兆")
        scale = fraction[len(tail) :]
        if not tail or not all(char in DIGITS for char in tail):
            return None
        base = read_chinese(whole)
        if base is None or "." in base:
            return None
        value = EXACT.create_decimal(base + "." + "".join(str(DIGITS[char]) for char in tail))
        for char in scale:
            value = EXACT.multiply(value, Decimal(SMALL.get(char) or BIG[char]))
        return plain(value)
    if len(numeral) > 1 and all(char in DIGITS for char in numeral):
        return "".join(str(DIGITS[char]) for char in numeral).lstrip("0") or "0"
    return _read_scaled(numeral)


def _read_scaled(numeral: str) -> str | None:  # noqa: PLR0912  one branch for each class of part
    total = section = Decimal(0)
    number: Decimal | None = None
    last_scale = last_big = 0
    stacked = False
    for match in _TOKEN.finditer(numeral):
        part = match[0]
        if part in DIGITS or part[0] in "0123456789":
            if number is not None and number != 0:
                return None
            number = Decimal(DIGITS[part]) if part in DIGITS else Decimal(part.replace(",", ""))
            if part in "零〇":
                # A stated zero ends the short form: 一百零五 is 105, 一百五 is 150.
                last_scale = 0
            stacked = False
        elif part in SMALL:
            scale = SMALL[part]
            if number is None and stacked:
                return None
            section = EXACT.add(section, EXACT.multiply(number or Decimal(1), Decimal(scale)))
            number, last_scale = None, scale
        elif part in BIG:
            scale = BIG[part]
            section = EXACT.add(section, number or Decimal(0))
            if stacked and section == 0:
                total = EXACT.multiply(total, Decimal(scale))
            elif last_big and scale > last_big:
                total = EXACT.multiply(EXACT.add(total, section), Decimal(scale))
            else:
                total = EXACT.add(total, EXACT.multiply(section if section else Decimal(1), Decimal(scale)))
            section, number, last_scale, last_big, stacked = Decimal(0), None, scale, scale, True
        else:
            return None
    if number is not None:
        if last_scale >= 100 and 0 < number < 10:
            number = EXACT.multiply(number, Decimal(last_scale // 10))
        section = EXACT.add(section, number)
    return plain(EXACT.add(total, section))


def read_neighbours(numeral: str) -> tuple[str, str] | None:
    """Read a numeral with two neighbouring digits as both its ends: `五六千` is 5000 to 6000; None for any other.

    Example:
        >>> read_neighbours("五六千"), read_neighbours("十七八"), read_neighbours("五千六")
        (('5000', '6000'), ('17', '18'), None)
    """
    match = _NEIGHBOURS.search(numeral)
    if match is None:
        return None
    low, high = DIGITS[match[1]], DIGITS[match[2]]
    if high - low != 1 and (low, high) != (3, 5):
        return None
    head, tail = numeral[: match.start()], numeral[match.end() :]
    if head and head[-1] in DIGITS:
        return None
    first, second = read_chinese(head + match[1] + tail), read_chinese(head + match[2] + tail)
    return None if first is None or second is None else (first, second)


UNITS_EN: Final[dict[str, int]] = {
    word: value
    for value, word in enumerate(
        words(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        )
    )
}
TENS_EN: Final[dict[str, int]] = {
    word: 10 * value
    for value, word in enumerate(words("twenty thirty forty fifty sixty seventy eighty ninety"), start=2)
}
SCALES_EN: Final[dict[str, int]] = {
    "hundred": 2,
    "thousand": 3,
    "million": 6,
    "billion": 9,
    "trillion": 12,
    "lakh": 5,
    "crore": 7,
}
_STEP = re.compile(r"(?:[ \t]*-[ \t]*|[ \t]+)(?:(and)[ \t]+)?([A-Za-z]+)(?![A-Za-z])")
_HALF = re.compile(r"[ \t]+and[ \t]+a[ \t]+(half|quarter)(?![A-Za-z])")
_POINT = re.compile(r"[ \t]+point((?:[ \t]+(?:zero|one|two|three|four|five|six|seven|eight|nine))+)(?![A-Za-z])")


# What was read of number words: the sum of the closed groups (two million), the open group (three hundred), and
# below what a further word must lie to continue the open group.
_State = tuple[int, int, int]


def _first(word: str) -> _State:
    if word in UNITS_EN:
        return 0, UNITS_EN[word], 0
    if word in TENS_EN:
        return 0, TENS_EN[word], 10
    if word == "hundred":
        return 0, 100, 100
    return 10 ** SCALES_EN[word], 0, 1000


def _next(state: _State, word: str, *, has_and: bool) -> _State | None:
    """Return the state after one more word, None where the word does not continue the number."""
    total, group, room = state
    if word in SCALES_EN and not has_and:
        places = SCALES_EN[word]
        if places > 2:
            return total + (group or 1) * 10**places, 0, 1000
        return (total, group * 100, 100) if 0 < group < 100 else None
    if word in TENS_EN and room >= 100:
        return total, group + TENS_EN[word], 10
    if word in UNITS_EN and 0 < UNITS_EN[word] < room and not (has_and and room == 10):
        return total, group + UNITS_EN[word], 0
    return None


def read_english(text: str, start: int, word_end: int) -> tuple[str, int]:
    """Read the number words of `text` from `start`, of which the first ends at `word_end`.

    Returns:
        The value and the offset where the number words end. Words that do not continue the number (`two` in
        `between two and three`) are left.

    Example:
        >>> read_english("three hundred and five thousand shares", 0, 5)
        ('305000', 31)
    """
    state = _first(text[start:word_end].lower())
    end = word_end
    while step := _STEP.match(text, end):
        following = _next(state, step[2].lower(), has_and=step[1] is not None)
        if following is None:
            break
        state, end = following, step.end()
    value = str(state[0] + state[1])
    if half := _HALF.match(text, end):
        value, end = value + (".5" if half[1] == "half" else ".25"), half.end()
    elif point := _POINT.match(text, end):
        value, end = value + "." + "".join(str(UNITS_EN[word]) for word in point[1].split()), point.end()
    else:
        return value, end
    if (step := _STEP.match(text, end)) and step[2].lower() in SCALES_EN and not step[1]:
        value, end = shifted(value, SCALES_EN[step[2].lower()]), step.end()
    return value, end
