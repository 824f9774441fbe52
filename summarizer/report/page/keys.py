"""Names within the page: of articles and of their items, as addresses use them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import quote


def article_keys(ids: Sequence[str]) -> list[str]:
    """Return a key for each article: its id; of articles that share one, the second is `<id>~2`, and so on."""
    taken = set(ids)
    seen: Counter[str] = Counter()
    keys = []
    for article_id in ids:
        key = article_id
        seen[article_id] += 1
        if seen[article_id] > 1:
            key = f"{article_id}~{seen[article_id]}"
            while key in taken:
                key += "~"
            taken.add(key)
        keys.append(key)
    return keys


def page_link(article_id: str, item: str | None = None) -> str:
    """Return the address of an article or of one of its items within the page, to be put after `report.html`.

    Items are counted from 1 in the order of the record: `figure-1`, `deal-2`, `term-2-1` (first term of the second deal),
    `point-1`, `item-1`, `rejected-1`, `unclaimed-1`.

    Example:
        >>> page_link("a b/1", "figure-3")
        '#a/a%20b%2F1/figure-3'
    """
    # A lone surrogate has no UTF-8; the page shows it as an escape, so its key holds the same.
    key = quote(article_id.encode("utf-8", "backslashreplace"), safe="")
    return f"#a/{key}" + (f"/{quote(item, safe='')}" if item else "")
