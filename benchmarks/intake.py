"""Reading 10 million clean CSV rows as a log, against DuckDB's bare `read_csv` into the same typed columns.

    python -m benchmarks.intake [rows]

Each run is a process of its own; the two ways take turns. Prints the median ratio of wall times and the peak
memory of our way; exit code 1 where reading takes more than 1.6 times as long, or a gibibyte.
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

ROUNDS = 5
MOST_RATIO, MOST_MEBIBYTES = 1.6, 1024

TIMED = """
import resource, sys, time
{imports}
began = time.perf_counter()
{work}
took = time.perf_counter() - began
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
BARE = TIMED.format(
    imports="import duckdb",
    work="engine = duckdb.connect(); engine.execute('set enable_progress_bar = false');"
    " engine.execute(\"create table orders as select * from read_csv('{path}', header = true, columns ="
    " {{'customer_id': 'VARCHAR', 'order_date': 'TIMESTAMP', 'total': 'DECIMAL(18, 4)'}})\")",
)
OURS = TIMED.format(
    imports="import retention_kit as rk; rk.read",
    work="log = rk.read('{path}', 'orders'); assert log.receipt.refused == 0",
)


def write_orders(path: Path, rows: int) -> None:
    """Clean orders: half a million customers, three years, two decimals."""
    duckdb.execute(
        f"copy (select (hash(i * 7) % 500000)::bigint as customer_id,"
        f" timestamp '2021-01-01' + to_seconds((hash(i) % (1095 * 86400))::bigint) as order_date,"
        f" ((hash(i * 3) % 1000000) / 100.0 + 0.01)::decimal(12, 2) as total from range({rows}) t(i))"
        f" to '{path}' (header)"
    )


def run(program: str, path: Path) -> tuple[float, float]:
    """Seconds and peak mebibytes of a program in a process of its own."""
    source = program.replace("{path}", str(path)).replace("{{", "{").replace("}}", "}")
    said = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True).stdout
    seconds, mebibytes = map(float, said.split())
    return seconds, mebibytes


def main() -> None:
    """Write the file, take turns, judge."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        write_orders(path, rows)
        run(BARE, path), run(OURS, path)
        pairs = [(run(BARE, path), run(OURS, path)) for _ in range(ROUNDS)]
    ratio = statistics.median(ours[0] / bare[0] for bare, ours in pairs)
    bare, ours = (statistics.median(pair[way][0] for pair in pairs) for way in (0, 1))
    peak = max(ours[1] for _, ours in pairs)
    print(f"{rows:,} rows: bare {bare:.2f} s, ours {ours:.2f} s, ratio {ratio:.2f}, peak {peak:,.0f} MiB")
    sys.exit(ratio > MOST_RATIO or peak > MOST_MEBIBYTES)


if __name__ == "__main__":
    main()
