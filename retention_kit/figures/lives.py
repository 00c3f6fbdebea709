"""How long customers stay, and how often they come: the survival curve, the bars."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from retention_kit.figures.canvas import (
    MAIN,
    QUIET,
    canvas,
    count_axis,
    percent_axis,
    said,
)
from retention_kit.figures.lines import draw_lines, is_grouped, legend_of_lines, lines_of, name_left_out
from retention_kit.language import text
from retention_kit.tables import FEW_CUSTOMERS, Result


def survival(result: Result, language: str) -> Figure:
    """The survival curve with its interval, one a group; dotted where few customers are left at risk."""
    figure, axes = canvas(language, text("survival.figure.title", language))
    for drawn in lines_of(result, language, "survival.figure.curve"):
        _curve(axes, drawn.rows, drawn.colour, drawn.name)
    if (result.table["at_risk"] < FEW_CUSTOMERS).any():
        axes.plot([], [], color=QUIET, linestyle=":", label=said("figure.few", language))
    axes.fill_between([], [], color=QUIET, alpha=0.18, linewidth=0, label=said("figure.interval", language))
    name_left_out(axes, result, language)
    percent_axis(axes, language)
    count_axis(axes, said(f"survival.figure.age.{result.every}", language), language)
    legend_of_lines(figure, result, language)
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
    """A bar for each number of periods: the share of all customers who were active in so many.

    Of groups, a line each.
    """
    figure, axes = canvas(language, text("stickiness.figure.title", language))
    if is_grouped(result):
        everybody = result.table.groupby("group", dropna=False)["customers"].transform("sum")
        counted = replace(result, table=result.table.assign(everybody=everybody))
        draw_lines(
            axes, counted, language, "share", behind="everybody", interval=("low", "high"), at="periods_active"
        )
    else:
        _bars(axes, result, language)
    percent_axis(axes, language)
    count_axis(axes, said(f"stickiness.figure.periods.{result.every}", language), language)
    legend_of_lines(figure, result, language)
    return figure


def _bars(axes: Axes, result: Result, language: str) -> None:
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
