"""The inside of a process that verifies for another one, until that one lets go of it.

On standard input comes, again and again, an article with its proposals; on standard output goes what they came to, or an
empty message where that raised an error.
"""

from __future__ import annotations

import os
import sys
from typing import Final

from summarizer.processes import collect_garbage_seldom
from summarizer.verify import verify_proposals
from summarizer.verifying.messages import SIZE_BYTES, answer_of, asked_in, framed, size_of

# The run's own process sends requests; where cores are few it goes first.
_NICER_BY: Final = 5


def main() -> None:
    """Answer until standard input ends, or nobody is there to read."""
    os.nice(_NICER_BY)
    collect_garbage_seldom()
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    try:
        while len(head := questions.read(SIZE_BYTES)) == SIZE_BYTES:
            answers.write(framed(_answer(questions.read(size_of(head)))))
            answers.flush()
    except OSError:
        pass
    # What is left to be flushed has no reader.
    os._exit(0)


def _answer(question: bytes) -> bytes:
    try:
        return answer_of(verify_proposals(*asked_in(question)))
    # Whatever it is, the asker meets it again and names it, with its place and its article.
    except Exception:
        return b""
