"""Another number of the same article in a number's place."""

from __future__ import annotations

import pytest

from summarizer.check import Sources
from tests.check.made_sources import doubts, sources_of

CHINESE = sources_of(
    "渡云陶瓷去年产量为320万件，其中出口96万件。公司新建窑炉投入4.6亿元，另用1.3亿元改造旧仓库。"
    "员工培训中心可同时接待280名学员，食堂可容纳650名员工用餐。单件能耗下降14%，返工率降至2.7%。",
    ("渡云陶瓷",),
)
ENGLISH = sources_of(
    "Brackwater Tiles made 3.2 million tiles last year and exported 960,000 of them. A new kiln cost £46 million, and the "
    "refit of the old warehouse another £13 million. Energy used per tile fell 14%, while scrap came to 2.7% of output. "
    "The training centre takes 280 apprentices; the canteen seats 650 workers.",
    ("Brackwater Tiles",),
)


@pytest.mark.parametrize(
    ("draft", "sources"),
    [
        ("渡云陶瓷去年生产320万件，出口96万件。", CHINESE),
        ("新建窑炉花了4.6亿元，改造仓库1.3亿元。", CHINESE),
        ("食堂可供650名员工用餐，培训中心可接待280名学员。", CHINESE),
        ("返工率只有2.7%，单件能耗降低14%。", CHINESE),
        ("与1.3亿元的仓库改造相比，窑炉投入4.6亿元。", CHINESE),
        ("Brackwater Tiles exported 960,000 of the 3.2 million tiles that it made.", ENGLISH),
        ("The kiln cost £46 million, against £13 million for the warehouse.", ENGLISH),
        ("Scrap was 2.7% of output and energy per tile 14% lower.", ENGLISH),
        ("Its canteen has room for 650 workers.", ENGLISH),
    ],
)
def test_a_number_told_in_other_words_is_supported(draft: str, sources: Sources) -> None:
    assert doubts(draft, sources) == []


@pytest.mark.parametrize(
    ("draft", "sources", "wrong"),
    [
        ("渡云陶瓷新建窑炉投入1.3亿元。", CHINESE, "1.3亿元"),
        ("培训中心可同时接待650名学员。", CHINESE, "650名"),
        ("返工率降至14%。", CHINESE, "14%"),
        ("A new kiln cost £13 million.", ENGLISH, "£13 million"),
        ("Scrap came to 14% of output.", ENGLISH, "14%"),
        ("The canteen seats 280 workers.", ENGLISH, "280"),
    ],
)
def test_the_number_of_something_else_in_the_article_is_contradicted(draft: str, sources: Sources, wrong: str) -> None:
    (found,) = doubts(draft, sources)
    assert wrong in found[0]
    assert found[1] in ("OF_ANOTHER", "OTHER_VALUE")


VENTURE = sources_of(
    "山岚酒业与关河集团组建合资公司。山岚酒业出资3.3亿元，持股55%；关河集团出资2.7亿元，持股45%。灌装线由每小时2万瓶提高到3万瓶。",
    ("山岚酒业", "关河集团"),
)


@pytest.mark.parametrize(
    ("draft", "is_right"),
    [
        ("山岚酒业与关河集团组建合资公司，双方分别出资3.3亿元和2.7亿元，持股55%和45%。", True),
        ("关河集团与山岚酒业组建合资公司，双方分别持股45%和55%。", True),
        ("山岚酒业与关河集团组建合资公司，双方分别持股45%和55%。", False),
        ("山岚酒业与关河集团组建合资公司，双方分别出资2.7亿元和3.3亿元。", False),
        ("灌装线提速，由每小时2万瓶提高到3万瓶。", True),
        ("灌装线由每小时3万瓶提高到2万瓶。", False),
    ],
)
def test_amounts_that_have_changed_places_are_contradicted(draft: str, is_right: bool) -> None:
    assert (doubts(draft, VENTURE) == []) is is_right


BOUNDS = sources_of(
    "The fare cannot fall below £4 or rise above £9. Waiting times fell to 3.6 minutes from 5.2 minutes. "
    "Ridership should pass 40,000 by 2026 and reach 75,000 by 2029.",
    ("Harle Trams",),
    (("ridership target", "Harle Trams", "40,000"),),
)


@pytest.mark.parametrize(
    ("draft", "is_right"),
    [
        ("The fare has a £4 floor and a £9 ceiling.", True),
        ("The fare is £4.", False),
        ("Waiting times fell to 3.6 minutes from 5.2.", True),
        ("Waiting times fell to 3.6 minutes from 5.9.", False),
    ],
)
def test_a_bound_and_a_unit_may_be_told_by_words_beside_the_number(draft: str, is_right: bool) -> None:
    assert (doubts(draft, BOUNDS) == []) is is_right
