"""What came in each period above the line, and what went below it."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from retention_kit.figures.canvas import (
    MAIN,
    OTHER,
    QUIET,
    canvas,
    legend_below,
    mark_running,
    number_axis,
    period_axis,
    said,
)
from retention_kit.language import text
from retention_kit.tables import Result

# Cool colours for what came, warm ones for what went; each pair differs in lightness too.
_CAME = {
    "kept": "#56B4E9", "new": MAIN, "returned": "#009E73", "expansion": "#56B4E9", "reactivation": "#009E73",
}  # fmt: skip
_WENT = {"lost": OTHER, "churn": OTHER, "contraction": "#E69F00"}


def lifecycle(result: Result, language: str) -> Figure:
    """The customers of each period, kept, new and returned, above the line; the lost below it."""
    return _flows(result, language, ("kept", "new", "returned"), ("lost",))


def revenue_churn(result: Result, language: str) -> Figure:
    """The recurring revenue won in each period above the line, the lost below it."""
    return _flows(result, language, ("new", "expansion", "reactivation"), ("contraction", "churn"))


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
