"""The scan is linear: four times the text takes about four times as long, whatever the text is."""

from __future__ import annotations

import time

import pytest

from summarizer.quantities import scan

HOSTILE = [
    "1",
    ",",
    "一",
    "1-",
    "1,",
    "1.",
    ",123",
    "a1",
    "1x",
    "a",
    "a-",
    "a@",
    "/a",
    "$",
    "(",
    "第",
    "“一",
    "十万",
    "1万",
    "1:",
    "1+",
    "1234 ",
    "one ",
    "to 1 ",
    "up from 1 to 2 ",
    "https://",
    "2020年",
    "三分之",
    "May ",
    "１，",
    "not above 1 ",
    " ",
]


def seconds(text):
    best = float("inf")
    for _ in range(2):
        begin = time.perf_counter()
        scan(text)
        best = min(best, time.perf_counter() - begin)
    return best


@pytest.mark.parametrize("piece", HOSTILE)
def test_four_times_the_text_takes_about_four_times_as_long(piece):
    short = piece * (4000 // len(piece))
    # Quadratic would be 16; 10 leaves room for a busy machine. Twice asked, because one pause must not fail it.
    ratios = (seconds(short * 4) / seconds(short) for _ in range(3))
    assert any(ratio < 10 for ratio in ratios)


def test_a_run_of_200_000_digits_is_one_code():
    (item,) = scan("1" * 200_000)
    assert (item.kind, item.end) == ("code", 200_000)
