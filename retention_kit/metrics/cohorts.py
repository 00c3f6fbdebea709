"""The cohort triangle: of the customers who began together, how many are here after each period."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from retention_kit import formulas
from retention_kit.errors import RetentionError, check_choice
from retention_kit.metrics.triangle import ROLLING_DAYS, WINDOWS, Question, Triangle, triangle
from retention_kit.tables import FEW_CUSTOMERS, Log, Note, Result

KINDS = ("on", "on_or_after")


def cohorts(
    log: Log,
    *,
    every: str = "month",
    calendar: str = "gregorian",
    kind: str = "on",
    window: str = "calendar",
    at_least: int = 1,
    first_time: bool = True,
    start: str | None = None,
    back: str | None = None,
) -> Result:
    """Share of a cohort (the denominator: all who began in the same period) who are customers at each age.

    Args:
        log: a log of orders, or of events.
        every: day, week, month, quarter or year.
        calendar: gregorian or jalali.
        kind: "on" counts who ordered in that very period, "on_or_after" who ordered then or at any later time.
        window: "calendar" counts ages in the calendar's periods; "rolling" in whole periods of 1, 7, 30, 91 or
            365 days from each customer's own first day.
        at_least: so many orders (at different times) or events make a customer of a later cell; 1 or more.
        first_time: whether a customer belongs to one cohort, that of the first start; if not, to the cohort of
            every period with a start.
        start: the event that begins a life; any event if not given. Only for events.
        back: the event that is a coming back; any event if not given. Only for events.

    Returns:
        One row a cell: cohort (first day of its period), age (0, 1, … periods), size, customers, and as shares
        rate, low and high (Wilson, 95 %). At age 0 stand all who began. Cells in the future have no customers
        (missing), cells seen and empty have 0. A cell that is not over for everybody in the cohort counts its
        customers so far and has no rate.
    """
    check_choice("kind", kind, KINDS)
    check_choice("window", window, WINDOWS)
    check_choice("contract", log.contract, ("events",) if start or back else ("orders", "events"))
    if at_least < 1:
        raise RetentionError("out_of_range", name="at_least", given=at_least, least=1, most=math.inf)
    question = Question(every, window, at_least, first_time, start, back)
    found = triangle(log, question, calendar)
    table = _cells(found, kind)
    return Result(
        name="cohorts",
        table=table,
        every=every,
        calendar=calendar,
        headline=_headline(table, found, _sentence(log, question, kind), first_time),
        notes=(*_ends(found, log, first_time), *_counting(question), *_few(table)),
    )


def _cells(found: Triangle, kind: str) -> pd.DataFrame:
    cohort, age = (axis.ravel() for axis in np.indices(found.seen.shape))
    size = found.on[:, 0]
    counts = found.on if kind == "on" else found.on_or_after
    table = pd.DataFrame(
        {
            "cohort": [found.timeline.periods[index].start for index in cohort],
            "age": age,
            "size": size[cohort],
            "customers": pd.array(np.where(found.seen, counts, 0).ravel(), dtype="Int64"),
        }
    )
    table.loc[~found.seen.ravel(), "customers"] = pd.NA
    complete = table["customers"].where(found.over.ravel())
    low, high = formulas.wilson_interval(complete, table["size"])
    return table.assign(
        rate=1 - formulas.customer_churn_rate(table["size"], table["size"] - complete), low=low, high=high
    )


def _sentence(log: Log, question: Question, kind: str) -> str:
    """Orders are bought again, events are come back to; who belongs to many cohorts is counted in each."""
    if not question.first_time:
        return f"each_{kind}"
    return kind if log.contract == "orders" else f"back_{kind}"


def _headline(table: pd.DataFrame, found: Triangle, sentence: str, first_time: bool) -> dict[str, Any]:
    """The share that came back in the period after their first, over all cohorts but the left-truncated one."""
    cells = table[(table["age"] == 1) & table["rate"].notna()]
    if first_time:
        cells = cells[cells["cohort"] != found.timeline.periods[0].start]
    if cells.empty:
        return {"sentence": "none", "cohorts": 0}
    size, customers = int(cells["size"].sum()), int(cells["customers"].sum())
    low, high = formulas.wilson_interval(float(customers), float(size))
    return {
        "sentence": sentence,
        "cohorts": len(cells),
        "size": size,
        "customers": customers,
        "rate": customers / size,
        "low": low,
        "high": high,
    }


def _ends(found: Triangle, log: Log, first_time: bool) -> list[Note]:
    """Who belongs to every period with a start is new in none: the log's first period misleads nobody then."""
    return found.timeline.notes(log) if first_time else found.timeline.running_notes(log)


def _counting(question: Question) -> list[Note]:
    notes = []
    if question.window == "rolling":
        notes.append(Note("rolling_window", {"days": ROLLING_DAYS[question.every]}))
    if question.at_least > 1:
        notes.append(Note("at_least", {"count": question.at_least}))
    return notes


def _few(table: pd.DataFrame) -> list[Note]:
    sizes = table.loc[table["age"] == 0, "size"]
    few = int(((sizes > 0) & (sizes < FEW_CUSTOMERS)).sum())
    return [Note("small_groups", {"count": few, "least": FEW_CUSTOMERS})] if few else []
