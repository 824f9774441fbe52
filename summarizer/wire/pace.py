"""How fast requests or tokens may go: evenly, by a limit that was given or by what the provider says is left."""

from __future__ import annotations

from typing import Final

from summarizer.wire.allowance import Allowance

# The part of a given limit that is aimed at. The rest covers what is late on the way: a provider counts arrivals.
_SHARE: Final = 0.99
_LEAST_SHARE: Final = 0.8
# After a refusal at this pace it becomes this much slower, and by as little at each answer faster again.
_SLOWER: Final = 0.97
_FASTER: Final = 0.0001
# Who is late, because the program was busy, may catch up so much: a timer's lateness must not add up.
_CATCH_UP_S: Final = 0.2
# What is sent a little later than it was admitted, twice over: at both ends of the provider's minute.
_ON_THE_WAY: Final = 2.0
# A pace that is only read from headers lets one request through in this time whatever they say.
_LONGEST_GAP_S: Final = 10.0


class Pace:
    """Spaces requests, or tokens, evenly.

    With a limit given, no minute ever holds more than it: what may be caught up is what `_SHARE` leaves of the minute.
    So a provider that counts a sliding minute, or fills a bucket, does not refuse. Without one, what `learn` heard
    last is spread over the time until the provider's reset, and no longer than that.

    Each unit of work is paid after it went: the next one waits for it. Where units differ in size (tokens), a minute is
    kept within the limit by leaving room for the largest seen, at most half of the limit.
    """

    def __init__(self, per_minute: int | None) -> None:
        self._per_minute = per_minute
        self._share = _SHARE
        self._largest = 1.0
        self._is_strict = False
        self._rate: float | None = None
        self._lag_s = 0.0
        self._due = float("-inf")
        self._ends_at = float("inf")
        self._last_at = float("-inf")
        self._last_units = 0.0
        self._set_rate()

    @property
    def is_given(self) -> bool:
        """Whether the limit is the user's own; headers do not change it."""
        return self._per_minute is not None

    def wait_s(self, now: float) -> float:
        """Return the seconds until the next may go, 0 for at once."""
        if self._rate is None or now >= self._ends_at or now >= self._due:
            return 0.0
        return min(self._due, self._ends_at) - now

    def take(self, units: float, now: float) -> None:
        """Let one of so many units go; what needs more than a minute counts as a minute."""
        if self._per_minute is not None:
            units = min(units, self._per_minute)
            if units > self._largest:
                self._largest = units
                self._set_rate()
        elif self._rate is None or now >= self._ends_at:
            self._rate = None
            self._last_at, self._last_units = now, units
            return
        # Only what was late is caught up: a run does not begin with a burst.
        since = now if self._due == float("-inf") else max(self._due, now - self._lag_s)
        self._last_at, self._last_units = since, units
        self._set_due()

    def correct(self, units: float, now: float) -> None:
        """Hear that what went was so many units more (or less, negative) than was taken.

        A debt of more than a minute is forgotten: the provider has no longer memory.
        """
        if self.is_given and self._rate is not None:
            self._due = min(self._due + units / self._rate, max(self._due, now + 60.0))

    def refused(self) -> None:
        """Hear that the provider refused at this pace: a little slower, and nothing is caught up any more."""
        if self.is_given:
            self._is_strict = True
            self._share = max(_LEAST_SHARE, self._share * _SLOWER)
            self._set_rate()

    def answered(self) -> None:
        """Hear that the provider answered: a slower pace recovers."""
        if self._share < _SHARE:
            self._share = min(_SHARE, self._share + _FASTER)
            self._set_rate()

    def learn(self, allowance: Allowance, units_since: float, now: float) -> None:
        """Hear what was left when a request was answered, and how many units went after that one did."""
        if self.is_given:
            return
        left = allowance.remaining - units_since
        self._ends_at = now + allowance.reset_s
        self._lag_s = _CATCH_UP_S / 2
        # Where nothing is left the next one waits for the reset; it counts as one unit of the gap that ends there.
        self._rate = (left if left >= 1 else max(self._last_units, 1.0)) / allowance.reset_s
        if left < 1:
            self._last_at = now
        self._set_due()

    def _set_due(self) -> None:
        if self._rate is None:
            return
        gap_s = self._last_units / self._rate
        self._due = self._last_at + (gap_s if self.is_given else min(gap_s, _LONGEST_GAP_S))

    def _set_rate(self) -> None:
        if self._per_minute is None:
            return
        aimed = self._per_minute * self._share
        if self._largest > 1:
            aimed = max(aimed - self._largest, self._per_minute / 2)
        self._rate = aimed / 60.0
        spare = self._per_minute - aimed - self._largest - _ON_THE_WAY
        self._lag_s = 0.0 if self._is_strict else min(_CATCH_UP_S, max(0.0, spare) / self._rate)
