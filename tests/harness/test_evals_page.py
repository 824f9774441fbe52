"""The HTML page of an evaluation: what it says, and that nothing of an article can act in it."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import unquote

import pytest
from hypothesis import given, strategies

from evals.cases import Case
from evals.outcomes import CaseResult, Counts, FigureMatch
from evals.views.page import render_page
from evals.views.page_text import Span, Tag, cut
from summarizer.articles import Article
from summarizer.records import Furniture
from tests.harness.page_example import RIGHT, TEXT, columns, make_case, make_result, make_run, read

HOSTILE = (
    "</script><script>document.documentElement.dataset.pwned='1'</script><img src=x onerror=alert(1)>"
    "\"'><style>*{display:none}</style><base href=//evil><meta http-equiv=refresh content=0>{{ 7*7 }}"
    "[x](javascript:alert(1)) \u202egnp.exe\u2066 \x1b[31m \x00 \u200b"
)
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def tag(item: str, state: str = "right", hue: int | None = 0) -> Tag:
    return Tag(item=item, short=item, state=state, is_minor=False, hue=hue, says=item)  # type: ignore[arg-type]


spans_of_ten = strategies.lists(
    strategies.tuples(strategies.integers(0, 10), strategies.integers(0, 10)).map(sorted), max_size=8
)


@given(spans_of_ten, spans_of_ten)
def test_the_pieces_are_the_text_and_know_every_span_over_them(some: list[list[int]], dim: list[list[int]]) -> None:
    text = "零一二三四五六七八九"
    spans = [Span(start=start, end=end, tag=tag(f"f{at}")) for at, (start, end) in enumerate(some) if start < end]
    furniture = [Furniture(start=start, end=end, kind="links") for start, end in dim if start < end]
    pieces = cut(text, spans, furniture)
    assert "".join(piece.text for piece in pieces) == text
    at = 0
    for piece in pieces:
        over = {span.tag.item for span in spans if span.start <= at and at + len(piece.text) <= span.end}
        crossed = {span.tag.item for span in spans if span.start < at + len(piece.text) and at < span.end}
        assert set(piece.items.split()) == over == crossed
        assert piece.is_furniture == any(one.start <= at < one.end for one in furniture)
        at += len(piece.text)
    opened = [one.item for piece in pieces for one in piece.opens]
    assert sorted(opened) == sorted(span.tag.item for span in spans)


def test_the_innermost_span_comes_first_and_a_mistake_before_what_is_right() -> None:
    spans = [
        Span(start=0, end=6, tag=tag("outer", hue=4)),
        Span(start=2, end=4, tag=tag("right")),
        Span(start=2, end=4, tag=tag("missing", "missing", None)),
    ]
    before, inner, after = cut("零一二三四五", spans)
    assert (before.items, inner.items, after.items) == ("outer", "missing right outer", "outer")
    assert [one.item for one in before.opens] == ["outer"]
    assert inner.hue == 0


def test_a_span_beyond_the_text_is_left_out() -> None:
    pieces = cut("零一", [Span(start=1, end=9, tag=tag("far")), Span(start=1, end=1, tag=tag("empty"))])
    assert [(piece.text, piece.items) for piece in pieces] == [("零一", "")]


def test_both_columns_hold_the_article_to_the_character() -> None:
    case = make_case(TEXT + "\t末行\r\n")
    for column in columns(read(render_page([case], [make_run([case])]))):
        assert column.text == case.article.text.replace("\r\n", "\n")


def test_a_pair_has_one_number_and_colour_on_both_sides() -> None:
    case = make_case()
    for column in columns(read(render_page([case], [make_run([case])]))):
        marks = [one for one in column.having("mark") if "figure-1" in one.items]
        assert [one.text for one in marks] == ["总投资约30亿元"]
        assert marks[0].classes == ["s-right", "h1"]
        wrong = next(one for one in column.having("mark") if "figure-2" in one.items)
        assert wrong.classes == ["s-wrong", "h2"]
        links = [one for one in column.having("a", cls="tag") if one.items == ["figure-1"]]
        assert [one.attributes["href"] for one in links] == ["#case-demo/llm/figure-1"]


def test_what_is_missing_stands_left_only_and_an_extra_right_only() -> None:
    case = make_case()
    left, right = columns(read(render_page([case], [make_run([case])])))
    found = [{item for one in column.having("mark") for item in one.items} for column in (left, right)]
    assert "figure-3" in found[0] - found[1]
    assert "figure-4" in found[1] - found[0]
    missing = next(one for one in left.having("mark") if "figure-3" in one.items)
    assert (missing.text, missing.classes) == ("一期投资12亿元", ["s-missing"])


def test_an_extra_inside_a_term_is_marked_as_both() -> None:
    case = make_case(TEXT)
    page = read(render_page([case], [make_run([case])]))
    left, _ = columns(page)
    term = [one.text for one in left.having("mark") if "term-1-1" in one.items]
    assert "".join(term) == "同等条件下，甲集团优先采购乙公司的产品，首年不少于5万台"


def test_labels_of_a_marked_up_source_are_marked_in_the_visible_text() -> None:
    source = f"<html><body><h1>标题</h1><p>{TEXT.replace('30亿', '<b>30亿</b>')}</p></body></html>"
    plain = make_case()
    shifted = []
    for label in plain.gold.key_figures:
        words = label.quote.replace("30亿", "<b>30亿</b>")
        # Where the words cross tags, a label has no offsets.
        start = source.index(words)
        offsets = (start, start + len(words)) if words == label.quote else (None, None)
        shifted.append(label.model_copy(update={"start": offsets[0], "end": offsets[1]}))
    gold = plain.gold.model_copy(update={"key_figures": tuple(shifted), "deals": ()})
    article = Article.from_text(source, id="demo")
    assert article.source_map is not None
    case = Case(id="demo", path=plain.path, source=source, article=article, gold=gold)
    result = CaseResult(
        case="demo",
        language="zh",
        figures=tuple(FigureMatch(kind="missing", gold=at, importance="key") for at in range(3)),
        record=make_result(plain).record,
    )
    left, _ = columns(read(render_page([case], [make_run([case], [result])])))
    assert [one.text for one in left.having("mark")] == ["总投资约30亿元", "占地3万平方米", "一期投资12亿元"]


def test_a_row_shows_what_label_and_record_say_and_the_class_of_mistake() -> None:
    case = make_case()
    page = read(render_page([case], [make_run([case])]))
    row = page.having("tr", id="case-demo/llm/figure-2")[0]
    assert "3万 → 3亿" in " ".join(row.text.split())
    assert [one.text for one in row.having(cls="error")] == ["scale"]
    deal = " ".join(page.having("section", id="case-demo/llm/deal-1")[0].text.split())
    assert "✗ incorrect甲集团; 乙公司甲集团; 丙公司" in deal
    assert "+ spurious张三, signed" in deal


def test_a_score_stands_with_its_interval_and_its_n() -> None:
    case = make_case()
    intervals = {("llm", "figures_core_f1"): (0.25, 0.5)}
    page = read(render_page([case], [make_run([case])], intervals=intervals))
    row = next(one for one in page.having("tr") if one.text.lstrip().startswith("figures core f1"))
    assert "0.400 0.250 to 0.500n = 3 in 1 case" in " ".join(row.text.split())
    assert row.having("svg")[0].attributes["aria-label"] == "llm 0.400 (0.250 to 0.500)"
    whisker = row.having("g")[0].having("line")[0].attributes
    circle = row.having("circle")[0].attributes
    # An axis from 8 to 212 pixels.
    assert [float(one) for one in (whisker["x1"], circle["cx"], whisker["x2"])] == [59.0, 89.6, 110.0]


def test_a_metric_that_was_not_scored_is_not_shown_as_zero() -> None:
    case = make_case()
    other = make_result(case).model_copy(update={"counts": {"metadata": Counts(correct=1)}})
    runs = [make_run([case]), make_run([case], [other], "offline")]
    page = read(render_page([case], runs))
    row = next(one for one in page.having("tr") if one.text.lstrip().startswith("metadata"))
    assert [one.having("b")[0].text for one in row.having("td", cls="score")] == ["not scored", "1.000"]
    cells = page.having("table", cls="heat")[0].having("td")
    assert [one.text for one in cells] == ["0.40", "0.33", "0", "–"]


def test_less_is_better_is_marked_and_coloured_the_other_way_round() -> None:
    case = make_case()
    bad = make_result(case).model_copy(update={"counts": {"must_not_claim": Counts(correct=1)}})
    page = read(render_page([case], [make_run([case]), make_run([case], [bad], "offline")]))
    row = next(one for one in page.having("tr") if one.text.lstrip().startswith("must not claim"))
    assert row.having("abbr")[0].text == "↓"
    good, worst = (table.having("td")[-1].classes for table in page.having("table", cls="heat"))
    assert (good, worst) == (["num", "heat-5"], ["num", "heat-0"])


def test_slots_are_counted_by_outcome_and_mistakes_by_class() -> None:
    case = make_case()
    figures, deals, _, mistakes = read(render_page([case], [make_run([case])])).having("table", cls="slots")
    assert [one.text for one in figures.having("tr")[1].walk() if one.name in ("th", "td")] == [
        "value", "1", "1", "0", "0", "0", "0.500",
    ]  # fmt: skip
    assert [one.text for one in deals.having("tr")[1].walk() if one.name in ("th", "td")][:3] == ["type", "0", "1"]
    assert [one.attributes["href"] for one in mistakes.having("a")] == ["#case-demo/llm/figure-2"]


def test_every_link_leads_to_a_place_of_the_page() -> None:
    cases = [make_case(name="a b%c"), make_case(name="demo")]
    runs = [make_run(cases), make_run(cases, system="offline")]
    page = read(render_page(cases, runs, other=make_run(cases, [make_result(case) for case in cases])))
    places = [one.attributes["id"] for one in page.walk() if "id" in one.attributes]
    assert len(places) == len(set(places))
    targets = {unquote(one.attributes["href"][1:]) for one in page.having("a")}
    assert targets <= set(places)
    assert {"case-a b%c/offline/figure-1", "case-demo/llm/term-1-1"} <= targets


def test_the_gate_is_shown_as_passed_only_where_it_says_so() -> None:
    case = make_case()
    runs = [make_run([case])]
    for verdict, said in [((), "not run"), (("pass", "ok"), "pass"), (("FAIL: lost 1",), "fail"), (("?",), "fail")]:
        page = read(render_page([case], runs, verdict=verdict, regime="recordings unchanged"))
        gate = page.having("div", cls="gate")[0]
        assert gate.having("strong")[0].text == f"Gate: {said}"
        assert [one.text for one in gate.having("li")] == list(verdict)
        assert "recordings unchanged" in page.having("section", cls="head")[0].text


def test_the_difference_of_two_runs_names_what_was_won_and_lost() -> None:
    case = make_case()
    now = make_result(case)
    missing = FigureMatch(kind="missing", gold=0, importance="key")
    found = FigureMatch(kind="matched", gold=2, predicted=2, importance="key", slots=RIGHT)
    before = now.model_copy(
        update={
            "figures": (missing, now.figures[1], found),
            "counts": {"figures_core_f1": Counts(correct=2, incorrect=1)},
        }
    )
    page = read(render_page([case], [make_run([case])], other=make_run([case], [before])))
    changes = page.having("section", id="changes")[0]
    assert [one.text for one in changes.having("td", cls="v-worse")] == ["-0.267 worse"]
    won, lost, extras = changes.having("table", cls="turns")[0].having("td")
    assert [(one.text, one.attributes["href"]) for one in won.having("a")] == [
        ("key figure '总投资' of '项目'", "#case-demo/llm/figure-1")
    ]
    assert [(one.text, one.attributes["href"]) for one in lost.having("a")] == [
        ("key figure '一期投资' of '项目'", "#case-demo/llm/figure-3")
    ]
    assert extras.text == "0 → 1"


def test_runs_over_other_labels_are_not_compared_item_by_item() -> None:
    case = make_case()
    before = make_run([case]).model_copy(update={"corpus": "another"})
    changes = read(render_page([case], [make_run([case])], other=before)).having("section", id="changes")[0]
    assert changes.having("table", cls="turns") == []
    assert "labels changed" in changes.having("p", cls="caution")[0].text


def test_of_a_run_over_other_labels_only_the_scores_are_shown() -> None:
    case = make_case()
    figures = case.gold.key_figures[:1]
    fewer = Case(
        id="demo",
        path=case.path,
        source=case.source,
        article=case.article,
        gold=case.gold.model_copy(update={"key_figures": figures}),
    )
    run = make_run([case])
    page = read(render_page([fewer], [run], other=run))
    assert page.having("div", cls="column") == []
    assert "llm: articles or labels changed" in page.having("section", id="cases")[0].having("p", cls="caution")[0].text
    assert page.having("table", cls="heat")[0].having("a") == []
    assert page.having("section", id="changes")[0].having("table", cls="turns") == []
    assert page.having("td", cls="score")[0].having("b")[0].text == "0.400"


def test_a_case_that_could_not_be_run_is_named_with_its_reason() -> None:
    case = make_case()
    failed = CaseResult(case="demo", language="zh", error="1 of its requests has no recording")
    page = read(render_page([case], [make_run([case], [failed])]))
    assert page.having("p", cls="failed")[0].text == "Failed: 1 of its requests has no recording"
    assert page.having("div", cls="column") == []


def test_a_page_of_no_run_is_refused() -> None:
    with pytest.raises(ValueError, match="expected at least one run"):
        render_page([make_case()], [])


def hostile_page() -> str:
    """A page in which everything that is not ours is hostile."""
    case = make_case(TEXT + HOSTILE)
    result = make_result(case)
    figures = tuple(one.model_copy(update={"name": HOSTILE, "entity": HOSTILE}) for one in case.gold.key_figures)
    deals = tuple(one.model_copy(update={"name": HOSTILE, "place": HOSTILE}) for one in case.gold.deals)
    gold = case.gold.model_copy(update={"title": HOSTILE, "key_figures": figures, "deals": deals})
    assert result.record is not None
    record = result.record | {"summary": {"headline": HOSTILE, "abstract": HOSTILE}}
    mistakes = tuple(one.model_copy(update={"errors": (HOSTILE,)}) for one in result.figures)
    bad = result.model_copy(
        update={"record": record, "error": HOSTILE, "reasons": {"metadata": HOSTILE}, "figures": mistakes}
    )
    case = Case(id="demo", path=case.path, source=case.source, article=case.article, gold=gold)
    run = make_run([case], [bad]).model_copy(update={"model": HOSTILE})
    return render_page([case], [run], verdict=[HOSTILE], regime=HOSTILE, other=run)


def test_hostile_text_stays_text() -> None:
    page = hostile_page()
    root = read(page)
    names = {one.name for one in root.walk()}
    assert names.isdisjoint({"img", "base", "iframe", "object", "embed", "form", "link"})
    assert [len(root.having(name)) for name in ("script", "style", "meta")] == [1, 1, 4]
    attributes = {name for one in root.walk() for name in one.attributes}
    assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")]
    assert all(one.attributes["href"].startswith("#") for one in root.having("a"))
    assert page.count("onerror=alert(1)") > 10
    assert UNSEEN.search(page) is None
    assert "\\u202egnp.exe" in page
    assert "{{ 7*7 }}" in page


def test_the_policy_comes_first_and_admits_the_one_style_and_script_only() -> None:
    root = read(hostile_page())
    first = root.having("head")[0].having()[1]
    assert first.attributes["http-equiv"] == "Content-Security-Policy"
    rules = dict(rule.split(" ", 1) for rule in first.attributes["content"].split("; "))
    digests = {
        name: base64.b64encode(hashlib.sha256(root.having(name)[0].text.encode()).digest()).decode()
        for name in ("style", "script")
    }
    assert rules == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digests['style']}'",
        "script-src": f"'sha256-{digests['script']}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert "url(" not in root.having("style")[0].text
