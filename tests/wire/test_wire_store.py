from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from summarizer.wire.exchange import BATCH_PRICE, PRICE_HEADER, Exchange
from summarizer.wire.store import AnswerStore

Make = Callable[..., Exchange]


@pytest.fixture
def umask_0() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def filled(folder: Path, *exchanges: Exchange) -> Path:
    store = AnswerStore(folder)
    for one in exchanges:
        assert store.put(one)
    store.close()
    assert not store.problems
    return folder / "v1" / "cache.db"


def tamper(database: Path, *statements: tuple[str, tuple[Any, ...]]) -> None:
    with closing(sqlite3.connect(database)) as connection:
        for statement, values in statements:
            connection.execute(statement, values)
        connection.commit()


def executing_pickle(marker: Path) -> bytes:
    # Written by hand: protocol 0, calls os.mkdir(marker) when it is loaded.
    return b"cos\nmkdir\n(V" + str(marker).encode() + b"\ntR."


def test_the_payload_of_these_tests_would_execute(tmp_path: Path) -> None:
    # Shown in diskcache's own Disk, so that the tests below prove something.
    import diskcache

    with diskcache.Cache(str(tmp_path / "plain")) as cache:
        cache.set("k", b"v")
    tamper(
        tmp_path / "plain" / "cache.db",
        ("UPDATE Cache SET mode = 4, value = ?", (executing_pickle(tmp_path / "marker"),)),
    )
    with diskcache.Cache(str(tmp_path / "plain")) as cache:
        cache.get("k")
    assert (tmp_path / "marker").exists()


def test_an_answer_comes_back_as_it_was_in_a_new_store(tmp_path: Path, exchange: Make) -> None:
    one = exchange(answer="约30亿元\u2028\U0001f600\r\n")
    filled(tmp_path, one)
    store = AnswerStore(tmp_path)
    kept = store.get(one.key, one.request)
    store.close()
    assert kept == one
    assert store.get(one.key, one.request) is None


def test_what_is_no_answer_is_not_kept(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path)
    for status, body in [(500, b"{}"), (200, b"<html>"), (200, b'{"error": {"message": "busy"}}')]:
        assert not store.put(Exchange(key="k", request={}, status=status, body=body))
    assert store.get("k", {}) is None
    store.close()


def test_files_are_the_owners_alone_even_with_umask_0(tmp_path: Path, exchange: Make, umask_0: None) -> None:
    folder = tmp_path / "deep" / "store"
    store = AnswerStore(folder)
    assert store.put(exchange())
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder / "v1").iterdir()}
    assert modes == {"cache.db": 0o600, "cache.db-wal": 0o600, "cache.db-shm": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "v1").stat().st_mode) == 0o700
    store.close()


def test_wide_permissions_are_taken_back(tmp_path: Path, exchange: Make) -> None:
    database = filled(tmp_path, exchange())
    database.chmod(0o666)
    database.parent.chmod(0o777)
    AnswerStore(tmp_path).close()
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert stat.S_IMODE(database.parent.stat().st_mode) == 0o700


def test_large_answers_are_not_put_into_files(tmp_path: Path, exchange: Make) -> None:
    one = exchange(answer="亿" * 1_000_000)
    database = filled(tmp_path, one)
    assert [path.name for path in database.parent.iterdir()] == ["cache.db"]
    store = AnswerStore(tmp_path)
    assert store.get(one.key, one.request) == one
    store.close()


@pytest.mark.parametrize("is_pickled", [True, False])
@pytest.mark.parametrize("mode", [0, 2, 3, 4])
def test_a_row_of_another_mode_is_a_miss_and_nothing_is_executed(
    tmp_path: Path, exchange: Make, mode: int, is_pickled: bool
) -> None:
    one = exchange()
    database = filled(tmp_path, one)
    value = executing_pickle(tmp_path / "marker") if is_pickled else None
    update = "UPDATE Cache SET mode = ?, value = coalesce(?, value)"
    tamper(database, (update, (mode, value)))
    store = AnswerStore(tmp_path)
    assert store.get(one.key, one.request) is None
    assert store.put(one), "a bad row is overwritten"
    assert store.get(one.key, one.request) == one
    store.close()
    assert not (tmp_path / "marker").exists()


def test_a_pickled_key_is_not_read(tmp_path: Path, exchange: Make) -> None:
    one = exchange()
    database = filled(tmp_path, one)
    tamper(database, ("UPDATE Cache SET raw = 0, key = ?", (executing_pickle(tmp_path / "marker"),)))
    store = AnswerStore(tmp_path)
    assert store.get(one.key, one.request) is None
    assert store.put(one)
    with pytest.raises(OSError, match="key is no text"):
        list(store._cache)
    store.close()
    assert not (tmp_path / "marker").exists()


@pytest.mark.parametrize("mode", [1, 2, 3, 4])
def test_a_file_named_by_a_row_is_neither_read_nor_deleted(tmp_path: Path, exchange: Make, mode: int) -> None:
    one = exchange()
    outside = tmp_path / "outside.txt"
    outside.write_bytes(one.body)
    database = filled(tmp_path / "store", one)
    tamper(database, ("UPDATE Cache SET mode = ?, filename = ?, value = NULL", (mode, "../../outside.txt")))
    store = AnswerStore(tmp_path / "store")
    assert store.get(one.key, one.request) is None
    assert store.put(one)
    store.close()
    assert outside.read_bytes() == one.body


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry[:-1],
        lambda entry: entry + b" ",
        lambda entry: entry[:40],
        lambda _: b"",
        lambda entry: entry.replace(b"answer/1", b"answer/2"),
        lambda entry: entry[:-20] + bytes([entry[-20] ^ 1]) + entry[-19:],
    ],
    ids=["cut", "longer", "cut in the head", "empty", "other version", "one bit"],
)
def test_a_changed_entry_is_a_miss(tmp_path: Path, exchange: Make, change: Callable[[bytes], bytes]) -> None:
    one = exchange()
    database = filled(tmp_path, one)
    with closing(sqlite3.connect(database)) as connection:
        (entry,) = connection.execute("SELECT value FROM Cache").fetchone()
    tamper(database, ("UPDATE Cache SET value = ?", (change(entry),)))
    store = AnswerStore(tmp_path)
    assert store.get(one.key, one.request) is None
    store.close()


def test_the_entry_of_another_request_is_a_miss(tmp_path: Path, exchange: Make) -> None:
    one, other = exchange("一"), exchange("二", "别的")
    database = filled(tmp_path, one, other)
    swap = "UPDATE Cache SET value = (SELECT value FROM Cache WHERE key = ?) WHERE key = ?"
    tamper(database, (swap, (other.key, one.key)))
    store = AnswerStore(tmp_path)
    assert store.get(one.key, one.request) is None
    assert store.get(other.key, other.request) == other
    store.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("_disk", "x"),
        ("get", "x"),
        ("disk_fetch", "x"),
        ("sqlite_writable_schema", 1),
        ("sqlite_journal_mode", "off"),
        ("eviction_policy", "no such policy"),
        ("count", b"cos\nmkdir\n"),
        (b"\xff", 1),
    ],
)
def test_changed_settings_are_not_obeyed(tmp_path: Path, exchange: Make, name: object, value: object) -> None:
    one = exchange()
    database = filled(tmp_path, one)
    tamper(database, ("INSERT OR REPLACE INTO Settings VALUES (?, ?)", (name, value)))
    said: list[str] = []
    store = AnswerStore(tmp_path, on_problem=said.append)
    assert not store.is_usable
    assert store.get(one.key, one.request) is None
    assert not store.put(one)
    assert len(said) == 1
    assert "settings were changed" in said[0]


def test_a_store_of_another_version_is_named_once_and_left_alone(tmp_path: Path, exchange: Make) -> None:
    (tmp_path / "v9").mkdir()
    (tmp_path / "v9" / "cache.db").write_bytes(b"of the future")
    store = AnswerStore(tmp_path)
    assert store.put(exchange())
    store.close()
    assert len(store.problems) == 1
    assert "v9" in store.problems[0]
    again = AnswerStore(tmp_path)
    again.close()
    assert again.problems == []
    assert (tmp_path / "v9" / "cache.db").read_bytes() == b"of the future"


def test_a_foreign_schema_is_not_opened(tmp_path: Path, exchange: Make) -> None:
    database = filled(tmp_path, exchange())
    trigger = "CREATE TRIGGER extra AFTER INSERT ON Cache BEGIN DELETE FROM Cache; END"
    tamper(database, (trigger, ()))
    store = AnswerStore(tmp_path)
    assert not store.is_usable
    assert "foreign schema" in store.problems[0]


def test_a_file_that_is_no_database_is_said_once_and_left_alone(tmp_path: Path, exchange: Make) -> None:
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1" / "cache.db").write_bytes(b"no database at all" * 100)
    said: list[str] = []
    store = AnswerStore(tmp_path, on_problem=said.append)
    one = exchange()
    for _ in range(5):
        assert store.get(one.key, one.request) is None
        assert not store.put(one)
    assert said == store.problems
    assert len(said) == 1
    assert str(tmp_path) in said[0]
    assert (tmp_path / "v1" / "cache.db").read_bytes() == b"no database at all" * 100


def test_a_folder_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "v1" / "cache.db").mkdir(parents=True)
    assert not AnswerStore(tmp_path).is_usable
    (tmp_path / "file").write_text("x")
    store = AnswerStore(tmp_path / "file" / "store")
    assert not store.is_usable
    assert "Not a directory" in store.problems[0]


@pytest.mark.parametrize("name", ["cache.db", "cache.db-wal", "cache.db-shm"])
def test_links_are_not_followed(tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"")
    (tmp_path / "store" / "v1").mkdir(parents=True)
    (tmp_path / "store" / "v1" / name).symlink_to(outside)
    store = AnswerStore(tmp_path / "store")
    assert not store.is_usable
    assert outside.read_bytes() == b""


def test_a_linked_folder_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "v1").symlink_to(tmp_path / "elsewhere")
    assert not AnswerStore(tmp_path / "store").is_usable
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_variable_in_the_name_is_not_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELSEWHERE", str(tmp_path / "elsewhere"))
    store = AnswerStore(tmp_path / "$ELSEWHERE")
    assert not store.is_usable
    assert "environment variable" in store.problems[0]


def test_a_locked_store_is_left_after_some_tries_and_never_waited_for(tmp_path: Path, exchange: Make) -> None:
    one = exchange()
    store = AnswerStore(tmp_path, lock_timeout_s=0.01)
    with closing(sqlite3.connect(tmp_path / "v1" / "cache.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert [store.put(one) for _ in range(4)] == [False] * 4
        other.execute("ROLLBACK")
    assert not store.is_usable
    assert len(store.problems) == 2
    assert "the run goes on" in store.problems[0]
    assert "not kept" in store.problems[1]


def test_a_store_locked_at_the_start_is_not_waited_for_a_minute(tmp_path: Path, exchange: Make) -> None:
    database = filled(tmp_path, exchange())
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        store = AnswerStore(tmp_path, lock_timeout_s=0.01)
        assert not store.is_usable
        assert "locked" in store.problems[0]
        other.execute("ROLLBACK")


def test_a_short_lock_is_survived(tmp_path: Path, exchange: Make) -> None:
    one = exchange()
    store = AnswerStore(tmp_path, lock_timeout_s=0.01)
    with closing(sqlite3.connect(tmp_path / "v1" / "cache.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not store.put(one)
        other.execute("ROLLBACK")
    assert store.put(one)
    assert store.get(one.key, one.request) == one
    store.close()


def test_a_store_deleted_while_running_is_said(tmp_path: Path, exchange: Make) -> None:
    store = AnswerStore(tmp_path)
    assert store.put(exchange("一"))
    shutil.rmtree(tmp_path / "v1")
    assert not store.put(exchange("二"))
    assert not store.is_usable
    assert "deleted while the run went on" in store.problems[0]


def test_two_processes_may_share_a_store(tmp_path: Path, exchange: Make) -> None:
    one, other = AnswerStore(tmp_path), AnswerStore(tmp_path)
    assert one.put(exchange("一"))
    assert other.put(exchange("二"))
    assert one.get(exchange("二").key, {}) is not None
    assert other.get(exchange("一").key, {}) is not None
    one.close()
    other.close()
    assert not one.problems + other.problems


def _put_and_die(folder: str, exchanges: list[Exchange], said: Any) -> None:
    store = AnswerStore(folder)
    for one in exchanges:
        store.put(one)
        said.send(one.key)
    os._exit(9)


def test_what_was_put_before_a_kill_is_there_after_it(tmp_path: Path, exchange: Make) -> None:
    exchanges = [exchange(f"问{number}") for number in range(20)]
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_put_and_die, args=(str(tmp_path), exchanges, sender))
    process.start()
    process.join(30)
    assert process.exitcode == 9
    assert (tmp_path / "v1" / "cache.db-wal").stat().st_size > 0, "killed before a checkpoint"
    store = AnswerStore(tmp_path)
    assert all(store.get(one.key, one.request) == one for one in exchanges)
    store.close()
    receiver.close()
    sender.close()


def damaged_copies(content: bytes, step: int) -> Iterator[bytes]:
    for at in range(0, len(content), step):
        yield content[:at]
        yield content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


@pytest.mark.parametrize("name", ["cache.db", "cache.db-wal"])
def test_damage_anywhere_never_gives_a_wrong_answer(tmp_path: Path, exchange: Make, name: str) -> None:
    exchanges = [exchange(f"问{number}", "答" * 200) for number in range(4)]
    store = AnswerStore(tmp_path / "whole")
    for one in exchanges:
        assert store.put(one)
    # Copied while open: the log is still there.
    files = {path.name: path.read_bytes() for path in (tmp_path / "whole" / "v1").iterdir()}
    store.close()
    if name == "cache.db":
        files = {"cache.db": (tmp_path / "whole" / "v1" / "cache.db").read_bytes()}
    files.pop("cache.db-shm", None)
    hits = misses = 0
    for number, content in enumerate(damaged_copies(files[name], max(1, len(files[name]) // 60) | 1)):
        folder = tmp_path / str(number) / "v1"
        folder.mkdir(parents=True)
        for other, whole in files.items():
            (folder / other).write_bytes(content if other == name else whole)
        store = AnswerStore(folder.parent)
        for one in exchanges:
            kept = store.get(one.key, one.request)
            hits, misses = hits + (kept is not None), misses + (kept is None)
            assert kept is None or kept == one
        store.put(exchanges[0])
        store.close()
        shutil.rmtree(folder.parent)
    assert hits > 0
    assert misses > 0


def test_answers_that_came_together_are_kept_together_or_not_at_all(
    tmp_path: Path, exchange: Callable[..., Exchange]
) -> None:
    store = AnswerStore(tmp_path)
    first, second, third = (exchange(question=str(number)) for number in range(3))
    assert store.put_all([first, second])
    no_answer = replace(third, status=500)
    assert not store.put_all([third, no_answer])
    assert [store.get(one.key, one.request) for one in (first, second, third)] == [first, second, None]
    assert store.put_all([])
    store.close()
    assert not store.put_all([third])


def test_the_mark_of_a_price_comes_back_with_the_answer(tmp_path: Path, exchange: Callable[..., Exchange]) -> None:
    marked = replace(exchange(), headers={"content-type": "application/json", PRICE_HEADER: BATCH_PRICE})
    store = AnswerStore(tmp_path)
    assert store.put(marked)
    assert store.get(marked.key, marked.request) == marked
    store.close()
