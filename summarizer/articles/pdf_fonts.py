"""Which of a PDF's characters mean something: a font shows glyphs, and need not say what they are. Runs in the child."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from pypdf.generic import DictionaryObject
from pypdf.generic._font import Font

LOST: Final = "\ufffd"
_SYMBOLIC: Final = 4
# Letters drawn as one glyph, and Han characters that many fonts give under the number of their radical.
_COMPATIBILITY: Final = ((0xFB00, 0xFB06), (0x2F00, 0x2FD5))
# Radicals of the supplement that are whole characters too; Unicode gives them no decomposition.
_RADICALS: Final = (
    "⺁厂⺊卜⺒巳⺓幺⺝月⺟母⺠民⺩王⺬示⺶羊⺼肉⺽臼⻄西⻅见⻆角⻉贝⻊足⻋车⻏邑⻑長⻓长⻔门⻕阜⻗雨⻘青⻙韦⻚页⻛风"
    "⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_AS_PLAIN: Final = (
    {
        code: unicodedata.normalize("NFKC", chr(code))
        for first, last in _COMPATIBILITY
        for code in range(first, last + 1)
    }
    | {ord(radical): plain for radical, plain in zip(_RADICALS[::2], _RADICALS[1::2], strict=True)}
    | {0xA0: " ", 0x2E3A: "——", 0x2F3E: "\u2f3e"}
)
# The one radical that is a simplified character in one font and a traditional one in another.
_DOOR: Final = "\u2f3e"
_TRADITIONAL = re.compile("[國與為們這個後來時過會對將發業萬億區產資]")
_SIMPLIFIED = re.compile("[国与为们这个后来时过会对将发业万亿区产资]")
_SPACES: Final = frozenset(" \t\n\r\xa0")


def settle_doors(text: str) -> str:
    """Return the text with 户 or 戶 for the radical that either font may give, as the rest of the text is written."""
    if _DOOR not in text:
        return text
    is_traditional = len(_TRADITIONAL.findall(text)) > len(_SIMPLIFIED.findall(text))
    return text.replace(_DOOR, "戶" if is_traditional else "户")


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
    if kind == "/Type0" and "/ToUnicode" in font:
        mapped = Font.from_font_resource(font).character_map
        return bool(mapped), frozenset("".join(str(value) for value in mapped.values())), ()
    if kind == "/Type0":
        # Identity says which glyph, not which character.
        return isinstance(encoding, str) and not encoding.startswith("/Identity"), None, ()
    if isinstance(encoding, DictionaryObject) and "/Differences" in encoding:
        read = Font.from_font_resource(font).encoding
        values = read.values() if isinstance(read, dict) else ()
        # Longest first: /g1 is the beginning of /g12.
        names = {value for value in values if len(value) > 1 and value.startswith("/")}
        return True, None, tuple(sorted(names, key=len, reverse=True))
    if encoding is not None or "/ToUnicode" in font:
        return True, None, ()
    descriptor = font.get("/FontDescriptor")
    descriptor = descriptor.get_object() if descriptor is not None else {}
    is_symbolic = bool(int(descriptor.get("/Flags", 0)) & _SYMBOLIC) if isinstance(descriptor, dict) else False
    return kind != "/Type3" and not (is_symbolic and "/FontFile2" in descriptor), None, ()
