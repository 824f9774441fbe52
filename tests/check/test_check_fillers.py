"""Who does what in a sentence of the draft, against who does it in the article."""

from __future__ import annotations

import pytest

from tests.check.made_sources import doubts, sources_of

CHINESE = sources_of(
    "蓝汀精密股份有限公司与青禾动力签署供货协议。蓝汀精密承诺，三年内每年向青禾动力供应不少于40万套减振支架；"
    "青禾动力须在每季度末付清货款，逾期按日支付违约金。蓝汀精密将在滁州新建第二条喷涂线，预计明年春季投产。"
    "该公司还计划引进机器人打磨设备。沐阳租赁为蓝汀精密的喷涂线提供设备租赁服务。青禾动力目前在西部经营十二座换电站。",
    ("蓝汀精密", "青禾动力", "沐阳租赁"),
)
ENGLISH = sources_of(
    "Tarn Foods and Ellery Mills signed a flour supply agreement in Leeds. Ellery Mills will deliver at least 9,000 tonnes "
    "of wholegrain flour a year to Tarn Foods, and Tarn Foods must collect each load within ten days. It pays a penalty for "
    "every late lorry. Ellery Mills plans to build a second silo beside the canal. Corran Bank lent Ellery Mills the money for "
    "the silo. Tarn Foods owns sixty bakeries across northern England.",
    ("Tarn Foods", "Ellery Mills", "Corran Bank"),
)


@pytest.mark.parametrize(
    "draft",
    [
        "蓝汀精密承诺每年向青禾动力供应不少于40万套减振支架。",
        "蓝汀精密将在滁州新建第二条喷涂线，预计明年春季投产。",
        "蓝汀精密还计划引进机器人打磨设备。",
        "青禾动力与蓝汀精密签署供货协议。",
        "沐阳租赁为喷涂线提供设备租赁服务。",
        "按照协议，青禾动力每季度末付清货款，逾期要付违约金。",
    ],
)
def test_what_the_article_says_of_somebody_may_be_told_in_other_words(draft: str) -> None:
    assert doubts(draft, CHINESE) == []


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        ("青禾动力将在滁州新建第二条喷涂线，预计明年春季投产。", "青禾动力"),
        ("蓝汀精密须在每季度末付清货款，逾期按日支付违约金。", "蓝汀精密"),
        ("沐阳租赁目前在西部经营十二座换电站。", "沐阳租赁"),
        ("青禾动力承诺每年向蓝汀精密供应不少于40万套减振支架。", "青禾动力承诺每年向蓝汀精密"),
    ],
)
def test_what_the_article_says_of_another_is_contradicted(draft: str, wrong: str) -> None:
    assert wrong in [text for text, _ in doubts(draft, CHINESE)]


@pytest.mark.parametrize(
    "draft",
    [
        "Ellery Mills is to deliver at least 9,000 tonnes of wholegrain flour a year to Tarn Foods.",
        "Ellery Mills and Tarn Foods signed a flour supply agreement in Leeds.",
        "Tarn Foods pays a penalty for every late lorry.",
        "Ellery Mills is building a second silo beside the canal.",
        "Corran Bank lends the money for the silo.",
        "Ellery Mills borrowed the money for its silo from Corran Bank.",
    ],
)
def test_what_the_article_says_of_somebody_may_be_told_in_other_english_words(draft: str) -> None:
    assert doubts(draft, ENGLISH) == []


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        ("Tarn Foods plans to build a second silo beside the canal.", "Tarn Foods"),
        ("Ellery Mills owns sixty bakeries across northern England.", "Ellery Mills"),
        ("Corran Bank must collect each load within ten days.", "Corran Bank"),
        ("Tarn Foods will deliver at least 9,000 tonnes of wholegrain flour a year to Ellery Mills.", "Tarn Foods"),
    ],
)
def test_what_the_article_says_of_another_is_contradicted_in_english(draft: str, wrong: str) -> None:
    assert any(wrong in text for text, _ in doubts(draft, ENGLISH))


def test_the_sentence_of_the_article_is_shown() -> None:
    from summarizer.check import check_draft, draft_of

    report = check_draft(draft_of("青禾动力将在滁州新建第二条喷涂线，预计明年春季投产。"), CHINESE)
    found = next(one for one in report.findings if one.outcome == "contradicted")
    assert found.reason == "OTHER_PARTY"
    assert "蓝汀精密将在滁州新建第二条喷涂线" in found.says[0].quote
