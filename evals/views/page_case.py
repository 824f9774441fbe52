"""One case as the page shows it: for each system the text with the spans of either side, and what matched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, get_args

from evals.cases import Case
from evals.outcomes import METRICS, CaseResult, EvalRun, FactMatch
from evals.scorers.places import CaseText
from evals.views.page_items import Compared, ItemRow, deal_rows, figure_rows
from evals.views.page_scores import Score, case_score
from evals.views.page_text import Piece, State, cut
from summarizer.records import ArticleRecord

_STATES: Final[tuple[State, ...]] = get_args(State)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """One system's result for one case.

    `in_label` and `in_record` are the whole text in pieces. `tally` counts figures that are not minor by state.
    """

    system: str
    model: str
    error: str | None
    scores: tuple[tuple[str, Score], ...]
    facts: tuple[FactMatch, ...]
    figures: tuple[ItemRow, ...] = ()
    deals: tuple[ItemRow, ...] = ()
    in_label: tuple[Piece, ...] = ()
    in_record: tuple[Piece, ...] = ()
    headline: str = ""
    abstract: str = ""
    tally: tuple[tuple[State, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One case with a pane for each run that has it."""

    case: Case
    title: str
    panes: tuple[Pane, ...]


def case_view(case: Case, runs: Sequence[EvalRun]) -> CaseView:
    """Return one case as the page shows it.

    Raises:
        pydantic.ValidationError: a stored record is none of this schema version.
    """
    panes = tuple(_pane(case, run, result) for run in runs for result in run.cases if result.case == case.id)
    return CaseView(case=case, title=case.gold.title or case.gold.summary.headline, panes=panes)


def _pane(case: Case, run: EvalRun, result: CaseResult) -> Pane:
    scores = tuple(
        (metric.name, case_score(run.system, result, metric)) for metric in METRICS if metric.name in result.counts
    )
    if result.record is None:
        error = result.error or "there is no record, and the run does not say why"
        return Pane(system=run.system, model=run.model or "", error=error, scores=scores, facts=result.facts)
    record = ArticleRecord.model_validate(result.record)
    compared = Compared(text=CaseText(case=case), record=record)
    figures = tuple(figure_rows(compared, result.figures))
    deals = tuple(deal_rows(compared, result.deals))
    rows = (*figures, *chain.from_iterable((deal, *deal.terms) for deal in deals))
    states = Counter(row.tag.state for row in figures if not row.tag.is_minor)
    text, furniture = case.article.text, case.article.furniture
    return Pane(
        system=run.system,
        model=run.model or "",
        error=result.error,
        scores=scores,
        facts=result.facts,
        figures=figures,
        deals=deals,
        in_label=cut(text, chain.from_iterable(row.in_label for row in rows), furniture),
        in_record=cut(text, chain.from_iterable(row.in_record for row in rows), furniture),
        headline=record.summary.headline if record.summary else "",
        abstract=record.summary.abstract if record.summary else "",
        tally=tuple((state, states[state]) for state in _STATES if states[state]),
    )
