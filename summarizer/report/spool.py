"""Records that a view reads more than once: on disk, so that memory does not grow with the batch."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from pydantic_core import PydanticSerializationError

from summarizer.errors import OutputError
from summarizer.records import ArticleRecord

# Kept in memory up to this size, then in an unnamed temporary file.
_SPOOL_BYTES = 8_000_000


class RecordSpool:
    """Records in the order they were added; each iteration parses them anew, some 0.2 ms for an ordinary one.

    A record that JSON cannot hold, for half of a character pair in it, is held as it is.
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115 - closed by __exit__
        self._odd: dict[int, ArticleRecord] = {}
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, record: ArticleRecord) -> None:
        """Keep one record; all are added before the first iteration.

        Raises:
            OutputError: the temporary file cannot be written.
        """
        try:
            line = record.to_json()
        except PydanticSerializationError:
            self._odd[self._count] = record
            line = ""
        self._count += 1
        try:
            self._file.write(f"{line}\n".encode())
        except OSError as error:
            raise OutputError(
                f"cannot keep the report's records in {tempfile.gettempdir()!r}: {error.strerror or error}; "
                "make room there or set TMPDIR to another folder, and run again"
            ) from error

    def __iter__(self) -> Iterator[ArticleRecord]:
        self._file.seek(0)
        for number, line in enumerate(self._file):
            odd = self._odd.get(number)
            yield ArticleRecord.model_validate_json(line) if odd is None else odd
