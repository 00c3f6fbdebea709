"""Two groups of customers dealt into the same strata, so that like is set beside like."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from retention_kit import formulas
from retention_kit.metrics.segments import few_customers
from retention_kit.tables import Note


def side_by_side(told: pd.DataFrame, strata: Sequence[str], who: tuple[str, str]) -> pd.DataFrame:
    """Customers and kept of both groups (the column `who`), a row a stratum in which there are both."""
    sums = told.groupby([*strata, "who"])[["customers", "kept"]].sum()
    columns = {
        (name, group): sums.loc[sums.index.get_level_values("who") == group, name].droplevel("who")
        for name in ("customers", "kept")
        for group in who
    }
    table = pd.DataFrame(columns).fillna(0)
    return table[(table["customers", who[0]] > 0) & (table["customers", who[1]] > 0)]


def difference(strata: pd.DataFrame, who: tuple[str, str]) -> tuple[float, float, float]:
    """Share kept of the first group less that of the second, which is standardised to it, with the interval."""
    one, other = who
    return formulas.rate_difference(
        strata["kept", one], strata["customers", one], strata["kept", other], strata["customers", other]
    )


def verdict(low: float, high: float) -> str:
    """What a difference allows to be said: nothing where chance alone could have made it."""
    if math.isnan(low):
        return "uneven"
    if low > 0:
        return "higher"
    return "lower" if high < 0 else "open"


def comparison_notes(table: pd.DataFrame, found: str) -> list[Note]:
    """What must be said of rows of few customers, and where groups differ: nobody was dealt into them by lot."""
    chosen = [Note("not_by_lot")] if found in ("higher", "lower") else []
    return few_customers(table["customers"]) + chosen
