"""Stage one: digits that are no quantities. Names (618, 十四五), codes (telephone, ticker, version, clause) and patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from summarizer.quantities.currencies import CODES
from summarizer.quantities.seeking import digit_runs, is_letter, matches_at, word_start
from summarizer.quantities.spans import disjoint
from summarizer.quantities.units import match_unit
from summarizer.quantities.units_english import NOT_ATTACHED
from summarizer.quantities.wordlists import words
from summarizer.records import QuantityKind

Span = tuple[int, int, QuantityKind]
Runs = Sequence[tuple[int, int]]

_URL = re.compile(r"(?:https?|ftp)://[!#-&(-;=?-~]{1,2000}|www\.[A-Za-z0-9./?=&%#_~+:-]{1,2000}")
_PATH = re.compile(r"(?<![\w/.])/{1,2}[\w.%~+-]{1,200}(?:/[\w.%~+?=&#-]{1,200}){1,40}", re.ASCII)
_MAIL_HEAD = re.compile(r"[\w.+-]{1,64}\Z", re.ASCII)
_MAIL_TAIL = re.compile(r"@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.ASCII)

_NAMES = re.compile(
    r"(?=[“\"「0-9一二三四五六七八九十神嫦天])(?:[“\"「]?(?<![一二三四五六七八九百千万亿第])十[一二三四五]五(?"
    "![十百千万亿成年个名家台天日月倍岁.])"
    r"|(?<=京东)6\.?18|(?<=天猫)6\.?18|(?<=年中)6\.?18"
    r"|(?<![0-9.,])6\.?18(?=[”\"」]?(?:大促|购物节|年中|电商|促销|全球|期间|狂欢|活动))"
    r"|(?<![0-9.,])11\.11(?![0-9%.万亿元个])|(?<=双)(?:11|12|十一|十二)(?![0-9.%万亿月年个])"
    "|(?<![0-9])[0-9]{1,2}·[0-9]{1,2}(?![0-9])"
    r"|(?<=《)十[一二三四五]五|神舟[一二三四五六七八九十]{1,3}号|[嫦天][娥宫问舟][一二三四五六七八九十]{1,3}号"
    r"|[一二三四五六七八九十0-9]{1,3}届[一二三四五六七八九]中全会|(?<=党的)[一二]?十[一二三四五六七八九]?大)"
)
# A word that makes the number after it a code; the number may be grouped by blanks, dashes and brackets.
_KEYWORD_FIRST = re.compile("[编代账证备许邮微热电传手座专总工批文单股QTFPMIDSRp]")
_KEYWORD = re.compile(
    "(?:编号|代号|代码|账号|账户|证号|备案号"
    "|许可证号?|邮编|邮政编码|QQ群?|微信号?|热线|电话|传真|手机|座机|专线|总机|工号|批号|文号|单号|股票代码"
    "|(?<![A-Za-z])(?:Tel|TEL|Telephone|Phone|Fax|FAX|Mobile|ID|Id|ISBN|ISSN|DOI|CUSIP|ISIN|SKU|passcode"
    "|Passcode|pin|PIN|Docket|Ref)"
    r"(?:\s?(?:No|no|number)\b)?)\.?\s{0,2}[:#]?\s{0,2}"
    "([+(]?[A-Za-z]{0,8}[-–]?[0-9][0-9A-Za-z]{0,40}(?:[ ()/–-]{1,2}[0-9][0-9A-Za-z]{0,30}"
    r"|\.[0-9A-Z][0-9A-Za-z]{0,30}){0,8})"
)
_CODES = re.compile(
    r"(?:"
    # telephone numbers
    r"\+[0-9]{1,3}[ -]?(?:\([0-9]{1,4}\)[ -]?)?[0-9]{2,4}(?:[ -][0-9]{3,4}){1,3}(?:-[0-9]{1,6})?(?![0-9])"
    r"|(?<![0-9.,$€£¥-])\(?0[0-9]{1,3}\)?[ -][0-9]{2,8}(?:[ -][0-9]{3,8}){0,3}(?:转[0-9]{1,6})?(?![0-9.%])"
    r"|(?<![0-9.,$€£¥-])[48]00[ -][0-9]{3,4}[ -][0-9]{3,4}(?![0-9])"
    r"|(?<![0-9.,$€£¥-])\([0-9]{3}\) ?[0-9]{3}-[0-9]{4}(?![0-9])|(?<![0-9.,$€£¥-])[0-9]{3}-[0-9]{3}-[0-9]{4}(?![0-9])"
    r"|(?<![0-9.,$€£¥-])[2-9][0-9]{2}-[0-9]{4}(?![0-9.,%-]| ?[A-Za-z一-鿿])"
    r"|(?<![0-9.,$€£¥-])[1-9][0-9]{3}-[0-9]{4}-[0-9]{4}(?![0-9])"
    r"|(?<![0-9.,$€£¥-])1[3-9][0-9]{9}(?![0-9.,万亿元%])"
    # accounts and identity numbers in groups, very long runs
    "|(?<![0-9.,])[0-9]{4}(?: [0-9]{4}){2,8}(?: [0-9]{1,4})?(?![0-9.,])|[0-9]{17}[0-9Xx](?![0-9])"
    "|(?<![0-9.,])[0-9]{25,}"
    # standards, registrations, document numbers
    "|(?<![A-Za-z])(?:GB/?[TZ]?|ISO(?:/IEC)?|IEC|IEEE|RFC|DIN|ASTM|ANSI|JIS|YD/T|JR/T|T/[A-Z]{2,8}"
    "|DB[0-9]{2}/?T?)[ ]?[0-9][0-9.:–-]{0,30}"
    r"|ICP[备证]\s?[0-9]{4,12}号(?:-[0-9]{1,4})?|公网安备\s?[0-9]{8,20}号?"
    r"|[\[(〔][12][0-9]{3}[\])〕]\s?[0-9]{1,6}号|〔[12][0-9]{3}〕"
    r"|(?<![0-9.])[0-9]{4,6}\.(?:SH|SZ|BJ|HK|SS|US|TW|KS|T|L|N|O)(?![A-Za-z])|(?<![0-9.])\([036489][0-9]{5}\)"
    # parts of laws, forms, documents
    "|(?<![A-Za-z])(?:[Ss]ections?|[Aa]rticles?|[Cc]lauses?|[Rr]ules?|[Ii]tems?|[Ss]chedules?|[Ff]orms?"
    "|[Ee]xhibits?|[Aa]nnex|[Aa]ppendix|[Cc]hapters?"
    r"|[Pp]aragraphs?|[Pp]ages?|[Nn]otes?|[Tt]ables?|[Ff]igures?|[Vv]ersions?|[Vv]er\.|[Vv]ol\.|[Nn]o\.|No|№|#"
    "|[Rr]oute|[Rr]oom|[Tt]itle|[Tt]ier|[Ff]lights?)[ ]?"
    r"[0-9]{1,6}(?:\.[0-9]{1,4}){0,4}(?:-?[A-Z]{1,3})?(?:\([0-9A-Za-z]{1,4}\)){0,3}(?![0-9A-Za-z%]|,[0-9]{3}| "
    "(?:million|billion|percent))"
    r"|(?<![0-9A-Za-z.,-])[0-9]{1,3}-[A-Z](?![A-Za-z0-9])"
    # versions and addresses: three parts or more, or x.0 after a name
    r"|(?<![0-9A-Za-z.])[vV]?[0-9]{1,5}(?:\.[0-9]{1,5}){2,6}(?![0-9%])"
    r"|(?<=[一-鿿A-Za-z])(?<![为到至达约超近逾升降涨跌于是按有了])[0-9]{1,2}\.0(?=[”\"」』》版时平系]|\Z"
    "|[，。、；！？])"
    r"|(?<![0-9.])[0-9]{1,2}\.[0-9](?=版(?!本的))|(?<=版本)[0-9]{1,4}(?:\.[0-9]{1,4}){1,4}"
    r"|(?<=Web )[0-9]\.[0-9]|(?<=Industry )[0-9]\.[0-9])"
)
_PATTERNS = re.compile(
    r"(?=[0-9])(?:(?<![0-9.])[0-9]{1,2} ?[*×x] ?(?:24|12|8|7|16)(?:小时| ?hours?| ?h(?![a-z]))?(?![0-9.])"
    "|(?<![0-9./])24/7(?:/365)?(?![0-9/])|(?<![0-9.])[0-9]{2,5} ?[x×*] ?[0-9]{2,5}(?: ?[x×*] "
    "?[0-9]{1,5})?(?![0-9.%倍])"
    r"|(?<![0-9.$¥€£,])[0-9]{1,4}(?:\+[0-9A-Z](?![0-9]{2})[0-9A-Za-z]{0,3}){1,5}(?![0-9.%])"
    r"|(?<![0-9:.])(?:[3-9][0-9]|2[5-9]|[0-9]{3,5}|[0-9]{1,2})(?:\.[0-9]{1,4})?:[0-9]{1,5}(?:\.[0-9]{1,4})?(?![0-9:]))"
)
_LIST_MARK = re.compile(
    r"(?:^|(?<=[\n。！？]))[ \t]{0,8}[(]?(?:[0-9]{1,2}(?:\.[0-9]{1,2}){0,3})(?:[、)](?![0-9])|\.(?=[ "
    r"\t]{0,8}[^\s0-9。！？]))",
    re.M,
)
_TIME = re.compile(r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9]")

# Runs of letters and digits, joined by dash, slash, dot or underscore.
_TOKEN = re.compile(
    "(?=[A-Za-z0-9])(?<![A-Za-z0-9_])(?=[A-Za-z]{0,40}[-_/.]?[0-9]"
    "|[0-9])[A-Za-z0-9]{1,80}(?:[-_/.][A-Za-z0-9]{1,40}){0,12}",
    re.ASCII,
)
_LETTERS = re.compile("[A-Za-z]+")
_CODE_WORD = re.compile(r"(?:[A-Za-z]+[.]?|[#№])[ ]?(?=[0-9])")
_CODE_CHARS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ./#№")
_REGISTERED = re.compile("ICP[备证]|公网安备")
_LONGEST_WORD: Final = 24
_LONGEST_TOKEN_WORD: Final = 41
_LONG_RUN: Final = 17
_HEAD = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:-?([A-Za-z]+))?")
_NOT_CODE_TAIL: Final = frozenset(words("k m bn mn tn mln bln trn b st nd rd th s am pm a p AM PM MM odd plus"))
_LETTER_SCALES: Final = frozenset(words("K M B T t"))
_CURRENCY_ENDS: Final = frozenset("$€£¥₩₹")
_SCALED = re.compile(r" ?(?:[a-z]{3,}s\b|people|yuan|RMB|CNY|USD|[一-鿿])")
_POWER = re.compile(r"(?:[kcm]?m|ft|in|yd)[23]")
_DATE_TOKEN = re.compile(
    r"(?:(?:Q[1-4]|H[12])(?=[^0-9]|\Z|(?:1[5-9]|[23][0-9])(?![0-9])|20[0-9]{2}(?![0-9]))|FY|CY|[1-4]Q|[12]H)"
    r"(?:[-/ ]?(?:FY)?'?[0-9]{2,4})?(?:[-/][0-9]{2,4})?(?:-(?:Q[1-4]|H[12]))?\Z"
    r"|[0-9]{4}-?(?:Q[1-4]|H[12])\Z"
)
_WORD_HEADS: Final = frozenset(
    words(
        "mid pre post early late sub top non since around circa approx about over under to from and or by in until "
        "Mid Pre Post Early Late Sub Top Jan Feb Mar Apr May Jun Jul Aug Sep Sept Oct Nov Dec January February "
        "March April June July "
        "August September October November December up or plus per US HK NT net PUE WUE GDP CPI PPI PMI ROE EPS CUE"
    )
)


def find_codes(folded: str) -> list[Span]:
    """Return the spans whose digits carry no value, ordered and disjoint, as (start, end, kind)."""
    spans = list(_addresses(folded))
    spans.extend((*match.span(), "name") for match in _NAMES.finditer(folded))
    # All others hold a digit.
    if runs := digit_runs(folded):
        keywords = (match.start() for match in _KEYWORD_FIRST.finditer(folded))
        found = matches_at(_KEYWORD, folded, keywords)
        spans.extend((*match.span(1), "code") for match in found if _is_long(match[1]))
        spans.extend(_plain_codes(folded, runs))
        found = matches_at(_PATTERNS, folded, (start for start, _ in runs))
        spans.extend((*match.span(), "pattern") for match in found if not _TIME.fullmatch(match[0]))
        spans.extend((*match.span(), "pattern") for match in _LIST_MARK.finditer(folded))
        spans.extend(_tokens(folded, runs))
    return [_trimmed(folded, span) for span in disjoint(spans)]


def _trimmed(folded: str, span: Span) -> Span:
    start, end, kind = span
    while folded[start] in ' \t\n“"「' and start < end - 1:
        start += 1
    while end - 1 > start and (
        folded[end - 1] in " \t\n*" or (folded[end - 1] in ".,;:)" and _is_loose(folded, start, end, kind))
    ):
        end -= 1
    return start, end, kind


def _is_loose(folded: str, start: int, end: int, kind: QuantityKind) -> bool:
    """Whether the last character is punctuation of the sentence, no part of the code."""
    if kind != "code":
        return False
    return folded[end - 1] != ")" or "(" not in folded[start:end]


def _is_long(found: str) -> bool:
    """Tell a code after a keyword from a plain small number (电话 3 部)."""
    return sum(char.isdigit() for char in found) >= 4


def _plain_codes(folded: str, runs: Runs) -> Iterator[Span]:
    for match in matches_at(_CODES, folded, _code_starts(folded, runs)):
        start, end = match.span()
        digits = start
        if folded[start] not in "0123456789+([〔":
            # Section 27A: the item is the number, the word before it only says what it is. Codes such as GB/T keep it.
            word = _CODE_WORD.match(folded[start:end])
            if word and not folded[start : start + 2].isupper():
                digits = start + word.end()
        yield digits, end, "code"


def _code_starts(folded: str, runs: Runs) -> list[int]:
    """Return where a code can begin: at digits, a bracket or sign before them, or a word such as Section or GB/T."""
    starts = [match.start() for match in _REGISTERED.finditer(folded)]
    for start, end in runs:
        # Only in a long run a code begins within it: the last 18 digits of more.
        starts.extend(range(start, end) if end - start >= _LONG_RUN else (start,))
        if not start:
            continue
        before = folded[start - 1]
        if before in "+([〔":
            starts.append(start - 1)
        at = start - 1 if before == " " else start
        least = max(0, at - _LONGEST_WORD)
        while at > least and folded[at - 1] in _CODE_CHARS:
            at -= 1
            if not is_letter(folded[at - 1 : at]):
                starts.append(at)
    starts = sorted(set(starts))
    return starts


def _token_starts(folded: str, runs: Runs) -> Iterator[int]:
    """Yield where a token with a digit can begin: at digits, at the letters before them, with one joint between."""
    for start, _ in runs:
        if start and folded[start - 1] in "-_/.":
            yield word_start(folded, start - 1, _LONGEST_TOKEN_WORD)
        yield word_start(folded, start, _LONGEST_TOKEN_WORD)


def _addresses(folded: str) -> Iterator[Span]:
    if "://" in folded or "www." in folded:
        yield from ((*match.span(), "code") for match in _URL.finditer(folded))
    if "/" in folded:
        yield from ((*match.span(), "code") for match in _PATH.finditer(folded))
    at = folded.find("@")
    while at >= 0:
        tail = _MAIL_TAIL.match(folded, at)
        head = _MAIL_HEAD.search(folded, max(0, at - 64), at)
        if tail and head:
            yield head.start(), tail.end(), "code"
        at = folded.find("@", at + 1)


def _tokens(folded: str, runs: Runs) -> Iterator[Span]:
    for match in matches_at(_TOKEN, folded, _token_starts(folded, runs)):
        token = match[0]
        if token.isdigit() or _DATE_TOKEN.match(token):
            continue
        if token[0] in "0123456789":
            yield from _digit_token(folded, match.start(), token)
            continue
        head = _LETTERS.match(token)
        letters = head[0] if head else ""
        if letters in CODES or letters in _WORD_HEADS or _POWER.fullmatch(token):
            continue
        if not any(char in "0123456789" for char in token):
            continue
        yield match.start(), match.end(), "code"


def _digit_token(folded: str, start: int, token: str) -> Iterator[Span]:
    """A token that begins with a digit: an amount with its unit (240MW, 12-month), or a code (5G, 2B)."""
    head = _HEAD.match(token)
    if head is None or head[2] is None:
        return
    letters = head[2]
    at = start + head.start(2)
    after = start + head.end()
    dashed = "-" in token[: head.start(2)]
    if letters in _NOT_CODE_TAIL or letters.lower() in ("million", "billion", "trillion", "thousand", "hundred"):
        return
    if letters in _LETTER_SCALES:
        before = folded[start - 1 : start]
        if before in _CURRENCY_ENDS or folded[max(0, start - 4) : start].strip(" ") in CODES:
            return
        if _SCALED.match(folded, after) and letters != "T":
            return
    elif letters not in NOT_ATTACHED:
        if letters[0].islower() and len(letters) > 3:
            return
        unit = match_unit(folded, at)
        if unit is not None and (len(unit.word) > 1 or letters in "mgltLhWVx×X"):
            return
        if letters == "P" and "算力" in folded[after : after + 4]:
            return
        if dashed and letters.islower():
            return
    end = start + len(token)
    first = head.end()
    # 5G-A and 2B3C stay whole; in 5G/AI only the part with the digit is the code.
    while first < len(token) and token[first] in "0123456789":
        first += 1
    if not any(char in "0123456789" for char in token[first:]):
        end = start + first
    yield start, end, "code"
