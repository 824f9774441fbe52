"""Which of the two languages an article is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from summarizer.records import Furniture

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
# Enough to decide; keeps a 20 MB text cheap.
_SAMPLE_CHARS = 20_000


def detect_language(text: str, furniture: Iterable[Furniture] = ()) -> str:
    """Return `zh` (simplified or traditional) or `en`, whichever the text outside `furniture` is mostly written in.

    A Chinese character counts as much as an English word. A text without letters is `en` only if it has no Han
    character, so that the answer is always one of the two.
    """
    parts: list[str] = []
    position = size = 0
    for item in furniture:
        parts.append(text[position : item.start])
        size += len(parts[-1])
        position = item.end
        if size > _SAMPLE_CHARS:
            break
    else:
        parts.append(text[position : position + _SAMPLE_CHARS])
    body = "".join(parts)[:_SAMPLE_CHARS]
    if not body.strip():
        body = text[:_SAMPLE_CHARS]
    han = len(_HAN.findall(body))
    words = len(_WORD.findall(body))
    return "zh" if han and han >= words else "en"
