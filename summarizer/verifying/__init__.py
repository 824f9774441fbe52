"""Answers verified where there is room: in this process, and in others once many of them wait."""

from summarizer.verifying.seats import Verifier

__all__ = ["Verifier"]
