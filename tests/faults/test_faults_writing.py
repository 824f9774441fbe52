"""Killed, or refused by the disk, at any operation: no output is half written, no answer is lost, the next run completes.

The operations are struck at intervals, to keep these tests short; `make soak` strikes at every one.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.forks import Ended, Forks, Order
from tests.faults.outputs import check_store, check_whole, comparable
from tests.faults.server import FaultServer, Plan

Serve = Callable[[Plan], FaultServer]
News = Callable[[int], Path]

VIEWS = "jsonl,md,html,csv,xlsx,ledger"
FILES = ("open", "write", "fsync", "replace")


class Command:
    """One command line in forked processes, and the folder it works in."""

    def __init__(self, forks: Forks, folder: Path, *arguments: object) -> None:
        self._forks = forks
        self._folder = folder
        self._arguments = tuple(map(str, arguments))

    def run(self, out: str, **fault: object) -> Ended:
        arguments = (*self._arguments, "--out", out)
        return self._forks.run(Order(arguments=arguments, folder=str(self._folder), under=(out,), **fault))  # type: ignore[arg-type]

    def strike_at_intervals(self, out: Callable[[int], str], step: int, **fault: object) -> Iterator[tuple[int, Ended]]:
        """Strike at operation 1, 1 + step, and so on, until a run has fewer."""
        at = 1
        while True:
            ended = self.run(out(at), at=at, **fault)
            if not ended.has_failed:
                assert ended.status == 0, ended.output
                return
            yield at, ended
            at += step


def test_a_kill_at_any_operation_leaves_whole_files_and_the_same_command_completes_them(
    forks: Forks, news: News, tmp_path: Path
) -> None:
    command = Command(forks, tmp_path, "run", news(2), "--engine", "offline", "--format", VIEWS)
    assert command.run("plain").status == 0
    expected = comparable(tmp_path / "plain")
    kills = 0
    # One folder: each run comes further than the one before, over what the kills have left.
    for _, ended in command.strike_at_intervals(lambda _: "out", 23):
        assert ended.status == -9
        kills += 1
        check_whole(tmp_path / "out")
    assert kills >= 12
    assert comparable(tmp_path / "out") == expected
    assert not list((tmp_path / "out").rglob("*.part"))


def test_outputs_of_an_earlier_run_stand_until_the_new_ones_are_whole(forks: Forks, news: News, tmp_path: Path) -> None:
    folder = news(2)
    command = Command(forks, tmp_path, "run", folder, "--engine", "offline", "--format", "jsonl,csv")
    assert command.run("out").status == 0
    old = comparable(tmp_path / "out")
    (folder / "n00001.txt").write_text("丙集团项目总投资约99亿元。\n", encoding="utf-8")
    for _ in command.strike_at_intervals(lambda _: "out", 9, of=FILES):
        check_whole(tmp_path / "out")
        assert set(old) <= {path.name for path in (tmp_path / "out").rglob("*")}
    assert "9900000000" in (tmp_path / "out" / "results.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(("operation", "step"), [("statement", 17), ("write", 2)])
def test_a_kill_while_answers_are_kept_costs_at_most_the_one_in_flight(
    forks: Forks, news: News, serve: Serve, tmp_path: Path, operation: str, step: int
) -> None:
    server = serve(lambda _: "ok")
    order = ("run", news(2), "--base-url", server.base_url, "--concurrency", 1, "--format", "jsonl")
    command = Command(forks, tmp_path, *order)
    struck = 0
    for at, ended in command.strike_at_intervals(lambda at: f"out{at}", step, of=(operation,)):
        struck += 1
        assert ended.status == -9
        check_store(tmp_path / f"out{at}" / ".cache")
        assert command.run(f"out{at}").status == 0
        check_store(tmp_path / f"out{at}" / ".cache")
        assert 2 <= len(server.sent) <= 3
        server.sent.clear()
    assert struck >= 3


def test_a_kill_in_the_middle_of_a_write_of_the_store_loses_nothing_that_was_kept(
    forks: Forks, news: News, serve: Serve, tmp_path: Path
) -> None:
    # The kernel kills at the write that would make a file larger than allowed, and lets the part before it through.
    server = serve(lambda _: "ok")
    order = ("run", news(4), "--base-url", server.base_url, "--concurrency", 1, "--format", "jsonl")
    command = Command(forks, tmp_path, *order)
    statuses = []
    for size in range(1_500, 900_000, 47_300):
        out = f"out{size}"
        ended = command.run(out, file_bytes=size, dies_at_limit=True)
        statuses.append(ended.status)
        check_whole(tmp_path / out)
        assert command.run(out).status == 0
        check_store(tmp_path / out / ".cache")
        assert 4 <= len(server.sent) <= 5, size
        server.sent.clear()
        if ended.status == 0:
            break
    assert statuses[-1] == 0
    assert set(statuses[:-1]) == {-25}
    assert len(statuses) > 3


@pytest.mark.parametrize(("what", "step"), [("ENOSPC", 29), ("EROFS", 71), ("EIO", 67)])
def test_a_disk_that_takes_no_more_is_named_and_what_was_written_stands(
    forks: Forks, news: News, serve: Serve, tmp_path: Path, what: str, step: int
) -> None:
    server = serve(lambda _: "ok")
    order = ("run", news(2), "--base-url", server.base_url, "--concurrency", 1, "--format", "jsonl,md,csv")
    command = Command(forks, tmp_path, *order)
    statuses = set()
    for at, ended in command.strike_at_intervals(lambda at: f"out{at}", step, what=what):
        statuses.add(ended.status)
        assert "Traceback" not in ended.output
        assert ended.status in (0, 1, 2), ended.output
        last = ended.output.splitlines()[-1]
        # Where only the store failed, the run went on without it, and said so.
        assert "answer store" in ended.output if ended.status == 0 else last.startswith("summarizer: "), ended.output
        asked = len(server.sent)
        assert asked == 0 or ended.status != 2, ended.output
        check_whole(tmp_path / f"out{at}")
        assert command.run(f"out{at}").status == 0
        assert len(server.sent) <= 4
        if ended.status == 1 and "answer store" not in ended.output:
            assert len(server.sent) == max(asked, 2), ended.output
        server.sent.clear()
    assert {1, 2} <= statuses


def test_an_error_that_passes_is_named_or_outlived(forks: Forks, news: News, serve: Serve, tmp_path: Path) -> None:
    server = serve(lambda _: "ok")
    order = ("run", news(2), "--base-url", server.base_url, "--concurrency", 1, "--format", "jsonl,csv")
    command = Command(forks, tmp_path, *order)
    struck = 0
    for at, ended in command.strike_at_intervals(lambda at: f"out{at}", 43, what="EIO", is_once=True):
        struck += 1
        assert ended.status in (0, 1, 2), ended.output
        assert "Traceback" not in ended.output
        check_whole(tmp_path / f"out{at}")
        assert command.run(f"out{at}").status == 0
    assert struck > 3
