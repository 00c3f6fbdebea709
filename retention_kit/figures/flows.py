"""What came in each period above the line, and what went below it; of groups, a line each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from retention_kit.figures.canvas import (
    MAIN,
    OTHER,
    QUIET,
    canvas,
    legend_below,
    mark_running,
    number_axis,
    percent_axis,
    period_axis,
    said,
)
from retention_kit.figures.lines import draw_lines, is_grouped, legend_of_lines, period_axes
from retention_kit.language import text
from retention_kit.tables import Result

# Cool colours for what came, warm ones for what went; each pair differs in lightness too.
_CAME = {
    "kept": "#56B4E9", "new": MAIN, "returned": "#009E73", "expansion": "#56B4E9", "reactivation": "#009E73",
}  # fmt: skip
_WENT = {"lost": OTHER, "churn": OTHER, "contraction": "#E69F00"}


def lifecycle(result: Result, language: str) -> Figure:
    """The customers of each period, kept, new and returned, above the line; the lost below it.

    Of groups, a line each: the customers of each period, hollow where they are few.
    """
    if not is_grouped(result):
        return _flows(result, language, ("kept", "new", "returned"), ("lost",))
    counted = replace(result, table=result.table.assign(customers=customers_of(result.table)))
    figure, axes = _lines(counted, language, "customers", behind="customers", interval=None)
    number_axis(axes, language)
    axes.set_ylim(bottom=0)
    return figure


def revenue_churn(result: Result, language: str) -> Figure:
    """The recurring revenue won in each period above the line, the lost below it.

    Of groups, a line each: the gross churn of each period with its interval, hollow where few paid before it.
    """
    if not is_grouped(result):
        return _flows(result, language, ("new", "expansion", "reactivation"), ("contraction", "churn"))
    paid_before = result.table.groupby("group", dropna=False)["paying"].shift()
    counted = replace(result, table=result.table.assign(paid_before=paid_before))
    bounds = ("gross_low", "gross_high")
    figure, axes = _lines(counted, language, "gross_churn", behind="paid_before", interval=bounds)
    percent_axis(axes, language)
    return figure


def customers_of(rows: pd.DataFrame) -> pd.Series[int]:
    """The customers of each period of a lifecycle; missing in the running one."""
    return rows[["kept", "new", "returned"]].sum(axis=1, skipna=False)


def _lines(
    result: Result, language: str, name: str, *, behind: str, interval: tuple[str, str] | None
) -> tuple[Figure, Axes]:
    figure, axes = canvas(language, text(f"{result.name}.figure.groups", language))
    draw_lines(axes, result, language, name, behind=behind, interval=interval)
    period_axes(axes, result, language)
    legend_of_lines(figure, result, language)
    return figure, axes


def _flows(result: Result, language: str, came: tuple[str, ...], went: tuple[str, ...]) -> Figure:
    figure, axes = canvas(language, text(f"{result.name}.figure.title", language))
    for names, sign, colours in ((came, 1, _CAME), (went, -1, _WENT)):
        base = np.zeros(len(result.table))
        for name in names:
            heights = sign * result.table[name].to_numpy(dtype="float64", na_value=np.nan)
            axes.bar(
                result.table.index, heights, bottom=base, color=colours[name], width=0.8,
                label=said(f"{result.name}.columns.{name}", language),
            )  # fmt: skip
            base = base + np.nan_to_num(heights)
    axes.axhline(0, color=QUIET, linewidth=0.8)
    number_axis(axes, language)
    period_axis(axes, result, language)
    mark_running(axes, result, language)
    legend_below(figure, language)
    return figure
