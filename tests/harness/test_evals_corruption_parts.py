"""The parts of the corruption harness by themselves: mistakes in words, second answers, judgement."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from evals.corruption import words
from evals.corruption.answers import DROPPED, edited, item_of, part_of, paths_to, value_at
from evals.corruption.judging import Judgement, items_in, judge, statements_of
from evals.corruption.plants import Change, Plant
from evals.corruption.second_answers import empty_follow_up, facts_of_part, mending
from summarizer.articles import Article
from summarizer.proposals import ArticleProposal, Findings, Refusal, proposals_of
from summarizer.quantities import scan
from summarizer.records import ArticleRecord, RunInfo
from summarizer.verify import verify_proposals

TEXT = (
    "11月18日，甲集团与乙公司签订战略合作协议，项目总投资约30亿元。"
    "去年甲集团营业收入12.5亿元，同比增长8%。同等条件下，乙公司优先使用甲集团的云服务不少于20年。"
)
ANSWER: dict[str, Any] = {
    "deals": [
        {
            "s": 1, "words": "签订战略合作协议", "name": "战略合作", "type": "strategic_cooperation", "status": "signed",
            "parties": [{"name": name, "kind": "company", "role": "party"} for name in ("甲集团", "乙公司")],
            "signed": "11月18日", "effective": "", "place": "", "people": [], "areas": [], "amount": "", "duration": "",
            "terms": [
                {"s": 3, "words": "乙公司优先使用甲集团的云服务不少于20年", "kind": "preference", "by": "乙公司",
                 "to": "甲集团", "cond": "同等条件下"},
            ],
        }
    ],
    "figures": [
        {"s": 1, "amount": "约30亿元", "name": "总投资", "of": "项目", "when": "", "status": "actual"},
        {"s": 2, "amount": "12.5亿元", "name": "营业收入", "of": "甲集团", "when": "去年", "status": "actual"},
        {"s": 2, "amount": "8%", "name": "营业收入同比增长", "of": "甲集团", "when": "去年", "status": "actual"},
    ],
    "points": [{"text": "双方签订战略合作协议。", "s": [1]}],
    "abstract": ["双方签约。", "总投资约30亿元。"],
    "headline": "双方签约",
}  # fmt: skip


def record_of(answer: dict[str, Any]) -> ArticleRecord:
    article = Article.from_text(TEXT, id="a")
    verified = verify_proposals(article, proposals_of(ArticleProposal.model_validate(answer)))
    return ArticleRecord(
        article=article.info(),
        status=verified.status,
        summary=verified.summary,
        key_figures=verified.key_figures,
        deals=verified.deals,
        audit=verified.audit,
        run=RunInfo(engine="llm"),
    )


SOUND = record_of(ANSWER)


def plant(*edits: tuple[tuple[str | int, ...], Any], **more: Any) -> Plant:
    touched = frozenset(item_of(path) for path, _ in edits)
    change = Change(where=edits[0][0], was="", now="", edits=edits, **{"touched": touched} | more)
    return Plant(kind="k", case="a", change=change, answer=edited(ANSWER, edits))


def judged(planted: Plant, record: ArticleRecord) -> Judgement:
    known = {one.content for one in statements_of(SOUND)}
    return judge(planted, record, SOUND, items_in(ANSWER, SOUND), known)


def with_figure(index: int, **changes: Any) -> ArticleRecord:
    figures = list(SOUND.key_figures or ())
    figures[index] = figures[index].model_copy(update=changes)
    return SOUND.model_copy(update={"key_figures": tuple(figures)})


def test_the_sound_answer_is_verified_as_a_whole() -> None:
    assert {one.verdict for one in statements_of(SOUND)} == {"verified"}
    assert sorted(items_in(ANSWER, SOUND)) == [
        "deals.0",
        "deals.0.terms.0",
        "figures.0",
        "figures.1",
        "figures.2",
        "summary",
    ]


Mutate = Callable[[str, random.Random], Iterator[str]]


@pytest.mark.parametrize(
    ("mutate", "text", "expected"),
    [
        (words.chinese_scale_swapped, "约30亿元", ["约30万元"]),
        (words.chinese_scale_swapped, "5万多所", ["5亿多所"]),
        (words.chinese_scale_swapped, "3万亿元", ["3亿元"]),
        (words.english_scale_swapped, "more than $40 million", ["more than $40 billion"]),
        (words.english_scale_swapped, "US$1.2bn", ["US$1.2m"]),
        (words.currency_swapped, "约30亿元", ["约30亿美元"]),
        (words.currency_swapped, "US$1.2bn", ["€1.2bn"]),
        (words.currency_swapped, "30万台", []),
        (words.percent_for_points, "超过60%", ["超过60个百分点"]),
        (words.percent_for_points, "1.5个百分点", ["1.5%"]),
        (words.percent_for_points, "rose 8%", ["rose 8 percentage points"]),
        (words.qualifier_dropped, "约30亿元", ["30亿元"]),
        (words.qualifier_dropped, "300余家", ["300家"]),
        (words.qualifier_dropped, "worth more than $40 million", ["worth $40 million"]),
        (words.qualifier_dropped, "30亿元", []),
        (words.converted, "约30亿元", ["约3000000000元"]),
        (words.told_as_done, "双方将投资", ["双方已投资"]),
        (words.told_as_done, "预计达到1.5亿人", ["已达到1.5亿人"]),
        (words.told_as_done, "计划2025年投产", []),
        (words.told_as_done, "It will build a plant", ["It did build a plant"]),
        (words.digit_changed, "5G时代", []),
    ],
)
def test_a_mistake_is_made_in_the_words(mutate: Mutate, text: str, expected: list[str]) -> None:
    assert list(mutate(text, random.Random(0))) == expected


@pytest.mark.parametrize("text", ["约30亿元", "12.5%", "2022年3月31日", "三成", "more than $40 million"])
def test_a_changed_digit_is_one_digit_and_another_value(text: str) -> None:
    for seed in range(20):
        for now in words.digit_changed(text, random.Random(seed)):
            assert sum(old != new for old, new in zip(text, now, strict=True)) == 1
            assert [one.value for one in scan(now)] != [one.value for one in scan(text)]


def test_a_cut_number_begins_or_ends_inside_a_number() -> None:
    cuts = {now for seed in range(20) for now in words.number_cut("2603亿元", random.Random(seed))}
    assert cuts == {"603亿元", "03亿元", "3亿元"}
    clause = "双方将在未来五年内向该园区的建设和运营投资不少于1200万元"
    [cut] = words.number_cut(clause, random.Random(1))
    assert clause.startswith(cut)
    assert cut[-1].isdigit()


def test_paths_lead_to_items_and_parts() -> None:
    found = list(paths_to(ANSWER, "figures.*.amount", "deals.*.terms.*.words", "points.*.text", "abstract"))
    assert [item_of(path) for path in found] == [
        "figures.0",
        "figures.1",
        "figures.2",
        "deals.0.terms.0",
        "summary",
        "summary",
    ]
    assert [part_of(item) for item in ("figures.0", "deals.0", "deals.0.terms.0", "summary")] == [
        "figure",
        "deal",
        "term",
        "summary",
    ]
    assert value_at(ANSWER, found[3]) == "乙公司优先使用甲集团的云服务不少于20年"


def test_edits_leave_the_sound_answer_alone() -> None:
    changed = edited(ANSWER, ((("figures", 2), DROPPED), (("figures", 0, "amount"), "约80亿元")))
    assert [figure["amount"] for figure in changed["figures"]] == ["约80亿元", "12.5亿元"]
    assert [figure["amount"] for figure in ANSWER["figures"]] == ["约30亿元", "12.5亿元", "8%"]
    added = edited(ANSWER, ((("figures", 3), ANSWER["figures"][0]),))
    assert len(added["figures"]) == 4


WRONG = plant((("figures", 0, "amount"), "约80亿元"))


def test_a_wrong_value_that_is_verified_is_found() -> None:
    found = judged(WRONG, with_figure(0, amount="约80亿元", value="8000000000"))
    assert (found.state, found.says, found.untouched_lost) == ("verified", "总投资: 约80亿元", ())


def test_a_wrong_value_in_review_is_marked_with_its_codes() -> None:
    doubted = with_figure(0, value="8000000000", verdict="review", reasons=("NAME_DOUBTFUL",))
    found = judged(WRONG, doubted)
    assert (found.state, found.says) == ("marked", "NAME_DOUBTFUL")


def test_a_refused_item_is_marked_and_a_vanished_one_is_lost() -> None:
    refused = record_of(WRONG.answer)
    assert judged(WRONG, refused).state == "marked"
    assert "QUOTE_NOT_FOUND" in judged(WRONG, refused).says
    assert refused.audit is not None
    assert SOUND.audit is not None
    silent = refused.model_copy(update={"audit": SOUND.audit})
    assert judged(WRONG, silent).state == "lost"


def test_a_repaired_item_is_harmless() -> None:
    assert judged(WRONG, SOUND).state == "harmless"


def test_an_item_left_out_is_marked_only_where_its_amount_is_listed_as_unclaimed() -> None:
    figure, term = (plant((path, DROPPED)) for path in (("figures", 1), ("deals", 0, "terms", 0)))
    found = judged(figure, record_of(figure.answer))
    assert (found.state, found.says, found.untouched_lost) == ("marked", "unclaimed", ())
    assert judged(term, record_of(edited(term.answer, ((("deals", 0, "s"), 1),)))).state == "marked"
    quiet = record_of(term.answer)
    assert quiet.audit is not None
    assert judged(term, quiet.model_copy(update={"audit": SOUND.audit})).state == "lost"


def test_untouched_items_that_go_or_lose_their_verdict_are_counted() -> None:
    doubted = with_figure(1, verdict="review", reasons=("NAME_DOUBTFUL",))
    assert judged(WRONG, doubted).untouched_lost == ("figure 营业收入: 12.5亿元: now review (NAME_DOUBTFUL)",)
    gone = SOUND.model_copy(update={"deals": ()})
    assert judged(WRONG, gone).untouched_lost == (
        "deal 战略合作: gone",
        "term 乙公司优先使用甲集团的云服务不少于20年: gone",
    )


def test_a_failed_record_marks_the_plant_and_loses_everything_else() -> None:
    failed = ArticleRecord(
        article=SOUND.article,
        status="failed",
        error={"kind": "invalid_output", "message": "no"},
        run=SOUND.run,
    )
    found = judged(WRONG, failed)
    assert (found.state, found.says) == ("marked", "failed: invalid_output")
    assert len(found.untouched_lost) == 5


def test_the_right_words_proved_from_another_place_are_wrong_where_the_place_is_the_mistake() -> None:
    deal = (SOUND.deals or ())[0]
    evidence = deal.evidence[0].model_copy(update={"start": 60, "end": 66, "quote": TEXT[60:66]})
    moved = SOUND.model_copy(update={"deals": (deal.model_copy(update={"evidence": (evidence,)}),)})
    words_changed = plant((("deals", 0, "words"), "云服务"), needs_place=True)
    assert judged(words_changed, moved).state == "verified"
    assert (
        judged(replace(words_changed, change=replace(words_changed.change, needs_place=False)), moved).state
        == "harmless"
    )


@pytest.mark.parametrize(
    ("shorter", "state"),
    [
        ("乙公司优先使用甲集团的云服务不少于20年", "harmless"),
        ("甲集团的云服务不少于20年", "harmless"),
        ("20年", "verified"),
    ],
)
def test_a_term_cut_shorter_is_the_same_as_long_as_it_keeps_its_amounts(shorter: str, state: str) -> None:
    deal = (SOUND.deals or ())[0]
    at = TEXT.find(shorter)
    evidence = deal.terms[0].evidence[0].model_copy(update={"start": at, "end": at + len(shorter), "quote": shorter})
    term = deal.terms[0].model_copy(update={"text": shorter, "evidence": (evidence,)})
    record = SOUND.model_copy(update={"deals": (deal.model_copy(update={"terms": (term,)}),)})
    assert judged(plant((("deals", 0, "terms", 0, "words"), shorter)), record).state == state


def test_an_answer_and_a_record_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shorter|longer"):
        items_in({**ANSWER, "figures": ANSWER["figures"][:2]}, SOUND)


def test_a_follow_up_gives_nothing_that_was_not_asked_for() -> None:
    assert mending(ANSWER, WRONG, Findings(), None) == empty_follow_up()
    other = Findings(refusals=(Refusal(part="figure", name="", words="9亿元", sentence=1, reason="QUOTE_NOT_FOUND"),))
    assert mending(ANSWER, WRONG, other, None) == empty_follow_up()


def test_a_follow_up_gives_the_sound_item_in_place_of_the_refused_one() -> None:
    def asked(part: str, words_told: str, deal: str = "") -> Findings:
        refusal = Refusal(part=part, name="", words=words_told, sentence=1, reason="QUOTE_NOT_FOUND", deal=deal)
        return Findings(refusals=(refusal,))

    answer = mending(ANSWER, WRONG, asked("figure", "约80亿元"), None)
    assert answer["figures"] == [ANSWER["figures"][0]]
    term = plant((("deals", 0, "terms", 0, "words"), "乙公司独家使用甲集团的云服务"))
    answer = mending(ANSWER, term, asked("term", "乙公司独家使用甲集团的云服务", "战略合作"), None)
    assert answer["terms"] == [{**ANSWER["deals"][0]["terms"][0], "deal": "战略合作"}]
    party = plant((("deals", 0, "parties", 1, "name"), "丙银行"))
    assert mending(ANSWER, party, asked("party", "丙银行", "战略合作"), None)["deals"] == [ANSWER["deals"][0]]


def test_a_follow_up_leaves_out_what_was_invented() -> None:
    invented = plant((("deals", 0, "parties", 2), {"name": "丙银行", "kind": "company", "role": "party"}))
    refusal = Refusal(part="party", name="", words="丙银行", sentence=0, reason="PARTY_NOT_IN_ARTICLE", deal="战略合作")
    assert mending(ANSWER, invented, Findings(refusals=(refusal,)), None) == empty_follow_up()


def test_a_follow_up_gives_forgotten_amounts_and_the_summary_where_asked() -> None:
    dropped = plant((("figures", 1), DROPPED))
    answer = mending(ANSWER, dropped, Findings(unclaimed=((2, "12.5亿元"),)), None)
    assert answer["figures"] == [ANSWER["figures"][1]]
    assert mending(ANSWER, dropped, Findings(unclaimed=((1, "12.5亿元"),)), None)["figures"] == []
    prose = plant((("abstract", 1), "总投资约80亿元。"))
    answer = mending(ANSWER, prose, Findings(unsupported=("80亿元",)), None)
    assert (answer["abstract"], answer["headline"]) == (ANSWER["abstract"], ANSWER["headline"])


def test_a_recorded_follow_up_is_given_with_what_is_asked_for_besides() -> None:
    recorded = {**empty_follow_up(), "figures": [ANSWER["figures"][2]]}
    refusal = Refusal(part="figure", name="", words="约80亿元", sentence=1, reason="QUOTE_NOT_FOUND")
    answer = mending(ANSWER, WRONG, Findings(refusals=(refusal,)), recorded)
    assert answer["figures"] == [ANSWER["figures"][2], ANSWER["figures"][0]]
    assert recorded["figures"] == [ANSWER["figures"][2]]


def test_a_part_of_an_article_is_answered_with_the_facts_of_its_sentences() -> None:
    answer = facts_of_part(ANSWER, "<article-1>\n[2] 去年甲集团营业收入12.5亿元\n[3] 同等条件下\n</article-1>")
    assert [figure["amount"] for figure in answer["figures"]] == ["12.5亿元", "8%"]
    assert answer["deals"] == []
    assert len(answer["points"]) == 1
