"""Which of a PDF's characters mean something: a font shows glyphs, and need not say what they are. Runs in the child."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from pypdf.generic import DictionaryObject
from pypdf.generic._font import Font

LOST: Final = "\ufffd"
_SYMBOLIC: Final = 4
# Letters drawn as one glyph, and Han characters that some fonts give under the number of their radical.
_COMPATIBILITY: Final = ((0xFB00, 0xFB06), (0x2E80, 0x2EF3), (0x2F00, 0x2FD5))
_AS_PLAIN: Final = {
    code: unicodedata.normalize("NFKC", chr(code)) for first, last in _COMPATIBILITY for code in range(first, last + 1)
} | {0xA0: " "}
_SPACES: Final = frozenset(" \t\n\r\xa0")


class FontReader:
    """Turns what pypdf makes of a font's codes into text; what is a mere guess becomes U+FFFD."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, bool, frozenset[str] | None, tuple[str, ...]]] = {}

    def read(self, text: str, font: Any) -> str:
        """Return the text with ligatures and radicals as plain characters, and every unknown one as U+FFFD."""
        if not text.strip():
            return text
        is_readable, allowed, nameless = self._look_at(font)
        if not is_readable:
            return "".join(char if char in _SPACES else LOST for char in text)
        for name in nameless:
            text = text.replace(name, LOST)
        if allowed is not None:
            text = "".join(char if char in allowed or char in _SPACES else LOST for char in text)
        # NUL and other control characters are codes without a meaning.
        text = "".join(LOST if char < " " and char not in _SPACES else char for char in text)
        return text.translate(_AS_PLAIN)

    def _look_at(self, font: Any) -> tuple[bool, frozenset[str] | None, tuple[str, ...]]:
        if not isinstance(font, DictionaryObject):
            return False, None, ()
        # Kept with its answer, so that the number stays the font's own.
        kept = self._known.get(id(font))
        if kept is None:
            kept = (font, *_judge(font))
            self._known[id(font)] = kept
        return kept[1:]


def _judge(font: DictionaryObject) -> tuple[bool, frozenset[str] | None, tuple[str, ...]]:
    """Whether the font says what it shows; the characters that it can, None for no limit; glyph names without meaning."""
    kind = font.get("/Subtype")
    encoding = font.get("/Encoding")
    encoding = encoding.get_object() if encoding is not None else None
    if "/ToUnicode" in font:
        mapped = Font.from_font_resource(font).character_map
        if kind == "/Type0":
            return bool(mapped), frozenset("".join(str(value) for value in mapped.values())), ()
        return True, None, ()
    if kind == "/Type0":
        # Identity says which glyph, not which character.
        return isinstance(encoding, str) and not encoding.startswith("/Identity"), None, ()
    nameless: tuple[str, ...] = ()
    if isinstance(encoding, DictionaryObject) and "/Differences" in encoding:
        read = Font.from_font_resource(font).encoding
        if isinstance(read, dict):
            nameless = tuple({value for value in read.values() if len(value) > 1 and value.startswith("/")})
        return True, None, nameless
    if encoding is not None:
        return True, None, ()
    descriptor = font.get("/FontDescriptor")
    descriptor = descriptor.get_object() if descriptor is not None else {}
    is_symbolic = bool(int(descriptor.get("/Flags", 0)) & _SYMBOLIC) if isinstance(descriptor, dict) else False
    return kind != "/Type3" and not (is_symbolic and "/FontFile2" in descriptor), None, ()
