"""A party's name taken apart, and when two names say that they are two."""

from __future__ import annotations

import pytest

from summarizer.records import PartyKind
from summarizer.report.ledger_known_names import COMPANIES, PLACES
from summarizer.report.ledger_names import folded, parse_name


@pytest.mark.parametrize(
    ("name", "kind", "core", "rest"),
    [
        ("广东省韶关市政府", "government", "韶关", ("政府", "市", ("广东",))),
        ("广东韶关市人民政府", "government", "韶关", ("政府", "市", ("广东",))),
        ("韶关市", None, "韶关", ("", "市", ())),
        ("吉林市政府", "government", "吉林", ("政府", "市", ())),
        ("南通市如东县政府", "government", "如东", ("政府", "县", ("南通",))),
        ("临澜新区管委会", "government", "临澜", ("管委会", "新区", ())),
        ("广州", "government", "广州", ("", "", ())),
        ("Shaoguan Municipal People's Government", "government", "shaoguan", ("政府", "市", ())),
        ("the city of Shaoguan", None, "shaoguan", ("", "市", ())),
        ("京东科技集团", "company", "京东科技", ("集团", "", ())),
        ("恆曜冷鏈控股有限公司", "company", "恒曜冷链", ("控股有限", "", ())),
        ("Hailing Port Digital Co., Ltd.", "company", "hailing port digital", ("ltd", "", ())),
        ("Halvorsen Instruments Corporation (NYSE: HLV)", "company", "halvorsen instruments", ("corp", "", ())),
        ("Acerías Montalbo S.A.", "company", "acerias montalbo", ("sa", "", ())),
    ],
)
def test_a_name_is_taken_apart(name: str, kind: PartyKind | None, core: str, rest: tuple[object, ...]) -> None:
    form = parse_name(name, kind)
    assert (form.core, (form.legal, form.level, form.within)) == (core, rest)


def test_brackets_hold_places_and_other_names() -> None:
    assert parse_name("澄衡智能科技（杭州）有限公司", "company").place == "杭州"
    assert parse_name("赫尔姆光学（Helmoptik GmbH）", "company").other == ("helmoptik gmbh",)
    assert parse_name("宁江澜湾产业园（以下简称“澜湾园”）管委会", "government").other == ("澜湾园",)
    assert parse_name("科大讯飞（002230）", "company").other == ()


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("见微仪器（苏州）有限公司", "见微仪器（无锡）有限公司", "company"),
        ("青禾集团有限公司", "青禾股份有限公司", "company"),
        ("吉林省政府", "吉林市政府", "government"),
        ("深圳市南山区政府", "鹤岗市南山区政府", "government"),
        ("Northgate Inc", "Northgate Ltd", "company"),
    ],
)
def test_names_of_one_core_can_say_that_they_are_two(one: str, other: str, kind: PartyKind) -> None:
    first, second = parse_name(one, kind), parse_name(other, kind)
    assert first.core == second.core
    assert first.contradicts(second)
    assert second.contradicts(first)


def test_what_is_left_out_contradicts_nothing() -> None:
    assert not parse_name("见微仪器", "company").contradicts(parse_name("见微仪器（苏州）有限公司", "company"))
    assert not parse_name("青禾集团", "company").contradicts(parse_name("青禾集团有限公司", "company"))


def test_a_name_is_like_a_longer_one_that_begins_with_it_at_a_word() -> None:
    assert parse_name("沅峤新能源", "company").is_like(parse_name("沅峤新能源科技股份有限公司", "company"))
    assert parse_name("Northgate", "company").is_like(parse_name("Northgate Freight Inc", "company"))
    assert not parse_name("North", "company").is_like(parse_name("Northgate", "company"))


def test_words_for_a_part_in_a_deal_are_no_names() -> None:
    assert [parse_name(name, "company").is_role for name in ("本公司", "目標公司", "the Company", "京东集团")] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("name", ["", "（", "()", "公司", "有限公司", "政府", "Ltd", "\x00\u202e", "市", "=1+1"])
def test_names_that_are_next_to_nothing_are_taken_as_they_are(name: str) -> None:
    for kind in ("company", "government", "person", None):
        form = parse_name(name, kind)
        assert not form.contradicts(form)


@pytest.mark.parametrize("table", [COMPANIES, PLACES])
def test_no_known_name_stands_for_two_parties(table: list[list[str]]) -> None:
    every = [folded(name) for names in table for name in names]
    assert len(every) == len(set(every))
    assert all(len(names) > 1 for names in table)
