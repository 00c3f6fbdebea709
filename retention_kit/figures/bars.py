"""Bars of shares beside each other, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from retention_kit.figures.canvas import QUIET, percent_alone, said
from retention_kit.language import is_missing
from retention_kit.tables import FEW_CUSTOMERS

WIDTH = 0.38


def share_bars(axes: Axes, places: Sequence[float], part: Any, language: str, *, colour: str, label: str) -> None:
    """A bar for each row of `part`, share at the foot, interval at the top; hollow where few are behind."""
    many = part["customers"].to_numpy("int64") >= FEW_CUSTOMERS
    fills = [colour if full else "white" for full in many]
    axes.bar(places, part["rate"], width=WIDTH, color=fills, edgecolor=colour)
    # The legend would take the look of the first bar, which may be a hollow one.
    axes.scatter([], [], marker="s", color=colour, label=label)
    axes.vlines(places, part["low"], part["high"], color="black", linewidth=1)
    for place, share, full in zip(places, part["rate"], many, strict=True):
        if not is_missing(share):
            shown = percent_alone(share, language)
            axes.text(
                place, 0.02, shown, ha="center", va="bottom", fontsize=10, color="white" if full else "black"
            )


def explain_bars(axes: Axes, parts: Any, language: str) -> None:
    """What the thin lines and the hollow bars mean, for the legend."""
    axes.plot([], [], color="black", linewidth=1, label=said("figure.interval", language))
    if (parts["customers"] < FEW_CUSTOMERS).any():
        axes.scatter([], [], marker="s", color="white", edgecolors=QUIET, label=said("figure.few", language))
