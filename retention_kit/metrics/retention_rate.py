"""Customer retention rate per period, counted by customer, with the textbook formula beside it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from retention_kit import formulas
from retention_kit.metrics.activity import COUNTS, Activity, activity
from retention_kit.metrics.segments import Segmentation, by_group_and_whole, few_customers, without_number
from retention_kit.metrics.subscriptions import Subscriptions, subscriptions
from retention_kit.tables import Log, Note, Result, check_contract


def retention_rate(
    log: Log,
    *,
    every: str = "month",
    calendar: str | None = None,
    by: str | None = None,
    customers: Log | None = None,
    back: str | None = None,
) -> Result:
    """Share of the customers of the period before (S, the denominator) who are customers in this period too.

    A customer of a period has an order above 0 in it, or an event; with subscriptions, pays at its last moment,
    or pauses for a short while or renews a little late (see `revenue_churn`). Counted by customer the rate is (S
    - L) / S; the textbook (E - N) / S stands beside it and is higher by R / S, because it takes customers who
    came back for kept ones.

    Args:
        log: a log of orders, of events, or of subscriptions.
        every: day, week, month, quarter or year.
        calendar: gregorian or jalali; the log's own if not given.
        by: a column of the log, or of `customers`, that names the group of each customer: what their first row
            says counts for good.
        customers: a log of customers, where `by` is a column of that one.
        back: the event that makes a customer active; any event if not given. Only for events.

    Returns:
        One row a period, of each group where there is `by`: group (missing where it is not known, empty for those
        under 5 customers together), period (its first day), start (S), new (N), returned (R), lost (L), end (E),
        and as shares retention_rate, low and high (Wilson, 95 %), churn_rate and textbook_rate. Always E = S - L +
        N + R. Subscriptions also have came_and_left: customers who came and left inside the period, and are
        neither in N nor in L. A rate is missing where S is 0; the running period has nothing but its S.
    """
    segmentation = Segmentation(by, customers)
    found = customer_flow(log, every, calendar, back=back, segmentation=segmentation)
    table, whole = by_group_and_whole(found, segmentation, lambda part: _with_rates(part.flow()))
    headline = _headline(whole, found)
    return Result(
        name="retention_rate",
        table=table,
        every=every,
        calendar=found.timeline.calendar,
        headline=headline,
        notes=(
            *found.timeline.notes(log),
            *found.notes(),
            *segmentation.notes(found.sizes()),
            *_notes(table, headline),
        ),
    )


def customer_flow(
    log: Log, every: str, calendar: str | None, *, back: str | None, segmentation: Segmentation
) -> Activity | Subscriptions:
    """Who came, stayed and left in each period, by the log's own idea of a customer."""
    check_contract(log, ("orders", "events", "subscriptions"))
    if log.contract == "subscriptions" and back is None:
        return subscriptions(log, every, calendar, segmentation=segmentation)
    return activity(log, every, calendar, back=back, segmentation=segmentation)


def without_rate(found: Activity | Subscriptions) -> str:
    """The sentence where no period has a rate: too few are over, or none of them began with a customer."""
    sentence = without_number(found)
    return "nobody_at_start" if sentence == "none" and found.timeline.complete > 1 else sentence


def _with_rates(table: pd.DataFrame) -> pd.DataFrame:
    kept = table["start"] - table["lost"]
    low, high = formulas.wilson_interval(kept, table["start"])
    churn = formulas.customer_churn_rate(table["start"], table["lost"])
    textbook = formulas.customer_retention_rate(table["start"], table["new"], table["end"])
    return table.assign(retention_rate=1 - churn, low=low, high=high, churn_rate=churn, textbook_rate=textbook)


def _headline(table: pd.DataFrame, found: Activity | Subscriptions) -> dict[str, Any]:
    """The last complete period that has a rate, and the average of all that have one."""
    rated = table[table["retention_rate"].notna()]
    if rated.empty:
        return {"sentence": without_rate(found), "periods": 0}
    last = rated.iloc[-1]
    counts = {name: int(last[name]) for name in COUNTS}
    return {
        "sentence": "one",
        "period": found.timeline.periods[int(rated.index.to_numpy()[-1])],
        **counts,
        "kept": counts["start"] - counts["lost"],
        "rate": float(last["retention_rate"]),
        "low": float(last["low"]),
        "high": float(last["high"]),
        "textbook_rate": float(last["textbook_rate"]),
        "average_rate": 1 - float(rated["lost"].sum() / rated["start"].sum()),
        "periods": len(rated),
    }


def _notes(table: pd.DataFrame, headline: dict[str, Any]) -> list[Note]:
    rated = table[table["retention_rate"].notna()]
    notes = few_customers(rated["start"])
    if headline.get("returned", 0) > 0:
        said = ("period", "returned", "rate", "textbook_rate")
        notes.append(Note("textbook_gap", {name: headline[name] for name in said}))
    return notes
