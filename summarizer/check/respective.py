"""Whose an amount is where a sentence lists parties first and their amounts later: A与B…分别持股60%和40%."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from summarizer.check.naming import Mention, Name, are_related
from summarizer.records import Quantity
from summarizer.verify.article_text import AMOUNT_KINDS, ArticleText

_EACH = re.compile(r"分别|分別|各自|分列|双方|雙方|\brespectively\b|持股|占股")
_LISTED = re.compile(r"\s*(?:和|与|與|及|、|对|對|[:：/]|,|and|, and)\s*")
# Two parties named together, with at most a few words before the second (丹麦企业, Dutch fertiliser maker).
_TOGETHER = re.compile(r"\s*(?:与|和|同|及|跟|與|、|and|with)[^，。；,;]{0,30}")
_PAIR: Final = 2


def owner_of(draft: ArticleText, quantity: Quantity, mentions: Sequence[Mention], end: int) -> Sequence[Name]:
    """Return the party that an amount of a sentence belongs to by its place in a list of two; empty where there is none.

    Args:
        draft: the text.
        quantity: the amount.
        mentions: the known names of its sentence.
        end: where the sentence ends.
    """
    listed = _listed(draft, quantity, end)
    parties = [one for one in mentions if one.is_party and not one.is_person and one.end <= quantity.start]
    if len(listed) != _PAIR:
        return ()
    pair = next(
        (
            (one, other)
            for one, other in pairwise(parties)
            if _TOGETHER.fullmatch(draft.text, one.end, other.start) and not are_related(one.names, other.names)
        ),
        None,
    )
    if pair is None or not _EACH.search(draft.text, pair[1].end, end):
        return ()
    between = [one for one in parties if pair[1].end <= one.start]
    clause, _ = draft.clause_around(quantity.start, quantity.end)
    # Somebody named in the amounts' own clause owns them, not the two.
    if any(clause <= one.start for one in between):
        return ()
    return pair[listed.index(quantity)].names


def _listed(draft: ArticleText, quantity: Quantity, end: int) -> list[Quantity]:
    """Return the amounts of one kind that stand in a list with one, in order."""
    start = max(0, quantity.start - 40)
    amounts = [one for one in draft.quantities_in(start, end) if one.kind in AMOUNT_KINDS]
    runs: list[list[Quantity]] = []
    for one in amounts:
        is_next = runs and runs[-1][-1].kind == one.kind and runs[-1][-1].unit == one.unit
        if is_next and _LISTED.fullmatch(draft.text, runs[-1][-1].end, one.start):
            runs[-1].append(one)
        else:
            runs.append([one])
    return next((run for run in runs if any(one is quantity for one in run)), [])
