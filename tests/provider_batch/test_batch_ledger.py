"""The ledger: durable, private, and left as it is where it does not hold."""

import sqlite3
import stat
from pathlib import Path

import pytest

from summarizer.errors import OutputError
from summarizer.provider_batch import Job, Ledger
from summarizer.provider_batch.ledger import LEDGER_NAME, LEDGER_VERSION, Entry

KEYS = [f"{number:064x}" for number in range(3)]


def planned(**changes: object) -> Job:
    job = {
        "number": 0, "token": "t", "digest": "d", "base_url": "https://a/v1", "cache_dir": "", "requests": 3,
        "bytes": 30, "state": "planned",
    }  # fmt: skip
    return Job(**job | changes)  # type: ignore[arg-type]


def entries() -> dict[str, Entry]:
    return {key: Entry(line=number, article=f"a{number}") for number, key in enumerate(KEYS, start=1)}


def test_a_request_is_taken_from_the_moment_its_job_is_asked_for_until_it_has_ended(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        job = ledger.plan(planned(), entries())
        assert not ledger.is_taken(KEYS[0])
        job = ledger.advance(job, "uploaded", file_id="f")
        assert not ledger.is_taken(KEYS[0])
        job = ledger.advance(job, "creating")
        assert ledger.is_taken(KEYS[0])
        job = ledger.advance(job, "open", batch_id="b")
        assert (ledger.is_taken(KEYS[0]), ledger.is_taken("f" * 64)) == (True, False)
        ended = ledger.end(job, "expired", {KEYS[1]: "too late"}, {"answered": 2, "input_tokens": 7})
        assert not ledger.is_taken(KEYS[0])
    with Ledger(tmp_path) as ledger:
        assert ledger.jobs() == [ended]
        assert (ended.file_id, ended.batch_id, ended.failed, ended.input_tokens) == ("f", "b", 1, 7)
        assert list(ledger.failures(ended)) == [("a2", "too late")]
        assert ledger.entries(ended) == entries()


def test_the_same_file_goes_on_where_it_stood_unless_it_became_a_job(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        first = ledger.advance(ledger.plan(planned(), entries()), "uploaded", file_id="f")
        again = ledger.plan(planned(token="u", cache_dir="/c"), entries())
        assert (again.number, again.token, again.file_id, again.cache_dir) == (first.number, "t", "f", "/c")
        ledger.advance(again, "creating")
        another = ledger.plan(planned(token="u"), entries())
        assert another.number != first.number
        assert ledger.plan(planned(token="v", base_url="https://b/v1"), entries()).token == "v"


def test_only_what_never_became_a_job_is_dropped(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        loose = ledger.plan(planned(), entries())
        begun = ledger.advance(ledger.plan(planned(token="u", digest="e"), entries()), "creating")
        ledger.drop([loose, begun])
        assert ledger.jobs() == [begun]
        assert ledger.entries(loose) == {}


def test_it_is_its_owner_s_alone(tmp_path: Path) -> None:
    with Ledger(tmp_path / "cache"):
        pass
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "cache" / LEDGER_NAME).stat().st_mode) == 0o600


def test_a_link_in_its_place_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "target"
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / LEDGER_NAME).symlink_to(target)
    with pytest.raises(OutputError, match="cannot be opened"):
        Ledger(tmp_path / "cache")
    assert not target.exists()


@pytest.mark.parametrize("content", [b"no database at all, but some text", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_what_is_no_database_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / LEDGER_NAME).write_bytes(content)
    with pytest.raises(OutputError, match=r"does not hold .*; nothing was changed"):
        Ledger(tmp_path)
    assert (tmp_path / LEDGER_NAME).read_bytes() == content


def test_damage_in_any_page_is_found_or_harmless(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        job = ledger.advance(ledger.plan(planned(), entries()), "creating")
    path = tmp_path / LEDGER_NAME
    whole = path.read_bytes()
    refused = 0
    for start in range(0, len(whole), 512):
        path.write_bytes(whole[:start] + b"\xa5" * 64 + whole[start + 64 :])
        try:
            with Ledger(tmp_path) as ledger:
                # Bytes that no row uses, or a letter of a text.
                assert [(one.number, one.state) for one in ledger.jobs()] == [(job.number, "creating")]
        except OutputError:
            refused += 1
    assert refused > 0
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(OutputError, match="nothing was changed"):
        Ledger(tmp_path)


def test_another_version_is_left_as_it_is(tmp_path: Path) -> None:
    with Ledger(tmp_path):
        pass
    database = sqlite3.connect(tmp_path / LEDGER_NAME)
    database.execute(f"PRAGMA user_version = {LEDGER_VERSION + 1}")
    database.close()
    before = (tmp_path / LEDGER_NAME).read_bytes()
    with pytest.raises(OutputError, match=f"is of version {LEDGER_VERSION + 1}, expected {LEDGER_VERSION}"):
        Ledger(tmp_path)
    assert (tmp_path / LEDGER_NAME).read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER UPDATE ON job BEGIN DELETE FROM request; END",
        "CREATE VIEW v AS SELECT 1",
        "ALTER TABLE job ADD COLUMN more TEXT",
    ],
)
def test_a_foreign_schema_is_refused(tmp_path: Path, statement: str) -> None:
    with Ledger(tmp_path):
        pass
    database = sqlite3.connect(tmp_path / LEDGER_NAME)
    database.execute(statement)
    database.close()
    with pytest.raises(OutputError, match="foreign schema"):
        Ledger(tmp_path)


def test_a_ledger_that_was_just_made_and_not_filled_is_filled(tmp_path: Path) -> None:
    (tmp_path / LEDGER_NAME).touch()
    with Ledger(tmp_path, is_new_allowed=False) as ledger:
        assert ledger.jobs() == []


def test_a_full_disk_is_named_and_changes_nothing(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        job = ledger.plan(planned(), entries())
        ledger._database.execute("PRAGMA max_page_count = 1")
        many = {f"{number:064x}": Entry(line=number, article="a" * 200) for number in range(5000)}
        with pytest.raises(OutputError, match=r"cannot be written .*; make room"):
            ledger.plan(planned(token="u", digest="e"), many)
        assert ledger.jobs() == [job]
