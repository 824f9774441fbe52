"""English number words as amounts: twenty-five, half a million, two-thirds, a dozen, one-times; and ordinals."""

from __future__ import annotations

import re
from typing import Final

from summarizer.quantities.amounts import Amount, attach_unit, minus_before, unit_at
from summarizer.quantities.currencies import currency_before
from summarizer.quantities.numerals import SCALES_EN, TENS_EN, UNITS_EN, ratio, read_english, shifted
from summarizer.quantities.seeking import digit_runs, matches_at, word_start, word_starts
from summarizer.quantities.units_english import ENGLISH_UNITS
from summarizer.quantities.wordlists import words

_WORDS: Final = [*UNITS_EN, *TENS_EN, "hundred", "thousand", "million", "billion", "trillion"]
# "a gallon of": measures spelled out, not the durations and shares that "a" mostly makes a rate of (a year, a share).
_MEASURES: Final = "|".join(
    sorted(
        (
            word
            for word, unit in ENGLISH_UNITS.items()
            if unit[0] == "dimension" and len(word) > 3 and word.islower() and word.isalpha()
        ),
        key=len,
        reverse=True,
    )
)
_ONE_WORD = re.compile(
    "(?<![A-Za-z0-9'])(?:(?P<half>[Hh]alf (?:an? )?(?=(?:million|billion|trillion|hundred"
    "|thousand|dozen|hour|mile|year|century|tonne|ton|kilometre|kilometer|point|day|month|percent|pound"
    "|gallon|litre|liter|inch)(?![A-Za-z])))"
    f"|(?P<article>[Aa]n? )(?P<after>dozen|hundred|thousand|million|billion|trillion|{_MEASURES})(?![A-Za-z])"
    "|(?P<word>"
    + "|".join(f"[{word[0]}{word[0].upper()}]{word[1:]}" for word in sorted(_WORDS, key=len, reverse=True))
    + r"|[Dd]ozen)(?![A-Za-z']))"
)
_BOTTOMS: Final = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "fourth": 4,
    "fourths": 4,
    "fifth": 5,
    "fifths": 5,
    "sixth": 6,
    "sixths": 6,
    "seventh": 7,
    "eighth": 8,
    "eighths": 8,
    "ninth": 9,
    "tenth": 10,
    "tenths": 10,
}
_FRACTION = re.compile(
    r"(?<![A-Za-z0-9'-])(a|an|one|two|three|four|five|six|seven|eight|nine|One|Two|Three|A)[ -]"
    r"(half|halves|thirds?|quarters?|fourths?|fifths?|sixths?|seventh|eighths?|ninth|tenths?)(?![A-Za-z-])"
)
# one in five, nine out of ten; one in five years counts years
_OUT_OF = re.compile(
    r"(?<![A-Za-z0-9'-])(?P<top>[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine)"
    r" (?:in|out of)(?: every)? (?P<bottom>two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)(?![A-Za-z-])"
    r"(?! (?:years?|months?|weeks?|days?|hours?|minutes?|quarters?|seasons?|games?|matches|to|or|hundred|thousand|million)\b)"
)
_TOPS: Final = frozenset(
    form for word in words("one two three four five six seven eight nine") for form in (word, word.capitalize())
)
# cut by a quarter; "slip by a quarter" is time
_CHANGE_BY = re.compile(
    r"\b(?:cut|cuts|fell|falls?|dropped|rose|rises?|grew|grows?|increased|reduced|declined|lowered|raised|down|up|shrank|shrunk)"
    r" (?:[a-z]+ )?by (?:about |almost |nearly |over |around )?\Z"
)
_SHARE_AFTER = re.compile(r" (?:of|to|from|in|on|over|more|less|off|year)\b|[.,;)。，；]|\Z")
_NO_ONE_AFTER: Final = frozenset(
    words(
        "of another who that which can could is was has had with to in and or at by step may should must would "
        "will thing hand side "
        "day time more but it on for as if from where when way reason than the a i we you they he she"
    )
)
_NO_ONE_BEFORE = re.compile(
    r"(?:\b(?:no|any|every|each|the|this|that|which|some|only|another|either|neither|is|as)[ -])\Z", re.IGNORECASE
)
# one of seven board seats counts, one of the largest does not
_OF_SEVERAL = re.compile(
    r" of (?:its |the |their )?(?:[0-9]|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
)
_NEXT_WORD = re.compile(r"[ -]([A-Za-z]+)")
_ORDINAL_WORDS: Final = {
    word: number
    for number, word in enumerate(
        words(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth "
            "sixteenth seventeenth eighteenth nineteenth twentieth"
        ),
        start=1,
    )
}
_ORDINAL = re.compile(
    r"(?:(?<![A-Za-z0-9-])(?:(?P<tens>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-)?(?P<word>"
    + "|".join(f"[{word[0]}{word[0].upper()}]{word[1:]}" for word in sorted(_ORDINAL_WORDS, key=len, reverse=True))
    + r")(?![A-Za-z'])|(?<![A-Za-z0-9.,])(?P<digits>[0-9]{1,9})(?:st|nd|rd|th)(?![A-Za-z]))"
)
# The words at which the patterns above are tried.
_AFTER_ARTICLE: Final = frozenset((*words("dozen hundred thousand million billion trillion"), *_MEASURES.split("|")))
_FIRST_WORDS: Final = _AFTER_ARTICLE | {
    form for word in (*_WORDS, "dozen", "half") for form in (word, word.capitalize())
}
_BOTTOM_WORDS: Final = frozenset(_BOTTOMS)
_ORDINAL_FORMS: Final = frozenset(form for word in _ORDINAL_WORDS for form in (word, word.capitalize()))
_NO_ORDINAL_BEFORE = re.compile(r"(?:[Aa]t|[Pp]er|[Ss]plit|[Aa] few|[Ee]very|[Aa]|[Oo]ne) \Z")


def read_english_amounts(text: str, masked: str) -> list[Amount]:
    """Return the English number words of `masked` with their units, in order."""
    found: list[Amount] = []
    last = 0
    for match in matches_at(_FRACTION, masked, _fraction_starts(masked)):
        amount = _fraction(masked, match)
        if amount is not None:
            found.append(amount)
    tops = (start for start, _ in word_starts(masked, _TOPS))
    parts = (_out_of(match) for match in matches_at(_OUT_OF, masked, tops))
    found += [part for part in parts if part is not None]
    taken = {position for amount in found for position in range(amount.start, amount.end)}
    for match in matches_at(_ONE_WORD, masked, _word_starts(masked)):
        start = match.start()
        if start < last or start in taken:
            continue
        amount = _read(text, masked, match)
        if amount is not None:
            found.append(amount)
            last = amount.end
    found.sort(key=lambda amount: amount.start)
    return found


def _out_of(match: re.Match[str]) -> Amount | None:
    top, bottom = UNITS_EN[match["top"].lower()], UNITS_EN.get(match["bottom"]) or TENS_EN[match["bottom"]]
    if top >= bottom:
        return None
    return _share(match, top, bottom)


def _share(match: re.Match[str], top: int, bottom: int) -> Amount:
    return Amount(
        start=match.start(),
        end=match.end(),
        number_start=match.start(),
        number_end=match.end(),
        low=ratio(top, bottom),
        note=f"{top}/{bottom}",
        has_unit=True,
    )


def _fraction_starts(masked: str) -> list[int]:
    """Return the starts of the words before those that can be the bottom of a fraction."""
    bottoms = word_starts(masked, _BOTTOM_WORDS)
    return [word_start(masked, start - 1) for start, _ in bottoms if start and masked[start - 1] in " -"]


def _word_starts(masked: str) -> list[int]:
    """Return the starts of number words, and of the article before a scale or measure."""
    starts: set[int] = set()
    for start, word in word_starts(masked, _FIRST_WORDS):
        starts.add(start)
        if word in _AFTER_ARTICLE and start and masked[start - 1] == " ":
            starts.add(word_start(masked, start - 1))
    return sorted(starts)


def _ordinal_starts(masked: str) -> list[int]:
    starts = {start for start, end in digit_runs(masked) if masked.startswith(("st", "nd", "rd", "th"), end)}
    for start, _ in word_starts(masked, _ORDINAL_FORMS):
        starts.add(start)
        if start and masked[start - 1] == "-":
            starts.add(word_start(masked, start - 1))
    return sorted(starts)


def _fraction(masked: str, match: re.Match[str]) -> Amount | None:
    top = UNITS_EN.get(match[1].lower(), 1)
    bottom = _BOTTOMS[match[2]]
    if top == 1 and match[2].endswith("s"):
        return None
    if top > 1 and not match[2].endswith("s"):
        return None
    if match[1].lower() in ("a", "an"):
        # "a quarter", "a second half" are mostly time; "a third" is a share only where the words say so.
        if match[2] in ("half", "quarter", "fourth", "fifth", "tenth") and not (
            masked.startswith(" of", match.end())
            or _CHANGE_BY.search(masked, max(0, match.start() - 24), match.start())
        ):
            return None
        if not _SHARE_AFTER.match(masked, match.end()):
            return None
    elif (
        match[2].startswith("quarter")
        and masked[match.end() : match.end() + 3] != " of"
        and masked[match.start(2) - 1] != "-"
    ):
        return None
    return _share(match, top, bottom)


def _read(text: str, masked: str, match: re.Match[str]) -> Amount | None:
    start = match.start()
    if match["article"]:
        return _article(text, masked, match)
    if match["half"]:
        return _half(text, masked, match)
    word = match["word"].lower()
    if word in SCALES_EN and masked[max(0, start - 1) : start] == "-":
        return None
    if word == "dozen":
        low, end = "12", match.end()
    else:
        low, end = read_english(masked, start, match.end())
        if word in SCALES_EN and word != "hundred" and end == match.end() and not _after_money(masked, start):
            return None
        if word == "hundred" and end == match.end():
            return None
    amount = Amount(start=start, end=end, number_start=start, number_end=end, low=low)
    amount.places = (
        next((places for name, places in SCALES_EN.items() if masked[:end].endswith(name)), 0) if end - start > 9 else 0
    )
    money = currency_before(masked, max(0, start - 12), start)
    if money is not None and money[1] < start:
        amount.start = money[1]
    if minus := minus_before(masked, 0, start):
        amount.low, amount.start = "-" + low, minus.start()
    if low == "1" and not _one_counts(masked, start, end):
        return None
    if dozen := re.match(r" dozen(?![A-Za-z])", masked[end : end + 7]):
        amount.low, amount.end = str(int(float(low) * 12)), end + dozen.end()
        amount.number_end = amount.end
    attach_unit(text, masked, amount, money[0] if money else None)
    return amount


def _after_money(masked: str, start: int) -> bool:
    return currency_before(masked, max(0, start - 12), start) is not None


def _one_counts(masked: str, start: int, end: int) -> bool:
    """Whether `one` is the number: before a unit or a noun, not the pronoun of `no one`, `one of the`."""
    if _NO_ONE_BEFORE.search(masked, max(0, start - 9), start):
        return False
    if unit_at(masked, end) is not None and masked[end : end + 4] != " day":
        return True
    if _OF_SEVERAL.match(masked, end):
        return True
    following = _NEXT_WORD.match(masked, end)
    return following is not None and following[1].lower() not in _NO_ONE_AFTER


def _article(text: str, masked: str, match: re.Match[str]) -> Amount | None:
    """`a million` is a number, `a gallon of` a measure; `a tonne` after a price is none."""
    start, word, at = match.start(), match["after"], match.start("after")
    if word in SCALES_EN or word == "dozen":
        low, end = ("12", match.end()) if word == "dozen" else read_english(masked, at, match.end())
        if word == "hundred" and not low.startswith("1"):
            return None
        amount = Amount(start=start, end=end, number_start=start, number_end=end, low=low, places=1)
        attach_unit(text, masked, amount, None)
        return amount
    found = unit_at(masked, at - 1)
    if (
        found is None
        or found[0].kind != "dimension"
        or len(found[0].word) < 4
        or masked[found[1] : found[1] + 4] != " of "
    ):
        return None
    if re.search(r"[0-9nlkesyd%] \Z", masked[max(0, start - 2) : start]) and re.search(
        r"(?:[0-9]|million|billion|dollars|euros|cents|yuan|pounds|percent|\x00) \Z", masked[max(0, start - 9) : start]
    ):
        return None
    return Amount(
        start=start,
        end=found[1],
        number_start=start,
        number_end=start + 1,
        low="1",
        kind="dimension",
        unit=text[found[2] : found[1]],
        has_unit=True,
    )


def _half(text: str, masked: str, match: re.Match[str]) -> Amount | None:
    start, end = match.span()
    following = re.compile(r"[a-z]+").match(masked, end)
    if following is None:
        return None
    word = following[0]
    low = "0.5"
    amount = Amount(start=start, end=end, number_start=start, number_end=start + 4, low=low)
    if word in SCALES_EN or word == "dozen":
        amount.low = "6" if word == "dozen" else shifted("0.5", SCALES_EN[word])
        amount.places = 1
        amount.end = amount.number_end = following.end()
        attach_unit(text, masked, amount, None)
        return amount
    amount.end = end - 1
    attach_unit(text, masked, amount, None)
    return amount if amount.has_unit else None


def read_english_ordinals(masked: str) -> list[Amount]:
    """Return 13th, third, twenty-first. `second` after `per` or `a` is time, no ordinal."""
    found: list[Amount] = []
    for match in matches_at(_ORDINAL, masked, _ordinal_starts(masked)):
        if _NO_ORDINAL_BEFORE.search(masked, max(0, match.start() - 6), match.start()):
            continue
        if match["digits"]:
            low = str(int(match["digits"]))
        else:
            low = str(_ORDINAL_WORDS[match["word"].lower()] + (TENS_EN[match["tens"]] if match["tens"] else 0))
        start, end = match.span()
        found.append(
            Amount(start=start, end=end, number_start=start, number_end=end, low=low, kind="ordinal", has_unit=True)
        )
    return found
