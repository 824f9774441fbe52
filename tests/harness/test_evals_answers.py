from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.answers import (
    RECORDINGS_DIR,
    REKEYED_FIELDS,
    answer_chars,
    delete,
    digest_of,
    load_recordings,
    model_of,
    rekey,
    secrets_in,
    unused,
)
from evals.staleness import Change, explain
from summarizer.articles import Article
from summarizer.engines.prompting import article_message, language_line, number_sentences, system_message
from summarizer.errors import SettingsError, StoreError
from summarizer.proposals import PARTS, ArticleProposal
from summarizer.templates import Variable, built_in_prompts
from summarizer.wire.exchange import Exchange, document_key
from summarizer.wire.recordings import Recordings

SEEDS = Path(__file__).parents[2] / "evals" / "recordings"
Request = dict[str, Any]


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEEDS, tmp_path / "recordings"))


def changed(exchange: Exchange, change: Callable[[Request], None]) -> Exchange:
    """Return the exchange as it would have been recorded with another request."""
    request = copy.deepcopy(dict(exchange.request))
    change(request)
    return replace(exchange, request=request, key=document_key(request))


def asked_now() -> dict[str, Exchange]:
    """Return what the program asks today about two articles, each with some answer."""
    prompts, found = built_in_prompts(), {}
    parameters = ArticleProposal.model_json_schema()
    for name in ("甲", "乙"):
        sentences = "".join(f"{name}公司第{number}年投资{number}亿元。" for number in range(1, 9))
        article = Article.from_text(sentences, id=name)
        body = number_sentences(article, range(1, len(article.sentences) + 1))
        values: dict[str, Variable] = {"language": language_line(article, "auto")}
        messages = [system_message(prompts, PARTS), article_message(prompts, "article", article, body, values)]
        request = {
            "model": "m",
            "temperature": 0.0,
            "messages": [message.as_dict() for message in messages],
            "tools": [{"type": "function", "function": {"name": "ArticleProposal", "parameters": parameters}}],
        }
        found[f"{name}.json"] = Exchange(key=document_key(request), request=request, status=200, body=b"{}")
    return found


def told(change: Callable[[Request], None]) -> tuple[Change, ...]:
    """Explain why today's requests have no recording where both were recorded with a changed request."""
    now = asked_now()
    before = {name: changed(exchange, change) for name, exchange in now.items()}
    return explain({name[0]: [exchange.request] for name, exchange in now.items()}, before, built_in_prompts())


def replaced(request: Request, place: int, old: str, new: str) -> None:
    message = request["messages"][place]
    assert message["content"].count(old) == 1
    message["content"] = message["content"].replace(old, new)


def fields_of(request: Request, name: str) -> Request:
    found: Request = request["tools"][0]["function"]["parameters"]["$defs"][name]
    return found


def template_line(file: str, at: int) -> tuple[str, str]:
    """Return the name and the text of a long line of a template without anything to fill in, or of the one with it."""
    lines = (built_in_prompts().folder / file).read_text(encoding="utf-8").splitlines()
    long = [(number, line) for number, line in enumerate(lines, start=1) if len(line) > 20 and "{%" not in line]
    number, line = long[at]
    return f"prompts/{file} line {number}", line


def test_a_changed_template_line_is_named_with_what_stood_there_and_what_it_made_stale() -> None:
    name, line = template_line("system.md", 3)
    [change] = told(lambda request: replaced(request, 0, line, f"{line} And more."))
    assert change.where == name
    assert (change.recorded, change.asked) == (f"{line} And more.", line)
    assert change.cases == ("乙", "甲")
    assert change.stale == ("乙.json", "甲.json")


def test_a_new_template_line_is_named_where_it_stands() -> None:
    name, line = template_line("system.md", 3)
    [change] = told(lambda request: replaced(request, 0, f"{line}\n", ""))
    assert (change.where, change.recorded, change.asked) == (name, None, line)
    assert len(change.stale) == 2


def test_a_line_taken_out_of_a_template_is_named_by_the_line_before() -> None:
    name, line = template_line("system.md", 3)
    [change] = told(lambda request: replaced(request, 0, line, f"{line}\n- Shout."))
    assert change.where == f"prompts/system.md, a line taken out after line {name.rpartition(' ')[2]}"
    assert (change.recorded, change.asked) == ("- Shout.", None)
    assert len(change.stale) == 2


def test_the_frame_around_the_article_leads_to_its_own_template() -> None:
    name, line = template_line("article.md", -1)
    own = line.partition("{{")[0]
    [change] = told(lambda request: replaced(request, 1, own, f"Please. {own}"))
    assert change.where == name


def test_what_is_filled_into_a_template_is_not_taken_for_the_template() -> None:
    name, line = template_line("article.md", -1)
    own = line.partition("{{")[0]
    changes = told(lambda request: replaced(request, 1, own, f"{own}In verse. "))
    assert {change.where for change in changes} == {f"what is filled into {name}"}


def test_a_changed_article_is_named_as_such_without_its_words() -> None:
    [change] = told(lambda request: replaced(request, 1, "\n[2] ", "\n[2] 新华社：\n[3] "))
    assert "the article's text" in change.where
    assert (change.recorded, change.asked) == (None, None)
    assert change.stale == ("乙.json", "甲.json")


def test_a_change_of_what_a_follow_up_tells_is_named_as_the_first_answer_s() -> None:
    end = "\n\n- figure «3亿元»: these words do not stand in the article so"
    now = {
        name: changed(
            one, lambda request: request["messages"][1].update(content=request["messages"][1]["content"] + end)
        )
        for name, one in asked_now().items()
    }
    before = {
        name: changed(one, lambda request: replaced(request, 1, "«3亿元»", "«4亿元»")) for name, one in now.items()
    }
    [change] = explain({"甲": [now["甲.json"].request]}, before, built_in_prompts())
    assert "the first answer" in change.where
    assert change.stale == ("甲.json",)


@pytest.mark.parametrize(
    ("change", "where", "recorded"),
    [
        (
            lambda one: fields_of(one, "ProposedFigure")["properties"]["amount"].update(description="so much"),
            "schema ProposedFigure.amount description",
            "so much",
        ),
        (
            lambda one: [
                fields_of(one, "ProposedTerm")["properties"].pop("words"),
                fields_of(one, "ProposedTerm")["required"].remove("words"),
            ],
            "schema ProposedTerm.words",
            None,
        ),
        (
            lambda one: fields_of(one, "ProposedDeal")["properties"]["type"].update(enum=["other"]),
            "schema ProposedDeal.type enum",
            '["other"]',
        ),
        (
            lambda one: one["tools"][0]["function"]["parameters"]["properties"]["headline"].update(description="short"),
            "schema ArticleProposal.headline description",
            "short",
        ),
        (lambda one: one.update(temperature=0.7), "request field 'temperature'", "0.7"),
    ],
)  # fmt: skip
def test_a_changed_schema_is_named_by_class_and_field(
    change: Callable[[Request], None], where: str, recorded: str | None
) -> None:
    [found] = told(change)
    assert (found.where, found.recorded) == (where, recorded)
    assert found.asked is not None
    assert len(found.stale) == 2


def test_a_shared_class_makes_the_recordings_of_another_schema_stale_too() -> None:
    now = asked_now()

    def as_follow_up(request: Request) -> None:
        request["tools"][0]["function"]["name"] = "FollowUpProposal"

    def reworded(request: Request) -> None:
        fields_of(request, "ProposedFigure")["properties"]["amount"]["description"] = "so much"

    before = {"first.json": changed(now["甲.json"], reworded)}
    before["follow-up.json"] = changed(before["first.json"], as_follow_up)
    [change] = explain({"甲": [now["甲.json"].request]}, before, built_in_prompts())
    assert change.stale == ("first.json", "follow-up.json")


def test_what_was_never_recorded_is_said_to_be_new() -> None:
    now = asked_now()
    [change] = explain({"甲": [now["甲.json"].request]}, {"乙.json": now["乙.json"]}, built_in_prompts())
    assert (change.where, change.stale) == ("this article", ())
    follow_up = changed(now["乙.json"], lambda one: one["tools"][0]["function"].update(name="FollowUpProposal"))
    [change] = explain({"乙": [follow_up.request]}, {"乙.json": now["乙.json"]}, built_in_prompts())
    assert change.where == "a request for FollowUpProposal about this article"


def test_recordings_move_to_requests_that_differ_in_agreed_fields(recordings: Path) -> None:
    old = load_recordings(recordings)
    asked = [changed(one, lambda request: request.update(temperature=0.5, seed=7)).request for one in old.values()]
    moves = rekey(recordings, asked, set())
    assert {move.old for move in moves} == set(old)
    assert {move.fields for move in moves} == {("temperature", "seed")}
    new = load_recordings(recordings)
    assert new.keys() == {move.new for move in moves}
    assert sorted(one.body for one in new.values()) == sorted(one.body for one in old.values())
    assert {one.request["temperature"] for one in new.values()} == {0.5}


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.update(model="another"),
        lambda one: one["messages"][0].update(content="Answer."),
        lambda one: fields_of(one, "ProposedFigure").update(description="other"),
    ],
)
def test_recordings_stay_where_anything_else_differs(recordings: Path, change: Callable[[Request], None]) -> None:
    before = {path.name: path.read_bytes() for path in recordings.iterdir()}
    asked = [changed(one, change).request for one in load_recordings(recordings).values()]
    assert rekey(recordings, asked, set()) == []
    assert {path.name: path.read_bytes() for path in recordings.iterdir()} == before


def test_a_recording_that_answers_another_request_stays_where_it_is(recordings: Path) -> None:
    name, exchange = next(iter(load_recordings(recordings).items()))
    asked = changed(exchange, lambda request: request.update(temperature=0.5)).request
    assert rekey(recordings, [asked], {exchange.key}) == []
    assert (recordings / name).exists()


def test_what_an_answer_answers_is_never_rekeyed() -> None:
    assert not {"messages", "tools", "tool_choice", "response_format", "model"} & set(REKEYED_FIELDS)


def test_the_model_is_read_from_the_recordings_when_there_is_only_one(recordings: Path) -> None:
    recorded = load_recordings(recordings)
    assert model_of(recorded) == "queue-model"
    first = next(iter(recorded.values()))
    several = {**recorded, "x.json": changed(first, lambda request: request.update(model="another"))}
    with pytest.raises(SettingsError, match=r"another, queue-model.*--model"):
        model_of(several)


def test_the_digest_changes_with_keys_and_answers_and_not_with_order(recordings: Path) -> None:
    exchanges = list(load_recordings(recordings).values())
    digest = digest_of(exchanges)
    assert digest == digest_of([*reversed(exchanges), exchanges[0]])
    other = replace(exchanges[0], body=exchanges[1].body)
    assert digest != digest_of([other, *exchanges[1:]])
    assert digest != digest_of(exchanges[1:])


def test_characters_of_answers_are_those_of_content_and_arguments() -> None:
    message = {"content": "四个汉字", "tool_calls": [{"function": {"name": "f", "arguments": '{"a":1}'}}]}
    body = json.dumps({"choices": [{"message": message}]}).encode()
    exchange = Exchange(key="0" * 64, request={}, status=200, body=body)
    assert answer_chars([exchange, exchange]) == 2 * (4 + 7)


def test_unused_recordings_are_named_and_deleted(recordings: Path) -> None:
    recorded = load_recordings(recordings)
    names = list(recorded)
    assert unused(recorded, [recorded[name] for name in names[1:]]) == (names[0],)
    delete(recordings, [names[0]])
    assert list(load_recordings(recordings)) == names[1:]
    with pytest.raises(StoreError, match=names[0]):
        delete(recordings, [names[0]])


def test_committed_recordings_hold_no_secret() -> None:
    paths = [path for folder in (SEEDS, RECORDINGS_DIR) for path in folder.glob("*.json")]
    assert len(paths) >= 5
    assert [found for path in paths for found in secrets_in(path)] == []


@pytest.mark.parametrize(
    ("secret", "what"),
    [
        ("sk-proj-abcdefghijklmnop1234", "looks like a key"),
        ("Bearer abcdef123456", "bearer token"),
        ('"Authorization": "x"', "header"),
        ("/".join(["", "home", "somebody", "file.txt"]), "path of a machine"),
        ("C:\\Users\\somebody", "path of a machine"),
        ("https://api.example.com/v1", "host"),
        ("10.11.12.13", "host"),
    ],
)
def test_a_secret_in_an_answer_is_found_and_not_repeated(recordings: Path, secret: str, what: str) -> None:
    exchange = next(iter(load_recordings(recordings).values()))
    answer = json.dumps({**(exchange.answer or {}), "note": secret}).encode()
    path = Recordings(recordings).write(replace(exchange, body=answer))
    [found] = secrets_in(path)
    assert what in found
    assert path.name in found
    assert secret not in found


def test_loopback_and_hosts_that_the_article_names_are_no_secrets(recordings: Path) -> None:
    def name_host(request: Request) -> None:
        request["messages"][1]["content"] += "\n详见 https://news.example.com/a"

    exchange = changed(next(iter(load_recordings(recordings).values())), name_host)
    answer = json.dumps({**(exchange.answer or {}), "note": "http://127.0.0.1:80 https://news.example.com"}).encode()
    assert secrets_in(Recordings(recordings).write(replace(exchange, body=answer))) == []
