"""What a figure shows, in words, for those who do not see it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from retention_kit.figures.canvas import CURVES
from retention_kit.figures.flows import customers_of
from retention_kit.figures.lines import is_grouped
from retention_kit.language import text
from retention_kit.tables import Result, group_name

# The share that is drawn as a line for each group, and its bounds.
_SHARES = {
    "retention_rate": ("retention_rate", "low", "high"),
    "churn": ("churn_rate", "low", "high"),
    "stickiness": ("share", "low", "high"),
    "survival": ("survival", "low", "high"),
    "cohorts": ("rate", "low", "high"),
    "revenue_churn": ("gross_churn", "gross_low", "gross_high"),
    "trials": ("conversion_rate", "low", "high"),
}


def alternative(result: Result, language: str) -> str:
    """What the figure shows, in one or two sentences."""
    if is_grouped(result):
        return _of_groups(result, language)
    return text(f"{result.name}.figure.alt.{result.headline['sentence']}", language, **result.headline)


def _of_groups(result: Result, language: str) -> str:
    """Which lines there are, and where each ends; all other numbers are in the table."""
    drawn = result.table if result.summary is None else result.summary
    groups = list(drawn.groupby("group", sort=False, dropna=False))
    ends = [_end(result.name, group, rows, language) for group, rows in groups[: len(CURVES)]]
    return text(
        "segments.figure.all" if len(ends) == len(groups) else "segments.figure.part",
        language,
        lines=text(f"{result.name}.figure.lines", language),
        groups=text("segments.figure.between", language).join(ends),
        drawn=len(ends),
        count=len(groups),
    )


def _end(name: str, group: Any, rows: pd.DataFrame, language: str) -> str:
    """A group and the last value of its line; its name alone where it has none yet."""
    shown = group_name(group, language)
    if name == "lifecycle":
        counts = customers_of(rows).dropna()
        return (
            text("segments.figure.count", language, group=shown, count=counts.iloc[-1]) if len(counts) else shown
        )
    column, low, high = _SHARES[name]
    rated = rows[rows[column].notna()]
    if rated.empty:
        return shown
    last = rated.iloc[-1]
    facts = {"value": last[column], "low": last[low], "high": last[high]}
    return text("segments.figure.share", language, group=shown, **facts)
