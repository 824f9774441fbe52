"""HTML, Markdown and front matter: deep, open, lying, hidden, exploding."""

from __future__ import annotations

from collections.abc import Iterator

from tests.awkward.case import Case, read, refused
from tests.awkward.texts import ENGLISH, Numbered


def marked_cases(canary: str) -> Iterator[Case]:
    text = Numbered(2000)
    yield from _pages(text, canary)
    yield from _monsters(text)
    yield from _encodings(text)
    yield from _markdown(text, canary)
    yield from _many_blocks(text)
    yield from _front_matter(text)


def _one(text: Numbered, kind: str = "simplified") -> str:
    """An article on one line, as a paragraph holds it."""
    return text(kind, "").strip()


def _page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def _pages(text: Numbered, canary: str) -> Iterator[Case]:
    one = _one(text)
    yield read("html/plain.html", _page(f"<p>{one}</p>"), one, control=True)
    one, two = _one(text), _one(text)
    yield read("html/paragraphs.htm", _page(f"<p>{one}<p>{two}"), f"{one}\n{two}", control=True)
    unseen = {
        "script": f"<script src='{canary}/a.js'>fetch('{canary}/b')</script>",
        "style": f"<style>@import '{canary}/c.css'; p{{display:none}}</style>",
        "image": f"<img src='{canary}/d.png' onerror='x()'>",
        "iframe": f"<iframe src='{canary}/e'>900亿元</iframe>",
        "object": f"<object data='{canary}/f'>900亿元</object>",
        "comment": "<!-- 总投资900亿元 -->",
        "hidden": "<div hidden>总投资900亿元</div>",
        "not-displayed": "<span style='display:none'>总投资900亿元</span>",
        "template": "<template><p>900亿元</p></template>",
        "noscript": "<noscript>900亿元</noscript>",
        "svg": "<svg><text>900亿元</text></svg>",
        "meta-refresh": f"<meta http-equiv=refresh content='0;url={canary}/g'>",
        "base": f"<base href='{canary}/'><link rel=stylesheet href='{canary}/h.css'>",
        "select": "<select><option>900亿元</select>",
        "textarea": "<textarea>900亿元</textarea>",
        "cdata": "<![CDATA[900亿元]]>",
        "instruction": "<?php echo '900亿元' ?>",
    }
    for name, markup in unseen.items():
        one = _one(text)
        yield read(f"html/unseen-{name}.html", _page(f"<p>{one}{markup}</p>"), one)
    for name in ("template", "select", "svg", "object"):
        one, two = _one(text), _one(text)
        page = _page(f"<p>{one}<{name}>900亿元<p>901亿元</div></p></{name}>{two}</p>")
        yield read(f"html/unseen-within-{name}.html", page, one + two)
        one, two = _one(text), _one(text)
        yield read(f"html/never-ended-{name}.html", _page(f"<p>{one}<{name}></p><p>{two}</p>"), f"{one}\n{two}")
    one = _one(text)
    cut = f"<p>{one[:12]}<b>{one[12:20]}</b><a href='{canary}'>{one[20:]}</a>"
    yield read("html/inline.html", _page(cut), one)
    yield read(
        "html/entities.html", _page("<p>约&#51;0&#x4ebf;元&nbsp;&amp;&lt;5%&gt;&copy2024</p>"), "约30亿元 &<5%>©2024"
    )
    yield read("html/superscript.html", _page("<p>容量10<sup>8</sup>立方米</p>"), "容量10^8立方米")
    yield read("html/table.html", _page("<table><tr><td>年<td>亿元<tr><td>2024<td>3.5</table>"), "年\t亿元\n2024\t3.5")
    one = _one(text)
    yield read("html/fragment-under-text.txt", f"<p>{one}</p><p>二</p>".encode(), f"{one}\n二")
    one = _one(text)
    yield read("html/script-in-title.html", _page(f"<p>{one}</p>", "<title><script>x()</script></title>"), one)
    yield refused("html/only-scripts.html", _page("<script>var a = '总投资30亿元'</script>"), "empty", "visible text")
    yield refused("html/only-pictures.html", _page(f"<img src='{canary}/i.png' alt='x'>"), "empty", "visible text")


def _monsters(text: Numbered) -> Iterator[Case]:
    depth = 100_000
    one = _one(text)
    yield read("html/deep-divs.html", _page("<div>" * depth + one + "</div>" * depth), one)
    one = _one(text)
    yield read("html/deep-unclosed.html", _page("<b><i><table><tr><td>" * (depth // 5) + one), one)
    one = _one(text)
    yield read("html/deep-lists.html", _page("<ul><li>" * 50_000 + one), one)
    one = _one(text)
    yield read("html/many-ends.html", _page("</div></p></td>" * 50_000 + one), one)
    one = _one(text)
    yield read("html/unclosed-comment.html", f"<html><body><p>{one}<!-- 900亿元".encode(), one, warns="unclosed_markup")
    one = _one(text)
    yield read("html/unclosed-script.html", f"<html><p>{one}</p><script>x(".encode(), one, warns="unclosed_markup")
    one = _one(text)
    yield read("html/many-open-comments.html", _page(f"<p>{one}</p>" + "<!--" * 100_000 + ">"), one)
    one = _one(text)
    yield read("html/many-attributes.html", _page("<p " + "a=1 " * 200_000 + f">{one}</p>"), one)
    one = _one(text)
    yield read("html/four-megabytes.html", _page(f"<p>{one}</p>" * 20_000), "\n".join([one] * 20_000), large=True)
    yield read(
        "html/stray-less-than.html", _page("<p>" + "< " * 200_000 + "</p>"), ("< " * 200_000).strip(), large=True
    )


def _encodings(text: Numbered) -> Iterator[Case]:
    for claimed in ("gb2312", "iso-8859-1", "utf-16", "rot13", "no-such", "utf-7", "big5"):
        one = _one(text)
        page = f"<html><head><meta charset={claimed}></head><body><p>{one}</p></body></html>"
        yield read(f"html/says-{claimed}-is-utf-8.html", page.encode(), one)
    for real in ("gb18030", "big5", "utf-16"):
        one = _one(text, "traditional" if real == "big5" else "simplified")
        page = f"<html><head><meta charset=utf-8></head><body><p>{one}</p></body></html>"
        yield read(f"html/says-utf-8-is-{real}.html", page.encode(real), one)


def _markdown(text: Numbered, canary: str) -> Iterator[Case]:
    one = _one(text)
    yield read("md/marks.md", f"# 标题\n\n**{one[:9]}**{one[9:]}\n".encode(), f"标题\n{one}")
    one = _one(text)
    yield read("md/image-and-link.md", f"![x]({canary}/j.png)\n\n[{one}]({canary}/k)\n".encode(), one)
    one = _one(text)
    yield read("md/script.md", f"{one}\n\n<script>fetch('{canary}/l')</script>\n".encode(), one)
    one = _one(text)
    yield read("md/open-brackets.md", (one + "\n\n" + "[" * 50_000 + "\n").encode(), one + "\n\n" + "[" * 50_000 + "\n")
    one = _one(text)
    yield read(
        "md/many-stars.md", (one + "\n\n" + "*a " * 50_000 + "\n").encode(), one + "\n\n" + "*a " * 50_000 + "\n"
    )
    one = _one(text)
    yield read("md/deep-quotes.md", (">" * 50_000 + one + "\n").encode(), one)


def _many_blocks(text: Numbered) -> Iterator[Case]:
    one = _one(text)
    yield read("md/many-comments.md", (f"{one}\n\n" + "<!--\n\n" * 15_000).encode(), one, warns="unclosed_markup")
    one = _one(text)
    shown = "\n".join([one, *["x"] * 15_000])
    yield read("md/many-blocks.md", (f"{one}\n\n" + "<div>x\n\n" * 15_000).encode(), shown)


def _front_matter(text: Numbered) -> Iterator[Case]:
    def post(block: str) -> tuple[bytes, str]:
        whole = f"---\n{block}\n---\n{text()}"
        return whole.encode(), whole

    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
        f"{chr(98 + step)}: &{chr(98 + step)} [{', '.join([f'*{chr(97 + step)}'] * 9)}]" for step in range(8)
    )
    blocks = {
        "plain": ("title: 标题\ndate: 2024-11-18", ""),
        "colon-in-title": ("title: 甲：乙: 丙\ndate: 2024-11-18", "front_matter_broken"),
        "bomb": (bomb, "front_matter_refused"),
        "tagged": ('title: !!python/object/apply:os.system ["touch x"]', "front_matter_refused"),
        "own-tag": ("title: !include /etc/passwd", "front_matter_refused"),
        "anchored": ("title: &a 标题\nother: *a", "front_matter_refused"),
        "deep": ("a: " + "[" * 5000 + "]" * 5000, "front_matter_refused"),
        "deep-and-open": ("a: " + "{b: " * 5000, "front_matter_refused"),
        "many-keys": ("\n".join(f"k{number}: v" for number in range(15_000))[:60_000], ""),
        "many-values": ("k: [" + "v," * 25_000 + "]", "front_matter_refused"),
        "tabs": ("title:\t标题\n\tx: y", "front_matter_broken"),
        "merge": ("base: &b {x: 1}\n<<: *b", "front_matter_refused"),
        "control": ("title: a\x07b" + "x" * 200, "front_matter_broken"),
    }
    for name, (block, warns) in blocks.items():
        data, whole = post(block)
        yield read(f"front/{name}.md", data, whole, warns=warns)
    whole = f"---\ntitle: 没有结尾\n{text()}"
    yield read("front/unclosed.txt", whole.encode(), whole)
    whole = f"---\nk: {'x' * 70_000}\n---\n{text(ENGLISH)}"
    yield read("front/too-long.txt", whole.encode(), whole)
    yield refused("front/nothing-behind.md", b"---\ntitle: x\n---\n\n", "empty", "visible text")
