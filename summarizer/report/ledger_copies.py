"""Articles that tell the same in the same words, as reprints do: one of them is matched, and what comes of it holds for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from summarizer.report.ledger_clusters import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Items (deals or figures, by their position) of which articles repeat each other's.

    `first` are the items to be matched; `others` holds, for those that other articles repeat, the same item of each.
    """

    first: Sequence[int]
    others: Mapping[int, Sequence[int]]

    @classmethod
    def among(cls, articles: Sequence[int], keys: Sequence[Hashable], is_known_again: Callable[[int], bool]) -> Copies:
        """Compare articles by the keys of all their items.

        Articles whose items could be taken for each other, or do not say enough to be known again, repeat nothing.

        Args:
            articles: for each item the position of its article.
            keys: for each item all that it is compared by.
            is_known_again: whether an item matches another one with its key.
        """
        items_of: dict[int, list[int]] = defaultdict(list)
        for item, article in enumerate(articles):
            items_of[article].append(item)
        told = list(items_of.values())
        others: dict[int, list[int]] = {}
        for article, again in copies_of(tuple(keys[item] for item in items) for items in told).items():
            items = told[article]
            is_plain = again and len({keys[item] for item in items}) == len(items)
            if is_plain and all(map(is_known_again, items)):
                others |= {item: [told[other][at] for other in again] for at, item in enumerate(items)}
        repeated = {copy for found in others.values() for copy in found}
        return cls(first=[item for item in range(len(keys)) if item not in repeated], others=others)

    def link(self, pair: Link) -> Link:
        """Return the items of a link between positions in `first`."""
        return self.first[pair[0]], self.first[pair[1]]

    def links(self, pairs: Iterable[Link]) -> list[Link]:
        """Return the links of all items: to each copy, and those given between positions in `first`."""
        return [(item, copy) for item, found in self.others.items() for copy in found] + [*map(self.link, pairs)]

    def group(self, group: Iterable[int]) -> tuple[int, ...]:
        """Return a group of positions in `first` as items, with all their copies, sorted."""
        items = [self.first[at] for at in group]
        return tuple(sorted(copy for item in items for copy in (item, *self.others.get(item, ()))))


def copies_of(keys: Iterable[Hashable]) -> dict[int, list[int]]:
    """Return the positions of each key, those that repeat it under the first one.

    Example:
        >>> copies_of("abacb")
        {0: [2], 1: [4], 3: []}
    """
    first: dict[Hashable, int] = {}
    copies: dict[int, list[int]] = {}
    for number, key in enumerate(keys):
        if key in first:
            copies[first[key]].append(number)
        else:
            first[key] = number
            copies[number] = []
    return copies
