import unicodedata

import pytest
from hypothesis import given, strategies as st

from summarizer.articles import file_name_of


@pytest.mark.parametrize("plain", ["d05-skarvik-offtake", "000_fae4df5e6fbfd132", "a.b", "x~1"])
def test_a_plain_id_is_its_own_file_name(plain):
    assert file_name_of(plain) == plain


@pytest.mark.parametrize(
    "awkward",
    [
        "../etc/passwd",
        "a/b",
        "a\\b",
        "-rf",
        ".hidden",
        "con",
        "NUL.txt",
        "a\nb",
        "新闻",
        "",
        ".",
        "..",
        "a.",
        "A1",
        "x" * 300,
        "a b",
        "a:b",
    ],
)
def test_an_awkward_id_becomes_a_safe_name_with_a_hash(awkward):
    name = file_name_of(awkward)
    assert name != awkward
    assert len(name.encode()) <= 100
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-~")
    assert name[0] not in ".-"
    assert name.split(".")[0].lower() not in {"con", "nul"}


def test_twins_by_case_or_normalisation_do_not_meet():
    twins = ["a1", "A1", unicodedata.normalize("NFC", "é"), unicodedata.normalize("NFD", "é"), "e"]
    assert len({file_name_of(twin).lower() for twin in twins}) == len(twins)


def test_an_id_that_looks_like_another_ids_file_name_does_not_take_it():
    assert file_name_of(file_name_of("A1")) != file_name_of("A1")


@given(st.text(st.characters(), max_size=200), st.text(st.characters(), max_size=200))
def test_different_ids_have_different_file_names(first, second):
    assert (file_name_of(first).lower() == file_name_of(second).lower()) == (first == second)
