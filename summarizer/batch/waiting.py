"""An article that waits for its turn, as one line of JSON; with the place of its record, a line of the finished work."""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import dataclass
from typing import Any, Final, Self

from summarizer.articles.repetition import Edges
from summarizer.records import Status

_SEGMENT = struct.Struct("<IIQ")
Ranges = list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What is known of an article that was read, its text aside, which lies in `texts/`.

    `key` is that of its input's bytes (`RawInput.key`), empty where they are not known; `name` its id before ids were
    made unique; `stub` as `articles.stub` makes it; `packed` its edges, packed because most runs never look at them.
    """

    key: bytes
    name: str
    is_id_given: bool
    sha256: bytes
    stub: dict[str, Any]
    body: int
    packed: str

    @property
    def id(self) -> str:
        """The article's id in the run."""
        return str(self.stub["id"])

    @property
    def source(self) -> str:
        """Where it came from."""
        return str(self.stub["source"])

    @property
    def edges(self) -> Edges:
        """What others may repeat of it."""
        segments = tuple(_SEGMENT.iter_unpack(base64.b64decode(self.packed)))
        return Edges(segments=segments, body=self.body)

    def as_list(self) -> list[Any]:
        """Return what JSON holds; the key comes first, so that it is found without parsing the rest."""
        name = None if self.name == self.id else self.name
        return [self.key.hex(), self.sha256.hex(), name, self.is_id_given, self.stub, self.body, self.packed]

    def to_line(self, *more: Any) -> bytes:
        """Return the line, `more` behind it."""
        return json.dumps([*self.as_list(), *more], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    @classmethod
    def from_list(cls, values: list[Any]) -> Self:
        """Return what `as_list` gave.

        Raises:
            ValueError, TypeError, KeyError: it gave something else.
        """
        key, sha256, name, is_id_given, stub, body, packed = values
        return cls(
            key=bytes.fromhex(key),
            name=stub["id"] if name is None else name,
            is_id_given=is_id_given,
            sha256=bytes.fromhex(sha256),
            stub=stub,
            body=body,
            packed=packed,
        )


def pack(edges: Edges) -> str:
    """Return an article's edges as text."""
    return base64.b64encode(b"".join(_SEGMENT.pack(*segment) for segment in edges.segments)).decode("ascii")


# What a finished record says of its article; 0 stands for one that is made again in the next run.
CODES: Final[dict[Status, int]] = {"ok": 1, "needs_review": 2, "failed": 3}
STATUSES: Final = {code: status for status, code in CODES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedLine:
    """Where an article's record stands in results.jsonl, and the ranges of the article that others repeated."""

    code: int
    offset: int
    length: int
    sha256: bytes
    marks: Ranges

    def as_list(self) -> list[Any]:
        """Return what JSON holds."""
        return [self.code, self.offset, self.length, self.sha256.hex(), self.marks]

    @classmethod
    def from_list(cls, values: list[Any]) -> Self:
        """Return what `as_list` gave."""
        code, offset, length, sha256, marks = values
        ranges = [(start, end) for start, end in marks]
        return cls(code=code, offset=offset, length=length, sha256=bytes.fromhex(sha256), marks=ranges)
