"""The gate: whether a run may replace the baseline's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from evals.baseline import Baseline, PinnedSystem, gated_metrics, lost_items
from evals.cases import Case
from evals.items import claims_made, was_run
from evals.outcomes import METRICS, EvalRun
from evals.statistics import Comparison, compare

# unchanged: the same answers were read as in the baseline, so that every loss is the program's doing;
# re-recorded: a model answered anew, so that single items come and go by chance.
Regime = Literal["unchanged", "re-recorded", "not compared"]
REGIMES: Final[Mapping[Regime, str]] = {
    "unchanged": "recordings unchanged, compared item by item",
    "re-recorded": "re-recorded, compared by the paired permutation test",
    "not compared": "not compared with a baseline",
}
SIGNIFICANT: Final = 0.05
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that the gate looked at. `says` is one line; `cases` names what is wrong in which case."""

    system: str
    name: str
    is_ok: bool
    says: str
    cases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """The gate's verdict: the regime of each system, all checks, and notes that fail nothing."""

    regimes: Mapping[str, Regime]
    checks: tuple[Check, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_passed(self) -> bool:
        """Whether every check holds."""
        return all(check.is_ok for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that do not hold."""
        return tuple(check for check in self.checks if not check.is_ok)

    def regime(self) -> str:
        """Say how each system was compared, in one line."""
        return "; ".join(f"{system}: {REGIMES[regime]}" for system, regime in self.regimes.items())

    def lines(self) -> tuple[str, ...]:
        """Return the verdict for reading: `passed` or `failed` first, then what failed and in which cases, then notes."""
        number = len(self.failures)
        verdict = f"failed: {number} of {len(self.checks)} checks" if number else f"passed: {len(self.checks)} checks"
        lines = [verdict]
        for check in self.failures:
            lines.append(f"{check.system}: {check.name}: {check.says}")
            lines += [f"  {case}: {what}" for case, wrong in check.cases.items() for what in wrong]
        return (*lines, *self.notes)


def judge(
    runs: Sequence[EvalRun], baseline: Baseline | None, cases: Sequence[Case], *, is_partial: bool = False
) -> GateReport:
    """Judge the runs of one or both systems.

    Always: every case was run, no tempting mistake is made, nothing unsupported is called verified, all evidence stands
    in the text. Against the baseline: the corpus and the model are the same, no floor is broken, and, with the same
    answers, no key item is lost and no gated metric is lower; with new answers none is significantly lower.

    Args:
        runs: at most one of each system, over the same cases.
        baseline: None where nothing was blessed yet, which fails.
        cases: the cases of the runs, for the names of items.
        is_partial: only some cases were run, so that nothing is compared with the baseline.
    """
    checks: list[Check] = []
    notes: list[str] = []
    regimes: dict[str, Regime] = {}
    for run in runs:
        checks += _limits(run)
        regimes[run.system] = "not compared"
        if is_partial:
            continue
        pinned = baseline.systems.get(run.system) if baseline is not None else None
        if baseline is None or pinned is None:
            says = "there is none for this system; accept a run by `python -m evals bless`"
            checks.append(Check(system=run.system, name="baseline", is_ok=False, says=says))
            continue
        pins = _pins(run, baseline, pinned)
        checks += pins
        notes += _template_notes(run, baseline)
        if all(check.is_ok for check in pins):
            regimes[run.system] = "unchanged" if run.recordings == pinned.recordings else "re-recorded"
            checks += _floors(run, pinned)
            checks += _same_answers(run, pinned, cases) if regimes[run.system] == "unchanged" else _tests(run, pinned)
    if is_partial:
        notes.append("only some cases were run: nothing is compared with the baseline")
    return GateReport(regimes=regimes, checks=tuple(checks), notes=tuple(notes))


def _limits(run: EvalRun) -> Iterator[Check]:
    """Check what holds for every run, whatever an earlier one reached."""
    broken = {case.case: (case.error or "",) for case in run.cases if not was_run(case)}
    yield _check(run, "cases run", not broken, f"{len(broken)} of {len(run.cases)} cases could not be run", broken)
    claims = {case.case: made for case in run.cases if (made := claims_made(case))}
    number = sum(map(len, claims.values()))
    yield _check(run, "must_not_claim", not claims, f"{number} tempting mistakes made", claims)
    for name, limit in (("unsupported_rate", 0.0), ("offsets_exact", 1.0)):
        metric = next(one for one in METRICS if one.name == name)
        value = metric.value(run.counts_of(name))
        wrong = {
            case.case: (f"{name}: {case.reasons.get(name, f'{found:.3f}')}",)
            for case in run.cases
            if name in case.counts and (found := metric.value([case.counts[name]])) not in (None, limit)
        }
        shown = "not scored" if value is None else f"{value:.4f}"
        yield _check(run, name, value is None or value == limit, f"{shown}, must be {limit:g}", wrong)


def _pins(run: EvalRun, baseline: Baseline, pinned: PinnedSystem) -> list[Check]:
    is_same = run.corpus == baseline.corpus
    corpus = "articles and labels are those of the baseline"
    changed = "articles or labels changed since the baseline; accept them by `python -m evals bless`"
    model = f"model {run.model!r}"
    other = f"model {run.model!r}, the baseline's is {pinned.model!r}; accept it by `python -m evals bless`"
    return [
        _check(run, "corpus", is_same, corpus if is_same else changed),
        _check(run, "model", run.model == pinned.model, model if run.model == pinned.model else other),
    ]


def _template_notes(run: EvalRun, baseline: Baseline) -> Iterator[str]:
    names = run.templates.keys() | baseline.templates.keys()
    changed = [name for name in sorted(names) if run.templates.get(name) != baseline.templates.get(name)]
    if run.templates and changed:
        yield f"templates and schemas changed since the baseline: {', '.join(changed)}"


def _floors(run: EvalRun, pinned: PinnedSystem) -> Iterator[Check]:
    for metric in gated_metrics():
        floor = pinned.floors.get(metric.name)
        if floor is None:
            continue
        value = metric.value(run.counts_of(metric.name))
        shown = "not scored" if value is None else f"{value:.4f}"
        is_ok = value is not None and value >= floor - _ROUNDING
        yield _check(run, f"floor of {metric.name}", is_ok, f"{shown}, floor {floor:.3f}")


def _same_answers(run: EvalRun, pinned: PinnedSystem, cases: Sequence[Case]) -> Iterator[Check]:
    lost = lost_items(run, pinned, cases)
    number = sum(map(len, lost.values()))
    yield _check(run, "key items", not lost, f"{number} lost against the baseline", lost)
    for compared in _compared(run, pinned):
        # The same answers: nothing is left to chance, and a lower value is a loss.
        yield _check(run, f"{compared.metric.name} kept", not compared.is_worse, _change(compared))


def _tests(run: EvalRun, pinned: PinnedSystem) -> Iterator[Check]:
    for compared in _compared(run, pinned):
        is_drop = compared.is_worse and compared.p is not None and compared.p < SIGNIFICANT
        says = f"{_change(compared)}, p {compared.p:.3f}" if compared.p is not None else _change(compared)
        yield _check(run, f"{compared.metric.name} not significantly lower", not is_drop, says)


def _compared(run: EvalRun, pinned: PinnedSystem) -> Iterator[Comparison]:
    before = pinned.results()
    for metric in gated_metrics():
        compared = compare(metric, before, run.cases)
        if compared.before is not None and compared.after is not None:
            yield compared


def _change(compared: Comparison) -> str:
    return f"{compared.before:.4f} in the baseline, {compared.after:.4f} now"


def _check(
    run: EvalRun, name: str, is_ok: bool, says: str, cases: Mapping[str, tuple[str, ...]] | None = None
) -> Check:
    return Check(system=run.system, name=name, is_ok=is_ok, says=says, cases={} if is_ok else dict(cases or {}))
