"""The model client: the only file that imports openai and instructor.

instructor shapes the request for the chosen structured-output mode and parses the answer; the openai client sends it
through the wire's transport, which stores, replays and retries. Judging an answer, asking again and counting are ours,
because those two multiply attempts, overlook refusals and overwrite usage figures when left to themselves.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

import httpx2
import openai
from instructor import Mode, Provider
from instructor.v2.core.errors import InstructorError
from instructor.v2.core.registry import mode_registry
from instructor.v2.core.response import handle_response_model
from openai.types.chat import ChatCompletion
from pydantic import ValidationError

from summarizer.engines.prompting import Message
from summarizer.engines.session import Session
from summarizer.errors import (
    AnswerError,
    FilteredError,
    InvalidAnswerError,
    NoChoicesError,
    RefusedError,
    ServerError,
    SummarizerError,
    TruncatedError,
)
from summarizer.proposals import Proposed
from summarizer.settings import NO_KEY, OutputMode, Settings
from summarizer.templates import Prompts
from summarizer.wire.transport import bypass_store, collect_replies

# Paid answers to one article at most: the first, and re-asks or a follow-up.
MAX_ANSWERS = 3
# Answers beyond this are not parsed: no honest one comes near it.
MAX_ANSWER_CHARS = 200_000
_MODES: dict[OutputMode, Mode] = {"tools": Mode.TOOLS, "json_schema": Mode.JSON_SCHEMA, "json": Mode.JSON}
# Reasoning models refuse a temperature; sent to them it would cost each run its first request.
_NO_TEMPERATURE = ("o1", "o3", "o4", "gpt-5", "gpt-6")

_PATH: Final = "/chat/completions"
# Left to itself the client would send an administrator's key that it finds in the environment in place of ours.
_OUR_KEY_ALONE: Final[Any] = {"security": {"bearer_auth": True}}

# instructor logs invalid answers, article text included, at ERROR.
logging.getLogger("instructor").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The part of a request that is the same for every article: schema, mode, first message.

    `before` and `after` are the request's body on both sides of the messages that differ. `tool` is the name under which
    the answer comes back, None where it is the message's text.
    """

    before: bytes
    after: bytes
    model: type[Proposed]
    tool: str | None

    def body(self, messages: Sequence[Message]) -> bytes:
        """Return the whole request: the bytes that the client itself would make of it."""
        return self.before + b"".join(b"," + _json(message.as_dict()) for message in messages) + self.after


class ModelClient:
    """Asks a model behind any OpenAI-compatible address. One instance a run and event loop; close it after use."""

    def __init__(self, settings: Settings, transport: httpx2.AsyncBaseTransport, prompts: Prompts) -> None:
        self._settings = settings
        self._prompts = prompts
        self._mode = _MODES[settings.output_mode]
        self._handlers = mode_registry.get_handlers(Provider.OPENAI, self._mode)
        self._frames: dict[tuple[type[Proposed], str], _Frame] = {}
        key = settings.api_key.get_secret_value() if settings.api_key else NO_KEY
        # The wire does retries and deadlines; redirects would carry the key to another host.
        self._http = httpx2.AsyncClient(transport=transport, follow_redirects=False, timeout=None, trust_env=False)
        self._client = openai.AsyncOpenAI(
            api_key=key, base_url=settings.base_url, max_retries=0, http_client=self._http, timeout=None
        )

    async def aclose(self) -> None:
        """Close the client and, with it, the transport."""
        await self._client.close()

    async def answer(
        self,
        system: Message,
        message: Message,
        response: type[Proposed],
        session: Session,
        *,
        answers: int = MAX_ANSWERS,
    ) -> Proposed:
        """Return a valid answer; an invalid one is asked for again, with the fields that were wrong.

        `answers` limits how many are paid in all, empty ones included.
        """
        frame = self._frame(system, response)
        problems: tuple[str, ...] = ()
        before = len(session.replies)
        for attempt in range(answers):
            messages = [message]
            if problems:
                reask = self._prompts["reask"].render({"problems": problems, "count": attempt})
                messages = [Message("user", f"{message.content}\n\n{reask}")]
            try:
                return self._parse(frame, await self._exchange(frame, messages, session, most=before + answers))
            except _UnfitAnswerError as error:
                problems = error.problems
                if len(session.replies) - before >= answers:
                    raise InvalidAnswerError(
                        f"the model's answer did not fit the schema {attempt + 1} times; last: {problems[0]}"
                    ) from error
        raise AssertionError("unreachable")

    def _frame(self, system: Message, response: type[Proposed]) -> _Frame:
        """Prepare once a run what every request of this kind shares; schema and tool text are costly to make."""
        key = (response, system.content)
        if key not in self._frames:
            extra = {"strict": True} if self._mode is Mode.TOOLS else {}
            model, arguments = handle_response_model(
                response, mode=self._mode, provider=Provider.OPENAI, messages=[system.as_dict()], **extra
            )
            messages = arguments.pop("messages")
            if self._mode is Mode.JSON_SCHEMA:
                arguments["response_format"]["json_schema"]["strict"] = True
            arguments |= self._sampling()
            tool = arguments["tool_choice"]["function"]["name"] if self._mode is Mode.TOOLS else None
            # In the order in which the client writes its arguments.
            rest = {"model": self._settings.model, **{name: arguments[name] for name in sorted(arguments)}}
            self._frames[key] = _Frame(
                before=b'{"messages":' + _json(messages).removesuffix(b"]"),
                after=b"]," + _json(rest).removeprefix(b"{"),
                model=cast(type[Proposed], model),
                tool=tool,
            )
        return self._frames[key]

    def _sampling(self) -> dict[str, Any]:
        settings, sampling = self._settings, {}
        if settings.temperature is not None and not settings.model.startswith(_NO_TEMPERATURE):
            sampling["temperature"] = settings.temperature
        if settings.max_output_tokens is not None:
            sampling["max_completion_tokens"] = settings.max_output_tokens
        return sampling

    async def _exchange(
        self, frame: _Frame, messages: Sequence[Message], session: Session, *, most: int
    ) -> dict[str, Any]:
        """Send one request and judge the raw answer; without a choice it is sent once more, past the store.

        Not where the session has `most` replies by then.
        """
        body = frame.body(messages)
        try:
            return await self._send(body, session)
        except NoChoicesError:
            if len(session.replies) >= most:
                raise
            with bypass_store():
                return await self._send(body, session)

    async def _send(self, body: bytes, session: Session) -> dict[str, Any]:
        with _errors_of_the_wire(), collect_replies() as replies:
            try:
                # The client's own way of sending, without its types: making 20 objects of what is read once as JSON
                # took more time than all that is done with it afterwards.
                await self._client.post(_PATH, content=body, cast_to=httpx2.Response, options=_OUR_KEY_ALONE)
            finally:
                session.take(replies)
        answer = replies[-1].exchange.answer or {}
        judge(answer)
        return answer

    def _parse(self, frame: _Frame, answer: Mapping[str, Any]) -> Proposed:
        text = plain_answer(answer, frame.tool)
        calls = answer["choices"][0]["message"].get("tool_calls")
        if text is None and isinstance(calls, list) and len(calls) > 1:
            # instructor would take the first and drop what the others say.
            raise _UnfitAnswerError(("several answers were given where one was asked for",))
        try:
            if text is not None:
                return frame.model.model_validate_json(text)
            # Anything unusual is instructor's to read, from the client's own types.
            parsed = self._handlers.response_parser(
                response=ChatCompletion.construct(**answer),
                response_model=frame.model,
                validation_context=None,
                strict=None,
            )
        except ValidationError as error:
            raise _UnfitAnswerError(_problems(error)) from error
        except (InstructorError, ValueError, AssertionError, TypeError, AttributeError) as error:
            # instructor's parsers fail in their own ways on prose, a wrong tool or several tools.
            raise _UnfitAnswerError(("the answer is not the one JSON object asked for",)) from error
        return parsed


class _UnfitAnswerError(AnswerError):
    """An answer that does not fit the schema; `problems` name fields, never article text."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems[0])
        self.problems = problems


def plain_answer(answer: Mapping[str, Any], tool: str | None) -> str | None:
    """Return the JSON text of an answer in the one form that was asked for, None for an answer in any other.

    Args:
        answer: what `judge` let pass.
        tool: the tool that was to be called; None where the text of the message was to be the answer.
    """
    message = answer["choices"][0]["message"]
    if tool is None:
        text = message.get("content")
        return text if isinstance(text, str) else None
    calls = message.get("tool_calls")
    if message.get("refusal") is not None or message.get("function_call") is not None:
        return None
    if not isinstance(calls, list) or len(calls) != 1 or not isinstance(calls[0], dict):
        return None
    call = calls[0].get("function")
    if not isinstance(call, dict) or call.get("name") != tool:
        return None
    arguments = call.get("arguments")
    return arguments if isinstance(arguments, str) else None


def judge(payload: dict[str, Any]) -> None:
    """Look at a raw answer before anything parses it.

    Raises:
        NoChoicesError: no choice, or none with a message.
        FilteredError: the provider's filter cut in, also where the JSON looks complete.
        TruncatedError: cut at the output limit.
        RefusedError: the model refused.
    """
    choices = payload.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise NoChoicesError("the provider's answer holds no message; run again, or try another model")
    finish = choice.get("finish_reason")
    if finish == "content_filter":
        raise FilteredError("the provider's content filter stopped the answer; another provider or model may not")
    if message.get("refusal"):
        raise RefusedError("the model refused to answer; another model may not")
    if finish == "length":
        raise TruncatedError(
            "the answer was cut at the model's output limit; raise --max-output-tokens or split the article"
        )
    texts = [message.get("content")]
    texts += [
        (call.get("function") or {}).get("arguments")
        for call in message.get("tool_calls") or []
        if isinstance(call, dict)
    ]
    if sum(len(text) for text in texts if isinstance(text, str)) > MAX_ANSWER_CHARS:
        raise InvalidAnswerError(f"the answer is longer than {MAX_ANSWER_CHARS} characters; it was not parsed")


@contextmanager
def _errors_of_the_wire() -> Iterator[None]:
    """Let the wire's own errors out of the client's wrapping."""
    try:
        yield
    except openai.OpenAIError as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, SummarizerError):
            cause = cause.__cause__
        if cause is not None:
            raise cause from error
        raise ServerError(f"the model client failed: {type(error).__name__}: {error}") from error


def _json(value: Any) -> bytes:
    """Write JSON as the client does."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _problems(error: ValidationError) -> tuple[str, ...]:
    """Name at most ten wrong fields, without the values, which are the model's or the article's text."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return tuple(
        f"{'.'.join(str(part) for part in problem['loc']) or 'the answer'}: {problem['msg']}" for problem in found[:10]
    )
