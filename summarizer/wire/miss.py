"""Why a replay found nothing: the nearest recording, and where the request differs from it."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Any, Final

from summarizer.wire.readable import dump_readable, load_readable

# 64 probes in 2000 files of 20 kB took about a second; more files are not looked into.
_MAX_FILES: Final = 2000
_MAX_FILE_BYTES: Final = 2**20
_PROBES: Final = 64
_PROBE_CHARS: Final = 12
_MAX_DIFF_LINES: Final = 40
_MAX_COMPARED_LINES: Final = 4000
_CLIP_CHARS: Final = 100


def describe_miss(folder: Path, request: str) -> list[str]:
    """Return lines that name the recording nearest to a request and show where the two differ.

    Args:
        folder: the recordings.
        request: the request as `dump_readable` writes it, keys sorted.
    """
    nearest = _find_nearest(folder, request)
    if nearest is None:
        return ["the folder holds no readable recording"]
    path, recorded = nearest
    lines = _diff(_lines(recorded), _lines(request))
    return [f"nearest is {path.name!r}; - recorded, + asked now:", *lines]


def _find_nearest(folder: Path, request: str) -> tuple[Path, str] | None:
    probes = _probes(request)
    best: tuple[int, Path] | None = None
    for path in islice(sorted(folder.glob("*.json")), _MAX_FILES):
        try:
            if path.is_symlink() or path.stat().st_size > _MAX_FILE_BYTES:
                continue
            content = path.read_bytes()
        except OSError:
            continue
        score = sum(probe in content for probe in probes)
        if best is None or score > best[0]:
            best = score, path
    if best is None:
        return None
    try:
        recorded: Any = load_readable(best[1].read_bytes())["request"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return best[1], dump_readable(recorded)


def _probes(request: str) -> list[bytes]:
    """Take short samples spread evenly over the request's text; an edit spoils only those that it touches."""
    samples = [
        line[start : start + _PROBE_CHARS]
        for line in (line.strip() for line in request.split("\n"))
        for start in range(0, len(line) - _PROBE_CHARS + 1, _PROBE_CHARS)
    ]
    step = max(1, len(samples) / _PROBES)
    chosen = {samples[int(index * step)] for index in range(int(len(samples) / step))}
    return [sample.encode("utf-8", "surrogatepass") for sample in sorted(chosen)]


def _lines(readable: str) -> list[str]:
    # Without the comma a line stays the same when another one follows it.
    return [line.removesuffix(",") for line in readable.splitlines()]


def _diff(recorded: list[str], asked: list[str]) -> list[str]:
    matcher = SequenceMatcher(None, recorded[:_MAX_COMPARED_LINES], asked[:_MAX_COMPARED_LINES], autojunk=True)
    lines: list[str] = []
    for tag, start, end, asked_start, asked_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        lines.append(f"@ line {asked_start + 1}")
        old, new = recorded[start:end], asked[asked_start:asked_end]
        for index in range(max(len(old), len(new))):
            before = old[index] if index < len(old) else None
            after = new[index] if index < len(new) else None
            at = _first_difference(before or "", after or "")
            lines += [f"{mark} {_clip(line, at)}" for mark, line in (("-", before), ("+", after)) if line is not None]
    if len(lines) > _MAX_DIFF_LINES:
        left_out = len(lines) - _MAX_DIFF_LINES + 1
        lines = [*lines[: _MAX_DIFF_LINES - 1], f"… {left_out} more lines"]
    return lines or ["the two read the same; the recording itself may have been edited"]


def _first_difference(before: str, after: str) -> int:
    length = min(len(before), len(after))
    return next((index for index in range(length) if before[index] != after[index]), length)


def _clip(line: str, at: int) -> str:
    """Show the part of a long line that holds the difference."""
    if len(line) <= _CLIP_CHARS:
        return line
    start = max(0, min(at - _CLIP_CHARS // 3, len(line) - _CLIP_CHARS))
    end = start + _CLIP_CHARS
    return ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")
