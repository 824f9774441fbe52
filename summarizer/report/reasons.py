"""Reason codes in plain words: what was tried on an item and did not hold."""

from __future__ import annotations

from typing import Final

from summarizer.report.amounts import Language

# Code, then the Chinese and the English sentence. The codes are those of verification; none is invented here.
_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "QUOTE_NOT_FOUND": ("引用的文字在原文中找不到", "the quoted words are not in the article"),
    "AMOUNT_NOT_IN_QUOTE": ("引句中没有这个数额", "the amount does not stand in the quoted sentence"),
    "NUMBER_FRAGMENT": ("数额只是原文中一个更长数字的一部分", "the amount is only a piece of a longer number in the article"),
    "AMOUNT_UNREADABLE": ("数额无法读成数值", "the amount cannot be read as a value"),
    "VALUE_MISMATCH": ("数值与原文写法不符", "the value is not what the amount as written says"),
    "UNIT_FROM_CONTEXT": (
        "单位由上下文推断，原文数额处未写",
        "the unit is taken from the context; it is not written at the amount",
    ),
    "DEAL_WORDS_NOT_FOUND": ("陈述该交易的文字在原文中找不到", "the words said to state the deal are not in the article"),
    "FIELD_NOT_IN_ARTICLE": ("有字段的文字不在原文中", "the words of a field are not in the article"),
    "AMOUNT_AMBIGUOUS": ("数额有不止一种读法，或在引句中出现多处", "the amount can be read, or placed, in more than one way"),
    "YEAR_NOT_IN_ARTICLE": ("原文没有写明这个年份", "the article does not state this year"),
    "DATE_FAR": ("日期只在离此处很远的地方出现", "the date stands only far from what it is to date"),
    "DATE_NOT_IN_ARTICLE": ("原文没有这个日期", "the article does not state this date"),
    "PERIOD_NOT_IN_ARTICLE": ("原文没有这个期间", "the article does not state this period"),
    "ENTITY_NOT_IN_ARTICLE": ("原文中没有这个主体名称", "the name of whom or what it is about is not in the article"),
    "ENTITY_FAR": ("主体名称只在离数额很远处出现", "whom or what it is about is named only far from the amount"),
    "PARTY_NOT_IN_ARTICLE": ("有当事方的名称不在原文中", "a party's name is not in the article"),
    "PERSON_NOT_IN_ARTICLE": ("有人名不在原文中", "a person's name is not in the article"),
    "PLACE_NOT_IN_ARTICLE": ("地点不在原文中", "the place is not in the article"),
    "AREA_NOT_IN_ARTICLE": ("有合作领域不在原文中", "a field of cooperation is not in the article"),
    "CONSIDERATION_NOT_IN_ARTICLE": ("交易金额不在原文中", "the deal's sum is not in the article"),
    "DURATION_NOT_IN_ARTICLE": ("期限不在原文中", "the duration is not in the article"),
    "CONDITION_NOT_IN_ARTICLE": ("条件不在原文中", "the condition is not in the article"),
    "AMBIGUOUS_LOCATION": (
        "引文在原文中出现不止一次，无法确定是哪一处",
        "the words stand in the article more than once: which place is meant is not certain",
    ),
    "IN_FURNITURE": (
        "出处是页面杂项（导航、版权、电话等），不是正文",
        "it comes from page furniture (links, copyright, contacts), not from the article proper",
    ),
    "IN_INSTRUCTION": (
        "出处是写给机器的指令，不是新闻",
        "it stands in a line that gives orders to a machine, which is no news",
    ),
    "SENTENCE_OUT_OF_RANGE": ("所指的句子序号不存在", "it points to a sentence that does not exist"),
    "WRONG_SENTENCE": ("不在所指的句子里，而在另一句", "it stands in another sentence than the one pointed to"),
    "PARTY_FAR": (
        "有当事方只在离交易陈述很远处出现",
        "a party is named only far from where the deal is stated",
    ),
    "CONSIDERATION_FAR": (
        "金额出现在离交易陈述很远处",
        "the sum stands far from where the deal is stated",
    ),
    "FROM_PATTERN": (
        "由模式匹配得出，未经模型阅读：请核对当事方与内容",
        "found by a pattern, read by no model: check who agreed on what",
    ),
    "NAME_DOUBTFUL": (
        "名称与数额处的原文对不上",
        "the name does not fit the words, or the kind of quantity, at the amount",
    ),
    "STATUS_DOUBTFUL": (
        "是已实现还是计划、预测，与原文措辞不符",
        "actual, target or forecast: the wording of the article speaks against it",
    ),
    "QUALIFIER_MISMATCH": ("“约”“超过”等限定词与原文不一致", "the qualifier (about, more than, …) differs from the article's"),
    "DUPLICATE": ("与另一条重复", "it repeats another item"),
    "TOO_FEW_PARTIES": ("核实到的当事方不足两个", "fewer than two parties could be verified"),
    "NUMBER_NOT_IN_ARTICLE": ("含有原文没有的数字", "it holds a number that the article does not"),
    "NUMBER_ELSEWHERE": ("有数字在原文中说的可能是另一件事", "a number of it may be that of something else in the article"),
    "NAME_NOT_IN_ARTICLE": ("含有原文没有的名称", "it holds a name that the article does not"),
    "SENTENCE_NOT_IN_ARTICLE": ("有一句话与原文几乎没有共同的词", "a sentence of it shares hardly a word with the article"),
    "TOO_LONG": ("文字超过长度限制", "the text is longer than allowed"),
}  # fmt: skip

CODES: Final = tuple(_SENTENCES)


def explain(code: str, language: Language) -> str:
    """Return the sentence for a reason code, or the bare code where it is not known."""
    sentences = _SENTENCES.get(code)
    if sentences is None:
        return code
    return sentences[0] if language == "zh" else sentences[1]
