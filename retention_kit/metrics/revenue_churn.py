"""Revenue churn: the movements of the recurring revenue in each period, and the shares that follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retention_kit import formulas
from retention_kit.formulas.intervals import draw_weights, ratio_bounds
from retention_kit.metrics.segments import Segmentation, by_group_and_whole, few_customers
from retention_kit.metrics.subscriptions import (
    ALLOWED_GAP,
    MONEY,
    PAUSE_LIMIT,
    Subscriptions,
    subscriptions,
)
from retention_kit.metrics.units import money
from retention_kit.tables import Log, Note, Result

if TYPE_CHECKING:
    from numpy.typing import NDArray


def revenue_churn(
    log: Log,
    *,
    every: str = "month",
    calendar: str | None = None,
    by: str | None = None,
    customers: Log | None = None,
    allowed_gap: int = ALLOWED_GAP,
    pause_limit: int = PAUSE_LIMIT,
    seed: int = 0,
) -> Result:
    """Share of the recurring revenue at a period's start (opening, the denominator) that was lost in the period.

    A customer counts with all their subscriptions together, and with what they pay per month at the last moment
    of the period: nothing before the first paid day, nothing in a pause.

    Args:
        log: a log of subscriptions.
        every: day, week, month, quarter or year.
        calendar: gregorian or jalali; the log's own if not given.
        by: a column of the log, or of `customers`, that names the group of each customer: what their first row
            says counts for good.
        customers: a log of customers, where `by` is a column of that one.
        allowed_gap: days by which a renewal may be late and still be no churn.
        pause_limit: days that a pause may last and still be no churn; until then it is a contraction.
        seed: of the intervals' draws.

    Returns:
        One row a period, of each group where there is `by`: group (missing where it is not known, empty for those
        under 5 customers together), period (its first day); in money per month opening, new, expansion,
        contraction, churn, reactivation and closing, with opening + new + expansion - contraction - churn +
        reactivation = closing; as shares of opening gross_churn, net_churn, gross_retention, net_retention and the
        bounds gross_low, gross_high, net_low, net_high of the two churns (bootstrap by customer, 95 %; missing
        where nothing moved, for what never happened cannot be drawn); quick_ratio; arpa; and the customers who pay
        and pause at the end, and who came_and_left inside the period. Shares are missing where opening is 0; the
        running period has nothing but its opening.
    """
    segmentation = Segmentation(by, customers)
    found = subscriptions(
        log, every, calendar, allowed_gap=allowed_gap, pause_limit=pause_limit, segmentation=segmentation
    )
    table, whole = by_group_and_whole(found, segmentation, lambda part: _table(part, seed))
    headline = _headline(whole, found)
    return Result(
        name="revenue_churn",
        table=table,
        every=every,
        calendar=found.timeline.calendar,
        headline=headline,
        notes=(
            *found.timeline.notes(log),
            *segmentation.notes(found.sizes()),
            *_notes(table, whole, headline),
        ),
    )


def _table(found: Subscriptions, seed: int) -> pd.DataFrame:
    table = _with_shares(_movements(found)).join(_bounds(found, seed))
    if found.timeline.running:
        table.loc[table.index[-1], [name for name in table if name not in ("period", "opening")]] = np.nan
    return table


def _movements(found: Subscriptions) -> pd.DataFrame:
    moved = found.totals()
    closing = (moved[MONEY] * _SIGNS).sum(axis=1).cumsum()
    paying = moved["paying"].cumsum()
    held = (moved["customers_new"] + moved["customers_returned"] - moved["customers_lost"]).cumsum()
    return pd.DataFrame(
        {
            "period": found.timeline.starts,
            "opening": money(closing.shift(fill_value=0)),
            **{name: money(moved[name]) for name in MONEY},
            "closing": money(closing),
            "paying": paying.astype("Int64"),
            "paused": (held - paying).astype("Int64"),
            "came_and_left": moved["came_and_left"].astype("Int64"),
        }
    )


_SIGNS = pd.Series({"new": 1, "expansion": 1, "contraction": -1, "churn": -1, "reactivation": 1})


def _with_shares(table: pd.DataFrame) -> pd.DataFrame:
    opening, churned, contraction, expansion = (
        table[name] for name in ("opening", "churn", "contraction", "expansion")
    )
    return table.assign(
        gross_churn=formulas.revenue_churn_rate(opening, churned, contraction),
        net_churn=formulas.revenue_churn_rate(opening, churned, contraction, expansion),
        gross_retention=formulas.gross_revenue_retention(opening, churned, contraction),
        net_retention=formulas.net_revenue_retention(opening, churned, contraction, expansion),
        quick_ratio=formulas.quick_ratio(table["new"], expansion, churned, contraction, table["reactivation"]),
        arpa=formulas.average_revenue_per_account(table["closing"], table["paying"].astype("float64")),
    )


def _bounds(found: Subscriptions, seed: int) -> pd.DataFrame:
    """Bounds of both churns in every period, all from the same draws of blocks of customers."""
    blocks = {name: found.by_block(name) for name in MONEY}
    gross = blocks["churn"] + blocks["contraction"]
    change = blocks["new"] + blocks["expansion"] + blocks["reactivation"] - gross
    opening = np.cumsum(change, axis=0) - change
    weights = draw_weights(opening.shape[1], seed) if opening.shape[1] > 1 else None
    rows = [
        (*_bound(weights, lost, had), *_bound(weights, lost - more, had))
        for lost, more, had in zip(gross, blocks["expansion"], opening, strict=True)
    ]
    return pd.DataFrame(rows, columns=["gross_low", "gross_high", "net_low", "net_high"])


def _bound(
    weights: NDArray[np.int64] | None, part: NDArray[np.int64], whole: NDArray[np.int64]
) -> tuple[float, float]:
    if weights is None or not whole.any() or not part.any():
        return np.nan, np.nan
    return ratio_bounds(weights, part, whole)


def _headline(table: pd.DataFrame, found: Subscriptions) -> dict[str, Any]:
    """The last complete period that has a rate."""
    rated = table[table["gross_churn"].notna()]
    if rated.empty:
        return {"sentence": "none", "periods": 0}
    last = rated.iloc[-1]
    shares = ("gross_churn", "gross_low", "gross_high", "net_churn", "net_low", "net_high", "net_retention")
    return {
        "sentence": "kept" if last["gross_churn"] == 0 else "grew" if last["net_churn"] < 0 else "leaked",
        "period": found.timeline.periods[int(rated.index.to_numpy()[-1])],
        **{name: float(last[name]) for name in ("opening", *MONEY, "closing", *shares)},
        "paused": int(last["paused"]),
        "average_gross": float((rated["churn"] + rated["contraction"]).sum() / rated["opening"].sum()),
        "periods": len(rated),
    }


def _notes(table: pd.DataFrame, whole: pd.DataFrame, headline: dict[str, Any]) -> list[Note]:
    paying_before = table["paying"].shift()[table["gross_churn"].notna()]
    notes = few_customers(paying_before)
    if headline.get("paused", 0) > 0:
        notes.append(Note("paused", {"period": headline["period"], "count": headline["paused"]}))
    came_and_left = int(whole["came_and_left"].sum())
    if came_and_left:
        notes.append(Note("came_and_left", {"count": came_and_left}))
    return notes
