"""A run as JUnit XML, which every CI shows: a suite for each system, with a test for each case and each check of the gate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as Tree

from evals.gate import Check, GateReport
from evals.outcomes import CaseResult, EvalRun

# XML 1.0 has no spelling for these, not even as references.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(runs: Sequence[EvalRun], report: GateReport) -> str:
    """Return the XML, to be written as UTF-8.

    A case fails for what a failed check of the gate names in it (lost key items, tempting mistakes, unsupported items) and
    is an error where it could not be run or has no record. Each check is a test of its own.
    """
    root = Tree.Element("testsuites", name="evals")
    for run in runs:
        checks = [check for check in report.checks if check.system == run.system]
        suite = Tree.SubElement(root, "testsuite", name=run.system)
        for case in run.cases:
            _add_case(suite, run.system, case, [check for check in checks if not check.is_ok])
        for check in checks:
            test = _add_test(suite, f"{run.system}.gate", check.name)
            if not check.is_ok:
                _add_problem(test, "failure", check.says, _details(check))
        suite.set("tests", str(len(suite)))
        for kind in ("failure", "error"):
            suite.set(f"{kind}s", str(sum(test.find(kind) is not None for test in suite)))
    Tree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Tree.tostring(root, encoding="unicode") + "\n"


def _add_case(suite: Tree.Element, system: str, case: CaseResult, failed: Sequence[Check]) -> None:
    test = _add_test(suite, system, case.case)
    if case.error is not None:
        _add_problem(test, "error", case.error, "")
        return
    wrong = [f"{check.name}: {what}" for check in failed for what in check.cases.get(case.case, ())]
    if wrong:
        _add_problem(test, "failure", wrong[0] if len(wrong) == 1 else f"{len(wrong)} problems", "\n".join(wrong))


def _add_test(suite: Tree.Element, group: str, name: str) -> Tree.Element:
    return Tree.SubElement(suite, "testcase", classname=group, name=_xml(name))


def _add_problem(test: Tree.Element, kind: str, message: str, details: str) -> None:
    problem = Tree.SubElement(test, kind, message=_xml(message))
    problem.text = _xml(details) or None


def _details(check: Check) -> str:
    return "\n".join(f"{case}: {what}" for case, wrong in check.cases.items() for what in wrong)


def _xml(text: str) -> str:
    return _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
