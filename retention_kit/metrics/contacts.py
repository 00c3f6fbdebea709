"""Whom to contact: the customers behind the numbers, by name, for the company's own eyes.

What is returned names customers. It is no `Result`: it is not shown in lessons, pages or shared files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from retention_kit import calendars
from retention_kit.calendars import Period
from retention_kit.metrics.timeline import ask, timeline
from retention_kit.tables import Log, check_contract

# A customer is lost early enough to be won back when it happened in one of so many periods.
_LOST_PERIODS = 3
# Silence of so many times the usual gap is more than chance makes of a steady customer.
_OVERDUE = 2
# From so many days with an order the gap between them can be called usual.
_LEAST_DAYS = 3
# Nobody calls more than this; the most valuable come first.
_MOST_ROWS = 5_000


def to_contact(log: Log, *, every: str = "month", calendar: str | None = None) -> pd.DataFrame:
    """Customers at risk, expiring and to win back, the most valuable of each list first; no rate, no denominator.

    Orders: at risk is who is not lost yet, ordered on at least 3 days, and has been silent for more than twice
    their own average gap; to win back is who was lost in one of the last three complete periods, but for those
    whose gap is known in this way and whose silence is no longer than twice it: they are in neither list.
    Subscriptions: expiring is who has no subscription beyond the period after the last observed day; to win back
    is whose last one ended in one of the last three complete periods or since. Who never paid, in a trial or for
    nothing, was no customer and is in neither list.

    Args:
        log: a log of orders, or of subscriptions.
        every: day, week, month, quarter or year.
        calendar: gregorian or jalali; the log's own if not given.

    Returns:
        At most 5,000 rows a list: why (at_risk, expiring or to_win_back), customer, of_all (how long the list is),
        period (by whose end they expire, or since which they were lost; missing of those at risk) and, of orders,
        last_order (a day), silent_days, usual_gap (in days; missing with fewer than two of them), days (with an
        order) and spent (refunds taken off); of subscriptions, ends (a day), plan, reason and per_month (money).
    """
    check_contract(log, ("orders", "subscriptions"))
    line = timeline(log, every, calendar)
    days, observed, following = dict(line.days), len(line.days["day"]), _following(line.periods[-1])
    if log.contract == "subscriptions":
        days = _until_end_of(following, days)
    # A subscription ends in the period in which its customer is lost; a last order lies in the period before.
    before = 1 if log.contract == "orders" else 0
    rules = {
        "today": observed - 1,
        "complete": line.complete - 1,
        "oldest": line.complete - _LOST_PERIODS - before,
        "overdue": _OVERDUE,
        "least_days": _LEAST_DAYS,
        "most_rows": _MOST_ROWS,
    }
    found = ask(
        log,
        f"contacts_{log.contract}",
        days={**days, "number": np.arange(len(days["day"]))},
        rules={name: [value] for name, value in rules.items()},
    )
    bounds = {"expiring": following, "to_win_back": line.periods[max(line.complete - _LOST_PERIODS, 0)]}
    return found.drop(columns="place").assign(period=found["why"].map(bounds.get).astype(object))


def _following(period: Period) -> Period:
    """The period after this one."""
    number = calendars.period_of(period.start, period.every, period.calendar)
    start = calendars.start_of(number + 1, period.every, period.calendar).tolist()
    return replace(period, start=start)


def _until_end_of(last: Period, days: Mapping[str, Any]) -> dict[str, Any]:
    """The days of a log and those until the end of a later period."""
    until = _following(last).start - timedelta(days=1)
    longer = calendars.day_table(days["day"][0].tolist(), until, last.every, last.calendar)
    return {"day": longer["day"], "period": longer["period"] - longer["period"][0]}
