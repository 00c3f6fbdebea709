"""Members of a loyalty programme against customers who were as likely to stay when they joined."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from retention_kit import calendars, formulas
from retention_kit.calendars import Period
from retention_kit.engine import sql_text
from retention_kit.errors import RetentionError, check_whole
from retention_kit.formulas.intervals import draw_weights, drawn_bounds
from retention_kit.metrics.blocks import by_block, lots
from retention_kit.metrics.comparing import comparison_notes, difference, side_by_side, verdict
from retention_kit.metrics.segments import EVERYBODY, Segmentation
from retention_kit.metrics.timeline import Timeline, ask, once_a_log, timeline
from retention_kit.metrics.units import money
from retention_kit.tables import Log, Note, Result, check_contract

WHO = ("members", "others")

# Strata are many: fewer blocks than elsewhere keep what the engine returns small.
_BLOCKS = 97
_STRATUM = ["period", "history", "held_before", "segment"]
# Subscriptions say what a month brings.
_MONTHS = {"day": 12 / 365.25, "week": 12 * 7 / 365.25, "month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Membership:
    """Customers by stratum, status and block; by what they are today; what they brought by period; the periods."""

    lives: pd.DataFrame
    today: pd.DataFrame
    money: pd.DataFrame
    timeline: Timeline
    follow: int

    def watched(self) -> pd.DataFrame:
        """Lives whose history and follow-up were seen: not of the log's first period, nor of its last ones."""
        period = self.lives["period"]
        return self.lives[(period > 0) & (period + self.follow < self.timeline.complete)]

    def revenue(self) -> pd.Series[float]:
        """What members brought, by the first day of each period that is over."""
        brought = self.money[self.money["status"] == "member"].set_index("period")["revenue"]
        over = range(self.timeline.complete)
        return brought.reindex(over, fill_value=0.0).set_axis(self.timeline.starts[: len(over)])


def members(
    log: Log,
    *,
    points: Log | None = None,
    customers: Log | None = None,
    by: str | None = None,
    every: str = "month",
    calendar: str | None = None,
    follow: int = 3,
    seed: int = 0,
) -> Result:
    """Share of the customers who joined (the denominator) who were kept, beside customers who had not joined.

    Both are met at the end of the period in which the members joined, and both were customers in it: so nobody is
    credited with the time they had to survive to become a member. The others are customers who had not joined by
    then, weighted to the same period, number of active periods before, whether they were customers in the period
    just before, and group. The naive comparison takes today's list of members and asks who is still there: who
    ordered in the last `follow` periods that are over, or is held at the end of the last one.

    Args:
        log: a log of orders: kept is who orders in the follow-up; or of subscriptions: kept is who is held at its
            end (a stretch runs, paid or paused, after the trial).
        points: a log of points; where `customers` says nothing of members, they joined with their first row in it.
        customers: a log of customers, whose column member says when they joined.
        by: a column of `customers` that was known before they joined, such as segment.
        every: day, week, month, quarter or year.
        calendar: gregorian or jalali; the log's own if not given.
        follow: the follow-up, in whole periods after the one of joining; 1 or more.
        seed: of the interval's draws.

    Returns:
        Four rows, comparison (comparable, naive) by who (members, others): customers (the comparable others once
        for every period in which they are met), kept, and as shares rate, low and high (Wilson, 95 %; of
        comparable others standardised to the strata of the members), and revenue, the money that each of them
        brought in the follow-up, or in the naive comparison ever.
        The headline holds both differences and, as uplift, how much more members brought than comparable others
        (bootstrap by customer).
    """
    found = membership(log, points, customers, by=by, every=every, calendar=calendar, follow=follow)
    return compared(found, log, seed)


def compared(found: Membership, log: Log, seed: int) -> Result:
    """The comparison of what was asked of a log."""
    period = found.timeline.periods[0]
    told, strata = _strata(found.watched())
    table = pd.concat([_comparable_rows(told, strata), _naive_rows(found.today)], ignore_index=True)
    numbers = _headline(table, told, strata, seed)
    said = verdict(numbers["low"], numbers["high"]) if numbers["joined"] else "none"
    left_out = int(told.loc[told["who"] == "members", "customers"].sum() - strata["customers", "members"].sum())
    return Result(
        name="members",
        table=table,
        every=period.every,
        calendar=period.calendar,
        headline={
            # Kept has another meaning in each contract, so each has its own sentences.
            "sentence": said if said == "none" else f"{said}_{log.contract}",
            "follow": found.follow,
            **numbers,
        },
        notes=(
            *found.timeline.running_notes(log),
            Note(f"kept_{log.contract}", {"follow": found.follow, "every": period.every}),
            *_notes(table, said, left_out),
        ),
    )


def membership(
    log: Log,
    points: Log | None,
    customers: Log | None,
    *,
    by: str | None = None,
    every: str,
    calendar: str | None,
    follow: int,
) -> Membership:
    """Ask the engine of a log how members and others fared."""
    check_contract(log, ("orders", "subscriptions"))
    check_whole("follow", follow, 1)
    line = timeline(log, every, calendar)
    rules = {
        "follow": follow,
        "within": int(log.contract == "orders"),
        "last_period": line.complete - 1,
    }

    def answer() -> pd.DataFrame:
        return ask(
            log,
            "members",
            Segmentation(by, customers) if by is not None else EVERYBODY,
            acts=sql_text(f"member_acts_{log.contract}"),
            days=line.days,
            members=_joined(points, customers, line.periods[0]),
            lots=lots(_BLOCKS),
            rules={name: [value] for name, value in rules.items()},
        )

    found = once_a_log(log, ("members", line.periods[0], rules, by), answer, points, customers)
    return _in_order(found, line, follow, log.contract)


def _in_order(found: pd.DataFrame, line: Timeline, follow: int, contract: str) -> Membership:
    """What the engine found, in money and apart by kind."""
    scale = _MONTHS[line.periods[0].every] if contract == "subscriptions" else 1
    found = found.assign(revenue=money(found["revenue"].astype("float64")) * scale)
    # A group that is not known is a stratum of its own. Sums of weighted numbers depend on the order of rows.
    found["segment"] = found["segment"].fillna("")
    found = found.sort_values([*_STRATUM, "status", "block"], ignore_index=True)
    lives, today, brought = (
        found[found["kind"] == kind].reset_index(drop=True) for kind in ("life", "today", "money")
    )
    return Membership(lives, today, brought, line, follow)


def _joined(points: Log | None, customers: Log | None, first: Period) -> dict[str, Any]:
    """The period in which each member joined, counted from the log's first one; before it, below 0."""
    if customers is not None and "member" in customers.engine.columns(customers.table):
        joined = customers.engine.query(
            "select customer, cast(member as date) as day from log where member is not null", log=customers.table
        )
    elif points is not None:
        check_contract(points, ("points",))
        joined = points.engine.query(
            "select customer, min(cast(time as date)) as day from log group by customer", log=points.table
        )
    else:
        raise RetentionError("no_members")
    of_log = calendars.period_of(first.start, first.every, first.calendar)
    days = pd.to_datetime(joined["day"]).to_numpy("datetime64[D]")
    return {
        "customer": joined["customer"].astype("str"),
        "period": calendars.period_of(days, first.every, first.calendar) - of_log,
    }


def _strata(lives: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who joined and who had not, weighted; and customers and kept of both by stratum, where there are both.

    Each of the others weighs as many members as there are for each of them in the stratum; who lies in a stratum
    without both weighs nothing.
    """
    who = lives["status"].map({"joined": "members", "later": "others", "never": "others"})
    told = lives.assign(who=who).dropna(subset="who")
    both = side_by_side(told, _STRATUM, WHO)
    there = both["customers"].reset_index()
    counts = told[_STRATUM].merge(there, how="left", on=_STRATUM).set_index(told.index)
    weight = np.where(told["who"] == "members", counts["members"] > 0, counts["members"] / counts["others"])
    return told.assign(weight=pd.Series(weight, index=told.index, dtype="float64").fillna(0.0)), both


def _comparable_rows(told: pd.DataFrame, strata: pd.DataFrame) -> pd.DataFrame:
    customers, kept = strata["customers"], strata["kept"]
    member, other = (_shares(kept[who].sum(), customers[who].sum()) for who in WHO)
    rate, low, high = formulas.standardised_rate(kept["others"], customers["others"], customers["members"])
    return _rows("comparable", [member, {**other, "rate": rate, "low": low, "high": high}], told)


def _naive_rows(today: pd.DataFrame) -> pd.DataFrame:
    """Everybody there ever was, by whether they are on today's list of members."""
    told = today.assign(who=today["status"].map({"member": "members", "never": "others"}), weight=1.0)
    counts = told.groupby("who")[["kept", "customers"]].sum().reindex(list(WHO), fill_value=0)
    return _rows("naive", [_shares(*counts.loc[who]) for who in WHO], told)


def _shares(kept: float, customers: float) -> dict[str, Any]:
    low, high = formulas.wilson_interval(float(kept), float(customers))
    rate = formulas.proportion(float(customers), float(kept))
    return {"customers": int(customers), "kept": int(kept), "rate": rate, "low": low, "high": high}


def _rows(comparison: str, rows: list[dict[str, Any]], told: pd.DataFrame) -> pd.DataFrame:
    """Both rows of a comparison, with what each customer brought on average, weighted."""
    revenue = [_per_customer(told[told["who"] == who]) for who in WHO]
    return pd.DataFrame(
        [{"comparison": comparison, "who": who, **row} for who, row in zip(WHO, rows, strict=True)]
    ).assign(revenue=revenue)


def _per_customer(part: pd.DataFrame) -> float:
    there = float((part["customers"] * part["weight"]).sum())
    return float((part["revenue"] * part["weight"]).sum()) / there if there else math.nan


def _headline(table: pd.DataFrame, told: pd.DataFrame, strata: pd.DataFrame, seed: int) -> dict[str, Any]:
    naive = [table[name][place] for place in (2, 3) for name in ("kept", "customers")]
    return {
        "joined": int(table["customers"][0]),
        "others": int(table["customers"][1]),
        "member_rate": float(table["rate"][0]),
        "other_rate": float(table["rate"][1]),
        "naive_member_rate": float(table["rate"][2]),
        "naive_other_rate": float(table["rate"][3]),
        **_named(("difference", "low", "high"), difference(strata, WHO)),
        **_named(("naive_difference", "naive_low", "naive_high"), formulas.rate_difference(*naive)),
        **_named(("uplift", "uplift_low", "uplift_high"), _uplift(told, seed)),
    }


def _named(names: tuple[str, ...], numbers: tuple[float, ...]) -> dict[str, float]:
    return dict(zip(names, numbers, strict=True))


def _uplift(told: pd.DataFrame, seed: int) -> tuple[float, float, float]:
    """By which share members brought more than comparable others, and its bounds from draws of blocks."""
    brought, there = (
        by_block(told["who"] == "others", told, told[name] * told["weight"], len(WHO))
        for name in ("revenue", "customers")
    )
    if brought.shape[1] < 2 or not (brought.sum(axis=1) > 0).all():
        return math.nan, math.nan, math.nan
    each, other = brought.sum(axis=1) / there.sum(axis=1)
    weights = draw_weights(brought.shape[1], seed)
    drawn = (there @ weights.T > 0).all(axis=0)  # a draw may hold nobody of a group
    means = (brought @ weights.T)[:, drawn] / (there @ weights.T)[:, drawn]
    low, high = drawn_bounds(*means)
    return float(each / other - 1), low - 1, high - 1


def _notes(table: pd.DataFrame, said: str, left_out: int) -> list[Note]:
    weighted = [Note("others_weighted")] if said != "none" else []
    unmatched = [Note("members_unmatched", {"count": left_out})] if left_out else []
    return weighted + unmatched + comparison_notes(table, said)
