"""A small handmade batch: a full Chinese record, an English one from the offline engine, a hostile one, empty and failed ones."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from summarizer.records import (
    ArticleInfo,
    ArticleRecord,
    Audit,
    Consideration,
    Deal,
    ErrorInfo,
    Evidence,
    FailedInput,
    Item,
    ItemField,
    KeyFigure,
    KeyPoint,
    Party,
    ProseQuantity,
    Quantity,
    RejectedItem,
    RunInfo,
    Signatory,
    Summary,
    Term,
)

ZH_TEXT = (
    "澜州商报讯 3月31日，澜州市人民政府与青禾集团在澜州签署战略合作协议。青禾集团将投资约30亿元建设数据中心，"
    "总建筑面积近6万平方米。"
    "同等条件下，澜州市优先采购青禾集团的云服务。项目预计2027年投产，年产值有望达到12亿元。副市长周临、青禾集团总裁何屿出席签约仪式。"
    "双方将在数字政务、智慧交通等领域合作，协议期限三年。目前已有300余家企业入驻。"
)
EN_TEXT = (
    "Northgate Freight said on Monday that revenue rose 12.5% to $87.6 million in the first quarter. "
    "It will buy Ostby Lines for about $1.42 billion in cash. The company employs 4,300 people."
)


def evidence(text: str, quote: str) -> tuple[Evidence, ...]:
    start = text.index(quote)
    return (Evidence(quote=quote, start=start, end=start + len(quote)),)


def info(article_id: str, text: str, **more: object) -> ArticleInfo:
    facts: dict[str, object] = {"source": f"in/{article_id}.txt", "language": "zh", "sha256": "0" * 64, **more}
    return ArticleInfo.model_validate({"id": article_id, "chars": len(text), **facts})


def zh_record() -> ArticleRecord:
    def ev(quote: str) -> tuple[Evidence, ...]:
        return evidence(ZH_TEXT, quote)

    return ArticleRecord(
        article=info("a1", ZH_TEXT, title="澜州携手青禾", publisher="澜州商报", published_on="2024-04-01"),
        status="needs_review",
        summary=Summary(
            headline="澜州市与青禾集团签署战略合作协议，拟投资约30亿元建数据中心",
            abstract="3月31日，澜州市人民政府与青禾集团签署战略合作协议，青禾集团将投资约30亿元建设数据中心，可带动5000人就业。",
            key_points=(
                KeyPoint(
                    text="青禾集团将投资约30亿元建设数据中心。",
                    evidence=ev("青禾集团将投资约30亿元建设数据中心，总建筑面积近6万平方米。"),
                ),
                KeyPoint(
                    text="同等条件下，澜州市优先采购青禾集团的云服务。",
                    evidence=ev("同等条件下，澜州市优先采购青禾集团的云服务。"),
                ),
            ),
        ),
        key_figures=(
            KeyFigure(
                name="年产值",
                entity="数据中心",
                amount="12亿元",
                value="1200000000",
                unit="CNY",
                qualifier="exact",
                status="actual",
                evidence=ev("年产值有望达到12亿元"),
                verdict="review",
                reasons=("STATUS_DOUBTFUL", "NEW_CODE_OF_TOMORROW"),
            ),
            KeyFigure(
                name="总投资",
                entity="青禾集团",
                amount="约30亿元",
                value="3000000000",
                unit="CNY",
                qualifier="about",
                period="2024",
                status="target",
                evidence=ev("青禾集团将投资约30亿元建设数据中心"),
                verdict="verified",
            ),
            KeyFigure(
                name="入驻企业数",
                amount="300余家",
                value="300",
                unit="家",
                qualifier="more_than",
                status="actual",
                evidence=ev("目前已有300余家企业入驻"),
                verdict="verified",
            ),
        ),
        deals=(zh_deal(),),
        items=(
            Item(
                kind="risks",
                fields=(ItemField(name="risk", text="投产时间"), ItemField(name="year", text="2027年", value="2027")),
                evidence=ev("项目预计2027年投产"),
                verdict="verified",
            ),
            Item(
                kind="risks",
                fields=(ItemField(name="risk", text="资金"), ItemField(name="owner", text="财政局")),
                verdict="review",
                reasons=("QUOTE_NOT_FOUND",),
            ),
        ),
        audit=Audit(
            unclaimed=(quantity(ZH_TEXT, "6万平方米"), quantity(ZH_TEXT, "2027年")),
            rejected=(
                RejectedItem(
                    item={"name": "就业人数", "amount": "5000人", "of": "数据中心", "when": ""},
                    reasons=("AMOUNT_NOT_IN_QUOTE",),
                ),
            ),
            prose=(
                ProseQuantity(text="30亿元", start=21, end=25, where="headline", supported_by=ev("约30亿元")[0]),
                ProseQuantity(text="5000人", start=49, end=54, where="abstract"),
            ),
            coverage=0.999,
        ),
        run=RunInfo(engine="llm", model="example-model-1"),
    )


def zh_deal() -> Deal:
    def ev(quote: str) -> tuple[Evidence, ...]:
        return evidence(ZH_TEXT, quote)

    return Deal(
        name="澜州市与青禾集团战略合作协议",
        type="strategic_cooperation",
        status="signed",
        parties=(
            Party(name="澜州市人民政府", aliases=("澜州市",), kind="government"),
            Party(name="青禾集团", kind="company", role="investor"),
        ),
        signed_on="--03-31",
        place="澜州",
        signatories=(
            Signatory(name="周临", title="副市长", role="attended"),
            Signatory(name="何屿", title="总裁", organization="青禾集团", role="attended"),
        ),
        areas=("数字政务", "智慧交通"),
        consideration=Consideration(
            value="3000000000", unit="CNY", qualifier="about", amount="约30亿元", evidence=ev("投资约30亿元")
        ),
        duration="三年",
        terms=(
            Term(
                kind="investment",
                text="青禾集团投资约40亿元。",
                obligor="青禾集团",
                verdict="review",
                reasons=("NUMBER_NOT_IN_ARTICLE",),
            ),
            Term(
                kind="preference",
                text="同等条件下，澜州市优先采购青禾集团的云服务。",
                obligor="澜州市人民政府",
                beneficiary="青禾集团",
                condition="同等条件下",
                evidence=ev("同等条件下，澜州市优先采购青禾集团的云服务"),
                verdict="verified",
            ),
        ),
        evidence=ev("澜州市人民政府与青禾集团在澜州签署战略合作协议"),
        verdict="verified",
    )


def en_record() -> ArticleRecord:
    def ev(quote: str) -> tuple[Evidence, ...]:
        return evidence(EN_TEXT, quote)

    return ArticleRecord(
        article=info("b2", EN_TEXT, language="en", title="Northgate to buy Ostby", source="in/b2.html"),
        status="ok",
        summary=Summary(
            headline="Northgate Freight to buy Ostby Lines for about $1.42 billion",
            abstract="Northgate Freight said on Monday that revenue rose 12.5% to $87.6 million in the first quarter.",
            key_points=(KeyPoint(text="Northgate buys Ostby Lines.", evidence=ev("It will buy Ostby Lines")),),
        ),
        key_figures=(
            KeyFigure(
                name="revenue",
                entity="Northgate Freight",
                amount="$87.6 million",
                value="87600000",
                unit="USD",
                qualifier="exact",
                period="2024-Q1",
                status="actual",
                evidence=ev("revenue rose 12.5% to $87.6 million in the first quarter"),
                verdict="verified",
            ),
            KeyFigure(
                name="revenue growth",
                amount="12.5%",
                value="12.5",
                unit="%",
                qualifier="exact",
                status="actual",
                evidence=ev("revenue rose 12.5%"),
                verdict="verified",
            ),
        ),
        deals=(),
        audit=Audit(coverage=1.0),
        run=RunInfo(engine="offline"),
    )


def hostile_record() -> ArticleRecord:
    nasty = (
        "<script>alert(1)</script> | a`b` ![x](javascript:alert(1)) [y](http://evil.example) \x1b[31mred\u202etxt\n# H"
    )
    return ArticleRecord(
        article=info(
            "c3|x", "", title=nasty, publisher="=cmd|'/c calc'!A0", language="en", source="in/\x1b]0;x\x07\nc3.txt"
        ),
        status="needs_review",
        summary=Summary(
            headline="# " + nasty, abstract="1. " + nasty, key_points=(KeyPoint(text="- **b** $1 and $2 " + nasty),)
        ),
        key_figures=(
            KeyFigure(
                name='=HYPERLINK("http://evil.example")',
                entity="＋1",
                amount="-350000000",
                value="-350000000",
                unit="CNY",
                status="actual",
                evidence=(Evidence(quote=nasty, start=0, end=len(nasty), source_start=3, source_end=9),),
                verdict="verified",
            ),
            KeyFigure(
                name="[bold red]verified[/] \x00",
                entity="\u200b=1+1",
                amount="\t=2",
                value="=1+1",
                unit="@x",
                period="--11-18",
                status="actual",
                verdict="review",
                reasons=("QUOTE_NOT_FOUND", "<b>|X"),
            ),
        ),
        deals=(
            Deal(
                name=nasty,
                type="other",
                status="announced",
                parties=(Party(name="@SUM(1)", kind="other"), Party(name="甲|乙", aliases=("`c`",), kind="company")),
                verdict="review",
                reasons=("TOO_FEW_PARTIES",),
            ),
        ),
        audit=Audit(rejected=(RejectedItem(item={"<i>": nasty, "n": [1, {"a": "b|c"}]}, reasons=()),)),
        run=RunInfo(engine="llm", model="m|<b>", notes=("note `x`",)),
    )


def bare_record() -> ArticleRecord:
    return ArticleRecord(article=info("d4", "x"), status="ok", run=RunInfo(engine="llm", model="example-model-1"))


def failed_record() -> ArticleRecord:
    return ArticleRecord(
        article=info("e5", "x", title="失败的文章"),
        status="failed",
        error=ErrorInfo(kind="refused", message="the model refused to answer"),
        run=RunInfo(engine="llm", model="example-model-1"),
    )


def quantity(text: str, words: str) -> Quantity:
    start = text.index(words)
    return Quantity(
        text=words,
        start=start,
        end=start + len(words),
        value="1",
        value_max=None,
        unit=None,
        qualifier="exact",
        kind="count",
    )


def failures() -> tuple[FailedInput, ...]:
    return (
        FailedInput(
            source="in/broken|.pdf", kind="format", message="no text in 'in/broken|.pdf'; expected a PDF with text"
        ),
        FailedInput(
            source="in/a1-copy.txt", id="a1", status="skipped", kind="same_text", message="the same text as 'a1'"
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    zh: ArticleRecord
    en: ArticleRecord
    hostile: ArticleRecord
    bare: ArticleRecord
    failed: ArticleRecord
    failures: tuple[FailedInput, ...]
    zh_text: str = ZH_TEXT

    @property
    def records(self) -> list[ArticleRecord]:
        return [self.zh, self.en, self.hostile, self.bare, self.failed]


@pytest.fixture(scope="session")
def cases() -> Cases:
    return Cases(
        zh=zh_record(),
        en=en_record(),
        hostile=hostile_record(),
        bare=bare_record(),
        failed=failed_record(),
        failures=failures(),
    )
