"""Whom a figure is about: whether the article speaks of it, and near the amount."""

from __future__ import annotations

import re
from collections.abc import Iterable

from summarizer.quantities.nouns import PEOPLE, THINGS
from summarizer.records import KeyFigure, Quantity
from summarizer.verify.article_text import ArticleText
from summarizer.verify.exchange import is_written_beside
from summarizer.verify.fit import is_spoken_of
from summarizer.verify.locate import in_body
from summarizer.verify.names import TOGETHER, aliases_of, called, is_named, parts_of_name, roles_of
from summarizer.verify.wording import shingles

# An entity is near where a mention stands at most six sentences before the amount or two after it, or at the head of the
# article, or throughout it. Of the labelled figures 98 in 100 are; of entities put beside another's amount two thirds.
_BEFORE, _AFTER = 6, 2
_HEAD = 3
_THROUGHOUT = 3
# Named once, if at all, and meant wherever nothing else is.
_EVERYWHERE = TOGETHER | {"全国", "全國", "我国", "我國", "国内", "國內", "全球", "中国", "中國", "China", "global"}
_ANY_COMPANY = (
    "公司",
    "集团",
    "集團",
    "股份",
    "控股",
    "科技",
    "银行",
    "Group",
    "Holdings",
    "Corporation",
    "Company",
    "Limited",
    "Ltd",
    "Inc",
    "Inc.",
    "plc",
    "AS",
    "S.A.",
)
_GOES_ON = re.compile(r"(?:It|Its|They|Their|The (?:company|firm|group))\b|该公司|公司|其(?![中他它余餘次实實间間])")
_OF_IT = re.compile(r" of (?:it|this|that)\b")
_OPENING = re.compile(
    r"\W*(?:[Tt]he |[A-Z][a-z]+'s |[0-9一二三四五六七八九十年月日今去昨前]{1,12}，?|目前，?|其中，?)?"
)
_THING = re.compile(
    r"(?:项目|項目|工程|基地|园区?|中心|工厂|电站|合同|协议|市场|交易|认购)(?:[（(].*)?$|[一二三]期$"
    r"|\b(?:park|project|plant|farm|contract|agreement|facility|market|terminal|trial|deals?|PPA)$"
)
_SAYS = re.compile(
    r"[^，。]{0,30}(?:说|表示|称|稱|认为|認為|介绍|预计|預計|指出|透露)[，：:“「]|[^,.]{0,40}\b(?:said|says|expects?|reckons?)\b"
)
_OF_WHOLE = re.compile(r"(?:[0-9]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)) of (?:the |its |their )?\Z")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NO_NAME = re.compile(
    r"(?:合[资資营營]|目[标標]|本|该|該|子|母|新)?公司|[双雙各三]方|(?:本|该|該)?(?:项目|項目|园区|集团|集團|基金)"
    r"|[招中投]标人|采购人|供应商|承包人|发包人|[甲乙丙]方"
)
_TELLS = re.compile(
    r"(?: [A-Z][a-z]+)? (?:(?:also|now|still) )?(?:expects?|forecasts?|predicts?|estimates?|reckons?|puts|says|said)\b"
    r"|(?:最新)?(?:预计|預計|预测|預測|估计|估計|统计|統計|认为|認為|表示|称|稱|测算|显示)"
)
_JOINS = frozenset("、和与及")
_LIST_ENDS = re.compile(r"(?:[、和与及][^，。；、和与及]{2,24})*等?")
_ASKED = re.compile(r"(?:受访|受訪|被访|被调查的?|参与调查的?|surveyed )(.{2,})")
_SOURCES = re.compile(r"[Ss]ources|知情人士|消息人士")
_SOURCES_SAID = re.compile(
    r"\b(?:people|persons?) (?:close to|familiar with|with knowledge)|\b[Ss]ources?\b|知情|消息人士"
)
_MATTER = re.compile(r"^(?:可能|拟议|擬議|建议|建議|本次|该|該)(?=.{4,}$)|(?:事项|事項|交易|行动|行動|事宜)$")
_CLASSES = tuple((PEOPLE + " " + THINGS).split())


def judge_entity(article: ArticleText, figure: KeyFigure, quantity: Quantity) -> str | None:
    """Return the code that speaks against a figure's entity by itself, None where nothing does."""
    entity = figure.entity
    if not entity:
        return None
    if entity in _EVERYWHERE or is_written_beside(article, entity, quantity):
        return None
    if _is_class(article, entity, quantity) or _is_asked(article, entity, quantity):
        return None
    if not (is_named(article, entity) or is_spoken_of(article, entity)):
        return "ENTITY_NOT_IN_ARTICLE"
    return None if _is_near(article, entity, quantity) else "ENTITY_FAR"


def is_of_another(article: ArticleText, figure: KeyFigure, quantity: Quantity, others: Iterable[str]) -> bool:
    """Return whether the amount's clause or sentence begins with another entity of the record and does not name this one.

    Of the labelled figures 2 in 1,000 are so, of those given another's entity 22 in 100.
    """
    wanted = shingles(figure.entity or "")
    start, end = article.sentence_bounds(quantity.start, quantity.end)
    if _GOES_ON.match(article.text, start) or _OF_IT.match(article.text, quantity.end):
        # Its software tracks, €2 million of it as a loan: whose, the sentence before has said.
        start, _ = article.sentence_span(article.sentence_at(start) - 1) or (start, end)
    sentence = article.text[start:end]
    known = (*called(figure.entity or ""), *roles_of(article, figure.entity or ""))
    if not wanted or wanted & shingles(sentence) or any(name in sentence for name in known):
        return False
    clause, _ = article.clause_around(quantity.start, quantity.end)
    before = article.text[clause : quantity.start]
    # Who begins the sentence builds or pays for a thing as well as for himself; what he says may be of anything.
    is_told = _THING.search(figure.entity or "") is not None or _SAYS.match(sentence) is not None
    opening = "" if is_told else sentence[: max(0, quantity.start - start)]
    if _OF_WHOLE.search(before):
        # The fund took two of the seven seats: the two are the fund's, not the seven.
        return False
    allowed = wanted | shingles(figure.name)
    return any(
        _is_subject(before, name) or (_opens(opening, name) and _is_subject(opening, name))
        for other in others
        if is_name(other) and not shingles(other) & allowed
        for name in (other, *aliases_of(article, other), *called(other))
    )


def is_name(entity: str) -> bool:
    """Return whether an entity is called by a name: 辰屿电器 and Orlane are, 合资公司, 双方 and software are not."""
    return _NO_NAME.fullmatch(entity) is None if _HAN.search(entity) else any(char.isupper() for char in entity)


def _opens(sentence: str, name: str) -> bool:
    """Return whether a sentence begins with a name, an article or a date before it left aside."""
    at = sentence.find(name)
    return at >= 0 and _OPENING.fullmatch(sentence[:at]) is not None


def _is_subject(before: str, name: str) -> bool:
    """Return whether the words before an amount say of the one named whose it is.

    Who expects or reports it (Tarnbrook expects shipments of) need not be; nor who is counted (甲、乙、丙3家企业).
    """
    at = before.find(name)
    if at < 0:
        return False
    rest = before[at + len(name) :]
    is_listed = _LIST_ENDS.fullmatch(rest) is not None and (rest[:1] in _JOINS or before[at - 1 : at] in _JOINS)
    return _TELLS.match(rest) is None and not is_listed


def _is_class(article: ArticleText, entity: str, quantity: Quantity) -> bool:
    """Return whether the entity is a kind of people or things that the clause speaks of: 受访企业 for 46.5%的企业."""
    if not entity.endswith(_CLASSES):
        return False
    start, end = article.clause_around(quantity.start, quantity.end)
    return any(entity.endswith(noun) and noun in article.text[start:end] for noun in _CLASSES)


def _is_asked(article: ArticleText, entity: str, quantity: Quantity) -> bool:
    """Return whether the entity are people asked, and the sentence speaks of such: 受访职工 for 1800名职工的问卷, sources."""
    start, end = article.sentence_bounds(quantity.start, quantity.end)
    sentence = article.text[start:end]
    asked = _ASKED.match(entity)
    return (asked is not None and asked[1] in sentence) or (
        _SOURCES.fullmatch(entity) is not None and _SOURCES_SAID.search(sentence) is not None
    )


def _is_near(article: ArticleText, entity: str, quantity: Quantity) -> bool:
    here = article.sentence_at(quantity.start)
    sentences = _sentences_of(article, entity)
    if not sentences:
        # Put together from the article's words (国内市场): nowhere in particular.
        return True
    if (core := _core(entity)) and core in article.text[slice(*article.sentence_bounds(quantity.start, quantity.end))]:
        return True
    if len(sentences) >= _THROUGHOUT or any(one <= _HEAD or -_AFTER <= here - one <= _BEFORE for one in sentences):
        return True
    start = quantity.start
    if start not in article.surroundings:
        return True
    wanted = shingles(entity)
    near = sum(start in article.amounts.weights_of(shingle) for shingle in wanted)
    return 2 * near >= len(wanted) or start in article.amounts.weights_of(_head(entity))


def _core(entity: str) -> str:
    """Return what a matter is called without the words that any matter has: 認購 of 可能認購事項."""
    core = _MATTER.sub("", entity)
    return core if core != entity and len(core) > 1 else ""


def _head(entity: str) -> str:
    """Return the word that an article goes on with (大会, forum), empty where it is one that any company has."""
    words = (
        list(shingles(entity[-2:]))
        if "\u3400" <= entity[-1] <= "\u9fff"
        else list(shingles(entity.rsplit(maxsplit=1)[-1]))
    )
    return "" if not words or entity.endswith(_ANY_COMPANY) else words[0]


def _sentences_of(article: ArticleText, entity: str) -> set[int]:
    """Return the numbers of the sentences that mention the entity by its name, an alias, or else a piece of it."""
    found = article.known.mentions.get(entity)
    if found is None:
        spans = [
            span
            for name in (entity, *aliases_of(article, entity), *called(entity), *roles_of(article, entity))
            for span in in_body(article, name)
        ]
        spans = spans or [span for part in parts_of_name(entity) for span in in_body(article, part)]
        found = article.known.mentions[entity] = {article.sentence_at(start) for start, _ in spans}
    return found
