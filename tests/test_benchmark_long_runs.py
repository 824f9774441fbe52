"""The benchmark of long runs, on a few articles: that it runs to its end and says what it promises."""

import re

import pytest

from benchmarks import long_runs


@pytest.mark.parametrize("engine", ["offline", "llm"])
def test_the_benchmark_measures_three_runs_and_their_growth(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], engine: str
) -> None:
    arguments = ["long_runs", "--articles", "10", "--source", "lines", "--format", "jsonl", "--engine", engine]
    monkeypatch.setattr("sys.argv", arguments)
    assert long_runs.main() == 0
    said = capsys.readouterr().out
    assert "10 articles as lines" in said
    peaks = [float(peak) for peak in re.findall(r"peak +([\d.]+) MB", said)]
    assert len(peaks) == 4
    assert all(10 < peak < 1000 for peak in peaks)
    assert re.search(r"growth of the first run +-?[\d.]+ kB an article between 1 and 10", said)
