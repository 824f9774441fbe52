"""The parts of a run by themselves: folder, shelves, totals, progress, one article's pipeline."""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, ArticleRecord, Settings
from summarizer.batch import BatchResult, Totals, hold_folder, open_folder, writing_after_asking
from summarizer.batch.shelves import ArticleShelf, RecordShelf
from summarizer.engines import Ask, Effort, Outcome
from summarizer.errors import FormatError, OutputError, RunStoppedError, SettingsError, SummarizerError, UsageError
from summarizer.pipeline import Pipeline, record_of_failed_input
from summarizer.proposals import Proposals
from summarizer.records import FailedInput, RunInfo
from summarizer.report.progress import PlainProgress, engine_line

TEXT = "11月18日，甲集团与乙公司签订战略合作协议，总投资约30亿元。"


def record_of(name: str, **run: Any) -> ArticleRecord:
    failed = record_of_failed_input(FailedInput(source=name, id=name, kind="empty", message="nothing"), "llm")
    return failed.model_copy(update={"status": "ok", "error": None, "run": RunInfo(engine="llm", **run)})


class Engine:
    """Proposes nothing, or fails as it is told."""

    def __init__(self, error: Exception | None = None, proposals: Proposals | None = None) -> None:
        self.error = error
        self.proposals = proposals or Proposals(figures=(), deals=())

    async def propose(self, article: Article, ask: Ask) -> Outcome:
        if self.error is not None:
            raise self.error
        return Outcome(proposals=self.proposals, effort=Effort(requests=1, paid_requests=1, output_tokens=20))

    async def aclose(self) -> None:
        """Nothing is open."""


def process(engine: Engine, article: Article | None = None) -> ArticleRecord:
    clock: Iterator[float] = iter((10.0, 12.5))
    pipeline = Pipeline(engine=engine, engine_name="llm", ask=Ask(), now=lambda: next(clock))
    return asyncio.run(pipeline.process(article or Article.from_text(TEXT, id="a")))


def test_a_record_says_how_it_was_made() -> None:
    record = process(Engine())
    assert (record.run.seconds, record.run.requests, record.run.from_cache) == (2.5, 1, False)
    assert record.run.parts == ("summary", "figures", "deals")


def test_an_article_without_a_sentence_of_its_own_is_not_asked_about() -> None:
    article = Article(id="a", source="a", text="x", language="en")
    object.__setattr__(article, "sentences", [])
    record = process(Engine(AssertionError("was asked")), article)
    assert record.error is not None
    assert record.error.kind == "empty"


def test_a_fault_of_our_own_fails_one_article_names_its_place_and_holds_no_text() -> None:
    record = process(Engine(ValueError(TEXT)))
    assert record.error is not None
    assert record.error.kind == "internal"
    assert record.error.message.startswith("ValueError at tests/test_batch_parts.py:")
    assert "甲集团" not in record.error.message


def test_what_was_paid_is_counted_where_a_fault_of_our_own_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("summarizer.verifying.seats.verify_proposals", fail)
    record = process(Engine())
    assert record.status == "failed"
    assert (record.run.paid_requests, record.run.output_tokens) == (1, 20)


@pytest.mark.parametrize("error", [RunStoppedError("no"), SettingsError("no")])
def test_what_no_article_can_get_past_is_no_failed_record(error: SummarizerError) -> None:
    with pytest.raises(type(error)):
        process(Engine(error))


def test_records_come_back_in_the_order_of_their_positions(tmp_path: Path) -> None:
    shelf = RecordShelf(tmp_path)
    for position in (2, 0, 3):
        shelf.put(position, record_of(f"n{position}"))
    assert (0 in shelf, 1 in shelf) == (True, False)
    names = [ArticleRecord.model_validate_json(line).article.id for line in shelf.lines()]
    assert names == ["n0", "n2", "n3"]
    # The file has no name that a kill could leave behind.
    assert list(tmp_path.iterdir()) == []
    shelf.close()


def test_records_that_cannot_be_kept_are_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="No such file or directory; make room"):
        RecordShelf(tmp_path / "gone")


def test_articles_come_back_whole_and_what_they_repeat_is_marked(tmp_path: Path) -> None:
    legal = "读者若有建议，欢迎在工作日的上午把意见告诉值班的同事，我们会逐一回复。"
    bodies = ["".join(f"第{n}篇的第{line}句讲的是另一件事情。" for line in range(20)) for n in range(3)]
    made = [Article.from_text(f"{body}\n{legal}\r\n", id=f"a{n}") for n, body in enumerate(bodies)]
    with hold_folder(tmp_path / "out") as folder:
        shelf = ArticleShelf(folder)
        for article in made:
            shelf.put(article)
        taken = [shelf.take(position) for position in range(3)]
    assert [article.text for article in taken] == [article.text for article in made]
    assert [article.sha256 for article in taken] == [article.sha256 for article in made]
    for article in taken:
        [repeated] = [part for part in article.furniture if part.kind == "repeated"]
        assert article.text[repeated.start : repeated.end] == legal


def test_a_text_that_stands_there_already_is_not_written_again(tmp_path: Path) -> None:
    with hold_folder(tmp_path / "out") as folder:
        folder.keep_text("a", TEXT)
        first = folder.text_path("a").stat().st_ino
        folder.keep_text("a", TEXT)
        assert folder.text_path("a").stat().st_ino == first
        folder.keep_text("a", TEXT + "。")
        assert folder.text_of("a") == TEXT + "。"


def test_a_text_that_is_no_text_is_named(tmp_path: Path) -> None:
    with hold_folder(tmp_path / "out") as folder:
        folder.text_path("a").write_bytes(b"\xff")
        with pytest.raises(FormatError, match="byte 0 is no UTF-8"):
            folder.text_of("a")


def test_a_folder_is_held_by_one_and_free_again_afterwards(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with hold_folder(out), pytest.raises(OutputError, match="in use by another run"), hold_folder(out):
        raise AssertionError("both hold it")
    with hold_folder(tmp_path / "out") as folder:
        folder.write_results([b"{}\n"], [])
    assert open_folder(tmp_path / "out").failures() == []
    with pytest.raises(UsageError, match=r"no results\.jsonl"):
        open_folder(tmp_path)


def test_an_output_lost_after_asking_is_a_failure_not_a_mistake_of_use() -> None:
    with pytest.raises(SummarizerError) as caught, writing_after_asking():
        raise OutputError("no room")
    assert caught.value.exit_code == 1


def test_totals_never_take_what_is_not_known_for_nothing() -> None:
    totals = Totals()
    totals.count(record_of("free", requests=1, input_tokens=5, output_tokens=5, from_cache=True))
    assert totals.known_cost_usd == 0
    totals.count(record_of("priced", requests=1, paid_requests=1, input_tokens=5, output_tokens=5, cost_usd=0.25))
    assert totals.known_cost_usd == 0.25
    totals.count(record_of("silent", requests=1, paid_requests=1))
    assert totals.known_cost_usd is None
    assert (totals.articles_without_usage, totals.articles_without_price, totals.from_cache) == (1, 1, 1)


def test_only_what_failed_makes_the_exit_status_1() -> None:
    skipped = FailedInput(source="a", status="skipped", kind="duplicate", message="")
    assert BatchResult(failures=[skipped]).exit_code == 0
    assert BatchResult(failures=[FailedInput(source="a", kind="empty", message="")]).exit_code == 1
    assert BatchResult(failures=[skipped], stopped=RunStoppedError("no")).exit_code == 3


def test_plain_progress_speaks_every_five_seconds_and_at_the_end() -> None:
    clock = iter((0.0, 1.0, 5.0, 6.0, 7.0))
    stream = io.StringIO()
    progress = PlainProgress(stream, now=lambda: next(clock))
    progress.begin(4, Settings(engine="offline"))
    for number in range(4):
        progress.finished(
            record_of(str(number), input_tokens=600, output_tokens=400, from_cache=number == 1, requests=1)
        )
    assert stream.getvalue().splitlines()[1:] == [
        "4 articles",
        "2/4 done, 1 cached, 2,000 tokens, about 5 s left",
        "4/4 done, 1 cached, 4,000 tokens",
    ]


def test_progress_outlives_its_stream() -> None:
    stream = io.StringIO()
    stream.close()
    progress = PlainProgress(stream)
    progress.begin(1, Settings(engine="offline"))
    progress.finished(record_of("a"))
    progress.end()


def test_lines_of_a_difference_are_shown_as_lines_and_control_characters_as_escapes() -> None:
    stream = io.StringIO()
    PlainProgress(stream).problem("first\n- a\x1b[31m\n+ b")
    assert stream.getvalue() == "first\n    - a\\x1b[31m\n    + b\n"


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"base_url": "https://models.example:8443/v1", "model": "m"}, "model m at models.example:8443"),
        ({"api_key": "sk-1", "model": "m"}, "model m at api.openai.com"),
        ({"replay": Path("r"), "model": "m"}, "model m, answers from the recordings in 'r', no network"),
    ],
)
@pytest.mark.usefixtures("plain_environment")
def test_the_first_line_says_who_answers_and_where_the_articles_go(settings: dict[str, Any], line: str) -> None:
    assert engine_line(Settings(**settings)) == line
