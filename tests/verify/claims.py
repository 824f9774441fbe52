"""Claims about short articles: what a record would hold of an amount that the scanner reads there."""

from __future__ import annotations

from summarizer.articles import Article
from summarizer.records import KeyFigure
from summarizer.verify.article_text import ArticleText
from summarizer.verify.figures import amount_at


def text_of(text: str) -> ArticleText:
    return ArticleText.of(Article.from_text(text, id="a"))


def figure_of(article: ArticleText, name: str, words: str, entity: str | None = None) -> KeyFigure:
    """Return the amount that is written with these words, its clause as evidence, called verified."""
    quantity = next(one for one in article.quantities if one.text == words)
    amount = amount_at(article, quantity)
    return KeyFigure(
        name=name,
        entity=entity,
        amount=amount.text,
        value=quantity.value,
        value_max=quantity.value_max,
        unit=amount.unit,
        qualifier=quantity.qualifier,
        status="actual",
        evidence=(article.evidence(*article.clause_around(amount.start, amount.end)),),
        verdict="verified",
    )
