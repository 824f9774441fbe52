"""What models cost: which price a name has, what it comes to, and what a user's own file may say."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from summarizer.errors import SettingsError
from summarizer.prices import ASSUMED_MAX_OUTPUT_TOKENS, Price, is_same_model, money, price_of


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "prices.toml"
    path.write_text(
        '[[price]]\nmodels = ["House-1", "gpt-4.1-mini"]\ninput = 0.1\ncached_input = 0.01\noutput = 3\n',
        encoding="utf-8",
    )
    return path


def test_every_price_of_the_table_says_where_it_was_found_and_when() -> None:
    rows = tomllib.loads(files("summarizer").joinpath("prices.toml").read_text("utf-8"))["price"]
    assert len(rows) > 10
    for row in rows:
        price = price_of(row["models"][0])
        assert price is not None
        assert price.source.startswith("https://")
        assert price.looked_up is not None
        assert price.cached_input is None or price.cached_input <= price.input <= price.output


@pytest.mark.parametrize("name", ["gpt-4.1-mini", "gpt-4.1-mini-2025-04-14", "gpt-4.1-mini-20250414", "GPT-4.1-Mini"])
def test_a_date_of_release_and_capitals_are_of_no_consequence(name: str) -> None:
    price = price_of(name)
    assert price is not None
    assert (price.input, price.cached_input, price.output) == (Decimal("0.40"), Decimal("0.10"), Decimal("1.60"))


@pytest.mark.parametrize(
    "name",
    [
        "gpt-4.1-min", "gpt-4.1-mini-x", "gpt-4.1-mini-", "gpt-4", "gpt-4.1-micro", "openai/gpt-4.1-mini", "my-gpt-4.1",
        "gpt-4.1-mini-2025", "gpt-4.1-mini-2025-14-14", "deepseek-v4-pro-0813", "",
    ],
)  # fmt: skip
def test_a_name_that_only_resembles_a_known_one_has_no_price(name: str) -> None:
    assert price_of(name) is None


def test_two_models_of_one_beginning_have_each_its_price() -> None:
    full, mini = price_of("gpt-4.1-2025-04-14"), price_of("gpt-4.1-mini-2025-04-14")
    assert full is not None
    assert mini is not None
    assert (full.output, mini.output) == (Decimal("8.00"), Decimal("1.60"))


def test_a_cost_is_exact_and_counts_cached_input_once() -> None:
    price = Price(models=("m",), input=Decimal("0.1"), cached_input=Decimal("0.01"), output=Decimal("0.3"))
    assert price.cost(input_tokens=3, output_tokens=1) == Decimal("0.0000006")
    assert price.cost(input_tokens=1_000_000, cached_input_tokens=400_000, output_tokens=0) == Decimal("0.064")
    assert price.cost(input_tokens=10, cached_input_tokens=90, output_tokens=0) == Decimal("0.0000001")
    whole = Price(models=("m",), input=Decimal(2), output=Decimal(8))
    assert whole.cost(input_tokens=1_000_000, cached_input_tokens=500_000, output_tokens=0) == Decimal(2)


def test_the_batch_interface_costs_its_share_and_nothing_known_where_there_is_none() -> None:
    price = price_of("gpt-4.1")
    assert price is not None
    assert price.cost(input_tokens=1_000_000, output_tokens=0, is_batch=True) == Decimal(1)
    without = price.model_copy(update={"batch_factor": None})
    assert without.cost(input_tokens=1, output_tokens=1, is_batch=True) is None


def test_an_own_file_goes_before_the_table_and_leaves_the_rest_of_it(own: Path) -> None:
    mini, house, full = (price_of(name, own) for name in ("gpt-4.1-mini-2025-04-14", "house-1", "gpt-4.1"))
    assert mini == house
    assert mini is not None
    assert mini.output == 3
    assert mini.most_output_tokens == ASSUMED_MAX_OUTPUT_TOKENS
    assert full is not None
    assert full.output == 8
    assert price_of("house-2", own) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[price]", "is no TOML"),
        ("", "holds no prices"),
        ("prices = 1", "holds no prices"),
        ('[[price]]\nmodels = ["a"]\ninput = 1', "price 1: output: Field required"),
        ('[[price]]\nmodels = ["a"]\ninput = -1\noutput = 1', "price 1: input: "),
        ('[[price]]\nmodels = ["a"]\ninput = nan\noutput = 1', "price 1: input: "),
        ('[[price]]\nmodels = ["a"]\ninput = 1\noutput = 1\ncashed_input = 1', "price 1: cashed_input: "),
        (
            '[[price]]\nmodels = ["a"]\ninput = 1\noutput = 1\n[[price]]\nmodels = ["A"]\ninput = 1\noutput = 1',
            "'A' twice",
        ),
    ],
)
def test_a_file_that_is_no_price_list_is_named_with_its_fault(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        price_of("a", path)
    assert "mine.toml" in str(caught.value)
    assert said in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot read the prices in '.*gone\.toml': No such file"):
        price_of("a", tmp_path / "gone.toml")


@pytest.mark.parametrize(
    ("asked", "answered", "same"),
    [
        ("gpt-4.1-mini", "gpt-4.1-mini-2025-04-14", True),
        ("openai/gpt-4.1-mini", "gpt-4.1-mini", True),
        ("qwen-plus-latest", "qwen-plus", True),
        ("m", "M", True),
        ("gpt-4.1", "gpt-4.1-mini", False),
        ("deepseek-chat", "deepseek-v4-flash", False),
    ],
)
def test_another_model_is_told_from_another_name_of_the_same(asked: str, answered: str, same: bool) -> None:
    assert is_same_model(asked, answered) is same


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "$0.00"),
        ("1234.56789", "$1,234.5679"),
        ("0.01", "$0.0100"),
        ("0.0099", "$0.0099"),
        ("0.00000123", "$0.0000012"),
    ],
)
def test_money_is_never_shown_as_nothing_when_it_is_something(amount: str, shown: str) -> None:
    assert money(Decimal(amount)) == shown
