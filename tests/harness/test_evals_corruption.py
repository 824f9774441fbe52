"""The corruption harness over recorded seeds: what is planted, what becomes of it, what is reported."""

import asyncio
import random
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from evals.cases import Case, load_cases
from evals.corruption import CorruptionReport, PlantResult, __main__ as command, measure, print_report
from evals.corruption.answers import item_of
from evals.corruption.judging import items_in, statements_of
from evals.corruption.kinds import KINDS
from evals.corruption.plain_loop import PlainLoop
from evals.corruption.plants import Change, Material, Plant, chosen
from evals.corruption.replay import Sound, open_bench
from evals.corruption.report import Fate
from summarizer.errors import ReplayMissError, SettingsError
from summarizer.records import ArticleRecord

RECORDINGS = Path(__file__).parents[2] / "evals" / "recordings"
STRICT = [kind.name for kind in KINDS if kind.is_strict]


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    return load_cases(only=["000", "003"])


@pytest.fixture(scope="module")
def report(cases: tuple[Case, ...]) -> CorruptionReport:
    return measure(RECORDINGS, cases)


@pytest.fixture(scope="module")
def sound(cases: tuple[Case, ...]) -> Sound:
    async def run() -> Sound:
        async with open_bench(RECORDINGS) as bench:
            return await bench.sound(cases[1])

    return asyncio.run(run())


@pytest.fixture(scope="module")
def material(cases: tuple[Case, ...], sound: Sound) -> Material:
    items = items_in(sound.answer, sound.unfollowed)
    verified = frozenset(item for item, one in items.items() if one.verdict == "verified")
    return Material(case=cases[1], answer=sound.answer, sound=verified)


def of_kind(report: CorruptionReport, kind: str) -> list[PlantResult]:
    return [plant for plant in report.plants if plant.kind == kind]


def run_plants(case: Case, plants: list[Plant], *, follows_up: bool = True) -> list[ArticleRecord]:
    async def run() -> list[ArticleRecord]:
        async with open_bench(RECORDINGS) as bench:
            sound = await bench.sound(case)
            return [await bench.corrupted(sound, plant, follows_up=follows_up) for plant in plants]

    return asyncio.run(run())


def test_the_same_seed_gives_the_same_report_in_any_number_of_processes(
    cases: tuple[Case, ...], report: CorruptionReport
) -> None:
    again = measure(RECORDINGS, cases, processes=2)
    assert again == report
    assert again.model_dump_json() == report.model_dump_json()


def test_another_seed_plants_elsewhere(material: Material) -> None:
    kind = next(kind for kind in KINDS if kind.name == "digit")
    first, same, other = (chosen(kind, material, seed=seed, most=3) for seed in ("1", "1", "2"))
    assert [plant.change.now for plant in first] == [plant.change.now for plant in same]
    assert [plant.change.now for plant in first] != [plant.change.now for plant in other]


def test_of_changed_numbers_and_invented_ones_nothing_is_verified(report: CorruptionReport) -> None:
    planted = [plant for plant in report.plants if plant.kind in STRICT]
    assert {plant.kind for plant in planted} >= {"digit", "scale_chinese", "invented_figure", "invented_year"}
    verified = [plant for plant in planted if "verified" in (plant.followed.state, plant.unfollowed.state)]
    assert verified == []


def test_changed_amounts_are_marked_and_most_are_mended_by_the_follow_up(report: CorruptionReport) -> None:
    plants = [plant for kind in ("digit", "scale_chinese", "number_cut") for plant in of_kind(report, kind)]
    figures = [plant for plant in plants if plant.part == "figure" and plant.where.endswith(".amount")]
    assert {plant.unfollowed.state for plant in figures} == {"marked"}
    mended = [plant for plant in figures if plant.followed.state == "mended"]
    assert len(mended) > 0.8 * len(figures)


def test_what_is_invented_is_not_mended_but_marked(report: CorruptionReport) -> None:
    assert {plant.followed.state for plant in of_kind(report, "invented_figure")} == {"marked"}
    figures = [plant for plant in of_kind(report, "invented_figure") if plant.part == "figure"]
    assert figures
    assert {plant.followed.says for plant in figures} == {"QUOTE_NOT_FOUND"}


def test_unusable_json_costs_an_answer_and_nothing_else(report: CorruptionReport) -> None:
    plants = [*of_kind(report, "malformed"), *of_kind(report, "truncated")]
    assert len(plants) == 10
    assert {plant.followed.state for plant in plants} == {"mended"}
    assert all(plant.followed.untouched_lost == () for plant in plants)


def test_the_plain_loop_hands_on_everything_that_parses(report: CorruptionReport) -> None:
    passes = {plant.kind: plant.passes_plain for plant in report.plants}
    assert {kind for kind, passed in passes.items() if not passed} == {"malformed", "truncated"}


def test_every_plant_says_what_it_changed_and_where(report: CorruptionReport) -> None:
    assert report.plants
    for plant in report.plants:
        assert plant.was != plant.now
        assert plant.where or plant.part == "answer"
        assert plant.case in report.cases


def test_only_items_that_stand_verified_are_touched(material: Material) -> None:
    for kind in KINDS:
        for change in kind.find(material, random.Random(7)):
            assert change.touched <= material.sound
            assert all(item_of(path) in material.sound for path, _ in change.edits if change.touched)


def test_an_answer_without_a_mistake_gives_the_sound_record(cases: tuple[Case, ...], sound: Sound) -> None:
    unchanged = Plant(kind="none", case=sound.case.id, change=Change(where=(), was="", now=""), answer=sound.answer)
    [record] = run_plants(cases[1], [unchanged])
    assert statements_of(record) == statements_of(sound.followed)
    assert record.run.follow_ups == sound.followed.run.follow_ups


def test_the_program_itself_reads_the_corrupted_words(cases: tuple[Case, ...], material: Material) -> None:
    kind = next(kind for kind in KINDS if kind.name == "scale_chinese")
    plants = [one for one in chosen(kind, material, seed="1", most=9) if one.change.part == "figure"]
    assert plants
    for record, plant in zip(run_plants(cases[1], plants, follows_up=False), plants, strict=True):
        assert record.audit is not None
        assert plant.change.now in [one.item.get("amount") for one in record.audit.rejected]


def test_the_plain_loop_gets_a_second_answer_after_broken_json_and_none_after_a_cut_one(sound: Sound) -> None:
    loop = PlainLoop()
    spoiled = Change(where=(), was="JSON", now="", spoil=lambda text: text[:-1])
    cut = Change(where=(), was="JSON", now="", spoil=lambda text: text[:50], is_cut=True)
    for change in (spoiled, cut):
        assert not loop.passes(sound.answer, Plant(kind="k", case="c", change=change, answer=sound.answer))
    wrong = {**sound.answer, "headline": "又一条标题"}
    told = Change(where=("headline",), was="", now="又一条标题")
    assert loop.passes(sound.answer, Plant(kind="k", case="c", change=told, answer=wrong))
    loop.close()


def test_a_case_without_recording_is_a_loud_failure(tmp_path: Path) -> None:
    for path in RECORDINGS.glob("*.json"):
        if "澄衡智能" not in path.read_text(encoding="utf-8"):
            shutil.copy(path, tmp_path)
    with pytest.raises(ReplayMissError, match=r"d02-chengheng-lingji.*no recording"):
        measure(tmp_path, load_cases(only=["d02"]))


def test_a_folder_without_recordings_is_named(tmp_path: Path, cases: tuple[Case, ...]) -> None:
    with pytest.raises(SettingsError, match="no recordings"):
        measure(tmp_path / "none", cases)


def result(kind: str, state: str, *lost: str) -> PlantResult:
    fate = Fate(state=state, says="30亿元", untouched_lost=lost)
    said = {"where": "figures.0.amount", "was": "约30亿元", "now": "约80亿元"}
    return PlantResult(kind=kind, case="a", part="figure", followed=fate, unfollowed=fate, passes_plain=True, **said)


def made(*plants: PlantResult) -> CorruptionReport:
    return CorruptionReport(seed=0, rounds=1, cases=("a",), plants=plants)


@pytest.mark.parametrize(
    ("plants", "is_met"),
    [
        ([result("digit", "marked")] * 200, True),
        ([result("digit", "verified")] + [result("digit", "marked")] * 199, False),
        ([result("paraphrase", "verified")] + [result("paraphrase", "marked")] * 199, True),
        ([result("paraphrase", "verified")] * 2 + [result("paraphrase", "marked")] * 98, False),
        ([result("paraphrase", "marked", "figure 净利润: gone")] + [result("paraphrase", "marked")] * 199, False),
        ([], False),
    ],
    ids=["all marked", "one strict", "half a percent", "two percent", "an untouched item lost", "nothing planted"],
)
def test_the_goal_is_one_percent_none_of_strict_kinds_and_no_untouched_item(
    plants: list[PlantResult], is_met: bool
) -> None:
    assert made(*plants).is_met is is_met


def test_the_report_shows_the_plants_that_fail_and_where(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(
        made(result("digit", "verified"), result("currency", "marked", "figure 净利润: gone")), Console(width=140)
    )
    shown = capsys.readouterr().out
    assert "digit a figures.0.amount: «约30亿元» told as «约80亿元»: stands as verified 30亿元" in shown
    assert "lost beside it: figure 净利润: gone" in shown
    assert "0 of 2 kinds meet the goals" in shown


@pytest.mark.parametrize(("state", "status"), [("marked", 0), ("verified", 4)])
def test_the_exit_status_is_that_of_the_goals(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], state: str, status: int
) -> None:
    asked: list[tuple[object, ...]] = []

    def measured(folder: Path, cases: tuple[Case, ...], **given: int) -> CorruptionReport:
        asked.append((folder.name, [case.id[:3] for case in cases], given["seed"]))
        return made(result("digit", state))

    monkeypatch.setattr(command, "measure", measured)
    assert command.main(["--recordings", "rec", "--case", "000", "--seed", "5", "-v"]) == status
    assert asked == [("rec", ["000"], 5)]
    assert "digit*" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status"), [(["--case", "nothing"], 2), (["--case", "000", "--recordings", "missing"], 2)]
)
def test_what_cannot_be_run_is_said_on_stderr(
    capsys: pytest.CaptureFixture[str], arguments: list[str], status: int
) -> None:
    assert command.main(arguments) == status
    assert capsys.readouterr().err.startswith("evals.corruption: ")


def test_a_line_of_the_report_holds_no_more_than_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    long = "甲" * 300
    plant = result("digit", "verified").model_copy(update={"was": f"{long}3{long}", "now": f"{long}8{long}"})
    print_report(made(plant), Console(width=140))
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("digit a"))
    assert "甲3甲" in line
    assert "甲8甲" in line
    assert len(line) < 200
