"""A bad model: the usual mistakes of a cheap one planted into recorded answers, and what the program makes of them."""

from evals.corruption.measure import measure
from evals.corruption.report import CorruptionReport, KindRow, PlantResult, print_report

__all__ = ["CorruptionReport", "KindRow", "PlantResult", "measure", "print_report"]
