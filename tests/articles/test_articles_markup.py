import time
from pathlib import Path

import pytest

from summarizer.articles.front_matter import read_front_matter
from summarizer.articles.markup import has_html, read_markup

SEEDS = Path(__file__).parents[2] / "seeds"


def html(source):
    return read_markup(source, "html").text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("年产3&nbsp;万吨", "年产3 万吨"),
        ("出资2<i>.</i>55亿元", "出资2.55亿元"),
        ("单笔超过<b>3</b>,<b>000</b>万元", "单笔超过3,000万元"),
        ("需求为6&mdash;8&nbsp;GWh", "需求为6—8 GWh"),
        ("<p>一</p>\n <p>二</p>", "一\n二"),
        ("<div><div><p>一</div>二", "一\n二"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("a   b\n\tc", "a b c"),
        ("京东\n  集团 和\nAI", "京东集团 和 AI"),
        ("<table><tr><td>一<td><p>2</p></td><tr><td></td><td>3</table>四", "一\t2\n\t3\n四"),
        ("<ul><li>一<li>二</ul>", "一\n二"),
        ("x<script>var a='<p>5亿元</p>';</script>y<style>p{}</style>z", "xyz"),
        ("x<!-- 5亿元 --><noscript>6亿元</noscript><template>7亿元</template>y", "xy"),
        ("<head><title>T</title></head><body>x", "x"),
        ("x<span hidden>5</span><p style='display: none'>6<p>y", "x\ny"),
        ("1 &lt; 2 &amp;amp; AT&T &copy2024 &#x4e07;&#20159;&bogus;", "1 < 2 &amp; AT&T ©2024 万亿&bogus;"),
        ("10<sup>8</sup>吨 m<sup>2</sup> CO<sub>2</sub>", "10^8吨 m2 CO2"),
        ("a < b 且 c > d <甲公司>", "a < b 且 c > d <甲公司>"),
        ("<a title='x > y' href=/q?a=1>链接</a>", "链接"),
        ("<pre>一\n  二</pre>三", "一\n  二\n三"),
        ("text<!-- open <b>5</b>亿", "text5亿"),
        ("<p>x</p\n>y", "x\ny"),
    ],
)
def test_html_reads_as_a_browser_shows_it(source, text):
    assert html(source) == text


@pytest.mark.parametrize(
    "plain",
    [
        "a < b",
        "若x<5且y>3",
        "见 <http://example.com/a?b=1>。",
        "<甲公司>与<乙公司>",
        "if a<b and c>d",
        "<",
        "i <3 you",
        "1<b, 2>a",
    ],
)
def test_plain_text_with_a_stray_angle_bracket_stays_untouched(plain):
    assert not has_html(plain)
    marked = read_markup(plain)
    assert marked.text == plain
    assert marked.source_map is None


@pytest.mark.parametrize("marked", ["约<b>5</b>亿元", "a<br>b", "<p>一</p>", "<!DOCTYPE html>x", '<img src="a.png">x'])
def test_html_in_a_text_file_is_noticed(marked):
    assert has_html(marked)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("# 标题 #\n\n正文**5**万*多*所", "标题\n正文5万多所"),
        ("see [the index](http://a.b/c?d=(1)) now", "see the index now"),
        ("[a][r] [b] [r]\n\n[r]: http://x.y", "a [b] r"),
        ("![alt 5亿](a.png)text", "text"),
        ("- one\n- **two**\n\n1. three", "one\ntwo\n1. three"),
        ("> quoted\n> text", "quoted text"),
        ("| a | b |\n|:--|--:|\n| 1 (x) | 51,000 |\n| 2 | 3 |", "a | b\n1 (x) | 51,000\n2 | 3"),
        ("运行7*24*365小时", "运行7*24*365小时"),
        ("snake_case_name and __bold__", "snake_case_name and bold"),
        ("`code *x*` and \\*literal\\*", "code *x* and *literal*"),
        ("```\nx = **1**\n```\nafter", "x = **1**\nafter"),
        ("<https://a.b/c> **x**", "https://a.b/c x"),
        ("Title\n=====\n\nbody", "Title\nbody"),
        ("one\n\n---\n\n*two*", "one\ntwo"),
        ("**5**&nbsp;亿 <b>x</b><br>y", "5 亿 x\ny"),
        ("中文\n换行**粗**", "中文换行粗"),
        ("~~old~~ 5^2 [^1]\n\n[^1]: note", "old 5^2\nnote"),
        ("**“AI+”**教育", "“AI+”教育"),
    ],
)
def test_markdown_reads_as_it_is_rendered(source, text):
    assert read_markup(source, "md").text == text


@pytest.mark.parametrize("plain", ["一段。\n\n二段，5*3。\n", "a\r\nb", "x < y"])
def test_markdown_without_markup_is_the_file_itself(plain):
    marked = read_markup(plain, "md")
    assert marked.text == plain
    assert marked.source_map is None


def test_a_seed_reads_its_largest_figure_across_tags_and_leads_back_into_the_file():
    source = (SEEDS / "002_0f36d6b395eb7f25.txt").read_text("utf-8")
    marked = read_markup(source)
    start = marked.text.index("5万多所学校")
    first, last = marked.source_map.to_source(start, start + 6)
    assert source[first:last] == "5</strong><strong>万多所学校"
    assert marked.source_map.to_canonical(first, last) == (start, start + 6)
    assert "全国32个省级行政区5万多所学校，为超过1亿师生" in marked.text


def test_front_matter_stays_verbatim_in_the_canonical_text():
    source = "---\r\ntitle: 甲\r\ndate: 2024-01-02\r\n---\r\n<p>正<b>文</b></p>"
    marked = read_markup(source)
    assert marked.text == "---\r\ntitle: 甲\r\ndate: 2024-01-02\r\n---\r\n正文"
    assert marked.source_map.to_source(0, marked.front_matter.end) == (0, marked.front_matter.end)


@pytest.mark.parametrize(
    ("hostile", "hint"),
    [
        ("<div>" * 100_000 + "x", "html"),
        ('<a b="' * 100_000 + ">x", "html"),
        ("<!-- " * 100_000 + "x", "html"),
        ("<" * 500_000 + "x", "html"),
        ("<p>x" * 100_000, "html"),
        ("<table><tr><td>" * 30_000, "html"),
        ("[a](" * 100_000, "md"),
        ("*a **b " * 50_000, "md"),
        ("> " * 100_000 + "x", "md"),
        ("` `` " * 50_000 + "x", "md"),
        ("某公司今日签订协议" * 400_000, "html"),
    ],
)
def test_hostile_markup_takes_linear_time(hostile, hint):
    began = time.perf_counter()
    assert len(read_markup(hostile, hint).text) <= len(hostile)
    assert time.perf_counter() - began < 15


def test_front_matter_gives_title_date_publisher_and_language():
    front = read_front_matter(
        '---\ntitle: "战略: 合作"\ndate: 2022-04-01 20:16:06 +0800\npublisher: A & B\nlang: zh\n---\nx'
    )
    assert (front.title, front.published_on, front.publisher, front.language) == (
        "战略: 合作",
        "2022-04-01",
        "A & B",
        "zh",
    )
    assert front.warnings == ()


def test_a_date_late_in_the_evening_is_not_moved_by_its_time_zone():
    assert read_front_matter("---\ndate: 2022-04-01T00:30:00+08:00\n---\n").published_on == "2022-04-01"


def test_broken_front_matter_still_gives_what_single_lines_state():
    front = read_front_matter("---\ntitle: 战略: 合作\ndate: 2022-04-01\n---\nx")
    assert front.warnings == ("front_matter_broken",)
    assert (front.title, front.published_on) == ("战略: 合作", "2022-04-01")


@pytest.mark.parametrize(
    "block",
    [
        "a: &a [x, x]\nb: [*a, *a]",
        "title: !!python/object/apply:os.system [echo]",
        "title: " + "[" * 1000,
        "title: x\nb: &anchor y",
        "title: " + "万" * 40_000,
    ],
)
def test_a_bomb_or_tag_in_front_matter_is_refused_but_stays_front_matter(block):
    front = read_front_matter(f"---\n{block}\n---\ntext")
    assert front.warnings in {("front_matter_refused",), ("front_matter_broken",)}
    assert front.title is None
    assert front.end == len(block) + 9


@pytest.mark.parametrize(
    "text", ["---\nno keys here\n---\nx", "--- title: a\n---", "---\ntitle: never closed\n", "text\n---\na: b\n---\n"]
)
def test_a_dashed_line_alone_is_no_front_matter(text):
    assert read_front_matter(text) is None
