"""Words to places: what may differ, what may not, and which of several places is meant."""

import pytest
from hypothesis import given, strategies as st

from summarizer.articles import Article
from summarizer.verify.article_text import ArticleText
from summarizer.verify.folding import fold
from summarizer.verify.locate import cuts_number, locate, occurrences, quote_around, stretch


def text_of(text: str) -> ArticleText:
    return ArticleText.of(Article.from_text(text, id="a"))


def found(article: ArticleText, words: str, sentence: int = 1, context: str = "") -> tuple[str, str | None]:
    place = locate(article, words, sentence, context)
    return article.text[place.start : place.end], place.reason


@pytest.mark.parametrize(
    ("text", "words", "quote"),
    [
        ("总投资约30亿元。", "约30亿元", "约30亿元"),
        ("总投资（含税）约３０亿元。", "(含税)约30亿元", "（含税）约３０亿元"),
        ("达到 99.995 %的可靠性。", "达到99.995%", "达到 99.995 %"),
        ("他说：“今年很好”。", '"今年很好"', "“今年很好”"),
        ("It signed a\nbinding agreement.", "signed a binding", "signed a\nbinding"),
        ("由20—30家企业组成。", "20-30家", "20—30家"),
        ("😀𠮷总投资约30亿元。", "约30亿元", "约30亿元"),
    ],
)
def test_width_punctuation_and_spaces_may_differ(text: str, words: str, quote: str) -> None:
    assert found(text_of(text), words) == (quote, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("总投资约30亿元。", "约30万元"),
        ("总投资约30亿元。", "约31亿元"),
        ("增长3%以上。", "增长-3%"),
        ("It rose by 5%.", "It fell by 5%"),
        ("未达40%以上。", "达到40%以上"),
        ("It cost 1 200 euros.", "1200 euros"),
    ],
)
def test_digits_scales_signs_and_words_may_not(text: str, words: str) -> None:
    assert found(text_of(text), words)[1] == "QUOTE_NOT_FOUND"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It paid $1,200 million for it.", "200 million"),
        ("增长12.3%。", "3%"),
        ("收入2603亿元。", "603亿"),
        ("It had 1,250 staff.", "1,25"),
        ("收入1.37亿元。", "37亿元"),
    ],
)
def test_a_place_inside_a_longer_number_is_none(text: str, words: str) -> None:
    assert found(text_of(text), words)[1] == "NUMBER_FRAGMENT"


def test_the_sentence_cited_decides_between_two_places() -> None:
    article = text_of("甲出资5亿元。乙出资5亿元。")
    assert locate(article, "5亿元", 2).start == article.text.rindex("5亿元")
    assert locate(article, "5亿元", 2).reason is None


def test_in_one_sentence_the_name_decides_and_else_the_place_is_ambiguous() -> None:
    article = text_of("设备采购费5亿元，安装工程费5亿元。")
    place = locate(article, "5亿元", 1, "安装工程费")
    assert place.start == article.text.rindex("5亿元")
    assert place.reason is None
    assert locate(article, "5亿元", 1, "无关").reason == "AMBIGUOUS_LOCATION"


def test_a_slip_of_one_sentence_is_forgiven_and_a_longer_way_is_marked() -> None:
    article = text_of("第一句。第二句总投资5亿元。第三句。第四句。第五句。")
    assert locate(article, "5亿元", 1).reason is None
    assert locate(article, "5亿元", 5).reason == "WRONG_SENTENCE"
    assert locate(article, "5亿元", 99).reason == "WRONG_SENTENCE"
    assert locate(article, "5亿元", 0).reason == "WRONG_SENTENCE"


def test_furniture_is_no_place() -> None:
    article = text_of("甲公司与乙公司签约，总投资5亿元。\n（责任编辑：张三　热线：0791-55502716）\n")
    assert article.furniture
    assert found(article, "0791-55502716")[1] == "IN_FURNITURE"


def test_an_ellipsis_points_from_the_first_words_to_the_last() -> None:
    article = text_of("双方约定，甲集团在三年之内向合资公司提供场地和设备，并派出人员。")
    assert found(article, "甲集团在…场地和设备") == ("甲集团在三年之内向合资公司提供场地和设备", None)
    assert found(article, "场地和设备…甲集团在")[1] == "QUOTE_NOT_FOUND"
    assert found(article, "甲集团在…并不存在")[1] == "QUOTE_NOT_FOUND"


def test_words_stitched_from_two_places_are_not_found() -> None:
    article = text_of("甲公司总投资约30亿元。乙公司总投资约50亿元。")
    assert found(article, "甲公司总投资约50亿元")[1] == "QUOTE_NOT_FOUND"
    assert not stretch(article, "甲公司…约70亿元", 0, len(article.text))


def test_evidence_takes_in_the_clause_that_names_the_thing() -> None:
    article = text_of("前三季度经济平稳，集成电路产量48.3亿块，增长21.7%，其他平稳。")
    start = article.text.index("21.7%")
    low, high = quote_around(article, start, start + 5, ("集成电路产量增速",))
    assert article.text[low:high] == "集成电路产量48.3亿块，增长21.7%"


def test_the_quote_does_not_end_at_a_comma_inside_a_number() -> None:
    article = text_of("The plant employs 1,250 people, most of them in Rochester.")
    start = article.text.index("1,250")
    low, high = quote_around(article, start, start + 5)
    assert article.text[low:high] == "The plant employs 1,250 people"


WORDS = st.text(alphabet="甲乙，。“”（）(),. 　\n12ab３％%—-😀", max_size=40)


@given(WORDS)
def test_every_folded_character_leads_back_to_the_one_it_came_from(text: str) -> None:
    copy = fold(text)
    offsets = [copy.offset(position) for position in range(len(copy.text))]
    assert offsets == sorted(set(offsets))
    for char, offset in zip(copy.text, offsets, strict=True):
        assert fold(text[offset]).text == char or (char == " " and text[offset].isspace())


@given(WORDS, st.data())
def test_what_is_found_reads_as_the_words(text: str, data: st.DataObject) -> None:
    article = ArticleText(text=text, sentences=[(0, len(text))])
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    words = text[start:end]
    for low, high in occurrences(article, words):
        assert fold(text[low:high]).text == fold(words).text
    if words.strip() and not cuts_number(article, start, end):
        assert (start, end) in occurrences(article, words)
