"""Files of requests and of answers, as bytes."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from summarizer import Settings
from summarizer.errors import TooLongError
from summarizer.provider_batch import BatchProvider
from summarizer.provider_batch.answers_file import is_torn, read_answers
from summarizer.provider_batch.request_file import RequestWriter, request_line
from summarizer.wire.exchange import canonical_json, document_key
from tests.loopback import completion

SECRET = "Bearer sk-canary-Zq7Xw2Lm9Kp4"


@pytest.mark.parametrize("text", ["好\u2028坏\u2029\u0085", "line\nline\r\x0b\x1c", "half \ud800 pair", "😀𠀀"])
def test_a_request_is_one_line_whatever_its_text_and_keeps_its_key(text: str) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": text}]}
    line = request_line(document_key(body), "/v1/chat/completions", body)
    assert line.endswith(b"\n")
    assert len(line.decode("utf-8").splitlines()) == 1
    parsed = json.loads(line)
    assert document_key(parsed["body"]) == parsed["custom_id"] == document_key(body)


def test_a_file_ends_where_either_limit_is_reached(tmp_path: Path) -> None:
    writer = RequestWriter(tmp_path, "/u", max_requests=3, max_bytes=600)
    for number in range(8):
        writer.add(f"{number:064x}", {"x": "y" * (300 if number == 4 else 10)}, f"a{number}")
    writer.finish()
    assert [len(file.entries) for file in writer.sealed] == [3, 2, 3]
    for file in writer.sealed:
        content = file.path.read_bytes()
        assert file.size == len(content) <= 600
        assert file.digest == hashlib.sha256(content).hexdigest()
        assert [json.loads(line)["custom_id"] for line in content.splitlines()] == list(file.entries)
        assert [entry.line for entry in file.entries.values()] == list(range(1, len(file.entries) + 1))
    with pytest.raises(TooLongError, match="a batch file at most 600"):
        writer.add("f" * 64, {"x": "y" * 600}, "long")


@pytest.mark.parametrize(
    ("base_url", "endpoint"),
    [
        ("https://api.openai.com/v1", "/v1/chat/completions"),
        ("https://host/openai/v1", "/v1/chat/completions"),
        ("https://host/api/paas/v4", "/v4/chat/completions"),
        ("https://host/v1beta", "/v1beta/chat/completions"),
        ("https://host", "/v1/chat/completions"),
        ("https://host/openai", "/v1/chat/completions"),
    ],
)
def test_the_path_that_lines_name_follows_the_version_in_the_address(base_url: str, endpoint: str) -> None:
    assert BatchProvider(Settings(base_url=base_url)).endpoint == endpoint


def answer_line(**response: Any) -> bytes:
    body = {"choices": [{"message": {"content": "好"}}], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}
    return json.dumps({"custom_id": "k", "response": {"status_code": 200, "body": body} | response}).encode()


def read_one(tmp_path: Path, line: bytes) -> Any:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(line)
    [found] = read_answers(path, SECRET)
    return found


def test_a_good_answer_is_kept_as_canonical_json(tmp_path: Path) -> None:
    found = read_one(tmp_path, answer_line())
    assert (found.key, found.failure) == ("k", None)
    assert found.exchange.body == canonical_json(found.body)
    assert found.exchange.is_answer


@pytest.mark.parametrize(
    ("line", "failure"),
    [
        (answer_line(status_code=500, body={"error": {"message": "sorry"}}), "500: sorry"),
        (answer_line(status_code=400, body={"error": {"code": "bad", "message": "no"}}), "400: bad: no"),
        (answer_line(status_code=None), "None: no reason given"),
        (answer_line(body="text"), "a response without a body"),
        (answer_line(body=None), "a response without a body"),
        (answer_line(body={"error": "sorry"}), "an error under status 200: sorry"),
        (b'{"custom_id": "k", "response": null, "error": {"code": "expired"}}', "expired"),
        (b'{"custom_id": "k", "error": {"message": "key sk-canary-Zq7X is bad"}}', "key ************** is bad"),
        (b'{"custom_id": "k", "error": 7}', "7"),
        (b'{"custom_id": "k"}', "a response without a body"),
        (b'{"custom_id": 7}', "has no custom_id"),
        (b"[" * 100_000, "is no JSON object"),
        (b'{"custom_id": "k"', "is no JSON object"),
        (b"\xff\xfe", "is no JSON object"),
    ],
)
def test_any_other_line_says_what_is_wrong_without_the_key(tmp_path: Path, line: bytes, failure: str) -> None:
    found = read_one(tmp_path, line)
    assert (found.failure, found.exchange) == (failure, None)


def test_a_line_beyond_all_measure_is_named_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'{"custom_id": "' + b"x" * (30 * 2**20) + b'"}\n' + answer_line() + b"\n")
    first, second = read_answers(path, SECRET)
    assert first.failure == "is longer than 9 MiB"
    assert second.exchange is not None


@pytest.mark.parametrize(
    ("content", "torn"),
    [(b"", False), (b'{"a": 1}\n', False), (b'{"a": 1}', False), (b'{"a": 1}\n{"b"', True), (b'{"b"\n', False)],
)
def test_a_file_is_torn_whose_last_line_neither_ends_nor_reads(tmp_path: Path, content: bytes, torn: bool) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(content)
    assert is_torn(path) is torn


def test_an_answer_of_the_double_is_one(tmp_path: Path) -> None:
    body = completion({"tools": [{"function": {"name": "f"}}]}, {"a": "好"})
    assert read_one(tmp_path, answer_line(body=body)).exchange.answer == body
