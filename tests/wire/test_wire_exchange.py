from __future__ import annotations

import json
import random
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from summarizer.wire.exchange import Exchange, Usage, canonical_json, document_key, exchange_key, usage_of

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
documents = st.dictionaries(st.text(), values, max_size=5)


def shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        return {key: shuffled(item, chance) for key, item in items}
    return [shuffled(item, chance) for item in value] if isinstance(value, list) else value


@settings(max_examples=150)
@given(documents, st.randoms(use_true_random=False), st.booleans(), st.sampled_from([None, 1, 3]))
def test_a_key_does_not_depend_on_the_spelling(
    document: Any, chance: Any, is_escaped: bool, indent: int | None
) -> None:
    respelled = json.dumps(shuffled(document, chance), ensure_ascii=is_escaped, indent=indent)
    assert exchange_key(respelled.encode("utf-8", "surrogatepass")) == document_key(document)


@settings(max_examples=150)
@given(documents, documents)
def test_two_requests_share_a_key_only_when_they_are_the_same(one: Any, other: Any) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (document_key(one) == document_key(other)) == same


def test_the_key_of_a_known_request_stays_what_it_was() -> None:
    # Changing this makes every store and every recording worthless.
    body = '{"model": "m", "messages": [{"role": "user", "content": "甲公司与乙公司签约"}], "temperature": 0}'
    assert exchange_key(body.encode()) == "3345060524ae02630e62ae3be2cf09dc64076f16ec0d6c796ca288c736264da7"


def test_the_order_of_messages_is_part_of_the_key() -> None:
    one, two = {"role": "user", "content": "a"}, {"role": "user", "content": "b"}
    assert document_key({"messages": [one, two]}) != document_key({"messages": [two, one]})


def test_a_lone_surrogate_has_a_key() -> None:
    assert len(exchange_key(b'{"content": "\\ud83d"}')) == 64


def test_canonical_json_is_not_escaped_to_ascii() -> None:
    assert canonical_json({"b": 1, "a": "亿元"}) == '{"a":"亿元","b":1}'.encode()


def test_an_exchange_is_frozen(exchange: Any) -> None:
    with pytest.raises(FrozenInstanceError):
        exchange().status = 500


@pytest.mark.parametrize(
    ("status", "body", "is_answer"),
    [
        (200, b'{"choices": []}', True),
        (200, b'{"error": null, "choices": [{}]}', True),
        (200, b'{"error": {"message": "x"}, "choices": [{}]}', True),
        (200, b'{"error": {"message": "x"}}', False),
        (200, b'[{"choices": []}]', False),
        (200, b'{"choices": [', False),
        (200, b"", False),
        (200, b"\xff\xfe", False),
        (200, b'{"a":' * 20000, False),
        (500, b'{"choices": []}', False),
    ],
)
def test_an_answer_is_a_successful_json_object_without_an_error(status: int, body: bytes, is_answer: bool) -> None:
    assert Exchange(key="k", request={}, status=status, body=body).is_answer is is_answer


def test_usage_is_read_from_the_raw_body() -> None:
    body = {"usage": {"prompt_tokens": 900, "completion_tokens": 80, "prompt_tokens_details": {"cached_tokens": 512}}}
    expected = Usage(input_tokens=900, cached_input_tokens=512, output_tokens=80, is_estimated=False)
    assert usage_of(json.dumps(body).encode()) == expected
    assert usage_of(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"usage": null}',
        b'{"usage": {}}',
        b'{"usage": {"prompt_tokens": -1}}',
        b'{"usage": {"prompt_tokens": true}}',
    ],
)
def test_missing_usage_is_none_and_never_zero(body: bytes) -> None:
    assert usage_of(body) is None
    assert usage_of(b"<html>") is None


def test_a_count_that_is_not_stated_is_none() -> None:
    usage = usage_of(b'{"usage": {"prompt_tokens": 5, "prompt_tokens_details": null}}')
    assert usage == Usage(input_tokens=5, cached_input_tokens=None, output_tokens=None)


def test_the_other_name_of_cached_tokens_is_known() -> None:
    usage = usage_of(b'{"usage": {"prompt_tokens": 5, "completion_tokens": 1, "prompt_cache_hit_tokens": 4}}')
    assert usage is not None
    assert usage.cached_input_tokens == 4


def test_estimated_usage_is_marked() -> None:
    body = {"usage": {"prompt_tokens": 5, "completion_tokens": 1}, "system_fingerprint": "usage-estimated"}
    usage = usage_of(body)
    assert usage is not None
    assert usage.is_estimated
