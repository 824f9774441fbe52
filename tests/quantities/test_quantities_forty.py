"""The forty nasty expressions of the specification: every item of every text, with spans, value, unit and qualifier."""

from __future__ import annotations

import pytest

from summarizer.quantities import scan

# text: [(start, end, number start, number end, kind, value, value_max, unit, qualifier, qualifier span)]
FORTY = [
    ("为超过1亿师生提供服务", [(3, 5, 3, 5, "count", "100000000", None, None, "more_than", (1, 3))]),
    (
        "全国32个省级行政区5万多所学校",
        [
            (2, 5, 2, 4, "count", "32", None, "个", "exact", None),
            (10, 14, 10, 12, "count", "50000", None, "所", "more_than", (12, 13)),
        ],
    ),
    ("卫生技术人员数量占比未达40%以上", [(12, 15, 12, 14, "percent", "40", None, "%", "less_than", (10, 12))]),
    ("2021年10月23-25日，在无锡", [(0, 14, None, None, "date", "2021-10-23", "2021-10-25", None, "range", None)]),
    (
        "1-7月高技术制造业增加值同比增长9%",
        [
            (0, 4, None, None, "date", "--01", "--07", None, "range", None),
            (17, 19, 17, 18, "percent", "9", None, "%", "exact", None),
        ],
    ),
    ("去年7月，京东科技整合平台", [(0, 4, None, None, "date_rel", None, None, None, "exact", None)]),
    ("11月18日，双方签订协议", [(0, 6, None, None, "date", "--11-18", None, None, "exact", None)]),
    (
        "2020年12月11日20时00分02秒，首单诞生",
        [(0, 20, None, None, "date", "2020-12-11T20:00:02", None, None, "exact", None)],
    ),
    ("年均 PUE≤1.3(实测)", [(7, 10, 7, 10, "number", "1.3", None, None, "at_most", (6, 7))]),
    ("智能客服7*24小时服务", [(4, 10, None, None, "pattern", None, None, None, "exact", None)]),
    (
        "接入300余家工厂的3万台设备",
        [
            (2, 7, 2, 5, "count", "300", None, "家", "more_than", (5, 6)),
            (10, 13, 10, 12, "count", "30000", None, "台", "exact", None),
        ],
    ),
    ("成功消化价值近15亿的剩余产能", [(7, 10, 7, 10, "number", "1500000000", None, None, "nearly", (6, 7))]),
    ("连接几十万家商家", [(2, 6, 2, 5, "count", "100000", "1000000", "家", "range", None)]),
    (
        "为超过1500家大型企业、超152万家中小微企业",
        [
            (3, 8, 3, 7, "count", "1500", None, "家", "more_than", (1, 3)),
            (14, 19, 14, 18, "count", "1520000", None, "家", "more_than", (13, 14)),
        ],
    ),
    ("通过超5.5亿活跃用户连接", [(3, 7, 3, 7, "number", "550000000", None, None, "more_than", (2, 3))]),
    ("单日流转数据量平均达1.4亿条", [(10, 15, 10, 14, "count", "140000000", None, "条", "exact", (9, 10))]),
    (
        "保障了京东618、11.11等大型活动",
        [
            (5, 8, None, None, "name", None, None, None, "exact", None),
            (9, 14, None, None, "name", None, None, None, "exact", None),
        ],
    ),
    ("电话：0086-10-82081166-6059传真", [(3, 24, None, None, "code", None, None, None, "exact", None)]),
    ("国务院印发《“十四五”数字经济发展规划》", [(7, 10, None, None, "name", None, None, None, "exact", None)]),
    ("长三角的队伍推进“一网统管”，走进千家万户", []),
    (
        "12座城市，韶关是第13座城市",
        [
            (0, 3, 0, 2, "count", "12", None, "座", "exact", None),
            (9, 13, 10, 12, "ordinal", "13", None, "座", "exact", None),
        ],
    ),
    (
        "历经19年沉淀，过去五年落地80多个城市",
        [
            (2, 5, 2, 4, "duration", "19", None, "年", "exact", None),
            (10, 12, 10, 11, "duration", "5", None, "年", "exact", None),
            (14, 18, 14, 16, "count", "80", None, "个", "more_than", (16, 17)),
        ],
    ),
    ("单价3-5万元", [(2, 7, 2, 6, "currency", "30000", "50000", "CNY", "range", None)]),
    ("贷款5千至1万元", [(2, 8, 2, 7, "currency", "5000", "10000", "CNY", "range", None)]),
    (
        "预计提升三到五成，六七成用户",
        [
            (4, 8, 4, 7, "percent", "30", "50", "%", "range", None),
            (9, 12, 9, 11, "percent", "60", "70", "%", "range", None),
        ],
    ),
    ("毛利率提升2.3个百分点", [(5, 12, 5, 8, "percent_point", "2.3", None, "百分点", "exact", None)]),
    (
        "增长10%-15%，净利润-3.5亿元",
        [
            (2, 9, 2, 8, "percent", "10", "15", "%", "range", None),
            (13, 19, 14, 18, "currency", "-350000000", None, "CNY", "exact", None),
        ],
    ),
    ("另有港币2,300万元贷款", [(2, 11, 4, 10, "currency", "23000000", None, "HKD", "exact", None)]),
    (
        "１，２００万美元，$20，300美圆",
        [
            (0, 8, 0, 6, "currency", "12000000", None, "USD", "exact", None),
            (9, 12, 10, 12, "currency", "20", None, "USD", "exact", None),
            (13, 18, 13, 16, "currency", "300", None, "USD", "exact", None),
        ],
    ),
    (
        "营收1.2万亿元，收购3.5千亿斤粮食",
        [
            (2, 8, 2, 7, "currency", "1200000000000", None, "CNY", "exact", None),
            (11, 17, 11, 16, "dimension", "350000000000", None, "斤", "exact", None),
        ],
    ),
    (
        "月薪三万五，租金两千六，五六千人",
        [
            (2, 5, 2, 5, "number", "35000", None, None, "exact", None),
            (8, 11, 8, 11, "number", "2600", None, None, "exact", None),
            (12, 16, 12, 15, "count", "5000", "6000", "人", "range", None),
        ],
    ),
    (
        "融资1亿美元（约合6.4亿元人民币）",
        [
            (2, 6, 2, 4, "currency", "100000000", None, "USD", "exact", None),
            (9, 17, 9, 13, "currency", "640000000", None, "CNY", "about", (7, 9)),
        ],
    ),
    (
        "销量翻了一番，是去年的2.5倍",
        [
            (2, 6, 4, 6, "multiple", "2", None, "倍", "exact", None),
            (8, 10, None, None, "date_rel", None, None, None, "exact", None),
            (11, 15, 11, 14, "multiple", "2.5", None, "倍", "exact", None),
        ],
    ),
    (
        "覆盖上百个城市、数千家门店、近千家企业",
        [
            (3, 5, 3, 4, "count", "100", None, "个", "at_least", (2, 3)),
            (8, 11, 8, 10, "count", "1000", "10000", "家", "range", None),
            (15, 17, 15, 16, "count", "1000", None, "家", "nearly", (14, 15)),
        ],
    ),
    (
        "10万元以上20万元以下",
        [
            (0, 4, 0, 3, "currency", "100000", None, "CNY", "at_least", (4, 6)),
            (6, 10, 6, 9, "currency", "200000", None, "CNY", "less_than", (10, 12)),
        ],
    ),
    (
        "Revenue rose to US$1.2bn and €40m; 1.37m tonnes",
        [
            (16, 24, 19, 24, "currency", "1200000000", None, "USD", "exact", None),
            (29, 33, 30, 33, "currency", "40000000", None, "EUR", "exact", None),
            (35, 47, 35, 40, "dimension", "1370000", None, "tonnes", "exact", None),
        ],
    ),
    (
        "It spent $10-15 million, or half a million a day",
        [
            (9, 23, 10, 23, "currency", "10000000", "15000000", "USD", "range", None),
            (28, 42, 28, 42, "number", "500000", None, None, "exact", None),
        ],
    ),
    (
        "Q3 FY2025 net loss of $(12.5) million",
        [
            (0, 9, None, None, "date", "2025-Q3", None, None, "exact", None),
            (22, 37, 24, 28, "currency", "-12500000", None, "USD", "exact", None),
        ],
    ),
    (
        "Oct. 23-25, 2021, and between 2017 and 2020",
        [
            (0, 16, None, None, "date", "2021-10-23", "2021-10-25", None, "range", None),
            (30, 43, None, None, "date", "2017", "2020", None, "range", None),
        ],
    ),
    (
        "A 15 basis point cut and 40-plus 60,000-square-metre sites",
        [
            (2, 16, 2, 4, "percent_point", "0.15", None, "百分点", "exact", None),
            (25, 27, 25, 27, "number", "40", None, None, "more_than", (27, 32)),
            (33, 52, 33, 39, "dimension", "60000", None, "square-metre", "exact", None),
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), FORTY, ids=[f"{number}" for number in range(1, 41)])
def test_the_expression_is_read_as_specified(text, expected):
    found = [
        (
            item.start,
            item.end,
            item.number_start,
            item.number_end,
            item.kind,
            item.value,
            item.value_max,
            item.unit,
            item.qualifier,
            None if item.qualifier_start is None else (item.qualifier_start, item.qualifier_end),
        )
        for item in scan(text)
    ]
    assert found == expected


def test_a_relative_date_keeps_its_symbol_and_no_value():
    (item,) = scan("去年7月，京东科技整合平台")
    assert (item.kind, item.value, item.note) == ("date_rel", None, "year-1/07")


def test_a_fiscal_quarter_says_so():
    item = scan("Q3 FY2025 net loss of $(12.5) million")[0]
    assert (item.value, item.note) == ("2025-Q3", "fiscal")


def test_orders_of_magnitude_are_marked_vague():
    vague = {
        item.text: item.is_vague
        for text in ("连接几十万家商家", "覆盖上百个城市、数千家门店、近千家企业")
        for item in scan(text)
    }
    assert vague == {"几十万家": True, "百个": False, "数千家": True, "千家": False}
