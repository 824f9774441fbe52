"""Answers on their way to the disk: written by a thread, many in one commit, none lost and none judged before."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from summarizer.wire.commits import Commits
from summarizer.wire.exchange import Exchange
from summarizer.wire.store import AnswerStore

Make = Callable[..., Exchange]


class WatchedStore(AnswerStore):
    """Remembers how many answers each commit held and which thread made it; commits wait while `gate` is closed."""

    def __init__(self, folder: Path) -> None:
        self.commits: list[int] = []
        self.threads: set[int] = set()
        self.gate = threading.Event()
        self.gate.set()
        self.said = threading.Event()
        super().__init__(folder, lock_timeout_s=0.01, on_problem=lambda _: self.said.set())

    def write(self, exchanges: Sequence[Exchange]) -> Exception | None:
        self.gate.wait(10)
        self.commits.append(len(exchanges))
        self.threads.add(threading.get_ident())
        return super().write(exchanges)


def kept_in(folder: Path, exchanges: Sequence[Exchange]) -> list[bool]:
    with closing(AnswerStore(folder)) as store:
        return [store.get(one.key, one.request) == one for one in exchanges]


def test_answers_that_come_during_a_commit_share_the_next_one(tmp_path: Path, exchange: Make) -> None:
    exchanges = [exchange(str(number)) for number in range(20)]
    store = WatchedStore(tmp_path)

    async def go() -> list[bool]:
        commits = Commits(store)
        store.gate.clear()
        first = commits.keep(exchanges[0])
        await asyncio.sleep(0.01)
        rest = [commits.keep(one) for one in exchanges[1:]]
        assert not first.done()
        store.gate.set()
        done = await asyncio.gather(first, *rest)
        await commits.aclose()
        return done

    assert asyncio.run(go()) == [True] * 20
    assert store.commits == [1, 19]
    assert threading.get_ident() not in store.threads
    assert kept_in(tmp_path, exchanges) == [True] * 20


def test_the_loop_goes_on_while_the_disk_is_slow(tmp_path: Path, exchange: Make) -> None:
    store = WatchedStore(tmp_path)

    async def go() -> None:
        commits = Commits(store)
        store.gate.clear()
        kept = commits.keep(exchange())
        for _ in range(100):
            await asyncio.sleep(0)
        assert not kept.done()
        assert commits.pending(exchange().key) == exchange()
        store.gate.set()
        assert await kept
        assert commits.pending(exchange().key) is None
        await commits.aclose()

    asyncio.run(go())


def test_what_nobody_waits_for_any_more_is_written_before_the_store_closes(tmp_path: Path, exchange: Make) -> None:
    exchanges = [exchange(str(number)) for number in range(3)]

    async def go() -> None:
        commits = Commits(AnswerStore(tmp_path))
        for one in exchanges:
            commits.keep(one).cancel()
        await commits.aclose()

    asyncio.run(go())
    assert kept_in(tmp_path, exchanges) == [True] * 3


def test_a_commit_of_many_survives_a_short_lock(tmp_path: Path, exchange: Make) -> None:
    exchanges = [exchange(str(number)) for number in range(5)]
    store = WatchedStore(tmp_path)

    async def go() -> list[bool]:
        commits = Commits(store)
        with closing(sqlite3.connect(store.folder / "cache.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = [commits.keep(one) for one in exchanges]
            await asyncio.to_thread(store.said.wait, 10)
            other.execute("ROLLBACK")
        done = await asyncio.gather(*waiting)
        await commits.aclose()
        return done

    assert asyncio.run(go()) == [True] * 5
    assert kept_in(tmp_path, exchanges) == [True] * 5


def test_a_store_that_gives_up_says_so_to_all_who_wait(tmp_path: Path, exchange: Make) -> None:
    store = WatchedStore(tmp_path)
    with closing(sqlite3.connect(store.folder / "cache.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        async def go() -> list[bool]:
            commits = Commits(store)
            done = await asyncio.gather(*(commits.keep(exchange(str(number))) for number in range(5)))
            assert not await commits.keep(exchange("later"))
            await commits.aclose()
            return done

        assert asyncio.run(go()) == [False] * 5
        other.execute("ROLLBACK")
    assert not store.is_usable
    assert [problem.count("the run goes on") for problem in store.problems] == [1, 0]


@pytest.mark.parametrize("status", [200, 500])
def test_what_is_no_answer_is_not_written(tmp_path: Path, status: int) -> None:
    store = WatchedStore(tmp_path)

    async def go() -> bool:
        commits = Commits(store)
        is_kept = await commits.keep(Exchange(key="0" * 64, request={}, status=status, body=b"<html>"))
        await commits.aclose()
        return is_kept

    assert asyncio.run(go()) is False
    assert store.commits == []
