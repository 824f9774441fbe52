"""What a folder of articles holds beside them: documentation, the output of a run, nothing at all."""

from pathlib import Path

import pytest

from summarizer.articles import Article, read_inputs
from summarizer.articles.files import OUTPUT_MARK

TEXT = "甲集团项目总投资约30亿元。"


def outcomes(path: Path) -> list[tuple[str, str]]:
    return [
        (Path(one.source).name, "article" if isinstance(one, Article) else f"{one.status} {one.kind}")
        for one in read_inputs([path])
    ]


@pytest.mark.parametrize(
    "name",
    ["SOURCES.md", "README.md", "README", "README.txt", "README.zh.md", "LICENSE", "LICENCE.txt", "CHANGELOG.MD",
     "CONTRIBUTING.md", "NOTICE", "AUTHORS.txt"],
)  # fmt: skip
def test_documentation_in_a_folder_is_skipped_and_read_where_it_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TEXT)
    (tmp_path / "a.txt").write_text(f"{TEXT}乙公司。")
    found = dict(outcomes(tmp_path))
    assert found == {"a.txt": "article", name: "skipped documentation"}
    expected = "article" if "." in name else "failed unsupported_format"
    assert outcomes(tmp_path / name) == [(name, expected)]


@pytest.mark.parametrize("name", ["sources.txt", "Readme.md", "READMES.md", "README.html", "NOTICE-2021.txt"])
def test_a_name_that_only_resembles_documentation_is_an_article(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TEXT)
    assert outcomes(tmp_path) == [(name, "article")]


def test_the_output_of_a_run_is_no_input(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "texts").mkdir(parents=True)
    (out / OUTPUT_MARK).write_text("")
    (out / "report.md").write_text("report")
    (out / "texts" / "a.txt").write_text(TEXT)
    (tmp_path / "z.txt").write_text(TEXT)
    assert outcomes(tmp_path) == [("out", "skipped output_folder"), ("z.txt", "article")]
    assert outcomes(out) == [("out", "failed output_folder")]
    assert outcomes(out / "texts") == [("a.txt", "article")]


def test_a_folder_without_any_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "hollow" / "deep").mkdir(parents=True)
    assert outcomes(tmp_path / "hollow") == [("hollow", "failed empty")]
