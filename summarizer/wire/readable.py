r"""JSON that people review: long strings as lists of lines, JSON within strings as JSON; the way back is exact.

"one\ntwo"          {"$lines": ["one", "two"]}
"{\"a\":1}"         {"$json": {"a": 1}}                 a string that is compact JSON
"{\"a\": 1}"        {"$json spaced": {"a": 1}}          the same, with blanks after , and :
{"$lines": 1}       {"$$lines": 1}                      an object that looks like one of these
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

_SPELLINGS: Final[dict[str, tuple[str, str]]] = {"$json": (",", ":"), "$json spaced": (", ", ": ")}
_TAG: Final = re.compile(r"\$+(?:lines|json|json spaced)")
# Shorter strings are read more easily as they are.
_NESTED_JSON_CHARS: Final = 40
# Line separators and directional marks that would deceive a reader, and surrogates that UTF-8 does not encode.
_HIDDEN: Final = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def dump_readable(value: Any) -> str:
    """Return the value as indented JSON, ended by a newline; `load_readable` gives the same value back.

    Objects keep the order of their keys. Hidden and directional characters are written as escapes.
    """
    text = json.dumps(_encode(value), ensure_ascii=False, indent=2)
    return _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def load_readable(text: str | bytes) -> Any:
    """Return the value that `dump_readable` wrote.

    Raises:
        ValueError: no JSON, or a `$` object of no known form.
        RecursionError: nested beyond reason.
    """
    return _decode(json.loads(text))


def _encode(value: Any) -> Any:
    if isinstance(value, str):
        return _encode_text(value)
    if isinstance(value, list):
        return [_encode(item) for item in value]
    if isinstance(value, dict):
        return {"$" + key if _TAG.fullmatch(key) else key: _encode(item) for key, item in value.items()}
    return value


def _encode_text(text: str) -> Any:
    if len(text) >= _NESTED_JSON_CHARS and text[0] in "{[":
        try:
            nested = json.loads(text)
        except (ValueError, RecursionError):
            nested = None
        for tag, separators in _SPELLINGS.items():
            if nested is not None and json.dumps(nested, ensure_ascii=False, separators=separators) == text:
                return {tag: _encode(nested)}
    return {"$lines": text.split("\n")} if "\n" in text else text


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return [_decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((tag, inner),) = value.items()
        if tag == "$lines":
            if not isinstance(inner, list) or not all(isinstance(line, str) for line in inner):
                raise ValueError("'$lines' must be a list of texts")
            return "\n".join(inner)
        if tag in _SPELLINGS:
            return json.dumps(_decode(inner), ensure_ascii=False, separators=_SPELLINGS[tag])
    return {key[1:] if _TAG.fullmatch(key) else key: _decode(item) for key, item in value.items()}
