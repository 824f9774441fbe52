"""The views of a batch as files: which there are, and writing those that are asked for."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from summarizer.articles.texts import read_text
from summarizer.errors import InputError, SettingsError
from summarizer.files import WholeFile, make_private_folder
from summarizer.records import ArticleRecord, FailedInput
from summarizer.report.amounts import Language
from summarizer.report.extras import import_extra
from summarizer.report.labels import LanguageChoice, frame_language, record_language
from summarizer.report.ledger_types import Ledger
from summarizer.report.markdown import MarkdownReport
from summarizer.report.spool import RecordSpool
from summarizer.report.tables import TABLES, Row, csv_header, csv_row, item_rows, items_text


class View(Protocol):
    """One format under way: takes the records one by one, then writes what it could not write before."""

    def add(self, record: ArticleRecord) -> None:
        """Take the next record."""

    def finish(self, failures: Sequence[FailedInput]) -> list[Path]:
        """Complete the files and return their paths; they are moved into place when the stack they were opened on closes."""


RefineLedger = Callable[[Ledger, Sequence[ArticleRecord]], Ledger]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """What a caller may ask of the views; each takes what concerns it."""

    language: LanguageChoice
    refine_ledger: RefineLedger | None


OpenView = Callable[[Path, ExitStack, _Options], View]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A name that `--format` knows, the files it stands for, and how it is written.

    `open` is None for `jsonl`, which is not made from records but is the records. `package` is what must be installed.
    """

    name: str
    files: tuple[str, ...]
    open: OpenView | None = None
    package: str | None = None


def choose_formats(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names, blanks and case aside, once each in their order; `jsonl` first, because it is always there.

    Raises:
        SettingsError: a name that is no format, or one whose package is not installed.
    """
    chosen = dict.fromkeys(("jsonl", *(name.strip().casefold() for name in names if name.strip())))
    for name in chosen:
        if name not in FORMATS:
            raise SettingsError(f"unknown format {name!r}; available: {', '.join(FORMATS)}")
        if package := FORMATS[name].package:
            import_extra(package)
    return tuple(chosen)


def write_views(
    records: Iterable[ArticleRecord],
    failures: Iterable[FailedInput],
    folder: str | os.PathLike[str],
    formats: Iterable[str],
    *,
    language: LanguageChoice = "auto",
    refine_ledger: RefineLedger | None = None,
) -> list[Path]:
    """Write the asked-for views into `folder` and return their paths.

    The records are read once; `ledger` holds them until the end, `html` lets them wait in a temporary file. A file is replaced
    whole or not at all: when `records` raises, all stand as they stood before. `jsonl` is accepted and writes nothing:
    results.jsonl and failures.jsonl are what the views are made from, and the run writes them. Items of a profile come
    with `csv`, one table a kind: `items_<kind>.csv`. `refine_ledger` is given the ledger and the records before the ledger is
    written; what it raises leaves all files as they stood.

    Raises:
        SettingsError: a format that is unknown or not installed; found before anything is read or written.
        OutputError: a file cannot be written; the message names it.
    """
    openers = [opener for name in choose_formats(formats) if (opener := FORMATS[name].open) is not None]
    target = make_private_folder(folder)
    if not openers:
        return []
    with ExitStack() as stack:
        options = _Options(language=language, refine_ledger=refine_ledger)
        views = [opener(target, stack, options) for opener in openers]
        for record in records:
            for view in views:
                view.add(record)
        named = list(failures)
        return [path for view in views for path in view.finish(named)]


class _PartsReport(Protocol):
    """A report that takes records one by one and gives its file in parts."""

    def add(self, record: ArticleRecord) -> None:
        """Take the next record."""

    def parts(self, failures: Iterable[FailedInput]) -> Iterable[str] | Iterable[bytes]:
        """Give the whole of it."""


class _PartsView:
    """A view of one file that such a report makes."""

    def __init__(self, file: WholeFile, report: _PartsReport) -> None:
        self._file, self._report = file, report

    def add(self, record: ArticleRecord) -> None:
        self._report.add(record)

    def finish(self, failures: Sequence[FailedInput]) -> list[Path]:
        for part in self._report.parts(failures):
            self._file.write(part)
        return [self._file.path]


def _open_markdown(folder: Path, stack: ExitStack, options: _Options) -> View:
    file = stack.enter_context(WholeFile(folder / "report.md"))
    return _PartsView(file, stack.enter_context(MarkdownReport(language=options.language)))


def _open_xlsx(folder: Path, stack: ExitStack, options: _Options) -> View:
    from summarizer.report.workbook import WorkbookReport

    file = stack.enter_context(WholeFile(folder / "report.xlsx"))
    return _PartsView(file, stack.enter_context(WorkbookReport(language=options.language)))


class _CsvView:
    def __init__(self, folder: Path, stack: ExitStack, options: _Options) -> None:
        self._folder, self._stack = folder, stack
        self._files = [(table, stack.enter_context(WholeFile(folder / table.file))) for table in TABLES]
        for table, file in self._files:
            file.write(csv_header(table.columns))
        # Held until all fields are known: they are few beside the articles.
        self._items: dict[str, list[Row]] = {}

    def add(self, record: ArticleRecord) -> None:
        for table, file in self._files:
            file.write("".join(csv_row(table.columns, row) for row in table.rows(record)))
        for kind in dict.fromkeys(item.kind for item in record.items or ()):
            self._items.setdefault(kind, []).extend(item_rows(record, kind))

    def finish(self, failures: Sequence[FailedInput]) -> list[Path]:
        paths = [file.path for _, file in self._files]
        for kind, rows in self._items.items():
            file = self._stack.enter_context(WholeFile(self._folder / f"items_{_safe_kind(kind)}.csv"))
            file.write(items_text(rows))
            paths.append(file.path)
        return paths


class _HtmlView:
    """The page of a batch: its list comes before its articles, so the records wait."""

    def __init__(self, folder: Path, stack: ExitStack, options: _Options) -> None:
        self._file = stack.enter_context(WholeFile(folder / "report.html"))
        self._texts = _Texts(folder)
        self._choice = options.language
        self._languages: set[Language] = set()
        self._records = stack.enter_context(RecordSpool())

    def add(self, record: ArticleRecord) -> None:
        self._languages.add(record_language(record))
        self._records.add(record)

    def finish(self, failures: Sequence[FailedInput]) -> list[Path]:
        # Loaded on use, as for the two below: a run that writes tables alone starts without a template engine.
        from summarizer.report.page import page_parts

        language = frame_language(self._languages, self._choice)
        for part in page_parts(self._records, self._texts, language, failures=failures):
            self._file.write(part)
        return [self._file.path]


class _Texts(Mapping[str, str]):
    """The canonical texts of an output folder by article id, each read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, article_id: str) -> str:
        try:
            return read_text(self._folder, article_id)
        except InputError as error:
            raise KeyError(article_id) from error

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class _LedgerView:
    """The deals of a batch: whether two articles tell of one deal is known at the end, so all records are held."""

    def __init__(self, folder: Path, stack: ExitStack, options: _Options) -> None:
        self._choice = options.language
        self._records: list[ArticleRecord] = []
        self._files = [stack.enter_context(WholeFile(folder / name)) for name in _LEDGER_FILES]
        self._refine = options.refine_ledger

    def add(self, record: ArticleRecord) -> None:
        self._records.append(record)

    def finish(self, failures: Sequence[FailedInput]) -> list[Path]:
        from summarizer.report.ledger import build_ledger
        from summarizer.report.ledger_section import ledger_markdown
        from summarizer.report.ledger_views import ledger_csv, ledger_doubtful_csv, ledger_values_csv

        ledger = build_ledger(self._records)
        if self._refine is not None:
            ledger = self._refine(ledger, self._records)
        language = frame_language((record_language(one) for one in self._records), self._choice)
        texts = (
            ledger_markdown(ledger, language),
            ledger_csv(ledger),
            ledger_values_csv(ledger),
            ledger_doubtful_csv(ledger),
        )
        for file, text in zip(self._files, texts, strict=True):
            file.write(text)
        return [file.path for file in self._files]


class _ParquetView:
    def __init__(self, folder: Path, stack: ExitStack, options: _Options) -> None:
        from summarizer.report.arrow import ParquetFiles

        self._folder, self._stack = folder, stack
        self._files = ParquetFiles()

    def add(self, record: ArticleRecord) -> None:
        self._files.add(record)

    def finish(self, failures: Sequence[FailedInput]) -> list[Path]:
        paths = []
        for name, data in self._files.parts():
            file = self._stack.enter_context(WholeFile(self._folder / name))
            file.write(data)
            paths.append(file.path)
        return paths


_LEDGER_FILES: Final = ("ledger.md", "ledger.csv", "ledger_values.csv", "ledger_doubtful.csv")
FORMATS: Final[Mapping[str, Format]] = {
    form.name: form
    for form in (
        Format(name="jsonl", files=("results.jsonl", "failures.jsonl")),
        Format(name="md", files=("report.md",), open=_open_markdown),
        Format(name="csv", files=tuple(table.file for table in TABLES), open=_CsvView),
        Format(name="html", files=("report.html",), open=_HtmlView),
        Format(name="ledger", files=_LEDGER_FILES, open=_LedgerView),
        Format(name="xlsx", files=("report.xlsx",), open=_open_xlsx, package="xlsxwriter"),
        Format(
            name="parquet",
            files=tuple(f"{name}.parquet" for name in ("articles", "figures", "deals", "terms", "review")),
            open=_ParquetView,
            package="pyarrow",
        ),
    )
}

_SAFE_KIND = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)


def _safe_kind(kind: str) -> str:
    """A kind is a Python name in our own records; in a file from elsewhere it may be a path."""
    if _SAFE_KIND.fullmatch(kind):
        return kind
    return hashlib.sha256(kind.encode("utf-8", "surrogatepass")).hexdigest()[:16]
