"""report.html: what it holds, that its marks stand on the very characters, and that nothing of a record can act in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

import pytest
from hypothesis import given, strategies

from summarizer.records import ArticleRecord, Evidence, Furniture, KeyFigure, Party, Quantity, RejectedItem
from summarizer.report.amounts import Language
from summarizer.report.page import page_link, page_parts, render_page
from summarizer.report.page.keys import article_keys
from summarizer.report.page.pieces import Span, cut
from tests.harness.page_example import Node, read
from tests.report.conftest import EN_TEXT, Cases

HOSTILE = (
    "</script><script>document.documentElement.dataset.pwned='1'</script><img src=x onerror=alert(1)><!--<script>"
    "\"'><style>*{display:none}</style><base href=//evil><meta http-equiv=refresh content=0>{{ 7*7 }}"
    "[x](javascript:alert(1)) \u202egnp.exe\u2066 \x1b[31m \x00 \u200b \u2028 \ud800 \u0085"
)
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def texts_of(cases: Cases) -> dict[str, str]:
    return {cases.zh.article.id: cases.zh_text, cases.en.article.id: EN_TEXT}


def page_of(cases: Cases, language: Language = "zh") -> str:
    return render_page(cases.records, texts_of(cases), language, failures=cases.failures)


def block(page: str | Node, name: str) -> Any:
    root = page if isinstance(page, Node) else read(page)
    return json.loads(root.having("script", id=name)[0].text)


def detail_of(record: ArticleRecord, text: str | None, language: Language = "zh") -> dict[str, Any]:
    page = read(render_page([record], {} if text is None else {record.article.id: text}, language))
    return {**block(page, "detail-0"), "text": block(page, "text-0")}


def words_of(detail: dict[str, Any], item: str, key: str = "items") -> str:
    """What is marked for an item in the article's text, or as its very words."""
    marked = [
        (text, mark[key].split())
        for text, mark in zip(detail["text"], detail["marks"], strict=True)
        if mark and key in mark
    ]
    return "".join(text for text, items in marked if item in items)


def cards_of(detail: dict[str, Any]) -> dict[str, dict[str, Any]]:
    cards = [card for section in detail["sections"] for card in section["cards"]]
    return {card["id"]: card for one in cards for card in (one, *one.get("cards", ()))}


def strings_of(value: Any) -> str:
    """All text of a value, one after the other."""
    if isinstance(value, str):
        return value + "\n"
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return "".join(strings_of(one) for one in inner)


def hostile_page() -> str:
    """A page in which everything that is not ours is hostile."""
    text = f"{HOSTILE}\n第二行{HOSTILE}"
    quote = (Evidence(quote=HOSTILE, start=0, end=len(HOSTILE)),)
    number = Quantity(
        text=HOSTILE, start=0, end=len(HOSTILE), value="1", value_max=None, unit=None, qualifier="exact", kind="count"
    )
    article = {
        "id": HOSTILE, "source": HOSTILE, "title": HOSTILE, "publisher": HOSTILE, "published_on": HOSTILE, "language": HOSTILE,
        "sha256": "0" * 64, "chars": len(text), "warnings": [HOSTILE],
        "furniture": [{"start": len(HOSTILE), "end": len(text), "kind": HOSTILE}],
    }  # fmt: skip
    judged = {"evidence": quote, "verdict": "review", "reasons": (HOSTILE,)}
    deal = {
        "name": HOSTILE, "type": "other", "status": "signed",
        "parties": [{"name": HOSTILE, "aliases": [HOSTILE], "kind": "other"}],
        "place": HOSTILE, "areas": [HOSTILE], "terms": [{"kind": "target", "text": HOSTILE, "obligor": HOSTILE, **judged}],
        **judged,
    }  # fmt: skip
    figure = {
        "name": HOSTILE,
        "entity": HOSTILE,
        "amount": HOSTILE,
        "value": HOSTILE,
        "unit": HOSTILE,
        "status": "actual",
    }
    prose = {"text": HOSTILE, "start": 0, "end": len(HOSTILE), "where": "headline"}
    record = ArticleRecord.model_validate(
        {
            "article": article,
            "status": "needs_review",
            "error": {"kind": HOSTILE, "message": HOSTILE},
            "summary": {"headline": HOSTILE, "abstract": HOSTILE, "key_points": [{"text": HOSTILE, "evidence": quote}]},
            "key_figures": [figure | judged],
            "deals": [deal],
            "items": [{"kind": HOSTILE, "fields": [{"name": HOSTILE, "text": HOSTILE, "value": "2"}], **judged}],
            "audit": {"unclaimed": [number], "rejected": [{"item": {HOSTILE: HOSTILE}, "reasons": [HOSTILE]}], "prose": [prose]},
            "run": {"engine": "llm", "model": HOSTILE, "notes": [HOSTILE]},
        }
    )  # fmt: skip
    return render_page([record], {HOSTILE: text}, "en")


spans_of_ten = strategies.lists(strategies.tuples(strategies.integers(0, 10), strategies.integers(0, 10)), max_size=8)


@given(spans_of_ten, spans_of_ten)
def test_the_pieces_are_the_text_and_know_every_span_over_them(
    some: list[tuple[int, int]], dim: list[tuple[int, int]]
) -> None:
    text = "零一二三四五六七八九"
    spans = [
        Span(start=start, end=end, item=f"figure-{at}", is_core=at % 2 == 0) for at, (start, end) in enumerate(some)
    ]
    furniture = [Furniture(start=start, end=end, kind="links") for start, end in dim if start < end]
    pieces = cut(text, spans, furniture)
    assert "".join(piece.text for piece in pieces) == text
    at = 0
    for piece in pieces:
        over = [span for span in spans if span.start <= at < span.end]
        assert set(piece.items) == {span.item for span in over}
        assert set(piece.core) == {span.item for span in over if span.is_core}
        assert (piece.furniture == "links") == any(one.start <= at < one.end for one in furniture)
        at += len(piece.text)


def test_of_items_over_one_place_the_innermost_fact_comes_first_and_the_summary_last() -> None:
    spans = [
        Span(start=0, end=6, item="deal-1"),
        Span(start=2, end=4, item="figure-1"),
        Span(start=3, end=4, item="prose-1"),
        Span(start=0, end=99, item="term-1-1"),
    ]
    assert [piece.items for piece in cut("零一二三四五", spans)] == [
        ("deal-1",),
        ("figure-1", "deal-1"),
        ("figure-1", "deal-1", "prose-1"),
        ("deal-1",),
    ]


def test_the_text_is_the_article_to_the_character(cases: Cases) -> None:
    detail = detail_of(cases.zh, cases.zh_text)
    assert "".join(detail["text"]) == cases.zh_text


def test_every_quotation_is_marked_at_its_very_characters(cases: Cases) -> None:
    detail = detail_of(cases.zh, cases.zh_text)
    assert words_of(detail, "figure-2") == "青禾集团将投资约30亿元建设数据中心"
    assert words_of(detail, "figure-2", "core") == "约30亿元"
    assert words_of(detail, "point-2") == "同等条件下，澜州市优先采购青禾集团的云服务。"
    assert words_of(detail, "term-1-2") == "同等条件下，澜州市优先采购青禾集团的云服务"
    assert words_of(detail, "deal-1") == "澜州市人民政府与青禾集团在澜州签署战略合作协议投资约30亿元"
    assert words_of(detail, "unclaimed-1") == "6万平方米"
    # Fields of a profile's item have no place of their own here; the item has.
    assert words_of(detail, "item-1") == "项目预计2027年投产"


def test_offsets_hold_behind_characters_beyond_the_basic_plane_and_old_line_ends(cases: Cases) -> None:
    text = "😀𠮷\r甲\r\n乙\r投资\r30亿元。"
    quote = "投资\r30亿元"
    start = text.index(quote)
    figure = KeyFigure(
        name="投资", amount="30亿元", value="3000000000", unit="CNY", status="actual", verdict="verified",
        evidence=(Evidence(quote=quote, start=start, end=start + len(quote)),),
    )  # fmt: skip
    detail = detail_of(cases.bare.model_copy(update={"key_figures": (figure,)}), text)
    assert words_of(detail, "figure-1") == "投资\n30亿元"
    assert words_of(detail, "figure-1", "core") == "30亿元"
    assert "".join(detail["text"]) == "😀𠮷\n甲\r\n乙\n投资\n30亿元。"


def test_an_amount_that_stands_twice_in_its_quotation_is_marked_as_a_whole(cases: Cases) -> None:
    text = "收入5%，利润5%。"
    figure = KeyFigure(
        name="增长", amount="5%", value="5", unit="%", status="actual", verdict="verified",
        evidence=(Evidence(quote="收入5%，利润5%", start=0, end=9),),
    )  # fmt: skip
    detail = detail_of(cases.bare.model_copy(update={"key_figures": (figure,)}), text)
    assert (words_of(detail, "figure-1"), words_of(detail, "figure-1", "core")) == ("收入5%，利润5%", "")


def test_a_quotation_that_the_text_does_not_hold_is_named_and_not_marked(cases: Cases) -> None:
    changed = cases.zh_text.replace("约30亿元", "约31亿元")
    detail = detail_of(cases.zh, changed, "en")
    cards = cards_of(detail)
    assert words_of(detail, "figure-2") == ""
    assert "reads otherwise" in cards["figure-2"]["quotes"][0]["warning"]
    assert cards["figure-3"]["quotes"][0]["warning"] == ""


def test_without_its_text_an_article_keeps_its_quotations(cases: Cases) -> None:
    detail = detail_of(cases.zh, None)
    assert (detail["text"], detail["marks"]) == ([], [])
    assert cards_of(detail)["figure-2"]["quotes"] == [
        {"text": "青禾集团将投资约30亿元建设数据中心", "at": "36:54", "warning": ""}
    ]


def test_furniture_keeps_its_kind(cases: Cases) -> None:
    article = cases.zh.article.model_copy(update={"furniture": (Furniture(start=0, end=5, kind="masthead"),)})
    detail = detail_of(cases.zh.model_copy(update={"article": article}), cases.zh_text)
    assert (detail["text"][0], detail["marks"][0]) == ("澜州商报讯", {"items": "", "furniture": "页面杂项：报头"})


def test_numbers_of_the_summary_say_what_supports_them(cases: Cases) -> None:
    assert cases.zh.summary is not None
    assert cases.zh.audit is not None
    supported, unsupported = cases.zh.audit.prose
    assert supported.supported_by is not None
    headline, abstract = cases.zh.summary.headline, cases.zh.summary.abstract

    def at(where: str, text: str, words: str) -> dict[str, Any]:
        return {"where": where, "text": words, "start": text.index(words), "end": text.index(words) + len(words)}

    prose = (
        supported.model_copy(update=at("headline", headline, "30亿元")),
        unsupported.model_copy(update=at("abstract", abstract, "5000人")),
        supported.model_copy(update=at("abstract", abstract, "30亿元") | {"is_doubtful": True}),
        supported.model_copy(update=at("abstract", abstract, "青禾集团") | {"is_name": True}),
    )
    audit = cases.zh.audit.model_copy(update={"prose": prose})
    detail = detail_of(cases.zh.model_copy(update={"audit": audit}), cases.zh_text)
    assert [run for run in detail["headline"] if isinstance(run, dict)] == [{"text": "30亿元", "items": "prose-1"}]
    marked = [run for run in detail["abstract"] if isinstance(run, dict)]
    assert marked == [{"text": "30亿元", "items": "doubtful-3"}, {"text": "5000人", "items": "unsupported-2"}]
    assert words_of(detail, "prose-1") == "约30亿元"
    assert {"unsupported-2", "doubtful-3"} <= set(cards_of(detail))


def test_items_to_check_and_rejected_ones_say_why_in_words_with_the_code(cases: Cases) -> None:
    detail = detail_of(cases.zh, cases.zh_text, "en")
    cards = cards_of(detail)
    assert cards["figure-1"]["verdict"] == "review"
    assert cards["figure-1"]["why"]["sentences"] == [
        ["actual, target or forecast: the wording of the article speaks against it", "STATUS_DOUBTFUL"],
        ["NEW_CODE_OF_TOMORROW", ""],
    ]
    rejected = cards["rejected-1"]
    assert rejected["title"] == "就业人数"
    assert rejected["facts"] == [["name", ["就业人数"]], ["amount", ["5000人"]], ["of", ["数据中心"]]]
    assert rejected["why"]["sentences"] == [["the amount does not stand in the quoted sentence", "AMOUNT_NOT_IN_QUOTE"]]
    assert [item for item, _ in detail["open"]] == ["figure-1", "term-1-1", "item-2"]


def test_a_summary_in_doubt_waits_for_a_check_too(cases: Cases) -> None:
    assert cases.zh.summary is not None
    summary = cases.zh.summary.model_copy(update={"reasons": ("NUMBER_NOT_IN_ARTICLE",)})
    record = cases.zh.model_copy(update={"summary": summary})
    assert detail_of(record, cases.zh_text, "en")["open"][0] == ["unsupported-2", "Summary to check"]
    assert block(render_page([record], {}, "en"), "frame")["rows"][0]["open"] == 4


def test_verified_items_come_first_and_keep_the_number_of_the_record(cases: Cases) -> None:
    detail = detail_of(cases.zh, cases.zh_text)
    figures = next(section for section in detail["sections"] if section["key"] == "key_figures")
    assert [card["id"] for card in figures["cards"]] == ["figure-2", "figure-3", "figure-1"]


def test_amounts_periods_and_labels_follow_the_language(cases: Cases) -> None:
    chinese, english = (cards_of(detail_of(cases.zh, cases.zh_text, language)) for language in ("zh", "en"))
    assert (chinese["figure-2"]["value"], english["figure-2"]["value"]) == ("", "about CNY 3.0 billion")
    assert chinese["figure-2"]["tags"] == ["青禾集团", "2024年", "目标"]
    assert english["figure-2"]["tags"] == ["青禾集团", "2024", "target"]
    assert ["Signed on", ["31 March (year not stated)"]] in english["deal-1"]["facts"]
    assert chinese["deal-1"]["tags"] == ["战略合作", "已签署"]


def test_a_failed_article_says_so_and_claims_nothing(cases: Cases) -> None:
    detail = detail_of(cases.failed, None, "en")
    assert detail["error"] == "No result: refused: the model refused to answer"
    assert detail["sections"] == []


def test_a_part_that_was_not_asked_for_is_told_from_one_that_is_empty(cases: Cases) -> None:
    notes = {section["key"]: section["note"] for section in detail_of(cases.bare, None, "en")["sections"]}
    assert notes["deals"] == "This record does not hold this part."
    notes = {section["key"]: section["note"] for section in detail_of(cases.en, EN_TEXT, "en")["sections"]}
    assert notes["deals"] == "None found."


def test_the_list_is_filtered_and_sorted_by_what_the_records_say(cases: Cases) -> None:
    rows = block(page_of(cases), "frame")["rows"]
    assert [row["verdicts"] for row in rows] == [
        ["has_review", "has_rejected"],
        ["all_verified"],
        ["has_review", "has_rejected"],
        ["all_verified"],
        ["has_failed"],
    ]
    assert [row["open"] for row in rows] == [3, 0, 2, 0, 0]
    assert rows[0]["types"] == ["strategic_cooperation"]
    assert rows[0]["parties"] == "澜州市人民政府 | 澜州市 | 青禾集团"
    assert "revenue growth" in rows[1]["search"]


def test_each_article_has_a_row_with_a_link_and_each_input_without_one_is_named(cases: Cases) -> None:
    page = read(page_of(cases, "en"))
    links = [row.having("a")[0].attributes["href"] for row in page.having("li", cls="row")]
    assert links == [page_link(record.article.id) for record in cases.records]
    table = page.having("table")[0].text
    assert all(failure.source in table and failure.message in table for failure in cases.failures)


def test_articles_of_one_id_have_addresses_of_their_own(cases: Cases) -> None:
    named = [
        cases.bare.model_copy(update={"article": cases.bare.article.model_copy(update={"id": one})})
        for one in ("a", "a", "a~2", "b")
    ]
    assert article_keys([record.article.id for record in named]) == ["a", "a~2~", "a~2", "b"]


@pytest.mark.parametrize(
    ("article_id", "item", "address"),
    [
        ("a-1_b", None, "#a/a-1_b"),
        ("澜 州/?#&", "figure-1", "#a/%E6%BE%9C%20%E5%B7%9E%2F%3F%23%26/figure-1"),
        ("\ud800", None, "#a/%5Cud800"),
    ],
)
def test_an_address_holds_no_character_that_means_something_in_one(
    article_id: str, item: str | None, address: str
) -> None:
    assert page_link(article_id, item) == address


def test_hostile_text_stays_text() -> None:
    page = hostile_page()
    root = read(page)
    names = {one.name for one in root.walk()}
    assert names.isdisjoint({"img", "base", "iframe", "object", "embed", "form", "link", "svg"})
    assert [len(root.having(name)) for name in ("script", "style", "meta")] == [4, 1, 4]
    attributes = {name for one in root.walk() for name in one.attributes}
    assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")]
    assert all(link.attributes["href"].startswith("#") for link in root.having("a"))
    assert UNSEEN.search(page) is None


def test_what_is_embedded_cannot_end_its_block_and_reads_back_as_the_text() -> None:
    root = read(hostile_page())
    blocks = [one for one in root.having("script") if one.attributes.get("type") == "application/json"]
    assert [one.attributes["id"] for one in blocks] == ["frame", "detail-0", "text-0"]
    assert not any(character in one.text for one in blocks for character in "<>&\u2028\u2029")
    said = "".join(json.loads(blocks[2].text))
    assert "</script><script>document.documentElement.dataset.pwned='1'</script>" in said
    assert "\\u202egnp.exe\\u2066 \\x1b[31m \\x00 \\u200b \\u2028 \\ud800 \\x85" in said
    assert "7*7" in strings_of(json.loads(blocks[1].text))


def test_the_policy_comes_first_and_admits_the_one_style_and_script_only(cases: Cases) -> None:
    page = page_of(cases)
    root = read(page)
    first = root.having("head")[0].having()[1]
    assert first.attributes["http-equiv"] == "Content-Security-Policy"

    def digest(name: str) -> str:
        content = re.search(f"<{name}>(.*?)</{name}>", page, re.DOTALL)
        assert content is not None
        return base64.b64encode(hashlib.sha256(content[1].encode()).digest()).decode()

    assert first.attributes["content"].split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest('style')}'",
        f"script-src 'sha256-{digest('script')}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
    assert "url(" not in root.having("style")[0].text


def test_the_same_records_give_the_same_page_whole_or_in_parts(cases: Cases) -> None:
    parts = page_parts(cases.records, texts_of(cases), "zh", failures=cases.failures)
    assert "".join(parts) == page_of(cases)


def test_a_batch_of_nothing_says_so() -> None:
    root = read(render_page([], {}, "en"))
    assert root.having("p", id="none")[0].text == "No records."
    assert "hidden" not in root.having("p", id="none")[0].attributes


def test_a_rejected_proposal_of_any_length_is_cut_with_what_is_left_out(cases: Cases) -> None:
    assert cases.zh.audit is not None
    long = RejectedItem(item={"name": "甲" * 5000, "n": [1]}, reasons=())
    record = cases.zh.model_copy(update={"audit": cases.zh.audit.model_copy(update={"rejected": (long,)})})
    card = cards_of(detail_of(record, None, "en"))["rejected-1"]
    assert card["facts"] == [["name", ["甲" * 300 + " … (+4700)"]], ["n", ["[1]"]]]
    assert card["why"]["sentences"] == [["(no reason is recorded)", ""]]


def test_parties_are_offered_by_how_many_articles_name_them(cases: Cases) -> None:
    assert cases.zh.deals is not None
    other = cases.zh.deals[0].model_copy(update={"parties": (Party(name="青禾集团", kind="company"),)})
    records = [cases.zh, cases.bare.model_copy(update={"deals": (other,)})]
    options = read(render_page(records, {}, "zh")).having("datalist")[0].having("option")
    assert [one.attributes["value"] for one in options] == ["青禾集团", "澜州市人民政府", "澜州市"]
