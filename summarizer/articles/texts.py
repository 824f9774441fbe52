"""The canonical texts of an output folder: where each is kept, and how it is read back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from summarizer.articles.files import read_bytes
from summarizer.articles.ids import file_name_of
from summarizer.errors import FormatError

TEXTS_FOLDER: Final = "texts"


def text_path(folder: Path, article_id: str) -> Path:
    """Return where the canonical text of an article is kept below an output folder."""
    return folder / TEXTS_FOLDER / f"{file_name_of(article_id)}.txt"


def read_text(folder: Path, article_id: str) -> str:
    """Return an article's canonical text, newlines as they are, so that offsets hold.

    Raises:
        UnreadableInputError: it is missing, may not be read, or is no regular file.
        FormatError: it is no UTF-8.
    """
    path = text_path(folder, article_id)
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(f"{str(path)!r} is not what the run wrote: byte {error.start} is no UTF-8") from error
