"""Nouns that show that a number counts something: Chinese people and things directly after it, English plurals."""

from __future__ import annotations

import re
from typing import Final

from summarizer.quantities.wordlists import words

# What is counted in persons (guideline: 人), and in things (个), where the text writes no counter.
PEOPLE: Final = (
    "师生 用户 人口 居民 学生 员工 群众 观众 读者 游客 客户 参保 农民 职工 工人 消费者 企业家 会员 患者 网民 "
    "粉丝 教师 医生 开发者 股民 党员 旅客 "
    "乘客 市民 村民 劳动力 投资者 司机 骑手 人才 订阅 博士 硕士 毕业生 青年 老人 儿童 家长 就业 受众 选民 "
    "军人 士兵 志愿者"
)
THINGS: Final = (
    "商家 企业 家庭 城市 国家 地区 省份 项目 产品 商品 门店 工厂 学校 医院 机构 公司 股东 设备 车辆 订单 "
    "岗位 案例 品牌 供应商 经销商 网点 站点 "
    "基站 专利 店铺 服务器 终端 汽车 手机 村庄 县市 行业 领域"
)
_PEOPLE = re.compile("|".join(PEOPLE.split()))
_DIRECT = re.compile(" ?(?:" + "|".join((PEOPLE + " " + THINGS).split()) + ")")
_PLURAL = re.compile(
    "[ -](?:[A-Z][a-z]{2,15} )?(?:([a-z][a-z-]{2,20}) )?(?:([a-z][a-z-]{2,20}) )?"
    "(people|employees|staff|men|women|children|customers|shares|[a-z][a-z-]{1,24}s)(?![A-Za-z'])"
)
# Words in -s that are no plural nouns, and words that end the noun phrase before it began.
_NO_NOUN: Final = frozenset(
    words(
        "is was has does says goes this its his us as yes less across plus minus times thus versus towards "
        "perhaps always besides "
        "unless whereas afterwards gains rises falls holds owns makes takes gives gets puts sees wants needs "
        "means needs news "
        "series basis status focus process business access success address class loss gross express progress "
        "congress press stress "
        "gas previous various serious continuous obvious famous"
    )
)
_NO_ADJECTIVE: Final = frozenset(
    words(
        "of in and to by the for with per from at on or as than is was are were has had have will would could "
        "can may might "
        "it its that this these those which who while when if but not into over under about after before between "
        "through "
        "during until since also said says each per via against among amid because such both"
    )
)


def noun_after(masked: str, at: int) -> tuple[str | None, int] | None:
    """Return what the number that ends at `at` counts: (unit word or None, where it ends); None if nothing shows it.

    A Chinese noun is no counter: it makes the number a count without a unit. An English plural, with at most two
    words before it, is the unit (`1,250 employees`, `6.5 million new shares`: `shares`).
    """
    if at >= len(masked):
        return None
    char = masked[at]
    if char in " -":
        found = _PLURAL.match(masked, at)
        if found is not None:
            first, second, noun = found[1], found[2], found[3]
            for adjective, end in ((first, found.end(1)), (second, found.end(2))):
                if adjective is not None and adjective in _NO_ADJECTIVE:
                    return None
                if (
                    adjective is not None
                    and adjective.endswith("s")
                    and adjective not in _NO_NOUN
                    and len(adjective) > 3
                ):
                    # "3 customers says": the adjective was the noun.
                    return adjective, end
            if noun in _NO_NOUN or noun.endswith(("ss", "ous", "ings")):
                return None
            return noun, found.end()
    if (char == " " or char >= "一") and _DIRECT.match(masked, at):
        return None, at
    return None


def counts_people(folded: str, at: int, reach: int) -> bool:
    """Whether a word for people stands within `reach` characters after `at`."""
    return _PEOPLE.search(folded, at, at + reach) is not None
