"""The cohort triangle: of the customers who began together, how many are here after each period."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from retention_kit import formulas
from retention_kit.errors import check_choice
from retention_kit.metrics.activity import Activity, activity
from retention_kit.tables import FEW_CUSTOMERS, Log, Note, Result

KINDS = ("on", "on_or_after")


def cohorts(log: Log, *, every: str = "month", calendar: str = "gregorian", kind: str = "on") -> Result:
    """Share of a cohort (the denominator: all who began in the same period) who are customers at each age.

    Args:
        log: a log of orders.
        every: day, week, month, quarter or year.
        calendar: gregorian or jalali.
        kind: "on" counts who ordered in that very period, "on_or_after" who ordered then or at any later time.

    Returns:
        One row a cell: cohort (first day of its period), age (0, 1, … periods), size, customers, and as shares
        rate, low and high (Wilson, 95 %). Cells in the future have no customers (missing), cells seen and empty
        have 0. A cell in the running period counts its customers so far and has no rate.
    """
    check_choice("kind", kind, KINDS)
    found = activity(log, every, calendar)
    table = _cells(found, kind)
    return Result(
        name="cohorts",
        table=table,
        every=every,
        calendar=calendar,
        headline=_headline(table, found, kind),
        notes=(*found.notes(log), *_notes(table)),
    )


def _cells(found: Activity, kind: str) -> pd.DataFrame:
    count = len(found.periods)
    cohort, age = (axis.ravel() for axis in np.indices((count, count)))
    seen = cohort + age < count
    on = _triangle(found.cube, count)
    size = on[:, 0]
    counts = on if kind == "on" else _on_or_after(found.cube, size)
    table = pd.DataFrame(
        {
            "cohort": [found.periods[index].start for index in cohort],
            "age": age,
            "size": size[cohort],
            "customers": pd.array(np.where(seen, counts[cohort, age], 0), dtype="Int64"),
        }
    )
    table.loc[~seen, "customers"] = pd.NA
    complete = table["customers"].where(cohort + age < count - found.running)
    low, high = formulas.wilson_interval(complete, table["size"])
    return table.assign(
        rate=1 - formulas.customer_churn_rate(table["size"], table["size"] - complete), low=low, high=high
    )


def _triangle(cube: pd.DataFrame, count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Customers by cohort and age."""
    triangle = np.zeros((count, count), "int64")
    np.add.at(triangle, (cube["first_period"], cube["period"] - cube["first_period"]), cube["customers"])
    return triangle


def _on_or_after(
    cube: pd.DataFrame, size: np.ndarray[Any, np.dtype[np.int64]]
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Those of a cohort whose final period is not yet over at each age."""
    last_seen = _triangle(cube[cube["final"] == 1], len(size))
    gone_before = np.cumsum(last_seen, axis=1) - last_seen
    return np.asarray(size[:, np.newaxis] - gone_before)


def _headline(table: pd.DataFrame, found: Activity, kind: str) -> dict[str, Any]:
    """The share that came back in the period after their first, over all cohorts but the left-truncated one."""
    cells = table[(table["age"] == 1) & table["rate"].notna() & (table["cohort"] != found.periods[0].start)]
    if cells.empty:
        return {"sentence": "none", "cohorts": 0}
    size, customers = int(cells["size"].sum()), int(cells["customers"].sum())
    low, high = formulas.wilson_interval(float(customers), float(size))
    return {
        "sentence": kind,
        "cohorts": len(cells),
        "size": size,
        "customers": customers,
        "rate": customers / size,
        "low": low,
        "high": high,
    }


def _notes(table: pd.DataFrame) -> list[Note]:
    sizes = table.loc[table["age"] == 0, "size"]
    few = int(((sizes > 0) & (sizes < FEW_CUSTOMERS)).sum())
    return [Note("small_groups", {"count": few, "least": FEW_CUSTOMERS})] if few else []
