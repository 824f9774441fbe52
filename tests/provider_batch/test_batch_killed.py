"""Submit and collect killed with SIGKILL after every step, one after the other: nothing is lost, nothing is there twice."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.batch_double import BatchDouble
from tests.conftest import PROJECT
from tests.loopback import good_answer
from tests.provider_batch.conftest import Steps

Articles = Callable[[int], Path]
# Two in the first file, one in the second.
ARTICLES = 3


class Killer:
    """Runs a step in a process that dies at a point; `run` returns how many points were passed, None where it died."""

    def __init__(self, double: BatchDouble, out: Path, folder: Path) -> None:
        self._order = {"base_url": double.base_url, "out": str(out), "paths": [str(folder)]}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.provider_batch.killing"],
            cwd=PROJECT,
            env={name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "SUMMARIZER_"))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        # Once in the process that forks, so that no child has to load and prepare the same again.
        assert self.run("warm")
        double.clear()
        shutil.rmtree(out)

    def run(self, step: str, at: int = 0) -> int | None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({**self._order, "step": step, "at": at}) + "\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline().strip()
        return None if said == "killed" else int(said)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


@pytest.fixture
def killer(double: BatchDouble, steps: Steps, articles: Articles) -> Iterator[Killer]:
    process = Killer(double, steps.out, articles(ARTICLES))
    yield process
    process.close()


def check_jobs(double: BatchDouble, steps: Steps) -> None:
    assert sorted(double.custom_ids().values()) == [1] * ARTICLES
    assert sorted(job.state for job in steps.jobs()) == ["open"] * 2
    assert sorted(str(job.batch_id) for job in steps.jobs()) == sorted(double.batches)


def test_a_submit_killed_after_any_step_goes_on_with_each_request_in_one_job(
    killer: Killer, double: BatchDouble, steps: Steps
) -> None:
    at, died = 0, True
    while died:
        at += 1
        double.clear()
        shutil.rmtree(steps.out, ignore_errors=True)
        died = killer.run("submit", at) is None
        if at % 2:
            # The resumed call is killed too, at one point or another.
            killer.run("submit", 1 + at * 7 % 23)
        killer.run("submit")
        check_jobs(double, steps)
        # A file that was sent and whose reply was lost is found by its name.
        assert len(double.files) == 2
    double.finish()
    killer.run("collect")
    assert len(steps.stored(list(double.custom_ids()))) == ARTICLES
    # For each of two files: sealed, planned, sent, noted, begun, created, noted; and what comes before and after.
    assert at > 20


def test_a_collect_killed_after_any_step_stores_all_answers_and_names_all_failures(
    killer: Killer, double: BatchDouble, steps: Steps
) -> None:
    def answer(body: dict[str, object]) -> object:
        is_bad = "甲1集团" in json.dumps(body, ensure_ascii=False)
        return {"code": "batch_expired", "message": "too late"} if is_bad else good_answer(body)  # type: ignore[arg-type]

    double.answer = answer  # type: ignore[assignment]
    killer.run("submit")
    double.finish()
    template = steps.out.with_name("submitted")
    shutil.copytree(steps.out, template)
    killer.run("collect")
    undisturbed = steps.jobs()
    at, died = 0, True
    while died:
        at += 1
        shutil.rmtree(steps.out)
        shutil.copytree(template, steps.out)
        died = killer.run("collect", at) is None
        killer.run("collect")
        assert steps.jobs() == undisturbed
        assert len(steps.stored(list(double.custom_ids()))) == ARTICLES - 1
        assert list((steps.out / ".cache" / "batches").iterdir()) == []
    assert at > 20
    assert sum(job.failed for job in undisturbed) == 1


def test_a_job_begun_and_killed_is_taken_over_by_collect(killer: Killer, double: BatchDouble, steps: Steps) -> None:
    at = 0
    while not double.batches:
        at += 1
        double.clear()
        shutil.rmtree(steps.out, ignore_errors=True)
        assert killer.run("submit", at) is None
    assert [job.state for job in steps.jobs()] == ["creating"]
    double.finish()
    killer.run("collect")
    assert [job.state for job in steps.jobs()] == ["ended"]
    killer.run("submit")
    assert sorted(double.custom_ids().values()) == [1] * ARTICLES
