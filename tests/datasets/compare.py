"""How one would look for an effect by hand: losses and renewals of two groups, alike compared with alike."""

from collections.abc import Hashable

import numpy as np
import pandas as pd

from retention_kit.calendars import period_of
from retention_kit.datasets import Company

Interval = tuple[float, float]


def lives(company: Company) -> pd.DataFrame:
    """One row a subscriber: renewals seen (the last of them the loss, if there was one), lost or not, and segment.

    For companies in which nobody pauses or returns.
    """
    rows = company.tables["subscriptions"]
    paid = rows[rows["trial_end"].isna() | (rows["trial_end"] != rows["end"])] if "trial_end" in rows else rows
    begun = paid["trial_end"].fillna(paid["start"]) if "trial_end" in rows else paid["start"]
    ended = paid["end"].where(paid["reason"].notna())
    stretches = pd.DataFrame({"customer": paid["customer"].astype(str), "begun": begun, "ended": ended})
    found = stretches.groupby("customer").agg(begun=("begun", "min"), ended=("ended", "max"))
    last = found["ended"].fillna(pd.Timestamp(company.last_day))
    renewals = period_of(last.to_numpy(), "month", "jalali") - period_of(
        found["begun"].to_numpy(), "month", "jalali"
    )
    people = company.tables["customers"].set_index("customer")
    people.index = people.index.astype(str)
    segment = people["segment"].astype(str).reindex(found.index)
    return found.assign(renewals=renewals, lost=found["ended"].notna().astype(int), segment=segment)


def did(company: Company, event: str, index: pd.Index, customer: str = "customer") -> pd.Series:
    """Whether each customer of the index ever did something."""
    events = company.tables["events"]
    who = events.loc[events["event"] == event, customer].astype(str).unique()
    return pd.Series(index.isin(who), index)


def ratio(
    lost: "pd.Series[int]",
    renewals: "pd.Series[int]",
    group: "pd.Series[bool]",
    strata: "pd.Series[str] | None" = None,
) -> Interval:
    """The 95 % interval of the ratio of two chances to leave, pooled over strata as Mantel and Haenszel do."""
    alike: pd.Series[Hashable] | pd.Series[str] = strata if strata is not None else pd.Series("all", lost.index)
    top = bottom = spread = 0.0
    for one in alike.unique():
        here = alike == one
        d1, n1 = lost[here & group].sum(), renewals[here & group].sum()
        d0, n0 = lost[here & ~group].sum(), renewals[here & ~group].sum()
        n = n1 + n0
        top, bottom = top + d1 * n0 / n, bottom + d0 * n1 / n
        spread += (d1 + d0) * n1 * n0 / n**2 - d1 * d0 / n
    half = 1.959964 * np.sqrt(spread / (top * bottom))
    middle = np.log(top / bottom)
    return float(np.exp(middle - half)), float(np.exp(middle + half))


def later_orders(shop: Company, days: int) -> pd.DataFrame:
    """One row a customer who came a year before the end: segment, and channels in all and in the first days.

    `early` counts the orders of the first days; `stayed`: one came in the second half of the first year.
    """
    orders = shop.tables["orders"].query("amount > 0").astype({"customer": str, "channel": str})
    age = (orders["time"] - orders.groupby("customer")["time"].transform("min")).dt.days
    first = orders[age < days].groupby("customer")
    people = shop.tables["customers"].astype({"customer": str, "segment": str}).set_index("customer")
    found = pd.DataFrame(
        {
            "segment": people["segment"],
            "joined": people["joined"],
            "channels": orders.groupby("customer")["channel"].nunique(),
            "early_channels": first["channel"].nunique(),
            "early": first["order"].nunique(),
            "stayed": people.index.isin(orders.loc[age.between(180, 364), "customer"]),
        }
    )
    return found[found["joined"] < "2024-03-01"]


def difference(found: pd.DataFrame, group: "pd.Series[bool]") -> Interval:
    """The 95 % interval of the difference of two shares who stayed."""
    one, other = found.loc[group, "stayed"], found.loc[~group, "stayed"]
    half = 1.959964 * np.sqrt(one.var() / len(one) + other.var() / len(other))
    middle = one.mean() - other.mean()
    return middle - half, middle + half


def holds(interval: Interval, value: float) -> bool:
    """Whether the value lies in the interval."""
    low, high = interval
    return low <= value <= high
