"""A throw-away copy of a text in which number expressions have one spelling; every offset stays valid."""

from __future__ import annotations

import re

# Only characters that occur in number, unit, counter, qualifier and date words: the copy is matched, never shown.
_TRADITIONAL = (
    "萬万億亿兩两貳贰參叁陸陆點点個个幾几餘余圓圆幣币臺台條条項项間间輛辆張张種种類类層层戶户頭头雙双場场處处"
    "棟栋畝亩噸吨營营業业"
    "號号歲岁週周時时鐘钟鍾钟內内約约將将達达過过於于數数顆颗塊块筆笔組组塲场員员門门單单紙纸駕驾艙舱櫃柜噸吨"
    "韓韩盧卢鎊镑蘭兰"
    "氣气溫温攝摄華华氏氏實实際际滿满從从開开關关後后來来這这為为無无須须應应該该當当預预計计長长漲涨減减擴扩"
    "聯联繫系錄录額额"
    "價价資资產产總总現现餘余據据報报財财買买賣卖選选舉举級级檔档輪轮趟趟團团隊队屆届幀帧冊册幅幅隻只匹匹條条"
    "盞盏艘艘節节區区"
    "縣县鄉乡鎮镇國国際际億亿讓让變变動动電电傳传網网證证書书帳账賬账碼码備备遠远離离厘厘釐厘呎呎陣阵遍遍盤盘"
    "劃划準准斷断飛飞"
    "機机車车廠厂棵棵樓楼萬万畫画樣样週周對对與与僅仅詢询話话線线鋪铺席席歐欧俄俄愛爱圖图園园倉仓規规範范圍围"
    "僱雇職职師师學学"
)
_FOLD: dict[int, str] = {ord(old): new for old, new in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)}
_FOLD.update({code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)})
# The full-width comma is a clause mark unless it groups full-width digits (see fold).
del _FOLD[ord("，")]
_FOLD.update(
    {
        ord("○"): "〇",
        ord("\u3000"): " ",
        ord("\u00a0"): " ",
        ord("\u2009"): " ",
        ord("\u202f"): " ",
        ord("−"): "-",
        ord("﹣"): "-",
        ord("–"): "–",
        ord("〜"): "~",
        ord("∼"): "~",
        ord("﹪"): "%",
        ord("￥"): "¥",
        ord("㎡"): "㎡",
        ord("•"): "·",
        ord("・"): "·",
        ord("’"): "'",
    }
)
_WIDE_DIGIT = re.compile("[０-９]")
_WIDE_GROUP = re.compile("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")


def fold(text: str) -> str:
    """Return a copy of `text` of the same length, so that an offset into one is an offset into the other.

    Full-width ASCII becomes ASCII, traditional characters of number words become simplified. `，` becomes `,` only
    between full-width digits that it groups: `１，２００万` is one number, `$20，300美圆` are two.

    Example:
        >>> fold("約１，２００萬元")
        '约1,200万元'
    """
    if _WIDE_DIGIT.search(text):
        text = _WIDE_GROUP.sub(",", text)
    return text.translate(_FOLD)
