from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evals.answers import load_recordings
from evals.cases import CASES_DIR, Case
from evals.cli import COMMANDS, main
from evals.outcomes import CaseResult, FigureMatch
from evals.running import Score
from evals.scoring import score_case
from summarizer.records import ArticleRecord
from summarizer.wire.exchange import document_key
from summarizer.wire.recordings import Recordings
from tests.harness.evals_runs import perfect, scored
from tests.loopback import FakeProvider, refusal

NAMES = ("000_fae4df5e6fbfd132.txt", "d03-qiyu-jv.html")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cases with recordings of a provider that is gone afterwards."""
    folder = tmp_path_factory.mktemp("made")
    for part in ("articles", "gold"):
        (folder / "cases" / part).mkdir(parents=True)
    for name in NAMES:
        shutil.copy(CASES_DIR / "articles" / name, folder / "cases" / "articles")
        shutil.copy((CASES_DIR / "gold" / name).with_suffix(".json"), folder / "cases" / "gold")
    provider = FakeProvider()
    options = ["--cases", str(folder / "cases"), "--recordings", str(folder / "recordings")]
    assert main(["record", *options, "--base-url", provider.base_url, "--model", "m"], perfect) == 0
    provider.close()
    return folder


@pytest.fixture
def bench(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return Path(shutil.copytree(made, tmp_path / "bench"))


@pytest.fixture
def evals(bench: Path) -> Callable[..., int]:
    """Call the command line on the two cases; the scorer finds everything right unless another is given."""

    def call(command: str, *arguments: object, score: Score = perfect) -> int:
        options = ["--cases", bench / "cases"]
        if command != "diff":
            options += ["--recordings", bench / "recordings", "--baseline", bench / "baseline.json"]
        return main([str(one) for one in (command, *arguments, *options)], score)

    return call


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    fake = FakeProvider()
    yield fake
    fake.close()


def poor(case: Case, record: ArticleRecord) -> CaseResult:
    return scored(case, record, figures=case.id.startswith("d03"))


def forgetful(case: Case, record: ArticleRecord) -> CaseResult:
    """Score as the harness does, and take every fact of one case for forgotten."""
    found = score_case(case, record)
    forgotten = tuple(fact.model_copy(update={"is_hit": False}) for fact in found.facts)
    return found.model_copy(update={"facts": forgotten}) if case.id.startswith("000") else found


def rerecorded(folder: Path, **fields: object) -> None:
    """Make it as if the requests of the recordings had been asked with other fields."""
    for name, exchange in load_recordings(folder).items():
        request = {**copy.deepcopy(dict(exchange.request)), **fields}
        (folder / name).unlink()
        Recordings(folder).write(replace(exchange, request=request, key=document_key(request)))


def test_a_blessed_run_passes_and_a_worse_one_fails_by_name(
    evals: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert evals("run") == 4
    assert "python -m evals bless" in capsys.readouterr().out
    assert evals("bless") == 0
    capsys.readouterr()
    assert evals("run") == 0
    shown = capsys.readouterr()
    assert "gate passed" in shown.out
    assert "llm: recordings unchanged, compared item by item" in shown.out
    assert "2 cases, llm and offline" in shown.err
    assert evals("run", score=poor) == 4
    shown = capsys.readouterr()
    assert "gate failed" in shown.out
    assert "000_fae4df5e6fbfd132: key figure" in shown.out


def test_bless_refuses_a_worse_run_without_a_reason(
    evals: Callable[..., int], bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evals("bless", "--system", "offline") == 0
    before = (bench / "baseline.json").read_bytes()
    assert evals("bless", "--system", "offline", score=poor) == 4
    assert (bench / "baseline.json").read_bytes() == before
    assert "--allow-drop" in capsys.readouterr().err
    assert evals("bless", "--system", "offline", "--allow-drop", "tried", score=poor) == 0
    kept = json.loads((bench / "baseline.json").read_text(encoding="utf-8"))
    assert kept["allowed_drops"][0]["reason"] == "tried"


def test_the_default_command_is_run_and_options_choose_cases_and_systems(
    bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--cases", str(bench / "cases"), "--baseline", str(bench / "none.json")]
    assert main(["--system", "offline", "--case", "d03", "-v", *options], perfect) == 0
    shown = capsys.readouterr().out
    assert "d03-qiyu-jv" in shown
    assert "000_" not in shown
    assert "only some cases were run" in shown


def test_what_a_run_writes_can_be_read_again(
    evals: Callable[..., int], bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [f"--{kind}={bench / kind}" for kind in ("json", "junit", "html")]
    evals("run", *files, score=score_case)
    runs = json.loads((bench / "json").read_text(encoding="utf-8"))
    assert [run["system"] for run in runs] == ["llm", "offline"]
    assert [suite.get("name") for suite in ElementTree.parse(bench / "junit").getroot()] == ["llm", "offline"]
    assert "000_fae4df5e6fbfd132" in (bench / "html").read_text(encoding="utf-8")
    evals("run", f"--json={bench / 'poor.json'}", score=forgetful)
    capsys.readouterr()
    assert evals("diff", bench / "json", bench / "poor.json", f"--html={bench / 'diff.html'}") == 0
    shown = capsys.readouterr().out
    assert "figures_core_f1" in shown
    assert "- 000_fae4df5e6fbfd132: must-mention" in shown
    assert "d03-qiyu-jv:" not in shown
    assert "000_fae4df5e6fbfd132" in (bench / "diff.html").read_text(encoding="utf-8")
    evals("diff", bench / "poor.json", bench / "json")
    assert "+ 000_fae4df5e6fbfd132: must-mention" in capsys.readouterr().out


def test_two_runs_over_other_labels_are_not_compared_item_by_item(
    evals: Callable[..., int], bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evals("run", "--system", "offline", f"--json={bench / 'a.json'}")
    evals("run", "--system", "offline", "--case", "d03", f"--json={bench / 'b.json'}")
    capsys.readouterr()
    assert evals("diff", bench / "a.json", bench / "b.json") == 0
    assert "labels differ" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run", "--case", "zzz"), "no case begins with 'zzz'"),
        (("run", "--recordings", "nowhere"), "no recordings in 'nowhere'"),
        (("record",), "--base-url"),
        (("live",), "OPENAI_API_KEY"),
    ],
)
def test_what_cannot_be_used_ends_with_status_2(
    bench: Path, arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *others = arguments
    assert main([command, "--cases", str(bench / "cases"), *others], perfect) == 2
    error = capsys.readouterr().err
    assert error.startswith("evals: ")
    assert says in error


def test_labels_that_do_not_hold_together_end_with_status_2(
    evals: Callable[..., int], bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = bench / "cases" / "gold" / "d03-qiyu-jv.json"
    label = json.loads(path.read_text(encoding="utf-8"))
    label["key_figures"][0]["quote"] = "not in the article"
    path.write_text(json.dumps(label, ensure_ascii=False), encoding="utf-8")
    assert evals("run") == 2
    assert "d03-qiyu-jv: key_figures.0: quote 'not in the article'" in capsys.readouterr().err
    assert main(["--cases", str(bench / "nowhere")], perfect) == 2


def test_files_that_are_no_runs_end_diff_with_status_2(
    evals: Callable[..., int], bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evals("diff", bench / "missing.json", bench / "missing.json") == 2
    (bench / "x.json").write_text("{}")
    assert evals("diff", bench / "x.json", bench / "x.json") == 2
    assert "--json" in capsys.readouterr().err


def test_a_stale_recording_fails_and_names_case_line_and_recordings(
    evals: Callable[..., int], bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = bench / "recordings"
    for name, exchange in load_recordings(folder).items():
        request = copy.deepcopy(dict(exchange.request))
        text = request["messages"][0]["content"]
        request["messages"][0]["content"] = text.replace("\n- ", "\n- Once. ", 1)
        (folder / name).unlink()
        Recordings(folder).write(replace(exchange, request=request, key=document_key(request)))
    assert evals("run", "--system", "llm") == 1
    error = capsys.readouterr().err
    assert "000_fae4df5e6fbfd132, d03-qiyu-jv" in error
    assert "changed: prompts/system.md line " in error
    assert "- recorded: - Once. " in error
    assert "+ asked now: - " in error
    for name in load_recordings(folder):
        assert name in error
    assert "python -m evals record" in error


def test_an_unused_recording_fails_a_full_run_by_name(
    evals: Callable[..., int], bench: Path, provider: FakeProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    evals("bless", "--system", "llm")
    folder = bench / "recordings"
    exchange = next(iter(load_recordings(folder).values()))
    request = {**exchange.request, "messages": [{"role": "user", "content": "?"}]}
    idle = Recordings(folder).write(replace(exchange, request=request, key=document_key(request)))
    assert evals("run", "--system", "llm", "--case", "000") == 0
    assert evals("run", "--system", "llm") == 1
    assert f"recording {idle.name!r} answers no request" in capsys.readouterr().err
    assert evals("record", "--base-url", provider.base_url) == 0
    assert idle.name in capsys.readouterr().err
    assert evals("record", "--base-url", provider.base_url, "--prune") == 0
    assert not idle.exists()
    assert provider.count == 0
    assert evals("run", "--system", "llm") == 0


def test_recordings_move_with_agreed_fields_follow_ups_included(
    evals: Callable[..., int], bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path.name for path in (bench / "recordings").iterdir())
    rerecorded(bench / "recordings", temperature=0.4, seed=3)
    assert len(before) > len(NAMES)
    assert evals("run", "--system", "llm") == 1
    assert "python -m evals rekey" in capsys.readouterr().err
    assert evals("rekey") == 0
    assert capsys.readouterr().err.count("(temperature, seed)") == len(before)
    assert sorted(path.name for path in (bench / "recordings").iterdir()) == before


def test_rekey_refuses_what_differs_in_more(
    evals: Callable[..., int], bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rerecorded(bench / "recordings", tool_choice="auto", temperature=0.4)
    assert evals("rekey") == 1
    assert "not moved" in capsys.readouterr().err


def test_a_case_that_could_not_be_run_ends_with_status_1(
    evals: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(case: Case, record: ArticleRecord) -> CaseResult:
        raise ValueError(case.id)

    assert evals("run", "--system", "offline", "--case", "d03", score=broken) == 1
    assert "cases could not be run" in capsys.readouterr().out


def test_a_refresh_asks_only_about_the_named_cases(
    evals: Callable[..., int], provider: FakeProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evals("refresh", "d03", "--base-url", provider.base_url) == 0
    assert 0 < provider.count <= 3
    assert "of 1 cases" in capsys.readouterr().err


def test_a_live_run_scores_and_records_nothing(
    evals: Callable[..., int], bench: Path, provider: FakeProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted((bench / "recordings").iterdir())
    assert evals("live", "--case", "d03", "--base-url", provider.base_url, "--model", "m") == 0
    assert "figures_core_f1" in capsys.readouterr().out
    assert sorted((bench / "recordings").iterdir()) == before


def test_a_provider_that_refuses_ends_with_status_3(
    evals: Callable[..., int], provider: FakeProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    provider.answer = refusal(401, "no")
    assert evals("refresh", "--base-url", provider.base_url) == 3
    assert capsys.readouterr().err.startswith("evals: ")


def test_debt_prints_a_patch_and_nothing_else(
    evals: Callable[..., int], bench: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def with_extras(case: Case, record: ArticleRecord) -> CaseResult:
        numbers = range(len(record.key_figures or ()))
        extras = tuple(FigureMatch(kind="extra", predicted=number, is_supported=True) for number in numbers)
        return perfect(case, record).model_copy(update={"figures": extras, "deals": ()})

    monkeypatch.chdir(bench)
    assert evals("debt", "--system", "offline", "--case", "d03", score=with_extras) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("--- a/cases/gold/d03-qiyu-jv.json\n+++ b/cases/gold/d03-qiyu-jv.json\n@@ ")
    assert '+   "importance": "minor",' in shown.out
    assert "d03-qiyu-jv: figure " in shown.err
    assert "read them before `git apply`" in shown.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "exit status" in capsys.readouterr().out
