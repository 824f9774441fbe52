from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import ReplayMissError, SettingsError, StoreError
from summarizer.wire.exchange import Exchange
from summarizer.wire.recordings import Recordings

Make = Callable[..., Exchange]


def test_a_recording_comes_back_equal(tmp_path: Path, exchange: Make) -> None:
    one = exchange(
        answer=json.dumps({"amount": "约30亿元", "lines": "一\n二", "more": "填充" * 30}, ensure_ascii=False)
    )
    path = Recordings(tmp_path).write(one)
    kept = Recordings(tmp_path).get(one.key)
    assert kept is not None
    assert (kept.key, kept.request, kept.status, kept.headers) == (one.key, one.request, 200, one.headers)
    assert kept.answer == one.answer
    assert path.name == f"{one.key[:32]}.json"
    assert Recordings(tmp_path).load(path) == kept


def test_the_same_answer_recorded_again_gives_the_same_bytes(tmp_path: Path, exchange: Make) -> None:
    one = exchange()
    respelled = Exchange(
        key=one.key,
        request=dict(reversed(list(one.request.items()))),
        status=200,
        headers={**one.headers, "x-request-id": "req_1", "set-cookie": "a=b", "date": "now"},
        body=json.dumps(one.answer, indent=3).encode(),
    )
    first = Recordings(tmp_path / "a").write(one).read_bytes()
    second = Recordings(tmp_path / "b").write(respelled).read_bytes()
    kept = Recordings(tmp_path / "a").get(one.key)
    assert kept is not None
    third = Recordings(tmp_path / "c").write(kept).read_bytes()
    assert first == second == third
    assert b"req_1" not in second
    assert b"cookie" not in second


def test_an_unchanged_recording_is_not_written_again(tmp_path: Path, exchange: Make) -> None:
    recordings = Recordings(tmp_path)
    path = recordings.write(exchange())
    inode = path.stat().st_ino
    assert recordings.write(exchange()).stat().st_ino == inode
    recordings.write(exchange(answer="另一个"))
    assert path.stat().st_ino != inode
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name], "no temporary file is left"


def test_a_recording_is_readable_chinese(tmp_path: Path, exchange: Make) -> None:
    path = Recordings(tmp_path).write(exchange("第一句。\n第二句。", "约30亿元"))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert '            "第一句。",' in lines
    assert '            "第二句。"' in lines
    assert any(line.endswith('"content": "约30亿元"') for line in lines)


def test_a_link_in_the_place_of_a_recording_is_replaced_not_followed(tmp_path: Path, exchange: Make) -> None:
    one = exchange()
    outside = tmp_path / "outside.json"
    outside.write_text("untouched")
    recordings = Recordings(tmp_path / "r")
    recordings.folder.mkdir()
    recordings.path_of(one.key).symlink_to(outside)
    with pytest.raises(StoreError, match="cannot read"):
        recordings.get(one.key)
    recordings.write(one)
    assert outside.read_text() == "untouched"
    assert not recordings.path_of(one.key).is_symlink()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b"\xff\xff", b'{"format": "recording/0"}', b"[" * 200_000],
    ids=["empty", "cut", "list", "bare", "binary", "format", "deep"],
)
def test_a_broken_recording_is_named(tmp_path: Path, exchange: Make, content: bytes) -> None:
    recordings = Recordings(tmp_path)
    path = recordings.write(exchange())
    path.write_bytes(content)
    with pytest.raises(StoreError, match=path.name):
        recordings.get(exchange().key)


def test_every_cut_of_a_recording_is_an_error_and_never_an_answer(tmp_path: Path, exchange: Make) -> None:
    recordings = Recordings(tmp_path)
    path = recordings.write(exchange())
    whole = path.read_bytes()
    # The last byte is the newline at the end, which nothing depends on.
    for length in range(len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(StoreError):
            recordings.get(exchange().key)


def test_an_edited_request_is_noticed(tmp_path: Path, exchange: Make) -> None:
    recordings = Recordings(tmp_path)
    path = recordings.write(exchange("甲公司"))
    path.write_text(path.read_text(encoding="utf-8").replace("甲公司", "乙公司"), encoding="utf-8")
    with pytest.raises(StoreError, match="was edited"):
        recordings.get(exchange("甲公司").key)


def test_a_renamed_recording_is_noticed(tmp_path: Path, exchange: Make) -> None:
    recordings = Recordings(tmp_path)
    recordings.write(exchange("甲")).rename(recordings.path_of(exchange("乙").key))
    with pytest.raises(StoreError, match="was edited"):
        recordings.get(exchange("乙").key)


def test_an_answer_replaced_by_an_error_is_no_recording(tmp_path: Path, exchange: Make) -> None:
    recordings = Recordings(tmp_path)
    path = recordings.write(exchange())
    document = json.loads(path.read_bytes())
    document["response"]["body"] = {"error": {"message": "no"}}
    path.write_text(json.dumps(document))
    with pytest.raises(StoreError, match="no answer in it"):
        recordings.get(exchange().key)


def test_a_fifo_does_not_block(tmp_path: Path, exchange: Make) -> None:
    recordings = Recordings(tmp_path)
    os.mkfifo(recordings.path_of(exchange().key))
    with pytest.raises(StoreError):
        recordings.get(exchange().key)


def test_an_unwritable_folder_is_named(tmp_path: Path, exchange: Make) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot write recording"):
        Recordings(tmp_path / "file").write(exchange())


@pytest.mark.parametrize("is_made", [True, False])
def test_replaying_from_nothing_is_a_settings_error(tmp_path: Path, is_made: bool) -> None:
    if is_made:
        (tmp_path / "r").mkdir()
    with pytest.raises(SettingsError, match="--record"):
        Recordings(tmp_path / "r").check_readable()


def article(number: int) -> str:
    return "\n".join(
        f"{number}号公司第{line}句：与合作方{number * 31 + line}签署协议，金额约{number * line}亿元。"
        for line in range(30)
    )


def test_a_miss_shows_the_nearest_recording_and_what_changed(tmp_path: Path, exchange: Make) -> None:
    recordings = Recordings(tmp_path)
    for number in range(40):
        recordings.write(exchange(article(number)))
    asked = exchange(article(17).replace("第12句", "第12句（更正）"), temperature=1)
    error = recordings.miss(asked.key, asked.request)
    assert isinstance(error, ReplayMissError)
    first, *rest = str(error).splitlines()
    assert asked.key[:12] in first
    assert "--record" in first
    assert recordings.path_of(exchange(article(17)).key).name in rest[0]
    changed = [line for line in rest if line[0] in "+-"]
    assert len(changed) == 4
    assert "（更正）" in changed[1]
    assert changed[2:] == ['-   "temperature": 0', '+   "temperature": 1']


def test_a_difference_in_a_long_line_is_shown_where_it_is(tmp_path: Path, exchange: Make) -> None:
    text = "".join(f"第{number}家公司签约，" for number in range(400))
    recordings = Recordings(tmp_path)
    recordings.write(exchange(text))
    asked = exchange(text.replace("第300家", "第三百家"))
    lines = str(recordings.miss(asked.key, asked.request)).splitlines()
    assert any("第三百家" in line for line in lines)
    assert max(map(len, lines[1:])) < 120


def test_a_miss_does_not_flood(tmp_path: Path, exchange: Make) -> None:
    recordings = Recordings(tmp_path)
    recordings.write(exchange(article(1)))
    asked = exchange(article(2))
    text = str(recordings.miss(asked.key, asked.request))
    assert len(text.splitlines()) <= 42
    assert text.splitlines()[-1].endswith("more lines")


def test_only_the_first_misses_are_explained(tmp_path: Path, exchange: Make) -> None:
    recordings = Recordings(tmp_path)
    recordings.write(exchange("甲"))
    asked = exchange("乙")
    lengths = [len(str(recordings.miss(asked.key, asked.request)).splitlines()) for _ in range(5)]
    assert min(lengths[:3]) > 1
    assert lengths[3:] == [1, 1]


def test_a_miss_among_thousands_of_recordings_takes_bounded_time(tmp_path: Path, exchange: Make) -> None:
    recordings = Recordings(tmp_path)
    content = recordings.write(exchange("\n".join(article(number) for number in range(5)))).read_bytes()
    for number in range(3000):
        (tmp_path / f"{number:032x}.json").write_bytes(content)
    asked: Any = exchange("\n".join(article(number) for number in range(6)))
    started = time.process_time()
    assert "nearest" in str(recordings.miss(asked.key, asked.request))
    assert time.process_time() - started < 5


def test_broken_neighbours_do_not_break_the_explanation(tmp_path: Path, exchange: Make) -> None:
    recordings = Recordings(tmp_path)
    (tmp_path / "0.json").write_bytes(b"{broken")
    (tmp_path / "1.json").mkdir()
    asked = exchange()
    assert isinstance(recordings.miss(asked.key, asked.request), ReplayMissError)
