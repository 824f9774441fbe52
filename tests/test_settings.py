"""Where settings come from, and which are refused before anything is paid."""

from pathlib import Path

import pytest

from summarizer.errors import SettingsError
from summarizer.settings import Settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SUMMARIZER_MODEL", "SUMMARIZER_API_KEY", "SUMMARIZER_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_arguments_win_over_the_environment_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "summarizer.toml").write_text('model = "file"\nconcurrency = 3\n')
    assert Settings.load().model == "file"
    monkeypatch.setenv("SUMMARIZER_MODEL", "environment")
    assert Settings.load().model == "environment"
    assert Settings.load(model="argument").model == "argument"
    assert Settings.load(model="argument").concurrency == 3


def test_a_file_with_an_unknown_setting_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "summarizer.toml").write_text('modell = "x"\n')
    with pytest.raises(SettingsError, match=r"modell.*no setting"):
        Settings.load()


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "summarizer.toml").write_text("model = \n")
    with pytest.raises(SettingsError, match="settings file"):
        Settings.load()


def test_a_named_file_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_CONFIG", "nowhere.toml")
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        Settings.load()


def test_without_key_and_address_the_offline_engine_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load().resolved_engine == "offline"
    assert Settings.load(base_url="http://127.0.0.1:9/v1").resolved_engine == "llm"
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    assert Settings.load().resolved_engine == "llm"
    assert Settings.load(engine="offline").resolved_engine == "offline"


@pytest.mark.parametrize("key", ["sk-a\nb", "sk-a，b", "sk a"])
def test_a_broken_key_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(SettingsError, match="api_key") as caught:
        Settings.load(api_key=key)
    assert key not in str(caught.value)
    assert caught.value.exit_code == 2


def test_blanks_round_a_key_are_dropped() -> None:
    key = Settings.load(api_key=" sk-1\n").api_key
    assert key is not None
    assert key.get_secret_value() == "sk-1"
    assert "sk-1" not in repr(Settings.load(api_key="sk-1"))


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://example.com/v1", "https"),
        ("https://user:secret@example.com/v1", "user name"),
        ("ftp://example.com", "address"),
        ("example.com/v1", "address"),
    ],
)
def test_an_address_that_would_leak_the_key_is_refused(url: str, word: str) -> None:
    with pytest.raises(SettingsError, match=word):
        Settings.load(base_url=url)


@pytest.mark.parametrize(
    "url", ["http://localhost:1/v1", "http://127.0.0.1:1/v1", "http://[::1]:1/v1", "https://a.b/v1/"]
)
def test_loopback_and_https_are_accepted(url: str) -> None:
    assert Settings.load(base_url=url).base_url == url.rstrip("/")


def test_a_number_out_of_range_names_the_setting() -> None:
    with pytest.raises(SettingsError, match=r"concurrency.*greater than or equal to 1"):
        Settings.load(concurrency=0)


def test_a_temperature_can_be_left_out() -> None:
    assert Settings.load().temperature == 0
    assert Settings.load(temperature="none").temperature is None
    assert Settings.load(temperature="0.7").temperature == 0.7
    with pytest.raises(SettingsError, match="temperature"):
        Settings.load(temperature="hot")


def test_record_and_replay_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="exclude"):
        Settings.load(record=tmp_path, replay=tmp_path)


@pytest.mark.parametrize("name", ["rpm", "tpm"])
def test_a_limit_a_minute_is_one_or_more(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert getattr(Settings.load(), name) is None
    assert getattr(Settings.load(**{name: 1}), name) == 1
    monkeypatch.setenv(f"SUMMARIZER_{name.upper()}", "600")
    assert getattr(Settings.load(), name) == 600
    with pytest.raises(SettingsError, match=f"setting {name} 0: .*greater than or equal to 1"):
        Settings.load(**{name: 0})
