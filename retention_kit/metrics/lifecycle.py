"""The lifecycle: of the customers of each period, who is new, kept or back after a break, and who was lost."""

from __future__ import annotations

from typing import Any

import pandas as pd

from retention_kit.metrics.activity import Activity, activity
from retention_kit.metrics.segments import Segmentation, by_group_and_whole, without_number
from retention_kit.tables import Log, Result

STAGES = ["new", "kept", "returned", "lost"]


def lifecycle(
    log: Log,
    *,
    every: str = "month",
    calendar: str | None = None,
    by: str | None = None,
    customers: Log | None = None,
    back: str | None = None,
) -> Result:
    """Customers of each period by where they stand in their life with us; counts, so there is no denominator.

    Args:
        log: a log of orders, or of events.
        every: day, week, month, quarter or year.
        calendar: gregorian or jalali; the log's own if not given.
        by: a column of the log, or of `customers`, that names the group of each customer: what their first row
            says counts for good.
        customers: a log of customers, where `by` is a column of that one.
        back: the event that makes a customer active; any event if not given. Only for events.

    Returns:
        One row a period, of each group where there is `by`: group (missing where it is not known, empty for those
        under 5 customers together), period (its first day), new (first order or event ever), kept (customers of
        the period before too), returned (back after at least one whole period away) and lost (customers of the
        period before, not of this one). New, kept and returned together are the customers of the period. The
        running period has no numbers.
    """
    segmentation = Segmentation(by, customers)
    found = activity(log, every, calendar, back=back, segmentation=segmentation)
    table, whole = by_group_and_whole(found, segmentation, _table)
    return Result(
        name="lifecycle",
        table=table,
        every=every,
        calendar=found.timeline.calendar,
        headline=_headline(whole, found),
        notes=(*found.timeline.notes(log), *found.notes(), *segmentation.notes(found.sizes())),
    )


def _table(found: Activity) -> pd.DataFrame:
    flow = found.flow()
    return flow.assign(kept=flow["start"] - flow["lost"])[["period", *STAGES]]


def _headline(table: pd.DataFrame, found: Activity) -> dict[str, Any]:
    """The last complete period with one before it: in the log's first, everybody looks new."""
    last = found.timeline.complete - 1
    if last < 1 or found.sizes().empty:
        return {"sentence": without_number(found)}
    counts = {stage: int(table[stage].iloc[last]) for stage in STAGES}
    gain = counts["new"] + counts["returned"] - counts["lost"]
    sentence = "grew" if gain > 0 else "shrank" if gain < 0 else "stood"
    return {"sentence": sentence, "period": found.timeline.periods[last], **counts, "change": abs(gain)}
