"""Survival: the share of customers who stay beyond each age, also while some of them have not left yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import pandas as pd

from retention_kit import calendars, formulas
from retention_kit.engine import DuckDB, sql_text
from retention_kit.errors import RetentionError, check_choice
from retention_kit.metrics.segments import (
    Group,
    Segmentation,
    by_group_and_whole,
    check_groups,
    few_customers,
    rows_of,
)
from retention_kit.metrics.subscriptions import subscriptions
from retention_kit.tables import FEW_CUSTOMERS, Log, Note, Result


def survival(
    log_or_durations: Log | pd.DataFrame | Mapping[str, Any],
    *,
    by: str | None = None,
    customers: Log | None = None,
    every: str = "month",
    calendar: str | None = None,
) -> Result:
    """Share of customers who stay beyond each age, by Kaplan and Meier; the denominators are those at risk.

    Args:
        log_or_durations: a log of subscriptions; or a table with the columns duration (whole periods a customer
            was seen to stay) and left (whether they left then: 1, true; or were still there when last seen: 0).
        by: a column of the table of durations, of the log (then what a customer's first row says counts for good),
            or of `customers`; each of its values has a curve of its own.
        customers: a log of customers, where `by` is a column of that one. Only for a log.
        every: day, week, month, quarter or year: the unit of the ages.
        calendar: gregorian or jalali; the log's own if not given. Durations have none: theirs is gregorian.

    Returns:
        One row an age, of each group where there is `by`: group (missing where it is not known, empty for those
        under 5 customers together), age (0, 1, … periods), at_risk, left, and as shares survival, low and high
        (log-log, 95 %). In a log the age of the loss is counted from the period in which a customer began, and the
        running period is left out.
    """
    segmentation = Segmentation(by, customers)
    if isinstance(log_or_durations, Log):
        found = _of_log(log_or_durations, every, calendar, segmentation)
    elif customers is not None:
        raise RetentionError("segments_of_durations")
    else:
        calendar = "gregorian" if calendar is None else calendar
        calendars.check(every, calendar)
        found = _Lives(_of_durations(pd.DataFrame(log_or_durations), by), calendar)
    table, whole = by_group_and_whole(found, segmentation, _curve)
    grouping = segmentation.notes(found.sizes())
    return Result(
        name="survival",
        table=table,
        every=every,
        calendar=found.calendar,
        headline=_headline(whole),
        notes=(*found.ends, *grouping, *few_customers(table["at_risk"])),
    )


@dataclass(frozen=True)
class _Lives:
    """Customers by segment, by how long they were seen to stay, and by whether they left then.

    And the calendar of the periods, and what must be said of the log's end.
    """

    counts: pd.DataFrame
    calendar: str
    ends: tuple[Note, ...] = ()

    def sizes(self) -> pd.Series[int]:
        """Customers by segment."""
        return self.counts.groupby("segment", dropna=False)["customers"].sum()

    def of_group(self, group: Group) -> Self:
        """The lives of one group alone."""
        return replace(self, counts=rows_of(self.counts, group))


def _of_log(log: Log, every: str, calendar: str | None, segmentation: Segmentation) -> _Lives:
    """Lives of customers who began in a period that is over, as ages at the first loss or at the last look."""
    found = subscriptions(log, every, calendar, segmentation=segmentation)
    last = found.timeline.complete - 1
    lives = found.lives[found.lives["first_period"] <= last]
    left = lives["period"] <= last
    ages = lives["period"].where(left, last) - lives["first_period"]
    columns = {"duration": ages.astype("int64"), "left": left.astype("int64")}
    line = found.timeline
    return _Lives(lives[["segment", "customers"]].assign(**columns), line.calendar, tuple(line.running_notes(log)))


def _of_durations(durations: pd.DataFrame, by: str | None) -> pd.DataFrame:
    places, names = np.zeros(len(durations), "int64"), [None]
    if by is not None:
        check_choice("by", by, tuple(str(name) for name in durations if name not in ("duration", "left")))
        check_groups(by, durations[by].nunique())
        given = durations[by].astype("str").str.strip()
        places, found = pd.factorize(given.where(given != ""))
        names = [*found, None]  # the place of a missing name is -1
    engine = DuckDB()
    columns = {"duration": durations["duration"].astype("int64"), "left": durations["left"].astype("int64")}
    counts = engine.query(sql_text("survival"), durations=engine.store({**columns, "segment": places}))
    return counts.assign(segment=pd.Series([names[place] for place in counts["segment"]], dtype="str"))


def _curve(found: _Lives) -> pd.DataFrame:
    """Ages from 0 to the last anybody was seen at, with those at risk, those who left, and the curve."""
    counts = found.counts
    ages = np.arange(int(counts["duration"].max()) + 1 if len(counts) else 0)
    ended, left = np.zeros(len(ages), "int64"), np.zeros(len(ages), "int64")
    np.add.at(ended, counts["duration"], counts["customers"])
    np.add.at(left, counts["duration"], counts["customers"] * counts["left"])
    at_risk = np.cumsum(ended[::-1])[::-1]
    low, high = formulas.log_log_interval(at_risk, left)
    curve = formulas.survival_curve(at_risk, left)
    return pd.DataFrame(
        {"age": ages, "at_risk": at_risk, "left": left, "survival": curve, "low": low, "high": high}
    )


def _headline(curve: pd.DataFrame) -> dict[str, Any]:
    """The age by which half have left; where the curve stays above half, the share at the horizon.

    The horizon is the last age at which enough customers were at risk; 0 where they never were.
    """
    if curve.empty:
        return {"sentence": "none", "customers": 0}
    known = curve[curve["at_risk"] >= FEW_CUSTOMERS]
    horizon = max(len(known) - 1, 0)
    last = curve.iloc[horizon]
    said = {
        "customers": int(curve["at_risk"].iloc[0]),
        "left": int(curve["left"].sum()),
        "horizon": horizon,
        "lifetime": formulas.lifetime_within(known["age"], known["survival"], horizon),
        "rate": float(last["survival"]),
        "low": float(last["low"]),
        "high": float(last["high"]),
    }
    if not said["left"]:
        return {"sentence": "all", **said}
    half = curve[curve["survival"] <= 0.5]
    if half.empty:
        return {"sentence": "most" if horizon and last["survival"] < 1 else "most_alone", **said}
    age = int(half["age"].iloc[0])
    return {"sentence": "first" if age == 0 else "half" if horizon else "half_alone", "half_age": age, **said}
