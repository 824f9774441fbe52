"""Number, money, percentage, duration and date expressions of Chinese and English text."""

from __future__ import annotations

from summarizer.quantities.equality import (
    Comparison,
    base_value,
    compare_quantities,
    equal_quantities,
    same_unit,
    unit_class,
)
from summarizer.quantities.implied import implied_unit
from summarizer.quantities.parallels import parallel_unit
from summarizer.quantities.reading import read_amount, read_date
from summarizer.quantities.scanner import scan
from summarizer.records import Quantity

__all__ = [
    "Comparison",
    "Quantity",
    "base_value",
    "compare_quantities",
    "equal_quantities",
    "implied_unit",
    "parallel_unit",
    "read_amount",
    "read_date",
    "same_unit",
    "scan",
    "unit_class",
]
