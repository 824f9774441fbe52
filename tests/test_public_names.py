"""What the package promises at its top: names, and a start that loads nothing heavy."""

import json
import subprocess
import sys

import pytest

import summarizer

PUBLIC = {
    "AmountWords", "Article", "ArticleRecord", "Copied", "DateWords", "Deal", "Evidence", "KeyFigure", "Profile",
    "ProfileItem", "ProfileResponse", "Quantity", "Settings", "Summarizer", "SummarizerError", "Term",
    "render_amount", "render_period", "to_frame", "to_table",
}  # fmt: skip


def loaded_by(code: str) -> set[str]:
    script = f"{code}\nimport sys, json; print(json.dumps(sorted(name.split('.')[0] for name in sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_public_names_are_these() -> None:
    assert set(summarizer.__all__) == PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_can_be_had(name: str) -> None:
    assert getattr(summarizer, name).__doc__ or name in ("AmountWords", "Copied", "DateWords")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = summarizer.nonsense


def test_importing_the_package_loads_no_pydantic_and_no_model_client() -> None:
    assert not {"pydantic", "openai", "instructor", "rich", "jinja2"} & loaded_by("import summarizer")


def test_reading_records_loads_no_model_client() -> None:
    names = loaded_by("from summarizer import ArticleRecord; import summarizer.quantities, summarizer.verify")
    assert not {"openai", "instructor", "httpx2"} & names


def test_the_offline_engine_loads_no_model_client() -> None:
    code = """
from summarizer import Article, Summarizer
Summarizer(engine="offline").summarize(Article.from_text("11月18日，甲集团与乙公司签订战略合作协议。", id="a"))
"""
    assert not {"openai", "instructor"} & loaded_by(code)


def test_asking_for_help_loads_neither_pydantic_nor_rich() -> None:
    code = """
import contextlib
from summarizer.cli import main
with contextlib.suppress(SystemExit):
    main(["run", "--help"])
"""
    assert not {"pydantic", "rich", "openai", "asyncio"} & loaded_by(code)
