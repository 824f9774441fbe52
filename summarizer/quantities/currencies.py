"""Money: symbols, codes and names of currencies, before and after the number."""

from __future__ import annotations

import re
from typing import Final

# ISO 4217 codes that occur in business news; RMB is no ISO code but as common as one.
_CODES: Final = (
    "CNY USD EUR GBP JPY HKD TWD SGD AUD NZD CAD CHF SEK NOK DKK ISK KRW INR IDR THB VND MYR PHP RUB BRL MXN ZAR TRY "
    "SAR AED QAR KWD BHD OMR ILS EGP NGN KES PLN CZK HUF RON BGN UAH KZT PKR BDT LKR ARS CLP COP PEN MOP CNH "
    "MMK KHR LAK"
)
CODES: Final[dict[str, str]] = {code: code for code in _CODES.split()} | {
    "RMB": "CNY",
    "CNH": "CNY",
    "NTD": "TWD",
    "NT": "TWD",
    "Rs": "INR",
    "Rs.": "INR",
    "Rp": "IDR",
}
SYMBOLS: Final[dict[str, str]] = {
    "US$": "USD",
    "U.S.$": "USD",
    "USD$": "USD",
    "HK$": "HKD",
    "HKD$": "HKD",
    "NT$": "TWD",
    "S$": "SGD",
    "SG$": "SGD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "NZ$": "NZD",
    "R$": "BRL",
    "MX$": "MXN",
    "MOP$": "MOP",
    "RMB¥": "CNY",
    "CN¥": "CNY",
    "JP¥": "JPY",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "CNY",
    "₩": "KRW",
    "₹": "INR",
    "₽": "RUB",
    "฿": "THB",
    "₫": "VND",
    "₱": "PHP",
    "₺": "TRY",
    "₦": "NGN",
    "₪": "ILS",
    "₴": "UAH",
}
# Names, folded to simplified characters. They stand before the number (港币2,300万元) or after it (2,300万港币).
NAMES: Final[dict[str, str]] = {
    "人民币": "CNY",
    "美元": "USD",
    "美圆": "USD",
    "美金": "USD",
    "欧元": "EUR",
    "英镑": "GBP",
    "日元": "JPY",
    "日圆": "JPY",
    "日币": "JPY",
    "港元": "HKD",
    "港圆": "HKD",
    "港币": "HKD",
    "港纸": "HKD",
    "新台币": "TWD",
    "台币": "TWD",
    "新加坡元": "SGD",
    "新加坡币": "SGD",
    "新元": "SGD",
    "坡币": "SGD",
    "澳元": "AUD",
    "澳币": "AUD",
    "澳大利亚元": "AUD",
    "澳洲元": "AUD",
    "新西兰元": "NZD",
    "纽元": "NZD",
    "加元": "CAD",
    "加币": "CAD",
    "加拿大元": "CAD",
    "瑞士法郎": "CHF",
    "瑞郎": "CHF",
    "瑞典克朗": "SEK",
    "挪威克朗": "NOK",
    "丹麦克朗": "DKK",
    "韩元": "KRW",
    "韩圆": "KRW",
    "韩币": "KRW",
    "印度卢比": "INR",
    "卢比": "INR",
    "印尼盾": "IDR",
    "印尼卢比": "IDR",
    "印度尼西亚盾": "IDR",
    "泰铢": "THB",
    "越南盾": "VND",
    "马来西亚林吉特": "MYR",
    "林吉特": "MYR",
    "令吉": "MYR",
    "马币": "MYR",
    "菲律宾比索": "PHP",
    "卢布": "RUB",
    "俄罗斯卢布": "RUB",
    "雷亚尔": "BRL",
    "巴西雷亚尔": "BRL",
    "墨西哥比索": "MXN",
    "兰特": "ZAR",
    "南非兰特": "ZAR",
    "土耳其里拉": "TRY",
    "里拉": "TRY",
    "里亚尔": "SAR",
    "沙特里亚尔": "SAR",
    "迪拉姆": "AED",
    "第纳尔": "KWD",
    "兹罗提": "PLN",
    "福林": "HUF",
    "坚戈": "KZT",
    "谢克尔": "ILS",
    "澳门元": "MOP",
    "澳门币": "MOP",
    "奈拉": "NGN",
}
_ENGLISH: Final[dict[str, str]] = {
    "yuan": "CNY",
    "renminbi": "CNY",
    "dollar dollars US-dollars US-dollar U.S.-dollars USD buck bucks": "USD",
    "euro euros": "EUR",
    "pound pounds pounds-sterling sterling British-pounds quid": "GBP",
    "yen Japanese-yen": "JPY",
    "won Korean-won": "KRW",
    "rupee rupees": "INR",
    "rupiah": "IDR",
    "baht": "THB",
    "dong": "VND",
    "ringgit": "MYR",
    "peso pesos": "PHP",
    "rouble roubles ruble rubles": "RUB",
    "real reais": "BRL",
    "rand": "ZAR",
    "lira": "TRY",
    "riyal riyals": "SAR",
    "dirham dirhams": "AED",
    "Swiss-francs Swiss-franc francs": "CHF",
    "Swedish-kronor Swedish-krona kronor": "SEK",
    "Norwegian-kroner Norwegian-krone kroner": "NOK",
    "Danish-kroner Danish-krone": "DKK",
    "zloty": "PLN",
    "shekels shekel": "ILS",
    "Hong-Kong-dollars Hong-Kong-dollar": "HKD",
    "Singapore-dollars Singapore-dollar": "SGD",
    "New-Taiwan-dollars New-Taiwan-dollar Taiwan-dollars": "TWD",
    "Australian-dollars Australian-dollar": "AUD",
    "Canadian-dollars Canadian-dollar": "CAD",
    "New-Zealand-dollars": "NZD",
    "Indian-rupees": "INR",
    "Chinese-yuan": "CNY",
}
_HUNDREDTHS: Final[dict[str, str]] = {"cents": "USD", "cent": "USD", "pence": "GBP"}


def _words() -> dict[str, tuple[str, int, str]]:
    """Word after the number: (code, shift, characters that must not follow)."""
    words: dict[str, tuple[str, int, str]] = {}
    for name, code in NAMES.items():
        words[name] = (code, 0, "")
    for base in ("元", "圆", "块"):
        for tail in ("人民币", "整", "正", "人民币整", ""):
            words[base + tail] = ("CNY", 0, "")
    for name in ("港币", "港元", "美元", "台币", "新台币", "欧元", "日元", "美金"):
        words["元" + name] = (NAMES[name], 0, "")
    words["元"] = ("CNY", 0, "素件旦宵老首年月初气宇器代帅组")
    words["块"] = ("CNY", 0, "状链田")
    words["块钱"] = ("CNY", 0, "")
    words["圆"] = ("CNY", 0, "形满柱圈桌")
    words["圆整"] = ("CNY", 0, "")
    words["角"] = ("CNY", -1, "度落色钱")
    for code in CODES:
        if len(code) == 3:
            words[code] = (CODES[code], 0, "")
    for names, code in _ENGLISH.items():
        for name in names.split():
            words[name.replace("-", " ")] = (code, 0, "")
            words[name] = (code, 0, "")
    for name, code in _HUNDREDTHS.items():
        words[name] = (code, -2, "")
    words.update({symbol: (SYMBOLS[symbol], 0, "") for symbol in ("€", "£", "¥", "$", "₽", "฿", "₫", "₩", "₹")})
    return words


CURRENCY_WORDS: Final = _words()


def _prefix() -> re.Pattern[str]:
    symbols = "|".join(sorted((re.escape(symbol) for symbol in SYMBOLS), key=len, reverse=True))
    names = "|".join(sorted(NAMES, key=len, reverse=True))
    codes = "|".join(sorted((re.escape(code) for code in CODES), key=len, reverse=True))
    return re.compile(rf"(?:({symbols})[ ]?|({names})[ ]?:?[ ]?¥?|(?<![A-Za-z])({codes})[ ]?[$¥]?)\Z")


_PREFIX: Final = _prefix()
# The last characters of a currency before the number, blank and colon aside; all else needs no look at the pattern.
_PREFIX_ENDS: Final = frozenset(word[-1] for word in (*SYMBOLS, *NAMES, *CODES))
# Half of all English words end in s: of the codes that end in a small letter these alone do.
_SMALL_ENDS: Final = tuple(code for code in CODES if not code[-1].isupper())
_LONGEST_PREFIX: Final = 12


def currency_before(folded: str, lowest: int, start: int) -> tuple[str, int] | None:
    """Return the currency that stands directly before `start`, as its code and the offset where it begins.

    Looks back no further than `lowest`.

    Example:
        >>> currency_before("港币2,300万元", 0, 2)
        ('HKD', 0)
    """
    low = max(lowest, start - _LONGEST_PREFIX)
    before = folded[low:start].rstrip(" :") if start > lowest else ""
    if not before or before[-1] not in _PREFIX_ENDS:
        return None
    if before[-1] in "sp." and not before.endswith(_SMALL_ENDS):
        return None
    found = _PREFIX.search(folded, low, start)
    if found is None:
        return None
    if found[1]:
        return SYMBOLS[found[1]], found.start()
    if found[2]:
        return NAMES[found[2]], found.start()
    return CODES[found[3]], found.start()
