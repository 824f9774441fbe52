"""Kinds, values and units of amounts in both languages."""

from __future__ import annotations

import pytest

from summarizer.quantities import scan

MONEY = [
    ("总投资30亿元", "3000000000", "CNY"),
    ("人民币捌仟柒佰陆拾叁万伍仟贰佰元整", "87635200", "CNY"),
    ("￥87,635,200.00", "87635200", "CNY"),
    ("新台幣13.5億元", "1350000000", "TWD"),
    ("港幣3.28億元", "328000000", "HKD"),
    ("HK$4.1 billion", "4100000000", "HKD"),
    ("S$114.3 million", "114300000", "SGD"),
    ("US$1.2bn", "1200000000", "USD"),
    ("€40m", "40000000", "EUR"),
    ("NOK 1.1 billion", "1100000000", "NOK"),
    ("RMB 0.39 per kWh", "0.39", "CNY"),
    ("3.5 billion yuan", "3500000000", "CNY"),
    ("a 20 million-euro plant", "20000000", "EUR"),
    ("100日元", "100", "JPY"),
    ("五百万瑞士法郎", "5000000", "CHF"),
    ("3亿卢布", "300000000", "RUB"),
    ("2万亿越南盾", "2000000000000", "VND"),
    ("低6分钱", "0.06", "CNY"),
    ("3元5角", "3.5", "CNY"),
    ("两块五", "2.5", "CNY"),
    ("12块钱", "12", "CNY"),
    ("10 cents", "0.1", "USD"),
    ("twenty-five dollars", "25", "USD"),
    ("half a million dollars", "500000", "USD"),
    ("two and a half million euros", "2500000", "EUR"),
    ("Rs 500 crore", "5000000000", "INR"),
    ("$(12.5) million", "-12500000", "USD"),
    ("-3.5亿元", "-350000000", "CNY"),
    ("百亿元项目", "10000000000", "CNY"),
    ("1亿2千万元", "120000000", "CNY"),
    ("100兆日圆", "100000000000000", "JPY"),
]


@pytest.mark.parametrize(("text", "value", "unit"), MONEY)
def test_money_has_its_value_and_iso_code(text, value, unit):
    (item,) = scan(text)
    assert (item.kind, item.value, item.unit) == ("currency", value, unit)


SHARES = [
    ("增长9.5％", "percent", "9.5", "%"),
    ("百分之三十五", "percent", "35", "%"),
    ("百分之三十五点五", "percent", "35.5", "%"),
    ("万分之五", "percent", "0.05", "%"),
    ("千分之三", "percent", "0.3", "%"),
    ("5‰", "percent", "0.5", "%"),
    ("三成", "percent", "30", "%"),
    ("两成半", "percent", "25", "%"),
    ("打八折", "percent", "80", "%"),
    ("打八五折", "percent", "85", "%"),
    ("8.5折", "percent", "85", "%"),
    ("twelve per cent", "percent", "12", "%"),
    ("0.2个百分点", "percent_point", "0.2", "百分点"),
    ("six percentage points", "percent_point", "6", "百分点"),
    ("25个基点", "percent_point", "0.25", "百分点"),
    ("15 bps", "percent_point", "0.15", "百分点"),
    ("600倍", "multiple", "600", "倍"),
    ("19.1 times", "multiple", "19.1", "倍"),
    ("3x", "multiple", "3", "倍"),
    ("翻番", "multiple", "2", "倍"),
    ("翻了两番", "multiple", "4", "倍"),
]


@pytest.mark.parametrize(("text", "kind", "value", "unit"), SHARES)
def test_shares_points_and_multiples_are_kept_apart(text, kind, value, unit):
    assert [(item.kind, item.value, item.unit) for item in scan(text)] == [(kind, value, unit)]


MEASURES = [
    ("近6万平方米", "dimension", "60000", "平方米"),
    ("318亩", "dimension", "318", "亩"),
    ("450亿千瓦时", "dimension", "45000000000", "千瓦时"),
    ("五千瓦", "dimension", "5", "千瓦"),
    ("十万千瓦", "dimension", "100000", "千瓦"),
    ("48兆瓦", "dimension", "48", "兆瓦"),
    ("2 GWh", "dimension", "2", "GWh"),
    ("60,000-square-metre site", "dimension", "60000", "square-metre"),
    ("a gallon of beer", "dimension", "1", "gallon"),
    ("1.37m tonnes", "dimension", "1370000", "tonnes"),
    ("40m long", "dimension", "40", "m"),
    ("1.2 kg/m3", "dimension", "1.2", "kg/m3"),
    ("零下5度", "temperature", "-5", "度"),
    ("25℃", "temperature", "25", "℃"),
    ("华氏300度", "temperature", "300", "华氏度"),
    ("-5°F", "temperature", "-5", "°F"),
    ("25 degrees Celsius", "temperature", "25", "degrees Celsius"),
    ("历经19年", "duration", "19", "年"),
    ("24个月内", "duration", "24", "个月"),
    ("420日历天", "duration", "420", "日历天"),
    ("十個營業日", "duration", "10", "個營業日"),
    ("两年半", "duration", "2.5", "年"),
    ("半年", "duration", "0.5", "年"),
    ("三个半小时", "duration", "3.5", "个小时"),
    ("within 24 months", "duration", "24", "months"),
    ("30 trading days", "duration", "30", "trading days"),
    ("25岁", "duration", "25", "岁"),
    ("five years old", "duration", "5", "years old"),
    ("1260万人次", "count", "12600000", "人次"),
    ("8.6萬個板位", "count", "86000", "個板位"),
    ("1,250 employees", "count", "1250", "employees"),
    ("6.5 million new shares", "count", "6500000", "shares"),
    ("五大领域", "count", "5", None),
    ("分三期建设", "count", "3", "期"),
    ("10大数据中心集群", "count", "10", None),
    ("93.47分", "count", "93.47", "分"),
    ("第13座", "ordinal", "13", "座"),
    ("第三，", "ordinal", "3", None),
    ("twenty-first", "ordinal", "21", None),
    ("1.2万亿", "number", "1200000000000", None),
    ("三分之二", "number", "0.666667", None),
    ("a quarter of the shares", "number", "0.25", None),
    ("minus five", "number", "-5", None),
]


@pytest.mark.parametrize(("text", "kind", "value", "unit"), MEASURES)
def test_measures_counts_and_ordinals_are_told_apart(text, kind, value, unit):
    assert [(item.kind, item.value, item.unit) for item in scan(text)] == [(kind, value, unit)]


RANGES = [
    ("180—220 EFLOPS", "180", "220", "EFLOPS"),
    ("6.5%—7%", "6.5", "7", "%"),
    ("RMB 0.34 to RMB 0.43", "0.34", "0.43", "CNY"),
    ("US$9 billion to US$11 billion", "9000000000", "11000000000", "USD"),
    ("between about €601 million and €769 million", "601000000", "769000000", "EUR"),
    ("12 to 18 months", "12", "18", "months"),
    ("3-4 million tonnes", "3000000", "4000000", "tonnes"),
    ("12.8–13.0 TeV", "12.8", "13", "TeV"),
    ("10-15 basis points", "0.1", "0.15", "百分点"),
    ("1000至1万元", "1000", "10000", "CNY"),
    ("十七八岁", "17", "18", "岁"),
    ("prices from $5 to $10", "5", "10", "USD"),
]


@pytest.mark.parametrize(("text", "low", "high", "unit"), RANGES)
def test_a_range_is_one_item_with_both_ends(text, low, high, unit):
    assert [(item.value, item.value_max, item.unit, item.qualifier) for item in scan(text)] == [
        (low, high, unit, "range")
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("由24.1%升至27.6%", ["24.1", "27.6"]),
        ("由24.1%至27.6%", ["24.1", "27.6"]),
        ("rose from 24.1% to 27.6%", ["24.1", "27.6"]),
        ("平均PUE由2022年的1.42降至1.31", ["2022", "1.42", "1.31"]),
        ("10万元以上20万元以下", ["100000", "200000"]),
        ("1 100 and 50", ["1", "100", "50"]),
    ],
)
def test_a_change_from_one_value_to_another_is_no_range(text, values):
    assert [item.value for item in scan(text)] == values


def test_the_unit_keeps_the_characters_of_the_text():
    assert [item.unit for item in scan("１０個，10 個")] == ["個", "個"]


def test_offsets_count_code_points_behind_emoji_and_rare_characters():
    text = "📍𠮷野家👨‍👩‍👧开店３００余家，投资1.5亿元"
    assert [text[item.start : item.end] for item in scan(text)] == ["３００余家", "1.5亿元"]
    assert [item.text for item in scan(text)] == ["３００余家", "1.5亿元"]


def test_an_empty_text_has_no_items():
    assert scan("") == []


@pytest.mark.parametrize(
    ("text", "words", "value", "unit"),
    [
        ("渡轮每周两班，周日停航。", "两班", "2", "班"),
        ("高铁每天4班。", "4班", "4", "班"),
        ("教练每周两次到校。", "两次", "2", "次"),
        ("由县、乡两级政府分担。", "两级", "2", "级"),
        ("One in five shops closed.", "One in five", "0.2", None),
        ("Nine out of ten drivers agreed.", "Nine out of ten", "0.9", None),
        ("They swapped two agents for one gas firm.", "one", "1", None),
        ("It lasts for one year.", "one year", "1", "year"),
    ],
)
def test_runs_levels_and_shares_in_words_are_read(text: str, words: str, value: str, unit: str | None) -> None:
    found = {one.text: (one.value, one.unit) for one in scan(text)}
    assert found.get(words) == (value, unit)


@pytest.mark.parametrize(
    "text",
    [
        "工人三班倒。",
        "高二三班获奖。",
        "领导班子换届。",
        "全市三级医院联网。",
        "I, for one, agree.",
        "It did so for one reason.",
    ],
)
def test_shifts_classes_grades_and_the_pronoun_one_are_no_amounts(text: str) -> None:
    assert [one for one in scan(text) if one.value is not None] == []


def test_in_before_a_time_is_no_share() -> None:
    assert [one.text for one in scan("It failed one in five years.")] == ["five years"]
