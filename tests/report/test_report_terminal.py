from __future__ import annotations

import io
import re
from typing import Any

import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len
from rich.console import Console

from summarizer.report.lines import break_points
from summarizer.report.terminal import make_console, print_batch, print_record


class Ascii(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="ascii", errors="backslashreplace")


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def console(out: io.StringIO) -> Console:
    return make_console(out)


def test_a_batch_is_one_table_row_a_record_and_a_line_a_failure(cases: Any, console: Console, out: io.StringIO) -> None:
    print_batch(iter(cases.records), iter(cases.failures), console)
    text = out.getvalue()
    assert re.search(r"^a1 .*to check .*澜州市与青禾集团.* 2 . +1 . +1 . +1/1$", text, re.MULTILINE)
    assert re.search(r"^e5 .*failed .*refused: the model refused to answer", text, re.MULTILINE)
    assert "offline engine: no model was asked; extractive summary" in text
    assert "failed: in/broken|.pdf: format: " in text
    assert "skipped: in/a1-copy.txt: same_text: " in text


def test_a_batch_of_chinese_articles_is_labelled_in_chinese(cases: Any, console: Console, out: io.StringIO) -> None:
    print_batch([cases.zh], [], console)
    assert "需核对" in out.getvalue()
    assert "待核对的数字" in out.getvalue()


def test_no_records_are_said_to_be_none(console: Console, out: io.StringIO) -> None:
    print_batch([], [], console)
    assert out.getvalue() == "No records.\n"


def test_columns_stand_in_line_with_wide_characters(cases: Any, console: Console, out: io.StringIO) -> None:
    print_batch([cases.zh, cases.en], [], console)
    edges = [cell_len(line.split("│")[0]) for line in out.getvalue().splitlines() if "│" in line]
    assert len(edges) >= 4
    assert len(set(edges)) == 1


def test_output_that_is_no_terminal_is_plain_and_100_columns_wide(
    cases: Any, console: Console, out: io.StringIO
) -> None:
    print_batch(cases.records, cases.failures, console)
    print_record(cases.zh, console, text=cases.zh_text)
    lines = out.getvalue().splitlines()
    assert "\x1b" not in out.getvalue()
    assert max(cell_len(line) for line in lines) <= 100
    assert max(cell_len(line) for line in lines) > 90


def test_escapes_in_content_stay_escaped_and_markup_stays_text(cases: Any, console: Console, out: io.StringIO) -> None:
    print_batch([cases.hostile], [], console)
    print_record(cases.hostile, console, text="other")
    text = out.getvalue()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", text)
    assert "\\x1b[31mred\\u202etxt" in text
    assert "[bold red]verified[/] \\x00" in text


def test_a_terminal_gets_colour_and_no_escape_of_the_contents_own(cases: Any) -> None:
    out = io.StringIO()
    terminal = Console(file=out, force_terminal=True, width=80, color_system="standard")
    print_record(cases.hostile, terminal)
    assert "\x1b[32m" in out.getvalue()
    assert "\x1b]0;" not in out.getvalue()
    assert max(cell_len(re.sub("\x1b\\[[0-9;]*m", "", line)) for line in out.getvalue().splitlines()) <= 80


def test_a_record_shows_its_evidence_and_marks_what_is_open(cases: Any, console: Console, out: io.StringIO) -> None:
    print_record(cases.zh, console)
    text = out.getvalue()
    assert "[ok] 总投资: 约30亿元 (青禾集团, 2024年, 目标)" in text
    assert '     [36:54] "青禾集团将投资约30亿元建设数据中心"' in text
    assert "[? ] 待核对: 年产值: 12亿元" in text
    assert "! 是已实现还是计划、预测，与原文措辞不符 (STATUS_DOUBTFUL)" in text
    assert "[no] 已否决: name: 就业人数" in text
    assert "! 5000人 (摘要 [49:54])" in text
    assert text.index("[ok] 总投资") < text.index("[? ] 待核对: 年产值")
    assert "正文数字的覆盖率：99%" in text


def test_with_the_text_a_quotation_stands_in_its_surroundings(cases: Any, console: Console, out: io.StringIO) -> None:
    print_record(cases.zh, console, text=cases.zh_text)
    assert "协议期限三年。>>目前已有300余家企业入驻<<。" in out.getvalue()


def test_a_quotation_that_stands_elsewhere_is_named(cases: Any, console: Console, out: io.StringIO) -> None:
    print_record(cases.en, console, text="quite another text")
    assert "(the article reads otherwise at this place!)" in out.getvalue()


def test_a_record_without_parts_and_a_failed_one_are_shown(cases: Any, console: Console, out: io.StringIO) -> None:
    print_record(cases.bare, console)
    print_record(cases.failed, console)
    assert "（无标题）" in out.getvalue()
    assert "refused: the model refused to answer" in out.getvalue()


def test_the_offline_engine_is_said_plainly_in_the_view_of_a_record(
    cases: Any, console: Console, out: io.StringIO
) -> None:
    print_record(cases.en, console)
    assert "ok | offline engine: no model was asked; extractive summary" in out.getvalue()


def test_an_ascii_stream_gets_ascii_lines_and_no_error(cases: Any) -> None:
    stream = Ascii()
    print_batch([cases.en], [], make_console(stream))
    print_record(cases.en, make_console(stream))
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    text = stream.buffer.getvalue().decode("ascii")
    assert "\\u" not in text
    assert "---+---" in text


@given(
    st.text(alphabet=st.sampled_from(list("ab 中文，。“”()1\u0301🙂")), max_size=60),
    st.integers(4, 20),
    st.integers(4, 20),
)
def test_lines_fit_and_lose_nothing(text: str, first: int, following: int) -> None:
    points = break_points(text, first, following)
    assert points == sorted(set(points))
    assert all(0 < point < len(text) for point in points)
    ends = [*points, len(text)]
    for number, (start, end) in enumerate(zip([0, *points], ends, strict=True)):
        assert cell_len(text[start:end].rstrip()) <= (following if number else first)


def test_chinese_breaks_between_characters_and_english_at_blanks() -> None:
    assert break_points("总投资约三十亿元", 9, 9) == [4]
    assert break_points("one two three", 8, 8) == [8]
    assert break_points("投资三十亿，元", 10, 10) == [4]
