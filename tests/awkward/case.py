"""What an awkward input is: a file or something in its place, and what must become of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An article with exactly this text; `warnings` must be among its own."""

    text: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """No article, for a reason of this kind; `words` stand in the message."""

    kind: str
    words: str = ""
    is_skipped: bool = False


Outcome = Read | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One input. `outcomes` by what follows its path in the source: nothing, or `:3` for a line of JSON Lines."""

    name: str
    content: bytes | None = None
    make: Callable[[Path], object] | None = None
    outcomes: dict[str, Outcome]
    # Nothing awkward about it: whoever refuses it refuses everything.
    is_control: bool = False
    # Takes an engine long; only read.
    is_large: bool = False


def read(name: str, content: bytes, text: str, *, control: bool = False, large: bool = False, warns: str = "") -> Case:
    outcome = Read(text=text, warnings=tuple(warns.split()))
    return Case(name=name, content=content, outcomes={"": outcome}, is_control=control, is_large=large)


def refused(name: str, content: bytes, kind: str, words: str = "") -> Case:
    return Case(name=name, content=content, outcomes={"": Refused(kind=kind, words=words)})


def special(name: str, make: Callable[[Path], object], outcome: Outcome | None) -> Case:
    """Make something that is no plain file; None: a folder, of which nothing is said by itself."""
    return Case(name=name, make=make, outcomes={} if outcome is None else {"": outcome})


def lay_out(cases: Iterator[Case] | list[Case], folder: Path) -> dict[str, tuple[Case, Outcome]]:
    """Write all cases below a folder; return what is expected of each source."""
    expected: dict[str, tuple[Case, Outcome]] = {}
    for case in cases:
        path = folder / case.name
        path.parent.mkdir(parents=True, exist_ok=True)
        if case.make is not None:
            case.make(path)
        else:
            path.write_bytes(case.content or b"")
        for place, outcome in case.outcomes.items():
            source = f"{path}{place}"
            assert source not in expected, source
            expected[source] = (case, outcome)
    return expected
