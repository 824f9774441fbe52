"""An article without its text, as it waits on disk."""

import json
from dataclasses import fields

import pytest

from summarizer.articles import Article, RepetitionIndex
from summarizer.articles.reading import article_from_bytes
from summarizer.articles.repetition import Edges
from summarizer.articles.stub import article_of, stub_of

PAGE = """<html><head><title>标题 &amp; more</title></head><body><nav>首页 | 新闻</nav>
<p>11月18日，甲集团与乙公司签订&nbsp;战略合作协议，总投资约30亿元。</p><p>Contacts: 010-12345678</p></body></html>"""
TEXT = "---\ntitle: A\ndate: 2024-03-01\n---\n11月18日，甲集团与乙公司签约。\r\n版权所有 甲网\n"


@pytest.mark.parametrize(
    ("source", "hint"),
    [(PAGE, "html"), (TEXT, "txt"), ("# Head\n\nA **bold** deal of $3 bn.", "md"), ("x\u200b", "txt")],
)
def test_an_article_comes_back_from_its_stub_as_it_was(source: str, hint: str) -> None:
    article = article_from_bytes(source.encode(), article_id="a", source="a.x", format_hint=hint)
    again = article_of(json.loads(json.dumps(stub_of(article))), article.text)
    for field in fields(Article):
        if field.name != "source_map":
            assert getattr(again, field.name) == getattr(article, field.name), field.name
    assert (again.source_map is None) == (article.source_map is None)
    if article.source_map is not None and again.source_map is not None:
        spans = [(start, start + 1) for start in range(len(article.text))]
        assert [again.source_map.to_source(*span) for span in spans] == [
            article.source_map.to_source(*span) for span in spans
        ]
        assert again.source_map.runs == article.source_map.runs


def test_edges_that_were_kept_mark_what_the_article_itself_does() -> None:
    legal = "读者若有建议，欢迎在工作日的上午把意见告诉值班的同事，我们会逐一回复。"
    made = [
        Article.from_text("".join(f"第{n}篇的第{line}句讲另一件事情。" for line in range(20)) + legal, id=f"a{n}")
        for n in range(3)
    ]
    first, second = RepetitionIndex(), RepetitionIndex()
    for article in made:
        first.add(article)
        second.count(bytes.fromhex(article.sha256), Edges.of(article))
    for article in made:
        [(start, end)] = second.repeated(Edges.of(article))
        assert article.text[start:end] == legal
        assert first.mark(article).furniture == second.mark(article, Edges.of(article)).furniture
