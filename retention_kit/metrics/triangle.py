"""The counts behind a cohort triangle: customers by the period they began in and by their age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retention_kit.errors import check_choice
from retention_kit.metrics.activity import activity
from retention_kit.metrics.timeline import Timeline, ask, timeline
from retention_kit.tables import Log

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOWS = ("calendar", "rolling")

# A rolling window has the same number of days for everybody.
ROLLING_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}


@dataclass(frozen=True)
class Question:
    """Who begins, who comes back, and how ages are counted."""

    every: str
    window: str
    at_least: int
    first_time: bool
    start: str | None
    back: str | None


@dataclass(frozen=True)
class Triangle:
    """Customers of each cohort (a row) at each age (a column), and which cells have begun and which are over."""

    on: NDArray[np.int64]
    on_or_after: NDArray[np.int64]
    seen: NDArray[np.bool_]
    over: NDArray[np.bool_]
    timeline: Timeline


def triangle(log: Log, question: Question, calendar: str) -> Triangle:
    """Count the cells: from the activity cube where it reaches, else by a query of their own."""
    plain = question.window == "calendar" and question.at_least == 1 and question.first_time
    if log.contract == "orders" and plain:
        found = activity(log, question.every, calendar)
        cube = found.cube
        cells = cube.assign(age=cube["period"] - cube["first_period"], final=cube["final"] * cube["customers"])
        return _triangle(cells, found.timeline, *_calendar_cells(found.timeline))
    line = timeline(log, question.every, calendar)
    bounds = _rolling_cells(line, question.every) if question.window == "rolling" else _calendar_cells(line)
    return _triangle(_ask(log, line, question), line, *bounds)


def _ask(log: Log, line: Timeline, question: Question) -> pd.DataFrame:
    rolling = question.window == "rolling"
    places = np.arange(len(line.days["day"])) if rolling else line.days["period"]
    elapsed = np.arange(int(places[-1]) + 1)
    small: dict[str, Mapping[str, Any]] = {
        "days": {**line.days, "place": places},
        "spans": {"elapsed": elapsed, "age": elapsed // (ROLLING_DAYS[question.every] if rolling else 1)},
        "rules": {"first_time": [int(question.first_time)], "at_least": [question.at_least]},
    }
    if log.contract == "events":
        small["wanted"] = _wanted(log, question)
    return ask(log, f"cohort_{log.contract}", **small)


def _wanted(log: Log, question: Question) -> dict[str, list[str]]:
    """The events that begin a life and those that are a coming back; all of them where none is named."""
    there = log.engine.query("select distinct event from events order by event", events=log.table)
    names = tuple(there["event"].tolist())
    rows: list[tuple[str, str]] = []
    for role, asked in (("start", question.start), ("back", question.back)):
        if asked is not None:
            check_choice(role, asked, names)
        rows += [(role, name) for name in names if asked in (None, name)]
    return {"role": [role for role, _ in rows], "event": [name for _, name in rows]}


def _triangle(cells: pd.DataFrame, line: Timeline, seen: NDArray[np.bool_], over: NDArray[np.bool_]) -> Triangle:
    on, last_seen = np.zeros(seen.shape, "int64"), np.zeros(seen.shape, "int64")
    np.add.at(on, (cells["first_period"], cells["age"]), cells["customers"])
    np.add.at(last_seen, (cells["first_period"], cells["age"]), cells["final"].astype("int64"))
    later = np.cumsum(last_seen[:, ::-1], axis=1)[:, ::-1]
    later[:, 0] = on[:, 0]
    return Triangle(on, later, seen, over, line)


def _calendar_cells(line: Timeline) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    cohort, age = np.indices((len(line.periods), len(line.periods)))
    return cohort + age < len(line.periods), cohort + age < line.complete


def _rolling_cells(line: Timeline, every: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """A cell has begun when the first of its cohort can be that old, and is over when the last is past it."""
    length, days = ROLLING_DAYS[every], len(line.days["day"])
    first = np.searchsorted(line.days["period"], np.arange(len(line.periods)))
    last = np.append(first[1:], days) - 1
    age = np.arange(-(-days // length))
    seen = first[:, np.newaxis] + age * length < days
    over = last[:, np.newaxis] + (age + 1) * length <= days
    over[line.complete :] = False
    return seen, over
