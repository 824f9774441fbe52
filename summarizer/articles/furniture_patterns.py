"""The words by which page furniture is known: tables of patterns, Chinese and English."""

from __future__ import annotations

import re
from typing import Final


def _table(*rows: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, pattern in rows)


_PHONE = r"[+(（]?\s?\d[\d\s()（）+\-—－转轉]{4,}"

# A label begins furniture in the middle of a sentence: what stands before it in the sentence is left alone.
LABELS: Final = _table(
    (
        "copyright",
        r"版权所有|版權所有|(?:Copyright|COPYRIGHT)\s*(?:©|\([cC]\)|\d{4}|of\b)|©\s*(?:\d{4}|[A-Z\u4e00-\u9fff])|\([cC]\)\s*(?:19|20)\d{2}"
        r"|[Aa]ll [Rr]ights [Rr]eserved|[\u4e00-\u9fff]ICP[备證证]|公网安备|增值电信业务|互联网新闻信息服务许可|统一社会信用代码[：:]",
    ),
    (
        "contact",
        rf"(?:客服|联系|聯絡|服务|服務|新闻|举报|投诉|报料|广告|订阅|发行|咨询|编辑部|值班|采编|媒体)?(?:电话|電話|热线|熱線|传真|傳真|手机|微信号|QQ群?|Tel|TEL|Fax|FAX|Phone|Hotline|Newsroom)\.?\s*[：:]\s*(?:{_PHONE}|[A-Za-z0-9_+])"
        r"|(?:投稿|联系|电子|举报|公司|商务|合作)?(?:邮箱|邮件|信箱|電郵|电邮|E-?mail|Email)\s*[：:]\s*[\w.+-]+\s*[@#＠]"
        r"|(?:联系|聯絡|联络)人\s*[：:]|(?:开户行|(?:代理机构|银行|对公)?账号|帳號|邮编|郵編)\s*[：:]\s*[\d\u4e00-\u9fff]"
        r"|官方微信|官方微博|微信公众号[：:]|(?:扫|长按).{0,6}二维码|扫码(?:关注|下载|加入|阅读)",
    ),
    (
        "credit",
        r"[(（\[【]?\s*(?:注[：:]\s*)?(?:责任编辑|責任編輯|责编|責編|本版编辑|本版責編|值班编辑|编辑|校对|美编|审核|监制|统筹|实习编辑|本文编辑|文字编辑|图片编辑|编审|审校)\s*[：:／/丨|]"
        r"|[(（\[【]\s*(?:注[：:]\s*)?(?:本文|文章|稿件|图片|圖片|图文|文图|图|视频|资料|信息|新闻|数据)?(?:来源|來源|图源|供图|供圖)\s*[：:]"
        r"|[(（\[【]?\s*(?:注[：:]\s*)?(?:文内|文中|本文|题图|配图|封面)(?:所用)?(?:图片|配图|图)(?:均|系|为|由|来自|来源)"
        r"|[(（]\s*(?:图片|照片|图)由[^()（）]{1,40}提供\s*[)）]"
        r"|(?:^|\n)\s*(?:图片来源|图源|摄影|供图|原标题|文章来源|稿件来源|本文来源|本文作者|作者简介|撰稿)\s*[：:|]"
        r"|\((?:Reporting|Writing|Editing|Additional reporting|Compiled) by|^(?:Reporting|Writing|Editing|Additional reporting) by\b",
    ),
    (
        "links",
        r"(?:相关|延伸|推荐|扩展|相關|延伸|更多|热门|精彩)(?:阅读|閱讀|新闻|新聞|链接|报道|文章|推荐|资讯|内容|话题|专题)\s*(?:[：:>》【]|$|\n)"
        r"|(?:上一篇|下一篇|上一条|下一条)\s*[：:]?|返回(?:首页|列表|顶部|上一页)|(?:点击|查看)(?:查看|阅读)?(?:更多|原文|全文)|阅读原文|猜你喜欢"
        r"|分享到|分享至|(?:Related|RELATED) (?:[Aa]rticles?|[Ss]tor(?:y|ies)|[Ll]inks|[Nn]ews|[Rr]eading)|Read (?:more|next|the full)\s*:|^More\s*:|You may also like|Most [Rr]ead\b"
        r"|Share (?:this|on)\b",
    ),
    (
        "boilerplate",
        r"(?:免责声明|免責聲明|法律声明|郑重声明|特别声明|版权声明|声明|聲明|特别提示|重要提示)\s*[：:]|风险提示\s*[：:]\s*(?:投资|股市|市场|基金|以上|本文|入市)"
        r"|(?:^|\n)\s*(?:#\s?#\s?#|###|-\s?(?:END|ENDS|30)\s?-|(?:ENDS|END)\s*$|[(（]完[)）])"
        r"|网站地图|友情链接|违法和不良信息|隐私(?:政策|声明)|用户协议|(?:Terms of (?:Use|Service)|Privacy (?:Policy|Notice)|Cookie (?:Policy|Settings))",
    ),
)

# A statement is furniture as a whole sentence.
STATEMENTS: Final = _table(
    (
        "copyright",
        r"未经.{0,16}(?:授权|許可|许可|允许|同意|书面).{0,24}(?:转载|轉載|摘编|复制|使用|引用|镜像)|不得(?:转载|轉載|摘编)|转载(?:请|须|时请|务必).{0,6}(?:注明|联系)|禁止转载|谢绝转载"
        r"|凡.{0,8}(?:注明|来源).{0,40}(?:作品|稿件|文章)|(?:版权|著作权)(?:均)?(?:归|歸|属)|本网.{0,10}(?:合法拥有版权|版权)"
        r"|(?:may|must) not be (?:published|reproduced|republished|redistributed|copied)",
    ),
    (
        "boilerplate",
        r"^本(?:网|站|刊|报|台|平台|公众号|网站|社)(?:是|由|为|通过|每|创|自|拥有|系|成立|致力|坚持|发布|刊登|刊载|所有|转载|所|不|仅|对)"
        r"|(?:网|报|社|台|网站|平台|周刊|杂志|客户端)(?:是|系)(?:由|经)?.{0,40}(?:主管|主办|领导|批准|创办|创建|旗下|管理).{0,40}(?:网站|媒体|门户|平台|报纸|机构|窗口|期刊)"
        r"|国家重点新闻网站|不构成.{0,10}(?:投资|任何|交易).{0,6}(?:建议|意见|依据)|不(?:代表|表示).{0,12}(?:立场|观点)|仅代表作者.{0,8}(?:观点|立场)|(?:投资|股市|入市)有风险"
        r"|据此(?:操作|入市|投资).{0,4}风险自(?:担|负)|仅供(?:参考|读者参考)[，,。]|如(?:有|涉及|存在)(?:侵权|版权)|侵权(?:必究|请联系|联系)"
        r"|概不(?:負責|负责|對).{0,60}(?:損失|损失|聲明|声明|責任|责任)|take no responsibility for the contents|makes? no representation as to (?:its|their) accuracy"
        r"|(?:保证|保證).{0,30}(?:内容|內容).{0,6}真实.{0,3}准确.{0,3}完整|没有虚假记载.{0,4}误导性陈述"
        r"|forward-looking statements? (?:within|as defined|are|involve|speak)|(?:undertakes?|assumes?) no (?:obligation|duty)|not (?:an offer|investment advice|financial advice)",
    ),
    (
        "subscription",
        r"^(?:Subscribe|Sign up|Follow us|Join our|Download (?:our|the) app|Like us|Get (?:our|the) (?:daily|weekly|free))\b|(?:subscribe|sign up) (?:to|for) our|our (?:newsletter|Telegram|WhatsApp) "
        r"|(?:欢迎|请|敬请|点击|立即|免费|扫码|长按)(?:订阅|訂閱|关注|關注|下载|下載|投稿)|关注.{0,12}(?:公众号|官微|视频号)|订阅(?:本刊|本报|我们|电子报)|(?:下载|打开).{0,10}(?:APP|App|客户端)"
        r"|(?:本刊|本报|全年|每期).{0,8}(?:定价|订价|售价)",
    ),
    ("links", r"^(?:<?https?://\S+>?|www\.\S+)$|^返回[^，。]{1,20}$|^返回.{0,20}[|｜]"),
)

# Weak: furniture only next to furniture.
WEAK: Final = re.compile(
    r"^[【\[（(]?[^，。；！？,;!?]{1,24}[：:】\]）)]?$"
    r"|^[^，。；：:]{2,16}[：:][^，。；！？]{0,60}$"
    r"|^[^。！？]{0,80}(?:subscribers|readers|followers|订户|读者|粉丝)[^。！？]{0,40}[.。]?$"
)
DATE_LINE: Final = re.compile(
    r"^[\s　]*(?:[\d〇零○一二三四五六七八九十年月日./-]{6,14}|(?:\d{1,2} )?[A-Z][a-z]{2,8}\.? (?:\d{1,2}, )?\d{4})[\s　]*$"
)

# Headings of whole sections of furniture: a line of its own.
SECTION_HEADING: Final = re.compile(
    r"^[ \t　#*【\[]*(?:"
    r"(?P<boilerplate>About (?:us|the (?:company|companies)|[A-Z][^\n.]{0,60}|[a-z]?[A-Z][^\n.]{0,60})"
    r"|(?:Cautionary|CAUTIONARY|Safe [Hh]arbou?r|SAFE HARBOU?R|Forward[- ][Ll]ooking|FORWARD[- ]LOOKING|No [Oo]ffer|NO OFFER|Important (?:[Ii]nformation|[Nn]otice|[Aa]dditional)|Disclaimers?|DISCLAIMERS?"
    r"|Legal [Nn]otice|Note(?:s)? to [Ee]ditors|Participants in the [Ss]olicitation|Additional [Ii]nformation (?:and|about|regarding)[^\n]{0,60}|(?:Use of |Note on )?[Nn]on-GAAP)(?: [^\n.]{0,80})?"
    r"|前瞻性(?:陈述|声明|表述)[^\n，。]{0,12}|免责声明|免責聲明|关于(?:我们|本公司)|關於(?:我們|本公司)|重要声明|编者的话)"
    r"|(?P<contact>(?:Conference [Cc]all|CONFERENCE CALL|Webcast|Investor [Cc]all|Earnings [Cc]all)(?:[ ,][^\n.]{0,50})?"
    r"|(?:(?:Media|Press|Investor|Company|Corporate|Public) )?(?:[Cc]ontacts?|CONTACTS?|[Ii]nquiries|[Rr]elations)(?: [Ii]nformation)?|For (?:more|further|additional) information[^\n.]{0,40}"
    r"|(?:媒体|新闻|投资者|企业)?(?:联系|聯絡|联络)(?:方式|我们|人)?|投资者关系|媒体垂询|媒體查詢)"
    r"|(?P<links>(?:相关|延伸|推荐|扩展|相關|热门|精彩|更多)(?:阅读|閱讀|新闻|新聞|链接|报道|文章|推荐|资讯|内容|专题)|猜你喜欢|大家都在看|编辑推荐|最新文章|图片新闻"
    r"|(?:Related|RELATED|More|Latest|Recommended|Popular|Trending|Most (?:read|popular))(?: (?:articles?|stories|links|news|reading|coverage|Articles?|Stories|Links|News|Reading|from [^\n.]{1,40}))?|You may also like|Read next)"
    r")[ \t　】\]*]*[：:]?[ \t　]*\r?$",
    re.MULTILINE,
)
CHINESE_ABOUT: Final = re.compile(
    r"^[ \t　#*【]*(?:关于|關於)(?!.{0,40}的)([^\s，。：:]{2,30})[】* \t　]*\r?$", re.MULTILINE
)

# The head of a page.
MASTHEAD: Final = re.compile(
    r"^[^\n。，]{0,40}(?:\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{2}-\d{2})[^\n。，]{0,30}(?:星期[一二三四五六日天]|第\s*[0-9A-Z]{1,3}\s*版|总第\s*\d+\s*期|[A-D]\d{1,2}版?)[^\n。，]{0,30}$"
    r"|^[^\n。，]{0,40}(?:第\s*[0-9A-Z]{1,3}\s*版|总第\s*\d+\s*期)[^\n。，]{0,20}$"
)
NAVIGATION: Final = re.compile(
    r"^(?=[^\n。，]{0,200}(?:首页|首頁|Home|HOME|登录|注册|Log ?in|Sign in))[^\n。，]{0,400}?(?:[|｜>＞»/·][^\n。，]{0,60}){2,}$"
    r"|^(?:当前位置|您的位置|您当前的位置|所在位置|位置|首页\s*[>＞»]).{0,80}$"
    r"|^(?:Skip to (?:main )?content|Advertisement|ADVERTISEMENT|广告|Menu|菜单|搜索|登录|注册|登录\s*[|/]?\s*注册)$"
)
TICKER: Final = re.compile(
    r"(?:沪指|上证(?:指数|综指)?|深证?成指|创业板指?|科创50|恒生?指数?|恆生指數|道指|纳指|标普(?:500)?|日经(?:225)?|Dow|Nasdaq|S&P 500|FTSE 100|Nikkei|Hang Seng)"
    r"[\s　:：]*[\d,.]{3,}"
)
ENGAGEMENT: Final = re.compile(
    r"(?:阅读(?:量|数)?|閱讀|评论(?:数)?|评|点赞|赞|浏览(?:量|次数)?|点击(?:量|次数)?|收藏|转发|热度|人气|Views?|Comments?|Likes?|Shares?)(?:\s*[：:]\s*|[\s　]+|\s*[(（]\s*)[\d.,]+\s*(?:万|亿|[kKmM]\b)?\+?\s*[)）]?"
    r"|[\d.,]+\s*(?:万)?\s*(?:次阅读|人阅读|条评论|人参与|次浏览|次点击|views\b|comments\b)|字号\s*[：:]?\s*[大中小T][\s　大中小|+-]*|(?:\d+ min(?:ute)?s? read)"
)
STOCK_CODE: Final = re.compile(r"^[（(]?\s*(?:股份代[號号]|股票代[號号码碼]|证券代码|Stock [Cc]odes?)\s*[：:].{1,60}$")
REGISTERED: Final = re.compile(r"^[（(].{0,60}(?:註冊成立|注册成立|incorporated).{0,80}[）)]$", re.IGNORECASE)
LISTING_LINE: Final = re.compile(
    r"^(?:证券代码|公告编号|证券简称|股票简称|债券代码|债券简称|股票代码|A股代码|编号)\s*[：:].{0,120}$"
)
