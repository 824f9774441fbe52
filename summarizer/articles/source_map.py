"""The map between a canonical text and the decoded source it was made from."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence


class SourceMap:
    """Which range of the decoded source each character of the canonical text came from, and back.

    The map is a list of runs. In a run whose two sides are equally long the characters correspond one to one; in any
    other run (an entity, collapsed white space, the line break between two blocks) every canonical character stands for
    the run's whole source range. Runs are ordered on both sides, so the map is monotone. Source text that no run covers
    (tags, scripts, comments) is invisible.

    A run takes 12 bytes; both look-ups are a bisection, O(log runs).
    """

    __slots__ = ("_canonical", "_ends", "_length", "_starts")

    def __init__(self, canonical: array[int], starts: array[int], ends: array[int], length: int) -> None:
        """Take the runs as three parallel arrays; `SourceMapBuilder` makes them."""
        self._canonical = canonical
        self._starts = starts
        self._ends = ends
        self._length = length

    @property
    def runs(self) -> tuple[list[int], list[int], list[int]]:
        """The three parallel lists that make this map again, with `length`."""
        return self._canonical.tolist(), self._starts.tolist(), self._ends.tolist()

    @classmethod
    def of_runs(cls, runs: Sequence[Sequence[int]], length: int) -> SourceMap:
        """Return the map whose `runs` and `length` these are."""
        canonical, starts, ends = (array("I", run) for run in runs)
        return cls(canonical, starts, ends, length)

    @property
    def length(self) -> int:
        """Number of characters of the canonical text."""
        return self._length

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Return the source range of `canonical[start:end]`: from its first character's start to its last one's end.

        An empty range maps to an empty range before the character that follows.

        Raises:
            ValueError: the range does not lie in the canonical text.
        """
        if not 0 <= start <= end <= self._length:
            raise ValueError(f"range {start}:{end} is not within 0:{self._length}")
        if start == end:
            at = self._character(start)[0] if start < self._length else (self._ends[-1] if self._ends else 0)
            return at, at
        return self._character(start)[0], self._character(end - 1)[1]

    def to_canonical(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the canonical text whose characters come, wholly or partly, from `source[start:end]`.

        Where nothing visible comes from it, the result is empty and stands before the next visible character.

        Raises:
            ValueError: `start` is negative or behind `end`.
        """
        if not 0 <= start <= end:
            raise ValueError(f"range {start}:{end} is no range of the source")
        first = self._first_ending_after(start)
        if start == end:
            return first, first
        return first, max(first, self._first_starting_from(end))

    def _run_bounds(self, run: int) -> tuple[int, int]:
        following = run + 1
        return self._canonical[run], self._canonical[following] if following < len(self._canonical) else self._length

    def _character(self, position: int) -> tuple[int, int]:
        run = bisect_right(self._canonical, position) - 1
        first, last = self._run_bounds(run)
        start, end = self._starts[run], self._ends[run]
        if last - first == end - start:
            at = start + position - first
            return at, at + 1
        return start, end

    def _first_ending_after(self, offset: int) -> int:
        run = bisect_right(self._ends, offset)
        if run == len(self._ends):
            return self._length
        first, last = self._run_bounds(run)
        start = self._starts[run]
        if last - first == self._ends[run] - start and offset > start:
            return first + offset - start
        return first

    def _first_starting_from(self, offset: int) -> int:
        run = bisect_left(self._starts, offset)
        if run == 0:
            return 0
        first, last = self._run_bounds(run - 1)
        start, end = self._starts[run - 1], self._ends[run - 1]
        if last - first == end - start:
            return first + min(offset, end) - start
        return last


class SourceMapBuilder:
    """Collects a canonical text piece by piece together with its map."""

    __slots__ = ("_canonical", "_ends", "_length", "_open_until", "_pieces", "_source", "_starts")

    def __init__(self, source: str) -> None:
        self._source = source
        self._pieces: list[str] = []
        self._canonical = array("I")
        self._starts = array("I")
        self._ends = array("I")
        self._length = 0
        # Source offset at which a further copy would prolong the last run; -1 if that run is no copy.
        self._open_until = -1

    def __len__(self) -> int:
        return self._length

    @property
    def source_end(self) -> int:
        """Source offset behind the last piece, 0 at the beginning."""
        return self._ends[-1] if self._ends else 0

    def copy(self, start: int, end: int) -> None:
        """Append `source[start:end]` as it is."""
        if start >= end:
            return
        self._pieces.append(self._source[start:end])
        if start == self._open_until:
            self._ends[-1] = end
        else:
            self._add_run(start, end)
        self._length += end - start
        self._open_until = end

    def put(self, text: str, start: int, end: int) -> None:
        """Append `text`, which stands for `source[start:end]`."""
        if not text:
            return
        if len(text) == end - start == 1 and start == self._open_until:
            self._ends[-1] = end
            self._open_until = end
        else:
            self._add_run(start, end)
            self._open_until = end if len(text) == end - start else -1
        self._pieces.append(text)
        self._length += len(text)

    def _add_run(self, start: int, end: int) -> None:
        self._canonical.append(self._length)
        self._starts.append(start)
        self._ends.append(end)

    def build(self) -> tuple[str, SourceMap]:
        """Return the canonical text and its map."""
        text = "".join(self._pieces)
        return text, SourceMap(self._canonical, self._starts, self._ends, self._length)
