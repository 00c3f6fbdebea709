"""The engine counts money and points in whole ten-thousandths, so that sums do not depend on the order of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

UNITS = 10_000


def money(units: pd.Series[Any]) -> pd.Series[float]:
    """Whole ten-thousandths as money."""
    return units / UNITS
