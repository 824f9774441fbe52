from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from evals.cases import CASES_DIR, Case, load_cases, problems_of
from evals.debt import label_debt
from evals.outcomes import CaseResult, DealMatch, EvalRun, FigureMatch
from evals.running import run_offline
from summarizer.records import ArticleRecord, Deal, KeyFigure, Party

NAMES = ("d03-qiyu-jv.html", "d05-skarvik-offtake.md", "d07-nanzhan-award.txt")
Change = Callable[[ArticleRecord], ArticleRecord]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A repository with three cases: HTML, Markdown with markup, plain text."""
    folder = tmp_path / "evals" / "cases"
    for part in ("articles", "gold"):
        (folder / part).mkdir(parents=True)
    for name in NAMES:
        shutil.copy(CASES_DIR / "articles" / name, folder / "articles")
        shutil.copy((CASES_DIR / "gold" / name).with_suffix(".json"), folder / "gold")
    git(tmp_path, "init", "-q")
    return folder


def git(folder: Path, *arguments: str, given: str | None = None) -> None:
    subprocess.run(["git", *arguments], cwd=folder, input=given, text=True, check=True, capture_output=True)


def run_with(cases: tuple[Case, ...], result: Callable[[Case, ArticleRecord], CaseResult]) -> EvalRun:
    return run_offline(cases, result).run


def row(case: Case, record: ArticleRecord, **rows: object) -> CaseResult:
    found = CaseResult(case=case.id, language=case.gold.language, record=record.model_dump(mode="json"))
    return found.model_copy(update=rows)


def applied(corpus: Path, patch: str) -> tuple[Case, ...]:
    """Apply the patch as a person would, and read the cases again."""
    root = corpus.parent.parent
    git(root, "apply", "--check", "-", given=patch)
    git(root, "apply", "-", given=patch)
    cases = load_cases(corpus)
    assert [problem for case in cases for problem in problems_of(case)] == []
    return cases


def figures_of(record: ArticleRecord) -> tuple[KeyFigure, ...]:
    assert record.key_figures
    return record.key_figures


def test_supported_extra_figures_become_minor_labels_that_hold_together(corpus: Path) -> None:
    before = load_cases(corpus)

    def all_extra(case: Case, record: ArticleRecord) -> CaseResult:
        number = len(figures_of(record))
        extra = tuple(FigureMatch(kind="extra", predicted=at, is_supported=True) for at in range(number))
        return row(case, record, figures=extra)

    debts, patch = label_debt(before, run_with(before, all_extra), corpus.parent.parent)
    after = applied(corpus, patch)
    assert sum(debt.is_in_patch for debt in debts) >= 10
    placed = 0
    for old, new in zip(before, after, strict=True):
        added = new.gold.key_figures[len(old.gold.key_figures) :]
        assert len(added) == sum(debt.case == new.id and debt.is_in_patch for debt in debts) > 0
        assert {figure.importance for figure in added} == {"minor"}
        for figure in added:
            if figure.start is not None:
                placed += 1
                assert new.source[figure.start : figure.end] == figure.quote
    assert placed >= 10


def test_a_supported_extra_deal_becomes_a_minor_label(corpus: Path) -> None:
    before = load_cases(corpus, ["d07"])

    def extra(case: Case, record: ArticleRecord) -> CaseResult:
        return row(case, record, deals=(DealMatch(kind="extra", predicted=0, is_supported=True),))

    run = run_with(before, extra)
    debts, patch = label_debt(before, run, corpus.parent.parent)
    [debt] = debts
    assert debt.is_in_patch
    [after] = [case for case in applied(corpus, patch) if case.id.startswith("d07")]
    deal = after.gold.deals[-1]
    record = ArticleRecord.model_validate(run.cases[0].record)
    assert record.deals is not None
    assert (deal.importance, deal.name) == ("minor", record.deals[0].name)
    assert {party.name for party in deal.parties} == {party.name for party in record.deals[0].parties}


def test_an_unknown_name_of_a_known_party_becomes_an_alias(corpus: Path) -> None:
    [before] = load_cases(corpus, ["d05"])
    gold = before.gold.deals[0]
    known, other = gold.parties[0], gold.parties[1]
    # Some words of the article stand for a name that the label lacks.
    unknown = before.article.text[before.article.text.index("Skarvik") :][:9]
    parties = (
        Party(name=known.name, aliases=(unknown,), kind="company"),
        Party(name="Nobody Knows", aliases=(), kind="company"),
        Party(name=other.name, aliases=("not in the article",), kind="company"),
    )
    deal = Deal(name="x", type="other", status="signed", parties=parties, verdict="verified")

    def renamed(case: Case, record: ArticleRecord) -> CaseResult:
        changed = record.model_copy(update={"deals": (deal,)})
        return row(case, changed, deals=(DealMatch(kind="matched", gold=0, predicted=0, importance="key"),))

    debts, patch = label_debt([before], run_with((before,), renamed), corpus.parent.parent)
    assert [debt.says for debt in debts] == [f"name {unknown!r} of a party of deal 'x'"]
    [after] = [case for case in applied(corpus, patch) if case.id == before.id]
    assert after.gold.deals[0].parties[0].aliases == (*known.aliases, unknown)
    assert after.gold.deals[0].parties[1] == other


def test_what_would_not_hold_together_is_listed_and_left_out(corpus: Path) -> None:
    [case] = load_cases(corpus, ["d07"])

    def twice(case: Case, record: ArticleRecord) -> CaseResult:
        extra = FigureMatch(kind="extra", predicted=0, is_supported=True)
        return row(case, record, figures=(extra, extra))

    debts, patch = label_debt([case], run_with((case,), twice), corpus.parent.parent)
    assert [debt.is_in_patch for debt in debts] == [True, False]
    assert patch.count('+   "importance": "minor",') == 1
    applied(corpus, patch)


def test_unsupported_extras_and_matches_are_no_debt(corpus: Path) -> None:
    cases = load_cases(corpus)

    def none(case: Case, record: ArticleRecord) -> CaseResult:
        figures = (
            FigureMatch(kind="extra", predicted=0, is_supported=False),
            FigureMatch(kind="matched", gold=0, predicted=0, importance="key"),
            FigureMatch(kind="missing", gold=0, importance="key"),
        )
        return row(case, record, figures=figures, deals=(DealMatch(kind="missing", gold=0),))

    assert label_debt(cases, run_with(cases, none), corpus) == ((), "")


def test_a_label_without_a_last_newline_can_be_patched(corpus: Path) -> None:
    path = corpus / "gold" / "d07-nanzhan-award.json"
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    [case] = load_cases(corpus, ["d07"])

    def extra(case: Case, record: ArticleRecord) -> CaseResult:
        return row(case, record, figures=(FigureMatch(kind="extra", predicted=0, is_supported=True),))

    _, patch = label_debt([case], run_with((case,), extra), corpus.parent.parent)
    applied(corpus, patch)
    assert json.loads(path.read_text(encoding="utf-8"))["key_figures"][-1]["importance"] == "minor"
