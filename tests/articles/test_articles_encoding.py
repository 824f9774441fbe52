import pytest
from hypothesis import given, strategies as st

from summarizer.articles.encoding import decode
from summarizer.errors import EncodingError

NEWS = "11月18日，甲公司与乙公司签署战略合作协议，总投资约30亿元。"
TRADITIONAL = "董事會欣然宣佈，本公司與目標公司訂立諒解備忘錄，代價為港幣3.28億元。"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"])
def test_a_chinese_text_is_read_in_every_encoding_it_comes_in(codec):
    data = NEWS.encode(codec)
    text, name = decode(data)
    assert text == NEWS
    assert data.decode(name) == NEWS


@pytest.mark.parametrize("codec", ["utf-16-be", "utf-32-be"])
def test_a_big_endian_mark_is_no_part_of_the_text(codec):
    data = "\ufeff签约".encode(codec)
    text, name = decode(data)
    assert text == "签约"
    assert data.decode(name) == "签约"


@pytest.mark.parametrize("text", ["京东与讯飞签约", "签约", "中国电信", "人民币", "双方签订协议。", "台北", "有限公司"])
def test_a_few_gbk_characters_are_not_taken_for_another_language(text):
    assert decode(text.encode("gbk")) == (text, "gb18030")


@pytest.mark.parametrize("text", [TRADITIONAL, "諒解備忘錄", "公司", "董事會欣然宣佈", "恆曜冷鏈控股有限公司"])
def test_big5_is_told_from_gbk_however_short(text):
    assert decode(text.encode("big5")) == (text, "big5hkscs")


def test_traditional_text_in_gbk_stays_gbk():
    assert decode(TRADITIONAL.encode("gbk")) == (TRADITIONAL, "gb18030")


@pytest.mark.parametrize(
    "text",
    ["It cost €40 – “a café’s worth”.", "Société Générale a annoncé 5 % de résultat en février.", "Lyngøya: £3m"],
)
def test_western_text_of_windows_is_read(text):
    assert decode(text.encode("cp1252")) == (text, "cp1252")


@pytest.mark.parametrize(
    ("codec", "lie"), [("gb18030", "utf-8"), ("utf-8", "gb2312"), ("big5", "gb2312"), ("gb18030", "big5")]
)
def test_a_lying_declaration_is_overruled(codec, lie):
    text = TRADITIONAL if codec == "big5" else NEWS
    page = f'<html><head><meta charset="{lie}"></head><body>{text}</body></html>'
    assert decode(page.encode(codec))[0] == page


def test_a_true_declaration_decides_where_bytes_alone_do_not():
    page = '<meta charset="windows-1251"><p>Газпром подписал договор</p>'
    assert decode(page.encode("cp1251")) == (page, "cp1251")
    assert decode("Газпром".encode("cp1251"), declared="cp1251")[0] == "Газпром"


@pytest.mark.parametrize("text", ["a\r\nb\rc\n", "\u2028一\u2029", "𠀀𪛖👩\u200d💻", "e\u0301 é"])
def test_line_ends_and_rare_characters_stay_as_they_are(text):
    assert decode(text.encode("utf-8"))[0] == text


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (bytes(range(256)) * 4, "binary"),
        (b"\x00" * 100 + b"abc", "NUL"),
        (b"\x01\x02\x03\x04\x05\x06", "control"),
    ],
)
def test_binary_data_is_refused_with_what_it_looks_like(data, what):
    with pytest.raises(EncodingError, match=what):
        decode(data)


def test_broken_utf8_is_named_with_the_place():
    data = NEWS.encode("utf-8")[:-1]
    with pytest.raises(EncodingError, match=r"broken at byte \d+ of \d+"):
        decode(data)


def test_text_of_an_unknown_encoding_is_refused_rather_than_guessed():
    with pytest.raises(EncodingError, match="no encoding known"):
        decode("Компания подписала договор о поставке".encode("koi8-r"))


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).map(
        lambda text: "中文报道：" + text
    )
)
def test_any_text_comes_back_from_utf8(text):
    assert decode(text.encode("utf-8"))[0] == text


@given(
    st.lists(st.sampled_from(list("公司协议签署亿元万投资合作，。年月日0123456789ABC% \n")), min_size=20).map("".join)
)
def test_news_like_text_comes_back_from_gb18030(text):
    assert decode(text.encode("gb18030"))[0] == text
