"""Years that stand in the article's sentence, each with its own amount."""

from __future__ import annotations

import pytest

from tests.check.made_sources import doubts, sources_of

PLAN = "按照规划，到2025年砚溪园区年产值突破150亿元，到2028年达到290亿元。砚溪园区2026年至2028年每年投入6亿元。"


@pytest.mark.parametrize(
    ("draft", "is_right"),
    [
        ("到2025年，砚溪园区年产值突破150亿元。", True),
        ("砚溪园区到2028年年产值突破150亿元。", False),
        ("砚溪园区2026年至2028年每年投入6亿元。", True),
        ("砚溪园区2028年至2028年每年投入6亿元。", False),
    ],
)
def test_a_year_of_the_same_sentence_that_is_another_amounts_is_contradicted(draft: str, is_right: bool) -> None:
    sources = sources_of(PLAN, ("砚溪园区",), (("年产值目标", "砚溪园区", "突破150亿元"),))
    record = sources.articles[0].record
    assert record.key_figures is not None
    figure = record.key_figures[0].model_copy(update={"period": "2025"})
    source = type(sources.articles[0])(record=record.model_copy(update={"key_figures": (figure,)}), text=PLAN)
    assert (doubts(draft, type(sources)(articles=(source,))) == []) is is_right
