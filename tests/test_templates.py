"""Templates: the manifest holds, nothing undeclared is used, an article is never rendered."""

from pathlib import Path

import pytest

from summarizer.errors import TemplateError
from summarizer.templates import MANIFEST, built_in_prompts, fingerprint, load_prompts


def write_prompts(folder: Path, source: str, variables: str = "[]") -> Path:
    (folder / MANIFEST).write_text(
        f'[one]\nfile = "one.md"\nversion = "1"\nvariables = {variables}\npurpose = "a test"\n', encoding="utf-8"
    )
    (folder / "one.md").write_text(source, encoding="utf-8")
    return folder


def test_every_built_in_template_says_what_it_is_for() -> None:
    prompts = built_in_prompts()
    assert {"system", "article", "part", "notes", "reask"} <= set(prompts.templates)
    assert all(template.version and template.purpose for template in prompts.templates.values())


def test_every_file_of_the_prompts_folder_is_in_the_manifest() -> None:
    prompts = built_in_prompts()
    files = {path.stem for path in prompts.folder.glob("*.md")}
    assert files == set(prompts.templates)


def test_the_system_message_holds_the_rules_of_the_parts_asked_for_only() -> None:
    template = built_in_prompts()["system"]
    figures = template.render({"parts": ("figures",), "instructions": ""})
    assert "\nFigures\n" in figures
    assert "\nDeals\n" not in figures
    everything = template.render({"parts": ("figures", "deals", "summary"), "instructions": ""})
    assert everything.index("\nFigures\n") < everything.index("\nDeals\n") < everything.index("\nSummary\n")


def test_an_undeclared_variable_is_refused_when_the_template_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="surprise"):
        load_prompts(write_prompts(tmp_path, "{{ surprise }}"))


def test_a_missing_value_is_an_error_and_not_an_empty_string(tmp_path: Path) -> None:
    template = load_prompts(write_prompts(tmp_path, "{{ x }}", '["x"]'))["one"]
    with pytest.raises(TemplateError, match="one"):
        template.render({})


@pytest.mark.parametrize(
    "source",
    [
        "{{ x.__class__.__mro__ }}",
        "{{ x.append(1) }}",
        "{{ 'a' * 10 ** 9 }}",
        "{{ x * 10000000 }}",
        "{{ 2 ** 10 ** 7 }}",
        "{% for i in range(10 ** 8) %}x{% endfor %}",
        "{% for i in range(100000000) %}x{% endfor %}",
    ],
)
def test_a_template_cannot_reach_beyond_its_values_nor_take_all_memory(tmp_path: Path, source: str) -> None:
    template = load_prompts(write_prompts(tmp_path, source, '["x"]'))["one"]
    with pytest.raises(TemplateError):
        template.render({"x": ["a"]})


@pytest.mark.parametrize("source", ["no slot", "{{ article }} {{ article }}"])
def test_the_article_goes_into_exactly_one_place(tmp_path: Path, source: str) -> None:
    template = load_prompts(write_prompts(tmp_path, source))["one"]
    with pytest.raises(TemplateError, match="exactly once"):
        template.around_article({})


def test_broken_syntax_and_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="broken"):
        load_prompts(write_prompts(tmp_path, "{% if %}"))
    (tmp_path / "one.md").unlink()
    with pytest.raises(TemplateError, match=r"one\.md"):
        load_prompts(tmp_path)
    with pytest.raises(TemplateError, match="manifest"):
        load_prompts(tmp_path / "nowhere")


def test_the_fingerprint_changes_with_any_text_and_with_their_borders() -> None:
    assert fingerprint("a", "b") == fingerprint("a", "b")
    assert len({fingerprint("a", "b"), fingerprint("ab", ""), fingerprint("a", "c"), fingerprint("b", "a")}) == 4
