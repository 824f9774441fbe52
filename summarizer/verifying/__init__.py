"""Answers verified where there is room: in this process, and in others once many of them wait."""

from summarizer.verifying.seats import Verifier, spare_cores

__all__ = ["Verifier", "spare_cores"]
