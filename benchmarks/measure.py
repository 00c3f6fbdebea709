"""How the benchmarks measure: each program in a process of its own, the programs taking turns."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

_TIMED = """
import resource, time
{before}
began = time.perf_counter()
{timed}
took = time.perf_counter() - began
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@dataclass(frozen=True)
class Program:
    """Lines of Python: what is done before the clock starts, and what is timed."""

    before: str
    timed: str

    def run(self) -> tuple[float, float]:
        """Seconds of what is timed, and the peak mebibytes of the whole process."""
        source = _TIMED.replace("{before}", self.before).replace("{timed}", self.timed)
        said = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True).stdout
        seconds, mebibytes = map(float, said.split())
        return seconds, mebibytes


@dataclass(frozen=True)
class Measured:
    """Seconds of each program in each round, and the most mebibytes each took."""

    seconds: Mapping[str, list[float]]
    mebibytes: Mapping[str, float]

    def median(self, name: str) -> float:
        """Median seconds of one program."""
        return statistics.median(self.seconds[name])

    def ratio(self, name: str, to: str) -> float:
        """Median over the rounds of how many times as long one program takes as another in the same round."""
        return statistics.median(a / b for a, b in zip(self.seconds[name], self.seconds[to], strict=True))


def take_turns(programs: Mapping[str, Program], rounds: int) -> Measured:
    """Run all programs in turns, after one round that only warms the file cache."""
    for program in programs.values():
        program.run()
    found = [{name: program.run() for name, program in programs.items()} for _ in range(rounds)]
    return Measured(
        {name: [one[name][0] for one in found] for name in programs},
        {name: max(one[name][1] for one in found) for name in programs},
    )
