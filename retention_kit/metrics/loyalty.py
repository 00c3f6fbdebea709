"""The ledger of a loyalty programme: points that came and went, what is owed for them, and whether it pays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retention_kit import formulas
from retention_kit.engine import sql_text
from retention_kit.errors import RetentionError
from retention_kit.formulas.intervals import draw_weights, ratio_bounds
from retention_kit.metrics.blocks import by_block, lots
from retention_kit.metrics.members import Membership, compared, membership
from retention_kit.metrics.timeline import Timeline, ask, timeline
from retention_kit.metrics.units import UNITS
from retention_kit.tables import Log, Note, Result, check_contract

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOVEMENTS = ["earned", "redeemed", "expired", "adjusted"]


def loyalty(
    points_log: Log,
    *,
    orders: Log | None = None,
    customers: Log | None = None,
    by: str | None = None,
    every: str = "month",
    calendar: str | None = None,
    money_per_point: float | None = None,
    margin: float | None = None,
    running_cost: float = 0.0,
    follow: int = 3,
    seed: int = 0,
) -> Result:
    """Points of each period, and the share by which members must spend more (than without it: the denominator).

    Opening + earned - redeemed - expired + adjusted = outstanding, in every period. A point costs when it is
    redeemed; until then it is owed. Breakage is the share of the points whose fate is known, redeemed or expired,
    that were never redeemed; points in hand may yet be used, and are in neither number. It is missing until a
    point has expired. A ledger that writes no expired row but says until when points can be spent is held to these
    dates: what lapses first is spent first, and what is left after its day has expired.

    Args:
        points_log: a log of points. Where it writes redeemed and expired ones all without a minus sign, they went;
            where some have one, each counts as it is written, and those that go against their kind are noted.
            Expired rows are trusted as they are: points past their date that none of them took are still owed, and
            noted.
        orders: a log of orders, or of subscriptions: what members buy. It lets the programme's cost be held
            against their revenue, and the members against comparable others (see `members`).
        customers: a log of customers, whose column member says when they joined.
        by: a column of `customers` that was known before they joined, such as segment.
        every: day, week, month, quarter or year.
        calendar: gregorian or jalali; that of the points if not given.
        money_per_point: what a point costs when it is redeemed, in the money of the orders.
        margin: the share of revenue that stays after the cost of what was sold, above 0 and at most 1.
        running_cost: what the programme costs beside its points, tools and staff, in each period (money).
        follow: the follow-up of members and others, in whole periods.
        seed: of the intervals' draws.

    Returns:
        One row a period: period (its first day); in points opening, earned, redeemed, expired, adjusted and
        outstanding; as shares breakage, breakage_low and breakage_high (bootstrap by customer, 95 %) of all points
        so far; in money liability (of the outstanding points, if all are redeemed), cost and members_revenue; and
        break_even, the share by which the revenue must be above what it would have been without the programme.
        What the arguments do not give is missing, and so is all but opening in the running period. The headline
        has the last complete period, break_even over all of them, and the comparison of `members`.
    """
    check_contract(points_log, ("points",))
    _check(money_per_point, margin, running_cost)
    line = timeline(points_log, every, calendar)
    found = _ask(points_log, line)
    moves = found[found["kind"] == "movement"]
    table = _ledger(moves, line).join(_breakage(moves, line, seed))
    bought, against = None, {}
    if orders is not None:
        bought = membership(
            orders, points_log, customers, by=by, every=every, calendar=line.calendar, follow=follow
        )
        against = dict(compared(bought, orders, seed).headline)
    table = _with_money(table, bought, money_per_point, margin=margin, running_cost=running_cost)
    currency = (None if orders is None else orders.currency) or points_log.currency
    if line.running:
        table.loc[table.index[-1], [name for name in table if name not in ("period", "opening")]] = np.nan
    return Result(
        name="loyalty",
        table=table,
        every=every,
        calendar=line.calendar,
        headline={**against, **_headline(table, line, margin, against), "currency": currency},
        notes=(
            Note("ledger_begins", {"period": line.periods[0]}),
            *line.running_notes(points_log),
            *_notes(found),
        ),
    )


def _check(money_per_point: float | None, margin: float | None, running_cost: float) -> None:
    least = {"money_per_point": money_per_point, "running_cost": running_cost}
    for name, given in least.items():
        if given is not None and not given >= 0:
            raise RetentionError("out_of_range", name=name, given=given, least=0, most=math.inf)
    if margin is not None and not 0 < margin <= 1:
        raise RetentionError("out_of_range", name="margin", given=margin, least=0, most=1)


def _ask(points_log: Log, line: Timeline) -> pd.DataFrame:
    dated = "dated" if "expires" in points_log.engine.columns(points_log.table) else "undated"
    found = ask(points_log, "loyalty", acts=sql_text(f"point_acts_{dated}"), days=line.days, lots=lots())
    return found.astype(dict.fromkeys(MOVEMENTS, "int64"))


def _ledger(moves: pd.DataFrame, line: Timeline) -> pd.DataFrame:
    """Points in hand and what moved them, by period."""
    sums = moves.groupby("period")[MOVEMENTS].sum().reindex(range(len(line.periods)), fill_value=0)
    change = sums["earned"] - sums["redeemed"] - sums["expired"] + sums["adjusted"]
    outstanding = change.cumsum()
    counted = {
        "opening": outstanding - change,
        **{name: sums[name] for name in MOVEMENTS},
        "outstanding": outstanding,
    }
    table = pd.DataFrame(counted).rename_axis(None) / UNITS
    table.insert(0, "period", line.starts)
    return table


def _breakage(moves: pd.DataFrame, line: Timeline, seed: int) -> pd.DataFrame:
    """Breakage of all points whose fate was known by then, by period, and its bounds from draws of blocks.

    As long as nothing has expired nobody knows whether anything will: that is no breakage of 0.
    """
    redeemed, expired = (
        np.cumsum(by_block(moves["period"], moves, moves[name], len(line.periods)), axis=0)
        for name in ("redeemed", "expired")
    )
    known = redeemed + expired
    settled = np.where(expired.sum(axis=1) > 0, known.sum(axis=1), np.nan)
    rate = formulas.breakage_rate(settled, redeemed.sum(axis=1).astype("float64"))
    weights = draw_weights(known.shape[1], seed) if known.shape[1] > 1 else None
    bounds = [_bounds(weights, part, whole) for part, whole in zip(expired, known, strict=True)]
    low, high = zip(*bounds, strict=True)
    return pd.DataFrame({"breakage": rate, "breakage_low": low, "breakage_high": high})


def _bounds(
    weights: NDArray[np.int64] | None, part: NDArray[np.int64], whole: NDArray[np.int64]
) -> tuple[float, float]:
    """Bounds of a share of points; missing where nothing happened: that cannot be drawn."""
    if weights is None or not part.any() or not whole.sum() > 0:
        return math.nan, math.nan
    return ratio_bounds(weights, part, whole)


def _with_money(
    table: pd.DataFrame,
    bought: Membership | None,
    money_per_point: float | None,
    *,
    margin: float | None,
    running_cost: float,
) -> pd.DataFrame:
    """What is owed, what the programme cost, what members brought, and the rise that would pay for it."""
    worth = math.nan if money_per_point is None else money_per_point
    cost = table["redeemed"] * worth + running_cost
    revenue = pd.Series(math.nan, index=table.index)
    if bought is not None:
        revenue = table["period"].map(bought.revenue()).astype("float64")
    table = table.assign(
        liability=formulas.points_liability(table["outstanding"], pd.Series(worth, index=table.index)),
        cost=cost,
        members_revenue=revenue,
    )
    return table.assign(break_even=_break_even(cost, revenue, margin))


def _break_even(cost: pd.Series[float], revenue: pd.Series[float], margin: float | None) -> pd.Series[float]:
    """The rise over what the revenue would be without the programme, if the programme just paid for itself."""
    share = pd.Series(math.nan if margin is None else margin, index=cost.index)
    return formulas.break_even_uplift(cost, revenue - cost / share, share)


def _headline(
    table: pd.DataFrame, line: Timeline, margin: float | None, against: Mapping[str, Any]
) -> dict[str, Any]:
    """The last complete period, and the programme's cost against its members' revenue over all of them."""
    if not line.complete:
        return {"sentence": "none", "periods": 0}
    over = table.iloc[: line.complete]
    last = over.iloc[-1]
    names = [
        "earned",
        "redeemed",
        "expired",
        "outstanding",
        "breakage",
        "breakage_low",
        "breakage_high",
        "liability",
    ]
    known = over[over["members_revenue"].notna()]
    total = known[["cost", "members_revenue"]].sum(min_count=1)
    cost, revenue = (total[[name]].reset_index(drop=True) for name in ("cost", "members_revenue"))
    found = {
        "period": line.periods[line.complete - 1],
        **{name: float(last[name]) for name in names},
        "periods": len(known),
        "cost": float(cost[0]),
        "members_revenue": float(revenue[0]),
        "break_even": float(_break_even(cost, revenue, margin)[0]),
    }
    return {"sentence": _sentence(found, against), **found}


def _sentence(found: Mapping[str, Any], against: Mapping[str, Any]) -> str:
    """As much as can be said: the points, what is owed, and whether what members bring more pays for it."""
    known = not math.isnan(found["breakage"])
    if math.isnan(found["liability"]):
        return "points" if known else "in_hand"
    if math.isnan(found["break_even"]) or math.isnan(against.get("uplift", math.nan)):
        return "owed" if known else "debt"
    if against["uplift_low"] > found["break_even"]:
        return "pays"
    return "short" if against["uplift_high"] < found["break_even"] else "unclear"


def _notes(found: pd.DataFrame) -> list[Note]:
    notes = []
    contrary = int(found.loc[found["kind"] == "movement", "contrary"].sum())
    below = found[found["kind"] == "below"]
    if below["contrary"].sum():
        notes.append(Note("unsigned_points"))
    if contrary:
        notes.append(Note("contrary_points", {"count": contrary}))
    customers = int(below["customers"].sum())
    if customers:
        notes.append(Note("negative_balance", {"count": customers}))
    return notes + _notes_on_dates(found.groupby("kind")[["expired", "customers"]].sum())


def _notes_on_dates(sums: pd.DataFrame) -> list[Note]:
    """What the dates of points did to the ledger, or say beside it."""
    points = sums["expired"] / UNITS
    lapsed, overdue = (float(points.get(kind, 0.0)) for kind in ("lapsed", "overdue"))
    out_of_turn = int(sums["customers"]["out_of_turn"])
    notes = []
    if lapsed:
        notes.append(Note("dates_applied", {"points": lapsed}))
    if out_of_turn:
        notes.append(Note("points_out_of_turn", {"count": out_of_turn}))
    if overdue:
        notes.append(Note("overdue_points", {"points": overdue}))
    return notes
