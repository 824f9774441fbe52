"""How a number of the draft stands to a number of an article: the same, rightly rounded, or what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Final

from summarizer.quantities import compare_quantities, same_unit, unit_class
from summarizer.records import Quantity
from summarizer.verify.article_text import ArticleText

# From the surest to what rests on most.
AGREEMENTS: Final = ("SAME", "UNIT_IMPLIED", "QUALIFIER_ADDED", "WEAKER_BOUND", "ROUNDED", "END_OF_RANGE")
_FRACTION_DIGITS: Final = re.compile(r"[.．]([0-9０-９]+)")
_TRAILING: Final = re.compile(r"0*$")
_DOWN = re.compile(
    r"下降|减少|減少|降低|下滑|下跌|缩减|萎缩|亏损|负增长|[降跌减]"
    r"|\b(?:fell|fall\w*|down|declin\w*|drop\w*|decreas\w*|lower\w*|cut|loss|shr[aiu]nk|minus)\b",
    re.IGNORECASE,
)
_BOUND_WORDS: Final[dict[str, re.Pattern[str]]] = {
    "at_least": re.compile(r"最低|下限|不[低少]于|\b(?:minimum|floor|at least|starts?|starting)\b", re.IGNORECASE),
    "at_most": re.compile(r"最高|上限|封顶|不[高多超]|\b(?:maximum|cap|capped|ceiling|limit|up to)\b", re.IGNORECASE),
}  # fmt: skip
# The same of the draft's own amount, right before or behind it: 累计不超过合同金额5%, a €610 floor.
_BOUND_BESIDE: Final[dict[str, tuple[re.Pattern[str], re.Pattern[str]]]] = {
    "at_least": (
        re.compile(
            r"(?:不[低少]于|最低|下限|至少)[^，。；,;0-9]{0,8}\Z|\b(?:floor|minimum) (?:price )?(?:of|is|at) \Z",
            re.IGNORECASE,
        ),
        re.compile(r"\W{0,2}(?:a \w+ )?(?:price )?(?:的?下限|\b(?:floor|minimum)\b)", re.IGNORECASE),
    ),
    "at_most": (
        re.compile(
            r"(?:不[高多超]过?于?|最高|上限|封顶)[^，。；,;0-9]{0,8}\Z|\b(?:cap|ceiling|maximum) (?:price )?(?:of|is|at) \Z",
            re.IGNORECASE,
        ),
        re.compile(r"\W{0,2}(?:a \w+ )?(?:price )?(?:的?上限|\b(?:cap|ceiling|maximum)\b)", re.IGNORECASE),
    ),
}
_UNITS_BESIDE: Final = frozenset({"duration", "dimension", "multiple"})
_LOOSE: Final = frozenset({"about", "nearly"})
_MOST_OFF: Final = Decimal("0.05")


def agreement(article: ArticleText, stated: Quantity, claim: Quantity, clause: str) -> str | None:
    """Return how the claim agrees with what the article states, None where it does not.

    Args:
        article: the text that `stated` stands in.
        stated: an amount of it.
        claim: the draft's amount.
        clause: the words round the claim, which may say that a sum fell where the article writes a minus.
    """
    if stated.value is None or claim.value is None:
        return None
    claim = _bounded_beside(stated, claim, clause)
    if _is_bare_of(stated, claim):
        return "UNIT_IMPLIED"
    outcome = compare_quantities(_bounded(article, stated, claim), claim)
    if outcome.is_equal:
        return "UNIT_IMPLIED" if "unit from context" in outcome.notes else "SAME"
    if stated.value.startswith("-") != (claim.value or "").startswith("-") and _DOWN.search(clause + stated.text):
        bare = (replace(one, value=(one.value or "").lstrip("-")) for one in (stated, claim))
        return "SAME" if compare_quantities(*bare).is_equal else None
    if not is_comparable(stated, claim):
        return None
    if stated.value_max is not None and claim.value_max is None:
        # 控制在5%至7% told as at most 7%.
        low, high = replace(stated, value_max=None), replace(stated, value=stated.value_max, value_max=None)
        is_end = _is_same_value(high, claim) and claim.qualifier == "at_most"
        return "END_OF_RANGE" if is_end or (_is_same_value(low, claim) and claim.qualifier == "at_least") else None
    if claim.value_max is not None or stated.value_max is not None:
        return None
    if _is_same_value(stated, claim):
        if stated.qualifier == "exact" and claim.qualifier == "about":
            return "QUALIFIER_ADDED"
        return "WEAKER_BOUND" if stated.qualifier == "nearly" and claim.qualifier == "about" else None
    return "ROUNDED" if _is_rightly_rounded(stated, claim) else None


def defect(stated: Quantity, claim: Quantity) -> str | None:
    """Return what is wrong with a claim that resembles a stated amount, None where nothing but chance could join them."""
    if stated.value is None or claim.value is None:
        return None
    if _is_same_value(stated, claim) and is_comparable(stated, claim):
        return "QUALIFIER_DROPPED" if claim.qualifier == "exact" else "QUALIFIER_DIFFERS"
    kinds = {stated.kind, claim.kind}
    if stated.value == claim.value and stated.value_max == claim.value_max:
        is_unit = kinds in ({"currency"}, {"percent", "percent_point"}) or kinds <= {"dimension", "duration"}
        return "OTHER_UNIT" if is_unit else None
    if is_comparable(stated, claim) and stated.value_max is None and _is_scaled(stated, claim):
        return "OTHER_SCALE"
    return None


def is_comparable(one: Quantity, other: Quantity) -> bool:
    """Return whether two amounts measure the same kind of thing in units of one class."""
    if one.kind == other.kind:
        if one.kind in ("currency", "dimension", "duration"):
            return unit_class(one.unit)[0] == unit_class(other.unit)[0]
        if one.kind == "count":
            return same_unit(one.unit, other.unit) or (one.unit or "").isascii() != (other.unit or "").isascii()
        return True
    kinds = {one.kind, other.kind}
    bare = one if one.kind == "number" else other
    return "number" in kinds and kinds & {"count", "currency"} != set() and bare.unit is None


def _bounded(article: ArticleText, stated: Quantity, claim: Quantity) -> Quantity:
    """Return the stated amount with the bound that its clause puts on it in words of its own (a minimum of, 上限为)."""
    word = _BOUND_WORDS.get(claim.qualifier)
    if word is None or stated.qualifier != "exact" or stated.value != claim.value:
        return stated
    is_bound = word.search(article.text, *article.clause_around(stated.start, stated.end))
    return replace(stated, qualifier=claim.qualifier) if is_bound else stated


def _bounded_beside(stated: Quantity, claim: Quantity, clause: str) -> Quantity:
    """Return the claim with the bound that words beside it in the draft put on it, where the article has that bound."""
    words = _BOUND_BESIDE.get(stated.qualifier)
    at = clause.find(claim.text)
    if words is None or claim.qualifier != "exact" or at < 0:
        return claim
    before, behind = words
    is_bound = before.search(clause, 0, at) or behind.match(clause, at + len(claim.text))
    return replace(claim, qualifier=stated.qualifier) if is_bound else claim


def _is_bare_of(stated: Quantity, claim: Quantity) -> bool:
    """Return whether a number without a unit is that of a stated amount with one: 4.6 months, down from 7.1."""
    is_bare = claim.kind == "number" and claim.unit is None and stated.kind in _UNITS_BESIDE
    is_telling = len((claim.value or "").strip("0").replace(".", "")) > 1
    is_same = stated.value == claim.value and stated.value_max == claim.value_max
    return is_bare and is_telling and is_same and stated.qualifier == claim.qualifier


def _scaled(quantity: Quantity, value: str | None) -> Decimal:
    try:
        return Decimal(value or "NaN").scaleb(unit_class(quantity.unit)[1])
    except InvalidOperation:
        return Decimal("NaN")


def _is_same_value(one: Quantity, other: Quantity) -> bool:
    return _scaled(one, one.value) == _scaled(other, other.value) and _scaled(one, one.value_max or "0") == _scaled(
        other, other.value_max or "0"
    )


def _is_scaled(one: Quantity, other: Quantity) -> bool:
    """Return whether two values have the same digits, one digit only beside a scale of thousands."""
    first, second = _scaled(one, one.value), _scaled(other, other.value)
    if not first or not second or not first.is_finite() or not second.is_finite():
        return False
    digits = first.normalize().as_tuple().digits
    return digits == second.normalize().as_tuple().digits and (
        len(digits) > 1 or abs(first.adjusted() - second.adjusted()) > 2
    )


def _is_rightly_rounded(stated: Quantity, claim: Quantity) -> bool:
    """Return whether the claim says that it is rounded, and is: 约30亿 for 29.8亿, 超过29亿, 近30亿.

    The rounding is to the last place that the claim writes, or to two digits where it writes only zeros behind them; never
    by more than a twentieth.
    """
    true, told = _scaled(stated, stated.value), _scaled(claim, claim.value)
    if not true.is_finite() or not told.is_finite() or told == 0:
        return False
    if stated.qualifier not in ("exact", "about") or (stated.qualifier == "about" and claim.qualifier not in _LOOSE):
        return False
    off = abs(true - told)
    step = _step(claim, told)
    if off > step or off > _MOST_OFF * abs(told):
        return False
    if claim.qualifier == "about":
        return 2 * off <= step
    if claim.qualifier in ("nearly", "less_than"):
        return true < told
    return claim.qualifier in ("more_than", "at_least") and true > told


def _step(claim: Quantity, told: Decimal) -> Decimal:
    """Return the unit of the last place that the claim writes, in the base unit."""
    digits = claim.text
    if claim.number_start is not None and claim.number_end is not None:
        digits = claim.text[claim.number_start - claim.start : claim.number_end - claim.start]
    number = re.match(r"[^0-9０-９]*([0-9０-９][0-9０-９,，]*(?:[.．][0-9０-９]+)?)", digits)
    if number is None:
        return Decimal(1).scaleb(told.adjusted())
    written = number[1].replace(",", "").replace("，", "").replace("．", ".")
    fraction = _FRACTION_DIGITS.search(written)
    shown = Decimal(written)
    if not shown:
        return Decimal(0)
    scale = told / shown
    if fraction:
        return scale.scaleb(-len(fraction[1]))
    zeros = len((_TRAILING.search(written) or [""])[0])
    return scale.scaleb(min(zeros, max(0, len(written) - 2)))
