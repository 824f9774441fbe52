"""The words that only the page uses, Chinese and English."""

from __future__ import annotations

from typing import Final

from summarizer.report.amounts import Language

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "search": ("搜索标题、原文、条目", "Search headlines, texts, items"),
    "party": ("当事方", "Party"),
    "deal_type": ("交易类型", "Deal type"),
    "verdict": ("核验情况", "Verification"),
    "sort": ("排序", "Sort by"),
    "any": ("不限", "any"),
    "all_verified": ("全部已核实", "nothing to check"),
    "has_review": ("有待核对", "something to check"),
    "has_rejected": ("有被否决", "something rejected"),
    "has_failed": ("没有结果", "no result"),
    "by_order": ("原有顺序", "order of the run"),
    "by_date": ("日期（新的在前）", "date (newest first)"),
    "by_title": ("标题", "headline"),
    "by_open": ("待核对项（多的在前）", "items to check (most first)"),
    "shown": ("显示 {shown} / {all} 篇", "{shown} of {all} articles"),
    "clear": ("清除筛选", "Clear filters"),
    "none_match": ("没有符合条件的文章。", "No article matches."),
    "needs_script": (
        "筛选和查看单篇文章需要浏览器运行本页自带的脚本。",
        "To filter, and to open an article, the browser must run the script that is part of this page.",
    ),
    "unknown_article": ("本报告中没有这篇文章。", "This report holds no such article."),
    "back": ("全部文章", "All articles"),
    "previous": ("上一篇", "Previous"),
    "next": ("下一篇", "Next"),
    "record": ("结果", "Findings"),
    "text": ("原文", "Article"),
    "no_text": (
        "没有这篇文章的原文（texts/ 中缺少对应文件），引文见各条目。",
        "The article's text is not at hand (its file in texts/ is missing); the quotations stand with the items.",
    ),
    "elsewhere": (
        "原文此处并非引句：texts/ 中的文件可能已被改动。",
        "The article reads otherwise at this place: its file in texts/ may have been changed.",
    ),
    "open": ("待核对", "To check"),
    "rejected_count": ("被否决", "Rejected"),
    "figures_count": ("数字", "figures"),
    "deals_count": ("交易", "deals"),
    "summary": ("摘要", "Summary"),
    "doubtful": ("摘要中可能属于别的事情的数字", "Numbers in the summary that may be of something else"),
    "highlights": ("标注", "Highlights"),
    "kind_figure": ("数字", "figure"),
    "kind_deal": ("交易", "deal"),
    "kind_term": ("条款", "term"),
    "kind_item": ("自定义条目", "profile item"),
    "kind_summary": ("摘要依据", "summary support"),
    "kind_unclaimed": ("未使用的数字", "unused number"),
    "kind_furniture": ("页面杂项", "page furniture"),
    "back_to_item": ("回到条目", "Back to the item"),
    "keys": ("键盘", "Keyboard"),
    "keys_help": (
        "/ 搜索 · j k 下一个、上一个 · Enter 打开或定位 · o 下一个待核对 · n p 下一篇、上一篇 · Esc 返回",
        "/ search · j k next, previous · Enter open, or show the place · o next item to check · n p next, previous "
        "article · Esc back",
    ),
}
_FURNITURE: Final[dict[str, tuple[str, str]]] = {
    "boilerplate": ("套话", "boilerplate"),
    "contact": ("联系方式", "contacts"),
    "copyright": ("版权声明", "copyright"),
    "credit": ("署名", "credits"),
    "front_matter": ("文件头", "front matter"),
    "links": ("链接", "links"),
    "masthead": ("报头", "masthead"),
    "navigation": ("导航", "navigation"),
    "repeated": ("重复的文字", "repeated text"),
    "subscription": ("订阅提示", "subscription"),
}  # fmt: skip


def page_word(key: str, language: Language) -> str:
    """Return a word of the page. Raises KeyError for a key that is not in the table: a mistake of ours."""
    return _WORDS[key][0 if language == "zh" else 1]


def furniture_word(kind: str, language: Language) -> str:
    """Return the reader's word for a kind of page furniture, or the kind itself where it is unknown."""
    pair = _FURNITURE.get(kind)
    name = kind if pair is None else pair[0 if language == "zh" else 1]
    return f"{page_word('kind_furniture', language)}{'：' if language == 'zh' else ': '}{name}"
