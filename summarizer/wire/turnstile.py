"""What every attempt passes before it is sent, and is told of when it has ended: a limit of rate, a limit of money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from summarizer.wire.faults import Fault
from summarizer.wire.layer import WireReply, WireRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEnd:
    """How one attempt ended.

    `reply` is what came, of any status; None where nothing whole came. `fault` is what was wrong; None for an answer,
    and for an attempt that the caller gave up. `was_sent` is False where another turnstile held the attempt back.
    `seconds` is the time from sending to the end.
    """

    reply: WireReply | None = None
    fault: Fault | None = None
    was_sent: bool = True
    seconds: float = 0.0

    @property
    def is_answer(self) -> bool:
        """Whether the attempt brought a usable answer."""
        return self.reply is not None and self.fault is None

    @property
    def is_possibly_paid(self) -> bool:
        """Whether there is no usable answer, and the provider may charge all the same."""
        if not self.was_sent or self.is_answer:
            return False
        return self.fault is None or self.fault.again == "paid" or self.fault.error.possibly_paid


class Turnstile(Protocol):
    """One object serves a whole run. Every attempt that has entered leaves, exactly once, however it ended."""

    async def enter(self, request: WireRequest) -> None:
        """Return when the attempt may be sent. Waiting here does not count towards a request's deadline.

        Raises:
            SummarizerError: it may not be sent at all.
        """

    def leave(self, request: WireRequest, end: AttemptEnd) -> bool | None:
        """Hear how the attempt ended.

        Returns:
            True where this turnstile holds everybody back for as long as the provider asked to wait: the request that
            was refused then has nothing to wait for by itself.
        """
