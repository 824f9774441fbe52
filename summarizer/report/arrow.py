"""Arrow tables and Parquet files with typed columns: decimals that are decimals, dates that are dates.

Behind the extra `arrow` (pyarrow). The schema is the same for every batch, so that files of several runs can be read
as one: decimals are `decimal128(38, 12)`. Only where a number of a column needs more (over 26 digits before the point
or 12 behind it), that column is `decimal256(76, 38)`; what does not fit even there is null, and its text stands in
`<name>_text`. Texts are those of the record, without the apostrophes of CSV: nothing in these formats runs a formula.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from summarizer.files import make_private_folder, write_whole
from summarizer.records import SCHEMA_VERSION, ArticleRecord
from summarizer.report.columns import TypedColumn, table_named, typed_columns
from summarizer.report.extras import import_extra
from summarizer.report.tables import Row

PARQUET_TABLES: Final = ("articles", "figures", "deals", "terms", "review")

_NARROW: Final = (38, 12)
_WIDE: Final = (76, 38)
# Rows wait as Python objects up to this many, then as columns, which take a tenth of the room.
_BATCH_ROWS: Final = 4_096


def to_table(records: Iterable[ArticleRecord], table: str = "figures") -> Any:
    """Return one table of a batch as a `pyarrow.Table`: `articles`, `figures`, `deals`, `terms`, `review` or `items`.

    Columns and rows are those of CSV, with types (`columns.typed_columns`): integers, `date32`, exact decimals. An
    empty text is null. The records are read once and not held.

    Raises:
        SettingsError: no such table, or pyarrow is not installed.

    Example:
        figures = to_table(ArticleRecord.load_jsonl("out/results.jsonl"), "figures")
        verified = figures.filter(pyarrow.compute.field("verdict") == "verified")
    """
    builder = ArrowBuilder(table)
    for record in records:
        builder.add(record)
    return builder.table()


def write_parquet(records: Iterable[ArticleRecord], folder: str | os.PathLike[str]) -> list[Path]:
    """Write the tables of a batch into `folder`, one `<table>.parquet` each, and return the paths.

    PARQUET_TABLES always; `items` where a profile gave some. Every file is replaced whole or not at all; equal records
    give equal bytes with the same release of pyarrow. The records are read once; the tables are held in columns.

    Raises:
        SettingsError: pyarrow is not installed; found before anything is read or written.
        OutputError: a file cannot be written.
    """
    files = ParquetFiles()
    for record in records:
        files.add(record)
    target = make_private_folder(folder)
    paths = []
    for name, data in files.parts():
        paths.append(target / name)
        write_whole(paths[-1], data)
    return paths


class ParquetFiles:
    """The Parquet files of a batch, built record by record.

    Raises:
        SettingsError: pyarrow is not installed.
    """

    def __init__(self) -> None:
        self._builders = [ArrowBuilder(name) for name in (*PARQUET_TABLES, "items")]

    def add(self, record: ArticleRecord) -> None:
        """Take the next record."""
        for builder in self._builders:
            builder.add(record)

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Yield the name and the bytes of each file."""
        parquet = import_extra("pyarrow.parquet")
        for builder in self._builders:
            table = builder.table()
            if table.num_rows or builder.name in PARQUET_TABLES:
                sink = import_extra("pyarrow").BufferOutputStream()
                parquet.write_table(table, sink)
                yield f"{builder.name}.parquet", bytes(sink.getvalue())


class ArrowBuilder:
    """One table built record by record; only finished columns are held.

    Raises:
        SettingsError: no such table, or pyarrow is not installed.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._table = table_named(name)
        self._arrow = import_extra("pyarrow")
        self._columns = typed_columns(self._table)
        self._wide: set[str] = set()
        self._rows: list[Row] = []
        self._batches: list[Any] = []

    def add(self, record: ArticleRecord) -> None:
        """Take the rows of the next record."""
        self._rows.extend(self._table.rows(record))
        if len(self._rows) >= _BATCH_ROWS:
            self._flush()

    def table(self) -> Any:
        """Return what was added so far as a `pyarrow.Table`."""
        self._flush()
        # Batches from before a column became wide are widened now; a decimal128 fits into a decimal256 of larger scale.
        schema = self._schema()
        if not self._batches:
            return schema.empty_table()
        return self._arrow.concat_tables(batch.cast(schema) for batch in self._batches).combine_chunks()

    def _flush(self) -> None:
        if not self._rows:
            return
        arrays = [self._array(column, [column.value(row) for row in self._rows]) for column in self._columns]
        self._batches.append(self._arrow.table(arrays, schema=self._schema()))
        self._rows = []

    def _array(self, column: TypedColumn, values: Sequence[Any]) -> Any:
        if column.kind == "decimal":
            if any(number is not None and not _fits(number, *_NARROW) for number in values):
                self._wide.add(column.name)
            size = _WIDE if column.name in self._wide else _NARROW
            values = [number if number is not None and _fits(number, *size) else None for number in values]
        return self._arrow.array(values, type=self._type(column))

    def _schema(self) -> Any:
        fields = [self._arrow.field(column.name, self._type(column)) for column in self._columns]
        return self._arrow.schema(fields, metadata={"schema_version": SCHEMA_VERSION, "table": self.name})

    def _type(self, column: TypedColumn) -> Any:
        arrow = self._arrow
        if column.kind == "decimal":
            return arrow.decimal256(*_WIDE) if column.name in self._wide else arrow.decimal128(*_NARROW)
        types = {"text": arrow.string, "integer": arrow.int64, "share": arrow.float64, "date": arrow.date32}
        return types[column.kind]()


def _fits(number: Decimal, precision: int, scale: int) -> bool:
    exponent = number.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    return decimals <= scale and number.adjusted() < precision - scale
