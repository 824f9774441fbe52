import pytest
from hypothesis import given, strategies as st

from summarizer.articles.markup import read_markup
from summarizer.articles.source_map import SourceMapBuilder


def build(source, pieces):
    builder = SourceMapBuilder(source)
    for text, start, end in pieces:
        if text is None:
            builder.copy(start, end)
        else:
            builder.put(text, start, end)
    return builder.build()


def test_a_span_through_tags_leads_from_its_first_character_to_its_last():
    source = "<strong>5</strong><strong>万多所学校"
    text, source_map = build(source, [(None, 8, 9), (None, 26, 31)])
    assert text == "5万多所学校"
    assert source_map.to_source(0, 6) == (8, 31)
    assert source[slice(*source_map.to_source(1, 2))] == "万"


def test_every_character_of_an_entity_stands_for_the_whole_entity():
    text, source_map = build("a&nbsp;b", [(None, 0, 1), (" ", 1, 7), (None, 7, 8)])
    assert text == "a b"
    assert source_map.to_source(1, 2) == (1, 7)
    assert source_map.to_source(2, 3) == (7, 8)
    assert source_map.to_canonical(3, 5) == (1, 2)


def test_source_without_visible_text_maps_to_an_empty_range_before_the_next_character():
    _, source_map = build("a<b>c</b>", [(None, 0, 1), (None, 4, 5)])
    assert source_map.to_canonical(1, 4) == (1, 1)
    assert source_map.to_canonical(5, 9) == (2, 2)
    assert source_map.to_canonical(0, 9) == (0, 2)


def test_empty_ranges_map_to_empty_ranges():
    _, source_map = build("a<b>c</b>", [(None, 0, 1), (None, 4, 5)])
    assert source_map.to_source(1, 1) == (4, 4)
    assert source_map.to_source(2, 2) == (5, 5)
    assert source_map.to_canonical(4, 4) == (1, 1)


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (2, 1), (0, 3)])
def test_a_range_outside_the_text_is_refused(start, end):
    _, source_map = build("ab", [(None, 0, 2)])
    with pytest.raises(ValueError, match="range"):
        source_map.to_source(start, end)


FRAGMENTS = st.sampled_from(
    ["<b>", "</b>", "<p>", "</p>", "<br>", "&nbsp;", "&mdash;", "&amp;", "&lt;", "<i class='x'>", "</i>", "<td>", "</td>", "<tr>",
     "<table>", "</table>", "<!-- x -->", "<script>5</script>", " ", "\n", "\r\n", "\t", "5", "万", "𠀀", "👩‍💻", "é", "e\u0301",
     "a", "<", "&", ";", "　", "\xa0", "**", "_", "[x](y)", "|", "#", "- ", "`"]
)  # fmt: skip


@given(st.lists(FRAGMENTS, max_size=40), st.sampled_from(["html", "md"]))
def test_the_map_of_any_markup_is_monotone_and_leads_to_the_character_it_came_from(fragments, hint):
    source = "x<p>" + "".join(fragments)
    marked = read_markup(source, hint)
    if marked.source_map is None:
        assert marked.text == source
        return
    source_map = marked.source_map
    assert source_map.length == len(marked.text)
    previous = 0
    for position, char in enumerate(marked.text):
        start, end = source_map.to_source(position, position + 1)
        assert previous <= start <= end <= len(source)
        previous = start
        if end - start == 1 and not char.isspace():
            assert source[start] == char
        elif not char.isspace() and char not in "|^":
            assert source[start] == "&"
        first, last = source_map.to_canonical(start, end)
        assert end == start or first <= position < last


@given(st.lists(FRAGMENTS, max_size=30), st.data())
def test_a_range_goes_to_the_source_and_back_again(fragments, data):
    marked = read_markup("<p>x" + "".join(fragments), "html")
    text, source_map = marked.text, marked.source_map
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = source_map.to_canonical(*source_map.to_source(start, end))
    assert first <= start
    assert end <= last
    # What is added belongs to the same entity or white space.
    assert (
        not text[first:start].strip()
        or source_map.to_source(first, start + 1)[0] == source_map.to_source(start, end)[0]
    )
