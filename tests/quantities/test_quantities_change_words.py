"""Words that state an amount without a numeral, and numerals with a scale or a sign in words."""

import pytest

from summarizer.quantities import implied_unit, scan


@pytest.mark.parametrize(
    ("text", "words", "value", "unit"),
    [
        ("Revenue doubled to $5m", "doubled", "2", "倍"),
        ("may extend the term twice", "twice", "2", "倍"),
        ("a threefold rise", "threefold", "3", "倍"),
        ("losses halved", "halved", "50", "%"),
        ("租金减半", "减半", "50", "%"),
        ("产能翻倍", "翻倍", "2", "倍"),
        ("9月环比持平", "持平", "0", "%"),
    ],
)
def test_a_word_of_change_is_an_amount(text: str, words: str, value: str, unit: str) -> None:
    item = next(one for one in scan(text) if one.text == words)
    assert (item.text, item.value, item.unit) == (words, value, unit)


@pytest.mark.parametrize("text", ["double-digit growth", "持平板电脑", "a half-hearted reply"])
def test_a_word_that_only_looks_like_one_is_none(text: str) -> None:
    assert scan(text) == []


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("注入五个亿", "五个亿", "500000000"),
        ("约十来万", "十来万", "100000"),
        ("共壹万贰仟", "壹万贰仟", "12000"),
        ("下降负百分之二", "负百分之二", "-2"),
        ("to negative 3.5%", "negative 3.5%", "-3.5"),
        ("minus 20 percent", "minus 20 percent", "-20"),
        ("5 1/2 years", "5 1/2 years", "5.5"),
        ("三又二分之一", "三又二分之一", "3.5"),
        ("重两吨半", "两吨半", "2.5"),
        ("one third", "one third", "0.333333"),
        ("豫鄂陕三省", "三省", "3"),
    ],
)
def test_scale_sign_and_fraction_in_words_belong_to_the_number(text: str, words: str, value: str) -> None:
    item = scan(text)[0]
    assert (item.text, item.value) == (words, value)


def test_the_three_provinces_of_the_north_east_are_a_name() -> None:
    assert scan("东三省") == []


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("620 of Trellis's 1,250 employees work there", "employees"),
        ("one of seven board seats", "seats"),
        ("12 of its 30 branches", "branches"),
        ("One Trellis director will join", "director"),
    ],
)
def test_a_part_counts_what_the_whole_counts(text: str, unit: str) -> None:
    assert implied_unit(scan(text)[0], text) == unit


def test_one_of_the_largest_counts_nothing() -> None:
    assert scan("one of the largest makers") == []
