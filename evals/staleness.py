"""Why a request has no recording: which template, schema or reading changed, and which recordings that made stale.

A recording holds the whole request: messages and response schema. Held against the request that is asked now, every
piece that differs has a source that a person can open: a line of a template, a field of a schema class, the article.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from summarizer.templates import MANIFEST, Prompts
from summarizer.wire.exchange import Exchange

Request = Mapping[str, Any]

_TAG: Final = re.compile(r"</?article-[0-9a-f]+>")
_BLOCK: Final = re.compile(r"\{%.*?%\}|\{#.*?#\}")
_SLOT: Final = re.compile(r"\{\{.*?\}\}")
# A template line with less text of its own than this fits too much to be recognised.
_LEAST_OWN_CHARS: Final = 4
# With fewer of its lines in common, a recording is of another article.
_SAME_ARTICLE: Final = 0.3
_NUMBERED: Final = re.compile(r"^\[\d+\] ")
_COMPARED_BY_PIECES: Final = frozenset({"messages", "tools", "tool_choice", "response_format"})
_ARTICLE: Final = "the article's text, or how it is read and split into sentences"
_FIRST_ANSWER: Final = "what is told of the first answer: that answer changed, or its verification"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between what is asked and what was recorded.

    `where` names the source of the text; `recorded` and `asked` are the line or value before and now, None where there
    is none. `cases` ask for it; `stale` are the recordings that can answer no request because of it, none where nothing
    like it was ever recorded. `is_own` says that it concerns single articles, not a template or schema.
    """

    where: str
    recorded: str | None = None
    asked: str | None = None
    cases: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    is_own: bool = False


def explain(
    missed: Mapping[str, Sequence[Request]], recorded: Mapping[str, Exchange], prompts: Prompts
) -> tuple[Change, ...]:
    """Return every change that left requests without a recording, each once, with its cases and stale recordings.

    Args:
        missed: the requests without a recording, by case.
        recorded: all recordings by file name.
        prompts: the templates that are asked with.
    """
    sources = _Sources(recorded=recorded, prompts=prompts)
    found: dict[tuple[str, str | None, str | None], Change] = {}
    for case, requests in missed.items():
        for change in (change for request in requests for change in sources.changes(request)):
            key = (change.where, change.recorded, change.asked)
            one = found.setdefault(key, change)
            cases = tuple(sorted({*one.cases, case}))
            found[key] = replace(one, cases=cases, stale=tuple(sorted({*one.stale, *change.stale})))
    return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _TemplateLine:
    """A line of a template: `pattern` fits it once it is rendered."""

    name: str
    file: str
    pattern: re.Pattern[str]

    def fits(self, line: str) -> bool:
        return self.pattern.fullmatch(line.strip()) is not None


@dataclass(frozen=True, kw_only=True)
class _Sources:
    """Finds where the pieces of a request come from."""

    recorded: Mapping[str, Exchange]
    prompts: Prompts

    @cached_property
    def template_lines(self) -> tuple[_TemplateLine, ...]:
        folder = self.prompts.folder
        files = [path for path in sorted(folder.iterdir()) if path.is_file() and path.name != MANIFEST]
        return tuple(line for path in files for line in _lines_of_template(path))

    @cached_property
    def recorded_lines(self) -> frozenset[str]:
        requests = [exchange.request for exchange in self.recorded.values()]
        return frozenset(
            line for request in requests for role in ("system", "user") for line in _message(request, role)
        )

    def changes(self, request: Request) -> Iterator[Change]:
        """Say in what a request differs from the recording that is nearest to it."""
        near = self._nearest(request)
        if near is None:
            is_known = any(_overlap(request, exchange.request) >= _SAME_ARTICLE for exchange in self.recorded.values())
            what = f"a request for {_schema_name(request)} about this article" if is_known else "this article"
            yield Change(where=what)
            return
        old = self.recorded[near].request
        found = [*self._field_changes(old, request), *self._schema_changes(old, request)]
        for role in ("system", "user"):
            found += self._message_changes(role, _message(old, role), _message(request, role))
        found = found or [Change(where="the order or number of the request's messages")]
        told: set[str] = set()
        for change in found:
            # Of what an article or a first answer brought with it, the first difference says enough.
            if not change.is_own or change.where not in told:
                told.add(change.where)
                yield replace(change, stale=tuple(sorted({near, *change.stale})))

    def _nearest(self, request: Request) -> str | None:
        """Return the recording of the same article and schema with most lines in common."""
        schema = _schema_name(request)
        scores = {
            name: _overlap(request, exchange.request)
            for name, exchange in self.recorded.items()
            if _schema_name(exchange.request) == schema
        }
        best = max(scores, key=lambda name: scores[name], default=None)
        return best if best is not None and scores[best] >= _SAME_ARTICLE else None

    def _field_changes(self, old: Request, new: Request) -> Iterator[Change]:
        for name in sorted((old.keys() | new.keys()) - _COMPARED_BY_PIECES):
            if old.get(name) != new.get(name):
                stale = [one for one, exchange in self.recorded.items() if exchange.request.get(name) != new.get(name)]
                shown = [_shown(request.get(name)) for request in (old, new)]
                yield Change(where=f"request field {name!r}", recorded=shown[0], asked=shown[1], stale=tuple(stale))

    def _schema_changes(self, old: Request, new: Request) -> list[Change]:
        """Name the fields of schema classes that differ: `schema ProposedFigure.amount description`."""
        root = _schema_name(new)
        found = []
        for path, before, after in _differences(_schema_of(old), _schema_of(new), ()):
            stale = [
                name
                for name, exchange in self.recorded.items()
                if _is_concerned(exchange.request, root, path)
                and _shown(_value_at(_schema_of(exchange.request), path)) != after
            ]
            where = f"schema {_field_name(path, root)}"
            found.append(Change(where=where, recorded=before, asked=after, stale=tuple(stale)))
        # A field that came or went changes the list of required ones too, which says nothing more.
        return [change for change in found if not change.where.endswith(" required")] or found

    def _message_changes(self, role: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
        inside = _article_lines(new)
        for tag, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            anchor = new[start - 1] if start else ""
            for offset in range(0 if tag == "equal" else max(last - first, end - start)):
                before = old[first + offset] if first + offset < last else None
                after = new[start + offset] if start + offset < end else None
                at = start + offset if after is not None else end
                if not (before or after or "").strip():
                    continue
                if at in inside and (after is not None or at - 1 in inside):
                    yield Change(where=_ARTICLE, is_own=True)
                    continue
                where, is_own = self._where(role, before, after, anchor)
                change = Change(where=where, recorded=before, asked=after, is_own=is_own)
                yield change if is_own else replace(change, stale=self._stale_by_line(change, role, anchor))

    def _where(self, role: str, before: str | None, after: str | None, anchor: str) -> tuple[str, bool]:
        """Name the source of a changed line of a message, and whether it concerns this one article alone."""
        line = self._line_that_fits(after if after is not None else before)
        if line is not None:
            is_filled = after is None or any(line.fits(one) for one in self.recorded_lines)
            return (f"what is filled into {line.name}", True) if is_filled else (line.name, False)
        near = self._line_that_fits(anchor)
        if after is None and near is not None:
            return f"{near.file}, a line taken out after {near.name.removeprefix(near.file).strip()}", False
        return (_FIRST_ANSWER, True) if role == "user" else (f"the {role} message", False)

    def _line_that_fits(self, text: str | None) -> _TemplateLine | None:
        return next((line for line in self.template_lines if text is not None and line.fits(text)), None)

    def _stale_by_line(self, change: Change, role: str, anchor: str) -> tuple[str, ...]:
        """Return the recordings that hold a line as it was, or the line before a new one without that."""
        held, lacking = (change.recorded, None) if change.recorded is not None else (anchor, change.asked)
        messages = {name: _message(exchange.request, role) for name, exchange in self.recorded.items()}
        return tuple(name for name, lines in messages.items() if held in lines and lacking not in lines)


def _lines_of_template(path: Path) -> Iterator[_TemplateLine]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        pieces = _SLOT.split(_BLOCK.sub("", line))
        if len("".join(pieces).strip()) >= _LEAST_OWN_CHARS:
            pattern = re.compile(".*".join(map(re.escape, pieces)).strip(), re.DOTALL)
            file = f"{path.parent.name}/{path.name}"
            yield _TemplateLine(name=f"{file} line {number}", file=file, pattern=pattern)


def _message(request: Request, role: str) -> list[str]:
    texts = [str(message.get("content")) for message in request.get("messages", ()) if message.get("role") == role]
    return "\n".join(texts).split("\n")


def _article_lines(lines: Sequence[str]) -> range:
    """Return where the article stands in a message, its tags included."""
    tags = [number for number, line in enumerate(lines) if _TAG.search(line)]
    return range(tags[0], tags[-1] + 1) if tags else range(0)


def _overlap(request: Request, other: Request) -> float:
    """Return the share of the lines of two user messages that they have in common."""
    one, two = ({_NUMBERED.sub("", line) for line in _message(some, "user")} for some in (request, other))
    return len(one & two) / max(len(one | two), 1)


def _schema_name(request: Request) -> str:
    tools = request.get("tools")
    if tools:
        return str(tools[0]["function"]["name"])
    return str(request.get("response_format", {}).get("json_schema", {}).get("name", "an answer"))


def _schema_of(request: Request) -> Any:
    tools = request.get("tools")
    if tools:
        return tools[0]["function"].get("parameters")
    return request.get("response_format", {}).get("json_schema", {}).get("schema")


def _differences(old: Any, new: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str | None, str | None]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in sorted(old.keys() | new.keys()):
            yield from _differences(old.get(name), new.get(name), (*path, name))
    elif old != new:
        yield path, _shown(old), _shown(new)


def _field_name(path: Sequence[str], root: str) -> str:
    """Return `Class.field detail` for a path in a JSON schema."""
    owner, rest = (path[1], path[2:]) if path[:1] == ("$defs",) and len(path) > 1 else (root, path)
    if len(rest) > 1 and rest[0] == "properties":
        owner, rest = f"{owner}.{rest[1]}", rest[2:]
    return " ".join((owner, *rest))


def _is_concerned(request: Request, root: str, path: Sequence[str]) -> bool:
    """Return whether a recording's schema has the class that the path leads into."""
    shared = path[:2] if path[:1] == ("$defs",) else ()
    return _schema_name(request) == root or bool(shared and _value_at(_schema_of(request), shared))


def _value_at(schema: Any, path: Sequence[str]) -> Any:
    for name in path:
        schema = schema.get(name) if isinstance(schema, Mapping) else None
    return schema


def _shown(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
