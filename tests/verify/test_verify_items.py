"""From proposals to verdicts: figures, deals, terms, prose, the audit, and the second look at a stored record."""

from typing import Any

import pytest

from summarizer.articles import Article
from summarizer.errors import FormatError
from summarizer.profiles import AmountWords, Copied, DateWords, Profile, ProfileItem, ProfileResponse
from summarizer.proposals import (
    Proposals,
    ProposedDeal,
    ProposedFigure,
    ProposedParty,
    ProposedPoint,
    ProposedSignatory,
    ProposedTerm,
    SummaryProposal,
)
from summarizer.records import ArticleRecord, RunInfo
from summarizer.verify import Verified, verify_proposals, verify_record

TEXT = (
    "11月18日，澄衡智能科技（杭州）有限公司（以下简称“澄衡智能”）与岭济医疗集团在南昌签署战略合作协议，协议有效期三年。"
    "澄衡智能首席执行官陆其蓁见证签约，岭济医疗集团副总裁裘婉代表双方在协议上签字。"
    "项目总投资约30亿元，总建筑面积近6万平方米，计划两年内建成5万例病例库。"
    "同等条件下，岭济医疗集团采购影像产品时优先选用澄衡智能的产品。"
    "试点科室的甲级病历率从88.6%升至96.2%。系统服务1.37亿人，消化价值近15亿的产能。"
)
ARTICLE = Article.from_text(TEXT, id="a")


def figure(amount: str, s: int = 3, **fields: Any) -> ProposedFigure:
    base = {"name": "总投资", "of": "", "when": "", "status": "actual"}
    return ProposedFigure(s=s, amount=amount, **{**base, **fields})


def deal(**fields: Any) -> ProposedDeal:
    base: dict[str, Any] = {
        "s": 1,
        "words": "签署战略合作协议",
        "name": "战略合作",
        "type": "strategic_cooperation",
        "status": "signed",
        "parties": [
            ProposedParty(name="澄衡智能科技（杭州）有限公司", kind="company", role="party"),
            ProposedParty(name="岭济医疗集团", kind="institution", role="party"),
        ],
        "signed": "11月18日",
        "effective": "",
        "place": "南昌",
        "people": [],
        "areas": [],
        "amount": "",
        "duration": "三年",
        "terms": [],
    }
    return ProposedDeal(**{**base, **fields})


def verify(article: Article = ARTICLE, **parts: Any) -> Verified:
    return verify_proposals(article, Proposals(**parts))


def only_figure(proposed: ProposedFigure, article: Article = ARTICLE) -> Any:
    verified = verify(article, figures=(proposed,))
    assert verified.key_figures is not None
    if verified.key_figures:
        return verified.key_figures[0]
    return verified.audit.rejected[0]


def test_value_unit_and_qualifier_are_read_from_the_article() -> None:
    one = only_figure(figure("约30亿元"))
    assert (one.amount, one.value, one.unit, one.qualifier) == ("约30亿元", "3000000000", "CNY", "about")
    assert one.verdict == "verified"
    assert one.evidence[0].quote == "项目总投资约30亿元"
    assert TEXT[one.evidence[0].start : one.evidence[0].end] == one.evidence[0].quote


def test_a_dropped_qualifier_or_unit_comes_back_from_the_text() -> None:
    one = only_figure(figure("30亿"))
    assert (one.amount, one.unit, one.qualifier) == ("约30亿元", "CNY", "about")
    area = only_figure(figure("6万", name="总建筑面积"))
    assert (area.amount, area.value, area.unit, area.qualifier) == ("近6万平方米", "60000", "平方米", "nearly")


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("约30万元", "QUOTE_NOT_FOUND"),
        ("约300亿元", "QUOTE_NOT_FOUND"),
        ("0亿元", "NUMBER_FRAGMENT"),
        ("优先选用", "AMOUNT_UNREADABLE"),
        ("从88.6%升至96.2%", "AMOUNT_AMBIGUOUS"),
    ],
)
def test_what_cannot_be_found_or_read_is_rejected_with_its_code(amount: str, code: str) -> None:
    s = 4 if amount == "优先选用" else 5 if "%" in amount else 3
    rejected = only_figure(figure(amount, s))
    assert rejected.reasons == (code,)
    assert rejected.item["amount"] == amount


def test_a_fraction_without_an_end_is_not_printed_as_a_decimal() -> None:
    article = Article.from_text(
        "The merger needs approval by two-thirds of the votes and one half of the board.", id="a"
    )
    votes = only_figure(figure("two-thirds", 1, name="votes needed"), article)
    assert votes.reasons == ("AMOUNT_UNREADABLE",)
    half = only_figure(figure("one half", 1, name="board approval"), article)
    assert (half.value, half.unit) == ("50", "%")


def test_an_ordinal_beside_an_amount_is_no_second_amount() -> None:
    article = Article.from_text("The prepayment is credited against deliveries in the first five years.", id="a")
    years = only_figure(figure("first five years", 1, name="years in which the prepayment is credited"), article)
    assert (years.amount, years.value, years.verdict) == ("five years", "5", "verified")


def test_an_invented_name_of_whom_it_is_about_asks_for_a_look() -> None:
    one = only_figure(figure("约30亿元", of="宏远控股"))
    assert (one.verdict, one.reasons) == ("review", ("ENTITY_NOT_IN_ARTICLE",))


@pytest.mark.parametrize(
    ("name", "amount", "s"),
    [("总建筑面积", "约30亿元", 3), ("甲级病历率", "1.37亿人", 6), ("研发投入强度", "近6万平方米", 3)],
)
def test_a_name_that_does_not_fit_the_words_or_the_kind_asks_for_a_look(name: str, amount: str, s: int) -> None:
    one = only_figure(figure(amount, s, name=name))
    assert (one.verdict, one.reasons) == ("review", ("NAME_DOUBTFUL",))


def test_a_name_in_another_language_is_held_against_the_kind_only() -> None:
    assert only_figure(figure("约30亿元", name="total investment")).verdict == "verified"
    assert only_figure(figure("约30亿元", name="growth rate")).reasons == ("NAME_DOUBTFUL",)


def test_a_plan_told_as_a_fact_asks_for_a_look() -> None:
    one = only_figure(figure("5万例", name="病例库规模"))
    assert (one.verdict, one.reasons) == ("review", ("STATUS_DOUBTFUL",))
    assert only_figure(figure("5万例", name="病例库规模", status="target")).verdict == "verified"


def test_a_sum_without_a_currency_word_takes_the_yuan_with_a_remark() -> None:
    one = only_figure(figure("近15亿", s=6, name="消化的产能价值"))
    assert (one.value, one.unit, one.verdict) == ("1500000000", "CNY", "verified")
    assert one.reasons == ("UNIT_FROM_CONTEXT",)


def test_a_period_that_the_article_does_not_state_is_left_out_and_marked() -> None:
    one = only_figure(figure("约30亿元", when="2023年"))
    assert (one.period, one.reasons) == (None, ("PERIOD_NOT_IN_ARTICLE",))


def test_the_same_place_is_claimed_once() -> None:
    verified = verify(figures=(figure("约30亿元"), figure("30亿元", name="投资额")))
    assert verified.key_figures is not None
    assert len(verified.key_figures) == 1
    assert verified.audit.rejected[0].reasons == ("DUPLICATE",)
    assert verified.status == "needs_review"


def test_a_deal_keeps_the_precision_of_the_article() -> None:
    [one] = verify(deals=(deal(),)).deals or ()
    assert one.verdict == "verified"
    assert one.signed_on == "--11-18"
    assert one.place == "南昌"
    assert one.duration == "三年"
    assert [party.aliases for party in one.parties] == [("澄衡智能",), ()]


def test_the_year_comes_from_the_articles_own_date() -> None:
    dated = Article.from_text(f"---\ntitle: 签约\ndate: 2024-11-19\n---\n{TEXT}", id="a")
    verified = verify(dated, deals=(deal(s=dated.sentences.index(dated.sentences[0]) + 1),))
    [one] = verified.deals or ()
    assert one.signed_on == "2024-11-18"


def test_a_deal_that_a_pattern_found_asks_for_a_look_also_when_derived_again() -> None:
    verified = verify(deals=(deal(terms=[term("岭济医疗集团采购…澄衡智能的产品")]),), from_patterns=True)
    [one] = verified.deals or ()
    assert (one.verdict, one.reasons) == ("review", ("FROM_PATTERN",))
    assert one.terms[0].reasons == ("FROM_PATTERN",)
    assert verify_record(record_of(verified), TEXT).deals == verified.deals


def test_an_invented_party_is_left_out_named_and_the_deal_marked() -> None:
    parties = [
        ProposedParty(name="岭济医疗集团", kind="institution", role="party"),
        ProposedParty(name="云麓资本", kind="company", role="investor"),
    ]
    verified = verify(deals=(deal(parties=parties),))
    [one] = verified.deals or ()
    assert [party.name for party in one.parties] == ["岭济医疗集团"]
    assert "PARTY_NOT_IN_ARTICLE" in one.reasons
    assert one.verdict == "review"
    assert verified.audit.rejected[0].item["name"] == "云麓资本"


def test_a_deal_between_nobody_of_the_article_is_rejected() -> None:
    parties = [ProposedParty(name="云麓资本", kind="company", role="party")]
    verified = verify(deals=(deal(parties=parties),))
    assert verified.deals == ()
    assert any("TOO_FEW_PARTIES" in rejected.reasons for rejected in verified.audit.rejected)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"signed": "2022年11月18日"}, "DATE_NOT_IN_ARTICLE"),
        ({"place": "北京"}, "PLACE_NOT_IN_ARTICLE"),
        ({"amount": "50亿元"}, "CONSIDERATION_NOT_IN_ARTICLE"),
        ({"amount": "近6万平方米"}, "CONSIDERATION_NOT_IN_ARTICLE"),
        ({"duration": "五年"}, "DURATION_NOT_IN_ARTICLE"),
        ({"areas": ["量子计算"]}, "AREA_NOT_IN_ARTICLE"),
        ({"people": [ProposedSignatory(name="王楠", title="", org="", role="signed")]}, "PERSON_NOT_IN_ARTICLE"),
    ],
)
def test_a_piece_that_the_article_does_not_state_is_left_out(fields: dict[str, Any], code: str) -> None:
    verified = verify(deals=(deal(**fields),))
    [one] = verified.deals or ()
    assert one.verdict == "review"
    assert code in one.reasons
    for name in fields:
        field = {"signed": "signed_on", "amount": "consideration", "people": "signatories"}.get(name, name)
        assert not getattr(one, field)
    assert any(code in rejected.reasons for rejected in verified.audit.rejected)


def test_the_deals_own_sum_is_read_with_its_qualifier() -> None:
    [one] = verify(deals=(deal(amount="30亿元"),)).deals or ()
    assert one.consideration is not None
    assert (one.consideration.value, one.consideration.unit) == ("3000000000", "CNY")
    assert (one.consideration.qualifier, one.consideration.amount) == ("about", "约30亿元")


def term(words: str, s: int = 4, **fields: Any) -> ProposedTerm:
    base = {"kind": "preference", "by": "岭济医疗集团", "to": "澄衡智能", "cond": "同等条件下"}
    return ProposedTerm(s=s, words=words, **{**base, **fields})


def test_a_terms_text_is_the_articles_own_clause() -> None:
    words = "岭济医疗集团采购…澄衡智能的产品"
    [one] = verify(deals=(deal(terms=[term(words)]),)).deals or ()
    assert one.terms[0].text == "岭济医疗集团采购影像产品时优先选用澄衡智能的产品"
    assert one.terms[0].verdict == "verified"
    assert one.terms[0].condition == "同等条件下"


def test_a_term_that_binds_a_stranger_is_marked_and_the_stranger_left_out() -> None:
    [one] = verify(deals=(deal(terms=[term("岭济医疗集团采购…澄衡智能的产品", by="云麓资本")]),)).deals or ()
    assert one.terms[0].obligor is None
    assert one.terms[0].reasons == ("PARTY_NOT_IN_ARTICLE",)


def test_an_invented_term_is_rejected_and_listed() -> None:
    verified = verify(deals=(deal(terms=[term("双方各出资五亿元设立合资公司")]),))
    [one] = verified.deals or ()
    assert one.terms == ()
    assert verified.audit.rejected[0].reasons == ("QUOTE_NOT_FOUND",)


def summary(abstract: str) -> SummaryProposal:
    return SummaryProposal(points=[ProposedPoint(text="双方签约。", s=[1, 99])], abstract=[abstract], headline="签约")


def test_numbers_of_the_prose_resolve_to_the_article_or_are_left_open() -> None:
    verified = verify(summary=summary("11月18日双方签约，总投资约30亿元，服务约50亿元。"))
    support = {item.text: item.supported_by for item in verified.audit.prose}
    assert support["30亿元"] is not None
    assert support["30亿元"].quote == "约30亿元"
    assert support["11月18日"] is not None
    assert support["50亿元"] is None
    assert verified.status == "needs_review"


def test_a_year_that_the_summary_invents_is_left_open() -> None:
    verified = verify(summary=summary("2022年11月18日双方签约。"))
    assert [item.supported_by for item in verified.audit.prose] == [None]


def test_a_key_point_carries_the_sentences_it_cites_and_no_others() -> None:
    verified = verify(summary=summary("双方签约。"))
    assert verified.summary is not None
    [point] = verified.summary.key_points
    assert [evidence.quote[:6] for evidence in point.evidence] == ["11月18日"]


def test_the_audit_names_what_nobody_claims() -> None:
    verified = verify(figures=(figure("约30亿元"),))
    unclaimed = {quantity.text for quantity in verified.audit.unclaimed}
    assert "6万平方米" in unclaimed
    assert "30亿元" not in unclaimed
    assert verified.audit.coverage is not None
    assert 0 < verified.audit.coverage < 1


def record_of(verified: Verified) -> ArticleRecord:
    return ArticleRecord(
        article=ARTICLE.info(),
        status=verified.status,
        summary=verified.summary,
        key_figures=verified.key_figures,
        deals=verified.deals,
        audit=verified.audit,
        run=RunInfo(engine="offline"),
    )


def test_a_record_left_alone_is_derived_again_the_same() -> None:
    record = record_of(
        verify(
            figures=(figure("约30亿元"), figure("5万例", name="病例库"), figure("近15亿", s=6, name="产能价值")),
            deals=(deal(terms=[term("岭济医疗集团采购…澄衡智能的产品")], amount="约30亿元"),),
            summary=summary("总投资约30亿元。"),
        )
    )
    assert verify_record(record, TEXT) == record


@pytest.mark.parametrize(
    "change",
    [
        {"value": "300000000"},
        {"value_max": "4000000000"},
        {"unit": "USD"},
        {"qualifier": "exact"},
        {"amount": "约30亿美元"},
        {"amount": "30亿"},
        {"period": "2023"},
        {"evidence": ()},
    ],
)
def test_a_figure_that_was_tampered_with_is_caught(change: dict[str, Any]) -> None:
    record = record_of(verify(figures=(figure("约30亿元"),)))
    assert record.key_figures is not None
    tampered = record.model_copy(update={"key_figures": (record.key_figures[0].model_copy(update=change),)})
    again = verify_record(tampered, TEXT)
    assert again.key_figures is not None
    assert again.key_figures[0].verdict != "verified"
    assert again.status == "needs_review"


def test_shifted_offsets_are_caught() -> None:
    record = record_of(verify(figures=(figure("约30亿元"),)))
    assert record.key_figures is not None
    [one] = record.key_figures
    moved = one.evidence[0].model_copy(update={"start": one.evidence[0].start + 1, "end": one.evidence[0].end + 1})
    tampered = record.model_copy(update={"key_figures": (one.model_copy(update={"evidence": (moved,)}),)})
    again = verify_record(tampered, TEXT)
    assert again.key_figures is not None
    assert again.key_figures[0].reasons == ("QUOTE_NOT_FOUND",)


@pytest.mark.parametrize(
    "change",
    [{"signed_on": "2022-11-18"}, {"place": "北京"}, {"duration": "五年"}, {"areas": ("量子",)}, {"parties": ()}],
)
def test_a_deal_that_was_tampered_with_is_caught(change: dict[str, Any]) -> None:
    record = record_of(verify(deals=(deal(),)))
    assert record.deals is not None
    tampered = record.model_copy(update={"deals": (record.deals[0].model_copy(update=change),)})
    again = verify_record(tampered, TEXT)
    assert again.deals is not None
    assert again.deals[0].verdict != "verified"


def test_another_text_is_refused() -> None:
    with pytest.raises(FormatError, match="not the one"):
        verify_record(record_of(verify(figures=())), TEXT + " ")


class Grant(ProfileItem):
    """A grant."""

    who: Copied
    sum: AmountWords
    day: DateWords


class Grants(ProfileResponse):
    """Grants."""

    grants: list[Grant]


def test_a_profiles_fields_are_located_read_and_dated() -> None:
    profile = Profile(name="grants", version="1", response=Grants, instructions="")
    answer = Grants(
        grants=[
            Grant(s=3, words="总投资约30亿元", who="岭济医疗集团", sum="30亿元", day="11月18日"),
            Grant(s=3, words="总投资约30亿元", who="云麓资本", sum="30亿元", day=""),
            Grant(s=3, words="总投资约90亿元", who="岭济医疗集团", sum="90亿元", day=""),
        ]
    )
    verified = verify_proposals(ARTICLE, Proposals(items=answer), profile)
    good, doubtful = verified.items or ()
    assert [(field.name, field.value) for field in good.fields] == [
        ("who", None),
        ("sum", "3000000000"),
        ("day", "--11-18"),
    ]
    assert good.verdict == "verified"
    assert (doubtful.verdict, doubtful.reasons) == ("review", ("FIELD_NOT_IN_ARTICLE",))
    assert [rejected.reasons for rejected in verified.audit.rejected] == [("QUOTE_NOT_FOUND",)]


def test_a_profiles_item_that_was_tampered_with_is_caught() -> None:
    profile = Profile(name="grants", version="1", response=Grants, instructions="")
    answer = Grants(grants=[Grant(s=3, words="总投资约30亿元", who="岭济医疗集团", sum="30亿元", day="")])
    verified = verify_proposals(ARTICLE, Proposals(items=answer), profile)
    record = record_of(verified).model_copy(update={"items": verified.items})
    assert verify_record(record, TEXT) == record
    [item] = verified.items or ()
    fields = tuple(f.model_copy(update={"value": "1"}) if f.name == "sum" else f for f in item.fields)
    tampered = record.model_copy(update={"items": (item.model_copy(update={"fields": fields}),)})
    [again] = verify_record(tampered, TEXT).items or ()
    assert again.reasons == ("VALUE_MISMATCH",)
