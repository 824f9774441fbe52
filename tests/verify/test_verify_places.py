"""Whether date, sum, parties and status of a figure or deal belong to the place that states it."""

import pytest

from summarizer.records import Consideration, Deal, Party
from summarizer.verify.article_text import ArticleText
from summarizer.verify.dates import is_contradicted, is_near
from summarizer.verify.deals import judge_deals
from summarizer.verify.figures import amount_at
from tests.verify.claims import text_of

FILLER = "天气转凉。列车正点。商铺开门。渔船出海。学校放假。路面结冰。灯火通明。"
FILLER_EN = "Rain fell. Trains ran. Shops opened. Boats left. Birds sang. Dogs barked. Bells rang. "


@pytest.mark.parametrize(
    ("text", "date", "words", "is_dated"),
    [
        ("5月6日，青屿收于12元，对应2023年净利润的市盈率约18倍。", "2024-05-06", "约18倍", True),
        ("青屿2023年净利润的市盈率约18倍。", "2024-05-06", "约18倍", False),
        ("The fare fell to €84 from €1,090 in 2021.", "2024", "€84", True),
        ("The fare fell to €84 in 2021.", "2024", "€84", False),
        ("按2020年价格计算，产值为18亿元。", "2024", "18亿元", True),
        ("2020年产值为18亿元。", "2024", "18亿元", False),
    ],
)
def test_what_is_compared_with_does_not_date(text: str, date: str, words: str, is_dated: bool) -> None:
    article = text_of(text)
    at = article.text.index(words)
    assert is_contradicted(article, date, *article.clause_around(at, at + len(words))) is not is_dated


@pytest.mark.parametrize(
    ("text", "date", "words", "is_close"),
    [
        (f"{FILLER}2024年3月5日，青屿开园。{FILLER}同日，青屿投资2亿元。", "2024-03-05", "2亿元", True),
        (
            f"{FILLER}2024年3月5日，青屿开园。2024年4月1日放假。{FILLER}同日，青屿投资2亿元。",
            "2024-03-05",
            "2亿元",
            False,
        ),
        (f"{FILLER}2024年3月5日，青屿开园。{FILLER}青屿投资2亿元。", "2024-03-05", "2亿元", False),
        (
            f"{FILLER_EN}Ferrow closed its Series B in May 2021. {FILLER_EN}The Series B raised $9 million.",
            "2021-05",
            "$9",
            True,
        ),
        (
            f"{FILLER_EN}Ferrow closed its Series B in May 2021. {FILLER_EN}The Series C raised $9 million.",
            "2021-05",
            "$9",
            False,
        ),
        (f"{FILLER}青屿2022年6月完成A轮融资。{FILLER}A轮融资2亿元。", "2022-06", "2亿元", True),
        (f"{FILLER}青屿2022年6月完成A轮融资。{FILLER}B轮融资2亿元。", "2022-06", "2亿元", False),
    ],
)
def test_a_date_told_elsewhere_is_near_if_the_words_lead_there(
    text: str, date: str, words: str, is_close: bool
) -> None:
    article = text_of(text)
    assert is_near(article, date, None, article.text.index(words)) is is_close


def deal(article: ArticleText, words: str, names: tuple[str, ...], amount: str = "", **fields: object) -> Deal:
    start = article.text.index(words)
    made = Deal(
        name="采购",
        type="procurement",
        status="signed",
        parties=tuple(Party(name=name, kind="company") for name in names),
        evidence=(article.evidence(start, start + len(words)),),
        verdict="review",
    )
    if amount:
        sum_ = amount_at(article, next(one for one in article.quantities if one.text == amount))
        fields["consideration"] = Consideration(
            value=sum_.quantity.value or "",
            value_max=sum_.quantity.value_max,
            unit=sum_.unit,
            qualifier=sum_.quantity.qualifier,
            amount=sum_.text,
            evidence=(article.evidence(sum_.start, sum_.end),),
        )
    return made.model_copy(update=fields)


def reasons(article: ArticleText, *deals: Deal) -> tuple[str, ...]:
    return judge_deals(article, deals)[0].reasons


@pytest.mark.parametrize(
    ("text", "amount", "is_own"),
    [
        ("青屿与白榆签订采购合同，总额8亿元，一期3亿元。", "8亿元", True),
        ("青屿与白榆签订采购合同，总额8亿元，一期3亿元。", "3亿元", False),
        ("青屿与白榆签订采购合同，一期3亿元。", "3亿元", True),
        ("青屿与白榆签订采购合同，总额8亿元，其中设备款5亿元。", "5亿元", False),
        ("园区签约5个项目，其中青屿与白榆签订采购合同，金额5亿元。", "5亿元", True),
        ("青屿与白榆签订采购合同，单价6万元，总额8亿元。", "6万元", False),
        (f"青屿与白榆签订采购合同。{FILLER}采购合同总额为8亿元。", "8亿元", True),
        (f"青屿与白榆签订采购合同。{FILLER}青屿采购仓库花了8亿元。", "8亿元", False),
        (f"青屿与白榆签订采购合同。{FILLER}去年签订的采购合同总额为8亿元。", "8亿元", False),
        ("Ferrow signed an order with Hollin for $8 million, including $2 million for spares.", "$8 million", True),
        ("Ferrow signed an order with Hollin for $8 million, including $2 million for spares.", "$2 million", False),
        ("Ferrow signed an order with Hollin at $90 a tonne for $8 million.", "$90", False),
    ],
)
def test_a_part_of_the_sum_is_not_the_sum(text: str, amount: str, is_own: bool) -> None:
    article = text_of(text)
    names = ("Ferrow", "Hollin") if "Ferrow" in text else ("青屿", "白榆")
    words = "signed an order" if "Ferrow" in text else "签订采购合同"
    assert (
        "CONSIDERATION_FAR" not in reasons(article, deal(article, words, names, amount, name=f"{names}采购"))
    ) is is_own


@pytest.mark.parametrize(
    ("text", "words", "is_doubtful"),
    [
        ("青屿与学院达成共建意向，并与白榆签约。", "与白榆签约", False),
        ("青屿与白榆签约，双方签署的是合作意向书。", "与白榆签约", True),
        ("青屿与白榆签署合作备忘录。", "与白榆签署合作备忘录", True),
    ],
)
def test_an_intention_of_others_is_none_of_this_deal(text: str, words: str, is_doubtful: bool) -> None:
    article = text_of(text)
    assert ("STATUS_DOUBTFUL" in reasons(article, deal(article, words, ("青屿", "白榆")))) is is_doubtful


FORUM = (
    "Three deals were signed at the fair.\n\nIt rained. The halls were full.\n\n"
    "Ferrow signed an order with Hollin for 30 boats. Hollin starts in May.\n\n"
    "Brackwater signed a lease with Quarle for a pier. Quarle is Dutch.\n\n"
    "Ansel signed a contract with Torvik. The work was won by Torvik and its partner Medway."
)


@pytest.mark.parametrize(
    ("words", "names", "is_far"),
    [
        ("Brackwater signed a lease", ("Brackwater", "Quarle"), False),
        ("Brackwater signed a lease", ("Brackwater", "Hollin"), True),
        ("Ansel signed a contract", ("Ansel", "Quarle"), True),
        ("Ansel signed a contract", ("Ansel", "Medway"), False),
    ],
)
def test_who_is_named_in_the_paragraph_of_another_deal_is_a_party_to_that(
    words: str, names: tuple[str, ...], is_far: bool
) -> None:
    article = text_of(FORUM)
    others = [
        deal(article, "Ferrow signed an order", ("Ferrow", "Hollin")),
        deal(article, "Brackwater signed a lease", ("Brackwater", "Quarle")),
    ]
    beside = [one for one in others if one.parties[0].name != names[0]]
    assert ("PARTY_FAR" in reasons(article, deal(article, words, names), *beside)) is is_far
