"""Rates by period: a line with its interval, or one a group."""

from __future__ import annotations

from matplotlib.figure import Figure

from retention_kit.figures.canvas import OTHER, canvas, percent_axis, said
from retention_kit.figures.lines import draw_lines, legend_of_lines, period_axes
from retention_kit.language import text
from retention_kit.tables import Result

_HEADROOM = 1.05


def retention_rate(result: Result, language: str, *, benchmark: float = 0.0) -> Figure:
    """The rate of each period with its interval; periods with few customers are hollow.

    Args:
        result: of `metrics.retention_rate`.
        language: en or fa.
        benchmark: the founder's own, drawn as a line where it is above 0.
    """
    return _rates(result, "retention_rate", language, benchmark)


def churn(result: Result, language: str) -> Figure:
    """The churn rate of each period with its interval; periods with few customers are hollow."""
    figure = _rates(result, "churn_rate", language, 0.0)
    highest = result.table["high"].max()
    if highest > 0:
        # Churn is a small share, which would lie flat on an axis that reaches the whole. Every interval is held.
        figure.axes[0].set_ylim(0, min(1, _HEADROOM * highest))
    return figure


def _rates(result: Result, name: str, language: str, benchmark: float) -> Figure:
    figure, axes = canvas(language, text(f"{result.name}.figure.title", language))
    draw_lines(axes, result, language, name, behind="start", interval=("low", "high"))
    if benchmark > 0:
        axes.axhline(benchmark, color=OTHER, linestyle="--", label=said("figure.benchmark", language))
    percent_axis(axes, language)
    period_axes(axes, result, language)
    legend_of_lines(figure, result, language)
    return figure
