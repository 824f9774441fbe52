"""What two wordings share: pairs of Han characters, stems of Latin words, and the numbers of rounds, phases and lots."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from summarizer.quantities.wordlists import words
from summarizer.report.ledger_names import folded

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_LATIN_WORD = re.compile(r"[a-z][a-z0-9]{2,}")
# Enough letters to tell words apart, few enough to join invest and investment.
_STEM: Final = 5
_EMPTY: Final = frozenset(
    words(
        "the and for with its their will from that this which has have are was were into per between by under "
        "agree contr deal coope strat compa party parti "
        "双方 合作 协议 签署 签订 战略 公司 项目 合同 进行 开展 推动 推进 共同 建设 领域 方面 将在 并将 有限"
    )
)
_NUMBER = "([一二三四五六七八九十]{1,3}|[0-9]{1,3}|[ivx]{1,4}|[a-z])"
# What tells deals of one pair of parties apart: A轮, Series B, 二期, phase 2, 第三包, lot 4.
_MARKS: Final = {
    "round": re.compile(
        r"(pre-?[a-z]|[a-z]\d?\+*|天使|种子|战略)轮|\bseries ([a-z]\d?)\b|\b(seed|angel|bridge|rescue) round"
    ),
    "phase": re.compile(
        rf"第?([一二三四五六七八九十]{{1,3}}|[0-9]{{1,2}})期(?!限|间|货)|\b(?:phase|stage) {_NUMBER}\b"
    ),
    "lot": re.compile(rf"第?([一二三四五六七八九十]{{1,3}}|[0-9]{{1,3}})(?:包|标段|批次|号机)|\blot {_NUMBER}\b"),
}
_DIGITS: Final = {word: str(number) for number, word in enumerate("一二三四五六七八九十", start=1)} | {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "天使": "angel", "种子": "seed",
}  # fmt: skip
# Below this many words, half of them in common is chance.
_FEWEST: Final = 4


@lru_cache(maxsize=16384)
def words_of(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring Han characters and the stems of Latin words, without those that any deal has."""
    plain = folded(text)
    found = {word[0][:_STEM] for word in _LATIN_WORD.finditer(plain) if word[0] not in _EMPTY}
    for run in _HAN_RUN.findall(plain):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
    return frozenset(found - _EMPTY)


def overlap(one: frozenset[str], other: frozenset[str]) -> float | None:
    """Return the share of the smaller set's words that the other has too; None where one has too few to tell."""
    fewer = min(len(one), len(other))
    return None if fewer < _FEWEST else len(one & other) / fewer


def marks_of(text: str) -> dict[str, frozenset[str]]:
    """Return the rounds, phases and lots that a text names, by kind; kinds without any are left out.

    Example:
        >>> marks_of("Nilam Series B round"), marks_of("二期工程")
        ({'round': frozenset({'b'})}, {'phase': frozenset({'2'})})
    """
    plain = folded(text)
    found = {
        kind: frozenset(_DIGITS.get(part, part) for match in pattern.finditer(plain) for part in match.groups() if part)
        for kind, pattern in _MARKS.items()
    }
    return {kind: marks for kind, marks in found.items() if marks}


def marks_differ(one: dict[str, frozenset[str]], other: dict[str, frozenset[str]]) -> bool:
    """Return whether both name a round, phase or lot and none is the same: A轮 and B轮."""
    return any(kind in other and not marks & other[kind] for kind, marks in one.items())
