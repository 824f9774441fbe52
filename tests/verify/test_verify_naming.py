"""Names beside amounts: what the words, the signs and the unit round an amount say of its name."""

import pytest

from summarizer.records import KeyFigure
from summarizer.verify.figures import judge_figure
from summarizer.verify.fit import fits_kind
from tests.verify.claims import figure_of, text_of


def judged(text: str, name: str, words: str, entity: str | None = None) -> KeyFigure:
    article = text_of(text)
    return judge_figure(article, figure_of(article, name, words, entity))


SALES = (
    "青屿电器昨日公布业绩。空调收入48.2亿元，同比增长7.3%；冰箱收入31.5亿元，同比下降2.6%。"
    "经销网点减少到1260个，较上年少90个。洗衣机收入12亿元，上年为10亿元，增长20%。研发费用率为4.1%，提高0.6个百分点。"
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("空调收入增速", "7.3%"),
        ("冰箱收入降幅", "2.6%"),
        ("洗衣机收入增速", "20%"),
        ("研发费用率", "4.1%"),
        ("研发费用率升幅", "0.6个百分点"),
    ],
)
def test_a_clause_without_a_subject_goes_on_about_the_one_before(name: str, words: str) -> None:
    assert judged(SALES, name, words).verdict == "verified"


@pytest.mark.parametrize(
    ("name", "words"),
    [("经销网点数", "2.6%"), ("冰箱收入降幅", "90个"), ("经销网点减少数", "20%"), ("研发费用率", "0.6个百分点")],
)
def test_what_the_clause_before_does_not_speak_of_is_no_name(name: str, words: str) -> None:
    assert judged(SALES, name, words).reasons == ("NAME_DOUBTFUL",)


def test_the_sentence_after_the_full_stop_names_nothing() -> None:
    text = "门店数增加到75家，同比增长12%。翻台率为3.8次。全年翻台率目标未公布，员工流失率为9%。"
    assert judged(text, "员工流失率", "12%").reasons == ("NAME_DOUBTFUL",)
    assert judged(text, "员工流失率", "9%").verdict == "verified"


@pytest.mark.parametrize(
    ("name", "words", "reasons"),
    [
        ("fall in ticket price", "6%", ()),
        ("cut in fuel cost", "11%", ()),
        ("ticket price", "6%", ("NAME_DOUBTFUL",)),
        ("fuel cost", "11%", ("NAME_DOUBTFUL",)),
    ],
)
def test_the_fall_of_a_price_is_a_share_and_the_price_is_not(name: str, words: str, reasons: tuple[str, ...]) -> None:
    text = "The average ticket price was €84, a fall of 6%, and the fuel cost per seat was cut by 11%."
    assert judged(text, name, words).reasons == reasons


@pytest.mark.parametrize(
    ("text", "name", "words", "verdict"),
    [
        ("逾期付款的，违约金为合同价款的3%。", "违约金", "3%", "verified"),
        ("履约保证金不超过中标总价的5%，工期缩短8%。", "履约保证金金额", "5%", "verified"),
        ("The broker gets a fee of 2% of the purchase price.", "broker fee", "2%", "verified"),
        ("合同金额为3亿元，中标人持股3%。", "合同金额", "3%", "review"),
        ("The broker, which has a fee agreement, owns 2% of the shares.", "broker fee", "2%", "review"),
        ("付款总额不公布，安装进度为计划的5%。", "付款总额", "5%", "review"),
    ],
)
def test_a_share_of_a_sum_is_a_sum(text: str, name: str, words: str, verdict: str) -> None:
    assert judged(text, name, words).verdict == verdict


@pytest.mark.parametrize(
    ("text", "name", "words", "entity", "reasons"),
    [
        ("The sale closes in May. (€1 = $1.09)", "exchange rate", "$1.09", "euro", ()),
        ("The sale closes in May. (€1 = $1.09)", "exchange rate", "$1.09", "€1", ()),
        ("交易于5月完成。（1美元=7.26元人民币）", "汇率", "7.26元人民币", "美元", ()),
        ("交易于5月完成。（1美元=7.26元人民币）", "收购价格", "7.26元人民币", "美元", ("NAME_DOUBTFUL",)),
        (
            "The fare is $1.09, paid in May.",
            "exchange rate",
            "$1.09",
            "euro",
            ("ENTITY_NOT_IN_ARTICLE", "NAME_DOUBTFUL"),
        ),
        ("The fare is $1.09, paid in May.", "fare", "$1.09", "Swiss franc", ("ENTITY_NOT_IN_ARTICLE",)),
    ],
)
def test_signs_make_a_rate_of_two_currencies(
    text: str, name: str, words: str, entity: str, reasons: tuple[str, ...]
) -> None:
    assert judged(text, name, words, entity).reasons == reasons


def test_who_represents_has_members() -> None:
    text = "The Guild of Ropemakers, which represents 46 workshops, meets in May. Rope is in demand. Hobb has leased 12 sheds."
    assert judged(text, "members", "46 workshops").verdict == "verified"
    assert judged(text, "members", "12 sheds").reasons == ("NAME_DOUBTFUL",)


LEASE = (
    "青屿与白榆签订协议。\n\n排他期及定金\n\n细节另行约定。\n\n定金须在签约后五天内支付，并于验收后八天内退还。\n\n"
    "自签约之日起六十天内，白榆不得与他人洽谈。\n\n交付\n\n设备在三十天内运到。\n"
)


@pytest.mark.parametrize(
    ("name", "words", "is_hinted"),
    [("排他期", "六十天", True), ("排他期", "五天", False), ("排他期", "八天", False), ("排他期", "三十天", False)],
)
def test_a_heading_names_the_only_amount_of_its_kind_in_a_paragraph(name: str, words: str, is_hinted: bool) -> None:
    assert ("NAME_DOUBTFUL" not in judged(LEASE, name, words).reasons) is is_hinted


@pytest.mark.parametrize(
    ("text", "name", "words", "is_hinted"),
    [
        ("项目分五个标段，总价2亿元。另设两个仓库。", "分标段数", "五个", True),
        ("机场设六条跑道。酒店有九个餐厅。", "设跑道数", "六条", True),
        ("机场设六条跑道。路途遥远。车流不断。酒店有九个餐厅。", "设跑道数", "九个", False),
        ("新员工一年后仍留在厂里的有八成。", "留厂间隔", "一年", True),
        ("新员工一年后仍留在厂里的有八成。", "归还期限", "一年", False),
        ("我们用两年把能耗压下来，再用五年换掉旧炉。", "压能期限", "两年", True),
        ("我们用两年把能耗压下来，同时招人，再用五年换掉旧炉。", "压能期限", "五年", False),
    ],
)
def test_a_name_that_the_amount_parts_or_that_shortens_the_clause_stands(
    text: str, name: str, words: str, is_hinted: bool
) -> None:
    assert ("NAME_DOUBTFUL" not in judged(text, name, words).reasons) is is_hinted


def test_shipments_are_units_shipped() -> None:
    text = "Maker\tUnits 2023\tShare\nArno\t3,100\t12%\nHollin\t4,200\t17%"
    assert judged(text, "shipments", "3,100").verdict == "verified"
    assert judged(text, "shipments", "17%").reasons == ("NAME_DOUBTFUL",)


ROWS = "门店\t收入（万元）\t翻台率（次）\n东门店\t312\t3.1\n西门店\t287\t2.8\n合计\t599\t3.0\n"


@pytest.mark.parametrize(
    ("name", "words", "is_own"),
    [
        ("东门店收入", "312", True),
        ("西门店收入", "312", False),
        ("东门店翻台率", "2.8", False),
        ("收入合计", "599", True),
    ],
)
def test_a_row_of_a_table_is_told_by_its_own_label(name: str, words: str, is_own: bool) -> None:
    assert ("NAME_DOUBTFUL" not in judged(ROWS, name, words).reasons) is is_own


@pytest.mark.parametrize(
    ("name", "kind", "fits"),
    [
        ("毛利率同比变动", "percent_point", True),
        ("毛利率同比变动", "currency", False),
        ("毛利率", "percent", True),
        ("毛利率", "percent_point", False),
        ("贷款利率加点", "percent_point", True),
        ("产值增速目标", "percent", True),
        ("产值增速高于全国幅度", "currency", False),
        ("sales in 2021 as a share of 2019", "currency", False),
        ("averaging period", "percent", False),
        ("fee if the offer lapses during the go-shop period", "currency", True),
    ],
)
def test_what_a_rate_or_a_time_can_be(name: str, kind: str, fits: bool) -> None:
    assert fits_kind(name, kind, is_money=kind == "currency") is fits  # type: ignore[arg-type]
