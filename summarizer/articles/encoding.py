"""Bytes to text: which encoding a file is in, decided by what the text would be."""

from __future__ import annotations

import codecs
import re
from typing import Final

from summarizer.articles.common_characters import COMMON
from summarizer.errors import EncodingError

_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC: Final = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document of the old kind"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF media file"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"(\xb5/\xfd", "zstd data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "an executable"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"OggS", "an Ogg media file"),
    (b"ID3", "an MP3 file"),
    (b"PAR1", "a Parquet file"),
)
_DECLARATION = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})"
    rb"|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})",
    re.IGNORECASE,
)
# What a name means in practice: supersets, as browsers read them.
_SUPERSETS: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-7": "utf-8",
}
_HINT_BYTES = 4096
_SAMPLE_CHARS = 6000
# Share of common characters among the non-ASCII ones: running Chinese text reaches 0.7 and more, a wrong guess less than 0.3.
_PLAUSIBLE_SHARE = 0.42
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_NEVER_IN_TEXT = re.compile("[\x80-\x84\x86-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]")
_MARKS: Final = frozenset("€£¥°±×÷·§©®²³µ\u2010\u2011–‘’“”•‰′″℃→≤≥≈")
_ADVICE = "save it as UTF-8 and try again"


def decode(data: bytes, *, declared: str | None = None) -> tuple[str, str]:
    """Return the text of a file and the Python codec name that gives exactly this text.

    `data.decode(name) == text` holds for every result, so that source offsets can be checked with nothing but the
    file. Line ends stay as they are. A byte order mark selects the encoding and is no part of the text (`utf-8-sig`,
    `utf-16`, `utf-32`).

    Order of trial: byte order mark; UTF-16 and UTF-32 by the pattern of their NULs; strict UTF-8; the encoding that
    `declared`, a `<meta charset>` or an XML declaration names; GB18030 or Big5, whichever gives more common Chinese
    characters and punctuation; UTF-16 of pure Chinese; Windows-1252 for mostly ASCII text. A declaration counts only
    if the bytes decode strictly and the result is plausible.

    Args:
        data: the file.
        declared: an encoding that came with the file (an HTTP header, a command line).

    Raises:
        EncodingError: binary data, or no encoding gives plausible text; the message says what it looks like.

    Example:
        >>> decode("签约".encode("gbk"))
        ('签约', 'gb18030')
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            text = _strict(data, name)
            if text is not None and _is_clean(text):
                return text, name
            if name != "utf-8-sig":
                raise EncodingError(f"begins with the mark of {name} but does not decode as such; {_ADVICE}")
    if what := looks_like(data):
        raise EncodingError(f"looks like {what}, expected text; convert it to .txt, .md or .html")
    if b"\x00" in data[:_HINT_BYTES]:
        return _decode_with_nuls(data)
    text = _strict(data, "utf-8")
    if text is not None and not _is_chance_utf8(data, text):
        return _checked(text, "utf-8")
    return _decode_legacy(data, declared)


def looks_like(data: bytes) -> str | None:
    """Return in words what kind of file the first bytes say it is; None for text and for what is not known."""
    return next((what for magic, what in _MAGIC if data.startswith(magic)), None)


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, LookupError):
        return None


def _checked(text: str, name: str) -> tuple[str, str]:
    if not _is_clean(text):
        raise EncodingError(f"holds control characters as binary data does, expected text; {_ADVICE}")
    return text, name


def _is_clean(text: str) -> bool:
    """No NUL, and fewer than 1 control character in 200."""
    sample = text[: 50 * _SAMPLE_CHARS]
    return "\x00" not in text and len(_CONTROL.findall(sample)) * 200 <= len(sample)


def _decode_with_nuls(data: bytes) -> tuple[str, str]:
    best: tuple[float, str, str] | None = None
    for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        text = _strict(data, name)
        if text is None or not _is_clean(text) or _NEVER_IN_TEXT.search(text[:_SAMPLE_CHARS]):
            continue
        share = _familiar_share(text)
        if share >= _PLAUSIBLE_SHARE and (best is None or share > best[0]):
            best = share, text, name
    if best is None:
        raise EncodingError(f"holds NUL bytes and is no UTF-16: binary data, expected text; {_ADVICE}")
    return best[1], best[2]


def _familiar_share(text: str) -> float:
    """Share of ASCII, Latin and common Chinese characters: 16-bit text read the wrong way round has next to none."""
    sample = text[:_SAMPLE_CHARS]
    familiar = sum(char < "\u0250" or char in COMMON or "\u2010" <= char <= "\u20bf" for char in sample)
    return familiar / max(1, len(sample))


def common_share(text: str) -> float:
    """Return the share of common Chinese characters and punctuation among the non-ASCII ones of a sample, 0 to 1."""
    # Head and tail: the head of a page may hold nothing but names.
    sample = text if len(text) <= 2 * _SAMPLE_CHARS else text[:_SAMPLE_CHARS] + text[-_SAMPLE_CHARS:]
    found: list[str] = _NON_ASCII.findall(sample)
    if not found:
        return 0.0
    if any(_NEVER_IN_TEXT.match(char) for char in found):
        return 0.0
    return sum(char in COMMON or char in _MARKS or "\u00c0" <= char < "\u0250" for char in found) / len(found)


def _is_chance_utf8(data: bytes, text: str) -> bool:
    """A few GBK characters can happen to be valid UTF-8; they then read as letters of several far-away alphabets."""
    if len(data) > 200 or text.isascii() or any(char >= "\u0800" for char in text):
        return False
    strange = sum(char >= "\u0250" for char in text)
    other = _strict(data, "gb18030")
    return strange * 2 >= len(text) and other is not None and common_share(other) >= 0.9


def _decode_legacy(data: bytes, declared: str | None) -> tuple[str, str]:
    name = _declared_codec(data, declared)
    declared_text: str | None = None
    if name is not None and name != "utf-8":
        text = _strict(data, name)
        if text is not None and _is_clean(text):
            if _is_plausible(text, name):
                return text, name
            declared_text = text
    candidates: list[tuple[float, str, str]] = []
    for codec in ("gb18030", "big5hkscs", "cp950"):
        text = _strict(data, codec)
        if text is not None:
            share = common_share(text)
            # The first of equals wins: GB18030 before Big5, HKSCS before the Windows variant.
            if not candidates or share > candidates[0][0]:
                candidates.insert(0, (share, text, codec))
    for codec in ("utf-16-le", "utf-16-be"):
        text = _strict(data, codec)
        if (
            text is not None
            and (share := common_share(text)) >= 0.6
            and share > max((item[0] for item in candidates), default=0.0)
        ):
            candidates.insert(0, (share, text, codec))
    if candidates and candidates[0][0] >= _PLAUSIBLE_SHARE:
        return _checked(candidates[0][1], candidates[0][2])
    text = _strict(data, "cp1252")
    if text is not None and _is_western(text) and _is_clean(text):
        return text, "cp1252"
    # A page of a few rare characters: nothing else explains it better.
    if declared_text is not None and name is not None and common_share(declared_text) >= _PLAUSIBLE_SHARE / 2:
        return declared_text, name
    raise EncodingError(_why_unreadable(data))


def _declared_codec(data: bytes, declared: str | None) -> str | None:
    name = declared
    if name is None:
        match = _DECLARATION.search(data[:_HINT_BYTES])
        if match is None:
            return None
        name = (match[1] or match[2]).decode("ascii")
    try:
        known = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    # A declaration that can be read as bytes of ASCII is not in a 16-bit encoding.
    if known.startswith(("utf-16", "utf-32")) and declared is None:
        return "utf-8"
    if known in _BYTES_TO_BYTES:
        return None
    return _SUPERSETS.get(known, known)


_BYTES_TO_BYTES_WORDS: Final = (
    "base64 bz2 hex quopri rot13 uu zlib idna punycode raw-unicode-escape unicode-escape undefined mbcs oem"
)
_BYTES_TO_BYTES: Final = frozenset(_BYTES_TO_BYTES_WORDS.split())


def _is_plausible(text: str, codec: str) -> bool:
    if codec in {"gb18030", "big5hkscs", "cp950", "hz", "iso2022_jp"}:
        return text.isascii() or common_share(text) >= _PLAUSIBLE_SHARE
    if codec in {"cp1252", "latin-1", "iso8859-15"}:
        return _is_western(text)
    if codec in {"cp932", "euc_jp"}:
        return _share_between(text, "\u3040", "\u30ff") >= 0.15
    if codec == "cp949":
        return _share_between(text, "\uac00", "\ud7a3") >= 0.4
    return not _NEVER_IN_TEXT.search(text[: 10 * _SAMPLE_CHARS])


def _share_between(text: str, first: str, last: str) -> float:
    found: list[str] = _NON_ASCII.findall(text[: 10 * _SAMPLE_CHARS])
    return sum(first <= char <= last for char in found) / max(1, len(found))


# A capital or lower-case accented letter within a word, or a mark that Windows writes: quotes, dashes, currency signs.
_WESTERN = re.compile(r"[A-Za-z][À-ÖØ-öø-ÿŒœŠšŽžŸ]|[À-ÖØ-öø-ÿŒœŠšŽžŸ][A-Za-z]|[€£¥§©®°±²³µ·¼½¾™…•–—‘’“”«»¢ \u00a0‹›¡¿]")


def _is_western(text: str) -> bool:
    sample = text[: 10 * _SAMPLE_CHARS]
    high = len(_NON_ASCII.findall(sample))
    explained = sum(len(_NON_ASCII.findall(found)) for found in _WESTERN.findall(sample))
    return not _NEVER_IN_TEXT.search(sample) and high * 5 <= len(sample) * 2 and explained * 10 >= high * 8


def _why_unreadable(data: bytes) -> str:
    if b"\x00" in data or len(_CONTROL.findall(data[:_HINT_BYTES].decode("latin-1"))) * 50 > min(
        len(data), _HINT_BYTES
    ):
        return f"looks like binary data, expected text; {_ADVICE}"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        readable = data.decode("utf-8", "ignore")
        lost = len(data) - len(readable.encode("utf-8"))
        if lost <= max(8, len(data) // 100) and (readable.isascii() or common_share(readable) >= _PLAUSIBLE_SHARE):
            return f"looks like UTF-8 but is broken at byte {error.start} of {len(data)}; {_ADVICE}"
    return f"is in no encoding known here (UTF-8, UTF-16, GB18030, Big5, Windows-1252 were tried); {_ADVICE}"
