"""Planting mistakes into every case, running the program over them, and writing down what became of them."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

from evals.cases import Case
from evals.corruption.answers import dotted
from evals.corruption.judging import Judgement, items_in, judge, statements_of
from evals.corruption.kinds import KINDS
from evals.corruption.plain_loop import PlainLoop
from evals.corruption.plants import Material, Plant, chosen
from evals.corruption.replay import Bench, open_bench
from evals.corruption.report import CorruptionReport, Fate, PlantResult
from summarizer.records import ArticleRecord

# So many mistakes of a kind are planted in a case and round, one an answer.
PLACES: Final = 3


def measure(
    recordings_dir: str | os.PathLike[str],
    cases: Sequence[Case],
    *,
    seed: int = 0,
    rounds: int = 1,
    processes: int = 1,
) -> CorruptionReport:
    """Plant the usual mistakes of a cheap model into recorded answers and report what the program makes of them.

    Each plant is one mistake in one answer, read by the real program over a replaying wire; with follow-ups and without.
    What is asked again is answered as `second_answers` says. The same arguments give the same report, in any number of
    processes. Takes some 50 ms a plant, three or four seconds a case; sends nothing.

    Args:
        recordings_dir: recordings that answer every case.
        cases: articles with labels.
        seed: chooses the places.
        rounds: how often up to `PLACES` places a kind and case are chosen anew.
        processes: among how many the cases are shared; more than one needs an importable main module.

    Raises:
        ReplayMissError: the recordings do not answer a case.
        SettingsError: there are no recordings, or a case was not recorded in one piece.
    """
    shares = [cases[first::processes] for first in range(min(processes, len(cases)))]
    work = partial(_measure_share, Path(recordings_dir), seed=seed, rounds=rounds)
    if len(shares) <= 1:
        found = [work(share) for share in shares]
    else:
        # Forking would copy whatever threads the caller runs.
        with ProcessPoolExecutor(len(shares), mp_context=multiprocessing.get_context("spawn")) as pool:
            found = list(pool.map(work, shares))
    by_case = {case: results for share in found for case, results in share.items()}
    plants = tuple(result for case in cases for result in by_case[case.id])
    return CorruptionReport(seed=seed, rounds=rounds, cases=tuple(case.id for case in cases), plants=plants)


def _measure_share(folder: Path, cases: Sequence[Case], *, seed: int, rounds: int) -> dict[str, list[PlantResult]]:
    async def run() -> dict[str, list[PlantResult]]:
        plain = PlainLoop()
        try:
            async with open_bench(folder) as bench:
                return {case.id: await _measure_case(bench, plain, case, seed, rounds) for case in cases}
        finally:
            plain.close()

    return asyncio.run(run())


async def _measure_case(bench: Bench, plain: PlainLoop, case: Case, seed: int, rounds: int) -> list[PlantResult]:
    sound = await bench.sound(case)
    items = items_in(sound.answer, sound.unfollowed)
    known = {one.content for record in (sound.followed, sound.unfollowed) for one in statements_of(record)}
    verified = frozenset(item for item, statement in items.items() if statement.verdict == "verified")
    material = Material(case=case, answer=sound.answer, sound=verified)
    results = []
    for plant in _plants(material, seed, rounds):
        record = await bench.corrupted(sound, plant, follows_up=True)
        # Without a follow-up both ways of running are the same.
        is_followed = record.run.follow_ups > 0
        bare = await bench.corrupted(sound, plant, follows_up=False) if is_followed else record
        unfollowed = judge(plant, bare, sound.unfollowed, items, known)
        followed = judge(plant, record, sound.followed, items, known)
        change = plant.change
        results.append(
            PlantResult(
                kind=plant.kind,
                case=case.id,
                part=change.part,
                where=dotted(change.where),
                was=change.was,
                now=change.now,
                followed=_fate(followed, has_asked_again=_is_reasked(record) or unfollowed.state != "harmless"),
                unfollowed=_fate(unfollowed, has_asked_again=_is_reasked(bare)),
                passes_plain=plain.passes(sound.answer, plant),
            )
        )
    return results


def _plants(material: Material, seed: int, rounds: int) -> Iterator[Plant]:
    """Yield the plants of all kinds and rounds; what an earlier round planted already is left out."""
    for kind in KINDS:
        seen = set()
        for number in range(rounds):
            for plant in chosen(kind, material, seed=f"{seed}.{number}", most=PLACES):
                identity = (plant.change.where, plant.change.now)
                if identity not in seen:
                    seen.add(identity)
                    yield plant


def _is_reasked(record: ArticleRecord) -> bool:
    return record.run.requests - record.run.follow_ups > 1


def _fate(judgement: Judgement, *, has_asked_again: bool) -> Fate:
    state = "mended" if judgement.state == "harmless" and has_asked_again else judgement.state
    return Fate(state=state, says=judgement.says, untouched_lost=judgement.untouched_lost)
