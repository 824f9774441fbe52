"""The words of the ledger's views, Chinese and English: headings, outcomes, and the reasons why things are one or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from summarizer.report.amounts import Language
from summarizer.report.labels import Pair, code_word, word
from summarizer.report.ledger_types import Outcome, PairOpinion, Reason
from summarizer.report.periods import render_period

# {names}: what the reason is about, in quotes; {0}, {1}, {2}: one by one.
_REASONS: Final[dict[str, Pair]] = {
    "same_name": ("名称相同：{names}", "the same name: {names}"),
    "same_spelling": ("仅写法不同：{names}", "the same but for spelling: {names}"),
    "same_legal_form": ("去掉公司形式后相同：{names}", "the same after the legal form: {names}"),
    "same_place": ("去掉括号内地名后相同：{names}", "the same without the place in brackets: {names}"),
    "same_brackets": ("去掉括号后相同：{names}", "the same without what stands in brackets: {names}"),
    "same_office": ("同一地方的政府：{names}", "the same place and its office: {names}"),
    "same_province": ("去掉上级行政区后相同：{names}", "the same without the province or city above: {names}"),
    "alias": ("文章 {2} 中“{0}”是“{1}”的又称", "alias in article {2}: “{0}” for “{1}”"),
    "in_name": ("名称中给出另一写法“{0}”：“{1}”", "the name gives another form, “{0}”: “{1}”"),
    "known_names": ("同一企业或地方的中英文通用名称：{names}", "widely known names of one party: {names}"),
    "date_same_day": ("日期一致：{dates}", "the same day: {dates}"),
    "date_same_month": ("月份一致：{dates}", "the same month: {dates}"),
    "date_compatible": ("日期不矛盾：{dates}", "dates that may both hold: {dates}"),
    "sum_equal": ("金额一致：{names}", "the same sum: {names}"),
    "sum_rounded": ("金额取整后一致：{names}", "the same when rounded: {names}"),
    "sum_compatible": ("金额在“约”“超过”等限定之内一致：{names}", "within what “about” or “more than” allows: {names}"),
    "same_type": ("类型相同：{types}", "the same type: {types}"),
    "same_sentence": ("原文语句相同", "stated in the same words"),
    "same_subject": ("内容用词大半相同", "most words of the subject are the same"),
    "not_compared": ("语言或单位不同，未作比较", "in other languages or units: not compared"),
    "same_metric": ("指标相同：{names}", "the same metric: {names}"),
    "like_metric": ("指标名称相近且数值相等：{names}", "a metric in nearly the same words with an equal value: {names}"),
    "period_same": ("期间相同：{dates}", "the same period: {dates}"),
    "period_open": ("期间不矛盾：{dates}", "periods that may both hold: {dates}"),
    "period_none": ("都没有写明期间", "neither says a period"),
    "date_differs": ("日期不同：{dates}", "the dates differ: {dates}"),
    "told_before": ("一文发表于另一文所说的签署日之前：{dates}", "one article appeared before the day the other gives: {dates}"),
    "sum_differs": ("金额不同：{names}", "the sums differ: {names}"),
    "type_differs": ("类型不同：{types}", "the types differ: {types}"),
    "stage_differs": ("阶段不同：{stages}", "the stages differ: {stages}"),
    "roles_swapped": ("双方角色相反", "the parties' roles are swapped"),
    "parties_differ": ("各有对方没有的当事方", "each has a party that the other lacks"),
    "often_repeated": (
        "同样的当事方常有多笔此类交易，而日期、金额、内容都没有印证",
        "the same parties often make several deals of this type, and neither date, sum nor subject agrees",
    ),
    "names_alike": ("名称相近，未必相同：{names}", "names that begin alike and may be two: {names}"),
    "far_apart": ("年份相差较远，而日期、金额没有印证", "years apart, and neither date nor sum agrees"),
    "one_party": ("只有一个当事方相同", "only one party is the same"),
    "fits_two": ("与另一文中的两笔交易同样吻合", "fits two deals of the other article equally well"),
    "fits_better": ("另有更吻合的交易", "another deal fits better, or contradicts this one"),
}  # fmt: skip
_OPINIONS: Final[dict[str, Pair]] = {
    "same": (
        "模型 {model} 认为是同一笔：“{first}”；“{second}”",
        "the model {model} takes them for one: “{first}”; “{second}”",
    ),
    "different": (
        "模型 {model} 认为是两笔：“{first}”；“{second}”",
        "the model {model} takes them for two: “{first}”; “{second}”",
    ),
    "unclear": ("模型 {model} 也无法判断", "the model {model} cannot tell either"),
    "unproved": (
        "模型 {model} 作了判断，但它所引的词不在文中，不予采信",
        "the model {model} decided, but the words it gave do not stand in the reports: no opinion",
    ),
}
_OUTCOMES: Final[dict[Outcome, Pair]] = {
    "agreed": ("一致", "agreed"),
    "added": ("仅一文", "one article"),
    "contradicted": ("矛盾", "contradicted"),
}
_WORDS: Final[dict[str, Pair]] = {
    "ledger": ("交易台账", "Deal ledger"),
    "no_deals": ("没有交易。", "No deals."),
    "counts": (
        "共 {deals} 笔交易，其中 {merged} 笔由多篇文章讲述；{contradicted} 笔的说法有矛盾；{doubtful} 对存疑。"
        "多篇文章讲述的数字 {figures} 个，其中 {differing} 个有矛盾。",
        "Deals: {deals}, of which {merged} are told by several articles; {contradicted} with contradictions; "
        "doubtful pairs: {doubtful}. Figures told by several articles: {figures}, of which {differing} contradict.",
    ),
    "deal": ("交易", "Deal"),
    "articles": ("文章", "Articles"),
    "told_by": ("讲述", "Told by"),
    "why_one": ("视为同一笔交易的理由", "Why these are one deal"),
    "contradicted": ("矛盾", "Contradicted"),
    "doubtful": ("存疑：可能是同一笔交易，未合并", "Doubtful: perhaps one deal, not merged"),
    "agrees": ("支持", "For"),
    "against": ("反对", "Against"),
    "figures": ("多篇文章讲述的数字", "Figures told by several articles"),
    "figure": ("指标", "Figure"),
    "outcome": ("结论", "Outcome"),
    "values": ("数值与出处", "Values and sources"),
    "why": ("理由", "Why"),
    "party": ("当事方", "Party"),
    "term": ("条款", "Term"),
}


def ledger_word(key: str, language: Language) -> str:
    """Return a word of the ledger's frame. Raises KeyError for a key that is not in the table: a mistake of ours."""
    return _WORDS[key][0 if language == "zh" else 1]


def outcome_word(outcome: Outcome, language: Language) -> str:
    """Return the reader's word for an outcome."""
    return _OUTCOMES[outcome][0 if language == "zh" else 1]


def field_word(name: str, language: Language) -> str:
    """Return the heading of a field."""
    return ledger_word(name, language) if name in ("party", "term") else word(name, language)


def reason_text(reason: Reason, language: Language = "en") -> str:
    """Return a reason in words, not yet escaped for any view; a code of a later release as it is, with what it is about.

    Example:
        >>> reason_text(Reason(code="same_legal_form", about=("京东", "京东集团")))
        'the same after the legal form: “京东” and “京东集团”'
    """
    about = reason.about
    pair = _REASONS.get(reason.code)
    if pair is None:
        return f"{reason.code}: {', '.join(about)}" if about else reason.code
    return pair[0 if language == "zh" else 1].format(
        *(*about, "", "", "")[: max(3, len(about))],
        names=_joined([f"“{one}”" for one in about], language),
        dates=_joined([render_period(one, language) for one in about], language),
        types=_joined([code_word("deal_type", one, language) for one in about], language),
        stages=_joined([code_word("deal_status", one, language) for one in about], language),
    )


def _joined(parts: Sequence[str], language: Language) -> str:
    return ("、" if language == "zh" else " and ").join(parts)


def opinion_text(opinion: PairOpinion, language: Language) -> str:
    """Return what a model says about a doubtful pair, with the words it points at; for reading, not escaped."""
    pair = _OPINIONS["unproved" if opinion.is_unproved else opinion.answer]
    # By replacement, not by format: a model's words may hold braces.
    values = {"{model}": opinion.model, "{first}": opinion.first_words, "{second}": opinion.second_words}
    text = pair[0 if language == "zh" else 1]
    return "".join(values.get(part, part) for part in re.split(r"(\{[a-z]+\})", text))
