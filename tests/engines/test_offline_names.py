"""Names of organisations: how far they reach, which short forms belong to them, what is none."""

import pytest

from summarizer.articles import Article
from summarizer.engines.offline_names import Names
from summarizer.engines.offline_text import Reading


def names_of(text: str) -> dict[str, set[str]]:
    names = Names(Reading.of(Article.from_text(text, id="a")))
    return {mention.name.full: mention.name.forms for mention in names.mentions}


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("近日，由澜州轨道交通集团有限公司主办的会议召开。", "澜州轨道交通集团有限公司"),
        ("协议由见微仪器（苏州）有限公司签署。", "见微仪器（苏州）有限公司"),
        ("会议委托江苏京世大数据管理有限公司承办。", "江苏京世大数据管理有限公司"),
        ("此前，南通市发改委公布了数据。", "南通市发改委"),
        ("京东集团与华为技术有限公司合作。", "华为技术有限公司"),
        ("The plant of Maasland Nutrients N.V. opened.", "Maasland Nutrients N.V."),
        (
            "Then Hailing Port Digital Infrastructure Co., Ltd. opened a plant.",
            "Hailing Port Digital Infrastructure Co., Ltd.",
        ),
        ("丹麦企业Nordhavn Cooling A/S在珠海设厂。", "Nordhavn Cooling A/S"),
    ],
)
def test_a_name_reaches_from_its_first_to_its_last_character(text: str, full: str) -> None:
    assert full in names_of(text)


def test_two_english_names_joined_by_and_are_two() -> None:
    text = "The round was led by Harrow Bay Capital and Merapi Growth Fund."
    assert set(names_of(text)) == {"Harrow Bay Capital", "Merapi Growth Fund"}


def test_the_defined_and_the_used_short_forms_belong_to_the_full_name() -> None:
    text = "博序生物科技有限公司（下称“博序”）签约。博序生物承诺投产，博序生物已动工。"
    assert names_of(text)["博序生物科技有限公司"] == {"博序生物科技有限公司", "博序生物", "博序"}


@pytest.mark.parametrize(
    "text",
    [
        "推进数字政府建设，发展人工智能和新能源汽车。",
        "该公司与另一家公司竞争，各三级医院参与。",
        "The Board said on Monday that Sales rose.",
    ],
)
def test_common_nouns_are_no_names(text: str) -> None:
    assert names_of(text) == {}
