"""Whether anything may be sent at all: pauses that a provider asks for or a dead line makes, and the way out of them."""

from __future__ import annotations

from typing import Final

from summarizer.errors import RunStoppedError, ThrottledError, UnreachableError
from summarizer.wire.faults import Fault

# So many attempts in a row without a connection, over all requests, are no accident of one of them.
SILENT_ATTEMPTS: Final = 20
# So long without any answer, and the run stops: whoever runs it wants to know.
SILENT_S: Final = 300.0
# No pause is longer, whatever Retry-After says; who asks for more twice over wants no more of this run.
LONGEST_PAUSE_S: Final = 120.0
# Where no time is named: doubled with each refusal in a row, but no longer than keeps the way back short, measured by
# how long the refusals have lasted.
_FIRST_PAUSE_S: Final = 0.1
_SHORT_PAUSE_S: Final = 4.5
_LONG_PAUSE_S: Final = 20.0
_PART_OF_STORM: Final = 0.1
# Refusals come at once, answers may take a minute. A probe that was not refused in this time has been accepted.
_PATIENCE_S: Final = (0.5, 2.0)
_REFUSED_WINDOWS_BEFORE_STOP: Final = 3


class Storm:
    """Pauses everybody after a refusal, lets one attempt out as a probe, and opens when that one is not refused.

    Attempts are known by their number, in the order in which they were let out: what was sent before the last refusal
    came, says nothing new when it is refused too.
    """

    def __init__(self) -> None:
        self.stopped: RunStoppedError | None = None
        self._until: float | None = None
        self._pause_s = 0.0
        self._probe: int | None = None
        self._probe_at = 0.0
        self._known = 0
        self._refusals = 0
        self._disconnections = 0
        self._since: float | None = None
        self._was_reached = False

    def wait_s(self, now: float) -> float:
        """Return the seconds until an attempt may be let out, 0 for at once. A probe that was waited for long enough opens."""
        if self._until is None:
            return 0.0
        if now < self._until:
            return self._until - now
        if self._probe is None:
            return 0.0
        least, most = _PATIENCE_S
        accepted_at = self._probe_at + min(most, max(least, self._pause_s))
        if now < accepted_at:
            return accepted_at - now
        self._open()
        return 0.0

    def lasts_s(self) -> float:
        """Return how long this pause and those before it will have lasted, without anything between, when it ends."""
        return 0.0 if self._until is None or self._since is None else self._until - self._since

    def let_out(self, number: int, now: float) -> None:
        """Note that an attempt goes; within a pause it is the probe."""
        if self._until is not None:
            self._probe, self._probe_at = number, now

    def refused(self, number: int, fault: Fault, *, latest: int, draw: float, now: float) -> bool:
        """Pause everybody; return whether this says that the run goes too fast.

        Neither a refused probe says that, nor the others that were sent before the first refusal came.

        Args:
            number: of the attempt that was refused.
            fault: what came; its `wait_s` is obeyed up to `LONGEST_PAUSE_S`.
            latest: the number of the attempt that was let out last.
            draw: from 0 to 1; spreads the runs that one account has on several machines.
            now: the moment.
        """
        self._was_reached = True
        self._disconnections = 0
        asked = max(0.0, fault.wait_s or 0.0)
        is_probe = number == self._probe
        is_news = self._pause(number, asked, latest=latest, draw=draw, now=now)
        lasted_s = now - (self._since if self._since is not None else now)
        is_hopeless = lasted_s >= SILENT_S and self._refusals >= _REFUSED_WINDOWS_BEFORE_STOP
        if is_probe and asked > LONGEST_PAUSE_S:
            wait = f"{asked:.0f} s" if asked < 1e9 else "very long"
            self.stopped = ThrottledError(f"{fault.message}; it asks to wait {wait}: run the same command again then")
        elif is_news and is_hopeless:
            self.stopped = ThrottledError(
                f"{fault.message}; nothing else has come for {lasted_s:.0f} s: run the same command again later"
            )
        return is_news and not is_probe

    def disconnected(self, number: int, fault: Fault, *, latest: int, draw: float, now: float) -> None:
        """Count a connection that did not come about or broke; pause everybody when there are many in a row."""
        self._was_reached = self._was_reached or not fault.is_unreached
        self._disconnections += 1
        if self._since is None:
            self._since = now
        # An address that was never reached is given up by the retries before any pause helps.
        if not self._was_reached or self._disconnections < SILENT_ATTEMPTS:
            self.given_up(number)
            return
        self._pause(number, 0.0, latest=latest, draw=draw, now=now)
        lasted_s = now - self._since
        if lasted_s >= SILENT_S:
            self.stopped = UnreachableError(
                f"{fault.message}; nothing has come for {lasted_s:.0f} s: run the same command again when it is back"
            )

    def heard(self, number: int) -> None:
        """Hear that something came that is no refusal: an answer, or a failure of another sort."""
        self._was_reached = True
        self._disconnections = 0
        self._since = None
        if number > self._known:
            self._refusals = 0
            self._open()

    def given_up(self, number: int) -> None:
        """Hear that an attempt ended and said nothing: the next one is the probe in its place."""
        if number == self._probe:
            self._probe = None

    def _pause(self, number: int, asked_s: float, *, latest: int, draw: float, now: float) -> bool:
        if self._since is None:
            self._since = now
        is_news = number > self._known
        pause_s = min(asked_s, LONGEST_PAUSE_S)
        if is_news:
            self._known = latest
            self._refusals += 1
            cap_s = min(_LONG_PAUSE_S, max(_SHORT_PAUSE_S, _PART_OF_STORM * (now - self._since)))
            pause_s = max(pause_s, min(cap_s, _FIRST_PAUSE_S * 2.0 ** min(self._refusals - 1, 30)))
            # The pause that is asked for ends no earlier for the spreading.
            pause_s += draw * min(0.5, 0.1 * pause_s)
        # While a probe is out, what was sent before it cannot know better.
        if pause_s > 0 and (self._probe is None or is_news):
            self._probe = None
            if self._until is None or now + pause_s > self._until:
                self._until, self._pause_s = now + pause_s, pause_s
        return is_news

    def _open(self) -> None:
        self._until = self._probe = None
