"""Figures that several articles tell: the same entity, metric and period; where their values agree and where not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from summarizer.quantities.wordlists import words
from summarizer.records import ArticleRecord, KeyFigure
from summarizer.report.ledger_clusters import Link, join_links
from summarizer.report.ledger_copies import Copies
from summarizer.report.ledger_names import folded, parse_name
from summarizer.report.ledger_parties import PartyBook
from summarizer.report.ledger_types import Amount, LedgerFigure, LedgerValue, Reason, Source
from summarizer.report.ledger_values import amount_of, parse_date, relate_amounts, relate_dates, unit_key
from summarizer.report.ledger_wording import marks_differ, marks_of

# One metric a line, in the words of either language; what stands first replaces the others.
_METRICS: Final = """
revenue | revenues | 营业收入 | 营收
net profit | net income | 净利润
registered capital | 注册资本
total investment | 总投资额 | 投资总额 | 总投资
employees | total employees | staff | headcount | 员工人数 | 员工总数 | 员工数 | 员工
output value | 年产值 | 产值
floor area | gross floor area | 建筑面积 | 总建筑面积
valuation | 估值
market value | market capitalization | 市值
gross margin | 毛利率
operating margin | 营业利润率
gdp | gross domestic product | 地区生产总值 | 国内生产总值
active users | 活跃用户数 | 活跃用户
"""
_YEAR = re.compile(r"(?:19|20)\d\d(?:年度?)?|全年|年度")
_WEAK_ZH = re.compile(r"[的总]|金额|数量|人数|数$|额$|规模$")
_WEAK_EN: Final = frozenset(words("the of in for a an and its by at to total annual number amount value size"))
# A metric with such a word is another one than the metric without it.
_TELLING: Final = words(
    "同比 环比 出口 进口 净 毛 归母 扣非 调整 国内 海外 境外 预计 人均 平均 单 累计 "
    "新增 日均 月 年均 最高 最低 增 降 占 比 率 前 后 现金 "
    "net gross adjusted export import domestic overseas average cumulative new growth change share rate margin per "
    "daily monthly minimum maximum lower upper before after cash diluted"
)
_ALIKE: Final = 0.7

Relation = Literal["agree", "differ"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    position: int
    number: int
    record: ArticleRecord
    figure: KeyFigure
    entity: str
    metric: str
    pieces: frozenset[str]
    telling: frozenset[str]
    marks: dict[str, frozenset[str]]
    amount: Amount
    is_future: bool

    @property
    def compared(self) -> Hashable:
        """All that decides what it is to another article's figure."""
        said = self.figure.name, self.figure.period, self.amount, self.is_future
        return said, self.entity, self.record.article.published_on


def match_figures(records: Sequence[ArticleRecord], book: PartyBook) -> tuple[LedgerFigure, ...]:
    """Return the figures that at least two articles tell, ordered by article and place in it.

    Figures without an entity or a readable value are left out: nothing says that they are about the same thing. A metric
    in nearly the same words counts only where the values are equal; to contradict, the metric must be the same, the
    period too, and no article may have two values for it. Articles with the same figures, as reprints, count as one.
    Cost: linear, quadratic in the figures of one entity and metric, reprints left out.
    """
    told = [
        item
        for position, record in enumerate(records)
        for number, figure in enumerate(record.key_figures or (), start=1)
        if (item := _told(position, number, record, figure, book)) is not None
    ]
    copies = Copies.among(
        [one.position for one in told],
        [one.compared for one in told],
        lambda item: _relate(told[item], told[item]) == "agree",
    )
    groups, links = _match([told[item] for item in copies.first])
    used = copies.links(links)
    joined = [whole for whole in map(copies.group, groups) if len(whole) > 1]
    links_of: dict[int, list[Link]] = defaultdict(list)
    number_of = {item: at for at, group in enumerate(joined) for item in group}
    for pair in used:
        links_of[number_of[pair[0]]].append(pair)
    return tuple(
        _figure(at + 1, [told[item] for item in group], [(told[a], told[b]) for a, b in links_of[at]], book)
        for at, group in enumerate(joined)
    )


def _match(told: Sequence[_Told]) -> tuple[list[tuple[int, ...]], list[Link]]:
    """Return groups of figures that tell the same, or contradict each other, and the links that joined them."""
    unspecific = _unspecific(told)
    related: dict[Link, Relation] = {}
    for pair in _candidates(told):
        found = _relate(told[pair[0]], told[pair[1]])
        if found == "agree" or (found == "differ" and not {pair[0], pair[1]} & unspecific):
            related[pair] = found
    links = sorted(related, key=lambda pair: (related[pair] == "differ", pair))
    groups, used, _ = join_links(len(told), links, lambda a, b: (min(a, b), max(a, b)) in related)
    return groups, used


def metric_key(name: str, entity: str | None = None) -> str:
    """Return what names of one metric share: without the entity, the year, weak words; known ones in one language.

    Example:
        >>> metric_key("2023年营业收入"), metric_key("annual revenue"), metric_key("employees, total")
        ('revenue', 'revenue', 'employees')
    """
    plain = _YEAR.sub(" ", folded(name)).strip()
    for owner in (folded(entity), parse_name(entity).core) if entity else ():
        shorter = plain.replace(owner, "", 1).removeprefix("'s").strip(" 的")
        plain = shorter if len(shorter) > 1 else plain
    known = _KNOWN.get(plain)
    if known is not None:
        return known
    if plain.isascii():
        bare = " ".join(sorted(set(re.findall(r"[a-z0-9]+", plain)) - _WEAK_EN))
    else:
        bare = _WEAK_ZH.sub("", plain.replace(" ", "")) or plain
    return _KNOWN.get(bare, bare)


def _known_metrics() -> dict[str, str]:
    known: dict[str, str] = {}
    for line in _METRICS.strip().splitlines():
        names = [name.strip() for name in line.split("|")]
        known |= dict.fromkeys(names, names[0])
    return known


_KNOWN: Final = _known_metrics()


def _told(position: int, number: int, record: ArticleRecord, figure: KeyFigure, book: PartyBook) -> _Told | None:
    amount = amount_of(figure)
    if amount is None or not figure.entity:
        return None
    key = book.key(position, figure.entity)
    plain = folded(figure.name)
    latin = set(re.findall(r"[a-z]+", plain))
    return _Told(
        position=position,
        number=number,
        record=record,
        figure=figure,
        entity=key,
        metric=metric_key(figure.name, figure.entity),
        pieces=_pieces(plain),
        telling=frozenset(word for word in _TELLING if (word in latin if word.isascii() else word in plain)),
        marks=marks_of(figure.name),
        amount=amount,
        is_future=figure.status != "actual",
    )


def _pieces(plain: str) -> frozenset[str]:
    found = {word for word in re.findall(r"[a-z0-9]{2,}", plain) if word not in _WEAK_EN}
    for run in re.findall(r"[\u3400-\u9fff]+", plain):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
    return frozenset(found)


def _candidates(told: Sequence[_Told]) -> Iterator[Link]:
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(told):
        unit = unit_key(one.amount.unit)
        blocks[("metric", one.entity, one.metric, unit)].append(number)
        blocks[("value", one.entity, one.amount.value, unit)].append(number)
    seen: set[Link] = set()
    for numbers in blocks.values():
        for at, high in enumerate(numbers):
            for low in numbers[:at]:
                if told[low].position != told[high].position and (low, high) not in seen:
                    seen.add((low, high))
                    yield low, high


def _unspecific(told: Sequence[_Told]) -> set[int]:
    """Return the figures whose article has another value under the same name and period: the name does not tell them apart."""
    same: dict[tuple[int, str, str, str | None, str], list[int]] = defaultdict(list)
    for number, one in enumerate(told):
        same[(one.position, one.entity, one.metric, one.figure.period, unit_key(one.amount.unit))].append(number)
    return {
        number
        for numbers in same.values()
        if len({(told[number].amount.value, told[number].amount.value_max) for number in numbers}) > 1
        for number in numbers
    }


def _relate(one: _Told, other: _Told) -> Relation | None:
    if marks_differ(one.marks, other.marks) or one.telling != other.telling:
        return None
    periods = _relate_periods(one.figure.period, other.figure.period)
    amounts = relate_amounts(one.amount, other.amount)
    if periods == "apart" or amounts in ("unknown", "other_unit"):
        return None
    if amounts in ("equal", "rounded") and one.metric == other.metric:
        return "agree"
    if amounts == "equal" and _has_two_digits(one.amount) and _likeness(one, other) >= _ALIKE:
        return "agree"
    if one.metric != other.metric or one.is_future != other.is_future or periods == "open":
        return None
    if periods == "none" and not _is_same_year(one, other):
        return None
    return "agree" if amounts == "compatible" else "differ"


def _relate_periods(one: str | None, other: str | None) -> Literal["same", "open", "none", "apart"]:
    """Return `same`, `none` where neither says one, `open` where one says less than the other, `apart` where they differ."""
    if one == other:
        return "none" if one is None else "same"
    if one is None or other is None:
        return "open"
    first, second = one.split("/"), other.split("/")
    if len(first) != len(second):
        return "apart"
    found = {relate_dates(parse_date(a), parse_date(b)) for a, b in zip(first, second, strict=True)}
    if found & {"contradicts", "unknown"}:
        return "apart"
    return "open" if "compatible" in found else "same"


def _is_same_year(one: _Told, other: _Told) -> bool:
    """Figures without a period hold when their articles were written: in other years they may have changed."""
    first, second = one.record.article.published_on, other.record.article.published_on
    return bool(first and second and not first.startswith("-") and first[:4] == second[:4])


def _likeness(one: _Told, other: _Told) -> float:
    both = len(one.pieces) + len(other.pieces)
    return 2 * len(one.pieces & other.pieces) / both if both else 0.0


def _has_two_digits(amount: Amount) -> bool:
    return len(amount.value.replace(".", "").strip("0")) > 1


def _figure(number: int, group: Sequence[_Told], links: Sequence[tuple[_Told, _Told]], book: PartyBook) -> LedgerFigure:
    values: list[list[_Told]] = []
    for one in group:
        for value in values:
            if relate_amounts(one.amount, value[0].amount) in ("equal", "rounded", "compatible"):
                value.append(one)
                break
        else:
            values.append([one])
    periods = sorted(
        {one.figure.period for one in group if one.figure.period}, key=lambda period: (len(period), period)
    )
    reasons = [reason for pair in links for reason in _reasons(*pair, book)]
    return LedgerFigure(
        number=number,
        entity=max((one.figure.entity or "" for one in group), key=len),
        name=group[0].figure.name,
        period=periods[-1] if periods else None,
        status=group[0].figure.status,
        outcome="contradicted" if len(values) > 1 else "agreed",
        values=tuple(_value(value) for value in values),
        reasons=tuple(dict.fromkeys(reasons)),
    )


def _reasons(one: _Told, other: _Told, book: PartyBook) -> Iterator[Reason]:
    yield from book.why(
        (one.position, one.figure.entity or "", None), (other.position, other.figure.entity or "", None)
    )
    names = tuple(sorted({one.figure.name, other.figure.name}))
    yield Reason(code="same_metric" if one.metric == other.metric else "like_metric", about=names)
    periods = _relate_periods(one.figure.period, other.figure.period)
    said = tuple(sorted({one.figure.period or "—", other.figure.period or "—"}))
    yield Reason(code=f"period_{periods}", about=said)
    amounts = relate_amounts(one.amount, other.amount)
    if amounts in ("rounded", "compatible"):
        yield Reason(code=f"sum_{amounts}", about=tuple(sorted({one.figure.amount, other.figure.amount})))


def _value(group: Sequence[_Told]) -> LedgerValue:
    finest = max(group, key=lambda one: len(one.amount.value.strip("0")))
    return LedgerValue(
        text=finest.figure.amount,
        amount=finest.amount,
        sources=tuple(
            Source(
                article_id=one.record.article.id,
                number=one.number,
                words=one.figure.amount,
                verdict=one.figure.verdict,
                quotes=one.figure.evidence,
            )
            for one in group
        ),
    )
