"""What the wording of a draft and of an article have in common, also where one is Chinese and the other English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from decimal import Decimal
from functools import lru_cache
from typing import Final

from summarizer.quantities import unit_class
from summarizer.records import Quantity
from summarizer.verify.article_text import AMOUNT_KINDS
from summarizer.verify.wording import shingles

# Words of business that figures are named by, in both languages: `zh|zh = en|en`, each line one idea.
_IDEAS: Final = """
总投资|投资额|拟投资|投资= invest|capex
营业收入|营收|收入= revenue|sales
净利润|纯利|利润= profit|net income|earnings
亏损= loss
注册资本|股本= registered capital|share capital
面积= area|square met
服务器= server
员工|职工|雇员= employ|staff|headcount
医院= hospital
医疗机构= medical|healthcare
门店= store|shop
工厂= factor|plants?\\b
设备= device|equipment|machine
行业= industr|sector
企业= compan|enterprise|firms
中小= small and medium|SME
大型= large
学校= school
师生= teachers and students|students
城市= cit(?:y|ies)
用户= users?\\b
科学家= scientist
人才= talent|personnel
估值= valuation|valu(?:ed|es?|ing)\\b
股东= shareholder
每股= per share|a share
溢价= premium
收购|并购= acqui|buy\\b|bought|takeover|purchase
合资|合营= joint venture
战略合作= strategic cooperation|strategic partnership|strategic agreement
签署|签订|签约|訂立= sign
持股|股权= stake|hold
贷款|融资= loan|facility|financ
债务|负债= debt
违约金|分手费|终止费= fee\\b
成本= cost
协同= synerg
价格|电价|单价= price
产能= capacity|output
产值= output value
产量= production|generated
电量= electricity
装机= megawatt|capacity
税收= tax
租金|免租= rent
补助|补贴= subsid|grant
增长|增速|同比= growth|grew|rose|increase|\\bup\\b
下降|下滑|减少|降幅= decline|fell|drop|decrease|down\\b
就业= jobs
病历= record
床位= beds?\\b
门诊|门急诊= outpatient|visits
专利= patent
预付= prepay|upfront|up front
期限|有效期= term\\b
可靠性= reliab
交付= deliver
采购= purchas|procure|order
参保= insured
数据中心= data cent
剩余产能= surplus capacity|excess capacity|idle capacity
市场= market
"""


def _ideas() -> Iterator[tuple[str, re.Pattern[str]]]:
    for number, line in enumerate(_IDEAS.strip().splitlines()):
        chinese, _, english = line.partition("=")
        yield f"@{number}", re.compile(rf"{chinese}|\b(?:{english.strip()})", re.IGNORECASE)


_IDEA_PATTERNS: Final = tuple(_ideas())


@lru_cache(maxsize=4096)
def ideas(text: str) -> frozenset[str]:
    """Return the ideas of business that a text names, one token each, the same in both languages."""
    return frozenset(token for token, pattern in _IDEA_PATTERNS if pattern.search(text))


def words_of(text: str) -> Set[str]:
    """Return stems, pairs of characters and ideas of a short text."""
    return shingles(text) | ideas(text)


def tokens_of(text: str, quantities: Iterable[Quantity]) -> Set[str]:
    """Return the wording of a text and its distinctive numbers, which are the same in every language."""
    return words_of(text) | {token for one in quantities if (token := number_token(one)) is not None}


def number_token(quantity: Quantity) -> str | None:
    """Return the token of a number or full date, the same in every language; None for one that tells next to nothing."""
    if quantity.value is None or quantity.kind == "ordinal":
        return None
    if quantity.kind == "date":
        # The day tells; that of a year or a month alone, next to nothing.
        return f"#{quantity.value[-6:]}" if re.search(r"-\d\d-\d\d$", quantity.value) else None
    if quantity.kind not in AMOUNT_KINDS:
        return None
    name, power = unit_class(quantity.unit)
    value = Decimal(quantity.value)
    if value.adjusted() > 40 or (abs(value) < 10 and quantity.kind != "percent"):
        return None
    scaled = value.scaleb(power).normalize()
    return f"#{scaled}{name if quantity.kind in ('currency', 'percent') else ''}"


def is_shared_script(token: str) -> bool:
    """Return whether a token can stand in a text of either language: an idea, a number, a Latin stem."""
    return token.isascii()
