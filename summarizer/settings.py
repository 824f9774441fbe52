"""Settings: read from arguments, environment and file in one place, frozen afterwards.

Order, the first that speaks wins: arguments, environment (`SUMMARIZER_…`, and `OPENAI_API_KEY`, `OPENAI_BASE_URL`),
`summarizer.toml` in the working directory (or the file that `SUMMARIZER_CONFIG` names), defaults.
"""

from __future__ import annotations

import ipaddress
import os
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from summarizer.errors import SettingsError
from summarizer.proposals import PARTS, PartName

EngineName = Literal["auto", "llm", "offline"]
OutputMode = Literal["tools", "json_schema", "json"]

# Without a key of its own a local server still wants some value in the header.
NO_KEY = "no-key"


class Settings(BaseSettings):
    """Everything that decides what a run asks and how; `Settings(...)` raises pydantic's error, `load` ours."""

    model_config = SettingsConfigDict(
        env_prefix="SUMMARIZER_",
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    engine: EngineName = Field("auto", description="auto: llm with a key, an address or a replay folder, else offline")
    model: str = Field("gpt-4.1-mini", min_length=1, description="the provider's name of the model")
    base_url: str | None = Field(
        None,
        validation_alias=AliasChoices("base_url", "SUMMARIZER_BASE_URL", "OPENAI_BASE_URL"),
        description="address of an OpenAI-compatible provider, the part before /chat/completions",
    )
    api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("api_key", "SUMMARIZER_API_KEY", "OPENAI_API_KEY"),
        description="the provider's key",
    )
    output_mode: OutputMode = Field("tools", description="how a structured answer is asked for")
    parts: tuple[PartName, ...] = Field(PARTS, min_length=1, description="what is asked of the model")
    language: Literal["auto", "zh", "en"] = Field("auto", description="language of the summary; auto: the article's")
    profile: str | None = Field(None, description="MODULE:NAME of a user's own profile in place of the built-in one")
    concurrency: int = Field(16, ge=1, le=1000, description="articles under way at once")
    processes: int | None = Field(
        None,
        ge=0,
        le=64,
        description="other processes that verify while answers wait; None: one a spare core, at most 8",
    )
    rpm: int | None = Field(None, ge=1, description="requests a minute at most; None: as the provider's headers say")
    tpm: int | None = Field(None, ge=1, description="tokens a minute at most, in and out; None: as the headers say")
    temperature: float | None = Field(0.0, ge=0, le=2, description="sampling temperature; None: not sent")
    max_output_tokens: int | None = Field(None, ge=64, description="limit of an answer's length; None: the provider's")
    window_tokens: int = Field(100_000, ge=2_000, description="what one request may hold; longer articles are split")
    attempt_timeout_s: float = Field(120.0, gt=0, description="wall time of one attempt at one request")
    deadline_s: float = Field(180.0, gt=0, description="wall time of one request with all its attempts")
    cache_dir: Path | None = Field(None, description="where answers are kept; by default OUT/.cache")
    use_cache: bool = Field(True, description="keep answers and use kept ones")
    record: Path | None = Field(None, description="folder into which every exchange is written")
    replay: Path | None = Field(None, description="folder from which every answer must come; no network")
    follow_up: bool = Field(True, description="ask once more where an answer was not wholly admitted")
    fresh: bool = Field(False, description="ask again, whatever is stored")
    batch_max_requests: int = Field(50_000, ge=1, description="requests in one file of the provider's batch interface")
    batch_max_bytes: int = Field(200_000_000, ge=1_000, description="bytes of one such file")
    retry_failed: bool = Field(False, description="ask again where paid answers could not be used")
    budget_usd: Decimal | None = Field(
        None, gt=0, allow_inf_nan=False, description="what a run may spend, in US dollars; then it stops, resumable"
    )
    budget_tokens: int | None = Field(None, ge=1, description="what a run may spend, in tokens of any kind")
    prices: Path | None = Field(None, description="file of prices that goes before the package's own table")
    allow_unknown_price: bool = Field(False, description="run with a budget that cannot hold, the price being unknown")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, environment, file; no .env file, which would be read by surprise."""
        path = Path(os.environ.get("SUMMARIZER_CONFIG") or "summarizer.toml")
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=path)

    @field_validator("temperature", mode="before")
    @classmethod
    def _none_is_a_temperature(cls, value: Any) -> Any:
        """Let a model that refuses a temperature be asked without one: `none` on the command line or in the environment."""
        return None if isinstance(value, str) and value.strip().lower() == "none" else value

    @field_validator("api_key")
    @classmethod
    def _key_is_one_word(cls, key: SecretStr | None) -> SecretStr | None:
        if key is None:
            return None
        text = key.get_secret_value().strip()
        if not text:
            return None
        if not text.isascii() or any(char.isspace() or not char.isprintable() for char in text):
            raise ValueError("holds blanks or characters that no key has; copy it again")
        return SecretStr(text)

    @field_validator("base_url")
    @classmethod
    def _address_is_safe(cls, url: str | None) -> str | None:
        if url is None or not url.strip():
            return None
        url = url.strip().rstrip("/")
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("is no http or https address; expected something like https://host/v1")
        if parts.username or parts.password:
            raise ValueError("holds a user name or password; give the key by OPENAI_API_KEY instead")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ValueError("is http to another machine, which would send the key in the clear; use https")
        return url

    @classmethod
    def load(cls, **given: Any) -> Settings:
        """Return the settings, `given` arguments first; those that are None count as not given.

        Raises:
            SettingsError: a value cannot be used; the message names the setting, never a secret.
        """
        config = os.environ.get("SUMMARIZER_CONFIG")
        if config and not Path(config).is_file():
            raise SettingsError(f"SUMMARIZER_CONFIG names {config!r}, which is no file")
        try:
            settings = cls(**{name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            raise SettingsError("; ".join(_explain(problem) for problem in error.errors(include_url=False))) from None
        except (ValueError, OSError) as error:  # a summarizer.toml that is no TOML
            raise SettingsError(f"cannot read the settings file: {error}") from error
        if settings.record and settings.replay:
            raise SettingsError("--record and --replay exclude each other; replay writes nothing")
        return settings

    def __getstate__(self) -> dict[Any, Any]:
        """Leave the key out of pickles; the process that loads one takes the key of its own environment."""
        state = super().__getstate__()
        return state | {"__dict__": state["__dict__"] | {"api_key": None}}

    def __setstate__(self, state: dict[Any, Any]) -> None:
        """Take the key from the environment, as `load` does."""
        names = ("SUMMARIZER_API_KEY", "OPENAI_API_KEY")
        key = next((SecretStr(text) for name in names if (text := os.environ.get(name, "").strip())), None)
        super().__setstate__(state | {"__dict__": state["__dict__"] | {"api_key": key}})

    @property
    def resolved_engine(self) -> Literal["llm", "offline"]:
        """Which engine proposes: `auto` decided."""
        if self.engine != "auto":
            return self.engine
        return "llm" if self.api_key or self.base_url or self.replay else "offline"


def is_loopback(host: str) -> bool:
    """Return whether the host is this machine by name or by number."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _explain(problem: Any) -> str:
    name = ".".join(str(part) for part in problem["loc"]) or "settings"
    name = (
        {"OPENAI_API_KEY": "api_key", "OPENAI_BASE_URL": "base_url"}.get(name, name).removeprefix("SUMMARIZER_").lower()
    )
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        message = "is no setting of this version"
    shown = "" if "key" in name else f" {problem['input']!r}"
    return f"setting {name}{shown}: {message}"
