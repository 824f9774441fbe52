"""Many articles: read, processed at once, written whole.

What is paid for lives in the answer store: an answer that came is stored before it is judged, so that the same command,
run again after a kill at any moment, pays only for what was in flight. Output files appear whole or not at all, in the
order of the input. What a run finished is remembered beside them (`finished`), so that the next one need not make it again;
without that memory it takes longer and comes to the same.

Names are loaded on first use: to show what a run wrote takes none of what a run needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.batch.folder import OutputFolder, hold_folder, open_folder, writing_after_asking
    from summarizer.batch.kept_views import KeptViews
    from summarizer.batch.outcome import BatchResult, Reporter, Totals
    from summarizer.batch.reverify import verify_folder
    from summarizer.batch.run import run_batch

__all__ = [
    "BatchResult",
    "KeptViews",
    "OutputFolder",
    "Reporter",
    "Totals",
    "hold_folder",
    "open_folder",
    "run_batch",
    "verify_folder",
    "writing_after_asking",
]

_HOMES = {
    "BatchResult": "outcome",
    "KeptViews": "kept_views",
    "OutputFolder": "folder",
    "Reporter": "outcome",
    "Totals": "outcome",
    "hold_folder": "folder",
    "open_folder": "folder",
    "run_batch": "run",
    "verify_folder": "reverify",
    "writing_after_asking": "folder",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
