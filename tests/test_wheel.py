"""The wheel: what is in it, and that it works where the project is not."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent

# Works from the unpacked wheel alone: the project's folder, which an editable installation puts on the path, is taken off.
PROBE = """
import sys
unpacked, project = sys.argv[1:3]
sys.path[:] = [unpacked, *(one for one in sys.path if one not in ("", project))]
sys.meta_path[:] = [one for one in sys.meta_path if "editable" not in repr(one).lower()]
import summarizer
assert summarizer.__file__.startswith(unpacked), summarizer.__file__
from summarizer.templates import built_in_prompts
prompts = built_in_prompts()
assert str(prompts.folder).startswith(unpacked), prompts.folder
print(*sorted(prompts.templates))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, check=False, cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("elsewhere")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run_in(folder: Path, unpacked: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-c", code, str(unpacked), str(PROJECT), *arguments],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_wheel_holds_the_package_its_prompts_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"summarizer"}
    inside = {name.removeprefix("summarizer/") for name in names if name.startswith("summarizer/")}
    sources = {str(path.relative_to(PROJECT / "summarizer")) for path in (PROJECT / "summarizer").rglob("*.py")}
    assert sources <= inside
    assert "prices.toml" in inside
    prompts = {f"_prompts/{path.name}" for path in (PROJECT / "prompts").iterdir() if path.is_file()}
    assert {name for name in inside if name.startswith("_prompts/")} == prompts
    assert "_prompts/prompts.toml" in prompts
    assert not [name for name in names if name.endswith((".pyc", ".jsonl", ".part"))]


def test_the_wheel_finds_its_prompts_where_the_project_is_not(unpacked: Path, tmp_path: Path) -> None:
    done = run_in(tmp_path, unpacked, PROBE)
    assert done.returncode == 0, done.stderr
    assert {"article", "system", "reask"} <= set(done.stdout.split())


def test_the_command_of_the_wheel_reads_an_article(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("11月18日，甲集团与乙公司签订战略合作协议，总投资约30亿元。", encoding="utf-8")
    code = PROBE + "from summarizer.__main__ import main\nsys.argv[1:3] = []\nsys.exit(main())\n"
    done = run_in(tmp_path, unpacked, code, "run", "a.txt", "--out", "out", "--engine", "offline")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "results.jsonl").read_text(encoding="utf-8").count("\n") == 1


def test_the_wheel_names_its_command_and_its_floors(unpacked: Path) -> None:
    [information] = unpacked.glob("*.dist-info")
    assert "summarizer = summarizer.__main__:main" in (information / "entry_points.txt").read_text()
    metadata = (information / "METADATA").read_text()
    for floor in ("openai<4,>=3", "instructor<2,>=1.17", "pydantic<3,>=2.12"):
        assert f"Requires-Dist: {floor}" in metadata
