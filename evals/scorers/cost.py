"""Cost: requests, follow-ups and tokens of one article, from the record's own `run` part.

Each is a count a case; the report gives the mean. Requests count every answer that was used, replayed ones too, so that a
run from recordings costs what a live one would have. A failed article has its cost as well.

The hard case is a provider that gives no token figures: tokens are then not scored, which is not the same as none. The
characters of answers are not in the record; who holds the recordings adds them.
"""

from __future__ import annotations

from evals.outcomes import Counts
from summarizer.records import RunInfo


def score_cost(run: RunInfo) -> dict[str, Counts]:
    """Return what the article cost, metric by metric; without tokens where the provider gave none."""
    costs = {
        "requests": run.requests,
        "follow_ups": run.follow_ups,
        "output_tokens": run.output_tokens,
        "input_tokens": run.input_tokens,
    }
    return {name: Counts(correct=cost) for name, cost in costs.items() if cost is not None}
