"""The baseline: what an accepted run reached, pinned in a file that only `bless` writes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

from pydantic import ValidationError

from evals.cases import Case, LabelError, corpus_digest
from evals.items import describe_item, right_items
from evals.outcomes import METRICS, CaseResult, Counts, EvalRun, Finding, Metric
from evals.statistics import estimate
from summarizer.files import write_whole

BASELINE_FILE: Final = Path(__file__).parent / "baseline.json"
# Costs are reported and not gated; must_not_claim, unsupported_rate and offsets_exact have limits that nothing moves.
GATED: Final = (
    "figures_core_f1",
    "figures_full_f1",
    "figures_key_recall",
    "deals_f1",
    "deal_slots_f1",
    "terms_f1",
    "terms_recall",
    "signatories_f1",
    "must_mention",
    "numbers_faithful",
    "limits_kept",
    "metadata",
)
_ROUNDING: Final = 1e-9


class BlessRefusedError(Exception):
    """A run is worse than the baseline and nobody said why that is accepted; `drops` are what fell."""

    def __init__(self, drops: Sequence[str]) -> None:
        super().__init__("the run is worse than the baseline; say why that is accepted by --allow-drop REASON")
        self.drops = tuple(drops)


class PinnedCase(Finding):
    """One case of an accepted run: digest of article and label, gated counts, and the key items that were right."""

    digest: str
    counts: dict[str, Counts]
    right: tuple[str, ...]


class PinnedSystem(Finding):
    """One system: the floors that no run may fall under, and what each case reached."""

    model: str | None = None
    recordings: str | None = None
    floors: dict[str, float]
    cases: dict[str, PinnedCase]

    def results(self) -> tuple[CaseResult, ...]:
        """Return the counts in the form of a run's cases, for comparing."""
        return tuple(CaseResult(case=name, language="", counts=case.counts) for name, case in self.cases.items())


class AllowedDrop(Finding):
    """What once fell at a bless, and why that was accepted."""

    reason: str
    drops: tuple[str, ...]


class Baseline(Finding):
    """The content of baseline.json."""

    # Without a default, so that it is written, and read from no other file.
    format: Literal["eval-baseline/1"]
    corpus: str
    templates: dict[str, str]
    systems: dict[str, PinnedSystem]
    allowed_drops: tuple[AllowedDrop, ...] = ()


def load_baseline(path: Path) -> Baseline | None:
    """Read the baseline, None where there is none yet.

    Raises:
        LabelError: the file is no baseline.
    """
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LabelError(f"cannot read the baseline {str(path)!r}: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise LabelError(
            f"{str(path)!r} is no baseline: {where}: {first['msg']}; restore it or bless a run again"
        ) from error


def save_baseline(baseline: Baseline, path: Path) -> None:
    """Write the baseline as JSON that reads well in a diff.

    Raises:
        OutputError: the file cannot be written.
    """
    write_whole(path, baseline.model_dump_json(indent=1, exclude_defaults=True) + "\n")
    # Written for its owner alone; this one is committed and read by all.
    path.chmod(0o644)


def bless(runs: Sequence[EvalRun], cases: Sequence[Case], old: Baseline | None, reason: str | None = None) -> Baseline:
    """Return the baseline that pins these runs; a system that was not run stays as it was while the corpus is the same.

    Where articles or labels changed, only the unchanged cases are held against the old baseline's scores and items; its
    floors hold for all. A floor is the lower end of the 95 % interval at the time of a bless, and sinks only for a reason.

    Raises:
        BlessRefusedError: something fell and `reason` is not given.
    """
    digests = {case.id: corpus_digest([case]) for case in cases}
    drops = [] if old is None else [drop for run in runs for drop in _drops(run, cases, digests, old)]
    if drops and not reason:
        raise BlessRefusedError(drops)
    corpus = corpus_digest(cases)
    kept = old.systems if old is not None and old.corpus == corpus else {}
    allowed = old.allowed_drops if old is not None else ()
    if drops and reason:
        allowed = (*allowed, AllowedDrop(reason=reason, drops=tuple(drops)))
    pinned = {run.system: _pinned(run, digests, None if drops or old is None else old) for run in runs}
    templates = next((run.templates for run in runs if run.templates), old.templates if old is not None else {})
    return Baseline(
        format="eval-baseline/1",
        corpus=corpus,
        templates=templates,
        systems={**kept, **pinned},
        allowed_drops=allowed,
    )


def gated_metrics() -> tuple[Metric, ...]:
    """Return the metrics that have floors."""
    return tuple(metric for metric in METRICS if metric.name in GATED)


def lost_items(run: EvalRun, pinned: PinnedSystem, cases: Sequence[Case]) -> dict[str, tuple[str, ...]]:
    """Return, by case, the key items that were right in the baseline and are not in the run, in words."""
    gold = {case.id: case.gold for case in cases}
    lost = {}
    for result in run.cases:
        before = pinned.cases.get(result.case)
        missing = sorted(set(before.right) - right_items(result)) if before else []
        if missing:
            lost[result.case] = tuple(describe_item(item, gold[result.case]) for item in missing)
    return lost


def _drops(run: EvalRun, cases: Sequence[Case], digests: dict[str, str], old: Baseline) -> Iterator[str]:
    """Say what is lower in the run than in the baseline, over the cases that are still the same."""
    pinned = old.systems.get(run.system)
    if pinned is None:
        return
    for name in sorted(pinned.cases.keys() - digests.keys()):
        yield f"{run.system}: case {name!r} left out"
    same = {name for name, case in pinned.cases.items() if digests.get(name) == case.digest}
    unchanged = pinned.model_copy(update={"cases": {name: pinned.cases[name] for name in sorted(same)}})
    now = [case for case in run.cases if case.case in same]
    for metric in gated_metrics():
        before, after = (
            metric.value(case.counts[metric.name] for case in some if metric.name in case.counts)
            for some in (unchanged.results(), now)
        )
        if before is not None and (after is None or after < before - _ROUNDING):
            yield f"{run.system}: {metric.name} {before:.4f}, now {'not scored' if after is None else f'{after:.4f}'}"
        floor, value = pinned.floors.get(metric.name), metric.value(run.counts_of(metric.name))
        if floor is not None and value is not None and value < floor - _ROUNDING:
            yield f"{run.system}: {metric.name} {value:.4f} is under its floor {floor:.3f}"
    for name, items in lost_items(run, unchanged, cases).items():
        yield from (f"{run.system}: {name}: {item} lost" for item in items)


def _pinned(run: EvalRun, digests: dict[str, str], old: Baseline | None) -> PinnedSystem:
    before = old.systems.get(run.system) if old is not None else None
    floors = {}
    for metric in gated_metrics():
        found = estimate(metric, run.cases)
        if found.value is None:
            continue
        # Rounded down, so that the run itself is never under its own floor.
        floor = math.floor((found.value if found.low is None else found.low) * 1000) / 1000
        floors[metric.name] = max(floor, before.floors.get(metric.name, 0.0)) if before else floor
    return PinnedSystem(
        model=run.model,
        recordings=run.recordings,
        floors=floors,
        cases={
            case.case: PinnedCase(digest=digests[case.case], counts=case.counts, right=tuple(sorted(right_items(case))))
            for case in run.cases
        },
    )
