"""A pattern tried where it can begin finds what it finds when tried everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from summarizer.quantities import amounts, amounts_chinese, amounts_english, change_words, codes, dates_english
from summarizer.quantities.folding import fold
from summarizer.quantities.seeking import digit_runs, matches_at, word_starts

ARTICLES = sorted((Path(__file__).parents[2] / "evals" / "cases" / "articles").iterdir())
ODD = (
    "On 12020 May 3, 112 May, Section 27A, GB/T 1234-2019, sthICP备12345678号, 'x 90s, (2021), 1,234,5678.50 .5 v1.2.3 "
    "twenty-first, two-thirds, half a million, a dozen, FY2024, Q3 2024, 3Q, second half of 2023, last Monday, 半年, 一个半月 "
    "from 2019 to 2021, 5G-A, x_12, a-3, 10 a.m., 8:30, 03/04/2024, 12345678901234567890, +86 10 1234 5678, halved, Twofold"
)
STARTS: list[tuple[re.Pattern[str], Callable[[str], Sequence[int]]]] = [
    (codes._CODES, lambda text: codes._code_starts(text, digit_runs(text))),
    (codes._TOKEN, lambda text: list(codes._token_starts(text, digit_runs(text)))),
    (codes._PATTERNS, lambda text: [start for start, _ in digit_runs(text)]),
    (amounts._NUMBER, lambda text: list(amounts._number_starts(text))),
    (amounts_english._FRACTION, amounts_english._fraction_starts),
    (amounts_english._ONE_WORD, amounts_english._word_starts),
    (amounts_english._ORDINAL, amounts_english._ordinal_starts),
    (change_words._WORD, change_words._starts),
]


@pytest.mark.parametrize("text", [ODD, *(path.read_text(encoding="utf-8") for path in ARTICLES)])
def test_a_pattern_finds_where_it_can_begin_what_it_finds_everywhere(text: str) -> None:
    folded = fold(text)
    seeds = dates_english._seeds_of(folded)
    tried = [(pattern, list(starts(folded))) for pattern, starts in STARTS]
    tried += [(pattern, list(starts(seeds))) for pattern, _, starts in dates_english._READERS]
    for pattern, starts in tried:
        assert [one.span() for one in matches_at(pattern, folded, starts)] == [
            one.span() for one in pattern.finditer(folded)
        ]


def test_wanted_words_are_found_as_whole_words_in_order() -> None:
    assert word_starts("one bone, two ones; one.", frozenset({"one", "two"})) == [(0, "one"), (10, "two"), (20, "one")]


def test_a_half_is_looked_for_at_its_character() -> None:
    found = amounts_chinese.read_chinese_amounts("用了半年，又一个半月", "用了半年，又一个半月")
    assert [(one.low, one.unit) for one in found] == [("0.5", "年"), ("1.5", "个月")]
