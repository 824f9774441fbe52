"""Whom a figure is about: what continues an entity, what names it, and what makes the amount another one's."""

import pytest

from summarizer.verify.figures import judge_figures
from tests.verify.claims import figure_of, text_of


def reasons(text: str, *claims: tuple[str, str, str]) -> list[tuple[str, ...]]:
    """Judge figures, each given as name, entity and words, beside each other."""
    article = text_of(text)
    figures = [figure_of(article, name, words, entity) for name, entity, words in claims]
    return [one.reasons for one in judge_figures(article, figures)]


FILLER_EN = "Rain fell. Trains ran. Shops opened. Boats left. Birds sang. Dogs barked. Bells rang. "
FILLER_ZH = "天气转凉。列车正点。商铺开门。渔船出海。学校放假。路面结冰。灯火通明。"


@pytest.mark.parametrize(
    ("text", "claim", "other"),
    [
        # A pronoun goes on with the sentence before.
        (
            "Brackwater sold its barge arm to Hollin. Its Tideline system tracks 900 boats a day.",
            ("boats tracked", "Brackwater", "900 boats"),
            ("price", "Tideline", "900 boats"),
        ),
        # Who begins the sentence may pay for a thing, or only speak.
        (
            "The Corran canal opens in May. Hollin dredged the mouth, laid the walls and used 900 barges of stone.",
            ("barges of stone", "Corran canal project", "900 barges"),
            ("walls", "Hollin", "900 barges"),
        ),
        (
            "湖湾园开园。青屿负责人白川说，按测算，年接单90笔才能打平。青屿投资2亿元。",
            ("年接单数", "湖湾园", "90笔"),
            ("投资", "青屿", "2亿元"),
        ),
        # Of it: of what the sentence before told.
        (
            "The Corran canal will cost $80 million. Hollin Bank lends $30 million of it. Hollin Bank has 70 branches.",
            ("loan", "Corran canal", "$30 million"),
            ("branches", "Hollin Bank", "70 branches"),
        ),
        # The whole of which somebody takes a part is not his.
        (
            "Brackwater sold a stake. Hollin took three of the nine seats on the board. Hollin paid $4 million.",
            ("board seats", "Brackwater", "nine seats"),
            ("price paid", "Hollin", "$4 million"),
        ),
        # Who forecasts does not own.
        (
            "The Dutch tulip market grew. Ferrow forecasts sales of 60 million bulbs. Ferrow has 12 analysts.",
            ("forecast bulb sales", "Dutch tulip market", "60 million bulbs"),
            ("analysts", "Ferrow", "12 analysts"),
        ),
        # Those listed before a count are counted.
        (
            "湖湾园开园。其中，青屿、白榆、禾川3家公司现场签约。青屿投资2亿元。",
            ("签约公司数", "湖湾园", "3家"),
            ("投资", "青屿", "2亿元"),
        ),
        # 合资公司 is no name.
        (
            "青屿与白榆设立湖畔电子。双方须在合资公司成立后20日内出资。合资公司员工80人。",
            ("出资期限", "湖畔电子", "20日"),
            ("员工数", "合资公司", "80人"),
        ),
    ],
)
def test_what_does_not_make_the_amount_another_ones(
    text: str, claim: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert "ENTITY_FAR" not in reasons(text, claim, other)[0]


@pytest.mark.parametrize(
    ("text", "claim", "other"),
    [
        (
            "Brackwater sold its barge arm. The Hollin system tracks 900 boats a day.",
            ("boats tracked", "Brackwater", "900 boats"),
            ("system", "Hollin", "900 boats"),
        ),
        (
            "Brackwater opens in May. Hollin dredged the mouth, laid the walls and used 900 barges of stone.",
            ("barges of stone", "Brackwater", "900 barges"),
            ("walls", "Hollin", "900 barges"),
        ),
        (
            "湖湾集团开会。去年，青屿扩建厂房，招收新人，接单90笔。青屿投资2亿元。",
            ("接单数", "湖湾集团", "90笔"),
            ("投资", "青屿", "2亿元"),
        ),
        (
            "The Corran canal will cost $80 million. Hollin Bank lends $30 million a year. Hollin Bank has 70 branches.",
            ("loan", "Corran canal", "$30 million"),
            ("branches", "Hollin Bank", "70 branches"),
        ),
        (
            "Brackwater sold a stake. Hollin has nine seats on the board. Hollin paid $4 million.",
            ("board seats", "Brackwater", "nine seats"),
            ("price paid", "Hollin", "$4 million"),
        ),
        (
            "The Dutch tulip market grew. Ferrow sold 60 million bulbs. Ferrow has 12 analysts.",
            ("bulb sales", "Dutch tulip market", "60 million bulbs"),
            ("analysts", "Ferrow", "12 analysts"),
        ),
        (
            "湖湾园开园。其中，青屿3家工厂现场签约。青屿投资2亿元。",
            ("签约工厂数", "湖湾园", "3家"),
            ("投资", "青屿", "2亿元"),
        ),
        (
            "青屿与白榆设立湖畔电子。白榆须在合资公司成立后20日内出资。白榆员工80人。",
            ("出资期限", "湖畔电子", "20日"),
            ("员工数", "白榆", "80人"),
        ),
    ],
)
def test_what_makes_it_another_ones(text: str, claim: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert "ENTITY_FAR" in reasons(text, claim, other)[0]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (
            f"Spain joined. {FILLER_EN}The Spanish ministry pays €900 a family.",
            ("family allowance", "Spain", "€900"),
        ),
        (
            f"招标人：青屿轨道公司。{FILLER_ZH}招标人逾期付款的，按日支付0.3%的违约金。",
            ("违约金", "青屿轨道公司", "0.3%"),
        ),
        (
            f"{FILLER_ZH}{FILLER_ZH}收購代價為3億元。{FILLER_ZH}可能收購事項未必進行。",
            ("收購代價", "可能收購事項", "3億元"),
        ),
        ("工会问卷显示，1200名护士中31%想换岗。", ("想换岗比例", "受访护士", "31%")),
        ("The firm may be sold, according to three people close to the family.", ("people", "sources", "three people")),
    ],
)
def test_an_entity_goes_by_other_words(text: str, claim: tuple[str, str, str]) -> None:
    assert not {"ENTITY_FAR", "ENTITY_NOT_IN_ARTICLE"} & set(reasons(text, claim)[0])


@pytest.mark.parametrize(
    ("text", "claim", "code"),
    [
        (
            f"{FILLER_EN}Spain joined. {FILLER_EN}The Italian ministry pays €900 a family.",
            ("family allowance", "Spain", "€900"),
            "ENTITY_FAR",
        ),
        (
            f"{FILLER_ZH}招标人：青屿轨道公司。{FILLER_ZH}中标人逾期交货的，按日支付0.3%的违约金。",
            ("违约金", "青屿轨道公司", "0.3%"),
            "ENTITY_FAR",
        ),
        (
            f"{FILLER_ZH}{FILLER_ZH}股權代價為3億元。{FILLER_ZH}可能收購事項未必進行。",
            ("股權代價", "可能收購事項", "3億元"),
            "ENTITY_FAR",
        ),
        ("工会问卷显示，1200名护士中31%想换岗。", ("想换岗比例", "受访焊工", "31%"), "ENTITY_NOT_IN_ARTICLE"),
        ("The family employs three gardeners.", ("gardeners", "sources", "three gardeners"), "ENTITY_NOT_IN_ARTICLE"),
    ],
)
def test_other_words_name_no_other_entity(text: str, claim: tuple[str, str, str], code: str) -> None:
    assert code in reasons(text, claim)[0]
