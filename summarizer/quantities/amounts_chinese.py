"""Chinese numerals as amounts. A numeral needs a licence (units.py): 三十万, 两个, 数千家 are numbers; 统一, 千方百计 are not."""

from __future__ import annotations

import re
from typing import Final

from summarizer.quantities.amounts import BIG_NOUN, Amount, attach_unit, unit_at
from summarizer.quantities.currencies import currency_before
from summarizer.quantities.numerals import DIGITS, ratio, read_chinese, read_neighbours, shifted
from summarizer.quantities.seeking import matches_at
from summarizer.quantities.units import Unit, match_unit
from summarizer.quantities.wordlists import words

_PLAIN = "一二两三四五六七八九"
_FORMAL = "壹贰叁肆伍陆柒捌玖拾佰仟"
_RUN = re.compile(
    f"(?=[数几上近成好〇零{_PLAIN}十百千万亿{_FORMAL}])(?<![第0-9〇零一二两三四五六七八九十百千万亿.])(?:(?P<v"
    "ague>好几|[数几上近成])(?=[十百千万亿]))?"
    f"(?P<run>[{_PLAIN}十百千万亿{_FORMAL}][〇零{_PLAIN}十百千万亿兆{_FORMAL}]{{0,40}}|[〇零](?=点[〇零"
    f"{_PLAIN}]))(?:点[〇零{_PLAIN}]{{1,20}}[万亿]*)?"
)
_PART = re.compile(
    rf"(?P<sign>负)?(?:(?P<units>[0-9]{{1,4}}|[{_PLAIN}十百]{{1,6}})又)?(?P<whole>百|千|万|亿|[{_PLAIN}十]{{1,4}})分之(?P<part>[负]?[0-9]+(?:\.[0-9]+)?"
    f"|[〇零{_PLAIN}十百千]{{1,10}}(?:点[〇零{_PLAIN}]{{1,10}})?)"
    rf"(?:[至到~-](?P<high>[0-9]+(?:\.[0-9]+)?|[{_PLAIN}十百]{{1,8}}))?(?P<more>多|余)?"
    "|百分百|百分之百"
)
_PARTS: Final = {"百": 0, "千": -1, "万": -2, "亿": -6}
_DOUBLED = re.compile(r"翻(?:了|上)?([一两二三四五六七八九1-9])?番")
_HALF_CHAR = re.compile("半")
_HALF = re.compile(
    "(?<![上下大小前后一另过])半(?:年|个月|小时|个小时|天|个世纪|个季度)(?![夜度报级])|(?:一个半|两个半"
    "|三个半|四个半)(?:月|小时|星期|世纪)"
)
# Words and idioms in which a numeral is no number. Matched where the numeral begins.
_DENY = re.compile(
    "一(?:[体起些定般直样边旦切致流线手路带律向贯再共旁同味概心瞬举系把网站揽代类度]|番|方面|部分|连串"
    "|家[亲人]|次性|条[龙心]|级|本正|言|会|点(?!五|[0-9])|见|身|经|时|道|片|跃|味|如|往|应|并|审|改|早|朝"
    "|夜|衣|目|刀|举|面|股|日游|人一|家子|个个|年级|位难求|字|户一|村一|县一|企一|地一|园|屏|端|渠|块[儿去来]"
    "|度|审|套路)"
    "|[一二三四五六七八九十]分(?!之|钱)|十(?:足|字|全|拿|万火急|大杰出)|百(?:货|姓|科|强|度|合|分点|家争|花"
    "|忙|般|倍努|年[老好]|万富|年大计|尺竿)"
    "|千(?:方|家|行|军|里[之马]|言|钧|禧|秋|差|篇|奇|篇|瓦|禧|丝|金)|万(?:一|科|达|物|事|能|象|户|众|千"
    "|家[乐灯]|里[无长]|年|人空|有|无一失|亩良|向|国)|亿(?:利|纬|联|帆|航|万富|华)"
    "|三(?:星|角|农|方|亚|峡|维|甲|沙|资|板|产|明|位一体|包|一重|头六|言两|番五|通|生|网|链|江|湾|国|元里|伏"
    "|和|胞|轮车|文|七|孩|权|废|公经费|去一降|大运营商|包一|口之|大战役|大作风|大攻坚|线|级)"
    "|四(?:川|海|处|周|季(?!度)|位一体|面|通|大发明|大名著|六级|平|肢|线|级|好)|五(?:一|金|粮|星|位一体|花"
    "|湖|四|谷|险|官|彩|环|月花|一假|级|线)|六(?:安|一|合|盘水|稳六|保|神)|七(?:夕|一|匹狼|上八|喜|彩)"
    "|八(?:一|达|方|卦|仙|宝|角|项规定)|九(?:江|龙|寨|牛|州|阳|天|霄)|十(?:堰|佳|月怀|面埋|里长)|二(?:维|手|线|级|次(?!会|大会)|代|孩|胎|氧|氢|极管|字"
    "|元|人转|话|股东|十四史|把手|三线|审|楼|者|来|流|房东|元论|轮车|万五千里长征)"
    "|两(?:会|岸|地|国|者|侧|端|旁|极|口|院|性|栖|手|用|全|难|条腿|回事|弹|不|网|高|江|广|湖|化|业|优|重|新"
    "|融|个确立|个维护|个一百|面|头|边|江)"
    r"|[一二三四五六七八九]是"
)
_BEFORE_DENY = re.compile(
    r"(?:星期|(?<!每)周|礼拜|不|表里如|始终如|首屈|五花|乱七|七上|横七竖|歪七扭|四面|三头|神舟|第)\Z"
)
_BEFORE_ONE = re.compile(r"(?:[统唯万单逐专归进之同每这那某任初划合均惟其哪任清独如随]|任何)\Z")
_ONE_BEFORE = re.compile(r"(?:[每这那同某任又再新上下前后首唯末最另头哪随第独进]|任何|其中)\Z")
_DIGIT_SCALE = re.compile(rf"[{_PLAIN}]零?[十百千万亿]|十[{_PLAIN}万亿]|[百千]万亿|[十百千]亿[{_PLAIN}]")
_TO_NUMERAL = re.compile(rf"[ ]?[-–—~～至到][ ]?(?:[0-9]|[{_PLAIN}十百千万亿])")
_SLOGAN = re.compile(r"[“\"「‘][^”\"」’]{0,8}[”\"」’]")
_INFIX = re.compile(
    r"(?:多(?!元[化性素文宇的])|余(?!元))(?![样媒功晶层边额下款热])|[来几](?=[个万家人名亿年天岁种座所项次台位])"
)
_LIKE_UPPER = re.compile(r"(?:超|逾|近|过|约|到|达|破|足|满|于)\Z")
_EVERY = re.compile(r"每[周天日月晚]\Z")
_PHASES = re.compile(r"[分共历跨经]\Z")


def read_chinese_amounts(text: str, masked: str) -> list[Amount]:
    """Return the licensed Chinese numerals of `masked` with their units, in order."""
    found: list[Amount] = []
    for match in _DOUBLED.finditer(masked):
        power = {"两": 2, None: 1}.get(match[1]) or int(DIGITS.get(match[1], match[1]))
        start = match.start(1) if match[1] else match.end() - 1
        found.append(
            Amount(
                start=match.start(),
                end=match.end(),
                number_start=start,
                number_end=match.end(),
                low=str(2**power),
                kind="multiple",
                unit="倍",
                has_unit=True,
                note="翻番",
            )
        )
    # Tried everywhere these two cost a tenth of the scan; most texts have none.
    if "分之" in masked or "百分百" in masked:
        parts = (_fraction(text, masked, match) for match in _PART.finditer(masked))
        found.extend(part for part in parts if part is not None)
    halves = (at for half in _HALF_CHAR.finditer(masked) for at in (half.start() - 2, half.start()) if at >= 0)
    found.extend(_half(text, match) for match in matches_at(_HALF, masked, halves))
    found.sort(key=lambda amount: amount.start)
    claimed = [(amount.start, amount.end) for amount in found]
    found.extend(_runs(text, masked, claimed))
    found.sort(key=lambda amount: amount.start)
    return found


def _half(text: str, match: re.Match[str]) -> Amount:
    word = match[0]
    low, unit = "0.5", word[1:]
    number_end = match.start() + 1
    if word[0] != "半":
        low, unit = f"{DIGITS[word[0]]}.5", "个" + word[3:]
        number_end = match.start() + 3
    return Amount(
        start=match.start(),
        end=match.end(),
        number_start=match.start(),
        number_end=number_end,
        low=low,
        kind="duration",
        unit=unit,
        has_unit=True,
    )


def _fraction(text: str, masked: str, match: re.Match[str]) -> Amount | None:
    start, end = match.span()
    whole, part = match["whole"], match["part"]
    if whole is None or part is None:
        low: str | None = "100"
        high = None
        kind, unit, note = "percent", "%", None
    else:
        low = _numeral(part)
        high = _numeral(match["high"]) if match["high"] else None
        if low is None or (match["high"] and high is None):
            return None
        kind, unit, note = "percent", "%", None
        if whole in _PARTS:
            low = shifted(low, _PARTS[whole])
            high = shifted(high, _PARTS[whole]) if high else None
        else:
            bottom = read_chinese(whole)
            if bottom in (None, "0", "1") or "." in low:
                return None
            kind, unit, note = "number", None, f"{low}/{bottom}"
            top = int(low) + int(_numeral(match["units"] or "0") or 0) * int(bottom or 1)
            low, high = ratio(top, int(bottom or 1)), None
        if match["sign"] and low != "0":
            low, high = f"-{low}", None
    return Amount(
        start=start,
        end=end,
        number_start=start,
        number_end=end,
        low=low or "100",
        high=high,
        kind="percent" if kind == "percent" else "number",
        unit=unit,
        has_unit=True,
        infix_at=match.start("more") if match["more"] else None,
        note=note,
    )


def _numeral(text: str) -> str | None:
    if text[0] in "0123456789":
        return shifted(text, 0)
    return read_chinese(text)


def _runs(text: str, masked: str, claimed: list[tuple[int, int]]) -> list[Amount]:
    found: list[Amount] = []
    queue = iter([*claimed, (len(masked) + 1, len(masked) + 1)])
    taken = next(queue)
    last = 0
    for match in _RUN.finditer(masked):
        start = match.start()
        while taken[1] <= start:
            last = max(last, taken[1])
            taken = next(queue)
        if start < last or match.end() > taken[0]:
            continue
        amount = _licensed(text, masked, last, match)
        if amount is not None:
            found.append(amount)
            last = amount.end
    return found


def _licensed(text: str, masked: str, lowest: int, match: re.Match[str]) -> Amount | None:
    start, run_start, end = match.start(), match.start("run"), match.end()
    vague = match["vague"]
    if _DENY.match(masked, run_start) and not (vague and masked[run_start] in "百千万亿"):
        return None
    end = _shorten(masked, run_start, end)
    numeral = masked[run_start:end]
    if any(char in _FORMAL for char in numeral):
        if len(numeral) < 2 or not any(char in "拾佰仟万亿" for char in numeral):
            return None
    elif (_BEFORE_DENY.search(masked, max(0, start - 3), start) and not _DIGIT_SCALE.search(numeral)) or (
        numeral == "一" and _BEFORE_ONE.search(masked, max(0, start - 2), start)
    ):
        return None
    amount = _value(masked, start, run_start, end, vague)
    if amount is None:
        return None
    money = currency_before(masked, lowest, start)
    if money is not None and (len(numeral) > 1 or vague):
        amount.start = money[1]
        attach_unit(text, masked, amount, money[0])
        return amount
    if masked[start - 1 : start] == "负" or masked[max(0, start - 2) : start] == "零下":
        amount.start = start - (1 if masked[start - 1] == "负" else 2)
        if amount.low != "0":
            amount.low = "-" + amount.low
    return amount if _has_licence(text, masked, amount, numeral, vague) else None


def _shorten(masked: str, start: int, end: int) -> int:
    """End the numeral where a unit begins with one of its characters: 五千瓦 is 五 千瓦, 十万千瓦 is 十万 千瓦."""
    for at in range(start + 1, end):
        if masked[at] in "千兆百万":
            unit = match_unit(masked, at)
            if unit is not None and len(unit.word) > 1:
                return at
    return end


def _value(masked: str, start: int, run_start: int, end: int, vague: str | None) -> Amount | None:
    numeral = masked[run_start:end]
    low = high = None
    is_vague = False
    pair = None if "点" in numeral else read_neighbours(numeral)
    if pair is not None:
        low, high = pair
    elif vague in ("数", "几", "好几"):
        low = read_chinese(numeral)
        if low is not None:
            # 数千 is 1000 up to the next scale, 10000.
            high, is_vague = shifted(low, 1), True
    else:
        low = read_chinese(numeral)
    if low is None:
        return None
    if pair is None and len(numeral) > 1 and all(char in DIGITS for char in numeral) and masked[end : end + 1] != "折":
        # Digits read by position are a year, a name or a date that the date stage did not know.
        return None
    begin = start if vague in ("数", "几", "好几") else run_start
    amount = Amount(start=begin, end=end, number_start=begin, number_end=end, low=low, high=high, is_vague=is_vague)
    amount.places = sum({"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}.get(char, 0) for char in numeral[1:])
    amount.at_least = vague == "上"
    if masked.startswith("个亿", end):
        # 五个亿 is a sum as people say it, not five pieces of anything.
        amount.low, amount.places = shifted(amount.low, 8), 8
        amount.high = shifted(amount.high, 8) if amount.high else None
        amount.end = amount.number_end = end + 2
        return amount
    if infix := _INFIX.match(masked, end):
        amount.end, amount.infix_at = infix.end(), infix.start()
        scale = masked[infix.end() : infix.end() + 1]
        if scale and scale in "万亿":
            amount.places = 4 if scale == "万" else 8
            amount.low = shifted(amount.low, amount.places)
            amount.end = amount.number_end = infix.end() + 1
    return amount


def _has_licence(text: str, masked: str, amount: Amount, numeral: str, vague: str | None) -> bool:
    at = amount.end
    found = unit_at(masked, at) if masked[at : at + 1] != " " else None
    unit = found[0] if found else None
    before = masked[max(0, amount.start - 3) : amount.start]
    # A bare 十一 is the holiday.
    scaled = (
        (_DIGIT_SCALE.search(numeral) is not None and numeral != "十一")
        or (numeral[0] in DIGITS and "点" in numeral)
        or numeral[0] in _FORMAL
        # The scale stands behind 个 or 来: 五个亿, 十来万.
        or amount.number_end > amount.number_start + len(numeral)
    )
    if len(numeral) <= 2 and _is_slogan(masked, amount.start, at):
        return False
    if unit is None and BIG_NOUN.match(masked, at) and numeral in _BIG_NUMERALS and not before.endswith("第"):
        amount.kind = "count"
        return True
    # 市、区两级; 二级, 三级 are grades.
    if unit is not None and (unit.licenses or (unit.word == "级" and numeral == "两")):
        if not _licenses(unit, numeral, before, has_bound=bool(vague) or amount.infix_at is not None):
            return False
        attach_unit(text, masked, amount, None)
        return True
    if _TO_NUMERAL.match(masked, at) and numeral[0] not in "百千万亿":
        amount.is_pending = not scaled
        return True
    if numeral[0] in "百千万亿":
        return bool(vague) and (amount.infix_at is not None or len(numeral) > 1)
    if scaled or (amount.is_vague and vague):
        attach_unit(text, masked, amount, None)
        return True
    return False


def _licenses(unit: Unit, numeral: str, before: str, *, has_bound: bool) -> bool:
    """Whether the unit makes the numeral a number; `has_bound`: 数, 上, 近 stands before it, or 余, 多 after it."""
    if numeral == "一" and unit.word == "成" and _LIKE_UPPER.search(before):
        return True
    if numeral == "一" and (not unit.licenses_one or _ONE_BEFORE.search(before)):
        return False
    if unit.word == "期" and not _PHASES.search(before):
        return False
    if unit.word == "班" and not _EVERY.search(before):
        # 每周两班 counts flights or trains, 三班 is a class or a shift.
        return False
    if unit.word == "省" and before.endswith("东"):
        # 东三省 is a region.
        return False
    if numeral[0] not in "百千万亿" or has_bound or _LIKE_UPPER.search(before):
        return True
    # 百亿元 is a sum; 千家, 万户 are pieces of words.
    return unit.kind == "currency" and len(numeral) > 1


# Without 十八大, 十九大, 二十大: those are party congresses.
_BIG_NUMERALS: Final = frozenset(words("两 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六"))


def _is_slogan(masked: str, start: int, end: int) -> bool:
    """Whether the numeral stands in a short quoted word that it opens: “一网统管”, “三链”."""
    if masked[start - 1 : start] not in ("“", '"', "「", "‘"):
        return False
    return _SLOGAN.match(masked, start - 1) is not None and end > start
