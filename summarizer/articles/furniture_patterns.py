"""The words by which page furniture is known: tables of patterns, Chinese and English.

Two rules keep facts out of the net. A *label* begins furniture in the middle of a sentence, so that the words before it
stay; it is anchored where the words occur in prose as well. A *statement* condemns its whole sentence, so it names
the medium itself or is a set phrase.
"""

from __future__ import annotations

import re
from typing import Final


def _compiled(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


_COLON = r"\s*[：:]\s*"
# The beginning of a sentence, line or bracket; not the middle of a word or clause.
_FRESH = r"(?:^|(?<=[\s　。！？；;|｜(（\[【]))"
_PHONE = r"[+(（]?\s?\d[\d\s()（）+\-—－转轉]{4,}"
_CREDITED = (
    "责任编辑|責任編輯|责编|責編|本版编辑|本版責編|值班编辑|实习编辑|本文编辑|文字编辑|图片编辑|编辑|編輯|编审|校对|校對|"
    "美编|审核|审校|监制|统筹|排版|一审|二审|三审"
)
_PICTURE = "图片|圖片|照片|配图|图"

LABELS: Final = (
    (
        "copyright",
        _compiled(
            "版权所有|版權所有",
            r"(?:Copyright|COPYRIGHT)\s*(?:©|\([cC]\)|(?:19|20)\d{2})",
            r"©\s*(?:(?:19|20)\d{2}|[A-Z\u4e00-\u9fff])",
            r"[Aa]ll [Rr]ights [Rr]eserved",
            r"[\u4e00-\u9fff]ICP[备證证]|公网安备|增值电信业务经营许可|互联网新闻信息服务许可",
        ),
    ),
    (
        "contact",
        _compiled(
            rf"(?:客服|联系|聯絡|服务|新闻|举报|投诉|报料|广告|订阅|发行|咨询|编辑部|值班|采编|媒体)?"
            rf"(?:电话|電話|热线|熱線|传真|傳真|手机){_COLON}{_PHONE}",
            rf"(?:\bTel|\bTEL|\bFax|\bFAX|\bPhone|\bHotline|\bNewsroom)\.?{_COLON}{_PHONE}",
            rf"(?:投稿|联系|电子|举报|公司|商务|合作)?(?:邮箱|邮件|信箱|電郵|电邮|\bE-?mail){_COLON}[\w.+-]+\s*[@#＠]",
            rf"(?:联系|聯絡|联络)人{_COLON}",
            rf"(?:开户行|(?:代理机构|银行|对公)?账号|帳號|邮编|郵編|微信号|QQ群?){_COLON}[\dA-Za-z\u4e00-\u9fff]",
            r"官方(?:微信|微博)(?=\s*(?:官方|$|[：:]))|微信公众号[：:]",
            r"(?:扫|长按|识别).{0,8}二维码.{0,6}(?:关注|下载|订阅|阅读|加入|进群|查看|添加)|扫码(?:关注|下载|加入|阅读)",
            rf"{_FRESH}(?:Media |Press |Investor )?Contacts?:\s",
        ),
    ),
    (
        "credit",
        _compiled(
            rf"[(（\[【]\s*(?:注[：:]\s*)?(?:{_CREDITED})\s*[：:／/|]|(?<![\u4e00-\u9fff])(?:{_CREDITED})[：:／/]",
            rf"[(（\[【]\s*(?:注[：:]\s*)?(?:本文|文章|稿件|{_PICTURE}|图文|文图|视频|资料|信息|新闻|数据)?"
            rf"(?:来源|來源|图源|供图|供圖)\s*[：:]",
            rf"[(（\[【]?\s*(?:注[：:]\s*)?(?:文内|文中|题图|封面)(?:所用)?(?:{_PICTURE})(?:均|系|为|由|来自|来源)",
            rf"[(（]\s*(?:{_PICTURE})由[^()（）]{{1,40}}提供\s*[)）]",
            rf"^\s*(?:{_PICTURE}来源|图源|摄影|供图|原标题|文章来源|稿件来源|信息来源|本文来源|本文作者|作者简介|撰稿|来源){_COLON}",
            r"\((?:Reporting|Writing|Editing|Additional reporting|Compiled) by",
            r"^(?:Reporting|Writing|Editing|Additional reporting) by\b",
        ),
    ),
    (
        "links",
        _compiled(
            r"(?:相关|延伸|推荐|扩展|相關|热门|精彩|往期)(?:阅读|閱讀|新闻|新聞|链接|报道|文章|推荐|资讯|内容|话题|专题|回顾)\s*(?:[：:>》【]|$)",
            r"(?:上一篇|下一篇)\s*(?:[：:]|$)|返回(?:首页|列表|顶部|上一页)|(?:点击|查看)(?:查看|阅读)?(?:更多|原文|全文)$|阅读原文$",
            r"分享(?:到|至)\s*(?:[：:]|微信|微博|QQ|朋友圈|$)|^猜你喜欢|^大家都在看",
            r"(?:Related|RELATED) (?:[Aa]rticles?|[Ss]tor(?:y|ies)|[Ll]inks|[Nn]ews|[Rr]eading)\b",
            r"Read (?:more|next|the full \w+)\s*:",
            r"\bShare (?:this (?:article|story|page)|on (?:Facebook|X|Twitter|LinkedIn|WeChat))",
            r"^More\s*:|^You may also like|^Most [Rr]ead\b",
        ),
    ),
    (
        "boilerplate",
        _compiled(
            rf"(?:免责|免責|法律|郑重|特别|版权)(?:声明|聲明){_COLON}|{_FRESH}(?:声明|聲明){_COLON}",
            rf"风险提示{_COLON}(?:投资|股市|市场有|基金|以上|本文|入市)",
            r"^\s*(?:#\s?#\s?#|-\s?(?:END|ENDS|30)\s?-|ENDS?$|[(（]完[)）])",
            r"网站地图|友情链接|违法和不良信息|隐私(?:政策|声明)\s*(?:[|｜]|$)|用户协议\s*(?:[|｜]|$)|^(?:举报|反馈|举报/反馈)$",
            r"^Our Standards:|Terms of (?:Use|Service)\b|Privacy (?:Policy|Notice)\b|Cookie (?:Policy|Settings)\b",
        ),
    ),
)

_MEDIUM = r"本(?:网|刊|报|网站|公众号|新闻网)|本站(?=.*(?:网|信息|转载|投稿|作品|内容|版权|用户|会员))"
STATEMENTS: Final = (
    (
        "copyright",
        _compiled(
            r"未经.{0,16}(?:授权|許可|许可|允许|同意|书面).{0,24}(?:转载|轉載|摘编|镜像)|不得(?:转载|轉載|摘编)",
            r"转载(?:请|须|时请|务必).{0,6}(?:注明|联系)|禁止转载|谢绝转载|严禁转载",
            r"凡.{0,8}(?:注明|来源).{0,40}(?:作品|稿件|文章)|本(?:网|站|报|刊).{0,10}(?:合法拥有版权|版权)",
            r"(?:本文|文章|稿件|作品|内容|本网|本站)(?:的)?(?:版权|著作权)(?:均)?(?:归|歸|属)",
            r"(?:may|must) not be (?:published|reproduced|republished|redistributed)",
        ),
    ),
    (
        "boilerplate",
        _compiled(
            rf"^(?:{_MEDIUM})(?:是|由|为|通过|每|创|自|拥有|系|成立|致力|坚持|发布|刊登|刊载|所有|转载|所|不|仅|对)",
            r"(?:网|报|社|台|网站|周刊|杂志|客户端)(?:是|系)(?:由|经)?.{0,40}(?:主管|主办|领导|批准|创办|创建|旗下|管理)"
            r".{0,40}(?:网站|媒体|门户|报纸|期刊|杂志|通讯社)",
            r"国家重点新闻网站|不构成.{0,10}(?:投资|任何|交易).{0,6}(?:建议|意见|依据)|不(?:代表|表示).{0,12}(?:立场|观点)",
            r"仅代表作者.{0,8}(?:观点|立场)|(?:投资|股市|入市)有风险|风险自担|^本文(?:来自|首发|转载|原载|仅|不|由.{0,20}原创)",
            r"如(?:有|涉及|存在)(?:侵权|版权)|侵权(?:必究|请联系)|尽在.{0,12}(?:APP|App|客户端)|^特此公[告布佈]",
            r"概不負責|概不负责|take no responsibility for the contents|makes? no representation as to (?:its|their) accuracy",
            r"(?:不存在|没有|並無|并无)(?:任何)?虚假记载.{0,4}误导性陈述|(?:真实|真實).{0,3}[准準]确.{0,3}完整.{0,12}(?:责任|責任)",
            r"forward-looking statements? (?:within|as defined|are|involve|speak)",
            r"(?:undertakes?|assumes?) no (?:obligation|duty)|(?:not|does not constitute) (?:investment|financial|legal) advice",
        ),
    ),
    (
        "subscription",
        _compiled(
            r"^(?:Subscribe|Sign up|Follow us|Join our|Download (?:our|the) app|Like us|Get (?:our|the) (?:daily|weekly|free))\b",
            r"(?:subscribe|sign up) (?:to|for) our|our (?:newsletter|Telegram|WhatsApp)\b",
            r"^.{0,30}(?:欢迎|请|敬请|点击|蓝字).{0,6}(?:订阅|訂閱|关注|關注|投稿).{0,30}$|^.{0,30}关注.{0,12}(?:公众号|官微|视频号).{0,20}$",
            r"订阅(?:本刊|本报|我们|电子报)|^(?:点击|扫码|欢迎|请|立即)?(?:下载|打开)[^\d。，]{0,12}(?:APP|App|客户端)[^\d。]{0,20}。?$",
            r"(?:本刊|本报|全年|每期).{0,8}(?:定价|订价|售价)",
        ),
    ),
    (
        "links",
        _compiled(r"^(?:<?https?://\S+>?|www\.\S+)$|^返回[^，。]{1,20}$|^返回.{0,20}[|｜]|^返回.{1,10}[，,]查看更多"),
    ),
)
# A clause of the deal may speak of copyright and reprints; the page's own rules do not speak of the deal.
OF_A_DEAL: Final = re.compile(r"双方|雙方|协议|協議|合同|约定|約定|签署|签订|簽訂|甲方|乙方|agreement|contract")

# Weak: furniture only next to furniture.
WEAK: Final = _compiled(
    r"^[【\[（(]?[^，。；！？,;!?]{1,24}[：:】\]）)]?$",
    r"^[^，。；：:\s]{2,16}[：:][^，。；！？]{0,60}$",
    r"^[^。！？]{0,80}(?:subscribers|readers|followers|订户|读者|粉丝)[^。！？]{0,40}[.。]?$",
)
LABELLED: Final = re.compile(r"[^，。；：:\s]{2,16}[：:][^，。；！？]{1,40}[　\s]*")
DATE_LINE: Final = _compiled(
    r"^(?:[\d〇零○一二三四五六七八九十年月日./-]{6,14}|(?:\d{1,2} )?[A-Z][a-z]{2,8}\.? (?:\d{1,2}, )?\d{4})$"
)

_BOILERPLATE_HEADINGS = (
    r"About (?:us|the (?:company|companies))",
    r"(?:Cautionary|CAUTIONARY|Safe [Hh]arbou?r|SAFE HARBOU?R|Forward[- ][Ll]ooking|FORWARD[- ]LOOKING|No [Oo]ffer|NO OFFER"
    r"|Disclaimers?|DISCLAIMERS?|Legal [Nn]otice|Notes? to [Ee]ditors|Participants in the [Ss]olicitation)(?: [^\n.]{0,80})?",
    r"(?:Important|Additional) [Ii]nformation (?:and [Ww]here|for (?:investors|shareholders))[^\n.]{0,60}",
    r"前瞻性(?:陈述|声明|表述)[^\n，。]{0,12}|免责声明|免責聲明|关于(?:我们|本公司)|關於(?:我們|本公司)",
)
_CONTACT_HEADINGS = (
    r"(?:Conference [Cc]all|CONFERENCE CALL|Webcast|Investor [Cc]all|Earnings [Cc]all)(?:[ ,][^\n.]{0,50})?",
    r"(?:Media|Press|Investor|Company|Corporate|Public) (?:[Cc]ontacts?|[Ii]nquiries|[Rr]elations)(?: [Ii]nformation)?",
    r"Contacts?|CONTACTS?|Contact [Ii]nformation|Contact [Uu]s|For (?:more|further|additional) information[^\n.]{0,40}",
    r"(?:媒体|新闻|投资者|企业)?(?:联系|聯絡|联络)(?:方式|我们|人)|投资者关系|媒体垂询|媒體查詢|投資者查詢",
)
_LINK_HEADINGS = (
    r"(?:相关|延伸|推荐|扩展|相關|热门|精彩|更多|往期)(?:阅读|閱讀|新闻|新聞|链接|报道|文章|推荐|资讯|内容|专题|回顾)",
    r"猜你喜欢|大家都在看|编辑推荐|最新文章|图片新闻|热点新闻",
    r"(?:Related|RELATED)(?: (?:[Aa]rticles?|[Ss]tories|[Ll]inks|[Nn]ews|[Rr]eading|[Cc]overage))?",
    r"(?:More|Latest|Recommended|Popular|Trending|Most (?:read|popular)) "
    r"(?:[Aa]rticles?|[Ss]tories|[Ll]inks|[Nn]ews|[Rr]eading|[Cc]overage|from [^\n.]{1,40})|You may also like|Read next",
)
_OPENING_MARKS = r"[ \t　#*【\[]*"
_CLOSING_MARKS = r"[】\]* \t　：:]*"
# Headings of whole sections of furniture: a line of its own.
SECTION_HEADING: Final = re.compile(
    rf"{_OPENING_MARKS}(?:"
    rf"(?P<boilerplate>{'|'.join(_BOILERPLATE_HEADINGS)})"
    rf"|(?P<contact>{'|'.join(_CONTACT_HEADINGS)})"
    rf"|(?P<links>{'|'.join(_LINK_HEADINGS)})"
    rf"){_CLOSING_MARKS}"
)
# Its section must speak of the name that the heading bears; "About the price" and 关于合作前景 are the article's own.
ABOUT_HEADING: Final = re.compile(
    rf"{_OPENING_MARKS}(?:About (?P<english>[^\n.]{{2,60}}?)|(?:关于|關於)(?P<chinese>[^\s，。：:]{{2,30}}?)){_CLOSING_MARKS}"
)

SELF_DESCRIPTION: Final = re.compile(r"^.{2,40}(?:是|系|成立|创立|创建|创办|始建|致力|专注|总部|隶属|於.{2,8}年)")

_SHORT = r"[^\n。，]"
MASTHEAD: Final = _compiled(
    rf"^{_SHORT}{{0,40}}(?:\d{{4}}年\d{{1,2}}月\d{{1,2}}日|\d{{4}}-\d{{2}}-\d{{2}}){_SHORT}{{0,30}}"
    rf"(?:星期[一二三四五六日天]|第\s*[0-9A-Z]{{1,3}}\s*版|总第\s*\d+\s*期|\b[A-D]\d{{1,2}}(?:版|$)){_SHORT}{{0,30}}$",
    rf"^{_SHORT}{{0,40}}(?:第\s*[0-9A-Z]{{1,3}}\s*版|总第\s*\d+\s*期){_SHORT}{{0,20}}$",
)
NAVIGATION: Final = _compiled(
    rf"^(?:首页|首頁|Home|HOME|登录|登錄|Log ?in|Sign in)\b{_SHORT}{{0,30}}[|｜>＞»/·]{_SHORT}{{0,400}}$",
    rf"^(?={_SHORT}{{0,200}}(?:首页|首頁|\bHome\b|登录|注册))(?:{_SHORT}{{0,30}}[|｜>＞»]){{2,40}}{_SHORT}{{0,60}}$",
    r"^(?:当前位置|您的位置|您当前的位置|所在位置)\s*[：:].{0,80}$",
    r"^(?:Skip to (?:main )?content|Advertisement|ADVERTISEMENT|广告|Menu|菜单|搜索|登录|注册|登录\s*[|/]?\s*注册)$",
)
TICKER: Final = re.compile(
    r"(?:沪指|上证(?:指数|综指)?|深证?成指|创业板指?|科创50|恒生?指数?|恆生指數|道指|纳指|标普(?:500)?|日经(?:225)?"
    r"|Dow|Nasdaq|S&P 500|FTSE 100|Nikkei|Hang Seng)[\s　:：]*[\d,.]{3,}"
)
_END_OF_COUNTER = r"(?=[\s　|｜)）]|$)"
ENGAGEMENT: Final = _compiled(
    r"(?:阅读(?:量|数)?|閱讀|评论(?:数)?|点赞|浏览(?:量|次数)?|点击(?:量|次数)?|收藏|转发)(?:\s*[：:]\s*|[\s　]+)"
    rf"[\d.,]+\s*[万kK]?\+?{_END_OF_COUNTER}",
    rf"[\d.,]+\s*万?\s*(?:次阅读|人阅读|条评论|人参与|次浏览|次点击){_END_OF_COUNTER}",
    rf"\b(?:Views|Comments|Likes|Shares)\s*:\s*[\d.,]+[kKmM]?{_END_OF_COUNTER}",
    rf"\b\d+ (?:min(?:ute)?s? read|views|comments){_END_OF_COUNTER}",
    r"字号\s*[：:]?\s*[大中小T][\s　大中小|+-]*",
)
STOCK_CODE: Final = re.compile(r"^[（(]?\s*(?:股份代[號号]|股票代[號号碼码]|Stock [Cc]odes?)\s*[：:].{1,60}$")
REGISTERED: Final = re.compile(r"^[（(].{0,60}(?:註冊成立|注册成立|incorporated).{0,80}[）)]$", re.IGNORECASE)
LISTING_LINE: Final = re.compile(
    r"^(?:证券代码|公告编号|证券简称|股票简称|债券代码|债券简称|股票代码|A股代码)\s*[：:].{0,120}$"
)
ISSUER_NAME: Final = re.compile(r"^.{2,70}(?:公司|Limited|Ltd\.?|Inc\.?|Holdings|Corporation|PLC|plc)[*＊]?$")
LIST_ITEM: Final = re.compile(r"[（(]?[\d一二三四五六七八九十]{1,3}[.、．）)]|[-*•]")

BRACKET_CREDIT: Final = re.compile(
    r"[（(](?:注[：:]\s*)?(?:"
    rf"(?:{_CREDITED})\s*[：:][^（）()\n]{{1,80}}"
    rf"|(?:本文|文章|稿件|{_PICTURE}|图文|信息|新闻)?(?:来源|來源|图源|供图|供圖)\s*[：:][^（）()\n]{{1,40}}"
    rf"|(?:文内|文中)(?:{_PICTURE})[^（）()\n]{{1,40}}|(?:{_PICTURE})由[^（）()\n]{{1,40}}提供"
    r"|[^（）()\n，。]{1,12}(?:供图|供圖))[）)]"
    r"|^[ \t　]*(?:图片来源|圖片來源|图源|供图|摄影)[ ]?[：:/／][^\n，。]{1,40}$",
    re.MULTILINE,
)
