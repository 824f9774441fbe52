"""Label debt: what a record states rightly and no label has, as a patch to the label files.

A supported figure or deal that no label holds is neither rewarded nor punished, and asks a reader: should it be
labelled? Here it becomes a `minor` label; names of parties that the labels do not know become aliases. A person reads
the patch before it is applied.
"""

from __future__ import annotations

import difflib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.cases import Case, problems_of
from evals.gold import Gold, GoldDeal
from evals.outcomes import CaseResult, EvalRun
from summarizer.records import ArticleRecord, Consideration, Deal, Evidence, KeyFigure

_NO_NEWLINE = "\n\\ No newline at end of file\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """Something that a label may lack. `is_in_patch` is False where the label would not hold together with it."""

    case: str
    says: str
    is_in_patch: bool


def label_debt(cases: Sequence[Case], run: EvalRun, root: Path) -> tuple[tuple[Debt, ...], str]:
    """Return what the labels may lack, and the unified diff for `git apply` in `root` that adds it.

    Args:
        cases: the cases of the run.
        run: one system's scored run, with records.
        root: the folder that the patch's paths are relative to.
    """
    known = {case.id: case for case in cases}
    debts: list[Debt] = []
    patches = []
    for result in run.cases:
        case = known.get(result.case)
        if case is not None and result.record is not None:
            found, patch = _debt_of_case(case, result, root)
            debts += found
            patches.append(patch)
    return tuple(debts), "".join(patches)


def _debt_of_case(case: Case, result: CaseResult, root: Path) -> tuple[list[Debt], str]:
    path = case.path.parent.parent / "gold" / f"{case.id}.json"
    before = path.read_text(encoding="utf-8")
    label = json.loads(before)
    record = ArticleRecord.model_validate(result.record)
    debts = []
    for says, place, addition in _additions(case, result, record):
        longer = _with(label, place, addition)
        is_whole = _holds_together(case, longer)
        debts.append(Debt(case=case.id, says=says, is_in_patch=is_whole))
        if is_whole:
            label = longer
    after = json.dumps(label, ensure_ascii=False, indent=1) + "\n"
    is_changed = any(debt.is_in_patch for debt in debts)
    return debts, _diff(before, after, _shown_path(path, root)) if is_changed else ""


def _additions(
    case: Case, result: CaseResult, record: ArticleRecord
) -> Iterator[tuple[str, tuple[str | int, ...], Any]]:
    """Give each addition in words, with the list of the label that it goes to."""
    for match in result.figures:
        if match.kind == "extra" and match.is_supported and match.predicted is not None:
            figure = (record.key_figures or ())[match.predicted]
            if figure.value is not None and figure.evidence:
                yield f"figure {figure.name!r}: {figure.amount!r}", ("key_figures",), _figure_label(case, figure)
    for deal_match in result.deals:
        if deal_match.predicted is None:
            continue
        deal = (record.deals or ())[deal_match.predicted]
        if deal_match.kind == "extra" and deal_match.is_supported and deal.evidence:
            yield f"deal {deal.name!r}", ("deals",), _deal_label(case, deal)
        elif deal_match.kind == "matched" and deal_match.gold is not None:
            for party, name in _unknown_names(case, deal, case.gold.deals[deal_match.gold]):
                place = ("deals", deal_match.gold, "parties", party, "aliases")
                yield f"name {name!r} of a party of deal {deal.name!r}", place, name


def _unknown_names(case: Case, deal: Deal, gold: GoldDeal) -> Iterator[tuple[int, str]]:
    """Give the names of parties that the label does not know, each with the label's party that another name belongs to."""
    labelled = {name for party in gold.parties for name in party.names}
    for predicted in deal.parties:
        names = {predicted.name, *predicted.aliases}
        known = [number for number, party in enumerate(gold.parties) if names & party.names]
        if len(known) == 1:
            yield from ((known[0], name) for name in sorted(names - labelled) if name and name in case.article.text)


def _figure_label(case: Case, figure: KeyFigure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "entity": figure.entity or "",
        "value": figure.value,
        "value_max": figure.value_max,
        "unit": figure.unit,
        "qualifier": figure.qualifier or "exact",
        "period": figure.period,
        "status": figure.status,
        "importance": "minor",
        **_place(case, figure.evidence),
        "also": [],
    }


def _deal_label(case: Case, deal: Deal) -> dict[str, Any]:
    return {
        "name": deal.name,
        "type": deal.type,
        "status": deal.status,
        "parties": [{"name": one.name, "aliases": list(one.aliases), "kind": one.kind} for one in deal.parties],
        "signed_on": deal.signed_on,
        "place": deal.place,
        "signatories": [one.model_dump() for one in deal.signatories],
        "areas": list(deal.areas),
        "consideration": _sum_label(deal.consideration),
        "duration": deal.duration,
        "terms": [],
        "importance": "minor",
        **_place(case, deal.evidence),
    }


def _sum_label(consideration: Consideration | None) -> dict[str, Any] | None:
    if consideration is None or consideration.unit is None:
        return None
    label = {"value": consideration.value, "unit": consideration.unit, "qualifier": consideration.qualifier}
    return label if consideration.value_max is None else {**label, "value_max": consideration.value_max}


def _place(case: Case, evidence: Sequence[Evidence]) -> dict[str, Any]:
    """Return quote and offsets into the decoded file; offsets are None where the quote crosses markup."""
    piece = evidence[0]
    start, end = piece.start, piece.end
    if case.article.source_map is not None and piece.source_start is not None and piece.source_end is not None:
        start, end = piece.source_start, piece.source_end
    is_there = case.source[start:end] == piece.quote
    return {"quote": piece.quote, "start": start if is_there else None, "end": end if is_there else None}


def _with(label: Mapping[str, Any], place: Sequence[str | int], addition: Any) -> dict[str, Any]:
    """Return the label with the addition at the end of the list at `place`."""
    longer: dict[str, Any] = json.loads(json.dumps(label))
    inner: Any = longer
    for name in place[:-1]:
        inner = inner[name]
    inner.setdefault(place[-1], []).append(addition)
    return longer


def _holds_together(case: Case, label: Mapping[str, Any]) -> bool:
    """Return whether the label brings no problem that it had not before."""
    return set(problems_of(replace(case, gold=Gold.model_validate(label)))) <= set(problems_of(case))


def _diff(before: str, after: str, path: str) -> str:
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else line + _NO_NEWLINE for line in lines)


def _lines(text: str) -> list[str]:
    # Not splitlines, which would cut at a U+2028 within a quote.
    return list(io.StringIO(text))


def _shown_path(path: Path, root: Path) -> str:
    whole = path.resolve()
    inside = whole.is_relative_to(root.resolve())
    return (whole.relative_to(root.resolve()) if inside else Path("gold") / path.name).as_posix()
