"""What scoring finds: outcomes of slots, counts of metrics, matches of one case, and the file that holds a whole run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

# correct, incorrect, missing (the label has it, the record not), spurious (the other way round); None of these is
# "unscored": both have nothing, or the label leaves the slot open.
Outcome = Literal["correct", "incorrect", "missing", "spurious", "unscored"]
Form = Literal["f1", "recall", "share", "mean"]
RUN_FORMAT: Final = "eval-run/1"


class Finding(BaseModel):
    """Base of what is stored in a run file: immutable."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Counts(Finding):
    """MUC counts of one metric; sums over cases give the micro average. Weights are whole numbers."""

    correct: int = 0
    incorrect: int = 0
    missing: int = 0
    spurious: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Add count by count."""
        return Counts(
            correct=self.correct + other.correct,
            incorrect=self.incorrect + other.incorrect,
            missing=self.missing + other.missing,
            spurious=self.spurious + other.spurious,
        )

    @property
    def possible(self) -> int:
        """How many the labels hold."""
        return self.correct + self.incorrect + self.missing

    @property
    def actual(self) -> int:
        """How many the record holds."""
        return self.correct + self.incorrect + self.spurious


class Metric(Finding):
    """One number of the report.

    `form` says how counts become the value: `f1` of precision and recall; `recall` = correct / possible; `share` =
    correct / (correct + incorrect); `mean` = correct / number of cases scored. `is_lower_better` for rates of mistakes
    and for costs.
    """

    name: str
    form: Form
    says: str
    is_lower_better: bool = False

    def value(self, counts: Iterable[Counts]) -> float | None:
        """Return the micro average over cases, None where nothing was scored: that is not the same as 0."""
        per_case = list(counts)
        total = sum(per_case, Counts())
        parts = {
            "f1": (2 * total.correct, total.possible + total.actual),
            "recall": (total.correct, total.possible),
            "share": (total.correct, total.correct + total.incorrect),
            "mean": (total.correct, len(per_case)),
        }
        top, bottom = parts[self.form]
        return top / bottom if bottom else None


class FigureMatch(Finding):
    """One row of the figures: a label with its predicted figure, a label alone, or a predicted figure alone.

    `gold` and `predicted` are indexes into the label's and the record's lists. `slots` has an outcome each for value,
    unit, metric, qualifier, period, status. `errors` are classes of mistakes (scale, currency, percent_point, period,
    qualifier_dropped, duplicate, ...).
    """

    kind: Literal["matched", "missing", "extra"]
    gold: int | None = None
    predicted: int | None = None
    importance: Literal["key", "minor"] | None = None
    slots: dict[str, Outcome] = {}
    errors: tuple[str, ...] = ()
    # Of an extra: whether the article states it (verified, and evidence found), or not.
    is_supported: bool | None = None


class TermMatch(Finding):
    """A labelled term with its predicted one, or either alone; indexes into the deal's lists of terms."""

    kind: Literal["matched", "missing", "extra"]
    gold: int | None = None
    predicted: int | None = None
    importance: Literal["key", "minor"] | None = None
    slots: dict[str, Outcome] = {}


class DealMatch(Finding):
    """A labelled deal with its predicted one, or either alone, with its slots and terms.

    `people` has the outcome of each labelled signatory by name.
    """

    kind: Literal["matched", "missing", "extra"]
    gold: int | None = None
    predicted: int | None = None
    importance: Literal["key", "minor"] | None = None
    slots: dict[str, Outcome] = {}
    terms: tuple[TermMatch, ...] = ()
    people: dict[str, Outcome] = {}
    is_supported: bool | None = None


class FactMatch(Finding):
    """A fact that the summary must mention, or a mistake that it must not make, with whether a pattern matched."""

    kind: Literal["must_mention", "must_not_claim"]
    text: str
    weight: int = 1
    is_hit: bool


class CaseResult(Finding):
    """All that scoring says about one case. A metric that is absent from `counts` was not scored for it."""

    case: str
    language: str
    counts: dict[str, Counts] = {}
    reasons: dict[str, str] = {}
    figures: tuple[FigureMatch, ...] = ()
    deals: tuple[DealMatch, ...] = ()
    facts: tuple[FactMatch, ...] = ()
    # The record as results.jsonl holds it; None where the case could not be run, with `error` saying why.
    record: dict[str, Any] | None = None
    error: str | None = None


class EvalRun(Finding):
    """One system over all cases: what `python -m evals --json` writes and `diff` reads.

    `corpus` and `recordings` are digests of cases and recorded answers; `templates` maps each template and schema to its
    fingerprint.
    """

    format: Literal["eval-run/1"] = RUN_FORMAT
    system: Literal["llm", "offline"]
    model: str | None = None
    corpus: str
    recordings: str | None = None
    templates: dict[str, str] = {}
    cases: tuple[CaseResult, ...]

    def counts_of(self, metric: str) -> list[Counts]:
        """Return the counts of a metric for the cases in which it was scored, in order."""
        return [case.counts[metric] for case in self.cases if metric in case.counts]


METRICS: Final = (
    Metric(name="figures_core_f1", form="f1", says="figures with the right value, unit and metric"),
    Metric(name="figures_full_f1", form="f1", says="the same with qualifier, period and status right as well"),
    Metric(name="figures_key_recall", form="recall", says="key figures found (value, unit and metric right)"),
    Metric(name="deals_f1", form="f1", says="deals found"),
    Metric(
        name="deal_slots_f1",
        form="f1",
        says="slots of deals: type, status, dates, place, parties, areas, sum, duration",
    ),
    Metric(name="terms_f1", form="f1", says="terms of deals found"),
    Metric(name="terms_recall", form="recall", says="key terms of deals found"),
    Metric(name="signatories_f1", form="f1", says="people signing, attending, witnessing"),
    Metric(name="must_mention", form="recall", says="weighted facts that the summary must mention"),
    Metric(name="must_not_claim", form="mean", says="tempting mistakes made, a case", is_lower_better=True),
    Metric(name="numbers_faithful", form="share", says="numbers of the prose that the article supports"),
    Metric(name="limits_kept", form="share", says="headlines and abstracts within their limits"),
    Metric(name="offsets_exact", form="share", says="evidence that stands in the text to the character"),
    Metric(
        name="unsupported_rate",
        form="share",
        says="items called verified that neither a label nor the article supports",
        is_lower_better=True,
    ),
    Metric(name="metadata", form="share", says="title, publisher, date and language of the article"),
    Metric(name="requests", form="mean", says="requests an article", is_lower_better=True),
    Metric(name="follow_ups", form="mean", says="follow-ups an article", is_lower_better=True),
    Metric(name="output_tokens", form="mean", says="tokens of answers an article", is_lower_better=True),
    Metric(name="input_tokens", form="mean", says="tokens of requests an article", is_lower_better=True),
    Metric(name="answer_chars", form="mean", says="characters of answers an article", is_lower_better=True),
)
