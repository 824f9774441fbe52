"""What models cost: a table that comes with the package, and a user's own file that goes before it.

Money is `decimal.Decimal`, US dollars; prices are for a million tokens. A model that neither the file nor the table
names has no known price, whatever its name resembles.
"""

from __future__ import annotations

import os
import re
import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer.errors import SettingsError

# Where neither request nor table limits an answer. Most models that are sold end at this or below.
ASSUMED_MAX_OUTPUT_TOKENS: Final = 131_072

_MILLION: Final = Decimal(1_000_000)
# The day of a release. Four digits alone may be a version of another price, as with mistral-large-2407.
_RELEASE: Final = re.compile(r"-20\d\d(?:-(?:0\d|1[0-2])-[0-3]\d|(?:0\d|1[0-2])[0-3]\d)$")


class Price(BaseModel):
    """What one model costs, in US dollars for a million tokens. The table's file says what each field means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    models: tuple[str, ...] = Field(min_length=1)
    input: Decimal = Field(ge=0, allow_inf_nan=False)
    cached_input: Decimal | None = Field(None, ge=0, allow_inf_nan=False)
    output: Decimal = Field(ge=0, allow_inf_nan=False)
    batch_factor: Decimal | None = Field(None, ge=0, le=1)
    max_output_tokens: int | None = Field(None, ge=1)
    source: str = "a file of the user's"
    looked_up: date | None = None

    def cost(
        self, *, input_tokens: int, output_tokens: int, cached_input_tokens: int = 0, is_batch: bool = False
    ) -> Decimal | None:
        """Return the price of one answer, exactly; None for one of the batch interface where its factor is not known.

        `cached_input_tokens` are part of `input_tokens`.

        Example:
            >>> price_of("gpt-4.1-mini-2025-04-14").cost(input_tokens=5000, cached_input_tokens=4000, output_tokens=100)
            Decimal('0.00096')
        """
        if is_batch and self.batch_factor is None:
            return None
        cached = min(cached_input_tokens, input_tokens)
        cached_price = self.input if self.cached_input is None else self.cached_input
        cost = ((input_tokens - cached) * self.input + cached * cached_price + output_tokens * self.output) / _MILLION
        return cost * self.batch_factor if is_batch and self.batch_factor is not None else cost

    @property
    def most_output_tokens(self) -> int:
        """The longest answer to reckon with: the model's limit, or what is assumed where that is not known."""
        return self.max_output_tokens or ASSUMED_MAX_OUTPUT_TOKENS


def price_of(model: str, own_prices: str | os.PathLike[str] | None = None) -> Price | None:
    """Return what a model costs, None where that is not known.

    Args:
        model: the provider's name of it; a date of release at its end is of no consequence.
        own_prices: a file in the form of the package's table, which goes before it.

    Raises:
        SettingsError: the file cannot be read or is of another form.
    """
    tables = [_built_in()] if own_prices is None else [_read(own_prices), _built_in()]
    for table in tables:
        for name in (model.casefold(), _RELEASE.sub("", model.casefold())):
            if name in table:
                return table[name]
    return None


def is_same_model(asked: str, answered: str) -> bool:
    """Return whether the model named in an answer is the one that was asked: but for a date, or `-latest`, or a `maker/`."""

    def plain(name: str) -> str:
        return _RELEASE.sub("", name.casefold().rpartition("/")[2]).removesuffix("-latest")

    return plain(asked) == plain(answered)


def money(amount: Decimal | float) -> str:
    """Return dollars for people: four decimals, below a cent two digits that count; never 0 for what is not nothing.

    Example:
        >>> money(Decimal("1.23456")), money(Decimal("0.000144")), money(0)
        ('$1.2346', '$0.00014', '$0.00')
    """
    exact = Decimal(str(amount))
    if not exact:
        return "$0.00"
    decimals = 4 if exact >= Decimal("0.01") else 1 - exact.adjusted()
    return f"${exact:,.{decimals}f}"


@cache
def _built_in() -> dict[str, Price]:
    return _parse(files("summarizer").joinpath("prices.toml").read_text("utf-8"), "the package's own prices.toml")


def _read(path: str | os.PathLike[str]) -> dict[str, Price]:
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - a path of any kind
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is no UTF-8 text"
        raise SettingsError(f"cannot read the prices in {os.fspath(path)!r}: {reason}") from error
    return _parse(text, repr(os.fspath(path)))


def _parse(text: str, where: str) -> dict[str, Price]:
    try:
        # Decimals as they are written, never by way of a binary float.
        document: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{where} is no TOML: {error}") from error
    rows = document.get("price")
    if not isinstance(rows, list) or document.keys() != {"price"}:
        raise SettingsError(
            f"{where} holds no prices; expected [[price]] with models, input and output (docs/costs.md)"
        )
    table: dict[str, Price] = {}
    for number, row in enumerate(rows, start=1):
        try:
            price = Price.model_validate(row)
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]
            field = ".".join(str(part) for part in problem["loc"]) or "the entry"
            raise SettingsError(f"{where}, price {number}: {field}: {problem['msg']} (docs/costs.md)") from error
        for name in price.models:
            if name.casefold() in table:
                raise SettingsError(f"{where} names the model {name!r} twice")
            table[name.casefold()] = price
    return table
