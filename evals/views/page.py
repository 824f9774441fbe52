"""The evaluation as one HTML page: nothing is loaded from elsewhere, and nothing of an article can act in it.

Every value passes through `_shown` and then through autoescape. The policy in the page's head allows the one style
sheet and the one script by their hashes and nothing else, so there are no style attributes and no inline handlers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from markupsafe import Markup

from evals.cases import Case, corpus_digest
from evals.outcomes import EvalRun
from evals.views.page_case import case_view
from evals.views.page_diff import Difference, difference_of, is_over
from evals.views.page_items import FIGURE_SLOTS, TERM_SLOTS
from evals.views.page_scores import (
    CHART_WIDTH,
    OUTCOMES,
    case_metrics,
    case_rows,
    deal_slots,
    figure_slots,
    mistakes_by_class,
    score_rows,
    slot_rows,
    term_slots,
)
from summarizer.report.characters import visible
from summarizer.report.page.seal import asset, page_environment, page_policy

_HERE: Final = Path(__file__).parent
# What the policy allows and forbids beside the page's own style sheet and script.
_FURTHER: Final = "base-uri 'none'; form-action 'none'"
# The two that text is laid out by; `visible` would show them as escapes.
_LAYOUT = re.compile("(\r?\n|\t)")


def render_page(
    cases: Sequence[Case],
    runs: Sequence[EvalRun],
    *,
    intervals: Mapping[tuple[str, str], tuple[float, float]] | None = None,
    verdict: Sequence[str] = (),
    regime: str = "",
    other: EvalRun | None = None,
) -> str:
    """Return the page as HTML, to be written as UTF-8.

    Args:
        cases: the articles with labels, in the order of the page.
        runs: the systems to show, the main one first. Of a run over other articles or labels only the scores are shown.
        intervals: 95 % intervals by (system, metric).
        verdict: the lines of the gate, the first of which says "pass" or "fail"; empty: it was not run.
        regime: how the runs came about, in a few words.
        other: an earlier run, compared with that of the same system, or with the first.

    Raises:
        ValueError: there is no run.
        pydantic.ValidationError: a stored record is none of this schema version.
    """
    if not runs:
        raise ValueError("runs is empty, expected at least one run to show")
    style, script = (asset(_HERE, name) for name in ("page.css", "page.js"))
    metrics = case_metrics(runs)
    shown = [run for run in runs if is_over(run, cases)]
    return (
        page_environment(_HERE, _shown)
        .get_template("page.html.jinja")
        .render(
            policy=page_policy(style, script, _FURTHER),
            style=style,
            script=script,
            corpus=_corpus(cases),
            known={run.system: {case.case for case in run.cases if run in shown} for run in runs},
            changed=[run for run in runs if run not in shown],
            runs=runs,
            regime=regime,
            gate=_gate(verdict),
            verdict=verdict,
            score_rows=score_rows(runs, intervals or {}),
            chart_width=CHART_WIDTH,
            metrics=metrics,
            tables=[(run, case_rows(run, metrics)) for run in runs],
            outcomes=OUTCOMES,
            figure_slots=FIGURE_SLOTS,
            term_slots=TERM_SLOTS,
            fields=[_fields(run) for run in runs],
            difference=_difference(runs, cases, other),
            views=[case_view(case, shown) for case in cases],
        )
    )


def _shown(value: object) -> object:
    """Return text with control, bidirectional and invisible characters as escapes; line breaks and tabs stay."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    parts = _LAYOUT.split(value)
    return "".join(part if at % 2 else visible(part) for at, part in enumerate(parts)).replace("\r\n", "\n")


def _gate(verdict: Sequence[str]) -> str:
    if not verdict:
        return "not run"
    said = verdict[0].casefold()
    return "pass" if "pass" in said and "fail" not in said else "fail"


def _corpus(cases: Sequence[Case]) -> dict[str, str | int]:
    """Return what the labels hold, by the words of the page."""
    golds = [case.gold for case in cases]
    figures = [figure for gold in golds for figure in gold.key_figures]
    deals = [deal for gold in golds for deal in gold.deals]
    return {
        "cases": len(cases),
        "in Chinese": sum(case.article.language == "zh" for case in cases),
        "in English": sum(case.article.language == "en" for case in cases),
        "characters": f"{sum(len(case.article.text) for case in cases):,}",
        "figures": len(figures),
        "of them key": sum(figure.importance == "key" for figure in figures),
        "deals": len(deals),
        "terms": sum(len(deal.terms) for deal in deals),
        "digest": corpus_digest(cases)[:12],
    }


def _fields(run: EvalRun) -> dict[str, object]:
    slots = {"figures": figure_slots(run), "deals": deal_slots(run), "terms": term_slots(run)}
    return {
        "run": run,
        "slots": [(name, rows) for name, some in slots.items() if (rows := slot_rows(some))],
        "mistakes": mistakes_by_class(run),
    }


def _difference(runs: Sequence[EvalRun], cases: Sequence[Case], other: EvalRun | None) -> Difference | None:
    if other is None:
        return None
    now = next((run for run in runs if run.system == other.system), runs[0])
    return difference_of(other, now, cases)
