"""The records of the labelled articles, from recorded answers, as an output folder holds them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from summarizer import Article, ArticleRecord, Settings, Summarizer
from summarizer.articles import file_name_of, read_inputs
from summarizer.check import Sources, read_sources
from summarizer.records import dump_jsonl

EVALS = Path(__file__).parents[2] / "evals"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("checked")
    paths = sorted((EVALS / "cases" / "articles").iterdir())
    summarizer = Summarizer(Settings(replay=EVALS / "recordings", model="queue-model"))

    async def run() -> list[ArticleRecord]:
        return [record async for record in summarizer.stream(paths)]

    (out / "results.jsonl").write_text(dump_jsonl(asyncio.run(run())), encoding="utf-8")
    (out / "texts").mkdir()
    for article in read_inputs(paths):
        assert isinstance(article, Article)
        (out / "texts" / f"{file_name_of(article.id)}.txt").write_bytes(article.text.encode("utf-8"))
    return out


@pytest.fixture(scope="session")
def sources(folder: Path) -> Sources:
    return read_sources(folder)
