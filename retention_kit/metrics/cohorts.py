"""The cohort triangle: of the customers who began together, how many are here at each age, and what they bring."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retention_kit import formulas
from retention_kit.errors import RetentionError, check_choice, check_whole
from retention_kit.metrics.cohort_revenue import revenue_averages, revenue_cells
from retention_kit.metrics.segments import (
    Segmentation,
    by_group,
    by_group_and_whole,
    few_customers,
    without_number,
)
from retention_kit.metrics.triangle import (
    ROLLING_DAYS,
    WINDOWS,
    Question,
    Triangle,
    revenue_triangle,
    triangle,
)
from retention_kit.tables import Log, Note, Result, check_contract

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS = ("on", "on_or_after", "bracket")
# What can be counted, and in which logs.
MEASURES = {"customers": ("orders", "events", "subscriptions"), "revenue": ("orders", "subscriptions")}
BRACKETS = ((1, 3), (4, 7), (8, 30))


def cohorts(
    log: Log,
    *,
    every: str = "month",
    calendar: str | None = None,
    measure: str = "customers",
    kind: str = "on",
    brackets: Sequence[tuple[int, int]] = BRACKETS,
    window: str = "calendar",
    at_least: int = 1,
    first_time: bool = True,
    start: str | None = None,
    back: str | None = None,
    by: str | None = None,
    customers: Log | None = None,
    seed: int = 0,
) -> Result:
    """Share of a cohort (the denominator: all who began in the same period) who are customers at each age.

    Measured in revenue, the denominator is what the cohort brought at age 0.

    Args:
        log: a log of orders, of events, or of subscriptions (then kind is on, window calendar).
        every: day, week, month, quarter or year.
        calendar: gregorian or jalali; the log's own if not given.
        measure: "customers", or "revenue", always of the kind on: with orders all amounts of the period, which
            refunds lower; with subscriptions money per month at the period's end.
        kind: "on" counts who ordered in that very period (with subscriptions, who is held at its end),
            "on_or_after" who ordered then or at any later time, "bracket" who ordered at least once in a bracket.
        brackets: first and last age of each, in periods, ascending; age 0 stands before them. Only for brackets.
        window: "calendar" counts ages in the calendar's periods; "rolling" in whole periods of 1, 7, 30, 91 or
            365 days from each customer's own first day.
        at_least: so many orders (at different times) or events make a customer of a later cell; 1 or more.
        first_time: whether a customer belongs to one cohort, that of the first start; if not, to the cohort of
            every period with a start.
        start: the event that begins a life; any event if not given. Only for events.
        back: the event that is a coming back; any event if not given. Only for events.
        by: a column of the log, or of `customers`, that names the group of each customer: what their first row
            says counts for good.
        customers: a log of customers, where `by` is a column of that one.
        seed: of the draws behind the intervals of revenue.

    Returns:
        One row a cell, of each group where there is `by`: group (missing where it is not known, empty for those
        under 5 customers together), cohort (first day of its period), age (0, 1, … periods; of a bracket the
        first, with last_age), size (customers who began), customers, and as shares rate, low and high (Wilson,
        95 %). At age 0 stand all who began; with subscriptions, those of them who are held at the period's end.
        Cells in the future have no customers (missing), cells seen and empty have 0. A cell, or bracket, that is
        not over for everybody in the cohort counts its customers so far and has no rate.

        Revenue has revenue (money) in the place of customers. Its share may pass 1 and is missing where nothing
        came at age 0; its bounds are drawn by customer and missing where nothing came at this age. Orders also
        have cumulative_per_customer: money up to this age over size.

        `summary` has one row an age: the same numbers, sum over sum, over all cohorts that are past it (cohorts:
        how many), without the log's first one, which may hold old customers.
    """
    question = Question(
        every, window, at_least, first_time, start, back, tuple(brackets) if kind == "bracket" else ()
    )
    _check(log, question, measure, kind)
    segmentation = Segmentation(by, customers)
    count = revenue_triangle if measure == "revenue" else triangle
    found = count(log, question, calendar, segmentation)
    asked = _Asked(measure, kind, question, seed)
    table = by_group(found, segmentation, lambda part: _cells(part, asked))
    summary, averages = by_group_and_whole(found, segmentation, lambda part: _averages(part, asked))
    return Result(
        name="cohorts",
        table=table,
        every=every,
        calendar=found.grid.timeline.calendar,
        headline=_headline(found, averages, asked, log.contract),
        notes=(
            *_ends(found, log, first_time), *_counting(question), *found.notes,
            *segmentation.notes(found.sizes()), *_few(table),
        ),
        summary=summary,
    )  # fmt: skip


@dataclass(frozen=True)
class _Asked:
    """What is counted, and how."""

    measure: str
    kind: str
    question: Question
    seed: int


def _check(log: Log, question: Question, measure: str, kind: str) -> None:
    """Refuse what has no answer, or one that would mislead."""
    check_choice("measure", measure, tuple(MEASURES))
    named = question.start is not None or question.back is not None
    check_contract(log, ("events",) if named else MEASURES[measure])
    subscribed = log.contract == "subscriptions"
    # Money has no "or after", and who subscribes is held at every instant, not now and then.
    only_on = subscribed or measure == "revenue"
    check_choice("kind", kind, ("on",) if only_on else KINDS)
    check_choice("window", question.window, ("calendar",) if subscribed else WINDOWS)
    most = 1 if only_on else math.inf
    check_whole("at_least", question.at_least, 1, most)
    if only_on and not question.first_time:
        raise RetentionError("wrong_choice", name="first_time", given=False, allowed=True)
    if kind == "bracket" and not _ascend(question.brackets):
        raise RetentionError("wrong_kind", name="brackets", given=repr(question.brackets), example=repr(BRACKETS))


def _ascend(brackets: Sequence[tuple[int, int]]) -> bool:
    """Whether there are brackets, each a pair, that begin after age 0 and do not overlap."""
    if not brackets or any(len(bracket) != 2 for bracket in brackets):
        return False
    return all(before[1] < first <= last for before, (first, last) in pairwise([(0, 0), *brackets]))


def _cells(found: Triangle, asked: _Asked) -> pd.DataFrame:
    grid, size = found.grid, found.size()
    cohort, column = (axis.ravel() for axis in np.indices(grid.seen.shape))
    table = pd.DataFrame(
        {
            "cohort": [grid.timeline.periods[index].start for index in cohort],
            **{name: ages[column] for name, ages in _ages(found, asked).items()},
            "size": size[cohort],
        }
    )
    if asked.measure == "revenue":
        return table.join(revenue_cells(found, asked.seed))
    counts = pd.Series(found.customers(asked.kind).ravel(), dtype="Int64").where(grid.seen.ravel())
    return table.assign(customers=counts, **_shares(counts.where(grid.over.ravel()), table["size"]))


def _averages(found: Triangle, asked: _Asked) -> pd.DataFrame:
    """Of each column the sum over the sum, in the cells that are over: cohorts of nobody have none to add."""
    size = found.size()[:, np.newaxis]
    past = found.grid.over & (size > 0)
    if asked.question.first_time:
        past[0] = False  # in the log's first period old customers look new
    table = pd.DataFrame({**_ages(found, asked), "cohorts": past.sum(axis=0), "size": (past * size).sum(axis=0)})
    if asked.measure == "revenue":
        return table.join(revenue_averages(found, past, asked.seed))
    counts = pd.Series((past * found.customers(asked.kind)).sum(axis=0), dtype="Int64")
    return table.assign(customers=counts, **_shares(counts, table["size"]))


def _ages(found: Triangle, asked: _Asked) -> dict[str, NDArray[np.int64]]:
    """What names a column: its age, or the first and the last age of its bracket."""
    if asked.kind != "bracket":
        return {"age": found.grid.first}
    return {"age": found.grid.first, "last_age": found.grid.last}


def _shares(counts: pd.Series[Any], size: pd.Series[Any]) -> dict[str, pd.Series[Any]]:
    low, high = formulas.wilson_interval(counts, size)
    return {"rate": formulas.proportion(size, counts), "low": low, "high": high}


def _headline(found: Triangle, averages: pd.DataFrame, asked: _Asked, contract: str) -> dict[str, Any]:
    """The average of the period after the first, or of the first bracket."""
    counts = _counts(asked, contract)
    known = averages[(averages.index == 1) & averages["rate"].notna()]
    if known.empty:
        sentence = "first_only" if _only_the_first(found, averages) else without_number(found)
        return {"sentence": sentence, "counts": counts, "cohorts": 0}
    first = known.iloc[0]
    whole = [name for name in ("age", "last_age", "cohorts", "size", "customers") if name in known]
    shares = [name for name in ("revenue", "rate", "low", "high") if name in known]
    return {
        "sentence": _sentence(asked, counts) + ("_alone" if np.isnan(first["low"]) else ""),
        "counts": counts,
        **{name: int(first[name]) for name in whole},
        **{name: float(first[name]) for name in shares},
    }


def _only_the_first(found: Triangle, averages: pd.DataFrame) -> bool:
    """Whether no cohort is old enough but the log's first, which is in no average."""
    old_enough = found.grid.over[0, 1:2].any() and found.size()[0] > 0
    return bool(old_enough and averages["cohorts"].iloc[1] == 0)


def _counts(asked: _Asked, contract: str) -> str:
    """What a cell is the share of: orders are bought again, events are come back to, subscribers are held."""
    if asked.measure == "revenue":
        return "recurring_revenue" if contract == "subscriptions" else "revenue"
    return {"orders": "bought", "events": "back", "subscriptions": "held"}[contract]


def _sentence(asked: _Asked, counts: str) -> str:
    """Who belongs to many cohorts is counted in each."""
    if counts in ("bought", "back"):
        return f"{counts if asked.question.first_time else 'each'}_{asked.kind}"
    return counts


def _ends(found: Triangle, log: Log, first_time: bool) -> list[Note]:
    """Who belongs to every period with a start is new in none: the log's first period misleads nobody then."""
    line = found.grid.timeline
    return line.notes(log) if first_time else line.running_notes(log)


def _counting(question: Question) -> list[Note]:
    notes = []
    if question.window == "rolling":
        notes.append(Note("rolling_window", {"days": ROLLING_DAYS[question.every]}))
    if question.at_least > 1:
        notes.append(Note("at_least", {"count": question.at_least}))
    return notes


def _few(table: pd.DataFrame) -> list[Note]:
    sizes = table.loc[table["age"] == 0, "size"]
    return few_customers(sizes[sizes > 0])
