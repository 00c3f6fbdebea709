"""Trial conversion by period: a line with its interval, or one a group."""

from __future__ import annotations

from matplotlib.figure import Figure

from retention_kit.figures.canvas import canvas, percent_axis
from retention_kit.figures.lines import draw_lines, legend_of_lines, period_axes
from retention_kit.language import text
from retention_kit.tables import Result


def trials(result: Result, language: str) -> Figure:
    """The conversion of each period with its interval; periods in which few trials ended are hollow."""
    figure, axes = canvas(language, text("trials.figure.title", language))
    draw_lines(axes, result, language, "conversion_rate", behind="ended", interval=("low", "high"))
    percent_axis(axes, language)
    period_axes(axes, result, language)
    legend_of_lines(figure, result, language)
    return figure
