"""Prompt templates: found, loaded, rendered and fingerprinted.

The built-in templates are text files beside a manifest, `prompts.toml`. In an installed wheel they lie in
`summarizer/_prompts`, in a checkout in `prompts/`. A template never sees an article: the article is put into the
rendered text afterwards, so that nothing an article contains can be rendered.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template as CompiledTemplate, TemplateError as JinjaError, meta
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from summarizer.errors import TemplateError

MANIFEST = "prompts.toml"
# Stands for the article while a template is rendered; the private-use characters keep it from being typed by accident.
_ARTICLE_SLOT = "\ue000article\ue000"
_ENTRY_KEYS = {"file", "version", "variables", "purpose"}

Variable = str | int | Sequence[str] | None


class _Sandbox(ImmutableSandboxedEnvironment):
    """Templates join texts; what multiplies them could take all memory, already while it is compiled."""

    intercepted_binops = frozenset(["*", "**"])

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuse the operators above."""
        raise SecurityError(f"the operator {operator!r} is not for templates")


def _environment() -> ImmutableSandboxedEnvironment:
    return _Sandbox(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False, autoescape=False
    )


@cache
def _compiled(source: str) -> CompiledTemplate:
    """Compile once a process; a run renders the same few templates for every article."""
    return _environment().from_string(source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One prompt template of the manifest."""

    name: str
    version: str
    variables: tuple[str, ...]
    purpose: str
    source: str

    def render(self, values: Mapping[str, Variable]) -> str:
        """Return the text with the variables filled in; a template with an article slot is split by `around_article`.

        Raises:
            TemplateError: a variable is missing, or the template asks for what the sandbox forbids.
        """
        try:
            return _compiled(self.source).render({**values, "article": _ARTICLE_SLOT}).strip()
        # OverflowError: the sandbox's own answer to a range of millions.
        except (JinjaError, OverflowError) as error:
            raise TemplateError(f"template {self.name!r} cannot be rendered: {error}") from error

    def around_article(self, values: Mapping[str, Variable]) -> tuple[str, str]:
        """Return the rendered text before and after the place where the article goes.

        Raises:
            TemplateError: as `render`, or the template does not hold the article exactly once.
        """
        pieces = self.render(values).split(_ARTICLE_SLOT)
        if len(pieces) != 2:
            raise TemplateError(
                f"template {self.name!r} must hold {{{{ article }}}} exactly once, not {len(pieces) - 1} times"
            )
        return pieces[0], pieces[1]


@dataclass(frozen=True, slots=True)
class Prompts:
    """All templates of one folder, by name."""

    folder: Path
    templates: Mapping[str, Template]

    def __getitem__(self, name: str) -> Template:
        try:
            return self.templates[name]
        except KeyError:
            raise TemplateError(f"no template {name!r} in {str(self.folder / MANIFEST)!r}") from None


@cache
def built_in_prompts() -> Prompts:
    """Return the package's own templates; read once a process.

    Raises:
        TemplateError: no folder with a manifest is found, or it does not hold together.
    """
    package = Path(__file__).parent
    for folder in (package / "_prompts", package.parent / "prompts"):
        if (folder / MANIFEST).is_file():
            return load_prompts(folder)
    raise TemplateError(f"no folder with {MANIFEST!r} beside the package; reinstall it")


def load_prompts(folder: Path) -> Prompts:
    """Read a folder of templates by its manifest.

    Raises:
        TemplateError: the manifest or a file is missing or broken, or a template uses a variable it does not declare.
    """
    path = folder / MANIFEST
    try:
        manifest = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TemplateError(f"cannot read the manifest {str(path)!r}: {error.strerror}") from error
    except ValueError as error:
        raise TemplateError(f"the manifest {str(path)!r} is no TOML: {error}") from error
    return Prompts(folder, {name: _load(folder, name, entry) for name, entry in manifest.items()})


def _load(folder: Path, name: str, entry: object) -> Template:
    if not isinstance(entry, dict) or set(entry) != _ENTRY_KEYS:
        raise TemplateError(f"manifest entry {name!r} must hold exactly {', '.join(sorted(_ENTRY_KEYS))}")
    path = folder / str(entry["file"])
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise TemplateError(f"cannot read template {name!r} at {str(path)!r}: {error}") from error
    variables = tuple(str(variable) for variable in entry["variables"])
    undeclared = undeclared_variables(source, name) - set(variables) - {"article"}
    if undeclared:
        raise TemplateError(f"template {name!r} uses {sorted(undeclared)}, which the manifest does not declare")
    return Template(
        name=name, version=str(entry["version"]), variables=variables, purpose=str(entry["purpose"]), source=source
    )


def undeclared_variables(source: str, name: str) -> set[str]:
    """Return the variables that a template's source expects from outside.

    Raises:
        TemplateError: the source is no template.
    """
    try:
        return set(meta.find_undeclared_variables(_environment().parse(source)))
    except JinjaError as error:
        raise TemplateError(f"template {name!r} is broken: {error}") from error


def fingerprint(*texts: str) -> str:
    """Return 12 hexadecimal digits that change with any of the texts."""
    digest = hashlib.sha256()
    for text in texts:
        data = text.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:12]
