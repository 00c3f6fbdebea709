"""What all figures share: the canvas, its axes and legends in the reader's language, and the colours."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Literal

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from retention_kit import calendars
from retention_kit.language import number, percent, set_base, text
from retention_kit.tables import Result

# Blue and vermilion keep apart for every kind of colour vision (Okabe and Ito's palette).
MAIN, OTHER, QUIET = "#0072B2", "#D55E00", "#6b7280"
CURVES = (MAIN, OTHER, "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_MOST_LABELS = 13


def canvas(language: str, title: str, rows: int = 0) -> tuple[Figure, Axes]:
    """An empty figure with its title; `rows` of a table make it higher."""
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


def said(key: str, language: str) -> str:
    """A text of the catalogue, as one line of a figure."""
    return set_base(text(key, language), language)


def percent_alone(share: float, language: str) -> str:
    """A whole percentage that stands alone: the Persian sign on the left, as it is in a sentence."""
    plain = percent(share, language, 0)
    return "٪" + plain.removesuffix("٪") if plain.endswith("٪") else plain


def period_label(start: Any, result: Result, language: str) -> str:
    """The name of the result's period that begins on this day."""
    return calendars.label(start, result.every, result.calendar, language)


def percent_axis(axes: Axes, language: str) -> None:
    """Shares from 0 to 1, shown as percentages."""
    axes.yaxis.set_major_formatter(lambda share, _: percent_alone(share, language))
    axes.set_ylim(0, 1)
    axes.grid(axis="y", color=QUIET, alpha=0.2)


def number_axis(axes: Axes, language: str) -> None:
    """Plain numbers on the value axis."""
    axes.yaxis.set_major_formatter(lambda value, _: number(value, language, 1))
    axes.grid(axis="y", color=QUIET, alpha=0.2)


def count_axis(axes: Axes, said: str, language: str) -> None:
    """Whole numbers on the lower axis, and what they count."""
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(lambda count, _: number(count, language))
    axes.set_xlabel(said)


def period_axis(axes: Axes, result: Result, language: str) -> None:
    """Every period, or as many of them as can be read."""
    step = -(-len(result.table) // _MOST_LABELS)
    shown = result.table.iloc[::step]
    labels = [set_base(period_label(start, result, language), language) for start in shown["period"]]
    axes.set_xticks(shown.index, labels, rotation=45, ha="right", rotation_mode="anchor", fontsize=9)
    axes.set_xlim(-0.5, len(result.table) - 0.5)


def mark_running(axes: Axes, result: Result, language: str) -> None:
    """Shade the period that is not over: it has no rate, and nobody should look for one."""
    if any(note.code == "running_period" for note in result.notes):
        last = len(result.table) - 1
        axes.axvspan(
            last - 0.5, last + 0.5, color=QUIET, alpha=0.15, linewidth=0,
            label=said("figure.running", language),
        )  # fmt: skip


def legend_below(figure: Figure, language: str) -> None:
    """The legend under the axes, for no corner of a drawing is surely free."""
    right = language == "fa"
    drawn, labels = figure.axes[0].get_legend_handles_labels()
    if right:  # the columns of a legend run from left to right: the first must stand on the right
        drawn, labels = drawn[::-1], labels[::-1]
    figure.legend(
        drawn, labels, loc="outside lower right" if right else "outside lower left", ncols=len(labels),
        markerfirst=not right, frameon=False, fontsize=9, columnspacing=1.2, handlelength=1.6,
    )  # fmt: skip
