"""What a run holds of each article while it goes on: little, whatever the article's length."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from summarizer import Article
from summarizer.articles import read_inputs
from summarizer.articles.raw import IdRegister
from summarizer.batch import hold_folder
from summarizer.batch.finished import FinishedWork, ResultsLog, write_finished
from summarizer.batch.intake import Intake
from summarizer.batch.shelves import ArticleShelf, RecordShelf
from summarizer.batch.spill import Spill
from summarizer.batch.waiting import STATUSES
from summarizer.errors import OutputError
from summarizer.records import FailedInput
from summarizer.report.progress import PlainProgress
from summarizer.report.spool import RecordSpool
from tests.test_batch_parts import record_of

FEW, MANY = 100, 500
LONG = "第{0}篇的第{1}句讲的是另一件事情，与别的文章都不一样，编号是{0}的{1}号。"


def write_lines(path: Path, articles: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for number in range(articles):
            text = "".join(LONG.format(number, line) for line in range(60))
            file.write(json.dumps({"id": f"a{number}", "text": text}, ensure_ascii=False) + "\n")
    return path


def held_bytes(work: Callable[[], object]) -> int:
    """How much more is held after the work than before, as long as its result lives."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        result = work()
        held = tracemalloc.get_traced_memory()[0] - before
        del result
        return held
    finally:
        tracemalloc.stop()


@pytest.fixture
def reporter() -> Iterator[PlainProgress]:
    with Path("/dev/null").open("w") as stream:
        yield PlainProgress(stream)


def test_articles_that_wait_take_less_than_a_kilobyte_each(tmp_path: Path, reporter: PlainProgress) -> None:
    held = []
    for count in (FEW, MANY):
        source = write_lines(tmp_path / f"{count}.jsonl", count)
        with hold_folder(tmp_path / f"out{count}") as folder:

            def take_in(folder: object = folder, source: Path = source) -> Intake:
                finished = FinishedWork()
                intake = Intake(
                    folder=folder,  # type: ignore[arg-type]
                    shelf=ArticleShelf(folder, finished),  # type: ignore[arg-type]
                    finished=finished,
                    reporter=reporter,
                    aliases=Spill(tmp_path),
                )
                intake.read([source])
                return intake

            held.append(held_bytes(take_in))
    assert (held[1] - held[0]) / (MANY - FEW) < 600


def test_records_that_wait_take_a_few_bytes_each(tmp_path: Path) -> None:
    def put() -> RecordShelf:
        shelf = RecordShelf(tmp_path)
        for position in range(MANY):
            shelf.put(position, record)
        return shelf

    record = record_of("a")
    put()
    assert held_bytes(put) / MANY < 60


def test_what_an_earlier_run_finished_takes_less_than_half_a_kilobyte_each(tmp_path: Path) -> None:
    with hold_folder(tmp_path / "out") as folder:
        shelf = ArticleShelf(folder)
        line = b'{"schema_version":"1","article":{"id":"a"}}\n'
        folder.results_path.write_bytes(line * MANY)
        log = ResultsLog(MANY)
        for number in range(MANY):
            shelf.put(Article.from_text(f"第{number}篇文章。", id=f"a{number}"), key=number.to_bytes(16, "big"))
            log.add(number, line)
        entries = ((shelf.waiting(number), log.place(number, 1, [])) for number in range(MANY))
        write_finished(folder.path, "f", log, entries, [])
        assert len(FinishedWork.open(folder.path, "f")) == MANY
        assert FinishedWork.open(folder.path, "f").is_all_of_results
        assert held_bytes(lambda: FinishedWork.open(folder.path, "f")) / MANY < 500
        assert STATUSES[1] == "ok"


def test_ids_of_any_length_are_held_by_their_hashes() -> None:
    def register(length: int) -> IdRegister:
        ids = IdRegister()
        for number in range(MANY):
            name = f"{number:0{length}}"
            assert ids.assign(name, name, number.to_bytes(32, "big"), is_id_given=True) == name
        return ids

    assert held_bytes(lambda: register(2000)) / MANY < 300


def test_an_id_is_one_article_s_in_whatever_way_it_comes() -> None:
    ids = IdRegister()
    one, other = b"1" * 32, b"2" * 32
    assert ids.assign("x", "a", one, is_id_given=False) == "a"
    assert ids.assign("y", "a", other, is_id_given=False) == f"a~{other.hex()[:8]}"
    again = [
        ids.assign("z", "a", text, is_id_given=given) for text, given in ((one, True), (other, False), (other, True))
    ]
    assert [one.kind for one in again if isinstance(one, FailedInput)] == ["duplicate", "duplicate", "duplicate_id"]


def test_records_of_a_view_wait_on_disk_and_come_back_as_often_as_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("summarizer.report.spool._SPOOL_BYTES", 100)
    odd = record_of("b")
    odd = odd.model_copy(update={"article": odd.article.model_copy(update={"title": "a\ud800b"})})
    records = [record_of("a"), odd, record_of("c")]
    with RecordSpool() as spool:
        for record in records:
            spool.add(record)
        assert list(spool) == records
        assert list(spool) == records


def test_a_stream_may_be_longer_than_a_file_and_a_line_may_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_lines(tmp_path / "many.jsonl", 5)
    limit = path.stat().st_size // 3
    monkeypatch.setattr("summarizer.articles.files.MAX_FILE_BYTES", limit)
    monkeypatch.setattr("summarizer.articles.jsonl.MAX_FILE_BYTES", limit)
    assert [found.id for found in read_inputs([path])] == ["a0", "a1", "a2", "a3", "a4"]
    with path.open("a") as file:
        file.write(json.dumps({"id": "long", "text": "长" * limit}) + "\n")
    *before, last = read_inputs([path])
    assert len(before) == 5
    assert isinstance(last, FailedInput)
    assert (last.kind, "line 6 has more than" in last.message) == ("format", True)


def test_what_is_spilled_comes_back_whole_and_leaves_no_file(tmp_path: Path) -> None:
    spill = Spill(tmp_path)
    pieces = [b"one", b"", b"x" * 100_000, b"last\n"]
    assert [spill.append(piece) for piece in pieces] == [0, 1, 2, 3]
    assert list(spill) == pieces
    assert spill[2] == pieces[2]
    assert list(tmp_path.iterdir()) == []
    spill.close()
    spill.close()
    with pytest.raises(OutputError, match="make room"):
        Spill(tmp_path / "gone")
