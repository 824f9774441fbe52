"""The unit that the guideline gives a number without one."""

from __future__ import annotations

import pytest

from summarizer.quantities import implied_unit, scan


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("为超过1亿师生提供服务", "人"),
        ("通过超5.5亿活跃用户连接", "人"),
        ("服务全市529万参保人群", "人"),
        ("一端连接近1000万的SKU", "SKU"),
        ("本次合作的五大领域", "个"),
        ("3大领域", "个"),
        ("年均PUE≤1.3(实测)", None),
        ("总投资30亿元", "CNY"),
        ("总投资30亿", "CNY"),
        ("300家企业", "家"),
        ("backed four of our customers", "customers"),
    ],
)
def test_the_words_around_the_number_give_the_unit(text, unit):
    (item,) = scan(text)
    assert implied_unit(item, text, currency="CNY") == unit


def test_money_without_a_currency_word_has_no_unit_unless_the_article_gives_one():
    text = "成功消化价值近15亿的剩余产能"
    assert implied_unit(scan(text)[0], text) is None
