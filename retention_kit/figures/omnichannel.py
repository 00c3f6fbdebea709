"""Retention by the number of channels, counted rightly and wrongly."""

from __future__ import annotations

from matplotlib.figure import Figure

from retention_kit.figures.bars import WIDTH, explain_bars, share_bars
from retention_kit.figures.canvas import MAIN, OTHER, canvas, legend_below, percent_axis, said
from retention_kit.language import number, text
from retention_kit.tables import Result


def omnichannel(result: Result, language: str) -> Figure:
    """Two bars for each number of channels: counted in the first days, and over the whole life."""
    figure, axes = canvas(language, text("omnichannel.figure.title", language))
    # A list of cases, not a course of time: it begins where the language does, and so does each pair of bars.
    side = 1 if language == "fa" else -1
    for counting, colour, place in (("first_days", MAIN, side), ("whole_life", OTHER, -side)):
        part = result.table[result.table["counting"] == counting]
        places = (part["channels"] + place * WIDTH / 2).tolist()
        label = said(f"omnichannel.figure.{counting}", language)
        share_bars(axes, places, part, language, colour=colour, label=label)
    explain_bars(axes, result.table, language)
    percent_axis(axes, language)
    channels = sorted(result.table["channels"].unique())
    axes.set_xticks(channels, [number(count, language) for count in channels])
    axes.set_xlabel(said("omnichannel.figure.channels", language))
    if language == "fa":
        axes.invert_xaxis()
    legend_below(figure, language)
    return figure
