"""Values in words a reader takes in at a glance, exactly: `3000000000` CNY is `30亿元` or `CNY 3.0 billion`.

Nothing is ever rounded: a larger scale word is used only where few decimals say the same number, otherwise a smaller
one, at last the digits themselves. Read back, the text is the value (`87635200` CNY: `8763.52万元`, `CNY 87.6352 million`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

Language = Literal["zh", "en"]

# The power of ten and its word, largest first.
_SCALES: Final[dict[str, Sequence[tuple[int, str]]]] = {
    "zh": ((12, "万亿"), (8, "亿"), (4, "万")),
    "en": ((12, " trillion"), (9, " billion"), (6, " million")),
}
_MAX_DECIMALS: Final = 4
# 18763.52万 is read at a glance, 150000.0001万 is not.
_MAX_SCALED_DIGITS: Final = 8
# Beyond this many digits a value is no quantity of a news article; expanded, "1E+9999999" would fill the memory.
_MAX_DIGITS: Final = 40

_MONEY_ZH: Final = {
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "HKD": "港元",
    "GBP": "英镑",
    "JPY": "日元",
    "KRW": "韩元",
    "TWD": "元",
    "SGD": "新加坡元",
    "AUD": "澳元",
    "CAD": "加元",
    "NZD": "新西兰元",
    "CHF": "瑞士法郎",
    "MOP": "澳门元",
    "INR": "印度卢比",
    "RUB": "俄罗斯卢布",
    "BRL": "巴西雷亚尔",
    "THB": "泰铢",
    "MYR": "林吉特",
    "IDR": "印尼盾",
    "VND": "越南盾",
    "SAR": "沙特里亚尔",
    "AED": "阿联酋迪拉姆",
    "SEK": "瑞典克朗",
    "NOK": "挪威克朗",
    "DKK": "丹麦克朗",
}
# The yuan of Taiwan is told from the others by a word in front.
_MONEY_PREFIX_ZH: Final = {"TWD": "新台币"}
_UNITS: Final = {
    "zh": {"times": "倍", "百分点": "个百分点", "pp": "个百分点"},
    "en": {"倍": "times", "百分点": "percentage points", "pp": "percentage points"},
}
_QUALIFIERS: Final = {
    "zh": {
        "about": "约",
        "nearly": "近",
        "more_than": "超过",
        "at_least": "至少",
        "less_than": "不足",
        "at_most": "至多",
    },
    "en": {
        "about": "about ",
        "nearly": "nearly ",
        "more_than": "more than ",
        "at_least": "at least ",
        "less_than": "less than ",
        "at_most": "at most ",
    },
}
_CURRENCY = re.compile(r"[A-Z]{3}")
_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?", re.ASCII)


def render_number(value: str, language: Language) -> str:
    """Return a decimal string with a scale word where that is exact and short, otherwise with its digits grouped.

    A string that is no decimal number, or one of more than 40 digits, is returned as it is.

    Example:
        >>> render_number("87635200", "zh"), render_number("87635200", "en"), render_number("1500000001", "zh")
        ('8763.52万', '87.6352 million', '1,500,000,001')
    """
    number = _parse(value)
    if number is None:
        return value
    for power, word in _SCALES[language]:
        # adjusted() is the exponent of the first digit: the scaled number begins before the decimal point.
        if number and number.adjusted() >= power:
            scaled = _shifted(number, power)
            if _decimals(scaled) <= _MAX_DECIMALS and _digits(scaled) <= _MAX_SCALED_DIGITS:
                return _scaled_text(scaled, language) + word
    # A Chinese number below 万 is written without groups.
    plain = language == "zh" and number.adjusted() < _SCALES["zh"][-1][0]
    return format(number, "f" if plain else ",f")


def render_amount(
    value: str | None,
    unit: str | None,
    language: Language,
    *,
    value_max: str | None = None,
    qualifier: str | None = None,
) -> str | None:
    """Return a value with its unit, the other end of a range and its qualifier; None where there is no value.

    `value` and `value_max` are decimal strings in the base unit, `unit` an ISO 4217 code, `%` or a unit word as in records.

    Example:
        >>> render_amount("3000000000", "CNY", "zh", qualifier="about")
        '约30亿元'
        >>> render_amount("30000", "CNY", "en", value_max="50000", qualifier="range")
        'CNY 30,000 to 50,000'
    """
    if value is None:
        return None
    number = render_number(value, language)
    if value_max is not None and value_max != value:
        joint = "至" if language == "zh" else " to "
        number = f"{number}{'%' if unit == '%' else ''}{joint}{render_number(value_max, language)}"
    prefix = _MONEY_PREFIX_ZH.get(unit or "", "") if language == "zh" else ""
    return _QUALIFIERS[language].get(qualifier or "", "") + prefix + _with_unit(number, unit, language)


def _with_unit(number: str, unit: str | None, language: Language) -> str:
    if not unit:
        return number
    if _CURRENCY.fullmatch(unit) and language == "en":
        return f"{unit} {number}"
    word = _MONEY_ZH.get(unit, unit) if language == "zh" else unit
    word = _UNITS[language].get(word, word)
    # Signs cling to the number, and so do Chinese words in Chinese text; everything else stands apart.
    if word[0] in "%‰°×" or (language == "zh" and not word[0].isascii()):
        return number + word
    return f"{number} {word}"


def _scaled_text(number: Decimal, language: Language) -> str:
    if language == "zh":
        return format(number, "f")
    digits = format(number, ",f")
    # One decimal at least, as English reports write scaled sums: 3.0 billion.
    return digits if "." in digits else digits + ".0"


def _parse(value: str) -> Decimal | None:
    if not _DECIMAL.fullmatch(value):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    too_long = len(number.as_tuple().digits) > _MAX_DIGITS or abs(number.adjusted()) > _MAX_DIGITS
    return None if too_long else number


def _shifted(number: Decimal, power: int) -> Decimal:
    """Divide by a power of ten on the digits themselves, without the rounding of a context; trailing zeros dropped."""
    sign, digits, exponent = number.as_tuple()
    shifted = _as_integer(exponent) - power
    kept = list(digits)
    while shifted < 0 and len(kept) > 1 and kept[-1] == 0:
        kept.pop()
        shifted += 1
    return Decimal((sign, tuple(kept), shifted))


def _decimals(number: Decimal) -> int:
    return max(0, -_as_integer(number.as_tuple().exponent))


def _digits(number: Decimal) -> int:
    """Count the digits as written out in full, zeros of a positive exponent included."""
    return max(number.adjusted() + 1, 1) + _decimals(number)


def _as_integer(exponent: int | str) -> int:
    """Exponents are letters for infinity and NaN only, which `_parse` does not admit."""
    return exponent if isinstance(exponent, int) else 0
