"""Which articles a sentence of the draft is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summarizer.check.draft import Draft
from summarizer.check.naming import KnownNames, Mention
from summarizer.check.sources import Source, Sources
from summarizer.check.wording import tokens_of

# What the paragraph and the whole draft count beside the sentence itself.
_PARAGRAPH, _DRAFT = 0.5, 0.2
# An article counts where it shares so much of what the best one shares.
_ENOUGH = 0.55
# A distinctive number that both have: it tells more than a word, and it is all that two languages share.
_NUMBER = 4.0
# A known name of the sentence that the article uses too, in units of the rarest token.
_NAMED = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence of the draft: its span, the known names in it, and the articles it is about, the likeliest first.

    `is_foreign` says that the likeliest article, of the sentence or of its paragraph, is written in the other language.
    """

    start: int
    end: int
    mentions: Sequence[Mention]
    about: Sequence[Source]
    is_foreign: bool


def statements_of(draft: Draft, sources: Sources, known: KnownNames) -> list[Statement]:
    """Cut the draft into sentences and choose for each the articles that it is about."""
    article = draft.article
    whole = _scores(_tokens(draft, draft.skipped, len(draft.text)), sources)
    found = []
    inherited: Sequence[Mention] = ()
    for low, high in draft.paragraphs:
        paragraph = _scores(_tokens(draft, low, high), sources)
        for start, end in (span for span in article.sentences if low <= span[0] < high):
            mentions = known.mentions(article.text, start, end)
            inherited = mentions or inherited
            scores = _scores(_tokens(draft, start, end), sources)
            total = {
                source.id: scores[source.id]
                + _PARAGRAPH * paragraph[source.id]
                + _DRAFT * whole[source.id]
                + _named(source, inherited, sources)
                for source in sources.articles
            }
            best = max(total.values())
            about = sorted(
                (one for one in sources.articles if best and total[one.id] >= _ENOUGH * best),
                key=lambda one: (-total[one.id], one.id),
            )
            likely = [*about[:1], *_best(sources, paragraph, whole)]
            is_foreign = any(source.article.is_chinese != article.is_chinese for source in likely)
            found.append(Statement(start=start, end=end, mentions=mentions, about=about, is_foreign=is_foreign))
    return found


def _best(sources: Sources, paragraph: dict[str, float], whole: dict[str, float]) -> Sequence[Source]:
    """Return the one article that a paragraph shares most with; none where it shares nothing with any."""
    scores = {source.id: paragraph[source.id] + _DRAFT * whole[source.id] for source in sources.articles}
    best = max(sources.articles, key=lambda source: scores[source.id])
    return [best] if scores[best.id] else []


def _tokens(draft: Draft, start: int, end: int) -> Iterable[str]:
    return tokens_of(draft.article.text[start:end], draft.article.quantities_in(start, end))


def _scores(tokens: Iterable[str], sources: Sources) -> dict[str, float]:
    known = [
        (token, sources.weights[token] * (_NUMBER if token.startswith("#") else 1.0))
        for token in tokens
        if token in sources.weights
    ]
    return {source.id: sum(weight for token, weight in known if token in source.tokens) for source in sources.articles}


def _named(source: Source, mentions: Iterable[Mention], sources: Sources) -> float:
    unit = sources.rarest
    names = {name.number: name for mention in mentions for name in mention.names}
    return sum(_NAMED * unit for name in names.values() if any(form in source.folded for form in name.forms))
