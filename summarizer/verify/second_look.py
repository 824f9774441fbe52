"""Signs that clear a name which shares no stem and no pair of characters with the words round its amount; and one against it.

Those that clear are asked only where the name would else be in doubt.
"""

from __future__ import annotations

import re

from summarizer.quantities.tables import labels_of
from summarizer.records import Quantity
from summarizer.verify.article_text import ArticleText
from summarizer.verify.wording import shingles

_HAN = re.compile(r"[\u3400-\u9fff]")
# What a Chinese name ends in that is told in years, days or hours.
_TIME_HEAD = re.compile(r"(?:的)?(?:年限|年期|期限|期|时限|時限|时间|時間|间隔|間隔|周期|年数|年數)$")
_MAX_HEADING = 40
_MAX_HEADING_HAN = 16
_STOPS = frozenset("。！？；，.!?;,：:")
# A section of so many characters is looked back through for its heading.
_REACH = 600


def is_hinted(article: ArticleText, name: str, quantity: Quantity) -> bool:
    """Return whether the amount parts the name, its section is headed so, or the name shortens what the clause says."""
    return (
        _is_parted(article, name, quantity)
        or _is_heading(article, name, quantity)
        or _is_shortened(article, name, quantity)
    )


def is_of_other_row(article: ArticleText, name: str, quantity: Quantity) -> bool:
    """Return whether a name holds the label of another row of the amount's table, and not that of its own row."""
    labels = labels_of(article.text, quantity.start)
    if labels is None or (labels[0] and labels[0] in name):
        return False
    return any(len(label) > 1 and label in name and label not in labels[0] for label in labels[1])


def _is_parted(article: ArticleText, name: str, quantity: Quantity) -> bool:
    """Return whether the characters before and behind the amount make the name: 分三个包 for 分包数."""
    before, after = article.text[quantity.start - 1 : quantity.start], article.text[quantity.end : quantity.end + 1]
    return quantity.kind == "count" and _HAN.match(before) is not None and before + after in shingles(name)


def _is_heading(article: ArticleText, name: str, quantity: Quantity) -> bool:
    """Return whether the last heading has half of the name's wording, and the paragraph no other amount of the kind."""
    wanted = shingles(name)
    low, high = article.text.rfind("\n", 0, quantity.start) + 1, article.text.find("\n", quantity.end)
    paragraph = article.quantities_in(low, high if high >= 0 else len(article.text))
    if sum(one.kind == quantity.kind for one in paragraph) > 1:
        return False
    heading = _heading_before(article, quantity.start)
    return bool(wanted) and 2 * len(wanted & shingles(heading)) >= len(wanted)


def _heading_before(article: ArticleText, at: int) -> str:
    """Return the last short line without punctuation before the line that holds `at`, empty if there is none near."""
    low = max(0, at - _REACH)
    lines = article.text[low:at].split("\n")[1:-1]
    return next((line.strip() for line in reversed(lines) if _is_title(line.strip())), "")


def _is_title(line: str) -> bool:
    longest = _MAX_HEADING_HAN if _HAN.search(line) else _MAX_HEADING
    return 1 < len(line) <= longest and line[-1] not in _STOPS and not {"|", "\t"} & set(line)


def _is_shortened(article: ArticleText, name: str, quantity: Quantity) -> bool:
    """Return whether a time is named by characters of its sentence: 留园间隔 for 一年后仍留在园区, 降本期限 for 把成本降低.

    Half of the name's characters, and two at least, must stand in the clause of the time or the one beside it.
    """
    if quantity.kind != "duration" or not _TIME_HEAD.search(name):
        return False
    wanted = set(_HAN.findall(_TIME_HEAD.sub("", name)))
    low, high = article.clause_around(quantity.start, quantity.end)
    sentence, _ = article.sentence_bounds(quantity.start, quantity.end)
    if low - 2 > sentence:
        low, _ = article.clause_around(low - 2, low - 1)
    held = wanted & set(article.text[low : quantity.start] + article.text[quantity.end : high])
    return len(held) >= 2 and 2 * len(held) >= len(wanted)
