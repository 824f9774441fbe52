"""The report: what became of the plants, by kind, and whether that is good enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.corruption.answers import Part
from evals.corruption.judging import State
from evals.corruption.kinds import KINDS
from evals.outcomes import Finding
from summarizer.report.characters import one_line

# Of the plants of a kind at most this share may stand in the record as verified; of strict kinds none.
MOST_VERIFIED: Final = 0.01
_STATES: Final[tuple[State, ...]] = ("verified", "marked", "mended", "harmless", "lost")
# Lines of each kind in the short form.
_SHOWN: Final = 3
_PLAIN_WIDTH: Final = 130
# Of a long text only so much is shown on both sides of what was changed.
_CONTEXT_CHARS: Final = 12


class Fate(Finding):
    """What became of one plant in one way of running; see `judging.State`.

    `says` are the codes that mark it, or what stands in the record as verified. `untouched_lost` names each item that the
    mistake does not concern, and which is gone or no longer verified.
    """

    state: State
    says: str = ""
    untouched_lost: tuple[str, ...] = ()


class PlantResult(Finding):
    """One planted mistake: where in the answer, what stood there and what stands there now, and what became of it.

    `passes_plain` says that a plain instructor loop hands the mistake on as fact.
    """

    kind: str
    case: str
    part: Part
    where: str
    was: str
    now: str
    followed: Fate
    unfollowed: Fate
    passes_plain: bool


class KindRow(Finding):
    """The counts of one kind; `followed` and `unfollowed` have one for each state, `untouched_*` are items."""

    kind: str
    says: str
    is_strict: bool
    plants: int
    followed: dict[State, int]
    unfollowed: dict[State, int]
    untouched_followed: int
    untouched_unfollowed: int
    passes_plain: int

    @property
    def is_met(self) -> bool:
        """Whether the goals hold for this kind, with follow-ups and without: few or none verified, nothing untouched lost."""
        most = 0 if self.is_strict else MOST_VERIFIED * self.plants
        worst = max(self.followed["verified"], self.unfollowed["verified"])
        return worst <= most and not (self.untouched_followed or self.untouched_unfollowed)


class CorruptionReport(Finding):
    """All plants of a run. The same recordings, cases, seed and rounds give an equal report."""

    seed: int
    rounds: int
    cases: tuple[str, ...]
    plants: tuple[PlantResult, ...]

    def rows(self) -> tuple[KindRow, ...]:
        """Return the counts of each kind that was planted, in the order of the kinds."""
        return tuple(row for kind in KINDS if (row := self._row(kind.name, kind.says, kind.is_strict)).plants)

    def _row(self, name: str, says: str, is_strict: bool) -> KindRow:
        plants = [plant for plant in self.plants if plant.kind == name]
        return KindRow(
            kind=name,
            says=says,
            is_strict=is_strict,
            plants=len(plants),
            followed=_counted(plant.followed for plant in plants),
            unfollowed=_counted(plant.unfollowed for plant in plants),
            untouched_followed=sum(len(plant.followed.untouched_lost) for plant in plants),
            untouched_unfollowed=sum(len(plant.unfollowed.untouched_lost) for plant in plants),
            passes_plain=sum(plant.passes_plain for plant in plants),
        )

    @property
    def is_met(self) -> bool:
        """Whether every kind meets the goals; not so where nothing was planted."""
        rows = self.rows()
        return bool(rows) and all(row.is_met for row in rows)


def _counted(fates: Iterable[Fate]) -> dict[State, int]:
    counts = Counter(fate.state for fate in fates)
    return {state: counts[state] for state in _STATES}


def print_report(report: CorruptionReport, console: Console | None = None, *, is_verbose: bool = False) -> None:
    """Print the table by kind and plants that fail the goals: a few of each kind, or all if verbose.

    Verbose prints a second table, by kind and by what the mistake is made in.
    """
    console = console or _console()
    rows = report.rows()
    console.print(_table(rows))
    if is_verbose:
        console.print(_table_of_parts(report))
    for row in rows:
        for line in _failures(report, row, len(report.plants) if is_verbose else _SHOWN):
            console.print(Text(one_line(line)), soft_wrap=True)
    met = sum(row.is_met for row in rows)
    console.print(
        f"{len(report.plants)} mistakes in {len(report.cases)} cases (seed {report.seed}, rounds {report.rounds}). "
        f"{met} of {len(rows)} kinds meet the goals: at most {MOST_VERIFIED:.0%} verified, none where marked *, and no "
        "untouched item lost. In brackets: without follow-up. The plain loop is instructor with a response model.",
        highlight=False,
    )


def _console() -> Console:
    # A pipe or a log has no width; in 80 columns the table would wrap.
    console = Console()
    return console if console.is_terminal else Console(width=_PLAIN_WIDTH)


def _table(rows: Sequence[KindRow]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("kind", no_wrap=True)
    for name in ("plants", *_STATES, "untouched lost", "plain loop passes"):
        table.add_column(name, justify="right")
    table.add_column("goal")
    for row in rows:
        counts = [_both(row.followed[state], row.unfollowed[state]) for state in _STATES]
        untouched = _both(row.untouched_followed, row.untouched_unfollowed)
        table.add_row(
            f"{row.kind}{'*' if row.is_strict else ''}",
            str(row.plants),
            *counts,
            untouched,
            f"{row.passes_plain / row.plants:.0%}",
            "met" if row.is_met else "NOT MET",
        )
    return table


def _both(followed: int, unfollowed: int) -> str:
    return str(followed) if followed == unfollowed else f"{followed} ({unfollowed})"


def _table_of_parts(report: CorruptionReport) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("kind", "made in"):
        table.add_column(name, no_wrap=True)
    for name in ("plants", *_STATES):
        table.add_column(name, justify="right")
    counts = Counter((plant.kind, plant.part, plant.followed.state) for plant in report.plants)
    for kind, part in dict.fromkeys((plant.kind, plant.part) for plant in report.plants):
        of_states = [counts[kind, part, state] for state in _STATES]
        table.add_row(kind, part, str(sum(of_states)), *map(str, of_states))
    return table


def _failures(report: CorruptionReport, row: KindRow, most: int) -> Iterator[str]:
    """Yield a line for each plant of a kind that stands as verified or took an untouched item along."""
    if row.is_met:
        return
    failed = [plant for plant in report.plants if plant.kind == row.kind and (_is_verified(plant) or _has_lost(plant))]
    for plant in failed[:most]:
        fate = (
            plant.followed if plant.followed.state == "verified" or plant.followed.untouched_lost else plant.unfollowed
        )
        what = "stands as verified" if fate.state == "verified" else fate.state
        lost = f"; lost beside it: {' | '.join(fate.untouched_lost)}" if fate.untouched_lost else ""
        was, now = _difference(plant.was, plant.now)
        yield f"{plant.kind} {plant.case} {plant.where}: «{was}» told as «{now}»: {what} {fate.says}{lost}"
    if len(failed) > most:
        yield f"{row.kind}: {len(failed) - most} more; -v shows them"


def _difference(was: str, now: str) -> tuple[str, str]:
    """Cut two texts to what differs, with a little of what stands round it."""
    limit = min(len(was), len(now))
    head = next((at for at in range(limit) if was[at] != now[at]), limit)
    tail = next((at for at in range(limit - head) if was[-1 - at] != now[-1 - at]), limit - head)
    low, high = max(0, head - _CONTEXT_CHARS), max(0, tail - _CONTEXT_CHARS)
    return was[low : len(was) - high], now[low : len(now) - high]


def _is_verified(plant: PlantResult) -> bool:
    return "verified" in (plant.followed.state, plant.unfollowed.state)


def _has_lost(plant: PlantResult) -> bool:
    return bool(plant.followed.untouched_lost or plant.unfollowed.untouched_lost)
