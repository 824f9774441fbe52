"""What the commands do: runs are made, held against the baseline, shown and written."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from evals.answers import REKEYED_FIELDS, delete, load_recordings, model_of, rekey, unused
from evals.baseline import Baseline, BlessRefusedError, bless, load_baseline, save_baseline
from evals.cases import Case, LabelError, corpus_digest, load_cases, problems_of
from evals.debt import label_debt
from evals.gate import GateReport, judge
from evals.items import claims_made, describe_item, right_items, was_run
from evals.judge import judge_run, report_lines, summary_line
from evals.outcomes import METRICS, CaseResult, EvalRun
from evals.running import Asking, Score, Source, SystemRun, run_model, run_offline
from evals.statistics import Estimate, compare, estimate
from evals.views.changes import missing_lines, named
from evals.views.junit import render_junit
from evals.views.terminal import print_cases, print_difference, print_scores, print_verdict
from summarizer.errors import SettingsError, SummarizerError
from summarizer.files import write_whole
from summarizer.records import ArticleRecord
from summarizer.report.characters import one_line
from summarizer.report.terminal import make_console
from summarizer.wire.exchange import Exchange

PASSED: Final = 0
NOT_RUN: Final = 1
GATE_FAILED: Final = 4
_RUNS: Final = TypeAdapter(list[EvalRun])


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Cases, recordings and baseline as the options of a command name them, each read once."""

    options: Namespace
    score: Score

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """The cases.

        Raises:
            LabelError: a label cannot be read, or does not hold together.
        """
        folder = self.options.cases
        if not (folder / "articles").is_dir():
            raise LabelError(f"no cases in {str(folder)!r}; name a folder with 'articles' and 'gold'")
        cases = load_cases(folder, tuple(self.options.case or ()))
        problems = [problem for case in cases for problem in problems_of(case)]
        if problems:
            raise LabelError("\n".join(["the labels do not hold together:", *problems]))
        return cases

    @property
    def is_partial(self) -> bool:
        """Whether only some cases were asked for."""
        return bool(self.options.case)

    @property
    def recordings(self) -> Path:
        """The folder of recordings."""
        return Path(self.options.recordings)

    def recorded(self) -> dict[str, Exchange]:
        """Read what is recorded now."""
        return load_recordings(self.recordings)

    def asking(self, source: Source) -> Asking:
        """Return how the model is asked, of a key in the environment only where somebody is asked.

        Raises:
            SettingsError: neither address nor key, or recordings of several models and none named.
        """
        model = self.options.model or model_of(self.recorded())
        if source == "replay":
            return Asking(folder=self.recordings, model=model)
        key = os.environ.get("OPENAI_API_KEY") or None
        # Read here, so that it is checked as the option is; the model client would take it unseen.
        base_url = self.options.base_url or os.environ.get("OPENAI_BASE_URL") or None
        if base_url is None and key is None:
            raise SettingsError("nobody to ask: give --base-url, or a key in OPENAI_API_KEY")
        return Asking(
            source=source,
            folder=None if source == "live" else self.recordings,
            model=model,
            base_url=base_url,
            api_key=key,
            timeout_s=self.options.timeout,
            concurrency=self.options.concurrency,
        )

    def baseline(self) -> Baseline | None:
        """Read the baseline."""
        return load_baseline(self.options.baseline)

    def replay(self) -> tuple[list[EvalRun], list[str]]:
        """Run the systems that were asked for from what is recorded; return runs, and what is wrong with recordings."""
        runs, faults = [], []
        if self.options.system in ("llm", "both"):
            asking = self.asking("replay")
            made = run_model(self.cases, self.score, asking)
            runs.append(made.run)
            faults = self.faults(made, asking.model)
        if self.options.system in ("offline", "both"):
            runs.append(run_offline(self.cases, self.score).run)
        return runs, faults

    def faults(self, made: SystemRun, model: str) -> list[str]:
        """Say which requests have no recording and why, or which recordings have no request."""
        recorded = self.recorded()
        if made.missed:
            return missing_lines(made.missed, recorded)
        if self.is_partial or not all(was_run(case) for case in made.run.cases):
            return []
        asked = {name: exchange for name, exchange in recorded.items() if exchange.request.get("model") == model}
        return [
            f"recording {name!r} answers no request of any case; delete it, or all such by `record --prune`"
            for name in unused(asked, made.exchanges)
        ]


def run(bench: Bench) -> int:
    """Replay, score, hold against the baseline, show and write."""
    began = time.monotonic()
    runs, faults = bench.replay()
    baseline = bench.baseline()
    report = judge(runs, baseline, bench.cases, is_partial=bench.is_partial)
    _show(bench, runs, baseline, report)
    _mention_judge(bench, runs)
    for line in faults:
        complain(line)
    say(f"{len(bench.cases)} cases, {' and '.join(one.system for one in runs)}, {time.monotonic() - began:.1f} s")
    if faults or not all(was_run(case) for one in runs for case in one.cases):
        return NOT_RUN
    return PASSED if report.is_passed else GATE_FAILED


def live(bench: Bench) -> int:
    """Ask the model, read and write no recording, score what comes; there is no gate."""
    made = run_model(bench.cases, bench.score, bench.asking("live"))
    _show(bench, [made.run], None, None)
    return _say_not_run(made.run.cases)


def record(bench: Bench) -> int:
    """Ask for what is not recorded yet, or with `refresh` for everything, and record it."""
    source: Source = "refresh" if bench.options.command == "refresh" else "record"
    before = {name: exchange.body for name, exchange in bench.recorded().items()}
    made = run_model(bench.cases, _unscored, bench.asking(source))
    recorded = bench.recorded()
    new = [name for name, exchange in recorded.items() if before.get(name) != exchange.body]
    say(f"{len(made.exchanges)} requests of {len(bench.cases)} cases, {len(new)} recordings new or changed")
    for case in made.run.cases:
        if case.record is not None and case.error is not None:
            say(f"{case.case}: the answers could not be used: {case.error}")
    status = _say_not_run(made.run.cases)
    if bench.is_partial or status != PASSED:
        return status
    _tidy(bench, made.exchanges)
    return status


def move(bench: Bench) -> int:
    """Give recordings new keys where a request differs in agreed fields only; say what could not be moved."""
    asking = bench.asking("replay")
    while True:
        # An article's follow-up is asked only once its first request has an answer.
        made = run_model(bench.cases, _unscored, asking)
        missed = [request for requests in made.missed.values() for request in requests]
        moves = rekey(bench.recordings, missed, {exchange.key for exchange in made.exchanges}) if missed else []
        for one in moves:
            say(f"{one.old} is now {one.new} ({', '.join(one.fields)})")
        if not moves:
            break
    if not made.missed:
        return _say_not_run(made.run.cases)
    complain(f"not moved, because more differs than {', '.join(REKEYED_FIELDS)}:")
    for line in missing_lines(made.missed, bench.recorded()):
        complain(line)
    return NOT_RUN


def accept(bench: Bench) -> int:
    """Write the baseline from a replayed run of all cases."""
    runs, faults = bench.replay()
    for line in faults:
        complain(line)
    status = max(_say_not_run(one.cases) for one in runs)
    if faults or status != PASSED:
        return NOT_RUN
    try:
        baseline = bless(runs, bench.cases, bench.baseline(), bench.options.allow_drop)
    except BlessRefusedError as error:
        complain(str(error))
        for drop in error.drops:
            complain(f"  {drop}")
        return GATE_FAILED
    save_baseline(baseline, bench.options.baseline)
    say(f"blessed: {', '.join(one.system for one in runs)} in {str(bench.options.baseline)!r}")
    return PASSED


def debt(bench: Bench) -> int:
    """Print the patch that adds to the labels what they may lack; say what is in it."""
    runs, faults = bench.replay()
    for line in faults:
        complain(line)
    for one in runs:
        debts, patch = label_debt(bench.cases, one, Path.cwd())
        sys.stdout.write(patch)
        for item in debts:
            say(
                one_line(
                    f"{item.case}: {item.says}{'' if item.is_in_patch else ' (would not hold together: not in the patch)'}"
                )
            )
        say(f"{sum(item.is_in_patch for item in debts)} additions; read them before `git apply`")
    return NOT_RUN if faults else PASSED


def advise(bench: Bench) -> int:
    """Let the judge read the replayed summaries, and show where it and the labels differ, which fails nothing."""
    made = run_model(bench.cases, bench.score, _judging(bench, bench.options.of).asking("replay"))
    status = _say_not_run(made.run.cases)
    own = _judging(bench, bench.options.model, bench.options.judgements)
    judged = judge_run(bench.cases, made.run, own.asking("record" if bench.options.record else "replay"))
    if judged.opinions:
        print(*report_lines(judged), sep="\n")
    for case, error in judged.failed.items():
        complain(f"{case}: the judgement could not be used: {error}")
    if judged.missing:
        complain(f"no judgement is recorded for the summaries as they are now of: {', '.join(judged.missing)}")
    if judged.missing or judged.failed:
        complain("ask the judge by `python -m evals judge --record --base-url URL --model NAME`")
        return NOT_RUN
    if status == PASSED and not bench.is_partial:
        _tidy(own, judged.used)
    return status


def diff(bench: Bench) -> int:
    """Show what differs between two stored runs: metrics with p-values, items won and lost by case."""
    before, after = (_load_runs(path) for path in (bench.options.before, bench.options.after))
    console = make_console()
    for old in before:
        new = next((one for one in after if one.system == old.system), None)
        if new is not None:
            names = old.system if old.model == new.model else f"{old.system}: {old.model}, {new.model}"
            console.print(one_line(names))
            print_difference([compare(metric, old.cases, new.cases) for metric in METRICS], console)
            for line in _won_and_lost(old, new, bench.cases):
                console.print(one_line(line), soft_wrap=True)
    if bench.options.html:
        shown = {case.case for one in after for case in one.cases}
        cases = [case for case in bench.cases if case.id in shown]
        write_whole(bench.options.html, _page(cases, after, None, before[0]))
    return PASSED


def _show(bench: Bench, runs: Sequence[EvalRun], baseline: Baseline | None, report: GateReport | None) -> None:
    """Print the tables and the verdict, and write the files that were asked for."""
    console = make_console()
    floors = {} if baseline is None else {name: system.floors for name, system in baseline.systems.items()}
    estimates = _estimates(runs)
    print_scores(estimates, floors, console)
    if bench.options.verbose:
        for one in runs:
            print_cases(one, console)
    if report is not None:
        print_verdict(report, console)
    _write(bench, runs, report, estimates)


def _judging(bench: Bench, model: str | None, folder: Path | None = None) -> Bench:
    """Return a bench that asks another model, or reads another folder of recordings."""
    given = {"model": model, "recordings": folder or bench.recordings}
    return replace(bench, options=Namespace(**{**vars(bench.options), **given}))


def _mention_judge(bench: Bench, runs: Sequence[EvalRun]) -> None:
    """Print how far the judge agrees, where summaries of the run were judged; whatever fails here fails no run."""
    own = _judging(bench, None, bench.options.judgements)
    judgeable = next((one for one in runs if one.system == "llm"), None)
    if judgeable is None or not any(own.recordings.glob("*.json")):
        return
    try:
        line = summary_line(judge_run(bench.cases, judgeable, own.asking("replay")))
    except SummarizerError as error:
        line = f"judge: its judgements cannot be read: {str(error).splitlines()[0]}"
    if line is not None:
        print(one_line(line))


def _estimates(runs: Sequence[EvalRun]) -> dict[str, list[Estimate]]:
    return {one.system: [estimate(metric, one.cases) for metric in METRICS] for one in runs}


def _write(
    bench: Bench, runs: Sequence[EvalRun], report: GateReport | None, estimates: Mapping[str, Sequence[Estimate]]
) -> None:
    if bench.options.json:
        write_whole(bench.options.json, _RUNS.dump_json(list(runs), indent=1) + b"\n")
    if bench.options.junit:
        write_whole(bench.options.junit, render_junit(runs, report or GateReport(regimes={}, checks=())))
    if bench.options.html:
        write_whole(bench.options.html, _page(bench.cases, runs, report, None, estimates))


def _page(
    cases: Sequence[Case],
    runs: Sequence[EvalRun],
    report: GateReport | None,
    other: EvalRun | None,
    estimates: Mapping[str, Sequence[Estimate]] | None = None,
) -> str:
    from evals.views.page import render_page

    estimates = estimates or _estimates(runs)
    intervals = {
        (system, one.metric.name): (one.low, one.high)
        for system, found in estimates.items()
        for one in found
        if one.low is not None and one.high is not None
    }
    return render_page(
        cases,
        runs,
        intervals=intervals,
        verdict=report.lines() if report else (),
        regime=report.regime() if report else "",
        other=other,
    )


def _won_and_lost(old: EvalRun, new: EvalRun, cases: Sequence[Case]) -> list[str]:
    """Name the key items and claims that one run has and the other has not, by case."""
    if old.corpus != new.corpus:
        return ["articles or labels differ between the two runs: their items are not compared"]
    earlier = {case.case: case for case in old.cases}
    run = [case for case in cases if case.id in earlier]
    # Labels that changed since the runs would give their items wrong names.
    gold = {case.id: case.gold for case in run} if corpus_digest(run) == new.corpus else {}
    lines = []
    for case in new.cases:
        before, now = right_items(earlier[case.case]), right_items(case)
        claimed, claims = set(claims_made(earlier[case.case])), set(claims_made(case))
        for mark, items, mistakes in (("+", now - before, claimed - claims), ("-", before - now, claims - claimed)):
            named_items = [describe_item(item, gold[case.case]) if gold else item for item in sorted(items)]
            lines += [f"{mark} {case.case}: {what}" for what in named_items]
            lines += [f"{mark} {case.case}: tempting mistake {claim!r}" for claim in sorted(mistakes)]
    return lines


def _load_runs(path: Path) -> list[EvalRun]:
    try:
        return _RUNS.validate_json(path.read_bytes())
    except OSError as error:
        raise SettingsError(f"cannot read {str(path)!r}: {error.strerror}; name a file that --json wrote") from error
    except ValidationError as error:
        raise SettingsError(f"{str(path)!r} holds no runs; name a file that --json wrote") from error


def _tidy(bench: Bench, used: Sequence[Exchange]) -> None:
    """Delete the recordings that answered nothing, or say which they are."""
    idle = unused(bench.recorded(), used)
    if bench.options.prune:
        delete(bench.recordings, idle)
        say(f"{len(idle)} recordings deleted that answer no request")
    elif idle:
        say(f"{len(idle)} recordings answer no request any more; delete them by --prune: {named(idle)}")


def _unscored(case: Case, record: ArticleRecord) -> CaseResult:
    error = f"{record.error.kind}: {record.error.message}" if record.error else None
    return CaseResult(case=case.id, language=case.gold.language, record=record.model_dump(mode="json"), error=error)


def _say_not_run(cases: Sequence[CaseResult]) -> int:
    broken = [case for case in cases if not was_run(case)]
    for case in broken:
        complain(f"{case.case}: {case.error}")
    return NOT_RUN if broken else PASSED


def say(line: str) -> None:
    """Print a line about the command itself, beside its output."""
    print(line, file=sys.stderr, flush=True)


def complain(line: str) -> None:
    """Print what is wrong."""
    say(f"evals: {line}")
