from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import given, strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from summarizer.errors import OutputError
from summarizer.records import ArticleRecord, Audit, KeyFigure, RejectedItem
from summarizer.report.characters import markdown_line, one_line
from summarizer.report.markdown import MarkdownReport, render_markdown


def parse(text: str) -> list[Token]:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)


def flat(tokens: list[Token]) -> list[Token]:
    return [one for token in tokens for one in (token, *flat(token.children or []))]


def shown(text: str) -> str:
    return "".join(token.content if token.type == "text" else "" for token in flat(parse(text)))


def part(text: str, start: str, end: str) -> str:
    begin = text.index(start)
    return text[begin : text.index(end, begin)]


@given(st.text(alphabet=st.sampled_from(list("ab1 .)#+-=*_~`[]()<>|\\!&$:/@;\n\t\x1b\u202e“。")), max_size=30))
def test_any_text_in_a_cell_shows_itself_and_does_nothing(text: str) -> None:
    rendered = f"| h | i |\n| --- | --- |\n| {markdown_line(text)} | z |"
    tokens = parse(rendered)
    allowed = {"table_open", "thead_open", "tr_open", "th_open", "tbody_open", "td_open", "inline", "text"}
    allowed |= {name.replace("_open", "_close") for name in allowed} | {"text_special"}
    assert {token.type for token in flat(tokens)} <= allowed
    cells = [token for token in tokens if token.type == "inline"][2:]
    assert ["".join(child.content for child in cell.children or []) for cell in cells] == [one_line(text), "z"]


@given(st.text(alphabet=st.sampled_from(list("ab1 .)#+-=*_~`[]()<>|\\!&:/\n\t“。")), max_size=30))
def test_any_text_in_an_item_of_a_list_is_one_paragraph(text: str) -> None:
    tokens = parse(f"1. {markdown_line(text)}\n    - x\n")
    blocks = [token.type for token in tokens if token.type.endswith("_open")]
    paragraph = ["paragraph_open"] if one_line(text) else []
    assert blocks == [
        "ordered_list_open",
        "list_item_open",
        *paragraph,
        "bullet_list_open",
        "list_item_open",
        "paragraph_open",
    ]


def test_hostile_content_makes_no_markup(cases: Any) -> None:
    report = render_markdown(cases.records, cases.failures)
    kinds = {token.type for token in flat(parse(report))}
    assert not kinds & {
        "html_inline",
        "html_block",
        "link_open",
        "image",
        "code_inline",
        "code_block",
        "fence",
        "hr",
        "em_open",
    }
    assert "\x1b" not in report
    assert "\u202e" not in report
    assert re.search(r"(?<!\\)<script", report) is None
    headings = [token.tag for token in parse(report) if token.type == "heading_open"]
    assert headings.count("h1") == 1
    assert headings.count("h2") == len(cases.records) + 2


def test_every_table_is_regular(cases: Any) -> None:
    tokens = parse(render_markdown(cases.records, cases.failures))
    width, cells = 0, 0
    for token in tokens:
        if token.type == "thead_open":
            width = 0
        elif token.type == "th_open":
            width += 1
        elif token.type == "tr_open":
            cells = 0
        elif token.type == "td_open":
            cells += 1
        elif token.type == "tr_close" and cells:
            assert cells == width


def test_a_batch_of_chinese_articles_is_framed_in_chinese_and_a_mixed_one_in_english(cases: Any) -> None:
    assert render_markdown([cases.zh], []).startswith("# 新闻摘要与核验报告\n")
    assert render_markdown([cases.zh, cases.en], []).startswith("# News summaries")
    assert "### 关键数字" in render_markdown([cases.zh, cases.en], [])
    assert "### Key figures" in render_markdown([cases.zh], [], language="en")
    assert "### 关键数字" in render_markdown([cases.en], [], language="zh")
    assert render_markdown([], []).startswith("# News summaries")


def test_what_is_not_verified_stands_under_to_check_only(cases: Any) -> None:
    report = render_markdown([cases.zh], [])
    figures = part(report, "### 关键数字", "### 交易与合作")
    assert "约30亿元" in figures
    assert "12亿元" not in figures
    assert "另有 1 条未经核实" in figures
    to_check = part(report, "### 待核对", "## 没有结果的输入")
    assert "| ? 待核对 | 年产值 | 数据中心 | 12亿元 |" in to_check
    assert "是已实现还是计划、预测，与原文措辞不符（STATUS_DOUBTFUL）；NEW_CODE_OF_TOMORROW" in to_check
    assert "✓" not in to_check


def test_only_verified_items_bear_the_mark(cases: Any) -> None:
    for line in render_markdown([cases.zh], []).splitlines():
        if "✓ 已核实 |" in line or "✓ 已核实 ·" in line:
            assert re.search("总投资|入驻企业数|战略合作协议|优先：同等条件下|投产时间", line), line


def test_a_term_to_check_stands_behind_the_verified_ones_with_its_reason(cases: Any) -> None:
    deal = part(render_markdown([cases.zh], []), "#### ", "### 自定义条目")
    assert deal.index("1. ✓ 已核实 · 优先") < deal.index("2. ? 待核对 · 投资：青禾集团投资约40亿元。")
    assert "**原因：含有原文没有的数字（NUMBER_NOT_IN_ARTICLE）**" in deal


def test_a_deal_is_shown_with_all_its_parts(cases: Any) -> None:
    deal = part(render_markdown([cases.zh], []), "#### ", "### 自定义条目")
    for words in (
        "战略合作 · 已签署",
        "澜州市人民政府（政府，又称：澜州市）",
        "青禾集团（企业，投资方）",
        "签署日期：3月31日（未写年份）",
        "地点：澜州",
        "周临（副市长，出席）；何屿（青禾集团，总裁，出席）",
        "数字政务、智慧交通",
        "金额：约30亿元 — “投资约30亿元” [",
        "期限：三年",
        "承担方：澜州市人民政府 · 受益方：青禾集团 · 条件：同等条件下",
    ):
        assert words in deal


def test_key_points_cite_their_sentence_with_its_place(cases: Any) -> None:
    text = cases.zh_text
    points = part(render_markdown([cases.zh], []), "### 要点", "### 关键数字")
    for quote, start, end in re.findall(r"“(.+?)” \[(\d+):(\d+)\]", points):
        assert text[int(start) : int(end)] == quote
    assert points.count("    - “") == 2


def test_numbers_without_support_are_named_where_they_are_read(cases: Any) -> None:
    report = render_markdown([cases.zh], [])
    assert "摘要与要点中的数字：2 个，其中 1 个在原文中有依据。 **没有依据：5000人**" in report
    assert "- 5000人 — 摘要 [49:54]" in report


def test_rejected_unclaimed_and_coverage_are_told(cases: Any) -> None:
    report = render_markdown([cases.zh], [])
    assert "- ✗ name: 就业人数 · amount: 5000人 · of: 数据中心 — 引句中没有这个数额（AMOUNT_NOT_IN_QUOTE）" in report
    assert "6万平方米 [61:66]；2027年 [93:98]" in report
    assert "正文数字的覆盖率：99%" in report


def test_twenty_unclaimed_numbers_are_listed_and_the_others_counted(cases: Any) -> None:
    one = cases.zh.audit.unclaimed[0]
    record = cases.zh.model_copy(update={"audit": Audit(unclaimed=(one,) * 33)})
    report = render_markdown([record], [])
    assert report.count("6万平方米 [61:66]") == 20
    assert "……另有 13 处" in report


def test_the_offline_engine_is_said_plainly(cases: Any) -> None:
    english = render_markdown([cases.en], [])
    assert english.count("offline engine: no model was asked; extractive summary") == 2
    assert "离线引擎：未询问任何模型；抽取式摘要" in render_markdown([cases.en], [], language="zh")
    assert "offline" not in render_markdown([cases.bare], []).casefold()


def test_an_open_point_is_never_hidden_by_an_ok_article(cases: Any) -> None:
    assert "Nothing to check." in render_markdown([cases.en], [])
    assert "Nothing to check." not in render_markdown([cases.zh, cases.hostile], [])
    bare = render_markdown([cases.bare], [], language="en")
    assert "Nothing to check." not in bare
    assert "completeness is unknown" in bare


def test_a_verified_item_shows_its_remark(cases: Any) -> None:
    update = {"reasons": ("UNIT_FROM_CONTEXT",), "verdict": "verified"}
    figure = cases.en.key_figures[0].model_copy(update=update)
    deal = cases.zh.deals[0].model_copy(update=update)
    report = render_markdown([cases.en.model_copy(update={"key_figures": (figure,), "deals": (deal,)})], [])
    note = "Note: the unit is taken from the context; it is not written at the amount (UNIT_FROM_CONTEXT)"
    assert f"[38:94] — {note} |" in report
    assert f"\n\n{note}\n\n- Type:" in report


def test_failed_and_skipped_inputs_are_named(cases: Any) -> None:
    report = render_markdown(cases.records, cases.failures)
    assert "Articles: 5 (2 ok, 2 to check, 1 failed). Inputs without a record: 2." in report
    assert "**✗ 没有结果**: refused: the model refused to answer" in report
    last = report[report.index("## Inputs without a result") :]
    assert "| in/broken\\|.pdf | — | failed | format |" in last
    assert "| in/a1-copy.txt | a1 | skipped | same_text |" in last


def test_a_rejected_verdict_among_the_figures_is_not_shown_as_verified(cases: Any) -> None:
    figure = KeyFigure(name="n", amount="1", status="actual", verdict="rejected", reasons=("DUPLICATE",))
    report = render_markdown([cases.en.model_copy(update={"key_figures": (figure,)})], [])
    assert "None verified." in report
    assert "| ✗ rejected | n |" in report
    assert "it repeats another item (DUPLICATE)" in report


def test_odd_characters_never_stop_the_report(cases: Any) -> None:
    odd = "a\ud800b\x00c\udfff"
    article = cases.en.article.model_copy(update={"title": odd, "warnings": (odd,)})
    audit = Audit(rejected=(RejectedItem.model_construct(item={odd: {odd: [odd]}}, reasons=(odd,)),))
    record: ArticleRecord = cases.bare.model_copy(update={"article": article, "audit": audit})
    report = render_markdown([record], [])
    report.encode("utf-8")
    assert "a\\\\ud800b\\\\x00c\\\\udfff" in report


def test_the_report_takes_an_iterator_and_gives_the_same_text_twice(cases: Any) -> None:
    once = render_markdown(iter(cases.records), iter(cases.failures))
    assert once == render_markdown(cases.records, cases.failures)


def test_a_temporary_folder_that_is_full_is_an_output_error(cases: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(text: str) -> int:
        raise OSError(28, "No space left on device")

    with MarkdownReport() as report:
        monkeypatch.setattr(report._sections, "write", full)
        with pytest.raises(OutputError, match="No space left"):
            report.add(cases.en)


def test_a_thousand_records_take_less_than_three_seconds(cases: Any) -> None:
    started = time.perf_counter()
    report = render_markdown((cases.zh for _ in range(1000)), [])
    assert time.perf_counter() - started < 3
    assert report.count("### 关键数字") == 1000


def test_a_summary_that_is_not_verified_says_why(cases: Any) -> None:
    record = next(one for one in cases.records if one.summary is not None and one.article.language == "zh")
    summary = record.summary.model_copy(update={"verdict": "review", "reasons": ("TOO_LONG",)})
    text = render_markdown([record.model_copy(update={"summary": summary})], [])
    assert "摘要待核对：文字超过长度限制" in text
    verified = record.model_copy(update={"summary": summary.model_copy(update={"verdict": "verified", "reasons": ()})})
    assert "摘要待核对" not in render_markdown([verified], [])
