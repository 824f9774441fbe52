"""Why requests have no recording, as lines to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from evals.answers import REKEYED_FIELDS
from evals.staleness import Change, explain
from summarizer.report.characters import one_line
from summarizer.templates import built_in_prompts
from summarizer.wire.exchange import Exchange

_LINE_CHARS: Final = 160
_NAMES_SHOWN: Final = 8


def missing_lines(missed: Mapping[str, Sequence[Mapping[str, Any]]], recorded: Mapping[str, Exchange]) -> list[str]:
    """Say why requests have no recording: the changed line of template or schema, the cases, the stale recordings."""
    lines = [f"cases with requests that have no recording: {named(tuple(missed))}"]
    changes = explain(missed, recorded, built_in_prompts())
    for change in changes:
        lines += _change_lines(change, len(missed))
    is_rekeyable = all(change.where in {f"request field {name!r}" for name in REKEYED_FIELDS} for change in changes)
    what = "move them by `python -m evals rekey`" if is_rekeyable else "ask again by `python -m evals record`"
    return [*lines, what]


def _change_lines(change: Change, cases: int) -> list[str]:
    what = "changed" if change.stale else "never recorded"
    whose = "" if len(change.cases) == cases else f" (case {named(change.cases)})"
    lines = [f"{what}: {change.where}{whose}"]
    pairs = (("- recorded", change.recorded), ("+ asked now", change.asked))
    at = _first_difference(change.recorded or "", change.asked or "")
    lines += [f"  {mark}: {_clipped(text, at)}" for mark, text in pairs if text is not None]
    return [*lines, f"  stale: {', '.join(change.stale)}"] if change.stale else lines


def _clipped(text: str, at: int) -> str:
    """Show the part of a long line in which it differs."""
    start = max(0, min(at - _LINE_CHARS // 3, len(text) - _LINE_CHARS))
    shown = one_line(text[start : start + _LINE_CHARS])
    return f"{'…' if start else ''}{shown}{'…' if start + _LINE_CHARS < len(text) else ''}"


def _first_difference(before: str, after: str) -> int:
    pairs = enumerate(zip(before, after, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(before), len(after)))


def named(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return ", ".join(names[:_NAMES_SHOWN]) + more
