"""The labels are checked like code; so is the checking."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from evals.answers import secrets_in
from evals.cases import CASES_DIR, Case, LabelError, corpus_digest, load_cases, problems_of

RECORDINGS = CASES_DIR.parent / "recordings"


def test_every_label_of_every_case_holds() -> None:
    cases = load_cases()
    assert len(cases) >= 25
    assert [problem for case in cases for problem in problems_of(case)] == []


def test_no_recording_holds_a_secret() -> None:
    files = sorted(RECORDINGS.glob("*.json"))
    assert len(files) >= len(load_cases())
    assert {path.name: found for path in files if (found := secrets_in(path))} == {}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part, ending in (("articles", ".txt"), ("gold", ".json")):
        (tmp_path / part).mkdir()
        shutil.copy(CASES_DIR / part / f"d02-chengheng-lingji{ending}", tmp_path / part)
    return tmp_path


def edited(folder: Path, change: Any) -> Case:
    path = folder / "gold" / "d02-chengheng-lingji.json"
    gold = json.loads(path.read_text(encoding="utf-8"))
    change(gold)
    path.write_text(json.dumps(gold, ensure_ascii=False), encoding="utf-8")
    return load_cases(folder)[0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda gold: gold["key_figures"][0].update(quote="没有这句话"), "is not in the article"),
        (lambda gold: gold["key_figures"][0].update(start=0, end=3), "offsets do not hold"),
        (lambda gold: gold["key_figures"][0].update(name_accept=["(未闭合"]), "is no regular expression"),
        (lambda gold: gold["key_figures"][0].update(unit_accept=["台"]), "unit_accept lacks the label's own"),
        (lambda gold: gold["key_figures"][0].update(value_accept=["1/4"]), "is no decimal number"),
        (lambda gold: gold["key_figures"].append(gold["key_figures"][0]), "is the same as"),
        (lambda gold: gold["key_figures"][0].update(name_accept=[], importance="key"), "has no name_accept"),
        (lambda gold: gold["deals"][0]["parties"][0].update(name="无此公司"), "is not in the article"),
        (lambda gold: gold["deals"][0]["terms"][0].update(quote="没有这一条"), "is not in the article"),
        (lambda gold: gold["summary"].update(abstract="什么也没有说。"), "does not mention"),
        (lambda gold: gold["summary"]["must_not_claim"][0].update(reject=["."]), "trips"),
    ],
)
def test_a_broken_label_is_named(folder: Path, change: Any, says: str) -> None:
    problems = problems_of(edited(folder, change))
    assert problems
    assert all(problem.startswith("d02-chengheng-lingji: ") for problem in problems)
    assert any(says in problem for problem in problems)


def test_an_unknown_field_is_a_mistake_in_the_file(folder: Path) -> None:
    with pytest.raises(LabelError, match=r"d02-chengheng-lingji\.json: key_figures\.0\.valu"):
        edited(folder, lambda gold: gold["key_figures"][0].update(valu="1"))


def test_an_article_without_a_label_is_named(folder: Path) -> None:
    (folder / "articles" / "x1.txt").write_text("一篇没有标注的文章。", encoding="utf-8")
    with pytest.raises(LabelError, match="case 'x1' has no label"):
        load_cases(folder)


def test_the_digest_changes_with_a_label_and_with_an_article(folder: Path) -> None:
    before = corpus_digest(load_cases(folder))
    edited(folder, lambda gold: gold.update(publisher="某报"))
    after = corpus_digest(load_cases(folder))
    article = folder / "articles" / "d02-chengheng-lingji.txt"
    article.write_text(article.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert len({before, after, corpus_digest(load_cases(folder))}) == 3
