"""The response schemas: what providers and constrained decoders demand of them."""

import json
import sys
import types
from importlib.machinery import ModuleSpec
from itertools import combinations

import llguidance
import pytest
from llguidance import LLMatcher

from summarizer.proposals import PARTS, FactsProposal, Proposed, proposals_of, response_model

MODELS = [
    response_model(parts) for size in (1, 2, 3) for parts in combinations(PARTS, size)
]  # fmt: skip
MODELS.append(FactsProposal)


def objects_of(schema: dict) -> list[dict]:
    found = [schema] if schema.get("type") == "object" else []
    for value in schema.values():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, dict):
                found += objects_of(child)
    return found


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_object_requires_every_field_and_allows_no_other(model: type[Proposed]) -> None:
    objects = objects_of(model.model_json_schema())
    assert objects
    for schema in objects:
        assert schema["additionalProperties"] is False
        assert schema["required"] == list(schema["properties"])


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_keyword_is_used_that_strict_mode_refuses(model: type[Proposed]) -> None:
    # OpenAI's structured outputs refuse these; a $ref may not have neighbours.
    refused = {"default", "minLength", "maxLength", "pattern", "format", "oneOf", "allOf", "minItems", "maxItems"}
    text = json.dumps(model.model_json_schema())
    assert not {word for word in refused if f'"{word}"' in text}

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                assert set(node) == {"$ref"}
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(model.model_json_schema())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_llguidance_compiles_the_schema(model: type[Proposed]) -> None:
    grammar = LLMatcher.grammar_from_json_schema(model.model_json_schema())
    is_error, messages = LLMatcher.validate_grammar_with_warnings(grammar, _byte_tokenizer())
    assert not is_error, messages


def test_llguidance_says_no_to_a_schema_that_is_none() -> None:
    grammar = LLMatcher.grammar_from_json_schema({"type": "object", "properties": {"a": {"$ref": "#/$defs/missing"}}})
    is_error, _ = LLMatcher.validate_grammar_with_warnings(grammar, _byte_tokenizer())
    assert is_error


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_xgrammar_compiles_the_schema(model: type[Proposed]) -> None:
    grammar = _xgrammar().Grammar.from_json_schema(json.dumps(model.model_json_schema()))
    assert "root ::=" in str(grammar)


def test_xgrammar_says_no_to_a_schema_that_is_none() -> None:
    with pytest.raises(RuntimeError):
        _xgrammar().Grammar.from_json_schema(json.dumps({"type": "no such type"}))


def test_parts_not_asked_for_are_none_and_parts_not_found_are_empty() -> None:
    answer = response_model(("deals",)).model_validate_json('{"deals": []}')
    proposals = proposals_of(answer)
    assert proposals.deals == ()
    assert proposals.figures is None
    assert proposals.summary is None


def test_two_parts_are_asked_with_facts_before_the_summary() -> None:
    model = response_model(("summary", "figures"))
    assert list(model.model_fields) == ["figures", "points", "abstract", "headline"]
    answer = model.model_validate_json('{"figures": [], "points": [], "abstract": ["a"], "headline": "h"}')
    summary = proposals_of(answer).summary
    assert summary is not None
    assert summary.headline == "h"


def _byte_tokenizer() -> llguidance.LLTokenizer:
    return llguidance.LLTokenizer("byte")


def _xgrammar() -> types.ModuleType:
    """Import xgrammar without torch, whose gigabytes it needs for masks on tensors and not for compiling a schema.

    Its array library looks for torch by itself and does without; after that empty stand-ins are enough.
    """
    if "xgrammar" not in sys.modules:
        import tvm_ffi  # noqa: F401

        for name in ("torch", "transformers", "triton"):
            if name not in sys.modules:
                sys.modules[name] = _StandIn(name)
        try:
            import xgrammar
        finally:
            for name in ("torch", "transformers", "triton"):
                if isinstance(sys.modules[name], _StandIn):
                    del sys.modules[name]
        return xgrammar
    return sys.modules["xgrammar"]


class _StandIn(types.ModuleType):
    """A module in which every name is a class that takes anything and does nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__spec__ = ModuleSpec(name, None)

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__init__": lambda self, *_, **__: None})
