"""What goes to a process that verifies and what comes back: JSON, each behind its size in bytes."""

from __future__ import annotations

import json
from functools import cache
from typing import Final

from pydantic import TypeAdapter

from summarizer.articles import Article
from summarizer.articles.stub import article_of, stub_of
from summarizer.proposals import Proposals
from summarizer.verify import Verified

SIZE_BYTES: Final = 4


def framed(message: bytes) -> bytes:
    """Return a message behind its size."""
    return len(message).to_bytes(SIZE_BYTES, "big") + message


def size_of(head: bytes) -> int:
    """Return the size that stands before a message."""
    return int.from_bytes(head, "big")


def question_of(article: Article, proposals: Proposals) -> bytes:
    """Return what asks for an article's proposals to be verified. Cost: some 0.1 ms.

    Raises:
        ValueError: the proposals hold half a pair of characters, which no JSON does.
    """
    asked = _proposals().dump_json(proposals)
    whole = json.dumps([stub_of(article), article.text], ensure_ascii=False).encode()
    return b"%d %s%s" % (len(asked), asked, whole)


def asked_in(question: bytes) -> tuple[Article, Proposals]:
    """Return the article and the proposals again."""
    size, _, rest = question.partition(b" ")
    stub, text = json.loads(rest[int(size) :])
    return article_of(stub, text), _proposals().validate_json(rest[: int(size)])


def answer_of(verified: Verified) -> bytes:
    """Return what the proposals came to."""
    return _verified().dump_json(verified)


def verified_in(answer: bytes) -> Verified:
    """Return it again. Cost: some 1 ms.

    Raises:
        ValueError: no such answer.
    """
    return _verified().validate_json(answer)


# Made when the first process is started, which takes some 20 ms.
@cache
def _proposals() -> TypeAdapter[Proposals]:
    return TypeAdapter(Proposals)


@cache
def _verified() -> TypeAdapter[Verified]:
    return TypeAdapter(Verified)
