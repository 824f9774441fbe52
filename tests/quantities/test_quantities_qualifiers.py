"""Qualifier words of both languages, before and after the amount, and where they stand."""

from __future__ import annotations

import pytest

from summarizer.quantities import scan

CASES = [
    ("more_than", "超过|超|逾|突破|高于|大于|多于", "{}100家"),
    ("at_least", "至少|不低于|不少于|不得低于|最低", "{}100家"),
    ("nearly", "近|将近|接近", "{}100家"),
    ("about", "约|大约|約", "{}100家"),
    ("at_most", "不超过|至多|最多|最高|不高于|上限为", "{}100家"),
    ("less_than", "不到|不足|未达|低于|少于", "{}100家"),
    ("exact", "达|达到|高达", "{}100家"),
    ("at_least", "以上|及以上|起", "100家{}，"),
    ("about", "左右|上下", "100家{}"),
    ("at_most", "以内|及以下", "100家{}"),
    ("less_than", "以下", "100家{}"),
    ("more_than", "more than|over|above|in excess of|exceeding", "{} 100 firms"),
    ("at_least", "at least|no less than|no fewer than|a minimum of", "{} 100 firms"),
    ("nearly", "nearly|almost|close to", "{} 100 firms"),
    ("about", "about|around|roughly|approximately|some|an estimated", "{} 100 firms"),
    ("at_most", "up to|at most|no more than|capped at|not more than", "{} 100 firms"),
    ("less_than", "less than|fewer than|under|below", "{} 100 firms"),
    ("at_least", "or more|or above", "20% {}"),
    ("more_than", "-plus|+", "40{}"),
]
FLAT = [(qualifier, word, frame.format(word)) for qualifier, words, frame in CASES for word in words.split("|")]


@pytest.mark.parametrize(("qualifier", "word", "text"), FLAT)
def test_the_word_bounds_the_amount_and_its_place_is_told(qualifier, word, text):
    (item,) = scan(text)
    assert item.qualifier == qualifier
    assert text[item.qualifier_start : item.qualifier_end] == word
    assert item.qualifier_end <= item.start or item.qualifier_start >= item.end


@pytest.mark.parametrize("text", ["300余家", "80多个", "300余万户", "十几个", "5个多月", "40多万人"])
def test_an_infix_is_more_than_and_stands_inside(text):
    (item,) = scan(text)
    assert item.qualifier == "more_than"
    assert item.start <= item.qualifier_start < item.qualifier_end <= item.end


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("占比未达40%以上", "less_than"),
        ("PUE≤1.3", "at_most"),
        ("租金不高于市场价的六成", "at_most"),
        ("累计不超过合同金额的5%", "at_most"),
        ("cannot fall below €610", "at_least"),
        ("up to a further US$10 million", "at_most"),
        ("more than US$2 billion", "more_than"),
        ("上百个城市", "at_least"),
        ("补足金额以新台幣5,000萬元為限", "at_most"),
        ("it has traded for over 40 years", "more_than"),
        ("$5bn over five years", "exact"),
        ("历时近三年", "nearly"),
        ("近三年，", "exact"),
        ("附近100家", "exact"),
    ],
)
def test_the_context_decides_the_bound(text, qualifier):
    assert scan(text)[-1].qualifier == qualifier


def test_a_word_of_another_amount_is_not_taken():
    items = scan("超过100家、200家，300家以上400家")
    assert [item.qualifier for item in items] == ["more_than", "exact", "at_least", "exact"]
