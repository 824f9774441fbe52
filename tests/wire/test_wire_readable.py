from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from summarizer.wire.readable import dump_readable, load_readable

texts = st.text() | st.sampled_from(["$lines", "$$lines", "$json", "$json spaced", "a\nb", "\n", "{}\n", "[1]" * 30])
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)
nested = st.recursive(
    plain,
    lambda inner: (
        st.builds(lambda value: json.dumps([value, "x" * 40], ensure_ascii=False), inner)
        | st.builds(lambda value: json.dumps([value, "x" * 40], ensure_ascii=False, separators=(",", ":")), inner)
    ),
    max_leaves=3,
)


@settings(max_examples=300)
@given(nested)
def test_every_value_comes_back_exactly(value: Any) -> None:
    written = dump_readable(value)
    assert load_readable(written) == value
    assert load_readable(written.encode()) == value
    assert dump_readable(load_readable(written)) == written


def test_lines_and_nested_json_can_be_read_by_people() -> None:
    content = json.dumps(
        {"headline": "甲公司签约", "points": ["一", "二"], "abstract": "第一行\n第二行，更长一些，更长一些"},
        ensure_ascii=False,
    )
    written = dump_readable({"content": content, "prompt": "一\n二"})
    assert '      "headline": "甲公司签约",' in written.splitlines()
    assert '      "二"' in written
    assert "\\n" not in written


def test_hidden_characters_are_written_as_escapes() -> None:
    value = "a\u202eb\u2028c\u200bd\ufeff\x85\ud83d"
    written = dump_readable(value)
    assert written == '"a\\u202eb\\u2028c\\u200bd\\ufeff\\u0085\\ud83d"\n'
    assert load_readable(written) == value


@pytest.mark.parametrize("text", ['{"$lines": "no list"}', '{"$lines": [1]}', "{", ""])
def test_what_was_not_written_so_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        load_readable(text)
