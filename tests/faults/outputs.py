"""What must hold of an output folder at every instant: each file that exists is whole."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

from openpyxl import load_workbook

from summarizer.records import ArticleRecord


def check_whole(out: Path) -> None:
    """Read every output that exists the way its reader would; a half written one does not pass."""
    if not out.is_dir():
        return
    for path in out.iterdir():
        if not path.is_file() or path.name.startswith("."):
            continue
        content = path.read_bytes()
        match path.suffix:
            case ".jsonl":
                assert content == b"" or content.endswith(b"\n"), path
                for line in content.split(b"\n")[:-1]:
                    json.loads(line)
            case ".json":
                json.loads(content)
            case ".csv":
                rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
                assert {len(row) for row in rows} == {len(rows[0])}, path
            case ".html":
                assert content.rstrip().endswith(b"</html>"), path
            case ".xlsx":
                load_workbook(io.BytesIO(content)).close()
            case ".md":
                assert content.decode("utf-8").endswith("\n"), path
            case suffix:
                raise AssertionError(f"a file of an unknown kind: {path} ({suffix})")
    if (out / "results.jsonl").exists():
        ArticleRecord.load_jsonl(out / "results.jsonl")


def check_store(cache: Path) -> None:
    """Find the answer store's database sound, if there is one."""
    database = cache / "v1" / "cache.db"
    if database.exists() and database.stat().st_size:
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def comparable(out: Path) -> dict[str, bytes]:
    """Return the outputs of a run as far as they may not differ: all but the clock's and the run's own account."""
    files = {
        path.name: path.read_bytes()
        for path in (*out.iterdir(), *(out / "texts").iterdir())
        if path.is_file() and not path.name.startswith(".") and path.name not in ("run.json", "results.jsonl")
    }
    records = [json.loads(line) for line in (out / "results.jsonl").read_text(encoding="utf-8").split("\n") if line]
    for record in records:
        record.pop("run")
    return files | {"results.jsonl": json.dumps(records, ensure_ascii=False).encode()}
