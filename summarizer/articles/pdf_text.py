"""A PDF's text: what its pages show, in the order of their content. Runs in the limited child."""

from __future__ import annotations

import io
import logging
import math
from typing import Any, Final

import pypdf
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

from summarizer.articles.encoding import looks_like
from summarizer.articles.pdf_fonts import FontReader, settle_doors
from summarizer.articles.pdf_lines import Line, Piece, join_pages, pieced
from summarizer.errors import EmptyInputError, FormatError, ParserLimitError

_HEADER_BYTES: Final = 1024
# Of the characters shown, how many may be without a meaning before the text is no text.
_MAX_LOST_SHARE: Final = 0.05
_TITLE_LINES: Final = 6
# pypdf goes on over damage and says so; from these modules, text is lost by it.
_LOSING: Final = ("pypdf.filters", "pypdf._page")
_LOSING_CHARACTERS: Final = "pypdf._cmap"
_UNREADABLE_FONTS: Final = "is in fonts that do not say which characters they show; save its text as .txt"
_HARMLESS: Final = ("fontTools is required", "Multiple definitions", "Image data is not")


def read_pdf(data: bytes) -> dict[str, Any]:
    """Return text, title and warnings of a PDF file.

    Lines of a paragraph are joined: Chinese ones without a blank, others with one. Page numbers and lines that stand
    at the same place of three pages or more are left out. A raised digit behind a digit is written behind `^`.
    Characters whose font does not say what they mean become U+FFFD.

    Raises:
        FormatError: no PDF, damaged so that text is lost, protected, or in fonts that do not say what they show.
        EmptyInputError: pages without text, as those of a scan.
        ParserLimitError: larger or deeper than pypdf reads.
    """
    if b"%PDF-" not in data[:_HEADER_BYTES]:
        what = looks_like(data)
        raise FormatError(f"is no PDF{f', it looks like {what}' if what else ''}; save it again as .pdf or .txt")
    log = _Log()
    try:
        return _read(data, log)
    except (DependencyError, FileNotDecryptedError) as error:
        raise FormatError(_protected(error)) from error
    except LimitReachedError as error:
        raise ParserLimitError("is larger or deeper than a PDF may be; save its text as .txt") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, OSError) as error:
        raise FormatError("is a damaged PDF, cut off or changed; get it again, or save its text as .txt") from error


def _read(data: bytes, log: _Log) -> dict[str, Any]:
    reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
    # Many are locked against printing only, with no password to read.
    if reader.is_encrypted and not reader.decrypt(""):
        raise FileNotDecryptedError("no password")
    fonts = FontReader()
    warnings: set[str] = set()
    pages: list[list[Line]] = []
    for page in reader.pages:
        collector = _Collector(fonts)
        page.extract_text(visitor_text=collector.take, visitor_operand_before=collector.note)
        if collector.is_hiding:
            warnings.add("hidden_text")
        pages.append(collector.lines())
    if not pages:
        raise FormatError("is a PDF without a page; save it again")
    if log.has_lost_text:
        raise FormatError("is a damaged PDF, of which part of the text cannot be read; get it again")
    if log.has_lost_characters:
        raise FormatError(_UNREADABLE_FONTS)
    if log.has_mended:
        warnings.add("document_repaired")
    text, further = join_pages(pages)
    text = settle_doors(text)
    shown = sum(not char.isspace() for char in text)
    if not shown and log.has_mended:
        raise FormatError("is a damaged PDF, of which no text can be read; get it again")
    if not shown:
        raise EmptyInputError("shows no text, as a scan does; have its text recognised (OCR), or save it as .txt")
    if text.count("\ufffd") > _MAX_LOST_SHARE * shown:
        raise FormatError(_UNREADABLE_FONTS)
    return {"text": text, "title": _title(reader, text), "warnings": sorted(warnings | set(further))}


def _protected(error: Exception) -> str:
    if isinstance(error, DependencyError):
        return "is protected in a way that needs the package cryptography: pip install 'pypdf[crypto]', or unlock it"
    return "is protected by a password; save it without one"


def _title(reader: pypdf.PdfReader, text: str) -> tuple[int, int] | None:
    """The title that the document's properties state, if the text shows it at its head: else it may be a template's."""
    try:
        stated = " ".join(str((reader.metadata and reader.metadata.get("/Title")) or "").split())
    except (PyPdfError, ValueError, TypeError, AttributeError):
        return None
    at = 0
    for line in text.split("\n")[:_TITLE_LINES]:
        if stated and line.strip() == stated:
            start = at + line.index(stated)
            return start, start + len(stated)
        at += len(line) + 1
    return None


class _Log(logging.Handler):
    """Hears what pypdf mends or gives up; its words may hold the document's, so none is kept."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.has_lost_text = False
        self.has_lost_characters = False
        self.has_mended = False
        logger = logging.getLogger("pypdf")
        logger.propagate = False
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(_HARMLESS):
            return
        if record.name.startswith(_LOSING):
            self.has_lost_text = True
        elif record.name.startswith(_LOSING_CHARACTERS):
            self.has_lost_characters = True
        self.has_mended = True


class _Collector:
    """Takes the pieces of one page as pypdf finds them."""

    def __init__(self, fonts: FontReader) -> None:
        self._fonts = fonts
        self._lines: list[list[Piece]] = [[]]
        self._rendering = 0
        self._shows = False
        self._hides = False

    @property
    def is_hiding(self) -> bool:
        """Whether some of the page's text is drawn and some is not: the layer of a scan is hidden as a whole."""
        return self._hides and self._shows

    def note(self, operator: bytes, operands: Any, *_: Any) -> None:
        if operator == b"Tr" and operands and isinstance(operands[0], (int, float)):
            self._rendering = int(operands[0])
        elif operator in {b"Tj", b"TJ", b"'", b'"'}:
            if self._rendering == 3:
                self._hides = True
            else:
                self._shows = True

    def take(self, text: str, current: list[float], matrix: list[float], font: Any, size: float) -> None:
        if not text:
            return
        readable = self._fonts.read(text, font)
        x = matrix[4] * current[0] + matrix[5] * current[2] + current[4]
        y = matrix[4] * current[1] + matrix[5] * current[3] + current[5]
        scale = math.hypot(
            matrix[2] * current[0] + matrix[3] * current[2], matrix[2] * current[1] + matrix[3] * current[3]
        )
        for number, part in enumerate(readable.split("\n")):
            if number:
                self._lines.append([])
            if part:
                self._lines[-1].append(Piece(text=part, x=x, y=y, size=abs(size) * scale or 1.0))

    def lines(self) -> list[Line]:
        return [line for pieces in self._lines if (line := pieced(pieces)) is not None]
