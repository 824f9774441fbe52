"""The yardstick: the instructor loop that one writes first, over the same corrupted answers.

It asks for values instead of words, as the tutorials do: a response model with name, value, unit, and one retry where
pydantic refuses the answer. What pydantic accepts it believes. The corrupted answers are told to it in its own form
(the amount that a bad model copies, read into the value that the same model would have written) by instructor itself
over a transport without network.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import Any, Final

import httpx2
import instructor
import openai
from instructor.v2.core.errors import InstructorError
from pydantic import BaseModel

from evals.corruption.answers import Answer
from evals.corruption.plants import Plant
from summarizer.quantities import scan
from summarizer.records import Quantity

_RETRIES: Final = 2


class PlainFigure(BaseModel):
    """A figure as a plain script asks for it."""

    name: str
    entity: str
    value: str
    unit: str | None
    qualifier: str
    period: str
    status: str
    quote: str


class PlainTerm(BaseModel):
    """A term as a plain script asks for it."""

    kind: str
    text: str
    obligor: str
    beneficiary: str


class PlainDeal(BaseModel):
    """A deal as a plain script asks for it."""

    name: str
    type: str
    status: str
    parties: list[str]
    signed_on: str
    effective_on: str
    amount: str
    quote: str
    terms: list[PlainTerm]


class PlainAnswer(BaseModel):
    """Everything at once."""

    @classmethod
    @cache
    def model_json_schema(  # type: ignore[override]
        cls, *args: Any, **more: Any
    ) -> dict[str, Any]:
        """Return pydantic's schema, made once: instructor asks for it with every request."""
        return super().model_json_schema(*args, **more)

    headline: str
    abstract: str
    key_points: list[str]
    key_figures: list[PlainFigure]
    deals: list[PlainDeal]


class PlainLoop:
    """One loop for many plants."""

    def __init__(self) -> None:
        self._answers: list[tuple[str, bool]] = []
        http = httpx2.Client(transport=httpx2.MockTransport(self._reply))
        self._openai = openai.OpenAI(
            api_key="no-key", base_url="http://127.0.0.1:9/v1", max_retries=0, http_client=http
        )
        self._client = instructor.from_openai(self._openai, mode=instructor.Mode.TOOLS)

    def passes(self, sound: Answer, plant: Plant) -> bool:
        """Return whether the loop hands the mistake on: it takes an answer that is not the sound one."""
        change, expected = plant.change, _told_plainly(sound)
        text = json.dumps(_told_plainly(plant.answer), ensure_ascii=False)
        text = change.spoil(text) if change.spoil else text
        self._answers = [(text, change.is_cut)] + [(json.dumps(expected, ensure_ascii=False), False)] * _RETRIES
        try:
            found = self._client.chat.completions.create(
                model="plain",
                messages=[{"role": "user", "content": "Summarize the article."}],
                response_model=PlainAnswer,
                max_retries=_RETRIES,
            )
        except InstructorError:
            return False
        return found.model_dump() != expected

    def close(self) -> None:
        """Close the client."""
        self._openai.close()

    def _reply(self, _: httpx2.Request) -> httpx2.Response:
        text, is_cut = self._answers.pop(0)
        call = {"id": "1", "type": "function", "function": {"name": PlainAnswer.__name__, "arguments": text}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
        choice = {"index": 0, "finish_reason": "length" if is_cut else "tool_calls", "message": message}
        body = {"id": "1", "object": "chat.completion", "created": 0, "model": "plain", "choices": [choice]}
        return httpx2.Response(200, json=body)


def _told_plainly(answer: Answer) -> dict[str, Any]:
    return {
        "headline": answer["headline"],
        "abstract": " ".join(answer["abstract"]),
        "key_points": [point["text"] for point in answer["points"]],
        "key_figures": [_figure(figure) for figure in answer["figures"]],
        "deals": [_deal(deal) for deal in answer["deals"]],
    }


def _figure(figure: dict[str, Any]) -> dict[str, Any]:
    read = _read(figure["amount"])
    return {
        "name": figure["name"],
        "entity": figure["of"],
        "value": read.value if read else figure["amount"],
        "unit": read.unit if read else None,
        "qualifier": read.qualifier if read else "exact",
        "period": figure["when"],
        "status": figure["status"],
        "quote": figure["amount"],
    }


@lru_cache(maxsize=4096)
def _read(amount: str) -> Quantity | None:
    return next((one for one in scan(amount) if one.value is not None), None)


def _deal(deal: dict[str, Any]) -> dict[str, Any]:
    copied = {name: deal[name] for name in ("name", "type", "status", "amount")}
    terms = [
        {"kind": term["kind"], "text": term["words"], "obligor": term["by"], "beneficiary": term["to"]}
        for term in deal["terms"]
    ]
    return copied | {
        "parties": [f"{party['name']} ({party['role']})" for party in deal["parties"]],
        "signed_on": deal["signed"],
        "effective_on": deal["effective"],
        "quote": deal["words"],
        "terms": terms,
    }
