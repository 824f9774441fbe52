"""The doubts: a name at the wrong amount, a plan told as a fact, a party or a sum from elsewhere."""

import pytest

from summarizer.articles import Article
from summarizer.records import Consideration, Deal, Party
from summarizer.verify.article_text import ArticleText
from summarizer.verify.deals import judge_deal
from summarizer.verify.fit import fits_kind, fits_words
from summarizer.verify.tense import looks_ahead


def text_of(text: str) -> ArticleText:
    return ArticleText.of(Article.from_text(text, id="a"))


def span(article: ArticleText, words: str) -> tuple[int, int]:
    start = article.text.index(words)
    return start, start + len(words)


FACTS = text_of(
    "前三季度集成电路产量48.3亿块，增长21.7%；新能源汽车产量31.6万辆，增长42.5%。货物进出口总值1876.4亿元，同比增长3.2%。"
)


@pytest.mark.parametrize(
    ("name", "amount", "fits"),
    [
        ("集成电路产量", "48.3亿块", True),
        ("集成电路产量增速", "21.7%", True),
        ("新能源汽车产量增速", "42.5%", True),
        ("货物进出口总值", "1876.4亿元", True),
        ("货物进出口总值", "48.3亿块", False),
        ("集成电路产量", "1876.4亿元", False),
        ("integrated circuits", "48.3亿块", True),
    ],
)
def test_a_name_fits_where_the_article_uses_its_words(name: str, amount: str, fits: bool) -> None:
    quantity = next(one for one in FACTS.quantities if FACTS.text[one.start : one.end] == amount)
    assert fits_words(FACTS, name, quantity) is fits


def test_an_abbreviation_of_the_name_is_its_name() -> None:
    article = text_of(
        "Nilam's ARR stood at US$31.2 million at the end of June. Its annual loss narrowed to US$2 million."
    )
    quantity = next(one for one in article.quantities if one.value == "31200000")
    assert fits_words(article, "annual recurring revenue", quantity)


@pytest.mark.parametrize(
    ("name", "kind", "fits"),
    [
        ("总建筑面积", "dimension", True),
        ("总建筑面积", "percent", False),
        ("毛利率", "percent", True),
        ("毛利率", "currency", False),
        ("汇率", "currency", True),
        ("设计功率", "dimension", True),
        ("注册资本", "currency", True),
        ("注册资本", "count", False),
        ("服务的企业数", "count", True),
        ("服务的企业数", "currency", False),
        ("net loss", "currency", True),
        ("ratio of the valuation to the price", "multiple", True),
        ("share of exports", "percent", True),
        ("share repurchase program", "currency", True),
    ],
)
def test_a_name_says_what_kind_of_quantity_it_can_be(name: str, kind: str, fits: bool) -> None:
    assert fits_kind(name, kind, is_money=kind == "currency") is fits  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "amount", "is_ahead"),
    [
        ("公司计划投资30亿元。", "30亿元", True),
        ("公司将投资30亿元建厂。", "30亿元", True),
        ("公司将30万台设备连接起来。", "30万台", False),
        ("报告时间由目前的42分钟缩短，预计更快。", "42分钟", False),
        ("公司已投资30亿元，计划明年投产。", "30亿元", False),
        ("目标公司拥有五座仓库。", "五座", False),
        ("规划面积1.6平方公里。", "1.6平方公里", False),
        ("It will invest $30 million in the mine.", "$30 million", True),
        ("It has invested $30 million and will build a mine.", "$30 million", False),
        ("Revenue rose to $30 million.", "$30 million", False),
        ("分析师预计，四季度增速为5.2%，全年落在5.5%附近。", "5.5%", True),
        ("公司承诺，2026年至2028年每年采购800吨。", "800吨", True),
        ("公司预计明年增长5%，去年同比增长3%。", "3%", False),
        ("报告时间将由目前的42分钟缩短至20分钟。", "20分钟", True),
        ("Headcount is to rise to 520 by 2026 from 340 now.", "520", True),
        ("Headcount is to rise to 520 by 2026 from 340 now.", "340", False),
        ("It will keep its dividend at $0.22.", "$0.22", False),
    ],
)
def test_tense_is_read_from_the_clause_of_the_amount(text: str, amount: str, is_ahead: bool) -> None:
    article = text_of(text)
    assert looks_ahead(article, *span(article, amount)) is is_ahead


STORY = (
    "甲集团与乙公司签订采购合同，合同总额5亿元。第二句。第三句。第四句。第五句。第六句。第七句。"
    "另据报道，丙公司与丁集团达成设备采购意向，拟采购设备，总额8亿元。"
)


def deal(article: ArticleText, words: str, names: tuple[str, ...], **fields: object) -> Deal:
    base = Deal(
        name="采购",
        type="procurement",
        status="signed",
        parties=tuple(Party(name=name, kind="company") for name in names),
        evidence=(article.evidence(*span(article, words)),),
        verdict="review",
    )
    return judge_deal(article, base.model_copy(update=fields))


def test_a_party_of_another_deal_asks_for_a_look() -> None:
    article = text_of(STORY)
    assert deal(article, "签订采购合同", ("甲集团", "乙公司")).verdict == "verified"
    assert deal(article, "签订采购合同", ("甲集团", "丁集团")).reasons == ("PARTY_FAR",)


def test_the_sum_of_another_deal_asks_for_a_look() -> None:
    article = text_of(STORY)
    far = Consideration(
        value="800000000", unit="CNY", amount="8亿元", evidence=(article.evidence(*span(article, "8亿元")),)
    )
    near = Consideration(
        value="500000000", unit="CNY", amount="5亿元", evidence=(article.evidence(*span(article, "5亿元")),)
    )
    assert deal(article, "签订采购合同", ("甲集团", "乙公司"), consideration=near).verdict == "verified"
    assert deal(article, "签订采购合同", ("甲集团", "乙公司"), consideration=far).reasons == ("CONSIDERATION_FAR",)


def test_an_intention_told_as_a_signing_asks_for_a_look() -> None:
    article = text_of(STORY)
    assert deal(article, "达成设备采购意向", ("丙公司", "丁集团")).reasons == ("STATUS_DOUBTFUL",)
    assert deal(article, "达成设备采购意向", ("丙公司", "丁集团"), status="intended").verdict == "verified"
