"""report.md: a batch of records as one document that a research desk can read and print."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self

from summarizer.errors import OutputError
from summarizer.records import ArticleRecord, FailedInput
from summarizer.report.amounts import Language
from summarizer.report.characters import markdown_line
from summarizer.report.labels import LanguageChoice, code_word, engine_line, frame_language, record_language, word
from summarizer.report.markdown_article import article_section, table
from summarizer.report.overview import OverviewRow, overview_row

# Sections are kept in memory up to this size, then in an unnamed temporary file.
_SPOOL_BYTES = 8_000_000


def render_markdown(
    records: Iterable[ArticleRecord], failures: Iterable[FailedInput], *, language: LanguageChoice = "auto"
) -> str:
    """Return the whole report of a batch.

    Each article's section is labelled in the article's language, the frame in Chinese where all articles are Chinese
    and else in English; `language` sets both. What is not verified stands apart and says so. Nothing that comes from
    an article or a model acts as markup. The same records and failures give the same text.

    Cost: about 1 ms an article; the text of the report is held in memory (`MarkdownReport` does without).
    """
    with MarkdownReport(language=language) as report:
        for record in records:
            report.add(record)
        return "".join(report.parts(failures))


class MarkdownReport:
    """The report built record by record: only the overview's rows are held, sections wait in a temporary file.

    Example:
        with MarkdownReport() as report:
            for record in ArticleRecord.iter_jsonl("out/results.jsonl"):
                report.add(record)
            for part in report.parts(failures=()):
                print(part, end="")
    """

    def __init__(self, *, language: LanguageChoice = "auto") -> None:
        self._language = language
        self._rows: list[OverviewRow] = []
        self._languages: set[Language] = set()
        self._sections = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - closed by __exit__
            max_size=_SPOOL_BYTES, mode="w+", encoding="utf-8", errors="backslashreplace", newline=""
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._sections.close()

    def add(self, record: ArticleRecord) -> None:
        """Add one record, in the order of the report.

        Raises:
            OutputError: the temporary file cannot be written.
        """
        language = record_language(record, self._language)
        self._rows.append(overview_row(record))
        self._languages.add(language)
        section = "".join(line + "\n" for line in article_section(record, len(self._rows), language))
        try:
            self._sections.write(section)
        except OSError as error:
            raise OutputError(
                f"cannot keep the report's sections in {tempfile.gettempdir()!r}: {error.strerror or error}; "
                "make room there or set TMPDIR to another folder, and run again"
            ) from error

    def parts(self, failures: Iterable[FailedInput]) -> Iterator[str]:
        """Yield the finished document piece by piece, each ended by a newline; `failures` are named at its end."""
        failures = list(failures)
        language = frame_language(self._languages, self._language)
        yield "\n".join(_head(self._rows, failures, language)) + "\n"
        self._sections.seek(0)
        yield from self._sections
        yield "\n".join(_failures(failures, language)) + "\n"


def _head(rows: Sequence[OverviewRow], failures: Sequence[FailedInput], language: Language) -> Iterator[str]:
    yield f"# {word('report_title', language)}"
    yield ""
    statuses = Counter(row.status for row in rows)
    counts = {status: statuses[status] for status in ("ok", "needs_review", "failed")}
    paragraph = [
        word("purpose", language),
        word("counts", language).format(all=len(rows), inputs=len(failures), **counts),
        word("made_of", language).format(engines=_engines(rows, language)) if rows else "",
    ]
    yield ("" if language == "zh" else " ").join(part for part in paragraph if part)
    yield ""
    yield word("how_to_read", language)
    yield ""
    yield f"## {word('overview', language)}"
    yield ""
    if not rows:
        yield word("no_records", language)
        yield ""
        return
    keys = ("article", "status", "headline", "figures_verified", "figures_review", "rejected_column", "deals_column")
    cells = (_overview_cells(number, row, language) for number, row in enumerate(rows, start=1))
    header = [word(key, language) for key in keys]
    yield from table(["", *header], cells, numeric=["", *header[3:]])


def _engines(rows: Sequence[OverviewRow], language: Language) -> str:
    lines = Counter(engine_line(row.run, language) for row in rows)
    if len(lines) == 1:
        return markdown_line(next(iter(lines)))
    count = word("n_articles", language)
    joint = "；" if language == "zh" else "; "
    return joint.join(f"{markdown_line(line)} ({count.format(count=number)})" for line, number in sorted(lines.items()))


def _overview_cells(number: int, row: OverviewRow, language: Language) -> list[str]:
    return [
        str(number),
        markdown_line(row.id),
        code_word("record_status", row.status, language),
        markdown_line(row.headline or word("no_headline", language)),
        str(row.figures_verified),
        str(row.figures_review),
        str(row.rejected),
        f"{row.deals_verified} / {row.deals}",
    ]


def _failures(failures: Sequence[FailedInput], language: Language) -> Iterator[str]:
    yield f"## {word('failed_inputs', language)}"
    yield ""
    if not failures:
        yield word("no_failed_inputs", language)
        return
    keys = ("source", "id", "status", "kind", "message")
    yield from table(
        [word(key, language) for key in keys],
        (
            [
                markdown_line(failure.source),
                markdown_line(failure.id or "—"),
                code_word("record_status", failure.status, language),
                markdown_line(failure.kind),
                markdown_line(failure.message),
            ]
            for failure in failures
        ),
    )
