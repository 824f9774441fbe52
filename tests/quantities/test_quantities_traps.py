"""Texts that look like numbers and are none, and digits that carry no value."""

from __future__ import annotations

import pytest

from summarizer.quantities import scan

NOTHING = [
    "长三角的队伍推进“一网统管”，走进千家万户",
    "一体化、统一、万一、千方百计、进一步、之一、唯一",
    "三星与第一财经签约，两会期间",
    "十分重要，百度、万达、亿利、万科参会",
    "零售与零部件，四川、三亚、九江、六安",
    "五一、七夕、一带一路、不三不四、五花八门",
    "“三链”协同，“两网一平”",
    "一期开工，二期视市场情况启动，三期机房",
    "第三方评估，第一时间处理",
    "双方一致同意，一旦完成，一起建设，一定支持，一些企业",
    "千行百业、万千百姓、千言万语、百花齐放",
    "one of the best; no one knew; one another; the only one",
    "成为成员，成立成果，成本成交",
    "达产后年产值提高，过去年份不详，三线以上年限不论",
    "hundreds of thousands of people, dozens of firms, a few hundred",
]


@pytest.mark.parametrize("text", NOTHING)
def test_no_item_is_found(text):
    found = [item.text for item in scan(text)]
    assert found == []


VALUELESS = [
    ("采用T4标准和5G、4K、B2B、H100", {"T4": "code", "5G": "code", "4K": "code", "B2B": "code", "H100": "code"}),
    ("邮箱：desk2024@example.com", {"desk2024@example.com": "code"}),
    ("见https://example.com/2025/04?base=700。", {"https://example.com/2025/04?base=700": "code"}),
    ("客服电话：400-555-0186", {"400-555-0186": "code"}),
    ("call +1 (612) 555-0142, conference ID 7741902.", {"+1 (612) 555-0142": "code", "7741902": "code"}),
    ("账号：6000 1234 0000 5678 901（仅限）", {"6000 1234 0000 5678 901": "code"}),
    ("（股份代號：98765）", {"98765": "code"}),
    ("沪ICP备00000000号-7", {"ICP备00000000号-7": "code"}),
    ("项目编号：LZGD-2024-0617-03", {"LZGD-2024-0617-03": "code"}),
    ("符合GB/T 19001-2016", {"GB/T 19001-2016": "code"}),
    ("Form 10-K and Form S-4, Section 27A", {"10-K": "code", "S-4": "code", "27A": "code"}),
    ("“数字政府2.0”建设", {"2.0": "code"}),
    ("版本2.0.1发布", {"2.0.1": "code"}),
    ("tonnes of CO2 and COVID-19", {"CO2": "code", "COVID-19": "code"}),
    ("公交K87路", {"K87": "code"}),
    ("“1334+N”新模式", {"1334+N": "pattern"}),
    ("广告位960x90", {"960x90": "pattern"}),
    ("2021年3·15曝光台", {"3·15": "name"}),
    ("双11大促，天猫618", {"11": "name", "618": "name"}),
    ("神舟十五号发射", {"神舟十五号": "name"}),
    ("1. 甲方\n2. 乙方\n", {"1.": "pattern", "2.": "pattern"}),
    ("/img/2025/05/plant-400mw.jpg", {"/img/2025/05/plant-400mw.jpg": "code"}),
]


@pytest.mark.parametrize(("text", "expected"), VALUELESS)
def test_digits_that_are_no_quantity_carry_no_value(text, expected):
    found = {item.text: item.kind for item in scan(text) if item.kind in ("code", "name", "pattern")}
    assert found == expected
    assert all(item.value is None for item in scan(text) if item.text in expected)


NOT_CODES = [
    ("240MW", "240", "dimension"),
    ("a 15-year deal", "15", "duration"),
    ("$5m", "5000000", "currency"),
    ("RMB360", "360", "currency"),
    ("5M users", "5000000", "count"),
    ("13th", "13", "ordinal"),
    ("10-fold", "10", "multiple"),
    ("200P的算力", "200", "dimension"),
    ("PUE降至1.2", "1.2", "number"),
]


@pytest.mark.parametrize(("text", "value", "kind"), NOT_CODES)
def test_a_number_with_its_unit_is_no_code(text, value, kind):
    assert [(item.value, item.kind) for item in scan(text)] == [(value, kind)]
