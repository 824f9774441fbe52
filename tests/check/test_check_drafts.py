"""Drafts that a person wrote over the labelled articles: right ones, and the same with errors planted in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from summarizer.check import CheckReport, Sources, check_draft, read_draft

DRAFTS = Path(__file__).parent / "drafts"
CORRECT = sorted(path.name for path in DRAFTS.glob("correct_*"))
EXPECTED = json.loads((DRAFTS / "expected.json").read_text("utf-8"))


def report_on(name: str, sources: Sources) -> CheckReport:
    return check_draft(read_draft(DRAFTS / name), sources)


@pytest.mark.parametrize("name", CORRECT)
def test_a_correct_draft_raises_no_alarm(name: str, sources: Sources) -> None:
    report = report_on(name, sources)
    assert [(one.text, one.reason) for one in report.findings if one.outcome != "supported"] == []
    assert report.is_clean
    assert len(report.findings) >= 10


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_planted_error_is_found_and_nothing_else(name: str, sources: Sources) -> None:
    report = report_on(name, sources)
    wrong = [one for one in report.findings if one.outcome != "supported"]
    missed = [
        (text, kind, outcome)
        for text, kind, outcome in EXPECTED[name]["found"]
        if not any(text in one.text and one.outcome == outcome for one in wrong)
    ]
    assert missed == []
    planted = [text for text, *_ in EXPECTED[name]["found"] + EXPECTED[name]["not_found"]]
    assert [one.text for one in wrong if not any(text in one.text for text in planted)] == []
    assert not report.is_clean


def test_nine_in_ten_of_all_planted_errors_are_found(sources: Sources) -> None:
    planted = found = 0
    for name, errors in EXPECTED.items():
        wrong = [one.text for one in report_on(name, sources).findings if one.outcome != "supported"]
        for text, *_ in errors["found"] + errors["not_found"]:
            planted += 1
            found += any(text in one for one in wrong)
    assert planted >= 60
    assert found >= 0.9 * planted


@pytest.mark.parametrize("name", [*CORRECT, *sorted(EXPECTED)])
def test_every_finding_and_every_quote_stands_where_it_says(name: str, sources: Sources) -> None:
    texts = {source.id: source.text for source in sources.articles}
    report = report_on(name, sources)
    for finding in report.findings:
        assert report.text[finding.start : finding.end] == finding.text
        for saying in finding.says:
            assert texts[saying.article_id][saying.start : saying.end] == saying.quote
        if finding.outcome == "supported":
            assert finding.says


def test_the_line_is_that_of_the_file_where_markup_was_taken_out(sources: Sources) -> None:
    report = report_on("planted_zh_datacentre.md", sources)
    lines = (DRAFTS / "planted_zh_datacentre.md").read_text("utf-8").split("\n")
    for finding in report.findings:
        assert finding.text in lines[finding.line - 1]
