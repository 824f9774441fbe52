"""report.html in a browser: that its rules hold there, that addresses, clicks and keys show what they promise."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from collections.abc import Callable

import pytest

from summarizer.records import ArticleRecord, Evidence, KeyFigure
from summarizer.report.page import page_link, render_page
from tests.browser import BROWSER, FLAGS, needs_browser
from tests.harness.page_example import Node, read
from tests.report.conftest import EN_TEXT, Cases
from tests.report.test_report_page import HOSTILE, hostile_page

Show = Callable[..., Node]
FILLER = "\n此后是与事实无关的叙述。" * 250
LAST = "末段：二期投资8亿元。"

pytestmark = needs_browser


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Show:
    """Load a page from a file, at an address within it, and return what the browser made of it.

    `act` is script that runs once the page is ready, admitted by its own hash.
    """
    folder = tmp_path_factory.mktemp("browser")

    def load(
        page: str, address: str = "", *, act: str = "", flags: tuple[str, ...] = ("--virtual-time-budget=1000",)
    ) -> Node:
        if act:
            act = f"addEventListener('load', () => {{ {act} }});"
            digest = base64.b64encode(hashlib.sha256(act.encode()).digest()).decode()
            page = page.replace("script-src ", f"script-src 'sha256-{digest}' ", 1)
            page = page.replace("</body>", f"<script>{act}</script></body>")
        file = folder / "report.html"
        file.write_text(page, encoding="utf-8")
        command = [
            str(BROWSER),
            *FLAGS,
            "--window-size=1400,900",
            *flags,
            f"--user-data-dir={folder / 'profile'}",
            f"{file.as_uri()}{address}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=True)
        return read(done.stdout).having("html")[0]

    return load


def long_record(cases: Cases) -> tuple[ArticleRecord, str]:
    """The Chinese record with a figure more, far below in its text."""
    text = cases.zh_text + FILLER + LAST
    start = text.index("二期投资8亿元")
    figure = KeyFigure(
        name="二期投资", amount="8亿元", value="800000000", unit="CNY", status="target", verdict="verified",
        evidence=(Evidence(quote="二期投资8亿元", start=start, end=start + 7),),
    )  # fmt: skip
    return cases.zh.model_copy(update={"key_figures": (*(cases.zh.key_figures or ()), figure)}), text


@pytest.fixture(scope="module")
def page(cases: Cases) -> str:
    record, text = long_record(cases)
    records = [record, *cases.records[1:]]
    return render_page(records, {"a1": text, "b2": EN_TEXT}, "zh", failures=cases.failures)


def listed(root: Node) -> list[str]:
    rows = root.having("ol", id="rows")[0].having("li", cls="row")
    return [row.having("a")[0].attributes["href"].removeprefix("#a/") for row in rows]


def chosen(root: Node, cls: str) -> list[str]:
    """The items that are marked as chosen, in the order of the page: on both sides, or `text` alone."""
    return [one.text for one in root.having("mark", cls=cls)]


def cards_on(root: Node) -> list[str]:
    return [one.items[0] for one in root.having("li", cls="is-on")]


def test_a_hostile_article_breaks_no_rule_and_nothing_of_it_acts(show: Show) -> None:
    root = show(hostile_page(), page_link(HOSTILE, "figure-1"))
    assert root.attributes["data-violations"] == "0"
    assert root.attributes["data-shown"] == "figure-1"
    assert "data-pwned" not in root.attributes
    assert [len(root.having(name)) for name in ("script", "style", "img", "base", "iframe")] == [4, 1, 0, 0, 0]
    shown = root.having("div", cls="text")[0].text
    assert "</script><script>document.documentElement.dataset.pwned='1'</script><img src=x onerror=alert(1)>" in shown


def test_what_is_not_ours_would_be_stopped_by_the_policy_and_counted(show: Show, page: str) -> None:
    foreign = (
        "<script>document.documentElement.dataset.pwned='1'</script><p style='color:red' onclick='x()'>x</p>"
        "<img src='http://127.0.0.1:9/x.png'>"
    )
    act = (
        "try { document.body.innerHTML = 'x' } catch (error) { document.documentElement.dataset.stopped = error.name }"
    )
    root = show(page.replace("</main>", f"{foreign}</main>"), act=act)
    assert "data-pwned" not in root.attributes
    # Not even a script that is admitted could make markup of a text.
    assert root.attributes["data-stopped"] == "TypeError"
    assert int(root.attributes["data-violations"]) >= 3


def test_without_an_address_all_articles_are_listed_and_none_is_built(show: Show, page: str) -> None:
    root = show(page)
    assert listed(root) == ["a1", "b2", "c3%7Cx", "d4", "e5"]
    assert root.having("article")[0].children == []
    assert "hidden" in root.having("article")[0].attributes
    assert root.having("output")[0].text == "显示 5 / 5 篇"


FILTERS = {
    "#q=二期投资8亿元": ["a1"],
    "#q=%E6%BE%9C%E5%B7%9E+%E9%9D%92%E7%A6%BE": ["a1"],
    "#q=REVENUE": ["b2"],
    "#q=4%2C300": ["b2"],
    "#q=figure-1": [],
    "#party=青禾": ["a1"],
    "#type=strategic_cooperation": ["a1"],
    "#verdict=has_failed": ["e5"],
    "#verdict=has_review&q=javascript": ["c3%7Cx"],
    "#verdict=nonsense": ["a1", "b2", "c3%7Cx", "d4", "e5"],
    "#sort=by_open": ["a1", "c3%7Cx", "b2", "d4", "e5"],
    "#sort=by_date": ["a1", "b2", "c3%7Cx", "d4", "e5"],
}
# Shows one address after the other without a browser for each.
VISIT = "const visit = (hash) => { history.replaceState(null, '', hash); dispatchEvent(new HashChangeEvent('hashchange')); };"


def test_an_address_filters_and_sorts_the_list(show: Show, page: str) -> None:
    act = (
        f"{VISIT} document.documentElement.dataset.found = JSON.stringify({json.dumps(list(FILTERS))}.map((hash) =>"
        " { visit(hash); return Array.from(document.querySelectorAll('#rows .row > a'), (one) => one.hash.slice(3)); }));"
    )
    found = json.loads(show(page, act=act).attributes["data-found"])
    assert dict(zip(FILTERS, found, strict=True)) == FILTERS


def test_dates_are_sorted_newest_first_those_without_a_year_after_them(show: Show, cases: Cases) -> None:
    dates = ["2024-05", None, "--11-18", "2025-01-02", "2024-05-30"]
    records = [
        cases.bare.model_copy(
            update={"article": cases.bare.article.model_copy(update={"id": f"r{at}", "published_on": date})}
        )
        for at, date in enumerate(dates)
    ]
    assert listed(show(render_page(records, {}, "en"), "#sort=by_date")) == ["r3", "r4", "r0", "r2", "r1"]


def test_typing_filters_and_is_kept_in_the_address(show: Show, page: str) -> None:
    act = (
        "const box = document.getElementById('party'); box.value = '青禾'; box.dispatchEvent(new Event('input'));"
        "document.documentElement.dataset.hash = location.hash;"
    )
    root = show(page, act=act)
    assert listed(root) == ["a1"]
    assert root.attributes["data-hash"] == "#party=%E9%9D%92%E7%A6%BE"


def test_an_address_shows_an_item_and_its_very_characters(show: Show, page: str) -> None:
    root = show(page, "#a/a1/figure-2")
    assert "hidden" in root.having("section", id="list")[0].attributes
    assert "".join(chosen(root, "is-on")) == "青禾集团将投资约30亿元建设数据中心"
    assert chosen(root, "is-place") == ["约30亿元"]
    assert cards_on(root) == ["figure-2"]
    assert root.having("p", id="said")[0].text.startswith("总投资 约30亿元")


def test_a_click_on_a_figure_scrolls_the_text_to_it_and_is_kept_in_the_address(show: Show, page: str) -> None:
    act = (
        "const text = document.querySelector('.text'), before = text.scrollTop;"
        "document.querySelector('[data-items=figure-4] .go').click();"
        "const box = text.getBoundingClientRect(), place = document.querySelector('.is-place').getBoundingClientRect();"
        "Object.assign(document.documentElement.dataset, { before, after: text.scrollTop, hash: location.hash,"
        " seen: place.top >= box.top && place.bottom <= box.bottom && place.height > 0 });"
    )
    root = show(page, "#a/a1", act=act)
    assert chosen(root, "is-place") == ["8亿元"]
    assert root.attributes["data-before"] == "0"
    assert int(float(root.attributes["data-after"])) > 1000
    assert (root.attributes["data-seen"], root.attributes["data-hash"]) == ("true", "#a/a1/figure-4")


def test_on_a_phone_a_click_on_a_figure_turns_to_the_text(show: Show, page: str) -> None:
    act = (
        "document.querySelector('[data-items=figure-4] .go').click();"
        "const place = document.querySelector('.is-place').getBoundingClientRect();"
        "document.documentElement.dataset.seen = place.top >= 0 && place.bottom <= innerHeight && place.height > 0;"
    )
    root = show(page, "#a/a1", act=act, flags=("--virtual-time-budget=1000", "--window-size=500,800"))
    assert root.having("article")[0].attributes["data-side"] == "text"
    assert root.attributes["data-seen"] == "true"
    assert root.having("button")[-1].attributes["data-back"] == "figure-4"


def test_clicks_on_a_highlight_show_its_items_one_after_the_other(show: Show, page: str) -> None:
    act = (
        "const said = [], mark = Array.from(document.querySelectorAll('.text mark'))"
        ".find((one) => one.textContent === '约30亿元');"
        "for (let at = 0; at < 5; at += 1) { mark.click();"
        " said.push(Array.from(document.querySelectorAll('li.is-on'), (one) => one.dataset.items).join()); }"
        "document.documentElement.dataset.said = said.join(' ');"
        "document.querySelector('[data-kind=deal]').click();"
    )
    root = show(page, "#a/a1", act=act)
    # The number of the headline that stands on the same words has no card of its own.
    assert root.attributes["data-said"] == "figure-2 deal-1  point-1 figure-2"
    assert root.having("article")[0].attributes["data-off"] == "deal"


def test_keys_go_from_item_to_item_and_back_to_the_list(show: Show, page: str) -> None:
    act = (
        "const said = [], press = (key) => { document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
        " { key, bubbles: true, cancelable: true })); said.push(document.documentElement.dataset.shown || '-'); };"
        "['j', 'j', 'k', 'o', 'o', 'Escape'].forEach(press);"
        "document.querySelector('.text mark[data-items^=figure-3]').focus(); press('Enter');"
        "press('Escape'); press('Escape'); document.documentElement.dataset.said = said.join(' ');"
    )
    root = show(page, "#a/a1", act=act)
    assert root.attributes["data-said"] == "point-1 point-2 point-1 figure-1 term-1-1 - figure-3 - -"
    assert "hidden" in root.having("article")[0].attributes
    assert "hidden" not in root.having("section", id="list")[0].attributes


def test_from_a_filtered_list_next_leads_to_the_next_of_that_list(show: Show, page: str) -> None:
    act = "location.hash = '#a/a1';"
    root = show(page, "#verdict=has_review", act=act)
    steps = root.having("nav")[0].having("a")
    assert [one.attributes["href"] for one in steps] == ["#verdict=has_review", "#a/c3%7Cx"]


def test_an_article_without_its_text_shows_its_quotations(show: Show, cases: Cases) -> None:
    root = show(render_page([cases.zh], {}, "zh"), "#a/a1/figure-2")
    assert root.having("aside")[0].text.startswith("没有这篇文章的原文")
    assert "no-text" in root.having("article")[0].classes
    assert cards_on(root) == ["figure-2"]


def test_an_address_that_leads_nowhere_says_so_and_shows_the_list(show: Show, page: str) -> None:
    act = (
        f"{VISIT} document.documentElement.dataset.said = ['#a/nothing/figure-1', '#a/b2', '#a/%E0%A4%A', '#q=', '#a/']"
        ".map((hash) => { visit(hash); return document.getElementById('said').textContent; }).join('|');"
    )
    root = show(page, act=act)
    nowhere = "本报告中没有这篇文章。"
    assert root.attributes["data-said"] == f"{nowhere}||{nowhere}||{nowhere}"
    assert len(listed(root)) == 5


def test_500_articles_are_ready_in_less_than_two_seconds(show: Show, cases: Cases) -> None:
    record, text = long_record(cases)
    many = [
        record.model_copy(update={"article": record.article.model_copy(update={"id": f"r{at}"})}) for at in range(500)
    ]
    # Without virtual time: the page says how long it really took.
    root = show(render_page(many, {f"r{at}": text for at in range(500)}, "zh"), flags=())
    assert len(text) > 3000
    assert len(listed(root)) == 500
    assert int(root.attributes["data-ready"]) < 2000
