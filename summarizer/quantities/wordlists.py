"""How the tables of words are written down: in one string, separated by blanks."""

from __future__ import annotations


def words(table: str) -> tuple[str, ...]:
    """Return the words of a table in order.

    Example:
        >>> words("mile miles")
        ('mile', 'miles')
    """
    return tuple(table.split())
