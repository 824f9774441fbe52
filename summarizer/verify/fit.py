"""Whether a name can be that of the amount beside which it is put: by the words around the amount, and by its unit.

Two weak signs, each wrong now and then, so that a misfit asks for a look and never rejects. Names are the model's own
words; what they share with the article is stems and pairs of characters, not whole phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations

from summarizer.records import Quantity, QuantityKind
from summarizer.verify.article_text import ArticleText
from summarizer.verify.exchange import is_rate_of
from summarizer.verify.thesaurus import ordered_wording_of
from summarizer.verify.wording import is_chinese, shingles

_LATIN_WORD = re.compile(r"[A-Za-z]+")
# A name is in doubt at an amount where it shares less than this part of what it shares at its best place.
_ENOUGH = 0.25
_TELLING = 1.5
# Sums may round apart.
_SURELY = 1.000001
# Two names at one amount: the one that shares less than this part of what the other shares gives way.
_CLEARLY = 0.8
# Two names are thought to have changed places where they would share so many times more, and so much more besides. No
# pair of the labelled figures does within a sentence, and 8 of 10 pairs do once their names are exchanged.
_SWAP_IN_SENTENCE = (1.2, 0.3)
_SWAP_FAR = (1.5, 0.5)
_OF_SUM_BEFORE = re.compile(r"(?:额|額|价|價|款|费|費|租金|成本|总值|總值)的\s*(?:约|約|近)?\Z")
_OF_SUM_AFTER = re.compile(r" of (?:[a-z'-]+ ){0,4}(?:value|price|amount|cost|sum|fee|consideration|proceeds|rent)\b")
_COUNTING: frozenset[QuantityKind] = frozenset({"count", "number", "dimension", "ordinal", "duration", "multiple"})
# A name may end in what kind of number it is (电价区间, 占比下限, 用电量预测) and in a bracket.
_BRACKET = r"(?:预测值?|目标|上限|下限|门槛|区间)?(?:\s*[（(][^（）()]*[）)])?\s*$"
# What a name ends in (or an English name says), and the kinds of quantity that it can be. First match counts.
_HEADS: tuple[tuple[re.Pattern[str], frozenset[QuantityKind]], ...] = (
    (re.compile(rf"面[积積]{_BRACKET}|\b(?:floor|land|site) area\b"), frozenset({"dimension", "count"})),
    (
        # What a rate has changed by, and how fast something grows, is no sum.
        re.compile(rf"率[^率]{{0,6}}(?:变动|變動|变化){_BRACKET}|增速|\bas a share of\b"),
        frozenset({"percent", "percent_point", "multiple", "number", "ordinal"}),
    ),
    (
        # A rate by itself is never so many points; what it has changed by is.
        re.compile(rf"^(?!.*(?:变动|變動|变化|[增升提降减減差幅涨漲跌超])).*(?:占比|比重|(?<![汇匯费功频])(?<!(?<![毛净])利)率){_BRACKET}"),
        frozenset({"percent", "multiple", "number", "ordinal"}),
    ),
    (
        re.compile(
            rf"(?:占比|比重|比例|份额|份額|增速|[增降涨跌升]幅|(?<![汇匯费功频])率){_BRACKET}"
            r"|\b(?:percentage|proportion|growth rate|interest rate|tax rate|margin|premium)\b",
            re.IGNORECASE,
        ),
        frozenset({"percent", "percent_point", "multiple", "number", "ordinal"}),
    ),
    (re.compile(rf"(?:期限|时长|時長|年数|年數|工期|天数|天數|质保期|有效期){_BRACKET}"), frozenset({"duration", "count"})),
    (
        re.compile(
            rf"(?:金额|金額|总额|總額|投资|收入|营收|利润|估值|市值|注册资本|出资|(?<![份名])额|价|价格|成本|租金|税收|造价|违约金|诚意金|補貼|补贴|贷款){_BRACKET}"
            r"|^(?!.*\b(?:ratio|multiple|growth|share|number|increase|rise|change|period|premium"
            r"|fall|drop|decline|decrease|cut|reduction|gain)\b)"
            r".*\b(?:revenue|investment|price|fee|cost|valuation|proceeds|net debt|net loss|prepayment)$",
            re.IGNORECASE,
        ),
        frozenset({"currency"}),
    ),
    (
        re.compile(
            rf"(?<![指系倍基参年天位])[数數]{_BRACKET}|^(?:number of|headcount)\b",
            re.IGNORECASE,
        ),
        _COUNTING,
    ),
    (
        re.compile(rf"(?:(?<!质)量|用电|装机|功率|产能|算力|排放){_BRACKET}|\b(?:capacity|tonnage)$"),
        frozenset({"dimension", "count", "number"}),
    ),
    (re.compile(rf"(?:PUE|系数){_BRACKET}"), frozenset({"number"})),
    (
        re.compile(
            r"(?:时长|回收期|周期|锁定期|独家期)$"
            r"|^(?:(?!if |for |in |during |over |of |by )[\w-]+ ){0,3}(?:period|duration)$"
            r"|^(?:\w+ )?time (?:to|until|for)\b|^(?:years|months|days)\b",
            re.IGNORECASE,
        ),
        frozenset({"duration", "count"}),
    ),
)  # fmt: skip


def fits_words(article: ArticleText, name: str, quantity: Quantity, enough: float = _ENOUGH) -> bool:
    """Return whether the words round an amount share with the name about as much as those round any other amount.

    The name of one figure beside the amount of another shares next to nothing there, and much where its own amount
    stands. `enough` is the least part of its best place's share that a place must have.
    """
    score = closeness(article, name, quantity)
    if score is None or is_rate_of(article, name, quantity):
        return True
    if score == 0 or score > _SURELY * enough * article.amounts.most_of(ordered_wording_of(name)):
        # Nothing, or enough whatever the best place shares: for most names the other places need not be looked at.
        return score > 0
    places = article.surroundings
    best = max(
        (
            share
            for start, share in _shares_of(article, name).items()
            if fits_kind(name, places[start].quantity.kind, places[start].quantity.kind == "currency")
        ),
        default=0.0,
    )
    return score >= enough * best if best >= _TELLING else score > 0


def closeness(article: ArticleText, name: str, quantity: Quantity) -> float | None:
    """Return how much of a name stands near an amount, None where that cannot be told.

    A name in another script than the article's words (an English name for a Chinese clause) cannot be compared; nor an
    abbreviation's full form beside the abbreviation.
    """
    own = article.surroundings.get(quantity.start)
    if own is None or not ordered_wording_of(name) or is_chinese(name) != own.is_chinese:
        return None
    score = _share_at(article, name, quantity.start)
    return None if score == 0 and _initials(name) in _sentence(article, quantity) else score


def contested(article: ArticleText, claims: Sequence[tuple[str, Quantity]]) -> set[int]:
    """Return the indexes of claims that another claim of the same record disproves.

    A claim is a name at an amount. Of two names at one amount the one that fits clearly worse is contested. Two names at
    two amounts are contested where they would fit much better the other way round.
    """
    places = [quantity.start for _, quantity in claims]
    scores = [closeness(article, name, quantity) for name, quantity in claims]
    told: dict[int, list[int]] = {}
    for index, score in enumerate(scores):
        if score is not None:
            told.setdefault(places[index], []).append(index)
    found: set[int] = set()
    for first, second in _rivals(article, claims, told, scores):
        own, other = scores[first] or 0.0, scores[second] or 0.0
        if places[first] == places[second]:
            found |= {
                index for index, few, many in ((first, own, other), (second, other, own)) if few < _CLEARLY * many
            }
            continue
        is_close = article.sentence_at(places[first]) == article.sentence_at(places[second])
        factor, margin = _SWAP_IN_SENTENCE if is_close else _SWAP_FAR
        there = (
            _share_at(article, claims[first][0], places[second]),
            _share_at(article, claims[second][0], places[first]),
        )
        if is_alike(claims[first][0], claims[second][0]):
            # The same measure of two countries, or of two years: the names do not tell which is which.
            continue
        if sum(there) > factor * (own + other) + margin and _can_swap(claims[first], claims[second]):
            # A name that fits where it stands is not in doubt because another one was put beside the wrong amount.
            found |= {
                index
                for index, here, elsewhere in ((first, own, there[0]), (second, other, there[1]))
                if elsewhere > here
            }
    return found


def _rivals(
    article: ArticleText,
    claims: Sequence[tuple[str, Quantity]],
    told: Mapping[int, Sequence[int]],
    scores: Sequence[float | None],
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of claims worth comparing: at one amount, or one of them fits better at the other's.

    For two to fit better exchanged, one must by itself share half the margin more there than what the factor makes of
    its own share; to compare all pairs took a third of the time of a long article. A pair may come twice.
    """
    factor, margin = _SWAP_IN_SENTENCE
    for together in told.values():
        yield from combinations(together, 2)
        for one in together:
            name, _ = claims[one]
            # A little less than half, whatever the sums round to.
            least = factor * (scores[one] or 0.0) + 0.499 * margin
            if article.amounts.most_of(ordered_wording_of(name)) <= least:
                continue
            for place, share in _shares_of(article, name).items():
                if share > least:
                    yield from ((one, other) for other in told.get(place, ()) if other not in together)


def _can_swap(one: tuple[str, Quantity], two: tuple[str, Quantity]) -> bool:
    pairs = ((one[0], two[1]), (two[0], one[1]))
    return all(fits_kind(name, quantity.kind, quantity.kind == "currency") for name, quantity in pairs)


def _shares_of(article: ArticleText, name: str) -> Mapping[int, float]:
    """Return what the name shares with the surroundings of each amount, by the amount's start; nothing is left out."""
    shares = article.known.shares.get(name)
    if shares is None:
        shares = article.known.shares[name] = article.amounts.shares_of(ordered_wording_of(name))
    return shares


def _share_at(article: ArticleText, name: str, start: int) -> float:
    """Return what the name shares with the surroundings of the amount that begins at `start`."""
    if (shares := article.known.shares.get(name)) is not None:
        return shares.get(start, 0.0)
    share = article.known.share_at.get((name, start))
    if share is None:
        share = article.known.share_at[name, start] = article.amounts.share_at(start, ordered_wording_of(name))
    return share


def _sentence(article: ArticleText, quantity: Quantity) -> str:
    start, end = article.sentence_bounds(quantity.start, quantity.end)
    return article.text[start:end]


def _initials(name: str) -> str:
    """Return the abbreviation that an English name would have: ARR for annual recurring revenue."""
    words = _LATIN_WORD.findall(name)
    return "".join(word[0] for word in words[:3]).upper() if len(words) >= 3 else "\0"


def is_part_of_sum(article: ArticleText, quantity: Quantity) -> bool:
    """Return whether an amount is a share of a sum, and so a sum itself: 不超过合同金额的10%, 2% of the purchase price."""
    if quantity.kind != "percent":
        return False
    before = article.text[max(0, quantity.start - 12) : quantity.start]
    after = article.text[quantity.end : quantity.end + 48]
    return _OF_SUM_BEFORE.search(before) is not None or _OF_SUM_AFTER.match(after) is not None


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
    return article.words.number_of(wanted) * 2 > len(wanted) if wanted else True


def is_alike(one: str, other: str) -> bool:
    """Return whether two names share at least half of the shorter one's wording."""
    first, second = shingles(one), shingles(other)
    return 2 * len(first & second) >= min(len(first), len(second))
