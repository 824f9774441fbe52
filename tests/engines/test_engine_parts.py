"""Splitting long articles and merging what their parts tell."""

from itertools import pairwise

from hypothesis import given, strategies as st

from summarizer.engines.parts import halve, merge_deals, merge_figures, split_by_tokens
from summarizer.proposals import ProposedDeal, ProposedFigure, ProposedParty, ProposedTerm


@given(st.lists(st.integers(1, 50), min_size=1, max_size=60), st.integers(10, 120))
def test_every_sentence_lies_in_a_part_and_parts_keep_the_limit(costs: list[int], limit: int) -> None:
    parts = split_by_tokens(costs, limit)
    assert {number for part in parts for number in part} == set(range(1, len(costs) + 1))
    for part in parts:
        assert len(part) == 1 or sum(costs[number - 1] for number in part) <= limit
    assert all(one.start < other.start and one.stop < other.stop for one, other in pairwise(parts))


def test_neighbouring_parts_share_their_border() -> None:
    parts = split_by_tokens([10] * 30, 100)
    assert parts[0] == range(1, 11)
    assert parts[1].start == 10


def test_a_part_is_halved_until_one_sentence_is_left() -> None:
    assert halve(range(1, 5)) == [range(1, 3), range(3, 5)]
    assert halve(range(7, 8)) == [range(7, 8)]


def figure(s: int, amount: str, name: str = "总投资") -> ProposedFigure:
    return ProposedFigure(s=s, amount=amount, name=name, of="", when="", status="actual")


def deal(s: int, names: list[str], words: str = "签约", signed: str = "", terms: tuple[str, ...] = ()) -> ProposedDeal:
    return ProposedDeal(
        s=s,
        words=words,
        name="d",
        type="joint_venture",
        status="signed",
        parties=[ProposedParty(name=name, kind="company", role="party") for name in names],
        signed=signed,
        effective="",
        place="",
        people=[],
        areas=[],
        amount="",
        duration="",
        terms=[ProposedTerm(s=s, words=text, kind="commitment", by="", to="", cond="") for text in terms],
    )


def test_a_figure_told_by_two_parts_comes_once_in_the_order_of_the_article() -> None:
    merged = merge_figures([figure(9, "5亿"), figure(3, "2亿"), figure(9, "5亿")])
    assert [item.s for item in merged] == [3, 9]


def test_a_deal_told_by_two_parts_is_joined_and_keeps_what_either_states() -> None:
    first = deal(3, ["甲", "乙"], terms=("甲提供场地",))
    second = deal(8, ["甲", "乙"], words="再次提到", signed="11月18日", terms=("乙提供资金", "甲提供场地"))
    [joined] = merge_deals([first, second])
    assert joined.signed == "11月18日"
    assert joined.s == 3
    assert [term.words for term in joined.terms] == ["甲提供场地", "乙提供资金", "甲提供场地"]


def test_deals_with_other_parties_stay_apart() -> None:
    assert len(merge_deals([deal(1, ["甲", "乙"]), deal(2, ["甲", "丙"])])) == 2
