"""Where the batch interface keeps what it needs within an output folder."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from summarizer.batch import OutputFolder
from summarizer.batch.folder import CACHE_FOLDER
from summarizer.errors import OutputError, SettingsError
from summarizer.files import make_private_folder
from summarizer.wire.store import AnswerStore

_SCRATCH: Final = "batches"


def ledger_folder(folder: OutputFolder) -> Path:
    """Return where the ledger stands or would stand: always in the output folder, which one process holds."""
    return folder.path / CACHE_FOLDER


def scratch_folder(folder: OutputFolder) -> Path:
    """Return where files on their way lie."""
    return ledger_folder(folder) / _SCRATCH


def clear_scratch(folder: OutputFolder) -> Path:
    """Return an empty folder for files on their way; what a killed process left there can all be had again.

    Raises:
        OutputError: it cannot be made, or is a link.
    """
    scratch = scratch_folder(folder)
    if scratch.is_symlink():
        raise OutputError(f"{str(scratch)!r} is a link; remove it, or name another --out")
    make_private_folder(scratch)
    for path in scratch.iterdir():
        if path.suffix == ".jsonl":
            with contextlib.suppress(OSError):
                path.unlink()
    return scratch


def open_store(folder: OutputFolder, cache_dir: Path | None, say: Callable[[str], None]) -> AnswerStore:
    """Return the store of a run with these settings.

    Raises:
        SettingsError: it cannot be used: nothing could be found there, and what is paid could not be kept.
    """
    place = cache_dir or ledger_folder(folder)
    store = AnswerStore(place, on_problem=say)
    if not store.is_usable:
        raise SettingsError(
            f"nothing was asked, because answers could not be kept in {str(place)!r}; "
            "make that folder usable, or name another by --cache"
        )
    return store
