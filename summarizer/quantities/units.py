"""What may stand after a number and what it makes of it: counters, measures, durations, percentages, money.

The tables are matched on folded text (folding.py): traditional spellings need no entry of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from summarizer.quantities.currencies import CURRENCY_WORDS
from summarizer.quantities.units_english import ENGLISH_UNITS
from summarizer.quantities.wordlists import words
from summarizer.records import QuantityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A word that may follow a number.

    `unit` is the canonical unit (`CNY`, `%`), None to keep the word as written. The value is multiplied by 10^`shift`.
    The word does not count where one of the characters `unless` follows it. A Chinese numeral alone is read as a
    number before it if `licenses`, and a lone 一 if `licenses_one`.
    """

    word: str
    kind: QuantityKind
    unit: str | None = None
    shift: int = 0
    unless: str = ""
    licenses: bool = True
    licenses_one: bool = False


# Counters that license a lone 一 too; before the others 一 is mostly a piece of a word (一种, 一批, 一定).
_COUNTERS_ONE: Final = (
    "家 名 位 台 座 栋 幢 辆 架 艘 枚 套 个 所 人 颗 份 篇 件 棵 间 张 首 笔 句 支 项 条 匹 只 头 粒 滴 盏"
)
_COUNTERS: Final = (
    "人次 人份 家次 标箱 架次 车次 班次 批次 例次 亿次 户次 项次 床位 机位 个板位 板位 个泊位 泊位 席位 个席位 "
    "个车位 车位 个标准箱 标准箱 "
    "段 款 例 处 种 类 门 列 趟 次 回 场 届 批 轮 组 队 户 株 朵 块 片 根 枚 本 册 部 幅 单 宗 站 层 期 席 "
    "对 双 把 瓶 盒 袋 包 箱 杯 碗 道 串 堆 "
    "环 节 课 票 股 手 步 声 排 行 面 帧 帖 倍数 档 板 盘 尊 桩 起 尾 羽 峰 字 口 份额 场次 盏 国 省 重 节课 "
    "贴 版 号 集 班 尺寸 架次 卷 枝 条目 词 "
    "品 店 点 梯 库 铺 柱 屏 卡 关 眼 缸 筐 篮 罐 壶 束 捆 茬 拨 级"
)
# After a Chinese numeral these are more often a piece of another word than a counter.
_DIGITS_ONLY: Final = frozenset(
    words("手 步 声 面 行 字 号 品 店 点 级 国 门 队 片 股 把 板 道 串 版 口 包 起 关 节 排 眼 卡 梯 库 铺 屏 单")
)
# counter: characters that make it the beginning of another word
_UNLESS: Final[dict[str, str]] = {
    "期": "间货末权待许望刊",
    "人": "工类民均才间权物体脸造为",
    "家": "庭园乡电具居族长属",
    "部": "分署门长委队",
    "处": "理于置在罚分方境",
    "类": "似型",
    "项": "目链",
    "条": "件例约款",
    "场": "景所地馆面合",
    "次": "日年月数品于序贷",
    "级": "别数",
    "班": "级车次组子长委底机主人制导师费轮门会列花倒里",
    "位": "于置列居移",
    "件": "套",
    "套": "餐利路件",
    "批": "发准评复示量判",
    "轮": "胎船廓岸椅毂",
    "组": "织成合建装件委",
    "户": "外型籍口",
    "段": "落时",
    "种": "子植类族",
    "本": "科地期来质次报土轮文公币身息金",
    "对": "于外内接应比手标象话",
    "单": "位元价独日边个体",
    "列": "车入为举",
    "届": "时满",
    "回": "报应来升落暖归收购款馈",
    "股": "份东权票价市民",
    "节": "能约点日目省",
    "块": "状",
    "首": "次个先席发批都",
    "支": "付持出撑援部配",
    "张": "家江",
    "所": "有在以得属谓",
    "台": "湾州北风账阶",
    "只": "有能要是需",
    "头": "部条",
    "个": "体性税股股案别",
    "起": "来步点草动诉到源始",
    "重": "要大视新点庆组",
    "字": "节体符",
    "行": "业动政情",
    "面": "积对向临板料前试",
    "口": "岸径味感",
    "门": "店票槛诊户",
    "片": "区面段",
    "层": "面次级",
    "点": "击",
    "号": "称召线",
    "间": "隔接距",
    "手": "机术段",
    "品": "牌种类质",
    "国": "家际内产",
    "省": "级长委份府会城钱心时力油电去略事",
    "步": "骤伐",
    "关": "于键系注税",
    "站": "点在",
    "排": "名放",
    "道": "路德",
    "环": "境比保节",
    "票": "据房",
    "版": "本权",
    "集": "团中成合聚群",
    "份": "额",
    "双": "方",
    "把": "握",
    "包": "括含装",
    "板": "块",
    "档": "案次",
    "课": "题程",
    "声": "明音",
    "架": "构",
    "队": "伍",
    "店": "铺",
    "屏": "幕",
    "级市": "",
}
_DURATIONS: Final = (
    "年 个月 周 个星期 星期 个礼拜 礼拜 天 日 小时 个小时 分钟 秒 秒钟 毫秒 微秒 纳秒 个季度 个工作日 "
    "工作日 个交易日 交易日 "
    "个营业日 营业日 日历天 个日历天 个自然日 自然日 个财年 个财政年度 个年度 个会计年度 个世纪 世纪 周年 载 "
    "昼夜 刻钟 个钟头 钟头 "
    "岁 周岁 学年 个学期 个半年 个整年"
)
_DIMENSIONS: Final = (
    "米 千米 公里 厘米 毫米 微米 纳米 分米 里 华里 英里 海里 英尺 英寸 寸 码 光年 "
    "平方米 平方公里 平方千米 平方厘米 平方毫米 平方分米 平方英尺 平方英里 平米 平方 平 ㎡ m² m2 km² km2 亩 "
    "公亩 公顷 顷 英亩 "
    "立方米 立方厘米 立方分米 立方英尺 立方公里 立方 方 ㎥ m³ m3 cm³ cm3 升 公升 毫升 分升 加仑 品脱 夸脱 桶 标方 "
    "吨 吨级 吨位 公吨 公斤 千克 克 毫克 微克 斤 市斤 公担 担 磅 盎司 克拉 载重吨 总吨 吨公里 吨标准煤 "
    "吨标煤 兆 吨二氧化碳 吨二氧化碳当量 "
    "瓦 千瓦 兆瓦 吉瓦 太瓦 毫瓦 瓦时 千瓦时 兆瓦时 吉瓦时 太瓦时 千瓦小时 兆瓦小时 度电 伏 伏特 千伏 毫伏 "
    "安 安培 毫安 毫安时 安时 "
    "千伏安 兆伏安 欧姆 法拉 赫兹 千赫 兆赫 兆赫兹 吉赫 吉赫兹 太赫兹 帕 帕斯卡 千帕 兆帕 百帕 焦耳 千焦 "
    "兆焦 吉焦 卡路里 千卡 大卡 卡 牛 牛米 牛顿 "
    "公里/小时 千米/小时 公里每小时 千米每小时 米/秒 米每秒 海里/小时 节航速 马赫 "
    "字节 比特 千字节 兆字节 吉字节 兆比特 千兆 太字节 个字节 像素 分贝 勒克斯 流明 坎德拉 转/分 转/分钟 "
    "马力 匹马力 英亩地 "
    "公里时速 车公里 人公里 标准立方米 立方英寸 标准煤 TEU 平方尺 尺 平方码 蒲式耳 短吨 长吨 英石 千吨 兆吨 千兆赫"
)
_DIMENSION_UNLESS: Final[dict[str, str]] = {
    "里": "程面的边",
    "方": "面案向式便法针位米",
    "升": "级至到值温幅高降",
    "克": "服隆拉",
    "安": "全装排徽置保",
    "卡": "片车通位牌",
    "牛": "奶市肉羊",
    "平": "台均方米衡稳",
    "平方": "米公",
    "立方": "米",
    "码": "头",
    "桶": "装",
    "寸": "土",
    "顷": "刻",
    "担": "保任当",
    "米": "其",
    "里程": "",
    "斤": "斤",
    "瓦": "楞",
    "伏": "击",
    "尺": "寸度",
    "千瓦": "时小",
    "帕": "金",
    "分米": "",
}
_DIMENSION_DIGITS_ONLY: Final = frozenset(words("兆 里 方 安 卡 牛 平 平方 立方 码 担 节 帕 瓦 伏"))
_DURATION_UNLESS: Final[dict[str, str]] = {
    "年": "级代龄轻薪报",
    "周": "边围期转知年岁刊末",
    "天": "然津气猫府空河际生桥线地下",
    "日": "本报常前益均产化电讯照韩",
    "载": "体重货人",
    "个月": "亮",
    "岁": "月",
    "秒": "杀",
    "世纪": "",
    "礼拜": "天日",
    "星期": "天日",
}
_SPECIAL: Final = (
    Unit(word="个百分点", kind="percent_point", unit="百分点"),
    Unit(word="百分点", kind="percent_point", unit="百分点"),
    Unit(word="个pct", kind="percent_point", unit="百分点"),
    Unit(word="个基点", kind="percent_point", unit="百分点", shift=-2),
    Unit(word="基点", kind="percent_point", unit="百分点", shift=-2),
    Unit(word="个bp", kind="percent_point", unit="百分点", shift=-2),
    Unit(word="个BP", kind="percent_point", unit="百分点", shift=-2),
    Unit(word="%", kind="percent", unit="%"),
    Unit(word="厘", kind="percent", unit="%", unless="米清定", licenses=False),
    Unit(word="﹪", kind="percent", unit="%"),
    Unit(word="个%", kind="percent", unit="%"),
    Unit(word="‰", kind="percent", unit="%", shift=-1),
    Unit(word="‱", kind="percent", unit="%", shift=-2),
    Unit(
        word="成",
        kind="percent",
        unit="%",
        shift=1,
        unless="为立功本员果绩分交熟长都就品型千人年群效套批片因像份当名材龙对",
    ),
    Unit(word="成半", kind="percent", unit="%", shift=1),
    Unit(word="折", kind="percent", unit="%", unless="叠腾射旧合返线页断磨价算", licenses_one=True),
    Unit(word="倍", kind="multiple", unit="倍", unless="增感受频率", licenses_one=True),
    Unit(word="番", kind="multiple", unit="倍", licenses=False),
    Unit(word="℃", kind="temperature"),
    Unit(word="℉", kind="temperature"),
    Unit(word="°C", kind="temperature"),
    Unit(word="°F", kind="temperature"),
    Unit(word="° C", kind="temperature"),
    Unit(word="° F", kind="temperature"),
    Unit(word="°", kind="temperature"),
    Unit(word="摄氏度", kind="temperature"),
    Unit(word="华氏度", kind="temperature"),
    Unit(word="开氏度", kind="temperature"),
    Unit(word="兰氏度", kind="temperature"),
    Unit(word="开尔文", kind="temperature"),
    Unit(word="度", kind="temperature", unless="假过夏电角"),
    Unit(word="度角", kind="dimension"),
    Unit(word="SKU", kind="count"),
    Unit(word="个SKU", kind="count"),
    Unit(word="P", kind="dimension", unless="PpEeHMCVROo"),
    Unit(
        word="分",
        kind="count",
        unless="别之为成析布散支行享红类工期钟店配步公子会局拆歧量级担发手开数米贝升销",
        licenses=False,
    ),
    Unit(word="分钱", kind="currency", unit="CNY", shift=-2, licenses_one=True),
    Unit(word="角钱", kind="currency", unit="CNY", shift=-1, licenses_one=True),
    Unit(word="毛钱", kind="currency", unit="CNY", shift=-1, licenses_one=True),
)
# Where a compound word has this many characters it beats the shorter counter at the same place.
_ONE_DURATIONS: Final = frozenset(
    words(
        "年 个月 周 天 小时 个小时 分钟 秒 秒钟 个季度 个工作日 周年 岁 刻钟 个世纪 个星期 "
        "星期 个礼拜 礼拜 个工作日 工作日 个钟头 世纪"
    )
)


def _chinese_units() -> list[Unit]:
    units = list(_SPECIAL)
    for word in dict.fromkeys(_COUNTERS_ONE.split()):
        units.append(Unit(word=word, kind="count", unless=_UNLESS.get(word, ""), licenses_one=True))
    for word in dict.fromkeys(_COUNTERS.split()):
        if word not in _COUNTERS_ONE.split():
            units.append(Unit(word=word, kind="count", unless=_UNLESS.get(word, ""), licenses=word not in _DIGITS_ONLY))
    for word in _DURATIONS.split():
        unless = _DURATION_UNLESS.get(word, "")
        units.append(Unit(word=word, kind="duration", unless=unless, licenses_one=word in _ONE_DURATIONS))
    for word in dict.fromkeys(_DIMENSIONS.split()):
        one = len(word) > 1 or word in "米吨克斤亩升"
        units.append(
            Unit(
                word=word,
                kind="dimension",
                unless=_DIMENSION_UNLESS.get(word, ""),
                licenses=word not in _DIMENSION_DIGITS_ONLY,
                licenses_one=one and word not in _DIMENSION_DIGITS_ONLY,
            )
        )
    units.extend(
        Unit(word=word, kind="currency", unit=code, shift=shift, unless=unless, licenses_one=True)
        for word, (code, shift, unless) in CURRENCY_WORDS.items()
    )
    return units


def _index(units: list[Unit]) -> dict[str, tuple[Unit, ...]]:
    """Group by the first two characters, the longest word first: the first that matches is the right one."""
    groups: dict[str, dict[str, Unit]] = {}
    for unit in units:
        groups.setdefault(unit.word[:2], {}).setdefault(unit.word, unit)
    return {key: tuple(sorted(words.values(), key=lambda unit: -len(unit.word))) for key, words in groups.items()}


UNITS: Final[dict[str, tuple[Unit, ...]]] = _index(
    [
        *_chinese_units(),
        *(Unit(word=word, kind=kind, unit=unit, shift=shift) for word, (kind, unit, shift) in ENGLISH_UNITS.items()),
    ]
)
_WORD_CHARS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def match_unit(folded: str, start: int) -> Unit | None:
    """Return the longest unit word that stands at `start`, None if there is none.

    Example:
        >>> match_unit("3万平方米的", 2).word
        '平方米'
    """
    for length in (2, 1):
        for unit in UNITS.get(folded[start : start + length], ()):
            word = unit.word
            if folded.startswith(word, start):
                end = start + len(word)
                after = folded[end : end + 1]
                if after and (after in unit.unless or (word[-1] in _WORD_CHARS and after in _WORD_CHARS)):
                    continue
                return unit
    return None
