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
    ],
)
def test_plans_are_plans(text: str, words: str) -> None:
    assert is_ahead(text, words)
