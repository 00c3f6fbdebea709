"""Trial conversion: of the trials that came to their end, how many became paying."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import pandas as pd

from retention_kit import formulas
from retention_kit.metrics.segments import Group, Segmentation, by_group_and_whole, few_customers, rows_of
from retention_kit.metrics.subscriptions import ALLOWED_GAP
from retention_kit.metrics.timeline import Timeline, ask, timeline
from retention_kit.tables import Log, Note, Result, check_contract

_COUNTS = ["ended", "converted"]


@dataclass(frozen=True)
class Trials:
    """Trials by segment and period of their end (none while they run): ended, converted, waiting, and customers.

    A customer with several trials is counted in the period of the first.
    """

    counted: pd.DataFrame
    timeline: Timeline

    def sizes(self) -> pd.Series[int]:
        """Customers with a trial by segment, those whose trial still runs too."""
        return self.counted.groupby("segment", dropna=False)["customers"].sum()

    def of_group(self, group: Group) -> Self:
        """The trials of one group alone."""
        return replace(self, counted=rows_of(self.counted, group))


def trials(
    log: Log,
    *,
    every: str = "month",
    calendar: str | None = None,
    by: str | None = None,
    customers: Log | None = None,
    allowed_gap: int = ALLOWED_GAP,
) -> Result:
    """Share of the trials that ended in a period (the denominator) whose customers then paid.

    A trial converts with a paid day at its end or at most `allowed_gap` days later. Trials of one customer that
    overlap or follow on are one, which ends with the last. Who cancels in the middle counts on the day the trial
    would have ended, so that every trial has the same time to convert.

    Args:
        log: a log of subscriptions, with trial_end where there was a trial.
        every: day, week, month, quarter or year.
        calendar: gregorian or jalali; the log's own if not given.
        by: a column of the log, or of `customers`, that names the group of each customer: what their first row
            says counts for good.
        customers: a log of customers, where `by` is a column of that one.
        allowed_gap: days by which the first payment may be late.

    Returns:
        One row a period, of each group where there is `by`: group (missing where it is not known, empty for those
        under 5 customers together), period (its first day), ended (trials), converted (those that became paying),
        and as shares conversion_rate, low and high (Wilson, 95 %). A rate is missing where no trial ended; the
        running period has no numbers. Trials that still run are in no row, but in the headline (running).
    """
    check_contract(log, ("subscriptions",))
    segmentation = Segmentation(by, customers)
    found = _ask(log, timeline(log, every, calendar), allowed_gap, segmentation)
    table, whole = by_group_and_whole(found, segmentation, _with_rates)
    running = int(found.counted.loc[found.counted["period"].isna(), "ended"].sum())
    return Result(
        name="trials",
        table=table,
        every=every,
        calendar=found.timeline.calendar,
        headline={**_headline(whole, found.timeline), "running": running},
        notes=(
            *found.timeline.running_notes(log),
            *segmentation.notes(found.sizes()),
            *_notes(table, running, _waiting(found), allowed_gap),
        ),
    )


def _ask(log: Log, line: Timeline, allowed_gap: int, segmentation: Segmentation) -> Trials:
    count = len(line.days["day"])
    days = {**line.days, "number": np.arange(count)}
    rules = {"allowed_gap": [allowed_gap], "last_day": [count - 1]}
    return Trials(ask(log, "trials", segmentation, days=days, rules=rules), line)


def _with_rates(found: Trials) -> pd.DataFrame:
    line = found.timeline
    ended = found.counted.dropna(subset=["period"])
    counts = ended.groupby("period")[_COUNTS].sum().reindex(range(len(line.periods)), fill_value=0)
    counts = counts.astype("Int64").rename_axis(None)
    if line.running:
        counts.loc[counts.index[-1]] = pd.NA
    low, high = formulas.wilson_interval(counts["converted"], counts["ended"])
    rate = formulas.trial_conversion_rate(counts["ended"], counts["converted"])
    table = counts.assign(conversion_rate=rate, low=low, high=high)
    table.insert(0, "period", line.starts)
    return table


def _waiting(found: Trials) -> int:
    """Trials in a rate that counts them as not converted, though the first payment could still come."""
    over = found.counted["period"] < found.timeline.complete
    return int(found.counted.loc[over, "waiting"].sum())


def _headline(table: pd.DataFrame, line: Timeline) -> dict[str, Any]:
    """The last complete period in which a trial ended, and all of them together."""
    rated = table[table["conversion_rate"].notna()]
    if rated.empty:
        return {"sentence": "none", "periods": 0}
    last = rated.iloc[-1]
    return {
        "sentence": "one",
        "period": line.periods[int(rated.index.to_numpy()[-1])],
        "ended": int(last["ended"]),
        "converted": int(last["converted"]),
        "rate": float(last["conversion_rate"]),
        "low": float(last["low"]),
        "high": float(last["high"]),
        "average_rate": float(rated["converted"].sum() / rated["ended"].sum()),
        "periods": len(rated),
    }


def _notes(table: pd.DataFrame, running: int, waiting: int, allowed_gap: int) -> list[Note]:
    few = few_customers(table.loc[table["conversion_rate"].notna(), "ended"])
    found = {
        "trials_running": {"count": running},
        "trials_waiting": {"count": waiting, "days": allowed_gap},
    }
    return few + [Note(code, facts) for code, facts in found.items() if facts["count"]]
