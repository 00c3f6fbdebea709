"""Figures: a result and a language in, a matplotlib figure out. No metric is computed here.

matplotlib shapes and orders Persian itself. Time runs left to right in both languages; the value axis, titles
and legends stand on the side where the language begins.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from retention_kit import calendars
from retention_kit.language import number, percent, set_base, text
from retention_kit.tables import FEW_CUSTOMERS, Result

# Blue and vermilion keep apart for every kind of colour vision (Okabe and Ito's palette).
_MAIN, _OTHER, _QUIET = "#0072B2", "#D55E00", "#6b7280"
_MOST_LABELS = 13


def retention_rate(result: Result, language: str, *, benchmark: float = 0.0) -> Figure:
    """The rate of each period with its interval; periods with few customers are hollow.

    Args:
        result: of `metrics.retention_rate`.
        language: en or fa.
        benchmark: the founder's own, drawn as a line where it is above 0.
    """
    figure, axes = _canvas(language, text("retention_rate.figure.title", language))
    rated = result.table[result.table["retention_rate"].notna()]
    places = rated.index.to_numpy()
    axes.fill_between(
        places, rated["low"], rated["high"], color=_MAIN, alpha=0.18, linewidth=0,
        label=_said("figure.interval", language),
    )  # fmt: skip
    axes.plot(places, rated["retention_rate"], color=_MAIN, label=_said("retention_rate.figure.rate", language))
    few = rated["start"].to_numpy(dtype="int64") < FEW_CUSTOMERS
    axes.plot(places[~few], rated["retention_rate"][~few], "o", color=_MAIN)
    if few.any():
        axes.plot(
            places[few], rated["retention_rate"][few], "o", color=_MAIN, markerfacecolor="white",
            label=_said("figure.few", language),
        )  # fmt: skip
    if benchmark > 0:
        axes.axhline(benchmark, color=_OTHER, linestyle="--", label=_said("figure.benchmark", language))
    _percent_axis(axes, language)
    _period_axis(axes, result, language)
    _mark_running(axes, result, language)
    _legend(axes, language)
    return figure


def cohorts(result: Result, language: str) -> Figure:
    """The cohort triangle: a row a cohort, a column an age, the share in each cell."""
    sizes = result.table[result.table["age"] == 0].reset_index(drop=True)
    shares = result.table["rate"].to_numpy(dtype="float64").reshape(len(sizes), -1)
    figure, axes = _canvas(language, text("cohorts.figure.title", language), rows=len(sizes))
    shaded = np.where(
        np.arange(shares.shape[1]) == 0, np.nan, shares
    )  # the first column is 100 % and says nothing
    axes.imshow(shaded, cmap="Blues", vmin=0, vmax=_top(shaded), aspect="auto")
    for (row, age), share in np.ndenumerate(shares):
        if not np.isnan(share):
            dark = age > 0 and share > 0.6 * _top(shaded)
            axes.text(
                age, row, _percent(share, language), ha="center", va="center", fontsize=8,
                color="white" if dark else "black",
            )  # fmt: skip
    labels = [
        f"{_period_label(start, result, language)}  ({number(size, language)})"
        for start, size in zip(sizes["cohort"], sizes["size"], strict=True)
    ]
    axes.set_yticks(range(len(sizes)), [set_base(label, language) for label in labels])
    axes.set_xticks(range(shares.shape[1]), [number(age, language) for age in range(shares.shape[1])])
    axes.set_xlabel(_said(f"cohorts.figure.age.{result.every}", language))
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    if language == "fa":  # a table, not a course of time: it begins on the right
        axes.invert_xaxis()
    return figure


def _top(shares: Any) -> float:
    """The share that is painted darkest."""
    seen = shares[~np.isnan(shares)]
    return float(seen.max()) if seen.size and seen.max() > 0 else 1.0


def alternative(result: Result, language: str) -> str:
    """What the figure shows, in one or two sentences, for those who do not see it."""
    return text(f"{result.name}.figure.alt.{result.headline['sentence']}", language, **result.headline)


def _canvas(language: str, title: str, rows: int = 0) -> tuple[Figure, Axes]:
    _register_fonts()
    figure = Figure(figsize=(8, max(4.2, 0.34 * rows + 1.2)), dpi=110, layout="constrained")
    axes = figure.subplots()
    side: Literal["left", "right"] = "right" if language == "fa" else "left"
    axes.set_title(set_base(title, language), loc=side, fontsize=13, fontweight="bold", pad=12)
    axes.spines[["top", "left" if language == "fa" else "right"]].set_visible(False)
    axes.yaxis.set_ticks_position(side)
    return figure, axes


@cache
def _register_fonts() -> None:
    from matplotlib import rcParams

    for font in (resources.files("retention_kit") / "fonts").iterdir():
        if font.name.endswith(".ttf"):
            with resources.as_file(font) as path:
                font_manager.fontManager.addfont(str(path))
    rcParams["font.family"] = ["Vazirmatn", "DejaVu Sans"]


def _said(key: str, language: str) -> str:
    return set_base(text(key, language), language)


def _percent(share: float, language: str) -> str:
    """A whole percentage that stands alone: the Persian sign on the left, as it is in a sentence."""
    plain = percent(share, language, 0)
    return "٪" + plain.removesuffix("٪") if plain.endswith("٪") else plain


def _period_label(start: Any, result: Result, language: str) -> str:
    return calendars.label(start, result.every, result.calendar, language)


def _percent_axis(axes: Axes, language: str) -> None:
    axes.yaxis.set_major_formatter(lambda share, _: _percent(share, language))
    axes.set_ylim(0, 1)
    axes.grid(axis="y", color=_QUIET, alpha=0.2)


def _period_axis(axes: Axes, result: Result, language: str) -> None:
    """Every period, or as many of them as can be read."""
    step = -(-len(result.table) // _MOST_LABELS)
    shown = result.table.iloc[::step]
    labels = [set_base(_period_label(start, result, language), language) for start in shown["period"]]
    axes.set_xticks(shown.index, labels, rotation=45, ha="right", rotation_mode="anchor", fontsize=9)
    axes.set_xlim(-0.5, len(result.table) - 0.5)


def _mark_running(axes: Axes, result: Result, language: str) -> None:
    """Shade the period that is not over: it has no rate, and nobody should look for one."""
    if any(note.code == "running_period" for note in result.notes):
        last = len(result.table) - 1
        axes.axvspan(
            last - 0.5, last + 0.5, color=_QUIET, alpha=0.15, linewidth=0,
            label=_said("figure.running", language),
        )  # fmt: skip


def _legend(axes: Axes, language: str) -> None:
    right = language == "fa"
    axes.legend(
        loc="upper right" if right else "upper left",
        markerfirst=not right,
        alignment="right" if right else "left",
        frameon=False,
        fontsize=9,
    )
