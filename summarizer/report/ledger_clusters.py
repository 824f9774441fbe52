"""Joining what belongs together, best links first, without ever joining two that must stay apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Link = tuple[int, int]


def join_links(
    count: int, links: Iterable[Link], may_join: Callable[[int, int], bool]
) -> tuple[list[tuple[int, ...]], list[Link], list[Link]]:
    """Return groups of the items 0 to count - 1, the links that joined them, and those that could not.

    Links are taken in the given order. Two groups are joined only if `may_join` holds for every item of one with every
    item of the other, so that a chain of links never brings two together that contradict each other. Groups and their
    items are sorted. Cost: `may_join` once for each pair that ends in one group, and for the pairs of refused links.
    """
    group_of = list(range(count))
    members: dict[int, list[int]] = {item: [item] for item in range(count)}
    used: list[Link] = []
    refused: list[Link] = []
    for one, other in links:
        left, right = group_of[one], group_of[other]
        if left == right:
            continue
        if not all(may_join(a, b) for a in members[left] for b in members[right]):
            refused.append((one, other))
            continue
        if len(members[left]) < len(members[right]):
            left, right = right, left
        for item in members[right]:
            group_of[item] = left
        members[left] += members.pop(right)
        used.append((one, other))
    return sorted(tuple(sorted(group)) for group in members.values()), used, refused
