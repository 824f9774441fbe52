"""The inside of a process that verifies for another one, until that one lets go of it.

On standard input comes, again and again, the size of a pickle and the pickle of an article and its proposals; on
standard output goes the size and the pickle of what they came to. Nothing at all, size 0, where that raised an error.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from typing import Final

from summarizer.verify import verify_proposals

SIZE_BYTES: Final = 4
# The run's own process sends requests; where cores are few it goes first.
_NICER_BY: Final = 5


def main() -> None:
    """Answer until standard input ends, or nobody is there to read."""
    os.nice(_NICER_BY)
    # Modules stay for good; searching them for garbage again and again is a tenth of the work.
    gc.freeze()
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    try:
        while len(head := questions.read(SIZE_BYTES)) == SIZE_BYTES:
            answer = _answer(questions.read(int.from_bytes(head, "big")))
            answers.write(len(answer).to_bytes(SIZE_BYTES, "big") + answer)
            answers.flush()
    except OSError:
        pass
    # What is left to be flushed has no reader.
    os._exit(0)


def _answer(question: bytes) -> bytes:
    try:
        article, proposals = pickle.loads(question)  # noqa: S301 - of our own parent
        return pickle.dumps(verify_proposals(article, proposals), pickle.HIGHEST_PROTOCOL)
    # Whatever it is, the asker meets it again and names it, with its place and its article.
    except Exception:
        return b""
