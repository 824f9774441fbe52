"""What a draft is checked against: the records of an output folder, each with its article's text."""

from __future__ import annotations

import hashlib
import math
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from summarizer.articles.article import own_furniture
from summarizer.articles.sentences import split_sentences
from summarizer.articles.texts import read_text
from summarizer.check.wording import tokens_of
from summarizer.errors import InputError, UsageError
from summarizer.quantities.folding import fold
from summarizer.records import ArticleRecord, Deal, KeyFigure
from summarizer.verify import ArticleText
from summarizer.verify.figures import quantity_of


# No slots: cached_property needs the instance dictionary.
@dataclass(frozen=True, kw_only=True)
class Source:
    """One article with its record. Nothing is believed of the record that the text does not say."""

    record: ArticleRecord
    text: str

    @property
    def id(self) -> str:
        """The article's id."""
        return self.record.article.id

    @cached_property
    def article(self) -> ArticleText:
        """The text prepared for looking things up in it."""
        info = self.record.article
        return ArticleText(
            text=self.text,
            furniture=info.furniture,
            sentences=split_sentences(self.text, own_furniture(info.furniture)),
            published_on=info.published_on,
            language=info.language,
        )

    @cached_property
    def folded(self) -> str:
        """The text with width and number words folded, of the same length; names are looked up in it."""
        return fold(self.text)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """The wording of the whole article, for choosing which articles a sentence is about."""
        return frozenset(tokens_of(self.text, self.article.quantities))

    @cached_property
    def figures(self) -> Mapping[int, KeyFigure]:
        """The verified figures by the start of the amount they state, those only whose reading stands in the text."""
        found: dict[int, KeyFigure] = {}
        for figure in self.record.key_figures or ():
            if figure.verdict == "verified" and figure.evidence and figure.evidence[0].end <= len(self.text):
                quantity = quantity_of(self.article, figure)
                if quantity is not None and quantity.value == figure.value:
                    found.setdefault(quantity.start, figure)
        return found

    @cached_property
    def deals(self) -> Sequence[Deal]:
        """The deals that were not rejected and whose words stand where they say."""
        return [
            deal
            for deal in self.record.deals or ()
            if deal.verdict != "rejected"
            and deal.evidence
            and self.text[deal.evidence[0].start : deal.evidence[0].end] == deal.evidence[0].quote
        ]


@dataclass(frozen=True, kw_only=True)
class Sources:
    """All articles of a batch that a draft can be checked against.

    `missing` names, by id, the articles whose text is not there or is not the one their record was made from.
    """

    articles: tuple[Source, ...]
    missing: tuple[str, ...] = ()

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """What a token tells about which article is meant: much where few articles have it."""
        counts = Counter(token for source in self.articles for token in source.tokens)
        return {token: math.log(1 + len(self.articles) / number) for token, number in counts.items()}

    @cached_property
    def rarest(self) -> float:
        """What the rarest token tells, 0 where the articles have none."""
        return max(self.weights.values(), default=0.0)


def read_sources(folder: str | os.PathLike[str]) -> Sources:
    """Read the records and texts of an output folder. Cost: some milliseconds an article, once a draft is checked.

    Raises:
        UsageError: no run wrote its results there, or no article of it can be checked against.
        FormatError: a line of results.jsonl is no record of this schema version.
    """
    path = Path(folder)
    results = path / "results.jsonl"
    if not results.is_file():
        raise UsageError(f"no results.jsonl in {os.fspath(folder)!r}; name the output folder of a run")
    articles, missing = [], []
    for record in ArticleRecord.iter_jsonl(results):
        text = _text_of(path, record)
        if text is None:
            missing.append(record.article.id)
        else:
            articles.append(Source(record=record, text=text))
    if not articles:
        raise UsageError(f"{os.fspath(folder)!r} holds no article to check against; run again to make its texts anew")
    return Sources(articles=tuple(articles), missing=tuple(missing))


def _text_of(folder: Path, record: ArticleRecord) -> str | None:
    """Return the article's text, None where it is missing or another one."""
    try:
        text = read_text(folder, record.article.id)
    except InputError:
        return None
    return text if hashlib.sha256(text.encode("utf-8")).hexdigest() == record.article.sha256 else None
