"""The traps that wait behind every rate: each a row of its name, the tempting number, the right one, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from retention_kit import calendars
from retention_kit.calendars import Period
from retention_kit.language import MISSING, percent, text
from retention_kit.lessons.layout import table
from retention_kit.tables import Log, Result

if TYPE_CHECKING:
    import pandas as pd

Row = list[str]
# What the columns hold that rates are divided by.
_WHOLES = {"start": "customers", "opening": "revenue"}


def trap_table(rows: Iterable[Row], language: str) -> str:
    """The rows as a table."""
    found = list(rows)
    headings = [text(f"lesson.trap.{column}", language) for column in ("trap", "tempting", "right", "why")]
    return table(text("lesson.trap.caption", language, count=len(found)), headings, found, language)


def beside(name: str, shown: Iterable[str], why: str, language: str) -> Row:
    """The row of one trap, the tempting number and the right one `shown`; where both read alike, it says so."""
    tempting, right = shown
    if tempting == right != MISSING:
        return not_here(name, text("lesson.trap.alike", language, right=right))
    return [name, tempting, right, why]


def not_here(name: str, because: str) -> Row:
    """The row of a trap that is not in these data."""
    return [name, MISSING, MISSING, because]


def returning_customers(result: Result, language: str) -> Row:
    """The textbook rate against the count, in the last complete period of a retention rate."""
    last = result.headline
    shares = (percent(last[rate], language) for rate in ("textbook_rate", "rate"))
    why = text("lesson.trap.returning_why", language, returned=last["returned"], period=last["period"])
    return beside(text("lesson.trap.returning", language), shares, why, language)


def running_period(result: Result, log: Log, metric: Callable[..., Result], share: str, language: str) -> Row:
    """The rate of the period that still runs, as if it were over; `share` names it in the headline."""
    name = text("lesson.trap.running", language)
    running = next((note.facts for note in result.notes if note.code == "running_period"), None)
    if running is None:
        return not_here(name, text("lesson.trap.running_none", language))
    over = replace(log, observed_until=_last_day(running["period"]))
    tempting = metric(over, every=result.every, calendar=result.calendar).headline[share]
    return [name, percent(tempting, language), MISSING, text("lesson.trap.running_why", language, **running)]


def average_of_averages(
    rated: pd.DataFrame, rate: str, whole: str, right: float, language: str, *, currency: str | None = None
) -> Row:
    """The plain average of a rate against the pooled one; `whole` is the column of money or heads under it."""
    wholes = rated[whole]
    shares = (percent(share, language) for share in (rated[rate].mean(), right))
    facts = {"least": wholes.min(), "most": wholes.max(), "currency": currency}
    why = text(f"lesson.trap.averages_why.{_WHOLES[whole]}", language, **facts)
    return beside(text("lesson.trap.averages", language), shares, why, language)


def _last_day(period: Period) -> date:
    after = calendars.period_of(period.start, period.every, period.calendar) + 1
    return date.fromisoformat(str(calendars.start_of(after, period.every, period.calendar))) - timedelta(days=1)
