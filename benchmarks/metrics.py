"""The heavy questions on millions of rows, against the best SQL we can write by hand and against plain pandas.

    python -m benchmarks.metrics [rows]

Each run is a process of its own; the ways take turns, and only the answering is timed, on data that is already
read (`benchmarks.intake` measures the reading). Exit code 1 where a limit is passed.
"""

import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks.measure import Measured, Program, take_turns

ROUNDS = 3
MONTHS = 36

READ = """
import retention_kit as rk
log = rk.read({path!r}, "orders")
rk.metrics, rk.metrics.retention_rate, rk.metrics.cohorts
"""
OURS = """
flow = rk.metrics.retention_rate(log, every="month", calendar={calendar!r}).table
cells = rk.metrics.cohorts(log, every="month", calendar={calendar!r}).table
"""
# One pass: a customer's months as bits; the few different strings of bits are taken apart by arithmetic.
BY_HAND = """
lives = log.engine.session().execute('''
    with life as (
        select bit_or(1::bigint << (datediff('month', date '2021-01-01', time))::integer) as bits
        from orders where amount > 0 group by customer
    ),
    lives as (
        select bits, bit_count((bits & -bits) - 1)::bigint as born, count(*) as customers from life group by bits
    )
    select born, month, bits & (1::bigint << greatest(month - 1, 0)::integer) <> 0 and month > born as kept,
        sum(customers)::bigint as customers
    from lives join range(36) as months(month) on bits & (1::bigint << month::integer) <> 0
    group by all
'''.replace("orders", log.table)).df()
triangle = lives.groupby(["born", "month"])["customers"].sum().unstack()
end = lives.groupby("month")["customers"].sum()
kept = lives[lives["kept"]].groupby("month")["customers"].sum()
retention = kept / end.shift()
"""
# As tutorials do it.
IN_PANDAS = """
orders = frame[frame["amount"] > 0]
month = orders["time"].dt.to_period("M")
cohort = orders.assign(month=month).groupby("customer")["month"].transform("min")
age = (month.dt.year - cohort.dt.year) * 12 + month.dt.month - cohort.dt.month
triangle = orders.assign(cohort=cohort, age=age).groupby(["cohort", "age"])["customer"].nunique().unstack()
customers = orders.groupby(month)["customer"].agg(set)
retention = [len(now & before) / len(before) for before, now in zip(customers, customers[1:])]
"""

FRAME = """
frame = log.engine.session().execute("from " + log.table).df()
"""
AGREE = f"""
import numpy as np
def same(found):
    # The last month still runs, and only our way knows.
    return np.allclose(flow["retention_rate"].to_numpy(float)[1:-1], np.asarray(found, float)[-35:-1])
{BY_HAND}
assert same(retention)
{IN_PANDAS}
assert same(retention)
"""

SUBSCRIPTIONS = """
import retention_kit as rk
log = rk.read({path!r}, "subscriptions", observed_until="2023-12-31")
rk.metrics.revenue_churn
"""
MOVEMENTS = """
moved = rk.metrics.subscriptions.subscriptions(log, "month", "gregorian").totals()
"""
MOVEMENTS_BY_HAND = """
moved = log.engine.session().execute('''
    with months as (
        select m, (date '2021-01-01' + to_months(m + 1::integer))::timestamp as instant from range(36) t(m)
    ),
    paid as (
        select customer, m, sum(mrr) as mrr
        from subscriptions join months on start < instant and ("end" is null or "end" >= instant)
        group by all
    ),
    edges as (
        select *, lag(mrr) over life as before, lag(m) over life as month_before, lead(m) over life as month_after
        from paid window life as (partition by customer order by m)
    )
    select m, sum(case when month_before is null then mrr end) as new,
        sum(case when month_before = m - 1 and mrr > before then mrr - before end) as expansion,
        sum(case when month_before = m - 1 and mrr < before then before - mrr end) as contraction,
        sum(case when month_before < m - 1 then mrr end) as reactivation,
        sum(case when month_after is null or month_after > m + 1 then mrr end) as leaving
    from edges group by m order by m
'''.replace("subscriptions", log.table)).df()
"""
LIVES = """
import duckdb, retention_kit as rk
frame = duckdb.execute('''
    select (hash(i) % 60)::bigint as duration, (hash(i * 3) % 2)::bigint as "left" from range({rows}) t(i)
''').df()
rk.metrics.survival
"""
SURVIVAL = """
curve = rk.metrics.survival(frame).table["survival"]
"""
SURVIVAL_BY_HAND = """
found = duckdb.execute('''
    select duration, count(*) as ended, sum("left") as gone from frame group by duration order by duration
''').df()
at_risk = found["ended"][::-1].cumsum()[::-1]
curve = (1 - found["gone"] / at_risk).cumprod()
"""


def write_orders(path: Path, rows: int) -> None:
    """Orders of three years: twenty a customer, whose ids are texts."""
    duckdb.execute(
        f"copy (select 'c' || (hash(i * 7) % {rows // 20})::varchar as customer,"
        f" timestamp '2021-01-01' + to_seconds((hash(i) % ({MONTHS} * 30 * 86400))::bigint) as time,"
        f" ((hash(i * 3) % 1000000) / 100.0 + 0.01)::decimal(12, 2) as amount from range({rows}) t(i))"
        f" to '{path}' (format parquet)"
    )


def write_subscriptions(path: Path, rows: int) -> None:
    """Stretches of 1 to 24 months of 30 days; every third customer has had one before."""
    duckdb.execute(
        f"copy (select 's' || (i % ({rows} * 3 // 4))::varchar as customer, i::varchar as subscription,"
        " timestamp '2021-01-01' + to_days((hash(i) % 700 + case when i >= "
        f"{rows} * 3 // 4 then 720 else 0 end)::integer) as start,"
        " case when hash(i * 5) % 4 > 0 then start + to_days((30 * (1 + hash(i * 11) % 12))::integer) end as end,"
        " (10 * (1 + hash(i * 3) % 9))::decimal(12, 2) as amount, 'month' as interval"
        f" from range({rows}) t(i)) to '{path}' (format parquet)"
    )


def orders(folder: Path, rows: int) -> bool:
    """Flow and triangle, by hand, in pandas, in Jalali months and on five times as many rows."""
    path, large = folder / "orders.parquet", folder / "large.parquet"
    write_orders(path, rows)
    write_orders(large, 5 * rows)
    small = folder / "small.parquet"
    write_orders(small, 100_000)
    Program(READ.format(path=str(small)) + FRAME, OURS.format(calendar="gregorian") + AGREE).run()
    read, read_large = READ.format(path=str(path)), READ.format(path=str(large))
    ours, jalali = (OURS.format(calendar=name) for name in ("gregorian", "jalali"))
    found = take_turns(
        {
            "ours": Program(read, ours),
            "jalali": Program(read, jalali),
            "by hand": Program(read, BY_HAND),
            "five times": Program(read_large, ours),
        },
        ROUNDS,
    )
    tutorial = take_turns({"ours": Program(read, ours), "pandas": Program(read + FRAME, IN_PANDAS)}, 1)
    limits = (
        (found, "ours", "by hand", 1.3),
        (found, "jalali", "ours", 1.3),
        (found, "five times", "ours", 6.0),
        (tutorial, "ours", "pandas", 1 / 7),
    )
    kept = [said(*limit) for limit in limits]
    peak = found.mebibytes["ours"]
    print(f"peak memory, reading included: {peak:,.0f} MiB (limit 600)")
    return all(kept) and peak <= 600


def said(found: Measured, name: str, to: str, most: float) -> bool:
    """Print one comparison; whether its limit is kept."""
    ratio = found.ratio(name, to)
    print(f"{name} {found.median(name):.2f} s, {to} {found.median(to):.2f} s: {ratio:.2f} (limit {most:.2f})")
    return ratio <= most


def lives(folder: Path, rows: int) -> None:
    """Movements and survival, against SQL by hand: without a limit, for by hand they do less."""
    path = folder / "subscriptions.parquet"
    write_subscriptions(path, rows // 10)
    read, durations = SUBSCRIPTIONS.format(path=str(path)), LIVES.format(rows=rows)
    found = take_turns(
        {
            "movements": Program(read, MOVEMENTS),
            "movements by hand": Program(read, MOVEMENTS_BY_HAND),
            "survival": Program(durations, SURVIVAL),
            "survival by hand": Program(durations, SURVIVAL_BY_HAND),
        },
        ROUNDS,
    )
    for name in ("movements", "survival"):
        said(found, name, f"{name} by hand", float("inf"))


def main() -> None:
    """Write the data, take turns, judge."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory() as folder:
        kept = orders(Path(folder), rows)
        lives(Path(folder), rows)
    sys.exit(not kept)


if __name__ == "__main__":
    main()
