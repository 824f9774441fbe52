"""What holds for every text: order, coverage of digits, exact slices, clauses read apart; and round trips of numerals."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import cn2an
import pytest
from hypothesis import example, given, settings, strategies as st

from summarizer.quantities import scan
from summarizer.quantities.folding import fold
from summarizer.quantities.numerals import plain, read_chinese, read_english, shifted

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
PIECES = """
0 1 2 5 12 2023 1,200 3.5 -5 - – — ~ 至 到 to and 年 月 日 号 万 亿 千 百 个 家 元 % ％ 亿元 $ US$ € 港币 人民币 （ ） ( )
. ， 。 、 ： : / * × + 一 二 两 三 五 十 零 第 季度 上半年 今年 去年 时 分 秒 点 多 余 来 几 数 约 超过 近 以上 左右 成 倍
折 度 零下 之 百分之 三分之一 million bn m k t x one two half a third May March Oct. 13 in of between from Q3 FY2025 H1 5G
T4 A-1 @ #1 No.5 http://a.b/1 👍 𠮷 １ ２ ， ． 成半 块 角 个多月 电话： ID 1. 十一 H100 八五折
"""
WORDS = [*PIECES.split(), "\n"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=9).map("".join) | st.lists(st.sampled_from(WORDS), max_size=9).map(
    " ".join
)
DIGITS = set("0123456789０１２３４５６７８９")


def check(text):
    items = scan(text)
    last = 0
    covered = set()
    for item in items:
        assert last <= item.start < item.end <= len(text)
        assert text[item.start : item.end] == item.text
        last = item.end
        covered.update(range(item.start, item.end))
    assert [at for at, char in enumerate(text) if char in DIGITS and at not in covered] == []
    return items


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_items_are_ordered_disjoint_exact_and_hold_every_digit(text):
    check(text)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=40))
@example("\x00１\x00")
@example("1.5成半")
def test_any_text_at_all_is_scanned(text):
    check(text)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:3])
def test_every_digit_of_an_article_lies_in_one_item(seed):
    assert check(seed.read_text(encoding="utf-8"))


def shift(item, by):
    moved = {
        name: None if getattr(item, name) is None else getattr(item, name) + by
        for name in ("start", "end", "number_start", "number_end", "qualifier_start", "qualifier_end")
    }
    return replace(item, **moved)


@settings(deadline=None, max_examples=200)
@given(TEXTS, TEXTS)
@example("12．", "5")
@example("1点\n", "9")
def test_two_sentences_are_read_as_each_alone(first, second):
    whole = scan(first + "。" + second)
    assert whole == [*scan(first), *(shift(item, len(first) + 1) for item in scan(second))]


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=10**15))
def test_chinese_numerals_are_read_as_an_independent_writer_writes_them(number):
    assert read_chinese(cn2an.an2cn(number)) == str(number)
    assert read_chinese(cn2an.an2cn(number, "up")) == str(number)


@settings(deadline=None)
@given(st.integers(min_value=11, max_value=10**13))
def test_a_chinese_numeral_with_a_unit_is_found_whole(number):
    text = f"总计{cn2an.an2cn(number)}美元。"
    (item,) = [item for item in scan(text) if item.kind == "currency"]
    assert (item.value, item.unit) == (str(number), "USD")


@settings(deadline=None)
@given(
    whole=st.integers(min_value=0, max_value=999_999_999),
    decimals=st.integers(min_value=0, max_value=3),
    grouped=st.booleans(),
    wide=st.booleans(),
    scale=st.sampled_from([("", 0), ("万", 4), ("亿", 8), ("万亿", 12), (" million", 6), (" billion", 9)]),
    qualifier=st.sampled_from(
        [("", "exact"), ("约", "about"), ("超过", "more_than"), ("不低于", "at_least"), ("近", "nearly")]
    ),
)
def test_a_written_amount_is_read_back(whole, decimals, grouped, wide, scale, qualifier):
    digits = f"{whole:,}" if grouped else str(whole)
    if decimals:
        digits += "." + str(whole % 10**decimals).rjust(decimals, "1")
    expected = plain(Decimal(digits.replace(",", "")).scaleb(scale[1]))
    written = digits.translate({ord(char): chr(ord(char) + 0xFEE0) for char in "0123456789.,"}) if wide else digits
    text = f"金额{qualifier[0]}{written}{scale[0]}美元，"
    if scale[0].startswith(" "):
        text = f"金额{qualifier[0]}{written}{scale[0]} dollars，"
    (item,) = scan(text)
    assert (Decimal(item.value), item.unit, item.qualifier) == (Decimal(expected), "USD", qualifier[1])


@given(st.text(max_size=60))
def test_folding_keeps_every_offset(text):
    assert len(fold(text)) == len(text)


@given(st.decimals(min_value=0, max_value=10**9, places=4), st.integers(min_value=-6, max_value=12))
def test_moving_the_point_is_multiplication(number, places):
    assert Decimal(shifted(format(number, "f"), places)) == number.scaleb(places)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("twenty-five", "25"),
        ("three hundred and five thousand", "305000"),
        ("two and a half million", "2500000"),
        ("one hundred twenty-three", "123"),
        ("two point five billion", "2500000000"),
        ("one million two hundred thousand", "1200000"),
    ],
)
def test_english_number_words_are_read_to_their_end(words, value):
    first = min(position for position in (words.find(" "), words.find("-"), len(words)) if position > 0)
    assert read_english(words, 0, first) == (value, len(words))
