"""The ledger: which deals of different articles become one row, which stay doubtful, and what each row says."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

import pytest

from summarizer import ArticleRecord, Settings, Summarizer
from summarizer.report.ledger import build_ledger
from summarizer.report.ledger_types import Ledger, LedgerDeal, Outcome
from summarizer.report.ledger_words import reason_text
from tests.report.ledger_batches import MISSED, NEAR_MISSES, SAME, Pair, deal, figure, record, term

ROOT = Path(__file__).parents[2]
COOPERATION = "strategic_cooperation"


def ledger_of(pair: Pair) -> Ledger:
    return build_ledger(
        [record("a", pair.first, published_on=pair.told[0]), record("b", pair.second, published_on=pair.told[1])]
    )


def outcomes(row: LedgerDeal) -> dict[str, Outcome]:
    return {field.name: field.outcome for field in row.fields if field.name not in ("party", "term")}


def texts(row: LedgerDeal, name: str) -> list[list[str]]:
    return [[value.text for value in field.values] for field in row.fields if field.name == name]


@pytest.mark.parametrize("pair", SAME, ids=lambda pair: pair.name)
def test_one_deal_told_in_two_ways_is_one_row_that_says_why(pair: Pair) -> None:
    ledger = ledger_of(pair)
    assert [[one.article_id for one in row.tellings] for row in ledger.deals] == [["a", "b"]]
    assert ledger.deals[0].reasons
    assert ledger.doubtful == ()


@pytest.mark.parametrize("pair", NEAR_MISSES, ids=lambda pair: pair.name)
def test_two_deals_that_look_alike_stay_two_rows(pair: Pair) -> None:
    ledger = ledger_of(pair)
    assert [len(row.tellings) for row in ledger.deals] == [1, 1]
    assert bool(ledger.doubtful) == pair.is_doubtful
    assert all(one.agrees and one.against for one in ledger.doubtful)


@pytest.mark.parametrize("pair", MISSED, ids=lambda pair: pair.name)
def test_what_the_rules_do_not_see_is_at_most_doubtful(pair: Pair) -> None:
    ledger = ledger_of(pair)
    assert len(ledger.deals) == 2
    assert bool(ledger.doubtful) == pair.is_doubtful


def test_there_are_enough_hand_made_pairs_to_mean_something() -> None:
    assert (len(SAME), len(NEAR_MISSES), len(MISSED)) == (16, 18, 5)


def test_all_hand_made_deals_together_merge_like_they_do_pair_by_pair() -> None:
    # Names of one pair must not make those of another ambiguous, except where both use the same firms on purpose.
    pairs = [pair for pair in SAME if not {"京东集团", "科大讯飞", "南阳市人民政府"} & names(pair)]
    records = []
    for number, pair in enumerate(pairs):
        records += [record(f"{number:02}a", pair.first), record(f"{number:02}b", pair.second)]
    ledger = build_ledger(records)
    assert [{one.article_id[:2] for one in row.tellings} for row in ledger.deals if len(row.tellings) > 1] == [
        {f"{number:02}"} for number in range(len(pairs))
    ]


def names(pair: Pair) -> set[str]:
    return {party.name for one in (pair.first, pair.second) for party in one.parties}


def test_a_merge_explains_each_party_and_what_agrees() -> None:
    row = ledger_of(SAME[0]).deals[0]
    assert [reason_text(reason) for reason in row.reasons] == [
        "the same after the legal form: “京东” and “京东集团”",
        "the same after the legal form: “科大讯飞” and “科大讯飞股份有限公司”",
        "the same day: 18 November (year not stated) and 18 November 2021",
        "the same type: strategic cooperation",
    ]
    assert "alias in article a: “澄衡智能” for “澄衡智能科技（杭州）有限公司”" in [
        reason_text(reason) for pair in SAME for reason in ledger_of(pair).deals[0].reasons
    ]


def test_a_name_reaches_another_over_the_alias_of_a_third_article() -> None:
    ledger = build_ledger(
        [
            record("a", deal("licence", ("禾岑机器人", "company", None), "澜石创投", signed_on="2024-05-20")),
            record("b", deal("licence", ("Hecen Robotics", "company", None), "澜石创投", signed_on="2024-05-20")),
            record("c", deal("other", ("禾岑机器人有限公司", "company", None, "Hecen Robotics"), "桐屿资本")),
        ]
    )
    assert [len(row.tellings) for row in ledger.deals] == [2, 1]
    said = [reason_text(reason) for reason in ledger.deals[0].reasons]
    assert "alias in article c: “Hecen Robotics” for “禾岑机器人有限公司”" in said


def test_an_alias_of_two_parties_is_nobody_in_other_articles() -> None:
    ledger = build_ledger(
        [
            record("a", deal(COOPERATION, ("澜海重工股份有限公司", "company", None, "澜海"), "青禾集团")),
            record("b", deal(COOPERATION, ("澜海船舶股份有限公司", "company", None, "澜海"), "青禾集团")),
            record("c", deal(COOPERATION, "澜海", "青禾集团")),
        ]
    )
    assert [len(row.tellings) for row in ledger.deals] == [1, 1, 1]
    assert {(one.first_deal, one.second_deal) for one in ledger.doubtful} == {(1, 3), (2, 3)}


def test_values_are_agreed_added_or_contradicted_with_their_articles_and_quotes() -> None:
    parties = ("启泰新材料股份有限公司", "company", None, "启泰新材"), "东屿电力"
    ledger = build_ledger(
        [
            record(
                "a",
                deal("joint_venture", *parties, signed_on="--09-11", amount="约5亿元", place="盐城", duration="三年"),
            ),
            record(
                "b",
                deal(
                    "joint_venture", "启泰新材", "东屿电力集团有限公司", signed_on="2024-09-11", amount="5亿元", place="上海市",
                    status="announced", duration="36个月",
                ),
            ),
            record("c", deal("joint_venture", "启泰新材", "东屿电力", "盐城市人民政府", place="江苏盐城")),
        ]
    )  # fmt: skip
    (row,) = ledger.deals
    assert outcomes(row) == {
        "type": "agreed",
        "status": "agreed",
        "signed_on": "agreed",
        "place": "contradicted",
        "consideration": "agreed",
        "duration": "agreed",
    }
    assert texts(row, "signed_on") == [["2024-09-11"]]
    assert texts(row, "status") == [["signed"]]
    assert texts(row, "place") == [["江苏盐城", "上海市"]]
    (place,) = row.named("place")
    assert [[source.article_id for source in value.sources] for value in place.values] == [["a", "c"], ["b"]]
    assert [field.outcome for field in row.named("party")] == ["agreed", "agreed", "added"]
    assert texts(row, "party") == [["启泰新材料股份有限公司"], ["东屿电力集团有限公司"], ["盐城市人民政府"]]
    (day,) = row.named("signed_on")
    assert [(source.article_id, source.words) for source in day.values[0].sources] == [
        ("a", "--09-11"),
        ("b", "2024-09-11"),
    ]
    assert "2024-09-11" in day.values[0].sources[1].quotes[0].quote


def test_terms_are_matched_by_amounts_and_words() -> None:
    parties = "启泰新材", "东屿电力"
    first = (
        term("investment", "启泰新材出资2.55亿元，持股51%", obligor="启泰新材"),
        term("investment", "东屿电力出资2.45亿元，持股49%", obligor="东屿电力"),
        term("duration", "合资期限三十年"),
        term("purchase", "东屿电力每年向合资公司采购电芯不低于800 MWh", obligor="东屿电力"),
    )
    second = (
        term("investment", "东屿电力以现金出资2.45亿元，占股49%", obligor="东屿电力"),
        term("purchase", "东屿电力每年向合资公司采购电芯不低于900 MWh", obligor="东屿电力"),
        term("exclusivity", "合资公司独家使用专利"),
        term("duration", "期限30年"),
    )
    (row,) = build_ledger(
        [
            record("a", deal("joint_venture", *parties, terms=first)),
            record("b", deal("joint_venture", *parties, terms=second)),
        ]
    ).deals
    found = {field.values[0].text: (field.outcome, len(field.values)) for field in row.named("term")}
    assert found == {
        "启泰新材出资2.55亿元，持股51%": ("added", 1),
        "东屿电力以现金出资2.45亿元，占股49%": ("agreed", 1),
        "合资期限三十年": ("agreed", 1),
        "东屿电力每年向合资公司采购电芯不低于800 MWh": ("contradicted", 2),
        "合资公司独家使用专利": ("added", 1),
    }
    assert all(source.quotes for field in row.named("term") for value in field.values for source in value.sources)


def test_deals_of_one_article_are_never_merged_and_a_tie_is_doubtful() -> None:
    twice = deal(COOPERATION, "京东集团", "科大讯飞", signed_on="2021-11-18")
    ledger = build_ledger([record("a", twice, twice), record("b", twice)])
    assert [len(row.tellings) for row in ledger.deals] == [1, 1, 1]
    assert {reason.code for one in ledger.doubtful for reason in one.against} == {"fits_two"}


def test_of_two_deals_that_fit_the_better_one_is_taken() -> None:
    ledger = build_ledger(
        [
            record(
                "a",
                deal(COOPERATION, "京东集团", "科大讯飞"),
                deal(COOPERATION, "京东集团", "科大讯飞", signed_on="2021-11-18"),
            ),
            record("b", deal(COOPERATION, "京东", "科大讯飞", signed_on="--11-18")),
        ]
    )
    assert [[(one.article_id, one.number) for one in row.tellings] for row in ledger.deals] == [
        [("a", 1)],
        [("a", 2), ("b", 1)],
    ]
    (doubt,) = ledger.doubtful
    assert (doubt.first_deal, doubt.second_deal, doubt.against[0].code) == (1, 2, "fits_better")


def test_an_article_between_two_that_contradict_each_other_does_not_join_them() -> None:
    ledger = build_ledger(
        [
            record("a", deal(COOPERATION, "京东集团", "科大讯飞", signed_on="2021-11-18")),
            record("b", deal(COOPERATION, "京东集团", "科大讯飞", signed_on="--11-18")),
            record("c", deal(COOPERATION, "京东集团", "科大讯飞", signed_on="2023-11-18")),
        ]
    )
    assert [[one.article_id for one in row.tellings] for row in ledger.deals] == [["a", "b"], ["c"]]
    assert len(ledger.doubtful) == 1


def test_the_ledger_does_not_depend_on_the_order_of_the_records() -> None:
    records = [
        record(f"{number:02}{side}", one, figures=(figure("营业收入", "京东集团", f"{number}2亿元", period="2021"),))
        for number, pair in enumerate((*SAME, *NEAR_MISSES, *MISSED))
        for side, one in (("a", pair.first), ("b", pair.second))
    ]
    expected = build_ledger(records)
    for seed in range(5):
        random.Random(seed).shuffle(records)
        assert build_ledger(records) == expected


def test_no_records_and_failed_records_give_an_empty_ledger(cases: object) -> None:
    assert build_ledger([]) == Ledger(deals=(), figures=(), doubtful=())
    failed = record("f").model_copy(update={"status": "failed", "deals": None, "key_figures": None})
    assert build_ledger([failed]) == Ledger(deals=(), figures=(), doubtful=())


def test_a_thousand_records_take_seconds() -> None:
    records = []
    for number in range(1000):
        told = number % 500
        month = f"2024-{told % 12 + 1:02}"
        shared = deal(
            COOPERATION,
            f"启元{told}科技股份有限公司",
            f"第{told}市人民政府",
            signed_on=month,
            amount=f"{told + 11}亿元",
        )
        one_buyer = deal(
            "procurement", ("京东集团", "company", "buyer"), f"供方{number}有限公司", amount=f"{number + 101}万元"
        )
        figures = tuple(figure(f"指标{index}", f"启元{told}科技", f"{index + 11}家") for index in range(5))
        records.append(record(f"{number:04}", shared, one_buyer, figures=figures))
    start = time.perf_counter()
    ledger = build_ledger(records)
    elapsed = time.perf_counter() - start
    assert sum(len(row.tellings) == 2 for row in ledger.deals) == 500
    assert len(ledger.deals) == 1500
    assert len(ledger.figures) == 2500
    # Some 1.5 s on one busy core; all pairs would be two million.
    assert elapsed < 20


@pytest.fixture(scope="module")
def real() -> list[ArticleRecord]:
    settings = Settings(replay=ROOT / "evals" / "recordings", model="queue-model", concurrency=8)

    async def run() -> list[ArticleRecord]:
        articles = ROOT / "evals" / "cases" / "articles"
        return [one async for one in Summarizer(settings).stream([articles])]

    return asyncio.run(run())


def test_of_real_articles_nothing_is_merged_that_should_not_be(real: list[ArticleRecord]) -> None:
    ledger = build_ledger(real)
    assert len(real) >= 27
    assert len(ledger.deals) == sum(len(one.deals or ()) for one in real) > 50
    assert {len(row.tellings) for row in ledger.deals} == {1}
    assert ledger.doubtful == ()
    assert ledger.figures == ()


def test_real_articles_told_again_merge_with_themselves(real: list[ArticleRecord]) -> None:
    again = [
        one.model_copy(update={"article": one.article.model_copy(update={"id": one.article.id + "-again"})})
        for one in real
    ]
    ledger = build_ledger([*real, *again])
    assert len(ledger.deals) == sum(len(one.deals or ()) for one in real)
    assert {len(row.tellings) for row in ledger.deals} == {2}
    assert all(row.reasons and not row.contradicted for row in ledger.deals)
    assert {one.number for row in ledger.deals for one in row.tellings[:1]} == {
        one.number for row in ledger.deals for one in row.tellings[1:]
    }
    assert ledger.figures
    assert {one.outcome for one in ledger.figures} == {"agreed"}


def test_what_hundreds_of_articles_reprint_is_compared_as_one(real: list[ArticleRecord]) -> None:
    reprints = [
        one.model_copy(update={"article": one.article.model_copy(update={"id": f"{one.article.id}-{number:03}"})})
        for one in real
        for number in range(60)
    ]
    few, many = build_ledger(real), build_ledger(reprints)
    assert [row.name for row in many.deals] == [row.name for row in few.deals]
    assert {len(row.tellings) for row in many.deals} == {60}
    assert not many.doubtful
    assert [len(row.contradicted) for row in many.deals] == [len(row.contradicted) for row in few.deals]
    assert {source.article_id for row in many.deals for field in row.fields for source in field.values[0].sources} == {
        record.article.id for record in reprints if record.deals
    }
    assert {len(figure.values[0].sources) for figure in many.figures} >= {60}


def test_one_sentence_under_two_names_is_not_one_deal_for_that() -> None:
    pair = Pair(
        name="a sentence that fits any contract",
        first=deal("procurement", "辰垣智能", "澜州轨道交通集团", name="信号系统"),
        second=deal("procurement", "辰垣智能", "澜州轨道交通集团", name="清洗设备"),
    )
    assert [len(row.tellings) for row in ledger_of(pair).deals] == [1, 1]
    again = Pair(name="the same", first=pair.first, second=pair.first)
    (row,) = ledger_of(again).deals
    assert "same_sentence" in {reason.code for reason in row.reasons}
