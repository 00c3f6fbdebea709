"""Cohorts: the triangle with its averages, or the averages of each group as a curve."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from retention_kit.figures.canvas import (
    QUIET,
    canvas,
    count_axis,
    percent_alone,
    percent_axis,
    period_label,
    said,
)
from retention_kit.figures.lines import draw_lines, is_grouped, legend_of_lines
from retention_kit.language import number, set_base, text
from retention_kit.tables import Result

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The points of type that fit side by side: a share in each of many columns must not run into the next.
_ROOM = 140


def cohorts(result: Result, language: str) -> Figure:
    """The triangle: a row a cohort and one for all together, a column an age, the share in each cell.

    Of groups, a curve each: the share of all cohorts together by age, hollow where few customers stand behind it.
    """
    return _curves(result, language) if is_grouped(result) else _triangle(result, language)


def _triangle(result: Result, language: str) -> Figure:
    averages = _averages(result)
    sizes = result.table[result.table["age"] == 0]
    shares = pd.concat([result.table["rate"], averages["rate"]]).to_numpy(dtype="float64")
    shares = shares.reshape(len(sizes) + 1, -1)
    names = [period_label(start, result, language) for start in sizes["cohort"]]
    names.append(text("cohorts.figure.average", language))
    labels = [
        set_base(f"{name}  ({number(size, language)})", language)
        for name, size in zip(names, [*sizes["size"], averages["size"].iloc[0]], strict=True)
    ]
    figure, axes = canvas(language, _title(result, "title", language), rows=len(shares))
    _paint(axes, shares, language)
    axes.axhline(len(sizes) - 0.5, color=QUIET, linewidth=0.8)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xticks(range(shares.shape[1]), _ages(averages, language))
    axes.set_xlabel(said(f"cohorts.figure.age.{result.every}", language))
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    if language == "fa":  # a table, not a course of time: it begins on the right
        axes.invert_xaxis()
    return figure


def _averages(result: Result) -> pd.DataFrame:
    """Cohorts always come with their averages."""
    return cast("pd.DataFrame", result.summary)


def _title(result: Result, kind: str, language: str) -> str:
    return text(f"cohorts.figure.{kind}.{result.headline['counts']}", language)


def _ages(averages: pd.DataFrame, language: str) -> list[str]:
    """The age of each column, or the first and the last of its bracket."""
    if "last_age" not in averages:
        return [number(age, language) for age in averages["age"]]
    return [
        text("cohorts.figure.bracket", language, age=first, last_age=last)
        if first < last
        else number(first, language)
        for first, last in zip(averages["age"], averages["last_age"], strict=True)
    ]


def _paint(axes: Axes, shares: NDArray[np.float64], language: str) -> None:
    """A colour and a number for each cell that has a share."""
    # The first column is what the others are shares of: it would outshine them and says little.
    shaded = np.where(np.arange(shares.shape[1]) == 0, np.nan, shares)
    top = _top(shaded)
    size = min(8, _ROOM / shares.shape[1])
    axes.imshow(shaded, cmap="Blues", vmin=0, vmax=top, aspect="auto")
    for (row, column), share in np.ndenumerate(shares):
        if not np.isnan(share):
            axes.text(
                column, row, percent_alone(share, language), ha="center", va="center", fontsize=size,
                color="white" if column > 0 and share > 0.6 * top else "black",
            )  # fmt: skip


def _top(shares: Any) -> float:
    """The share that is painted darkest."""
    seen = shares[~np.isnan(shares)]
    return float(seen.max()) if seen.size and seen.max() > 0 else 1.0


def _curves(result: Result, language: str) -> Figure:
    averages = _averages(result)
    figure, axes = canvas(language, _title(result, "curve", language))
    curves = replace(result, table=averages)
    draw_lines(axes, curves, language, "rate", behind="size", interval=("low", "high"), at="age")
    percent_axis(axes, language)
    # Revenue may pass what it was at first, and its interval even more so.
    axes.set_ylim(0, max(1.0, 1.05 * _top(averages[["rate", "high"]].to_numpy(dtype="float64"))))
    count_axis(axes, said(f"cohorts.figure.age.{result.every}", language), language)
    legend_of_lines(figure, result, language)
    return figure
