"""The words of report.xlsx: names of its sheets, heads of its columns, and the reader's words for the codes in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from summarizer.report.amounts import Language
from summarizer.report.labels import code_word

_SHEETS: Final = {
    "articles": ("文章", "Articles"),
    "figures": ("数字", "Figures"),
    "deals": ("交易", "Deals"),
    "terms": ("条款", "Terms"),
    "review": ("待核对", "To check"),
    "items": ("自定义条目", "Profile items"),
}
_HEADS: Final = {
    "link": ("查看", "Open"),
    "article_id": ("文章编号", "Article id"),
    "title": ("原题", "Title"),
    "source": ("来源", "Source"),
    "publisher": ("发布", "Publisher"),
    "published_on": ("发布日期", "Published on"),
    "language": ("语言", "Language"),
    "engine": ("引擎", "Engine"),
    "model": ("模型", "Model"),
    "prompt_version": ("提示版本", "Prompt version"),
    "verdict": ("核实", "Verdict"),
    "why": ("原因", "Why"),
    "reasons": ("原因代码", "Reason codes"),
    "name": ("名称", "Name"),
    "entity": ("主体", "Entity"),
    "amount": ("原文写法", "As written"),
    "read_as": ("读作", "Read as"),
    "value": ("数值", "Value"),
    "value_max": ("数值上限", "Value, upper end"),
    "unit": ("单位", "Unit"),
    "qualifier": ("限定", "Qualifier"),
    "period": ("期间", "Period"),
    "status": ("状态", "Status"),
    "quote": ("原文引句", "Quote"),
    "start": ("起", "Start"),
    "end": ("止", "End"),
    "source_start": ("源文件起", "Start in source file"),
    "source_end": ("源文件止", "End in source file"),
    "also_at": ("其他位置", "Also at"),
    "deal_number": ("交易序号", "Deal no."),
    "deal_name": ("交易", "Deal"),
    "deal_verdict": ("交易核实", "Verdict of deal"),
    "type": ("类型", "Type"),
    "parties": ("当事方", "Parties"),
    "party_kinds": ("当事方性质", "Kinds of parties"),
    "party_roles": ("当事方角色", "Roles of parties"),
    "party_aliases": ("当事方又称", "Other names of parties"),
    "signed_on": ("签署日期", "Signed on"),
    "effective_on": ("生效或成立日期", "Effective on"),
    "place": ("地点", "Place"),
    "signatories": ("在场人员", "People"),
    "areas": ("合作领域", "Areas"),
    "consideration": ("金额（原文）", "Sum as written"),
    "consideration_read_as": ("金额读作", "Sum read as"),
    "consideration_value": ("金额数值", "Sum"),
    "consideration_value_max": ("金额上限", "Sum, upper end"),
    "consideration_unit": ("金额单位", "Unit of sum"),
    "consideration_qualifier": ("金额限定", "Qualifier of sum"),
    "duration": ("期限", "Duration"),
    "terms_verified": ("条款：已核实", "Terms: verified"),
    "terms": ("条款：全部", "Terms: all"),
    "kind": ("种类", "Kind"),
    "text": ("内容", "Text"),
    "obligor": ("承担方", "Bound"),
    "beneficiary": ("受益方", "Benefits"),
    "condition": ("条件", "Condition"),
    "error_kind": ("错误种类", "Kind of error"),
    "error": ("错误说明", "Error"),
    "headline": ("标题", "Headline"),
    "abstract": ("摘要", "Abstract"),
    "key_points": ("要点", "Key points"),
    "summary_verdict": ("摘要核实", "Verdict of summary"),
    "figures": ("数字：全部", "Figures: all"),
    "figures_verified": ("数字：已核实", "Figures: verified"),
    "figures_review": ("数字：待核对", "Figures: to check"),
    "deals": ("交易：全部", "Deals: all"),
    "deals_verified": ("交易：已核实", "Deals: verified"),
    "rejected": ("被否决的条目", "Rejected items"),
    "unclaimed": ("无条目使用的数字", "Numbers no item uses"),
    "coverage": ("正文数字的覆盖率", "Coverage of numbers"),
    "warnings": ("阅读提示", "Warnings"),
    "chars": ("字符数", "Characters"),
    "sha256": ("SHA-256", "SHA-256"),
}
_MORE_ROWS: Final = (
    "……另有 {count} 行放不下，见 CSV 或 Parquet",
    "… {count} more rows do not fit; see CSV or Parquet",
)

# Codes of a column by the table that it stands in; "" for every table.
_CODES: Final[Mapping[tuple[str, str], str]] = {
    ("", "verdict"): "verdict",
    ("", "deal_verdict"): "verdict",
    ("", "summary_verdict"): "verdict",
    ("articles", "status"): "record_status",
    ("figures", "status"): "figure_status",
    ("deals", "status"): "deal_status",
    ("deals", "type"): "deal_type",
    ("deals", "party_kinds"): "party_kind",
    ("deals", "party_roles"): "party_role",
    ("terms", "kind"): "term_kind",
    ("terms", "obligor"): "bound",
    ("terms", "beneficiary"): "bound",
}
_OWN_CODES: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "qualifier": {
        "exact": ("准确", "exact"),
        "about": ("约", "about"),
        "nearly": ("近", "nearly"),
        "more_than": ("超过", "more than"),
        "at_least": ("至少", "at least"),
        "less_than": ("不足", "less than"),
        "at_most": ("至多", "at most"),
        "range": ("区间", "range"),
    },
    "review_kind": {
        "summary": ("摘要", "summary"),
        "figure": ("数字", "figure"),
        "deal": ("交易", "deal"),
        "term": ("条款", "term"),
        "item": ("自定义条目", "profile item"),
        "rejected": ("被否决的条目", "rejected proposal"),
    },
}
_OWN: Final = {
    ("figures", "qualifier"): "qualifier",
    ("deals", "consideration_qualifier"): "qualifier",
    ("review", "kind"): "review_kind",
}
# What a person did at the signing ends the brackets behind the name.
_PERSON_ROLE = re.compile(r"(?<=[ (])[a-z]+(?=\)(?:; |$))")


def sheet_name(table: str, language: Language) -> str:
    """Return the name of a table's sheet."""
    return _chosen(_SHEETS[table], language)


def column_head(column: str, language: Language) -> str:
    """Return the head of a column."""
    return _chosen(_HEADS[column], language)


def more_rows(count: int, language: Language) -> str:
    """Return what the last row of a full sheet says."""
    return _chosen(_MORE_ROWS, language).format(count=count)


def cell_words(table: str, column: str, text: str, language: Language) -> str:
    """Return a cell's codes in the reader's words, and a cell of a column without codes as it is; unknown codes stay."""
    if column == "signatories":
        return _PERSON_ROLE.sub(lambda role: code_word("signatory_role", role[0], language), text)
    own = _OWN_CODES.get(_OWN.get((table, column), ""))
    if own is not None:
        return _chosen(own[text], language) if text in own else text
    codes = _CODES.get((table, column)) or _CODES.get(("", column))
    if codes is None:
        return text
    return "; ".join(code_word(codes, code, language) for code in text.split("; "))


def _chosen(pair: tuple[str, str], language: Language) -> str:
    return pair[0 if language == "zh" else 1]
