"""How long customers stay, and how often they come: the triangle, the survival curve, the bars."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from retention_kit.figures.canvas import (
    CURVES,
    MAIN,
    QUIET,
    canvas,
    count_axis,
    legend,
    legend_below,
    percent_alone,
    percent_axis,
    period_label,
    said,
)
from retention_kit.language import number, set_base, text
from retention_kit.tables import FEW_CUSTOMERS, Result


def cohorts(result: Result, language: str) -> Figure:
    """The cohort triangle: a row a cohort, a column an age, the share in each cell."""
    sizes = result.table[result.table["age"] == 0].reset_index(drop=True)
    shares = result.table["rate"].to_numpy(dtype="float64").reshape(len(sizes), -1)
    figure, axes = canvas(language, text("cohorts.figure.title", language), rows=len(sizes))
    # The first column is 100 % and says nothing.
    shaded = np.where(np.arange(shares.shape[1]) == 0, np.nan, shares)
    axes.imshow(shaded, cmap="Blues", vmin=0, vmax=_top(shaded), aspect="auto")
    for (row, age), share in np.ndenumerate(shares):
        if not np.isnan(share):
            dark = age > 0 and share > 0.6 * _top(shaded)
            axes.text(
                age, row, percent_alone(share, language), ha="center", va="center", fontsize=8,
                color="white" if dark else "black",
            )  # fmt: skip
    labels = [
        f"{period_label(start, result, language)}  ({number(size, language)})"
        for start, size in zip(sizes["cohort"], sizes["size"], strict=True)
    ]
    axes.set_yticks(range(len(sizes)), [set_base(label, language) for label in labels])
    axes.set_xticks(range(shares.shape[1]), [number(age, language) for age in range(shares.shape[1])])
    axes.set_xlabel(said(f"cohorts.figure.age.{result.every}", language))
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    if language == "fa":  # a table, not a course of time: it begins on the right
        axes.invert_xaxis()
    return figure


def _top(shares: Any) -> float:
    """The share that is painted darkest."""
    seen = shares[~np.isnan(shares)]
    return float(seen.max()) if seen.size and seen.max() > 0 else 1.0


def survival(result: Result, language: str) -> Figure:
    """The survival curve with its interval, one a group; dotted where few customers are left at risk."""
    figure, axes = canvas(language, text("survival.figure.title", language))
    grouped = "group" in result.table
    parts = result.table.groupby("group", sort=False) if grouped else [("", result.table)]
    for place, (group, part) in enumerate(parts):
        label = set_base(str(group), language) if grouped else said("survival.figure.curve", language)
        _curve(axes, part, CURVES[place % len(CURVES)], label)
    if (result.table["at_risk"] < FEW_CUSTOMERS).any():
        axes.plot([], [], color=QUIET, linestyle=":", label=said("figure.few", language))
    axes.fill_between([], [], color=QUIET, alpha=0.18, linewidth=0, label=said("figure.interval", language))
    percent_axis(axes, language)
    count_axis(axes, said(f"survival.figure.age.{result.every}", language), language)
    legend_below(figure, language)
    return figure


def _curve(axes: Axes, part: Any, colour: str, label: str) -> None:
    many = part["at_risk"] >= FEW_CUSTOMERS
    axes.fill_between(
        part["age"], part["low"], part["high"], step="post", color=colour, alpha=0.18, linewidth=0
    )  # fmt: skip
    axes.plot(
        part["age"], part["survival"].where(many), drawstyle="steps-post", color=colour, label=label
    )  # fmt: skip
    # The dotted part begins where the full one ends, so that no gap opens between them.
    few = ~many | ~many.shift(-1, fill_value=True)
    axes.plot(part["age"], part["survival"].where(few), drawstyle="steps-post", color=colour, linestyle=":")


def stickiness(result: Result, language: str) -> Figure:
    """A bar for each number of periods: the share of all customers who were active in so many."""
    figure, axes = canvas(language, text("stickiness.figure.title", language))
    few = any(note.code == "small_groups" for note in result.notes)
    shares = result.table["share"].to_numpy(dtype="float64")
    axes.bar(
        result.table["periods_active"], shares, color="white" if few else MAIN, edgecolor=MAIN,
        label=said("figure.few", language) if few else None,
    )  # fmt: skip
    axes.vlines(
        result.table["periods_active"], result.table["low"], result.table["high"], color=QUIET,
        label=said("figure.interval", language),
    )  # fmt: skip
    percent_axis(axes, language)
    count_axis(axes, said(f"stickiness.figure.periods.{result.every}", language), language)
    legend(axes, language)
    return figure
