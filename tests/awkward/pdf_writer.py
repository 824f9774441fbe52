"""The smallest writer of PDF files that shows what a reader must bear."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

Shown = tuple[float, float, float, str]
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


@dataclass(frozen=True, slots=True)
class Font:
    """A font's objects, the first of them the font itself, and how a text is written in it."""

    objects: tuple[bytes, ...]
    codes: dict[str, bytes]

    def write(self, text: str) -> bytes:
        return b"<" + b"".join(self.codes[char] for char in text).hex().encode() + b">"


def helvetica() -> Font:
    return Font(
        (HELVETICA,),
        {chr(code): bytes([code]) for code in range(32, 127)} | {"é": b"\xe9", "€": b"\x80", "\xad": b"\xad"},
    )


def identity(text: str, *, says: bool = True, leaves_out: str = "") -> Font:
    """A Chinese font by glyph numbers; whether it says what they mean."""
    codes = {char: number.to_bytes(2, "big") for number, char in enumerate(sorted(set(text)), 40)}
    rows = "\n".join(
        f"<{code.hex()}> <{char.encode('utf-16-be').hex()}>" for char, code in codes.items() if char not in leaves_out
    )
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <0000> <ffff> "
        f"endcodespacerange {len(codes)} beginbfchar\n{rows}\nendbfchar endcmap end end"
    )
    widths = b" ".join(b"500" if char.isascii() else b"1000" for char in sorted(set(text)))
    says_it = b"/ToUnicode %d 0 R" if says else b"%% %d"
    return Font(
        (
            b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [%d 0 R]\n"
            + says_it
            + b"\n>>",
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 /W [40 [" + widths + b"]] "
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
            stream(table.encode()),
        ),
        codes,
    )


def predefined(text: str, encoding: str, codec: str) -> Font:
    """A Chinese font by the codes of an old encoding, which needs no table."""
    codes = {char: char.encode(codec) for char in set(text)}
    return Font(
        (
            f"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /{encoding} /DescendantFonts [%d 0 R] >>".encode(),
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Song /DW 1000 "
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        ),
        codes,
    )


def stream(data: bytes, extra: bytes = b"", *, packed: bool = False) -> bytes:
    if packed:
        data, extra = zlib.compress(data), extra + b" /Filter /FlateDecode"
    return b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(data), extra and b" " + extra, data)


def content(lines: Sequence[Shown], font: Font, before: bytes = b"") -> bytes:
    """Draw texts at (x, y) in a size."""
    parts = [before]
    for x, y, size, text in lines:
        parts.append(b"BT /F1 %g Tf 1 0 0 1 %g %g Tm %s Tj ET" % (size, x, y, font.write(text)))
    return b"\n".join(parts)


def paragraph(text: str, *, width: float = 30, top: float = 760, indent: int = 0, size: float = 12) -> list[Shown]:
    """Break Chinese text into lines as a typesetter does, every one full but the last."""
    pieces, piece, room = [], "", width - indent
    for char in text:
        breadth = 0.5 if char.isascii() else 1
        if room < breadth:
            pieces.append(piece)
            piece, room = "", width
        piece, room = piece + char, room - breadth
    starts = [72 + indent * size, *([72] * len(pieces))]
    rows = enumerate(zip(starts, [*pieces, piece], strict=True))
    return [(start, top - 1.5 * size * row, size, shown) for row, (start, shown) in rows]


def words(text: str, *, width: int = 80, top: float = 760, size: float = 12) -> list[Shown]:
    """Break English text into lines at its blanks."""
    lines: list[Shown] = []
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append((72, top - 1.5 * size * len(lines), size, line))
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, (72, top - 1.5 * size * len(lines), size, line)]


def document(
    pages: Sequence[bytes],
    font: Font,
    *,
    extra: Sequence[bytes] = (),
    root: bytes = b"",
    resources: bytes = b"",
    packed: bool = False,
) -> bytes:
    """Return a PDF with a page for each content; `extra` objects are numbered behind all others, from `first_extra`."""
    count = len(pages)
    first_font = 3 + 2 * count
    numbers = [first_font + step + 1 for step in range(len(font.objects) - 1)]
    main = font.objects[0] % tuple(numbers) if b"%d" in font.objects[0] else font.objects[0]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % root,
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (count, b" ".join(b"%d 0 R" % (3 + 2 * one) for one in range(count))),
    ]
    for one, drawn in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 %d 0 R >> %s >> >>"
            % (4 + 2 * one, first_font, resources)
        )
        objects.append(stream(drawn, packed=packed))
    return assemble([*objects, main, *font.objects[1:], *extra])


def first_extra(pages: int, font: Font) -> int:
    return 3 + 2 * pages + len(font.objects)


def assemble(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def locked(drawn: bytes, user: bytes) -> bytes:
    """Return a PDF of one English page under the old 40-bit protection, for a user with this password."""
    identifier = b"0123456789abcdef"
    permissions = -44
    owner = _rc4(hashlib.md5((b"owner" + _PAD)[:32]).digest()[:5], (user + _PAD)[:32])
    seed = (user + _PAD)[:32] + owner + permissions.to_bytes(4, "little", signed=True) + identifier
    key = hashlib.md5(seed).digest()[:5]
    own = hashlib.md5(key + (4).to_bytes(3, "little") + b"\0\0").digest()[:10]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        stream(_rc4(own, drawn)),
        HELVETICA,
        b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P %d >>"
        % (owner.hex().encode(), _rc4(key, _PAD).hex().encode(), permissions),
    ]
    name = identifier.hex().encode()
    return assemble(objects, b"/Encrypt 6 0 R /ID [<%s> <%s>]" % (name, name))
