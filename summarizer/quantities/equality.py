"""When two quantities say the same: kind, unit, both ends and qualifier compared after normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from summarizer.quantities.folding import fold
from summarizer.quantities.numerals import EXACT
from summarizer.quantities.wordlists import words
from summarizer.records import Qualifier, Quantity, QuantityKind

# A unit class: its name, then words or word:power, the power of ten a unit has over the class's base. Indented lines go on.
_CLASSES: Final = """
m: 米 metre metres meter meters m 公尺 | km:3 公里:3 千米:3 kilometre:3 kilometres:3 kilometer:3 kilometers:3 |
  cm:-2 厘米:-2 centimetres:-2 | mm:-3 毫米:-3 millimetres:-3 millimeters:-3 | nm:-9 纳米:-9 nanometres:-9 |
  μm:-6 微米:-6 microns:-6
m2: 平方米 平米 ㎡ m² m2 square-metre square-metres square-meter square-meters sqm sq-m | 平方公里:6 平方千米:6
  km²:6 km2:6 square-kilometre:6 square-kilometres:6 square-kilometers:6 | 公顷:4 hectare:4 hectares:4 ha:4
m3: 立方米 立方 m³ m3 ㎥ cubic-metre cubic-metres cubic-meter cubic-meters 方
t: 吨 公吨 tonne tonnes ton tons metric-ton metric-tons t | kg:-3 公斤:-3 千克:-3 kilogram:-3 kilograms:-3
  kilo:-3 kilos:-3 | g:-6 克:-6 gram:-6 grams:-6 | Mt:6 | kt:3
l: 升 litre litres liter liters l L | ml:-3 毫升:-3
mu: 亩 mu
acre: 英亩 acre acres
mile: 英里 mile miles
foot: 英尺 foot feet ft
sqft: 平方英尺 square-foot square-feet sq-ft sqft
pound-mass: 磅 lb lbs
barrel: 桶 barrel barrels bbl
W: 瓦 W watt watts | kW:3 千瓦:3 kilowatt:3 kilowatts:3 | MW:6 兆瓦:6 megawatt:6 megawatts:6 | GW:9 吉瓦:9
  gigawatt:9 gigawatts:9
Wh: 瓦时 Wh | kWh:3 千瓦时:3 度:3 度电:3 千瓦小时:3 kilowatt-hour:3 kilowatt-hours:3 | MWh:6 兆瓦时:6
  megawatt-hour:6 megawatt-hours:6 | GWh:9 吉瓦时:9 gigawatt-hour:9 gigawatt-hours:9 | TWh:12 太瓦时:12
  terawatt-hours:12
V: 伏 伏特 V volt volts | kV:3 千伏:3
Hz: 赫兹 Hz hertz | kHz:3 千赫:3 | MHz:6 兆赫:6 | GHz:9 吉赫:9
B: 字节 byte bytes | KB:3 | MB:6 | GB:9 | TB:12 | PB:15 | EB:18
FLOPS: FLOPS Flops | PFLOPS:15 PFlops:15 P:15 | EFLOPS:18 EFlops:18 EFLOP/s:18
kmh: km/h kph 公里/小时 千米/小时 公里每小时 kilometres-per-hour kilometers-per-hour
celsius: ℃ °C 摄氏度 degrees-Celsius degrees-celsius celsius
fahrenheit: ℉ °F 华氏度 degrees-Fahrenheit degrees-fahrenheit fahrenheit
year: 年 载 year years yr yrs | century:2 世纪:2 个世纪:2
month: 个月 月 month months calendar-months
week: 周 个星期 星期 week weeks
day: 天 日 日历天 个自然日 day days calendar-day calendar-days
workday: 个工作日 工作日 working-day working-days business-day business-days
tradingday: 个交易日 交易日 trading-day trading-days
businessday: 个营业日 营业日
hour: 小时 个小时 个钟头 hour hours hr hrs h
minute: 分钟 minute minutes min mins
second: 秒 秒钟 second seconds sec secs s
times: 倍 times
quarter: 个季度 季度 quarter quarters
age: 岁 周岁 year-old years-old years-of-age
person: 人 名 位 人口 people persons person employees staff workers users students teachers customers visitors
  residents patients members readers subscribers
visit: 人次 人次数 visits visitors-times person-times
thing: 个 项 items item
company: 家 companies firms enterprises businesses institutions shops stores merchants hospitals factories
unit: 台 台套 units sets machines devices servers
vehicle: 辆 vehicles cars
set: 套 sets
building: 座 栋 幢 buildings cities
rack: 架 racks
share: 股 share shares
seat: 席 seats
dollar: USD
"""
# Counters that are used for one another: the same number of things stays the same.
_LOOSE: Final = frozenset(words("thing company unit vehicle set building rack seat person"))


def _build() -> dict[str, tuple[str, int]]:
    table: dict[str, tuple[str, int]] = {}
    for line in _CLASSES.strip().replace("\n  ", " ").splitlines():
        name, _, words = line.partition(":")
        for entry in words.replace("|", " ").split():
            word, _, power = entry.partition(":")
            table.setdefault(word, (name, int(power or 0)))
    return table


_UNIT_CLASSES: Final = _build()
_KIND_CLASSES: Final[dict[QuantityKind, str]] = {"number": "count", "count": "count", "dimension": "count"}
_LOWER: Final[frozenset[Qualifier]] = frozenset({"more_than", "at_least"})
_UPPER: Final[frozenset[Qualifier]] = frozenset({"less_than", "at_most"})
_DROPPABLE: Final[frozenset[Qualifier]] = frozenset({"more_than", "at_least", "about", "nearly", "at_most"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The outcome of `compare_quantities`: whether they say the same, and what was taken on trust for it.

    `notes` are short English phrases, such as `unit from context`; empty where nothing was.
    """

    is_equal: bool
    notes: tuple[str, ...] = ()


_DIFFERENT: Final = Comparison(is_equal=False)


@lru_cache(maxsize=2048)
def unit_class(unit: str | None) -> tuple[str | None, int]:
    """Return the class of a unit word and its power of ten over the class's base; a word of no class is its own.

    Example:
        >>> unit_class("平方公里"), unit_class("square metres"), unit_class(None)
        (('m2', 6), ('m2', 0), (None, 0))
    """
    if unit is None:
        return None, 0
    word = fold(unit.strip()).replace(" ", "-")
    found = _UNIT_CLASSES.get(word) or _UNIT_CLASSES.get(word.lower())
    if found is not None:
        return found
    if word.startswith("个") and len(word) > 1:
        return word[1:], 0
    return word, 0


def same_unit(a: str | None, b: str | None) -> bool:
    """Whether two unit words name the same unit, in either language: 平方米 and square metres, 人 and people, 小时 and hours.

    `%` is not `百分点`, `CNY` is not None, 公里 is not 米 (`equal_quantities` converts, this does not).

    Example:
        >>> same_unit("小时", "hours"), same_unit("%", "百分点"), same_unit("CNY", None)
        (True, False, False)
    """
    return unit_class(a) == unit_class(b)


def equal_quantities(a: Quantity, b: Quantity, *, allow_dropped_qualifier: bool = False) -> bool:
    """Whether two quantities say the same (`compare_quantities` without the notes).

    Args:
        a: what the article says.
        b: what is said of it.
        allow_dropped_qualifier: also where `b` states exactly what `a` only bounds (30亿元 for 约30亿元).

    Example:
        >>> from summarizer.quantities import scan
        >>> equal_quantities(scan("1.37亿元")[0], scan("137 million yuan")[0])
        True
    """
    return compare_quantities(a, b, allow_dropped_qualifier=allow_dropped_qualifier).is_equal


def compare_quantities(a: Quantity, b: Quantity, *, allow_dropped_qualifier: bool = False) -> Comparison:
    """Compare two quantities by kind class, unit class, both ends and qualifier.

    Powers of ten of metric units are converted (1.6平方公里 is 1600000平方米). Notes: `unit from context` where one side
    has no currency or counter, `unit words differ` for two counters used for one another, `qualifier dropped`,
    `bound differs` for more than against at least.
    """
    if a.value is None or b.value is None:
        return _DIFFERENT
    notes: list[str] = []
    unit = _compare_units(a, b)
    if unit is None:
        return _DIFFERENT
    if unit:
        notes.append(unit)
    if not _same_values(a, b):
        return _DIFFERENT
    bound = _compare_bounds(a.qualifier, b.qualifier, allow_dropped_qualifier)
    if bound is None:
        return _DIFFERENT
    if bound:
        notes.append(bound)
    return Comparison(is_equal=True, notes=tuple(notes))


def _compare_units(a: Quantity, b: Quantity) -> str | None:
    """Return "" for the same unit, a note for one that is taken on trust, None for two that differ."""
    kinds = {_KIND_CLASSES.get(a.kind, a.kind), _KIND_CLASSES.get(b.kind, b.kind)}
    if len(kinds) > 1:
        bare = a if a.kind == "number" else b
        if kinds == {"count", "currency"} and bare.kind == "number" and bare.unit is None:
            return "unit from context"
        # 度 of electricity and a counter written as a duration word differ only in how they were read.
        return None
    if "date" in kinds:
        return ""
    first, second = unit_class(a.unit)[0], unit_class(b.unit)[0]
    if first == second:
        return ""
    if "count" not in kinds:
        return None if "ordinal" not in kinds else ""
    if first is None or second is None:
        known = a if second is None else b
        return "unit from context" if known.kind != "dimension" else None
    if first in _LOOSE and second in _LOOSE and ("thing" in (first, second) or _crosses(a, b)):
        return "unit words differ"
    if a.kind == "count" and b.kind == "count" and ("thing" in (first, second) or _crosses(a, b)):
        return "unit words differ"
    return None


def _crosses(a: Quantity, b: Quantity) -> bool:
    """Whether one unit is an English noun and the other a Chinese counter: 23家 and 23 hospitals."""
    return (a.unit or "").isascii() != (b.unit or "").isascii()


def _same_values(a: Quantity, b: Quantity) -> bool:
    if (a.value_max is None) != (b.value_max is None):
        return False
    if a.kind in ("date", "date_rel") or b.kind in ("date", "date_rel"):
        return a.value == b.value and a.value_max == b.value_max
    first, second = unit_class(a.unit)[1], unit_class(b.unit)[1]
    for one, other in ((a.value, b.value), (a.value_max, b.value_max)):
        if one is None or other is None:
            continue
        left, right = _scaled(one, first), _scaled(other, second)
        if left is None or right is None or left != right:
            return False
    return True


def base_value(quantity: Quantity) -> Decimal | None:
    """Return the value in the base of its unit class (2公里 is 2000); None where it has none.

    Amounts that are equal have equal ones, so that equal amounts can be looked up instead of compared with all.
    """
    return None if quantity.value is None else _scaled(quantity.value, unit_class(quantity.unit)[1])


@lru_cache(maxsize=4096)
def _scaled(value: str, power: int) -> Decimal | None:
    try:
        return EXACT.multiply(EXACT.create_decimal(value), Decimal(10) ** power)
    except InvalidOperation:
        return None


def _compare_bounds(a: Qualifier, b: Qualifier, allow_dropped: bool) -> str | None:
    if a == b:
        return ""
    if {a, b} in ({*_LOWER}, {*_UPPER}):
        return "bound differs"
    if allow_dropped and b == "exact" and a in _DROPPABLE:
        return "qualifier dropped"
    return None
