"""Whether a name can be that of the amount beside which it is put: by the words around the amount, and by its unit.

Two weak signs, each wrong now and then, so that a misfit asks for a look and never rejects. Names are the model's own
words; what they share with the article is stems and pairs of characters, not whole phrases.
"""

from __future__ import annotations

import re
from functools import lru_cache

from summarizer.records import Quantity, QuantityKind
from summarizer.verify.article_text import ArticleText, Surroundings
from summarizer.verify.wording import shingles

_LATIN_WORD = re.compile(r"[A-Za-z]+")
# A name is in doubt at an amount where it shares less than this part of what it shares at its best place.
_ENOUGH = 0.2
_TELLING = 2.0
# What words count that stand before the amount's own clause in its sentence, and before that.
_FURTHER = 0.5
_EARLIER = 0.15
_COUNTING: frozenset[QuantityKind] = frozenset({"count", "number", "dimension", "ordinal", "duration", "multiple"})
_BRACKET = r"(?:\s*[（(][^（）()]*[）)])?\s*$"
# What a name ends in (or an English name says), and the kinds of quantity that it can be. First match counts.
_HEADS: tuple[tuple[re.Pattern[str], frozenset[QuantityKind]], ...] = (
    (re.compile(rf"面[积積]{_BRACKET}|\b(?:floor|land|site) area\b"), frozenset({"dimension", "count"})),
    (
        re.compile(
            rf"(?:占比|比重|比例|份额|份額|增速|[增降涨跌升]幅|(?<![汇匯费功频])率){_BRACKET}"
            r"|\b(?:share of|percentage|proportion|growth rate|interest rate|tax rate|margin|premium)\b",
            re.IGNORECASE,
        ),
        frozenset({"percent", "percent_point", "multiple", "number", "ordinal"}),
    ),
    (re.compile(rf"(?:期限|时长|時長|年数|年數|工期|天数|天數|质保期|有效期){_BRACKET}"), frozenset({"duration", "count"})),
    (
        re.compile(
            rf"(?:金额|金額|投资|投资额|收入|营收|利润|估值|市值|注册资本|出资|出资额|融资额|税收|报价|限价|造价|诚意金|補貼|补贴|贷款){_BRACKET}"
            r"|^(?!.*\b(?:ratio|multiple|growth|share|number|increase|rise|change|period|premium)\b)"
            r".*\b(?:revenue|investment|price|fee|cost|valuation|proceeds|net debt|net loss|prepayment)$",
            re.IGNORECASE,
        ),
        frozenset({"currency"}),
    ),
    (
        re.compile(
            rf"(?:人|家|企业|机构|城市|学校|用户|设备|工厂|员工|座|台|个|项目)[数數]{_BRACKET}|^(?:number of|headcount)\b",
            re.IGNORECASE,
        ),
        _COUNTING,
    ),
)  # fmt: skip


def fits_words(article: ArticleText, name: str, quantity: Quantity) -> bool:
    """Return whether the words round an amount share with the name about as much as those round any other amount.

    The name of one figure beside the amount of another shares next to nothing there, and much where its own amount
    stands. A name in another script than the article's words (an English name for a Chinese clause) cannot be compared,
    and fits.
    """
    wanted = shingles(name)
    own = next((one for one in article.surroundings if one.quantity.start == quantity.start), None)
    if own is None or not wanted or _is_han(name) != _is_han(own.text):
        return True
    score = _shared(wanted, own)
    if score == 0 and _initials(name) in own.text:
        return True
    rivals = (
        _shared(wanted, one)
        for one in article.surroundings
        if fits_kind(name, one.quantity.kind, one.quantity.kind == "currency")
    )
    best = max(rivals, default=0.0)
    return score >= _ENOUGH * best if best >= _TELLING else score > 0


def _shared(wanted: set[str], place: Surroundings) -> float:
    near, further = wanted & place.near, wanted & place.further
    earlier = (wanted & place.earlier) - near - further
    return len(near) + _FURTHER * len(further - near) + _EARLIER * len(earlier)


def _is_han(text: str) -> bool:
    return sum("\u3400" <= char <= "\u9fff" for char in text) * 4 > len(text)


def _initials(name: str) -> str:
    """Return the abbreviation that an English name would have: ARR for annual recurring revenue."""
    words = _LATIN_WORD.findall(name)
    return "".join(word[0] for word in words[:3]).upper() if len(words) >= 3 else "\0"


def fits_kind(name: str, kind: QuantityKind, is_money: bool) -> bool:
    """Return whether a quantity of this kind can bear the name: a share is no sum, an area no percentage."""
    kinds = _kinds_of(name)
    return kinds is None or kind in kinds or (is_money and "currency" in kinds)


@lru_cache(maxsize=1024)
def _kinds_of(name: str) -> frozenset[QuantityKind] | None:
    return next((kinds for head, kinds in _HEADS if head.search(name)), None)


def is_spoken_of(article: ArticleText, name: str) -> bool:
    """Return whether the article holds more than half of a name's stems; an invented name shares next to none."""
    wanted = shingles(name)
    return len(wanted & article.shingles) * 2 > len(wanted) if wanted else True
