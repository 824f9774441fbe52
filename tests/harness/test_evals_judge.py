from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.answers import RECORDINGS_DIR, load_recordings, secrets_in
from evals.cases import CASES_DIR, Case, load_cases
from evals.cli import main
from evals.judge import Confusion, judge_run
from evals.outcomes import CaseResult, EvalRun
from evals.running import Asking, run_model
from summarizer.wire.exchange import document_key
from summarizer.wire.recordings import Recordings
from tests.harness.evals_runs import perfect
from tests.loopback import FakeProvider, Reply, completion

SHOWN = ("000_fae4df5e6fbfd132", "d03-qiyu-jv")
LABELS = [case.gold.summary for case in load_cases(CASES_DIR, SHOWN)]
FACTS = {fact.fact for label in LABELS for fact in label.must_mention}
# The judge finds one fact less and one mistake more than the labels.
NARROW, CLAIMED = LABELS[1].must_mention[0].fact, LABELS[1].must_not_claim[0].claim
_STATEMENTS = re.compile(r"<statements-[0-9a-f]{12}>\n(.*)\n</statements-", re.DOTALL)


def statements_in(body: dict[str, Any]) -> list[str]:
    found = _STATEMENTS.search(body["messages"][-1]["content"])
    assert found is not None
    return [line.partition(". ")[2] for line in found[1].splitlines()]


def opinionated(body: dict[str, Any]) -> Reply:
    """Find every fact stated and no mistake, but for one of each; the article bears out what is stated."""
    said = [statement in (FACTS | {CLAIMED}) - {NARROW} for statement in statements_in(body)]
    verdicts = [
        {"n": number, "stated": "yes" if is_said else "no", "supported": "yes" if is_said else "no"}
        for number, is_said in enumerate(said, start=1)
    ]
    return 200, completion(body, {"verdicts": verdicts})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cases with recorded summaries, and judgements of a judge that is gone afterwards."""
    folder = tmp_path_factory.mktemp("judged")
    for part in ("articles", "gold"):
        (folder / "cases" / part).mkdir(parents=True)
        for path in (CASES_DIR / part).iterdir():
            if path.stem in SHOWN:
                shutil.copy(path, folder / "cases" / part)
    provider = FakeProvider()
    options = ["--cases", str(folder / "cases"), "--recordings", str(folder / "recordings")]
    assert main(["record", *options, "--base-url", provider.base_url, "--model", "m"], perfect) == 0
    provider.answer = opinionated
    options += ["--judgements", str(folder / "judgements"), "--record", "--base-url", provider.base_url]
    assert main(["judge", *options, "--model", "wise"], perfect) == 0
    provider.close()
    return folder


@pytest.fixture
def bench(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return Path(shutil.copytree(made, tmp_path / "bench"))


@pytest.fixture
def evals(bench: Path) -> Callable[..., int]:
    """Call the command line on the two cases; the labels' patterns find every fact and no mistake."""

    def call(command: str, *arguments: object) -> int:
        folders = {name: bench / name for name in ("cases", "recordings", "judgements")}
        options = [f"--{name}={folder}" for name, folder in folders.items()]
        return main([command, *map(str, arguments), *options, f"--baseline={bench / 'none.json'}"], perfect)

    return call


@pytest.fixture
def shown(bench: Path) -> tuple[tuple[Case, ...], EvalRun]:
    cases = load_cases(bench / "cases")
    return cases, run_model(cases, perfect, Asking(folder=bench / "recordings", model="m")).run


def test_a_replay_shows_the_matrix_and_each_difference_and_passes(
    evals: Callable[..., int], shown: tuple[tuple[Case, ...], EvalRun], capsys: pytest.CaptureFixture[str]
) -> None:
    facts = [row for case in shown[1].cases for row in case.facts]
    mentions = sum(row.kind == "must_mention" for row in facts)
    claims = len(facts) - mentions
    assert evals("judge") == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {line.split()[0]: line.split() for line in lines}
    agreed = f"{mentions - 1} of {mentions}".split()
    assert rows["must_mention"] == ["must_mention", str(mentions - 1), "1", "0", "0", *agreed, "0.00"]
    assert rows["must_not_claim"][1:5] == ["0", "0", "1", str(claims - 1)]
    assert rows["all"][1:5] == [str(mentions - 1), "1", "1", str(claims - 1)]
    assert f"{mentions - 1} of {mentions} facts and 1 of {claims} tempting mistakes" in "\n".join(lines)
    differing = [line for line in lines if line.startswith(SHOWN)]
    assert differing == [
        f"d03-qiyu-jv: must_mention {NARROW!r}: the labels find it in the summary, the judge does not",
        f"d03-qiyu-jv: must_mention {NARROW!r}: the judge finds no support in the article",
        f"d03-qiyu-jv: must_not_claim {CLAIMED!r}: the judge finds it in the summary, the labels do not",
        f"d03-qiyu-jv: must_not_claim {CLAIMED!r}: the judge finds it supported by the article",
    ]
    assert "advisory" in lines[-1]


def test_a_summary_without_a_judgement_fails_by_case_and_command(
    evals: Callable[..., int], bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, exchange in load_recordings(bench / "judgements").items():
        if NARROW in statements_in(dict(exchange.request)):
            (bench / "judgements" / name).unlink()
    assert evals("judge") == 1
    error = capsys.readouterr().err
    assert "d03-qiyu-jv" in error
    assert "000_" not in error
    assert "python -m evals judge --record" in error
    shutil.rmtree(bench / "judgements")
    assert evals("judge") == 1
    assert ", ".join(SHOWN) in capsys.readouterr().err


def test_to_record_without_anybody_to_ask_is_a_mistake_of_usage(evals: Callable[..., int]) -> None:
    assert evals("judge", "--record") == 2


def test_the_judge_sees_no_pattern_and_not_which_statements_are_mistakes(bench: Path) -> None:
    requests = [dict(one.request) for one in load_recordings(bench / "judgements").values()]
    for case in load_cases(bench / "cases"):
        label = case.gold.summary
        [body] = [one for one in requests if label.must_mention[0].fact in statements_in(one)]
        text = "\n".join(message["content"] for message in body["messages"])
        patterns = [*(p for one in label.must_mention for p in one.accept)]
        patterns += [p for one in label.must_not_claim for p in one.reject]
        assert [one for one in patterns if set(one) & set("|[.\\*") and one in text] == []
        assert "must_" not in json.dumps(body)
        assert not any("文中" in statement for statement in statements_in(body))
        order = [statement in {one.fact for one in label.must_mention} for statement in statements_in(body)]
        assert len(order) == len(label.must_mention) + len(label.must_not_claim)
        assert order not in (sorted(order), sorted(order, reverse=True))
        assert "<summary-" in text
        assert "<article-" in text


def test_the_order_of_the_labels_changes_no_request(bench: Path, shown: tuple[tuple[Case, ...], EvalRun]) -> None:
    cases, run = shown

    def reversed_facts(result: CaseResult) -> CaseResult:
        return result.model_copy(update={"facts": result.facts[::-1]})

    turned = run.model_copy(update={"cases": tuple(map(reversed_facts, run.cases))})
    judged = judge_run(cases, turned, Asking(folder=bench / "judgements", model="wise"))
    assert judged.missing == ()
    assert len(judged.opinions) == sum(len(case.facts) for case in run.cases)


def test_an_answer_that_leaves_a_statement_out_is_asked_for_again_and_replayed_so(
    evals: Callable[..., int], bench: Path, provider: FakeProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    def hasty(body: dict[str, Any]) -> Reply:
        status, answer = opinionated(body)
        if "did not fit the schema" not in body["messages"][-1]["content"]:
            return status, completion(body, {"verdicts": [{"n": 1, "stated": "no", "supported": "no"}]})
        return status, answer

    shutil.rmtree(bench / "judgements")
    provider.answer = hasty
    assert evals("judge", "--record", "--case", "d03", "--base-url", provider.base_url, "--model", "wise") == 0
    assert provider.count == 2
    capsys.readouterr()
    assert evals("judge", "--case", "d03") == 0
    assert NARROW in capsys.readouterr().out


def test_recording_asks_only_for_what_is_missing_and_not_usable(
    evals: Callable[..., int], bench: Path, provider: FakeProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    provider.answer = lambda body: (200, completion(body, "no JSON"))
    asked = ("judge", "--record", "--base-url", provider.base_url, "--model", "other")
    assert evals(*asked, "--case", "d03") == 1
    assert "d03-qiyu-jv: the judgement could not be used: invalid_output" in capsys.readouterr().err
    provider.answer, before = opinionated, provider.count
    assert evals(*asked, "--case", "d03") == 0
    assert provider.count == before + 1
    assert evals(*asked, "--case", "d03") == 0
    assert provider.count == before + 1


def test_judgements_that_answer_no_request_are_named_and_pruned(
    evals: Callable[..., int], bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = bench / "judgements"
    exchange = next(iter(load_recordings(folder).values()))
    request = {**exchange.request, "temperature": 1.0}
    stale = Recordings(folder).write(replace(exchange, request=request, key=document_key(request)))
    assert evals("judge") == 0
    assert stale.name in capsys.readouterr().err
    assert evals("judge", "--prune") == 0
    assert not stale.exists()
    assert len(load_recordings(folder)) == 2


def test_a_run_mentions_the_judge_where_its_summaries_were_judged(
    evals: Callable[..., int], bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = evals("run")
    assert re.search(r"^judge agrees with the labels on \d+ of \d+ statements \(kappa 0\.\d\d\), advisory$",
                     capsys.readouterr().out, re.MULTILINE)  # fmt: skip
    next((bench / "judgements").iterdir()).write_text("{}")
    assert evals("run") == status
    assert "judge: its judgements cannot be read" in capsys.readouterr().out
    shutil.rmtree(bench / "judgements")
    assert evals("run") == status
    assert "judge" not in capsys.readouterr().out.replace("judgements", "")


@pytest.mark.parametrize(
    ("counts", "kappa"),
    [((20, 5, 10, 15), 0.4), ((3, 0, 0, 4), 1.0), ((0, 2, 2, 0), -1.0), ((0, 0, 0, 7), None), ((0, 0, 0, 0), None)],
)
def test_kappa_is_the_agreement_beyond_chance(counts: tuple[int, ...], kappa: float | None) -> None:
    both, labels_only, judge_only, neither = counts
    found = Confusion(both=both, labels_only=labels_only, judge_only=judge_only, neither=neither)
    assert found.kappa == (kappa if kappa is None else pytest.approx(kappa))


def test_the_judgements_hold_no_secrets(bench: Path) -> None:
    paths = [*(bench / "judgements").iterdir(), *RECORDINGS_DIR.with_name("judgements").glob("*.json")]
    assert [found for path in paths for found in secrets_in(path)] == []
