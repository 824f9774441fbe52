"""Key figures of the embedded engine: which amounts it proposes, what it calls them, when and in what sense they hold."""

import asyncio

import pytest

from summarizer.articles import Article
from summarizer.engines import Ask
from summarizer.engines.offline import OfflineEngine
from summarizer.proposals import ProposedFigure
from summarizer.verify import verify_proposals


def figures_of(text: str) -> dict[str, ProposedFigure]:
    article = Article.from_text(text, id="a")
    proposals = asyncio.run(OfflineEngine().propose(article, Ask(parts=("figures",)))).proposals
    verified = verify_proposals(article, proposals)
    assert verified.audit.rejected == ()
    return {figure.amount: figure for figure in proposals.figures or ()}


@pytest.mark.parametrize(
    ("text", "amount", "name"),
    [
        ("该项目总投资约30亿元，总建筑面积近6万平方米。", "约30亿元", "项目总投资"),
        ("该项目总投资约30亿元，总建筑面积近6万平方米。", "近6万平方米", "总建筑面积"),
        ("集成电路产量48.3亿块，增长21.7%。", "21.7%", "集成电路产量增长"),
        ("前三季度货物进出口总值1876.4亿元，同比增长3.2%。", "3.2%", "货物进出口总值同比增长"),
        ("地区生产总值4268.5亿元，同比增长5.6%，增速比上半年回落0.2个百分点。", "0.2个百分点", "地区生产总值增速回落"),
        ("平台已接入300余家工厂的3万台设备。", "300余家", "接入工厂数"),
        ("平均PUE由2022年的1.42降至1.31。", "1.31", "平均PUE"),
        ("试点科室的甲级病历率从88.6%升至96.2%。", "96.2%", "甲级病历率"),
        ("课题组的问卷显示，46.5%的企业反映订单不足。", "46.5%", "企业占比（反映订单不足）"),
        ("合同生效后支付20%的预付款。", "20%", "预付款比例"),
        ("工期：420日历天，自开工之日起计算。", "420日历天", "工期"),
        ("拟以现金12.6亿元收购瑞桐精密60%股权。", "12.6亿元", "收购金额"),
        ("目標公司在台灣經營五座冷鏈倉，合計8.6萬個板位。", "8.6萬個板位", "板位數"),
        ("Revenue rose 12% to $386 million in 2023.", "12%", "Revenue growth"),
        ("It has a $700 million term loan from the bank.", "$700 million", "term loan"),
        ("The gross margin widened by six percentage points to 68%.", "68%", "gross margin"),
        ("Net loss narrowed to $12.4 million in 2023.", "$12.4 million", "Net loss"),
        ("A further 35% is earmarked for product development.", "35%", "earmarked for product development"),
    ],
)
def test_an_amount_is_named_by_the_words_around_it(text: str, amount: str, name: str) -> None:
    assert figures_of(text)[amount].name == name


@pytest.mark.parametrize(
    "text",
    [
        "双方将在人工智能、大数据、云计算三大领域展开合作。",
        "这是一家新型实体企业，服务一座城。",
        "会议分两期召开，总结发言只有两句话。",
        "平台连接几十万家商家，数百名员工参与。",
        "公司过去五年稳步发展，首届大会于2021年举办。",
        "The two companies signed one of the largest deals.",
    ],
)
def test_lists_articles_vague_numbers_and_dates_are_no_figures(text: str) -> None:
    assert figures_of(text) == {}


@pytest.mark.parametrize(
    ("text", "amount", "status"),
    [
        ("项目计划总投资18亿元，占地230亩。", "18亿元", "target"),
        ("采购不低于800吨，东屿电力承诺每年支付6亿元。", "6亿元", "target"),
        ("研究机构预计，市场规模为310亿元。", "310亿元", "forecast"),
        ("公司实现营业收入14.7亿元。", "14.7亿元", "actual"),
        ("The plant is expected to cost €540 million.", "€540 million", "forecast"),
        ("Maasland will make a €20 million prepayment.", "€20 million", "target"),
    ],
)
def test_the_status_follows_the_cue_words(text: str, amount: str, status: str) -> None:
    assert figures_of(text)[amount].status == status


def test_the_period_is_copied_from_the_clause_or_the_opening_of_the_sentence() -> None:
    found = figures_of("2023年实现营业收入8.4亿元，同比增长31.5%，净利润1.36亿元。")
    assert [figure.when for figure in found.values()] == ["2023年", "2023年", "2023年"]


@pytest.mark.parametrize(
    "text",
    [
        "自2015年布局以来，公司已在12座城市签约。",
        "高技术制造业占比为17.8%，比2022年提高2.9个百分点。",
        "澄衡智能成立于2016年，产品已进入310余家医疗机构。",
    ],
)
def test_a_date_of_something_else_is_no_period(text: str) -> None:
    assert [figure.when for figure in figures_of(text).values() if figure.when] == []


def test_the_thing_an_organisation_owns_is_the_entity() -> None:
    text = "京东集团持续投入。京东云华东数据中心总投资约30亿元，京东表示将继续建设。"
    figure = figures_of(text)["约30亿元"]
    assert (figure.of, figure.name) == ("京东云华东数据中心", "总投资")


def test_the_office_that_reports_is_not_what_is_measured() -> None:
    figure = figures_of("澜州市统计局公布，前三季度全市地区生产总值4268.5亿元。")["4268.5亿元"]
    assert figure.of == "澜州市"


def test_an_amount_that_stands_twice_is_copied_with_its_neighbours() -> None:
    text = "启泰新材出资5亿元，东屿电力也出资5亿元，双方签约。"
    article = Article.from_text(text, id="a")
    proposals = asyncio.run(OfflineEngine().propose(article, Ask(parts=("figures",)))).proposals
    assert proposals.figures is not None
    amounts = [figure.amount for figure in proposals.figures]
    assert len(set(amounts)) == 2
    assert all(text.count(amount) == 1 for amount in amounts)
    assert verify_proposals(article, proposals).audit.rejected == ()


def test_a_headline_s_amount_is_proposed_where_the_text_says_more() -> None:
    text = "甲公司拟12.6亿元收购乙公司\n\n甲公司公告称，拟以现金12.6亿元收购乙公司全部股权。\n"
    article = Article.from_text(text, id="a")
    proposals = asyncio.run(OfflineEngine().propose(article, Ask(parts=("figures",)))).proposals
    assert [figure.s for figure in proposals.figures or ()] == [2]
