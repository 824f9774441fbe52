from __future__ import annotations

from pathlib import Path

import pytest

from evals.baseline import Baseline, BlessRefusedError, bless, load_baseline, save_baseline
from evals.cases import Case, LabelError
from evals.gate import GateReport, judge
from evals.outcomes import CaseResult, Counts, EvalRun
from tests.harness.evals_runs import make_case, make_run, perfect, scored

NAMES = [f"a{number}" for number in range(8)]


@pytest.fixture
def cases() -> list[Case]:
    return [make_case(name) for name in NAMES]


@pytest.fixture
def good(cases: list[Case]) -> EvalRun:
    return make_run(cases, [perfect(case) for case in cases])


@pytest.fixture
def baseline(cases: list[Case], good: EvalRun) -> Baseline:
    return bless([good], cases, None)


def failed(report: GateReport) -> set[str]:
    return {check.name for check in report.failures}


def with_one_worse(cases: list[Case], **wrong: bool) -> list[CaseResult]:
    return [scored(cases[0], **wrong), *(perfect(case) for case in cases[1:])]


def test_the_blessed_run_itself_passes(cases: list[Case], good: EvalRun, baseline: Baseline) -> None:
    report = judge([good], baseline, cases)
    assert report.is_passed
    assert report.regimes == {"llm": "unchanged"}
    assert report.lines()[0].startswith("passed")
    assert "item by item" in report.regime()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [("figures", "key figure '总投资' of '项目'"), ("terms", "key term"), ("facts", "must-mention '签约'")],
)
def test_a_lost_key_item_fails_the_gate_by_name(cases: list[Case], baseline: Baseline, wrong: str, named: str) -> None:
    # The floors are taken away: the item alone must fail it.
    system = baseline.systems["llm"].model_copy(update={"floors": {}})
    loose = baseline.model_copy(update={"systems": {"llm": system}})
    report = judge([make_run(cases, with_one_worse(cases, **{wrong: False}))], loose, cases)
    [check] = [check for check in report.failures if check.name == "key items"]
    assert list(check.cases) == ["a0"]
    assert named in check.cases["a0"][0]
    assert any(named in line for line in report.lines())


def test_a_key_item_that_comes_and_goes_with_new_answers_does_not_fail_the_gate(
    cases: list[Case], baseline: Baseline
) -> None:
    system = baseline.systems["llm"].model_copy(update={"floors": {}})
    loose = baseline.model_copy(update={"systems": {"llm": system}})
    run = make_run(cases, with_one_worse(cases, figures=False), recordings="other")
    report = judge([run], loose, cases)
    assert report.regimes == {"llm": "re-recorded"}
    assert report.is_passed


def test_a_significant_drop_with_new_answers_fails_the_gate(cases: list[Case], baseline: Baseline) -> None:
    run = make_run(cases, [scored(case, figures=False) for case in cases], recordings="other")
    assert "figures_core_f1 not significantly lower" in failed(judge([run], baseline, cases))


def test_a_floor_holds_for_new_answers_too(cases: list[Case], baseline: Baseline) -> None:
    run = make_run(cases, with_one_worse(cases, terms=False), recordings="other")
    assert failed(judge([run], baseline, cases)) == {"floor of terms_f1"}


def test_with_the_same_answers_a_lower_score_fails_the_gate(cases: list[Case], baseline: Baseline) -> None:
    spurious = {"terms_f1": Counts(correct=1, spurious=1)}
    system = baseline.systems["llm"].model_copy(update={"floors": {}})
    loose = baseline.model_copy(update={"systems": {"llm": system}})
    run = make_run(cases, [scored(cases[0], counts=spurious), *(perfect(case) for case in cases[1:])])
    assert failed(judge([run], loose, cases)) == {"terms_f1 kept"}


@pytest.mark.parametrize("recordings", ["same", "other"])
def test_a_tempting_mistake_fails_the_gate_in_both_regimes(
    cases: list[Case], baseline: Baseline, recordings: str
) -> None:
    run = make_run(cases, with_one_worse(cases, claims=True), recordings=recordings)
    report = judge([run], baseline, cases)
    assert failed(report) == {"must_not_claim"}
    assert report.failures[0].cases == {"a0": ("2021年签约",)}


@pytest.mark.parametrize(
    ("metric", "counts"),
    [("unsupported_rate", Counts(correct=1, incorrect=99)), ("offsets_exact", Counts(correct=99, incorrect=1))],
)
def test_nothing_unsupported_and_nothing_out_of_place_passes(cases: list[Case], metric: str, counts: Counts) -> None:
    run = make_run(cases, [scored(cases[0], counts={metric: counts}), *(perfect(case) for case in cases[1:])])
    report = judge([run], bless([run], cases, None), cases)
    assert failed(report) == {metric}
    assert list(report.failures[0].cases) == ["a0"]


def test_a_changed_corpus_fails_until_it_is_blessed(cases: list[Case], baseline: Baseline) -> None:
    more = [*cases, make_case("b1")]
    run = make_run(more, [perfect(case) for case in more])
    report = judge([run], baseline, more)
    assert failed(report) == {"corpus"}
    assert "bless" in report.failures[0].says
    assert report.regimes == {"llm": "not compared"}
    assert judge([run], bless([run], more, baseline), more).is_passed


def test_another_model_fails_until_it_is_blessed(cases: list[Case], baseline: Baseline) -> None:
    run = make_run(cases, [perfect(case) for case in cases], model="n", recordings="other")
    assert failed(judge([run], baseline, cases)) == {"model"}


def test_changed_templates_are_noted_and_fail_nothing(cases: list[Case], good: EvalRun, baseline: Baseline) -> None:
    run = good.model_copy(update={"templates": {"system": "2"}, "recordings": "other"})
    report = judge([run], baseline, cases)
    assert report.is_passed
    assert any("system" in note for note in report.notes)


def test_an_improved_run_passes_and_is_blessed_without_a_reason(cases: list[Case], good: EvalRun) -> None:
    worse = make_run(cases, with_one_worse(cases, figures=False, terms=False))
    old = bless([worse], cases, None)
    assert judge([good], old, cases).is_passed
    new = bless([good], cases, old)
    assert new.systems["llm"].floors["terms_f1"] > old.systems["llm"].floors["terms_f1"]
    assert new.allowed_drops == ()


def test_bless_refuses_to_go_down_and_says_what_fell(cases: list[Case], baseline: Baseline) -> None:
    worse = make_run(cases, with_one_worse(cases, figures=False), recordings="other")
    with pytest.raises(BlessRefusedError, match="--allow-drop") as refused:
        bless([worse], cases, baseline)
    assert any("figures_core_f1 1.0000, now 0.8750" in drop for drop in refused.value.drops)
    assert any("a0: key figure '总投资'" in drop for drop in refused.value.drops)


def test_bless_goes_down_with_a_reason_and_keeps_it(cases: list[Case], baseline: Baseline, tmp_path: Path) -> None:
    worse = make_run(cases, with_one_worse(cases, figures=False), recordings="other")
    lowered = bless([worse], cases, baseline, "another model")
    assert judge([worse], lowered, cases).is_passed
    assert lowered.systems["llm"].floors["figures_core_f1"] < 1
    save_baseline(lowered, tmp_path / "baseline.json")
    kept = load_baseline(tmp_path / "baseline.json")
    assert kept == lowered
    assert kept is not None
    assert [one.reason for one in kept.allowed_drops] == ["another model"]
    assert (tmp_path / "baseline.json").stat().st_mode & 0o044 == 0o044


def test_a_floor_raised_by_hand_is_never_lowered_by_itself(cases: list[Case]) -> None:
    run = make_run(cases, with_one_worse(cases, terms=False))
    old = bless([run], cases, None)
    raised = old.systems["llm"].model_copy(update={"floors": {"terms_f1": 0.9}})
    kept = bless([run], cases, old.model_copy(update={"systems": {"llm": raised}}))
    assert kept.systems["llm"].floors["terms_f1"] == 0.9
    worse = make_run(cases, [scored(case, terms=case.id > "a3") for case in cases])
    with pytest.raises(BlessRefusedError) as refused:
        bless([worse], cases, kept)
    assert any("under its floor 0.900" in drop for drop in refused.value.drops)


def test_scores_and_items_are_held_against_the_baseline_only_where_cases_are_the_same(
    cases: list[Case], baseline: Baseline
) -> None:
    more = [*cases, make_case("b1")]
    poor = make_run(more, [*(perfect(case) for case in cases), scored(more[-1], terms=False)])
    with pytest.raises(BlessRefusedError) as refused:
        bless([poor], more, baseline)
    assert refused.value.drops == ("llm: terms_f1 0.9412 is under its floor 1.000",)
    assert bless([poor], more, baseline, "a harder case").systems["llm"].floors["terms_f1"] < 0.9412


def test_a_case_is_not_dropped_from_the_corpus_in_silence(cases: list[Case], baseline: Baseline) -> None:
    fewer = cases[1:]
    with pytest.raises(BlessRefusedError) as refused:
        bless([make_run(fewer, [perfect(case) for case in fewer])], fewer, baseline)
    assert refused.value.drops == ("llm: case 'a0' left out",)


def test_a_system_that_was_not_run_stays_in_the_baseline(cases: list[Case], good: EvalRun, baseline: Baseline) -> None:
    offline = good.model_copy(update={"system": "offline", "model": None, "recordings": None, "templates": {}})
    both = bless([offline], cases, baseline)
    assert set(both.systems) == {"llm", "offline"}
    assert both.templates == {"system": "1"}
    report = judge([good, offline], both, cases)
    assert report.is_passed
    assert report.regimes == {"llm": "unchanged", "offline": "unchanged"}


def test_without_a_baseline_the_gate_fails_and_says_how_to_make_one(cases: list[Case], good: EvalRun) -> None:
    report = judge([good], None, cases)
    assert failed(report) == {"baseline"}
    assert "python -m evals bless" in report.failures[0].says


def test_a_partial_run_is_judged_by_its_limits_alone(cases: list[Case], baseline: Baseline) -> None:
    some = cases[:2]
    good = make_run(some, [perfect(case) for case in some])
    assert judge([good], baseline, some, is_partial=True).is_passed
    bad = make_run(some, [scored(some[0], claims=True), perfect(some[1])])
    assert failed(judge([bad], baseline, some, is_partial=True)) == {"must_not_claim"}


def test_a_case_that_could_not_be_run_fails_the_gate(cases: list[Case], baseline: Baseline) -> None:
    broken = CaseResult(case="a0", language="zh", error="KeyError at a.py:1")
    report = judge([make_run(cases, [broken, *(perfect(case) for case in cases[1:])])], baseline, cases)
    assert "cases run" in failed(report)


def test_a_file_that_is_no_baseline_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert load_baseline(path) is None
    path.write_text('{"format": "something/1"}')
    with pytest.raises(LabelError, match="no baseline: format"):
        load_baseline(path)
