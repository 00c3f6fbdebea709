"""The lifecycle: of the customers of each period, who is new, kept or back after a break, and who was lost."""

from __future__ import annotations

from typing import Any

import pandas as pd

from retention_kit.metrics.activity import Activity, activity
from retention_kit.tables import Log, Result

STAGES = ["new", "kept", "returned", "lost"]


def lifecycle(log: Log, *, every: str = "month", calendar: str = "gregorian") -> Result:
    """Customers of each period by where they stand in their life with us; counts, so there is no denominator.

    Args:
        log: a log of orders.
        every: day, week, month, quarter or year.
        calendar: gregorian or jalali.

    Returns:
        One row a period: period (its first day), new (first order ever), kept (customers of the period before
        too), returned (back after at least one whole period away) and lost (customers of the period before, not
        of this one). New, kept and returned together are the customers of the period. The running period has no
        numbers.
    """
    found = activity(log, every, calendar)
    flow = found.flow()
    table = flow.assign(kept=flow["start"] - flow["lost"])[["period", *STAGES]]
    return Result(
        name="lifecycle",
        table=table,
        every=every,
        calendar=calendar,
        headline=_headline(table, found),
        notes=tuple(found.timeline.notes(log)),
    )


def _headline(table: pd.DataFrame, found: Activity) -> dict[str, Any]:
    """The last complete period with one before it: in the log's first, everybody looks new."""
    last = found.timeline.complete - 1
    if last < 1:
        return {"sentence": "none"}
    counts = {stage: int(table[stage].iloc[last]) for stage in STAGES}
    gain = counts["new"] + counts["returned"] - counts["lost"]
    sentence = "grew" if gain > 0 else "shrank" if gain < 0 else "stood"
    return {"sentence": sentence, "period": found.timeline.periods[last], **counts, "change": abs(gain)}
