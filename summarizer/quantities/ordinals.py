"""第13座, 第三: Chinese ordinals."""

from __future__ import annotations

import re

from summarizer.quantities.amounts import Amount
from summarizer.quantities.numerals import read_chinese
from summarizer.quantities.units import match_unit

_ORDINAL = re.compile(r"第 ?([0-9]{1,9}|[〇零一二两三四五六七八九十百千万]{1,12})")
_DENY = re.compile(
    "第(?:一(?:财经|时间|线|手|资源|要务|动力|生产力|夫人|书记|责任|桶金|梯队|位的是)|三(?:方(?!案)|者|产业"
    "|世界|只眼)|二(?:曲线|产业|天))"
)


def read_ordinals(text: str, masked: str) -> list[Amount]:
    """Return the Chinese ordinals of `masked` with their counter (第13座: 13, 座), in order."""
    found: list[Amount] = []
    for match in _ORDINAL.finditer(masked):
        start, end = match.span()
        if match[1][0] not in "0123456789" and _DENY.match(masked, start):
            continue
        low = str(int(match[1])) if match[1].isdigit() and match[1].isascii() else read_chinese(match[1])
        if low is None:
            continue
        amount = Amount(
            start=start, end=end, number_start=match.start(1), number_end=end, low=low, kind="ordinal", has_unit=True
        )
        if masked.startswith("大", end):
            end += 1
        unit = match_unit(masked, end)
        if unit is not None and unit.kind in ("count", "duration"):
            amount.end = end + len(unit.word)
            amount.unit = text[end : amount.end]
        found.append(amount)
    return found
