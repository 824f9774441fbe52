"""`summarizer run --explain`: what leaves the machine, said before it does."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.loopback import FakeProvider

Command = Callable[..., int]

GOLDEN = """\
nothing was sent; without --explain this run sends to {url}/chat/completions
with every request:
  the API key, in the header Authorization
  model 'gpt-x', max_completion_tokens 900, temperature 0.0
  the instructions, {instructions} characters
  the form of the answer, {form} characters
of each article:
  its sentences, numbered, with the date of publication it states
  never: its id, the name or path of its file, page furniture, or anything of another article
after an answer that is invalid or not borne out by the article, at most twice more:
  the article again, with the names of the fields that were wrong or the words that were not found
answers that are kept already are not asked for again
article 'long' (news/long.txt)
  several requests, the first of {long} bytes with sentences 1 to {sentences}: \
400 sentences, 8184 characters; 399 of its 8583 characters are not sent
article 'short' (news/short.md)
  one request of {short} bytes: 2 sentences, 26 characters, published 2024-11-19; \
85 of its 111 characters are not sent
nothing of 'news/empty.txt': nothing to read in it; remove it or fill it
"""


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    long = "\n".join(f"第{number}期由甲公司建设，总投资{number}亿元。" for number in range(1, 401))
    (folder / "long.txt").write_text(long, encoding="utf-8")
    head = "---\ntitle: 甲乙签约\ndate: 2024-11-19\npublisher: 某报\nurl: https://example.com/secret\n---\n"
    (folder / "short.md").write_text(f"{head}11月18日，甲集团与乙公司签约。\n总投资约30亿元。\n", encoding="utf-8")
    (folder / "empty.txt").write_text("")
    return folder


def test_what_would_be_sent_is_listed_to_the_byte_and_nothing_is_sent_or_written(
    summarizer: Command,
    provider: FakeProvider,
    news: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-4711")
    order = (
        "run", "news", "--out", "out", "--base-url", provider.base_url, "--model", "gpt-x", "--window-tokens", 4000,
        "--max-output-tokens", 900, "--concurrency", 1, "--no-follow-up",
    )  # fmt: skip
    assert summarizer(*order, "--explain") == 0
    said = capsys.readouterr().out
    assert provider.count == 0
    assert sorted(path.name for path in Path().iterdir()) == ["news"]
    assert "sk-canary" not in said

    # The run itself, held against what was said.
    assert summarizer(*order) == 1
    bodies = [body for body in provider.bodies if "[1] " in body["messages"][-1]["content"]]
    first, second = bodies[0], bodies[-1]
    instructions = first["messages"][0]["content"]
    assert len(first["messages"]) == 2

    assert said == GOLDEN.format(
        url=provider.base_url,
        instructions=len(instructions),
        form=len(json.dumps({name: first[name] for name in ("tools", "tool_choice")}, ensure_ascii=False)),
        long=provider.sizes[provider.bodies.index(first)],
        short=provider.sizes[provider.bodies.index(second)],
        sentences=first["messages"][1]["content"].count("\n["),
    )

    sent = second["messages"][1]["content"]
    for kept_back in ("short.md", "甲乙签约", "某报", "example.com", "第1期"):
        assert kept_back not in sent


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--engine", "offline"), "the offline engine asks nobody"),
        (("--replay", "recorded"), "every answer comes from the recordings"),
    ],
)
def test_where_nothing_leaves_the_machine_that_is_said(
    summarizer: Command, news: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], why: str
) -> None:
    Path("recorded").mkdir()
    Path("recorded", "0.json").write_text("{}")
    assert summarizer("run", "news", "--out", "out", "--explain", *options) == 0
    assert capsys.readouterr().out == f"nothing leaves this machine: {why}\n"


def test_a_name_cannot_write_lines_of_its_own(
    summarizer: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a\nnothing was sent\x1b[31m.txt").write_text("甲集团总投资约30亿元。")
    assert summarizer("run", tmp_path, "--out", "out", "--explain", "--base-url", "http://127.0.0.1:9/v1") == 0
    said = capsys.readouterr().out
    assert said.count("\nnothing was sent") == 0
    assert "\x1b" not in said
    assert "no API key but 'no-key', in the header Authorization" in said


def test_a_setting_that_cannot_be_used_is_named_as_for_a_run(summarizer: Command, news: Path) -> None:
    assert summarizer("run", "news", "--out", "out", "--explain", "--engine", "llm") == 2
