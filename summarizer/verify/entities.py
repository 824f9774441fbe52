"""Whom a figure is about: whether the article speaks of it, and near the amount."""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.quantities.nouns import PEOPLE, THINGS
from summarizer.records import KeyFigure, Quantity
from summarizer.verify.article_text import ArticleText
from summarizer.verify.exchange import is_written_beside
from summarizer.verify.fit import is_spoken_of
from summarizer.verify.locate import in_body
from summarizer.verify.names import TOGETHER, aliases_of, called, is_named, parts_of_name
from summarizer.verify.wording import shingles

# An entity is near where a mention stands at most six sentences before the amount or two after it, or at the head of the
# article, or throughout it. Of the labelled figures 98 in 100 are; of entities put beside another's amount two thirds.
_BEFORE, _AFTER = 6, 2
_HEAD = 3
_THROUGHOUT = 3
# Named once, if at all, and meant wherever nothing else is.
_EVERYWHERE = TOGETHER | {"全国", "全國", "我国", "我國", "国内", "國內", "全球", "中国", "中國", "China", "global"}
_ANY_COMPANY = (
    "公司",
    "集团",
    "集團",
    "股份",
    "控股",
    "科技",
    "银行",
    "Group",
    "Holdings",
    "Corporation",
    "Company",
    "Limited",
    "Ltd",
    "Inc",
    "Inc.",
    "plc",
    "AS",
    "S.A.",
)
_CLASSES = tuple((PEOPLE + " " + THINGS).split())


def judge_entity(article: ArticleText, figure: KeyFigure, quantity: Quantity) -> str | None:
    """Return the code that speaks against a figure's entity by itself, None where nothing does."""
    entity = figure.entity
    if not entity:
        return None
    if entity in _EVERYWHERE or _is_class(article, entity, quantity) or is_written_beside(article, entity, quantity):
        return None
    if not (is_named(article, entity) or is_spoken_of(article, entity)):
        return "ENTITY_NOT_IN_ARTICLE"
    return None if _is_near(article, entity, quantity) else "ENTITY_FAR"


def is_of_another(article: ArticleText, figure: KeyFigure, quantity: Quantity, others: Iterable[str]) -> bool:
    """Return whether the amount's clause begins with another entity of the record, and its sentence is not about this one.

    Of the figures that a model proposed for the labelled articles 3 in 1,000 are so, of those with another's entity 15 in 100.
    """
    wanted = shingles(figure.entity or "")
    start, end = article.sentence_bounds(quantity.start, quantity.end)
    sentence = article.text[start:end]
    if not wanted or wanted & shingles(sentence) or any(name in sentence for name in called(figure.entity or "")):
        return False
    clause, _ = article.clause_around(quantity.start, quantity.end)
    before = article.text[clause : quantity.start]
    allowed = wanted | shingles(figure.name)
    return any(
        name in before
        for other in others
        if not shingles(other) & allowed
        for name in (other, *aliases_of(article, other), *called(other))
    )


def _is_class(article: ArticleText, entity: str, quantity: Quantity) -> bool:
    """Return whether the entity is a kind of people or things that the clause speaks of: 受访企业 for 46.5%的企业."""
    if not entity.endswith(_CLASSES):
        return False
    start, end = article.clause_around(quantity.start, quantity.end)
    return any(entity.endswith(noun) and noun in article.text[start:end] for noun in _CLASSES)


def _is_near(article: ArticleText, entity: str, quantity: Quantity) -> bool:
    here = article.sentence_at(quantity.start)
    sentences = _sentences_of(article, entity)
    if not sentences:
        # Put together from the article's words (国内市场): nowhere in particular.
        return True
    if len(sentences) >= _THROUGHOUT or any(one <= _HEAD or -_AFTER <= here - one <= _BEFORE for one in sentences):
        return True
    start = quantity.start
    if start not in article.surroundings:
        return True
    wanted = shingles(entity)
    near = sum(start in article.amounts.weights_of(shingle) for shingle in wanted)
    return 2 * near >= len(wanted) or start in article.amounts.weights_of(_head(entity))


def _head(entity: str) -> str:
    """Return the word that an article goes on with (大会, forum), empty where it is one that any company has."""
    words = (
        list(shingles(entity[-2:]))
        if "\u3400" <= entity[-1] <= "\u9fff"
        else list(shingles(entity.rsplit(maxsplit=1)[-1]))
    )
    return "" if not words or entity.endswith(_ANY_COMPANY) else words[0]


def _sentences_of(article: ArticleText, entity: str) -> set[int]:
    """Return the numbers of the sentences that mention the entity by its name, an alias, or else a piece of it."""
    found = article.known.mentions.get(entity)
    if found is None:
        spans = [
            span for name in (entity, *aliases_of(article, entity), *called(entity)) for span in in_body(article, name)
        ]
        spans = spans or [span for part in parts_of_name(entity) for span in in_body(article, part)]
        found = article.known.mentions[entity] = {article.sentence_at(start) for start, _ in spans}
    return found
