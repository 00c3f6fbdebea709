"""Logs drawn by hand, put straight into an engine: what a metric is given, without a file."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from retention_kit.engine import DuckDB
from retention_kit.tables import Log, Receipt

Day = str | date


def orders(rows: Iterable[tuple[str, Day, float]], until: Day) -> Log:
    """A log of (customer, day, amount) rows, watched until a day."""
    columns = dict(zip(("customer", "time", "amount"), map(list, zip(*rows, strict=True)), strict=True))
    return _log("orders", columns, columns["time"], until)


def events(rows: Iterable[tuple[str, datetime | Day, str]], until: Day) -> Log:
    """A log of (customer, time, event) rows, watched until a day."""
    columns = dict(zip(("customer", "time", "event"), map(list, zip(*rows, strict=True)), strict=True))
    return _log("events", columns, columns["time"], until)


def subscriptions(rows: Sequence[Mapping[str, Any]], until: Day) -> Log:
    """A log of stretches, watched until a day; what a row leaves out is the usual."""
    usual = {"subscription": "1", "end": None, "mrr": 100.0, "trial_end": None, "status": "active", "reason": None}
    full = [{**usual, **row} for row in rows]
    columns: dict[str, Any] = {name: [row[name] for row in full] for name in ("customer", *usual, "start")}
    for name in ("start", "end", "trial_end"):
        columns[name] = pd.to_datetime(pd.Series(columns[name], dtype="object"))
    for name in ("reason",):
        columns[name] = pd.Series(columns[name], dtype="str")
    return _log("subscriptions", columns, [row["start"] for row in full], until)


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
