"""What a sound model would answer when it is asked again about a corrupted answer.

No recording answers the re-asks and follow-ups that a planted mistake leads to. Their answers are made here from the
recorded sound ones: after JSON that could not be used, the sound answer; in a follow-up, the sound version of what
the program asks to have mended, and nothing that it does not ask for. So what is measured is whether our program notices,
asks for the right thing and puts the answer in its place; whether a real model would answer so is not measured.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from evals.corruption.answers import DROPPED, Answer, Path, part_of, value_at
from evals.corruption.plants import Plant
from summarizer.proposals import Findings, Refusal

_NUMBERED: Final = re.compile(r"^\[(\d+)\] ", re.MULTILINE)


def empty_follow_up() -> Answer:
    """Return a follow-up that mends nothing."""
    return {"deals": [], "terms": [], "figures": [], "abstract": [], "headline": ""}


def facts_of_part(sound: Answer, message: str) -> Answer:
    """Return the sound answer's facts of the sentences that a message shows."""
    shown = {int(number) for number in _NUMBERED.findall(message)}
    return {
        "deals": [deal for deal in sound["deals"] if deal["s"] in shown],
        "figures": [figure for figure in sound["figures"] if figure["s"] in shown],
        "points": [point for point in sound["points"] if shown.intersection(point["s"])] or sound["points"][:1],
    }


def summary_of(sound: Answer) -> Answer:
    """Return the summary alone."""
    return {name: sound[name] for name in ("points", "abstract", "headline")}


def mending(sound: Answer, plant: Plant, findings: Findings, recorded: Answer | None) -> Answer:
    """Return a follow-up: what was recorded as one for the sound answer, and the sound items that are asked for.

    An invented item has no sound version; it is left out, as the request allows.
    """
    answer = {**empty_follow_up(), **(recorded or {})}
    answer = {name: list(value) if isinstance(value, list) else value for name, value in answer.items()}
    for item in sorted(plant.change.touched):
        part = part_of(item)
        if part == "summary":
            if findings.unsupported or findings.is_too_long:
                answer["abstract"], answer["headline"] = sound["abstract"], sound["headline"]
            continue
        path: Path = tuple(int(step) if step.isdigit() else step for step in item.split("."))
        true = value_at(sound, path)
        told = _told_instead(plant, path)
        if part == "figure" and (_is_refused("figure", told, findings) or _is_unclaimed(true, "amount", findings)):
            answer["figures"].append(true)
        elif part == "deal" and (_is_refused("deal", told, findings) or _misses_names(true, told, findings)):
            answer["deals"].append(true)
        elif part == "term":
            deal = value_at(sound, path[:2])["name"]
            if _is_refused("term", told, findings) or _is_unclaimed(true, "words", findings):
                answer["terms"].append({**true, "deal": deal})
    return answer


def _told_instead(plant: Plant, path: Path) -> Mapping[str, Any]:
    """Return what the corrupted answer says in an item's place; empty where the item is left out."""
    if any(value is DROPPED for _, value in plant.change.edits):
        return {}
    told: Mapping[str, Any] = value_at(plant.answer, path)
    return told


def _is_refused(part: str, told: Mapping[str, Any], findings: Findings) -> bool:
    own = {told.get("amount"), told.get("words"), told.get("name")} - {"", None}
    return any(one.part == part and one.words in own for one in findings.refusals)


def _is_unclaimed(true: Mapping[str, Any], field: str, findings: Findings) -> bool:
    return any(true["s"] == sentence and amount in true[field] for sentence, amount in findings.unclaimed)


def _misses_names(true: Mapping[str, Any], told: Mapping[str, Any], findings: Findings) -> bool:
    """Return whether the program says that a name of the deal is wrong, in place of which the sound deal has another."""
    named = {party["name"] for party in told.get("parties", ())}
    has_lost = any(party["name"] not in named for party in true["parties"])
    return has_lost and any(_is_party_of(one, true["name"]) for one in findings.refusals)


def _is_party_of(refusal: Refusal, deal: str) -> bool:
    return refusal.part == "party" and refusal.deal == deal
