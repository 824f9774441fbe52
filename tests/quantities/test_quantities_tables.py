"""Cells of a table take the unit of their column's head, or of the line above the table."""

from summarizer.quantities import scan
from summarizer.quantities.tables import head_of


def read(text: str) -> dict[str, tuple[str | None, str | None]]:
    return {item.text: (item.value, item.unit) for item in scan(text)}


def test_a_head_in_brackets_gives_unit_and_scale() -> None:
    found = read("Year | Volume (t) | Revenue (US$ million)\nfirst | 51,000 | 12.5")
    assert found["51,000"] == ("51000", "t")
    assert found["12.5"] == ("12500000", "USD")


def test_a_caption_gives_the_unit_of_sums_but_not_of_rates() -> None:
    found = read("单位：亿元\n项目\t本期\t同比\n营业收入\t312.6\t7.8%\n毛利率\t35.2\t1.2\n净利润\t-3.5\t0.4")
    assert found["312.6"] == ("31260000000", "CNY")
    assert found["-3.5"] == ("-350000000", "CNY")
    assert found["35.2"] == ("35.2", None)
    assert found["1.2"] == ("1.2", None)
    assert found["7.8%"] == ("7.8", "%")


def test_a_cell_with_words_or_a_unit_of_its_own_stays_as_it_reads() -> None:
    found = read("项目 | 金额（亿元）\n首期 | 3.5万美元\n二期 | 约 4 期")
    assert found["3.5万美元"] == ("35000", "USD")
    assert found["4 期"] == ("4", "期")


def test_text_without_a_table_is_left_alone() -> None:
    assert read("收入（亿元）为312.6")["312.6"] == ("312.6", None)


def test_the_head_of_a_cell_is_found_from_its_offset() -> None:
    text = "名 | 收入（亿元）\n甲 | 1.2\n乙 | 3.4"
    start, end = head_of(text, text.index("3.4")) or (0, 0)
    assert text[start:end] == "收入（亿元）"
    assert head_of("没有表格 1.2", 5) is None
