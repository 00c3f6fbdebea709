"""Rates by period: a line with its interval."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from retention_kit.figures.canvas import (
    MAIN,
    OTHER,
    canvas,
    legend,
    mark_running,
    percent_axis,
    period_axis,
    said,
)
from retention_kit.language import text
from retention_kit.tables import FEW_CUSTOMERS, Result


def retention_rate(result: Result, language: str, *, benchmark: float = 0.0) -> Figure:
    """The rate of each period with its interval; periods with few customers are hollow.

    Args:
        result: of `metrics.retention_rate`.
        language: en or fa.
        benchmark: the founder's own, drawn as a line where it is above 0.
    """
    figure, axes = canvas(language, text("retention_rate.figure.title", language))
    _rates(axes, result, "retention_rate", language)
    if benchmark > 0:
        axes.axhline(benchmark, color=OTHER, linestyle="--", label=said("figure.benchmark", language))
    percent_axis(axes, language)
    period_axis(axes, result, language)
    mark_running(axes, result, language)
    legend(axes, language)
    return figure


def churn(result: Result, language: str) -> Figure:
    """The churn rate of each period with its interval; periods with few customers are hollow."""
    figure, axes = canvas(language, text("churn.figure.title", language))
    _rates(axes, result, "churn_rate", language)
    percent_axis(axes, language)
    period_axis(axes, result, language)
    mark_running(axes, result, language)
    legend(axes, language)
    return figure


def _rates(axes: Axes, result: Result, name: str, language: str) -> None:
    """The line of a rate with its interval, hollow where few customers stand behind it."""
    rated = result.table[result.table[name].notna()]
    places = rated.index.to_numpy()
    axes.fill_between(
        places, rated["low"], rated["high"], color=MAIN, alpha=0.18, linewidth=0,
        label=said("figure.interval", language),
    )  # fmt: skip
    axes.plot(places, rated[name], color=MAIN, label=said(f"{result.name}.figure.rate", language))
    few = rated["start"].to_numpy(dtype="int64") < FEW_CUSTOMERS
    axes.plot(places[~few], rated[name][~few], "o", color=MAIN)
    if few.any():
        axes.plot(
            places[few], rated[name][few], "o", color=MAIN, markerfacecolor="white",
            label=said("figure.few", language),
        )  # fmt: skip
