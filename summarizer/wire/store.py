"""The answer store: every answer received, kept before it is judged, so that nothing is paid for twice.

Built on diskcache, which unpickles what it reads and reads or deletes the files its rows name unless a `Disk` of one's
own forbids it. Whoever can write the database can do no more here than make entries disappear.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import quote

import diskcache
from diskcache.core import DBNAME, METADATA, MODE_RAW

from summarizer.errors import StoreError
from summarizer.wire.exchange import Exchange

STORE_VERSION: Final = 1
_MAGIC: Final = b"answer/%d\n" % STORE_VERSION
_DIGEST_BYTES: Final = 32
# A failing disk is asked this often; then the run goes on without it.
_PATIENCE: Final = 3

_SETTINGS: Final[dict[str, int | str]] = {
    "statistics": 0,
    "tag_index": 0,
    # The default evicts silently at 1 GiB; an answer that was paid for is never thrown away.
    "eviction_policy": "none",
    "cull_limit": 0,
    "size_limit": 2**62,
    "sqlite_auto_vacuum": 1,
    "sqlite_cache_size": 2**11,
    "sqlite_journal_mode": "wal",
    # A mapped file that somebody truncates kills the process with SIGBUS.
    "sqlite_mmap_size": 0,
    # FULL: a commit survives a power loss.
    "sqlite_synchronous": 2,
    "disk_min_file_size": 2**40,
    "disk_pickle_protocol": 0,
}
_TEXT_SETTINGS: Final = {name: value for name, value in _SETTINGS.items() if isinstance(value, str)}
_SCHEMA: Final = {
    ("table", "Settings"),
    ("table", "Cache"),
    ("index", "Cache_key_raw"),
    ("index", "Cache_expire_time"),
    ("trigger", "Settings_count_insert"),
    ("trigger", "Settings_count_delete"),
    ("trigger", "Settings_size_insert"),
    ("trigger", "Settings_size_update"),
    ("trigger", "Settings_size_delete"),
}


class RawDisk(diskcache.Disk):  # type: ignore[misc]
    """Bytes in, bytes out, inside the database: no pickle, no file, text keys only.

    What does not look so in a row reads as an `OSError`, which diskcache takes as a missing key.
    """

    def put(self, key: object) -> tuple[str, bool]:
        """Return the database key; only text is one."""
        if not isinstance(key, str):
            raise TypeError(f"store keys are text, got {type(key).__name__}")
        return key, True

    def get(self, key: object, raw: object) -> str:
        """Return a key read from the database."""
        if raw != 1 or not isinstance(key, str):
            raise OSError("a row whose key is no text")
        return key

    def store(self, value: object, read: bool, key: object = None) -> tuple[int, int, None, memoryview]:
        """Return the columns of a value; only bytes are one."""
        if read or not isinstance(value, bytes):
            raise TypeError(f"store values are bytes, got {type(value).__name__}")
        return len(value), MODE_RAW, None, memoryview(value)

    def fetch(self, mode: object, filename: object, value: object, read: bool) -> bytes:
        """Return the value of a row."""
        if mode != MODE_RAW or filename is not None or read or not isinstance(value, bytes):
            raise OSError("a row that this store did not write")
        return value

    def filename(self, key: object = None, value: object = None) -> NoReturn:
        """No value has a file."""
        raise TypeError("this store keeps no values in files")

    def remove(self, file_path: object) -> None:
        """Remove nothing: a file name in a row is not ours."""


class AnswerStore:
    """Answers by exchange key, in `<folder>/v1`.

    A store that cannot be used never stops a run: it answers nothing, keeps nothing, and says why, once, in `problems`
    and through `on_problem`. A damaged, tampered or foreign entry is no answer. Nothing expires and nothing is evicted.
    The database is its owner's alone (folder 0700, files 0600). One commit costs one fsync; a read some 30 µs.

    Args:
        folder: made where it is missing.
        on_problem: called with one line for each new problem.
        lock_timeout_s: seconds to wait for another process that writes.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        on_problem: Callable[[str], None] | None = None,
        lock_timeout_s: float = 5.0,
    ) -> None:
        self.folder = Path(folder).absolute() / f"v{STORE_VERSION}"
        self.problems: list[str] = []
        self._on_problem = on_problem
        self._failures = 0
        self._inode: int | None = None
        self._cache: Any = None
        # Stays when the store is given up: a thread that writes has a connection of its own to close.
        self._opened: Any = None
        try:
            self._prepare_files()
            _inspect(self.folder / DBNAME, lock_timeout_s)
            self._cache = diskcache.Cache(str(self.folder), timeout=lock_timeout_s, disk=RawDisk, **_SETTINGS)
            self._opened = self._cache
        # ValueError, TypeError: diskcache unpacks what a damaged Settings table gave it.
        except (OSError, sqlite3.Error, StoreError, diskcache.Timeout, ValueError, TypeError) as error:
            self._say(f"cannot be used ({_reason(error)}); move it away or name another folder to keep answers again")

    @property
    def is_usable(self) -> bool:
        """Whether answers are still read and kept."""
        return self._cache is not None

    def get(self, key: str, request: Any) -> Exchange | None:
        """Return the answer kept for a key, None where there is none that holds.

        Args:
            key: the exchange key.
            request: the request's body, put into the exchange that is returned.
        """
        if self._cache is None:
            return None
        try:
            entry = self._cache.get(key)
        except (OSError, sqlite3.Error, diskcache.Timeout) as error:
            self._fail(error, "read")
            return None
        return None if entry is None else _unpack(entry, key, request)

    def put(self, exchange: Exchange) -> bool:
        """Keep an answer; return whether it is on disk. Anything but an answer (`is_answer`) is not kept."""
        return self.put_all((exchange,))

    def put_all(self, exchanges: Sequence[Exchange]) -> bool:
        """Keep answers in one commit; return whether they are on disk: all of them, or none.

        For answers that came together: 1,000 of 4 kB take some 0.1 s, one by one over 3 s. If one of them is no answer
        (`is_answer`), none is kept.
        """
        if self._cache is None or not all(exchange.is_answer for exchange in exchanges):
            return False
        return self.note(self.write(exchanges))

    def write(self, exchanges: Sequence[Exchange]) -> Exception | None:
        """Write answers in one commit, all or none; return why it could not be done, for `note`.

        May be called from another thread than all else, one at a time; that thread calls `disconnect` when it ends.
        """
        cache = self._cache
        if cache is None:
            return StoreError("the store is closed")
        try:
            # A deleted database goes on taking writes that nobody will find.
            if (self.folder / DBNAME).stat().st_ino != self._inode:
                return StoreError("it was replaced while the run went on")
            with cache.transact(retry=False):
                for exchange in exchanges:
                    cache.set(exchange.key, _pack(exchange), retry=False)
        except FileNotFoundError:
            return StoreError("it was deleted while the run went on")
        except (OSError, sqlite3.Error, diskcache.Timeout) as error:
            return error
        return None

    def note(self, error: Exception | None) -> bool:
        """Hear how `write` ended, say what is to be said, and return whether the answers are on disk."""
        if error is None:
            self._failures = 0
            return True
        if isinstance(error, StoreError):
            if self._cache is not None:
                self._give_up(str(error))
        else:
            self._fail(error, "written")
        return False

    def disconnect(self) -> None:
        """Close the database for the calling thread alone."""
        if self._opened is not None:
            self._opened.close()

    def close(self) -> None:
        """Close the database. The store answers nothing afterwards."""
        cache, self._cache = self._cache, None
        if cache is not None:
            cache.close()

    def _prepare_files(self) -> None:
        if os.path.expandvars(self.folder) != str(self.folder):
            # diskcache would expand it and open another folder.
            raise StoreError("its name holds an environment variable")
        self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        others = sorted(path.name for path in self.folder.parent.glob("v[0-9]*") if path != self.folder)
        if others and not self.folder.exists():
            self._say(
                f"is new; the answers of another version beside it ({', '.join(others)}) are left alone and not read"
            )
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if not stat.S_ISDIR(self.folder.lstat().st_mode):
            raise StoreError("the folder is a link")
        self.folder.chmod(0o700)
        # SQLite gives its -wal and -shm files the permissions of the database.
        for name in (DBNAME, f"{DBNAME}-wal", f"{DBNAME}-shm"):
            self._prepare_file(self.folder / name, is_made=name == DBNAME)
        self._inode = (self.folder / DBNAME).stat().st_ino

    def _prepare_file(self, path: Path, *, is_made: bool) -> None:
        flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | (os.O_CREAT if is_made else 0)
        try:
            descriptor = os.open(path, flags, 0o600)
        except FileNotFoundError:
            return
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise StoreError(f"{path.name!r} is no regular file")
            os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)

    def _fail(self, error: Exception, what: str) -> None:
        self._failures += 1
        if self._failures >= _PATIENCE or not isinstance(error, (sqlite3.OperationalError, diskcache.Timeout, OSError)):
            self._give_up(_reason(error))
        elif self._failures == 1:
            self._say(f"could not be {what} ({_reason(error)}); the run goes on")

    def _give_up(self, reason: str) -> None:
        self._say(f"is no longer used in this run ({reason}); answers from now on are not kept")
        self.close()

    def _say(self, what: str) -> None:
        problem = f"answer store {str(self.folder)!r} {what}"
        if problem not in self.problems:
            self.problems.append(problem)
            if self._on_problem is not None:
                self._on_problem(problem)


def _reason(error: Exception) -> str:
    if isinstance(error, diskcache.Timeout):
        return "another process holds it, or it is read-only"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _inspect(path: Path, lock_timeout_s: float) -> None:
    """Refuse a database that diskcache must not open, or would wait a minute for.

    diskcache sets an attribute of itself and runs a PRAGMA for each row of the Settings table, whatever its name.
    """
    # The path is quoted because SQLite reads ? and # in it.
    with closing(
        sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=lock_timeout_s, isolation_level=None)
    ) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("BEGIN IMMEDIATE")
        try:
            objects = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
            # SQLite's own index of a UNIQUE column has no SQL text.
            found = {(kind, name) for kind, name, sql in objects if sql is not None}
            if not found <= _SCHEMA or any(str(sql).upper().startswith("CREATE VIRTUAL") for _, _, sql in objects):
                raise StoreError("its database has a foreign schema")
            if ("table", "Settings") in found:
                _check_settings(database.execute("SELECT key, value FROM Settings").fetchall())
        finally:
            database.execute("ROLLBACK")


def _check_settings(rows: list[tuple[object, object]]) -> None:
    for name, value in rows:
        is_ours = isinstance(name, str) and (name in _SETTINGS or name in METADATA)
        expected = _TEXT_SETTINGS.get(str(name))
        if not is_ours or (value != expected if expected is not None else not isinstance(value, int)):
            raise StoreError("its settings were changed")


def _pack(exchange: Exchange) -> bytes:
    head = json.dumps(
        {"headers": dict(exchange.headers), "key": exchange.key, "status": exchange.status}, sort_keys=True
    )
    content = head.encode("ascii") + b"\n" + exchange.body
    return _MAGIC + hashlib.sha256(content).digest() + content


def _unpack(entry: bytes, key: str, request: Any) -> Exchange | None:
    start = len(_MAGIC) + _DIGEST_BYTES
    content = entry[start:]
    if not entry.startswith(_MAGIC) or hashlib.sha256(content).digest() != entry[len(_MAGIC) : start]:
        return None
    try:
        head_line, _, body = content.partition(b"\n")
        head = json.loads(head_line)
        # A checksum is no signature: what is read from the entry is checked for its form as well.
        is_sound = head["key"] == key
        headers = {str(name): str(value) for name, value in head["headers"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    exchange = Exchange(key=key, request=request, status=head["status"], headers=headers, body=body)
    return exchange if is_sound and exchange.is_answer else None
