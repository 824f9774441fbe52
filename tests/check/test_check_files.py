"""Reading drafts and output folders, and the three views of a report."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from summarizer.check import (
    Sources,
    check_draft,
    draft_of,
    read_draft,
    read_sources,
    render_html,
    render_json,
    render_text,
)
from summarizer.errors import EmptyInputError, FormatError, ParserLimitError, UnreadableInputError, UsageError

WRONG = "京东云华东数据中心总投资约50亿元，总建筑面积近6万平方米。"
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> \"'>&amp; =1+1 \x1b[31m\u202e\u2028 投资约50亿元，由环寰集团领投\n"
    + WRONG
)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_a_draft_is_read_by_its_suffix_and_another_is_refused(tmp_path: Path) -> None:
    for name in ("d.md", "d.txt", "D.MD"):
        path = tmp_path / name
        path.write_bytes(f"**约**30亿元 {WRONG}".encode("gb18030"))
        assert "约" in read_draft(path).text
    with pytest.raises(UsageError, match=r"\.md, \.txt or \.docx"):
        read_draft(tmp_path / "d.pages")
    with pytest.raises(UnreadableInputError):
        read_draft(tmp_path / "missing.md")
    (tmp_path / "empty.txt").write_text(" \n\n")
    with pytest.raises(EmptyInputError):
        read_draft(tmp_path / "empty.txt")


def test_markup_between_a_qualifier_and_its_number_does_not_part_them(sources: Sources) -> None:
    draft = draft_of("京东云华东数据中心总投资约**30亿元**。", markup="md")
    report = check_draft(draft, sources)
    assert [one.outcome for one in report.findings if "30亿元" in one.text] == ["supported"]
    assert "*" not in report.text


def test_front_matter_of_a_draft_is_not_checked(sources: Sources) -> None:
    draft = draft_of(
        "---\ntitle: x\ndate: 1999-09-09\nbudget: 777亿元\n---\n京东云华东数据中心总投资约30亿元。", markup="md"
    )
    assert check_draft(draft, sources).is_clean


def test_a_wrapped_paragraph_is_one(sources: Sources) -> None:
    text = "Orlane Technologies, which is based in Milwaukee and has revenue of\n$1.07 billion, employs about\n3,900 people."
    report = check_draft(draft_of(text), sources)
    assert report.is_clean
    assert next(one.line for one in report.findings if "3,900" in one.text) == 2


def test_a_word_draft_is_read_with_its_tables(tmp_path: Path, sources: Sources) -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    document = docx.Document()
    document.add_paragraph("京东云华东数据中心总投资约50亿元。")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "京东云华东数据中心服务器", "30万台"
    document.save(str(tmp_path / "d.docx"))
    report = check_draft(read_draft(tmp_path / "d.docx"), sources)
    told = {one.text: (one.outcome, one.line) for one in report.findings if one.kind == "number"}
    assert told == {"约50亿元": ("contradicted", 1), "30万台": ("supported", 2)}


def test_a_word_draft_without_the_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "d.docx").write_bytes(b"PK")
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(UsageError, match=r"newsproof\[docx\]"):
        read_draft(tmp_path / "d.docx")


def test_a_file_that_only_calls_itself_word_is_named(tmp_path: Path) -> None:
    pytest.importorskip("docx", reason="python-docx is not installed")
    (tmp_path / "d.docx").write_bytes(b"no package at all")
    with pytest.raises(FormatError, match="no Word document"):
        read_draft(tmp_path / "d.docx")


def test_a_folder_without_results_and_one_with_a_torn_line_are_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(UsageError, match=r"no results\.jsonl"):
        read_sources(tmp_path)
    torn = (folder / "results.jsonl").read_bytes()[:-100]
    (tmp_path / "results.jsonl").write_bytes(torn)
    with pytest.raises(FormatError, match="line 27"):
        read_sources(tmp_path)


def test_an_article_whose_text_is_missing_or_changed_is_named_and_not_used(tmp_path: Path, folder: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "out")
    (copy / "texts" / "d01-halvorsen-trellis.txt").unlink()
    changed = next(copy.glob("texts/001*"))
    changed.write_bytes(changed.read_bytes().replace("约30亿元".encode(), "约50亿元".encode()))
    report = check_draft(draft_of(WRONG), read_sources(copy))
    assert {name[:3] for name in report.missing} == {"001", "d01"}
    assert report.articles == 25
    assert not report.is_clean
    assert "d01-halvorsen-trellis" in render_text(report)


def test_a_record_that_was_changed_after_the_run_supports_nothing(tmp_path: Path, folder: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "out")
    path = copy / "results.jsonl"
    path.write_text(
        path.read_text("utf-8").replace("约30亿元", "约50亿元").replace('"3000000000"', '"5000000000"'), "utf-8"
    )
    report = check_draft(draft_of(WRONG), read_sources(copy))
    assert [one.outcome for one in report.findings if "50亿" in one.text] == ["contradicted"]


def test_the_terminal_report_names_line_words_reason_and_article(sources: Sources) -> None:
    lines = render_text(check_draft(draft_of(f"引言\n\n{WRONG}"), sources)).splitlines()
    assert lines[0] == "draft: 1 contradicted, 0 unsupported, 1 supported"
    assert lines[1] == "line 3: 约50亿元 [contradicted, OTHER_VALUE]"
    assert "总投资约30亿元" in lines[3]
    assert "与原文矛盾" in render_text(check_draft(draft_of(WRONG), sources), "zh")


def test_the_json_report_holds_every_finding_with_its_places(sources: Sources) -> None:
    report = check_draft(draft_of(WRONG), sources)
    data = json.loads(render_json(report))
    assert data["is_clean"] is False
    assert data["counts"] == {"contradicted": 1, "unsupported": 0, "supported": 1}
    assert [one["text"] for one in data["findings"]] == ["约50亿元", "近6万平方米"]
    assert data["findings"][0]["says"][0]["quote"]


def test_hostile_text_is_inert_in_every_view(sources: Sources) -> None:
    report = check_draft(draft_of(HOSTILE, source="<b>\x1b[2J.md"), sources)
    text = render_text(report)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028]", text)
    json.loads(render_json(report)).keys()
    page = render_html(report)
    tags = Tags()
    tags.feed(page)
    assert tags.names == {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "small", "div", "a", "ol", "li", "strong", "br",
        "blockquote",
    }  # fmt: skip
    assert not any(name.startswith("on") or name in ("src", "style") for name in tags.attributes)
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\u2028]", page)


def test_the_page_marks_each_claim_and_allows_its_own_style_only(sources: Sources) -> None:
    report = check_draft(draft_of(WRONG), sources)
    page = render_html(report, "zh")
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert page.index(f'<head><meta http-equiv="Content-Security-Policy" content="{policy}">') > 0
    assert page.count('class="contradicted" href="#f0"') == 1
    assert 'id="f0"' in page
    assert "http://" not in page
    assert "https://" not in page


def test_reason_codes_have_a_sentence_in_both_languages_and_one_outcome() -> None:
    from summarizer.check.words import CODES, explain, outcome_of

    for code in CODES:
        assert explain(code, "zh") != explain(code, "en")
        assert outcome_of(code) in ("supported", "contradicted", "unsupported")


def test_a_word_draft_is_read_as_an_article_in_word_is(tmp_path: Path) -> None:
    pytest.importorskip("docx", reason="python-docx is not installed")
    from tests.awkward.word_writer import paragraph, run, table, word

    inserted = (
        f'<w:ins w:id="1">{run("约30亿元")}</w:ins><w:del w:id="2"><w:r><w:delText>50亿元</w:delText></w:r></w:del>'
    )
    (tmp_path / "d.docx").write_bytes(word(paragraph(run("总投资"), inserted) + table(("年份", "亿元"))))
    assert read_draft(tmp_path / "d.docx").text == "总投资约30亿元\n年份\t亿元"
    (tmp_path / "bomb.docx").write_bytes(word("<w:p/>", **{"media/a.bin": bytes(20_000_000)}))
    with pytest.raises(ParserLimitError, match=r"bomb\.docx' holds a part"):
        read_draft(tmp_path / "bomb.docx")


def test_a_pipe_is_no_draft_and_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "d.md")
    with pytest.raises(UnreadableInputError, match="named pipe"):
        read_draft(tmp_path / "d.md")
    (tmp_path / "loop.md").symlink_to("loop.md")
    with pytest.raises(UnreadableInputError):
        read_draft(tmp_path / "loop.md")
