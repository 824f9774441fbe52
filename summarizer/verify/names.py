"""Names of parties, persons and places: whether the article uses them, and which other names it gives them."""

from __future__ import annotations

import re
from functools import lru_cache

from summarizer.verify.article_text import ArticleText
from summarizer.verify.folding import folded_words
from summarizer.verify.locate import everywhere, in_body

_QUOTED = r"[“\"「『‘']\s*([^“”\"「」『』‘’']{2,30})\s*[”\"」』’']"
# 某某公司（以下简称“某某”）, X Corporation (NYSE: X) ("X"), X Ltd (hereinafter "X")
_DEFINED = re.compile(rf"[（(][^（）()]{{0,40}}?{_QUOTED}(?:\s*(?:,|、|或|or)\s*{_QUOTED})?[^（）()]{{0,20}}[）)]")
# A stock code may stand between name and short form: X Corporation (NYSE: X) ("X")
_ASIDE = re.compile(r"\s*(?:[（(][^（）()\"“「]{0,30}[）)])?\s*")
_LEGAL_FORMS = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "集团", "公司", "人民政府", "市政府", "政府",
)  # fmt: skip
_LEGAL_FORM_EN = re.compile(
    r",?\s+(?:Inc|Corporation|Corp|Company|Co|Ltd|Limited|LLC|PLC|plc|N\.?V|A/S|AS|AG|SA|GmbH|Pte Ltd|Holdings?|Group)"
    r"\.?(?:,?\s+(?:Ltd|Limited|N\.A)\.?)?$"
)
_JOINTS = re.compile(r"[（()）的\s“”\"、,，和与及—–-]+|'s\b")
_PLACE_IN_NAME = re.compile(r"[（(][\u4e00-\u9fff]{2,4}[）)]")

# Not names but words for the parties together.
TOGETHER = frozenset({"both", "all", "双方", "雙方", "各方", "三方"})
_COUNTRIES = {
    "France": "French", "Germany": "German", "Spain": "Spanish", "Italy": "Italian", "Portugal": "Portuguese",
    "Netherlands": "Dutch", "Denmark": "Danish", "Sweden": "Swedish", "Norway": "Norwegian", "Finland": "Finnish",
    "Poland": "Polish", "Ireland": "Irish", "Switzerland": "Swiss", "Austria": "Austrian", "Belgium": "Belgian",
    "Britain": "British", "United Kingdom": "British", "United States": "American", "Canada": "Canadian",
    "Mexico": "Mexican", "Brazil": "Brazilian", "Australia": "Australian", "China": "Chinese", "Japan": "Japanese",
    "South Korea": "South Korean", "India": "Indian", "Indonesia": "Indonesian", "Malaysia": "Malaysian",
    "Vietnam": "Vietnamese", "Thailand": "Thai", "Turkey": "Turkish", "Russia": "Russian", "Ukraine": "Ukrainian",
    "Kenya": "Kenyan", "Nigeria": "Nigerian", "Egypt": "Egyptian", "Ethiopia": "Ethiopian", "Europe": "European",
}  # fmt: skip
_ROLE = (
    "招标人|采购人|发包人|承包人|中标人|委托人|受托人|转让方|受让方|买方|卖方|出租方|承租方|出租人|承租人|发行人"
    "|甲方|乙方|丙方"
)
# 招标人：某公司, 某公司（招标人）
_ROLE_BEFORE = re.compile(rf"({_ROLE})(?:名称)?\s*[：:]\s*\Z")
_ROLE_AFTER = re.compile(rf"\s*[（(](?:以下简称|下称)?[“「\"]?({_ROLE})[”」\"]?[）)]")
# What an article calls a party later on without defining it: the first word of an English name, the kind of an office.
_CALLED = re.compile(r"^[A-Z][A-Za-z]{3,}|管委会|管委會|市政府|区政府|县政府|省政府")


@lru_cache(maxsize=1024)
def called(name: str) -> tuple[str, ...]:
    """Return what an article may call a party later on without saying so: `Merapi` for Merapi Growth Fund."""
    return tuple(_CALLED.findall(name)) + ((_COUNTRIES[name],) if name in _COUNTRIES else ())


def roles_of(article: ArticleText, name: str) -> tuple[str, ...]:
    """Return the roles that the article gives a party and then calls it by: 招标人 after 招标人：某公司."""
    found = article.known.roles.get(name)
    if found is None:
        text, roles = article.text, []
        for start, end in everywhere(article, name):
            given = _ROLE_BEFORE.search(text, max(0, start - 12), start) or _ROLE_AFTER.match(text, end)
            roles += [given[1]] if given else []
        found = article.known.roles[name] = tuple(dict.fromkeys(roles))
    return found


def is_named(article: ArticleText, name: str) -> bool:
    """Return whether the body uses the name, or all the pieces of a name that was put together (甲公司与乙集团合作协议)."""
    if in_body(article, name):
        return True
    parts = parts_of_name(name)
    return bool(parts) and all(_is_pieced(article, part) for part in parts)


def parts_of_name(name: str) -> list[str]:
    """Return the pieces of a name between brackets, blanks and words that join, of two characters or more."""
    return [part for part in _JOINTS.split(name) if len(part) > 1]


def _is_pieced(article: ArticleText, part: str) -> bool:
    """Return whether the part, or both halves of it at some cut, stand in the body; a half has two characters or more."""
    if in_body(article, part):
        return True
    return any(in_body(article, part[:cut]) and in_body(article, part[cut:]) for cut in range(2, len(part) - 1))


def aliases_of(article: ArticleText, name: str) -> tuple[str, ...]:
    """Return the other names that the article itself gives or uses for a party.

    Given: the quoted short form in brackets behind the name. Used: the name without its legal form or place, where the
    article uses that on its own.
    """
    aliases = article.known.aliases.get(name)
    if aliases is None:
        aliases = article.known.aliases[name] = _find_aliases(article, name)
    return aliases


def _find_aliases(article: ArticleText, name: str) -> tuple[str, ...]:
    found: list[str] = []
    for _, end in in_body(article, name):
        defined = _DEFINED.match(article.text, _skip_aside(article.text, end)) or _DEFINED.match(article.text, end)
        if defined:
            found += [alias.strip() for alias in defined.groups() if alias]
    found += [short for short in _short_forms(name) if _stands_alone(article, short, name)]
    wanted = folded_words(name)
    return tuple(dict.fromkeys(alias for alias in found if folded_words(alias) != wanted))


def _skip_aside(text: str, position: int) -> int:
    match = _ASIDE.match(text, position)
    return match.end() if match else position


@lru_cache(maxsize=1024)
def _short_forms(name: str) -> tuple[str, ...]:
    """Return the name without its legal form, and without a place in brackets."""
    forms = []
    bare = _PLACE_IN_NAME.sub("", name)
    for candidate in dict.fromkeys((name, bare)):
        english = _LEGAL_FORM_EN.sub("", candidate)
        if english != candidate:
            forms.append(english)
        for form in _LEGAL_FORMS:
            if candidate.endswith(form) and len(candidate) - len(form) >= 2:
                forms.append(candidate.removesuffix(form))
        if candidate != name:
            forms.append(candidate)
    return tuple(forms)


def _stands_alone(article: ArticleText, short: str, name: str) -> bool:
    """Return whether the short form occurs outside the full name."""
    long_spans = everywhere(article, name)
    return any(
        not any(low <= start and end <= high for low, high in long_spans) for start, end in in_body(article, short)
    )
