"""The amounts of an article as places that a claim may be about: their figure, their wording, their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from summarizer.check.naming import KnownNames, Mention, Name, are_related
from summarizer.check.sources import Source
from summarizer.check.wording import ideas, is_shared_script
from summarizer.records import KeyFigure, Quantity
from summarizer.verify.article_text import ArticleText, states_amount
from summarizer.verify.figures import amount_at
from summarizer.verify.wording import shingles

_PRONOUN = re.compile(
    r"本公司|该公司|該公司|(?<![一-鿿])公司|双方|雙方|其中|\b(?:the company|the group|[Ii]t|[Tt]hey|[Tt]he two)\b"
)
_LED_BACK = re.compile(r"\b(?:by|from|to|of)\s[^,;]{0,12}\Z|[由向给予][^，、]{0,6}\Z")
_RELATIVE = re.compile(r"(?:which|who|whose)\b")
_LISTED = re.compile(r"、|和|及|\band\b")
_ORDERING = frozenset({"ordinal", "duration"})
# Shared by any two sums, and telling nothing.
_SCALES = frozenset({"milli", "billi", "trill", "万元", "亿元", "萬元", "億元"})
_IDEA = 1.0
_FIGURE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words round an amount, each with how near it stands (0 to 1), and who is named there.

    `item` are the words of the amount's own item of a list (13个镇级站、103个村级站), names included. `unnamed` are the
    words without those of names. `own` are the names of the clause that the amount can belong to, `carried` where it has
    none the last ones before it in the sentence, `around` all names of the sentence and of the verified figure;
    `is_named` says whether the sentence itself has any, `has_pronoun` that it speaks of somebody whom it does not name.
    """

    near: Mapping[str, float]
    unnamed: Mapping[str, float]
    item: frozenset[str]
    own: Sequence[Name]
    carried: Sequence[Name]
    around: Sequence[Name]
    is_named: bool
    has_pronoun: bool
    is_chinese: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An amount of an article, with the verified figure that states it if there is one."""

    source: Source
    quantity: Quantity
    figure: KeyFigure | None
    wording: Wording


def places_in(source: Source, known: KnownNames) -> list[Place]:
    """Return the amounts of the article's body."""
    article = source.article
    found = []
    for quantity in (place.quantity for place in article.surroundings.values()):
        if article.is_instruction(quantity.start, quantity.end):
            continue
        figure = source.figures.get(quantity.start)
        found.append(
            Place(
                source=source,
                quantity=quantity,
                figure=figure,
                wording=wording_of(article, quantity, known, figure),
            )
        )
    return found


def wording_of(article: ArticleText, quantity: Quantity, known: KnownNames, figure: KeyFigure | None = None) -> Wording:
    """Return what stands round an amount of an article or of a draft."""
    low, high = article.clause_around(quantity.start, quantity.end)
    sentence, stop = article.sentence_bounds(quantity.start, quantity.end)
    mentions = [one for one in known.mentions(article.text, sentence, stop) if not one.is_person]
    clause = [one for one in mentions if low <= one.start < high]
    own = _owners(article, quantity, clause)
    if not clause and _RELATIVE.match(article.text, low):
        own = [one for one in mentions if one.end <= low][-1:]
    entity = [] if figure is None else known.mentions(figure.entity or "")
    surroundings = article.surroundings.get(quantity.start)
    text = article.text[low:high]
    near = dict(surroundings.nearness) if surroundings else dict.fromkeys(shingles(text), 1.0)
    near |= dict.fromkeys(ideas(_without(article, (low, high), clause)), _IDEA)
    if figure is not None:
        for word in shingles(f"{figure.name} {figure.entity or ''}") | ideas(figure.name):
            near[word] = max(near.get(word, 0.0), _FIGURE)
    around = _names((*mentions, *entity))
    called = _SCALES | {word for name in around for form in name.forms for word in shingles(form)}
    return Wording(
        near=near,
        unnamed={word: weight for word, weight in near.items() if word not in called},
        item=shingles(_item(article, quantity, (low, high))),
        own=_names((*own, *entity)),
        carried=_names((*own, *entity) or [one for one in mentions if one.end <= low][-1:]),
        around=around,
        is_named=bool(mentions),
        has_pronoun=_PRONOUN.search(article.text, sentence, quantity.start) is not None,
        is_chinese=surroundings.is_chinese if surroundings else article.is_chinese,
    )


def _without(article: ArticleText, span: tuple[int, int], mentions: Iterable[Mention]) -> str:
    """Return the text of a span without the names in it: a Growth Fund is no growth."""
    at, kept = span[0], ""
    for mention in mentions:
        kept, at = f"{kept}{article.text[at : mention.start]} ", mention.end
    return kept + article.text[at : span[1]]


def _item(article: ArticleText, quantity: Quantity, clause: tuple[int, int]) -> str:
    text = article.text
    low = max((mark.end() for mark in _LISTED.finditer(text, clause[0], quantity.start)), default=clause[0])
    after = _LISTED.search(text, quantity.end, clause[1])
    return f"{text[low : quantity.start]} {text[quantity.end : after.start() if after else clause[1]]}"


def _owners(article: ArticleText, quantity: Quantity, clause: Sequence[Mention]) -> list[Mention]:
    """Return the names of a clause that an amount in it can belong to.

    Those before it, but not beyond another amount (A 35, B 20 and the others 30); behind it one that a word leads back.
    """
    text = article.text
    amounts = (
        [one for one in article.quantities_in(clause[0].start, quantity.start) if states_amount(one)] if clause else []
    )
    last = max((one.end for one in amounts if one.end <= quantity.start and one.kind not in _ORDERING), default=0)
    before = [one for one in clause if last <= one.start < quantity.start]
    behind = [one for one in clause if one.start >= quantity.end and _LED_BACK.search(text, quantity.end, one.start)]
    if before or last:
        return before + behind
    return behind or list(clause)


def _names(mentions: Iterable[Mention]) -> list[Name]:
    return [name for mention in mentions for name in mention.names]


def similarity(claim: Wording, place: Place, *, with_names: bool = False) -> float | None:
    """Return how much of the words round a claim stands round a place too, 0 to 1; None where that cannot be told.

    Names count only where asked for. Across languages the ideas that both name are compared.
    """
    wanted: Iterable[tuple[str, float]] = (claim.near if with_names else claim.unnamed).items()
    if claim.is_chinese != place.wording.is_chinese:
        wanted = [(word, weight) for word, weight in wanted if word.startswith("@") and is_shared_script(word)]
    rarity = place.source.article.rarity
    total = shared = 0.0
    for word, weight in wanted:
        worth = rarity.get(word, 1.0) * weight * weight
        total += worth
        shared += worth * place.wording.near.get(word, 0.0)
    return shared / total if total else None


def shared_words(claim: Wording, place: Place) -> int:
    """Return how many words near the claim, names aside, stand near the place too."""
    return sum(
        1 for word, weight in claim.unnamed.items() if weight >= 0.5 and place.wording.unnamed.get(word, 0.0) >= 0.5
    )


def is_of_others(claim: Wording, place: Place) -> bool:
    """Return whether the claim's clause names somebody, and the place's sentence only others."""
    stated = place.wording
    return bool(claim.own) and stated.is_named and not stated.has_pronoun and not are_related(claim.own, stated.around)


def quoted(place: Place) -> tuple[int, int]:
    """Return the span to show for a place: its clause, the sentence's beginning where that is near."""
    article = place.source.article
    amount = amount_at(article, place.quantity)
    low, high = article.clause_around(amount.start, amount.end)
    sentence, _ = article.sentence_bounds(amount.start, amount.end)
    if high - sentence <= 120:
        low = sentence
    return min(low, amount.start), max(high, amount.end)
