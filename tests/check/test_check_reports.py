"""Drafts in a report writer's own words over several articles: right as they stand, wrong with any one thing changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from summarizer.check import Sources, check_draft, draft_of
from tests.check.made_sources import doubts, sources_of

DRAFTS = Path(__file__).parent / "drafts"
PLANTS = json.loads((DRAFTS / "report_plants.json").read_text("utf-8"))
FOUND = [(name, *plant) for name, plants in PLANTS.items() for plant in plants["found"]]


@pytest.mark.parametrize("name", sorted(PLANTS))
def test_a_report_in_its_writers_own_words_raises_no_alarm(name: str, sources: Sources) -> None:
    report = check_draft(draft_of((DRAFTS / name).read_text("utf-8"), markup="md"), sources)
    assert [(one.text, one.reason) for one in report.findings if one.outcome != "supported"] == []
    assert len(report.findings) > 40


@pytest.mark.parametrize(("name", "right", "wrong", "kind"), FOUND)
def test_one_thing_changed_in_a_report_is_found_in_its_paragraph(
    name: str, right: str, wrong: str, kind: str, sources: Sources
) -> None:
    text = (DRAFTS / name).read_text("utf-8")
    assert text.count(right) == 1, kind
    report = check_draft(draft_of(text.replace(right, wrong), markup="md"), sources)
    at = report.text.index(wrong)
    start = report.text.rfind("\n", 0, at) + 1
    end = report.text.find("\n", at) % (len(report.text) + 1)
    assert any(start <= one.start < end for one in report.findings if one.outcome != "supported")


def test_seven_in_ten_of_the_changes_are_found() -> None:
    total = sum(len(plants[key]) for plants in PLANTS.values() for key in ("found", "not_found"))
    assert total >= 50
    assert len(FOUND) >= 0.7 * total


def test_a_writers_own_count_in_a_heading_and_a_year_before_a_noun_claim_nothing() -> None:
    sources = sources_of("Corvane Rail lost £3.4 million in 2021. It sold two depots.", ("Corvane Rail",))
    assert doubts("Three troubled years\n\nThe 2021 loss of Corvane Rail was £3.4 million.", sources) == []
    assert doubts("The 2021 loss of Corvane Rail was £4.3 million.", sources) != []


@pytest.mark.parametrize(
    ("draft", "is_right"),
    [
        ("博岭船厂投资6.7亿元扩建船坞。", True),
        ("海澜重机投资6.7亿元扩建船坞。", False),
    ],
)
def test_a_sum_that_the_record_gives_to_one_party_is_not_anothers(draft: str, is_right: bool) -> None:
    text = "博岭船厂将在东港扩建船坞，投资6.7亿元。海澜重机去年迁入东港，租用两座厂房。"
    sources = sources_of(text, ("博岭船厂", "海澜重机"), (("投资额", "博岭船厂", "6.7亿元"),))
    assert (doubts(draft, sources) == []) is is_right
