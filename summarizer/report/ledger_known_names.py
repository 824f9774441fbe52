"""Names of large companies and places in both languages: general knowledge, not read from articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

# One party a line; names without their legal forms.
_COMPANIES: Final = """
京东 | JD.com | JD
科大讯飞 | iFlytek
阿里巴巴 | Alibaba
腾讯 | Tencent
百度 | Baidu
华为 | Huawei
小米 | Xiaomi
比亚迪 | BYD
宁德时代 | CATL | Contemporary Amperex Technology
联想 | Lenovo
中兴通讯 | ZTE
美团 | Meituan
网易 | NetEase
拼多多 | Pinduoduo
字节跳动 | ByteDance
滴滴 | DiDi
中国移动 | China Mobile
中国电信 | China Telecom
中国联通 | China Unicom
中国石油 | PetroChina
中国石化 | Sinopec
中芯国际 | SMIC
台积电 | TSMC
富士康 | Foxconn
苹果 | Apple
微软 | Microsoft
谷歌 | Google
亚马逊 | Amazon
特斯拉 | Tesla
英特尔 | Intel
英伟达 | Nvidia
三星 | Samsung
西门子 | Siemens
大众汽车 | Volkswagen
丰田汽车 | Toyota Motor | Toyota
宝马 | BMW
波音 | Boeing
空中客车 | 空客 | Airbus
辉瑞 | Pfizer
巴斯夫 | BASF
"""
_PLACES: Final = """
北京 | Beijing
上海 | Shanghai
天津 | Tianjin
重庆 | Chongqing
河北 | Hebei
山西 | Shanxi
辽宁 | Liaoning
黑龙江 | Heilongjiang
江苏 | Jiangsu
浙江 | Zhejiang
安徽 | Anhui
福建 | Fujian
江西 | Jiangxi
山东 | Shandong
河南 | Henan
湖北 | Hubei
湖南 | Hunan
广东 | Guangdong
海南 | Hainan
四川 | Sichuan
贵州 | Guizhou
云南 | Yunnan
陕西 | Shaanxi
甘肃 | Gansu
青海 | Qinghai
广西 | Guangxi
内蒙古 | Inner Mongolia
宁夏 | Ningxia
新疆 | Xinjiang
西藏 | Tibet
香港 | Hong Kong
澳门 | Macau | Macao
广州 | Guangzhou
深圳 | Shenzhen
珠海 | Zhuhai
佛山 | Foshan
东莞 | Dongguan
韶关 | Shaoguan
南京 | Nanjing
无锡 | Wuxi
南通 | Nantong
宿迁 | Suqian
常州 | Changzhou
杭州 | Hangzhou
宁波 | Ningbo
合肥 | Hefei
厦门 | Xiamen
济南 | Jinan
青岛 | Qingdao
郑州 | Zhengzhou
南阳 | Nanyang
武汉 | Wuhan
长沙 | Changsha
成都 | Chengdu
西安 | Xi'an
沈阳 | Shenyang
大连 | Dalian
昆明 | Kunming
"""


def _groups(table: str) -> Sequence[Sequence[str]]:
    return [[name.strip() for name in line.split("|")] for line in table.strip().splitlines()]


COMPANIES: Final = _groups(_COMPANIES)
PLACES: Final = _groups(_PLACES)
