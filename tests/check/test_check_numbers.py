"""How single numbers, dates and names of a draft are judged, over the labelled articles."""

from __future__ import annotations

import pytest

from summarizer.check import Finding, Sources, check_draft, draft_of


def finding(text: str, words: str, sources: Sources) -> Finding:
    found = [one for one in check_draft(draft_of(text), sources).findings if words in one.text]
    assert len(found) == 1, [(one.text, one.reason) for one in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "words", "outcome", "reason"),
    [
        ("京东云华东数据中心总投资约30亿元。", "30亿", "supported", "SAME"),
        ("京东云华东数据中心总投资30亿元。", "30亿", "contradicted", "QUALIFIER_DROPPED"),
        ("京东云华东数据中心总投资超过30亿元。", "30亿", "contradicted", "QUALIFIER_DIFFERS"),
        ("京东云华东数据中心总投资约50亿元。", "50亿", "contradicted", "OTHER_VALUE"),
        ("京东云华东数据中心总投资约30万元。", "30万", "contradicted", "OTHER_SCALE"),
        ("京东云华东数据中心总投资约1.37亿元。", "1.37亿", "contradicted", "OF_ANOTHER"),
        ("京东云华东数据中心总建筑面积约6万平方米。", "6万", "supported", "WEAKER_BOUND"),
        ("启泰新材上半年营业收入约14.7亿元。", "14.7", "supported", "QUALIFIER_ADDED"),
        ("启泰新材上半年营业收入约15亿元。", "15亿", "supported", "ROUNDED"),
        ("启泰新材上半年营业收入近15亿元。", "15亿", "supported", "ROUNDED"),
        ("启泰新材上半年营业收入超过14.8亿元。", "14.8", "contradicted", "OTHER_VALUE"),
        ("启泰新材上半年营业收入14.8亿元。", "14.8", "contradicted", "OTHER_VALUE"),
        ("启泰新材上半年营业收入14.7亿美元。", "14.7", "contradicted", "OTHER_UNIT"),
        ("Trellis has revenue of $386 billion.", "386", "contradicted", "OTHER_SCALE"),
        ("Trellis had revenue of $386 million in 2023.", "386", "supported", "SAME"),
        ("Trellis had revenue of $386 million in 2022.", "2022", "contradicted", "OTHER_DATE"),
    ],
)
def test_a_number_is_judged_by_value_scale_unit_and_qualifier(
    text: str, words: str, outcome: str, reason: str, sources: Sources
) -> None:
    found = finding(text, words, sources)
    assert (found.outcome, found.reason) == (outcome, reason)


def test_a_contradiction_shows_what_the_article_says(sources: Sources) -> None:
    says = finding("京东云华东数据中心总投资约50亿元。", "50亿", sources).says[0]
    assert says.article_id.startswith("001")
    assert "总投资约30亿元" in says.quote


def test_a_year_that_the_article_leaves_out_is_not_supported(sources: Sources) -> None:
    text = "2021年11月18日，京东集团与科大讯飞签订战略合作协议。"
    found = finding(text, "11月18日", sources)
    assert (found.outcome, found.reason) == ("unsupported", "YEAR_NOT_STATED")


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("华为集团与京东集团签订战略合作协议。", "华为集团", "NAME_UNKNOWN"),
        ("京东集团与华为签订战略合作协议。", "华为", "NAME_UNKNOWN"),
        ("Halvorsen and Zorbex Capital announced a merger agreement.", "Zorbex", "NAME_UNKNOWN"),
        ("Zorbex agreed to buy Trellis Optics for cash.", "Zorbex", "NAME_UNKNOWN"),
        ("Trellis Optics will acquire Halvorsen Instruments.", "Halvorsen", "EXCHANGED"),
        ("京东集团与韶关市政府签署战略合作协议。", "京东集团", "OTHER_PARTIES"),
        ("科大讯飞副总裁王楠出席签约仪式。", "王楠", "OTHER_ORGANIZATION"),
    ],
)
def test_a_wrong_party_is_named_with_what_is_wrong(text: str, words: str, reason: str, sources: Sources) -> None:
    found = finding(text, words, sources)
    assert found.reason == reason
    assert found.outcome != "supported"


def test_the_number_of_a_list_and_of_a_heading_claims_nothing(sources: Sources) -> None:
    report = check_draft(draft_of("一、概况\n\n1. 京东云华东数据中心\n2) 科大讯飞\n（三）韶关"), sources)
    assert [one.text for one in report.findings if one.kind == "number"] == []


def test_names_that_no_article_of_the_language_could_have_are_listed_and_not_judged(sources: Sources) -> None:
    text = "The data centre of Jade River Cloud took about RMB 3 billion and has 300,000 servers, 99.995% reliable."
    report = check_draft(draft_of(text), sources)
    assert "Jade River Cloud" in report.uncompared
    assert report.is_clean


def test_an_amount_in_no_article_is_unsupported(sources: Sources) -> None:
    found = finding("京东集团另拟向火星基地投入777.77亿元。", "777.77", sources)
    assert (found.outcome, found.says) == ("unsupported", ())
