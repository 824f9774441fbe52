"""A party's name taken apart: what names it, and what only says its legal form, place, province or office."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from summarizer.quantities.folding import fold
from summarizer.quantities.wordlists import words
from summarizer.records import PartyKind

Group = Literal["government", "organization"]

# Traditional characters of names beyond those that number words have; pairs of old and new.
_TRADITIONAL: Final = (
    "銀银險险華华東东廣广龍龙風风雲云馬马鴻鸿鑫鑫恆恒鏈链濟济薩萨羅罗維维術术藥药醫医療疗養养農农壓压礦矿鐵铁鋼钢鋁铝鋰锂鈉钠"
    "積积創创製制輸输運运軌轨衛卫飲饮導导體体軟软臨临豐丰興兴眾众會会環环節节陽阳陳陈張张許许趙赵錢钱孫孙吳吴鄭郑馮冯葉叶蘇苏"
    "湯汤溝沟瀾澜嵐岚嶺岭島岛橋桥術术視视訊讯語语誠诚諾诺證证議议讀读貝贝貿贸賓宾賢贤轉转遼辽鄰邻銷销鋒锋錦锦鍵键鎮镇閣阁閩闽"
    "陝陕陸陆際际雜杂離离靈灵韶韶順顺頓顿領领飛飞餐餐駿骏鵬鹏鷹鹰麗丽齊齐檢检標标樂乐殼壳滬沪漢汉災灾爾尔獨独獲获發发盛盛監监"
    "礎础禮礼種种穩稳競竞筆笔紅红納纳細细經经綠绿網网編编緣缘縱纵織织繼继罰罚聖圣職职腦脑臺台艦舰蓋盖藍蓝號号補补裝装製制訂订"
)
_SIMPLER: Final = str.maketrans(
    {old: new for old, new in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True) if old != new}
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_BRACKETED = re.compile(r"\s*\(([^()]*)\)\s*")
_QUOTED = re.compile(r"[“\"「『‘']\s*([^“”\"「」『』‘’']{2,30})\s*[”\"」』’']")
# NYSE: HLV, 600519.SH, 股票代码：002230
_STOCK_CODE = re.compile(r"[:：]|\d{4,}")

_LEGAL_ZH = re.compile(
    r"(?P<group>(?:投资)?控股集团|集团控股|集团|控股)?(?P<shares>股份)?(?P<limited>有限(?:责任)?)?(?P<company>公司)$"
    r"|(?P<bare>控股集团|集团|控股)$"
)
_LEGAL_EN: Final = {
    "inc": "inc", "incorporated": "inc", "corp": "corp", "corporation": "corp", "co": "co", "company": "co",
    "ltd": "ltd", "limited": "ltd", "llc": "llc", "plc": "plc", "nv": "nv", "a/s": "as", "as": "as", "ag": "ag",
    "sa": "sa", "gmbh": "gmbh", "pte": "ltd", "pty": "ltd", "sl": "sl", "kk": "kk", "bv": "bv", "spa": "spa",
    "ab": "ab", "asa": "asa", "oyj": "oyj", "na": "na", "kgaa": "kgaa", "se": "se", "group": "group",
    "holding": "group", "holdings": "group",
}  # fmt: skip
_OFFICE_ZH = re.compile(
    r"(?:(?P<office>管委会|管理委员会)|(?:(?<=[市省县区州])委[、和]?[市省县区州])?(?:人民政府|政府))$"
)
# A stem is lazily short, so that 临澜新区 is 临澜 and 新区.
_UNIT = r"[^省市县区旗镇\s]{1,8}?(?:特别行政区|自治区|自治州|自治县|开发区|高新区|新区|地区|省|市|县|区|旗|镇)"
_UNITS = re.compile(rf"(?:{_UNIT})*")
_ONE_UNIT = re.compile(_UNIT)
_LEVEL = re.compile(r"(?:特别行政区|自治区|自治州|自治县|开发区|高新区|新区|地区|省|市|县|区|旗|镇)$")
_OFFICE_EN = re.compile(
    r"^(?:the )?(?:(?:people's |municipal |provincial |local )*(?:government|administration) of )?(?:the )?"
    r"(?:(?P<before>city|municipality|province|county|district) of )?(?P<stem>.+?)"
    r"(?: (?P<behind>city|municipality|municipal|province|provincial|county|district))?"
    r"(?:'s)?(?: people's)?(?P<office> government)?$"
)
_LEVELS_EN: Final = {
    "city": "市", "municipality": "市", "municipal": "市", "province": "省", "provincial": "省", "county": "县",
    "district": "区",
}  # fmt: skip
_PROVINCES: Final = words(
    "北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 "
    "云南 陕西 甘肃 青海 广西 内蒙古 宁夏 新疆 西藏 香港 澳门 台湾"
)
# What a text calls a party for its own purposes; in another article the same word is somebody else.
_ROLES: Final = frozenset(
    words(
        "本公司 公司 本集团 集团 目标公司 合资公司 项目公司 标的公司 买方 卖方 甲方 乙方 丙方 "
        "采购人 中标人 供应商 投资方 投资者 对方 双方 各方 三方 "
        "发包人 承包人 出租方 承租方 认购方 转让方 受让方 该公司 政府 市政府 省政府 县政府 区政府 管委会 当地政府 "
        "有关部门 某公司 企业 园区 项目 平台 产业园 基地 "
        "company group buyer seller purchaser supplier customer target issuer lender borrower parent licensee licensor "
        "investor investors partner partners both government contractor client bank"
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameForm:
    """A name taken apart. `core` is what is left when everything that another article may leave out is put aside.

    `place` is the one in brackets, `within` the units above a place (广东 above 韶关), `other` the forms in other letters
    or in quotes that the name itself gives.
    """

    text: str
    group: Group
    core: str
    whole: str
    place: str = ""
    legal: str = ""
    level: str = ""
    within: tuple[str, ...] = ()
    other: tuple[str, ...] = ()

    @property
    def script(self) -> str:
        """`han` or `latin`: names in different scripts cannot be compared letter by letter."""
        return "han" if _HAN.search(self.core) else "latin"

    @property
    def is_bare(self) -> bool:
        """Whether the name says neither legal form nor place, so that it may be a short form."""
        return not (self.legal or self.place)

    @property
    def is_role(self) -> bool:
        """Whether it is a word for a party's part in its article (本公司, the Buyer), not a name."""
        return self.whole.removeprefix("the ") in _ROLES

    def is_like(self, other: NameForm) -> bool:
        """Return whether one name begins the other, so that it may be a short form of it: 沅峤新能源, 沅峤新能源科技."""
        short, long = sorted((self.core, other.core), key=len)
        if self.group != other.group or not long.startswith(short) or self.contradicts(other):
            return False
        return self.script == "han" or not long[len(short) :][:1].isalnum()

    def contradicts(self, other: NameForm) -> bool:
        """Return whether two names of the same core say that they are two: other place, legal form, level or province."""
        return (
            _differ(self.place, other.place)
            or _differ(self.level, other.level)
            or not _legal_fits(self.legal, other.legal)
            or bool(self.within and other.within and not set(self.within) & set(other.within))
        )


def folded(text: str) -> str:
    """Return a comparison copy: width, case, accents, traditional characters and blanks folded."""
    plain = fold(unicodedata.normalize("NFKC", text)).translate(_SIMPLER).casefold().replace("’", "'")
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    return " ".join(plain.split())


@lru_cache(maxsize=16384)
def parse_name(name: str, kind: PartyKind | None = None) -> NameForm:
    """Take a party's name apart. Cost: some 20 µs, then remembered."""
    whole = folded(name)
    bare, place, other = _without_brackets(whole)
    if kind == "person" or not bare:
        return NameForm(text=name, group="organization", core=bare or whole, whole=whole, other=other)
    if kind == "government" or (kind in (None, "other", "institution") and _is_unit(bare)):
        return _government(name, whole, bare, other)
    core, legal = _company(bare)
    return NameForm(text=name, group="organization", core=core, whole=whole, place=place, legal=legal, other=other)


def _without_brackets(whole: str) -> tuple[str, str, tuple[str, ...]]:
    """Return the name without brackets, the place that they name, and the other names that they give."""
    place, other = "", []
    has_han = bool(_HAN.search(_BRACKETED.sub("", whole)))
    for inside in _BRACKETED.findall(whole):
        quoted = _QUOTED.findall(inside)
        if quoted:
            other += quoted
        elif _STOCK_CODE.search(inside):
            continue
        elif has_han == bool(_HAN.search(inside)):
            place = inside if inside not in ("集团", "控股", "group", "holdings") else place
        elif _LATIN.search(inside) or _HAN.search(inside):
            other.append(inside.strip())
    bare = _BRACKETED.sub("" if has_han else " ", whole).strip().removeprefix("中共")
    return bare, place, tuple(dict.fromkeys(other))


def _is_unit(bare: str) -> bool:
    office = _OFFICE_ZH.search(bare)
    if office and office.start() > 1:
        return True
    if _HAN.search(bare):
        return bool(_UNITS.fullmatch(bare)) and len(bare) > 2
    found = _OFFICE_EN.match(bare)
    return bool(found and (found["office"] or found["before"]))


def _government(name: str, whole: str, bare: str, other: tuple[str, ...]) -> NameForm:
    if not _HAN.search(bare):
        found = _OFFICE_EN.match(bare)
        stem = found["stem"] if found else bare
        level = _LEVELS_EN.get((found["before"] or found["behind"] or "") if found else "", "")
        office = "政府" if found and found["office"] else ""
        return NameForm(text=name, group="government", core=stem, whole=whole, legal=office, level=level, other=other)
    found = _OFFICE_ZH.search(bare)
    office = ("管委会" if found["office"] else "政府") if found else ""
    rest = bare[: found.start()] if found and found.start() > 1 else bare
    head = _UNITS.match(rest)
    units = _ONE_UNIT.findall(rest[: head.end()]) if head else []
    tail = rest[head.end() :] if head else rest
    if not tail and units:
        tail = units.pop()
    within = [_LEVEL.sub("", unit) for unit in units]
    for province in _PROVINCES:
        if tail.startswith(province) and len(tail) - len(province) >= 2 and _LEVEL.sub("", tail) != province:
            within.append(province)
            tail = tail.removeprefix(province)
            break
    found = _LEVEL.search(tail)
    # 沙县 and 吉县 would be one character.
    if found and found.start() >= 2:
        core, level = tail[: found.start()], found[0]
    else:
        core, level = tail, ""
    return NameForm(
        text=name, group="government", core=core, whole=whole, legal=office, level=level, within=tuple(within), other=other
    )  # fmt: skip


def _company(bare: str) -> tuple[str, str]:
    """Return the name without its legal form, and the form in one spelling; at least two characters are left."""
    if _HAN.search(bare):
        found = _LEGAL_ZH.search(bare)
        if found is None or found.start() < 2:
            return bare, ""
        group = found["group"] or found["bare"] or ""
        return bare[: found.start()], group + (found["shares"] or "") + ("有限" if found["limited"] else "")
    parts = bare.removeprefix("the ").replace(",", " ").split()
    forms: set[str] = set()
    while len(parts) > 1:
        form = _LEGAL_EN.get(parts[-1].replace(".", ""))
        if form is None:
            break
        forms.add(form)
        parts.pop()
    # Co., Ltd. is Ltd.
    forms -= {"co"} if len(forms) > 1 else set()
    return " ".join(parts), " ".join(sorted(forms))


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _legal_fits(one: str, other: str) -> bool:
    """A form may be left out, whole or all but its 集团; two whole ones that differ are two firms of a family."""
    if not one or not other or one == other:
        return True
    short, long = sorted((one, other), key=len)
    return short in ("集团", "控股", "控股集团", "group", "co") and (short in long or short == "co")
