"""What has happened or holds, and what is only planned, promised or expected."""

import pytest

from summarizer.articles import Article
from summarizer.verify.article_text import ArticleText
from summarizer.verify.tense import looks_ahead


def is_ahead(text: str, words: str) -> bool:
    article = ArticleText.of(Article.from_text(text, id="a"))
    start = article.text.index(words)
    return looks_ahead(article, start, start + len(words))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hotels, which provided only a tenth of sales in 2020, now lead.", "a tenth"),
        ("Ferrow paid $9 million in May and will pay a further $4 million next year.", "$9 million"),
        ("The mill opened with 40 looms but may add a dyeing hall.", "40 looms"),
        ("Ferrow will supply its two canteens from the farm.", "two canteens"),
        ("县里印发三年行动计划，要求改造老旧厂房。", "三年"),
        ("青屿按照五年发展规划，推进各项工作。", "五年"),
        ("青屿已招收学员，完成计划招生人数的八成。", "八成"),
        ("前三季度，青屿完成全年目标的76%。", "76%"),
        ("约两成商户打算明年搬走。", "两成"),
        ("日产量由每小时90件提高到120件，员工已到岗。", "90件"),
        ("一期投资6亿元，已建成年产5万吨生产线，计划2027年扩建。", "6亿元"),
        ("青屿已建厂房3座，并出租2座。", "2座"),
        ("Cooks who agree to start at five could be paid 12% more, as Hollin pays $19 an hour.", "$19 an hour"),
    ],
)
def test_facts_beside_a_plan_are_facts(text: str, words: str) -> None:
    assert not is_ahead(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ferrow will provide a tenth of the sum, provided that the board agrees.", "a tenth"),
        ("Ferrow paid $9 million in May and will pay a further $4 million next year.", "$4 million"),
        ("The mill will open with 40 looms and may add a dyeing hall.", "40 looms"),
        ("Ferrow will build two canteens on the farm.", "two canteens"),
        ("Ferrow will raise its $30 million next spring.", "$30 million"),
        ("县里计划三年完成改造。", "三年"),
        ("青屿拟实施五年减排。", "五年"),
        ("青屿有望完成计划招生人数的八成。", "八成"),
        ("青屿力争前三季度完成全年目标的76%。", "76%"),
        ("青屿还打算通过子公司认购股份2亿元。", "2亿元"),
        ("一期投资6亿元，用地90亩，计划明年5月开工，2027年投产，形成年产5万吨的能力。", "6亿元"),
        ("一期投资6亿元，用地90亩，计划明年5月开工，2027年投产，形成年产5万吨的能力。", "5万吨"),
        ("青屿将在年底前搬迁总部，并带动不少于9家供应商落户。", "9家"),
        ("县交通局在2027年底前把公路延长14公里。", "14公里"),
        ("工厂投产后每年可加工水果8万吨。", "8万吨"),
        ("Debt would rise to 3.1 times earnings, falling to 2 times by 2028.", "2 times"),
        ("The canal could cost $70 million.", "$70 million"),
        ("Ferrow signed a non-binding letter with Hollin for 300 tonnes a year.", "300 tonnes"),
    ],
)
def test_plans_are_plans(text: str, words: str) -> None:
    assert is_ahead(text, words)
