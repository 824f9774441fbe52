"""JSON Lines: broken, repeated, lying and hostile lines among whole ones."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.awkward.case import Case, Outcome, Read, Refused
from tests.awkward.texts import Numbered


def line_cases(canary: str) -> Iterator[Case]:
    text = Numbered(3000)
    yield _file("lines/plain.jsonl", [(_line(one := text()), Read(text=one)) for _ in range(3)], control=True)
    yield _file("lines/broken-in-the-middle.jsonl", _around(text, b'{"id": "x", "text": "cut'))
    yield _file("lines/last-is-torn.jsonl", [(_line(one := text()), Read(text=one)), (b'{"text": "', _FORMAT)], end=b"")
    hostile = {
        "list": b'["a", "b"]',
        "number": b"17",
        "word": b"nul",
        "no-text": b'{"id": "n1", "title": "x"}',
        "text-is-number": b'{"text": 5}',
        "text-is-list": b'{"text": ["a"]}',
        "nested": b"[" * 100_000,
        "nested-objects": b'{"a":' * 50_000,
        "long-number": b'{"text": ' + b"1" * 5000 + b"}",
        "two-objects": b'{"text": "a"} {"text": "b"}',
        "single-quotes": b"{'text': 'a'}",
        "trailing-comma": b'{"text": "a",}',
    }
    for name, line in hostile.items():
        yield _file(f"lines/{name}.jsonl", _around(text, line))
    for name, line in {"empty-text": b'{"text": ""}', "blank-text": b'{"text": " \\n"}'}.items():
        yield _file(f"lines/{name}.jsonl", _around(text, line, Refused(kind="empty")))
    yield _file("lines/lone-surrogate.jsonl", _around(text, b'{"text": "\\ud800"}', Refused(kind="encoding")))
    yield _file("lines/bad-bytes.jsonl", _around(text, b'{"text": "\xff\xfe\x80"}', Refused(kind="encoding")))
    yield from _ids(text)
    yield from _contents(text, canary)


_FORMAT = Refused(kind="format")


def _line(text: str, **fields: object) -> bytes:
    return json.dumps(fields | {"text": text}, ensure_ascii=False).encode()


def _around(text: Numbered, line: bytes, outcome: Outcome = _FORMAT) -> list[tuple[bytes, Outcome]]:
    """A line between two whole ones."""
    first, last = text(), text()
    return [(_line(first), Read(text=first)), (line, outcome), (_line(last), Read(text=last))]


def _file(
    name: str, lines: list[tuple[bytes, Outcome]], *, end: bytes = b"\n", control: bool = False, joint: bytes = b"\n"
) -> Case:
    content = joint.join(line for line, _ in lines) + end
    outcomes = {f":{number}": outcome for number, (_, outcome) in enumerate(lines, 1)}
    return Case(name=name, content=content, outcomes=outcomes, is_control=control)


def _ids(text: Numbered) -> Iterator[Case]:
    one, two = text(), text()
    same = _line(one, id="twice-1")
    skipped = Refused(kind="duplicate", is_skipped=True)
    yield _file("lines/same-article-twice.jsonl", [(same, Read(text=one)), (same, skipped)])
    other = _line(two, id="twice-2")
    taken = Refused(kind="duplicate_id")
    yield _file("lines/one-id-two-texts.jsonl", [(other, Read(text=two)), (_line(text(), id="twice-2"), taken)])
    ids = (
        "../../outside/secret",
        "/etc/passwd",
        "..",
        ".",
        "a/b\\c",
        "con",
        "x" * 5000,
        "\u202eid",
        "id\nnew",
        "=1+1",
        "'\"<b>",
    )
    pairs = [(_line(one := text(), id=name), Read(text=one)) for name in ids]
    yield _file("lines/hostile-ids.jsonl", pairs)
    yield _file("lines/number-as-id.jsonl", [(_line(one := text(), id=12345678901234567890), Read(text=one))])


def _contents(text: Numbered, canary: str) -> Iterator[Case]:
    one = text() + "行\u2028内\u2029分\x85隔\x0c符"
    yield _file("lines/separators-in-text.jsonl", [(_line(one), Read(text=one))])
    yield _file(
        "lines/windows.jsonl", [(_line(one := text()), Read(text=one)) for _ in range(2)], joint=b"\r\n", end=b"\r\n"
    )
    one = text()
    yield Case(
        name="lines/with-mark.jsonl", content=b"\xef\xbb\xbf" + _line(one) + b"\n", outcomes={":1": Read(text=one)}
    )
    refusal = Refused(kind="encoding", words="UTF-16")
    yield Case(name="lines/utf-16.jsonl", content=_line(text()).decode().encode("utf-16"), outcomes={"": refusal})
    one = text()
    escaped = json.dumps({"text": one}).encode()
    yield _file("lines/escaped.ndjson", [(escaped, Read(text=one))], control=True)
    one = text("simplified", "")
    markup = {"html": f"<p>{one}<img src='{canary}/m'></p>"}
    yield _file("lines/html.jsonl", [(json.dumps(markup).encode(), Read(text=one))])
    one = text()
    yield _file("lines/numbers.jsonl", [(_line(one, score=float("nan"), size=10**400), Read(text=one))])
    one = text()
    twice = b'{"text": "first", ' + _line(one)[1:]
    yield _file("lines/one-key-twice.jsonl", [(twice, Read(text=one))])
    one = text()
    yield _file(
        "lines/hostile-fields.jsonl", [(_line(one, title="=cmd()", date="99-99-99", source=["x"]), Read(text=one))]
    )
    one = text()
    blank = b"\n\n" + _line(one) + b"\n \n\t\n"
    yield Case(name="lines/blank-lines.jsonl", content=blank, outcomes={":3": Read(text=one)})
