"""Small records made by hand for the tests of the ledger: pairs of tellings of one deal, and pairs that look like one."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from summarizer.quantities import scan
from summarizer.records import (
    ArticleInfo,
    ArticleRecord,
    Consideration,
    Deal,
    Evidence,
    KeyFigure,
    Party,
    RunInfo,
    Term,
)

Named = str | tuple[Any, ...]


def party(named: Named) -> Party:
    """A name, or (name, kind, role, *aliases)."""
    if isinstance(named, str):
        is_office = named.endswith(("政府", "管委会", "省", "市", "县", "government", "Government"))
        return Party(name=named, kind="government" if is_office else "company")
    name, kind, role, *aliases = named
    return Party(name=name, kind=kind, role=role, aliases=tuple(aliases))


def consideration(amount: str | None) -> Consideration | None:
    if amount is None:
        return None
    found = scan(amount)[0]
    assert found.value is not None
    return Consideration(
        value=found.value, value_max=found.value_max, unit=found.unit, qualifier=found.qualifier, amount=amount
    )


def term(kind: str, text: str, **more: Any) -> Term:
    proof = (Evidence(quote=text, start=100, end=100 + len(text)),)
    return Term.model_validate({"kind": kind, "text": text, "verdict": "verified", "evidence": proof, **more})


def deal(type_: str, *parties: Named, amount: str | None = None, **more: Any) -> Deal:
    people = tuple(party(one) for one in parties)
    quote = " / ".join(one.name for one in people) + f" {more.get('signed_on', '')} {amount or ''}"
    facts: dict[str, Any] = {
        "name": "deal",
        "status": "signed",
        "verdict": "verified",
        "evidence": (Evidence(quote=quote, start=0, end=len(quote)),),
        **more,
    }
    return Deal.model_validate({"type": type_, "parties": people, "consideration": consideration(amount), **facts})


def figure(name: str, entity: str | None, amount: str, **more: Any) -> KeyFigure:
    found = scan(amount)[0]
    facts: dict[str, Any] = {
        "value": found.value,
        "value_max": found.value_max,
        "unit": found.unit,
        "qualifier": found.qualifier,
        "status": "actual",
        "verdict": "verified",
        "evidence": (Evidence(quote=f"{name}{amount}", start=7, end=7 + len(name + amount)),),
        **more,
    }
    return KeyFigure.model_validate({"name": name, "entity": entity, "amount": amount, **facts})


def record(
    article_id: str, *deals: Deal, figures: tuple[KeyFigure, ...] = (), published_on: str | None = None, title: str = ""
) -> ArticleRecord:
    return ArticleRecord(
        article=ArticleInfo(
            id=article_id,
            source=f"in/{article_id}.txt",
            title=title or None,
            language="zh",
            published_on=published_on,
            sha256=sha256(article_id.encode()).hexdigest(),
            chars=1000,
        ),
        status="ok",
        key_figures=figures,
        deals=deals,
        run=RunInfo(engine="llm", model="example-model-1"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two tellings. `told`: when their articles appeared; `is_doubtful`: whether two deals should be listed as doubtful."""

    name: str
    first: Deal
    second: Deal
    told: tuple[str | None, str | None] = (None, None)
    is_doubtful: bool = False


_COOPERATION = "strategic_cooperation"

SAME = (
    Pair(
        name="short names and a missing year",
        first=deal(_COOPERATION, ("京东集团", "company", None, "京东"), "科大讯飞", signed_on="--11-18"),
        second=deal(_COOPERATION, "京东", "科大讯飞股份有限公司", signed_on="2021-11-18"),
    ),
    Pair(
        name="an office told with and without its province",
        first=deal(_COOPERATION, "科大讯飞", "广东省韶关市政府", signed_on="2022-03-31"),
        second=deal(_COOPERATION, "科大讯飞", "韶关市人民政府", signed_on="--03-31"),
    ),
    Pair(
        name="the city alone for its government",
        first=deal(_COOPERATION, ("南阳市人民政府", "government", None, "南阳市"), "京东集团", signed_on="--08-16"),
        second=deal(_COOPERATION, ("南阳市", "government", None), "京东", place="河南省南阳市"),
    ),
    Pair(
        name="Chinese and English names of large companies",
        first=deal(_COOPERATION, "京东集团", "科大讯飞", signed_on="2021-11-18"),
        second=deal(_COOPERATION, "JD.com, Inc.", "iFLYTEK Co., Ltd.", signed_on="2021-11-18"),
    ),
    Pair(
        name="a Latin form in brackets behind the Chinese name",
        first=deal(
            "acquisition",
            ("云阙智造股份有限公司", "company", "buyer", "云阙股份"),
            ("赫尔姆光学（Helmoptik GmbH）", "company", "target"),
            amount="1.12亿欧元",
            status="completed",
        ),
        second=deal(
            "acquisition",
            ("Yunque Intelligent (云阙股份)", "company", "buyer"),
            ("Helmoptik", "company", "target"),
            amount="€112 million",
            status="announced",
        ),
    ),
    Pair(
        name="one party in common across languages and a sum to the digit",
        first=deal("joint_venture", "序元算力科技股份有限公司", "Nordhavn Cooling A/S", amount="2.35亿元"),
        second=deal(
            "joint_venture", "Xuyuan Computing", "Nordhavn Cooling", amount="235 million yuan", signed_on="2025-06-12"
        ),
    ),
    Pair(
        name="a sum rounded by one article",
        first=deal(
            "procurement",
            ("衡川数据集团有限公司", "company", "buyer", "衡川数据"),
            ("岑石服务器有限公司", "company", "supplier", "岑石"),
            amount="约15.62亿元",
        ),
        second=deal(
            "procurement", ("衡川数据", "company", "buyer"), ("岑石", "company", "supplier"), amount="15.6亿元"
        ),
    ),
    Pair(
        name="about in one article and the bare number in the other, type told otherwise",
        first=deal(
            _COOPERATION, "棠川市人民政府", "沅峤新能源科技股份有限公司", amount="约38亿元", signed_on="2025-06-11"
        ),
        second=deal("investment", "棠川市", "沅峤新能源科技", amount="38亿元"),
    ),
    Pair(
        name="English legal forms and a ticker",
        first=deal(
            "acquisition",
            ("Halvorsen Instruments Corporation (NYSE: HLV)", "company", "buyer"),
            "Trellis Optics, Inc.",
            amount="approximately $1.42 billion",
            signed_on="2024-03-03",
        ),
        second=deal(
            "acquisition", ("Halvorsen Instruments", "company", "buyer"), "Trellis Optics", amount="$1.4 billion"
        ),
    ),
    Pair(
        name="one article leaves a party out",
        first=deal(
            "settlement",
            "柏荷药业股份有限公司",
            "临澜新区管委会",
            "临澜康城运营管理有限公司",
            amount="5亿元",
            signed_on="2023-04-26",
        ),
        second=deal("settlement", "柏荷药业", "临澜新区管委会", signed_on="--04-26"),
    ),
    Pair(
        name="traditional and simplified characters",
        first=deal("joint_venture", "港濟冷鏈控股有限公司", "薩加拉物流", amount="1.2億美元", signed_on="2025-04-08"),
        second=deal("joint_venture", "港济冷链", "萨加拉物流", amount="1.2亿美元"),
    ),
    Pair(
        name="a financing round with fewer investors named",
        first=deal(
            "investment",
            ("Nilam Logistics Technologies Pte Ltd", "company", "investee"),
            ("Harrow Bay Capital", "company", "investor"),
            ("Merapi Growth Fund", "company", "investor"),
            amount="US$85 million",
            name="Nilam Series C round",
        ),
        second=deal(
            "investment",
            ("Nilam Logistics Technologies", "company", "investee"),
            ("Harrow Bay Capital", "company", "investor"),
            amount="US$85m",
            name="Series C funding of Nilam",
        ),
    ),
    Pair(
        name="announced before and completed later",
        first=deal(
            "acquisition", "Braddock Fell Plc", "Orlane Technologies Inc", status="announced", signed_on="--09-09"
        ),
        second=deal("acquisition", "Braddock Fell PLC", "Orlane Technologies", status="completed"),
    ),
    Pair(
        name="an alias that only one article gives",
        first=deal(
            _COOPERATION,
            ("澄衡智能科技（杭州）有限公司", "company", None, "澄衡智能"),
            "岭济医疗集团",
            duration="三年",
            place="南昌",
        ),
        second=deal(_COOPERATION, "澄衡智能", "岭济医疗", duration="3年", signed_on="2024-11-18"),
    ),
    Pair(
        name="an English government and the Chinese one",
        first=deal(_COOPERATION, "科大讯飞", "韶关市政府", signed_on="2022-03-31"),
        second=deal(
            _COOPERATION, "iFlytek", ("Shaoguan municipal government", "government", None), signed_on="2022-03-31"
        ),
    ),
    Pair(
        name="the same contract by its subject alone",
        first=deal(
            "project_contract",
            "京东科技",
            "南通市如东县政府",
            name="如东县“电子商务进农村”综合示范项目",
            status="announced",
        ),
        second=deal("project_contract", "京东科技集团", "如东县人民政府", name="“电子商务进农村”综合示范项目"),
    ),
)

NEAR_MISSES = (
    Pair(
        name="a sister company",
        first=deal(_COOPERATION, "京东集团", "南阳市人民政府", signed_on="2021-08-16"),
        second=deal(_COOPERATION, "京东科技集团", "南阳市人民政府", signed_on="2021-08-16"),
        is_doubtful=True,
    ),
    Pair(
        name="another round of the same investor",
        first=deal("investment", "澄衡智能", "芷岸资本", amount="1.5亿元", name="澄衡智能A轮融资"),
        second=deal("investment", "澄衡智能", "芷岸资本", amount="1.5亿元", name="澄衡智能B轮融资"),
    ),
    Pair(
        name="the same parties a year later",
        first=deal(_COOPERATION, "科大讯飞", "韶关市政府", signed_on="2022-03-31"),
        second=deal(_COOPERATION, "科大讯飞", "韶关市政府", signed_on="2023-03-31"),
        is_doubtful=True,
    ),
    Pair(
        name="no year, but one article is older than the other's day",
        first=deal(_COOPERATION, "京东集团", "科大讯飞", signed_on="--11-18"),
        second=deal(_COOPERATION, "京东集团", "科大讯飞", signed_on="2023-11-18"),
        told=("2021-11-19", "2023-11-19"),
        is_doubtful=True,
    ),
    Pair(
        name="the same parties and day, another sum",
        first=deal("investment", "芯砺材料", "澜湾园管委会", amount="28亿元", signed_on="2025-01-10"),
        second=deal("investment", "芯砺材料", "澜湾园管委会", amount="18亿元", signed_on="2025-01-10"),
        is_doubtful=True,
    ),
    Pair(
        name="one company with two cities on one day",
        first=deal(_COOPERATION, "科大讯飞", "韶关市人民政府", signed_on="2022-03-31"),
        second=deal(_COOPERATION, "科大讯飞", "清远市人民政府", signed_on="2022-03-31"),
    ),
    Pair(
        name="seller and buyer swapped",
        first=deal("procurement", ("衡川数据", "company", "buyer"), ("岑石服务器", "company", "supplier")),
        second=deal("procurement", ("衡川数据", "company", "supplier"), ("岑石服务器", "company", "buyer")),
    ),
    Pair(
        name="companies of one name in two cities",
        first=deal("settlement", "见微仪器（苏州）有限公司", "临澜新区管委会", amount="8000万元"),
        second=deal("settlement", "见微仪器（无锡）有限公司", "临澜新区管委会", amount="8000万元"),
    ),
    Pair(
        name="a province and a city of one name",
        first=deal(_COOPERATION, "科大讯飞", "吉林省政府", signed_on="2022-05-01"),
        second=deal(_COOPERATION, "科大讯飞", "吉林市政府", signed_on="2022-05-01"),
    ),
    Pair(
        name="a frequent kind of contract with nothing else in common",
        first=deal("procurement", "辰垣智能", "澜州轨道交通集团", name="一号线信号系统采购合同"),
        second=deal("procurement", "辰垣智能", "澜州轨道交通集团", name="车辆段清洗设备供货合同"),
        is_doubtful=True,
    ),
    Pair(
        name="another lot of one tender",
        first=deal("procurement", "岚汀市公共交通集团", "珂原电气", amount="963.2万元", name="第一包直流充电桩"),
        second=deal("procurement", "岚汀市公共交通集团", "珂原电气", amount="963.2万元", name="第二包车载终端"),
    ),
    Pair(
        name="firms of one family with other legal forms",
        first=deal("joint_venture", "青禾集团有限公司", "东屿电力", amount="3.37亿元"),
        second=deal("joint_venture", "青禾股份有限公司", "东屿电力", amount="3.37亿元"),
    ),
    Pair(
        name="Latin names that begin alike",
        first=deal(
            "joint_venture", ("Halvorsen Instruments", "company", None, "Halvorsen"), "Pwani Gate Terminals Ltd"
        ),
        second=deal(
            "joint_venture", ("Halvorsen Maritime A/S", "company", None, "Halvorsen"), "Pwani Gate Terminals Ltd"
        ),
    ),
    Pair(
        name="the same words for a role, other firms",
        first=deal(
            "investment", ("本公司", "company", "investor"), ("目标公司", "company", "investee"), amount="3.28亿元"
        ),
        second=deal(
            "investment", ("本公司", "company", "investor"), ("目标公司", "company", "investee"), amount="3.28亿元"
        ),
    ),
    Pair(
        name="an intention and a later contract",
        first=deal("settlement", "曜石冷链物流有限公司", "临澜新区管委会", status="intended"),
        second=deal("settlement", "曜石冷链", "临澜新区管委会", status="signed"),
        is_doubtful=True,
    ),
    Pair(
        name="one party and a round sum",
        first=deal("other", ("恒岳银行", "company", "lender"), amount="1亿元"),
        second=deal(
            "other",
            ("恒岳银行", "company", "lender"),
            ("Sagara Logistics", "company", "borrower"),
            amount="100 million yuan",
        ),
        is_doubtful=True,
    ),
    Pair(
        name="a cooperation and a joint venture of one day",
        first=deal(_COOPERATION, "启泰新材", "东屿电力", signed_on="2024-09-11", name="战略合作协议"),
        second=deal("joint_venture", "启泰新材", "东屿电力", signed_on="2024-09-11", name="合资设立启屿钠电"),
        is_doubtful=True,
    ),
    Pair(
        name="a cooperation of years ago and one without a date",
        first=deal(_COOPERATION, "科大讯飞", "韶关市政府", signed_on="2016-05"),
        second=deal(_COOPERATION, "科大讯飞", "韶关市政府"),
        told=("2016-06-01", "2022-04-01"),
        is_doubtful=True,
    ),
)

# One deal each, told so that the rules do not see it: listed as doubtful where `is_doubtful`, otherwise two rows.
MISSED = (
    Pair(
        name="announced a day after the signing",
        first=deal("acquisition", "Halvorsen Instruments", "Trellis Optics", signed_on="2024-03-03"),
        second=deal("acquisition", "Halvorsen Instruments", "Trellis Optics", signed_on="2024-03-04"),
        is_doubtful=True,
    ),
    Pair(
        name="a short form that no article explains",
        first=deal(_COOPERATION, "棠川市人民政府", "沅峤新能源科技股份有限公司", signed_on="2025-06-11"),
        second=deal(_COOPERATION, "棠川市人民政府", "沅峤新能源", signed_on="2025-06-11"),
        is_doubtful=True,
    ),
    Pair(
        name="the sum in two currencies and nothing else",
        first=deal(
            "other", ("Banyan Bank", "company", "lender"), ("Nilam", "company", "borrower"), amount="US$15 million"
        ),
        second=deal("other", ("Banyan Bank", "company", "lender"), ("Nilam", "company", "borrower"), amount="1.08亿元"),
        is_doubtful=True,
    ),
    Pair(
        name="an abbreviation from the middle of the name",
        first=deal(_COOPERATION, "京东集团", "科大讯飞", signed_on="2021-11-18"),
        second=deal(_COOPERATION, "京东集团", "讯飞", signed_on="2021-11-18"),
    ),
    Pair(
        name="names of small firms in two languages",
        first=deal("joint_venture", "港濟冷鏈控股有限公司", "薩加拉物流", amount="1.2億美元", signed_on="2025-04-08"),
        second=deal(
            "joint_venture", "Kongchai Cold Chain", "Sagara Logistics", amount="$120 million", signed_on="2025-04-08"
        ),
    ),
)
