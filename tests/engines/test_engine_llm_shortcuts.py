"""What the engine does in place of the client and of instructor, to spare time: the results must be theirs."""

import asyncio
import json
from typing import Any

import httpx2
import openai
import pytest
from instructor import Mode, Provider
from instructor.v2.core.registry import mode_registry
from instructor.v2.core.response import handle_response_model
from openai.types.chat import ChatCompletion

from summarizer.articles import Article
from summarizer.engines import Ask
from summarizer.engines.asking import LlmEngine
from summarizer.errors import InvalidAnswerError
from summarizer.proposals import SummaryProposal
from summarizer.settings import Settings
from summarizer.wire.transport import build_transport

ANSWER = {"points": [{"text": "要点", "s": [1]}], "abstract": ["摘要"], "headline": "标题😀"}
MODES = {"tools": Mode.TOOLS, "json_schema": Mode.JSON_SCHEMA, "json": Mode.JSON}


def call(name: str = "SummaryProposal", arguments: Any = None) -> dict[str, Any]:
    text = json.dumps(ANSWER, ensure_ascii=True) if arguments is None else arguments
    return {"id": "1", "type": "function", "function": {"name": name, "arguments": text}}


def message(content: Any = None, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content, **more}


JSON = json.dumps(ANSWER)
MESSAGES: dict[str, dict[str, Any]] = {
    "as asked, by tool": message(tool_calls=[call()]),
    "as asked, as text": message(JSON),
    "another tool": message(tool_calls=[call("Other")]),
    "two tools": message(tool_calls=[call(), call(arguments='{"headline": 1}')]),
    "two tools, the first wrong": message(tool_calls=[call(arguments="{}"), call()]),
    "no tools": message(tool_calls=[]),
    "tools that are none": message(tool_calls="none"),
    "a tool without a function": message(tool_calls=[{"id": "1", "type": "function"}]),
    "a tool that is text": message(tool_calls=["SummaryProposal"]),
    "arguments as an object": message(tool_calls=[call(arguments=ANSWER)]),
    "arguments as a list": message(tool_calls=[call(arguments=[ANSWER])]),
    "arguments that are null": message(
        tool_calls=[call() | {"function": {"name": "SummaryProposal", "arguments": None}}]
    ),
    "an empty refusal": message(JSON, refusal="", tool_calls=[call()]),
    "the old function call": message(function_call={"name": "SummaryProposal", "arguments": JSON}),
    "both calls": message(tool_calls=[call()], function_call={"name": "x", "arguments": "{}"}),
    "prose round JSON": message(f"Here it is: {JSON}", tool_calls=[call(arguments=f"Sure! {JSON}")]),
    "a fence": message(f"```json\n{JSON}\n```", tool_calls=[call(arguments=f"```json\n{JSON}\n```")]),
    "no text": message(None),
    "empty text": message("", tool_calls=[call(arguments="")]),
    "text in parts": message([{"type": "text", "text": JSON}]),
    "a field too many": message(JSON[:-1] + ',"x":1}', tool_calls=[call(arguments=JSON[:-1] + ',"x":1}')]),
    "a wrong type": message('{"points": 3}', tool_calls=[call(arguments='{"points": 3}')]),
    "NaN": message("NaN", tool_calls=[call(arguments="NaN")]),
    "half a character pair": message('{"headline": "\\ud83d"}', tool_calls=[call(arguments='{"headline": "\\ud83d"}')]),
    "cut": message(JSON[:-9], tool_calls=[call(arguments=JSON[:-9])]),
}


def completion(one: dict[str, Any]) -> dict[str, Any]:
    choice = {"index": 0, "finish_reason": "stop", "message": one}
    return {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}


def read_by_us(mode: str, payload: dict[str, Any]) -> Any:
    async def go() -> Any:
        def transport(_: httpx2.Request) -> httpx2.Response:
            return httpx2.Response(200, json=payload)

        settings = Settings(base_url="http://127.0.0.1:9/v1", output_mode=mode)
        wire = build_transport(network=httpx2.MockTransport(transport))
        engine = LlmEngine(settings, wire)
        try:
            return (
                await engine.propose(Article.from_text("甲公司与乙公司签约。", id="a"), Ask(parts=("summary",)))
            ).proposals
        except InvalidAnswerError as error:
            return str(error).partition("last: ")[2]
        finally:
            await engine.aclose()

    return asyncio.run(go())


def read_by_instructor(mode: str, payload: dict[str, Any]) -> Any:
    """Return what instructor makes of it, or the name of what it raises."""
    handlers = mode_registry.get_handlers(Provider.OPENAI, MODES[mode])
    try:
        return handlers.response_parser(
            response=ChatCompletion.construct(**payload),
            response_model=SummaryProposal,
            validation_context=None,
            strict=None,
        )
    except Exception as error:
        return error


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", [kind for kind in MESSAGES if not kind.startswith("two tools")])
def test_an_answer_is_read_as_instructor_reads_it(mode: str, kind: str) -> None:
    payload = completion(MESSAGES[kind])
    ours, theirs = read_by_us(mode, payload), read_by_instructor(mode, payload)
    if isinstance(theirs, Exception):
        assert isinstance(ours, str)
        if hasattr(theirs, "errors"):
            first = theirs.errors(include_url=False)[0]
            assert ours.endswith(first["msg"])
        else:
            assert ours == "the answer is not the one JSON object asked for"
    else:
        assert ours.summary == theirs


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["two tools", "two tools, the first wrong"])
def test_of_several_answers_none_is_taken(mode: str, kind: str) -> None:
    # instructor takes the first and drops what the others say.
    assert read_by_us(mode, completion(MESSAGES[kind])) == "several answers were given where one was asked for"


@pytest.mark.parametrize("settings", [{}, {"temperature": "none"}, {"max_output_tokens": 900, "temperature": 0.5}])
@pytest.mark.parametrize("mode", MODES)
def test_a_request_is_to_the_byte_what_the_client_would_send(mode: str, settings: dict[str, Any]) -> None:
    sent: list[httpx2.Request] = []

    def provider(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(
            200, json=completion(MESSAGES["as asked, by tool" if mode == "tools" else "as asked, as text"])
        )

    async def go() -> None:
        chosen = Settings(base_url="http://127.0.0.1:9/v1", output_mode=mode, **settings)
        engine = LlmEngine(chosen, build_transport(network=httpx2.MockTransport(provider)))
        await engine.propose(Article.from_text("“甲” & <乙>\u2028\x7f公司签约。😀", id="a"), Ask(parts=("summary",)))
        await engine.aclose()
        body = json.loads(sent[0].content)
        system, user = body["messages"]
        extra = {"strict": True} if mode == "tools" else {}
        first = {"role": "system", "content": system["content"]}
        _, arguments = handle_response_model(
            SummaryProposal, mode=MODES[mode], provider=Provider.OPENAI, messages=[first], **extra
        )
        if mode == "json_schema":
            arguments["response_format"]["json_schema"]["strict"] = True
        arguments["messages"] = [first, user]
        for name in ("temperature", "max_completion_tokens"):
            if name in body:
                arguments[name] = body[name]
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(provider))
        async with openai.AsyncOpenAI(api_key="no-key", base_url=chosen.base_url, http_client=http) as client:
            await client.chat.completions.create(model=chosen.model, **arguments)

    asyncio.run(go())
    ours, theirs = sent
    assert ours.content == theirs.content
    assert ours.url == theirs.url
    assert ours.headers["content-type"] == theirs.headers["content-type"]


def test_an_administrators_key_in_the_environment_is_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "admin-of-all")
    sent: list[httpx2.Request] = []

    def provider(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(200, json=completion(MESSAGES["as asked, by tool"]))

    async def go() -> None:
        settings = Settings(base_url="http://127.0.0.1:9/v1", api_key="our-own")
        engine = LlmEngine(settings, build_transport(network=httpx2.MockTransport(provider)))
        await engine.propose(Article.from_text("甲公司与乙公司签约。", id="a"), Ask(parts=("summary",)))
        await engine.aclose()

    asyncio.run(go())
    assert sent[0].headers["authorization"] == "Bearer our-own"
    assert "admin-of-all" not in str(sent[0].headers)
