"""Whether a clause tells of what has happened or holds, or of what is planned, promised or expected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from summarizer.verify.article_text import ArticleText
from summarizer.verify.wording import shingles

# 将 counts only before a word that tells of what comes; before a noun it marks the object (将设备连接).
_AHEAD = re.compile(
    r"拟|擬|(?<!完成)(?<!完成全年)(?<!完成年度)(?:计划|計劃)|规划(?!面积|建筑|用地)|預期|预期|预计|預計|力争|力爭|有望|争取|爭取|(?<!完成)(?<!完成全年)(?<!完成年度)(?:目标|目標)(?!公司)|到20\d\d年|须|須|承诺|承諾|不得|每逾期"
    r"|将(?=于|在|为|向|以|达|由|投|建|提供|设|覆盖|采购|出资|新增|集聚|推|启|按|从)|將(?=於|為|由|持有|優先|以)|全部达产|達產|之日起"
    r"|\b(?:will|shall|must|would|expect\w*|plan|plans|intends?|aims?|targets?|agreed to|is to|are to|due to begin|earmarked"
    r"|unless|provided (?:that|it|they|the|he|she|all|no)|option|may (?:add|hold|be))\b"
)
# What holds for the clauses after it too: who expects, promises or plans goes on (预计年产值26亿元，新增就业900余人).
_CARRIES = re.compile(
    r"预计|預計|预期|預期|力争|力爭|有望|到20\d\d年|承诺|承諾|按照[^，。]{0,6}(?:规划|计划)|判断|计划总投资|拟要求|达产后|達產後"
    r"|\b(?:expects?|expected|forecasts?|may extend|has the option|would be|is to|plans? to)\b"
)
# What is said to hold already, in a clause that also looks ahead (由目前的42分钟缩短至; has suspended and will keep).
_HOLDS = re.compile(
    r"已(?!签)|目前|截至|现有|现时|現時|累计|共有|完成了|去年|今年上半年"
    r"|\b(?:has|(?<!will )have|had|was|were|stood|rose|fell|now|existing|keep|last year)\b"
)
_MIN_WORDS = 4
_CLAUSES = re.compile(r"[，。；！？;!?\n]|,(?!\d)|\.(?=\s|$)")
_DONE = re.compile(r"已经?|曾经?|完成了|\b(?:did|has|have|had)\b")
_DONE_VERB = re.compile(r"已(?:经|在[^，。]{0,8}?|把[^，。]{0,8}?)?([\u3400-\u9fff]{2})")
_FROM = re.compile(r"\b[Ff]rom (?:about |some )?\Z|[由从從]\Z")
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
    if _AHEAD.search(article.text, low, high):
        return True
    sentence, _ = article.sentence_bounds(start, end)
    stop = max(article.text.rfind("；", sentence, start), article.text.rfind(";", sentence, start))
    last = max(_CARRIES.finditer(article.text, max(sentence, stop + 1), low), key=re.Match.start, default=None)
    if last is None or _ENDS.search(article.text, last.end(), low):
        return False
    return _HOLDS.search(article.text, *article.clause_around(*last.span())) is None


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
