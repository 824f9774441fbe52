"""Deals of the embedded engine: who agreed with whom, on what, when, where, and what is no deal."""

import asyncio

import pytest

from summarizer.articles import Article
from summarizer.engines import Ask
from summarizer.engines.offline import OfflineEngine
from summarizer.proposals import ProposedDeal
from summarizer.verify import verify_proposals


def deals_of(text: str) -> list[ProposedDeal]:
    article = Article.from_text(text, id="a")
    proposals = asyncio.run(OfflineEngine().propose(article, Ask(parts=("deals",)))).proposals
    assert verify_proposals(article, proposals).audit.rejected == ()
    return list(proposals.deals or ())


@pytest.mark.parametrize(
    ("text", "parties", "kind", "status"),
    [
        (
            "11月18日，京东集团与科大讯飞签订战略合作协议。",
            ["京东集团", "科大讯飞"],
            "strategic_cooperation",
            "signed",
        ),
        (
            "启泰新材料股份有限公司（下称“启泰新材”）与东屿电力集团有限公司在盐城签订合资协议。",
            ["启泰新材料股份有限公司", "东屿电力集团有限公司"],
            "joint_venture",
            "signed",
        ),
        (
            "曜石冷链物流有限公司则与临澜新区管委会签署入驻意向书。",
            ["曜石冷链物流有限公司", "临澜新区管委会"],
            "settlement",
            "intended",
        ),
        (
            "恒岳科技股份有限公司拟收购瑞桐精密制造有限公司60%股权。",
            ["恒岳科技股份有限公司", "瑞桐精密制造有限公司"],
            "acquisition",
            "intended",
        ),
        (
            "澄衡智能科技有限公司今年5月完成1.5亿元B轮融资，由芷岸资本领投。",
            ["澄衡智能科技有限公司", "芷岸资本"],
            "investment",
            "completed",
        ),
        (
            "京东科技与宿迁产业发展集团有限公司合资成立的江苏京世管理有限公司正式开业。",
            ["京东科技", "宿迁产业发展集团有限公司"],
            "joint_venture",
            "completed",
        ),
        (
            "本公司澄明控股有限公司與宏岳生技股份有限公司在台北訂立諒解備忘錄。",
            ["澄明控股有限公司", "宏岳生技股份有限公司"],
            "other",
            "intended",
        ),
        (
            "Skarvik Hydrogen AS and Maasland Nutrients N.V. signed a binding offtake agreement in Rotterdam on 13 May.",
            ["Skarvik Hydrogen AS", "Maasland Nutrients N.V."],
            "procurement",
            "signed",
        ),
        (
            "Halvorsen Instruments Corporation will acquire all outstanding shares of Trellis Optics, Inc. in cash.",
            ["Halvorsen Instruments Corporation", "Trellis Optics, Inc."],
            "acquisition",
            "announced",
        ),
        (
            "Ashgrove Rail Systems plc has been awarded a £430 million contract by Northmoor Transit Authority.",
            ["Ashgrove Rail Systems plc", "Northmoor Transit Authority"],
            "project_contract",
            "announced",
        ),
        (
            "Skarvik Hydrogen AS agreed non-binding heads of terms with the Japanese trader Kitahama Shoji last year.",
            ["Skarvik Hydrogen AS", "Kitahama Shoji"],
            "procurement",
            "intended",
        ),
    ],
)
def test_a_deal_is_found_with_parties_type_and_status(text: str, parties: list[str], kind: str, status: str) -> None:
    deals = deals_of(text)
    assert [(deal.type, deal.status) for deal in deals] == [(kind, status)]
    assert [party.name for party in deals[0].parties] == parties


@pytest.mark.parametrize(
    "text",
    [
        "据悉，京东已经与一些车企在数字化供应链上开展深度合作，携手共建全面战略合作伙伴关系。",
        "家庭医生签约服务尚未全面覆盖，居民满意度有待提高。",
        "如双方未能签订正式协议，买方须退还定金。",
        "甲集团与乙公司尚未签订协议，谈判仍在继续。",
        "博序生物、见微仪器、柏荷药业3家企业在开园仪式上现场签约。",
        "不少企业正与供应商深化战略合作，共同推动成本下降。",
        "Nordhavn has been testing its tanks with customers since 2023, without a formal partner until now.",
        "Analysts said Halvorsen Instruments Corporation could acquire a rival next year.",
    ],
)
def test_what_nobody_named_agreed_on_is_no_deal(text: str) -> None:
    assert deals_of(text) == []


def test_a_funding_round_names_company_and_investors_with_the_sum() -> None:
    text = (
        "Nilam Logistics Pte Ltd said on Wednesday it had raised US$85 million (S$114.3 million) in a Series C round "
        "co-led by Harrow Bay Capital and Merapi Growth Fund."
    )
    [deal] = deals_of(text)
    assert [(party.name, party.role) for party in deal.parties] == [
        ("Nilam Logistics Pte Ltd", "investee"),
        ("Harrow Bay Capital", "investor"),
        ("Merapi Growth Fund", "investor"),
    ]
    assert deal.amount == "US$85 million"


def test_this_company_is_the_subject_of_the_sentence_before() -> None:
    text = "投资额最大的是柏荷药业股份有限公司。该公司与临澜新区管委会签订入驻协议，投资5亿元建设基地。"
    [deal] = deals_of(text)
    assert [party.name for party in deal.parties] == ["柏荷药业股份有限公司", "临澜新区管委会"]
    assert deal.amount == "5亿元"


def test_headline_caption_and_lead_about_one_signing_are_one_deal() -> None:
    text = (
        "澄衡智能与岭济医疗集团签署战略合作协议\n\n"
        "11月18日，澄衡智能科技（杭州）有限公司（以下简称“澄衡智能”）与岭济医疗集团在南昌签署战略合作协议，有效期三年。\n"
        "图片说明：澄衡智能与岭济医疗集团正式签署战略合作协议\n"
    )
    [deal] = deals_of(text)
    assert deal.s == 2
    assert (deal.signed, deal.place, deal.duration) == ("11月18日", "南昌", "三年")
    assert deal.parties[0].name == "澄衡智能科技（杭州）有限公司"


def test_the_persons_carry_title_organisation_and_what_they_did() -> None:
    text = (
        "3月31日，科大讯飞和广东省韶关市政府签订战略合作协议。"
        "韶关市委书记王瑞军、科大讯飞高级副总裁杜兰出席签约仪式，"
        "韶关市委常委、副市长罗晓勤，科大讯飞广东大区副总经理王彬彬代表双方签署合作协议。"
    )
    [deal] = deals_of(text)
    assert [(person.name, person.title, person.org, person.role) for person in deal.people] == [
        ("王瑞军", "市委书记", "韶关市", "attended"),
        ("杜兰", "高级副总裁", "科大讯飞", "attended"),
        ("罗晓勤", "市委常委、副市长", "韶关市", "signed"),
        ("王彬彬", "广东大区副总经理", "科大讯飞", "signed"),
    ]


def test_english_signatories_are_read_in_both_orders() -> None:
    text = (
        'Alderwick Renewables Limited ("Alderwick") and Hailing Digital Co., Ltd. signed a 15-year power purchase agreement. '
        "Alderwick's managing director, Priya Castellane, and Jon Ferris, Hailing Digital's general manager, "
        "signed the agreement."
    )
    [deal] = deals_of(text)
    assert deal.duration == "15-year"
    assert {(person.name, person.title, person.role) for person in deal.people} == {
        ("Priya Castellane", "managing director", "signed"),
        ("Jon Ferris", "general manager", "signed"),
    }


def test_areas_are_those_listed_with_the_agreement_and_no_wishes() -> None:
    text = (
        "12月3日，海川市人民政府与蓝桥航天科技集团有限公司签署战略合作协议。"
        "高闻表示，希望双方在文旅、农业、教育等领域合作。"
        "双方将在遥感数据、卫星通信、智慧海洋等领域开展合作。"
    )
    [deal] = deals_of(text)
    assert deal.areas == ["遥感数据", "卫星通信", "智慧海洋"]


@pytest.mark.parametrize(
    ("clause", "kind", "by"),
    [
        ("同等条件下，乙智能有限公司优先使用甲集团的服务", "preference", "乙智能有限公司"),
        ("甲集团不得在华东地区另行设立同类项目", "exclusivity", "甲集团"),
        ("甲集团承诺每年向乙智能有限公司采购不低于800吨材料", "purchase", "甲集团"),
        ("双方将共建联合实验室", "commitment", "both"),
        ("董事长由甲集团委派，总经理由乙智能有限公司提名", "governance", "甲集团"),
    ],
)
def test_a_term_is_the_article_s_clause_with_kind_and_obligor(clause: str, kind: str, by: str) -> None:
    [deal] = deals_of(f"甲集团与乙智能有限公司签订合资协议。根据协议，{clause}。")
    [term] = deal.terms
    assert (term.words, term.kind, term.by) == (clause, kind, by)


def test_what_somebody_hopes_or_recalls_is_no_term() -> None:
    text = "甲集团与乙智能有限公司签订合资协议。张三表示，双方将继续扩大合作。去年，甲集团采购了3万吨材料。"
    [deal] = deals_of(text)
    assert deal.terms == []


def test_each_of_several_signings_keeps_its_own_terms_and_date() -> None:
    text = (
        "6月12日，序元算力科技股份有限公司与丹麦企业Nordhavn Cooling A/S签署合资合同。合资公司注册资本2亿元。\n"
        "同日，衡川数据集团有限公司与岑石服务器有限公司签订框架采购合同。衡川数据将采购服务器4800台，合同总额约15.6亿元。\n"
    )
    first, second = deals_of(text)
    assert (first.signed, second.signed) == ("6月12日", "6月12日")
    assert (first.amount, second.amount) == ("2亿元", "约15.6亿元")
    assert [term.s for term in second.terms] == [4]
