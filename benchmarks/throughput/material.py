"""Articles by the thousand, all different, and the answers that are right for them.

Made from articles of evals/cases of 1,800 to 4,000 characters with their recorded answers: a word of letters that
tells the article's number is put at the end of every sentence that no quote of the answer covers. The answer of the
original then is a right answer for each of its copies, and nothing that is remembered by text is of use for the next.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from summarizer.articles import Article, read_inputs
from summarizer.proposals import ArticleProposal
from summarizer.wire.recordings import Recordings

EVALS: Final = Path(__file__).parents[2] / "evals"
# Four of real life and two written in the manner of a news wire; none needs a follow-up request.
_CASES: Final = (
    "000_fae4df5e6fbfd132",
    "002_0f36d6b395eb7f25",
    "003_8e62be148439b26b",
    "004_6ccde2c9c28cc9e7",
    "e02-wire-orlane",
    "e03-wire-summit-deals",
)
# Ten letters for ten digits: a number in the text would be one more figure of the article.
_LETTERS: Final = "bdfgklmprt"
_MARK: Final = re.compile(rb"qz([bdfgklmprt]{6})")
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """An article cut where a word may be put in, and the arguments of its recorded answer."""

    pieces: tuple[str, ...]
    arguments: str


def article_text(number: int) -> str:
    """Return the text of an article; `number` is from 0 to 999,999."""
    found = originals()
    return mark_of(number).join(found[number % len(found)].pieces)


def mark_of(number: int) -> str:
    """Return the word that tells the article's number."""
    digits = f"{number:0{_DIGITS}}"
    return f" (qz{''.join(_LETTERS[int(digit)] for digit in digits)})"


def number_in(body: bytes) -> int | None:
    """Return the number of the article that a request shows, None where it shows none of ours."""
    found = _MARK.search(body)
    return int("".join(str(_LETTERS.index(chr(letter))) for letter in found[1])) if found else None


def write_articles(folder: Path, count: int) -> None:
    """Write articles 0 to `count` - 1 as text files whose names sort in that order; what is there stays."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        path = folder / f"{number:06}.txt"
        if not path.exists():
            path.write_text(article_text(number), encoding="utf-8")


def arguments_of(number: int) -> str:
    """Return the recorded answer to an article, as the arguments of the tool `ArticleProposal`."""
    found = originals()
    return found[number % len(found)].arguments


@cache
def originals() -> tuple[Original, ...]:
    """Read articles and answers; once a process, some 50 ms."""
    answers = dict(_answers())
    paths = [EVALS / "cases" / "articles" / f"{name}.txt" for name in _CASES]
    articles = [found for found in read_inputs(paths) if isinstance(found, Article)]
    return tuple(_original(article, answers[article.sha256[:12]]) for article in articles)


def _answers() -> Iterator[tuple[str, str]]:
    """Give the first answer to each article, by the start of the article's hash that its request shows."""
    recordings = Recordings(EVALS / "recordings")
    for path in sorted(recordings.folder.glob("*.json")):
        exchange = recordings.load(path)
        shown = str(exchange.request["messages"][1]["content"])
        call = (exchange.answer or {})["choices"][0]["message"]["tool_calls"][0]["function"]
        if call["name"] == ArticleProposal.__name__:
            yield shown.split("<article-", 1)[1][:12], call["arguments"]


def _original(article: Article, arguments: str) -> Original:
    text = article.text
    quoted = [span for quote in _strings(json.loads(arguments)) for span in _places(text, quote)]
    pieces, cut = [], 0
    for start, end in article.sentences:
        # Before the sentence's own full stop, so that the sentences stay as they are numbered.
        place = start + len(text[start:end].rstrip("。！？.!?”\"' "))
        if place > cut and not any(first < place < last for first, last in quoted):
            pieces.append(text[cut:place])
            cut = place
    return Original(pieces=(*pieces, text[cut:]), arguments=arguments)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _places(text: str, quote: str) -> Iterator[tuple[int, int]]:
    at = text.find(quote) if len(quote) > 1 else -1
    while at >= 0:
        yield at, at + len(quote)
        at = text.find(quote, at + 1)
