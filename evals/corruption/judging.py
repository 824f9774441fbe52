"""What became of a planted mistake in the record, and of everything beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evals.corruption.answers import SUMMARY, Answer
from evals.corruption.plants import Plant, is_amount
from summarizer.quantities import scan
from summarizer.records import ArticleRecord, Deal, Evidence, KeyFigure, Quantity, Summary, Term, Verdict

# verified: the mistake stands in the record as verified. marked: it does not, and the record shows that something is
# wrong: an item in review or rejected, or an amount that nobody claims. mended: the right item stands verified, after the
# program asked again. harmless: the right item stands verified at once. lost: the item is gone and nothing says so.
State = Literal["verified", "marked", "mended", "harmless", "lost"]
_PROOF = frozenset({"evidence", "verdict", "reasons", "terms"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One item of a record, apart from its proof: `content` is all it says, `spans` where the article says it."""

    part: str
    content: str
    shown: str
    spans: tuple[tuple[int, int], ...]
    verdict: Verdict
    reasons: tuple[str, ...]

    def overlaps(self, other: Statement) -> bool:
        """Return whether both are proved from the same place."""
        return any(low < end and start < high for low, high in self.spans for start, end in other.spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a record makes of a plant: its state, what the record shows of it, and the untouched items that suffered."""

    state: State
    says: str
    untouched_lost: tuple[str, ...]


def statements_of(record: ArticleRecord) -> list[Statement]:
    """Return all items of a record; a failed one has none."""
    found = [_statement("figure", figure, figure.amount) for figure in record.key_figures or ()]
    for deal in record.deals or ():
        found.append(_statement("deal", deal, deal.name))
        found += [_statement("term", term, term.text, deal=deal.name) for term in deal.terms]
    if record.summary is not None:
        found.append(_statement("summary", record.summary, SUMMARY))
    return found


def _statement(part: str, item: KeyFigure | Deal | Term | Summary, shown: str, **more: str) -> Statement:
    says = item.model_dump(exclude=set(_PROOF))
    if says.get("consideration"):
        del says["consideration"]["evidence"]
    if isinstance(item, Summary):
        evidence: Iterable[Evidence] = ()
        says["key_points"] = [point["text"] for point in says["key_points"]]
    else:
        evidence = item.evidence
    return Statement(
        part=part,
        content=json.dumps({"part": part, **more, **says}, ensure_ascii=False, sort_keys=True),
        shown=f"{getattr(item, 'name', part)}: {shown}" if part == "figure" else shown,
        spans=tuple((one.start, one.end) for one in evidence),
        verdict=item.verdict,
        reasons=item.reasons,
    )


def items_in(answer: Answer, record: ArticleRecord) -> dict[str, Statement]:
    """Return the record's statement for each item of the answer that it was made from, by the item's id.

    The record keeps the answer's order and lists what it refused; what is left belongs together one by one. Items of a
    refused deal have none.

    Raises:
        ValueError: record and answer do not belong together.
    """
    refused = [json.dumps(one.item, sort_keys=True) for one in record.audit.rejected] if record.audit else []
    found: dict[str, Statement] = {}
    figures = _admitted(answer["figures"], {"part": "figures"}, refused)
    for index, figure in zip(figures, record.key_figures or (), strict=True):
        found[f"figures.{index}"] = _statement("figure", figure, figure.amount)
    deals = [
        index
        for index, deal in enumerate(answer["deals"])
        if not _take(refused, {"part": "deals", "deal": deal["name"], **deal})
    ]
    for index, deal in zip(deals, record.deals or (), strict=True):
        found[f"deals.{index}"] = _statement("deal", deal, deal.name)
        terms = _admitted(answer["deals"][index]["terms"], {"part": "terms", "deal": deal.name}, refused)
        for number, term in zip(terms, deal.terms, strict=True):
            found[f"deals.{index}.terms.{number}"] = _statement("term", term, term.text, deal=deal.name)
    if record.summary is not None:
        found[SUMMARY] = _statement("summary", record.summary, SUMMARY)
    return found


def _admitted(items: Sequence[Mapping[str, Any]], more: Mapping[str, str], refused: list[str]) -> list[int]:
    # Of two proposals that are the same the later one is refused, as a repetition.
    backwards = reversed(range(len(items)))
    return sorted(index for index in backwards if not _take(refused, {**more, **items[index]}))


def _take(refused: list[str], item: Mapping[str, Any]) -> bool:
    """Strike an item off the refused ones, if it is among them."""
    wanted = json.dumps(item, sort_keys=True)
    if wanted not in refused:
        return False
    refused.remove(wanted)
    return True


def judge(
    plant: Plant, record: ArticleRecord, sound: ArticleRecord, items: Mapping[str, Statement], known: set[str]
) -> Judgement:
    """Return what became of a plant.

    Args:
        plant: what was planted.
        record: what the program made of the corrupted answer.
        sound: what it makes of the sound answer in the same way of running.
        items: the sound record's statements by the answer's items.
        known: contents of all statements that the sound answers lead to; anything else is not so.
    """
    found = statements_of(record)
    touched = [items[item] for item in sorted(plant.change.touched) if item in items]
    verified = [one for one in found if one.verdict == "verified"]
    kept = {one.content for one in verified} | {one.content for one in touched}
    lost = tuple(
        f"{one.part} {one.shown}: {_fate(one, found)}"
        for one in statements_of(sound)
        if one.verdict == "verified" and one.content not in kept
    )
    false = [one for one in verified if _is_false(one, plant, touched, known)]
    is_restored = all(any(_is_same(one, own) for one in verified) for own in touched)
    if false:
        return Judgement(state="verified", says=false[0].shown, untouched_lost=lost)
    if is_restored and (touched or (plant.change.spoil and record.error is None)):
        return Judgement(state="harmless", says="", untouched_lost=lost)
    marks = _marks(record, sound, touched, known)
    return Judgement(state="marked" if marks else "lost", says=", ".join(marks), untouched_lost=lost)


def _is_false(one: Statement, plant: Plant, touched: list[Statement], known: set[str]) -> bool:
    if one.content in known:
        return plant.change.needs_place and any(one.content == own.content and not one.overlaps(own) for own in touched)
    if one.part == SUMMARY and plant.change.now and plant.change.now not in _prose(one):
        # The sentence did not fit into the abstract's limit, so that nobody reads it.
        return False
    return not any(_is_same(one, own) for own in touched)


def _prose(summary: Statement) -> str:
    says = json.loads(summary.content)
    return "\n".join([says["headline"], says["abstract"], *says["key_points"]])


def _is_same(one: Statement, other: Statement) -> bool:
    """Return whether two statements say the same.

    A term shows the article's own clause; cut out of the same place a little longer or shorter it is the same term, as
    long as it keeps its amounts and their qualifiers.
    """
    if one.content == other.content:
        return True
    if one.part != "term" or other.part != "term" or not one.overlaps(other):
        return False
    first, second = json.loads(one.content), json.loads(other.content)
    return bool(_amounts(second.pop("text")) <= _amounts(first.pop("text")) and first == second)


def _amounts(text: str) -> set[tuple[str | None, str | None, str | None, str]]:
    return {(one.value, one.value_max, one.unit, one.qualifier) for one in scan(text) if is_amount(one)}


def _fate(lost: Statement, found: list[Statement]) -> str:
    now = next((one for one in found if one.content == lost.content), None)
    return f"now {now.verdict} ({', '.join(now.reasons)})" if now else "gone"


def _marks(record: ArticleRecord, sound: ArticleRecord, touched: list[Statement], known: set[str]) -> list[str]:
    """Return the codes by which the record shows that something is wrong, beyond what the sound record shows."""
    if record.error is not None:
        return [f"failed: {record.error.kind}"]
    gone = {one.content for one in touched}
    now = statements_of(record)
    doubtful = [one for one in now if one.verdict != "verified" and (one.content not in known or one.content in gone)]
    marks = {code for one in doubtful for code in one.reasons}
    if record.audit and sound.audit:
        before = [one.model_dump_json() for one in sound.audit.rejected]
        marks |= {code for one in record.audit.rejected if one.model_dump_json() not in before for code in one.reasons}
        open_before = set(sound.audit.unclaimed)
        unclaimed = [one for one in record.audit.unclaimed if one not in open_before]
        left_out = [one for one in touched if one.content not in {own.content for own in now}]
        if left_out and all(_is_shown(one, unclaimed) for one in left_out):
            marks.add("unclaimed")
    return sorted(marks)


def _is_shown(left_out: Statement, unclaimed: Iterable[Quantity]) -> bool:
    return any(low < one.end and one.start < high for one in unclaimed for low, high in left_out.spans)
