"""What a provider's headers say is left of a limit: `x-ratelimit-remaining-requests` and its kin."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

# What is renewed later than this is a limit of the day or the month. Spreading that evenly would slow a run that it may
# well hold in whole; where it does not, the provider refuses and says how long to wait.
_HORIZON_S: Final = 120.0
# A number this large is no duration but a moment since 1970, in seconds or, larger still, in milliseconds.
_EPOCH_S: Final = 1e8
_EPOCH_MS: Final = 1e11
_MAX_CHARS: Final = 64
_UNITS_S: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PIECE: Final = r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)"
_DURATION: Final = re.compile(f"(?:{_PIECE})+", re.ASCII)
_PIECES: Final = re.compile(_PIECE, re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """So many requests or tokens (`remaining`, at least 0) until `reset_s` seconds from now, more than 0."""

    remaining: float
    reset_s: float


def allowance_of(headers: Mapping[str, str], sort: str, *, wall_time: float) -> Allowance | None:
    """Return what is left of a limit, None where the headers say nothing of use.

    Nothing of use are: a value that cannot be read, is negative or not a number; a limit of 0, which some gateways send
    for "none"; a reset that is past, or more than two minutes away.

    Args:
        headers: names in lower case.
        sort: `requests` or `tokens`; a name without either (`x-ratelimit-remaining`) counts as requests.
        wall_time: seconds since the epoch, for a reset that names a moment.

    Example:
        >>> allowance_of({"x-ratelimit-remaining-requests": "9", "x-ratelimit-reset-requests": "1m0s"}, "requests", wall_time=0.0)
        Allowance(remaining=9.0, reset_s=60.0)
    """
    suffix = f"-{sort}"
    written = headers.get(f"x-ratelimit-remaining{suffix}")
    if written is None and sort == "requests":
        suffix = ""
        written = headers.get("x-ratelimit-remaining")
    if written is None:
        return None
    remaining = _number(written)
    reset_s = seconds_until(headers.get(f"x-ratelimit-reset{suffix}", ""), wall_time=wall_time)
    limit = _number(headers.get(f"x-ratelimit-limit{suffix}", "1"))
    if remaining is None or remaining < 0 or reset_s is None or not 0 < reset_s <= _HORIZON_S:
        return None
    if limit is not None and limit <= 0:
        return None
    return Allowance(remaining=remaining, reset_s=reset_s)


def seconds_until(written: str, *, wall_time: float) -> float | None:
    """Return the seconds that a reset header names, None where it cannot be read; a moment that is past is negative.

    Reads durations (`6m0s`, `120ms`), seconds, moments as seconds or milliseconds since 1970, ISO 8601 and HTTP dates.

    Example:
        >>> seconds_until("1m30.5s", wall_time=0.0)
        90.5
    """
    text = written.strip()
    if not text or len(text) > _MAX_CHARS:
        return None
    number = _number(text)
    if number is not None:
        if abs(number) >= _EPOCH_MS:
            return number / 1000.0 - wall_time
        return number - wall_time if abs(number) >= _EPOCH_S else number
    if _DURATION.fullmatch(text):
        return math.fsum(float(amount) * _UNITS_S[unit] for amount, unit in _PIECES.findall(text))
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - wall_time
        except (ValueError, OverflowError, OSError):
            continue
    return None


def _number(written: str) -> float | None:
    if len(written) > _MAX_CHARS:
        return None
    try:
        number = float(written)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
