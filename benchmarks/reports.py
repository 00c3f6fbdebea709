"""A run beside what it computes, a batch beside single papermill runs, and the memory of a large report.

    python -m benchmarks.reports

Prints each figure with its bound; exit code 1 where one is passed. Runs that are compared take turns, so that both
meet the same machine.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from retention_kit.reports.company import Task, company_of
from retention_kit.reports.executed import lesson_path
from retention_kit.reports.making import make_report
from retention_kit.reports.processes import in_own_process

ROUNDS = 3
COMPANIES = 50
MOST_SECONDS_ABOVE, MOST_OF_SINGLE_RUNS, MOST_GIB = 4.0, 1 / 8, 1.5
LARGE = 10_000_000

# What the lesson on the retention rate computes and draws, in a Python process with nothing around it.
PLAIN = """
import sys
import retention_kit as rk
log = rk.read(sys.argv[1], "orders")
log.receipt.words("en")
for every, calendar in (("month", "gregorian"), ("quarter", "jalali")):
    result = rk.metrics.retention_rate(log, every=every, calendar=calendar)
    rk.figures.retention_rate(result, "en").savefig(sys.argv[2])
    rk.say(result, "en")
"""


def write_orders(path: Path, rows: int, customers: int, seed: int) -> Path:
    """Orders of two years; the same seed gives the same file."""
    day, amount = f"date '2023-01-01' + (hash(i, {seed + 1}) % 730)::int", "10 + i % 90"
    customer = f"'c' || (hash(i, {seed}) % {customers})::varchar"
    drawn = f"select {customer} as customer, {day} as time, {amount} as amount from range({rows}) t(i)"
    with duckdb.connect() as engine:
        engine.execute("set enable_progress_bar = false")
        engine.execute(f"copy ({drawn}) to '{path}' (header)")
    return path


def seconds(command: list[str]) -> float:
    """How long a command takes."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return time.perf_counter() - begun


def seconds_above_plain(folder: Path) -> float:
    """A run's time above the same computation in plain Python: the median of the pairs."""
    orders = str(write_orders(folder / "orders.csv", 100_000, 5_000, 1))
    run = [
        "-m",
        "retention_kit.cli",
        "run",
        "retention_rate",
        "--data",
        orders,
        "--out",
        str(folder / "out"),
        "--quiet",
    ]
    plain = ["-c", PLAIN, orders, str(folder / "picture.png")]
    return statistics.median(seconds(run) - seconds(plain) for _ in range(ROUNDS))


def papermill(task: Task, out: Path) -> list[str]:
    """The command that runs one lesson with papermill alone, as a scheduler would."""
    named = {name: task.parameters[name] for name in ("data", "contract") if name in task.parameters}
    given = [word for name, value in named.items() for word in ("-p", name, value)]
    return ["-m", "papermill", str(lesson_path(task.subject, "en")), str(out), *given]


def share_of_single_runs(folder: Path) -> float:
    """The time of a batch of small companies as a share of single papermill runs of the same lessons."""
    names = [f"company {place}" for place in range(COMPANIES)]
    for place, name in enumerate(names):
        write_orders(folder / f"{name}.csv", 2_000, 300, place)
    written = "".join(f'[[company]]\nname = "{name}"\norders = "{name}.csv"\n' for name in names)
    (folder / "runs.toml").write_text(written, "utf-8")
    tasks = company_of({"orders": f"{names[0]}.csv"}, folder).tasks()

    def singly() -> float:
        return sum(seconds(papermill(task, folder / "out.ipynb")) for task in tasks)

    before = singly()
    batch = [
        "-m",
        "retention_kit.cli",
        "batch",
        str(folder / "runs.toml"),
        "--out",
        str(folder / "out"),
        "--quiet",
    ]
    together = seconds(batch)
    return together / (COMPANIES * (before + singly()) / 2)


def report_with_its_memory(data: str, folder: Path, progress: Callable[[float], None]) -> float:
    """Make a report; the most memory its process held, in GiB."""
    make_report(company_of({"orders": data}, folder), False, folder / "large", progress)
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30


def gib_of_a_large_report(folder: Path) -> float:
    """The most memory of a report on ten million orders."""
    orders = write_orders(folder / "large.csv", LARGE, 1_000_000, 1)
    return float(in_own_process("benchmarks.reports.report_with_its_memory", str(orders), folder))


def main() -> int:
    """Measure, print, judge."""
    measures = (
        ("a run above plain Python, seconds", seconds_above_plain, MOST_SECONDS_ABOVE),
        (f"a batch of {COMPANIES} as a share of single papermill runs", share_of_single_runs, MOST_OF_SINGLE_RUNS),
        (f"memory of a report on {LARGE:,} orders, GiB", gib_of_a_large_report, MOST_GIB),
    )
    passed = True
    for name, measure, most in measures:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(Path(folder))
        print(f"{name}: {found:.3f} (at most {most:.3f})")
        passed &= found <= most
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
