"""Mistakes of the answer as a whole: items left out, JSON that does not parse or does not fit, JSON that is cut."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from evals.corruption.answers import DROPPED, Path, dotted, item_of, value_at
from evals.corruption.plants import Change, Material, Spoil


def items_dropped(material: Material, rng: random.Random) -> Iterator[Change]:
    """A figure, a term or a deal is left out, or every second figure."""
    for path in (*material.places("figures.*"), *material.places("deals.*.terms.*"), *material.places("deals.*")):
        touched = {dotted(path)}
        if len(path) == 2 and path[0] == "deals":
            terms = value_at(material.answer, path)["terms"]
            touched |= {dotted((*path, "terms", index)) for index in range(len(terms))} & material.sound
        yield _dropped(material, [path], touched)
    figures = list(material.places("figures.*"))[rng.randrange(2) :: 2]
    if len(figures) > 1:
        yield _dropped(material, figures, {item_of(path) for path in figures})


def _dropped(material: Material, paths: list[Path], touched: set[str]) -> Change:
    first = value_at(material.answer, paths[0])
    shown = str(first.get("amount") or first.get("words"))
    return Change(
        where=paths[0],
        was=shown if len(paths) == 1 else f"{shown} and {len(paths) - 1} more",
        now="",
        edits=tuple((path, DROPPED) for path in reversed(paths)),
        touched=frozenset(touched),
    )


def malformed(_: Material, rng: random.Random) -> Iterator[Change]:
    """The JSON is not closed, a key is misspelt, a list is a text, or prose stands in its place."""
    spoils: dict[str, Spoil] = {
        "not closed": lambda text: text[:-1],
        "a comma too many": lambda text: re.sub(r"\}$", ",}", text),
        "a key misspelt": lambda text: text.replace('"headline":', '"head_line":', 1),
        "a text for a list": lambda text: re.sub(r'figures": \[.*?\]', 'figures": "none"', text, count=1),
        "prose": lambda _: "Here is the summary you asked for.",
    }
    for name in rng.sample(sorted(spoils), len(spoils)):
        yield Change(where=(), was="JSON", now=name, spoil=spoils[name])


def truncated(_: Material, rng: random.Random) -> Iterator[Change]:
    """The answer ends in the middle, at the output limit or without saying so."""
    for is_cut in (True, False):
        share = rng.uniform(0.3, 0.9)
        now = f"cut at {share:.0%}{', finish reason length' if is_cut else ''}"
        yield Change(where=(), was="JSON", now=now, spoil=_cut_at(share), is_cut=is_cut)


def _cut_at(share: float) -> Spoil:
    return lambda text: text[: int(len(text) * share)]
