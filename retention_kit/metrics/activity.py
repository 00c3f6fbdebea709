"""The activity cube: one pass over a log, from which flows and cohorts follow by small arithmetic.

A row counts the customers of a `segment` who began in `first_period`, were active in `period`, were (`kept` = 1)
or were not active in the period before, and were (`final` = 1) or were not never active again. Periods are counted
from the log's first one, 0, to the one in which the observation ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import pandas as pd

from retention_kit.errors import check_choice
from retention_kit.metrics.segments import EVERYBODY, Group, Segmentation, rows_of
from retention_kit.metrics.timeline import Timeline, ask, once_a_log, timeline
from retention_kit.tables import Log, Note, check_contract

# A life is a string of bits in a 64-bit whole number with a sign; two are left free for the shifts.
MOST_BITS = 62

COUNTS = ["start", "new", "returned", "lost", "end"]


@dataclass(frozen=True)
class Activity:
    """The cube of one log, its periods, and how many customers were never active, for they had only refunds."""

    cube: pd.DataFrame
    timeline: Timeline
    only_refunds: int = 0

    def sizes(self) -> pd.Series[int]:
        """Customers by segment."""
        began = self.cube[self.cube["first_period"] == self.cube["period"]]
        return began.groupby("segment", dropna=False)["customers"].sum()

    def of_group(self, group: Group) -> Self:
        """The cube of one group alone."""
        return replace(self, cube=rows_of(self.cube, group))

    def notes(self) -> list[Note]:
        """What must be said of the customers in no period."""
        return refund_notes(self.only_refunds, int(self.sizes().sum()))

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


def activity(
    log: Log, every: str, calendar: str | None, *, back: str | None = None, segmentation: Segmentation = EVERYBODY
) -> Activity:
    """Ask the engine for the cube of a log of orders, or of events: of all, or of those called `back`."""
    line = timeline(log, every, calendar)
    fast = log.engine.name == "duckdb" and len(line.periods) <= MOST_BITS
    text = "activity_bits" if fast else "activity"
    found = ask_acts(log, text, line, back=back, segmentation=segmentation)
    never = found["period"] < 0
    return Activity(found[~never].reset_index(drop=True), line, int(found.loc[never, "customers"].sum()))


def ask_acts(log: Log, text: str, line: Timeline, *, back: str | None, segmentation: Segmentation) -> pd.DataFrame:
    """Run a text on what makes customers active, on the days of a timeline."""
    check_contract(log, ("orders", "events") if back is None else ("events",))
    question = (text, line.periods[0], back, segmentation.by)

    def answer() -> pd.DataFrame:
        return ask(log, text, segmentation, acts=_acts(log, back), days=line.days, **_wanted(log, back))

    return once_a_log(log, question, answer, segmentation.customers)


def _acts(log: Log, back: str | None) -> str:
    """What makes a customer active: an order above 0, an event, or an event of the one kind that is wanted."""
    if log.contract == "orders":
        return "select customer, time, amount > 0 as active from orders"
    wanted = "" if back is None else " where event in (select event from wanted)"
    return f"select customer, time, true as active from ({happened(log)}) as happened{wanted}"  # noqa: S608 our own words


def happened(log: Log) -> str:
    """The query of the events that happened, and how many times: a row may stand for several, or for none."""
    times = 'coalesce("count", 1)' if "count" in log.engine.columns(log.table) else "1"
    return f"select customer, time, event, {times} as times from events where {times} > 0"  # noqa: S608 the same


def _wanted(log: Log, back: str | None) -> dict[str, dict[str, list[str]]]:
    """The table of the one kind of event that counts, where one is named."""
    if back is None:
        return {}
    there = log.engine.query("select distinct event from events order by event", events=log.table)
    check_choice("back", back, tuple(there["event"].tolist()))
    return {"wanted": {"event": [back]}}


def refund_notes(only_refunds: int, active: int) -> list[Note]:
    """That some customers had only refunds, so that no number counts them."""
    if not only_refunds:
        return []
    return [Note("only_refunds", {"count": only_refunds, "customers": only_refunds + active})]
