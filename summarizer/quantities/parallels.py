"""The unit of a bare English number that is measured against an amount before it: 301 people, up from 240 a year earlier.

Only wordings that leave no choice are read: what is compared is of one kind, `of them` counts what was counted, `18 more`
are more of the same. Anything else stays without a unit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.records import Quantity, QuantityKind

_ROUGHLY = r"(?:(?:about|some|around|roughly|nearly|almost|just|only|over|more than|fewer than) )?"
# What may stand behind a number that counts nothing itself: the end of its clause, a time, a place, a verb.
_BARE = re.compile(
    r"(?:[.,;:)\"”]|\s*\Z|\s*\n| (?:a|the|in|at|by|for|on|to|as|and|or|last|this|next|one|two|before|previously|earlier|when|if"
    r"|until|now|today|under|are|were|is|was|have|had|will|would|could|of (?:them|these|those|which|whom))\b)"
)
_COMPARED = re.compile(
    rf"\b(?:up|down|compared with|compared to|against|versus|rather than)(?: (?:\w+ly )?from)? {_ROUGHLY}\Z"
)
_FROM = re.compile(rf"\A(?: in [A-Z][a-z]+)? from {_ROUGHLY}\Z")
_OF_THEM = re.compile(r" of (?:them|these|those|which|whom)\b")
_OF_WHICH = re.compile(rf"\bof (?:which|whom),? {_ROUGHLY}\Z")
_MORE = re.compile(r" more(?=[.,;)]| (?:at|by|in|on|for|to|under|if|when|next|this|later|until|over|within|during)\b)")
_ANOTHER = re.compile(r"\b(?:another|a further) \Z")
_FEWER = re.compile(r"\b(?:no|not) fewer than \Z")
_AND = re.compile(rf"\band {_ROUGHLY}\Z")
_WHEN = re.compile(r" (?:by|in|for) (?:the (?:first|second|third|fourth) |(?:19|20)\d\d)")
_CHANGED_TO = re.compile(rf"\d% to {_ROUGHLY}\Z")
_STOP = re.compile(r"[.!?][\"'”’)]*\s|\n")
_COUNTS: frozenset[QuantityKind] = frozenset({"count"})
_MEASURES: frozenset[QuantityKind] = frozenset({"count", "dimension"})
_ASIDE: frozenset[QuantityKind] = frozenset(
    {"percent", "percent_point", "date", "date_rel", "duration", "ordinal", "name", "code", "pattern"}
)
# A sentence and the one before it.
REACH = 400


def parallel_unit(quantity: Quantity, text: str, earlier: Sequence[Quantity]) -> str | None:
    """Return the unit that a bare number shares with an amount before it, None where the words do not say so.

    Args:
        quantity: an item of `scan(text)`.
        text: the text that was scanned.
        earlier: the items before it, in order; those within `REACH` characters are looked at.

    Example:
        >>> from summarizer.quantities import scan
        >>> text = "The mill employs 301 people, up from 240 a year earlier."
        >>> first, second = [one for one in scan(text) if one.value in ("301", "240")]
        >>> parallel_unit(second, text, [first])
        'people'
    """
    if quantity.kind != "number" or quantity.unit is not None or not (quantity.value or "").isdigit():
        return None
    start = quantity.start if quantity.qualifier_start is None else min(quantity.start, quantity.qualifier_start)
    before, after = text[max(0, quantity.start - 60) : quantity.start], text[quantity.end : quantity.end + 40]
    here = _stop_before(text, start)
    own = [one for one in earlier if one.start >= here and one.end <= start]
    if _MORE.match(after) or (_ANOTHER.search(before) and _BARE.match(after)):
        prior = _stop_before(text, here)
        return _only(own) or _only([one for one in earlier if prior <= one.start < here])
    if not _BARE.match(after):
        return None
    if _COMPARED.search(before):
        return _last(own, _MEASURES)
    if own and own[-1].kind in _MEASURES and _FROM.match(text[own[-1].end : quantity.start]):
        return own[-1].unit
    if _OF_THEM.match(after) or _OF_WHICH.search(before) or _FEWER.search(before):
        return _last(own, _COUNTS)
    if _AND.search(before) and _WHEN.match(after):
        return next((one.unit for one in reversed(own) if one.kind in _COUNTS and _WHEN.match(text, one.end)), None)
    if _CHANGED_TO.search(before):
        prior = _stop_before(text, here)
        return next(
            (
                one.unit
                for one in reversed(earlier)
                if prior <= one.start < start
                and one.kind in _MEASURES
                and _CHANGED_TO.search(text, max(prior, one.start - 40), one.start)
            ),
            None,
        )
    return None


def _last(quantities: Sequence[Quantity], kinds: frozenset[QuantityKind]) -> str | None:
    """Return the unit of the last amount, shares, dates and times left aside, if it is of these kinds."""
    last = next((one for one in reversed(quantities) if one.kind not in _ASIDE), None)
    return last.unit if last is not None and last.kind in kinds else None


def _only(quantities: Sequence[Quantity]) -> str | None:
    """Return the one unit in which things are counted, None where there are several."""
    units = {one.unit for one in quantities if one.kind in _COUNTS}
    return units.pop() if len(units) == 1 else None


def _stop_before(text: str, at: int) -> int:
    """Return where the sentence begins that holds the character before `at`."""
    low = max(0, at - REACH)
    return max((stop.end() for stop in _STOP.finditer(text, low, at) if stop.end() < at), default=low)
