"""Rules that hold for the code and the files of the whole project, read from them."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import os
import re
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PACKAGE = PROJECT / "summarizer"

_EXECUTING_MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "ctypes", "code"}
_EXECUTING_CALLS = {"eval", "exec", "compile", "__import__"}
_FORBIDDEN = re.compile(
    r"(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{16,}"
    r"|(?<![A-Za-z0-9])org-[A-Za-z0-9]{16,}"
    r"|(?i:\bset-cookie: \S+=\S+)"
    r"|(?i:\b(?:openai-organization|x-request-id|cf-ray|anthropic-organization-id)\b\"?: ?\"?\w{6,})"
)
# What keys of tests are made of.
_MADE_UP = ("canary", "abcdef", "123456")


def modules() -> list[Path]:
    found = sorted(PACKAGE.rglob("*.py"))
    assert len(found) > 100
    return found


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name.partition(".")[0] for name in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.partition(".")[0]]
    return []


def test_no_code_of_ours_executes_what_it_reads() -> None:
    found = []
    for path in modules():
        for node in nodes(path):
            found += [f"{path.name} imports {name}" for name in imported(node) if name in _EXECUTING_MODULES]
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Name) and node.func.id in _EXECUTING_CALLS:
                found.append(f"{path.name}:{node.lineno} calls {node.func.id}")
            if isinstance(node.func, ast.Attribute):
                whole = ast.unparse(node.func)
                loader = " ".join(ast.unparse(keyword.value) for keyword in node.keywords)
                is_loose = whole in ("yaml.load", "yaml.load_all") and "Safe" not in loader
                if is_loose or whole in ("yaml.unsafe_load", "yaml.full_load", "os.system", "os.popen"):
                    found.append(f"{path.name}:{node.lineno} calls {whole}")
    assert found == []


def test_no_check_is_an_assertion_that_optimised_python_leaves_out() -> None:
    # What says only to the type checker what the code around it has seen to.
    known = {"locate.py"}
    found = {path.name for path in modules() for node in nodes(path) if isinstance(node, ast.Assert)}
    assert found <= known


def test_the_time_of_day_decides_nothing() -> None:
    # A clock that is set back must change no wait and expire nothing. A Retry-After may name a time of day, and jobs of
    # a batch have times of the provider, from which it is told how long they have taken.
    found = set()
    for path in modules():
        for node in nodes(path):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in (
                "time.time",
                "datetime.now",
                "datetime.utcnow",
            ):
                found.add(path.relative_to(PACKAGE).as_posix())
    assert found <= {"wire/retry.py", "cli/batching.py"}


def committed() -> list[Path]:
    """Return the project's files: what git knows, or what lies in a copy without git."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=True).stdout
        paths = [PROJECT / os.fsdecode(name) for name in listed.split(b"\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [
            path for name in ("summarizer", "prompts", "tests", "seeds", "docs") for path in (PROJECT / name).rglob("*")
        ]
    return [path for path in paths if path.is_file()]


def test_no_file_of_the_project_holds_a_key_an_account_or_a_cookie() -> None:
    found = []
    for path in committed():
        text = path.read_bytes().decode("utf-8", "replace")
        hits = [hit[0] for hit in _FORBIDDEN.finditer(text)]
        found += [f"{path.relative_to(PROJECT)}: {hit}" for hit in hits if not any(word in hit for word in _MADE_UP)]
    assert found == []


@pytest.mark.parametrize(
    "secret",
    ["sk-" + "Ab1" * 8, "org-" + "Ab1" * 8, "Set-Cookie" + ": a=b", 'x-request-id": "' + "req123456"],
)
def test_the_search_for_secrets_finds_them(secret: str) -> None:
    assert _FORBIDDEN.search(f'{{"headers": "{secret}"}}')


def test_recordings_hold_the_headers_of_the_list_and_no_others() -> None:
    checked = 0
    for path in committed():
        if path.suffix != ".json" or '"format": "recording/' not in path.read_text(encoding="utf-8")[:200]:
            continue
        document = json.loads(path.read_text(encoding="utf-8"))
        assert set(document) == {"format", "key", "request", "response"}, path
        assert set(document["response"]) == {"status", "headers", "body"}, path
        assert set(document["response"]["headers"]) <= {"content-type"}, path
        checked += 1
    assert checked >= 5


def test_these_tests_reach_no_other_machine() -> None:
    # 192.0.2.0/24 is nobody's address.
    with socket.socket() as one, pytest.raises(PermissionError, match="other machine"):
        one.connect(("192.0.2.1", 80))
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as one:
        one.connect(server.getsockname())


BLOCKED = """
import importlib, pkgutil, sys
blocked = set(sys.argv[1].split(","))
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Blocker())
import summarizer
for module in pkgutil.walk_packages(summarizer.__path__, "summarizer."):
    if module.name == "summarizer.__main__":
        continue
    missing = "-"
    try:
        importlib.import_module(module.name)
    except ModuleNotFoundError as error:
        missing = error.name
    print(module.name, missing)
"""
# Loaded by the child that reads such a file, and by nothing else: it names the extra that is missing.
WITH_EXTRA = {"articles.pdf_fonts": "pypdf", "articles.pdf_text": "pypdf", "articles.word_text": "docx"}


def hard_dependencies() -> set[str]:
    """Return the import names of all that an installation without extras brings."""
    by_distribution: dict[str, set[str]] = {}
    for name, distributions in importlib.metadata.packages_distributions().items():
        for distribution in distributions:
            by_distribution.setdefault(canonical(distribution), set()).add(name)
    declared = re.search(r"^dependencies = \[(.*?)^\]", (PROJECT / "pyproject.toml").read_text(), re.S | re.M)
    assert declared is not None
    todo = [canonical(name) for name in re.findall(r'^  "([\w.-]+)', declared[1], re.M)]
    assert len(todo) >= 8
    known: set[str] = set()
    while todo:
        name = todo.pop()
        if name in known:
            continue
        known.add(name)
        try:
            required = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        todo += [canonical(re.split(r"[^\w.-]", text)[0]) for text in required if "extra ==" not in text]
    return {module for name in known for module in by_distribution.get(name, ())}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_module_can_be_imported_with_nothing_but_the_hard_dependencies(tmp_path: Path) -> None:
    blocked = set(importlib.metadata.packages_distributions()) - hard_dependencies() - {"summarizer"}
    assert blocked >= {"pandas", "pyarrow", "xlsxwriter", "docx", "numpy", "pytest"}
    done = subprocess.run(
        [sys.executable, "-W", "error::SyntaxWarning", "-c", BLOCKED, ",".join(blocked)],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    missing = dict(line.removeprefix("summarizer.").split() for line in done.stdout.splitlines())
    assert len(missing) > 100
    assert {name: library for name, library in missing.items() if library != "-"} == WITH_EXTRA


SECURITY_TESTS = (
    "tests/test_templates.py",
    "tests/test_settings.py",
    "tests/test_files.py",
    "tests/wire/test_wire_store.py",
)


def test_the_security_tests_hold_in_optimised_python() -> None:
    # pytest compares with statements of its own, which -O leaves in; those of the package would be gone.
    command = [sys.executable, "-O", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "default", *SECURITY_TESTS]
    quick = ("-k", "not damage_anywhere and not lock and not processes and not kill")
    done = subprocess.run([*command, *quick], cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_test_that_the_page_of_faults_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (PROJECT / "docs" / "faults.md").read_text(encoding="utf-8")))
    assert len(named) > 90
    code = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "tests").rglob("test_*.py"))
    defined = set(re.findall(r"^(?:async )?def (test_\w+)", code, re.MULTILINE))
    assert sorted(named - defined) == []
