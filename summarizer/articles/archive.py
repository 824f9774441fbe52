"""The budget of a ZIP package, looked at before any parser sees it: entries, sizes, ratio, nested archives, XML.

All of it holds for the archive as a whole: every entry counts, also those that are never read.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

from summarizer.errors import FormatError, ParserLimitError

MAX_ENTRIES: Final = 2_000
MAX_UNPACKED_BYTES: Final = 200_000_000
# Of what is parsed: a tree of XML takes many times its source's size in memory.
MAX_XML_BYTES: Final = 60_000_000
MAX_RATIO: Final = 100
# A short part of a few repeated words packs better than any text; this little harms nobody.
_FREE_BYTES: Final = 1_000_000
_ARCHIVES: Final = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
)
# The workbook behind a chart. It is a part of the document, counted, and never opened.
_EMBEDDED: Final = "word/embeddings/"
_XML_SUFFIXES: Final = (".xml", ".rels", ".vml")
_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})")
_ENCODINGS: Final = frozenset({b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii"})
_PIECE: Final = 1 << 16


def check_archive(data: bytes) -> zipfile.ZipFile:
    """Return the package, opened, once all of it is within the budget.

    Every entry is unpacked once, piece by piece, so that what it declares is what it holds; nothing is kept but the
    XML under inspection.

    Raises:
        FormatError: no ZIP archive, a damaged or encrypted entry, an archive within it, or XML with a document type.
        ParserLimitError: over 2,000 entries, 200 MB unpacked, 60 MB of XML, or a ratio of 100.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise FormatError("is no Word document, or a damaged one; get it again, or save its text as .txt") from error
    _check_declared(entries)
    spent = 0
    for entry in entries:
        is_xml = entry.filename.lower().endswith(_XML_SUFFIXES)
        start, content, size = _unpack(package, entry, keep=is_xml, most=MAX_UNPACKED_BYTES - spent)
        spent += size
        if start.startswith(_ARCHIVES) and not entry.filename.startswith(_EMBEDDED):
            raise FormatError("holds another archive; save it again in Word, without attached files")
        if is_xml:
            _check_xml(content)
    return package


def _check_declared(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise ParserLimitError(f"holds {len(entries)} parts, expected at most {MAX_ENTRIES}; save its text as .txt")
    if len({entry.filename for entry in entries}) < len(entries):
        raise FormatError("holds two parts of one name; save it again in Word")
    if any(entry.flag_bits & 1 for entry in entries):
        raise FormatError("holds an encrypted part; save it without a password")
    unpacked = sum(entry.file_size for entry in entries)
    of_xml = sum(entry.file_size for entry in entries if entry.filename.lower().endswith(_XML_SUFFIXES))
    if unpacked > MAX_UNPACKED_BYTES or of_xml > MAX_XML_BYTES:
        raise ParserLimitError(
            f"unpacks to {unpacked // 1_000_000} MB, expected at most {MAX_UNPACKED_BYTES // 1_000_000}, "
            f"{MAX_XML_BYTES // 1_000_000} of them XML; save its text as .txt"
        )
    for entry in entries:
        if entry.file_size > _FREE_BYTES and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
            raise ParserLimitError(
                f"holds a part that unpacks to over {MAX_RATIO} times its size, as a bomb does; save its text as .txt"
            )


def _unpack(package: zipfile.ZipFile, entry: zipfile.ZipInfo, *, keep: bool, most: int) -> tuple[bytes, bytes, int]:
    """Return an entry's first bytes, its content if it is to be kept, and its real size."""
    pieces: list[bytes] = []
    start, size = b"", 0
    try:
        with package.open(entry) as part:
            while piece := part.read(_PIECE):
                start = start or piece[:8]
                size += len(piece)
                if size > most:
                    raise ParserLimitError(
                        f"unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB; save its text as .txt"
                    )
                if keep:
                    pieces.append(piece)
    # zlib.error and what decoders raise are no common family.
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise FormatError("is damaged: a part of it cannot be unpacked; get it again") from error
    except Exception as error:
        if type(error).__module__ != "zlib":
            raise
        raise FormatError("is damaged: a part of it cannot be unpacked; get it again") from error
    return start, b"".join(pieces), size


def _check_xml(content: bytes) -> None:
    """Refuse what could declare an entity, whatever the encoding."""
    # In UTF-16 every second byte is NUL.
    plain = (
        content.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    )
    if plain.strip() and not plain.lstrip().startswith(b"<"):
        raise FormatError("holds a part that is no XML; save it again in Word")
    declared = _DECLARED_ENCODING.match(plain.lstrip())
    if declared is not None and declared[1].lower() not in _ENCODINGS:
        raise FormatError("holds XML in an encoding that no Word document uses; save it again in Word")
    if re.search(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", plain, re.IGNORECASE):
        raise FormatError("holds XML with a document type, which may name entities; save it again in Word")
