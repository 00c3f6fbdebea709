"""Survival: the share of customers who stay beyond each age, also while some of them have not left yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from retention_kit import calendars, formulas
from retention_kit.engine import DuckDB, sql_text
from retention_kit.metrics.subscriptions import subscriptions
from retention_kit.tables import FEW_CUSTOMERS, Log, Note, Result


def survival(
    log_or_durations: Log | pd.DataFrame | Mapping[str, Any],
    *,
    by: str | None = None,
    every: str = "month",
    calendar: str = "gregorian",
) -> Result:
    """Share of customers who stay beyond each age, by Kaplan and Meier; the denominators are those at risk.

    Args:
        log_or_durations: a log of subscriptions; or a table with the columns duration (whole periods a customer
            was seen to stay) and left (whether they left then: 1, true; or were still there when last seen: 0).
        by: a column of the table of durations whose values each have a curve of their own.
        every: day, week, month, quarter or year: the unit of the ages.
        calendar: gregorian or jalali.

    Returns:
        One row an age (of each group): group (only with `by`), age (0, 1, … periods), at_risk, left, and as
        shares survival, low and high (log-log, 95 %). In a log the age of the loss is counted from the period
        in which a customer began, and the running period is left out.
    """
    calendars.check(every, calendar)
    if isinstance(log_or_durations, Log):
        counts, notes = _of_log(log_or_durations, every, calendar)
    else:
        counts, notes = _of_durations(pd.DataFrame(log_or_durations), by), []
    groups = [_curve(part, group) for group, part in counts.groupby("segment", sort=True)]
    table = pd.concat(groups, ignore_index=True) if groups else _curve(counts, "")
    if by is None:
        table = table.drop(columns="group")
    return Result(
        name="survival",
        table=table,
        every=every,
        calendar=calendar,
        headline=_headline(_curve(counts, "")),
        notes=(*notes, *_notes(table)),
    )


def _of_log(log: Log, every: str, calendar: str) -> tuple[pd.DataFrame, list[Note]]:
    """Lives of customers who began in a period that is over, as ages at the first loss or at the last look."""
    found = subscriptions(log, every, calendar)
    last = found.timeline.complete - 1
    lives = found.lives[found.lives["first_period"] <= last]
    left = lives["period"] <= last
    ages = lives["period"].where(left, last) - lives["first_period"]
    counts = {"segment": "", "duration": ages.astype("int64"), "left": left.astype("int64")}
    return pd.DataFrame({**counts, "customers": lives["customers"]}), found.timeline.running_notes(log)


def _of_durations(durations: pd.DataFrame, by: str | None) -> pd.DataFrame:
    engine = DuckDB()
    columns = {"duration": durations["duration"].astype("int64"), "left": durations["left"].astype("int64")}
    given = engine.store({**columns, "segment": durations[by].astype(str) if by else ""})
    return engine.query(sql_text("survival"), durations=given)


def _curve(counts: pd.DataFrame, group: Any) -> pd.DataFrame:
    """Ages from 0 to the last anybody was seen at, with those at risk, those who left, and the curve."""
    ages = np.arange(int(counts["duration"].max()) + 1 if len(counts) else 0)
    ended, left = np.zeros(len(ages), "int64"), np.zeros(len(ages), "int64")
    np.add.at(ended, counts["duration"], counts["customers"])
    np.add.at(left, counts["duration"], counts["customers"] * counts["left"])
    at_risk = np.cumsum(ended[::-1])[::-1]
    low, high = formulas.log_log_interval(at_risk, left)
    curve = formulas.survival_curve(at_risk, left)
    columns = {"age": ages, "at_risk": at_risk, "left": left, "survival": curve, "low": low, "high": high}
    return pd.DataFrame({"group": group, **columns})


def _headline(curve: pd.DataFrame) -> dict[str, Any]:
    """The age by which half have left; where the curve stays above half, the share at the last age with enough."""
    known = curve[curve["at_risk"] >= FEW_CUSTOMERS]
    known = curve if known.empty else known
    if known.empty:
        return {"sentence": "none", "customers": 0}
    last = known.iloc[-1]
    said = {
        "customers": int(curve["at_risk"].iloc[0]),
        "left": int(curve["left"].sum()),
        "horizon": int(last["age"]),
        "lifetime": formulas.lifetime_within(known["age"], known["survival"], float(last["age"])),
        "rate": float(last["survival"]),
        "low": float(last["low"]),
        "high": float(last["high"]),
    }
    half = known[known["survival"] <= 0.5]
    if half.empty:
        return {"sentence": "most" if last["survival"] < 1 else "all", **said}
    return {"sentence": "half", "half_age": int(half["age"].iloc[0]), **said}


def _notes(table: pd.DataFrame) -> list[Note]:
    few = int((table["at_risk"] < FEW_CUSTOMERS).sum())
    return [Note("small_groups", {"count": few, "least": FEW_CUSTOMERS})] if few else []
