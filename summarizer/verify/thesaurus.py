"""Words that news uses where a figure's name uses others: closes at for closing price, 收于 for 收盘价."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from summarizer.verify.wording import shingles

# Pattern of a name: words that stand for it beside the amount. Only such as tell one measure from another.
_TABLE: Final = (
    (r"收[盘盤市]|股[价價]", "收于 收於 收报 收報 报收 報收"),
    (r"[涨漲升]幅|升值", "上涨 上漲 上升 涨了 升了"),
    (r"[跌降]幅|下[降跌]", "下跌 下降 回落 减少 減少"),
    (r"增[速幅]|增长率|增長率", "增长 增長 增加 上升"),
    (r"总额|總額|合计|合計", "合计 合計 共计 共計 总计 总共"),
    (r"利[润額额]|盈利|增利", "利润 盈利 多赚 赚了"),
    (r"回收期|回本", "收回 回本"),
    (r"\b(?:headcount|staff|workforce|employees)\b", "headcount staff employs employed workforce"),
    (r"\b(?:growth|increase|rise|gain)\b", "rose grew increased climbed jumped gained higher"),
    (r"\b(?:decline|fall|drop|decrease|cut|loss)\b", "fell dropped declined slipped lower less"),
    (r"\b(?:duration|contract term)\b", "run runs lasts"),
    (r"\b(?:payments?|fees?)\b", "pays paid pay"),
    (r"\b(?:shipments?|deliveries)\b", "units shipped sold delivered"),
    (r"\bvolume\b", "take takes deliver supply"),
    (r"\b(?:goal|target)\b", "reach aims plans target"),
    (r"\bmembers?\b|\bmembership\b", "members represents represented belong"),
    (r"\bshare of\b", "share provides provide lends"),
    (r"\bclosing (?:share )?price\b", "closed close"),
)
_ROWS: Final = tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in _TABLE)


@lru_cache(maxsize=4096)
def ordered_wording_of(name: str) -> tuple[str, ...]:
    """Return the stems and pairs of characters of a name, with those of the words that stand for it in running text.

    In one order always, so that sums over them round alike everywhere.
    """
    found = set(shingles(name))
    for pattern, words in _ROWS:
        if pattern.search(name):
            found |= shingles(words)
    return tuple(sorted(found))
