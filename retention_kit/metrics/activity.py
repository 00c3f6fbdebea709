"""The activity cube: one pass over a log, from which flows and cohorts follow by small arithmetic.

A row counts the customers who began in `first_period`, were active in `period`, were (`kept` = 1) or were not
active in the period before, and were (`final` = 1) or were not never active again. Periods are counted from the
log's first one, 0, to the one in which the observation ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from retention_kit.errors import check_choice
from retention_kit.metrics.timeline import Timeline, ask, timeline
from retention_kit.tables import Log

# A life is a string of bits in a 64-bit whole number with a sign; two are left free for the shifts.
MOST_BITS = 62

COUNTS = ["start", "new", "returned", "lost", "end"]


@dataclass(frozen=True)
class Activity:
    """The cube of one log and its periods."""

    cube: pd.DataFrame
    timeline: Timeline

    def customers(self, selected: pd.Series | slice = slice(None)) -> pd.Series:
        """Customers in each period, counting the selected rows of the cube."""
        counts = self.cube.loc[selected].groupby("period")["customers"].sum()
        return counts.reindex(range(len(self.timeline.periods)), fill_value=0)

    def flow(self) -> pd.DataFrame:
        """S, N, R, L, E of each period, missing where the period still runs."""
        end = self.customers()
        new = self.customers(self.cube["first_period"] == self.cube["period"])
        kept = self.customers(self.cube["kept"] == 1)
        start = end.shift(fill_value=0)
        table = pd.DataFrame(
            {
                "period": self.timeline.starts,
                "start": start,
                "new": new,
                "returned": end - new - kept,
                "lost": start - kept,
                "end": end,
            }
        ).rename_axis(None)
        table[COUNTS] = table[COUNTS].astype("Int64")
        if self.timeline.running:
            table.loc[table.index[-1], COUNTS[1:]] = pd.NA
        return table


def activity(log: Log, every: str, calendar: str) -> Activity:
    """Ask the engine for the cube of a log of orders."""
    check_choice("contract", log.contract, ("orders",))
    line = timeline(log, every, calendar)
    fast = log.engine.name == "duckdb" and len(line.periods) <= MOST_BITS
    return Activity(ask(log, "activity_bits" if fast else "activity", days=line.days), line)
