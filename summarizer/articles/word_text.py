"""A Word document's visible text: paragraphs and table rows in the order of the document. Runs in the limited child."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, Final

import docx

from summarizer.articles.archive import check_archive
from summarizer.articles.encoding import looks_like
from summarizer.errors import EmptyInputError, FormatError

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRICT: Final = b"http://purl.oclc.org/ooxml/"
# Deleted or moved away, properties, instructions of fields, notes and comments, what a reader of East Asian text hears.
_UNSEEN_WORDS: Final = (
    "del moveFrom rPr pPr sdtPr sdtEndPr tblPr tblGrid tcPr sectPr delText instrText delInstrText rt rubyPr "
    "footnoteReference endnoteReference commentReference annotationRef footnoteRef endnoteRef fldChar softHyphen"
)
_UNSEEN: Final = frozenset(_W + name for name in _UNSEEN_WORDS.split())
_FIXED: Final = {_W + "tab": "\t", _W + "ptab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_TITLE_STYLES: Final = frozenset({"title", "heading 1", "标题", "标题 1"})
# A title stands at the head or nowhere.
_TITLE_LINES: Final = 6


def read_word(data: bytes) -> dict[str, Any]:
    """Return text, title and warnings of a .docx file.

    A paragraph is a line, a table row a line with its cells parted by tabs. Tracked changes are read as accepted,
    hidden text, notes, comments, headers and footers left out; text boxes follow the paragraph they hang at.

    Raises:
        FormatError: no Word document, another kind of one, protected, or with macros.
        EmptyInputError: no text in it.
        ParserLimitError: over the budget of an archive.
    """
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise FormatError("is protected by a password; save it without one")
        raise FormatError("is a Word document of the old kind (.doc) or another old Office file; save it as .docx")
    if not data.startswith(b"PK"):
        what = looks_like(data)
        raise FormatError(f"is no Word document{f', it looks like {what}' if what else ''}; save it again as .docx")
    package = check_archive(data)
    names = set(package.namelist())
    types = package.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    _check_kind(types, names)
    if "word/document.xml" in names and _STRICT in package.read("word/document.xml"):
        raise FormatError("is saved as Strict Open XML; save it again as an ordinary Word document (.docx)")
    try:
        document = docx.Document(io.BytesIO(data))
        body = document.element.body
    except (KeyError, ValueError, SyntaxError, AttributeError) as error:
        raise FormatError(
            "is no whole Word document: a part of it is missing or broken; save it again in Word"
        ) from error
    if body is None:
        raise FormatError("is no Word document: it has no body; save it again in Word")
    reader = _Reader({style.style_id: (style.name or "").lower() for style in document.styles})
    return reader.read(body)


def _check_kind(types: bytes, names: set[str]) -> None:
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FormatError("holds macros; save it as a .docx without macros")
    for mark, what in ((b"spreadsheetml", "an Excel workbook"), (b"presentationml", "a PowerPoint presentation")):
        if mark + b".sheet.main" in types or mark + b".presentation.main" in types:
            raise FormatError(f"is {what}, no Word document; save its text as .txt")
    if b"wordprocessingml.document.main" not in types:
        raise FormatError("is a ZIP archive but no Word document; save it again as .docx")


class _Reader:
    def __init__(self, styles: dict[str, str]) -> None:
        self._styles = styles
        self._warnings: set[str] = set()
        self._boxes: list[Any] = []

    def read(self, body: Any) -> dict[str, Any]:
        lines: list[str] = []
        title: tuple[int, int] | None = None
        length = 0
        for line, is_title in self._blocks(body):
            line = line.replace("\xa0", " ").strip(" \t\r\n")  # noqa: PLW2901 - the line as it will stand
            if not line:
                continue
            if is_title and title is None and len(lines) < _TITLE_LINES and "\n" not in line:
                title = (length, length + len(line))
            lines.append(line)
            length += len(line) + 1
        text = "\n".join(lines)
        if not text:
            raise EmptyInputError("holds no text; if its pages are pictures, have their text recognised (OCR) first")
        return {"text": text, "title": title, "warnings": sorted(self._warnings)}

    def _blocks(self, container: Any) -> Iterator[tuple[str, bool]]:
        """Yield the text of each block and whether it is styled as the title."""
        for element in container:
            tag = element.tag
            if tag == _W + "p":
                yield self._paragraph(element), self._is_title(element)
                yield from self._boxed()
            elif tag == _W + "tbl":
                for row in self._rows(element):
                    yield row, False
                yield from self._boxed()
            elif tag == _W + "altChunk":
                raise FormatError("takes part of its text from an attached file; save it again in Word as .docx")
            elif tag == _MC + "AlternateContent":
                yield from self._blocks(_chosen(element))
            elif tag not in _UNSEEN and isinstance(tag, str):
                yield from self._blocks(element)

    def _boxed(self) -> Iterator[tuple[str, bool]]:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            for line, _ in self._blocks(box):
                yield line, False

    def _is_title(self, paragraph: Any) -> bool:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        return style is not None and self._styles.get(style.get(_W + "val", ""), "") in _TITLE_STYLES

    def _rows(self, table: Any) -> Iterator[str]:
        for row in _below(table, _W + "tr"):
            if row.find(f"{_W}trPr/{_W}del") is not None:
                continue
            cells: list[str] = []
            for cell in _below(row, _W + "tc"):
                words = [line for line, _ in self._blocks(cell)]
                # A cell over several columns keeps the others in their places.
                span = cell.find(f"{_W}tcPr/{_W}gridSpan")
                count = span.get(_W + "val", "1") if span is not None else "1"
                cells.append(" ".join(" ".join(words).split()))
                cells += [""] * (min(int(count), 64) - 1 if count.isdigit() else 0)
            if any(cells):
                yield "\t".join(cells).rstrip("\t")

    def _paragraph(self, paragraph: Any) -> str:
        pieces: list[str] = []
        self._inline(paragraph, pieces)
        return "".join(pieces)

    def _inline(self, container: Any, pieces: list[str]) -> None:
        for element in container:
            tag = element.tag
            if tag in _UNSEEN or not isinstance(tag, str):
                continue
            if tag == _W + "t" or tag == _M + "t":
                pieces.append(element.text or "")
            elif tag in _FIXED:
                pieces.append(_FIXED[tag])
            elif tag == _W + "sym":
                pieces.append(_symbol(element))
            elif tag == _W + "r":
                self._run(element, pieces)
            elif tag == _W + "txbxContent":
                self._boxes.append(element)
            elif tag == _MC + "AlternateContent":
                self._inline(_chosen(element), pieces)
            elif tag == _M + "sup":
                pieces.append("^")
                self._inline(element, pieces)
            elif tag == _M + "den":
                pieces.append("/")
                self._inline(element, pieces)
            else:
                self._inline(element, pieces)

    def _run(self, run: Any, pieces: list[str]) -> None:
        properties = run.find(_W + "rPr")
        own: list[str] = []
        self._inline(run, own)
        text = "".join(own)
        if properties is not None and text:
            if _is_on(properties.find(_W + "vanish")):
                self._warnings.add("hidden_text")
                return
            raised = properties.find(_W + "vertAlign")
            last = next((piece[-1] for piece in reversed(pieces) if piece), "")
            if raised is not None and raised.get(_W + "val") == "superscript" and last.isdigit() and text[0].isdigit():
                # 10 with a raised 8 is not 108.
                pieces.append("^")
        pieces.append(text)


def _below(container: Any, wanted: str) -> Iterator[Any]:
    """Yield rows or cells, also those within content controls and tracked insertions; not those of tables within."""
    for element in container:
        if element.tag == wanted:
            yield element
        elif isinstance(element.tag, str) and element.tag not in _UNSEEN and element.tag != _W + "tbl":
            yield from _below(element, wanted)


def _chosen(alternatives: Any) -> Any:
    """Return the one of several renderings of a thing that Word shows."""
    for name in ("Choice", "Fallback"):
        one = alternatives.find(_MC + name)
        if one is not None:
            return one
    return ()


def _symbol(element: Any) -> str:
    code = element.get(_W + "char", "")
    try:
        shown = chr(int(code, 16))
    except (ValueError, OverflowError):
        return "\ufffd"
    # In the fonts of symbols a code means what the font says, and nothing else does.
    return "\ufffd" if _PRIVATE.match(shown) or "\ud800" <= shown <= "\udfff" else shown


def _is_on(switch: Any) -> bool:
    return switch is not None and switch.get(_W + "val", "true") not in {"false", "0", "off"}
