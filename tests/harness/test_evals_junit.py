from __future__ import annotations

from xml.etree import ElementTree as Tree

import pytest

from evals.baseline import bless
from evals.cases import Case
from evals.gate import Check, GateReport, judge
from evals.outcomes import CaseResult
from evals.views.junit import render_junit
from tests.harness.evals_runs import make_case, make_run, perfect, scored


@pytest.fixture
def cases() -> list[Case]:
    return [make_case(name) for name in ("a", "b", "c")]


def suite_of(text: str) -> Tree.Element:
    root = Tree.fromstring(text)
    assert root.tag == "testsuites"
    return root[0]


def test_each_case_and_each_check_is_a_test(cases: list[Case]) -> None:
    run = make_run(cases, [perfect(case) for case in cases])
    report = judge([run], bless([run], cases, None), cases)
    suite = suite_of(render_junit([run], report))
    names = [test.get("name") for test in suite]
    assert names == ["a", "b", "c", *(check.name for check in report.checks)]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == (str(len(names)), "0", "0")


def test_a_lost_key_item_fails_its_case_and_its_check(cases: list[Case]) -> None:
    baseline = bless([make_run(cases, [perfect(case) for case in cases])], cases, None)
    run = make_run(cases, [perfect(cases[0]), scored(cases[1], figures=False), perfect(cases[2])])
    suite = suite_of(render_junit([run], judge([run], baseline, cases)))
    failed = {test.get("name"): test.find("failure") for test in suite}
    assert failed["a"] is None
    assert failed["b"] is not None
    assert "key items: key figure '总投资'" in str(failed["b"].get("message"))
    assert failed["key items"] is not None
    assert "b: key figure" in str(failed["key items"].text)
    assert suite.get("failures") == str(sum(one is not None for one in failed.values()))


def test_a_case_that_could_not_be_run_is_an_error(cases: list[Case]) -> None:
    broken = CaseResult(case="a", language="zh", error="KeyError at a.py:1")
    run = make_run(cases, [broken, perfect(cases[1]), perfect(cases[2])])
    suite = suite_of(render_junit([run], judge([run], None, cases)))
    error = suite[0].find("error")
    assert error is not None
    assert error.get("message") == "KeyError at a.py:1"
    assert suite.get("errors") == "1"


def test_control_characters_and_markup_in_names_leave_the_xml_valid(cases: list[Case]) -> None:
    odd = "a\x00\x1b]0;\x07<b>&\"'\ufffe\ud800"
    run = make_run(cases, [CaseResult(case=odd, language="zh", error=odd)])
    check = Check(system="llm", name=odd, is_ok=False, says=odd, cases={odd: (odd,)})
    text = render_junit([run], GateReport(regimes={"llm": "unchanged"}, checks=(check,)))
    suite = suite_of(text.encode("utf-8").decode("utf-8"))
    assert suite[0].get("name") == "a\\u0000\\u001b]0;\\u0007<b>&\"'\\ufffe\\ud800"
    assert len(suite) == 2
