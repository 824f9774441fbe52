"""The ledger: which requests went to the provider in which job. Written before each step, so that a kill loses none.

A job goes through these states; each is on disk before the step that follows it is taken.

    planned     the requests of one file; at most the file was sent, nothing can have been charged
    uploaded    the provider has the file
    creating    the job was asked for; whether the provider has it is not known until it says so
    open        the provider has the job
    ended       its answers are in the store, and each request that has none has a reason

A request in a job that is `creating` or `open` is taken: it is not submitted again.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal, Self
from urllib.parse import quote

from summarizer.errors import OutputError
from summarizer.files import make_private_folder

State = Literal["planned", "uploaded", "creating", "open", "ended"]

LEDGER_NAME: Final = "batches.sqlite"
LEDGER_VERSION: Final = 1
_APPLICATION: Final = 0x4E504241
_SCHEMA: Final = """
CREATE TABLE job (
    number INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,
    base_url TEXT NOT NULL,
    cache_dir TEXT NOT NULL,
    requests INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'uploaded', 'creating', 'open', 'ended')),
    file_id TEXT,
    batch_id TEXT,
    outcome TEXT,
    answered INTEGER NOT NULL DEFAULT 0,
    input_tokens INTEGER NOT NULL DEFAULT 0,
    cached_input_tokens INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0,
    without_usage INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE request (
    job INTEGER NOT NULL REFERENCES job (number) ON DELETE CASCADE,
    key TEXT NOT NULL,
    line INTEGER NOT NULL,
    article TEXT NOT NULL,
    failure TEXT,
    PRIMARY KEY (job, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_key ON request (key);
"""
_LOOSE: Final = "('planned', 'uploaded')"
_TAKEN: Final = "('creating', 'open')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file of requests and what became of it.

    `token` is this job's own random mark, by which file and job are found again at the provider; `digest` the SHA-256
    of the file; `cache_dir` the folder of the store that its answers go to, empty for that of the output folder.
    `outcome` is the provider's last word on a job that has ended. Tokens are those of all its answers; `without_usage`
    of them stated none.
    """

    number: int
    token: str
    digest: str
    base_url: str
    cache_dir: str
    requests: int
    bytes: int
    state: State
    file_id: str | None = None
    batch_id: str | None = None
    outcome: str | None = None
    answered: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    without_usage: int = 0

    @property
    def file_name(self) -> str:
        """The name that the provider is given for the file."""
        return f"newsproof-{self.digest[:16]}-{self.token}.jsonl"

    @property
    def failed(self) -> int:
        """How many requests of a job that has ended have no answer."""
        return self.requests - self.answered


_COLUMNS: Final = ", ".join(field.name for field in fields(Job))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request of a file: its line, counted from 1, and the article that asked it first."""

    line: int
    article: str


class Ledger:
    """The jobs of one output folder, in `<folder>/batches.sqlite`. One writer at a time: hold the output folder.

    Every write is one commit with `synchronous=FULL`: after a power loss it is there or it is not.

    Args:
        folder: the output folder's `.cache`; made where it is missing.
        is_new_allowed: whether the file is made where there is none.

    Raises:
        OutputError: the ledger is damaged, foreign or of another version; it is left as it is.
    """

    def __init__(self, folder: str | os.PathLike[str], *, is_new_allowed: bool = True) -> None:
        self.path = Path(folder) / LEDGER_NAME
        try:
            if is_new_allowed:
                make_private_folder(folder)
                # Owner only; a link that somebody put there is refused.
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
            # The path is quoted because SQLite reads ? and # in it. Never read-only: what a killed process left half
            # written is rolled back by whoever opens the file next.
            self._database = sqlite3.connect(
                f"file:{quote(str(self.path.absolute()))}?mode=rw", uri=True, isolation_level=None, timeout=10.0
            )
        except (OSError, sqlite3.Error) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise OutputError(
                f"the ledger of batch jobs {str(self.path)!r} cannot be opened ({reason}); see to it"
            ) from error
        try:
            self._prepare()
        # ValueError: SQLite's own words about a damaged file may be no UTF-8.
        except (sqlite3.Error, OSError, ValueError) as error:
            self._database.close()
            raise self._damaged(type(error).__name__ if isinstance(error, ValueError) else str(error)) from error
        except OutputError:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def jobs(self) -> list[Job]:
        """Return all jobs, oldest first."""
        with self._reading():
            rows = self._database.execute(f"SELECT {_COLUMNS} FROM job ORDER BY number").fetchall()  # noqa: S608
        return [_job(row) for row in rows]

    def is_taken(self, key: str) -> bool:
        """Return whether a request is in a job that the provider has or may have."""
        query = f"SELECT 1 FROM request JOIN job ON number = job WHERE key = ? AND state IN {_TAKEN}"  # noqa: S608
        with self._reading():
            return self._database.execute(query, (key,)).fetchone() is not None

    def entries(self, job: Job) -> dict[str, Entry]:
        """Return a job's requests by key, in the order of the file."""
        query = "SELECT key, line, article FROM request WHERE job = ? ORDER BY line"
        with self._reading():
            rows = self._database.execute(query, (job.number,)).fetchall()
        return {key: Entry(line=line, article=article) for key, line, article in rows}

    def failures(self, job: Job) -> Iterator[tuple[str, str]]:
        """Give article and reason of each request of an ended job that has no answer, in the order of the file."""
        query = "SELECT article, failure FROM request WHERE job = ? AND failure IS NOT NULL ORDER BY line"
        with self._reading():
            yield from self._database.execute(query, (job.number,))

    def plan(self, job: Job, entries: Mapping[str, Entry]) -> Job:
        """Note a file that is about to be sent; return the job with its number.

        Where the same file was noted before and never became a job, that one is returned, and goes on where it stood.
        """
        query = f"SELECT {_COLUMNS} FROM job WHERE digest = ? AND base_url = ? AND state IN {_LOOSE}"  # noqa: S608
        names = [field.name for field in fields(Job) if field.name != "number"]
        marks = ", ".join("?" * len(names))
        insert = f"INSERT INTO job ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
        with self._writing():
            row = self._database.execute(query, (job.digest, job.base_url)).fetchone()
            if row is not None:
                number = row[0]
                # The same requests may be wanted in another store this time.
                self._database.execute("UPDATE job SET cache_dir = ? WHERE number = ?", (job.cache_dir, number))
            else:
                number = self._database.execute(insert, [getattr(job, name) for name in names]).lastrowid
                self._database.executemany(
                    "INSERT INTO request (job, key, line, article) VALUES (?, ?, ?, ?)",
                    ((number, key, entry.line, entry.article) for key, entry in entries.items()),
                )
        return self._job(number)

    def advance(self, job: Job, state: State, *, file_id: str | None = None, batch_id: str | None = None) -> Job:
        """Note that a job is in another state; ids that are not given stay."""
        with self._writing():
            self._database.execute(
                "UPDATE job SET state = ?, file_id = coalesce(?, file_id), batch_id = coalesce(?, batch_id) WHERE number = ?",
                (state, file_id, batch_id, job.number),
            )
        return self._job(job.number)

    def end(self, job: Job, outcome: str, failures: Mapping[str, str], counts: Mapping[str, int]) -> Job:
        """Note that a job has ended, all at once: its outcome, its requests without an answer by key, its counts.

        `counts` are columns of the job: answered, tokens.
        """
        columns = ", ".join(f"{name} = ?" for name in counts)
        with self._writing():
            self._database.execute(
                f"UPDATE job SET state = 'ended', outcome = ?, {columns} WHERE number = ?",  # noqa: S608 - our own names
                (outcome, *counts.values(), job.number),
            )
            self._database.executemany(
                "UPDATE request SET failure = ? WHERE job = ? AND key = ?",
                ((reason, job.number, key) for key, reason in failures.items()),
            )
        return self._job(job.number)

    def drop(self, jobs: Iterable[Job]) -> None:
        """Forget jobs of which the provider never had more than the file."""
        with self._writing():
            self._database.executemany(
                f"DELETE FROM job WHERE number = ? AND state IN {_LOOSE}",  # noqa: S608
                [(job.number,) for job in jobs],
            )

    def _job(self, number: int) -> Job:
        with self._reading():
            query = f"SELECT {_COLUMNS} FROM job WHERE number = ?"  # noqa: S608
            return _job(self._database.execute(query, (number,)).fetchone())

    def _prepare(self) -> None:
        database = self._database
        for pragma in ("trusted_schema = OFF", "foreign_keys = ON", "synchronous = FULL", "mmap_size = 0"):
            database.execute(f"PRAGMA {pragma}")
        # Empty: made a moment ago, or by a process that was killed right after.
        if database.execute("PRAGMA page_count").fetchone()[0] == 0:
            with self._writing():
                database.execute(f"PRAGMA application_id = {_APPLICATION}")
                database.execute(f"PRAGMA user_version = {LEDGER_VERSION}")
                for statement in _statements():
                    database.execute(statement)
        if database.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise self._damaged("it is no such ledger")
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version != LEDGER_VERSION:
            raise OutputError(
                f"the ledger of batch jobs {str(self.path)!r} is of version {version}, expected {LEDGER_VERSION}; "
                "nothing was changed: go on with the version of this program that wrote it"
            )
        found = database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY sql").fetchall()
        if [sql for (sql,) in found] != sorted(_statements()):
            raise self._damaged("it has a foreign schema")
        problem = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if problem != "ok":
            raise self._damaged(problem)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError) as error:
            raise self._damaged(str(error)) from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Commit all that the block writes, or nothing of it."""
        try:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            if self._database.in_transaction:
                self._database.rollback()
            if isinstance(error, sqlite3.OperationalError):
                raise OutputError(
                    f"the ledger of batch jobs {str(self.path)!r} cannot be written ({error}); "
                    "make room, or see to its permissions, and run the same command again"
                ) from error
            raise self._damaged(str(error)) from error

    def _damaged(self, reason: str) -> OutputError:
        return OutputError(
            f"the ledger of batch jobs {str(self.path)!r} does not hold ({reason}); nothing was changed. Restore it, or "
            "move it away once the provider lists no job that you still want: what is in one would be submitted again"
        )


def _job(row: tuple[Any, ...]) -> Job:
    return Job(**{field.name: value for field, value in zip(fields(Job), row, strict=True)})


def _statements() -> list[str]:
    return [statement.strip() for statement in _SCHEMA.split(";") if statement.strip()]
