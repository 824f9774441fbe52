"""One case scored: a record beside its labels, as counts for every metric that can be scored, and rows that say why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evals.cases import Case
from evals.outcomes import METRICS, CaseResult, Counts, DealMatch, FactMatch, FigureMatch
from evals.scorers.cost import score_cost
from evals.scorers.deals import deal_counts, match_deals
from evals.scorers.evidence import score_evidence
from evals.scorers.figures import figure_counts, match_figures
from evals.scorers.metadata import score_metadata
from evals.scorers.places import CaseText
from evals.scorers.summary import claim_counts, match_facts, mention_counts, score_limits, score_numbers
from evals.scorers.support import score_support
from evals.scorers.terms import term_counts
from summarizer.records import ArticleRecord, Deal, KeyFigure

_MEANS = frozenset(metric.name for metric in METRICS if metric.form == "mean")


def score_case(case: Case, record: ArticleRecord) -> CaseResult:
    """Return all that scoring says about one case.

    A metric is absent from `counts` where nothing could be scored, and `reasons` says why; that is not the same as 0. Of a
    failed record everything that the labels hold is missing. `answer_chars` is not in a record and is left to the caller.

    Cost: some ten milliseconds for an ordinary article, most of it for scanning its text.
    """
    found = _Scores()
    text = CaseText(case=case)
    is_failed = record.status == "failed"
    figure_rows = _score_figures(found, text, () if is_failed else record.key_figures)
    deal_rows = _score_deals(found, text, () if is_failed else record.deals, is_failed=is_failed)
    facts = _score_summary(found, case, record)
    found.put("offsets_exact", score_evidence(text, record), "the record holds no evidence")
    support = score_support(text, record.key_figures or (), figure_rows, record.deals or (), deal_rows)
    found.put("unsupported_rate", support, "nothing is called verified")
    found.put("metadata", score_metadata(case.gold, record.article), "neither label nor record has any")
    found.put_all(score_cost(record.run))
    for name in ("input_tokens", "output_tokens"):
        if name not in found.counts:
            found.reasons[name] = "the run gave no token figures"
    return CaseResult(
        case=case.id,
        language=case.gold.language,
        counts=found.counts,
        reasons=found.reasons,
        figures=figure_rows,
        deals=deal_rows,
        facts=facts,
        record=record.model_dump(mode="json"),
        error=f"{record.error.kind}: {record.error.message}" if record.error else "failed" if is_failed else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scores:
    """Gathers counts; what counts nothing at all was not scored."""

    counts: dict[str, Counts] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def put(self, metric: str, counts: Counts, otherwise: str) -> None:
        if counts == Counts() and metric not in _MEANS:
            self.reasons[metric] = otherwise
        else:
            self.counts[metric] = counts

    def put_all(self, counts: Mapping[str, Counts], otherwise: str = "") -> None:
        for metric, one in counts.items():
            self.put(metric, one, otherwise)

    def leave_out(self, reason: str, *metrics: str) -> None:
        self.reasons.update(dict.fromkeys(metrics, reason))


def _score_figures(found: _Scores, text: CaseText, figures: tuple[KeyFigure, ...] | None) -> tuple[FigureMatch, ...]:
    if figures is None:
        found.leave_out("the record was made without figures", *figure_counts(()))
        return ()
    rows = match_figures(text, figures)
    found.put_all(figure_counts(rows), "neither labels nor record have figures that count")
    return rows


def _score_deals(
    found: _Scores, text: CaseText, deals: tuple[Deal, ...] | None, *, is_failed: bool
) -> tuple[DealMatch, ...]:
    if deals is None:
        found.leave_out("the record was made without deals", *deal_counts(()), *term_counts(()))
        return ()
    rows = match_deals(text, deals)
    counts = deal_counts(rows, is_failed=is_failed) | term_counts(rows)
    found.put_all(counts, "neither labels nor record have any in a deal that counts")
    return rows


def _score_summary(found: _Scores, case: Case, record: ArticleRecord) -> tuple[FactMatch, ...]:
    is_failed = record.status == "failed"
    summary = None if is_failed else record.summary
    if summary is None and not is_failed:
        reason = "the record was made without a summary"
        found.leave_out(reason, "must_mention", "must_not_claim", "numbers_faithful", "limits_kept")
        return ()
    rows = match_facts(case.gold.summary, summary)
    found.put("must_mention", mention_counts(rows), "the label names no facts")
    if summary is None:
        found.leave_out("the article failed", "must_not_claim", "numbers_faithful", "limits_kept")
        return rows
    if case.gold.summary.must_not_claim:
        found.put("must_not_claim", claim_counts(rows), "")
    else:
        found.leave_out("the label names no mistakes", "must_not_claim")
    found.put("limits_kept", score_limits(summary), "")
    if record.audit is None:
        found.leave_out("the record has no audit", "numbers_faithful")
    else:
        found.put("numbers_faithful", score_numbers(record.audit), "the prose holds no number")
    return rows
