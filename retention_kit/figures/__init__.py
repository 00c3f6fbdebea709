"""Figures: a result and a language in, a matplotlib figure out. No metric is computed here.

matplotlib shapes and orders Persian itself. Time runs left to right in both languages; the value axis, titles
and legends stand on the side where the language begins.
"""

from retention_kit.figures.canvas import CURVES
from retention_kit.figures.cohorts import cohorts
from retention_kit.figures.flows import lifecycle, revenue_churn
from retention_kit.figures.lines import group_name, is_grouped
from retention_kit.figures.lives import stickiness, survival
from retention_kit.figures.loyalty import loyalty, members
from retention_kit.figures.omnichannel import omnichannel
from retention_kit.figures.rates import churn, retention_rate
from retention_kit.figures.trials import trials
from retention_kit.language import text
from retention_kit.tables import Result

__all__ = [
    "alternative",
    "churn",
    "cohorts",
    "group_name",
    "lifecycle",
    "loyalty",
    "members",
    "omnichannel",
    "retention_rate",
    "revenue_churn",
    "stickiness",
    "survival",
    "trials",
]


def alternative(result: Result, language: str) -> str:
    """What the figure shows, in one or two sentences, for those who do not see it."""
    if is_grouped(result):
        return _alternative_of_groups(result, language)
    return text(f"{result.name}.figure.alt.{result.headline['sentence']}", language, **result.headline)


def _alternative_of_groups(result: Result, language: str) -> str:
    """Which lines there are; all numbers are in the table."""
    names = [group_name(group, language) for group in result.table["group"].unique()]
    shown = names[: len(CURVES)]
    return text(
        "segments.figure.all" if shown == names else "segments.figure.part",
        language,
        lines=text(f"{result.name}.figure.lines", language),
        groups=text("segments.comma", language).join(shown),
        drawn=len(shown),
        count=len(names),
    )
