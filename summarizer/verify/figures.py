"""Key figures: placed, read and judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from summarizer.proposals import ProposedFigure
from summarizer.quantities import implied_unit, parallel_unit
from summarizer.quantities.parallels import REACH
from summarizer.quantities.tables import head_of
from summarizer.records import KeyFigure, Quantity, RejectedItem
from summarizer.verify.article_text import ArticleText, states_amount
from summarizer.verify.dates import is_contradicted, is_near, stated_date, states_years_of
from summarizer.verify.entities import is_of_another, judge_entity
from summarizer.verify.evidence import judge_evidence
from summarizer.verify.exchange import buys
from summarizer.verify.fit import contested, fits_kind, fits_words, is_alike, is_part_of_sum
from summarizer.verify.folding import folded_words
from summarizer.verify.locate import locate, quote_around
from summarizer.verify.reasons import HARD, OF_LOCATING, ordered, verdict_of
from summarizer.verify.second_look import is_hinted, is_of_other_row
from summarizer.verify.tense import looks_ahead

_CONVERTED = re.compile(r"[^（()）]{0,12}[（(][^（()）]*")
_PART_OF = re.compile(r" of (?:the |its |their |all )?|[家个名]?[^，。；0-9]{0,4}中的")
# A name that says itself that the amount is still to come.
_NAMED_AHEAD = re.compile(
    r"(?:目标|目標|预测|預測|预期|預期|预计)值?(?:[（(].*)?$"
    r"|\b(?:target|goal|guidance|forecast|expected|planned|possible)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SINCE = re.compile(r"^自|以来|以來|\bsince\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of the article together with the qualifier that stands beside it: `text` from `start` to `end`.

    `is_unit_implied` says that the currency is the article's and not written at the amount; `is_unit_shared`, that the unit
    is that of an amount before it.
    """

    quantity: Quantity
    start: int
    end: int
    text: str
    unit: str | None
    is_unit_implied: bool
    is_unit_shared: bool = False

    @property
    def reading(self) -> tuple[str | None, str | None, str | None, str]:
        """What a stored item must state to state this amount: value, value_max, unit and qualifier."""
        return self.quantity.value, self.quantity.value_max, self.unit, self.quantity.qualifier


def amount_at(article: ArticleText, quantity: Quantity) -> Amount:
    """Return the quantity with its qualifier's characters and the unit that the text gives or implies."""
    start, end = quantity.start, quantity.end
    if quantity.qualifier != "exact" and quantity.qualifier_start is not None and quantity.qualifier_end is not None:
        # 约30亿元 is one expression; in 未达40%以上 the qualifier's span reaches round the number. The 达 of 达99% is emphasis.
        start, end = min(start, quantity.qualifier_start), max(end, quantity.qualifier_end)
    unit = implied_unit(quantity, article.text, currency=article.currency)
    is_implied = unit == article.currency != quantity.unit
    shared = None
    if unit is None and quantity.kind == "number":
        earlier = article.quantities_in(max(0, quantity.start - REACH), quantity.start)
        shared = parallel_unit(quantity, article.text, earlier)
    return Amount(quantity, start, end, article.text[start:end], unit or shared, is_implied, shared is not None)


def read_amount_at(article: ArticleText, start: int, end: int) -> tuple[Amount | None, str | None]:
    """Return the one amount whose number lies inside the span, or the code that says why there is none."""
    inside, cut = [], False
    for quantity in article.quantities_in(start, end):
        low = quantity.start if quantity.number_start is None else quantity.number_start
        high = quantity.end if quantity.number_end is None else quantity.number_end
        if low >= start and high <= end:
            inside.append(quantity)
        elif low < end and high > start:
            cut = True
    stated = [quantity for quantity in inside if states_amount(quantity)]
    # The first of `first five years` numbers, it does not measure; alone an ordinal may (第13座城市).
    amounts = [quantity for quantity in stated if quantity.kind != "ordinal"] or stated
    if not amounts:
        return None, "NUMBER_FRAGMENT" if cut else "AMOUNT_UNREADABLE"
    amounts = [one for one in amounts if not _restates(article.text, amounts[0], one)]
    if len(amounts) > 1 and buys(article.text, amounts[0], amounts[1]):
        # An exchange rate is what one of the other buys.
        amounts = amounts[1:]
    # 1.85 percentage points over six-month Euribor, $3 million over five years: the time is not what is stated.
    amounts = [one for one in amounts if one.kind != "duration"] or amounts
    if len({(amount.value, amount.value_max, amount.unit) for amount in amounts}) > 1:
        return None, "AMOUNT_AMBIGUOUS"
    return amount_at(article, amounts[0]), None


def _restates(text: str, first: Quantity, other: Quantity) -> bool:
    """Return whether an amount only says the first one again, or of what it is a part.

    18.6 billion rupees ($217 million), 约30亿元（约合4亿美元）; one of seven seats.
    """
    if other.start <= first.start:
        return False
    between = text[first.end : other.start]
    return _CONVERTED.fullmatch(between) is not None or _PART_OF.fullmatch(between) is not None


def admit_figure(article: ArticleText, proposed: ProposedFigure) -> KeyFigure | RejectedItem:
    """Turn a proposal into a figure with evidence and verdict, or refuse it with the codes that say why."""
    place = locate(article, proposed.amount, proposed.s, f"{proposed.name} {proposed.of}")
    amount, problem = (None, None) if place.reason in HARD else read_amount_at(article, place.start, place.end)
    if amount is None:
        return refused_figure(proposed, *(code for code in (place.reason, problem) if code))
    reasons = {place.reason} if place.reason else set()
    period, problem = _period(article, proposed, amount)
    if problem:
        reasons.add(problem)
    low, high = quote_around(article, amount.start, amount.end, (proposed.name, proposed.of))
    figure = KeyFigure(
        name=proposed.name,
        entity=proposed.of or None,
        amount=amount.text,
        value=amount.quantity.value,
        value_max=amount.quantity.value_max,
        unit=amount.unit,
        qualifier=amount.quantity.qualifier,
        period=period,
        period_text=None if problem else proposed.when.strip() or None,
        status=proposed.status,
        evidence=(article.evidence(min(low, amount.start), max(high, amount.end)),),
        verdict="review",
        reasons=ordered(reasons),
    )
    judged = judge_figure(article, figure)
    return refused_figure(proposed, *judged.reasons) if judged.verdict == "rejected" else judged


def refused_figure(proposed: ProposedFigure, *codes: str) -> RejectedItem:
    """Return a proposal as it was made, with the codes that speak against it."""
    return RejectedItem(item={"part": "figures", **proposed.model_dump()}, reasons=ordered(codes))


def judge_figure(article: ArticleText, figure: KeyFigure) -> KeyFigure:
    """Derive a figure's verdict anew from the article; codes of placing and of dropped fields are kept."""
    reasons = {code for code in figure.reasons if code in OF_LOCATING or code == "PERIOD_NOT_IN_ARTICLE"}
    reasons |= judge_evidence(article, figure.evidence)
    if not reasons & HARD:
        reasons |= _judge_amount(article, figure)
    if figure.period and not states_years_of(article, figure.period):
        reasons.add("YEAR_NOT_IN_ARTICLE")
    elif figure.period and figure.evidence and _is_dated_otherwise(article, figure, figure.period):
        reasons.add("DATE_FAR")
    if figure.status == "actual" and _NAMED_AHEAD.search(figure.name):
        reasons.add("STATUS_DOUBTFUL")
    return figure.model_copy(update={"verdict": verdict_of(reasons), "reasons": ordered(reasons)})


def _is_dated_otherwise(article: ArticleText, figure: KeyFigure, period: str) -> bool:
    """Return whether the period stands far from the amount, or the amount's clause is dated otherwise."""
    start = figure.evidence[0].start + max(0, figure.evidence[0].quote.find(figure.amount))
    if not is_near(article, period, figure.period_text, start):
        return True
    head = head_of(article.text, start)
    if head is not None and (years := _YEAR.findall(article.text, *head)):
        return period[:1] != "-" and period[:4] not in years
    return is_contradicted(article, period, *article.clause_around(start, start + len(figure.amount)))


def judge_figures(article: ArticleText, figures: Iterable[KeyFigure]) -> list[KeyFigure]:
    """Derive the verdicts of a record's figures anew, each by itself and then beside the others."""
    return settle_figures(article, [judge_figure(article, figure) for figure in figures])


def settle_figures(article: ArticleText, figures: Iterable[KeyFigure]) -> list[KeyFigure]:
    """Judge figures beside each other that have been judged by themselves.

    One whose clause begins with the entity of another figure, and whose own stands nowhere in the sentence, is in doubt.
    Of two figures at one amount the one whose name fits better stays, the other is a `DUPLICATE`; where both fit alike the
    first stays, in doubt if the names have little in common. Two figures whose names fit much better exchanged are both
    in doubt.
    """
    judged = list(figures)
    places = {
        index: quantity
        for index, figure in enumerate(judged)
        if figure.verdict != "rejected" and (quantity := quantity_of(article, figure)) is not None
    }
    order = list(places)
    claims = [(judged[index].name, places[index]) for index in order]
    doubtful = {order[index] for index in contested(article, claims)}
    # Those that are not in doubt are asked first, so that they keep the amount.
    holders: dict[int, int] = {}
    codes: dict[int, str] = dict.fromkeys(doubtful, "NAME_DOUBTFUL")
    entities = {judged[index].entity or "" for index in order} - {""}
    for index in order:
        if is_of_another(article, judged[index], places[index], entities - {judged[index].entity}):
            codes.setdefault(index, "ENTITY_FAR")
    for index in sorted(order, key=lambda one: (one in doubtful, judged[one].verdict != "verified", one)):
        holder = holders.setdefault(places[index].start, index)
        if holder != index:
            codes[index] = "DUPLICATE"
            if index not in doubtful and not is_alike(judged[index].name, judged[holder].name):
                codes[holder] = "NAME_DOUBTFUL"
    for index, figure in enumerate(judged):
        if (
            "NAME_DOUBTFUL" in figure.reasons
            and index not in codes
            and _is_one_of_several(article, judged, places, index)
        ):
            kept = set(figure.reasons) - {"NAME_DOUBTFUL"}
            judged[index] = figure.model_copy(update={"verdict": verdict_of(kept), "reasons": ordered(kept)})
    for index, code in codes.items():
        reasons = {*judged[index].reasons, code}
        judged[index] = judged[index].model_copy(update={"verdict": verdict_of(reasons), "reasons": ordered(reasons)})
    return judged


def _is_one_of_several(
    article: ArticleText, figures: Sequence[KeyFigure], places: Mapping[int, Quantity], index: int
) -> bool:
    """Return whether another figure of that name and unit stands where the name fits: shipments of each of several countries.

    The article names such a measure once and goes on with its values.
    """
    figure = figures[index]
    quantity = places.get(index)
    if quantity is None or not fits_kind(figure.name, quantity.kind, quantity.kind == "currency"):
        return False
    if is_of_other_row(article, figure.name, quantity):
        return False
    return any(
        other != index
        and "NAME_DOUBTFUL" not in figures[other].reasons
        and figures[other].unit == figure.unit
        and is_alike(figures[other].name, figure.name)
        for other in places
    )


def quantity_of(article: ArticleText, figure: KeyFigure) -> Quantity | None:
    """Return the quantity of the article that a figure states, None if its evidence holds none that reads the same."""
    matches = _matches(article, figure)
    return matches[0].quantity if matches else None


def _matches(article: ArticleText, figure: KeyFigure) -> list[Amount]:
    evidence = figure.evidence[0]
    wanted = folded_words(figure.amount)
    found = []
    for quantity in article.quantities_in(evidence.start, evidence.end):
        if not states_amount(quantity):
            continue
        amount = amount_at(article, quantity)
        is_inside = amount.start >= evidence.start and amount.end <= evidence.end
        if is_inside and folded_words(amount.text) == wanted:
            found.append(amount)
    return found


def _judge_amount(article: ArticleText, figure: KeyFigure) -> set[str]:
    matches = _matches(article, figure)
    if not matches:
        return {"AMOUNT_NOT_IN_QUOTE"}
    stated = (figure.value, figure.value_max, figure.unit, figure.qualifier)
    for amount in matches:
        quantity = amount.quantity
        if amount.reading == stated:
            reasons = {"UNIT_FROM_CONTEXT"} if amount.is_unit_implied or amount.is_unit_shared else set()
            is_money = quantity.kind == "currency" or amount.is_unit_implied or is_part_of_sum(article, quantity)
            fits = fits_kind(figure.name, quantity.kind, is_money)
            named = fits_words(article, figure.name, quantity) or is_hinted(article, figure.name, quantity)
            if not (fits and named) or is_of_other_row(article, figure.name, quantity):
                reasons.add("NAME_DOUBTFUL")
            if doubt := judge_entity(article, figure, quantity):
                reasons.add(doubt)
            if figure.status == "actual" and looks_ahead(article, amount.start, amount.end):
                reasons.add("STATUS_DOUBTFUL")
            return reasons
    return {"VALUE_MISMATCH"}


def _period(article: ArticleText, proposed: ProposedFigure, amount: Amount) -> tuple[str | None, str | None]:
    if _SINCE.search(proposed.when):
        # Since 2015 is no year that the figure holds for; the words stay in period_text.
        _, problem = stated_date(article, proposed.when, amount.start)
        return None, "PERIOD_NOT_IN_ARTICLE" if problem else None
    is_future = proposed.status != "actual"
    period, problem = stated_date(article, proposed.when, amount.start, is_future=is_future)
    return period, "PERIOD_NOT_IN_ARTICLE" if problem else None
