from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given, strategies as st

from summarizer.report.amounts import render_amount, render_number

SCALES = {"万亿": 12, "亿": 8, "万": 4, "trillion": 12, "billion": 9, "million": 6}


def read_back(text: str) -> Decimal:
    match = re.fullmatch(r"(-?[\d,]+(?:\.\d+)?) ?(\D*)", text)
    assert match is not None, text
    scale = SCALES[match[2]] if match[2] else 0
    sign, digits, exponent = Decimal(match[1].replace(",", "")).as_tuple()
    assert isinstance(exponent, int)
    return Decimal((sign, digits, exponent + scale))


decimals = st.builds(
    lambda sign, digits, zeros, fraction: sign + str(digits) + "0" * zeros + ("." + fraction if fraction else ""),
    st.sampled_from(["", "-"]),
    st.integers(0, 10**9),
    st.integers(0, 13),
    st.text("0123456789", max_size=5),
)


@given(decimals, st.sampled_from(["zh", "en"]))
def test_every_number_reads_back_as_itself(value: str, language: Literal["zh", "en"]) -> None:
    assert read_back(render_number(value, language)) == Decimal(value)


@given(decimals, st.sampled_from(["zh", "en"]))
def test_a_scaled_number_has_at_most_four_decimals_and_is_at_least_one(
    value: str, language: Literal["zh", "en"]
) -> None:
    text = render_number(value, language)
    scaled = re.fullmatch(r"-?([\d,]+)(?:\.(\d+))? ?(万亿|亿|万|trillion|billion|million)", text)
    if scaled:
        assert int(scaled[1].replace(",", "")) >= 1
        assert len(scaled[2] or "") <= 4


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        ("3000000000", "CNY", "30亿元", "CNY 3.0 billion"),
        ("87635200", "CNY", "8763.52万元", "CNY 87.6352 million"),
        ("1420000000", "USD", "14.2亿美元", "USD 1.42 billion"),
        ("1200000000000", "CNY", "1.2万亿元", "CNY 1.2 trillion"),
        ("-350000000", "CNY", "-3.5亿元", "CNY -350.0 million"),
        ("328000000", "TWD", "新台币3.28亿元", "TWD 328.0 million"),
        ("31.50", "USD", "31.50美元", "USD 31.50"),
        ("99.995", "%", "99.995%", "99.995%"),
        ("2.3", "百分点", "2.3个百分点", "2.3 percentage points"),
        ("600", "倍", "600倍", "600 times"),
        ("85000", "tonnes", "8.5万 tonnes", "85,000 tonnes"),
        ("4300", "人", "4300人", "4,300 人"),
        ("60000", "平方米", "6万平方米", "60,000 平方米"),
        ("1.3", None, "1.3", "1.3"),
        ("0", "家", "0家", "0 家"),
        ("1500000001", "CNY", "1,500,000,001元", "CNY 1,500,000,001"),
        ("187635200", "CNY", "18763.52万元", "CNY 187.6352 million"),
        ("1876352000", "USD", "187635.2万美元", "USD 1,876.352 million"),
        ("150000000000000", "CNY", "150万亿元", "CNY 150.0 trillion"),
        ("120", "XQZ", "120 XQZ", "XQZ 120"),
    ],
)
def test_values_are_shown_as_a_reader_writes_them(value: str, unit: str | None, zh: str, en: str) -> None:
    assert render_amount(value, unit, "zh") == zh
    assert render_amount(value, unit, "en") == en


def test_qualifiers_and_ranges_are_said_in_words() -> None:
    assert render_amount("3000000000", "CNY", "zh", qualifier="about") == "约30亿元"
    assert render_amount("300", "家", "zh", qualifier="more_than") == "超过300家"
    assert render_amount("40000000", "USD", "en", qualifier="at_most") == "at most USD 40.0 million"
    assert render_amount("30000", "CNY", "zh", value_max="50000", qualifier="range") == "3万至5万元"
    assert render_amount("601000000", "EUR", "en", value_max="769000000") == "EUR 601.0 million to 769.0 million"
    assert render_amount("30", "%", "zh", value_max="50") == "30%至50%"
    assert render_amount("30", "%", "zh", value_max="30") == "30%"


def test_no_value_is_no_text() -> None:
    assert render_amount(None, "CNY", "zh") is None


@pytest.mark.parametrize("value", ["1E+9999999", "1e9999", "9" * 41, "NaN", "Infinity", "=1+1", "--11-18", "", "１２"])
def test_what_is_no_sensible_number_is_shown_as_it_is(value: str) -> None:
    assert render_number(value, "zh") == value
    assert render_number(value, "en") == value


def test_forty_digits_lose_none() -> None:
    value = "1234567890" * 4
    assert render_number(value, "en").replace(",", "") == value
    assert read_back(render_number("7" * 30 + "0" * 8, "zh")) == Decimal("7" * 30 + "0" * 8)
