from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import OutputError
from summarizer.files import WholeFile, make_private_folder, write_whole


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_text_is_written_as_utf8_with_its_newlines_as_they_are(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.txt", "行一\r\n行二\n")
    assert (tmp_path / "a.txt").read_bytes() == "行一\r\n行二\n".encode()


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.bin", b"\x00\xff")
    assert (tmp_path / "a.bin").read_bytes() == b"\x00\xff"


def test_a_lone_surrogate_is_written_as_its_escape(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.txt", "x\ud800y")
    assert (tmp_path / "a.txt").read_bytes() == b"x\\ud800y"


def test_a_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder = make_private_folder(tmp_path / "new" / "deep")
        write_whole(folder / "a.txt", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "a.txt").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_a_symlink_planted_at_the_path_is_replaced_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("keep me")
    (tmp_path / "out.txt").symlink_to(victim)
    write_whole(tmp_path / "out.txt", "new")
    assert victim.read_text() == "keep me"
    assert not (tmp_path / "out.txt").is_symlink()
    assert (tmp_path / "out.txt").read_text() == "new"


def test_a_link_planted_at_the_temporary_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    victim = tmp_path / "victim"
    victim.write_text("keep me")
    monkeypatch.setattr("summarizer.files.secrets.token_hex", lambda size: "guessed")
    (tmp_path / ".guessed.part").symlink_to(victim)
    with pytest.raises(OutputError, match=r"out\.txt"):
        write_whole(tmp_path / "out.txt", "new")
    assert victim.read_text() == "keep me"


def test_the_old_content_stands_until_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with WholeFile(path) as file:
        file.write("new, ")
        assert path.read_text() == "old"
        file.write("longer")
    assert path.read_text() == "new, longer"
    assert names(tmp_path) == ["a.txt"]


def test_an_error_inside_the_block_leaves_the_old_content_and_no_temporary_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def write_and_break() -> None:
        with WholeFile(path) as file:
            file.write("half")
            raise KeyError("broken off")

    with pytest.raises(KeyError):
        write_and_break()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_a_full_disk_is_an_output_error_that_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "report.md"
    path.write_text("old")
    monkeypatch.setattr("summarizer.files.os.fsync", full)
    with pytest.raises(OutputError, match=r"report\.md.*No space left") as caught:
        write_whole(path, "new")
    assert isinstance(caught.value.__cause__, OSError)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["report.md"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_bytes_that_the_disk_does_not_take_are_an_output_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_open = os.open

    def open_full(path: Any, flags: int, mode: int = 0o777) -> int:
        return real_open("/dev/full", os.O_WRONLY) if str(path).endswith(".part") else real_open(path, flags, mode)

    monkeypatch.setattr("summarizer.files.os.open", open_full)
    with pytest.raises(OutputError, match=r"big\.csv.*No space left"):
        write_whole(tmp_path / "big.csv", "x" * 1_000_000)
    with pytest.raises(OutputError, match=r"small\.csv.*No space left"):
        write_whole(tmp_path / "small.csv", "x")
    assert names(tmp_path) == []


def test_a_missing_folder_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nowhere"):
        write_whole(tmp_path / "nowhere" / "a.txt", "x")


def test_a_folder_in_the_files_place_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "report.md").mkdir()
    with pytest.raises(OutputError, match=r"report\.md"):
        write_whole(tmp_path / "report.md", "x")
    assert names(tmp_path) == ["report.md"]


def test_a_name_of_255_bytes_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    write_whole(path, "x")
    assert path.read_text() == "x"


def test_writing_outside_the_block_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="inside the with block"):
        WholeFile(tmp_path / "a.txt").write("x")


def test_a_folder_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    assert make_private_folder(folder) == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_a_file_in_the_folders_place_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("I am a file")
    with pytest.raises(OutputError, match="no folder"):
        make_private_folder(tmp_path / "out")
    with pytest.raises(OutputError, match="cannot make the folder"):
        make_private_folder(tmp_path / "out" / "deeper")
