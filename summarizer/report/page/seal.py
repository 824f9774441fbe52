"""What pages that show foreign text have in common: templates that escape, assets, and the policy that allows only these."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


@cache
def page_environment(folder: Path, shown: Callable[[Any], Any]) -> Environment:
    """Return the environment of a folder's templates; every value passes through `shown` and then through autoescape."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def asset(folder: Path, name: str) -> str:
    """Return a style sheet or a script of a folder."""
    return (folder / name).read_text("utf-8")


def page_policy(style: str, script: str, further: str) -> str:
    """Return a Content-Security-Policy that allows this style sheet, this script and what `further` allows."""
    hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode("ascii") for part in (style, script)]
    return f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; {further}"
