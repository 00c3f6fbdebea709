"""The activity cube: one pass over a log, from which flows and cohorts follow by small arithmetic.

A row counts the customers who began in `first_period`, were active in `period`, were (`kept` = 1) or were not
active in the period before, and were (`final` = 1) or were not never active again. Periods are counted from the
log's first one, 0, to the one in which the observation ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd

from retention_kit import calendars
from retention_kit.calendars import Period
from retention_kit.engine import sql_text
from retention_kit.tables import Log, Note

# A life is a string of bits in a 64-bit whole number with a sign; two are left free for the shifts.
MOST_BITS = 62


@dataclass(frozen=True)
class Activity:
    """The cube of one log, its periods in order, and whether the last of them is still running."""

    cube: pd.DataFrame
    periods: tuple[Period, ...]
    running: bool

    @property
    def starts(self) -> list[object]:
        """The first day of each period."""
        return [period.start for period in self.periods]

    def customers(self, selected: pd.Series | slice = slice(None)) -> pd.Series:
        """Customers in each period, counting the selected rows of the cube."""
        counts = self.cube.loc[selected].groupby("period")["customers"].sum()
        return counts.reindex(range(len(self.periods)), fill_value=0)

    def notes(self, log: Log) -> list[Note]:
        """What must be said of the log's two ends."""
        notes = [Note("left_truncated", {"period": self.periods[0]})]
        if self.running:
            running = self.periods[-1]
            until = Period(log.observed_until, "day", running.calendar)
            notes.append(Note("running_period", {"period": running, "until": until}))
        return notes


def activity(log: Log, every: str, calendar: str) -> Activity:
    """Ask the engine for the cube of a log of orders."""
    calendars.check(every, calendar)
    days = calendars.day_table(log.first_day, log.observed_until, every, calendar)
    first, last = int(days["period"][0]), int(days["period"][-1])
    days["period"] = days["period"] - first
    fast = log.engine.name == "duckdb" and last - first < MOST_BITS
    cube = _ask(log, days, "activity_bits" if fast else "activity")
    starts = calendars.start_of(range(first, last + 2), every, calendar).tolist()
    return Activity(
        cube=cube,
        periods=tuple(Period(start, every, calendar) for start in starts[:-1]),
        running=starts[-1] > log.observed_until + timedelta(days=1),
    )


def _ask(log: Log, days: Mapping[str, Any], text: str) -> pd.DataFrame:
    calendar_table = log.engine.store(days)
    try:
        return log.engine.query(sql_text(text), orders=log.table, days=calendar_table)
    finally:
        log.engine.drop(calendar_table)
