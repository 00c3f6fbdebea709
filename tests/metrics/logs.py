"""Logs drawn by hand, put straight into an engine: what a metric is given, without a file."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from retention_kit.engine import DuckDB
from retention_kit.tables import Log, Receipt

Day = str | date


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


def points(rows: Iterable[tuple[str, Day, float, str]], until: Day) -> Log:
    """A log of (customer, day, points, kind) rows, watched until a day."""
    columns = dict(zip(("customer", "time", "points", "kind"), map(list, zip(*rows, strict=True)), strict=True))
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
