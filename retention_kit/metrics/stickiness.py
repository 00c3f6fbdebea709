"""Stickiness: in how many periods customers were active at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import pandas as pd

from retention_kit import formulas
from retention_kit.metrics.activity import ask_acts, refund_notes
from retention_kit.metrics.segments import Group, Segmentation, by_group_and_whole, few_customers, rows_of
from retention_kit.metrics.timeline import Timeline, timeline
from retention_kit.tables import Log, Note, Result


def stickiness(
    log: Log,
    *,
    every: str = "month",
    calendar: str | None = None,
    by: str | None = None,
    customers: Log | None = None,
    back: str | None = None,
) -> Result:
    """Share of all customers (the denominator) who were active in one complete period, in two, and so on.

    A customer is active in a period with an order above 0, or with an event.

    Args:
        log: a log of orders, or of events.
        every: day, week, month, quarter or year.
        calendar: gregorian or jalali; the log's own if not given.
        by: a column of the log, or of `customers`, that names the group of each customer: what their first row
            says counts for good.
        customers: a log of customers, where `by` is a column of that one.
        back: the event that makes a customer active; any event if not given. Only for events.

    Returns:
        One row a number of periods, of each group where there is `by`: group (missing where it is not known, empty
        for those under 5 customers together), periods_active (1 to the number of complete periods), customers, and
        as shares of all customers (of the group) share, low and high (Wilson, 95 %). No row where no period is
        over.
    """
    segmentation = Segmentation(by, customers)
    found = _ask(log, timeline(log, every, calendar), back, segmentation)
    table, whole = by_group_and_whole(found, segmentation, _with_shares)
    return Result(
        name="stickiness",
        table=table,
        every=every,
        calendar=found.timeline.calendar,
        headline=_headline(whole, "one" if log.contract == "orders" else "active"),
        notes=(
            *found.timeline.running_notes(log),
            *refund_notes(found.only_refunds, int(whole["customers"].sum())),
            *segmentation.notes(found.sizes()),
            *_notes(table, found.timeline.complete),
        ),
    )


@dataclass(frozen=True)
class _Counts:
    """Customers by segment and number of periods, and how many were active in none, for they had only refunds."""

    active: pd.DataFrame
    timeline: Timeline
    only_refunds: int

    def sizes(self) -> pd.Series[int]:
        """Customers by segment."""
        return self.active.groupby("segment", dropna=False)["customers"].sum()

    def of_group(self, group: Group) -> Self:
        """The counts of one group alone."""
        return replace(self, active=rows_of(self.active, group))


def _ask(log: Log, line: Timeline, back: str | None, segmentation: Segmentation) -> _Counts:
    over = np.asarray(line.days["period"]) < line.complete
    days = {name: np.asarray(values)[over] for name, values in line.days.items()}
    found = ask_acts(log, "stickiness", replace(line, days=days), back=back, segmentation=segmentation)
    never = found["periods_active"] == 0
    return _Counts(found[~never], line, int(found.loc[never, "customers"].sum()))


def _with_shares(found: _Counts) -> pd.DataFrame:
    counted = found.active.groupby("periods_active")["customers"].sum()
    customers = counted.reindex(range(1, found.timeline.complete + 1), fill_value=0)
    table = customers.rename_axis("periods_active").reset_index()
    everybody = pd.Series(customers.sum(), index=table.index)
    low, high = formulas.wilson_interval(table["customers"], everybody)
    return table.assign(share=formulas.proportion(everybody, table["customers"]), low=low, high=high)


def _headline(table: pd.DataFrame, sentence: str) -> dict[str, Any]:
    customers = int(table["customers"].sum())
    if not customers:
        return {"sentence": "none" if table.empty else "nobody", "customers": 0}
    once = table.iloc[0]
    return {
        "sentence": sentence,
        "customers": customers,
        "periods": len(table),
        "once": int(once["customers"]),
        "rate": float(once["share"]),
        "low": float(once["low"]),
        "high": float(once["high"]),
        "average": float((table["periods_active"] * table["customers"]).sum() / customers),
    }


def _notes(table: pd.DataFrame, periods: int) -> list[Note]:
    notes = [Note("late_beginners", {"periods": periods})] if periods > 1 else []
    alike = table["group"] if "group" in table else pd.Series("", index=table.index)
    everybody = table["customers"].groupby(alike, dropna=False).transform("sum")
    return notes + few_customers(everybody[everybody > 0])
