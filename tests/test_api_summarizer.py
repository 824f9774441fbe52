"""The Python interface: one article, many, and what comes instead of a record."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, ArticleRecord, Settings, Summarizer
from summarizer.api import open_wire, user_cache_dir
from summarizer.errors import (
    AuthError,
    EmptyInputError,
    EncodingError,
    FormatError,
    SettingsError,
    UnreadableInputError,
)
from tests.loopback import FakeProvider, good_answer, refusal

TEXT = "11月18日，甲集团与乙公司签订战略合作协议，总投资约30亿元。"
pytestmark = pytest.mark.usefixtures("plain_environment")


def all_of(summarizer: Summarizer, sources: Iterable[Any]) -> list[ArticleRecord]:
    async def collect() -> list[ArticleRecord]:
        return [record async for record in summarizer.stream(sources)]

    return asyncio.run(collect())


def test_one_article_gives_one_verified_record(provider: FakeProvider) -> None:
    record = Summarizer(base_url=provider.base_url).summarize(Article.from_text(TEXT, id="a"))
    assert record.status == "ok"
    assert record.key_figures is not None
    assert record.key_figures[0].value == "3000000000"
    assert (record.run.engine, record.run.model, record.run.paid_requests) == ("llm", "fake-1", 1)


def test_a_path_may_be_text_or_a_path_and_answers_are_kept_for_the_user(provider: FakeProvider, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    summarizer = Summarizer(base_url=provider.base_url)
    assert summarizer.summarize("a.txt").article.id == "a"
    assert summarizer.summarize(Path("a.txt")).run.from_cache
    assert provider.count == 1
    assert (tmp_path / "home" / ".cache" / "summarizer").is_dir()


def test_nothing_is_kept_where_that_is_not_wanted(provider: FakeProvider, tmp_path: Path) -> None:
    summarizer = Summarizer(Settings(base_url=provider.base_url, use_cache=False))
    for _ in range(2):
        assert not summarizer.summarize(Article.from_text(TEXT, id="a")).run.from_cache
    assert provider.count == 2
    assert not (tmp_path / "home").exists()


def test_a_store_that_cannot_be_used_is_logged_and_the_article_answered(
    provider: FakeProvider, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    with caplog.at_level(logging.WARNING, "summarizer"):
        record = Summarizer(base_url=provider.base_url, cache_dir="file").summarize(Article.from_text(TEXT, id="a"))
    assert record.status == "ok"
    assert [one.message.startswith("answer store") for one in caplog.records] == [True]


def test_it_also_works_where_an_event_loop_runs_already(provider: FakeProvider) -> None:
    async def notebook() -> ArticleRecord:
        return Summarizer(base_url=provider.base_url).summarize(Article.from_text(TEXT, id="a"))

    assert asyncio.run(notebook()).status == "ok"


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("empty.txt", b"", EmptyInputError),
        ("binary.txt", bytes(range(256)) * 40, EncodingError),
        ("missing.txt", None, UnreadableInputError),
        ("two.jsonl", f'{{"text": "{TEXT}"}}\n{{"text": "{TEXT}!"}}\n'.encode(), FormatError),
    ],
)
def test_what_is_not_one_article_is_an_error_of_its_kind(
    tmp_path: Path, name: str, content: bytes | None, error: type[Exception]
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=name):
        Summarizer(engine="offline").summarize(name)


def test_a_folder_of_one_article_is_one_and_of_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "notes.xyz").write_bytes(b"xyz")
    with pytest.raises(EmptyInputError, match="no article in 'in'"):
        Summarizer(engine="offline").summarize("in")
    (tmp_path / "in" / "a.txt").write_text(TEXT)
    assert Summarizer(engine="offline").summarize("in").article.id == "a"


def test_records_come_in_the_order_of_the_input_whatever_answers_first(
    provider: FakeProvider, articles: Callable[[int], Path]
) -> None:
    folder = articles(12)
    paths = [*sorted(folder.iterdir(), reverse=True)]
    records = all_of(Summarizer(base_url=provider.base_url, concurrency=2), paths)
    assert [record.article.source for record in records] == [str(path) for path in paths]
    assert provider.count == 12


def test_a_stream_names_what_failed_and_passes_over_what_a_folder_holds_beside(
    articles: Callable[[int], Path], tmp_path: Path
) -> None:
    folder = articles(1)
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "empty.txt").write_text("")
    sources = [folder, "empty.txt", Article.from_text(TEXT, id="memory"), folder / "a000.txt"]
    records = all_of(Summarizer(engine="offline"), sources)
    assert [(record.article.id, record.status == "failed") for record in records] == [
        ("a000", False),
        ("empty", True),
        ("memory", False),
        ("a000", False),
    ]
    assert records[1].error is not None
    assert records[1].error.kind == "empty"


def test_a_stream_may_be_left_early(provider: FakeProvider, articles: Callable[[int], Path]) -> None:
    folder = articles(30)

    async def first() -> ArticleRecord:
        stream = Summarizer(base_url=provider.base_url, concurrency=1).stream(sorted(folder.iterdir()))
        async for record in stream:
            await stream.aclose()  # type: ignore[attr-defined]
            return record
        raise AssertionError("no record came")

    assert asyncio.run(first()).article.id == "a000"
    assert provider.count < 30


def test_a_refused_key_ends_a_stream_with_as_many_requests_as_were_under_way(
    provider: FakeProvider, articles: Callable[[int], Path]
) -> None:
    provider.answer = refusal(401, "no")
    with pytest.raises(AuthError):
        all_of(Summarizer(base_url=provider.base_url, concurrency=2), sorted(articles(20).iterdir()))
    assert provider.count <= 2


def test_arguments_win_over_settings_and_settings_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_MODEL", "environment")
    monkeypatch.setenv("SUMMARIZER_CONCURRENCY", "7")
    summarizer = Summarizer(Settings(engine="offline", language="en"), concurrency=3)
    assert (summarizer.settings.language, summarizer.settings.concurrency) == ("en", 3)
    assert summarizer.settings.model == "environment"
    assert Summarizer(model="mine").settings.model == "mine"


def test_what_cannot_be_opened_is_said_when_it_is_made() -> None:
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        Summarizer(engine="llm")
    with pytest.raises(SettingsError, match="no recordings in 'nothing'"):
        Summarizer(Settings(replay=Path("nothing")))


def test_a_model_that_writes_no_usable_answer_gives_a_failed_record(provider: FakeProvider) -> None:
    def answer(body: dict[str, Any]) -> Any:
        status, reply = good_answer(body)
        # Another mistake each time: the same one would be answered from the store.
        wrong = json.dumps({f"field{provider.count}": 1})
        reply["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"] = wrong  # type: ignore[index]
        return status, reply

    provider.answer = answer
    record = Summarizer(base_url=provider.base_url).summarize(Article.from_text(TEXT, id="a"))
    assert record.status == "failed"
    assert record.error is not None
    assert record.error.kind == "invalid_output"
    assert (record.run.requests, record.run.paid_requests, record.run.output_tokens) == (3, 3, 60)


def test_the_users_cache_lies_where_the_system_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert user_cache_dir() == tmp_path / "home" / ".cache" / "summarizer"
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert user_cache_dir() == Path("/somewhere/summarizer")


def test_a_store_that_must_be_used_and_cannot_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said: list[str] = []
    settings = Settings(base_url="http://127.0.0.1:9/v1")
    with pytest.raises(SettingsError, match=r"nothing was asked.*'file'.*--no-cache"):
        open_wire(settings, Path("file"), said.append, must_keep=True)
    assert len(said) == 1
    asyncio.run(open_wire(settings, Path("file"), said.append).aclose())
    assert len(said) == 2
