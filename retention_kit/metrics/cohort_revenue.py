"""Revenue of cohorts: what the customers who began together bring at each age, of what they brought at first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retention_kit import formulas
from retention_kit.formulas.intervals import draw_weights, drawn_bounds
from retention_kit.metrics.triangle import Triangle
from retention_kit.metrics.units import money

if TYPE_CHECKING:
    from numpy.typing import NDArray


def revenue_cells(found: Triangle, seed: int) -> pd.DataFrame:
    """The revenue of each cell, its share of that at age 0 with bounds, and what a customer has brought so far."""
    grid, weights, size = found.grid, _weights(found, seed), found.size()
    parts = []
    for cohort, amounts in enumerate(found.by_block()):
        over = np.flatnonzero(grid.over[cohort])
        part = _shares(amounts, np.broadcast_to(amounts[0], amounts.shape), over, weights)
        if not found.levels:
            part["cumulative_per_customer"] = _per_customer(amounts.sum(axis=1).cumsum(), size[cohort], over)
        part["revenue"] = part["revenue"].where(grid.seen[cohort])
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def revenue_averages(found: Triangle, past: NDArray[np.bool_], seed: int) -> pd.DataFrame:
    """The same of each column, over the cohorts whose cell is `past`: sum over sum."""
    then, first = (np.zeros((past.shape[1], found.blocks()), "int64") for _ in range(2))
    so_far = np.zeros(past.shape[1], "int64")
    for cohort, amounts in enumerate(found.by_block()):
        counts = past[cohort].astype("int64")
        then += counts[:, np.newaxis] * amounts
        first += counts[:, np.newaxis] * amounts[0]
        so_far += counts * amounts.sum(axis=1).cumsum()
    reached = np.flatnonzero(past.any(axis=0))
    table = _shares(then, first, reached, _weights(found, seed))
    if not found.levels:
        table["cumulative_per_customer"] = _per_customer(so_far, found.size() @ past, reached)
    return table


def _weights(found: Triangle, seed: int) -> NDArray[np.float64] | None:
    """How often each block is drawn; with fewer than two there is nothing to draw. Floats multiply fast."""
    return draw_weights(found.blocks(), seed).astype("float64") if found.blocks() > 1 else None


def _shares(
    then: NDArray[np.int64], first: NDArray[np.int64], over: NDArray[np.intp], weights: NDArray[np.float64] | None
) -> pd.DataFrame:
    """Sums over the blocks of each row, and their ratio in rows that are over; no bounds where nothing came."""
    revenue, base = then.sum(axis=1), first.sum(axis=1)
    rate, low, high = (np.full(len(then), np.nan) for _ in range(3))
    rate[over] = formulas.proportion(base, revenue)[over]
    if weights is not None:
        rows = over[(base[over] > 0) & then[over].any(axis=1)]
        # Blocks with no money in them add nothing: most of them, where a cohort is small.
        with_money = np.flatnonzero(then[rows].any(axis=0) | first[rows].any(axis=0))
        drawn = weights[:, with_money]
        parts, wholes = (drawn @ table[np.ix_(rows, with_money)].T for table in (then, first))
        for place, row in enumerate(rows):
            low[row], high[row] = drawn_bounds(parts[:, place], wholes[:, place])
    return pd.DataFrame({"revenue": money(pd.Series(revenue)), "rate": rate, "low": low, "high": high})


def _per_customer(
    so_far: NDArray[np.int64], size: NDArray[np.int64] | np.int64, over: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Money up to each age, divided among all who began."""
    spent = np.full(len(so_far), np.nan)
    each = formulas.average_revenue_per_account(
        money(pd.Series(so_far)), pd.Series(size, index=range(len(so_far)))
    )
    spent[over] = each.to_numpy()[over]
    return spent
