"""The embedded engine's summary: the article's own clauses, within the limits, whole."""

import asyncio

import pytest

from summarizer.articles import Article
from summarizer.engines import Ask
from summarizer.engines.offline import OfflineEngine
from summarizer.proposals import SummaryProposal

STATISTICS = (
    "澜州前三季度经济：工业稳住，外贸分化\n\n"
    "澜州市统计局10月21日公布，前三季度全市地区生产总值4268.5亿元，同比增长5.6%，增速比上半年回落0.2个百分点。"
    "其中，第三季度同比增长5.2%。\n"
    "工业仍是主要支撑。1—9月，规模以上工业增加值同比增长6.8%。集成电路产量48.3亿块，增长21.7%；水泥产量下降9.6%。\n"
    "外贸出现分化。前三季度货物进出口总值1876.4亿元，同比增长3.2%。出口1203.7亿元，增长5.6%；进口672.7亿元，下降0.8%。\n"
    "投资依然偏弱。民间投资下降2.1%，降幅收窄0.7个百分点。社会消费品零售总额1590.2亿元，同比增长3.9%。\n"
)
PURCHASE = (
    "Norway's Skarvik Hydrogen AS and the Dutch fertiliser maker Maasland Nutrients N.V. signed a binding offtake "
    "agreement in Rotterdam on 13 May.\n\n"
    "Maasland must take at least 85,000 tonnes a year. The price cannot fall below €610 a tonne or rise above €780 a tonne.\n\n"
    '"We paid a premium for a ceiling," said Pieter van Doorne.\n\n'
    "The agreement lapses unless Skarvik takes a final investment decision by 31 March 2026.\n"
)


def summary_of(text: str) -> SummaryProposal:
    article = Article.from_text(text, id="a")
    summary = asyncio.run(OfflineEngine().propose(article, Ask(parts=("summary",)))).proposals.summary
    assert summary is not None
    return summary


def test_the_title_is_the_headline_and_is_not_repeated_in_the_abstract() -> None:
    summary = summary_of(STATISTICS)
    assert summary.headline == "澜州前三季度经济：工业稳住，外贸分化"
    assert summary.headline not in "".join(summary.abstract)


def test_without_a_title_the_deal_is_the_headline() -> None:
    summary = summary_of("近日，天气晴好。11月18日，京东集团与科大讯飞签订战略合作协议，双方将展开深入合作。")
    assert summary.headline == "京东集团与科大讯飞签订战略合作协议"


def test_a_title_that_is_too_long_ends_at_a_clause() -> None:
    title = "恒岳科技拟收购瑞桐精密多数股权，加码半导体零部件业务并计划在未来数年内继续扩大产能与研发投入规模"
    text = f"{title}\n\n恒岳科技股份有限公司公告称，公司营业收入为8.4亿元，同比增长31.5%。\n"
    article = Article(id="a", source="a", text=text, language="zh", title=title)
    summary = asyncio.run(OfflineEngine().propose(article, Ask(parts=("summary",)))).proposals.summary
    assert summary is not None
    assert summary.headline == "恒岳科技拟收购瑞桐精密多数股权"


@pytest.mark.parametrize("text", [STATISTICS, STATISTICS * 3, "工业" * 150 + "，增长5%。", "短讯"])
def test_a_chinese_summary_keeps_the_limits(text: str) -> None:
    summary = summary_of(text)
    assert 0 < len(summary.headline) <= 40
    assert 0 < len("".join(summary.abstract)) <= 200


def test_an_english_summary_keeps_the_limits_and_leaves_speech_out() -> None:
    summary = summary_of(PURCHASE)
    assert len(summary.headline.split()) <= 25
    assert len(" ".join(summary.abstract).split()) <= 120
    assert "85,000 tonnes" in " ".join(summary.abstract)
    assert "van Doorne" not in " ".join(summary.abstract)


def test_each_key_point_is_one_sentence_of_the_article_and_cites_it() -> None:
    article = Article.from_text(STATISTICS, id="a")
    points = summary_of(STATISTICS).points
    assert 3 <= len(points) <= 6
    for point in points:
        [number] = point.s
        start, end = article.sentences[number - 1]
        assert point.text.rstrip("。") in article.text[start:end]


def test_the_abstract_follows_the_order_of_the_article() -> None:
    pieces = [piece.rstrip("。") for piece in summary_of(STATISTICS).abstract]
    places = [STATISTICS.find(piece) for piece in pieces]
    assert len(pieces) >= 3
    assert -1 not in places
    assert places == sorted(places)


def test_short_names_are_not_defined_again_and_speak_for_themselves() -> None:
    text = (
        "恆曜冷鏈控股有限公司（「本公司」）公佈業務發展。董事會宣佈，於二零二四年七月九日，本公司與宏岳生技股份有限公司"
        "（「宏岳生技」）在台北訂立諒解備忘錄。認購代價上限為港幣3.28億元。\n"
    )
    abstract = "".join(summary_of(text).abstract)
    assert "恆曜冷鏈控股有限公司與宏岳生技股份有限公司在台北訂立諒解備忘錄" in abstract
    assert "（「" not in abstract


def test_a_passage_does_not_end_in_a_clause_that_waits_for_the_next() -> None:
    text = (
        "科大讯飞通过建设“智医助理”平台，提升基层医生的诊疗服务能力，同时科大讯飞将在韶关推动“AI+教育”深度融合，"
        "实施“因材施教”工程，助力韶关建设教育强市，并围绕优质均衡等方向开展智慧教育建设，力争到2025年覆盖全部300所学校。\n"
    )
    assert not summary_of(text).abstract[-1].endswith("平台。")
