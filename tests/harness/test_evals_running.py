from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.answers import load_recordings
from evals.cases import CASES_DIR, Case, load_cases
from evals.outcomes import CaseResult, EvalRun
from evals.running import Asking, SystemRun, run_model, run_offline, settings_of
from summarizer import Settings, Summarizer
from summarizer.errors import AuthError, SettingsError
from summarizer.records import ArticleRecord
from summarizer.wire.recordings import Recordings
from tests.harness.evals_runs import perfect
from tests.loopback import FakeProvider, refusal

ONLY = ("000", "d03")


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    return load_cases(CASES_DIR, ONLY)


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    fake = FakeProvider()
    yield fake
    fake.close()


@pytest.fixture(scope="module")
def made(cases: tuple[Case, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Record what a provider answers that is gone afterwards."""
    folder = tmp_path_factory.mktemp("made")
    fake = FakeProvider()
    run_model(cases, perfect, Asking(source="record", folder=folder, model="m", base_url=fake.base_url))
    fake.close()
    return folder


@pytest.fixture
def recordings(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "recordings"))


def replay(cases: tuple[Case, ...], recordings: Path) -> SystemRun:
    return run_model(cases, perfect, Asking(folder=recordings, model="m"))


def without_seconds(record: dict[str, Any] | None) -> dict[str, Any]:
    assert record is not None
    return {**record, "run": {**record["run"], "seconds": 0}}


def stable(run: EvalRun) -> EvalRun:
    cases = tuple(case.model_copy(update={"record": without_seconds(case.record)}) for case in run.cases)
    return run.model_copy(update={"cases": cases})


def test_a_replay_gives_the_records_of_the_public_program(cases: tuple[Case, ...], recordings: Path) -> None:
    made = replay(cases, recordings)
    assert not made.missed
    summarizer = Summarizer(Settings(replay=recordings, model="m"))
    for case, result in zip(cases, made.run.cases, strict=True):
        record = summarizer.summarize(case.path).model_dump(mode="json")
        assert without_seconds(result.record) == without_seconds(record)


def test_a_replay_counts_the_characters_of_the_answers(cases: tuple[Case, ...], recordings: Path) -> None:
    made = replay(cases, recordings)
    for result in made.run.cases:
        answers = [exchange.answer for exchange in made.used[result.case]]
        texts = [one["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"] for one in answers if one]
        assert result.counts["answer_chars"].correct == sum(map(len, texts)) > 0
    assert len(made.exchanges) == len(load_recordings(recordings))


def test_the_environment_changes_nothing(
    cases: tuple[Case, ...], recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = [stable(run.run) for run in (replay(cases, recordings), run_offline(cases, perfect))]
    (tmp_path / "summarizer.toml").write_text('temperature = 1.5\nfollow_up = false\nmodel = "x"\n')
    monkeypatch.chdir(tmp_path)
    settings = {
        "OPENAI_API_KEY": "sk-none", "OPENAI_BASE_URL": "nonsense", "OPENAI_ORG_ID": "o", "SUMMARIZER_ENGINE": "offline",
        "SUMMARIZER_MODEL": "other", "SUMMARIZER_TEMPERATURE": "1", "SUMMARIZER_MAX_OUTPUT_TOKENS": "64",
        "SUMMARIZER_PARTS": '["summary"]', "SUMMARIZER_LANGUAGE": "en", "SUMMARIZER_FOLLOW_UP": "false",
        "SUMMARIZER_PROFILE": "none:NONE", "SUMMARIZER_WINDOW_TOKENS": "2000", "SUMMARIZER_OUTPUT_MODE": "json",
        "SUMMARIZER_CONFIG": "missing.toml", "HTTPS_PROXY": "http://127.0.0.1:1",
    }  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert [stable(run.run) for run in (replay(cases, recordings), run_offline(cases, perfect))] == plain


def test_a_case_whose_scorer_fails_is_a_row_with_its_place(cases: tuple[Case, ...], recordings: Path) -> None:
    def score(case: Case, record: ArticleRecord) -> CaseResult:
        if case.id.startswith("000"):
            raise KeyError("the article's words")
        return perfect(case, record)

    runs = (run_model(cases, score, Asking(folder=recordings, model="m")), run_offline(cases, score))
    for made in runs:
        broken, sound = made.run.cases
        assert broken.error is not None
        assert broken.error.startswith("KeyError at harness/test_evals_running.py:")
        assert broken.counts == {}
        assert sound.error is None


def test_a_request_without_a_recording_breaks_its_case_and_is_kept_for_the_explanation(
    cases: tuple[Case, ...], recordings: Path
) -> None:
    made = replay(cases, recordings)
    gone = made.used[cases[0].id][0]
    Recordings(recordings).path_of(gone.key).unlink()
    broken = replay(cases, recordings)
    assert broken.run.cases[0].error == "1 of its requests has no recording"
    assert broken.run.cases[0].record is None
    assert broken.missed == {cases[0].id: (gone.request,)}
    assert broken.run.cases[1].error is None


def test_a_follow_up_without_a_recording_breaks_its_case_too(cases: tuple[Case, ...], recordings: Path) -> None:
    made = replay(cases, recordings)
    name, exchanges = next((name, used) for name, used in made.used.items() if len(used) > 1)
    Recordings(recordings).path_of(exchanges[1].key).unlink()
    broken = replay(cases, recordings)
    assert list(broken.missed) == [name]
    assert {case.case: case.error is None for case in broken.run.cases}[name] is False


def test_an_edited_recording_breaks_its_case(cases: tuple[Case, ...], recordings: Path) -> None:
    made = replay(cases, recordings)
    path = Recordings(recordings).path_of(made.used[cases[1].id][0].key)
    path.write_text(path.read_text(encoding="utf-8").replace('"temperature": 0.0', '"temperature": 0.1'))
    error = replay(cases, recordings).run.cases[1].error
    assert error is not None
    assert error.startswith("store: ")
    assert "edited" in error


def test_only_what_is_missing_is_asked_for(cases: tuple[Case, ...], recordings: Path, provider: FakeProvider) -> None:
    before = {path.name: path.read_bytes() for path in recordings.iterdir()}
    made = replay(cases, recordings)
    gone = made.used[cases[0].id][0]
    Recordings(recordings).path_of(gone.key).unlink()
    asking = Asking(source="record", folder=recordings, model="m", base_url=provider.base_url)
    again = run_model(cases, perfect, asking)
    assert provider.bodies == [gone.request]
    assert {path.name: path.read_bytes() for path in recordings.iterdir()} == before
    assert again.run.recordings == made.run.recordings
    run_model(cases, perfect, asking)
    assert provider.count == 1


def test_a_refresh_asks_for_everything_again(cases: tuple[Case, ...], recordings: Path, provider: FakeProvider) -> None:
    asking = Asking(source="refresh", folder=recordings, model="m", base_url=provider.base_url)
    made = run_model(cases, perfect, asking)
    assert provider.count == len(made.exchanges) == len(load_recordings(recordings))


def test_a_live_run_reads_and_writes_nothing(cases: tuple[Case, ...], provider: FakeProvider) -> None:
    asking = Asking(source="live", model="m", base_url=provider.base_url, api_key="k")
    made = run_model(cases[:1], perfect, asking)
    assert provider.count == len(made.exchanges) > 0
    assert provider.keys[0] == "Bearer k"
    assert made.run.recordings is None
    settings = settings_of(asking)
    assert (settings.record, settings.replay, settings.use_cache) == (None, None, False)


def test_a_refused_key_stops_the_run(cases: tuple[Case, ...], tmp_path: Path, provider: FakeProvider) -> None:
    provider.answer = refusal(401, "no such key")
    with pytest.raises(AuthError):
        run_model(cases, perfect, Asking(source="record", folder=tmp_path / "r", model="m", base_url=provider.base_url))


def test_an_address_that_cannot_be_used_is_refused_by_name(cases: tuple[Case, ...]) -> None:
    with pytest.raises(SettingsError, match="base_url"):
        run_model(cases, perfect, Asking(source="live", model="m", base_url="ftp://somewhere"))


def test_an_answer_of_no_use_is_the_model_s_own_and_is_scored(
    cases: tuple[Case, ...], tmp_path: Path, provider: FakeProvider
) -> None:
    provider.answer = lambda body: (200, {"choices": [{"message": {"content": None, "refusal": "no"}}]})
    asking = Asking(source="record", folder=tmp_path / "r", model="m", base_url=provider.base_url)
    seen = []

    def score(case: Case, record: ArticleRecord) -> CaseResult:
        seen.append(record.error.kind if record.error else None)
        return perfect(case, record)

    run_model(cases[:1], score, asking)
    assert seen == ["refused"]


def test_templates_and_schemas_are_fingerprinted_for_the_model_alone(cases: tuple[Case, ...], recordings: Path) -> None:
    made, offline = replay(cases, recordings).run, run_offline(cases, perfect).run
    assert {"system", "article", "follow_up", "ArticleProposal", "FollowUpProposal"} <= made.templates.keys()
    assert all(len(one) == 12 for one in made.templates.values())
    assert (offline.templates, offline.model, offline.recordings) == ({}, None, None)
    assert made.corpus == offline.corpus


def test_a_run_survives_its_own_file(cases: tuple[Case, ...]) -> None:
    run = run_offline(cases, perfect).run
    assert EvalRun.model_validate(json.loads(run.model_dump_json())) == run


def test_other_answers_give_another_digest(cases: tuple[Case, ...], recordings: Path) -> None:
    made = replay(cases, recordings)
    one = made.used[cases[0].id][0]
    answer = dict(one.answer or {}) | {"id": "another"}
    Recordings(recordings).write(replace(one, body=json.dumps(answer).encode()))
    assert replay(cases, recordings).run.recordings != made.run.recordings
