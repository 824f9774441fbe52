from __future__ import annotations

import re
from typing import Any

from hypothesis import given, strategies as st
from markdown_it import MarkdownIt

from summarizer.records import ArticleInfo, ArticleRecord, Audit, Evidence, KeyFigure, ProseQuantity, RunInfo, Summary
from summarizer.report.footnotes import Footnotes
from summarizer.report.markdown import render_markdown

MARK = re.compile(r"\[\^(\d+-\d+)\]")


def prose(text: str, number: str, place: int | None = 40, where: str = "abstract", **more: Any) -> ProseQuantity:
    start = text.index(number)
    support = None if place is None else Evidence(quote=number, start=place, end=place + len(number))
    return ProseQuantity(text=number, start=start, end=start + len(number), where=where, supported_by=support, **more)


def record(abstract: str, *quantities: ProseQuantity, figures: tuple[KeyFigure, ...] = ()) -> ArticleRecord:
    return ArticleRecord(
        article=ArticleInfo(id="a", source="a.txt", language="zh", sha256="0" * 64, chars=100),
        status="ok",
        summary=Summary(headline="标题", abstract=abstract),
        key_figures=figures,
        audit=Audit(prose=quantities),
        run=RunInfo(engine="llm"),
    )


def notes(one: ArticleRecord, text: str) -> tuple[str, list[str]]:
    footnotes = Footnotes(one, 7, "zh")
    return footnotes.marked(text, "abstract"), list(footnotes.lines())


def figure(quote: str, start: int, verdict: str = "verified") -> KeyFigure:
    return KeyFigure(
        name="n", amount="30亿元", value="1", unit="CNY", status="actual", verdict=verdict,
        reasons=() if verdict == "verified" else ("QUOTE_NOT_FOUND",),
        evidence=(Evidence(quote=quote, start=start, end=start + len(quote)),),
    )  # fmt: skip


def test_each_number_bears_a_mark_and_each_mark_has_its_note() -> None:
    text = "投资30亿元，产能5万台。"
    shown, lines = notes(record(text, prose(text, "30亿元", 40), prose(text, "5万台", 60)), text)
    assert shown == "投资30亿元[^7-1]，产能5万台[^7-2]。"
    assert lines == ["[^7-1]: “30亿元” [40:44]", "[^7-2]: “5万台” [60:63]"]


def test_a_note_shows_the_shortest_verified_quotation_that_tells_what_the_number_is() -> None:
    text = "投资30亿元。"
    quote = "甲集团数据中心总投资约30亿元"
    figures = (figure("很长的一句话，" + quote + "，后面还有", 22), figure(quote, 29), figure("约30亿元", 39))
    _, lines = notes(record(text, prose(text, "30亿元", 40), figures=figures), text)
    assert lines == [f"[^7-1]: “{quote}” [29:{29 + len(quote)}]"]


def test_words_of_a_rejected_item_are_no_note() -> None:
    text = "投资30亿元。"
    figures = (figure("甲集团数据中心总投资约30亿元", 29, "rejected"),)
    _, lines = notes(record(text, prose(text, "30亿元", 40), figures=figures), text)
    assert lines == ["[^7-1]: “30亿元” [40:44]"]


def test_two_numbers_from_one_place_share_a_note() -> None:
    text = "30亿元，即30亿元。"
    second = ProseQuantity(
        text="30亿元", start=6, end=10, where="abstract", supported_by=prose(text, "30亿元").supported_by
    )
    shown, lines = notes(record(text, prose(text, "30亿元"), second), text)
    assert MARK.findall(shown) == ["7-1", "7-1"]
    assert len(lines) == 1


def test_a_number_without_support_says_so_where_it_stands() -> None:
    text = "带动5000人就业。"
    shown, lines = notes(record(text, prose(text, "5000人", None)), text)
    assert shown == "带动5000人[^7-1]就业。"
    assert lines == ["[^7-1]: ? 原文中找不到依据，引用前请核对。"]


def test_names_bear_no_mark() -> None:
    text = "京东投资。"
    assert notes(record(text, prose(text, "京东", is_name=True)), text) == ("京东投资。", [])


def test_offsets_that_do_not_fit_the_text_lose_the_mark_and_not_the_sentence() -> None:
    text = "投资30亿元。"
    wrong = ProseQuantity(text="30亿元", start=3, end=7, where="abstract")
    beyond = ProseQuantity(text="30亿元", start=90, end=94, where="abstract")
    assert notes(record(text, wrong, beyond), text) == (text, [])


def test_a_bracket_behind_a_mark_makes_no_link() -> None:
    text = "投资30亿元(http://x.example)。"
    shown, _ = notes(record(text, prose(text, "30亿元")), text)
    kinds = {child.type for token in MarkdownIt("commonmark").parse(shown) for child in token.children or []}
    assert kinds <= {"text", "text_special"}


def test_the_holding_character_of_an_article_is_no_mark() -> None:
    text = "甲\ue000乙30亿元。"
    shown, _ = notes(record(text, prose(text, "30亿元")), text)
    assert shown == "甲\ufffd乙30亿元[^7-1]。"


@given(st.text(alphabet=st.sampled_from(list("a1 .)#-*_[](<|\\!&:/\n“。\ue000")), max_size=20), st.data())
def test_marks_take_nothing_from_the_text(text: str, data: st.DataObject) -> None:
    ends = sorted(data.draw(st.sets(st.integers(1, len(text)), max_size=4))) if text else []
    quantities = [ProseQuantity(text=text[end - 1 : end], start=end - 1, end=end, where="abstract") for end in ends]
    one = record("a", *quantities)
    bare = Footnotes(record("a"), 7, "en").marked(text, "abstract")
    marked = Footnotes(one, 7, "en").marked(text, "abstract")
    assert len(MARK.findall(marked)) == len(ends)
    # A mark may make an escape needless or needful; what is read is the same.
    assert MARK.sub("", marked).replace("\\", "").replace(" ", "") == bare.replace("\\", "").replace(" ", "")


def test_the_report_defines_every_mark_once_and_marks_every_definition(cases: Any) -> None:
    report = render_markdown(cases.records, cases.failures)
    defined = re.findall(r"(?m)^\[\^(\d+-\d+)\]: ", report)
    used = MARK.findall(re.sub(r"(?m)^\[\^\d+-\d+\]: .*$", "", report))
    assert defined
    assert sorted(defined) == sorted(set(used))
