"""The unit that the labelling guideline gives a number where the text writes none: 人, 个, the article's currency."""

from __future__ import annotations

import re

from summarizer.quantities.folding import fold
from summarizer.quantities.nouns import counts_people
from summarizer.records import Quantity

_MONEY = re.compile(
    "(?:价值|总值|投资|营收|收入|金额|总额|资产|融资|产值|利润|估值|市值|资本|贷款|销售额|成交额|交易额|税收"
    "|成本|预算|基金|募资|资金|负债|注资|出资"
    r"|亏损|净利|补贴|奖金|worth|valued|revenue|investment|profit|sales of|cost)[^，。；、,.;]{0,8}\Z"
)
_NAMED = re.compile(r"的? ?([A-Z]{2,8})(?![A-Za-z])")
_HAN = re.compile(r"[一-鿿“「]")
_OF = re.compile(r" of (?:our|the|its|their|these|those|his|her) (?:[a-z]+ )?([a-z]+s)(?![A-Za-z])")
# 620 of Trellis's 1,250 employees, one of seven board seats: what the whole counts, its part counts too.
_PART_OF = re.compile(
    r" of (?:(?:the|its|their|all|our|[A-Z][A-Za-z&. -]{1,30}'s) )*"
    r"(?:[0-9][0-9,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?: [a-z][a-z-]*)?? ([a-z]+s|people|staff)(?![A-Za-z])"
)
_ONE_NOUN = re.compile(
    r"(?: [A-Za-z]+)?? (director|seat|member|site|plant|factory|store|hospital|company|city|project)(?![A-Za-z])"
)
# lift capacity from 14,000 to 32,000 detectors
_TO = re.compile(r" to (?:about |some |nearly |over )?[0-9][0-9,.]*(?: [a-z]+)?? ([a-z]{3,}s)(?![A-Za-z])")
# Headcount bottomed out at 176: nothing else is counted up to there.
_STAFF = re.compile(
    r"\b(?:[Hh]eadcount|[Ss]taff numbers?|[Ww]orkforce|[Ee]mploy(?:s|ed|ing))\b[^.;,0-9]*(?:[0-9][0-9,]*[^.;0-9]{1,24})?\Z"
)
# in a vote of four to three
_VOTES = re.compile(r"\bvote(?:[sd]?| of| by)(?: [a-z0-9]+ to)? \Z")
_TO_NUMBER = re.compile(r" to (?:[0-9]|one|two|three|four|five|six|seven|eight|nine|ten)")
_REACH = 8


def implied_unit(quantity: Quantity, text: str, *, currency: str | None = None) -> str | None:
    """Return the unit of a quantity as the guideline has it; None where there is none.

    A written unit is returned as it is. Otherwise: `currency` for a sum of money without a currency word, 人 where
    people are counted (1亿师生), the word itself for abbreviations (1000万的SKU), 个 for other things that a Chinese text
    counts (五大领域). Ratios (PUE 1.3) have none.

    Args:
        quantity: an item of `scan(text)`.
        text: the text that was scanned; the words around the item decide.
        currency: the ISO code a bare sum of money takes, the article's own currency.

    Example:
        >>> from summarizer.quantities import scan
        >>> text = "为超过1亿师生提供服务"
        >>> implied_unit(scan(text)[0], text)
        '人'
    """
    if quantity.unit is not None or quantity.kind not in ("count", "number"):
        return quantity.unit
    folded = fold(text[quantity.end : quantity.end + _REACH])
    start = quantity.start if quantity.qualifier_start is None else min(quantity.start, quantity.qualifier_start)
    if quantity.kind == "number" and _MONEY.search(fold(text[max(0, start - 16) : start])):
        return currency
    clause = re.split("[，。；、,.;（(]", folded, maxsplit=1)[0]
    if counts_people(clause, 0, _REACH):
        return "人"
    if named := _NAMED.match(clause):
        return named[1]
    if of := _OF.match(text, quantity.end) or _PART_OF.match(fold(text[quantity.end : quantity.end + 80])):
        return of[1]
    if text.endswith("from ", 0, start) and (to := _TO.match(text, quantity.end)):
        return to[1]
    if _STAFF.search(text, max(0, start - 60), start):
        return "people"
    if _VOTES.search(text, max(0, start - 20), start) and (
        _TO_NUMBER.match(text, quantity.end) or text.endswith(" to ", 0, start)
    ):
        return "votes"
    if quantity.value == "1" and (one := _ONE_NOUN.match(text, quantity.end)):
        return one[1]
    if quantity.value is not None and "." not in quantity.value and _HAN.match(clause):
        return "个"
    return None
