"""Foreign text made harmless where it is shown: a terminal, a line of Markdown, a cell of a table.

Whatever comes from an article, a file name or a model passes through one of these functions on its way out.
"""

from __future__ import annotations

import re

# Control characters, everything that turns the direction of writing or shows nothing, and lone surrogates.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BLANKS = re.compile(r"[\s\u2028\u2029\x85]+")

# `$` begins a formula and `@` a mention for some readers of Markdown; a colon only where it would make a link.
# An underscore between letters or digits is text for every reader.
_MARKUP = re.compile(
    r"([\\`*\[\]<>|~&$@]|(?<![a-z0-9])_|_(?![a-z0-9])|:(?=//)|(?<=javascript):|(?<=vbscript):|(?<=data):|(?<=mailto):)",
    re.IGNORECASE,
)
_WWW = re.compile(r"(?i)\bwww\.")
# Characters that open a block when they stand first: headings, lists, rules, quotes.
_BLOCK_START = re.compile(r"^([#+=-])|^(\d{1,9})([.)])(?=\s|$)")

_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
# What a spreadsheet takes for the beginning of a formula, also behind characters that it skips or does not show.
_FORMULA = re.compile(
    "^[\\s\x00-\x1f\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*[=+\\-@＝＋－＠\u2212\ufe62\ufe63\ufe66\ufe6b]"
    "|^[\t\r\x00']"
)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def visible(text: str) -> str:
    r"""Return `text` with every control, bidirectional, invisible and unpaired character shown as its escape.

    For reading only: the way back is not unique (a text that holds the characters `\x1b` looks the same).

    Example:
        >>> visible("a\x1b[31mb")
        'a\\x1b[31mb'
    """
    return _UNSEEN.sub(_escape, text)


def one_line(text: str, limit: int | None = None) -> str:
    """Return `text` on one line: runs of blanks become one space, the rest as `visible` shows it.

    With `limit`, what is longer is cut there and the number of characters left out is said.
    """
    flat = _BLANKS.sub(" ", text).strip()
    if limit is not None and len(flat) > limit:
        return f"{visible(flat[:limit])} … (+{len(flat) - limit})"
    return visible(flat)


def markdown_line(text: str, limit: int | None = None) -> str:
    """Return `text` on one line as Markdown that shows it and does nothing: no markup, HTML, link, image or new cell.

    Fit for a table's cell, a list's item, a heading and the middle of a sentence. `limit` as in `one_line`.
    """
    escaped = _WWW.sub(lambda match: match[0][:-1] + "\\.", _MARKUP.sub(r"\\\1", one_line(text, limit)))
    return _BLOCK_START.sub(lambda match: f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}", escaped)


def writable(text: str) -> str:
    """Return `text` with NUL and lone surrogates replaced by U+FFFD, one for one: offsets stay right."""
    return _UNWRITABLE.sub("\ufffd", text)


def text_cell(text: str) -> str:
    """Return a table's cell that no spreadsheet reads as a formula.

    An apostrophe is put before a text that begins like one (`=`, `+`, `-`, `@`, their full-width forms, behind blanks
    and invisible characters too, or a tab, carriage return or NUL) and before a text that begins with an apostrophe.
    The way back is therefore unique: a text cell that begins with an apostrophe loses it.
    """
    return ("'" if _FORMULA.match(text) else "") + writable(text)


def number_cell(value: str | None) -> str:
    """Return a cell for one of our own decimal strings, plain also when negative; anything else as `text_cell`."""
    if value is None:
        return ""
    return value if _NUMBER.fullmatch(value) else text_cell(value)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if character in _NAMED:
        return _NAMED[character]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
