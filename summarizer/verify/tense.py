"""Whether a clause tells of what has happened or holds, or of what is planned, promised or expected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from summarizer.verify.article_text import ArticleText
from summarizer.verify.wording import shingles

# 将 counts only before a word that tells of what comes; before a noun it marks the object (将设备连接). What of a plan has
# been done (完成计划的八成) is done.
_AHEAD = re.compile(
    r"拟|擬|打算(?:通过|出资|投|建|由)|(?<!完成)(?<!完成全年)(?<!完成年度)(?:计划|計劃|(?:目标|目標)(?!公司))|规划(?!面积|建筑|用地)"
    r"|預期|预期|预计|預計|力争|力爭|有望|争取|爭取|到20\d\d年|须|須|承诺|承諾|不得|每逾期|还要|不会超过|要(?=在\d|达到|突破|实现)"
    r"|将(?=于|在|为|向|以|达|由|投|建|提供|设|覆盖|采购|出资|新增|集聚|推|启|按|从|跟投|升)|將(?=於|為|由|持有|優先|以|升|達)"
    r"|全部达产|(?:投产|达产|建成|竣工)后|(?:投產|達產|建成)後|[届屆][时時]|之日起|(?:底|末|月)前(?=[^，。；\n]{0,12}(?:完成|把|建成|投产|建))"
    r"|\b(?:will|shall|must|would|could (?:cost|make|reach|rise|fall|grow|add)|should|expect\w*|plans?|intends?|aims?|targets?"
    r"|agreed to|is to|are to|due to begin|earmarked|unless|provided (?:that|it|they|the|he|she|all|no)|option"
    r"|may (?:add|hold|be|extend))\b"
)
# What is signed and yet owed by nobody; that it was signed is a fact.
_UNBOUND = re.compile(r"\b(?:agreed|signed) (?:a )?non-binding\b")
# What holds for the clauses after it too: who expects, promises or plans goes on (预计年产值26亿元，新增就业900余人).
_CARRIES = re.compile(
    r"预计|預計|预期|預期|力争|力爭|有望|到20\d\d年|承诺|承諾|按照[^，。]{0,6}(?:规划|计划)|判断|计划总投资|拟要求|达产后|達產後|投产后|希望"
    r"|计划(?=今年|明年|后年|20\d\d|于|在|投)|准备由"
    r"|\b(?:expects?|expected|forecasts?|may extend|has the option|would (?:be|rise|fall|grow)|is to|plans? to|agreed to)\b"
)
# What is said to hold already, in a clause that also looks ahead (由目前的42分钟缩短至; has suspended and will keep).
_HOLDS = re.compile(
    r"已(?!签)|目前|截至|现有|现时|現時|累计|共有|完成了|去年|今年上半年"
    r"|\b(?:has|(?<!will )have|had|was|were|stood|rose|fell|now|existing|keep|last year)\b"
)
# How a clause begins that goes on with what the clause before it tells, plan or fact.
_AND = re.compile(r"并(?!购|表)|並|使(?!用)|同时|同時|以及|且")
# A phase is planned as long as its start is: 一期投资16亿元，用地420亩，计划明年开工.
_BUILDS = re.compile(r"投资|投資|建设|建設|兴建|興建|用地|占地|产能|年产|合共|总规模")
_STARTS_LATER = re.compile(
    r"(?:计划|计劃|計劃|预计|預計|拟|擬)(?:于|在|於)?(?:今年|明年|后年|20\d\d年?)[^，。；\n]{0,8}"
    r"(?:开工|動工|动工|投产|投產|建成|开业|启用|投用|竣工)"
)
_MIN_WORDS = 4
_CLAUSES = re.compile(r"[，。；！？;!?\n]|,(?!\d)|\.(?=\s|$)")
_DONE = re.compile(r"已经?|曾经?|完成了|\b(?:did|has|have|had)\b")
_DONE_VERB = re.compile(r"已(?:经|在[^，。]{0,8}?|把[^，。]{0,8}?)?([\u3400-\u9fff]{2})")
_FROM = re.compile(r"\b[Ff]rom (?:about |some )?\Z|[由从從](?:每[^，。；0-9]{1,5})?\Z")
_OWN = re.compile(r"\b(?:its|their|our|his|her|whose) \Z")
_SUM = re.compile(r"[$€£¥元]|\b(?:dollars?|euros?|pounds?|yuan)\b")
_AND_WILL = re.compile(
    r" (?:and|but) (?:\w+ )?(?:will|shall|must|would|may|plans?|expects?|intends?|aims?|is to|are to)\b"
)
_PLAN_OF_YEARS = re.compile(r"[\u3400-\u9fff]{0,4}(?:计划|計劃|规划|規劃|方案)(?=[，。；、”）的期]|\Z)")
# What ends the reach of a forecast made earlier in the sentence: another time, or another speaker.
_ENDS = re.compile(_HOLDS.pattern + r"|同比|上年|上半年|协议有效期|系|是(?!否)|为[一-鿿]{0,4}第|\b(?:said|where|who)\b")


def looks_ahead(article: ArticleText, start: int, end: int) -> bool:
    """Return whether the words round the span speak of a plan, a promise or an expectation.

    Its own clause is read, and what an earlier clause of the sentence expects or promises for those that follow. In the
    labelled articles this finds two thirds of the plans and mistakes 6 of 360 facts, most of them terms of a contract.
    """
    low, high = article.clause_around(start, end)
    if _FROM.search(article.text, max(low, start - 8), start):
        # What it starts from holds, whatever it will become (from 1.1 times, 由67%提高到80%).
        return False
    if _holds_at(article, start, end):
        return False
    if _OWN.search(article.text, max(low, start - 8), start) and not _SUM.search(article.text, start, end):
        # What it will do with its two mills, it has them.
        return False
    if following := _AND_WILL.search(article.text, end, high):
        # It paid 12 million in July and will pay 3 million: what is joined to the amount's verb is told of another one.
        high = following.start()
    if article.text[end - 1] in "年月" and _PLAN_OF_YEARS.match(article.text, end):
        # 三年行动计划: the plan is there, whatever it plans.
        high = end
    sentence, full_stop = article.sentence_bounds(start, end)
    while low - 2 >= sentence and _AND.match(article.text, low):
        before = article.clause_around(low - 2, low - 1)[0]
        if _HOLDS.search(article.text, before, low):
            break
        low = before
    if _UNBOUND.search(article.text, low, high):
        return True
    if _AHEAD.search(article.text, low, high) or _is_phase_ahead(article, (low, high), full_stop):
        return True
    stop = max(article.text.rfind("；", sentence, start), article.text.rfind(";", sentence, start))
    last = max(_CARRIES.finditer(article.text, max(sentence, stop + 1), low), key=re.Match.start, default=None)
    if last is None or _ENDS.search(article.text, last.end(), low):
        return False
    return _HOLDS.search(article.text, *article.clause_around(*last.span())) is None


def _is_phase_ahead(article: ArticleText, clause: tuple[int, int], full_stop: int) -> bool:
    """Return whether the clause tells what is built, and one after it that the building starts or ends later."""
    stops = (article.text.find(mark, clause[1], full_stop) for mark in "；;")
    stop = min((at for at in stops if at >= 0), default=full_stop)
    return (
        _BUILDS.search(article.text, *clause) is not None
        and _STARTS_LATER.search(article.text, clause[1], stop) is not None
        and _HOLDS.search(article.text, clause[0], stop) is None
    )


def tells_plans_as_done(article: ArticleText, texts: Iterable[str]) -> bool:
    """Return whether a clause of the prose says that something has been done that the article only plans.

    The article's clause is the one that shares most words with the prose's, at least two fifths of them.
    """
    done = [clause for text in texts for clause in _CLAUSES.split(text) if _DONE.search(clause)]
    if not done:
        return False
    if any(_is_only_planned(article.text, verb[1]) for clause in done for verb in _DONE_VERB.finditer(clause)):
        return True
    clauses = [
        (sentence[0], start, end)
        for sentence in article.sentences
        if not article.is_furniture(*sentence)
        for start, end in _clause_spans(article.text, *sentence)
    ]
    return any(_is_planned(article, clause, clauses) for clause in done)


def _is_only_planned(text: str, verb: str) -> bool:
    """Return whether a text has a verb after 将 or 拟, and nowhere after 已."""
    word = re.escape(verb)
    is_ahead = re.search(rf"(?:将|將|拟|擬|计划|計劃|有望|预计)[^，。；\n]{{0,6}}{word}", text) is not None
    return is_ahead and re.search(rf"(?:已|了|完成)[^，。；\n]{{0,6}}{word}|{word}了", text) is None


def _is_planned(article: ArticleText, clause: str, clauses: Sequence[tuple[int, int, int]]) -> bool:
    """Return whether the article's clause nearest in words is a plan; clauses are given with their sentence's start."""
    wanted = shingles(_DONE.sub("", clause))
    if len(wanted) < _MIN_WORDS:
        return False
    counts = article.words.counts_in(wanted, [start for _, start, _ in clauses], [end for _, _, end in clauses])
    nearest, shared = min(counts.items(), key=lambda one: (-one[1], one[0]), default=(0, 0))
    if 5 * shared < 2 * len(wanted):
        return False
    sentence, start, end = clauses[nearest]
    told = article.text[sentence:end]
    return _AHEAD.search(told) is not None and _DONE.search(told, start - sentence) is None


def _clause_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for mark in _CLAUSES.finditer(text, start, end):
        yield start, mark.start()
        start = mark.end()
    yield start, end


def _holds_at(article: ArticleText, start: int, end: int) -> bool:
    """Whether the clause says of this amount, and not of another one between, that it holds already."""
    for word in _HOLDS.finditer(article.text, *article.clause_around(start, end)):
        low, high = (word.end(), start) if word.start() < start else (end, word.start())
        if not any(low <= one.start and one.end <= high for one in article.quantities_in(low, max(low, high))):
            return True
    return False
