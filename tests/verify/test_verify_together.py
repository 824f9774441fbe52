"""Items of one record beside each other: names at each other's amounts, parties and sums of another deal, names in prose."""

import pytest

from summarizer.articles import Article
from summarizer.records import Consideration, Deal, KeyFigure, Party
from summarizer.verify.article_text import ArticleText
from summarizer.verify.deals import judge_deals
from summarizer.verify.figures import amount_at, judge_figures
from summarizer.verify.prose_names import names_in

TEXT = (
    "“常州模式”已成功接入300余家工厂的3万台设备，覆盖20个行业。京东云华东数据中心总投资约30亿元，总建筑面积8万平方米。"
)


def text_of(text: str) -> ArticleText:
    return ArticleText.of(Article.from_text(text, id="a"))


def figure(article: ArticleText, name: str, words: str, entity: str = "京东云华东数据中心") -> KeyFigure:
    quantity = next(one for one in article.quantities if one.text == words)
    amount = amount_at(article, quantity)
    low, high = article.clause_around(amount.start, amount.end)
    return KeyFigure(
        name=name,
        entity=entity,
        amount=amount.text,
        value=quantity.value,
        value_max=quantity.value_max,
        unit=amount.unit,
        qualifier=quantity.qualifier,
        status="actual",
        evidence=(article.evidence(low, high),),
        verdict="verified",
    )


def verdicts(article: ArticleText, *figures: KeyFigure) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.verdict, one.reasons) for one in judge_figures(article, figures)]


def test_names_at_their_own_amounts_stand() -> None:
    article = text_of(TEXT)
    pairs = [("接入工厂数", "300余家"), ("接入设备数", "3万台"), ("覆盖行业数", "20个"), ("总投资", "30亿元")]
    assert [one for one, _ in verdicts(article, *(figure(article, *pair) for pair in pairs))] == ["verified"] * 4


def test_two_names_that_have_changed_places_are_both_in_doubt() -> None:
    article = text_of(TEXT)
    found = verdicts(article, figure(article, "接入行业数", "3万台"), figure(article, "接入设备数", "20个"))
    assert found == [("review", ("NAME_DOUBTFUL",))] * 2


def test_of_two_names_at_one_amount_the_fitting_one_stays_whatever_the_order() -> None:
    article = text_of(TEXT)
    wrong, right = figure(article, "接入工厂数", "3万台"), figure(article, "接入设备数", "3万台")
    assert [one for one, _ in verdicts(article, wrong, right)] == ["rejected", "verified"]
    assert [one for one, _ in verdicts(article, right, wrong)] == ["verified", "rejected"]


def test_the_same_figure_told_twice_is_one_figure() -> None:
    article = text_of(TEXT)
    told = figure(article, "总投资", "30亿元")
    assert verdicts(article, told, told)[1] == ("rejected", ("DUPLICATE",))


def test_an_entity_named_once_and_far_away_is_in_doubt() -> None:
    filler = "".join(f"第{number}段只谈天气和交通。" for number in "一二三四五六七八九十")
    article = text_of(f"甲方开会。乙方参会。丙方列席。{filler}远山机械在外地。{filler}{TEXT}")
    assert verdicts(article, figure(article, "总投资", "30亿元", "远山机械"))[0] == ("review", ("ENTITY_FAR",))
    assert verdicts(article, figure(article, "总投资", "30亿元"))[0][0] == "verified"


DEALS = (
    "论坛昨日闭幕。来宾众多。甲辰集团与乙巳银行签署贷款协议，金额5亿元。两家公司合作多年，双方负责人出席仪式。"
    "会议还讨论了行业标准。丙午科技与丁未物流签署采购合同，合同金额8000万元。"
)


def deal(article: ArticleText, words: str, parties: tuple[str, ...], money: str | None = None) -> Deal:
    start = article.text.index(words)
    consideration = None
    if money:
        amount = amount_at(article, next(one for one in article.quantities if one.text == money))
        consideration = Consideration(
            value=amount.quantity.value or "",
            unit=amount.unit,
            amount=amount.text,
            evidence=(article.evidence(amount.start, amount.end),),
        )
    return Deal(
        name=words,
        type="other",
        status="signed",
        parties=tuple(Party(name=name, kind="company") for name in parties),
        consideration=consideration,
        evidence=(article.evidence(start, start + len(words)),),
        verdict="verified",
    )


def test_a_party_that_stands_only_with_another_deal_is_in_doubt() -> None:
    article = text_of(DEALS)
    loan = deal(article, "甲辰集团与乙巳银行签署贷款协议", ("甲辰集团", "乙巳银行"), "5亿元")
    right = deal(article, "丙午科技与丁未物流签署采购合同", ("丙午科技", "丁未物流"), "8000万元")
    wrong = deal(article, "丙午科技与丁未物流签署采购合同", ("丙午科技", "乙巳银行"), "8000万元")
    assert [one.verdict for one in judge_deals(article, [loan, right])] == ["verified", "verified"]
    assert judge_deals(article, [loan, wrong])[1].reasons == ("PARTY_FAR",)


def test_a_party_put_together_from_pieces_of_names_is_not_in_the_article() -> None:
    article = text_of(DEALS)
    composed = deal(article, "甲辰集团与乙巳银行签署贷款协议", ("甲辰集团", "乙巳物流"), "5亿元")
    assert "PARTY_NOT_IN_ARTICLE" in judge_deals(article, [composed])[0].reasons


@pytest.mark.parametrize(
    ("prose", "unknown"),
    [
        ("甲辰集团与乙巳银行签约。", []),
        ("该公司与两家银行签约，合资公司成立。", []),
        ("甲辰集团与宏远控股签约。", ["宏远控股"]),
        ("乙巳银行与天启集团签约。", ["天启集团"]),
    ],
)
def test_an_organisation_of_the_prose_must_be_in_the_article(prose: str, unknown: list[str]) -> None:
    found = [prose[start:end] for start, end, place in names_in(text_of(DEALS), prose) if place is None]
    assert len(found) == len(unknown)
    assert all(one.endswith(name) for one, name in zip(found, unknown, strict=True))


def test_a_capitalised_word_of_english_prose_must_be_in_the_article() -> None:
    article = text_of(
        "Halvorsen agreed on Monday to buy Trellis Optics for $1.4 billion, the company said in Rochester."
    )
    prose = "The deal gives Halvorsen's owners Trellis; Bramwell Holdings advised in March."
    assert [prose[start:end] for start, end, place in names_in(article, prose) if place is None] == [
        "Bramwell",
        "Holdings",
    ]
