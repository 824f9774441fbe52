"""One invented case with two systems that fared differently, and a reader of the page, for the tests of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

from evals.cases import Case, corpus_digest
from evals.gold import Gold, GoldBody, GoldDeal, GoldFact, GoldFigure, GoldMistake, GoldParty, GoldSummary, GoldTerm
from evals.outcomes import CaseResult, Counts, DealMatch, EvalRun, FactMatch, FigureMatch, Outcome, TermMatch
from summarizer.articles import Article
from summarizer.records import ArticleRecord, Deal, Evidence, KeyFigure, Party, RunInfo, Signatory, Summary, Term

TEXT = (
    "11月18日，甲集团与乙公司在南京签订战略合作协议。\n项目总投资约30亿元，占地3万平方米，一期投资12亿元。\n"
    "同等条件下，甲集团优先采购乙公司的产品，首年不少于5万台。\n"
)
RIGHT: dict[str, Outcome] = {"value": "correct", "unit": "correct", "metric": "correct", "status": "correct"}


def place(text: str, quote: str) -> tuple[int, int]:
    return text.index(quote), text.index(quote) + len(quote)


def gold_figure(source: str, quote: str, name: str, value: str, unit: str = "CNY") -> GoldFigure:
    start, end = place(source, quote)
    return GoldFigure(
        quote=quote,
        start=start,
        end=end,
        name=name,
        entity="项目",
        value=value,
        unit=unit,
        qualifier="exact",
        status="target",
        importance="key",
    )


def figure(text: str, quote: str, name: str, value: str, unit: str = "CNY") -> KeyFigure:
    start, end = place(text, quote)
    evidence = (Evidence(quote=quote, start=start, end=end),)
    return KeyFigure(
        name=name, amount=quote, value=value, unit=unit, status="target", evidence=evidence, verdict="verified"
    )


def make_case(text: str = TEXT, name: str = "demo") -> Case:
    figures = (
        gold_figure(text, "总投资约30亿元", "总投资", "3000000000"),
        gold_figure(text, "占地3万平方米", "占地面积", "30000", "平方米"),
        gold_figure(text, "一期投资12亿元", "一期投资", "1200000000"),
    )
    quote = "同等条件下，甲集团优先采购乙公司的产品，首年不少于5万台"
    term = GoldTerm(
        quote=quote,
        start=place(text, quote)[0],
        end=place(text, quote)[1],
        kind="preference",
        text="甲集团优先采购",
        importance="key",
    )
    deal = GoldDeal(
        quote="甲集团与乙公司在南京签订战略合作协议",
        start=place(text, "甲集团与乙公司")[0],
        end=place(text, "战略合作协议")[1],
        name="战略合作协议",
        type="strategic_cooperation",
        status="signed",
        parties=(GoldParty(name="甲集团", kind="company"), GoldParty(name="乙公司", kind="company")),
        terms=(term,),
        importance="key",
    )
    summary = GoldSummary(
        headline="甲乙签约",
        abstract="甲集团与乙公司签约。",
        must_mention=(GoldFact(fact="总投资", accept=("30亿",), weight=2),),
        must_not_claim=(GoldMistake(claim="乙公司收购甲集团", reject=("收购",)),),
    )
    gold = Gold(
        article_id=name,
        language="zh",
        body=GoldBody(start=0, end=len(text)),
        summary=summary,
        key_figures=figures,
        deals=(deal,),
    )
    return Case(id=name, path=Path(f"{name}.txt"), source=text, article=Article.from_text(text, id=name), gold=gold)


def make_record(case: Case, engine: Literal["llm", "offline"]) -> ArticleRecord:
    """Two figures, one of them of the wrong scale, and one that no label has; a deal with its term."""
    text = case.article.text
    figures = (
        figure(text, "总投资约30亿元", "总投资", "3000000000"),
        figure(text, "占地3万平方米", "占地面积", "300000000", "平方米"),
        figure(text, "不少于5万台", "采购量", "50000", "台"),
    )
    quote = "甲集团优先采购乙公司的产品"
    evidence = (Evidence(quote=quote, start=place(text, quote)[0], end=place(text, quote)[1]),)
    deal = Deal(
        name="战略合作协议",
        type="other",
        status="signed",
        parties=(Party(name="甲集团", kind="company"), Party(name="丙公司", kind="company")),
        signatories=(Signatory(name="张三", role="signed"),),
        terms=(Term(kind="preference", text="优先采购", evidence=evidence, verdict="verified"),),
        evidence=evidence,
        verdict="verified",
    )
    return ArticleRecord(
        article=case.article.info(),
        status="ok",
        summary=Summary(headline="甲乙签约", abstract="总投资30亿元。"),
        key_figures=figures,
        deals=(deal,),
        run=RunInfo(engine=engine, model="some-model"),
    )


def make_result(case: Case, engine: Literal["llm", "offline"] = "llm") -> CaseResult:
    """Figure 1 right, figure 2 of the wrong scale, figure 3 missing, figure 4 an extra; the deal with one bad slot."""
    return CaseResult(
        case=case.id,
        language="zh",
        counts={
            "figures_core_f1": Counts(correct=1, incorrect=1, missing=1),
            "figures_key_recall": Counts(correct=1, incorrect=1, missing=1),
            "must_not_claim": Counts(),
        },
        reasons={"signatories_f1": "the labels name nobody"},
        figures=(
            FigureMatch(kind="matched", gold=0, predicted=0, importance="key", slots=RIGHT),
            FigureMatch(
                kind="matched",
                gold=1,
                predicted=1,
                importance="key",
                slots=RIGHT | {"value": "incorrect"},
                errors=("scale",),
            ),
            FigureMatch(kind="missing", gold=2, importance="key"),
            FigureMatch(kind="extra", predicted=2, is_supported=True),
        ),
        deals=(
            DealMatch(
                kind="matched",
                gold=0,
                predicted=0,
                importance="key",
                slots={"type": "incorrect", "status": "correct", "parties": "incorrect"},
                people={"张三": "spurious"},
                terms=(TermMatch(kind="matched", gold=0, predicted=0, importance="key", slots={"kind": "correct"}),),
            ),
        ),
        facts=(
            FactMatch(kind="must_mention", text="总投资", weight=2, is_hit=True),
            FactMatch(kind="must_not_claim", text="乙公司收购甲集团", is_hit=False),
        ),
        record=make_record(case, engine).model_dump(mode="json"),
    )


def make_run(cases: Sequence[Case], results: Sequence[CaseResult] | None = None, system: str = "llm") -> EvalRun:
    chosen = tuple(make_result(case) for case in cases) if results is None else tuple(results)
    return EvalRun(
        system="llm" if system == "llm" else "offline",
        model="some-model" if system == "llm" else None,
        corpus=corpus_digest(cases),
        cases=chosen,
    )


@dataclass
class Node:
    """An element of a page; `text` is all text in it, without that of elements of the class `tag`."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def text(self) -> str:
        parts = [one if isinstance(one, str) else "" if "tag" in one.classes else one.text for one in self.children]
        return "".join(parts)

    @property
    def items(self) -> list[str]:
        return self.attributes.get("data-items", "").split()

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def having(self, name: str | None = None, **attributes: str) -> list[Node]:
        """Find elements by name and attributes; `cls` is one of its classes."""
        wanted = attributes.pop("cls", None)
        return [
            one
            for one in self.walk()
            if (name is None or one.name == name)
            and (wanted is None or wanted in one.classes)
            and attributes.items() <= one.attributes.items()
        ]


class _Reader(HTMLParser):
    _VOID = frozenset({"meta", "link", "img", "br", "input", "base", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.root = Node("root")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in self._VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if any(node.name == tag for node in self._open[1:]):
            while self._open.pop().name != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def read(page: str) -> Node:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.root


def columns(page: Node) -> tuple[Node, Node]:
    """The first two columns of the page: labels and record of the first system."""
    left, right = page.having("div", cls="column")[:2]
    return left, right
