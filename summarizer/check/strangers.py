"""Names in a draft that no record and no article knows: an invented party, a partner from somewhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from summarizer.check.naming import KnownNames
from summarizer.check.relevance import Statement
from summarizer.check.sources import Source, Sources
from summarizer.quantities.wordlists import words
from summarizer.verify.article_text import ArticleText
from summarizer.verify.locate import nearest
from summarizer.verify.prose_names import names_in
from summarizer.verify.wording import shingles

_JOINT = re.compile(r"\s*(?:与|和|同|及|跟|携手|联手|联合|牵手|與|、|and|with)\s*", re.IGNORECASE)
_SIGN: Final = "(?:签署|签订|签约|签下|订立|达成|合资|共建)"
_WITH: Final = "(?:与|和|同|携手|联合|联手|牵手)"
_BEGIN: Final = r"(?:^|[，。；：\n日])"
# Where a party stands that the records may not know: 甲与…签署, 与…签署, 由…领投, …收购.
_SOMEBODY: Final = r"[^，。；：、！？\s（）()“”\"与和同及由在将已于被的0-9]"
_SLOTS: Final = (
    re.compile(rf"{_WITH}({_SOMEBODY}{{2,12}}?)(?:在{_SOMEBODY}{{1,8}})?(?:共同|正式|已|将|拟)?{_SIGN}"),
    re.compile(rf"{_BEGIN}({_SOMEBODY}{{2,12}}?){_WITH}{_SOMEBODY}{{2,24}}?{_SIGN}"),
    re.compile(rf"由({_SOMEBODY}{{2,12}}?)(?:领投|跟投|承建|提供|出资|牵头|担保|独家|联合领投)"),
    re.compile(rf"{_BEGIN}({_SOMEBODY}{{2,10}}?)(?:将|拟|已|计划|宣布|同意)?(?:收购|领投|入股|认购|增资)"),
)
# No names: said of whoever is meant.
_NOBODY = re.compile(
    "(?:[该本其此新后一两三多各]|双方|各方|三方|两家|双边|公司|企业|集团|政府|当地|对方|机构|伙伴|客户|银行|股东|部门|单位|前者|后者|资金|项目"
    "|同日|当日|当天|近日|协议|届时|[年月日方家])+"
)
_TRADES: Final = (
    "科技 智能 电子 生物 股份 药业 医药 能源 汽车 通信 电气 软件 材料 新材 重工 机电 物流 置业 传媒 网络 "
    "信息 光电 电力 创投 基金 证券 动力"
)
# What Chinese companies are called by without a legal form, where somebody acts or is acted with.
_BARE_FIRM = re.compile(
    rf"(?:(?<=^)|(?<=[，。；：\n、与和由向给对及为用是让购日助东家]))(?P<name>[\u3400-\u9fff]{{2,4}}(?:{'|'.join(words(_TRADES))}))"
    r"(?=[与和将拟已获在以有于的签副总投出持称须应需领跟打建设承购新去訂同共宣入中及其將擬與產負提解布表披实预联降跟公项优、\d]|高级|董事|产品|，|$)"
)
_ANY_TRADE: Final = tuple(
    words(
        "新兴 清洁 绿色 现代 智慧 数字 人工 高新 前沿 金融 信息 生命 农业 国际 传统 再生 可再 冷链 医疗 工业 商业 "
        "先进 核心 高端 关键 国产 合成 新型 可用 所有 其他 相关 海上 陆上 上游 下游 国内 海外 当地 大型 电子 移动 "
        "公共 产业 城市 乡村 双方 各方 以及 通过 采用 包括"
    )
)
_LATIN_SEQUENCE = re.compile(r"[A-Z][A-Za-z]+(?:[-&'’ ](?:[A-Z][A-Za-z]+|&))*")
_VERBS: Final = (
    "has have had will would may must can is was said says agreed plans? expects? raised reported led leads took "
    r"takes put puts signed signs invest\w* owns? holds? got bought buys acquire\w* to committed pays? paid sold "
    "sells won guides? aims? intends? announced closed makes? made shares guarantees? contributed provides? "
    "supplies which with whose"
)
_ACTS = re.compile(rf"(?:['’]s|,? (?:also |now |then |since )?(?:{'|'.join(words(_VERBS))}|and [A-Z]))\b")
# Words that open sentences, and nouns of business: they need not stand in the article.
_ANY_WORD: Final = frozenset(
    words(
        "the it they he she both this that these those there here we you who which what each all neither either one "
        "two three several many most some any no none other others another such its their his her our my if when "
        "while where after before since until once under over during within without with from for by at in on of to "
        "as and but or so yet still also however meanwhile moreover instead overall together separately finally first "
        "second third last next only even just now then thus hence today yesterday tomorrow not management analyst "
        "investor shareholder regulator company group firm party source banker executive board deal agreement "
        "contract revenue profit income turnover demand supply output capacity price cost margin growth debt equity "
        "cash capital value total term market industry sector business project plant park fund loan facility bank "
        "buyer seller supplier customer lender borrower partner target bidder offer premium share stock dividend fee "
        "clause option delivery power energy gas oil steel chief about roughly nearly almost around more less up down "
        "per key main new old big large small net gross annual pending bidding american british european chinese "
        "norwegian dutch german french japanese swedish danish finnish asian african nordic spanish italian korean "
        "indian australian canadian swiss belgian austrian portuguese irish scottish english russian turkish israeli "
        "brazilian mexican indonesian vietnamese thai malaysian singaporean filipino taiwanese western eastern "
        "northern southern ebitda ebit eps cagr yoy qoq gdp roe roi roic ipo ceo cfo coo cto esg ai it iot ppa mou "
        "loi jv hk prc aum gmv arr kpi oem spv nda hq vat fx pe vc irr nav spa epc capex opex fy dscr dcf wacc tbd "
        "sku saas pue api ict"
    )
)
# Said in clauses and hardly ever in names: 系统要推广到集团.
_CLAUSE_ZH = re.compile(r"[要到将拟了把]")
_COMMON_ENDING = re.compile(r"(?:ing|ion|ment|ity|ness|nce|ly|ed|[^s]s|ship|ure)$")


class Strangers:
    """Finds what looks like somebody's name and stands in no article."""

    def __init__(self, sources: Sources, known: KnownNames) -> None:
        self._sources = sources
        self._known = known

    def is_compared(self, draft: ArticleText, statement: Statement) -> bool:
        """Return whether unknown names of a sentence can be told: not across languages, nor in a headline all in capitals."""
        return not (statement.is_foreign or _is_title_case(draft.text[statement.start : statement.end]))

    def spans(self, draft: ArticleText, statement: Statement) -> Iterator[tuple[int, int]]:
        """Yield the spans of the draft that name somebody unknown; a span may be given twice."""
        if not self.is_compared(draft, statement):
            return
        text = draft.text[statement.start : statement.end]
        searched = [source for source in statement.about if source.article.is_chinese == draft.is_chinese]
        searched = searched or [one for one in self._sources.articles if one.article.is_chinese == draft.is_chinese]
        named = [found for one in searched for found in names_in(one.article, text)]
        fine = [(start, end) for start, end, place in named if place is not None]
        others = [(one.start - statement.start, one.end - statement.start) for one in statement.mentions]
        for begin, end in sorted({(start, end) for start, end, place in named if place is None}):
            # Where a Chinese name begins is not known; it begins behind one that is.
            start = _behind(text, begin, end, [*fine, *others])
            if _CLAUSE_ZH.search(text[start:end]):
                continue
            is_fine = any(start < high and end > low for low, high in fine) or is_any_word(text[start:end])
            if not is_fine and not self._is_anywhere(text[start:end]):
                yield statement.start + start, statement.start + end
        if not draft.is_chinese:
            slots = self._latin_openers(text, searched)
        else:
            slots = (span for span in _chinese_slots(text) if self._is_strange(text[slice(*span)], searched))
        for start, end in slots:
            yield statement.start + start, statement.start + end

    def _latin_openers(self, text: str, searched: Sequence[Source]) -> Iterator[tuple[int, int]]:
        """Yield the capitalised words that open the sentence, where they act as somebody does."""
        match = _LATIN_SEQUENCE.match(text)
        if match is None:
            return
        named = re.split(r"[-&'’ ]+", match[0])
        while named and is_any_word(named[0]):
            named = named[1:]
        is_one = len(named) == 1
        if not named or (is_one and (_COMMON_ENDING.search(named[0]) or not _ACTS.match(text, match.end()))):
            return
        lower = named[0].lower()
        if not any(lower in source.article.latin_words for source in searched):
            yield match.end() - len(match[0]) + match[0].index(named[0]), match.end()

    def _is_anywhere(self, name: str) -> bool:
        return any(
            nearest(source.article, name, 0) is not None for source in self._sources.articles if name in source.text
        )

    def _is_strange(self, slot: str, searched: Sequence[Source]) -> bool:
        """Return whether a slot holds nobody known, and wording of which the articles have next to none."""
        if self._known.mentions(slot) or self._is_anywhere(slot):
            return False
        wanted = shingles(slot)
        return all(3 * len(wanted & source.article.shingles) <= len(wanted) for source in searched)


def _chinese_slots(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _SLOTS:
        for match in pattern.finditer(text):
            if not _NOBODY.fullmatch(match[1]):
                yield match.span(1)
    for match in _BARE_FIRM.finditer(text):
        if not match["name"].startswith(_ANY_TRADE):
            yield match.span("name")


def _behind(text: str, start: int, end: int, names: Iterable[tuple[int, int]]) -> int:
    """Return where a name that ends at `end` begins, at `start` or behind another name and what joins the two."""
    start = max([start, *(high for low, high in names if low < end and start < high < end)])
    joint = _JOINT.match(text, start)
    return joint.end() if joint is not None and joint.end() < end else start


def is_any_word(name: str) -> bool:
    """Return whether a capitalised word needs no article to have it: an opener, a people, an acronym of business."""
    return re.sub(r"['’]s$", "", name).lower() in _ANY_WORD


def _is_title_case(text: str) -> bool:
    named = re.findall(r"[A-Za-z]{4,}", text)
    is_open = text.rstrip()[-1:] not in ".!?"
    return is_open and len(named) >= 4 and sum(word[0].isupper() for word in named) > 0.6 * len(named)
