"""Many articles: read, processed at once, written whole.

Nothing of a run's state lives outside the answer store: an answer that came is stored before it is judged, so that the
same command, run again after a kill at any moment, pays only for what was in flight. Output files appear whole or not
at all, in the order of the input.
"""

from __future__ import annotations

from summarizer.batch.folder import OutputFolder, hold_folder, open_folder, writing_after_asking
from summarizer.batch.outcome import BatchResult, Reporter, Totals
from summarizer.batch.reverify import verify_folder
from summarizer.batch.run import run_batch

__all__ = [
    "BatchResult",
    "OutputFolder",
    "Reporter",
    "Totals",
    "hold_folder",
    "open_folder",
    "run_batch",
    "verify_folder",
    "writing_after_asking",
]
