"""Word files from their parts, so that every part may be wrong."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def run(text: str, properties: str = "") -> str:
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*runs: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def plain(*texts: str) -> str:
    return "".join(paragraph(run(text)) for text in texts)


def table(*rows: tuple[str, ...]) -> str:
    lines = ["".join(cell(one) for one in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{plain(text)}</w:tc>"


def body(inside: str, head: str = _HEAD) -> bytes:
    return f"{head}<w:document {_SPACES}><w:body>{inside}<w:sectPr/></w:body></w:document>".encode()


def parts(document: bytes, *, main: str = MAIN, relations: str = "") -> dict[str, bytes]:
    """Return the parts of the smallest Word file."""
    types = (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="bin" ContentType="application/octet-stream"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>'
        '<Override PartName="/word/styles.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>'
    )
    outer = (
        f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    inner = (
        f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>{relations}</Relationships>'
    )
    styles = (
        f'{_HEAD}<w:styles {_SPACES}><w:style w:type="paragraph" w:styleId="a1"><w:name w:val="Title"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>'
    )
    return {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": outer.encode(),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": inner.encode(),
        "word/styles.xml": styles.encode(),
    }


def package(contents: Mapping[str, bytes], *, level: int = 6) -> bytes:
    """Return the ZIP archive, the same one in every run."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, (2024, 11, 18, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()


def word(inside: str, *, relations: str = "", **more: bytes) -> bytes:
    """Return a Word file with this in its body."""
    return package(parts(body(inside), relations=relations) | {f"word/{name}": data for name, data in more.items()})


def external(kind: str, target: str) -> str:
    """A relation to something elsewhere."""
    return f'<Relationship Id="rId9" Type="{_OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'


def says_less(data: bytes, name: str, size: int) -> bytes:
    """Let an entry declare a size that is not its own."""
    out = bytearray(data)
    for mark, place, length in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = out.find(mark)
        while at >= 0:
            if out[at + length : at + length + len(name)] == name.encode():
                struct.pack_into("<I", out, at + place, size)
            at = out.find(mark, at + 4)
    return bytes(out)
