"""A recorded answer as data: the places in it, the items that they belong to, and answers changed at some places."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final, Literal

# What the model wrote, parsed: the fields of `summarizer.proposals.ArticleProposal` as JSON.
Answer = dict[str, Any]
Path = tuple[str | int, ...]
Part = Literal["figure", "deal", "term", "summary", "answer"]

SUMMARY = "summary"
PROSE = ("abstract.*", "headline", "points.*.text")
DROPPED = object()
_PARTS: Final[dict[str, Part]] = {"figures": "figure", "deals": "deal", SUMMARY: "summary"}


def dotted(path: Path) -> str:
    """Return a path as it is written in reports: `deals.0.terms.2.words`."""
    return ".".join(map(str, path))


def item_of(path: Path) -> str:
    """Return the item that a place belongs to: `figures.3`, `deals.0`, `deals.0.terms.2` or `summary`."""
    if path[0] == "figures":
        return dotted(path[:2])
    if path[0] == "deals":
        return dotted(path[:4] if path[2:3] == ("terms",) else path[:2])
    return SUMMARY


def part_of(item: str) -> Part:
    """Return which kind of thing an item is."""
    if ".terms." in item:
        return "term"
    return _PARTS[item.partition(".")[0]]


def value_at(answer: Answer, path: Path) -> Any:
    """Return what stands at a place."""
    value: Any = answer
    for step in path:
        value = value[step]
    return value


def paths_to(answer: Answer, *patterns: str) -> Iterator[Path]:
    """Yield the places that the patterns name, `*` meaning every element of a list, in the order of the answer."""
    for pattern in patterns:
        yield from _expanded(answer, pattern.split("."), ())


def _expanded(value: Any, steps: list[str], path: Path) -> Iterator[Path]:
    if not steps:
        yield path
    elif steps[0] == "*":
        for index, element in enumerate(value):
            yield from _expanded(element, steps[1:], (*path, index))
    elif steps[0] in value:
        yield from _expanded(value[steps[0]], steps[1:], (*path, steps[0]))


def edited(answer: Answer, edits: tuple[tuple[Path, Any], ...]) -> Answer:
    """Return a copy with other values at some places.

    A value one behind the end of a list is added to it; the value `DROPPED` takes the element out. Edits of one list that
    drop elements come last index first.
    """
    changed = copy.deepcopy(answer)
    for path, value in edits:
        holder, last = value_at(changed, path[:-1]), path[-1]
        if value is DROPPED:
            del holder[last]
        elif isinstance(holder, list) and last == len(holder):
            holder.append(value)
        else:
            holder[last] = value
    return changed
