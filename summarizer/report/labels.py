"""The words of the views, Chinese and English, and the reader's words for the codes of a record."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final, Literal

from summarizer.records import ArticleRecord, RunInfo, Verdict
from summarizer.report.amounts import Language

LanguageChoice = Literal["auto", "zh", "en"]
Pair = tuple[str, str]

# One glyph a verdict for files; the terminal may know ASCII only.
MARKS: Final[Mapping[Verdict, str]] = {"verified": "✓", "review": "?", "rejected": "✗"}
ASCII_MARKS: Final[Mapping[Verdict, str]] = {"verified": "[ok]", "review": "[? ]", "rejected": "[no]"}
VERDICT_ORDER: Final[Mapping[Verdict, int]] = {"verified": 0, "review": 1, "rejected": 2}

_WORDS: Final[dict[str, Pair]] = {
    "report_title": ("新闻摘要与核验报告", "News summaries, figures and deals, verified"),
    "overview": ("总览", "Overview"),
    "article": ("文章", "Article"),
    "status": ("状态", "Status"),
    "headline": ("标题", "Headline"),
    "abstract": ("摘要", "Abstract"),
    "figures_verified": ("数字：已核实", "Figures: verified"),
    "figures_review": ("数字：待核对", "Figures: to check"),
    "rejected_column": ("被否决的条目", "Rejected items"),
    "deals_column": ("交易：已核实 / 全部", "Deals: verified / all"),
    "publisher": ("发布", "Publisher"),
    "published_on": ("日期", "Date"),
    "source": ("来源", "Source"),
    "id": ("编号", "Id"),
    "title": ("原题", "Title"),
    "made_by": ("制作", "Made by"),
    "key_points": ("要点", "Key points"),
    "key_figures": ("关键数字", "Key figures"),
    "deals": ("交易与合作", "Deals"),
    "items": ("自定义条目", "Items of the profile"),
    "to_check": ("待核对：以下内容未经核实", "To check: nothing below is verified"),
    "nothing_to_check": ("无待核对内容。", "Nothing to check."),
    "figure": ("指标", "Figure"),
    "entity": ("主体", "Entity"),
    "as_written": ("原文写法", "As written"),
    "value": ("数值", "Read as"),
    "period": ("期间", "Period"),
    "figure_status": ("性质", "Status"),
    "quote": ("原文引句 [位置]", "Quote [position]"),
    "why": ("原因", "Why"),
    "summary_review": ("摘要待核对", "Summary to check"),
    "type": ("类型", "Type"),
    "parties": ("当事方", "Parties"),
    "aliases": ("又称", "also"),
    "signed_on": ("签署日期", "Signed on"),
    "effective_on": ("生效或成立日期", "Effective on"),
    "place": ("地点", "Place"),
    "signatories": ("在场人员", "People"),
    "areas": ("合作领域", "Areas"),
    "consideration": ("金额", "Sum"),
    "duration": ("期限", "Duration"),
    "terms": ("条款", "Terms"),
    "obligor": ("承担方", "bound"),
    "beneficiary": ("受益方", "benefits"),
    "condition": ("条件", "condition"),
    "no_headline": ("（无标题）", "(no headline)"),
    "no_summary": ("此记录没有摘要。", "This record holds no summary."),
    "no_quote": ("（未记录出处）", "(no place of the article is recorded)"),
    "none_found": ("未发现。", "None found."),
    "none_verified": ("没有已核实的条目。", "None verified."),
    "not_asked": ("此记录不含这一部分。", "This record does not hold this part."),
    "figures_to_check": ("数字", "Figures"),
    "deals_to_check": ("交易与条款（详见上文各交易）", "Deals and terms (shown in full under each deal above)"),
    "items_to_check": ("自定义条目", "Items of the profile"),
    "rejected": ("被否决的条目", "Rejected"),
    "unclaimed": ("正文中没有条目使用的数字", "Numbers of the article that no item uses"),
    "prose": ("摘要中在原文找不到依据的数字", "Numbers in the summary without support in the article"),
    "prose_unsupported_note": (
        "原文中找不到依据，引用前请核对。",
        "Nothing in the article says this; check before you print it.",
    ),
    "coverage": ("正文数字的覆盖率", "Coverage of the article's numbers"),
    "warnings": ("阅读提示", "Warnings"),
    "no_audit": ("此记录没有核查部分：完整性未知。", "This record holds no audit: completeness is unknown."),
    "failed_inputs": ("没有结果的输入", "Inputs without a result"),
    "no_failed_inputs": ("所有输入都有记录。", "Every input has a record."),
    "failed_record": ("没有结果", "No result"),
    "kind": ("种类", "Kind"),
    "message": ("说明", "Message"),
    "no_records": ("没有记录。", "No records."),
    "and_more": ("……另有 {count} 处", "… and {count} more"),
    "offline": ("离线引擎：未询问任何模型；抽取式摘要", "offline engine: no model was asked; extractive summary"),
    "model": ("模型 {model} 提议，由程序核实", "proposed by the model {model}, verified by code"),
    "unnamed_model": ("（未记名）", "(not named)"),
    "counts": (
        "共 {all} 篇文章：{ok} 篇通过，{needs_review} 篇需核对，{failed} 篇失败；没有记录的输入 {inputs} 个。",
        "Articles: {all} ({ok} ok, {needs_review} to check, {failed} failed). Inputs without a record: {inputs}.",
    ),
    "made_of": ("制作方式：{engines}。", "Made this way: {engines}."),
    "n_articles": ("{count} 篇", "articles: {count}"),
    "purpose": (
        "本报告汇集新闻的摘要、关键数字与交易条款，全部由记录文件 results.jsonl 生成。",
        "This report gathers summaries, key figures and deal terms of news articles, from the records in results.jsonl alone.",
    ),
    "how_to_read": (
        "**读法** “✓ 已核实”：引文由程序在原文中逐字找到，数值由程序从原文写法读出。"
        "“? 待核对”：未通过全部检查，引用前请对照原文。“✗ 已否决”：不属于结果，只列出备查。"
        "标题、摘要与要点是叙述文字，其中每个数字的脚注给出原文依据，没有依据的另行列出。"
        "方括号 [起:止] 是引文在 texts/ 中该文章文本里的字符位置（左闭右开）。",
        "**How to read it** “✓ verified”: code found the quoted words in the article, character for character, and read "
        "the value from the amount as written. “? to check”: not every check held; compare with the article before use. "
        "“✗ rejected”: no part of the result, listed for the record. Headlines, abstracts and key points are prose; "
        "a footnote behind each number in them quotes the article, and those it does not support are listed. Brackets "
        "[start:end] are character positions in the article's text in texts/ (half open).",
    ),
    "not_verified_below": (
        "另有 {count} 条未经核实，列在本篇的“待核对”。",
        "Not verified: {count} more, listed under “To check” of this article.",
    ),
    "prose_counts": (
        "摘要与要点中的数字：{all} 个，其中 {supported} 个在原文中有依据。",
        "Numbers in headline, abstract and key points: {all}, of which the article supports {supported}.",
    ),
    "prose_unsupported": ("没有依据：", "Without support: "),
    "n_terms": ("待核对的条款：{count} 项", "terms to check: {count}"),
    "quote_elsewhere": ("（此处的原文并非引句！）", "(the article reads otherwise at this place!)"),
    "deals_short": ("交易", "Deals"),
    "legend": (
        "[ok] 已核实的数字；[? ] 待核对的数字；[no] 被否决的条目；交易：已核实/全部",
        "[ok] figures verified; [? ] figures to check; [no] rejected items; deals: verified/all",
    ),
    "stated": ("原文", "Stated"),
    "remark": ("说明", "Note"),
    "no_reason": ("（未记录原因）", "(no reason is recorded)"),
}
_VERDICTS: Final[dict[str, Pair]] = {
    "verified": ("已核实", "verified"),
    "review": ("待核对", "to check"),
    "rejected": ("已否决", "rejected"),
}
_CODES: Final[dict[str, dict[str, Pair]]] = {
    "verdict": _VERDICTS,
    "record_status": {
        "ok": ("通过", "ok"),
        "needs_review": ("需核对", "to check"),
        "failed": ("失败", "failed"),
        "skipped": ("跳过", "skipped"),
    },
    "figure_status": {"actual": ("实际", "actual"), "target": ("目标", "target"), "forecast": ("预测", "forecast")},
    "deal_type": {
        "strategic_cooperation": ("战略合作", "strategic cooperation"),
        "joint_venture": ("合资", "joint venture"),
        "investment": ("投资", "investment"),
        "acquisition": ("收购", "acquisition"),
        "procurement": ("采购", "procurement"),
        "licence": ("许可", "licence"),
        "project_contract": ("项目合同", "project contract"),
        "settlement": ("入驻", "settlement in a park or district"),
        "research": ("联合研究", "research"),
        "other": ("其他", "other"),
    },
    "deal_status": {
        "signed": ("已签署", "signed"),
        "announced": ("已宣布", "announced"),
        "completed": ("已完成", "completed"),
        "intended": ("意向", "intended"),
    },
    "party_kind": {
        "company": ("企业", "company"),
        "government": ("政府", "government"),
        "institution": ("机构", "institution"),
        "person": ("个人", "person"),
        "other": ("其他", "other"),
    },
    "party_role": {
        "party": ("当事方", "party"),
        "buyer": ("买方", "buyer"),
        "seller": ("卖方", "seller"),
        "investor": ("投资方", "investor"),
        "investee": ("被投资方", "investee"),
        "lender": ("贷款方", "lender"),
        "borrower": ("借款方", "borrower"),
        "licensor": ("许可方", "licensor"),
        "licensee": ("被许可方", "licensee"),
        "supplier": ("供应方", "supplier"),
        "customer": ("客户", "customer"),
        "contractor": ("承包方", "contractor"),
        "tenant": ("入驻方", "tenant"),
        "host": ("接纳方", "host"),
        "target": ("标的", "target"),
    },
    "signatory_role": {"signed": ("签署", "signed"), "attended": ("出席", "attended"), "witnessed": ("见证", "witnessed")},
    "term_kind": {
        "commitment": ("承诺", "commitment"),
        "preference": ("优先", "preference"),
        "exclusivity": ("独家", "exclusivity"),
        "investment": ("投资", "investment"),
        "purchase": ("采购", "purchase"),
        "resource": ("资源", "resource"),
        "incentive": ("优惠", "incentive"),
        "target": ("目标", "target"),
        "governance": ("治理", "governance"),
        "condition": ("条件", "condition"),
        "duration": ("期限", "duration"),
    },
    "where": {"headline": ("标题", "headline"), "abstract": ("摘要", "abstract"), "key_points": ("要点", "key points")},
    "bound": {"both": ("双方", "both"), "all": ("各方", "all")},
}  # fmt: skip


def word(key: str, language: Language) -> str:
    """Return a word of the frame. Raises KeyError for a key that is not in the table: a mistake of ours."""
    return _WORDS[key][0 if language == "zh" else 1]


def label(key: str, language: Language) -> str:
    """Return a word of the frame with its colon, ready for what follows."""
    return word(key, language) + ("：" if language == "zh" else ": ")


def code_word(table: str, code: str, language: Language) -> str:
    """Return the reader's word for a code of a record (`deal_type`, `joint_venture`), or the code itself where it is unknown."""
    pair = _CODES[table].get(code)
    return code if pair is None else pair[0 if language == "zh" else 1]


def record_language(record: ArticleRecord, choice: LanguageChoice = "auto") -> Language:
    """Return the language of a record's labels: the article's, Chinese or else English, unless one is asked for."""
    if choice != "auto":
        return choice
    return "zh" if record.article.language.casefold().startswith("zh") else "en"


def frame_language(languages: Iterable[Language], choice: LanguageChoice = "auto") -> Language:
    """Return the language of what surrounds several records: Chinese where all of them are, otherwise English."""
    if choice != "auto":
        return choice
    return "zh" if set(languages) == {"zh"} else "en"


def engine_line(run: RunInfo, language: Language) -> str:
    """Return one phrase that says who proposed: a model by its name, or plainly that none was asked."""
    if run.engine == "offline":
        return word("offline", language)
    return word("model", language).replace("{model}", run.model or word("unnamed_model", language))


def coverage_percent(share: float) -> str:
    """Return a share of 0 to 1 in percent, rounded down: only everything is 100%, only nothing is 0%."""
    if math.isnan(share):
        return "?"
    percent = min(max(share, 0.0), 1.0) * 100
    if 0 < percent < 1:
        return "<1%"
    # 0.29 * 100 is 28.999…96 in binary: what lies that near to a whole number is meant to be it.
    whole = int(percent + 1e-9)
    return f"{whole}%" if whole < 100 or share >= 1 else "99%"
