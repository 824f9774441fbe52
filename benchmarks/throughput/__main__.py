"""`python -m benchmarks.throughput [--scenario NAME …] [--runs 5] [--quick]`.

Needs Linux with two cores for the two processes to have one each; on one core, times are those of both together.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.throughput.running import Workplace, cores
from benchmarks.throughput.scenarios import SCENARIOS, Setting


def main(arguments: Sequence[str]) -> int:
    """Measure and print. All scenarios take some ten minutes a run."""
    names = [scenario.name for scenario in SCENARIOS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--scenario", action="append", choices=names, help="one or several; all by default")
    parser.add_argument("--runs", type=int, default=5, help="of each; medians are shown (default: 5)")
    parser.add_argument("--quick", action="store_true", help="one run at a twentieth of the size, to see that it works")
    options = parser.parse_args(arguments)
    loop, server = cores()
    print(f"the loop on core {loop}, the provider on core {server}" + ("" if loop != server else ": one for both"))
    with tempfile.TemporaryDirectory() as folder:
        workplace = Workplace(Path(folder))
        setting = Setting(workplace=workplace, part=0.05, runs=1) if options.quick else None
        setting = setting or Setting(workplace=workplace, runs=options.runs)
        for scenario in SCENARIOS:
            if not options.scenario or scenario.name in options.scenario:
                print(f"\n{scenario.name}: {scenario.goal}", flush=True)
                for line in scenario.lines(setting):
                    print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
