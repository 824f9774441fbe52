"""`summarizer run` as its user meets it, against a provider on loopback."""

import json
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.loopback import FakeProvider, completion, good_answer

Command = Callable[..., int]
Lines = Callable[[Path], list[dict[str, Any]]]
Articles = Callable[[int], Path]
OUTPUTS = {"results.jsonl", "failures.jsonl", "run.json", "report.md", "figures.csv", "deals.csv", "terms.csv"}


def same_but_for_run(one: Path, other: Path) -> bool:
    """Whether two results.jsonl are the same to the byte, the `run` parts cut out."""
    cut = re.compile(rb',"run":\{.*?\}\}?$', re.MULTILINE)
    return cut.sub(b"", one.read_bytes()) == cut.sub(b"", other.read_bytes())


def test_a_run_writes_everything_and_the_same_run_again_asks_nothing(
    summarizer: Command, provider: FakeProvider, articles: Articles, results: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    out = Path("out")
    order = ("run", articles(4), "--out", out, "--base-url", provider.base_url)
    assert summarizer(*order) == 0
    assert {path.name for path in out.iterdir() if path.is_file()} >= OUTPUTS
    assert sorted(path.stem for path in (out / "texts").iterdir()) == ["a000", "a001", "a002", "a003"]
    first = results(out)
    assert [record["article"]["id"] for record in first] == ["a000", "a001", "a002", "a003"]
    assert [record["key_figures"][0]["value"] for record in first] == [f"{n}00000000" for n in (10, 11, 12, 13)]
    assert provider.count == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert "4 requests, 4 of them paid now; 400 tokens in, 80 out; cost $0.00029" in said.err
    kept = {name: (out / name).read_bytes() for name in OUTPUTS - {"run.json"}}

    assert summarizer(*order) == 0
    assert provider.count == 4
    assert results(out) == first
    assert {name: (out / name).read_bytes() for name in kept} == kept
    assert "4 of them as an earlier run left them; nothing was asked" in capsys.readouterr().err


def test_concurrency_changes_nothing_in_the_records(
    summarizer: Command, provider: FakeProvider, articles: Articles
) -> None:
    folder = articles(12)
    for number, concurrency in enumerate((1, 5, 40)):
        order = ("run", folder, "--out", f"out{number}", "--base-url", provider.base_url, "--concurrency", concurrency)
        assert summarizer(*order) == 0
    assert same_but_for_run(Path("out0/results.jsonl"), Path("out1/results.jsonl"))
    assert same_but_for_run(Path("out0/results.jsonl"), Path("out2/results.jsonl"))


def test_inputs_keep_the_order_in_which_they_are_named(
    summarizer: Command, provider: FakeProvider, articles: Articles, results: Lines
) -> None:
    folder = articles(3)
    paths = [folder / "a002.txt", folder / "a000.txt", folder / "a001.txt"]
    assert summarizer("run", *paths, "--out", "out", "--base-url", provider.base_url) == 0
    assert [record["article"]["id"] for record in results(Path("out"))] == ["a002", "a000", "a001"]


def test_the_same_article_under_two_ids_is_paid_once(
    summarizer: Command, provider: FakeProvider, tmp_path: Path, results: Lines
) -> None:
    text = "甲集团项目总投资约30亿元。"
    lines = [json.dumps({"id": name, "text": text}) for name in ("one", "two", "three")]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    for concurrency in (1, 3):
        out = f"out{concurrency}"
        order = ("run", "many.jsonl", "--out", out, "--base-url", provider.base_url, "--concurrency", concurrency)
        assert summarizer(*order) == 0
        assert [record["article"]["id"] for record in results(Path(out))] == ["one", "two", "three"]
    assert provider.count == 2


def test_a_cache_may_be_shared_between_output_folders(
    summarizer: Command, provider: FakeProvider, articles: Articles
) -> None:
    folder = articles(2)
    for out in ("one", "two"):
        order = ("run", folder, "--out", out, "--cache", "shared", "--base-url", provider.base_url)
        assert summarizer(*order) == 0
    assert provider.count == 2
    assert not Path("one/.cache").exists()


def test_without_cache_nothing_is_kept(summarizer: Command, provider: FakeProvider, articles: Articles) -> None:
    order = ("run", articles(2), "--out", "out", "--no-cache", "--base-url", provider.base_url)
    assert summarizer(*order) == 0
    assert summarizer(*order) == 0
    assert provider.count == 4
    assert not Path("out/.cache").exists()


def test_fresh_asks_again_and_what_it_got_serves_the_next_run(
    summarizer: Command, provider: FakeProvider, articles: Articles, results: Lines
) -> None:
    order = ("run", articles(2), "--out", "out", "--base-url", provider.base_url)
    assert summarizer(*order) == 0
    provider.answer = lambda body: (200, completion(body, better_answer(body)))
    assert summarizer(*order, "--fresh") == 0
    assert provider.count == 4
    assert summarizer(*order) == 0
    assert provider.count == 4
    assert {record["summary"]["headline"] for record in results(Path("out"))} == {"新标题"}


def better_answer(body: dict[str, Any]) -> dict[str, Any]:
    arguments = good_answer(body)[1]["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"]  # type: ignore[index]
    return {**json.loads(arguments), "headline": "新标题"}


def test_fresh_and_record_together_record_the_new_answers(
    summarizer: Command, provider: FakeProvider, articles: Articles, results: Lines
) -> None:
    order = ("run", articles(2), "--out", "out", "--base-url", provider.base_url)
    assert summarizer(*order) == 0
    provider.answer = lambda body: (200, completion(body, better_answer(body)))
    assert summarizer(*order, "--fresh", "--record", "recorded") == 0
    assert provider.count == 4
    assert summarizer("run", "articles", "--out", "again", "--replay", "recorded") == 0
    assert {record["summary"]["headline"] for record in results(Path("again"))} == {"新标题"}
    assert summarizer(*order) == 0
    assert provider.count == 4


def test_fresh_pays_once_for_the_same_article_under_two_ids(
    summarizer: Command, provider: FakeProvider, tmp_path: Path
) -> None:
    lines = [json.dumps({"id": name, "text": "甲集团项目总投资约30亿元。"}) for name in ("one", "two")]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    order = ("run", "many.jsonl", "--out", "out", "--base-url", provider.base_url, "--concurrency", "1", "--fresh")
    assert summarizer(*order) == 0
    assert provider.count == 1
    assert summarizer(*order, "--record", "recorded") == 0
    assert provider.count == 2


def test_what_was_recorded_replays_to_the_same_records_with_nobody_to_ask(
    summarizer: Command, provider: FakeProvider, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = articles(3)
    assert summarizer("run", folder, "--out", "one", "--base-url", provider.base_url, "--record", "recorded") == 0
    assert len(list(Path("recorded").iterdir())) == 3
    provider.close()
    capsys.readouterr()
    assert summarizer("run", folder, "--out", "two", "--replay", "recorded") == 0
    assert provider.count == 3
    assert same_but_for_run(Path("one/results.jsonl"), Path("two/results.jsonl"))
    assert "answers from the recordings in 'recorded', no network" in capsys.readouterr().err
    assert not Path("two/.cache").exists()


def test_a_store_that_has_all_answers_is_recorded_without_asking(
    summarizer: Command, provider: FakeProvider, articles: Articles
) -> None:
    order = ("run", articles(2), "--out", "out", "--base-url", provider.base_url)
    assert summarizer(*order) == 0
    assert summarizer(*order, "--record", "recorded") == 0
    assert provider.count == 2
    assert len(list(Path("recorded").iterdir())) == 2


def test_a_prompt_that_changed_since_the_recording_is_shown_line_by_line(
    summarizer: Command,
    provider: FakeProvider,
    articles: Articles,
    read_lines: Lines,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = articles(1)
    order = ("run", folder, "--out", "one", "--base-url", provider.base_url, "--record", "recorded")
    assert summarizer(*order, "--language", "zh") == 0
    capsys.readouterr()
    assert summarizer("run", folder, "--out", "two", "--replay", "recorded", "--language", "en") == 1
    said = capsys.readouterr().err
    assert "no recording in 'recorded' answers this request" in said
    [old] = [line for line in said.splitlines() if line.lstrip().startswith("- ")]
    [new] = [line for line in said.splitlines() if line.lstrip().startswith("+ ")]
    assert "in Chinese" in old
    assert "in English" in new
    [failure] = read_lines(Path("two/failures.jsonl"))
    assert (failure["id"], failure["status"], failure["kind"]) == ("a000", "failed", "replay_miss")


def test_a_folder_without_recordings_is_refused_before_anything_is_written(
    summarizer: Command, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summarizer("run", articles(1), "--out", "out", "--replay", "nothing") == 2
    assert "no recordings in 'nothing'" in capsys.readouterr().err
    assert not Path("out").exists()


def test_a_place_that_cannot_hold_recordings_is_refused_before_anything_is_asked(
    summarizer: Command, provider: FakeProvider, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("file").write_text("mine")
    order = ("run", articles(1), "--out", "out", "--base-url", provider.base_url)
    assert summarizer(*order, "--record", "file") == 2
    assert "cannot record into 'file'" in capsys.readouterr().err
    assert provider.count == 0


def test_only_the_parts_asked_for_are_asked_and_given(
    summarizer: Command, provider: FakeProvider, articles: Articles, results: Lines
) -> None:
    order = ("run", articles(1), "--out", "out", "--base-url", provider.base_url, "--parts", "figures")
    assert summarizer(*order) == 0
    [record] = results(Path("out"))
    assert (record["summary"], record["deals"]) == (None, None)
    assert record["key_figures"][0]["amount"] == "约10亿元"
    [body] = provider.bodies
    assert set(body["tools"][0]["function"]["parameters"]["properties"]) == {"figures"}


def test_a_profile_of_ones_own_takes_the_place_of_the_built_in_parts(
    summarizer: Command, provider: FakeProvider, tmp_path: Path, results: Lines
) -> None:
    (tmp_path / "a.txt").write_text("甲集团任命王小明为首席财务官。")
    item = {
        "s": 1, "words": "任命王小明为首席财务官", "person": "王小明", "office": "首席财务官", "organization": "甲集团",
        "change": "appointed", "effective": "", "predecessor": "",
    }  # fmt: skip
    provider.answer = lambda body: (200, completion(body, {"appointments": [item]}))
    order = ("run", "a.txt", "--out", "out", "--base-url", provider.base_url)
    assert summarizer(*order, "--profile", "examples.appointments:APPOINTMENTS") == 0
    [record] = results(Path("out"))
    assert record["deals"] is None
    [found] = record["items"]
    assert {one["name"]: one["text"] for one in found["fields"]}["person"] == "王小明"
    assert "王小明" in Path("out/items_appointments.csv").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "md,doc"), "unknown format 'doc'"),
        (("--concurrency", "0"), "concurrency"),
        (("--parts", "figures,nonsense"), "nonsense"),
        (("--profile", "nowhere:NOTHING"), "nowhere"),
        (("--profile", "nonsense"), "MODULE:NAME"),
        (("--base-url", "http://example.com/v1"), "https"),
        (("--temperature", "9"), "temperature"),
    ],
)
def test_what_cannot_be_used_ends_with_2_before_anything_is_asked_or_written(
    summarizer: Command,
    provider: FakeProvider,
    articles: Articles,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, str],
    words: str,
) -> None:
    order = ("run", articles(1), "--out", "out", "--base-url", provider.base_url)
    assert summarizer(*order, *arguments) == 2
    said = capsys.readouterr().err.strip()
    assert words in said
    assert len(said.splitlines()) == 1
    assert provider.count == 0
    assert not Path("out").exists()


def test_a_profile_without_a_model_is_refused(
    summarizer: Command, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ("run", articles(1), "--out", "out", "--profile", "examples.appointments:APPOINTMENTS")
    assert summarizer(*order) == 2
    assert "needs a model" in capsys.readouterr().err


def test_the_llm_engine_without_key_and_address_is_refused(
    summarizer: Command, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summarizer("run", articles(1), "--out", "out", "--engine", "llm") == 2
    assert "OPENAI_API_KEY" in capsys.readouterr().err


def test_an_answer_that_was_paid_and_cannot_be_used_is_asked_again_only_on_demand(
    summarizer: Command, provider: FakeProvider, articles: Articles, read_lines: Lines, results: Lines
) -> None:
    refused = {"message": {"role": "assistant", "content": None, "refusal": "no"}}
    provider.answer = lambda body: (200, completion(body, {}, **refused))
    order = ("run", articles(2), "--out", "out", "--base-url", provider.base_url)
    assert summarizer(*order) == 1
    assert summarizer(*order) == 1
    assert provider.count == 2
    assert [line["kind"] for line in read_lines(Path("out/failures.jsonl"))] == ["refused", "refused"]
    assert [record["status"] for record in results(Path("out"))] == ["failed", "failed"]
    provider.answer = good_answer
    assert summarizer(*order, "--retry-failed") == 0
    assert provider.count == 4
    assert summarizer(*order) == 0
    assert provider.count == 4


def test_one_article_that_fails_is_named_and_all_others_are_written(
    summarizer: Command,
    provider: FakeProvider,
    articles: Articles,
    read_lines: Lines,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def answer(body: dict[str, Any]) -> Any:
        if "甲1集团" in str(body["messages"][-1]):
            return 400, {"error": {"message": "this one is not liked"}}
        return good_answer(body)

    provider.answer = answer
    assert summarizer("run", articles(4), "--out", "out", "--base-url", provider.base_url) == 1
    records = read_lines(Path("out/results.jsonl"))
    assert [record["status"] == "failed" for record in records] == [False, True, False, False]
    [failure] = read_lines(Path("out/failures.jsonl"))
    assert (failure["id"], failure["kind"]) == ("a001", "bad_request")
    said = capsys.readouterr().err
    [line] = [line for line in said.splitlines() if line.startswith(f"{failure['source']}: ")]
    assert "refuses the request (400): this one is not liked" in line
    assert "1 failed" in said


def test_half_of_a_character_pair_in_an_answer_costs_no_other_article(
    summarizer: Command, provider: FakeProvider, articles: Articles, results: Lines
) -> None:
    def answer(body: dict[str, Any]) -> Any:
        if "甲0集团" in str(body["messages"][-1]):
            return 200, completion(body, json.dumps({**better_answer(body), "headline": "\ud83d 标题"}))
        return good_answer(body)

    provider.answer = answer
    assert summarizer("run", articles(3), "--out", "out", "--base-url", provider.base_url) == 1
    assert [record["status"] == "failed" for record in results(Path("out"))] == [True, False, False]


def test_standard_input_is_an_article_or_lines_of_them(
    finished: Callable[..., subprocess.CompletedProcess[str]], provider: FakeProvider, tmp_path: Path, results: Lines
) -> None:
    done = finished("run", "-", "--out", "out", "--base-url", provider.base_url, given="甲集团总投资约30亿元。")
    assert done.returncode == 0, done.stderr
    [record] = results(tmp_path / "out")
    assert (record["article"]["source"], record["key_figures"][0]["value"]) == ("-", "3000000000")


def test_files_are_their_owners_alone(summarizer: Command, provider: FakeProvider, articles: Articles) -> None:
    assert summarizer("run", articles(1), "--out", "out", "--base-url", provider.base_url) == 0
    modes = {stat.S_IMODE(path.stat().st_mode) for path in Path("out").rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert stat.S_IMODE(Path("out").stat().st_mode) == 0o700


def test_the_key_is_sent_and_stands_nowhere_in_what_is_written(
    summarizer: Command,
    provider: FakeProvider,
    articles: Articles,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-4711")
    order = ("run", articles(1), "--out", "out", "--base-url", provider.base_url, "--record", "recorded")
    assert summarizer(*order) == 0
    assert provider.keys == ["Bearer sk-canary-4711"]
    written = b"".join(path.read_bytes() for path in Path().rglob("*") if path.is_file())
    said = capsys.readouterr()
    assert b"canary" not in written
    assert "canary" not in said.out + said.err


def test_run_json_tells_settings_counts_and_an_unknown_cost(
    summarizer: Command, provider: FakeProvider, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ("--out", "out", "--base-url", provider.base_url, "--model", "house-1")
    assert summarizer("run", articles(2), *order) == 0
    assert "200 tokens in, 40 out; cost unknown" in capsys.readouterr().err
    info = json.loads(Path("out/run.json").read_text())
    assert (info["cost_usd"], info["answers_cost_usd"], info["price"]) == (None, None, None)
    assert info["cost_note"] == "no price known for model 'house-1'; --prices FILE may name it"
    assert info["counts"]["articles_without_price"] == 2
    assert info["counts"]["paid_requests"] == 2
    assert info["counts"]["input_tokens"] == 200
    assert "api_key" not in info["settings"]
    assert summarizer("run", "articles", *order) == 0
    info = json.loads(Path("out/run.json").read_text())
    assert (info["cost_usd"], info["counts"]["paid_requests"], info["counts"]["from_cache"]) == (0.0, 0, 2)


def test_views_are_made_again_from_the_records_alone(
    summarizer: Command, provider: FakeProvider, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summarizer("run", articles(2), "--out", "out", "--base-url", provider.base_url) == 0
    before = {name: Path("out", name).read_bytes() for name in ("report.md", "figures.csv", "deals.csv", "terms.csv")}
    for name in before:
        Path("out", name).unlink()
    capsys.readouterr()
    assert summarizer("report", "out") == 0
    assert "out/report.md" in capsys.readouterr().out.splitlines()
    assert {name: Path("out", name).read_bytes() for name in before} == before
    assert provider.count == 2


def test_show_prints_the_table_or_one_record_by_the_beginning_of_its_id(
    summarizer: Command, provider: FakeProvider, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summarizer("run", articles(2), "--out", "out", "--base-url", provider.base_url) == 0
    capsys.readouterr()
    assert summarizer("show", "out") == 0
    table = capsys.readouterr().out
    assert "a000" in table
    assert "a001" in table
    assert summarizer("show", "out", "a001") == 0
    assert "约11亿元" in capsys.readouterr().out
    assert summarizer("show", "out", "a00") == 2
    assert "'a000', 'a001'" in capsys.readouterr().err
    assert summarizer("show", "out", "b") == 2
    assert "no article has the id 'b'" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["show", "report", "verify"])
def test_a_folder_that_no_run_wrote_is_named(
    summarizer: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    assert summarizer(name, tmp_path) == 2
    assert "no results.jsonl" in capsys.readouterr().err


def test_verify_finds_nothing_in_what_a_run_wrote_and_everything_that_was_changed(
    summarizer: Command, provider: FakeProvider, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summarizer("run", articles(2), "--out", "out", "--base-url", provider.base_url) == 0
    capsys.readouterr()
    assert summarizer("verify", "out") == 0
    assert "2 records checked, 0 items" in capsys.readouterr().err
    path = Path("out/results.jsonl")
    path.write_text(path.read_text().replace('"value":"1000000000"', '"value":"9000000000"'))
    assert summarizer("verify", "out") == 1
    assert "a000: figure '投资' says verified and is" in capsys.readouterr().out
    Path("out/texts/a001.txt").write_text("另一篇")
    Path("out/texts/a000.txt").unlink()
    assert summarizer("verify", "out") == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("a000: cannot read")
    assert "is not the one its record was made from" in said[1]


def test_a_line_that_is_no_record_is_named(
    summarizer: Command, provider: FakeProvider, articles: Articles, capsys: pytest.CaptureFixture[str]
) -> None:
    assert summarizer("run", articles(1), "--out", "out", "--base-url", provider.base_url) == 0
    with Path("out/failures.jsonl").open("a") as file:
        file.write('{"source": 1\n')
    assert summarizer("show", "out") == 1
    assert "'out/failures.jsonl' line 1" in capsys.readouterr().err
    with Path("out/results.jsonl").open("a") as file:
        file.write('{"article": 1\n')
    assert summarizer("verify", "out") == 1
    assert "results.jsonl' line 2" in capsys.readouterr().err


def test_the_seeds_give_five_records(summarizer: Command, read_lines: Lines) -> None:
    seeds = Path(__file__).parent.parent / "seeds"
    assert summarizer("run", seeds, "--out", "out") == 0
    assert len(read_lines(Path("out/results.jsonl"))) == 5
    [skipped] = read_lines(Path("out/failures.jsonl"))
    assert (skipped["source"], skipped["kind"]) == (str(seeds / "SOURCES.md"), "documentation")


def test_an_output_folder_among_the_articles_is_no_input_of_the_next_run(
    summarizer: Command, articles: Articles, results: Lines
) -> None:
    folder = articles(2)
    failures = []
    for _ in range(2):
        assert summarizer("run", folder, "--out", folder / "out", "--engine", "offline") == 0
        assert [record["article"]["id"] for record in results(folder / "out")] == ["a000", "a001"]
        failures.append((folder / "out" / "failures.jsonl").read_bytes())
    assert failures[0] == failures[1]
    assert b"output_folder" in failures[0]


def test_an_offline_run_and_a_check_load_neither_model_client_nor_what_shows_tables(
    articles: Articles, tmp_path: Path
) -> None:
    code = """
import sys
from summarizer.cli import main
assert main(["run", "articles", "--out", "out", "--engine", "offline", "--format", "jsonl,md,csv"]) == 0
assert main(["verify", "out"]) == 0
print(*sorted({name.split(".")[0] for name in sys.modules} & {"openai", "instructor", "httpx2", "rich", "jinja2", "diskcache"}))
"""
    articles(1)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_the_version_is_that_of_the_distribution(finished: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = finished("--version")
    assert re.fullmatch(r"summarizer \d+\.\d+\.\d+\n", done.stdout)


def test_the_views_can_be_written_again_in_the_other_language(
    summarizer: Command, provider: FakeProvider, articles: Articles
) -> None:
    assert summarizer("run", articles(1), "--out", "out", "--base-url", provider.base_url) == 0
    report = Path("out/report.md")
    assert "总投资" in report.read_text(encoding="utf-8")
    assert "10亿元" in report.read_text(encoding="utf-8")
    assert summarizer("report", "out", "--language", "en", "--format", "md,html") == 0
    english = report.read_text(encoding="utf-8")
    assert "CNY 1.0 billion" in english
    assert "### Key figures" in english
    assert "关键数字" not in english
    assert 'lang="en"' in Path("out/report.html").read_text(encoding="utf-8")
