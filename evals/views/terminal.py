"""A run in the terminal: the table of scores, the cases, the gate's verdict, and two runs side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.gate import GateReport
from evals.outcomes import METRICS, CaseResult, EvalRun, Metric
from evals.statistics import Comparison, Estimate
from summarizer.report.characters import one_line

# One table a system; the others are in the JSON file and on the page.
_CASE_METRICS: Final = {
    "figures_core_f1": "core",
    "figures_key_recall": "key",
    "deals_f1": "deals",
    "deal_slots_f1": "slots",
    "terms_f1": "terms",
    "must_mention": "mention",
    "must_not_claim": "claims",
    "unsupported_rate": "unsup.",
    "requests": "asked",
}
LEGEND: Final = (
    "95 %: articles resampled. n: what the value divides by. ±: the smallest difference that new recordings of these "
    "articles show four times in five (2.8 standard errors, two runs' articles correlated by one half); no difference can "
    "be shown with fewer than 6 articles."
)


def print_scores(
    estimates: Mapping[str, Sequence[Estimate]], floors: Mapping[str, Mapping[str, float]], console: Console
) -> None:
    """Print a row a metric, the systems side by side, each with value, interval, n, floor and detectable difference.

    Args:
        estimates: the metrics of each system, in the same order.
        floors: by system and metric, those of the baseline.
        console: where to print; `summarizer.report.terminal.make_console` gives a fit one.
    """
    table = _table("metric")
    for system in estimates:
        for column in (f"{system}", "95 %", "n", "floor", "±"):
            table.add_column(column, justify="right", no_wrap=True)
    for row in zip(*estimates.values(), strict=True):
        if all(one.value is None for one in row):
            continue
        cells: list[str] = []
        for system, one in zip(estimates, row, strict=True):
            floor = floors.get(system, {}).get(one.metric.name)
            interval = "" if one.low is None else f"{_number(one.metric, one.low)}–{_number(one.metric, one.high)}"
            bound = "" if floor is None else _number(one.metric, floor)
            shows = "" if one.detectable is None else _number(one.metric, one.detectable)
            cells += [_number(one.metric, one.value), interval, str(one.items or ""), bound, shows]
        table.add_row(row[0].metric.name, *cells)
    console.print(table)
    console.print(Text(LEGEND, style="dim"))


def print_cases(run: EvalRun, console: Console) -> None:
    """Print a row a case with the scores that tell most; a case that could not be run says why."""
    table = _table(run.system)
    metrics = [metric for metric in METRICS if metric.name in _CASE_METRICS]
    for metric in metrics:
        table.add_column(_CASE_METRICS[metric.name], justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for case in run.cases:
        table.add_row(Text(one_line(case.case)), *(_case_cell(metric, case) for metric in metrics), _error(case))
    console.print(table)


def print_verdict(report: GateReport, console: Console) -> None:
    """Print how the systems were compared, whether the gate is passed, and what stands against it."""
    console.print(Text(f"compared: {report.regime()}"))
    first, *others = report.lines()
    console.print(Text(f"gate {first}", style="bold green" if report.is_passed else "bold red"))
    for line in others:
        console.print(Text(_safe(line)), soft_wrap=True)


def print_difference(comparisons: Sequence[Comparison], console: Console) -> None:
    """Print a row a metric with both runs, the difference, its p-value and what difference this pair would show."""
    table = _table("metric")
    for column in ("before", "after", "difference", "p", "±", "articles"):
        table.add_column(column, justify="right", no_wrap=True)
    for one in comparisons:
        if one.before is None and one.after is None:
            continue
        sign = (
            ""
            if one.difference is None
            else f"{'+' if one.difference > 0 else ''}{_number(one.metric, one.difference)}"
        )
        table.add_row(
            one.metric.name,
            _number(one.metric, one.before),
            _number(one.metric, one.after),
            sign,
            "" if one.p is None else f"{one.p:.3f}",
            "" if one.detectable is None else _number(one.metric, one.detectable),
            str(one.articles),
        )
    console.print(table)


def _table(first: str) -> Table:
    table = Table(show_edge=False, pad_edge=False, box=None, padding=(0, 1))
    table.add_column(first, no_wrap=True)
    return table


def _number(metric: Metric, value: float | None) -> str:
    """Return a share with three decimals, a mean with as many as its size wants, a dash where nothing was scored."""
    if value is None:
        return "-"
    if metric.form != "mean":
        return f"{value:.3f}"
    return f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"


def _case_cell(metric: Metric, case: CaseResult) -> str:
    counts = case.counts.get(metric.name)
    value = None if counts is None else metric.value([counts])
    return "-" if value is None else f"{value:.2f}" if metric.form != "mean" else f"{value:.0f}"


def _error(case: CaseResult) -> Text:
    return Text(_safe(case.error or ""), style="red")


def _safe(line: str) -> str:
    """Return foreign text on one line, its indent kept."""
    indent = len(line) - len(line.lstrip(" "))
    return " " * indent + one_line(line)
