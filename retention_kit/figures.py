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
from matplotlib.ticker import MaxNLocator

from retention_kit import calendars
from retention_kit.language import number, percent, set_base, text
from retention_kit.tables import FEW_CUSTOMERS, Result

# Blue and vermilion keep apart for every kind of colour vision (Okabe and Ito's palette).
_MAIN, _OTHER, _QUIET = "#0072B2", "#D55E00", "#6b7280"
# Cool colours for what came, warm ones for what went; each pair differs in lightness too.
_CAME = {
    "kept": "#56B4E9", "new": _MAIN, "returned": "#009E73", "expansion": "#56B4E9", "reactivation": "#009E73",
}  # fmt: skip
_WENT = {"lost": _OTHER, "churn": _OTHER, "contraction": "#E69F00"}
_CURVES = (_MAIN, _OTHER, "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_MOST_LABELS = 13


def retention_rate(result: Result, language: str, *, benchmark: float = 0.0) -> Figure:
    """The rate of each period with its interval; periods with few customers are hollow.

    Args:
        result: of `metrics.retention_rate`.
        language: en or fa.
        benchmark: the founder's own, drawn as a line where it is above 0.
    """
    figure, axes = _canvas(language, text("retention_rate.figure.title", language))
    _rates(axes, result, "retention_rate", language)
    if benchmark > 0:
        axes.axhline(benchmark, color=_OTHER, linestyle="--", label=_said("figure.benchmark", language))
    _percent_axis(axes, language)
    _period_axis(axes, result, language)
    _mark_running(axes, result, language)
    _legend(axes, language)
    return figure


def churn(result: Result, language: str) -> Figure:
    """The churn rate of each period with its interval; periods with few customers are hollow."""
    figure, axes = _canvas(language, text("churn.figure.title", language))
    _rates(axes, result, "churn_rate", language)
    _percent_axis(axes, language)
    _period_axis(axes, result, language)
    _mark_running(axes, result, language)
    _legend(axes, language)
    return figure


def lifecycle(result: Result, language: str) -> Figure:
    """The customers of each period, kept, new and returned, above the line; the lost below it."""
    return _flows(result, language, ("kept", "new", "returned"), ("lost",))


def revenue_churn(result: Result, language: str) -> Figure:
    """The recurring revenue won in each period above the line, the lost below it."""
    return _flows(result, language, ("new", "expansion", "reactivation"), ("contraction", "churn"))


def _flows(result: Result, language: str, came: tuple[str, ...], went: tuple[str, ...]) -> Figure:
    figure, axes = _canvas(language, text(f"{result.name}.figure.title", language))
    for names, sign, colours in ((came, 1, _CAME), (went, -1, _WENT)):
        base = np.zeros(len(result.table))
        for name in names:
            heights = sign * result.table[name].to_numpy(dtype="float64", na_value=np.nan)
            axes.bar(
                result.table.index, heights, bottom=base, color=colours[name], width=0.8,
                label=_said(f"{result.name}.columns.{name}", language),
            )  # fmt: skip
            base = base + np.nan_to_num(heights)
    axes.axhline(0, color=_QUIET, linewidth=0.8)
    _number_axis(axes, language)
    _period_axis(axes, result, language)
    _mark_running(axes, result, language)
    _legend_below(figure, language)
    return figure


def stickiness(result: Result, language: str) -> Figure:
    """A bar for each number of periods: the share of all customers who were active in so many."""
    figure, axes = _canvas(language, text("stickiness.figure.title", language))
    few = any(note.code == "small_groups" for note in result.notes)
    shares = result.table["share"].to_numpy(dtype="float64")
    axes.bar(
        result.table["periods_active"], shares, color="white" if few else _MAIN, edgecolor=_MAIN,
        label=_said("figure.few", language) if few else None,
    )  # fmt: skip
    axes.vlines(
        result.table["periods_active"], result.table["low"], result.table["high"], color=_QUIET,
        label=_said("figure.interval", language),
    )  # fmt: skip
    _percent_axis(axes, language)
    _count_axis(axes, _said(f"stickiness.figure.periods.{result.every}", language), language)
    _legend(axes, language)
    return figure


def survival(result: Result, language: str) -> Figure:
    """The survival curve with its interval, one a group; dotted where few customers are left at risk."""
    figure, axes = _canvas(language, text("survival.figure.title", language))
    grouped = "group" in result.table
    parts = result.table.groupby("group", sort=False) if grouped else [("", result.table)]
    for place, (group, part) in enumerate(parts):
        label = set_base(str(group), language) if grouped else _said("survival.figure.curve", language)
        _curve(axes, part, _CURVES[place % len(_CURVES)], label)
    if (result.table["at_risk"] < FEW_CUSTOMERS).any():
        axes.plot([], [], color=_QUIET, linestyle=":", label=_said("figure.few", language))
    axes.fill_between([], [], color=_QUIET, alpha=0.18, linewidth=0, label=_said("figure.interval", language))
    _percent_axis(axes, language)
    _count_axis(axes, _said(f"survival.figure.age.{result.every}", language), language)
    _legend_below(figure, language)
    return figure


def _curve(axes: Axes, part: Any, colour: str, label: str) -> None:
    many = part["at_risk"] >= FEW_CUSTOMERS
    axes.fill_between(
        part["age"], part["low"], part["high"], step="post", color=colour, alpha=0.18, linewidth=0
    )  # fmt: skip
    axes.plot(
        part["age"], part["survival"].where(many), drawstyle="steps-post", color=colour, label=label
    )  # fmt: skip
    # The dotted part begins where the full one ends, so that no gap opens between them.
    few = ~many | ~many.shift(-1, fill_value=True)
    axes.plot(part["age"], part["survival"].where(few), drawstyle="steps-post", color=colour, linestyle=":")


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


def _rates(axes: Axes, result: Result, name: str, language: str) -> None:
    """The line of a rate with its interval, hollow where few customers stand behind it."""
    rated = result.table[result.table[name].notna()]
    places = rated.index.to_numpy()
    axes.fill_between(
        places, rated["low"], rated["high"], color=_MAIN, alpha=0.18, linewidth=0,
        label=_said("figure.interval", language),
    )  # fmt: skip
    axes.plot(places, rated[name], color=_MAIN, label=_said(f"{result.name}.figure.rate", language))
    few = rated["start"].to_numpy(dtype="int64") < FEW_CUSTOMERS
    axes.plot(places[~few], rated[name][~few], "o", color=_MAIN)
    if few.any():
        axes.plot(
            places[few], rated[name][few], "o", color=_MAIN, markerfacecolor="white",
            label=_said("figure.few", language),
        )  # fmt: skip


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


def _number_axis(axes: Axes, language: str) -> None:
    axes.yaxis.set_major_formatter(lambda value, _: number(value, language, 1))
    axes.grid(axis="y", color=_QUIET, alpha=0.2)


def _count_axis(axes: Axes, said: str, language: str) -> None:
    """Whole numbers on the lower axis, and what they count."""
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(lambda count, _: number(count, language))
    axes.set_xlabel(said)


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


def _legend_below(figure: Figure, language: str) -> None:
    """The legend under the axes, where the drawing leaves no corner free."""
    right = language == "fa"
    drawn, labels = figure.axes[0].get_legend_handles_labels()
    if right:  # the columns of a legend run from left to right: the first must stand on the right
        drawn, labels = drawn[::-1], labels[::-1]
    figure.legend(
        drawn, labels, loc="outside lower right" if right else "outside lower left", ncols=len(labels),
        markerfirst=not right, frameon=False, fontsize=9,
    )  # fmt: skip
