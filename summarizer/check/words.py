"""The reason codes of a check and the words of its views, Chinese and English."""

from __future__ import annotations

from typing import Final, Literal

from summarizer.check.findings import Outcome

Language = Literal["zh", "en"]
_S: Final = "supported"
_C: Final = "contradicted"
_U: Final = "unsupported"

# Code: what it amounts to, the Chinese and the English sentence.
_REASONS: Final[dict[str, tuple[Outcome, str, str]]] = {
    "SAME": (_S, "原文如此", "the article says so"),
    "NAMED": (_S, "原文有此名称", "the article uses the name"),
    "UNIT_IMPLIED": (_S, "数值相同，单位由上下文推断", "the same number; its unit is taken from the context"),
    "QUALIFIER_ADDED": (_S, "原文没有“约”，数值相同", "the same number; the article states it without “about”"),
    "WEAKER_BOUND": (_S, "原文的说法更具体（近）", "the article is more exact (nearly)"),
    "ROUNDED": (_S, "对原文数字的正确取整", "rightly rounded from the article's number"),
    "END_OF_RANGE": (_S, "为原文区间的一端", "one end of the article's range"),
    "YEAR_IMPLIED": (_S, "年份可由原文推出", "the year follows from the article's own dates"),
    "QUALIFIER_DROPPED": (_C, "原文有限定词（约、超过等），此处漏掉", "the article bounds the number; here that is dropped"),
    "QUALIFIER_DIFFERS": (_C, "限定词与原文不同", "the number is bounded otherwise in the article"),
    "OTHER_SCALE": (_C, "数量级与原文不同", "the article's number is of another scale"),
    "OTHER_UNIT": (_C, "单位或币种与原文不同", "the article's number is in another unit or currency"),
    "OTHER_VALUE": (_C, "原文是另一个数", "the article gives another number"),
    "OTHER_DIRECTION": (_C, "升降方向与原文相反", "the article has it move the other way"),
    "OF_ANOTHER": (_C, "原文中这个数说的是另一主体或另一指标", "the articles state this number of something else"),
    "OTHER_YEAR": (_C, "年份与原文不同", "the article gives another year"),
    "OTHER_DATE": (_C, "日期与原文不同", "the article gives another date"),
    "OTHER_PARTIES": (_C, "原文中是与另一方的协议", "the articles have this agreement with somebody else"),
    "OTHER_PARTY": (_C, "原文中说的是另一方", "the articles say this of somebody else"),
    "EXCHANGED": (_C, "双方的位置与原文相反", "the articles have the two the other way round"),
    "OTHER_ORGANIZATION": (_C, "此人在原文中属于另一单位", "the article has this person with another organisation"),
    "YEAR_NOT_STATED": (_U, "原文没有写明年份", "the article does not state the year"),
    "NAME_UNKNOWN": (_U, "原文没有这个名称", "no article uses this name"),
    "NOT_STATED": (_U, "原文没有这个说法", "no article says so"),
}  # fmt: skip

CODES: Final = tuple(_REASONS)

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("稿件核对", "Draft check"),
    "supported": ("有依据", "supported"),
    "contradicted": ("与原文矛盾", "contradicted"),
    "unsupported": ("无依据", "unsupported"),
    "line": ("第 {line} 行", "line {line}"),
    "says": ("原文", "the article"),
    "clean": ("全部有依据。", "Everything is supported."),
    "nothing": ("稿件中没有数字、日期或当事方。", "The draft states no number, date or party."),
    "uncompared": ("另一种语言的名称，未能比对", "names in the other language than the articles, not compared"),
    "missing": ("缺少原文、未参与核对的文章", "articles not checked against, their text is missing or changed"),
    "against": ("核对了 {count} 篇文章", "checked against {count} articles"),
    "findings": ("逐条结果", "Findings"),
    "number": ("数字", "number"),
    "date": ("日期", "date"),
    "party": ("当事方", "party"),
}


def outcome_of(reason: str) -> Outcome:
    """Return what a reason code amounts to."""
    return _REASONS[reason][0]


def explain(reason: str, language: Language) -> str:
    """Return the sentence for a reason code."""
    return _REASONS[reason][1 if language == "zh" else 2]


def word(key: str, language: Language) -> str:
    """Return a word of the views."""
    return _WORDS[key][0 if language == "zh" else 1]
