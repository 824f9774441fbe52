"""Packages that only some views need: loaded on use, and named with the command that installs them when they are missing."""

from __future__ import annotations

import importlib
from typing import Any, Final

from summarizer.errors import SettingsError

_EXTRAS: Final = {"xlsxwriter": "xlsx", "pyarrow": "arrow", "pandas": "frames"}


def import_extra(module: str) -> Any:
    """Return a module of an optional package (`xlsxwriter`, `pyarrow.parquet`, …).

    Raises:
        SettingsError: the package is not installed; the message says how to install it.
    """
    package = module.partition(".")[0]
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise SettingsError(
            f"the package {package!r} is needed for this and cannot be loaded; "
            f'install it: pip install "newsproof[{_EXTRAS[package]}]"'
        ) from error
