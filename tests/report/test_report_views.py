from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import FormatError, OutputError, SettingsError
from summarizer.records import ArticleRecord, Item, ItemField
from summarizer.report.markdown import render_markdown
from summarizer.report.tables import deals_csv, figures_csv, items_csv, rejected_csv, terms_csv
from summarizer.report.views import FORMATS, choose_formats, write_views


def test_the_views_are_what_the_functions_give(cases: Any, tmp_path: Path) -> None:
    paths = write_views(iter(cases.records), iter(cases.failures), tmp_path, ["md", "csv"])
    expected = {
        "report.md": render_markdown(cases.records, cases.failures),
        "figures.csv": figures_csv(cases.records),
        "deals.csv": deals_csv(cases.records),
        "terms.csv": terms_csv(cases.records),
        "rejected.csv": rejected_csv(cases.records),
        "items_risks.csv": items_csv(cases.records, "risks"),
    }
    assert {path.name for path in paths} == set(expected)
    assert {path.name for path in tmp_path.iterdir()} == set(expected)
    for name, text in expected.items():
        assert (tmp_path / name).read_bytes() == text.encode("utf-8")


def test_views_are_their_owners_alone(cases: Any, tmp_path: Path) -> None:
    paths = write_views(cases.records, [], tmp_path / "out", ["md", "csv"])
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


def test_jsonl_is_accepted_and_left_to_the_run(cases: Any, tmp_path: Path) -> None:
    (tmp_path / "results.jsonl").write_text("the run's own")
    assert write_views(cases.records, [], tmp_path, ["jsonl"]) == []
    assert (tmp_path / "results.jsonl").read_text() == "the run's own"


@pytest.mark.parametrize("name", ["pdf", "docx", "../md"])
def test_a_format_that_cannot_be_written_is_refused_before_anything_happens(name: str, tmp_path: Path) -> None:
    def unread() -> Iterator[ArticleRecord]:
        raise AssertionError("records were read")
        yield

    with pytest.raises(SettingsError, match="available: jsonl, md, csv, html, ledger, xlsx, parquet") as caught:
        write_views(unread(), [], tmp_path / "out", ["md", name])
    assert repr(name) in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_formats_are_chosen_once_each_with_jsonl_always() -> None:
    assert choose_formats([" MD", "csv", "md", ""]) == ("jsonl", "md", "csv")
    assert choose_formats([]) == ("jsonl",)
    assert list(FORMATS) == ["jsonl", "md", "csv", "html", "ledger", "xlsx", "parquet"]


def test_a_format_whose_package_is_missing_is_named_before_anything_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(SettingsError, match=r"newsproof\[xlsx\]"):
        write_views([], [], tmp_path / "out", ["xlsx"])
    assert not (tmp_path / "out").exists()


def test_all_views_are_written_from_one_reading(cases: Any, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="Parquet needs the extra `arrow`")
    paths = write_views(iter([cases.en]), [], tmp_path, [*FORMATS])
    names = {path.name for path in paths}
    assert names >= {
        "report.md",
        "report.html",
        "ledger.md",
        "ledger.csv",
        "report.xlsx",
        "figures.csv",
        "figures.parquet",
    }
    assert all((tmp_path / name).stat().st_size > 0 for name in names)


def test_records_that_break_off_leave_the_old_views_as_they_were(cases: Any, tmp_path: Path) -> None:
    write_views([cases.en], [], tmp_path, ["md", "csv"])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def broken() -> Iterator[ArticleRecord]:
        yield cases.zh
        raise FormatError("line 2: no article record")

    with pytest.raises(FormatError):
        write_views(broken(), [], tmp_path, ["md", "csv"])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_view_that_cannot_be_moved_into_place_is_named(cases: Any, tmp_path: Path) -> None:
    (tmp_path / "figures.csv").mkdir()
    with pytest.raises(OutputError, match=r"figures\.csv"):
        write_views([cases.en], [], tmp_path, ["csv"])
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


def test_a_kind_that_is_a_path_stays_in_the_folder(cases: Any, tmp_path: Path) -> None:
    item = Item(kind="../../escape", fields=(ItemField(name="f", text="x"),), verdict="verified")
    record = cases.bare.model_copy(update={"items": (item,)})
    paths = write_views([record], [], tmp_path / "a" / "b", ["csv"])
    assert {path.parent for path in paths} == {tmp_path / "a" / "b"}
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_odd_characters_never_stop_a_view(cases: Any, tmp_path: Path) -> None:
    article = cases.en.article.model_copy(update={"title": "a\ud800\x00b", "source": "\udcff"})
    for path in write_views([cases.en.model_copy(update={"article": article})], [], tmp_path, ["md", "csv"]):
        text = path.read_text("utf-8")
        assert "\x00" not in text
        assert (
            "a\\\\ud800\\\\x00b" in text
            or "a\ufffd\ufffdb" in text
            or path.name in ("deals.csv", "terms.csv", "rejected.csv")
        )
