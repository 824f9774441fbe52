"""Which views of an output folder are what its records give, so that they need not be written again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from summarizer.articles.files import read_bytes
from summarizer.batch.fingerprints import code_fingerprint
from summarizer.batch.folder import OutputFolder
from summarizer.errors import InputError
from summarizer.files import write_whole

# The version stands in the name: what another version wrote is neither read nor overwritten.
FILE_NAME: Final = ".views.v1"


class KeptViews:
    """The memory of the views that were written last, in `OUT/.views.v1`.

    A view stands where the same code made it, from the results.jsonl and failures.jsonl that lie there now, and where
    none of its files was touched since: size, time of change and file number of each are what they were.
    """

    def __init__(self, folder: OutputFolder) -> None:
        self._folder = folder
        self._groups: list[dict[str, Any]] = []
        try:
            self._made_of: Any = [code_fingerprint(), _look(folder.results_path), _look(folder.failures_path)]
        except OSError:
            self._made_of = None
        try:
            kept = json.loads(read_bytes(folder.path / FILE_NAME))
            if kept["made_of"] == self._made_of is not None:
                self._groups = [group for group in kept["groups"] if self._stands(group)]
        except (InputError, ValueError, TypeError, KeyError):
            self._groups = []

    def missing(self, formats: Iterable[str]) -> tuple[str, ...]:
        """Return those of the formats whose files must be written."""
        standing = {name for group in self._groups for name in group["formats"]}
        return tuple(name for name in formats if name not in standing)

    def remember(self, formats: Sequence[str], paths: Iterable[Path]) -> None:
        """Remember that these formats were written just now, as these files.

        Raises:
            OutputError: it cannot be written.
        """
        if self._made_of is None or not formats:
            return
        files = {path.name: _look(path) for path in paths}
        # What was just written may have replaced a file of another group.
        groups = [group for group in self._groups if self._stands(group)]
        groups.append({"formats": list(formats), "files": files})
        text = json.dumps({"made_of": self._made_of, "groups": groups})
        write_whole(self._folder.path / FILE_NAME, text, is_durable=False)

    def _stands(self, group: dict[str, Any]) -> bool:
        try:
            return all(_look(self._folder.path / name) == look for name, look in group["files"].items())
        except OSError:
            return False


def _look(path: Path) -> list[int]:
    """Return what changes with every change of a file; the time of change cannot be set back as the others can."""
    status = os.lstat(path)
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
