import re
import time

import pytest
from hypothesis import given, strategies as st

from summarizer.articles.sentences import split_sentences
from summarizer.records import Furniture


def sentences(text, furniture=()):
    return [text[start:end] for start, end in split_sentences(text, furniture)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("双方签约。“先跑满一期！”张三说。", ["双方签约。", "“先跑满一期！”", "张三说。"]),
        ("增长3.5%。下降1,000万元……结束", ["增长3.5%。", "下降1,000万元……", "结束"]),
        ("第一段　　第二段", ["第一段", "第二段"]),
        (
            "Trellis Optics, Inc. (Nasdaq: TRLO) said so. It rose.",
            ["Trellis Optics, Inc. (Nasdaq: TRLO) said so.", "It rose."],
        ),
        ("It moved to N.Y. and Mr. Lee of Co. No. 3 left.", ["It moved to N.Y. and Mr. Lee of Co. No. 3 left."]),
        ("The U.S. The deal", ["The U.S.", "The deal"]),
        ("At 8:30 a.m. Eastern time. Go!", ["At 8:30 a.m. Eastern time.", "Go!"]),
        ("1. 工期：420天\n2. 质保期：36个月", ["1. 工期：420天", "2. 质保期：36个月"]),
        ('He said "done." 本段更正。', ['He said "done."', "本段更正。"]),
        ("Nordhavn Cooling A/S signed. RMB 0.39 per kWh.", ["Nordhavn Cooling A/S signed.", "RMB 0.39 per kWh."]),
        ("a\r\nb\u2028c", ["a", "b", "c"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, expected):
    assert sentences(text) == expected


def test_furniture_is_left_out_and_ends_a_sentence():
    text = "甲（来源：乙）丙。"
    assert sentences(text, (Furniture(start=1, end=7, kind="credit"),)) == ["甲", "丙。"]


def test_a_long_sentence_is_divided_at_semicolons_and_then_at_commas():
    clause = "项目计划总投资十八亿元" * 8
    assert [len(part) for part in sentences(f"{clause}；{clause}；{clause}。")] == [89, 89, 89]
    parts = sentences("，".join(["投资5,000万元"] * 100) + "。")
    assert len(parts) > 2
    assert all(len(part) < 600 for part in parts)
    assert not any(re.match(r"\d{3}万", part) for part in parts)


PIECES = st.sampled_from(
    [
        "公司",
        "。",
        "！",
        "”",
        "“",
        "3.5",
        "1,200",
        "亿元",
        " ",
        "\n",
        "\r\n",
        "　　",
        ".",
        "Inc.",
        " The",
        "；",
        "……",
        "，",
        "?",
        "a",
        "𠀀",
        "（",
        "）",
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join), st.data())
def test_every_character_of_the_body_lies_in_exactly_one_sentence(text, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=4)))
    furniture = tuple(
        Furniture(start=start, end=end, kind="links") for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    )
    seen = [0] * len(text)
    previous = 0
    for start, end in split_sentences(text, furniture):
        assert previous <= start < end
        assert text[start:end] == text[start:end].strip()
        previous = end
        for position in range(start, end):
            seen[position] += 1
    covered = {position for item in furniture for position in range(item.start, item.end)}
    for position, char in enumerate(text):
        if position in covered:
            assert seen[position] == 0
        elif not char.isspace():
            assert seen[position] == 1


@given(st.lists(PIECES, max_size=60).map("".join))
def test_a_number_is_never_divided(text):
    starts = {start for start, _ in split_sentences(text)}
    for match in re.finditer(r"\d(?:[\d.,]*\d)?", text):
        assert not starts & set(range(match.start() + 1, match.end()))


def test_four_megabytes_without_a_line_break_take_seconds_not_minutes():
    began = time.perf_counter()
    assert len(split_sentences("某公司今日签订协议，" * 400_000)) > 1000
    assert time.perf_counter() - began < 20
