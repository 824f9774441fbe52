"""Names in the summary's prose that the article must use too: organisations in Chinese, capitalised words in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.quantities.wordlists import words
from summarizer.verify.article_text import ArticleText
from summarizer.verify.locate import in_body, nearest

# What the name of an organisation ends in. Where the name begins no mark shows in Chinese, so it is read from its end.
_ENDING = re.compile(
    r"(?:股份|有限)?公司|集团|集團|银行|銀行|人民政府|管委会|管委會|大[学學](?!生)|研究院|医院|醫院|资本|資本|控股|证券|證券|基金会"
)
_BEFORE = re.compile(r"[\u3400-\u9fffA-Za-z0-9·&（）()]{1,16}\Z")
# Before the ending these make a common word of it, no name (该公司, 合资公司, 两家银行, 三甲医院).
_COMMON = re.compile(
    r"(?:称|稱|下|上|中|里|总|總|后|前|了|以|让|给|该|該|本|此|其|某|各|多|新|子|母|两|兩|这|這|家|个|個|所|大|的|与|與|和|及|为|為|由|向|对|對|在|是|等|并|於|于|名|设|設|立|成"
    r"|合资|合資|合营|上市|目标|目標|项目|項目|全资|控股|国有|民营|外资|专业|科技|创新|产业|成员|公立|三级|三甲|相关|收购|注册|外国|中国"
    r"|国内|海外|跨国|商业|投资|注册|社会|风险|运营|管理|咨询|保险|能源|物流|软件|制造|电力|贸易|参股|关联|关連|附属|附屬|联营|聯營)\Z"
)
_SHARED = 2
_LATIN_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z]+(?:[-&'’][A-Za-z0-9]+)*(?![A-Za-z])")
_SENTENCE_START = re.compile(r"(?:\A|[.!?]\s+|[“\"(])\Z")
# Capitalised in any English text.
_ANY_TEXT = frozenset(
    words(
        "the a an it its in on by for as at and but or of to from with two three both mr ms mrs dr "
        "january february march april may june july august september october november december "
        "monday tuesday wednesday thursday friday saturday sunday "
        "usd cny rmb eur gbp hkd sgd jpy us uk eu ceo cfo coo chinese english q1 q2 q3 q4 h1 h2"
    )
)


def names_in(article: ArticleText, text: str) -> Iterator[tuple[int, int, tuple[int, int] | None]]:
    """Yield each name of the prose as its span in `text`, with the place of the article that uses it, None without one.

    Chinese names are looked for in Chinese prose over a Chinese article, capitalised words where the article writes in
    Latin script: a translated name cannot be compared. The span of an unknown Chinese name is its ending with what stands
    before it, since where it begins is not known.
    """
    is_chinese = article.language.startswith("zh")
    if is_chinese:
        yield from _organisations(article, text)
    yield from _latin_names(article, text, is_chinese=is_chinese)


def _organisations(article: ArticleText, text: str) -> Iterator[tuple[int, int, tuple[int, int] | None]]:
    for ending in _ENDING.finditer(text):
        before = _BEFORE.search(text, max(0, ending.start() - 16), ending.start())
        if before is None or _COMMON.search(text, max(0, ending.start() - 4), ending.start()):
            continue
        # 某某交易公司 for 某某交易有限公司
        forms = (ending[0], "有限公司", "股份有限公司") if ending[0].endswith("公司") else (ending[0],)
        found = None
        shared = min(_SHARED, len(before[0]))
        # The longest end of the words that the article has too, two characters before the ending at least.
        while shared <= len(before[0]):
            stem = text[ending.start() - shared : ending.start()]
            place = next((one for form in forms if (one := nearest(article, stem + form, 0))), None)
            if place is None:
                break
            found, shared = place, shared + 1
        if found is not None:
            yield ending.start() - shared + 1, ending.end(), found
        elif not in_body(article, text[ending.start() - shared : ending.start()]):
            # 液冷公司 in an article about cooling describes; a name brings characters of its own.
            yield max(before.start(), ending.start() - 6), ending.end(), None


def _latin_names(
    article: ArticleText, text: str, *, is_chinese: bool
) -> Iterator[tuple[int, int, tuple[int, int] | None]]:
    if is_chinese != (sum("\u3400" <= char <= "\u9fff" for char in text) * 4 > len(text)):
        # Prose in the other language than the article's: its names are translations.
        return
    known_words = article.latin_words
    for name in _LATIN_NAME.finditer(text):
        bare = re.sub(r"(?:'s|’s)$", "", name[0]).lower()
        if bare in _ANY_TEXT:
            continue
        if not is_chinese and _SENTENCE_START.search(text, max(0, name.start() - 4), name.start()):
            # Every sentence begins with a capital; there a word is a name only if the article says so.
            continue
        place = known_words.get(bare)
        if place is None and all(part in known_words or part in _ANY_TEXT for part in re.split(r"[-&']", bare)):
            continue
        yield name.start(), name.end(), place
