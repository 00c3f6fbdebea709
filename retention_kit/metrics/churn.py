"""Customer churn rate per period, and how much of it nobody chose."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from retention_kit import formulas
from retention_kit.metrics.activity import Activity
from retention_kit.metrics.retention_rate import customer_flow, without_rate
from retention_kit.metrics.segments import Segmentation, by_group_and_whole, few_customers
from retention_kit.metrics.subscriptions import Subscriptions
from retention_kit.tables import Log, Note, Result, fold

CAUSES = ["voluntary", "involuntary", "unknown"]


def churn(
    log: Log,
    *,
    every: str = "month",
    calendar: str | None = None,
    by: str | None = None,
    customers: Log | None = None,
    back: str | None = None,
) -> Result:
    """Share of the customers of the period before (S, the denominator) who are no customers in this period.

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
        under 5 customers together), period (its first day), start (S), lost (L), of whom voluntary, involuntary (a
        payment failed) and unknown (no reason given), and as shares churn_rate, low and high (Wilson, 95 %).
        Orders and events know no reasons: the three are missing. A rate is missing where S is 0 and in the running
        period. Together with the retention rate it is 1.
    """
    segmentation = Segmentation(by, customers)
    found = customer_flow(log, every, calendar, back=back, segmentation=segmentation)
    table, whole = by_group_and_whole(found, segmentation, _table)
    return Result(
        name="churn",
        table=table,
        every=every,
        calendar=found.timeline.calendar,
        headline=_headline(whole, found),
        notes=(
            *found.timeline.notes(log),
            *found.notes(),
            *segmentation.notes(found.sizes()),
            *_notes(table),
        ),
    )


def _table(found: Activity | Subscriptions) -> pd.DataFrame:
    flow = found.flow()
    table = flow[["period", "start", "lost"]].join(_causes(found, flow))
    low, high = formulas.wilson_interval(table["lost"], table["start"])
    rate = formulas.customer_churn_rate(table["start"], table["lost"])
    return table.assign(churn_rate=rate, low=low, high=high)


def _causes(found: Activity | Subscriptions, flow: pd.DataFrame) -> pd.DataFrame:
    """The lost of each period by cause: missing where the log knows no reasons or the period still runs."""
    if isinstance(found, Activity):
        return pd.DataFrame({cause: pd.array([pd.NA] * len(flow), dtype="Int64") for cause in CAUSES})
    lost = found.reasons()
    lost["cause"] = [cause_of(reason) for reason in lost["reason"]]
    counts = lost.pivot_table("customers_lost", "period", "cause", aggfunc="sum", fill_value=0)
    table = counts.reindex(index=flow.index, columns=CAUSES, fill_value=0).astype("Int64")
    return table.where(flow["lost"].notna(), axis=0)


def cause_of(reason: str | None) -> str:
    """Whether an end was chosen, by the reason that was written down.

    >>> cause_of("Payment_Failed (3rd try)"), cause_of("too expensive"), cause_of(None)
    ('involuntary', 'voluntary', 'unknown')
    """
    folded = fold(reason) if isinstance(reason, str) else ""
    if not folded:
        return "unknown"
    return "involuntary" if any(name in folded for name in _involuntary()) else "voluntary"


@cache
def _involuntary() -> tuple[str, ...]:
    written = (resources.files("retention_kit") / "metrics" / "reasons.toml").read_text("utf-8")
    return tuple(fold(name) for name in tomllib.loads(written)["involuntary"])


def _headline(table: pd.DataFrame, found: Activity | Subscriptions) -> dict[str, Any]:
    """The last complete period that has a rate, the average of all, and the part of it that nobody chose."""
    rated = table[table["churn_rate"].notna()]
    if rated.empty:
        return {"sentence": without_rate(found), "periods": 0}
    last = rated.iloc[-1]
    said = {
        "sentence": "one",
        "period": found.timeline.periods[int(rated.index.to_numpy()[-1])],
        "start": int(last["start"]),
        "lost": int(last["lost"]),
        "rate": float(last["churn_rate"]),
        "low": float(last["low"]),
        "high": float(last["high"]),
        "average_rate": float(rated["lost"].sum() / rated["start"].sum()),
        "periods": len(rated),
    }
    involuntary, voluntary = rated["involuntary"].sum(), rated["voluntary"].sum()
    if involuntary + voluntary == 0:
        return said
    known = int(involuntary + voluntary)
    return {**said, "sentence": "causes", "known": known, "involuntary_share": float(involuntary / known)}


def _notes(table: pd.DataFrame) -> list[Note]:
    rated = table[table["churn_rate"].notna()]
    notes = few_customers(rated["start"])
    unknown, lost = int(rated["unknown"].sum()), int(rated["lost"].sum())
    if 0 < unknown < lost:
        notes.append(Note("unknown_reasons", {"count": unknown, "lost": lost}))
    return notes
