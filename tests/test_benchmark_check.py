"""The plants of benchmarks/check.py are what their kinds say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.check import check_all, draft_of, is_supported, make_batch, plants
from summarizer.check import Sources
from summarizer.records import ArticleRecord


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[ArticleRecord], Sources]:
    out = tmp_path_factory.mktemp("check") / "out"
    sources = make_batch(out)
    return [one for one in ArticleRecord.load_jsonl(out / "results.jsonl") if is_supported(one)], sources


def test_each_plant_changes_the_draft_where_it_says(batch: tuple[list[ArticleRecord], Sources]) -> None:
    records, _ = batch
    kinds: Counter[str] = Counter()
    for record in records:
        draft = draft_of(record)
        for plant in plants(record, draft, records):
            kinds[plant.kind] += 1
            assert plant.text != draft
            assert plant.text[: plant.start] == draft[: plant.start]
            rest = len(plant.text) - plant.end
            assert rest == 0 or plant.text[-rest:] == draft[-rest:]
    assert len(kinds) == 9
    assert min(kinds.values()) >= 40


def test_a_short_draft_is_clean_as_it_stands_and_doubted_with_its_plants(
    batch: tuple[list[ArticleRecord], Sources], tmp_path: Path
) -> None:
    records, sources = batch
    shortest = min(records, key=lambda record: len(draft_of(record)))
    tally = check_all([shortest], sources, tmp_path)
    assert tally.alarms == []
    assert tally.found.total() >= tally.planted.total() // 2 > 0
