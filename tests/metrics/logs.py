"""Logs drawn by hand or by chance, put straight into an engine without a file, and how their results are read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
from hypothesis import strategies as st

import retention_kit as rk
from retention_kit.engine import DuckDB
from retention_kit.tables import Log, Receipt
from tests import oracle

Day = str | date
Metric = Callable[..., rk.Result]

# The metrics of orders that take groups.
ON_ORDERS: list[Metric] = [
    rk.metrics.retention_rate,
    rk.metrics.churn,
    rk.metrics.lifecycle,
    rk.metrics.stickiness,
]

# What ana, bita, cyrus and dara ordered in three months; dara's last is a refund.
SMALL = [
    ("ana", "2024-01-05", 10),
    ("bita", "2024-01-20", 10),
    ("cyrus", "2024-01-31", 10),
    ("ana", "2024-02-10", 10),
    ("dara", "2024-02-11", 10),
    ("ana", "2024-03-01", 10),
    ("bita", "2024-03-02", 10),
    ("dara", "2024-03-03", -10),
    ("ana", "2024-03-31", 10),
]


def orders(rows: Iterable[tuple[Any, ...]], until: Day, *more: str) -> Log:
    """A log of (customer, day, amount) rows, watched until a day; `more` names what else stands in a row."""
    names = ("customer", "time", "amount", *more)
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return _log("orders", columns, columns["time"], until)


def events(rows: Iterable[tuple[Any, ...]], until: Day, *more: str) -> Log:
    """A log of (customer, time, event) rows, watched until a day; `more` names what else stands in a row."""
    names = ("customer", "time", "event", *more)
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return _log("events", columns, columns["time"], until)


def touchpoints(rows: Iterable[tuple[Any, ...]], until: Day, *more: str) -> Log:
    """A log of (customer, day, channel) rows, watched until a day; `more` names what else stands in a row."""
    names = ("customer", "time", "channel", *more)
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return _log("touchpoints", columns, columns["time"], until)


def points(rows: Iterable[tuple[Any, ...]], until: Day) -> Log:
    """A log of (customer, day, points, kind) rows, in which may stand until when they can be spent."""
    given = list(map(list, zip(*rows, strict=True)))
    columns: dict[str, Any] = dict(zip(("customer", "time", "points", "kind", "expires"), given, strict=False))
    if "expires" in columns:
        columns["expires"] = pd.to_datetime(pd.Series(columns["expires"], dtype="object"))
    return _log("points", columns, columns["time"], until)


def subscriptions(rows: Sequence[Mapping[str, Any]], until: Day) -> Log:
    """A log of stretches, watched until a day; what a row leaves out is the usual."""
    usual = {"subscription": "1", "end": None, "mrr": 100.0, "trial_end": None, "status": "active", "reason": None}
    full = [{**usual, **row} for row in rows]
    names = dict.fromkeys(name for row in full for name in row)
    columns: dict[str, Any] = {name: [row.get(name) for row in full] for name in names}
    for name in ("start", "end", "trial_end"):
        columns[name] = pd.to_datetime(pd.Series(columns[name], dtype="object"))
    for name in ("reason",):
        columns[name] = pd.Series(columns[name], dtype="str")
    return _log("subscriptions", columns, [row["start"] for row in full], until)


def customers(**columns: Sequence[Any]) -> Log:
    """A log of customers, in an engine of its own."""
    return _log("customers", columns, ["2024-01-01"] * len(columns["customer"]), "2024-01-01")


def _log(contract: str, columns: Mapping[str, Any], times: Iterable[Any], until: Day) -> Log:
    engine = DuckDB()
    days = pd.to_datetime(pd.Series(list(times))).dt.date
    if "time" in columns:
        columns = {**columns, "time": pd.to_datetime(pd.Series(columns["time"]))}
    return Log(
        contract=contract,
        engine=engine,
        table=engine.store(columns),
        zone="Asia/Tehran",
        calendar="gregorian",
        first_day=days.min(),
        last_day=days.max(),
        observed_until=date.fromisoformat(str(until)),
        receipt=Receipt("drawn by hand", contract, (), len(days)),
    )


# Orders of up to seven customers, drawn by chance; some are refunds.
ORDERS = st.lists(
    st.tuples(
        st.sampled_from("abcdefg"),
        st.integers(0, 400).map(lambda days: date(2020, 1, 1) + timedelta(days)),
        st.sampled_from([10.0, 2.5, 0.0, -3.0]),
    ),
    min_size=1,
    max_size=40,
)

PIECES = st.fixed_dictionaries(
    {
        "wait": st.sampled_from([0, 0, 1, 7, 8, 40]),
        "length": st.sampled_from([1, 5, 20, 30, 60, 90, 91]),
        "mrr": st.sampled_from([0, 10, 10, 25]),
        "trial": st.sampled_from([0, 0, 0, 4, 30]),
    }
)
# Customers of a company, drawn by chance: each has subscriptions, each of them pieces.
COMPANIES = st.lists(
    st.lists(st.lists(PIECES, min_size=1, max_size=4), min_size=1, max_size=2), min_size=1, max_size=4
)
FIRST, LAST = date(2024, 1, 1), date(2024, 8, 31)
MOVEMENTS = ["new", "expansion", "contraction", "churn", "reactivation"]
INSTANTS = [(date(2024, month + 1, 1) - FIRST).days - 1 for month in range(1, 9)]


def _stretches(pieces: list[dict[str, int]], customer: str, subscription: str) -> list[dict[str, Any]]:
    """One subscription as rows with numbered days; whatever ends after the last day is still open."""
    rows, day = [], 0
    for part in pieces:
        start, end = day + part["wait"], day + part["wait"] + part["length"]
        day = end
        trial = part["trial"] if part["mrr"] else 0
        if start <= INSTANTS[-1]:
            open_end = oracle.FOREVER if end > INSTANTS[-1] else end
            rows.append(
                {
                    "customer": customer,
                    "subscription": subscription,
                    "start": start,
                    "end": open_end,
                    "mrr": part["mrr"],
                    "trial": trial,
                }
            )
    return rows


def written(row: dict[str, Any]) -> dict[str, Any]:
    """A row with numbered days as the log holds it."""
    day = {name: FIRST + timedelta(row[name]) for name in ("start", "end") if row[name] < oracle.FOREVER}
    trial = {"trial_end": FIRST + timedelta(row["start"] + row["trial"])} if row["trial"] else {}
    status = "active" if row["mrr"] else "paused"
    return {
        "customer": row["customer"],
        "subscription": row["subscription"],
        "mrr": float(row["mrr"]),
        "status": status,
        **day,
        **trial,
    }


def customers_of(drawn: list[Any]) -> list[list[dict[str, Any]]]:
    """The rows of each customer; one more pays from the first day on, so that all logs begin alike."""
    customers = [
        [row for place, pieces in enumerate(parts) for row in _stretches(pieces, f"c{number}", str(place))]
        for number, parts in enumerate(drawn)
    ]
    first = {"customer": "first", "subscription": "1", "start": 0, "end": oracle.FOREVER, "mrr": 1, "trial": 0}
    return [*customers, [first]]


def rows_of(drawn: list[Any]) -> list[dict[str, Any]]:
    """All rows of all customers."""
    return [row for customer in customers_of(drawn) for row in customer]


def triangle(result: rk.Result) -> list[list[Any]]:
    """Customers, a list a cohort, without the future."""
    return [rows["customers"].dropna().astype(int).tolist() for _, rows in result.table.groupby("cohort")]


def groups(result: rk.Result) -> list[Any]:
    """The names of the groups, in the order of the table; None is the unknown one."""
    return [None if pd.isna(group) else group for group in result.table["group"].drop_duplicates()]


def codes(result: rk.Result) -> dict[str, dict[str, Any]]:
    """The notes by their codes."""
    return {note.code: dict(note.facts) for note in result.notes}
