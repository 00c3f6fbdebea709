"""Lines with their intervals: one for everybody, or one for each of the largest groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from retention_kit.figures.canvas import CURVES, MAIN, QUIET, legend_below, mark_running, period_axis, said
from retention_kit.language import set_base, text
from retention_kit.tables import FEW_CUSTOMERS, Result, group_name

_LONGEST_NAME = 24


@dataclass(frozen=True)
class Drawn:
    """What is drawn as one line: its rows, numbered from 0, its colour and its name."""

    rows: pd.DataFrame
    colour: str
    name: str


def is_grouped(result: Result) -> bool:
    """Whether a result tells groups apart and has one at least."""
    return result.grouped and not result.table.empty


def lines_of(result: Result, language: str, everybody: str) -> list[Drawn]:
    """A line for each of the largest groups, one a colour; where there are no groups, one of this name."""
    if not is_grouped(result):
        return [Drawn(result.table, MAIN, said(everybody, language))]
    groups = result.table.groupby("group", sort=False, dropna=False)
    return [
        Drawn(rows.reset_index(drop=True), colour, _in_legend(group_name(group, language)))
        for (group, rows), colour in zip(groups, CURVES, strict=False)
    ]


def _in_legend(name: str) -> str:
    """Any name as one line of a legend, which would take $ for mathematics and hide what begins with _.

    It keeps its own direction: a Latin name reads from left to right in a Persian figure too.
    """
    line = " ".join(name.split()).replace("$", r"\$")
    cut = line if len(line) <= _LONGEST_NAME else line[: _LONGEST_NAME - 1] + "…"
    return f" {cut}" if cut.startswith("_") else cut


def draw_lines(
    axes: Axes,
    result: Result,
    language: str,
    name: str,
    *,
    behind: str,
    interval: tuple[str, str] | None,
    at: str | None = None,
) -> None:
    """A column of a result as lines, hollow where few customers stand behind a point, and what the marks mean.

    Args:
        axes: where to draw.
        result: of any metric.
        language: en or fa.
        name: the column.
        behind: the column with the number of customers behind each point.
        interval: the columns of the bounds, if there are any.
        at: the column of the places; the rows of a line stand side by side if not given.
    """
    any_few = False
    for drawn in lines_of(result, language, f"{result.name}.figure.rate"):
        rows = drawn.rows[drawn.rows[name].notna()]
        few = (rows[behind] < FEW_CUSTOMERS).to_numpy(dtype="bool")
        places = rows.index.to_numpy() if at is None else rows[at].to_numpy()
        if interval is not None:
            low, high = interval
            shade = 0.1 if is_grouped(result) else 0.18  # shades of groups lie on each other
            axes.fill_between(places, rows[low], rows[high], color=drawn.colour, alpha=shade, linewidth=0)
        axes.plot(places, rows[name], color=drawn.colour, label=drawn.name)
        _marks(axes, places[~few], rows[name][~few], drawn.colour, drawn.colour)
        _marks(axes, places[few], rows[name][few], drawn.colour, "white")
        any_few |= bool(few.any())
    name_marks(axes, result, language, interval=interval is not None, few=any_few)


def _marks(axes: Axes, places: Any, values: Any, colour: str, filled: str) -> None:
    """A mark a value; at 0 or at the whole it stands on the edge of the axes, which must not cut it in half."""
    (marks,) = axes.plot(places, values, "o", color=colour, markerfacecolor=filled, clip_on=False)
    # The layout would make room for marks that are not there.
    marks.set_in_layout(False)


def name_marks(axes: Axes, result: Result, language: str, *, interval: bool, few: bool) -> None:
    """Say in the legend what a shade and a hollow mark stand for, and how many groups are not drawn."""
    colour = QUIET if is_grouped(result) else MAIN
    if interval:
        axes.fill_between([], [], color=colour, alpha=0.18, linewidth=0, label=said("figure.interval", language))
    if few:
        axes.plot([], [], "o", color=colour, markerfacecolor="white", label=said("figure.few", language))
    name_left_out(axes, result, language)


def name_left_out(axes: Axes, result: Result, language: str) -> None:
    """Say in the legend how many groups are not drawn, if there are such."""
    left_out = result.table["group"].nunique(dropna=False) - len(CURVES) if is_grouped(result) else 0
    if left_out > 0:
        others = set_base(text("segments.others", language, count=left_out), language)
        axes.plot([], [], linestyle="none", label=others)


def period_axes(axes: Axes, result: Result, language: str) -> None:
    """Every period once, whether or not each group has a row for it."""
    once = result
    if is_grouped(result):
        periods = result.table.drop_duplicates("period").reset_index(drop=True)
        once = replace(result, table=periods)
    period_axis(axes, once, language)
    mark_running(axes, once, language)


def legend_of_lines(figure: Figure, result: Result, language: str) -> None:
    """The legend: under the axes, or beside them where there are groups, whose names are many and long."""
    if not is_grouped(result):
        legend_below(figure, language)
        return
    right = language == "fa"
    figure.legend(
        loc="outside left upper" if right else "outside right upper", markerfirst=not right,
        alignment="right" if right else "left", frameon=False, fontsize=9,
    )  # fmt: skip
