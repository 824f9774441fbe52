"""The HTML page of an evaluation in a browser: that its rules hold there, and that its links show what they promise."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from evals.views.page import render_page
from tests.browser import BROWSER, FLAGS, needs_browser
from tests.harness.page_example import Node, columns, make_case, make_run, read
from tests.harness.test_evals_page import hostile_page

Show = Callable[..., Node]

pytestmark = needs_browser


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """Load a page from a file, at an address within it, and return what the browser made of it."""

    def load(page: str, address: str = "") -> Node:
        file = tmp_path / "page.html"
        file.write_text(page, encoding="utf-8")
        command = [
            str(BROWSER),
            *FLAGS,
            "--virtual-time-budget=1000",
            f"--user-data-dir={tmp_path / 'profile'}",
            f"{file.as_uri()}{address}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=True)
        return read(done.stdout)

    return load


def shown(box: Node) -> set[str]:
    """The items that are marked as chosen."""
    return {one.items[0] for one in box.having(cls="is-on")}


def example() -> str:
    cases = [make_case(name="first"), make_case(name="demo")]
    return render_page(cases, [make_run(cases), make_run(cases, system="offline")])


def test_a_hostile_page_breaks_no_rule_and_nothing_of_it_acts(show: Show) -> None:
    root = show(hostile_page(), "#case-demo/figure-1").having("html")[0]
    assert root.attributes["data-violations"] == "0"
    assert "js" in root.classes
    assert "data-pwned" not in root.attributes
    assert [len(root.having(name)) for name in ("script", "style", "img", "base")] == [1, 1, 0, 0]


def test_what_is_not_ours_would_be_stopped_by_the_policy_and_counted(show: Show) -> None:
    foreign = "<script>document.documentElement.dataset.pwned='1'</script><p style='color:red' onclick='x()'>x</p>"
    root = show(example().replace("</main>", f"{foreign}</main>")).having("html")[0]
    assert "data-pwned" not in root.attributes
    assert int(root.attributes["data-violations"]) >= 2


def test_an_address_opens_its_case_and_shows_the_pair_on_both_sides_and_in_the_table(show: Show) -> None:
    page = show(example(), "#case-demo/figure-2")
    first, demo = page.having("details", cls="case")
    assert "open" not in first.attributes
    assert "open" in demo.attributes
    assert shown(page) == {"figure-2"}
    left, right = columns(demo)
    assert [[one.text for one in side.having("mark", cls="is-on")] for side in (left, right)] == [["占地3万平方米"]] * 2
    assert [one.attributes["id"] for one in demo.having("tr", cls="is-on")] == ["case-demo/llm/figure-2"]
    assert page.having("p", id="said")[0].text == "figure 2, wrong: 占地面积 · 项目"


def test_an_address_with_a_system_opens_that_system(show: Show) -> None:
    page = show(example(), "#case-demo/offline/figure-4")
    llm, offline = page.having("details", cls="case")[1].having("details", cls="pane")
    assert "open" in offline.attributes
    assert (shown(llm), shown(offline)) == (set(), {"figure-4"})
    left, right = columns(offline)
    assert (shown(left), shown(right)) == (set(), {"figure-4"})


def test_an_address_that_leads_nowhere_does_no_harm(show: Show) -> None:
    root = show(example(), "#case-demo/%E0%A4%A/figure-9").having("html")[0]
    assert shown(root) == set()
    assert root.attributes["data-violations"] == "0"
