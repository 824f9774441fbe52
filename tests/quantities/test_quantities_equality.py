"""When two quantities, units or bounds say the same."""

from __future__ import annotations

import pytest

from summarizer.quantities import compare_quantities, equal_quantities, read_amount, same_unit, scan

SAME = [
    ("1.37亿元", "137 million yuan"),
    ("30万台", "300,000台"),
    ("三成", "30%"),
    ("五千瓦", "5千瓦"),
    ("1.6平方公里", "1600000平方米"),
    ("2 GWh", "2000 MWh"),
    ("US$1.2bn", "12亿美元"),
    ("3-5万元", "30000至50000元"),
    ("24小时", "24 hours"),
    ("6万平方米", "60,000 square metres"),
    ("120人", "120 people"),
    ("12%", "12.0%"),
    ("0.2个百分点", "20个基点"),
    ("超过60%", "more than 60%"),
    ("23家医院", "23 hospitals"),
    ("第13座", "13th"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_same_amount_in_other_words_is_equal(first, second):
    assert equal_quantities(scan(first)[0], scan(second)[0])
    assert equal_quantities(scan(second)[0], scan(first)[0])


DIFFERENT = [
    ("2.3%", "2.3个百分点"),
    ("30亿元", "30亿美元"),
    ("30亿元", "3亿元"),
    ("3-5万元", "3万元"),
    ("3-5万元", "3-6万元"),
    ("约30亿元", "30亿元"),
    ("超过60%", "不到60%"),
    ("24小时", "24天"),
    ("10台", "10人"),
    ("300家", "300%"),
    ("2倍", "2%"),
    ("100平方米", "100立方米"),
    ("100", "100米"),
]


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_amounts_that_differ_are_not_equal(first, second):
    assert not equal_quantities(scan(first)[0], scan(second)[0])


def test_a_dropped_qualifier_is_forgiven_only_on_demand_and_only_in_one_direction():
    article, claim = scan("约30亿元")[0], scan("30亿元")[0]
    assert equal_quantities(article, claim, allow_dropped_qualifier=True)
    assert not equal_quantities(claim, article, allow_dropped_qualifier=True)
    assert compare_quantities(article, claim, allow_dropped_qualifier=True).notes == ("qualifier dropped",)


def test_money_without_a_currency_word_is_equal_with_a_note():
    outcome = compare_quantities(scan("近15亿")[0], scan("近15亿元")[0])
    assert outcome.is_equal
    assert outcome.notes == ("unit from context",)


def test_a_code_equals_nothing():
    code = scan("采用T4标准")[0]
    assert not equal_quantities(code, code)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("平方米", "square metres"),
        ("㎡", "m2"),
        ("人", "people"),
        ("小时", "hours"),
        ("個月", "months"),
        ("吨", "tonnes"),
        (None, None),
    ],
)
def test_unit_words_of_both_languages_are_the_same_unit(first, second):
    assert same_unit(first, second)


@pytest.mark.parametrize(
    ("first", "second"), [("%", "百分点"), ("CNY", None), ("CNY", "USD"), ("公里", "米"), ("人", "人次")]
)
def test_other_units_are_not_the_same(first, second):
    assert not same_unit(first, second)


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("总投资约30亿元", "3000000000", "CNY"),
        ("单价3-5万元", "30000", "CNY"),
        ("2019年1.37亿元", "137000000", "CNY"),
        ("人民币捌仟柒佰陆拾叁万伍仟贰佰元整（￥87,635,200.00）", "87635200", "CNY"),
        ("港幣3.28億元（約相當於新台幣13.5億元）", "328000000", "HKD"),
        ("第三季度增长5.2%", "5.2", "%"),
        ("第13座", "13", "座"),
    ],
)
def test_the_one_amount_of_the_words_is_read(words, value, unit):
    amount = read_amount(words)
    assert amount is not None
    assert (amount.value, amount.unit) == (value, unit)
    assert words[amount.start : amount.end] == amount.text


@pytest.mark.parametrize("words", ["", "没有数字", "2021年10月", "100台和200台", "T4标准"])
def test_words_without_one_amount_are_not_read(words):
    assert read_amount(words) is None
