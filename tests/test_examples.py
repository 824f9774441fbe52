"""The scripts of examples/ do what they say, on the seeds and their recorded answers."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document

from summarizer import ArticleRecord
from summarizer.quantities import scan

PROJECT = Path(__file__).parent.parent
REPLAY = ("--replay", PROJECT / "evals" / "recordings", "--model", "queue-model", "--format", "jsonl")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_word_report_prints_each_verified_figure_with_its_source(
    language: str, summarizer: Callable[..., int], tmp_path: Path
) -> None:
    assert summarizer("run", PROJECT / "seeds", "--out", "out", *REPLAY) == 0
    runpy.run_path(str(PROJECT / "examples" / "word_report.py"))["main"]("out", "report.docx", language)
    records = ArticleRecord.load_jsonl("out/results.jsonl")
    verified = [one for record in records for one in record.key_figures or () if one.verdict == "verified"]
    document = Document(str(tmp_path / "report.docx"))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows[1:]]
    assert [row[0] for row in rows] == [figure.name for figure in verified]
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    for figure, row in zip(verified, rows, strict=True):
        value, _, mark = row[2].partition(" [")
        assert any(line.startswith(f"[{mark.partition(']')[0]}] ") and figure.amount in line for line in paragraphs)
        if figure.value is not None and figure.value_max is None:
            # What is printed reads back as the value that was verified, in either language.
            assert Decimal(figure.value) in [Decimal(one.value) for one in scan(value) if one.value is not None]


def test_the_word_report_leaves_out_what_is_not_verified(summarizer: Callable[..., int], tmp_path: Path) -> None:
    assert summarizer("run", PROJECT / "seeds", "--out", "out", *REPLAY) == 0
    path = Path("out/results.jsonl")
    records = ArticleRecord.load_jsonl(path)
    figures = tuple(
        one.model_copy(update={"verdict": "review", "reasons": ("ENTITY_FAR",)}) for one in records[0].key_figures or ()
    )
    path.write_text(f"{records[0].model_copy(update={'key_figures': figures}).to_json()}\n", encoding="utf-8")
    runpy.run_path(str(PROJECT / "examples" / "word_report.py"))["main"]("out", "report.docx", "zh")
    assert figures
    assert not Document(str(tmp_path / "report.docx")).tables
