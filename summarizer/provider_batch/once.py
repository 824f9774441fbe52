"""What must be done once, asked of a provider whose reply may be lost: ask, look whether it was done, ask again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from summarizer.errors import SummarizerError
from summarizer.provider_batch.ledger import Job, Ledger
from summarizer.provider_batch.provider import BatchProvider

_TRIES: Final = 5
# How long the provider's list may lag behind what it has accepted; doubled from try to try.
_FIRST_PAUSE_S: Final = 2.0

T = TypeVar("T")


async def settle(ledger: Ledger, provider: BatchProvider) -> list[Job]:
    """Ask about each job whose creation was begun and never confirmed; return those that the provider has.

    The others are free again.
    """
    found = []
    for job in ledger.jobs():
        if job.state != "creating" or job.base_url != provider.base_url:
            continue
        batch = await provider.find_batch(job.token, job.file_id)
        if batch is None:
            # The reply may have been lost a moment ago, and the list may lag behind.
            await provider.clock.sleep(_FIRST_PAUSE_S)
            batch = await provider.find_batch(job.token, job.file_id)
        if batch is None:
            ledger.advance(job, "uploaded")
        else:
            found.append(ledger.advance(job, "open", batch_id=str(batch["id"])))
    return found


async def do_once(
    provider: BatchProvider, ask: Callable[[], Awaitable[T]], find: Callable[[], Awaitable[T | None]]
) -> T:
    """Have something done once: ask, and where the reply is lost, look whether it was done before asking again.

    Raises:
        OutrightRefusalError: the provider said that it is not done.
        SummarizerError: whether it was done is not known.
    """
    lost: SummarizerError | None = None
    for attempt in range(_TRIES):
        try:
            return await ask()
        except SummarizerError as error:
            if not (error.retryable or error.possibly_paid):
                if lost is None:
                    raise OutrightRefusalError(error) from error
                raise
            lost = error
        await provider.clock.sleep(_FIRST_PAUSE_S * 2**attempt)
        found = await find()
        if found is not None:
            return found
    raise lost if lost is not None else AssertionError("unreachable")


class OutrightRefusalError(Exception):
    """What was asked for was not done, says the provider; `reason` is its error. Seen by callers of `do_once` alone."""

    def __init__(self, reason: SummarizerError) -> None:
        super().__init__(str(reason))
        self.reason = reason
