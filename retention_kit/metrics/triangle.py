"""The counts behind a cohort triangle: customers by the period they began in and by their age."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from retention_kit.engine import defined, sql_text
from retention_kit.errors import check_choice
from retention_kit.metrics.activity import activity, happened
from retention_kit.metrics.blocks import how_many, lots
from retention_kit.metrics.segments import Group, Segmentation, rows_of
from retention_kit.metrics.subscriptions import subscriptions
from retention_kit.metrics.timeline import Timeline, ask, timeline
from retention_kit.metrics.units import UNITS
from retention_kit.tables import Log, Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOWS = ("calendar", "rolling")

# A rolling window has the same number of days for everybody.
ROLLING_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}


@dataclass(frozen=True)
class Question:
    """Who begins, who comes back, and how ages are counted: one by one, or in brackets where there are any."""

    every: str
    window: str = "calendar"
    at_least: int = 1
    first_time: bool = True
    start: str | None = None
    back: str | None = None
    brackets: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True)
class Grid:
    """The cells of a triangle: a row a cohort, a column an age or a bracket of ages.

    A column holds the ages from its `first` to its `last`. A cell is `seen` when its first period has begun for
    the first customer of the cohort, and `over` when its last period has ended for the last one.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    seen: NDArray[np.bool_]
    over: NDArray[np.bool_]
    timeline: Timeline


@dataclass(frozen=True)
class Triangle:
    """What was counted by segment, cohort (first_period) and column (age), and the cells it belongs to.

    `counted` has began (customers, once each, in their first column) and customers with final (for how many of
    them it is the last column), or amount by block of customers (money in ten-thousandths). Where customers may
    belong to several cohorts it has firsts (those whose first cohort it is). Where it has `levels`, customers and
    amounts are changes, which add up to what there is at each age.
    """

    counted: pd.DataFrame
    grid: Grid
    levels: bool = False
    notes: tuple[Note, ...] = ()

    def sizes(self) -> pd.Series[int]:
        """Customers by segment, once each."""
        once = "firsts" if "firsts" in self.counted else "began"
        return self.counted.groupby("segment", dropna=False)[once].sum()

    def of_group(self, group: Group) -> Self:
        """The cells of one group alone."""
        return replace(self, counted=rows_of(self.counted, group))

    def size(self) -> NDArray[np.int64]:
        """Customers who began in each cohort."""
        return self._cells("began").sum(axis=1)

    def customers(self, kind: str) -> NDArray[np.int64]:
        """Customers of each cohort (a row) in each column; `on_or_after` counts them up to their last."""
        if kind != "on_or_after":
            found = self._cells("customers")
            return np.cumsum(found, axis=1) if self.levels else found
        later = np.cumsum(self._cells("final")[:, ::-1], axis=1)[:, ::-1]
        later[:, 0] = self.size()
        return later

    def _cells(self, name: str) -> NDArray[np.int64]:
        found = np.zeros(self.grid.seen.shape, "int64")
        np.add.at(found, (self.counted["first_period"], self.counted["age"]), self.counted[name])
        return found

    def blocks(self) -> int:
        """How many blocks the customers were dealt into."""
        return how_many(self.counted)

    def by_block(self) -> Iterator[NDArray[np.int64]]:
        """The money of one cohort after the other, a line for each age, a place for each block of customers."""
        of_cohort = dict(iter(self.counted.groupby("first_period")[["age", "block", "amount"]]))
        for cohort in range(len(self.grid.timeline.periods)):
            found = np.zeros((len(self.grid.first), self.blocks()), "int64")
            if cohort in of_cohort:
                rows = of_cohort[cohort]
                np.add.at(found, (rows["age"], rows["block"]), rows["amount"])
            yield np.cumsum(found, axis=0) if self.levels else found


def triangle(log: Log, question: Question, calendar: str | None, segmentation: Segmentation) -> Triangle:
    """Count the customers of the cells: from the activity cube where it reaches, else by a query of their own."""
    if log.contract == "subscriptions":
        return _of_subscriptions(log, question, calendar, segmentation)
    if log.contract == "orders" and question == Question(question.every):
        active = activity(log, question.every, calendar, segmentation=segmentation)
        cube = active.cube
        found = cube.assign(age=cube["period"] - cube["first_period"], final=cube["final"] * cube["customers"])
        return Triangle(_with_began(found), _grid(active.timeline, question), notes=tuple(active.notes()))
    cells = _grid(timeline(log, question.every, calendar), question)
    small = _small_tables(cells, question)
    rules = {"first_time": [int(question.first_time)], "at_least": [question.at_least]}
    acts = sql_text(f"cohort_acts_{log.contract}")
    if log.contract == "events":
        small["wanted"] = _wanted(log, question)
        acts = defined(acts, {"happened": happened(log)})
    return Triangle(_with_began(ask(log, "cohorts", segmentation, acts=acts, rules=rules, **small)), cells)


def _with_began(found: pd.DataFrame) -> pd.DataFrame:
    """Age 0 is where all who began stand."""
    whole = found.astype(dict.fromkeys(("first_period", "age", "customers", "final"), "int64"))
    return whole.assign(began=whole["customers"].where(whole["age"] == 0, 0))


def revenue_triangle(log: Log, question: Question, calendar: str | None, segmentation: Segmentation) -> Triangle:
    """Add up the money of the cells, by block of customers."""
    if log.contract == "subscriptions":
        return _of_subscriptions(log, question, calendar, segmentation)
    cells = _grid(timeline(log, question.every, calendar), question)
    found = ask(log, "cohort_revenue", segmentation, **_small_tables(cells, question), lots=lots())
    placed = found["age"].notna()
    refunds = -int(found.loc[~placed, "amount"].sum()) / UNITS
    return Triangle(
        found[placed].astype(dict.fromkeys(("first_period", "age", "block", "amount", "began"), "int64")),
        cells,
        notes=(Note("refunds_of_no_cohort", {"amount": refunds}),) if refunds else (),
    )


def _of_subscriptions(log: Log, question: Question, calendar: str | None, segmentation: Segmentation) -> Triangle:
    """Who is held at the end of each period and what they pay, by the period they began to pay in."""
    found = subscriptions(log, question.every, calendar, cohorts=True, segmentation=segmentation)
    moves, lives = found.movements, found.lives
    changes = {
        "age": moves["period"] - moves["first_period"],
        "customers": moves["customers_new"] + moves["customers_returned"] - moves["customers_lost"],
        "amount": moves[["new", "expansion", "reactivation"]].sum(axis=1)
        - moves[["churn", "contraction"]].sum(axis=1),
    }
    began = lives[["segment", "first_period"]].assign(began=lives["customers"])
    counted = pd.concat([moves[["segment", "first_period", "block"]].assign(**changes), began])
    numbers = ["first_period", "block", "age", "customers", "amount", "began"]
    counted[numbers] = counted[numbers].fillna(0).astype("int64")
    return Triangle(counted, _grid(found.timeline, question), levels=True)


def _grid(line: Timeline, question: Question) -> Grid:
    """The cells that a question asks for, and how far the log has seen them."""
    length, days = ROLLING_DAYS[question.every], len(line.days["day"])
    rolling = question.window == "rolling"
    ages = np.arange(-(-days // length) if rolling else len(line.periods))
    first, last = np.array([(0, 0), *question.brackets]).T if question.brackets else (ages, ages)
    cohort = np.arange(len(line.periods))[:, np.newaxis]
    if not rolling:
        return Grid(first, last, cohort + first < len(line.periods), cohort + last < line.complete, line)
    first_day = np.searchsorted(line.days["period"], cohort)
    last_day = np.append(first_day[1:], [[days]], axis=0) - 1
    over = (cohort < line.complete) & (last_day + (last + 1) * length <= days)
    return Grid(first, last, first_day + first * length < days, over, line)


def _small_tables(cells: Grid, question: Question) -> dict[str, Any]:
    """The calendar, with the place that ages are counted in, and the column that each distance falls in."""
    line, rolling = cells.timeline, question.window == "rolling"
    places = np.arange(len(line.days["day"])) if rolling else line.days["period"]
    elapsed = np.arange(int(places[-1]) + 1)
    age = elapsed // (ROLLING_DAYS[question.every] if rolling else 1)
    column = np.searchsorted(cells.first, age, side="right") - 1
    inside = age <= cells.last[column]
    return {
        "days": {**line.days, "place": places},
        "spans": {"elapsed": elapsed[inside], "age": column[inside]},
    }


def _wanted(log: Log, question: Question) -> dict[str, list[Any]]:
    """The events that begin a life and those that are a coming back; all of them where none is named."""
    there = log.engine.query("select distinct event from events order by event", events=log.table)
    names = there["event"].tolist()
    for role, asked in (("start", question.start), ("back", question.back)):
        if asked is not None:
            check_choice(role, asked, tuple(names))
    return {
        "event": names,
        "starts": [int(question.start in (None, name)) for name in names],
        "backs": [int(question.back in (None, name)) for name in names],
    }
