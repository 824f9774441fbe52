"""The unit of an amount that the text writes without one."""

from __future__ import annotations

import re

from summarizer.records import Quantity
from summarizer.verify.article_text import ArticleText
from summarizer.verify.locate import clause_around

# Words that make a bare 15亿 a sum of money.
_MONEY = re.compile(
    r"价值|投资|出资|营收|收入|利润|融资|金额|总额|产值|销售额|税收|税额|资金|贷款|成本|市值|估值|注册资本|货款|罚款|基金|补贴|债"
)
_SCALED = re.compile(r"[万亿萬億]")
_PEOPLE = re.compile(
    r"师生|學生|学生|教师|用户|用戶|人群|参保|员工|職工|职工|群众|居民|患者|会员|观众|游客|村民|农户|车主|粉丝|人口|读者"
)
_NOUN = re.compile(r"[\u4e00-\u9fff]")


def unit_in_context(article: ArticleText, quantity: Quantity) -> tuple[str | None, bool]:
    """Return the quantity's unit and whether it was taken from the words around it rather than written.

    A sum that its clause calls money and that is scaled by 万 or 亿 takes the yuan, the currency of Chinese text
    without a currency word; a bare number before people counts 人, before another noun 个 (GUIDELINE.md, `unit`).
    """
    if quantity.unit is not None or quantity.kind not in ("number", "count"):
        return quantity.unit, False
    low, high = clause_around(article, quantity.start, quantity.end)
    after = article.text[quantity.end : min(high, quantity.end + 8)]
    if _PEOPLE.search(after[:6]):
        return "人", True
    is_scaled = bool(_SCALED.search(quantity.text))
    if is_scaled and _MONEY.search(article.text[low : quantity.start]) and not re.match(r"[A-Za-z]", after):
        return "CNY", True
    if _NOUN.match(after.lstrip("的大 ")) and quantity.value and "." not in quantity.value:
        return "个", True
    return None, False
