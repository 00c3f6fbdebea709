"""Stickiness: in how many periods customers were active at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from retention_kit import formulas
from retention_kit.errors import check_choice
from retention_kit.metrics.timeline import ask, timeline
from retention_kit.tables import FEW_CUSTOMERS, Log, Note, Result


def stickiness(log: Log, *, every: str = "month", calendar: str = "gregorian") -> Result:
    """Share of all customers (the denominator) who ordered in one complete period, in two, and so on.

    Args:
        log: a log of orders.
        every: day, week, month, quarter or year.
        calendar: gregorian or jalali.

    Returns:
        One row a number of periods: periods_active (1 to the number of complete periods), customers, and as
        shares of all customers share, low and high (Wilson, 95 %). No row where no period is over.
    """
    check_choice("contract", log.contract, ("orders",))
    line = timeline(log, every, calendar)
    over = np.asarray(line.days["period"]) < line.complete
    days = {name: np.asarray(values)[over] for name, values in line.days.items()}
    table = _with_shares(ask(log, "stickiness", days=days), line.complete)
    return Result(
        name="stickiness",
        table=table,
        every=every,
        calendar=calendar,
        headline=_headline(table, line.complete),
        notes=(*line.running_notes(log), *_notes(table, line.complete)),
    )


def _with_shares(counted: pd.DataFrame, periods: int) -> pd.DataFrame:
    customers = counted.set_index("periods_active")["customers"].reindex(range(1, periods + 1), fill_value=0)
    table = customers.rename_axis("periods_active").reset_index()
    everybody = pd.Series(customers.sum(), index=table.index)
    low, high = formulas.wilson_interval(table["customers"], everybody)
    lost = everybody - table["customers"]
    return table.assign(share=1 - formulas.customer_churn_rate(everybody, lost), low=low, high=high)


def _headline(table: pd.DataFrame, periods: int) -> dict[str, Any]:
    customers = int(table["customers"].sum())
    if not customers:
        return {"sentence": "none", "customers": 0}
    once = table.iloc[0]
    return {
        "sentence": "one",
        "customers": customers,
        "periods": periods,
        "once": int(once["customers"]),
        "rate": float(once["share"]),
        "low": float(once["low"]),
        "high": float(once["high"]),
        "average": float((table["periods_active"] * table["customers"]).sum() / customers),
    }


def _notes(table: pd.DataFrame, periods: int) -> list[Note]:
    notes = [Note("late_beginners", {"periods": periods})] if periods > 1 else []
    if 0 < table["customers"].sum() < FEW_CUSTOMERS:
        notes.append(Note("small_groups", {"count": len(table), "least": FEW_CUSTOMERS}))
    return notes
