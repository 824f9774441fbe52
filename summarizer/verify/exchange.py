"""Exchange rates: what one of a currency buys, and the currency that a sign names."""

from __future__ import annotations

import re
from functools import lru_cache

from summarizer.quantities.currencies import CODES, CURRENCY_WORDS, SYMBOLS
from summarizer.quantities.folding import fold
from summarizer.records import Quantity
from summarizer.verify.article_text import ArticleText

_BUYS = re.compile(r"\s*(?:兌|兑|=|＝|等于|折合|对|對|to|buys|equals)\s*")
_RATE_NAME = re.compile(r"汇率|匯率|折算率|兑换率|\bexchange rate\b", re.IGNORECASE)
_ONE = re.compile(r"1\Z")


def buys(text: str, one: Quantity, other: Quantity) -> bool:
    """Return whether two neighbouring amounts are a rate, the second what one of the first buys: $1 = 0.76 pounds."""
    return one.value == "1" and _BUYS.fullmatch(text[one.end : other.start]) is not None


def is_rate_of(article: ArticleText, name: str, quantity: Quantity) -> bool:
    """Return whether an amount that a name calls an exchange rate is one; signs tell so, no words need stand beside it."""
    if quantity.kind != "currency" or not _RATE_NAME.search(name):
        return False
    before = article.quantities_in(max(0, quantity.start - 16), quantity.start)
    return any(one.kind == "currency" and buys(article.text, one, quantity) for one in before)


def is_written_beside(article: ArticleText, entity: str, quantity: Quantity) -> bool:
    """Return whether an entity is a currency, and a sum in it stands in the amount's sentence: US dollar beside $1."""
    code = _currency_of(entity)
    if code is None:
        return False
    low, high = article.sentence_bounds(quantity.start, quantity.end)
    return any(one.kind == "currency" and one.unit == code for one in article.quantities_in(low, high))


@lru_cache(maxsize=256)
def _currency_of(words: str) -> str | None:
    """Return the code of the currency that words name or a sign stands for, None where they do neither."""
    bare = _ONE.sub("", fold(words).strip())
    named = CURRENCY_WORDS.get(bare) or CURRENCY_WORDS.get(bare.replace("US ", "US-"))
    # Of what has many readings (元, dollars with no country) the usual one, as the scanner reads it beside a number.
    return CODES.get(bare) or SYMBOLS.get(bare) or (named[0] if named else None)
