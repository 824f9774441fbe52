"""What a record depends on beside its article, as one short text that changes with any of it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Final

from summarizer.engines import Ask
from summarizer.profiles import Profile
from summarizer.settings import Settings

# What decides what a record says. A setting that stands in neither list counts as one of these, to be safe.
SHAPING: Final = frozenset(
    {
        "model", "output_mode", "parts", "language", "profile", "temperature", "max_output_tokens", "window_tokens",
        "follow_up",
    }
)  # fmt: skip
# What decides how fast, by whom and whether it is made. The address is none of a record's business, as in the store.
NOT_SHAPING: Final = frozenset(
    {
        "engine", "base_url", "api_key", "concurrency", "processes", "attempt_timeout_s", "deadline_s", "cache_dir", "use_cache",
        "record", "replay", "fresh", "retry_failed", "rpm", "tpm", "budget_usd", "budget_tokens", "prices",
        "allow_unknown_price", "batch_max_requests", "batch_max_bytes",
    }
)  # fmt: skip
_PACKAGES: Final = (
    "instructor", "jinja2", "lxml", "openai", "pyarrow", "pydantic", "pypdf", "python-docx", "xlsxwriter",
)  # fmt: skip
_PACKAGE: Final = Path(__file__).parent.parent


def work_fingerprint(settings: Settings, ask: Ask) -> str:
    """Return 64 hexadecimal digits for settings, prompts, profile and code together. Cost: some 20 ms.

    Raises:
        OSError: the package's own files cannot be read, as in a zip archive.
    """
    given = settings.model_dump(mode="json", exclude=set(NOT_SHAPING))
    shape = json.dumps({**given, "engine": settings.resolved_engine}, sort_keys=True)
    return _digest([code_fingerprint(), shape, *(_profile_parts(ask.profile) if ask.profile else ())])


@cache
def code_fingerprint() -> str:
    """Return 64 hexadecimal digits for our own code, the prompts and the packages that shape records and views.

    Raises:
        OSError: the package's own files cannot be read.
    """
    return _digest(_code_parts())


def _code_parts() -> Iterator[str | bytes]:
    yield platform.python_version()
    for name in _PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield name
    # In a checkout the prompts lie beside the package, in a wheel within it.
    for folder in (_PACKAGE, _PACKAGE.parent / "prompts"):
        for path in _files_below(folder):
            yield str(path.relative_to(folder.parent))
            yield path.read_bytes()


def _files_below(folder: Path) -> list[Path]:
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        found += [Path(place, name) for name in names]
    return sorted(found)


def _profile_parts(profile: Profile) -> Iterator[str | bytes]:
    yield json.dumps([profile.name, profile.version, profile.instructions, profile.response.model_json_schema()])
    module = sys.modules.get(profile.response.__module__)
    for path in sorted(set(_sources_beside(module))) if module is not None else ():
        yield str(path)
        yield path.read_bytes()


def _sources_beside(module: ModuleType) -> Iterator[Path]:
    """Give the files of a profile's module and of the loaded modules that lie with it: its validators may call them."""
    if not module.__file__:
        return
    home = Path(module.__file__).resolve()
    # The folder of the outermost package; of a module by itself, the folder in which it lies.
    root = home.parents[module.__name__.count(".")]
    yield home
    for other in list(sys.modules.values()):
        file = getattr(other, "__file__", None)
        if isinstance(file, str) and file.endswith(".py"):
            path = Path(file)
            inside = path.is_relative_to(root) and "site-packages" not in path.relative_to(root).parts
            if inside and not path.is_relative_to(_PACKAGE):
                yield path


def _digest(parts: Iterable[str | bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
