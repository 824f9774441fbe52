"""The plants of benchmarks/check.py are what their kinds say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.check import Right, check_all, drafts_of, make_batch
from benchmarks.plants import plants, subject
from summarizer.check import Sources
from summarizer.records import ArticleRecord


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Right], Sources]:
    out = tmp_path_factory.mktemp("check") / "out"
    sources = make_batch(out)
    return list(drafts_of(list(ArticleRecord.load_jsonl(out / "results.jsonl")))), sources


def test_each_plant_changes_the_draft_where_it_says(batch: tuple[list[Right], Sources]) -> None:
    drafts, _ = batch
    kinds: Counter[str] = Counter()
    for draft in drafts:
        for plant in plants(draft.article, draft.text, drafts[0].article):
            kinds[plant.kind] += 1
            assert plant.text != draft.text
            assert plant.text[: plant.start] == draft.text[: plant.start]
            rest = len(plant.text) - plant.end
            assert rest == 0 or plant.text[-rest:] == draft.text[-rest:]
    assert len(kinds) == 10
    assert min(kinds.values()) >= 20


def test_a_party_is_planted_only_where_the_label_has_the_sentence_false() -> None:
    article = subject("d07-nanzhan-award")
    draft = "招标人逾期付款的，按日支付违约金。辰垣智能股份有限公司中标，金额87,635,200.00元。"
    planted = [one for one in plants(article, draft, article) if one.kind == "another party named"]
    owner = next(names for names in article.parties if "招标人" in names)
    for one in planted:
        named = one.text[one.start : one.end]
        assert (named in owner) != (draft[one.start :].startswith("招标人"))


def test_a_short_draft_is_clean_as_it_stands_and_doubted_with_its_plants(
    batch: tuple[list[Right], Sources], tmp_path: Path
) -> None:
    drafts, sources = batch
    shortest = min((one for one in drafts if one.kind == "summary"), key=lambda one: len(one.text))
    tally = check_all([shortest], sources, tmp_path)
    assert tally.alarms == []
    assert tally.found.total() >= tally.planted.total() // 2 > 0
