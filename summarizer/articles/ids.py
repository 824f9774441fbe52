"""Article ids as file names."""

from __future__ import annotations

import hashlib
import re

# Lower-case only, so that ids that differ in case alone (A1, a1) do not meet on a file system that ignores case.
_PLAIN = re.compile(r"[a-z0-9_][a-z0-9._~-]{0,95}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
# Windows keeps these for devices, whatever the suffix.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$|clock\$)(?:\..*)?", re.IGNORECASE)
_HASH_SUFFIX = re.compile(r".*-[0-9a-f]{8}")
_READABLE_BYTES = 80


def file_name_of(article_id: str) -> str:
    """Return a file name, without suffix, that is safe on every system and belongs to this id only.

    An id made of lower-case ASCII letters, digits, `.`, `_`, `~`, `-` (first a letter, digit or `_`; at most 96 characters)
    is its own file name. Any other id keeps what is readable of it, at most 80 bytes of it, and gets `-` and the first
    eight hexadecimal digits of its SHA-256: separators, traversal, control characters, reserved names, leading dashes
    and dots, ids that differ only in case or in Unicode normalisation cannot meet. An id that itself ends like such
    a hash gets one as well. The name is ASCII and has at most 96 characters.

    Example:
        >>> file_name_of("d05-skarvik-offtake"), file_name_of("../etc/passwd")[:10]
        ('d05-skarvik-offtake', 'etc_passwd')
    """
    if (
        _PLAIN.fullmatch(article_id)
        and not _RESERVED.fullmatch(article_id)
        and not article_id.endswith((".", "~"))
        and not _HASH_SUFFIX.fullmatch(article_id)
    ):
        return article_id
    digest = hashlib.sha256(article_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    readable = _UNSAFE.sub("_", article_id).strip("._-")[:_READABLE_BYTES].rstrip("._-")
    if _RESERVED.fullmatch(readable):
        readable = f"_{readable}"
    return f"{readable or 'article'}-{digest}"
