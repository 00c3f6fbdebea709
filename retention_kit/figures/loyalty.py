"""A loyalty programme: its ledger, and its members beside others."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from retention_kit.figures.bars import WIDTH, explain_bars, share_bars
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
from retention_kit.language import text
from retention_kit.tables import Result


def loyalty(result: Result, language: str) -> Figure:
    """Points earned above the line, redeemed and expired below it, and a line for the points in hand."""
    figure, axes = canvas(language, text("loyalty.figure.title", language))
    table, below = result.table, np.zeros(len(result.table))
    axes.bar(table.index, table["earned"], color=MAIN, label=said("loyalty.columns.earned", language))
    for name, colour in (("redeemed", OTHER), ("expired", "#E69F00")):
        went = -table[name].to_numpy("float64")
        axes.bar(table.index, went, bottom=below, color=colour, label=said(f"loyalty.columns.{name}", language))
        below = below + np.nan_to_num(went)
    axes.plot(table.index, table["outstanding"], color="black", label=said("loyalty.figure.outstanding", language))
    axes.axhline(0, color=QUIET, linewidth=0.8)
    number_axis(axes, language)
    period_axis(axes, result, language)
    mark_running(axes, result, language)
    legend_below(figure, language)
    return figure


def members(result: Result, language: str) -> Figure:
    """Two bars for each comparison: members, and others."""
    figure, axes = canvas(language, text("members.figure.title", language))
    # A list of cases, not a course of time: it begins where the language does, and so does each pair of bars.
    side = 1 if language == "fa" else -1
    comparisons = ["naive", "comparable"]
    rows = result.table.set_index("comparison").loc[comparisons]
    for who, colour, place in (("members", MAIN, side), ("others", QUIET, -side)):
        part = rows[rows["who"] == who]
        places = [count + place * WIDTH / 2 for count in range(len(part))]
        share_bars(axes, places, part, language, colour=colour, label=said(f"members.figure.{who}", language))
    explain_bars(axes, rows, language)
    percent_axis(axes, language)
    axes.set_xticks([0, 1], [said(f"members.figure.{name}", language) for name in comparisons])
    if language == "fa":
        axes.invert_xaxis()
    legend_below(figure, language)
    return figure
